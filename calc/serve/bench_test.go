package serve

import (
	"testing"

	"fleetsize/catalog"
)

// The budgets are of one closed loop of 5,000 requests at concurrency 250:
// 0.6 ms with fixed lengths, 2 ms with random ones, no allocation.
func BenchmarkRun(b *testing.B) {
	for _, bm := range []struct {
		name string
		load Load
	}{
		{"closed/fixed/1000x1000", Load{Input: 1000, Output: 1000, Concurrency: 250, Rounds: 20}},
		{"closed/fixed/5000x500", Load{Input: 5000, Output: 500, Concurrency: 250, Rounds: 20}},
		{"closed/random/1000x1000", Load{Input: 1000, Output: 1000, LengthRatio: 0.8, Concurrency: 250, Rounds: 20}},
		{"closed/random/5000x500", Load{Input: 5000, Output: 500, LengthRatio: 0.8, Concurrency: 250, Rounds: 20}},
		{"closed/steady/1000x1000", Load{Input: 1000, Output: 1000, Concurrency: 250}},
		{"open/fixed/5000x500", Load{Input: 5000, Output: 500, Rate: 5}},
		{"open/random/5000x500", Load{Input: 5000, Output: 500, LengthRatio: 0.8, Rate: 5}},
		{"open/fixed/1000x1000", Load{Input: 1000, Output: 1000, Rate: 10}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			s := newSetup()
			s.engine.Scheduler.TokenBudget = 8192
			c := s.cost(b)
			var sim Sim
			sim.Run(c, bm.load)
			b.ReportAllocs()
			for b.Loop() {
				sim.Run(c, bm.load)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(sim.stop), "ns/request")
		})
	}
}

// What goes beyond the plain engine, by the same measure.
func BenchmarkRunModes(b *testing.B) {
	l := Load{Input: 5000, Output: 500, Concurrency: 250, Rounds: 20}
	for name, c := range modeSystems(b) {
		b.Run(name, func(b *testing.B) {
			var sim Sim
			sim.Run(c, l)
			b.ReportAllocs()
			for b.Loop() {
				sim.Run(c, l)
			}
		})
	}
	b.Run("split", func(b *testing.B) {
		u, _ := splitSetup(b, 1, 2)
		var sim SplitSim
		open := Load{Input: 5000, Output: 500, Rate: 4}
		sim.Run(u, open)
		b.ReportAllocs()
		for b.Loop() {
			sim.Run(u, open)
		}
	})
}

// The closed form has to preview a whole catalog, some 300 layouts, in 20 ms.
func BenchmarkClosedForm(b *testing.B) {
	s := newSetup()
	s.engine.Scheduler.MaxSequences = 1024
	c := s.cost(b)
	l := Load{Input: 5000, Output: 500}
	open := Load{Input: 5000, Output: 500, Rate: 5}
	many := Load{Input: 1000, Output: 1000, Rate: 12}
	targets := catalog.Targets{TTFT: 3, ITL: 0.05, Percentile: "95"}
	for _, bm := range []struct {
		name string
		run  func()
	}{
		{"Capacity", func() { Capacity(c, l) }},
		{"Slots", func() { Slots(c, l) }},
		{"Open/165 slots", func() { Open(c, open) }},
		{"Open/450 slots", func() { Open(c, many) }},
		{"Closed", func() { Closed(c, Load{Input: 5000, Output: 500, Concurrency: 100}) }},
		{"MaxRate/ITL", func() { MaxRate(c, l, catalog.Targets{ITL: 0.03, Percentile: "mean"}) }},
		{"MaxRate/TTFT", func() { MaxRate(c, l, catalog.Targets{TTFT: 0.15, Percentile: "95"}) }},
		{"MaxRate/loose", func() { MaxRate(c, l, targets) }},
		{"MaxInFlight", func() { MaxInFlight(c, l, targets) }},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bm.run()
			}
		})
	}
}
