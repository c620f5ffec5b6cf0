package deploy

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// plan is a fleet of the shipped catalog.
func plan(t *testing.T, model, gpu, engine string, change func(*Plan)) (Plan, *catalog.Catalog) {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	m, ok := cat.Model(model)
	g, found := cat.GPU(gpu)
	e, known := cat.Engine(engine)
	if !ok || !found || !known {
		t.Fatalf("no %s, %s or %s", model, gpu, engine)
	}
	p := Plan{Model: m, GPU: g, Engine: e, Weights: m.Native, KV: e.KV(m.Native.Main()), TP: 1, PP: 1, Replicas: 4, Tokens: 5500}
	if change != nil {
		change(&p)
	}
	return p, cat
}

func TestGoldens(t *testing.T) {
	fp8 := catalog.Weights{Dense: catalog.FP8, Experts: catalog.FP8}
	for name, c := range map[string]struct {
		model, gpu, engine string
		change             func(*Plan)
	}{
		"llama-8b-h100":   {"llama-3.1-8b", "h100-sxm", "vllm", nil},
		"llama-70b-fp8":   {"llama-3.3-70b", "h100-sxm", "trtllm", func(p *Plan) { p.Weights, p.KV, p.TP = fp8, catalog.FP8, 2 }},
		"deepseek-expert": {"deepseek-v3", "h200-sxm", "sglang", func(p *Plan) { p.TP, p.EP, p.DP, p.Cached, p.Drafted = 8, 8, 8, true, 3 }},
		"llama-405b-two":  {"llama-3.1-405b", "h100-sxm", "vllm", func(p *Plan) { p.TP, p.PP = 8, 2 }},
		"mi300x":          {"llama-3.1-8b", "mi300x", "vllm", func(p *Plan) { p.KV = catalog.FP8 }},
		"tgi":             {"llama-3.1-8b", "l40s", "tgi", func(p *Plan) { p.Weights = fp8 }},
		"nim":             {"llama-3.1-8b", "h100-sxm", "nim", func(p *Plan) { p.Replicas = 1 }},
	} {
		p, cat := plan(t, c.model, c.gpu, c.engine, c.change)
		var b strings.Builder
		for _, s := range p.Starts(cat.Engines) {
			b.WriteString("### " + s.ID + " " + s.Name + " ." + s.Ends + "\n" + s.Text)
			for _, n := range s.Notes {
				b.WriteString("- " + n + "\n")
			}
		}
		path := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			_ = os.WriteFile(path+".got", []byte(b.String()), 0o644)
			t.Errorf("%s differs; compare with %s.got, and run with -update if the change is meant", path, path)
		}
	}
}

// The flags carry what the estimate assumed, and the window holds the request.
func TestSettingsOfTheEstimate(t *testing.T) {
	p, _ := plan(t, "llama-3.1-8b", "h100-sxm", "vllm", func(p *Plan) { p.TP = 2 })
	s := p.Engine.SchedulerFor(p.GPU, "", p.Model.ID, 2)
	text := p.Starts(nil)[0].Text
	for _, want := range []string{"--tensor-parallel-size 2", "--max-num-batched-tokens " + itoa(s.TokenBudget), "--max-num-seqs " + itoa(s.MaxSequences), "--max-model-len 6144", "--gpu-memory-utilization 0.90"} {
		if !strings.Contains(text, want) {
			t.Errorf("the command lacks %s:\n%s", want, text)
		}
	}
	for _, tokens := range []int{1, 900, 1023, 5500, 131000, 131072} {
		p.Tokens = tokens
		if w := p.window(); w < tokens || w > max(tokens, p.Model.MaxContext) {
			t.Errorf("a request of %d tokens gets a window of %d", tokens, w)
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func TestNames(t *testing.T) {
	for in, want := range map[string]string{"Llama-3.1 8B": "llama-3-1-8b", "": "model", "---": "model", "a/b:c": "a-b-c", strings.Repeat("x", 80): strings.Repeat("x", 50)} {
		if got := name(in); got != want {
			t.Errorf("name(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"plain-1.0": "plain-1.0", "a b": `"a b"`, "1": `"1"`, "true": `"true"`, `q"\`: `"q\"\\"`, "a: b": `"a: b"`, "#x": `"#x"`, "--flag": "--flag", "-": `"-"`, "line\nbreak": `"line\nbreak"`, "vllm/vllm-openai:latest": "vllm/vllm-openai:latest", "": `""`} {
		if got := yaml(in); got != want {
			t.Errorf("yaml(%q) = %s, want %s", in, got, want)
		}
	}
}

// A custom model's name reaches the commands only as one quoted word.
func TestHostileModelName(t *testing.T) {
	p, cat := plan(t, "llama-3.1-8b", "h100-sxm", "vllm", nil)
	m := *p.Model
	m.HFRepo = "x/$(touch /tmp/owned); `id` 'quoted'"
	p.Model = &m
	for _, s := range p.Starts(cat.Engines) {
		if s.Ends == "sh" && s.ID != "nim" && !strings.Contains(s.Text, `'x/$(touch /tmp/owned); `+"`id`"+` '\''quoted'\'''`) {
			t.Errorf("%s: the name is not quoted:\n%s", s.ID, s.Text)
		}
		if s.Ends == "yaml" && !strings.Contains(s.Text, `"x/$(touch /tmp/owned); `) {
			t.Errorf("the manifest does not quote the name:\n%s", s.Text)
		}
	}
}

func TestForCarriesTheOption(t *testing.T) {
	p, _ := plan(t, "llama-3.1-8b", "h100-sxm", "vllm", nil)
	o := &fleet.Option{GPU: p.GPU, Layout: fleet.Layout{TP: 2, PP: 1}, Weights: p.Weights, KV: catalog.FP8, Replicas: 3}
	r := &fleet.Requirement{Model: p.Model, Engine: p.Engine, Workload: fleet.Workload{Input: 1000, Output: 200, CachedShare: 0.3}}
	got := For(o, r)
	if got.TP != 2 || got.Replicas != 3 || got.Tokens != 1200 || !got.Cached || got.KV != catalog.FP8 {
		t.Errorf("For = %+v", got)
	}
}
