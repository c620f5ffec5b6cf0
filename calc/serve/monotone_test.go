package serve

import (
	"testing"

	"fleetsize/catalog"
)

// More load, longer prompts or slower hardware never help. Simulations of
// finite length wobble; tol is the share they may.
func TestMonotone(t *testing.T) {
	const tol = 0.03
	var sim Sim
	type sweep struct {
		name string
		run  func(i int) Result
		n    int
	}
	base := newSetup().cost(t)
	full := Capacity(base, Load{Input: 2000, Output: 300})
	sweeps := []sweep{
		{"rate", func(i int) Result {
			return sim.Run(base, Load{Input: 2000, Output: 300, Rate: full * float64(i+1) / 12, Requests: 6000})
		}, 11},
		{"requests in flight", func(i int) Result {
			return sim.Run(base, Load{Input: 2000, Output: 300, LengthRatio: 0.8, Concurrency: 1 + i*i*4, Requests: 4000})
		}, 11},
		{"prompt", func(i int) Result {
			return sim.Run(base, Load{Input: 500 * (i + 1), Output: 300, Rate: full / 3, Requests: 6000})
		}, 8},
		{"less cached", func(i int) Result {
			return sim.Run(base, Load{Input: 5000, Output: 300, Rate: full / 3, CachedShare: 0.9 - float64(i)*0.1, Requests: 6000})
		}, 10},
		{"slower memory", func(i int) Result {
			s := newSetup()
			s.gpu.BandwidthBytesPerS /= 1 + 0.3*float64(i)
			return sim.Run(s.cost(t), Load{Input: 2000, Output: 300, Rate: full / 4, Requests: 6000})
		}, 6},
		{"fewer sequences", func(i int) Result {
			s := newSetup()
			s.engine.Scheduler.MaxSequences = 256 >> i
			return sim.Run(s.cost(t), Load{Input: 500, Output: 300, Concurrency: 300})
		}, 6},
	}
	for _, w := range sweeps {
		var last Result
		for i := range w.n {
			r := w.run(i)
			if i > 0 {
				if r.TTFT.Mean < last.TTFT.Mean*(1-tol) {
					t.Errorf("%s, step %d: TTFT falls from %.4f to %.4f", w.name, i, last.TTFT.Mean, r.TTFT.Mean)
				}
				if r.E2E.Mean < last.E2E.Mean*(1-tol) {
					t.Errorf("%s, step %d: E2E falls from %.4f to %.4f", w.name, i, last.E2E.Mean, r.E2E.Mean)
				}
				if w.name == "requests in flight" && r.ReqPerS < last.ReqPerS*(1-tol) {
					t.Errorf("%s, step %d: throughput falls from %.3f to %.3f", w.name, i, last.ReqPerS, r.ReqPerS)
				}
			}
			last = r
		}
	}
}

// Cached prompts save computing, not memory.
func TestPrefixCache(t *testing.T) {
	c := newSetup().cost(t)
	var sim Sim
	cold := sim.Run(c, Load{Input: 8000, Output: 200, Concurrency: 1})
	warm := sim.Run(c, Load{Input: 8000, Output: 200, Concurrency: 1, CachedShare: 0.9})
	if warm.TTFT.Mean > 0.35*cold.TTFT.Mean {
		t.Errorf("nine tenths cached: TTFT %.4f, cold %.4f", warm.TTFT.Mean, cold.TTFT.Mean)
	}
	if !near(warm.ITL.Mean, cold.ITL.Mean, 1e-9) || !near(warm.KVUsedBytes*warm.E2E.Mean, cold.KVUsedBytes*cold.E2E.Mean, 0.2) {
		t.Errorf("cached tokens are still context: ITL %g and %g, KV %g and %g", warm.ITL.Mean, cold.ITL.Mean, warm.KVUsedBytes, cold.KVUsedBytes)
	}
	if a, b := Slots(c, Load{Input: 8000, Output: 200}), Slots(c, Load{Input: 8000, Output: 200, CachedShare: 0.9}); a != b {
		t.Errorf("slots %d and %d", a, b)
	}
}

// A first chunk that comes after s steps moves its time from the gaps to TTFT.
func TestStreamInterval(t *testing.T) {
	s := newSetup()
	l := Load{Input: 1000, Output: 101, Concurrency: 8}
	var sim Sim
	plain := sim.Run(s.cost(t), l)
	s.engine.Scheduler.StreamInterval = 16
	late := sim.Run(s.cost(t), l)
	if want := plain.TTFT.Mean + 15*plain.ITL.Mean; !near(late.TTFT.Mean, want, 1e-6) {
		t.Errorf("TTFT %.5f, want %.5f", late.TTFT.Mean, want)
	}
	if want := plain.ITL.Mean * (1 - 15.0/100); !near(late.ITL.Mean, want, 1e-6) {
		t.Errorf("ITL %.6f, want %.6f", late.ITL.Mean, want)
	}
	if !near(late.E2E.Mean, plain.E2E.Mean, 1e-12) {
		t.Errorf("E2E %.5f, want %.5f", late.E2E.Mean, plain.E2E.Mean)
	}
}

