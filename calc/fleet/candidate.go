package fleet

import (
	"errors"
	"math"
	"sort"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// candidate is one layout of one accelerator with its planned rate, from the
// closed form or from the simulation.
type candidate struct {
	_ [0]func() // nothing compares it: no code for that in the program

	replica *replica
	weights catalog.Weights
	kv      catalog.Precision

	rateSLO, rateMax, safe, rate float64 // req/s of one replica
	inFlight                     int     // in-flight demand: requests one replica holds
	random                       float64 // req/s of one replica fed at random, where the router is least-loaded; 0 otherwise
	binding                      serve.Limit
	needed, replicas, gpus       int
	simulated                    bool
}

func (c *candidate) layout() Layout { return c.replica.layout }

// obstacle is why a layout is no candidate.
type obstacle struct {
	_ [0]func() // nothing compares it: no code for that in the program

	layout  Layout
	weights catalog.Weights
	reason  Reason
	short   float64     // memory: bytes missing per GPU
	missed  serve.Limit // latency: the first target an empty replica misses
	latency float64     // that latency in seconds
	class   int         // of a mix: whose it is
	gpus    int         // impractical: GPUs it would take
	replica *replica    // nil when it does not fit
	err     error
}

// candidates evaluates every layout of accelerator g with the closed form:
// the layouts that serve the demand, fewest GPUs first, and what keeps the
// others from it.
func (e *Estimator) candidates(r *Requirement, g *catalog.GPU, tp int) (found []candidate, obstacles []obstacle) {
	for _, w := range r.precisions() {
		if r.Split.On() {
			cs, os := e.splitCandidates(r, g, tp, w)
			found, obstacles = append(found, cs...), append(obstacles, os...)
			continue
		}
		fits := false
		for _, l := range layouts(r, g, tp) {
			if fits && lastResort(l, g) {
				break
			}
			p, err := e.replica(r, g, l, w, r.kv(w))
			if err != nil {
				obstacles = append(obstacles, obstacleOf(l, w, err))
				continue
			}
			fits = true
			c := candidate{replica: p, weights: w, kv: r.kv(w)}
			if o := e.preview(r, &c); o != nil {
				obstacles = append(obstacles, *o)
				continue
			}
			found = append(found, c)
		}
	}
	sortCandidates(found)
	return found, obstacles
}

// sortCandidates puts the fewest GPUs first (for one accelerator that is the
// lowest cost), then the larger margin, then the smaller replica.
func sortCandidates(cs []candidate) {
	sort.SliceStable(cs, func(i, j int) bool {
		a, b := &cs[i], &cs[j]
		if a.gpus != b.gpus {
			return a.gpus < b.gpus
		}
		if ma, mb := a.margin(), b.margin(); math.Abs(ma-mb) > 0.05*mb {
			return ma > mb
		}
		return a.layout().GPUs() < b.layout().GPUs()
	})
}

// margin is what the needed replicas hold, in replica rates.
func (c *candidate) margin() float64 { return float64(c.needed) * c.rate }

func obstacleOf(l Layout, w catalog.Weights, err error) obstacle {
	o := obstacle{layout: l, weights: w, err: err, reason: ReasonNoFacts}
	var mem *step.MemoryError
	var prec *step.PrecisionError
	var large *serve.RequestTooLargeError
	switch {
	case errors.As(err, &mem):
		o.reason, o.short = ReasonMemory, mem.ShortPerGPU
	case errors.As(err, &large):
		o.reason, o.short = ReasonMemory, large.ShortPerGPU
	case errors.As(err, &prec):
		o.reason = ReasonPrecision
	}
	return o
}

// preview fills c from the closed form; a non-nil result says why not.
func (e *Estimator) preview(r *Requirement, c *candidate) *obstacle {
	p := c.replica
	c.rateMax = p.formCapacity()
	c.safe = SafeShare(p.queueSlots())
	if r.Demand.Kind == InFlight {
		n, rate, limit := p.formMaxInFlight(r.targetsOn(p.spec.GPU))
		c.inFlight, c.rateSLO, c.rate, c.binding = n, rate, rate, limit
	} else {
		c.rateSLO, c.binding = p.formMaxRate(r.goalsOn(p.spec.GPU)...)
		c.plan()
	}
	return r.count(c, func() (float64, int) { return r.empty(p.formAlone(), c.binding) })
}

// simulate replaces the closed-form figures of c by simulated ones.
func (e *Estimator) simulate(r *Requirement, c *candidate) *obstacle {
	p := c.replica
	c.simulated = true
	c.rateMax = p.capacity(&e.sim)
	if r.Demand.Kind == InFlight {
		c.inFlight, c.binding = p.flightSLO(&e.sim, r.goalsOn(p.spec.GPU))
		c.rateSLO = 0
		if c.inFlight > 0 {
			c.rateSLO = p.inFlight(&e.sim, c.inFlight).ReqPerS
		}
		c.rate = c.rateSLO
	} else {
		c.rateSLO, c.binding = p.rateSLO(&e.sim, r.goalsOn(p.spec.GPU), c.rateSLO)
		c.plan()
		e.pool(r, c)
	}
	return r.count(c, func() (float64, int) { return r.empty(p.alone(&e.sim), c.binding) })
}

// plan sets the planned rate. Where the safe share stops it before a target
// does, what limits capacity is what binds.
func (c *candidate) plan() {
	c.rate = c.rateSLO
	if safe := c.safe * c.rateMax; safe < c.rate {
		c.rate = safe
		switch c.binding {
		case serve.LimitTTFT, serve.LimitITL, serve.LimitE2E, serve.LimitLoad:
			c.binding = c.replica.formLimit()
		}
	}
}

// count turns the planned rate into replicas and GPUs.
func (r *Requirement) count(c *candidate, latency func() (seconds float64, class int)) *obstacle {
	o := obstacle{layout: c.layout(), weights: c.weights, replica: c.replica}
	if c.rate <= 0 || r.Demand.Kind == InFlight && c.inFlight < 1 {
		o.missed = c.binding
		o.latency, o.class = latency()
		switch c.binding {
		case serve.LimitITL:
			o.reason = ReasonITL
		case serve.LimitE2E:
			o.reason = ReasonE2E
		default:
			o.reason = ReasonTTFT
		}
		return &o
	}
	need := r.sizedReqPerS() / (r.Posture.Utilization * c.rate)
	if r.Demand.Kind == InFlight {
		need = r.sizedInFlight() / (r.Posture.Utilization * float64(c.inFlight))
	}
	perReplica := c.layout().GPUs()
	total := (math.Max(1, math.Ceil(need-1e-9)) + float64(r.Posture.SpareReplicas)) * float64(perReplica)
	if total > MaxGPUs {
		o.reason = ReasonImpractical
		o.gpus = int(math.Min(total, 1e9))
		return &o
	}
	c.needed = max(1, int(math.Ceil(need-1e-9)))
	c.replicas = c.needed + r.Posture.SpareReplicas
	c.gpus = c.replicas * perReplica
	return nil
}

// alone is one request at a time; a mix has all its classes.
func (p *replica) alone(sim *simulator) serve.Result {
	if p.shape.Mix != nil {
		return p.point(sim, gridBottom)
	}
	return p.run(sim, single(p.shape))
}

// formAlone is alone by the closed form.
func (p *replica) formAlone() serve.Result {
	if l := p.shape; l.Mix != nil {
		l.Rate = p.formCapacity() * gridShare(gridBottom)
		return p.formOpen(l)
	}
	return p.formClosed(single(p.shape))
}

func single(shape serve.Load) serve.Load {
	shape.Concurrency = 1
	shape.Requests = 20
	return shape
}
