package fleet

import (
	"math"

	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// mostRouted is the number of replicas a least-loaded router is simulated
// with at most. More of them gain little further, and what is left out is in
// the fleet's favor.
const mostRouted = 8

// routed is how many replicas c is simulated with: 1 where the router does not
// matter or is not modeled (requests in flight; prompts computed elsewhere).
func (r *Requirement) routed(c *candidate) int {
	if r.Router != serve.RouteLeast || r.Demand.Kind == InFlight || c.replica.split != nil {
		return 1
	}
	return min(c.replicasAt(r), mostRouted)
}

// replicasAt is the replicas that the planned rate of c asks for.
func (c *candidate) replicasAt(r *Requirement) int {
	if !(c.rate > 0) {
		return 1
	}
	return max(1, int(math.Ceil(math.Min(r.sizedReqPerS()/(r.Posture.Utilization*c.rate), 1e6)-1e-9)))
}

// pool replaces the rate of a replica that is fed at random by what it holds
// behind a least-loaded router together with its fellows: the smallest number
// of replicas whose common rate serves the demand. A smaller fleet gains less
// from the router, so sizes are tried from the smallest up.
func (e *Estimator) pool(r *Requirement, c *candidate) {
	most := r.routed(c)
	if most < 2 {
		return
	}
	p, alone := c.replica, *c
	t := r.goalsOn(p.spec.GPU)
	at := func(n int) candidate {
		d := alone
		d.safe = SafeShare(p.queueSlots() * n)
		if rate := p.pooledRate(&e.sim, t, n, alone.rateSLO); rate > d.rateSLO {
			d.rateSLO = rate
		}
		d.plan()
		return d
	}
	best := at(most)
	for n := max(2, best.replicasAt(r)); n < most; n++ {
		if d := at(n); d.replicasAt(r) <= n {
			best = d
			break
		}
	}
	best.random = alone.rate
	*c = best
}

// pooledRate is the highest rate of one of n replicas behind a least-loaded
// router at which every target is met, to a step of the load grid; from is a
// rate that a replica holds alone.
func (p *replica) pooledRate(sim *simulator, t []catalog.Targets, n int, from float64) float64 {
	top := p.capacity(sim)
	if !(top > 0) {
		return 0
	}
	lo := max(0, min(gridTop, int(from/top*gridSteps)))
	hi := gridTop + 1
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if missed(p.pooled(sim, n, mid), t...) == "" {
			lo = mid
		} else {
			hi = mid
		}
	}
	if lo < 1 {
		return 0
	}
	return top * gridShare(lo)
}

// pooled is the result of one of n replicas behind a least-loaded router at
// grid point k.
func (p *replica) pooled(sim *simulator, n, k int) serve.Result {
	key := [2]int{n, k}
	if res, ok := p.many[key]; ok {
		return res
	}
	if p.many == nil {
		p.many = map[[2]int]serve.Result{}
	}
	res := p.together(sim, n, p.capacity(sim)*gridShare(k), searchRequests, 1)
	p.many[key] = res
	return res
}

// together is one of n replicas behind a least-loaded router, each at rate.
func (p *replica) together(sim *simulator, n int, rate float64, requests int, seed uint64) serve.Result {
	l := p.shape
	l.Rate, l.Requests, l.Seed = rate*float64(n), p.requests(requests), seed
	return sim.many.Run(p.cost, l, n, serve.RouteLeast)
}
