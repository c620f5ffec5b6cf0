package fleet

import (
	"math"

	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// PricePoint is the fleet one accelerator needs at one first-token target.
type PricePoint struct {
	TTFT     float64 // target in seconds
	GPUs     int     // 0 = not viable at this target
	Rate     float64 // req/s that one replica of the best layout is planned with
	InFlight int     // requests one replica holds, where demand is in flight
	Layout   Layout  // the best at this target
}

// PriceCurve is the price of latency on one accelerator: GPUs needed against
// the first-token target, everything else unchanged.
type PriceCurve struct {
	GPU     *catalog.GPU
	Points  []PricePoint // by rising target
	Preview bool
}

// PriceTargets are the first-token targets a price curve is drawn at: half a
// second to five, the requirement's own target, and further steps where that
// lies outside.
func PriceTargets(current float64) []float64 {
	ts := []float64{0.5, 0.7, 1, 1.4, 2, 3, 5}
	if current <= 0 {
		return ts
	}
	for lo := ts[0] / 2; current < ts[0]*0.99; lo /= 2 {
		ts = append([]float64{lo}, ts...)
	}
	for hi := ts[len(ts)-1] * 2; current > ts[len(ts)-1]*1.01; hi *= 2 {
		ts = append(ts, hi)
	}
	for i, t := range ts {
		if math.Abs(t/current-1) < 1e-6 {
			return ts
		}
		if t > current {
			return append(ts[:i:i], append([]float64{current}, ts[i:]...)...)
		}
	}
	return ts
}

// PriceOfLatency computes the price curve of accelerator g; exact false
// answers from the closed form.
func (e *Estimator) PriceOfLatency(r Requirement, g *catalog.GPU, exact bool) PriceCurve {
	curve := PriceCurve{GPU: g, Preview: !exact}
	tp, _ := r.considered(g)
	for _, t := range PriceTargets(r.Targets.TTFT) {
		q := r
		q.Targets.TTFT = t
		pt := PricePoint{TTFT: t}
		if c := e.cheapest(&q, g, tp, exact); c != nil {
			pt.GPUs, pt.Rate, pt.InFlight, pt.Layout = c.gpus, c.rate, c.inFlight, c.layout()
		}
		curve.Points = append(curve.Points, pt)
	}
	return curve
}

// cheapest is the best layout on g, nil when none serves.
func (e *Estimator) cheapest(r *Requirement, g *catalog.GPU, tp int, exact bool) *candidate {
	if r.problem() != nil {
		return nil
	}
	w := &row{gpu: g}
	w.found, _ = e.candidates(r, g, tp)
	if exact {
		w.found = e.exactly(r, w)
	}
	if len(w.found) == 0 {
		return nil
	}
	return &w.found[0]
}

// LoadPoint is one replica's steady state with a number of requests in flight.
type LoadPoint struct {
	InFlight int
	At       serve.Result
}

// LoadCurve shows how one replica of an option answers as more requests are in
// flight at once: 1, 2, 4 … up to twice what fits, and the point where the
// planned peak lies. Little's law links it to open-loop load: requests in
// flight = rate · end-to-end time.
func (e *Estimator) LoadCurve(r Requirement, o *Option) []LoadPoint {
	p, err := e.replica(&r, o.GPU, o.Layout, o.Weights, o.KV)
	if err != nil {
		return nil
	}
	return p.curve(&e.sim)
}

// LoadCurve is that of the unit for requests of the load's lengths.
func (u *Unit) LoadCurve(l serve.Load) []LoadPoint {
	p := u.replica(serve.Load{Input: l.Input, Output: l.Output, LengthRatio: l.LengthRatio, CachedShare: l.CachedShare})
	p.closed = map[int]serve.Result{}
	var sim simulator
	return p.curve(&sim)
}

func (p *replica) curve(sim *simulator) []LoadPoint {
	most := max(4, min(2*p.slots, 1024))
	var ps []LoadPoint
	for n := 1; n <= most; n *= 2 {
		ps = append(ps, LoadPoint{n, p.inFlight(sim, n)})
	}
	return ps
}
