package fleet

import (
	"sort"

	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// row is what is known about one accelerator.
type row struct {
	gpu       *catalog.GPU
	found     []candidate
	obstacles []obstacle
	option    *Option
	excluded  *Exclusion
	exact     bool
}

// Planner produces the exact answer one accelerator at a time, the best
// previewed ones first, so that the headline is final long before the table.
type Planner struct {
	est      *Estimator
	req      Requirement
	problem  *Problem
	rows     []*row
	queue    []*row
	total    int
	headline bool
}

// Preview answers from the closed form alone.
func (e *Estimator) Preview(r Requirement) Answer { return e.Plan(r).Answer() }

// Size answers exactly.
func (e *Estimator) Size(r Requirement) Answer {
	p := e.Plan(r)
	for !p.Step() {
	}
	return p.Answer()
}

// Plan starts an exact answer; until its first Step it is the preview.
func (e *Estimator) Plan(r Requirement) *Planner {
	p := &Planner{est: e, req: r}
	if p.problem = r.problem(); p.problem != nil {
		for _, g := range r.Catalog.GPUs {
			p.rows = append(p.rows, &row{gpu: g, exact: true, excluded: r.excludedByProblem(g, p.problem)})
		}
		return p
	}
	for _, g := range r.Catalog.GPUs {
		w := &row{gpu: g}
		p.rows = append(p.rows, w)
		tp, ok := r.considered(g)
		if !ok || !r.Engine.RunsOn(g) {
			w.excluded = notConsidered(&r, g)
			p.queue = append(p.queue, w)
			continue
		}
		w.found, w.obstacles = e.candidates(&r, g, tp)
		if len(w.found) > 0 {
			w.option = e.option(&r, g, w.found)
		} else {
			w.excluded = exclude(&r, g, w.obstacles)
		}
		p.queue = append(p.queue, w)
	}
	p.total = len(p.queue)
	sort.SliceStable(p.queue, func(i, j int) bool {
		a, b := p.queue[i], p.queue[j]
		if (a.option == nil) != (b.option == nil) {
			return a.option != nil
		}
		if a.option == nil {
			return a.excluded.Reason != ReasonNotConsidered && b.excluded.Reason == ReasonNotConsidered
		}
		return before(a.option, b.option)
	})
	return p
}

// Step makes one more accelerator exact and reports whether all are.
func (p *Planner) Step() (done bool) {
	if len(p.queue) == 0 {
		return true
	}
	w := p.queue[0]
	p.queue = p.queue[1:]
	p.refine(w)
	return len(p.queue) == 0
}

// Progress is the share of accelerators that are exact, 0 to 1.
func (p *Planner) Progress() float64 {
	if p.total == 0 {
		return 1
	}
	return 1 - float64(len(p.queue))/float64(p.total)
}

// HeadlineDone reports whether the first option is exact and no accelerator
// still waiting can take its place, as far as the preview can tell.
func (p *Planner) HeadlineDone() bool {
	if len(p.queue) == 0 {
		return true
	}
	var best *Option
	for _, w := range p.rows {
		if w.exact && w.option != nil && (best == nil || before(w.option, best)) {
			best = w.option
		}
	}
	if best == nil {
		return false
	}
	for _, w := range p.queue {
		if w.option == nil {
			continue
		}
		rival := *w.option
		rival.USDPerMonth *= previewSlack
		rival.GPUs = int(float64(rival.GPUs) * previewSlack)
		if before(&rival, best) {
			return false
		}
	}
	return true
}

// previewSlack is how much cheaper the exact answer may turn out than its
// preview before the planner is surprised.
const previewSlack = 0.85

// A layout is simulated as long as its preview needs at most layoutSlack times
// the GPUs of the best simulated one, at most triedLayouts in all.
const (
	triedLayouts = 6
	layoutSlack  = 1.1
)

// refine replaces the preview of w by simulated figures.
func (p *Planner) refine(w *row) {
	e, r := p.est, &p.req
	w.exact = true
	if len(w.found) == 0 {
		p.confirm(w)
		return
	}
	good := e.exactly(r, w)
	if len(good) == 0 {
		w.option = nil
		p.confirm(w)
		return
	}
	for _, c := range w.found { // layouts that were not simulated stay as previews
		if !contains(good, c) && c.gpus > good[len(good)-1].gpus {
			good = append(good, c)
		}
	}
	w.excluded = nil
	w.option = e.option(r, w.gpu, good)
}

// exactly simulates the layouts of w that may turn out best and returns those
// that serve the demand, best first; what stops the others is added to the
// obstacles of w.
func (e *Estimator) exactly(r *Requirement, w *row) []candidate {
	var good []candidate
	for i := range w.found {
		c := w.found[i]
		if len(good) > 0 && (i >= triedLayouts || float64(c.gpus) > layoutSlack*float64(good[0].gpus)) {
			break
		}
		if o := e.simulate(r, &c); o != nil {
			w.obstacles = append(w.obstacles, *o)
			continue
		}
		good = append(good, c)
		sortCandidates(good)
	}
	return good
}

func contains(cs []candidate, c candidate) bool {
	for i := range cs {
		if cs[i].replica == c.replica {
			return true
		}
	}
	return false
}

// confirm settles an exclusion and looks for the nearest change.
func (p *Planner) confirm(w *row) {
	if w.excluded == nil || w.excluded.Reason != ReasonNotConsidered {
		w.excluded = exclude(&p.req, w.gpu, w.obstacles)
	}
	w.excluded.Nearest = p.est.nearest(&p.req, w.gpu, w.excluded, w.obstacles)
}

// Answer is what is known so far.
func (p *Planner) Answer() Answer {
	a := Answer{
		DemandReqPerS: p.req.Demand.PeakReqPerS(),
		SizedReqPerS:  p.req.sizedReqPerS(),
		Problem:       p.problem,
		Preview:       len(p.queue) > 0,
	}
	for _, w := range p.rows {
		if w.option != nil {
			a.Options = append(a.Options, *w.option)
		} else {
			a.Excluded = append(a.Excluded, *w.excluded)
		}
	}
	sort.SliceStable(a.Options, func(i, j int) bool { return before(&a.Options[i], &a.Options[j]) })
	return a
}

// before is the ranking: priced options by monthly cost, then unpriced ones
// by GPUs, ties by id.
func before(a, b *Option) bool {
	if a.Priced != b.Priced {
		return a.Priced
	}
	if a.Priced && a.USDPerMonth != b.USDPerMonth {
		return a.USDPerMonth < b.USDPerMonth
	}
	if !a.Priced && a.GPUs != b.GPUs {
		return a.GPUs < b.GPUs
	}
	return a.GPU.ID < b.GPU.ID
}

// option builds the row of an accelerator from its candidates, best first.
func (e *Estimator) option(r *Requirement, g *catalog.GPU, cs []candidate) *Option {
	c := cs[0]
	p := c.replica
	o := &Option{
		GPU: g, Layout: c.layout(), Weights: c.weights, KV: c.kv,
		Profile: p.cost.Replica().Profile,
		RateSLO: c.rateSLO, RateMax: c.rateMax, SafeShare: c.safe, ReplicaRate: c.rate,
		ReqPerSPerGPU:  c.rate / float64(c.layout().GPUs()),
		ReplicasNeeded: c.needed, ReplicasSpare: r.Posture.SpareReplicas, Replicas: c.replicas,
		GPUs:    c.gpus,
		Nodes:   nodes(c.replicas, c.layout(), g) + r.Posture.SpareNodes,
		Binding: c.binding,
		Preview: !c.simulated,
	}
	paid := o.GPUs + r.Posture.SpareNodes*max(1, g.GPUsPerNode)
	o.USDPerMonth, o.Priced = rent(g, paid)
	o.KW, o.PowerBasis, o.Powered = power(g, paid)
	e.operate(r, o, &c)
	o.Memory = memory(p, o.At)
	o.assess(r, p, c)
	for _, alt := range cs[1:] {
		o.RunnersUp = append(o.RunnersUp, e.alternative(r, g, alt))
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
			o.At = serve.Closed(p.cost, l)
		}
		o.DemandReqPerS = o.At.ReqPerS * float64(c.needed)
		return
	}
	o.DemandReqPerS = r.sizedReqPerS()
	rate := o.DemandReqPerS / float64(c.needed)
	if !c.simulated {
		l := p.shape
		l.Rate = rate
		o.At = serve.Open(p.cost, l)
		return
	}
	runs := make([]serve.Result, finalSeeds)
	for i := range runs {
		runs[i] = p.at(&e.sim, rate, finalRequests, uint64(i+1))
	}
	o.At = average(runs)
	if lo, hi := spread(runs); hi > 1.5*lo {
		o.Warnings = append(o.Warnings, Warning{"unstable",
			"TTFT p95 differs by more than half between equal runs at this load: treat it as a range."})
	}
}

// alternative describes a layout that was not chosen.
func (e *Estimator) alternative(r *Requirement, g *catalog.GPU, c candidate) Alternative {
	a := Alternative{Layout: c.layout(), Weights: c.weights, GPUs: c.gpus, Preview: !c.simulated}
	a.USDPerMonth, a.Priced = rent(g, c.gpus+r.Posture.SpareNodes*max(1, g.GPUsPerNode))
	var res serve.Result
	l := c.replica.shape
	if r.Demand.Kind == InFlight {
		l.Concurrency = max(1, ceilDiv(int(r.sizedInFlight()+0.5), c.needed))
		res = serve.Closed(c.replica.cost, l)
	} else {
		l.Rate = r.sizedReqPerS() / float64(c.needed)
		res = serve.Open(c.replica.cost, l)
		if c.simulated {
			res = c.replica.at(&e.sim, l.Rate, searchRequests, 1)
		}
	}
	a.TTFT, a.ITL = quantile(res.TTFT, r.Targets.Percentile), quantile(res.ITL, r.Targets.Percentile)
	return a
}

// memory is the replica's memory at the operating point.
func memory(p *replica, at serve.Result) Memory {
	m := p.cost.Memory()
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
