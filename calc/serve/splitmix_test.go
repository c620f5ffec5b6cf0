package serve

import (
	"testing"

	"fleetsize/catalog"
)

// A mix with one class that comes is that class, to the last bit: in the
// simulation, in the closed form and in what the replica passes at most.
func TestSplitMixOfOneIsOne(t *testing.T) {
	var one, two SplitSim
	u, _ := splitSetup(t, 1, 2)
	u.LinkBytesPerS, u.LinkDelay = 20e9, 1e-3
	for _, l := range []Load{
		{Input: 4000, Output: 300, Rate: 2, Requests: 1000},
		{Input: 800, Output: 200, LengthRatio: 0.5, CachedShare: 0.3, Rate: 5, Requests: 1000, Seed: 3},
		{Input: 3000, Output: 1, Rate: 2, Requests: 500},
	} {
		mixed := l
		mixed.Mix = &[]Class{
			{Input: 9000, Output: 900},
			{Share: 4, Input: l.Input, Output: l.Output, LengthRatio: l.LengthRatio, CachedShare: l.CachedShare},
		}
		if got, want := two.Capacity(u, mixed), one.Capacity(u, l); l.Output > 1 && got != want {
			t.Errorf("%+v: capacity %g, want %g", l, got, want)
		}
		for name, pair := range map[string][2]Result{
			"simulated":   {two.Run(u, mixed), one.Run(u, l)},
			"closed form": {u.Open(mixed), u.Open(l)},
		} {
			got, want := pair[0], pair[1]
			if l.Output == 1 { // the other class would decode: a step is passed all the same
				want.ITL, got.ITL, want.E2E, got.E2E = Quantiles{}, Quantiles{}, want.TTFT, (*got.Classes)[1].E2E
			} else {
				only := (*got.Classes)[1]
				if only.TTFT != want.TTFT || only.ITL != want.ITL || only.E2E != want.E2E {
					t.Errorf("%s %+v: the only class has %+v, want %+v", name, l, only, want)
				}
			}
			if got.TTFT != want.TTFT || got.ITL != want.ITL || got.E2E != want.E2E {
				t.Errorf("%s %+v:\n got %+v\nwant %+v", name, l, got, want)
			}
		}
	}
}

// Without load every class is as it is alone: its own prompt, transfer and
// decoding. A class of single tokens is done with its prompt. The closed form
// reads the mean context of all.
func TestSplitMixWithoutLoadIsEachAlone(t *testing.T) {
	var sim SplitSim
	u, _ := splitSetup(t, 1, 1)
	u.LinkBytesPerS, u.LinkDelay = 10e9, 5e-3
	classes := []Class{{Share: 5, Input: 500, Output: 300}, {Share: 2, Input: 6000, Output: 100}, {Share: 3, Input: 2000, Output: 1}}
	l := Load{Mix: &classes, Rate: 1e-3, Requests: 400}
	for name, r := range map[string]Result{"simulated": sim.Run(u, l), "closed form": u.Open(l)} {
		off := map[string]float64{"simulated": 0.001, "closed form": 0.03}[name]
		for k, c := range classes {
			got := (*r.Classes)[k]
			alone := sim.Run(u, Load{Input: c.Input, Output: c.Output, Rate: 1e-3, Requests: 50})
			if !near(got.TTFT.Mean, alone.TTFT.Mean, off) || !near(got.E2E.Mean, alone.E2E.Mean, off) || c.Output > 1 && !near(got.ITL.P95, alone.ITL.P95, off) {
				t.Errorf("%s, class %d: %+v, alone %+v", name, k, got, alone)
			}
			if c.Output == 1 && (got.E2E != got.TTFT || got.ITL != (Quantiles{})) {
				t.Errorf("%s, class %d: one token has %+v", name, k, got)
			}
		}
	}
}

// At half of capacity the closed form is near the simulation in every class, and
// the rate it calls the highest inside the targets meets those of every class.
func TestSplitMixClosedForm(t *testing.T) {
	var sim SplitSim
	u, _ := splitSetup(t, 2, 3)
	l := Load{Mix: chatAndRAG(), Requests: 6000}
	l.Rate = u.Capacity(l) / 2
	if x := sim.Capacity(u, l); !near(x, u.Capacity(l), 0.1) {
		t.Errorf("capacity %g, closed form %g", x, u.Capacity(l))
	}
	got, want := u.Open(l), sim.Run(u, l)
	for k := range *l.Mix {
		a, b := (*got.Classes)[k], (*want.Classes)[k]
		if !near(a.TTFT.Mean, b.TTFT.Mean, 0.25) || !near(a.ITL.Mean, b.ITL.Mean, 0.05) || !near(a.E2E.Mean, b.E2E.Mean, 0.05) {
			t.Errorf("class %d: closed form %+v, simulated %+v", k, a, b)
		}
	}
	targets := []catalog.Targets{{TTFT: 0.5, ITL: 0.05, Percentile: "95"}, {TTFT: 3, ITL: 0.02, Percentile: "95"}}
	rate, limit := u.MaxRate(l, targets...)
	tight, other := u.MaxRate(l, catalog.Targets{TTFT: 0.5, ITL: 0.02, Percentile: "95"})
	if !(rate > 0) || limit == LimitLoad || tight > rate*1.001 {
		t.Errorf("%g req/s stopped by %s; with both targets for all %g by %s", rate, limit, tight, other)
	}
	l.Rate = rate
	at := u.Open(l)
	for k, c := range *at.Classes {
		one := Result{TTFT: c.TTFT, ITL: c.ITL, E2E: c.E2E}
		if gap, at := gapOf(&one, &targets[k]); gap > 0 {
			t.Errorf("class %d misses its %s target at %g req/s: %+v", k, at, rate, c)
		}
	}
}
