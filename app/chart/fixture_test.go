package chart_test

import (
	"fleetsize/app/chart"
	"fleetsize/calc/units"
)

// Fixtures draw the visual target's own example: GPUs for 10 req/s of 5,000/500
// tokens on Llama 3.1 8B. The numbers illustrate; none is a measurement.

var (
	hopper = chart.Mark{Hue: "c1", Tier: 1}
	ampere = chart.Mark{Hue: "c2", Tier: 1}
	a10g   = chart.Mark{Hue: "c2", Tier: 3}
	ada    = chart.Mark{Hue: "c3", Tier: 1}
)

func seconds(s float64) string { return units.Sig(s, 3) + " s" }

func measured(xy ...float64) []chart.Point {
	var points []chart.Point
	for i := 0; i+1 < len(xy); i += 2 {
		points = append(points, chart.Point{X: xy[i], Y: xy[i+1], Measured: xy[i] != 3})
	}
	return points
}

func price() chart.LineSpec {
	return chart.LineSpec{
		Head:   chart.Head{ID: "price", Title: "GPUs needed against the first-token target, by GPU"},
		X:      chart.Axis{Name: "TTFT target", Unit: "s", Kind: chart.Log, Say: seconds},
		Y:      chart.Axis{Name: "GPUs", Unit: "GPUs", Kind: chart.Log, Whole: true},
		Target: &chart.Target{At: 3, Note: "your target, drag to change", Short: "your target"},
		First:  true,
		Series: []chart.Series{
			{Name: "H100 SXM", Mark: hopper, Hero: true, Points: measured(.5, 5, 1, 4, 2, 4, 3, 4, 5, 4)},
			{Name: "A100 80", Mark: ampere, Points: measured(.5, 111, 1, 35, 2, 15, 3, 12, 5, 11)},
			{Name: "L40S", Mark: ada, Points: measured(.5, 261, 1, 77, 2, 32, 3, 23, 5, 19)},
			{Name: "A10G", Mark: a10g, Points: measured(1, 287, 2, 85, 3, 52, 5, 41)},
		},
	}
}

func loadCurves() chart.PanelSpec {
	run := func(ys ...float64) []chart.Point {
		xs := []float64{1, 2, 4, 8, 16, 32, 48, 64, 96}
		var points []chart.Point
		for i, y := range ys {
			points = append(points, chart.Point{X: xs[i], Y: y, Lo: .9 * y, Hi: 1.15 * y})
		}
		return points
	}
	one := func(points []chart.Point) []chart.Series {
		return []chart.Series{{Name: "H100 SXM", Mark: hopper, Hero: true, Points: points}}
	}
	return chart.PanelSpec{
		Head:  chart.Head{ID: "load", Title: "Load curves for one H100"},
		X:     chart.Axis{Name: "Requests in flight per GPU", Kind: chart.Log},
		At:    35,
		Zones: []chart.Zone{{X0: 61, Kind: chart.Missed, Label: "over target"}},
		Note:  "Requests in flight per GPU, log scale. Fleet runs at 35; TTFT passes its target at 61.",
		Panels: []chart.Panel{
			{Name: "TTFT p95, s", Y: chart.Axis{Unit: "s"}, Rules: []chart.Rule{{At: 3}}, Series: one(run(.19, .21, .27, .45, .95, 2.25, 2.72, 3.2, 6))},
			{Name: "Time per token, ms", Y: chart.Axis{Unit: "ms"}, Rules: []chart.Rule{{At: 50}}, Series: one(run(6.2, 6.6, 7.6, 9.8, 13, 15.7, 16.3, 16.8, 29))},
			{Name: "Requests/s per GPU", Y: chart.Axis{Unit: "req/s"}, Series: one(run(.3, .57, .99, 1.5, 2.15, 3.16, 4.42, 5.4, 5.5))},
		},
	}
}

func memory() chart.StackSpec {
	return chart.StackSpec{
		Head: chart.Head{ID: "memory", Title: "Memory of one H100, 80 GB"},
		Rows: []chart.Bar{{Unit: "GB", Total: 80, Parts: []chart.Part{
			{Name: "Weights", Value: 16.1, Fill: "m1"},
			{Name: "KV in use", Short: "KV", Value: 25.2, Fill: "m2", Note: "35 requests in flight per GPU"},
			{Name: "KV free", Value: 25.7, Fill: "m3", Note: "room for 35 more requests"},
			{Name: "Activations", Value: 2.4, Fill: "m4"},
			{Name: "Runtime", Value: 2.6, Fill: "m5"},
			{Name: "Kept free", Value: 8, Fill: "m6", Hatch: true},
		}}},
	}
}

