package serve

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Skipping events must not change anything: the plain simulation, one step at
// a time, has to agree on every request.
func TestSkippingEqualsStepping(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(xs ...int) int { return xs[rng.IntN(len(xs))] }
	evicted, kinds, modes := 0, map[string]int{}, map[string]int{}
	for i := range 400 {
		s := newSetup()
		sch := &s.engine.Scheduler
		sch.TokenBudget = pick(64, 100, 512, 2048, 1<<20)
		sch.MaxSequences = pick(1, 3, 8, 256)
		sch.AdmitShare = []float64{0, 0.3, 0.5, 1}[rng.IntN(4)]
		if rng.IntN(2) == 0 {
			sch.Policy = catalog.PrefillFirst
		}
		if rng.IntN(2) == 0 {
			sch.Reserve = catalog.ReserveGrow
		}
		p := s.profile()
		p.TokenCost = []float64{0, 20e-6, 400e-6}[rng.IntN(3)]
		p.RequestCost = []float64{0, 2.2e-3}[rng.IntN(2)]
		if rng.IntN(4) == 0 {
			s.windowed(pick(16, 64, 300))
		}
		if rng.IntN(4) == 0 {
			s.experts(16, 2)
		}
		l := Load{
			Input: pick(1, 5, 60, 300, 1500), Output: pick(1, 2, 7, 40, 150),
			LengthRatio: []float64{1, 0.8, 0.2}[rng.IntN(3)],
			CachedShare: []float64{0, 0.5, 0.99}[rng.IntN(3)],
			Seed:        uint64(rng.IntN(1000)),
		}
		kind := ""
		switch rng.IntN(4) {
		case 0:
			l.Concurrency, l.Rounds, kind = 1+rng.IntN(20), 3, "rounds"
		case 1:
			l.Concurrency, l.Requests, kind = 1+rng.IntN(20), 60, "steady"
		default:
			l.Rate, l.Requests, kind = math.Exp(rng.Float64()*7-2), 60, "open"
			l.Constant = rng.IntN(4) == 0
		}
		if rng.IntN(3) == 0 {
			k := 1 + rng.IntN(4)
			gain := 1 + float64(k)*rng.Float64()
			if rng.IntN(2) == 0 {
				gain = math.Round(10*gain) / 10 // as people state it: some steps end at whole tokens
			}
			s.speculate(k, gain)
			modes["speculation"]++
		}
		if s.model.MoE != nil || rng.IntN(4) == 0 {
			s.apart(pick(1, 2, 4), pick(1, 2, 4))
			modes["parallel"]++
		}
		if rng.IntN(5) == 0 {
			l.Prefilled = true
			l.Output = max(l.Output, 2)
			l.LengthRatio = 1
			modes["prefilled"]++
		}
		full := float64(l.Input + l.Output)
		if i%3 == 0 {
			l.Mix = &[]Class{
				{Share: 3, Input: l.Input, Output: l.Output, LengthRatio: l.LengthRatio, CachedShare: l.CachedShare},
				{Share: 1, Input: 60, Output: 7, LengthRatio: 0.3},
				{Share: 2, Input: 300, Output: 40},
			}
			for _, c := range l.Classes() {
				full = max(full, float64(c.Input+c.Output))
			}
			modes["mix"]++
		}
		s.kvTokens(t, full*(1.001+8*rng.Float64()*rng.Float64()))
		c := s.cost(t)
		name := fmt.Sprintf("case %d: %s %+v %+v cf %g dreq %g windows %v experts %v kv %.0f tokens", i, kind, l, *sch, p.TokenCost, p.RequestCost, s.model.Attention.Window, s.model.MoE != nil, c.KVCapacity()/c.TokenBytes())

		kinds[kind]++
		evicted += sameAsStepping(t, name, c, l)
	}
	if evicted < 100 {
		t.Errorf("only %d evictions over all cases: the test does not exercise them", evicted)
	}
	for _, k := range []string{"speculation", "parallel", "prefilled", "mix"} {
		if modes[k] < 50 {
			t.Errorf("only %d cases with %s", modes[k], k)
		}
	}
	for _, k := range []string{"rounds", "steady", "open"} {
		if kinds[k] < 50 {
			t.Errorf("only %d cases of kind %s", kinds[k], k)
		}
	}
}

