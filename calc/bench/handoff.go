package bench

import (
	"fmt"
	"strconv"
	"strings"
)

// Target is where another client finds the endpoint.
type Target struct {
	URL   string // base, with /v1
	Model string // name to send; "" is written as MODEL
	KeyIn string // environment variable that holds the key; "" = none
	// Headers are sent with every request as well. A text to hand over names a
	// variable instead of a value that could be a credential.
	Headers [][2]string
}

// Handoff kinds: the plan for clients that can use more than one machine.
const (
	HandInferencePerf = "inference-perf" // a Kubernetes job
	HandAIPerf        = "aiperf"
	HandGuideLLM      = "guidellm"
	HandVLLM          = "vllm"
)

// Handoffs lists them.
func Handoffs() []string {
	return []string{HandInferencePerf, HandAIPerf, HandGuideLLM, HandVLLM}
}

// Handoff writes the plan out for another client: its phases as that client
// can state them, with what it cannot said in comments.
func Handoff(kind string, plan Plan, t Target) (string, error) {
	p, err := plan.Defaults()
	if err != nil {
		return "", err
	}
	if t.Model == "" {
		t.Model = p.Model
	}
	if t.Model == "" {
		t.Model = "MODEL"
	}
	phases := p.outline()
	switch kind {
	case HandInferencePerf:
		return kubernetesJob(&p, phases, t), nil
	case HandAIPerf:
		return aiperfLines(&p, phases, t), nil
	case HandGuideLLM:
		return guidellmLines(&p, phases, t), nil
	case HandVLLM:
		return vllmLines(&p, phases, t), nil
	}
	return "", fmt.Errorf("no hand-off is called %q; they are %s", kind, strings.Join(Handoffs(), ", "))
}

// outline are the phases of a plan as far as they are known beforehand: plans
// that decide as they go become a ladder.
func (p *Plan) outline() []Phase {
	switch p.Kind {
	case Load, SLO:
		ladder := p.Concurrency
		if len(ladder) == 0 {
			steps := loadSteps{}
			for i := 0; i < 9 && steps.step(i) <= p.MaxConcurrency; i++ {
				ladder = append(ladder, steps.step(i))
			}
		}
		var out []Phase
		for _, c := range ladder {
			out = append(out, Phase{Label: inFlight(c), Concurrency: c, Input: p.Input, Output: p.Output, Seconds: p.PhaseSeconds, Requests: 10 * c})
		}
		return out
	case Open:
		rates := p.Rates
		if len(rates) == 0 {
			rates = []float64{1, 2, 4, 8}
		}
		var out []Phase
		for _, r := range rates {
			out = append(out, Phase{Label: rateLabel(r, p.Poisson), Rate: r, Poisson: p.Poisson, Input: p.Input, Output: p.Output, Seconds: p.PhaseSeconds})
		}
		return out
	}
	return fixedPhases(p)
}

// count is how many requests a client that counts should send in a phase.
func (p *Phase) count() int {
	if p.Rate > 0 {
		return max(int(p.Rate*max(p.Seconds, 1)+0.5), 1)
	}
	return max(p.Requests, 1)
}

// prompts is how many prompts a client should make beforehand, so that none is
// sent twice: where a phase is timed, as many as fast answers would take.
func (p *Phase) prompts() int {
	if p.Seconds > 0 && p.Closed() {
		return max(1000, p.Concurrency*max(int(p.Seconds), 1))
	}
	return max(2*p.count(), 100)
}

// shell quotes a word for a POSIX shell where it needs it.
func shell(s string) string {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+", r)) {
			return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		}
	}
	if s == "" {
		return "''"
	}
	return s
}

// yaml quotes a string for YAML, where JSON's quoting is valid.
func yaml(s string) string { return strconv.Quote(s) }

func adaptive(p *Plan, comment string) string {
	switch p.Kind {
	case Load:
		return comment + " The load test stops where throughput stops rising; this client runs the whole ladder.\n"
	case SLO:
		return comment + " The search for the capacity of a tier becomes a ladder: look for the last load that holds it.\n"
	}
	return ""
}

