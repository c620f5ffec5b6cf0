package views

import (
	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/app/worker"
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
	open := l.GPU != nil && tierOf(s, fleet.PriceCurve{GPU: l.GPU}) != fleet.Measured
	return chart.Panels(export.LoadSpec(s.Req.Targets, l.GPU, l.Layout, l.Points, open), width)
}

// loadFinding says where a target breaks.
func loadFinding(s *Sizing, l worker.Load) string {
	if l.GPU == nil {
		return "How latency grows with load"
	}
	return export.LoadFinding(s.Req.Targets, l.GPU, l.Layout, l.Points)
}

func loadBasis(s *Sizing, l worker.Load) string {
	text := "A steady number of requests in flight, simulated."
	if l.InFlight > 0 {
		text += " The plan runs at about " + units.Sig(l.InFlight, 2) + " per replica."
	}
	return text
}
