package chart_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"fleetsize/app/chart"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

var widths = []float64{320, 358, 470, 640, 980, 1344}

// TestDrawingsHold checks the fixtures at every width and in the enlarged
// contrast mode.
func TestDrawingsHold(t *testing.T) {
	for _, width := range widths {
		for _, scale := range []float64{1, 1.18} {
			lines, front, load, live, bar, time := price(), pareto(), loadCurves(), ramp(), memory(), breakdown()
			for _, h := range []*chart.Head{&lines.Head, &front.Head, &load.Head, &live.Head, &bar.Head, &time.Head} {
				h.Text = scale
			}
			check(t, "price", chart.Lines(lines, width), scale)
			check(t, "pareto", chart.Lines(front, width), scale)
			check(t, "load", chart.Panels(load, width), scale)
			check(t, "ramp", chart.Panels(live, width), scale)
			check(t, "memory", chart.Stack(bar, width), scale)
			check(t, "breakdown", chart.Stack(time, width), scale)
		}
	}
}

// many returns a price chart of n lines by n points, the harder the closer the
// lines are.
func many(n, points int, r *rand.Rand, spread float64) chart.LineSpec {
	spec := price()
	spec.Series = nil
	for i := range n {
		s := chart.Series{Name: fmt.Sprintf("Accelerator %c%d", 'A'+i%26, i), Hero: i == 0,
			Mark: chart.Mark{Hue: fmt.Sprintf("c%d", 1+i%8), Tier: 1 + i%3, Open: i%4 == 3}}
		y := 4 * math.Exp(spread*r.Float64())
		for j := range points {
			x := .5 * math.Pow(10, float64(j)/max(1, float64(points-1)))
			s.Points = append(s.Points, chart.Point{X: x, Y: math.Ceil(y / math.Sqrt(x)), Measured: j%2 == 0})
		}
		s.Points = append(s.Points, chart.Point{X: 3, Y: math.Ceil(y / math.Sqrt(3))})
		spec.Series = append(spec.Series, s)
	}
	return spec
}

// TestCrowded checks that labels of many and of coinciding lines stay apart.
func TestCrowded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, spread := range []float64{0, 0.1, 1, 6} {
		for _, n := range []int{1, 2, 7, 12, 30} {
			for _, width := range []float64{320, 640, 980} {
				spec := many(n, 9, r, spread)
				check(t, fmt.Sprintf("%d lines, spread %g", n, spread), chart.Lines(spec, width), 1)
			}
		}
	}
}

// TestEveryLineIsNamed holds the rule of direct labels: all names are on the
// drawing at the widths where there is room for them.
func TestEveryLineIsNamed(t *testing.T) {
	spec := many(12, 9, rand.New(rand.NewPCG(3, 4)), 1)
	for _, width := range []float64{640, 980} {
		svg := chart.Lines(spec, width).Markup()
		for _, s := range spec.Series {
			if !strings.Contains(svg, ">"+s.Name+"</text>") {
				t.Errorf("width %g: %q has no label", width, s.Name)
			}
		}
	}
}

func TestEdgeCases(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	cases := []struct {
		name   string
		points []chart.Point
		want   int // readings
	}{
		{"nothing", nil, 0},
		{"one point", []chart.Point{{X: 1, Y: 4}}, 1},
		{"two points", []chart.Point{{X: 1, Y: 4}, {X: 2, Y: 3}}, 2},
		{"all equal", []chart.Point{{X: 1, Y: 4}, {X: 2, Y: 4}, {X: 5, Y: 4}}, 3},
		{"one x", []chart.Point{{X: 1, Y: 4}, {X: 1, Y: 5}}, 1},
		{"unknown only", []chart.Point{{X: nan, Y: 4}, {X: 2, Y: nan}, {X: 3, Y: inf}, {X: -inf, Y: 1}}, 0},
		{"zero on a log axis", []chart.Point{{X: 0, Y: 4}, {X: 1, Y: 0}, {X: 2, Y: 3}, {X: 3, Y: -1}}, 1},
		{"six decades", []chart.Point{{X: .001, Y: 1}, {X: 1, Y: 1e3}, {X: 1000, Y: 1e6}}, 3},
		{"huge and tiny", []chart.Point{{X: 1e-300, Y: 1e300}, {X: 5e-324, Y: math.MaxFloat64}, {X: 2, Y: 2}}, 1},
		{"unsorted", []chart.Point{{X: 5, Y: 4}, {X: 1, Y: 9}, {X: 2, Y: 6}}, 3},
		{"band", []chart.Point{{X: 1, Y: 4, Lo: 3, Hi: 5}, {X: 2, Y: 4, Lo: 2, Hi: 9}, {X: 3, Y: 4}, {X: 4, Y: 4, Lo: nan, Hi: 2}}, 4},
	}
	for _, c := range cases {
		for _, kind := range []chart.CurveKind{chart.Smooth, chart.Straight, chart.Step} {
			spec := price()
			spec.Target = nil
			spec.Series = []chart.Series{{Name: "A", Points: c.points, Shape: kind}}
			for _, width := range widths {
				got := chart.Lines(spec, width)
				check(t, c.name, got, 1)
				if len(got.Points()) != c.want || got.Empty() != (c.want == 0) {
					t.Errorf("%s: %d readings, empty %v, want %d", c.name, len(got.Points()), got.Empty(), c.want)
				}
			}
		}
	}
}

