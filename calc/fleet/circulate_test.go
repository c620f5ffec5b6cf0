package fleet

import (
	"math"
	"testing"

	"fleetsize/calc/serve"
)

// With n requests in flight, rate times the time of a whole answer is n: clients
// that wait for an answer of 44 ms do not get 42 of them a second one by one.
func TestClosedLoopObeysLittlesLaw(t *testing.T) {
	r := worked(t)
	var e Estimator
	for _, id := range []string{"h100-sxm-80gb", "b200-180gb", "l40s"} {
		g := only(t, r, id).GPUs[0].GPU
		for _, l := range []serve.Load{
			{Input: 50, Output: 2, Concurrency: 1},
			{Input: 500, Output: 1, Concurrency: 8},
			{Input: 1000, Output: 200, Concurrency: 20},
			{Input: 5000, Output: 500, Concurrency: 4},
		} {
			p, err := e.replica(&r, g, Layout{TP: 1, PP: 1}, r.Model.Native, r.kv(r.Model.Native))
			if err != nil {
				t.Fatal(err)
			}
			delay := p.cost.Profile().FirstTokenDelay
			for name, at := range map[string]serve.Result{"simulated": p.run(&e.sim, l), "closed form": p.formClosed(l)} {
				n := float64(l.Concurrency)
				if flight := at.ReqPerS * at.E2E.Mean; math.Abs(flight-n) > 0.03*n {
					t.Errorf("%s, %s, %d in and %d out: %.3g req/s of %.3g s keep %.3g in flight, not %g", id, name, l.Input, l.Output, at.ReqPerS, at.E2E.Mean, flight, n)
				}
				// What is not in the engine is on its way.
				if inside := at.Running + at.Waiting + at.ReqPerS*delay; math.Abs(inside-n) > 0.03*n {
					t.Errorf("%s, %s, %d in and %d out: %.3g run or wait and %.3g are on their way, want %g", id, name, l.Input, l.Output, at.Running+at.Waiting, at.ReqPerS*delay, n)
				}
			}
			// A finite run is as it was fitted.
			l.Rounds = 3
			var sim serve.Sim
			if got, want := p.run(&e.sim, l), sim.Run(p.cost, l); got != want {
				t.Errorf("%s: a finite run has %+v, the engine %+v", id, got, want)
			}
		}
	}
}
