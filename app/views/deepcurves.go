package views

import (
	"math"

	"fleetsize/app/chart"
	"fleetsize/calc/explain"
	"fleetsize/calc/roofline"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// work is a phase of serving as functions of requests S and tokens L each, in
// seconds.
type work struct {
	name                  string
	prefill               bool
	compute, memory, step func(s, l float64) float64
}

func (w work) larger(s, l float64) float64 { return math.Max(w.compute(s, l), w.memory(s, l)) }

// phases are prefill of S prompts of L tokens, and a decode step of S requests
// that have L tokens behind them.
func (d *deep) phases() (prefill, decode work) {
	c := d.cost
	prefill = work{"Prefill", true,
		func(s, l float64) float64 { return roofline.PrefillComputeTime(c, s, l) },
		func(s, l float64) float64 { return roofline.PrefillMemoryTime(c, s, l) },
		func(s, l float64) float64 { return roofline.PrefillTime(c, s, l) }}
	decode = work{"Decode step", false,
		func(s, l float64) float64 { return roofline.DecodeComputeTime(c, s, l) },
		func(s, l float64) float64 { return roofline.DecodeMemoryTime(c, s, l) },
		func(s, l float64) float64 { return roofline.DecodeTime(c, s, l) }}
	return prefill, decode
}

// at is the reference to an entry about one step of s requests of l tokens.
func (d *deep) at(id string, prefill bool, s, l float64) string {
	return explain.Ref(id, d.o.GPU.ID, explain.PointArg(prefill, s, l))
}

// doubling doubles from lo to at most hi.
func doubling(lo, hi float64) []float64 {
	var xs []float64
	for x := lo; x <= hi*1.0001; x *= 2 {
		xs = append(xs, x)
	}
	return xs
}

// mostTokens bounds the lengths that are drawn.
func (d *deep) mostTokens() float64 {
	most := 131072.0
	if n := float64(d.v.s.Req.Model.MaxContext); n > 0 {
		most = math.Min(most, n)
	}
	return math.Max(most, 4096)
}

func (d *deep) chosenRequests() float64 {
	if n := d.v.deep.requests; n > 0 {
		return float64(n)
	}
	return math.Max(1, math.Round(d.batch))
}

func (d *deep) chosenTokens() float64 {
	if n := d.v.deep.tokens; n > 0 {
		return float64(n)
	}
	return math.Round(d.book.Value("prompt_mean"))
}

// panel is a phase over one of the two variables.
func (d *deep) panel(w work, xs []float64, at func(x float64) (s, l float64)) chart.Panel {
	series := func(name, id string, f func(s, l float64) float64, m chart.Mark, hero, ghost bool) chart.Series {
		out := chart.Series{Name: name, Mark: m, Hero: hero, Ghost: ghost}
		for _, x := range xs {
			s, l := at(x)
			out.Points = append(out.Points, chart.Point{X: x, Y: 1000 * f(s, l), Ref: d.at(id, w.prefill, s, l)})
		}
		return out
	}
	key := chart.Key(d.o.GPU)
	return chart.Panel{Name: w.name + ", ms", Y: chart.Axis{Unit: "ms", Kind: chart.Log}, Series: []chart.Series{
		series("Compute", "compute_at", w.compute, chart.Mark{Hue: "c8", Tier: 2}, false, false),
		series("Memory", "memory_at", w.memory, chart.Mark{Hue: "c8", Tier: 3}, false, false),
		series("Larger", "larger_at", w.larger, chart.Mark{Hue: "c8", Tier: 1}, false, true),
		series("Whole step", "step_at", w.step, chart.Mark{Hue: key.Hue, Tier: 1}, true, false),
	}}
}

// cross is the first x at which compute outweighs memory; ok is false where it
// does everywhere or nowhere.
func cross(w work, xs []float64, at func(x float64) (s, l float64)) (x float64, ok bool) {
	bound := func(x float64) bool { s, l := at(x); return w.compute(s, l) >= w.memory(s, l) }
	if len(xs) < 2 || bound(xs[0]) || !bound(xs[len(xs)-1]) {
		return 0, false
	}
	lo, hi := xs[0], xs[len(xs)-1]
	for range 40 {
		if mid := math.Sqrt(lo * hi); bound(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi, true
}

// crossing is the finding of a curve: where the phase changes its roof.
func crossing(w work, xs []float64, at func(x float64) (s, l float64), unit string) string {
	if x, ok := cross(w, xs, at); ok {
		return lower(w.name) + " turns compute-bound at " + units.Sig(x, 2) + " " + unit
	}
	if s, l := at(xs[0]); w.compute(s, l) >= w.memory(s, l) {
		return lower(w.name) + " is compute-bound throughout"
	}
	return lower(w.name) + " is memory-bound throughout"
}

// overTokens are both phases against the length, for a chosen number of requests.
func (d *deep) overTokens() app.UI {
	s := d.chosenRequests()
	prefill, decode := d.phases()
	one := func(l float64) (float64, float64) { return 1, l }
	many := func(l float64) (float64, float64) { return s, l }
	xs := doubling(64, d.mostTokens())
	drawing := chart.Panels(chart.PanelSpec{
		Head:   chart.Head{ID: "tokens", Title: "Prefill and decode step against length"},
		X:      chart.Axis{Name: "Tokens L of each request", Unit: "tok", Kind: chart.Log, Whole: true},
		Panels: []chart.Panel{d.panel(prefill, xs, one), d.panel(decode, xs, many)},
		Note:   "Tokens L of each request, log scales. Prefill of one prompt; decode step of " + units.Count(s) + " requests, as many of them as fit into memory.",
	}, d.width)
	return d.figure("tokens", upperFirst(crossing(prefill, xs, one, "tokens"))+"; "+crossing(decode, xs, many, "tokens"),
		"Compute and memory time, the larger of the two, and the whole step, which adds them up with overhead and communication.", drawing,
		d.pick("deep-s", "Requests S", d.v.deep.requests, "as planned", []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}, func(n int) { d.v.deep.requests = n }))
}

// overRequests are both phases against the number of requests, for a chosen length.
func (d *deep) overRequests() app.UI {
	l := d.chosenTokens()
	prefill, decode := d.phases()
	at := func(s float64) (float64, float64) { return s, l }
	xs := doubling(1, 1024)
	drawing := chart.Panels(chart.PanelSpec{
		Head:   chart.Head{ID: "requests", Title: "Prefill and decode step against requests"},
		X:      chart.Axis{Name: "Requests S", Kind: chart.Log, Whole: true},
		Panels: []chart.Panel{d.panel(prefill, xs, at), d.panel(decode, xs, at)},
		Note:   "Requests S of " + units.Count(l) + " tokens each, log scales. Prompts computed in one step; the cache holds " + units.Count(roofline.LiveSequences(d.cost, 1e9, l)) + " such requests.",
	}, d.width)
	return d.figure("requests", upperFirst(crossing(prefill, xs, at, "requests"))+"; "+crossing(decode, xs, at, "requests"),
		"The same against the number of requests.", drawing,
		d.pick("deep-l", "Tokens L", d.v.deep.tokens, "the prompt", []int{128, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536}, func(n int) { d.v.deep.tokens = n }))
}

// budgetFigure holds the tokens in flight constant and trades requests against
// their length.
func (d *deep) budgetFigure() app.UI {
	budget := float64(d.v.deep.budget)
	planned := math.Max(1000, units.Round(d.batch*d.context, 2))
	if budget == 0 {
		budget = planned
	}
	least := math.Max(16, budget/4096)
	step := chart.Series{Name: gpuName(d.o.GPU), Mark: chart.Key(d.o.GPU), Hero: true}
	requests := step
	for _, l := range doubling(least, budget) {
		f := roofline.DecodeAtBudget(d.cost, budget, l)
		step.Points = append(step.Points, chart.Point{X: l, Y: 1000 * f.Seconds, Ref: d.at("step_at", false, f.Sequences, l)})
		requests.Points = append(requests.Points, chart.Point{X: l, Y: f.Sequences, Ref: d.at("requests_at", false, f.Sequences, l)})
	}
	end := roofline.DecodeAtBudget(d.cost, budget, budget)
	drawing := chart.Panels(chart.PanelSpec{
		Head: chart.Head{ID: "budget", Title: "One decode step with a fixed number of tokens in flight"},
		X:    chart.Axis{Name: "Tokens L of each request", Unit: "tok", Kind: chart.Log, Whole: true},
		Panels: []chart.Panel{
			{Name: "Time per token, ms", Y: chart.Axis{Unit: "ms"}, Series: []chart.Series{step}, Rules: []chart.Rule{{At: 1000 * end.Asymptote, Label: "long-context limit " + units.Sig(1000*end.Asymptote, 3) + " ms"}}},
			{Name: "Requests S = P ÷ L", Y: chart.Axis{Kind: chart.Log}, Series: []chart.Series{requests}},
		},
		Note: "Tokens L of each request, log scale; S · L stays at " + units.Count(budget) + ".",
	}, d.width)
	first := roofline.DecodeAtBudget(d.cost, budget, least)
	return d.figure("budget", "The same "+units.Count(budget)+" tokens take "+units.Duration(first.Seconds, 2)+" as "+units.Sig(first.Sequences, 2)+" short requests and "+units.Duration(end.Seconds, 2)+" as one long one",
		"Reading the cache costs the same however it is shared out; what falls with longer contexts is the work on each request.", drawing,
		d.pick("deep-p", "Tokens P", d.v.deep.budget, "as planned, "+units.Count(planned), []int{20000, 100000, 500000}, func(n int) { d.v.deep.budget = n }))
}
