package fleet

import (
	"fmt"
	"math"
	"sort"
	"strconv"

	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// trial is one single change to a requirement, with its size as the absolute
// logarithm of the ratio it changes an input by.
type trial struct {
	size float64
	near Nearest
	req  Requirement
}

// precisionStep is how large a change of precision counts, between halving a
// target (0.69) and changing it by a quarter (0.22).
const precisionStep = 0.4

// nearest finds the smallest single change that makes g viable, tried in
// order of size: the closed form screens, the simulation decides. It is nil
// when none of the changes on the list helps.
func (e *Estimator) nearest(r *Requirement, g *catalog.GPU, x *Exclusion, os []obstacle) *Nearest {
	if x.Reason == ReasonNoFacts || x.Reason == ReasonContext {
		return x.Nearest
	}
	if x.Reason == ReasonNotConsidered {
		return e.consider(r, g, x)
	}
	tp, _ := r.considered(g)
	for _, t := range r.trials(g, closest(os)) {
		found, _ := e.candidates(&t.req, g, tp)
		for i := range found {
			if e.simulate(&t.req, &found[i]) == nil {
				near := t.near
				return &near
			}
			if i == 1 {
				break
			}
		}
	}
	return nil
}

// consider checks by the closed form whether an accelerator that was left out
// would serve the demand after the one change its exclusion names.
func (e *Estimator) consider(r *Requirement, g *catalog.GPU, x *Exclusion) *Nearest {
	changed := *r
	if _, selected := r.considered(g); !selected {
		if !r.Engine.RunsOn(g) {
			return nil // two changes, not one
		}
		changed.GPUs = []Choice{{GPU: g}}
	} else {
		engine, ok := r.Catalog.Engine(universalEngine)
		if !ok {
			return nil
		}
		changed.Engine, changed.Scheduler, changed.Version = engine, nil, ""
	}
	tp, _ := changed.considered(g)
	if found, _ := e.candidates(&changed, g, tp); len(found) == 0 {
		return nil
	}
	return x.Nearest
}

// trials lists the changes worth trying against obstacle o, smallest first.
func (r *Requirement) trials(g *catalog.GPU, o *obstacle) []trial {
	var ts []trial
	add := func(size float64, pairs, text string, change func(*Requirement)) {
		t := trial{size: size, near: Nearest{pairs, text}, req: *r}
		change(&t.req)
		ts = append(ts, t)
	}
	if o != nil {
		r.relaxTargets(o, add)
	}
	r.lowerPrecision(g, add)
	r.shorten(add)
	if o != nil && o.reason == ReasonImpractical {
		r.shrinkDemand(o, add)
	}
	if r.TP > 0 || r.PP > 0 {
		add(0.3, "tp=&pp=", "Search the layout", func(q *Requirement) { q.TP, q.PP = 0, 0 })
	}
	if r.Split.On() {
		add(0.3, "pd=off", "Prompts and decoding together", func(q *Requirement) { q.Split = Split{} })
	}
	if r.EP > 1 || r.DP > 1 {
		add(0.3, "ep=1&dp=1", "Plain tensor parallelism", func(q *Requirement) { q.EP, q.DP = 0, 0 })
	}
	sort.SliceStable(ts, func(i, j int) bool { return ts[i].size < ts[j].size })
	return ts
}

type adder func(size float64, pairs, text string, change func(*Requirement))

// relaxTargets proposes looser values of the target in the way.
func (r *Requirement) relaxTargets(o *obstacle, add adder) {
	propose := func(key, name string, now, from float64, set func(*Requirement, float64)) {
		if now <= 0 {
			return
		}
		for _, factor := range []float64{1.03, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50} {
			v := roundUp(math.Max(now, from) * factor)
			add(math.Log(v/now), key+"="+milliseconds(v), name+" "+units.Duration(v, 2),
				func(q *Requirement) { set(q, v) })
		}
	}
	switch o.reason {
	case ReasonTTFT:
		propose("ttft", "TTFT target", r.Targets.TTFT, o.latency, func(q *Requirement, v float64) { q.Targets.TTFT = v })
	case ReasonITL:
		propose("itl", "Time per token", r.Targets.ITL, o.latency, func(q *Requirement, v float64) { q.Targets.ITL = v })
	case ReasonE2E:
		propose("e2e", "End to end", r.Targets.E2E, o.latency, func(q *Requirement, v float64) { q.Targets.E2E = v })
	case ReasonImpractical:
		propose("ttft", "TTFT target", r.Targets.TTFT, 0, func(q *Requirement, v float64) { q.Targets.TTFT = v })
		propose("itl", "Time per token", r.Targets.ITL, 0, func(q *Requirement, v float64) { q.Targets.ITL = v })
	}
}

// lowerPrecision proposes smaller or better supported number formats.
func (r *Requirement) lowerPrecision(g *catalog.GPU, add adder) {
	now := r.Model.Resolve(r.Weights)
	if r.Weights != AnyPrecision {
		for _, p := range []catalog.Precision{catalog.FP8, catalog.INT8, catalog.INT4, catalog.BF16} {
			w := r.Model.Resolve(p)
			if _, _, ok := g.Compute(p); !ok || w == now {
				continue
			}
			bigger := r.Model.WeightBytes(w) > r.Model.WeightBytes(now)
			size := precisionStep + 0.1*math.Abs(math.Log(r.Model.WeightBytes(w)/r.Model.WeightBytes(now)))
			if bigger {
				size += precisionStep
			}
			add(size, "q="+string(p), "Weights in "+p.Label(), func(q *Requirement) { q.Weights = p })
		}
	}
	if r.kv(now).Bytes() > catalog.FP8.Bytes() {
		add(precisionStep, "kv=fp8", "KV cache in FP8", func(q *Requirement) { q.KV = catalog.FP8 })
	}
}

// shorten proposes shorter prompts.
func (r *Requirement) shorten(add adder) {
	if r.Turns > 1 {
		if n := r.Turns / 2; n >= 1 {
			add(math.Log(float64(r.Turns)/float64(n)), "turns="+strconv.Itoa(n), fmt.Sprintf("%d turns", n), func(q *Requirement) {
				q.Workload.Input = max(1, q.Workload.Input*n/q.Turns)
				q.Turns = n
			})
		}
		return
	}
	if p := r.Prompt; p.Chunks > 0 {
		for n := p.Chunks - 1; n >= 1; n -= max(1, p.Chunks/8) {
			add(math.Log(float64(p.Tokens())/float64(p.Tokens()-(p.Chunks-n)*p.ChunkSize)), "chunks="+strconv.Itoa(n),
				fmt.Sprintf("%d passages", n), func(q *Requirement) {
					q.Workload.Input -= (p.Chunks - n) * p.ChunkSize
					q.Prompt.Chunks = n
				})
		}
		return
	}
	for _, factor := range []float64{0.9, 0.75, 0.66, 0.5, 0.33, 0.2, 0.1, 0.05} {
		n := int(roundDown(float64(r.Workload.Input) * factor))
		if n < 1 {
			break
		}
		add(-math.Log(float64(n)/float64(r.Workload.Input)), "in="+strconv.Itoa(n),
			fmt.Sprintf("Prompt ≤ %s tok", units.Count(float64(n))), func(q *Requirement) { q.Workload.Input = n })
	}
}

// shrinkDemand proposes the demand that MaxGPUs would serve, stated as it was,
// and less where the count that said so was a preview.
func (r *Requirement) shrinkDemand(o *obstacle, add adder) {
	for _, margin := range []float64{0.98, 0.85, 0.7, 0.5, 0.3} {
		share := margin * MaxGPUs / float64(o.gpus)
		if r.Demand.Kind == InFlight {
			if v := math.Floor(r.Demand.InFlight * share); v >= 1 {
				add(-math.Log(v/r.Demand.InFlight), "flight="+units.Plain(v), units.Count(v)+" in flight",
					func(q *Requirement) { q.Demand.InFlight = v })
			}
			continue
		}
		calls := float64(max(r.Calls, 1)) // stated are tasks
		switch d := r.Demand; {
		case d.PeakP95: // not in proportion
		case d.Kind == People:
			if d.Users = roundDown(d.Users * share); d.Users >= 1 {
				add(-math.Log(d.Users/r.Demand.Users), "users="+units.Plain(d.Users), units.Count(d.Users)+" people",
					func(q *Requirement) { q.Demand = d })
			}
			continue
		case d.Kind == PerDay:
			stated := roundDown(d.ReqPerDay / calls * share)
			d.ReqPerDay = stated * calls
			add(-math.Log(d.ReqPerDay/r.Demand.ReqPerDay), "day="+units.Plain(stated), units.Count(stated)+" a day",
				func(q *Requirement) { q.Demand = d })
			continue
		}
		if v := roundDown(r.Demand.PeakReqPerS() * share); v > 0 {
			stated := v / calls
			add(-math.Log(v/r.Demand.PeakReqPerS()), "rps="+units.Plain(stated), units.Sig(v, 2)+" req/s",
				func(q *Requirement) { q.Demand = Demand{Kind: PerSecond, ReqPerS: v} })
		}
	}
}

// milliseconds writes a duration for a link.
func milliseconds(s float64) string { return units.Plain(units.Round(s*1000, 6)) + "ms" }

// roundUp and roundDown keep two significant digits.
func roundUp(x float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return units.Round(math.Ceil(x/unit-1e-9)*unit, 6)
}

func roundDown(x float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return units.Round(math.Floor(x/unit+1e-9)*unit, 6)
}
