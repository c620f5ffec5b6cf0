package chart_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"fleetsize/app/chart"
)

// Bars are as long as their values are large, from zero; what has no value has
// no bar, and names are text.
func TestBars(t *testing.T) {
	spec := chart.BarsSpec{Head: chart.Head{ID: "b", Title: "Cost"}, Axis: chart.Axis{Name: "USD a month", Unit: "USD"}, Rows: []chart.BarRow{
		{Name: `A <script>"&`, Value: 1000}, {Name: "B", Value: 4000, Text: "$4,000, 8 GPUs"}, {Name: "C", Value: math.NaN()}, {Name: strings.Repeat("long ", 60), Value: 2000},
	}}
	for _, width := range []float64{320, 700, 960} {
		c := chart.Bars(spec, width)
		root := parseSVG(t, c.SVG())
		var lengths []float64
		texts := ""
		root.walk(func(e *element) {
			if e.tag == "rect" && e.has("m2") {
				w, _ := strconv.ParseFloat(e.attrs["width"], 64)
				x, _ := strconv.ParseFloat(e.attrs["x"], 64)
				if x+w > c.Width {
					t.Errorf("width %g: a bar ends at %g", width, x+w)
				}
				lengths = append(lengths, w)
			}
			texts += e.text + "\n"
		})
		if len(lengths) != 3 || math.Abs(lengths[1]/lengths[0]-4) > 0.02 || math.Abs(lengths[2]/lengths[0]-2) > 0.02 {
			t.Errorf("width %g: lengths %v", width, lengths)
		}
		if !strings.Contains(texts, "USD a month") || width > 400 && (!strings.Contains(texts, "$4,000, 8 GPUs") || !strings.Contains(texts, `A <script>"&`)) {
			t.Errorf("width %g: texts %q", width, texts)
		}
		if len(c.Points()) != 3 || len(c.Table().Rows) != 4 || !strings.Contains(c.Desc, "Lowest") {
			t.Errorf("%d readings, %d rows, %q", len(c.Points()), len(c.Table().Rows), c.Desc)
		}
	}
	if !chart.Bars(chart.BarsSpec{}, 500).Empty() {
		t.Error("bars of nothing are not empty")
	}
}
