package fleet

import (
	"fmt"
	"math"

	"fleetsize/calc/evidence"
	"fleetsize/calc/measured"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// SetMeasured adds rows of the user's own to those that ship as what answers
// are compared with; rows of an earlier call are forgotten.
func (e *Estimator) SetMeasured(rows []measured.Row) { e.own, e.rows = rows, nil }

// evidence is the index of measured rows, made when it is first asked for.
// The rows that ship name models and accelerators that every catalog has; the
// user's own may name some that only this one has.
func (e *Estimator) evidence(cat *catalog.Catalog) *evidence.Index {
	if e.rows != nil && (e.rowsOf == cat || len(e.own) == 0) {
		return e.rows
	}
	x, err := evidence.Shipped(cat)
	if err != nil { // the tests rule it out
		x = &evidence.Index{}
	}
	x.AddRows(cat, e.own, "")
	e.rows, e.rowsOf = x, cat
	return x
}

// stand finds the measured row that stands behind the option. Options that
// no benchmark of one plain replica can stand for have none: reused prompts,
// drafted tokens, prefill and decode apart, accelerators with edited facts.
func (e *Estimator) stand(r *Requirement, o *Option, p *replica) {
	if r.Workload.CachedShare > 0 || len(r.Classes) > 0 || r.Speculation.Draft > 0 || o.Layout != (Layout{TP: o.Layout.TP, PP: o.Layout.PP}) {
		return
	}
	m := Behind(e.evidence(r.Catalog), r.Model, o.GPU, r.Engine, o.Weights, o.KV, o.Layout, r.Workload, o.At)
	if m == nil {
		return
	}
	o.Measured, o.Tier = m, Measured
	if o.Preview {
		return
	}
	if SameRun(&e.run, p.cost, m); m.Run.Known() {
		_, bands := Bands(o.Profile, o.GPU)
		if w, ok := contradiction(m, bands); ok {
			o.Warnings = append(o.Warnings, w)
		}
	}
}

// SameRun simulates the very run that was measured: its lengths, its load, its
// opening wave and its end. A row that cannot be simulated is left as it is.
func SameRun(sim *serve.Sim, cost *step.Cost, m *evidence.Match) {
	l := serve.Load{Input: m.Input, Output: m.Output, LengthRatio: m.LengthRatio, Concurrency: m.InFlight, Rounds: m.Rounds, Rate: m.Rate}
	if m.InFlight > 0 {
		l.Rate = 0
	} else {
		l.Rounds = 0
	}
	if l.Validate() != nil || serve.Fits(cost, l) != nil || float64(m.InFlight)*m.Rounds > finalRequests*10 {
		return
	}
	r := sim.Run(cost, l)
	m.Run = evidence.Run{TTFT: r.TTFT.Mean, ITL: r.ITL.Mean, OutputTokPerS: r.OutputTokPerS}
}

// Behind is the measured row nearest to an operating point of one replica.
func Behind(x *evidence.Index, m *catalog.Model, g *catalog.GPU, eng *catalog.Engine, w catalog.Weights, kv catalog.Precision, l Layout, shape Workload, at serve.Result) *evidence.Match {
	if g.Custom {
		return nil
	}
	half := 0.5 * (1 + shape.LengthRatio)
	if shape.LengthRatio == 0 {
		half = 1
	}
	return x.Find(evidence.Query{
		Model: m.ID, GPU: g.ID, Engine: eng.ID, Weights: w.Main(), KV: kv, TP: l.TP, PP: l.PP,
		Input: half * float64(shape.Input), Output: half * float64(shape.Output), InFlight: at.Running + at.Waiting,
	})
}

// contradiction is a warning where a figure of the measured run lies outside
// the 10–90 % range around what the engine says of that run: the profile does
// not describe this system.
func contradiction(m *evidence.Match, b catalog.Bands) (Warning, bool) {
	if m.Statistic != "" && m.Statistic != measured.Mean {
		return Warning{}, false
	}
	for _, q := range []struct {
		name     string
		measured measured.Opt
		computed float64
		half     float64
	}{{"per token", m.ITL, m.Run.ITL, b.ITL}, {"to the first token", m.TTFT, m.Run.TTFT, math.Max(b.TTFT, b.TTFTSaturated)}} {
		if !q.measured.OK || !(q.computed > 0) || !(q.half > 0) {
			continue
		}
		if math.Abs(math.Log(q.measured.Value/q.computed)) > q.half {
			return Warning{"measured_differs", fmt.Sprintf("The nearest measured run has %s %s, the engine says %s of that run: outside its range. Fit the model to your own rows under Measure.",
				units.Duration(q.measured.Value, 3), q.name, units.Duration(q.computed, 3))}, true
		}
	}
	return Warning{}, false
}
