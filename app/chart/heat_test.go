package chart_test

import (
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"

	"fleetsize/app/chart"
)

// errorMap is the visual target's own example; the numbers illustrate.
func errorMap() chart.HeatSpec {
	spec := chart.HeatSpec{
		Head:    chart.Head{ID: "heat", Title: "Model error against measurement, TTFT"},
		RowName: "Prompt tokens", ColumnName: "in flight",
		Rows:    []string{"200", "1,000", "20,000"},
		Columns: []string{"1", "5", "10", "25", "50", "100", "150", "200", "250"},
	}
	for r, line := range [][]float64{{-3, 4, 6, 9, 12, 8, 5, -2, -6}, {-8, -1, 5, 12, 16, 9, -2, -8, -14}, {-14, -18, -11, -3, -13, -24, -33, -41, 1240}} {
		for c, v := range line {
			spec.Cells = append(spec.Cells, chart.HeatCell{Row: r, Column: c, Value: v / 100})
		}
	}
	spec.Cells[4].Note = "mean of 2 rows"
	return spec
}

func TestHeatHolds(t *testing.T) {
	for _, width := range widths {
		for _, scale := range []float64{1, 1.18} {
			spec := errorMap()
			spec.Text = scale
			check(t, "heat", chart.Heat(spec, width), scale)
		}
	}
}

// Every cell has its number and the color of that number.
func TestHeatCells(t *testing.T) {
	for _, c := range []struct {
		value       float64
		text, class string
		bar         bool
	}{
		{0, "0", "h0", false}, {0.044, "+4", "h0", false}, {0.045, "+5", "h1", false}, {-0.046, "−5", "h-1", false},
		{0.114, "+11", "h1", false}, {0.115, "+12", "h2", false}, {-0.25, "−25", "h-2", false}, {0.254, "+25", "h2", false},
		{0.256, "+26", "h3", true}, {-0.9, "−90", "h-3", true}, {8.99, "+899", "h3", true}, {9, "×10", "h3", true}, {-0.0001, "0", "h0", false},
	} {
		spec := errorMap()
		spec.Rows, spec.Columns, spec.Cells = spec.Rows[:1], spec.Columns[:1], []chart.HeatCell{{Value: c.value}}
		root := parseSVG(t, chart.Heat(spec, 640).SVG())
		var boxes []*element
		text, bars := "", 0
		root.walk(func(e *element) {
			switch {
			case e.tag == "rect" && e.attrs["height"] == "32":
				boxes = append(boxes, e)
			case e.tag == "rect" && e.has("m1") && e.attrs["height"] == "3":
				bars++
			case e.tag == "text" && e.has("hv"):
				text = e.text
			}
		})
		if len(boxes) != 1 || !boxes[0].has(c.class) || text != c.text || (bars == 1) != c.bar {
			t.Errorf("%v: %q, %d cells, %d bars; want %q, %s, bar %v", c.value, text, len(boxes), bars, c.text, c.class, c.bar)
		}
	}
}

// Columns that do not fit are continued below; no cell is lost.
func TestHeatBreaks(t *testing.T) {
	spec := errorMap()
	spec.Columns, spec.Cells = nil, nil
	for i := range 40 {
		spec.Columns = append(spec.Columns, strconv.Itoa(1+i))
		spec.Cells = append(spec.Cells, chart.HeatCell{Row: 1, Column: i, Value: 0.01})
	}
	for _, width := range widths {
		c := chart.Heat(spec, width)
		check(t, "many columns", c, 1)
		if n := strings.Count(c.Markup(), `class="hv`); n != 40 {
			t.Errorf("%v px: %d of 40 cells", width, n)
		}
	}
}

func TestHeatTables(t *testing.T) {
	spec := errorMap()
	spec.Cells = append(spec.Cells[:8], spec.Cells[9:]...)
	spec.Cells = append(spec.Cells, chart.HeatCell{Row: 9, Column: 1, Value: 1}, chart.HeatCell{Row: 2, Column: 0, Value: math.NaN()}, chart.HeatCell{Row: -1})
	c := chart.Heat(spec, 640)
	table := c.Table()
	if len(table.Rows) != 3 || len(table.Head) != 10 || table.Rows[0][9] != "no value" || table.Rows[0][5] != "+12" {
		t.Errorf("table %v", table)
	}
	rows, err := csv.NewReader(strings.NewReader(c.CSV())).ReadAll()
	if err != nil || rows[1][9] != "" || rows[2][0] != "1000" {
		t.Errorf("CSV %v: %v", rows, err)
	}
	if v, err := strconv.ParseFloat(rows[3][1], 64); err != nil || math.Abs(v+14) > 1e-9 {
		t.Errorf("exact value %q, want -14", rows[3][1])
	}
	points := c.Points()
	if len(points) != 26 || points[4].Text != "200 prompt tokens, 50 in flight: +12 %, mean of 2 rows" {
		t.Errorf("%d readings, the fifth %q", len(points), points[4].Text)
	}
	if want := "23 of 26 cells lie within 25 %. Farthest off: 20,000 prompt tokens, 250 in flight: ×13."; c.Desc != want {
		t.Errorf("described as %q, want %q", c.Desc, want)
	}
}

func TestHeatWithoutCells(t *testing.T) {
	for _, spec := range []chart.HeatSpec{{}, {Rows: []string{"1"}, Columns: []string{"1"}}, {Rows: []string{"1"}, Columns: []string{"1"}, Cells: []chart.HeatCell{{Value: math.Inf(1)}}}} {
		if c := chart.Heat(spec, 640); !c.Empty() || !strings.Contains(c.Markup(), "No values to draw.") {
			t.Error("a map without cells does not say so")
		}
	}
}
