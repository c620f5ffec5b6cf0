package chart

import (
	"math"
	"strings"

	"fleetsize/calc/units"
)

// StackSpec is one or more bars, each a whole divided into parts: a memory
// bar, a latency breakdown. Every bar fills the width and has its own unit.
type StackSpec struct {
	Head
	Rows []Bar
}

// Bar is a whole and its parts.
type Bar struct {
	Title string // "First token, 2.40 s"; "" puts the labels above the bar
	Unit  string
	Parts []Part
	// Total is the whole when it is more than the sum of the parts; the rest
	// stays blank. 0 = the sum.
	Total float64
	Value func(float64) string // writes a part's value; nil = three digits
}

// Part is one segment. Parts of zero or unknown size are not drawn; the table
// has them.
type Part struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Name, Short string
	Value       float64
	Fill        string // m1 … m6, a shade of the page's sheet
	Hatch       bool   // kept free
	Note        string // a comment below
	Ref         string // what explains the value: the segment gets it as data-x and can be pressed
}

// partGap separates segments.
const partGap = 1.5

// Stack draws bars at a width in CSS pixels.
func Stack(spec StackSpec, width float64) *Chart {
	c := spec.begin(width)
	s := &sheet{scale: c.scale, area: box{0, 0, c.Width, math.Inf(1)}}
	var marks []*node
	var told []string
	var readings []Reading
	y := 0.0
	for _, bar := range spec.Rows {
		drawn, sum := bar.visible()
		if len(drawn) == 0 {
			continue
		}
		if y > 0 {
			y += 18 * c.scale
		}
		row := stackRow{Bar: bar, c: c, s: s, sum: sum, parts: drawn}
		y = row.draw(y)
		marks = append(marks, row.marks...)
		told = append(told, row.tell())
		readings = append(readings, row.readings...)
	}
	if len(marks) == 0 {
		return c.nothing(spec.Head)
	}
	c.Height = y + 2
	c.tell(spec.tables, func() []Reading { return readings })
	return c.finish(spec.Head, strings.Join(told, " "), marks...)
}

// visible returns the parts that are drawn and the whole they are shares of.
func (b Bar) visible() (parts []Part, whole float64) {
	for _, p := range b.Parts {
		if known(Log, p.Value) {
			parts = append(parts, p)
			whole += p.Value
		}
	}
	if known(Log, b.Total) && b.Total > whole {
		whole = b.Total
	}
	return parts, whole
}

// text writes a part's value.
func (b Bar) text(v float64) string {
	if b.Value != nil {
		return b.Value(v)
	}
	return units.SigFixed(v, 3)
}

// stackRow is one bar while it is drawn.
type stackRow struct {
	Bar
	c     *Chart
	s     *sheet
	sum   float64
	parts []Part
	from  []float64 // left edge of each segment
	to    []float64 // right edge
	marks []*node

	readings []Reading
}

// draw draws the bar from y down and returns where it ends.
func (r *stackRow) draw(y float64) float64 {
	k := r.c.scale
	r.divide()
	var labelLine, noteLine, barTop, barHeight float64
	if r.Title != "" {
		title := label{text: shorten(r.Title, 12*k, r.c.Width), class: "lb", bold: true, y: y + 12*k}
		r.marks = append(r.marks, r.s.put(title))
		barTop, barHeight = y+22*k, 24
		labelLine = barTop + barHeight + 17*k
		noteLine = labelLine + 16*k
	} else {
		labelLine = y + 12*k
		barTop, barHeight = y+20*k, 28
		noteLine = barTop + barHeight + 17*k
	}
	for i, p := range r.parts {
		r.marks = append(r.marks, rect(p.fill(), r.from[i], barTop, r.to[i]-r.from[i], barHeight))
		if p.Hatch {
			r.marks = append(r.marks, rect("zone", r.from[i], barTop, r.to[i]-r.from[i], barHeight))
		}
		if p.Ref != "" {
			r.marks = append(r.marks, press(p.Ref, r.sentence(p), r.from[i], barTop, r.to[i]-r.from[i], barHeight))
		}
		r.readings = append(r.readings, Reading{Series: joinComma(r.Title, p.Name), Text: r.sentence(p),
			X: (r.from[i] + r.to[i]) / 2, Y: barTop + barHeight/2})
	}
	small := r.label(labelLine)
	bottom := barTop + barHeight
	if r.Title != "" {
		bottom = labelLine
	}
	bottom = max(bottom, r.comment(noteLine))
	if len(small) > 0 {
		bottom = max(bottom, r.lead(small, barTop+barHeight, labelLine, noteLine))
	}
	return bottom + 8*k
}

// fill is the class of a segment.
func (p Part) fill() string {
	if p.Fill == "" {
		return "m4"
	}
	return p.Fill
}

// divide gives every segment its share of the width, gaps included; tiny ones
// keep two pixels.
func (r *stackRow) divide() {
	const thin = 2
	n := len(r.parts)
	room := r.c.Width - partGap*float64(n-1)
	widths := make([]float64, n)
	spare, over := 0.0, 0.0
	for i, p := range r.parts {
		widths[i] = room * p.Value / r.sum
		if widths[i] < thin {
			spare += thin - widths[i]
			widths[i] = thin
		} else {
			over += widths[i] - thin
		}
	}
	x := 0.0
	for i := range widths {
		if spare > 0 && over > spare && widths[i] > thin {
			widths[i] -= spare * (widths[i] - thin) / over
		}
		r.from = append(r.from, x)
		r.to = append(r.to, x+widths[i])
		x += widths[i] + partGap
	}
}
