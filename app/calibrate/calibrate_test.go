//go:build !js

package main

import (
	"math"
	"os"
	"testing"

	"fleetsize/calc/fit"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/catalog"
)

func load(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The profiles that ship are scored again on the two tables that ship. The
// bounds are what has to hold of a fit to these tables (mean and median error,
// in per cent); the first rows hold of each table, the last of both together.
func TestFrozenProfilesOnShippedTables(t *testing.T) {
	resolver, err := score.NewResolver(load(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][5]float64{ // TTFT mean, median, ITL mean, median, tokens/s mean
		"nim-8b":  {17, 8, 4.5, 3, 5},
		"nim-70b": {7.5, 5, 2.5, 2.5, 2.5},
		"both":    {11, 6, 3.2, 2, 4},
	}
	var both []score.Scored
	check := func(name string, rows []score.Scored) {
		r, w := score.Summarize(rows), want[name]
		got := [5]float64{r.TTFT.MAPE, r.TTFT.Median, r.ITL.MAPE, r.ITL.Median, r.OutputTokPerS.MAPE}
		for i, what := range []string{"TTFT mean", "TTFT median", "ITL mean", "ITL median", "tokens/s mean"} {
			if !(100*got[i] <= w[i]) {
				t.Errorf("%s: %s error %.1f %%, want at most %.1f", name, what, 100*got[i], w[i])
			}
		}
	}
	for _, e := range measured.Examples() {
		table, err := e.Table()
		if err != nil {
			t.Fatal(err)
		}
		var run score.Runner
		var rows []score.Scored
		for i := range table.Rows {
			s := run.Row(resolver, &table.Rows[i])
			if s.Reason != "" {
				t.Errorf("%s line %d is not scored: %s", e.ID, table.Rows[i].Line, s.Detail)
			}
			rows = append(rows, s)
		}
		check(e.ID, rows)
		both = append(both, rows...)
	}
	check("both", both)
}

// What the catalog says of its profiles is what the calibration found.
func TestProfilesStateTheirErrors(t *testing.T) {
	c := load(t)
	a, err := catalog.LoadAccuracy()
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string]*catalog.AccuracySet{}
	for i := range a.Sets {
		sets[a.Sets[i].Profile] = &a.Sets[i]
	}
	for _, r := range recipes {
		e, ok := c.Engine(r.engine)
		if !ok {
			t.Fatalf("%s: no engine %s", r.id, r.engine)
		}
		p, ok := e.ProfileByID(r.id)
		if !ok {
			t.Errorf("%s does not ship", r.id)
			continue
		}
		s := sets[r.id]
		if s == nil {
			t.Errorf("%s has no accuracy", r.id)
			continue
		}
		if p.Rows != s.Rows || len(s.Tests) < 2 || s.Tests[0].Test != "in-sample" {
			t.Errorf("%s: %d rows, %d in the accuracy file with %d tests", r.id, p.Rows, s.Rows, len(s.Tests))
			continue
		}
		if h := s.Tests[1]; math.Abs(100*p.TTFTError-h.TTFT.MAPE) > 0.1 || math.Abs(100*p.ITLError-h.ITL.MAPE) > 0.1 {
			t.Errorf("%s states held-out errors %.3f and %.3f, found were %.2f %% and %.2f %%", r.id, p.TTFTError, p.ITLError, h.TTFT.MAPE, h.ITL.MAPE)
		}
		n := 0
		for _, g := range s.Groups {
			n += max(g.InSample.TTFT.N, g.InSample.ITL.N)
			if g.HeldOut == nil {
				t.Errorf("%s: %s has no held-out figures", r.id, g.Group)
			}
		}
		if n != s.Rows {
			t.Errorf("%s: the groups have %d rows, the set %d", r.id, n, s.Rows)
		}
		if !p.Bands.Known() {
			t.Errorf("%s has no bands", r.id)
		}
		for _, d := range r.derive {
			q, ok := e.ProfileByID(d.id)
			if !ok || q.Rows != 0 || !q.Bands.Known() || q.Bands.TTFT < p.Bands.TTFT*0.9 {
				t.Errorf("%s: %+v; want it unmeasured, with bands no narrower than those of %s", d.id, q, r.id)
			}
		}
	}
}

// Replacing the figures of one profile changes those and nothing else.
func TestPutProfile(t *testing.T) {
	text, err := os.ReadFile("../../catalog/data/engines.json")
	if err != nil {
		t.Fatal(err)
	}
	f := &enginesFile{string(text)}
	c := load(t)
	e, _ := c.Engine("trtllm")
	old, _ := e.ProfileByID("trtllm-inferencex")
	p := *old
	p.ComputeEff, p.AttentionEff, p.LayerOverhead = 0.51239, 0.51239, 33.337e-6
	p.MoECoverageExp, p.Rows, p.Bands = 0.777, 42, catalog.Bands{TTFT: 0.31, TTFTSaturated: 0.42, ITL: 0.11, Rate: 0.12}
	if err := f.put(&p); err != nil {
		t.Fatal(err)
	}
	d, err := c.WithEngines([]byte(f.text))
	if err != nil {
		t.Fatal(err)
	}
	e2, _ := d.Engine("trtllm")
	got, _ := e2.ProfileByID("trtllm-inferencex")
	if got.ComputeEff != 0.5124 || got.AttentionEff != 0.5124 || math.Abs(got.LayerOverhead-33.34e-6) > 1e-12 || got.MoECoverageExp != 0.777 ||
		got.Rows != 42 || got.Bands != p.Bands || got.Label != old.Label || got.Source != old.Source {
		t.Errorf("profile = %+v", got)
	}
	for i := range c.Engines {
		for k := range c.Engines[i].Profiles {
			a, b := c.Engines[i].Profiles[k], d.Engines[i].Profiles[k]
			if a.ID != p.ID && (a.ComputeEff != b.ComputeEff || a.StepOverhead != b.StepOverhead || a.Rows != b.Rows || a.Label != b.Label) {
				t.Errorf("%s changed: %+v, was %+v", a.ID, b, a)
			}
		}
	}
	p.ID = "nobody"
	if err := f.put(&p); err == nil {
		t.Error("a profile that does not ship was replaced")
	}
}

// A recipe can be fitted: its parameters exist, and its start is in bounds.
func TestRecipes(t *testing.T) {
	seen := map[string]bool{}
	for i := range recipes {
		r := &recipes[i]
		if seen[r.id] {
			t.Errorf("%s is there twice", r.id)
		}
		seen[r.id] = true
		if len(r.tests) == 0 {
			t.Errorf("%s is not tested on rows it has not seen", r.id)
		}
		p := r.problem(nil)
		for _, q := range p.Parameters {
			if v := q.Value(&p.Start); v < q.Low || v > q.High {
				t.Errorf("%s: %s starts at %v, outside %v to %v", r.id, q.Name, v, q.Low, q.High)
			}
		}
		if _, err := fit.Run(p); err != fit.ErrNoObservations {
			t.Errorf("%s: a fit of nothing gives %v", r.id, err)
		}
	}
}

// Shapes that are left out together are one fold; others are in every fit.
func TestShapes(t *testing.T) {
	out := shapes("5000/500", "20000/2000")
	for shape, want := range map[string]string{"5000/500": "left out", "20000/2000": "left out", "500/2000": "", "5000/5000": ""} {
		o := &observed{}
		o.Shape = shape
		if got := out.key(o); got != want {
			t.Errorf("shape %s has key %q, want %q", shape, got, want)
		}
	}
	h := newHeld()
	for _, model := range []string{"b", "a", "b"} {
		addTo(h.models, model, &fit.Observation{TTFT: 1}, fit.Prediction{TTFT: 2})
	}
	tests := h.tests(out, 1)
	if len(tests) != 2 || tests[0].Test != "leave out shapes 5000/500 and 20000/2000, a" || tests[1].TTFT.N != 2 || tests[1].TTFT.MAPE != 100 {
		t.Errorf("tests by model: %+v", tests)
	}
	if name := shapes("20000/2000").name; name != "shape 20000/2000" {
		t.Errorf("the test of one shape is called %q", name)
	}
	if one := h.tests(byShape, 5); len(one) != 1 || one[0].Folds != 5 {
		t.Errorf("tests of all models: %+v", one)
	}
}