// TestEmptySaysSo: no data is words, in the drawing and in the description.
func TestEmptySaysSo(t *testing.T) {
	words := "No accelerator meets the targets."
	for _, c := range []*chart.Chart{
		chart.Lines(chart.LineSpec{Head: chart.Head{Empty: words}}, 320),
		chart.Panels(chart.PanelSpec{Head: chart.Head{Empty: words}, Panels: []chart.Panel{{Name: "TTFT"}}}, 320),
		chart.Stack(chart.StackSpec{Head: chart.Head{Empty: words}, Rows: []chart.Bar{{}}}, 320),
	} {
		if !c.Empty() || !strings.Contains(c.Markup(), words+"</text>") || c.Desc != words {
			t.Errorf("empty chart says %q: %s", c.Desc, c.Markup())
		}
		if _, ok := c.Drag(); ok {
			t.Error("an empty chart has a target to drag")
		}
	}
}

func TestWidthThatIsNotMeasured(t *testing.T) {
	for _, width := range []float64{0, -5, 20, math.NaN(), math.Inf(1)} {
		if c := chart.Lines(price(), width); c.Width != 320 {
			t.Errorf("Lines at width %g is %g wide, want 320", width, c.Width)
		}
	}
}

// TestPanelWithoutData keeps its place and says so; the others are drawn.
func TestPanelWithoutData(t *testing.T) {
	spec := loadCurves()
	spec.Panels[1].Series = nil
	c := chart.Panels(spec, 980)
	check(t, "panel without data", c, 1)
	if !strings.Contains(c.Markup(), ">no value</text>") {
		t.Error("the empty panel does not say so")
	}
}

// TestRunawayLatencyIsCut: a latency far beyond its target does not flatten
// the part below it, and the target stays on the scale.
func TestRunawayLatencyIsCut(t *testing.T) {
	spec := loadCurves()
	spec.Panels = spec.Panels[:1]
	points := spec.Panels[0].Series[0].Points
	points[len(points)-1] = chart.Point{X: 96, Y: 400}
	c := chart.Panels(spec, 980)
	check(t, "runaway", c, 1)
	if svg := c.Markup(); !strings.Contains(svg, ">8</text>") || strings.Contains(svg, ">400</text>") {
		t.Error("the axis follows the runaway value instead of the target")
	}
	if rows := c.Table().Rows; rows[len(rows)-1][1] != "400" {
		t.Errorf("the table has %q, want the value that was cut", rows[len(rows)-1])
	}
}

// TestStackAddsUp: segments and gaps fill the width, in proportion.
func TestStackAddsUp(t *testing.T) {
	for _, width := range widths {
		root := parseSVG(t, chart.Stack(memory(), width).Markup())
		total, n, first := 0.0, 0, 0.0
		root.walk(func(e *element) {
			if e.tag == "rect" && !e.has("zone") {
				if n == 0 {
					first = number(e, "width")
				}
				total += number(e, "width")
				n++
			}
		})
		if got := total + 1.5*float64(n-1); math.Abs(got-width) > 0.5 {
			t.Errorf("width %g: segments and gaps add up to %g", width, got)
		}
		if want := (width - 7.5) * 16.1 / 80; math.Abs(first-want) > 0.2 {
			t.Errorf("width %g: weights take %g px, want %g", width, first, want)
		}
	}
}

// TestStackTotal: what the parts do not fill stays blank.
func TestStackTotal(t *testing.T) {
	spec := chart.StackSpec{Rows: []chart.Bar{{Unit: "GB", Total: 100, Parts: []chart.Part{{Name: "Weights", Value: 25}}}}}
	c := chart.Stack(spec, 400)
	if !strings.Contains(c.Markup(), `width="100"`) {
		t.Error("25 of 100 GB is not a quarter of 400 px")
	}
	if got, want := c.Points()[0].Text, "Weights: 25.0 GB, 25 %"; got != want {
		t.Errorf("reading %q, want %q", got, want)
	}
}

func TestReadings(t *testing.T) {
	c := chart.Lines(price(), 980)
	var texts []string
	for _, r := range c.Points() {
		texts = append(texts, r.Text)
	}
	if got, want := texts[3], "H100 SXM: 4 GPUs at 3 s"; got != want {
		t.Errorf("reading %q, want %q", got, want)
	}
	if got, want := texts[5], "A100 80: 111 GPUs at 0.5 s, measured"; got != want {
		t.Errorf("reading %q, want %q", got, want)
	}
	if want := "Log scales. At the target of 3 s: H100 SXM 4, A100 80 12, L40S 23, A10G 52."; c.Desc != want {
		t.Errorf("description %q, want %q", c.Desc, want)
	}
}

