package catalog

import "testing"

func TestProfilesMatch(t *testing.T) {
	c := load(t)
	for _, v := range []struct{ engine, gpu, want string }{
		{"vllm", "h100-sxm", "vllm-inferencex"}, {"vllm", "b200", "vllm-inferencex"}, {"vllm", "gb300", "vllm-inferencex"},
		{"vllm", "a100-sxm", "vllm-transferred"}, {"vllm", "mi300x", "vllm-default"}, {"trtllm", "h200-sxm", "trtllm-inferencex"},
		{"trtllm", "l40s", "trtllm-transferred"}, {"nim", "h100-sxm", "nim-1.8.0"}, {"nim", "a100-sxm", "nim-all"},
		{"nim", "b200", "nim-transferred"}, {"sglang", "h100-sxm", "sglang-transferred"}, {"sglang", "mi300x", "default-sglang"}, {"tgi", "l4", "default-tgi"},
	} {
		e, _ := c.Engine(v.engine)
		g, _ := c.GPU(v.gpu)
		if p := e.Profile(g); p == nil || p.ID != v.want {
			t.Errorf("%s on %s: %v, want %s", v.engine, v.gpu, p, v.want)
		}
	}
	custom, _ := ParseCustomGPU("x:mem80:bw2000:bf16-500")
	for _, e := range c.Engines {
		for _, g := range append([]*GPU{nil, custom}, c.GPUs...) {
			if e.Profile(g) == nil {
				t.Errorf("%s: no profile for %v", e.ID, g)
			}
		}
		last := e.Profiles[len(e.Profiles)-1]
		if len(last.Match.Architectures)+len(last.Match.Vendors) > 0 {
			t.Errorf("%s: the last profile does not cover everything", e.ID)
		}
	}
}

// TestProfileValues keeps every number within the bounds it was fitted in.
func TestProfileValues(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range load(t).Engines {
		for _, p := range e.Profiles {
			if seen[p.ID] {
				t.Errorf("profile %s comes twice", p.ID)
			}
			seen[p.ID] = true
			for _, v := range []struct {
				what      string
				v, lo, hi float64
			}{
				{"ec", p.ComputeEff, 0.05, 1}, {"ea", p.AttentionEff, 0.02, 1}, {"ed", p.BandwidthEff, 0.1, 1},
				{"ekv", p.KVReadEff, 0.1, 1.5}, {"t0", p.StepOverhead, 0, 30e-3}, {"tL", p.LayerOverhead, 0, 300e-6},
				{"cs", p.SequenceCost, 0, 1e-3}, {"alpha", p.AllReduceDelay, 0.1e-6, 100e-6}, {"eb", p.LinkEff, 0.05, 1},
				{"d_req", p.RequestCost, 0, 20e-3}, {"cf", p.TokenCost, 0, 1e-3}, {"tr", p.FirstTokenDelay, 0, 1},
				{"overhead", p.StepOverhead + p.LayerOverhead, 1e-6, 30e-3}, {"pcie", p.PCIeDelayFactor, 1, 3}, {"pcie link", p.PCIeLinkEff, 0.05, 1},
				{"moe ec", p.MoEComputeEff, 0.1, 1}, {"moe ed", p.MoEBandwidthEff, 0.5, 1.5}, {"moe lat", p.MoELatency, 0.5, 2},
				{"moe cov", p.MoECoverageExp, 0.5, 1}, {"4-bit ec", p.FourBitComputeEff, 0.5, 1.5}, {"4-bit ed", p.FourBitBandwidthEff, 0.5, 1.5},
				{"bw ec", p.BlackwellComputeEff, 0.3, 1.5}, {"bw ed", p.BlackwellBandwidthEff, 0.5, 1.5}, {"bw lat", p.BlackwellLatency, 0.3, 1.5},
			} {
				if !(v.v >= v.lo && v.v <= v.hi) {
					t.Errorf("%s: %s = %v, outside %v to %v", p.ID, v.what, v.v, v.lo, v.hi)
				}
			}
			if p.Label == "" || p.Source == "" || (p.Rows > 0) && (p.TTFTError == 0 || p.ITLError == 0) {
				t.Errorf("%s: label, source or held-out error missing", p.ID)
			}
		}
	}
}

