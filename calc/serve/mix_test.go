package serve

import (
	"errors"
	"math"
	"testing"

	"fleetsize/catalog"
)

// chatAndRAG is seven short requests for every three with a long prompt.
func chatAndRAG() *[]Class {
	return &[]Class{{Share: 7, Input: 1000, Output: 1000}, {Share: 3, Input: 5000, Output: 500}}
}

// mixLoads are loads() with two kinds of request.
func mixLoads() map[string]Load {
	out := map[string]Load{}
	for name, l := range loads() {
		l.Mix = &[]Class{
			{Share: 7, Input: l.Input, Output: l.Output, LengthRatio: l.LengthRatio, CachedShare: l.CachedShare},
			{Share: 3, Input: 2 * l.Input, Output: max(1, l.Output/2), LengthRatio: 0.6},
		}
		if l.Rate > 0 {
			l.Rate *= 0.7
		}
		out[name] = l
	}
	return out
}

// Two classes of one shape are one class: every number of the run is the same
// to the last bit, whatever the shares. So are a class and another that never
// comes.
func TestEqualClassesAreOne(t *testing.T) {
	c := newSetup().cost(t)
	var one, two Sim
	for name, l := range loads() {
		want := one.Run(c, l)
		as := func(share float64) Class {
			return Class{Share: share, Input: l.Input, Output: l.Output, LengthRatio: l.LengthRatio, CachedShare: l.CachedShare}
		}
		other := Class{Input: 9000, Output: 3000, LengthRatio: 0.2}
		for kind, mix := range map[string][]Class{
			"three equal":  {as(0.3), as(0.6), as(0.1)},
			"only a first": {as(1), other},
			"only a last":  {other, as(5)},
		} {
			mixed := l
			mixed.Mix = &mix
			mixed.Input, mixed.Output, mixed.LengthRatio, mixed.CachedShare = 1, 1, 0, 0 // they do not count
			got := two.Run(c, mixed)
			if got.Classes == nil || len(*got.Classes) != len(mix) {
				t.Fatalf("%s, %s: no latencies by class", name, kind)
			}
			classes := *got.Classes
			got.Classes = nil
			if got != want {
				t.Errorf("%s, %s:\n got %+v\nwant %+v", name, kind, got, want)
			}
			n := 0
			for k, s := range mix {
				n += classes[k].Requests
				if s.Share == 0 && classes[k] != (Latencies{}) {
					t.Errorf("%s, %s: a class without a share has %+v", name, kind, classes[k])
				}
				if s.Share > 0 && kind != "three equal" && (classes[k].TTFT != want.TTFT || classes[k].ITL != want.ITL || classes[k].E2E != want.E2E) {
					t.Errorf("%s, %s: the only class has %+v, all requests %+v", name, kind, classes[k], want)
				}
			}
			if n != len(two.ttft.x) {
				t.Errorf("%s, %s: %d requests in classes, %d measured", name, kind, n, len(two.ttft.x))
			}
		}
	}
}

// Tokens, requests and Little's law hold in every class as they do in all.
func TestMixConserves(t *testing.T) {
	var sim Sim
	for _, reserve := range []catalog.Reservation{catalog.ReserveFull, catalog.ReserveGrow} {
		s := newSetup()
		s.engine.Scheduler.Reserve = reserve
		c := s.cost(t)
		for name, l := range mixLoads() {
			r := sim.Run(c, l)
			name += ", " + string(reserve)
			checkFinite(t, name, r)
			in, out, sent := 0.0, 0.0, make([]int, len(l.Classes()))
			for i := range sim.sent {
				k, a, b, cached := sim.mix.draw(&sim.lengths, i)
				m := l.Classes()[k]
				lo := m.LengthRatio
				if lo == 0 {
					lo = 1
				}
				if a > float64(m.Input) || b > float64(m.Output) || a < math.Floor(lo*float64(m.Input)) || b < min(1, math.Floor(lo*float64(m.Output))) || cached > m.CachedShare*a {
					t.Fatalf("%s: request %d of class %d has %g in, %g out, %g cached", name, i, k, a, b, cached)
				}
				in, out = in+a, out+b
				sent[k]++
			}
			for k, m := range l.Classes() {
				want := m.Share / 10 * float64(sim.sent)
				if math.Abs(float64(sent[k])-want) > 4+4*math.Sqrt(want) {
					t.Errorf("%s: %d of %d requests are of class %d, want about %.0f", name, sent[k], sim.sent, k, want)
				}
			}
			if l.Rounds > 0 {
				if sim.totals.out != out || sim.totals.in != in {
					t.Errorf("%s: %g and %g tokens measured, %g and %g sent", name, sim.totals.in, sim.totals.out, in, out)
				}
				if made := sim.sums.decoded + float64(sim.completed); made != out && r.Preemptions == 0 {
					t.Errorf("%s: %g tokens decoded and first, want %g", name, made, out)
				}
			}
			stay, mean, n := 0.0, 0.0, 0
			for _, q := range *r.Classes {
				stay += q.E2E.Mean * float64(q.Requests)
				mean += q.TTFT.Mean * float64(q.Requests)
				n += q.Requests
			}
			if n != len(sim.ttft.x) || !near(mean/float64(n), r.TTFT.Mean, 1e-9) || !near(stay/float64(n), r.E2E.Mean, 1e-9) {
				t.Errorf("%s: the classes' %d requests with TTFT %g and E2E %g on the mean; all have %g and %g", name, n, mean/float64(n), stay/float64(n), r.TTFT.Mean, r.E2E.Mean)
			}
			inSystem := r.Running + r.Waiting
			if want := r.ReqPerS * (r.E2E.Mean - c.Profile().FirstTokenDelay); !near(inSystem, want, 0.02) {
				t.Errorf("%s: %.3f in the system, throughput × stay = %.3f", name, inSystem, want)
			}
			if l.Rate > 0 && !r.Saturated && !near(r.ReqPerS, l.Rate, 0.05) {
				t.Errorf("%s: %g req/s served of %g offered", name, r.ReqPerS, l.Rate)
			}
		}
	}
}