// sameAsStepping compares every request of a load with the plain simulation and
// returns how many were evicted.
func sameAsStepping(t *testing.T, name string, c *step.Cost, l Load) (evicted int) {
	t.Helper()
	var sim Sim
	got := sim.Run(c, l)
	want := runNaive(c, l, &sim)
	if sim.engine.evictions != want.evictions {
		t.Fatalf("%s: %d evictions, want %d", name, sim.engine.evictions, want.evictions)
	}
	if want.overBy > 1e-6 {
		t.Fatalf("%s: KV memory exceeded by %g bytes", name, want.overBy)
	}
	measured := want.done[sim.warm:]
	if len(measured) != len(sim.ttft.x) {
		t.Fatalf("%s: %d requests, want %d", name, len(sim.ttft.x), len(measured))
	}
	for j, r := range measured {
		ttft := r.first - r.sent + sim.offset
		e2e := r.last - r.sent + sim.offset
		itl := 0.0
		if r.out > 1 {
			itl = (r.last - r.first) / (r.out - 1)
		}
		if !close(sim.ttft.x[j], ttft, r.last) || !close(sim.e2e.x[j], e2e, r.last) || !close(sim.itl.x[j], itl, r.last) {
			t.Fatalf("%s: request %d: TTFT %g ITL %g E2E %g, want %g %g %g",
				name, j, sim.ttft.x[j], sim.itl.x[j], sim.e2e.x[j], ttft, itl, e2e)
		}
	}
	checkFinite(t, name, got)
	return want.evictions
}

// Evictions that random cases hardly meet: right after the first token, where
// a sum of fractions must still be that token; and of requests that overtook an
// evicted one because their prompt was computed elsewhere.
func TestEvictionsEqualStepping(t *testing.T) {
	fractions := newSetup()
	fractions.engine.Scheduler = catalog.Scheduler{TokenBudget: 512, MaxSequences: 8, Reserve: catalog.ReserveGrow, AdmitShare: 0.3, Policy: catalog.Mixed}
	fractions.speculate(3, 1.2)
	fractions.kvTokens(t, 48)
	overtaken := newSetup()
	overtaken.engine.Scheduler = catalog.Scheduler{TokenBudget: 64, MaxSequences: 256, Reserve: catalog.ReserveGrow, Policy: catalog.Mixed}
	overtaken.kvTokens(t, 930)
	for _, c := range []struct {
		name string
		s    *setup
		l    Load
	}{
		{"fractions", fractions, Load{Input: 5, Output: 40, LengthRatio: 0.2, Concurrency: 10, Requests: 60}},
		{"overtaken", overtaken, Load{Input: 60, Output: 150, Prefilled: true, Concurrency: 7, Requests: 60, Seed: 173}},
	} {
		if n := sameAsStepping(t, c.name, c.s.cost(t), c.l); n < 5 {
			t.Errorf("%s: only %d evictions", c.name, n)
		}
	}
}

// close compares times to 1e-9 relative, with 1 ps for zeros and as much again
// for each second on the clock, whose readings they are differences of.
func close(a, b, clock float64) bool {
	return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b))+1e-12*(1+clock)
}

func checkFinite(t *testing.T, name string, r Result) {
	t.Helper()
	for _, q := range []Quantiles{r.TTFT, r.ITL, r.E2E} {
		for _, v := range []float64{q.Mean, q.P50, q.P90, q.P95, q.P99} {
			if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
				t.Fatalf("%s: bad latency in %+v", name, r)
			}
		}
		if !(q.P50 <= q.P90 && q.P90 <= q.P95 && q.P95 <= q.P99) {
			t.Fatalf("%s: quantiles out of order in %+v", name, q)
		}
	}
	for _, v := range []float64{r.ReqPerS, r.OutputTokPerS, r.TotalTokPerS, r.Running, r.Waiting, r.KVUsedBytes, r.Preemptions, r.Busy} {
		if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			t.Fatalf("%s: bad figure in %+v", name, r)
		}
	}
	if r.Busy > 1 || r.Binding == "" {
		t.Fatalf("%s: busy %g, binding %q", name, r.Busy, r.Binding)
	}
}
