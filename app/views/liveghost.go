package views

import (
	"strconv"

	"fleetsize/calc/bench"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// ghost is what the model expects of the endpoint: the thin line beside the
// measured one.
type ghost struct {
	name string     // "Llama 3.1 8B on 1 × H100 SXM"
	why  string     // why there is none
	cost *step.Cost // nil = there is none
	memo map[[3]int]ghostPoint
}

// ghostPoint is the prediction for one closed loop.
type ghostPoint struct {
	tokS       float64 // output tok/s
	speed      float64 // tok/s of one request
	ttft, tpot float64 // seconds
}

// liveDeployment is what stands behind the endpoint: what the user said, else
// the sizing's best option.
func (v *Page) liveDeployment() bench.Deployment {
	l, s := &v.endpoint, v.s
	d := bench.Deployment{Model: s.Req.Model.ID, GPU: "h100-sxm-80gb", TP: 1, Engine: s.Req.Engine.ID, Version: s.Req.Version}
	d.Weights = string(s.Req.Model.Resolve(s.Req.Weights).Main())
	if g := s.Req.GPUs; len(g) == 1 {
		d.GPU = g[0].GPU.ID
	}
	if o := s.Best(); o != nil && len(s.Req.GPUs) == 1 {
		d.TP, d.Weights = o.Layout.TP, string(o.Weights.Main())
	}
	for _, said := range []struct {
		to   *string
		word string
	}{{&d.GPU, l.on8.gpu}, {&d.Engine, l.on8.engine}, {&d.Weights, l.on8.weights}} {
		if said.word != "" {
			*said.to = said.word
		}
	}
	if n, err := strconv.Atoi(l.on8.tp); err == nil {
		d.TP = n
	}
	d.PP, d.GPUs = 1, d.TP
	return d
}

// ghostOf predicts by the closed form, with the profile that the sizing uses.
func (v *Page) ghostOf() ghost {
	d := v.liveDeployment()
	cat := v.s.Catalog()
	g, okG := cat.GPU(d.GPU)
	m, okM := cat.Model(d.Model)
	e, okE := cat.Engine(d.Engine)
	if !okG || !okM || !okE {
		return ghost{why: "The catalog does not have what stands behind the endpoint."}
	}
	weights := m.Resolve(catalog.Precision(d.Weights))
	sched := e.SchedulerFor(g, d.Version, m.ID, d.TP)
	cost, err := step.New(step.Replica{
		Model: m, GPU: g, Engine: e, Profile: e.ProfileFor(g, d.Version), TP: d.TP, PP: 1,
		Weights: weights, KV: e.KV(weights.Main()), Scheduler: &sched,
	})
	if err != nil {
		return ghost{why: upperFirst(err.Error()) + "."}
	}
	return ghost{name: m.Name + " on " + behindWords(cat, d), cost: cost, memo: map[[3]int]ghostPoint{}}
}

// at is the prediction for requests of a size, so many in flight; ok is false
// where there is none.
func (g *ghost) at(in, out, inFlight int) (p ghostPoint, ok bool) {
	load := serve.Load{Input: in, Output: out, LengthRatio: 1, Concurrency: inFlight}
	if g.cost == nil || inFlight < 1 || load.Validate() != nil {
		return p, false
	}
	key := [3]int{in, out, inFlight}
	p, ok = g.memo[key]
	if !ok {
		r := serve.Closed(g.cost, load)
		p = ghostPoint{r.OutputTokPerS, 1 / r.ITL.Mean, r.TTFT.Mean, r.ITL.Mean}
		g.memo[key] = p
	}
	return p, p.tokS > 0 && p.tpot > 0
}

// shape is the size of the requests that the chart is about: those of the
// plan's ladder, else of its newest phase under load; ok is false where one
// request at a time, or arrivals at a rate, leave nothing to draw.
func (l *liveState) shape(results []bench.PhaseResult) (in, out int, ok bool) {
	switch p := l.session.Run().Plan(); p.Kind {
	case bench.Load, bench.SLO, bench.Sweep:
		return p.Input, p.Output, true
	}
	for i := len(results) - 1; i >= 0; i-- {
		if p := &results[i].Phase; p.Concurrency > 1 {
			return p.Input, p.Output, true
		}
	}
	return 0, 0, false
}
