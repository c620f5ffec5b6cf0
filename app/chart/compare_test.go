package chart_test

import (
	"math"
	"strings"
	"testing"

	"fleetsize/app/chart"
	"fleetsize/calc/units"
)

func moves() chart.TornadoSpec {
	end := func(input string, at float64) chart.TornadoEnd {
		return chart.TornadoEnd{Input: input, At: at, Text: units.Sig(at, 3) + " GPUs"}
	}
	return chart.TornadoSpec{
		Head: chart.Head{ID: "moves", Title: "What moves the answer"},
		Axis: chart.Axis{Name: "GPUs", Unit: "GPUs"}, Base: 3.64, Note: "now 3.64, rounds up to 4",
		Rows: []chart.TornadoRow{
			{Name: "Peak load limit", Now: "70 %", Low: end("52 %", 4.5), High: end("88 %", 3.1)},
			{Name: "Demand", Now: "10 req/s", Low: end("7.5", 3), High: end("12.5", 4.3)},
			{Name: "Prompt", Now: "5,000 tok", Low: end("3,750", 3.06), High: end("6,250", 4.24)},
			{Name: "TTFT target", Now: "3 s", Low: chart.TornadoEnd{Input: "2.25 s", At: math.NaN(), Lost: "no answer", Text: "no answer"}, High: end("3.75 s", 3.6)},
			{Name: "Time per token", Now: "50 ms", Low: end("37.5 ms", 3.64), High: end("62.5 ms", 3.64)},
			{Name: "Reused prompt", Now: "0 %", High: end("25 %", 3.2)},
		},
	}
}

func options() chart.DotsSpec {
	money := func(v float64) string { return units.Count(v) }
	return chart.DotsSpec{
		Head: chart.Head{ID: "dots", Title: "Options A, B and C on four measures"},
		Rows: []chart.DotRow{
			{Name: "$/month", Hint: "lower is better", Text: money, Dots: []chart.Dot{{Letter: "A", Value: 7300}, {Letter: "B", None: "no price"}, {Letter: "C", Value: 10950}}},
			{Name: "TTFT p95, s", Hint: "lower is better", Target: 3, Dots: []chart.Dot{{Letter: "A", Value: 2.4}, {Letter: "B", Value: 2.1}, {Letter: "C", Value: 1.6}}},
			{Name: "tok/s per user", Hint: "higher is better", Dots: []chart.Dot{{Letter: "A", Value: 62}, {Letter: "B", Value: 62}, {Letter: "C", Value: 62.1}}},
			{Name: "Power, kW", Hint: "lower is better", Dots: []chart.Dot{{Letter: "A", Value: 3.6}, {Letter: "B", Value: 3.1, Lo: 2.7, Hi: 3.6}, {Letter: "C", Value: 5.5}}},
		},
	}
}

func TestCompareDrawingsHold(t *testing.T) {
	for _, width := range widths {
		for _, scale := range []float64{1, 1.18} {
			m, d := moves(), options()
			m.Text, d.Text = scale, scale
			check(t, "moves", chart.Tornado(m, width), scale)
			check(t, "options", chart.Dots(d, width), scale)
		}
	}
}

// Ranges, one option, equal values and huge spreads draw soundly as well.
func TestCompareDrawingsAtTheEdges(t *testing.T) {
	one := moves()
	one.Rows = one.Rows[4:5] // nothing moves
	same := chart.Tornado(one, 470)
	check(t, "no effect", same, 1)
	if !strings.Contains(same.Markup(), "no effect") {
		t.Error("an input without effect does not say so")
	}
	for _, base := range []float64{1e-6, 1, 1e6} {
		s := moves()
		s.Base *= base
		for i := range s.Rows {
			s.Rows[i].Low.At *= base
			s.Rows[i].High.At *= base
		}
		check(t, "scaled", chart.Tornado(s, 358), 1)
	}
	none := options()
	none.Rows = []chart.DotRow{{Name: "Price", Dots: []chart.Dot{{Letter: "A", None: "no price"}}}}
	if c := chart.Dots(none, 358); !c.Empty() {
		t.Error("options without a value are drawn")
	}
	if c := chart.Tornado(chart.TornadoSpec{Base: math.NaN()}, 358); !c.Empty() {
		t.Error("moves without a base are drawn")
	}
	zero := options()
	for i := range zero.Rows {
		for j := range zero.Rows[i].Dots {
			zero.Rows[i].Dots[j] = chart.Dot{Letter: zero.Rows[i].Dots[j].Letter}
		}
	}
	check(t, "all zero", chart.Dots(zero, 320), 1)
}
