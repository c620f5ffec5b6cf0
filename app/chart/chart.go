package chart

import (
	"math"
	"strings"
	"sync"

	"fleetsize/calc/units"
)

// Chart is one finished drawing with its words and data.
type Chart struct {
	Width, Height float64 // CSS pixels
	ID            string
	Title, Desc   string

	root  *node
	scale float64 // text factor
	style string  // further rules of an exported file
	// Words are composed when they are first asked for: a redraw while the
	// reader drags needs none.
	tables   func() (text, exact Table)
	readings func() []Reading
	drag     *Handle
	empty    bool
	lines    bool // points of lines: the pointer reads them
}

// Head is what every chart has besides its data.
type Head struct {
	ID    string  // unique on the page; every id inside the chart starts with it; "" = "chart"
	Title string  // what is drawn, in words
	Desc  string  // the key values, in words; "" = composed from the data
	Text  float64 // text size factor; 0 or 1 = 12 px
	Empty string  // words when nothing can be drawn; "" = "No values to draw."
}

// Table is a chart's data as text. The first column names the row; units are
// in the head.
type Table struct {
	Head []string
	Rows [][]string
	refs map[[2]int]string
}

// Ref is what explains a cell, "" where nothing does.
func (t Table) Ref(row, column int) string { return t.refs[[2]int{row, column}] }

// explain notes what explains a cell.
func (t *Table) explain(row, column int, ref string) {
	if ref == "" {
		return
	}
	if t.refs == nil {
		t.refs = map[[2]int]string{}
	}
	t.refs[[2]int{row, column}] = ref
}

// Reading is one point in words and its place in the drawing.
type Reading struct {
	Series string
	Text   string  // "H100 SXM: 4 GPUs at 3 s"
	Ref    string  // what explains the value, "" = nothing
	X, Y   float64 // pixels from the drawing's left upper corner
}

// Handle is a target on the x axis that the reader can drag.
type Handle struct {
	ID       string  // id of the grip's <g>
	PX       float64 // where it is
	Min, Max float64 // axis values it can take
	scale    scale
}

// Value returns the axis value at x pixels from the drawing's left edge,
// limited to the axis.
func (h Handle) Value(x float64) float64 {
	return min(max(h.scale.value(x), h.Min), h.Max)
}

// X returns the pixel of an axis value, limited to the axis.
func (h Handle) X(v float64) float64 { return h.scale.onClamped(min(max(v, h.Min), h.Max)) }

// Snap rounds a dragged value to two significant digits, the precision a
// pointer has, limited to the axis.
func (h Handle) Snap(v float64) float64 {
	return min(max(units.Round(v, 2), h.Min), h.Max)
}

// Table returns the data as text for a table beside the chart.
func (c *Chart) Table() Table {
	text, _ := c.tables()
	return text
}

// Points returns every point in reading order: series by series, left to right.
func (c *Chart) Points() []Reading { return c.readings() }

// Drag returns the draggable target; ok is false when there is none.
func (c *Chart) Drag() (h Handle, ok bool) {
	if c.drag == nil {
		return Handle{}, false
	}
	return *c.drag, true
}

// Empty reports whether there was nothing to draw.
func (c *Chart) Empty() bool { return c.empty }

// CSV returns the exact data: a header line, then one line a row, with CRLF
// ends and quotes where needed (RFC 4180). Unknown values are empty.
func (c *Chart) CSV() string {
	var b strings.Builder
	row := func(cells []string) {
		for i, cell := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(cell, ",\"\r\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString("\r\n")
	}
	_, data := c.tables()
	row(data.Head)
	for _, r := range data.Rows {
		row(r)
	}
	return b.String()
}

// begin returns an empty drawing.
func (h Head) begin(width float64) *Chart {
	if !(width >= 120) || math.IsInf(width, 1) {
		width = 320 // not measured yet
	}
	id := h.ID
	if id == "" {
		id = "chart"
	}
	scale := h.Text
	if !(scale >= 0.5 && scale <= 3) {
		scale = 1
	}
	c := &Chart{Width: math.Floor(width), ID: id, Title: h.Title, scale: scale}
	c.tell(func() (text, exact Table) { return }, func() []Reading { return nil })
	return c
}

// tell sets how the tables and the readings are composed.
func (c *Chart) tell(tables func() (text, exact Table), readings func() []Reading) {
	c.tables, c.readings = sync.OnceValues(tables), sync.OnceValue(readings)
}

// finish builds the root element around the drawn marks.
func (c *Chart) finish(h Head, desc string, marks ...*node) *Chart {
	c.Height = math.Ceil(c.Height)
	c.Desc = h.Desc
	if c.Desc == "" {
		c.Desc = desc
	}
	c.root = el("svg", "class", "ch", "viewBox", "0 0 "+px(c.Width)+" "+px(c.Height), "role", "img",
		"aria-labelledby", c.ID+"-t "+c.ID+"-d").add(
		el("title", "id", c.ID+"-t").say(c.Title),
		el("desc", "id", c.ID+"-d").say(c.Desc))
	for _, m := range marks {
		if m != nil {
			c.root.add(m)
		}
	}
	c.pressable()
	return c
}

// nothing finishes a chart without data: a sentence instead of empty axes.
func (c *Chart) nothing(h Head) *Chart {
	words := h.Empty
	if words == "" {
		words = "No values to draw."
	}
	c.empty = true
	size := 12 * c.scale
	var marks []*node
	y := 20 * c.scale
	for _, l := range wrap(strings.Fields(words), " ", size, c.Width) {
		marks = append(marks, label{text: l, class: "an", x: 0, y: y}.node())
		y += 18 * c.scale
	}
	c.Height = y
	return c.finish(h, words, marks...)
}

// wrap joins items into lines no wider than width at a font size; an item is
// never broken, one that is too wide gets an ellipsis.
func wrap(items []string, separator string, size, width float64) []string {
	var lines []string
	line := ""
	for _, item := range items {
		if longer := line + separator + item; line != "" && textWidth(longer, size, false) <= width {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line+strings.TrimRight(separator, " "))
		}
		line = shorten(item, size, width)
	}
	return append(lines, line)
}
