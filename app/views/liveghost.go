package views

import (
	"strconv"

	"fleetsize/calc/bench"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// ghost is what the model expects of the endpoint at each load of a ladder:
// the thin line beside the measured one.
type ghost struct {
	name   string // "Llama 3.1 8B on 1 × H100 SXM"
	why    string // why there is none
	points []ghostPoint
}

type ghostPoint struct {
	load       int
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

// ghostOf predicts a ladder of loads by the closed form, with the profile that
// the sizing uses.
func (v *Page) ghostOf(p bench.Plan) ghost {
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
	out := ghost{name: m.Name + " on " + behindWords(cat, d)}
	in, tokens := p.Input, p.Output
	for n := 1; n <= max(p.MaxConcurrency, 1); n *= 2 {
		load := serve.Load{Input: in, Output: tokens, LengthRatio: 1, Concurrency: n}
		if load.Validate() != nil {
			break
		}
		r := serve.Closed(cost, load)
		if !(r.ITL.Mean > 0) || !(r.OutputTokPerS > 0) {
			continue
		}
		out.points = append(out.points, ghostPoint{n, r.OutputTokPerS, 1 / r.ITL.Mean, r.TTFT.Mean, r.ITL.Mean})
	}
	return out
}

// at is the prediction between two loads, by geometric interpolation; ok is
// false outside the ladder.
func (g *ghost) at(load float64) (p ghostPoint, ok bool) {
	for i, q := range g.points {
		if float64(q.load) == load {
			return q, true
		}
		if i > 0 && float64(q.load) > load && float64(g.points[i-1].load) < load {
			a := g.points[i-1]
			share := (load - float64(a.load)) / float64(q.load-a.load)
			mix := func(x, y float64) float64 { return x + share*(y-x) }
			return ghostPoint{int(load), mix(a.tokS, q.tokS), mix(a.speed, q.speed), mix(a.ttft, q.ttft), mix(a.tpot, q.tpot)}, true
		}
	}
	return p, false
}