// base is the URL without the version at its end.
func (t *Target) base() string { return strings.TrimSuffix(strings.TrimRight(t.URL, "/"), "/v1") }

// endpoint is the path of a plan's API.
func endpoint(p *Plan) string {
	if p.API == Completions {
		return "/v1/completions"
	}
	return "/v1/chat/completions"
}

// fresh is how many prompt tokens of a phase are not shared: clients count the
// shared ones on top.
func (p *Plan) fresh(f *Phase) int { return max(f.Input-p.Shared, 1) }

// vllmLines are for vllm bench serve as of November 2026 (docs.vllm.ai,
// cli/bench/serve). --random-prefix-len is added to --random-input-len; a
// large burstiness makes the gamma distribution of arrivals an even spacing.
func vllmLines(p *Plan, phases []Phase, t Target) string {
	var b strings.Builder
	b.WriteString("# vllm bench serve (pip install vllm); results land as JSON in results/\n" + adaptive(p, "#") + t.explained())
	if t.KeyIn != "" {
		fmt.Fprintf(&b, "export OPENAI_API_KEY=\"$%s\"\n", t.KeyIn)
	}
	backend := "openai-chat"
	if p.API == Completions {
		backend = "openai"
	}
	for i := range phases {
		f := &phases[i]
		fmt.Fprintf(&b, "\n# %s\nvllm bench serve --backend %s --base-url %s --endpoint %s \\\n  --model %s --dataset-name random --random-input-len %d --random-output-len %d",
			f.Label, backend, shell(t.base()), endpoint(p), shell(t.Model), p.fresh(f), f.Output)
		if p.Shared > 0 {
			fmt.Fprintf(&b, " --random-prefix-len %d", p.Shared)
		}
		for i, h := range t.Headers {
			if i == 0 {
				b.WriteString(" --header")
			}
			b.WriteString(" " + HeaderWord(h, "="))
		}
		b.WriteString(" --ignore-eos \\\n")
		if f.Closed() {
			fmt.Fprintf(&b, "  --max-concurrency %d --num-warmups %d", f.Concurrency, f.Concurrency)
		} else {
			fmt.Fprintf(&b, "  --request-rate %g", f.Rate)
			if !f.Poisson {
				b.WriteString(" --burstiness 1e6")
			}
		}
		fmt.Fprintf(&b, " --num-prompts %d --seed %d \\\n  --percentile-metrics ttft,tpot,itl,e2el --metric-percentiles 25,50,95,99 --save-result --result-dir results\n", f.count(), p.Seed)
	}
	return b.String()
}

// aiperfLines are for aiperf profile as of November 2026
// (docs.nvidia.com/aiperf, reference/command-line-options). Its prompts are
// drawn from a set that is made beforehand, 100 by default, and repeat after
// that, which a prefix cache would reward: the set is made as large as the run.
func aiperfLines(p *Plan, phases []Phase, t Target) string {
	var b strings.Builder
	b.WriteString("# AIPerf (pip install aiperf); results land in artifacts/\n" + adaptive(p, "#") + t.explained())
	kind := "chat"
	if p.API == Completions {
		kind = "completions"
	}
	for i := range phases {
		f := &phases[i]
		fmt.Fprintf(&b, "\n# %s\naiperf profile --model %s --url %s --endpoint-type %s --streaming \\\n", f.Label, shell(t.Model), shell(t.base()), kind)
		fmt.Fprintf(&b, "  --synthetic-input-tokens-mean %d --synthetic-input-tokens-stddev 0 --output-tokens-mean %d --output-tokens-stddev 0 \\\n", p.fresh(f), f.Output)
		if p.Shared > 0 {
			fmt.Fprintf(&b, "  --num-prefix-prompts 1 --prefix-prompt-length %d \\\n", p.Shared)
		}
		fmt.Fprintf(&b, "  --num-dataset-entries %d", f.prompts())
		for _, h := range t.Headers {
			b.WriteString(" --header " + HeaderWord(h, ":"))
		}
		b.WriteString(" \\\n")
		fmt.Fprintf(&b, "  --extra-inputs ignore_eos:true --extra-inputs min_tokens:%d --use-server-token-count \\\n", f.Output)
		if t.KeyIn != "" {
			fmt.Fprintf(&b, "  --api-key \"$%s\" \\\n", t.KeyIn)
		}
		if f.Closed() {
			fmt.Fprintf(&b, "  --concurrency %d", f.Concurrency)
		} else {
			mode := "constant"
			if f.Poisson {
				mode = "poisson"
			}
			fmt.Fprintf(&b, "  --request-rate %g --request-rate-mode %s", f.Rate, mode)
		}
		if f.Seconds > 0 {
			fmt.Fprintf(&b, " --benchmark-duration %g", f.Seconds)
		} else {
			fmt.Fprintf(&b, " --request-count %d", f.count())
		}
		fmt.Fprintf(&b, " --warmup-request-count %d --random-seed %d \\\n  --output-artifact-dir %s\n", max(2*f.Concurrency, 2), p.Seed, shell("artifacts/"+strconv.Itoa(i+1)))
	}
	return b.String()
}

