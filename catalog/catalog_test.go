package catalog

import (
	"strings"
	"testing"
)

func TestLookUpModels(t *testing.T) {
	c := load(t)
	for in, want := range map[string]string{
		"llama-3-1-8b": "llama-3-1-8b", "llama-3.1-8b": "llama-3-1-8b", "Llama 3.1 8B": "llama-3-1-8b",
		"LLAMA_3.1_8B": "llama-3-1-8b", "llama-3.1-8b-instruct": "llama-3-1-8b",
		"meta-llama/Llama-3.1-8B-Instruct": "llama-3-1-8b", "meta-llama/Llama-3.1-8B": "llama-3-1-8b",
		"meta/llama-3.1-8b-instruct": "llama-3-1-8b", "llama-3.3-70b": "llama-3-3-70b",
		"Llama-3.3-70B-Instruct": "llama-3-3-70b", "gpt-oss-120b": "gpt-oss-120b", "openai/gpt-oss-120b": "gpt-oss-120b",
		"deepseek-v3": "deepseek-v3", "deepseek-ai/DeepSeek-V3": "deepseek-v3", "Qwen/Qwen3-32B": "qwen3-32b",
		"qwen3 235b-a22b": "qwen3-235b-a22b", "mixtral-8x7b": "mixtral-8x7b", "google/gemma-3-27b-it": "gemma-3-27b",
		"MiniMax-M2.5": "minimax-m2-5", " llama-3.1-8b ": "llama-3-1-8b",
	} {
		if m, ok := c.Model(in); !ok || m.ID != want {
			t.Errorf("Model(%q) = %v, %v, want %s", in, m, ok, want)
		}
	}
	for _, in := range []string{"", "llama", "llama-9", "/", "gpt"} {
		if m, ok := c.Model(in); ok {
			t.Errorf("Model(%q) = %s, want none", in, m.ID)
		}
	}
}

func TestLookUpGPUs(t *testing.T) {
	c := load(t)
	for in, want := range map[string]string{
		"h100-sxm": "h100-sxm-80gb", "H100 SXM": "h100-sxm-80gb", "h100_sxm_80gb": "h100-sxm-80gb", "h100-pcie": "h100-pcie-80gb",
		"h200-sxm": "h200-sxm-141gb", "b200": "b200-180gb", "b300": "b300-288gb", "gb200": "gb200-186gb", "gb300": "gb300-288gb",
		"a100-sxm": "a100-sxm-80gb", "a100-80-sxm": "a100-sxm-80gb", "A100 80 SXM": "a100-sxm-80gb", "a100-40-sxm": "a100-sxm-40gb",
		"a10g": "a10g", "a10": "a10", "l40s": "l40s", "l40": "l40", "MI300X": "mi300x", "v100-sxm": "v100-sxm-32gb",
		"NVIDIA H100 SXM 80GB": "h100-sxm-80gb", "rtx 4090": "rtx-4090", "tpu v5e": "tpu-v5e", "h20": "h20-96gb",
	} {
		if g, ok := c.GPU(in); !ok || g.ID != want {
			t.Errorf("GPU(%q) = %v, %v, want %s", in, g, ok, want)
		}
	}
	for _, in := range []string{"", "h1000", "gpu", "80gb"} {
		if g, ok := c.GPU(in); ok {
			t.Errorf("GPU(%q) = %s, want none", in, g.ID)
		}
	}
}

func TestLookUpOthers(t *testing.T) {
	c := load(t)
	for in, want := range map[string]string{
		"vllm": "vllm", "vLLM": "vllm", "sglang": "sglang", "trtllm": "trtllm", "tensorrt-llm": "trtllm", "TensorRT-LLM": "trtllm",
		"trtllm-static": "trtllm", "trtllm-offline": "trtllm", "nim": "nim", "nim-trtllm": "nim", "tgi": "tgi",
	} {
		if e, ok := c.Engine(in); !ok || e.ID != want {
			t.Errorf("Engine(%q) = %v, %v, want %s", in, e, ok, want)
		}
	}
	if e, ok := c.Engine("llama.cpp"); ok {
		t.Errorf("Engine(llama.cpp) = %s", e.ID)
	}
	if p, ok := c.Preset("RAG"); !ok || p.Input != 5000 || p.Output != 500 || p.Targets.TTFT != 3 || p.Targets.ITL != 0.05 || p.Targets.Percentile != "95" {
		t.Errorf("rag: %+v", p)
	}
	if p, ok := c.Preset("Summarization"); !ok || p.ID != "summarize" {
		t.Errorf("summarization: %+v", p)
	}
	if x, ok := c.Tier("standard"); !ok || x.P25Speed != 30 || x.P95TTFT != 3 {
		t.Errorf("standard: %+v", x)
	}
	if _, ok := c.Preset("x"); ok {
		t.Error("preset x found")
	}
	if _, ok := c.Tier(""); ok {
		t.Error("tier without a name found")
	}
	for _, id := range strings.Fields("rag chat summarize reasoning agent code batch nim-200-200 nim-500-2000 nim-1000-1000 nim-5000-500 nim-20000-2000") {
		p, ok := c.Preset(id)
		if !ok || p.Calls < 1 || p.Source == "" || p.Name == "" {
			t.Errorf("preset %s: %+v", id, p)
		}
	}
}

