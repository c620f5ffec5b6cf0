package fleet

import (
	"testing"

	"fleetsize/calc/evidence"
	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

// nimRequirement asks for what the first table that ships measured: Llama 3.1
// 8B FP8 on one H100 under NIM, 1,000 tokens in and out.
func nimRequirement(t testing.TB) Requirement {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	m, _ := cat.Model("llama-3.1-8b")
	e, _ := cat.Engine("nim")
	h100, _ := cat.GPU("h100-sxm")
	l40s, _ := cat.GPU("l40s")
	return Requirement{
		Catalog: cat, Model: m, Engine: e, Weights: catalog.FP8,
		Workload: Workload{Input: 1000, Output: 1000, LengthRatio: 1},
		Demand:   Demand{Kind: InFlight, InFlight: 50},
		Targets:  catalog.Targets{TTFT: 3, ITL: 0.05, Percentile: "95"},
		Posture:  Posture{Utilization: 1},
		GPUs:     []Choice{{GPU: h100, TP: 1}, {GPU: l40s}},
	}
}

func optionOn(t testing.TB, a Answer, id string) *Option {
	t.Helper()
	for i := range a.Options {
		if a.Options[i].GPU.ID == id {
			return &a.Options[i]
		}
	}
	t.Fatalf("%s is no option", id)
	return nil
}

func TestMeasuredTier(t *testing.T) {
	var e Estimator
	r := nimRequirement(t)
	a := e.Size(r)
	o := optionOn(t, a, "h100-sxm-80gb")
	if o.Measured == nil || o.Tier != Measured || o.Measured.InFlight != 50 || o.Measured.Input != 1000 {
		t.Fatalf("tier %s, row %+v; want measured, the row with 50 in flight", o.Tier, o.Measured)
	}
	// The figures shown are the engine's own, near the row but not taken from it.
	if o.At.ITL.Mean == o.Measured.ITL.Value || o.At.ITL.Mean > 1.3*o.Measured.ITL.Value || o.At.ITL.Mean < o.Measured.ITL.Value/1.3 {
		t.Errorf("computed %g s per token, measured %g", o.At.ITL.Mean, o.Measured.ITL.Value)
	}
	for i := range a.Options {
		if x := &a.Options[i]; (x.Measured != nil) != (x.Tier == Measured) {
			t.Errorf("%s: tier %s with the row %v", x.GPU.ID, x.Tier, x.Measured)
		}
		if x := &a.Options[i]; x.GPU.ID != "h100-sxm-80gb" && x.Measured != nil {
			t.Errorf("%s has a row measured on %s", x.GPU.ID, x.Measured.GPU)
		}
	}
	for _, c := range []struct {
		name   string
		change func(*Requirement)
	}{
		{"reused prompts", func(r *Requirement) { r.Workload.CachedShare = 0.5 }},
		{"another shape", func(r *Requirement) { r.Workload.Input = 2000 }},
		{"another precision", func(r *Requirement) { r.Weights = catalog.BF16 }},
		{"a load nobody measured", func(r *Requirement) { r.Demand.InFlight = 3 }},
	} {
		q := nimRequirement(t)
		c.change(&q)
		if o := optionOn(t, e.Size(q), "h100-sxm-80gb"); o.Measured != nil || o.Tier == Measured {
			t.Errorf("%s: tier %s, row %+v", c.name, o.Tier, o.Measured)
		}
	}
	// The preview has it as well: rows are indexed, not searched.
	if o := optionOn(t, e.Preview(r), "h100-sxm-80gb"); o.Measured == nil {
		t.Error("the preview has no measured row")
	}
}

func TestOwnMeasurements(t *testing.T) {
	table, _, err := measured.ParseCSV([]byte("model,gpu,tp,engine,weights,isl,osl,concurrency,ttft_ms,itl_ms\nllama-3.1-8b,l40s,1,nim,fp8,1000,1000,50,900,400\n"))
	if err != nil {
		t.Fatal(err)
	}
	var e Estimator
	r := nimRequirement(t)
	r.Targets = catalog.Targets{Percentile: "95"}
	l40s, _ := r.Catalog.GPU("l40s")
	r.GPUs = []Choice{{GPU: l40s, TP: 1}}
	if o := optionOn(t, e.Size(r), "l40s"); o.Measured != nil {
		t.Fatalf("before: %+v", o.Measured)
	}
	e.SetMeasured(table.Rows)
	o := optionOn(t, e.Size(r), "l40s")
	if o.Measured == nil || o.Tier != Measured || o.Measured.Source != "" {
		t.Fatalf("own row: tier %s, %+v", o.Tier, o.Measured)
	}
	// 400 ms per token is ten times what the engine says: that is said.
	found := false
	for _, w := range o.Warnings {
		found = found || w.Code == "measured_differs"
	}
	if !found {
		t.Errorf("no warning about a row of 400 ms per token beside %g: %v", o.At.ITL.Mean, o.Warnings)
	}
	e.SetMeasured(nil)
	if o := optionOn(t, e.Size(r), "l40s"); o.Measured != nil {
		t.Error("rows that were taken back still match")
	}
}

func TestContradiction(t *testing.T) {
	b := catalog.Bands{TTFT: 0.2, TTFTSaturated: 0.4, ITL: 0.1}
	for _, c := range []struct {
		ttft, itl float64
		want      bool
	}{{0.5, 0.010, false}, {0.5, 0.0109, false}, {0.5, 0.0112, true}, {0.5, 0.0089, true}, {0.7, 0.010, false}, {0.8, 0.010, true}} {
		m := &evidence.Match{Point: evidence.Point{TTFT: measured.Some(c.ttft), ITL: measured.Some(c.itl)}, Run: evidence.Run{TTFT: 0.5, ITL: 0.010}}
		if w, got := contradiction(m, b); got != c.want || got && w.Code != "measured_differs" {
			t.Errorf("measured %g s and %g s per token, computed 0.5 and 0.010: contradiction %v, want %v", c.ttft, c.itl, got, c.want)
		}
	}
	if _, got := contradiction(&evidence.Match{}, b); got {
		t.Error("a row without figures contradicts")
	}
}

// The run that was measured is predicted as it was run: with the opening wave,
// which steady state does not have.
func TestSameRun(t *testing.T) {
	var e Estimator
	o := optionOn(t, e.Size(nimRequirement(t)), "h100-sxm-80gb")
	m := o.Measured
	if m == nil || !m.Run.Known() {
		t.Fatalf("no run: %+v", m)
	}
	if r := m.Run.ITL / m.ITL.Value; r < 0.9 || r > 1.1 {
		t.Errorf("the run: %g s per token computed, %g measured", m.Run.ITL, m.ITL.Value)
	}
	if r := m.Run.TTFT / m.TTFT.Value; r < 0.6 || r > 1.6 {
		t.Errorf("the run: TTFT %g s computed, %g measured", m.Run.TTFT, m.TTFT.Value)
	}
	if m.Run.TTFT < 1.5*o.At.TTFT.Mean {
		t.Errorf("TTFT of the run, %g s, has no opening wave: steady state has %g", m.Run.TTFT, o.At.TTFT.Mean)
	}
}
