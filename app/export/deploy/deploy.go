// Package deploy writes starting points for running what was sized: the
// command of each serving engine and a Kubernetes manifest, with the settings
// the estimate assumed. They are to be checked and adjusted, not a product.
//
// Flags are those of vLLM 0.3x (docs.vllm.ai, engine arguments), TensorRT-LLM
// 1.x (trtllm-serve), SGLang (docs.sglang.io, server arguments), NIM for LLMs 2
// (docs.nvidia.com, environment variables) and TGI 3 (text-generation-launcher),
// as read on 2026-11-21.
package deploy

import (
	"strconv"
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Plan is one fleet to deploy.
type Plan struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Model   *catalog.Model
	GPU     *catalog.GPU
	Engine  *catalog.Engine // the estimate's
	Version string          // of the engine, "" = unknown
	Weights catalog.Weights
	KV      catalog.Precision
	// TP counts the GPUs of a group; of them EP hold different experts and DP
	// divides the attention. 0 or 1 = none.
	TP, PP, EP, DP int
	// Prefill instances of PrefillTP GPUs and Decode instances of TP GPUs make
	// one replica; 0 = prompts and decoding share GPUs.
	Prefill, Decode, PrefillTP int
	Replicas                   int // spares included
	Tokens                     int // longest request: prompt and answer
	Cached                     bool
	// Drafted is the number of speculated tokens a step; 0 = none.
	Drafted int
}

// For is the plan of an option of an answer.
func For(o *fleet.Option, r *fleet.Requirement) Plan {
	return Plan{
		Model: r.Model, GPU: o.GPU, Engine: r.Engine, Version: r.Version, Weights: o.Weights, KV: o.KV,
		TP: o.Layout.TP, PP: o.Layout.PP, EP: o.Layout.EP, DP: o.Layout.DP,
		Prefill: o.Layout.Prefill, Decode: o.Layout.Decode, PrefillTP: o.Layout.PrefillTP,
		Replicas: o.Replicas, Drafted: o.Speculation.Draft,
		Tokens: r.Workload.Input + r.Workload.Output, Cached: r.Workload.CachedShare > 0,
	}
}

// Start is one starting point.
type Start struct {
	ID    string // engine id, or "kubernetes"
	Name  string
	Text  string // a shell script, or a manifest
	Ends  string // ending of a file: "sh" or "yaml"
	Notes []string
}

// Starts lists the starting points: the estimate's engine first, then the
// other engines that run on the accelerator, then the manifest. engines are
// those of the catalog, for their own scheduler settings.
func (p Plan) Starts(engines []*catalog.Engine) []Start {
	var out []Start
	add := func(e *catalog.Engine) {
		if write, ok := writers[e.ID]; ok && e.RunsOn(p.GPU) {
			q := p
			q.Engine = e
			if e.ID != p.Engine.ID {
				q.Version = ""
			}
			s := write(q)
			s.ID, s.Name, s.Ends = e.ID, e.Name, "sh"
			if e.ID != p.Engine.ID {
				s.Notes = append([]string{"The estimate is for " + p.Engine.Name + "; with " + e.Name + " speed and memory differ."}, s.Notes...)
			}
			out = append(out, s)
		}
	}
	add(p.Engine)
	for _, e := range engines {
		if e.ID != p.Engine.ID {
			add(e)
		}
	}
	return append(out, p.kubernetes())
}

var writers = map[string]func(Plan) Start{"vllm": vllm, "trtllm": trtllm, "sglang": sglang, "nim": nim, "tgi": tgi}

// scheduler is what the engine schedules with on this accelerator.
func (p Plan) scheduler() catalog.Scheduler {
	return p.Engine.SchedulerFor(p.GPU, p.Version, p.Model.ID, p.TP)
}

// window is the context length to allow: the longest request with some room
// for the chat template, in steps of 1,024, at most what the model holds.
func (p Plan) window() int {
	n := (p.Tokens + 128 + 1023) / 1024 * 1024
	if p.Model.MaxContext > 0 {
		n = min(n, p.Model.MaxContext)
	}
	return max(n, p.Tokens)
}

// repo is where the weights come from.
func (p Plan) repo() string {
	if p.Model.HFRepo != "" {
		return p.Model.HFRepo
	}
	return "PATH-TO-" + strings.ToUpper(name(p.Model.ID))
}

// online reports whether the published checkpoint is quantized to the wanted
// precision while it is loaded; other precisions need a checkpoint made for it.
func (p Plan) online() bool {
	native := p.Model.Native.Main()
	return p.Weights != p.Model.Native && (p.Weights.Main() == catalog.FP8) && native.Bytes() >= 2
}

// checkpoint notes that the weights have to be found in another precision.
func (p Plan) checkpoint() []string {
	if p.Weights == p.Model.Native || p.online() {
		return nil
	}
	return []string{"Weights are counted in " + p.Weights.Main().Label() + ": take a checkpoint of the model in that precision in place of " + p.repo() + "."}
}

// nodes is over how many servers one replica is spread.
func (p Plan) nodes() int {
	per := max(1, p.GPU.GPUsPerNode)
	return (p.TP*p.PP + per - 1) / per
}

// command joins arguments to a shell command, one a line.
func command(env []string, words ...[]string) string {
	var b strings.Builder
	for _, e := range env {
		b.WriteString(e + "\n")
	}
	for i, w := range words {
		if len(w) == 0 {
			continue
		}
		if i > 0 {
			b.WriteString(" \\\n  ")
		}
		for j, x := range w {
			if j > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(quote(x))
		}
	}
	return b.String() + "\n"
}

// option is an argument with a number, left out where it is not above 1 and that
// is the default.
func option(name string, n, standard int) []string {
	if n == standard || n <= 0 {
		return nil
	}
	return []string{name, strconv.Itoa(n)}
}

// quote makes a word safe for a POSIX shell.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+$", r)) ||
			r == '$'
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// name makes a name as Kubernetes takes it (RFC 1123 label) of any text.
func name(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	out := b.String()
	if len(out) > 50 {
		out = out[:50]
	}
	if out = strings.Trim(out, "-"); out == "" {
		return "model"
	}
	return out
}