// Each class has the prompt it has: with little load the long one takes as long
// as it does alone, and both have the same time per token.
func TestMixWithoutLoadIsEachAlone(t *testing.T) {
	s := newSetup()
	s.engine.Scheduler.TokenBudget = 8192
	c := s.cost(t)
	var sim Sim
	r := sim.Run(c, Load{Mix: chatAndRAG(), Rate: 1e-4, Requests: 500})
	for k, m := range *chatAndRAG() {
		alone := sim.Run(c, Load{Input: m.Input, Output: m.Output, Rate: 1e-4, Requests: 500})
		got := (*r.Classes)[k]
		if !near(got.TTFT.P50, alone.TTFT.P50, 1e-7) || !near(got.ITL.P50, alone.ITL.P50, 1e-7) {
			t.Errorf("class %d: TTFT %g, ITL %g; alone %g, %g", k, got.TTFT.P50, got.ITL.P50, alone.TTFT.P50, alone.ITL.P50)
		}
	}
}

// A class so rare that no request of it is measured has the closed form's
// latencies, not none.
func TestClassThatNeverComes(t *testing.T) {
	c := newSetup().cost(t)
	l := Load{Mix: &[]Class{{Share: 1, Input: 300, Output: 200}, {Share: 1e-9, Input: 5000, Output: 100}}, Rate: 2, Requests: 500}
	form := (*Open(c, l).Classes)[1]
	var sim Sim
	var many Cluster
	for name, r := range map[string]Result{"one replica": sim.Run(c, l), "three": many.Run(c, Load{Mix: l.Mix, Rate: 6, Requests: 500}, 3, RouteLeast)} {
		if got := *r.Classes; got[1] != form || !(got[1].TTFT.P95 > got[0].TTFT.P95) {
			t.Errorf("%s: %+v beside %+v; the closed form says %+v", name, got[1], got[0], form)
		}
	}
	l.Rate, l.Concurrency = 0, 4
	if got := (*sim.Run(c, l).Classes)[1]; !math.IsNaN(got.TTFT.P95) || !math.IsNaN(got.E2E.Mean) || got.Requests != 0 {
		t.Errorf("closed loop: %+v of a class that never came", got)
	}
}

// Long prompts delay the short requests beside them, and the more of them
// there are, the more.
func TestLongPromptsDelayShortOnes(t *testing.T) {
	s := newSetup()
	s.engine.Scheduler.TokenBudget = 8192
	c := s.cost(t)
	var sim Sim
	last := 0.0
	for _, share := range []float64{0, 0.1, 0.3, 0.6} {
		r := sim.Run(c, Load{Mix: &[]Class{{Share: 1 - share, Input: 300, Output: 200}, {Share: share, Input: 12000, Output: 50}}, Rate: 1.5, Requests: 6000})
		if r.Saturated {
			t.Fatalf("share %g saturates", share)
		}
		if x := (*r.Classes)[0].TTFT.P95; !(x > last) {
			t.Errorf("share %g of long prompts: short ones have TTFT p95 %g s, before %g", share, x, last)
		} else {
			last = x
		}
	}
}

