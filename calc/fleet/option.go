package fleet

import (
	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// option builds the row of an accelerator from its candidates, best first.
func (e *Estimator) option(r *Requirement, g *catalog.GPU, cs []candidate) *Option {
	c := cs[0]
	p := c.replica
	o := &Option{
		GPU: g, Layout: c.layout(), Weights: c.weights, KV: c.kv,
		Profile: p.cost.Replica().Profile, Speculation: r.Speculation, Unseen: Unseen(p.cost.Replica().Profile, r.Model),
		RateSLO: c.rateSLO, RateMax: c.rateMax, SafeShare: c.safe, ReplicaRate: c.rate, RandomRate: c.random,
		ReqPerSPerGPU:  c.rate / float64(c.layout().GPUs()),
		ReplicasNeeded: c.needed, ReplicasSpare: r.Posture.SpareReplicas, Replicas: c.replicas,
		GPUs:    c.gpus,
		Nodes:   nodes(c.replicas, c.layout(), g) + r.Posture.SpareNodes,
		Binding: c.binding,
		Preview: !c.simulated,

		MaxInFlight: float64(c.inFlight),
	}
	paid := o.GPUs + r.Posture.SpareNodes*max(1, g.GPUsPerNode)
	e.operate(r, o, &c)
	o.pay(r, paid+o.precede(r))
	o.Memory = memory(p, o.At)
	o.assess(r, p, c)
	e.stand(r, o, p)
	if c.simulated && o.Layout.Split() {
		e.together(r, o, r.fixedTP(g))
	}
	for _, alt := range cs[1:] {
		o.RunnersUp = append(o.RunnersUp, e.alternative(r, g, alt, o.Pipeline.GPUs))
		if len(o.RunnersUp) == 4 {
			break
		}
	}
	return o
}

// operate finds what one replica does at the planned peak with the spares idle.
func (e *Estimator) operate(r *Requirement, o *Option, c *candidate) {
	p := c.replica
	if r.Demand.Kind == InFlight {
		n := ceilDiv(int(r.sizedInFlight()+0.5), c.needed)
		n = max(1, n)
		o.InFlight = float64(n)
		if c.simulated {
			o.At = p.inFlight(&e.sim, n)
		} else {
			l := p.shape
			l.Concurrency = n
			o.At = p.formClosed(l)
		}
		o.DemandReqPerS = o.At.ReqPerS * float64(c.needed)
		return
	}
	o.DemandReqPerS = r.sizedReqPerS()
	rate := o.DemandReqPerS / float64(c.needed)
	if !c.simulated {
		l := p.shape
		l.Rate = rate
		o.At = p.formOpen(l)
		return
	}
	runs := make([]serve.Result, finalSeeds)
	for i := range runs {
		if n := r.routed(c); n > 1 {
			runs[i] = p.together(&e.sim, n, rate, finalRequests, uint64(i+1))
			continue
		}
		runs[i] = p.at(&e.sim, rate, finalRequests, uint64(i+1))
	}
	o.At = average(runs)
	if lo, hi := spread(runs); hi > unstableRatio*lo {
		o.Warnings = append(o.Warnings, unstable(lo, hi))
	}
}

// alternative describes a layout that was not chosen; extra is the accelerators
// that are paid for besides its own.
func (e *Estimator) alternative(r *Requirement, g *catalog.GPU, c candidate, extra int) Alternative {
	a := Alternative{Layout: c.layout(), Weights: c.weights, GPUs: c.gpus, Preview: !c.simulated}
	bill := r.Money.Bill(g, c.gpus+extra+r.Posture.SpareNodes*max(1, g.GPUsPerNode), r.Use())
	a.USDPerMonth, a.Priced = bill.PerMonth, bill.Priced
	var res serve.Result
	l := c.replica.shape
	if r.Demand.Kind == InFlight {
		l.Concurrency = max(1, ceilDiv(int(r.sizedInFlight()+0.5), c.needed))
		res = c.replica.formClosed(l)
	} else {
		l.Rate = r.sizedReqPerS() / float64(c.needed)
		res = c.replica.formOpen(l)
		if c.simulated {
			res = c.replica.at(&e.sim, l.Rate, searchRequests, 1)
		}
	}
	a.TTFT, a.ITL = res.TTFT.At(r.Targets.Percentile), res.ITL.At(r.Targets.Percentile)
	return a
}

// memory is the replica's memory at the operating point.
func memory(p *replica, at serve.Result) Memory {
	m := p.memory()
	used := min(at.KVUsedBytes, m.KV)
	return Memory{
		Weights: m.Weights, KVUsed: used, KVFree: m.KV - used,
		Activations: m.Activations, Runtime: m.Runtime, Unusable: m.Unusable, Capacity: m.Capacity,
		KVPerRequest: p.cost.RequestBytes(float64(p.shape.Input + p.shape.Output)),
		Slots:        p.slots,
	}
}

// average joins runs of the same load.
func average(runs []serve.Result) serve.Result {
	out := runs[0]
	n := float64(len(runs))
	mean := func(get func(*serve.Result) *float64) {
		sum := 0.0
		for i := range runs {
			sum += *get(&runs[i])
		}
		*get(&out) = sum / n
	}
	for _, q := range []func(*serve.Result) *serve.Quantiles{
		func(r *serve.Result) *serve.Quantiles { return &r.TTFT },
		func(r *serve.Result) *serve.Quantiles { return &r.ITL },
		func(r *serve.Result) *serve.Quantiles { return &r.E2E },
	} {
		mean(func(r *serve.Result) *float64 { return &q(r).Mean })
		mean(func(r *serve.Result) *float64 { return &q(r).P50 })
		mean(func(r *serve.Result) *float64 { return &q(r).P90 })
		mean(func(r *serve.Result) *float64 { return &q(r).P95 })
		mean(func(r *serve.Result) *float64 { return &q(r).P99 })
	}
	mean(func(r *serve.Result) *float64 { return &r.ReqPerS })
	mean(func(r *serve.Result) *float64 { return &r.OutputTokPerS })
	mean(func(r *serve.Result) *float64 { return &r.TotalTokPerS })
	mean(func(r *serve.Result) *float64 { return &r.Running })
	mean(func(r *serve.Result) *float64 { return &r.Waiting })
	mean(func(r *serve.Result) *float64 { return &r.KVUsedBytes })
	mean(func(r *serve.Result) *float64 { return &r.Preemptions })
	mean(func(r *serve.Result) *float64 { return &r.Busy })
	averageClasses(&out, runs)
	return out
}

// spread is the smallest and largest p95 TTFT over runs.
func spread(runs []serve.Result) (lo, hi float64) {
	lo, hi = runs[0].TTFT.P95, runs[0].TTFT.P95
	for _, r := range runs[1:] {
		lo, hi = min(lo, r.TTFT.P95), max(hi, r.TTFT.P95)
	}
	return lo, hi
}
