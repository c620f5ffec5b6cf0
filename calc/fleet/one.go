package fleet

import (
	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// On answers for accelerator g alone, whether or not the requirement considers
// it: exactly, or from the closed form. Without an option the exclusion says
// why; it names no nearest change.
func (e *Estimator) On(r Requirement, g *catalog.GPU, exact bool) (*Option, *Exclusion) {
	if p := r.problem(); p != nil {
		return nil, &Exclusion{GPU: g, Reason: ReasonNoFacts, Text: p.Text, Nearest: p.Remedy}
	}
	if !r.Engine.RunsOn(g) {
		return nil, &Exclusion{GPU: g, Reason: ReasonNotConsidered, Text: r.Engine.Name + " does not run on " + g.Vendor + " accelerators."}
	}
	tp := r.fixedTP(g)
	w := &row{gpu: g}
	w.found, w.obstacles = e.candidates(&r, g, tp)
	good := w.found
	if exact {
		good = e.exactly(&r, w)
	}
	if len(good) == 0 {
		return nil, exclude(&r, g, w.obstacles)
	}
	return e.option(&r, g, good), nil
}

// fixedTP is the tensor-parallel size the requirement fixes on g, 0 = search.
func (r *Requirement) fixedTP(g *catalog.GPU) int {
	for _, c := range r.GPUs {
		if c.GPU.ID == g.ID && c.TP > 0 {
			return c.TP
		}
	}
	return r.TP
}

// Holding is what one replica of one layout holds with every target met,
// whatever the demand.
type Holding struct {
	Layout  Layout
	Weights catalog.Weights
	KV      catalog.Precision
	Rate    float64 // planned req/s of one replica at 100 % utilization: min(rate inside the targets, safe share · capacity)
	// InFlight is the requests in flight one replica holds; 0 unless the
	// demand is stated that way.
	InFlight int
	Slots    int // requests that fit at once

	alone candidate // fed at random
}

// Pooled is the rate of h when n replicas serve together: with a least-loaded
// router each holds more than alone, up to the number of replicas that are
// simulated together; at random it is h.Rate.
func (e *Estimator) Pooled(r *Requirement, h *Holding, n int) float64 {
	if r.Router != serve.RouteLeast || r.Demand.Kind == InFlight || h.alone.replica == nil || h.alone.replica.split != nil || n < 2 {
		return h.Rate
	}
	c := h.alone
	p := c.replica
	n = min(n, mostRouted)
	c.safe = SafeShare(p.queueSlots() * n)
	if rate := p.pooledRate(&e.sim, r.goalsOn(p.spec.GPU), n, c.rateSLO); rate > c.rateSLO {
		c.rateSLO = rate
	}
	c.plan()
	return c.rate
}

// Holdings lists what one replica of g holds in each layout that serves the
// workload inside the targets, in the order of Layouts. Without any, the
// exclusion says why.
func (e *Estimator) Holdings(r Requirement, g *catalog.GPU, exact bool) ([]Holding, *Exclusion) {
	// The least demand and no margin: nothing is impractical.
	r.Posture = Posture{Utilization: 1}
	if r.Demand.Kind == InFlight {
		r.Demand = Demand{Kind: InFlight, InFlight: 1}
	} else {
		r.Demand = Demand{Kind: PerSecond, ReqPerS: 1e-9}
	}
	if p := r.problem(); p != nil {
		return nil, &Exclusion{GPU: g, Reason: ReasonNoFacts, Text: p.Text, Nearest: p.Remedy}
	}
	if !r.Engine.RunsOn(g) {
		return nil, &Exclusion{GPU: g, Reason: ReasonNotConsidered, Text: r.Engine.Name + " does not run on " + g.Vendor + " accelerators."}
	}
	found, obstacles := e.candidates(&r, g, r.fixedTP(g))
	var held []Holding
	for i := range found {
		c := found[i]
		if exact {
			if o := e.simulate(&r, &c); o != nil {
				obstacles = append(obstacles, *o)
				continue
			}
		}
		held = append(held, Holding{Layout: c.layout(), Weights: c.weights, KV: c.kv, Rate: c.rate, InFlight: c.inFlight, Slots: c.replica.slots, alone: c})
	}
	if len(held) == 0 {
		return nil, exclude(&r, g, obstacles)
	}
	return held, nil
}

// Ahead is the accelerators of type g that the stages before the model take at
// a peak of reqPerS requests a second; 0 where there are none.
func (r *Requirement) Ahead(g *catalog.GPU, reqPerS float64) int {
	o := Option{GPU: g, DemandReqPerS: reqPerS}
	return o.precede(r)
}

// Nodes is how many servers of g replicas of layout l take: a replica is
// never spread over servers unless it is larger than one.
func Nodes(replicas int, l Layout, g *catalog.GPU) int { return nodes(replicas, l, g) }

// Room is how many replicas of layout l fit on n accelerators of type g that
// stand in whole servers, the last of which may be partly filled.
func Room(n int, l Layout, g *catalog.GPU) int {
	per, size := max(1, g.GPUsPerNode), l.GPUs()
	if size < 1 || n < size {
		return 0
	}
	switch {
	case l.Split(), l.TP > per: // instances are placed one by one; the link domain spans servers
		return n / size
	case size <= per:
		return n/per*(per/size) + n%per/size
	}
	stages := max(1, per/l.TP) // pipeline stages in one server
	return n / per / ceilDiv(l.PP, stages)
}
