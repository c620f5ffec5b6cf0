package link

import (
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

func TestRequirementOfTheWorkedExample(t *testing.T) {
	cat := load(t)
	r, notes := Default().Requirement(cat)
	if len(notes) > 0 {
		t.Errorf("notes %+v", notes)
	}
	if r.Model.ID != "llama-3-1-8b" || r.Engine.ID != "vllm" || r.Catalog != cat || r.GPUs != nil || r.Weights != "" || r.KV != "" || r.TP != 0 || r.PP != 0 {
		t.Errorf("requirement %+v", r)
	}
	if want := (fleet.Workload{Input: 5000, Output: 500, LengthRatio: 1}); r.Workload != want {
		t.Errorf("workload %+v, want %+v", r.Workload, want)
	}
	if want := (catalog.Targets{TTFT: 3, ITL: 0.05, Percentile: "95"}); r.Targets != want {
		t.Errorf("targets %+v, want %+v", r.Targets, want)
	}
	if want := (fleet.Demand{Kind: fleet.PerSecond, ReqPerS: 10}); r.Demand != want {
		t.Errorf("demand %+v, want %+v", r.Demand, want)
	}
	if want := (fleet.Posture{Utilization: 0.7, SpareReplicas: 1}); r.Posture != want {
		t.Errorf("posture %+v, want %+v", r.Posture, want)
	}
}

// Postures are those of the contract: lean 85/0/0, std 70/1/0, cautious 60/2/20.
func TestPostures(t *testing.T) {
	cat := load(t)
	for in, want := range map[string]fleet.Posture{
		"pos=lean":             {Utilization: 0.85},
		"pos=std":              {Utilization: 0.70, SpareReplicas: 1},
		"pos=cautious":         {Utilization: 0.60, SpareReplicas: 2, Growth: 0.2, Years: 1},
		"pos=cautious&yrs=3":   {Utilization: 0.60, SpareReplicas: 2, Growth: 0.2, Years: 3},
		"pos=cautious&grow=0":  {Utilization: 0.60, SpareReplicas: 2},
		"util=65&nodespare=1":  {Utilization: 0.65, SpareReplicas: 1, SpareNodes: 1},
		"spare=0":              {Utilization: 0.70},
		"grow=30":              {Utilization: 0.70, SpareReplicas: 1, Growth: 0.3, Years: 1},
		"grow=30&yrs=0":        {Utilization: 0.70, SpareReplicas: 1, Growth: 0.3},
		"yrs=3":                {Utilization: 0.70, SpareReplicas: 1},
		"pos=lean&spare=3&v=1": {Utilization: 0.85, SpareReplicas: 3},
	} {
		s, _ := Parse(cat, in)
		if r, _ := s.Requirement(cat); r.Posture != want {
			t.Errorf("%s: posture %+v, want %+v", in, r.Posture, want)
		}
	}
}

func TestRequirementFields(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "w=agent&m=llama-3.3-70b&q=fp8&kv=fp8&eng=nim:1.8.0&tp=2&pp=2&flight=64&hit=50&lr=0.8&ttft=2s&e2e=off&pct=mean&g=h100-sxm:tp4,l40s&d=2020-01-01")
	if len(notes) > 0 {
		t.Errorf("notes %+v", notes)
	}
	r, notes := s.Requirement(cat)
	if codes(notes) != "data" {
		t.Errorf("notes %+v, want one about the data pack", notes)
	}
	if r.Model.ID != "llama-3-3-70b" || r.Weights != "fp8" || r.KV != "fp8" || r.Engine.ID != "nim" || r.Version != "1.8.0" || r.TP != 2 || r.PP != 2 {
		t.Errorf("requirement %+v", r)
	}
	if want := (fleet.Workload{Input: 20000, Output: 500, LengthRatio: 0.8, CachedShare: 0.5}); r.Workload != want {
		t.Errorf("workload %+v, want %+v", r.Workload, want)
	}
	if want := (catalog.Targets{TTFT: 2, Percentile: "mean"}); r.Targets != want {
		t.Errorf("targets %+v, want %+v", r.Targets, want)
	}
	if r.Demand != (fleet.Demand{Kind: fleet.InFlight, InFlight: 64}) {
		t.Errorf("demand %+v", r.Demand)
	}
	if len(r.GPUs) != 2 || r.GPUs[0].GPU.ID != "h100-sxm-80gb" || r.GPUs[0].TP != 4 || r.GPUs[1].GPU.ID != "l40s" || r.GPUs[1].TP != 0 {
		t.Errorf("accelerators %+v", r.GPUs)
	}
}

// A state that names ids the catalog does not have is answered with defaults
// and says so.
func TestRequirementUnknownIDs(t *testing.T) {
	s := Default()
	s.Model, s.Engine, s.GPUs = "gone", "gone", []GPUChoice{{ID: "gone"}}
	r, notes := s.Requirement(load(t))
	if r.Model == nil || r.Engine == nil || r.GPUs != nil || codes(notes) != "value value value" {
		t.Errorf("requirement %+v, notes %+v", r, notes)
	}
}

func TestRequirementModes(t *testing.T) {
	cat := load(t)
	for in, want := range map[string]fleet.Requirement{
		"w=rag":                   {},
		"spec=3:2.1":              {Speculation: step.Speculation{Draft: 3, Gain: 2.1}},
		"spec=3:4":                {Speculation: step.Speculation{Draft: 3, Gain: 4}},
		"pd=auto":                 {Split: fleet.Split{Auto: true}},
		"pd=2:3":                  {Split: fleet.Split{Prefill: 2, Decode: 3}},
		"ep=8&dp=4":               {EP: 8, DP: 4},
		"spec=off&pd=off&ep=1":    {},
		"spec=1:1&pd=1:1&dp=2&m=": {Speculation: step.Speculation{Draft: 1, Gain: 1}, Split: fleet.Split{Prefill: 1, Decode: 1}, DP: 2},
	} {
		s, _ := Parse(cat, in)
		r, _ := s.Requirement(cat)
		if r.Speculation != want.Speculation || r.Split != want.Split || r.EP > 1 != (want.EP > 1) || r.EP > 1 && r.EP != want.EP || r.DP != want.DP {
			t.Errorf("%s: %+v %+v EP %d DP %d, want %+v %+v EP %d DP %d", in, r.Speculation, r.Split, r.EP, r.DP, want.Speculation, want.Split, want.EP, want.DP)
		}
	}
}

// fit names a profile of the engine, which then computes every accelerator.
func TestFitKey(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "v=1&fit=vllm-inferencex")
	r, more := s.Requirement(cat)
	if len(notes)+len(more) > 0 || r.Profile == nil || r.Profile.ID != "vllm-inferencex" {
		t.Errorf("profile %v, notes %v %v", r.Profile, notes, more)
	}
	if got := s.String(); got != "v=1&fit=vllm-inferencex" {
		t.Errorf("written as %s", got)
	}
	s, _ = Parse(cat, "v=1&fit=nim-2024")
	r, more = s.Requirement(cat)
	if r.Profile != nil || len(more) != 1 || !strings.Contains(more[0].Text, "vllm-inferencex") {
		t.Errorf("profile %v, notes %v", r.Profile, more)
	}
}
