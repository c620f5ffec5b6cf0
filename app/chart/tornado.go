package chart

import (
	"math"
	"strings"
)

// TornadoSpec is a chart of what moves a value: one row an input, with a bar
// from today's value to where a smaller and a larger input takes it.
type TornadoSpec struct {
	Head
	Axis Axis // of the value; linear
	Base float64
	Note string // under the base line: "now 3.64, rounds up to 4"
	Ref  string // what explains the note, "" = nothing
	Rows []TornadoRow
}

// TornadoRow is one input.
type TornadoRow struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Name, Now string // the input and its present value
	Ref       string // what explains the present value, "" = nothing
	Low, High TornadoEnd
	None      string // words where neither end moves anything; "" = "no effect"
}

// TornadoEnd is where a changed input takes the value.
type TornadoEnd struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Input string  // the input's value there, as text; "" = not tried
	At    float64 // the value; NaN = lost
	Lost  string  // words where the value is lost: "no answer"
	Text  string  // the result in words, for table and reader
	Cost  string  // what it costs, in a column of its own; "" = not said

	InputRef, Ref, CostRef string // what explains input, result and cost, "" = nothing
}

// words are the result and its cost.
func (e TornadoEnd) words() string { return joinComma(e.Text, e.Cost) }

// tornado row geometry in pixels.
const (
	tornadoRow = 24
	tornadoBar = 14
)

// Tornado draws what moves a value at a width in CSS pixels.
func Tornado(spec TornadoSpec, width float64) *Chart {
	c := spec.begin(width)
	var r span
	for _, row := range spec.Rows {
		for _, e := range row.ends() {
			if e.Input != "" && known(Linear, e.At) {
				r.see(Linear, e.At)
			}
		}
	}
	if !known(Linear, spec.Base) || len(spec.Rows) == 0 || !r.any {
		return c.nothing(spec.Head)
	}
	r.see(Linear, spec.Base)
	lo, hi := r.lo, r.hi
	if hi-lo < 1e-6*max(math.Abs(hi), 1e-9) { // nothing moves: the line stands in the middle
		lo, hi = lo-max(1, math.Abs(lo)/2), hi+max(1, math.Abs(hi)/2)
	}
	c.style = ".lo{fill:#4179f0}.hi{fill:#e0682c}"
	k := c.scale
	t := tornado{TornadoSpec: spec, c: c, s: &sheet{scale: k, area: box{0, 0, c.Width, math.Inf(1)}}}
	t.columns()
	t.x = scale{kind: Linear, lo: lo, hi: hi, a: t.left, b: t.right}
	ticks := linearTicks(lo, hi, false)
	top := 24 * k
	bottom := top + float64(len(spec.Rows))*tornadoRow*k
	for _, v := range ticks {
		if v < lo-1e-9 || v > hi+1e-9 {
			continue
		}
		x := t.x.px(v)
		t.marks = append(t.marks, line("gr", x, top, x, bottom))
		if n := t.s.put(label{text: spec.Axis.tick(v), anchor: middle, flat: true, x: x, y: 12 * k}); n != nil {
			t.marks = append(t.marks, n)
		}
	}
	base := t.x.px(spec.Base)
	t.s.take(box{base - 1, top, base + 1, bottom})
	for i, row := range spec.Rows {
		t.row(row, top+(float64(i)+0.5)*tornadoRow*k, base)
	}
	t.marks = append(t.marks, line("rule", base, top-4, base, bottom+4))
	c.Height = bottom + 8
	if spec.Note != "" {
		note := label{text: spec.Note, class: "an", small: true, anchor: middle, x: base, y: bottom + 18*k}
		w := note.width(k)/2 + 2
		note.x = min(max(base, w), c.Width-w)
		t.marks = append(t.marks, t.s.put(note))
		if spec.Ref != "" {
			t.front = append(t.front, press(spec.Ref, spec.Note, note.x-w, bottom+6*k, 2*w, 16*k))
		}
		c.Height = bottom + 24*k
	}
	t.s.area.y1 = c.Height
	c.tell(t.tables, func() []Reading { return t.readings })
	return c.finish(spec.Head, t.describe(), append(t.marks, t.front...)...)
}

// tornado is the chart while it is drawn.
type tornado struct {
	TornadoSpec
	c           *Chart
	s           *sheet
	x           scale
	nameX, nowX float64 // left edge of names, right edge of present values
	left, right float64 // of the bars
	marks       []*node
	front       []*node // areas to be pressed, above the marks
	readings    []Reading
}

func (r TornadoRow) ends() [2]TornadoEnd { return [2]TornadoEnd{r.Low, r.High} }

