package serve

import (
	"fmt"
	"testing"

	"fleetsize/catalog"
)

// Whatever valid load and scheduling come in, a run ends with finite, ordered
// figures, and so does the closed form.
func FuzzRun(f *testing.F) {
	f.Add(1000, 100, 1.0, 0.0, 5, 3.0, 0.0, 2048, 256, uint8(0), 0.0)
	f.Add(1, 1, 0.0, 0.0, 1, 0.0, 0.0, 0, 0, uint8(1), 1.0)
	f.Add(90000, 2000, 0.1, 0.99, 0, 0.0, 900.0, 64, 1, uint8(2), 0.5)
	f.Add(MaxTokens, MaxTokens, 0.5, 0.5, 3, 0.0, 0.0, 8192, 64, uint8(3), 0.3)
	f.Add(3000, 100, 0.7, 0.0, 0, 0.0, 4.0, 8192, 256, uint8(8+16), 0.5)
	f.Add(3000, 100, 1.0, 0.0, 7, 0.0, 0.0, 8192, 256, uint8(32), 0.5)
	f.Add(3000, 100, 1.0, 0.0, 0, 0.0, 2.0, 8192, 256, uint8(64), 0.5)
	f.Add(3000, 100, 0.3, 0.5, 9, 0.0, 0.0, 2048, 64, uint8(64+8), 0.9)
	f.Add(5000, 500, 0.8, 0.2, 0, 0.0, 1e-9, 8192, 1024, uint8(1), 0.0)
	f.Add(3000, 100, 0.5, 0.5, 9, 0.0, 0.0, 2048, 64, uint8(128+1), 0.5)
	f.Add(3000, 100, 1.0, 0.0, 0, 0.0, 4.0, 512, 64, uint8(128+2), 0.5)
	f.Fuzz(func(t *testing.T, in, out int, ratio, cached float64, n int, rounds, rate float64, budget, sequences int, kind uint8, share float64) {
		l := Load{Input: in, Output: out, LengthRatio: ratio, CachedShare: cached, Concurrency: n, Rounds: rounds, Rate: rate, Requests: 50, Seed: uint64(kind)}
		if l.Validate() != nil || n > 200 || rounds > 5 {
			t.Skip()
		}
		if kind&128 != 0 {
			kind &^= 64 // not for a Split
			l.Mix = &[]Class{{Share: 2, Input: in, Output: out, LengthRatio: ratio, CachedShare: cached}, {Share: 1, Input: max(1, in/3), Output: min(2*out, MaxTokens)}, {Input: 1, Output: 1}}
			if err := l.Validate(); err != nil {
				t.Fatalf("%+v: %v", l, err)
			}
		}
		s := newSetup()
		sch := &s.engine.Scheduler
		sch.TokenBudget, sch.MaxSequences, sch.AdmitShare = budget, sequences, share
		if budget != 0 && in/max(min(budget, 1<<20), 64) > 20000 {
			t.Skip() // millions of steps for one prompt
		}
		if kind&1 != 0 {
			sch.Reserve = catalog.ReserveGrow
		}
		if kind&2 != 0 {
			sch.Policy = catalog.PrefillFirst
		}
		if kind&4 != 0 {
			s.windowed(128)
		}
		if kind&8 != 0 && share == share {
			s.speculate(1+n%5, 1+float64(1+n%5)*min(max(share, 0), 1))
		}
		if kind&16 != 0 {
			s.experts(16, 2)
			s.apart(1+3*(n&1), 4)
		}
		l.Prefilled = kind&32 != 0
		c := s.cost(t)
		var sim Sim
		name := fmt.Sprintf("%+v %+v", l, *sch)
		checkFinite(t, name, sim.Run(c, l))
		checkFinite(t, name, Closed(c, l))
		if rate > 0 {
			checkFinite(t, name, Open(c, l))
		}
		if kind&64 != 0 && l.Rounds == 0 {
			var apart SplitSim
			u := &Split{Prefill: c, Decode: c, P: 1 + n%3, D: 1 + int(l.Seed)%4, LinkBytesPerS: 1e9}
			l.Prefilled = false
			if n == 0 {
				checkFinite(t, name, apart.Run(u, l))
				checkFinite(t, name, u.Open(l))
			} else {
				checkFinite(t, name, u.Closed(l))
			}
		}
	})
}
