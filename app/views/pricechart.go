package views

import (
	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/app/worker"
	"fleetsize/calc/fleet"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// priceView is the price of latency: GPUs needed against the first-token
// target, with the target to drag.
type priceView struct {
	app.Compo
	Rev int
	P   *Page

	grabbed bool
	handle  chart.Handle // of the drawing on screen
	held    bool         // there is one
}

// Render draws the chart or its table.
func (c *priceView) Render() app.UI {
	v := c.P
	drawing := priceChart(v.s, v.price, v.width("price"))
	hidden := len(v.s.Answer.Options) == 0 || v.s.Req.Demand.Kind == fleet.InFlight && len(v.price.Curves) == 0
	var body app.UI
	if v.asTable {
		body = chartTable(drawing)
	} else {
		body = c.plot(drawing)
	}
	return app.Elem("figure").ID("price").Class("fig").Attr("hidden", flag(hidden)).Body(
		app.Elem("figcaption").Body(
			node("h2", "", rich(priceFinding(v.price, v.s.Req.Targets.TTFT))...),
			leaf("p", "", priceBasis(v.s, v.price)),
			node("div", "row",
				tableButton("price-toggle", v.asTable, func(ctx app.Context, e app.Event) { v.asTable = !v.asTable }),
				csvButton("price-csv", func() string { return drawing.CSV() }, v, "fleetsize-price-of-latency.csv"),
			),
		),
		body,
	)
}

// plot is the drawing with its handles. Its target can be dragged; the field
// in the rail and the arrow keys of the pill are the other ways.
func (c *priceView) plot(drawing *chart.Chart) app.UI {
	v := c.P
	c.handle, c.held = drawing.Drag()
	at := func(e app.Event) float64 {
		box := v.chartBox("price-plot")
		return c.handle.Snap(c.handle.Value((e.Get("clientX").Float() - box) / max(v.zoom, 0.5)))
	}
	picture := app.Raw(drawing.Markup())
	if v.reading > 0 {
		picture = drawing.UI(chart.Live{Reading: v.reading})
	}
	wrap := el("div", v.plotClass(), picture).ID("price-plot").
		On("pointerdown", func(ctx app.Context, e app.Event) {
			if !c.held || !e.Get("target").Call("closest", ".drag").Truthy() {
				ctx.PreventUpdate()
				return
			}
			e.PreventDefault()
			c.grabbed = true
			ctx.JSSrc().Call("setPointerCapture", e.Get("pointerId"))
		}).
		On("pointermove", func(ctx app.Context, e app.Event) {
			if !c.grabbed {
				ctx.PreventUpdate()
				return
			}
			v.setTTFT(ctx, at(e), true)
		}).
		On("pointerup", func(ctx app.Context, e app.Event) { c.drop(ctx) }).
		On("pointercancel", func(ctx app.Context, e app.Event) { c.drop(ctx) })
	points := drawing.Points()
	said := txt("")
	if v.reading > 0 && v.reading <= len(points) {
		said = num(points[v.reading-1].Ref, points[v.reading-1].Text)
	}
	return node("div", "plotbox", wrap,
		node("div", "row under",
			button("lnk", txt("Read point by point")).ID("price-read").Aria("describedby", "price-said").
				OnKeyDown(func(ctx app.Context, e app.Event) { v.readPoint(ctx, e, len(points)) }, app.EventScope("read", len(points))).
				OnClick(func(ctx app.Context, e app.Event) { v.reading = next(v.reading, 1, len(points)) }, app.EventScope("readclick", len(points))),
			el("span", "mut sm", said).ID("price-said").Aria("live", "polite"),
		))
}

func (c *priceView) drop(ctx app.Context) {
	if !c.grabbed {
		ctx.PreventUpdate()
		return
	}
	c.grabbed = false
	c.P.dragEnd(ctx)
}

// readPoint moves along the chart's points with the arrow keys.
func (v *Page) readPoint(ctx app.Context, e app.Event, n int) {
	switch e.Get("key").String() {
	case "ArrowRight", "ArrowDown":
		v.reading = next(v.reading, 1, n)
	case "ArrowLeft", "ArrowUp":
		v.reading = next(v.reading, -1, n)
	default:
		ctx.PreventUpdate()
		return
	}
	e.PreventDefault()
}

// next steps through 1…n, around the ends; 0 is before the first.
func next(i, dir, n int) int {
	if n == 0 {
		return 0
	}
	i += dir
	if i > n {
		return 1
	}
	if i < 1 {
		return n
	}
	return i
}

// chartBox is the left edge of a chart in the window.
func (v *Page) chartBox(id string) float64 {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		return e.Call("getBoundingClientRect").Get("left").Float()
	}
	return 0
}

// priceChart draws the curves.
func priceChart(s *Sizing, p worker.Price, width float64) *chart.Chart {
	return chart.Lines(export.PriceSpec(s.proposal(p), "pricechart", "your target, drag to change", "your target"), width)
}

// tierOf is the confidence of a curve's accelerator.
func tierOf(s *Sizing, c fleet.PriceCurve) fleet.Confidence {
	for i := range s.Answer.Options {
		if s.Answer.Options[i].GPU.ID == c.GPU.ID {
			return s.Answer.Options[i].Tier
		}
	}
	return fleet.SpecsOnly
}

// priceFinding says what waiting longer saves.
func priceFinding(p worker.Price, target float64) string {
	return export.PriceFinding(p.Curves, target, mark)
}

// priceBasis is what the chart shows, with unit and basis.
func priceBasis(s *Sizing, p worker.Price) string { return export.PriceBasis(s.proposal(p)) }