func breakdown() chart.StackSpec {
	two := func(v float64) string { return units.Fixed(v, 2) }
	return chart.StackSpec{
		Head: chart.Head{ID: "time", Title: "Where the time of one request goes"},
		Rows: []chart.Bar{
			{Title: "First token, 2.40 s", Unit: "s", Value: two, Parts: []chart.Part{
				{Name: "Queue", Value: .62, Fill: "m5"}, {Name: "Prefill compute", Value: 1.58, Fill: "m2"},
				{Name: "Prefill memory", Value: .11, Fill: "m1"}, {Name: "First decode", Value: .02, Fill: "m4"}, {Name: "Network", Value: .07, Fill: "m4"}}},
			{Title: "Each further token, 16.1 ms", Unit: "ms", Parts: []chart.Part{
				{Name: "Read weights", Value: 6, Fill: "m1"}, {Name: "Read KV", Value: 9.3, Fill: "m2"}, {Name: "Overhead", Value: .8, Fill: "m4"}}},
		},
	}
}

func pareto() chart.LineSpec {
	front := func(xy ...float64) []chart.Point {
		var points []chart.Point
		for i := 0; i+1 < len(xy); i += 2 {
			points = append(points, chart.Point{X: xy[i], Y: xy[i+1], Measured: true, Strong: i == 4})
		}
		return points
	}
	return chart.LineSpec{
		Head:   chart.Head{ID: "pareto", Title: "Output per GPU against speed per user"},
		X:      chart.Axis{Name: "tok/s per user", Unit: "tok/s per user"},
		Y:      chart.Axis{Name: "tok/s per GPU", Unit: "tok/s per GPU"},
		XRules: []chart.Rule{{At: 20, Label: "meets 20 tok/s/user"}},
		Zones:  []chart.Zone{{X0: 20, Kind: chart.Met}},
		Height: 300,
		Series: []chart.Series{
			{Name: "H100", Mark: hopper, Hero: true, Points: front(26, 3240, 44, 3080, 62, 2705, 80, 2150, 98, 1450, 118, 820)},
			{Name: "H100 TP2", Mark: chart.Mark{Hue: "c1", Tier: 2}, Points: front(70, 1980, 98, 1640, 118, 1350, 148, 900, 176, 480)},
			{Name: "A100 80", Mark: ampere, Points: front(28, 760, 41, 665, 60, 420, 72, 240)},
			{Name: "L40S", Mark: ada, Points: front(20, 370, 27, 335, 36, 240, 46, 140)},
			{Name: "H200", Mark: chart.Mark{Hue: "c1", Tier: 2}.Estimated(), Points: front(52, 3900, 74, 3420, 92, 2620, 110, 1900, 132, 1180)},
		},
	}
}

func ramp() chart.PanelSpec {
	run := func(flag bool, ys ...float64) []chart.Point {
		var points []chart.Point
		for i, y := range ys {
			points = append(points, chart.Point{X: float64(i), Y: y, Measured: flag})
		}
		return points
	}
	return chart.PanelSpec{
		Head: chart.Head{ID: "ramp", Title: "Live ramp: system output and speed per user"},
		X:    chart.Axis{Name: "requests in flight", Kind: chart.Category, Labels: []string{"1", "2", "4", "8", "16", "32", "64", "128"}},
		Rows: true, At: 6, Zones: []chart.Zone{{X0: 5.5, X1: 6.5, Kind: chart.Phase}},
		Panels: []chart.Panel{
			{Name: "System output, tok/s", Y: chart.Axis{Unit: "tok/s"}, Series: []chart.Series{
				{Name: "model", Ghost: true, Mark: hopper, Points: run(false, 123, 236, 452, 840, 1500, 2300, 2705, 2880)},
				{Name: "measured", Hero: true, Quiet: true, Mark: hopper, Points: run(true, 118, 226, 431, 790, 1440, 2280, 2690)}}},
			{Name: "Per user, tok/s", Y: chart.Axis{Unit: "tok/s"}, Rules: []chart.Rule{{At: 20, Label: "target 20"}}, Series: []chart.Series{
				{Name: "model", Ghost: true, Mark: hopper, Points: run(false, 122, 118, 113, 105, 94, 72, 43, 22)},
				{Name: "measured", Hero: true, Quiet: true, Mark: hopper, Points: run(true, 118, 113, 107.7, 99, 90, 71, 42)}}},
		},
	}
}
