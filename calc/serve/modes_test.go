package serve

import (
	"fmt"
	"math"
	"testing"

	"fleetsize/calc/step"
)

// modeSystems is a spread of systems beyond the plain engine.
func modeSystems(t testing.TB) map[string]*step.Cost {
	draft := newSetup()
	draft.speculate(3, 2.1)
	grow := newSetup()
	grow.engine.Scheduler.Reserve, grow.engine.Scheduler.AdmitShare = "grow", 0.5
	grow.engine.Scheduler.TokenBudget = 8192
	grow.speculate(5, 3.7)
	first := newSetup()
	first.engine.Scheduler.Policy = "prefill-first"
	first.engine.Scheduler.TokenBudget = 8192
	first.profile().TokenCost = 0
	first.speculate(2, 1.8)
	whole := newSetup()
	whole.experts(16, 2)
	whole.apart(4, 1)
	ranks := newSetup()
	ranks.experts(16, 2)
	ranks.apart(4, 4)
	ranks.engine.Scheduler.TokenBudget = 8192
	both := newSetup()
	both.experts(16, 2)
	both.apart(4, 2)
	both.speculate(1, 1.7)
	return map[string]*step.Cost{
		"draft": draft.cost(t), "draft growing": grow.cost(t), "draft prefill first": first.cost(t),
		"whole experts": whole.cost(t), "attention ranks": ranks.cost(t), "ranks and draft": both.cost(t),
	}
}

// With one request in flight decoding reads weights only: it gets faster by
// the gain, the first token does not.
func TestSpeculationOfOneRequest(t *testing.T) {
	var sim Sim
	plain := newSetup()
	plain.profile().TokenCost = 0
	c := plain.cost(t)
	for _, gain := range []float64{1, 1.5, 2.5, 4} {
		s := newSetup()
		s.profile().TokenCost = 0
		s.spec = step.Speculation{Draft: 3, Gain: gain, DraftShare: -1}
		fast := s.cost(t)
		l := Load{Input: 500, Output: 4001, Concurrency: 1}
		a, b := sim.Run(c, l), sim.Run(fast, l)
		if !near(a.TTFT.Mean, b.TTFT.Mean, 1e-9) {
			t.Errorf("gain %g: TTFT %g, want %g", gain, b.TTFT.Mean, a.TTFT.Mean)
		}
		if got := a.ITL.Mean / b.ITL.Mean; !near(got, gain, 0.02) {
			t.Errorf("gain %g: tokens come %.3f times as fast", gain, got)
		}
	}
}

// An answer takes as many steps as its tokens over the gain, rounded up once:
// gains are decimal fractions, and quotients that should be whole are not
// always so in binary arithmetic.
func TestStepsOfGains(t *testing.T) {
	for tenths := int64(11); tenths <= 90; tenths++ {
		for tokens := int64(1); tokens <= 3000; tokens++ {
			if got, want := wholeSteps(float64(tokens), float64(tenths)/10), (10*tokens+tenths-1)/tenths; got != float64(want) {
				t.Fatalf("%d tokens at %g a step take %g steps, want %d", tokens, float64(tenths)/10, got, want)
			}
		}
	}
	// 21 tokens after the first: 15 steps at 1.4, as at a little more.
	var sim Sim
	last := func(gain float64) (simulated, closed float64) {
		s := newSetup()
		s.profile().TokenCost = 0
		s.spec = step.Speculation{Draft: 3, Gain: gain, DraftShare: -1}
		c, l := s.cost(t), Load{Input: 500, Output: 22, Concurrency: 1}
		return sim.Run(c, l).ITL.Mean, Closed(c, l).ITL.Mean
	}
	exact, exactClosed := last(1.4)
	more, moreClosed := last(1.4 + 1e-7)
	if !near(exact, more, 1e-4) || !near(exactClosed, moreClosed, 1e-4) {
		t.Errorf("time per token %g and %g at a gain of 1.4, %g and %g a little above", exact, exactClosed, more, moreClosed)
	}
}

// Every token is accepted and the replica is bound by computing: drafting
// changes nothing; with half of them accepted the throughput is halved.
func TestSpeculationWhenComputeBound(t *testing.T) {
	var sim Sim
	make := func(k int, gain float64) *step.Cost {
		s := newSetup()
		p := s.profile()
		p.StepOverhead, p.SequenceCost, p.TokenCost, p.RequestCost = 1e-9, 1e-12, 0, 0
		s.gpu.BandwidthBytesPerS = 1e18
		s.engine.Scheduler.TokenBudget = 1 << 20
		s.spec = step.Speculation{Draft: k, Gain: gain, DraftShare: -1}
		return s.cost(t)
	}
	l := Load{Input: 1, Output: 2000, Concurrency: 64}
	plain := sim.Run(make(0, 1), l).ReqPerS
	if got := sim.Run(make(3, 4), l).ReqPerS; !near(got, plain, 0.01) {
		t.Errorf("all accepted: %.4g req/s, want %.4g", got, plain)
	}
	if got := sim.Run(make(3, 2), l).ReqPerS; !near(got, plain/2, 0.01) {
		t.Errorf("half accepted: %.4g req/s, want %.4g", got, plain/2)
	}
}