// After a first run of the same size only the list of classes is allocated.
func TestMixAllocatesItsResult(t *testing.T) {
	c := newSetup().cost(t)
	var sim Sim
	for name, l := range mixLoads() {
		want := sim.Run(c, l)
		if n := testing.AllocsPerRun(3, func() { sim.Run(c, l) }); n > 8 {
			t.Errorf("%s: %g allocations per run", name, n)
		}
		var fresh Sim
		got := fresh.Run(c, l)
		for k := range *want.Classes {
			if (*got.Classes)[k] != (*want.Classes)[k] {
				t.Errorf("%s: class %d differs between a used and a fresh simulator", name, k)
			}
		}
		got.Classes, want.Classes = nil, nil
		if got != want {
			t.Errorf("%s: a used simulator gives\n%+v, a fresh one\n%+v", name, want, got)
		}
		// One kind of request after a mix is as if there had been none.
		plain := loads()[name]
		if a, b := sim.Run(c, plain), new(Sim).Run(c, plain); a != b {
			t.Errorf("%s: a simulator that ran a mix gives\n%+v, a fresh one\n%+v", name, a, b)
		}
	}
}

// The closed form brackets the search for a mix as it does for one class.
func TestMixClosedForm(t *testing.T) {
	s := newSetup()
	s.engine.Scheduler.TokenBudget = 8192
	c := s.cost(t)
	var sim Sim
	l := Load{Mix: chatAndRAG()}
	form, simulated := Capacity(c, l), sim.Capacity(c, l)
	t.Logf("capacity: closed form %.3f, simulated %.3f req/s", form, simulated)
	if !near(form, simulated, 0.15) {
		t.Errorf("capacity %g by the closed form, %g simulated", form, simulated)
	}
	for _, share := range []float64{0.3, 0.6} {
		l.Rate = share * simulated
		a, b := Open(c, l), sim.Run(c, l)
		for k := range l.Classes() {
			x, y := (*a.Classes)[k], (*b.Classes)[k]
			t.Logf("%.0f %%, class %d: closed form TTFT %.4f ITL %.5f, simulated %.4f %.5f", 100*share, k, x.TTFT.Mean, x.ITL.Mean, y.TTFT.Mean, y.ITL.Mean)
			if !near(x.TTFT.Mean, y.TTFT.Mean, 0.15) || !near(x.ITL.Mean, y.ITL.Mean, 0.05) {
				t.Errorf("%.0f %% of capacity, class %d: TTFT %g and ITL %g by the closed form, %g and %g simulated", 100*share, k, x.TTFT.Mean, x.ITL.Mean, y.TTFT.Mean, y.ITL.Mean)
			}
		}
	}
	// The strictest class decides.
	loose := catalog.Targets{TTFT: 10, Percentile: "95"}
	strict := catalog.Targets{TTFT: 0.35, Percentile: "95"}
	both, limit := MaxRate(c, Load{Mix: chatAndRAG()}, loose, strict)
	free, _ := MaxRate(c, Load{Mix: chatAndRAG()}, loose, loose)
	if !(both < free) || limit != LimitTTFT {
		t.Errorf("a strict class gives %g req/s (%s), loose ones %g", both, limit, free)
	}
	three := append(*chatAndRAG(), Class{Input: 90000, Output: 1})
	if absent, _ := MaxRate(c, Load{Mix: &three}, loose, loose, catalog.Targets{TTFT: 1e-9}); absent != free {
		t.Errorf("a class without a share changes the rate from %g to %g", free, absent)
	}
	if one, _ := MaxRate(c, Load{Mix: chatAndRAG()}, strict); !(one <= both) {
		t.Errorf("both classes strict give %g, one of them %g", one, both)
	}
}

func TestMixIsValidated(t *testing.T) {
	good := Load{Mix: chatAndRAG(), Rate: 1}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, mix := range map[string][]Class{
		"no share":       {{Input: 1, Output: 1}},
		"negative share": {{Share: -1, Input: 1, Output: 1}, {Share: 2, Input: 1, Output: 1}},
		"share NaN":      {{Share: math.NaN(), Input: 1, Output: 1}},
		"no prompt":      {{Share: 1, Output: 1}},
		"too many":       make([]Class, MaxClasses+1),
	} {
		var e *LoadError
		if err := (Load{Mix: &mix, Rate: 1}).Validate(); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := newSetup()
	s.kvTokens(t, 4000)
	var large *RequestTooLargeError
	if err := Fits(s.cost(t), good); !errors.As(err, &large) || large.Tokens != 5500 {
		t.Errorf("a class that does not fit: %v", err)
	}
}
