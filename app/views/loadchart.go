package views

import (
	"math"
	"strconv"

	"fleetsize/app/chart"
	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// loadView is how one accelerator answers as more requests are in flight.
type loadView struct {
	app.Compo
	Rev int
	P   *Page
}

// Render draws the three panels or their table.
func (c *loadView) Render() app.UI {
	v := c.P
	drawing := loadChart(v.s, v.curve, v.width("load"))
	body := app.UI(node("div", v.plotClass(), app.Raw(drawing.Markup())))
	if v.loadTable {
		body = chartTable(drawing)
	}
	return app.Elem("figure").ID("load").Class("fig").Attr("hidden", flag(len(v.s.Answer.Options) == 0)).Body(
		app.Elem("figcaption").Body(
			leaf("h2", "", loadFinding(v.s, v.curve)),
			leaf("p", "", loadBasis(v.s, v.curve)),
			node("div", "row",
				v.loadSelect(),
				tableButton("load-toggle", v.loadTable, func(ctx app.Context, e app.Event) { v.loadTable = !v.loadTable }),
				csvButton("load-csv", func() string { return drawing.CSV() }, v, "fleetsize-load-curves.csv"),
			),
		),
		body,
	)
}

// loadSelect chooses the accelerator.
func (v *Page) loadSelect() app.UI {
	var body []app.UI
	for i, o := range v.s.Answer.Options {
		on := v.curve.GPU != nil && o.GPU.ID == v.curve.GPU.ID || v.curve.GPU == nil && i == 0
		body = append(body, app.Option().Value(o.GPU.ID).Selected(on).Text(gpuName(o.GPU)))
	}
	return app.Select().ID("load-gpu").Class("sel").Aria("label", "Accelerator of the load curves").Body(body...).
		OnChange(func(ctx app.Context, e app.Event) {
			v.loadGPU = ctx.JSSrc().Get("value").String()
			v.send(v.flow.seq)
		})
}

// loadChart draws TTFT, time per token and throughput over one axis.
func loadChart(s *Sizing, l worker.Load, width float64) *chart.Chart {
	spec := chart.PanelSpec{
		Head: chart.Head{ID: "loadchart", Title: "Latency and throughput against requests in flight", Empty: "Computing the load curves…"},
		X:    chart.Axis{Name: "Requests in flight per replica", Kind: chart.Log},
	}
	if l.GPU == nil || len(l.Points) == 0 {
		return chart.Panels(spec, width)
	}
	t := s.Req.Targets
	mark := chart.Key(l.GPU)
	mark.Open = tierOf(s, fleet.PriceCurve{GPU: l.GPU}) != fleet.Measured && mark.Open
	line := func(ref string, y func(p fleet.LoadPoint) float64) []chart.Series {
		var points []chart.Point
		for _, p := range l.Points {
			points = append(points, chart.Point{X: float64(p.InFlight), Y: y(p), Ref: explain.Ref(ref, l.GPU.ID, strconv.Itoa(p.InFlight))})
		}
		return []chart.Series{{Name: gpuName(l.GPU), Mark: mark, Hero: true, Points: points}}
	}
	rule := func(at float64) []chart.Rule {
		if at > 0 {
			return []chart.Rule{{At: at}}
		}
		return nil
	}
	if over := missedFrom(s, l); over > 0 {
		spec.Zones = []chart.Zone{{X0: over, Kind: chart.Missed, Label: "over target"}}
	}
	per := float64(l.Layout.GPUs())
	spec.Note = "Requests in flight per replica of " + plural(l.Layout.GPUs(), "GPU") + ", log scale"
	word := percentileWord(t.Percentile)
	spec.Panels = []chart.Panel{
		{Name: "TTFT " + word + ", s", Y: chart.Axis{Unit: "s"}, Rules: rule(t.TTFT), Series: line("curve_ttft", func(p fleet.LoadPoint) float64 { return p.At.TTFT.At(t.Percentile) })},
		{Name: "Time per token " + word + ", ms", Y: chart.Axis{Unit: "ms"}, Rules: rule(t.ITL * 1000), Series: line("curve_itl", func(p fleet.LoadPoint) float64 { return p.At.ITL.At(t.Percentile) * 1000 })},
		{Name: "Requests/s per GPU", Y: chart.Axis{Unit: "req/s"}, Series: line("curve_rate", func(p fleet.LoadPoint) float64 { return p.At.ReqPerS / per })},
	}
	return chart.Panels(spec, width)
}

// missedFrom is the number in flight from which a target is missed, between
// the points by geometric interpolation; 0 = never on the curve.
func missedFrom(s *Sizing, l worker.Load) float64 {
	t := s.Req.Targets
	missed := func(p fleet.LoadPoint) bool {
		return t.TTFT > 0 && p.At.TTFT.At(t.Percentile) > t.TTFT ||
			t.ITL > 0 && p.At.ITL.At(t.Percentile) > t.ITL ||
			t.E2E > 0 && p.At.E2E.At(t.Percentile) > t.E2E
	}
	for i, p := range l.Points {
		if !missed(p) {
			continue
		}
		if i == 0 {
			return float64(p.InFlight)
		}
		return math.Round(math.Sqrt(float64(p.InFlight) * float64(l.Points[i-1].InFlight)))
	}
	return 0
}

// loadFinding says where a target breaks.
func loadFinding(s *Sizing, l worker.Load) string {
	if l.GPU == nil {
		return "How latency grows with load"
	}
	last := 0
	for _, p := range l.Points {
		if over := missedFrom(s, l); over > 0 && float64(p.InFlight) >= over {
			break
		}
		last = p.InFlight
	}
	name := gpuName(l.GPU)
	if l.Layout.GPUs() > 1 {
		name = "one replica of " + units.Count(float64(l.Layout.GPUs())) + " × " + name
	} else {
		name = "one " + name
	}
	switch {
	case last == 0:
		return upperFirst(name) + " misses a target even with one request in flight"
	case missedFrom(s, l) == 0:
		return upperFirst(name) + " meets every target up to " + units.Count(float64(last)) + " requests in flight"
	}
	return upperFirst(name) + " meets every target at " + units.Count(float64(last)) + " requests in flight, and not at twice as many"
}

func loadBasis(s *Sizing, l worker.Load) string {
	text := "A steady number of requests in flight, simulated."
	if l.InFlight > 0 {
		text += " The plan runs at about " + units.Sig(l.InFlight, 2) + " per replica."
	}
	return text
}
