package chart

import (
	"math"
	"strings"

	"fleetsize/calc/units"
)

// BarsSpec is one horizontal bar a row, all from zero on one scale: the cost of
// each of many sizings.
type BarsSpec struct {
	Head
	Axis Axis // its name stands above the bars
	Rows []BarRow
}

// BarRow is one bar.
type BarRow struct {
	Name  string
	Value float64 // above zero; other rows have no bar, the table has them
	Text  string  // at the bar's end; "" = the value
}

// bar row geometry in pixels.
const (
	barRow  = 24
	barHigh = 14
)

// Bars draws the rows at a width in CSS pixels.
func Bars(spec BarsSpec, width float64) *Chart {
	c := spec.begin(width)
	k := c.scale
	top, names, ends := 0.0, 0.0, 0.0
	for _, r := range spec.Rows {
		if known(Log, r.Value) {
			top = max(top, r.Value)
			names = max(names, textWidth(r.Name, 12*k, false))
			ends = max(ends, textWidth(spec.text(r), 12*k, true))
		}
	}
	if top == 0 {
		return c.nothing(spec.Head)
	}
	names = min(names, c.Width/2)
	left := names + 12
	if names == 0 {
		left = 0
	}
	room := max(40, c.Width-left-min(ends, 0.4*c.Width)-10)
	var marks []*node
	y := 0.0
	if name := spec.Axis.title(); name != "" {
		marks = append(marks, label{text: name, small: true, x: 0, y: 12 * k}.node())
		y = 24 * k
	}
	marks = append(marks, line("ax", left, y, left, y+barRow*k*float64(spec.drawn())))
	var readings []Reading
	for _, r := range spec.Rows {
		if !known(Log, r.Value) {
			continue
		}
		mid, long := y+barRow*k/2, max(1, room*r.Value/top)
		text := spec.text(r)
		name := r.Name
		if textWidth(name, 12*k, false) > names {
			name = shorten(name, 12*k, names)
		}
		marks = append(marks, label{text: name, x: 0, y: mid + 4*k}.node(),
			rect("m2", left, mid-barHigh*k/2, long, barHigh*k),
			label{text: shorten(text, 12*k, c.Width-left-long-6), class: "v", bold: true, x: left + long + 6, y: mid + 4*k}.node())
		readings = append(readings, Reading{Series: r.Name, Text: r.Name + ": " + text, X: left + long, Y: mid})
		y += barRow * k
	}
	c.Height = y + 4
	c.tell(spec.tables, func() []Reading { return readings })
	return c.finish(spec.Head, spec.describe(), marks...)
}

// text is what stands at a bar's end.
func (spec BarsSpec) text(r BarRow) string {
	if r.Text != "" {
		return r.Text
	}
	return spec.Axis.say(r.Value)
}

// drawn counts the rows that have a bar.
func (spec BarsSpec) drawn() (n int) {
	for _, r := range spec.Rows {
		if known(Log, r.Value) {
			n++
		}
	}
	return n
}

// describe names the lowest and the highest.
func (spec BarsSpec) describe() string {
	low, high := -1, -1
	for i, r := range spec.Rows {
		if !known(Log, r.Value) {
			continue
		}
		if low < 0 || r.Value < spec.Rows[low].Value {
			low = i
		}
		if high < 0 || r.Value > spec.Rows[high].Value {
			high = i
		}
	}
	say := func(i int) string { return strings.TrimSpace(spec.Rows[i].Name + " " + spec.text(spec.Rows[i])) }
	if low == high {
		return say(low) + "."
	}
	return units.Count(float64(spec.drawn())) + " bars. Lowest: " + say(low) + ". Highest: " + say(high) + "."
}

// tables has one row a bar, and those without one.
func (spec BarsSpec) tables() (text, raw Table) {
	text.Head = []string{"Row", spec.Axis.column()}
	raw.Head = text.Head
	for _, r := range spec.Rows {
		words := noValue
		if known(Log, r.Value) {
			words = spec.text(r)
		}
		text.Rows, raw.Rows = append(text.Rows, []string{r.Name, words}), append(raw.Rows, []string{r.Name, exact(math.Max(r.Value, 0))})
	}
	return text, raw
}
