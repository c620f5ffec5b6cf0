package chart_test

import (
	"math"
	"strings"
	"testing"

	"fleetsize/app/chart"
)

// surface is a grid whose sides change places along a diagonal.
func surface() chart.SurfaceSpec {
	spec := chart.SurfaceSpec{
		Head:    chart.Head{ID: "surface", Title: "Prefill over requests and length"},
		RowName: "Requests S", ColumnName: "tokens L of each request", Low: "memory", High: "compute", Value: "ms",
		Rows: []string{"1", "2", "4", "8"}, Columns: []string{"64", "128", "256", "512", "1,024", "2,048"},
		Note: "A line runs where compute and memory change places.",
	}
	for s := 1.0; s <= 8; s *= 2 {
		var row []chart.SurfaceCell
		for l := 64.0; l <= 2048; l *= 2 {
			row = append(row, chart.SurfaceCell{Value: 5 + s*l/100, Ratio: s * l / 500})
		}
		spec.Cells = append(spec.Cells, row)
	}
	spec.Cells[3][5].Value = math.NaN()
	return spec
}

func TestSurface(t *testing.T) {
	c := chart.Surface(surface(), 700)
	markup := c.Markup()
	if n := strings.Count(markup, `class="hv`); n != 23 {
		t.Errorf("%d numbers, want 23: one cell is unknown", n)
	}
	// 1 × 256 is memory-bound and 1 × 512 compute-bound: a line between them.
	if n := strings.Count(markup, `class="rule"`); n < 5 {
		t.Errorf("%d pieces of the crossover, want a staircase", n)
	}
	// 512 tokens in all are within 5 % of the tie at 500, in four shapes; the
	// legend has one more bar.
	if n := strings.Count(markup, `class="m1"`); n != 5 {
		t.Errorf("%d bars on top, want 5", n)
	}
	text := ""
	for _, p := range c.Points() {
		text += p.Text + "\n"
	}
	for _, want := range []string{"1 requests S, 512 tokens L of each request: 10.1 ms, as much compute as memory", "8 requests S, 512 tokens L of each request: 46.0 ms, compute 8.2 × memory", "memory 7.8 × compute"} {
		if !strings.Contains(text, want) {
			t.Errorf("the readings lack %q:\n%s", want, text)
		}
	}
	if got := c.Table(); len(got.Rows) != 23 || len(got.Head) != 4 {
		t.Errorf("table of %d rows and %d columns", len(got.Rows), len(got.Head))
	}
	if !strings.Contains(c.CSV(), "\"1,024\",") {
		t.Error("the file lacks a column's name")
	}
	if !strings.Contains(c.Desc, "Of 23 cells") {
		t.Errorf("description %q", c.Desc)
	}
	if empty := chart.Surface(chart.SurfaceSpec{Rows: []string{"1"}, Columns: []string{"1"}}, 500); !empty.Empty() {
		t.Error("a grid without cells is drawn")
	}
	if narrow := chart.Surface(surface(), 200); narrow.Height <= c.Height {
		t.Error("columns that do not fit are not continued below")
	}
}

// What explains a value can be pressed on the page and is no part of a file.
func TestPress(t *testing.T) {
	spec := chart.StackSpec{Head: chart.Head{ID: "m", Title: "Memory"}, Rows: []chart.Bar{{Unit: "GB", Parts: []chart.Part{{Name: "Weights", Value: 16, Fill: "m1", Ref: "memory-weights"}, {Name: "Free", Value: 60, Fill: "m3"}}}}}
	c := chart.Stack(spec, 500)
	markup, file := c.Markup(), c.SVG()
	for _, want := range []string{`data-x="memory-weights"`, `role="button"`, `tabindex="0"`, `aria-label="Weights: 16.0 GB, 21 %"`, `role="group"`} {
		if !strings.Contains(markup, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(markup, "data-x") != 1 {
		t.Error("a part without a reference can be pressed")
	}
	if strings.Contains(file, "data-x") || strings.Contains(file, "press") || !strings.Contains(file, `role="img"`) {
		t.Error("the file can be pressed")
	}
	line := chart.Lines(chart.LineSpec{Head: chart.Head{ID: "l", Title: "Line"}, X: chart.Axis{Kind: chart.Log}, Series: []chart.Series{{Name: "A", Points: []chart.Point{{X: 1, Y: 2, Ref: "curve-ttft:a:1"}, {X: 2, Y: 3}}}}}, 500)
	if n := strings.Count(line.Markup(), `role="button"`); n != 1 {
		t.Errorf("%d points can be pressed, want 1", n)
	}
}