// Figures are in the units of the literature in the file and in base units in
// the program; what a profile leaves out has a default.
func TestProfileUnits(t *testing.T) {
	c, err := load(t).WithEngines([]byte(`{"date":"2026-11-21","sources":["test"],"rows":[
		{"id":"x","name":"X","sched":{"policy":"mixed","budget":8192,"seqs":256,"reserve":"full","admit":1},
		 "mem":{"basis":"free","fraction":0.8},"kv":{"":"bf16"},
		 "profiles":[{"id":"p","label":"P","src":0,"rows":79,"err":[0.19,0.05],"band":[0.2,0.3,0.1,0.15],"match":{"v":["1.8"]},
		  "ec":0.68,"ed":0.82,"kv8":0.5,"t0ms":1.8,"tLus":50,"csus":3,"tkns":100,"aus":26,"direct":true,"dreqms":2.2,"cfus":75,"trms":0.8,
		  "moe":{"ec":0.35,"lat":1.5}},
		 {"id":"q","label":"Q","src":0,"ec":0.5,"ed":0.5}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	e, _ := c.Engine("x")
	p, ok := e.ProfileByID("p")
	if !ok || p.StepOverhead != 1.8/1e3 || p.LayerOverhead != 50/1e6 || p.SequenceCost != 3/1e6 || p.TokenLayerCost != 100/1e9 ||
		p.AllReduceDelay != 26/1e6 || !p.DirectReduce || p.RequestCost != 2.2/1e3 || p.TokenCost != 75/1e6 || p.FirstTokenDelay != 0.8/1e3 ||
		p.AttentionEff != 0.68 || p.KVReadEff != 1 || p.KVRead8Bit != 0.5 || p.BlackwellLatency != 1 || p.Rows != 79 ||
		p.MoEComputeEff != 0.35 || p.MoEBandwidthEff != 1 || p.MoELatency != 1.5 ||
		p.TTFTError != 0.19 || p.Bands != (Bands{TTFT: 0.2, TTFTSaturated: 0.3, ITL: 0.1, Rate: 0.15}) {
		t.Errorf("got %+v", p)
	}
	if _, ok := e.ProfileByID("y"); ok {
		t.Error("profile y found")
	}
	for version, want := range map[string]string{"": "q", "1.8": "p", "1.8.0": "p", "1.80": "q", "1": "q", "2024": "q"} {
		if got := e.ProfileFor(nil, version); got.ID != want {
			t.Errorf("ProfileFor(%q) = %s, want %s", version, got.ID, want)
		}
	}
}

func TestKVRule(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		engine        string
		weights, want Precision
	}{
		{"vllm", BF16, BF16}, {"vllm", FP8, BF16}, {"vllm", FP16, FP16}, {"vllm", "", BF16}, {"sglang", FP8, BF16},
		{"trtllm", FP8, FP8}, {"trtllm", FP8Block, FP8}, {"trtllm", BF16, BF16}, {"trtllm", NVFP4, FP8}, {"nim", FP8, FP8},
		{"nim", INT4, BF16}, {"nim", FP16, FP16}, {"tgi", FP8, BF16},
	} {
		e, _ := c.Engine(v.engine)
		if got := e.KV(v.weights); got != v.want {
			t.Errorf("%s.KV(%q) = %q, want %q", v.engine, v.weights, got, v.want)
		}
	}
	if got := (&Engine{}).KV(FP8); got != BF16 {
		t.Errorf("no rule: %q", got)
	}
}

func TestSchedulerFor(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		engine, version, model, gpu string
		tp                          int
		budget, sequences, stream   int
	}{
		{"vllm", "", "llama-3-1-8b", "h100-sxm", 1, 8192, 1024, 1},
		{"vllm", "", "llama-3-1-8b", "mi300x", 1, 8192, 1024, 1},
		{"vllm", "", "llama-3-1-8b", "l40s", 1, 2048, 256, 1},
		{"vllm", "", "llama-3-1-8b", "a100-sxm", 1, 2048, 256, 1}, // 80 GB, but an A100
		{"vllm", "", "llama-3-1-8b", "", 1, 8192, 1024, 1},
		{"sglang", "", "llama-3-1-8b", "l4", 1, 2048, 2048, 1},
		{"sglang", "", "llama-3-1-8b", "l40s", 1, 4096, 2048, 1},
		{"sglang", "", "llama-3-1-8b", "h100-sxm", 1, 8192, 2048, 1},
		{"sglang", "", "llama-3-1-8b", "b200", 1, 16384, 2048, 1},
		{"nim", "1.8.0", "llama-3-1-8b", "h100-sxm", 1, 32768, 2048, 1},
		{"nim", "1.8.0", "llama-3-3-70b", "h100-sxm", 2, 1024, 2048, 1},
		{"nim", "", "llama-3-3-70b", "h100-sxm", 2, 1024, 2048, 1},
		{"nim", "", "llama-3-3-70b", "h100-sxm", 4, 8192, 2048, 1}, // no such build is known
		{"nim", "9.9", "llama-3-1-8b", "h100-sxm", 1, 8192, 2048, 1},
		{"trtllm", "", "llama-3-3-70b", "h100-sxm", 2, 8192, 2048, 1},
		{"trtllm", "inferencex", "llama-3-3-70b", "h100-sxm", 2, 8192, 2048, 16},
		{"trtllm", "inferencex", "llama-3-3-70b", "h100-sxm", 8, 8192, 2048, 1},
		{"tgi", "", "llama-3-1-8b", "h100-sxm", 1, 4096, 128, 1},
	} {
		e, _ := c.Engine(v.engine)
		g, _ := c.GPU(v.gpu)
		s := e.SchedulerFor(g, v.version, v.model, v.tp)
		if s.TokenBudget != v.budget || s.MaxSequences != v.sequences || s.StreamInterval != v.stream {
			t.Errorf("%s:%s %s tp%d on %q: %+v, want %d tokens, %d sequences, stream %d", v.engine, v.version, v.model, v.tp, v.gpu, s, v.budget, v.sequences, v.stream)
		}
	}
}

func TestEngineFacts(t *testing.T) {
	c := load(t)
	if len(c.Engines) != 5 || c.Engines[0].ID != "vllm" {
		t.Fatalf("%d engines", len(c.Engines))
	}
	for _, e := range c.Engines {
		s, m := e.Scheduler, e.Memory
		if s.Policy != Mixed && s.Policy != PrefillFirst || s.Reserve != ReserveFull && s.Reserve != ReserveGrow {
			t.Errorf("%s: policy %q, reservation %q", e.ID, s.Policy, s.Reserve)
		}
		if s.Reserve == ReserveFull && s.AdmitShare != 1 || s.AdmitShare <= 0 || s.AdmitShare > 1 || s.StreamInterval < 1 {
			t.Errorf("%s: %+v", e.ID, s)
		}
		if m.Basis != "total" && m.Basis != "free" || m.Fraction <= 0.5 || m.Fraction > 1 || m.Basis == "free" && m.ActivationShare != 0 {
			t.Errorf("%s: %+v", e.ID, m)
		}
		for _, b := range e.Builds {
			if _, ok := c.Model(b.Model); !ok || b.Source == "" {
				t.Errorf("%s: build %+v", e.ID, b)
			}
		}
		if len(e.Sources) == 0 || e.Notes == "" {
			t.Errorf("%s: sources or notes missing", e.ID)
		}
	}
	// The shares that were fitted: vLLM 0.85 of the total after activations,
	// TensorRT-LLM 0.85 and NIM 0.795 of what weights leave free.
	for id, want := range map[string]float64{"vllm": 0.85, "trtllm": 0.85, "nim": 0.795} {
		e, _ := c.Engine(id)
		if got := e.Memory.Fraction - e.Memory.ActivationShare; got < want-1e-9 || got > want+1e-9 {
			t.Errorf("%s: share %v, want %v", id, got, want)
		}
	}
}
