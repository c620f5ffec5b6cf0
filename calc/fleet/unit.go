package fleet

import (
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// simulator runs whole and disaggregated replicas.
type simulator struct {
	whole serve.Sim
	apart serve.SplitSim
	many  serve.Cluster // several behind a least-loaded router
}

// splitOff makes p the decode side of a disaggregated replica whose prefill
// instances are spec.
func (p *replica) splitOff(spec step.Replica) error {
	spec.Speculation = step.Speculation{} // prompts draft nothing
	prefill, err := step.New(spec)
	if err != nil {
		return err
	}
	l, g := p.layout, p.spec.GPU
	rate, delay := step.Link(g, p.cost.Profile(), l.GPUs() <= g.LinkDomain)
	p.split = &serve.Split{
		Prefill: prefill, Decode: p.cost, P: l.Prefill, D: l.Decode,
		LinkBytesPerS: rate * float64(min(prefill.CacheRanks(), p.cost.CacheRanks())),
		LinkDelay:     delay,
	}
	p.slots = p.split.Slots(p.shape)
	return p.split.Fits(p.shape)
}

// run simulates the replica under load l.
func (p *replica) run(sim *simulator, l serve.Load) serve.Result {
	if p.split != nil {
		return sim.apart.Run(p.split, l)
	}
	return sim.whole.Run(p.cost, l)
}

// simCapacity is the simulated throughput in req/s when requests always wait.
func (p *replica) simCapacity(sim *simulator) float64 {
	if p.split != nil {
		return sim.apart.Capacity(p.split, p.shape)
	}
	return sim.whole.Capacity(p.cost, p.shape)
}

// The closed form of either kind of replica.

func (p *replica) formCapacity() float64 {
	if p.split != nil {
		return p.split.Capacity(p.shape)
	}
	return serve.Capacity(p.cost, p.shape)
}

func (p *replica) formLimit() serve.Limit {
	if p.split != nil {
		return p.split.CapacityLimit(p.shape)
	}
	return serve.CapacityLimit(p.cost, p.shape)
}

func (p *replica) formMaxRate(t ...catalog.Targets) (float64, serve.Limit) {
	if p.split != nil {
		return p.split.MaxRate(p.shape, t[0])
	}
	return serve.MaxRate(p.cost, p.shape, t...)
}

func (p *replica) formMaxInFlight(t catalog.Targets) (int, float64, serve.Limit) {
	if p.split != nil {
		return p.split.MaxInFlight(p.shape, t)
	}
	return serve.MaxInFlight(p.cost, p.shape, t)
}

func (p *replica) formOpen(l serve.Load) serve.Result {
	if p.split != nil {
		return p.split.Open(l)
	}
	return serve.Open(p.cost, l)
}

func (p *replica) formClosed(l serve.Load) serve.Result {
	if p.split != nil {
		return p.split.Closed(l)
	}
	return serve.Closed(p.cost, l)
}

// queueSlots is how many requests one queue of the replica runs at once: a
// decode instance has its own.
func (p *replica) queueSlots() int {
	if p.split != nil {
		return p.slots / p.split.D
	}
	return p.slots
}

// memory is the split of the replica's memory over all its GPUs.
func (p *replica) memory() step.Memory {
	m := p.cost.Memory()
	if p.split == nil {
		return m
	}
	a := p.split.Prefill.Memory()
	n, k := float64(p.split.P), float64(p.split.D)
	sum := func(x, y float64) float64 { return n*x + k*y }
	out := step.Memory{
		Weights: sum(a.Weights, m.Weights), KV: sum(a.KV, m.KV), Activations: sum(a.Activations, m.Activations),
		Runtime: sum(a.Runtime, m.Runtime), Capacity: sum(a.Capacity, m.Capacity),
	}
	out.Unusable = max(0, out.Capacity-out.Weights-out.KV-out.Activations-out.Runtime)
	return out
}