// Decodes stand still behind prompts in a prefill-first engine: better TTFT
// of the waiting, worse gaps.
func TestPrefillFirst(t *testing.T) {
	s := newSetup()
	s.engine.Scheduler.TokenBudget = 512
	l := Load{Input: 4000, Output: 200, Rate: 3, Requests: 3000}
	var sim Sim
	mixed := sim.Run(s.cost(t), l)
	s.engine.Scheduler.Policy = catalog.PrefillFirst
	first := sim.Run(s.cost(t), l)
	if first.TTFT.Mean >= mixed.TTFT.Mean {
		t.Errorf("TTFT %.3f prefill first, %.3f mixed", first.TTFT.Mean, mixed.TTFT.Mean)
	}
	if first.ITL.P99 <= mixed.ITL.P99 {
		t.Errorf("p99 gap %.4f prefill first, %.4f mixed", first.ITL.P99, mixed.ITL.P99)
	}
}

func TestBinding(t *testing.T) {
	var sim Sim
	for _, tc := range []struct {
		name string
		edit func(s *setup)
		load Load
		want Limit
	}{
		{"one request", func(*setup) {}, Load{Input: 1000, Output: 200, Concurrency: 1}, LimitLoad},
		{"idle replica", func(*setup) {}, Load{Input: 1000, Output: 200, Rate: 0.5}, LimitLoad},
		{"memory full", func(*setup) {}, Load{Input: 20000, Output: 2000, Concurrency: 200}, LimitKV},
		{"memory full, growing", func(s *setup) { s.engine.Scheduler.Reserve = catalog.ReserveGrow }, Load{Input: 20000, Output: 2000, Concurrency: 200}, LimitKV},
		{"all slots taken", func(s *setup) { s.engine.Scheduler.MaxSequences = 16 }, Load{Input: 500, Output: 200, Concurrency: 64}, LimitMaxSequences},
		{"slow front end", func(s *setup) { s.profile().TokenCost = 1e-3 }, Load{Input: 200, Output: 200, Concurrency: 100}, LimitFrontEnd},
		{"long prompts", func(s *setup) { s.engine.Scheduler.TokenBudget = 8192 }, Load{Input: 8000, Output: 20, Concurrency: 30}, LimitCompute},
		{"long outputs", func(*setup) {}, Load{Input: 2000, Output: 2000, Concurrency: 200}, LimitBandwidth},
		{"overload", func(s *setup) { s.engine.Scheduler.MaxSequences = 32 }, Load{Input: 500, Output: 200, Rate: 100}, LimitMaxSequences},
	} {
		s := newSetup()
		tc.edit(s)
		r := sim.Run(s.cost(t), tc.load)
		if r.Binding != tc.want {
			t.Errorf("%s: %s, want %s (%+v)", tc.name, r.Binding, tc.want, r)
		}
	}
}

// An open loop is called saturated above its capacity and not below.
func TestSaturated(t *testing.T) {
	var sim Sim
	for _, l := range []Load{{Input: 5000, Output: 500}, {Input: 500, Output: 500}, {Input: 20000, Output: 2000}, {Input: 200, Output: 50}} {
		s := newSetup()
		s.profile().RequestCost = 1e-4 // else the front end drowns in what it takes in
		c := s.cost(t)
		flood := l
		flood.Concurrency = 3*Slots(c, l) + 50
		full := sim.Run(c, flood).ReqPerS
		for _, tc := range []struct {
			rho  float64
			want bool
		}{{0.2, false}, {0.6, false}, {0.85, false}, {1.15, true}, {2, true}, {20, true}} {
			l.Rate = tc.rho * full
			r := sim.Run(c, l)
			if r.Saturated != tc.want {
				t.Errorf("%d/%d at %g of capacity: saturated %t", l.Input, l.Output, tc.rho, r.Saturated)
			}
			if tc.want && !near(r.ReqPerS, full, 0.06) {
				t.Errorf("%d/%d at %g of capacity: %.3f requests/s, capacity %.3f", l.Input, l.Output, tc.rho, r.ReqPerS, full)
			}
			if !tc.want && !near(r.ReqPerS, l.Rate, 0.06) {
				t.Errorf("%d/%d at %g of capacity: %.3f requests/s, offered %.3f", l.Input, l.Output, tc.rho, r.ReqPerS, l.Rate)
			}
		}
	}
}