// One request in flight is exact in every mode.
func TestClosedFormOfOneRequestIsExactInModes(t *testing.T) {
	var sim Sim
	for name, c := range modeSystems(t) {
		for _, s := range append(shapes, [2]int{1, 1}, [2]int{100, 1}, [2]int{1, 700}) {
			l := Load{Input: s[0], Output: s[1], Concurrency: 1}
			want, got := sim.Run(c, l), Closed(c, l)
			for _, x := range [][2]float64{
				{got.TTFT.Mean, want.TTFT.Mean}, {got.ITL.Mean, want.ITL.Mean}, {got.E2E.Mean, want.E2E.Mean}, {got.ReqPerS, want.ReqPerS},
			} {
				if !near(x[0], x[1], 1e-9) {
					t.Errorf("%s %d/%d: %.12g, simulated %.12g", name, s[0], s[1], x[0], x[1])
				}
			}
		}
	}
}

// The closed form against simulation in every mode, up to half of the capacity.
func TestOpenFormNearSimulationInModes(t *testing.T) {
	var sim Sim
	limits := []struct {
		name        string
		get         func(*Result) float64
		mean, worst float64
	}{
		{"mean TTFT", func(r *Result) float64 { return r.TTFT.Mean }, 0.06, 0.25},
		{"mean ITL", func(r *Result) float64 { return r.ITL.Mean }, 0.04, 0.20},
		{"mean E2E", func(r *Result) float64 { return r.E2E.Mean }, 0.04, 0.20},
		{"running", func(r *Result) float64 { return r.Running }, 0.04, 0.20},
	}
	got := make([]deviation, len(limits))
	capacity := deviation{}
	for name, c := range modeSystems(t) {
		for _, s := range [][2]int{{5000, 500}, {1000, 1000}, {200, 200}, {2000, 50}} {
			for _, ratio := range []float64{1, 0.6} {
				l := Load{Input: s[0], Output: s[1], LengthRatio: ratio}
				full := sim.Capacity(c, l)
				capacity.add(Capacity(c, l), full)
				if math.Abs(Capacity(c, l)/full-1) > 0.2 {
					t.Errorf("%s %d/%d ratio %g: capacity %.4g, simulated %.4g", name, s[0], s[1], ratio, Capacity(c, l), full)
				}
				for _, rho := range []float64{0.01, 0.25, 0.5} {
					l.Rate, l.Requests = rho*full, 3000
					a, b := Open(c, l), sim.Run(c, l)
					for i, q := range limits {
						x, y := q.get(&a), q.get(&b)
						got[i].add(x, y)
						if math.Abs(x/y-1) > q.worst {
							t.Errorf("%s %d/%d ratio %g at %g: %s %.5g, simulated %.5g", name, s[0], s[1], ratio, rho, q.name, x, y)
						}
					}
					checkFinite(t, fmt.Sprint(name, l), a)
				}
			}
		}
	}
	for i, q := range limits {
		mean := got[i].sum / float64(got[i].n)
		t.Logf("%-10s mean %.3f worst %.3f of %d", q.name, mean, got[i].worst, got[i].n)
		if mean > q.mean {
			t.Errorf("%s: mean difference %.3f, limit %.3f", q.name, mean, q.mean)
		}
	}
	t.Logf("capacity mean %.3f worst %.3f", capacity.sum/float64(capacity.n), capacity.worst)
	if capacity.sum/float64(capacity.n) > 0.05 {
		t.Errorf("capacity: mean difference %.3f", capacity.sum/float64(capacity.n))
	}
}

// Little's law holds to rounding where nothing happens outside the engine.
func TestLittlesLawIsExact(t *testing.T) {
	var sim Sim
	costs := map[string]*setup{"plain": newSetup(), "draft": newSetup(), "ranks": newSetup()}
	costs["draft"].speculate(3, 2.3)
	costs["ranks"].experts(16, 2)
	costs["ranks"].apart(4, 4)
	for name, s := range costs {
		p := s.profile()
		p.TokenCost, p.RequestCost, p.FirstTokenDelay = 0, 0, 0
		c := s.cost(t)
		for _, l := range []Load{
			{Input: 900, Output: 120, Concurrency: 300, Rounds: 4, LengthRatio: 0.5},
			{Input: 9000, Output: 300, Concurrency: 200, Rounds: 3},
			{Input: 900, Output: 120, Concurrency: 50, Rounds: 4, Prefilled: true},
		} {
			r := sim.Run(c, l)
			stay := 0.0
			for _, e := range sim.e2e.x {
				stay += e
			}
			stay /= float64(len(sim.e2e.x))
			if got, want := r.Running+r.Waiting, r.ReqPerS*stay; !near(got, want, 1e-9) {
				t.Errorf("%s %+v: %.12g in the system, throughput × stay = %.12g", name, l, got, want)
			}
			if got, want := r.OutputTokPerS, r.ReqPerS*sim.totals.out/float64(len(sim.e2e.x)); !near(got, want, 1e-12) {
				t.Errorf("%s %+v: %.12g tokens/s, want %.12g", name, l, got, want)
			}
		}
	}
}