// columns divides the width: names, present values where there is room, bars
// with room for the ends' labels on both sides.
func (t *tornado) columns() {
	k := t.c.scale
	names, nows, ends := 0.0, 0.0, 0.0
	for _, r := range t.Rows {
		names = max(names, textWidth(r.Name, 12*k, false))
		nows = max(nows, textWidth(r.Now, 12*k, false))
		for _, e := range r.ends() {
			if e.Input != "" {
				ends = max(ends, textWidth(e.Input, 11*k, false))
			}
		}
	}
	names = min(names, t.c.Width*0.4)
	t.nowX = names + 12 + nows
	from := t.nowX + 12
	if t.c.Width-from < 2*ends+110 { // the present values are in the table
		t.nowX, from = 0, names+10
	}
	ends = min(ends+6, (t.c.Width-from)*0.36)
	t.left, t.right = from+ends, t.c.Width-ends
}

// label is what stands beside a bar's end.
func (e TornadoEnd) label() string {
	if e.Lost != "" && !known(Linear, e.At) {
		return e.Input + ": " + e.Lost
	}
	return e.Input
}

// row draws one input at y.
func (t *tornado) row(r TornadoRow, y, base float64) {
	k := t.c.scale
	name := label{text: shorten(r.Name, 12*k, t.c.Width*0.4), x: 0, y: y + 4*k}
	t.marks = append(t.marks, t.s.put(name))
	if t.nowX > 0 && r.Now != "" {
		t.marks = append(t.marks, t.s.put(label{text: r.Now, anchor: end, x: t.nowX, y: y + 4*k}))
	}
	moved := false
	for _, e := range r.ends() {
		if e.Input == "" {
			continue
		}
		t.readings = append(t.readings, Reading{Series: r.Name, Text: r.Name + " " + e.Input + ": " + e.words(), Ref: e.Ref, X: base, Y: y})
		if !known(Linear, e.At) {
			moved = true
			t.beside(e.label(), base, base, y)
			continue
		}
		x := t.x.px(e.At)
		t.readings[len(t.readings)-1].X = x
		if math.Abs(x-base) < 1 {
			continue
		}
		moved = true
		class, from, to := "hi", base, x
		if x < base {
			class, from, to = "lo", x, base
		}
		t.marks = append(t.marks, rect(class, from, y-tornadoBar/2, to-from, tornadoBar))
		if e.Ref != "" {
			t.front = append(t.front, press(e.Ref, r.Name+" "+e.Input+": "+e.words(), from, y-pressSize/2, to-from, pressSize))
		}
		t.beside(e.label(), from, to, y)
	}
	if !moved {
		text := r.None
		if text == "" {
			text = "no effect"
		}
		t.beside(text, base, base, y)
	}
}

// beside puts a text at the outer end of a bar from a to b, on the other side
// of the bar where that is taken, else leaves it to the table.
func (t *tornado) beside(text string, a, b, y float64) {
	k := t.c.scale
	right := label{text: text, class: "an", small: true, x: b + 5, y: y + 4*k}
	left := right
	left.x, left.anchor = a-5, end
	base := t.x.px(t.Base)
	if b <= base+0.5 && a < base {
		right, left = left, right
	}
	if n := t.s.put(right, left); n != nil {
		t.marks = append(t.marks, n)
	}
}

// tables lists every input with both ends.
func (t *tornado) tables() (text, raw Table) {
	costs := false
	for _, r := range t.Rows {
		costs = costs || r.Low.Cost != "" || r.High.Cost != ""
	}
	unit := t.Axis.column()
	text.Head, raw.Head = []string{"Input", "Now"}, []string{"Input", "Now", "Smaller", joinComma("Smaller", unit), "Larger", joinComma("Larger", unit)}
	for _, side := range []string{"Smaller", "Larger"} {
		if text.Head = append(text.Head, side, "Result"); costs {
			text.Head = append(text.Head, "Cost")
		}
	}
	for _, r := range t.Rows {
		row := []string{r.Name, r.Now}
		text.explain(len(text.Rows), 1, r.Ref)
		for _, e := range r.ends() {
			if e.Input == "" {
				e = TornadoEnd{Input: "not tried"}
			}
			text.explain(len(text.Rows), len(row), e.InputRef)
			row = append(row, e.Input)
			text.explain(len(text.Rows), len(row), e.Ref)
			if row = append(row, orNone(e.Text)); costs {
				text.explain(len(text.Rows), len(row), e.CostRef)
				row = append(row, orNone(e.Cost))
			}
		}
		text.Rows = append(text.Rows, row)
		raw.Rows = append(raw.Rows, []string{r.Name, r.Now, r.Low.Input, exact(r.Low.At), r.High.Input, exact(r.High.At)})
	}
	return text, raw
}

// orNone is a text, or the sign for no value.
func orNone(text string) string {
	if text == "" {
		return noValue
	}
	return text
}

// describe says the base and the strongest inputs.
func (t *tornado) describe() string {
	var b strings.Builder
	b.WriteString("Now " + t.Axis.say(t.Base) + ".")
	for i, r := range t.Rows {
		if i == 3 {
			break
		}
		for _, e := range r.ends() {
			if e.Input != "" {
				b.WriteString(" " + r.Name + " " + e.Input + ": " + e.words() + ".")
			}
		}
	}
	return b.String()
}
