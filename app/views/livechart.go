package views

import (
	"fleetsize/app/chart"
	"fleetsize/calc/bench"
	"fleetsize/calc/explain"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// liveFigure draws output and speed against load, measured and predicted.
func (v *Page) liveFigure(results []bench.PhaseResult) app.UI {
	l := &v.endpoint
	drawing := l.chart(results, v.width("live"))
	if drawing == nil {
		return nil
	}
	body := app.UI(node("div", "plot", app.Raw(drawing.Markup())))
	if l.tables["chart"] {
		body = chartTable(drawing)
	}
	basis := "Solid: measured. Dashed: model before fitting, " + l.ghost.name + "."
	if l.ghost.cost == nil {
		basis = "Measured. " + l.ghost.why
	}
	return app.Elem("figure").ID("live-chart").Class("fig").Body(
		app.Elem("figcaption").Body(
			node("h2", "", rich(l.finding(results))...),
			leaf("p", "", basis),
			node("div", "row",
				tableButton("live-chart-toggle", l.tables["chart"], func(ctx app.Context, e app.Event) { l.toggle("chart"); v.study.rev++ }),
				csvButton("live-chart-csv", func() string { return drawing.CSV() }, v, "fleetsize-live.csv"),
			),
		), body)
}

func (l *liveState) toggle(id string) {
	if l.tables == nil {
		l.tables = map[string]bool{}
	}
	l.tables[id] = !l.tables[id]
}

// finding is what the last steps of the load say.
func (l *liveState) finding(results []bench.PhaseResult) string {
	out := l.session.Run().Outcome()
	switch {
	case out.Plateau && out.Knee > 0:
		return "Output stops rising at " + saw("knee", "k", plural(out.Knee, "request")) + " in flight"
	case len(results) > 1:
		a, b := &results[len(results)-2], &results[len(results)-1]
		if a.OutputTokPerS > 0 && a.Phase.Input == b.Phase.Input && a.Phase.Output == b.Phase.Output && b.Phase.Concurrency > a.Phase.Concurrency {
			gain := b.OutputTokPerS/a.OutputTokPerS - 1
			verb := "adds "
			if gain < 0 {
				verb, gain = "costs ", -gain
			}
			at := len(results) - 1
			return "From " + saw("in_flight", phaseRef(at-1), units.Count(float64(a.Phase.Concurrency))) + " to " + saw("in_flight", phaseRef(at), units.Count(float64(b.Phase.Concurrency))) +
				" in flight " + verb + saw("gain", phaseRef(at), units.Percent(units.Round(gain, 2))) + " output"
		}
	}
	return "System output and speed per user against load"
}

// chart draws the panels; nil without a closed loop to draw.
func (l *liveState) chart(results []bench.PhaseResult, width float64) *chart.Chart {
	in, tokens, ok := l.shape(results)
	if !ok {
		return nil
	}
	var out, speed, ttft []chart.Point
	for i := range results {
		r := &results[i]
		if !r.Phase.Closed() || !(r.OutputTokPerS > 0) || r.Phase.Input != in || r.Phase.Output != tokens {
			continue
		}
		x := float64(r.Phase.Concurrency)
		point := func(y float64, id string) chart.Point {
			return chart.Point{X: x, Y: y, Measured: true, Ref: explain.Ref(id, "", phaseRef(i)), RefX: explain.Ref("seen_in_flight", "", phaseRef(i))}
		}
		out = append(out, point(r.OutputTokPerS, "seen_output"))
		if s, ok := r.Speed.Quantile(0.5); ok {
			speed = append(speed, point(s, "seen_speed"))
		}
		if s, ok := r.TTFT.Quantile(0.95); ok {
			ttft = append(ttft, point(s, "seen_ttft_slow"))
		}
	}
	plan := l.session.Run().Plan()
	top := plan.MaxConcurrency
	switch plan.Kind {
	case bench.Sweep:
		top = 16
	case bench.Probes:
		top = min(top, 32)
	}
	var loads []int
	for n := 1; n <= top; n = max(n+1, min(2*n, top)) {
		if _, ok := l.ghost.at(in, tokens, n); ok {
			loads = append(loads, n)
		}
	}
	if len(out) == 0 && len(loads) == 0 {
		return nil
	}
	tier := plan.Tiers[0]
	panel := func(name, unit string, measured []chart.Point, id string, model func(p ghostPoint) float64, rule float64) chart.Panel {
		p := chart.Panel{Name: name, Y: chart.Axis{Unit: unit}}
		if len(measured) > 0 {
			p.Series = append(p.Series, chart.Series{Name: "measured", Hero: true, Quiet: true, Mark: chart.Mark{Hue: "c1"}, Points: measured})
		}
		var points []chart.Point
		if model != nil {
			for _, n := range loads {
				g, _ := l.ghost.at(in, tokens, n)
				points = append(points, chart.Point{X: float64(n), Y: model(g), Ref: explain.Ref(id, "", loadRef(in, tokens, n))})
			}
		}
		if len(points) > 0 {
			p.Series = append(p.Series, chart.Series{Name: "model", Ghost: true, Mark: chart.Mark{Hue: "c1"}, Points: points})
		}
		if rule > 0 {
			p.Rules = []chart.Rule{{At: rule}}
		}
		return p
	}
	spec := chart.PanelSpec{
		Head: chart.Head{ID: "livechart", Title: "System output and speed per user against requests in flight", Empty: "No phase is finished yet."},
		X:    chart.Axis{Name: "Requests in flight", Kind: chart.Log},
		Rows: true,
		Panels: []chart.Panel{
			panel("System output, tok/s", "tok/s", out, "seen_model_output", func(p ghostPoint) float64 { return p.tokS }, 0),
			panel("Per user, tok/s", "tok/s", speed, "seen_model_speed", func(p ghostPoint) float64 { return p.speed }, tier.P25Speed),
			panel("TTFT p95, s", "s", ttft, "", nil, tier.P95TTFT),
		},
	}
	if k := l.session.Run().Outcome().Knee; k > 0 {
		spec.At = float64(k)
	}
	return chart.Panels(spec, width)
}
