package sizingchart

import (
	"errors"
	"fmt"

	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Comparer compares rows with the engine. It is not safe for concurrent use.
type Comparer struct {
	cat    *catalog.Catalog
	engine *catalog.Engine
	est    fleet.Estimator
	sim    serve.Sim
	plain  map[string][]stream
}

// engineID is the engine the chart is about.
const engineID = "nim"

// New prepares a comparison. It fails where the catalog lacks the engine.
func New(cat *catalog.Catalog) (*Comparer, error) {
	e, ok := cat.Engine(engineID)
	if !ok {
		return nil, errors.New("sizingchart: the catalog has no engine " + engineID)
	}
	return &Comparer{cat: cat, engine: e, plain: map[string][]stream{}}, nil
}

// Ours is what the engine says about a row; OK is false where no layout meets
// the budget.
type Ours struct {
	OK      bool
	Weights catalog.Precision
	TP      int     // of the best layout
	Rate    float64 // req/s per GPU that the best layout is planned with
	GPUs    float64 // Demand ÷ Rate: not rounded to whole replicas, as in the chart
	Fleet   int     // the same in whole replicas
	Reason  string  // why there is none
	Tier    fleet.Confidence
}

// Compared is a row with the engine's answer and what explains the difference.
type Compared struct {
	Row
	GPUID, ModelID string
	Link           string // pairs that open the engine's answer
	Ours           Ours
	Ratio          float64 // ours ÷ chart in req/s per GPU; 0 where one has none
	Findings       []Finding
}

// precision is what NIM served then: FP8 engines for Hopper, 16 bit for the rest.
func precision(g *catalog.GPU) catalog.Precision {
	if g.Architecture == "Hopper" {
		return catalog.FP8
	}
	return catalog.BF16
}

// Compare answers one row. exact false answers from the closed form.
func (c *Comparer) Compare(r Row, exact bool) (Compared, error) {
	out := Compared{Row: r}
	m, ok := c.cat.Model(r.Model)
	if !ok {
		return out, fmt.Errorf("sizingchart: no model %q", r.Model)
	}
	g, ok := c.cat.GPU(r.GPU)
	if !ok {
		return out, fmt.Errorf("sizingchart: no accelerator %q", r.GPU)
	}
	q := precision(g)
	out.GPUID, out.ModelID, out.Ours.Weights = g.ID, m.ID, q
	out.Link = fmt.Sprintf("m=%s&g=%s&eng=%s&q=%s&in=%d&out=%d&rps=%d&ttft=%g&itl=off&e2e=off&pp=1&pct=mean&util=100&spare=0&grow=0",
		m.ID, g.ID, c.engine.ID, q, r.Input, r.Output, Demand, r.TTFT)
	req := fleet.Requirement{
		Catalog: c.cat, Model: m, Engine: c.engine, Weights: q,
		Workload: fleet.Workload{Input: r.Input, Output: r.Output, LengthRatio: 1},
		Demand:   fleet.Demand{Kind: fleet.PerSecond, ReqPerS: Demand},
		Targets:  catalog.Targets{TTFT: r.TTFT, Percentile: "mean"},
		Posture:  fleet.Posture{Utilization: 1},
		PP:       1, // NIM's engines of the time had no pipeline stages
	}
	held, excluded := c.est.Holdings(req, g, exact)
	if excluded != nil {
		out.Ours.Reason = excluded.Text
	}
	for _, h := range held {
		n := float64(h.Layout.GPUs())
		if h.Rate/n <= out.Ours.Rate {
			continue
		}
		o := &out.Ours
		o.OK, o.TP, o.Rate = true, h.Layout.TP, h.Rate/n
		o.GPUs = Demand / o.Rate
		o.Fleet = int(n) * ceil(Demand/h.Rate)
	}
	if out.Ours.OK {
		out.Ours.Tier, _ = fleet.Bands(c.engine.ProfileFor(g, ""), g)
		if r.Rate.OK {
			out.Ratio = out.Ours.Rate / r.Rate.Value
		}
	}
	streams, err := c.streams(m, g, q, r.Input, r.Output)
	if err != nil {
		return out, err
	}
	out.explain(streams)
	return out, nil
}

func ceil(x float64) int {
	n := int(x)
	if float64(n) < x-1e-9 {
		n++
	}
	return max(n, 1)
}

// stream is one layout and what it does with requests kept in flight.
type stream struct {
	tp     int
	points []point
}

// point is a steady state.
type point struct {
	flight    int
	rate      float64 // req/s per GPU
	ttft, e2e float64 // mean, seconds
	itl       float64
}

// flights are the loads of NIM's published tables.
var flights = []int{1, 2, 5, 10, 25, 50, 100, 150, 200, 250}

// streams simulates every tensor-parallel layout that holds the model at the
// loads that benchmarks are run at.
func (c *Comparer) streams(m *catalog.Model, g *catalog.GPU, q catalog.Precision, in, out int) ([]stream, error) {
	key := m.ID + " " + g.ID
	if s, ok := c.plain[key]; ok {
		return s, nil
	}
	var list []stream
	for _, tp := range []int{1, 2, 4, 8} {
		sched := c.engine.SchedulerFor(g, "", m.ID, tp)
		w := m.Resolve(q)
		cost, err := step.New(step.Replica{
			Model: m, GPU: g, Engine: c.engine, Profile: c.engine.ProfileFor(g, ""), TP: tp, PP: 1,
			Weights: w, KV: c.engine.KV(w.Main()), Scheduler: &sched,
		})
		load := serve.Load{Input: in, Output: out, LengthRatio: 1}
		if err == nil {
			err = serve.Fits(cost, load)
		}
		var memory *step.MemoryError
		var large *serve.RequestTooLargeError
		switch {
		case errors.As(err, &memory), errors.As(err, &large):
			continue
		case err != nil:
			return nil, err
		}
		s := stream{tp: tp}
		slots := serve.Slots(cost, load)
		for _, n := range flights {
			if n > 1 && n > 2*slots {
				break
			}
			l := load
			l.Concurrency, l.Requests = n, max(40, 5*n)
			r := c.sim.Run(cost, l)
			s.points = append(s.points, point{n, r.ReqPerS / float64(tp), r.TTFT.Mean, r.E2E.Mean, r.ITL.Mean})
		}
		list = append(list, s)
	}
	c.plain[key] = list
	return list, nil
}