// guidellmLines are for GuideLLM 0.7 and newer, whose options are lists of
// key=value (docs/guides/backends.md, datasets.md and v0.7.0_migration_guide.md
// of that project, November 2026). It asks for as many tokens as it states with
// ignore_eos of its own accord. Headers need the JSON form.
func guidellmLines(p *Plan, phases []Phase, t Target) string {
	var b strings.Builder
	b.WriteString("# GuideLLM 0.7 or newer (pip install guidellm); results land in the JSON files named below\n" + adaptive(p, "#") + t.explained())
	format := ""
	if p.API == Completions {
		format = ",request_format=/v1/completions"
	}
	for i := range phases {
		f := &phases[i]
		backend := shell(fmt.Sprintf("kind=openai_http,target=%s,model=%s%s", t.base(), t.Model, format))
		if t.KeyIn != "" {
			backend += fmt.Sprintf(",api_key=\"$%s\"", t.KeyIn)
		}
		if len(t.Headers) > 0 {
			backend = t.guidellmJSON(p)
		}
		fmt.Fprintf(&b, "\n# %s\nguidellm run --backend %s \\\n", f.Label, backend)
		fmt.Fprintf(&b, "  --data kind=synthetic_text,prompt_tokens=%d,output_tokens=%d", p.fresh(f), f.Output)
		if p.Shared > 0 {
			fmt.Fprintf(&b, ",prefix_tokens=%d,prefix_count=1", p.Shared)
		}
		b.WriteString(" \\\n")
		switch {
		case f.Closed():
			fmt.Fprintf(&b, "  --profile kind=concurrent,streams=%d", f.Concurrency)
		case f.Poisson:
			fmt.Fprintf(&b, "  --profile kind=poisson,rate=%g", f.Rate)
		default:
			fmt.Fprintf(&b, "  --profile kind=constant,rate=%g", f.Rate)
		}
		if f.Seconds > 0 {
			fmt.Fprintf(&b, ",warmup=0.1,cooldown=0.1 --constraint kind=max_duration,seconds=%g", f.Seconds)
		} else {
			fmt.Fprintf(&b, " --constraint kind=max_requests,count=%d", f.count())
		}
		fmt.Fprintf(&b, " \\\n  --seed kind=static,value=%d --output kind=json,path=guidellm-%d.json\n", p.Seed, i+1)
	}
	return b.String()
}

// guidellmJSON is the backend with extra headers, which key=value cannot hold.
func (t *Target) guidellmJSON(p *Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"kind":"openai_http","target":%q,"model":%q`, t.base(), t.Model)
	if p.API == Completions {
		b.WriteString(`,"request_format":"/v1/completions"`)
	}
	b.WriteString(`,"extras":{"headers":` + t.headersJSON() + `}`)
	if t.KeyIn != "" {
		b.WriteString(`,"api_key":"` + mark + t.KeyIn + mark + `"`)
	}
	return shellWith(b.String() + "}")
}
