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
	return p.circulate(l, sim.whole.Run(p.cost, l))
}

// circulate is the result of a steady closed loop whose clients send the next
// request when they have seen the answer to the one before. The engine works in
// the rhythm of its steps, as in the runs that profiles were fitted to: there a
// request follows when the engine is done with the last, and the first-token
// delay is on top of what clients see. In that time n requests make a little
// less than n in the engine, by Little's law in all
//
//	rate · whole answer = n
//
// so rates and averages over time are n/(n + rate·delay) of those of the
// simulation: 1 % less where answers take seconds, half where they take
// milliseconds. Finite runs, as benchmarks are, stay as they were fitted.
func (p *replica) circulate(l serve.Load, r serve.Result) serve.Result {
	n := float64(l.Concurrency)
	if delay := p.cost.Profile().FirstTokenDelay; n > 0 && l.Rounds == 0 && delay > 0 {
		f := n / (n + r.ReqPerS*delay)
		for _, x := range []*float64{&r.ReqPerS, &r.OutputTokPerS, &r.TotalTokPerS, &r.Running, &r.Waiting, &r.KVUsedBytes, &r.Busy} {
			*x *= f
		}
	}
	return r
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

// formMaxRate remembers the rate for the targets it was asked for last: neither
// demand nor posture changes it, and it is three quarters of a preview.
func (p *replica) formMaxRate(t ...catalog.Targets) (float64, serve.Limit) {
	k := &p.formRate
	if len(t) == 1 && k.limit != "" && k.targets == t[0] {
		return k.rate, k.limit
	}
	if len(t) == 1 {
		k.targets = t[0]
		k.rate, k.limit = p.searchMaxRate(t)
		return k.rate, k.limit
	}
	return p.searchMaxRate(t)
}

func (p *replica) searchMaxRate(t []catalog.Targets) (float64, serve.Limit) {
	if p.split != nil {
		return p.split.MaxRate(p.shape, t...)
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
	return p.circulate(l, serve.Closed(p.cost, l))
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
