package fleet

import (
	"strings"
	"testing"

	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// chatAndRAG is chat and RAG on the same replicas, each with targets of its own.
func chatAndRAG() []Class {
	return []Class{
		{Name: "Chat", Share: 7, Workload: Workload{Input: 1000, Output: 1000, LengthRatio: 1}, Targets: catalog.Targets{TTFT: 1, ITL: 0.05, Percentile: "95"}},
		{Name: "RAG", Share: 3, Workload: Workload{Input: 5000, Output: 500, LengthRatio: 1}, Targets: catalog.Targets{TTFT: 3, ITL: 0.05, Percentile: "95"}},
	}
}

// Two classes of one workload, or one class that has all requests, are sized
// as that workload is.
func TestOneWorkloadInClassesIsThatWorkload(t *testing.T) {
	r := worked(t)
	g := only(t, r, "h100-sxm-80gb").GPUs[0].GPU
	var e Estimator
	want, x := e.On(r, g, true)
	if want == nil {
		t.Fatal(x.Text)
	}
	same := func(share float64) Class {
		return Class{Name: "Same", Share: share, Workload: r.Workload, Targets: r.Targets}
	}
	for name, classes := range map[string][]Class{
		"halves": {same(1), same(1)},
		"alone":  {same(1), {Name: "Never", Workload: Workload{Input: 20000, Output: 10, LengthRatio: 1}, Targets: catalog.Targets{TTFT: 1e-6, Percentile: "95"}}},
	} {
		q := r.Shared(classes)
		got, x := e.On(q, g, true)
		if got == nil {
			t.Errorf("%s: %s", name, x.Text)
			continue
		}
		if got.Layout != want.Layout || got.GPUs != want.GPUs || got.RateMax != want.RateMax || got.At.TTFT != want.At.TTFT || got.USDPerMonth != want.USDPerMonth {
			t.Errorf("%s: %d GPUs, %v req/s at most, TTFT %+v; the workload alone %d, %v, %+v", name, got.GPUs, got.RateMax, got.At.TTFT, want.GPUs, want.RateMax, want.At.TTFT)
		}
		// Each half is a sample of its own, so its p95 is another draw of the same.
		if ratio := got.RateSLO / want.RateSLO; ratio < 0.95 || ratio > 1.0001 {
			t.Errorf("%s: %v req/s inside the targets, the workload alone %v", name, got.RateSLO, want.RateSLO)
		}
	}
}

// A shared pool meets every class's targets at the planned peak, and holds no
// more than the class that is hardest to serve would alone, in its own unit.
func TestSharedPoolMeetsEveryClass(t *testing.T) {
	r := worked(t)
	for _, id := range []string{"h100-sxm-80gb", "l40s"} {
		g := only(t, r, id).GPUs[0].GPU
		for _, router := range []serve.Router{serve.RouteRandom, serve.RouteLeast} {
			var e Estimator
			q := r.Shared(chatAndRAG())
			q.Router = router
			o, x := e.On(q, g, true)
			if o == nil {
				t.Fatal(x.Text)
			}
			if o.At.Classes == nil || len(*o.At.Classes) != 2 {
				t.Fatalf("%s, %s: no latencies by class", id, router)
			}
			for k, l := range *o.At.Classes {
				c := q.Classes[k]
				if l.TTFT.P95 > c.Targets.TTFT || l.ITL.P95 > c.Targets.ITL || l.Requests == 0 {
					t.Errorf("%s, %s: %s has TTFT %.3g s and %.3g s per token at p95, targets %+v", id, router, c.Name, l.TTFT.P95, l.ITL.P95, c.Targets)
				}
			}
			// Work is conserved: a pool of both takes about the capacity that each
			// class uses alone, weighted by its share of the requests.
			use := 0.0
			for _, c := range q.Classes {
				one := r
				one.Workload, one.Targets, one.Router = c.Workload, c.Targets, router
				one.TP, one.PP = o.Layout.TP, o.Layout.PP
				p, x := e.On(one, g, true)
				if p == nil {
					t.Fatal(x.Text)
				}
				use += c.Share / 10 / p.RateMax
			}
			if ratio := o.RateMax * use; ratio < 0.85 || ratio > 1.2 {
				t.Errorf("%s, %s: capacity %.3g req/s, from each class alone %.3g", id, router, o.RateMax, 1/use)
			}
			t.Logf("%s, %s: %d GPUs, %.3g req/s of a replica inside the targets, capacity %.3g (alone, weighted %.3g), %s", id, router, o.GPUs, o.RateSLO, o.RateMax, 1/use, o.Binding)
		}
	}
}

// A shared pool whose prompts are computed apart meets every class's targets,
// too. Both sides do the work of both classes: none has fewer instances than
// either class alone would need of it at its share of the rate.
func TestSharedPoolWithPromptsApart(t *testing.T) {
	r := worked(t)
	for _, id := range []string{"h100-sxm-80gb", "l40s"} {
		g := only(t, r, id).GPUs[0].GPU
		for _, split := range []Split{{Auto: true}, {Prefill: 1, Decode: 2}} {
			var e Estimator
			q := r.Shared(chatAndRAG())
			q.Split = split
			o, x := e.On(q, g, true)
			if o == nil {
				t.Fatalf("%s, %+v: %s", id, split, x.Text)
			}
			if !o.Layout.Split() || o.Tier == Calibrated || o.At.Classes == nil {
				t.Fatalf("%s, %+v: %s is %s, classes %v", id, split, o.Layout, o.Tier, o.At.Classes)
			}
			for k, l := range *o.At.Classes {
				c := q.Classes[k]
				if l.TTFT.P95 > c.Targets.TTFT || l.ITL.P95 > c.Targets.ITL || l.Requests == 0 || !(l.E2E.Mean > l.TTFT.Mean) {
					t.Errorf("%s, %s: %s has %+v, targets %+v", id, o.Layout, c.Name, l, c.Targets)
				}
				one := r
				one.Workload, one.Targets, one.Split = c.Workload, c.Targets, Split{Prefill: o.Layout.Prefill, Decode: o.Layout.Decode}
				one.TP, one.PP = o.Layout.TP, o.Layout.PP
				p, x := e.On(one, g, true)
				if p == nil {
					t.Fatal(x.Text)
				}
				if o.Layout.PrefillTP == p.Layout.PrefillTP && o.RateMax*c.Share/10 > 1.02*p.RateMax {
					t.Errorf("%s, %s: %.3g req/s of both classes, of %s alone %.3g", id, o.Layout, o.RateMax, c.Name, p.RateMax)
				}
			}
			t.Logf("%s: %d GPUs as %s, %.3g req/s of a replica inside the targets, capacity %.3g, %s", id, o.GPUs, o.Layout, o.RateSLO, o.RateMax, o.Binding)
		}
	}
}

// A target of one class limits the pool whatever the others allow.
func TestStrictestClassDecides(t *testing.T) {
	r := worked(t)
	g := only(t, r, "h100-sxm-80gb").GPUs[0].GPU
	var e Estimator
	rate := func(ttft float64) float64 {
		cs := chatAndRAG()
		cs[1].Targets.TTFT = ttft
		held, x := e.Holdings(r.Shared(cs), g, true)
		if len(held) == 0 {
			t.Logf("%g s: %s", ttft, x.Text)
			return 0
		}
		return held[0].Rate
	}
	loose, strict := rate(3), rate(0.3)
	if !(strict < loose) || !(strict > 0) {
		t.Errorf("%.3g req/s with RAG's first token within 0.3 s, %.3g within 3 s", strict, loose)
	}
	cs := chatAndRAG()
	cs[1].Targets.TTFT = 0.001
	if o, x := e.On(r.Shared(cs), g, true); o != nil || x.Reason != ReasonTTFT || !strings.HasPrefix(x.Text, "RAG: TTFT ") || !strings.Contains(x.Text, "target 1 ms") {
		t.Errorf("a target that nothing meets: %+v, %+v", o, x)
	}
}

// Faults of a mix are named, none ends in a number.
func TestClassesAreChecked(t *testing.T) {
	r := worked(t)
	g := only(t, r, "h100-sxm-80gb").GPUs[0].GPU
	var e Estimator
	for name, c := range map[string]struct {
		change func(q *Requirement)
		want   string
	}{
		"in flight": {func(q *Requirement) { q.Demand = Demand{Kind: InFlight, InFlight: 10} }, "requests per second"},
		"context":   {func(q *Requirement) { q.Classes[1].Workload.Input = 1 << 20 }, "RAG: "},
		"no share":  {func(q *Requirement) { q.Classes[0].Share, q.Classes[1].Share = 0, 0 }, "share"},
	} {
		q := r.Shared(chatAndRAG())
		c.change(&q)
		if o, x := e.On(q, g, true); o != nil || !strings.Contains(x.Text, c.want) {
			t.Errorf("%s: %+v, %+v, want a text with %q", name, o, x, c.want)
		}
	}
}

// A rare class lengthens a run at most tenfold, however rare it is.
func TestRareClassRuns(t *testing.T) {
	for share, want := range map[float64]int{1: 2000, 1.0 / 19: 4000, 1e-3: 20000, 1e-30: 20000} {
		p := replica{shape: serve.Load{Mix: &[]serve.Class{{Share: 1}, {Share: share}}}}
		if n := p.requests(2000); n < want-1 || n > want {
			t.Errorf("share %g: %d requests, want %d", share, n, want)
		}
	}
}