// TestHandle: pixels to values and back, limited to the axis.
func TestHandle(t *testing.T) {
	h, ok := chart.Lines(price(), 980).Drag()
	if !ok || h.ID != "price-grip" {
		t.Fatalf("handle %+v, %v", h, ok)
	}
	if v := h.Value(h.PX); math.Abs(v-3) > 1e-9 {
		t.Errorf("Value at the target = %g, want 3", v)
	}
	for _, v := range []float64{.5, 1, 2.2, 5} {
		if got := h.Value(h.X(v)); math.Abs(got-v) > 1e-9 {
			t.Errorf("Value(X(%g)) = %g", v, got)
		}
	}
	if lo, hi := h.Value(-100), h.Value(1e6); lo != .5 || hi != 5 {
		t.Errorf("beyond the axis: %g, %g, want 0.5, 5", lo, hi)
	}
	if got := h.Snap(2.2361); got != 2.2 {
		t.Errorf("Snap(2.2361) = %g, want 2.2", got)
	}
}

// TestTables: head and cells of both layouts, and CSV that reads back exact.
func TestTables(t *testing.T) {
	c := chart.Lines(price(), 980)
	if got, want := strings.Join(c.Table().Head, "|"), "TTFT target, s|H100 SXM, GPUs|A100 80, GPUs|L40S, GPUs|A10G, GPUs"; got != want {
		t.Errorf("head %q, want %q", got, want)
	}
	if got, want := strings.Join(c.Table().Rows[0], "|"), "0.5|5|111|261|no value"; got != want {
		t.Errorf("first row %q, want %q", got, want)
	}
	long := chart.Lines(pareto(), 470).Table()
	if got, want := strings.Join(long.Head, "|"), "Series|tok/s per user|tok/s per GPU|Measured"; got != want {
		t.Errorf("head %q, want %q", got, want)
	}
	spec := price()
	spec.Series[0].Name = `H100, "SXM"`
	spec.Series[0].Points[1].Y = 4.123456789
	rows, err := csv.NewReader(strings.NewReader(chart.Lines(spec, 980).CSV())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][1] != `H100, "SXM", GPUs` || rows[2][1] != "4.123456789" || rows[1][4] != "" {
		t.Errorf("CSV reads back as %q", rows[:3])
	}
}

// TestUI: the live drawing has the same elements as the text, and the ring and
// the grip are where the page asks for them.
func TestUI(t *testing.T) {
	c := chart.Lines(price(), 980)
	grips, roots := 0, 0
	ui := c.UI(chart.Live{
		Reading: 4,
		Root:    func(e app.HTMLElem) app.HTMLElem { roots++; return e.Class("live") },
		Grip:    func(e app.HTMLElem) app.HTMLElem { grips++; return e },
	})
	html := app.HTMLString(ui)
	if roots != 1 || grips != 1 {
		t.Errorf("Root called %d times, Grip %d", roots, grips)
	}
	for _, tag := range []string{"<path", "<text", "<line", "<rect", "<title", "<desc"} {
		if got, want := strings.Count(html, tag), strings.Count(c.Markup(), tag); got != want {
			t.Errorf("UI has %d of %s, Markup has %d", got, tag, want)
		}
	}
	if r := c.Points()[3]; !strings.Contains(html, `class="ring"`) || !strings.Contains(html, fmt.Sprintf(`cx="%g"`, math.Round(r.X*10)/10)) {
		t.Error("the ring is not at the fourth reading")
	}
	if strings.Contains(app.HTMLString(c.UI(chart.Live{})), "ring") {
		t.Error("a ring without a reading, or the tree was changed")
	}
	if e, ok := ui.(app.HTML); !ok || e.XMLNamespace() != "http://www.w3.org/2000/svg" {
		t.Error("the root is not in the SVG namespace")
	}
}

// TestEscaping: names from pasted configuration files cannot break the markup.
func TestEscaping(t *testing.T) {
	spec := price()
	spec.ID = `a"b<`
	spec.Title = `<script>"&'` + "\x00"
	spec.Series[0].Name = `</text><b>`
	c := chart.Lines(spec, 980)
	check(t, "escaping", c, 1)
	if strings.Contains(c.Markup(), "<script") || strings.Contains(c.Markup(), "<b>") {
		t.Error("markup from a name")
	}
}

func BenchmarkLines(b *testing.B) {
	spec := many(12, 24, rand.New(rand.NewPCG(1, 2)), 4)
	b.ReportAllocs()
	for b.Loop() {
		chart.Lines(spec, 980)
	}
}

func BenchmarkLinesMarkup(b *testing.B) {
	spec := many(12, 24, rand.New(rand.NewPCG(1, 2)), 4)
	b.ReportAllocs()
	for b.Loop() {
		_ = chart.Lines(spec, 980).Markup()
	}
}

func BenchmarkPanels(b *testing.B) {
	spec := loadCurves()
	b.ReportAllocs()
	for b.Loop() {
		chart.Panels(spec, 980)
	}
}