// TestNoAmbiguousNames: every spelling leads to one entry only, and each id
// and repository to its own.
func TestNoAmbiguousNames(t *testing.T) {
	c := load(t)
	owner := map[string]string{}
	claim := func(key, id string) {
		if key == "" {
			t.Errorf("%s: empty spelling", id)
		}
		if o, ok := owner[key]; ok && o != id {
			t.Errorf("%q means %s and %s", key, o, id)
		}
		owner[key] = id
	}
	for _, m := range c.Models {
		claim(normalize(m.ID), m.ID)
		for _, k := range m.spellings() {
			claim(k, m.ID)
		}
	}
	owner = map[string]string{}
	for _, g := range c.GPUs {
		claim(normalize(g.ID), g.ID)
		for _, k := range g.spellings() {
			claim(k, g.ID)
		}
	}
	for _, e := range c.Engines {
		claim(e.ID, e.ID)
		for _, a := range e.Aliases {
			claim(normalize(a), e.ID)
		}
	}
	for _, m := range c.Models {
		if got, ok := c.Model(m.ID); !ok || got != m {
			t.Errorf("id %s leads elsewhere", m.ID)
		}
		if m.ID != customID(m.ID, "") {
			t.Errorf("id %s is not lower-case words with dashes", m.ID)
		}
	}
	for _, g := range c.GPUs {
		if got, ok := c.GPU(g.ID); !ok || got != g {
			t.Errorf("id %s leads elsewhere", g.ID)
		}
	}
}

func TestWith(t *testing.T) {
	c := load(t)
	m, err := ParseCustomModel("mine:l2:d64:h4:ff128:v1000:ctx4096")
	if err != nil {
		t.Fatal(err)
	}
	g, err := ParseCustomGPU("h100-sxm-80gb:mem96:bw4000:bf16-800")
	if err != nil {
		t.Fatal(err)
	}
	d := c.With([]*Model{m}, []*GPU{g})
	if got, ok := d.Model("Mine"); !ok || got != m || len(d.Models) != len(c.Models)+1 {
		t.Errorf("custom model: %v, %v, %d models", got, ok, len(d.Models))
	}
	if got, ok := d.GPU("h100-sxm-80gb"); !ok || got != g || len(d.GPUs) != len(c.GPUs) {
		t.Errorf("replaced GPU: %v, %v, %d GPUs", got, ok, len(d.GPUs))
	}
	if _, ok := c.Model("mine"); ok || len(c.Models) != 140 {
		t.Error("the original changed")
	}
	if got, _ := c.GPU("h100-sxm-80gb"); got == g {
		t.Error("the original's GPU changed")
	}
	byHand := &Catalog{Models: []*Model{m}}
	if got, ok := byHand.Model("mine"); !ok || got != m {
		t.Error("a catalog put together by hand has no look-up")
	}
}

func TestLoadIsFresh(t *testing.T) {
	a, b := load(t), load(t)
	if a.Models[0] == b.Models[0] || a.GPUs[0] == b.GPUs[0] {
		t.Error("two loads share entries")
	}
	if a.Date != b.Date || len(a.Date) != 10 {
		t.Errorf("dates %q, %q", a.Date, b.Date)
	}
}

func TestSearchModels(t *testing.T) {
	c := load(t)
	for q, want := range map[string]string{
		"llama 3.1 8b": "llama-3-1-8b", "llama-3.1-8b": "llama-3-1-8b", "8b llama 3.1": "llama-3-1-8b", "gpt-oss-120b": "gpt-oss-120b",
		"oss 120": "gpt-oss-120b", "deepseek v3": "deepseek-v3", "deepseek r1": "deepseek-r1", "qwen3 32": "qwen3-32b", "QWEN3-32B": "qwen3-32b",
		"mixtral": "mixtral-8x22b", "kimi": "kimi-k3", "70b": "llama-3-3-70b", "8b": "llama-3-1-8b", "gemma 3 27": "gemma-3-27b", "meta-llama/Llama-3.3-70B-Instruct": "llama-3-3-70b",
		"70b 3.3": "llama-3-3-70b", "openai": "gpt-oss-120b",
	} {
		got := c.SearchModels(q, 5)
		if len(got) == 0 || got[0].ID != want {
			t.Errorf("SearchModels(%q) = %v, want %s first", q, ids(got), want)
		}
		if len(got) > 5 {
			t.Errorf("SearchModels(%q): %d results, limit 5", q, len(got))
		}
	}
	if got := c.SearchModels("no such model", 5); len(got) != 0 {
		t.Errorf("found %v", ids(got))
	}
	if got := c.SearchModels("", 0); len(got) != 140 {
		t.Errorf("an empty search gives %d models", len(got))
	}
	if got := c.SearchModels("llama", 0); len(got) < 12 || !strings.Contains(got[0].ID, "llama") {
		t.Errorf("llama: %v", ids(got))
	}
}

func ids(ms []*Model) []string {
	var out []string
	for _, m := range ms {
		out = append(out, m.ID)
	}
	return out
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWork(b *testing.B) {
	c := load(b)
	m, _ := c.Model("gpt-oss-120b")
	b.ReportAllocs()
	for b.Loop() {
		_ = m.Work()
	}
}

func BenchmarkSearchModels(b *testing.B) {
	c := load(b)
	for b.Loop() {
		c.SearchModels("llama 8", 10)
	}
}
