package chart_test

import (
	"fmt"
	"strings"

	"fleetsize/app/chart"
)

// A line chart is a value from data and a width; what it says can be read
// without looking at it.
func ExampleLines() {
	c := chart.Lines(chart.LineSpec{
		Head:   chart.Head{ID: "price", Title: "GPUs needed against the first-token target"},
		X:      chart.Axis{Name: "TTFT target", Unit: "s", Kind: chart.Log},
		Y:      chart.Axis{Name: "GPUs", Unit: "GPUs", Kind: chart.Log, Whole: true},
		Target: &chart.Target{At: 3, Note: "your target, drag to change", Short: "your target"},
		Series: []chart.Series{{Name: "H100 SXM", Hero: true, Points: []chart.Point{
			{X: 0.5, Y: 5, Measured: true}, {X: 1, Y: 4, Measured: true}, {X: 3, Y: 4}}}},
	}, 980)
	fmt.Println(c.Desc)
	for _, r := range c.Points() {
		fmt.Println(r.Text)
	}
	// Output:
	// Log scales. At the target of 3 s: H100 SXM 4.
	// H100 SXM: 5 GPUs at 0.5 s, measured
	// H100 SXM: 4 GPUs at 1 s, measured
	// H100 SXM: 4 GPUs at 3 s
}

func ExamplePanels() {
	curve := func(ys ...float64) []chart.Series {
		var points []chart.Point
		for i, y := range ys {
			points = append(points, chart.Point{X: float64(int(1) << (2 * i)), Y: y})
		}
		return []chart.Series{{Name: "H100 SXM", Hero: true, Points: points}}
	}
	c := chart.Panels(chart.PanelSpec{
		Head:  chart.Head{ID: "load", Title: "Load curves for one H100"},
		X:     chart.Axis{Name: "Requests in flight", Kind: chart.Log},
		At:    16,
		Zones: []chart.Zone{{X0: 61, Kind: chart.Missed, Label: "over target"}},
		Panels: []chart.Panel{
			{Name: "TTFT p95", Y: chart.Axis{Unit: "s"}, Rules: []chart.Rule{{At: 3}}, Series: curve(.2, .3, .9, 3.2)},
			{Name: "Time per token", Y: chart.Axis{Unit: "ms"}, Rules: []chart.Rule{{At: 50}}, Series: curve(6, 7, 12, 17)},
		},
	}, 980)
	fmt.Println(c.Desc)
	fmt.Print(strings.ReplaceAll(c.CSV(), "\r\n", "\n"))
	// Output:
	// TTFT p95: 0.9 s at 16. Time per token: 12 ms at 16.
	// Requests in flight,"TTFT p95, s","Time per token, ms"
	// 1,0.2,6
	// 4,0.3,7
	// 16,0.9,12
	// 64,3.2,17
}

func ExampleStack() {
	c := chart.Stack(chart.StackSpec{
		Head: chart.Head{ID: "memory", Title: "Memory of one H100, 80 GB"},
		Rows: []chart.Bar{{Unit: "GB", Parts: []chart.Part{
			{Name: "Weights", Value: 16, Fill: "m1"},
			{Name: "KV cache", Value: 56, Fill: "m2", Note: "38 requests in flight"},
			{Name: "Kept free", Value: 8, Fill: "m6", Hatch: true},
		}}},
	}, 470)
	fmt.Println(c.Desc)
	for _, r := range c.Points() {
		fmt.Println(r.Text)
	}
	// Output:
	// Weights 16.0, KV cache 56.0, kept free 8.00; total 80.0 GB.
	// Weights: 16.0 GB, 20 %
	// KV cache: 56.0 GB, 70 %, 38 requests in flight
	// Kept free: 8.00 GB, 10 %
}
