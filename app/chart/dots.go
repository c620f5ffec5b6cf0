package chart

import (
	"math"
	"strings"
)

// DotsSpec puts a few options side by side: one line a measure, each on its own
// scale from zero, with a letter where every option stands.
type DotsSpec struct {
	Head
	Rows []DotRow
}

// DotRow is one measure.
type DotRow struct {
	Name   string // with its unit
	Hint   string // at the right: "lower is better"
	Dots   []Dot
	Target float64 // a limit; 0 = none
	Text   func(float64) string
}

// Dot is one option on a measure.
type Dot struct {
	Letter string
	Value  float64
	Lo, Hi float64 // range; both 0 = none
	None   string  // words where the value is unknown: "no price"
	Ref    string  // what explains the value, "" = nothing
}

// letterSize is the side of a letter's square.
const letterSize = 18

// Dots draws options on a few measures at a width in CSS pixels.
func Dots(spec DotsSpec, width float64) *Chart {
	c := spec.begin(width)
	k := c.scale
	var marks []*node
	var readings []Reading
	var told []string
	y := 0.0
	for _, r := range spec.Rows {
		if !r.drawn() {
			continue
		}
		m, found := r.draw(c, y)
		marks = append(marks, m...)
		readings = append(readings, found...)
		told = append(told, r.tell())
		y += 76 * k
	}
	if len(marks) == 0 {
		return c.nothing(spec.Head)
	}
	c.Height = y
	c.tell(spec.tables, func() []Reading { return readings })
	return c.finish(spec.Head, strings.Join(told, " "), marks...)
}

// drawn reports whether any option has a value.
func (r DotRow) drawn() bool {
	for _, d := range r.Dots {
		if known(Linear, d.Value) && d.None == "" {
			return true
		}
	}
	return false
}

func (r DotRow) text(v float64) string {
	if r.Text != nil {
		return r.Text(v)
	}
	return Axis{}.tick(v)
}

// words is an option's value, as a range where it has one.
func (r DotRow) words(d Dot) string {
	switch {
	case d.None != "":
		return d.None
	case d.Hi > d.Lo:
		return r.text(d.Lo) + "–" + r.text(d.Hi)
	}
	return r.text(d.Value)
}

// draw draws the measure from y down.
func (r DotRow) draw(c *Chart, y float64) (marks []*node, readings []Reading) {
	k := c.scale
	s := &sheet{scale: k, area: box{0, y, c.Width, y + 76*k}}
	hint := r.Hint
	for _, d := range r.Dots {
		if d.None != "" {
			hint = joinComma(hint, d.Letter+": "+d.None)
		}
	}
	marks = append(marks, s.put(label{text: r.Name, class: "lb", bold: true, y: y + 12*k}))
	if n := s.put(label{text: hint, small: true, anchor: end, x: c.Width, y: y + 12*k}); n != nil {
		marks = append(marks, n)
	}
	top := 0.0
	for _, d := range r.Dots {
		if d.None == "" {
			top = math.Max(top, math.Max(d.Value, d.Hi))
		}
	}
	limit := known(Log, r.Target) && r.Target < 4*top
	if limit {
		top = math.Max(top, r.Target)
	}
	if !(top > 0) {
		top = 1
	}
	half := letterSize / 2 * k
	x := scale{kind: Linear, lo: 0, hi: top, a: 0, b: c.Width - 4 - half - 24*k}
	mid := y + 40*k
	marks = append(marks, line("ax", 0, mid, c.Width, mid))
	if limit {
		p := x.px(r.Target)
		marks = append(marks, line("rule", p, mid-10*k, p, mid+10*k))
		s.take(box{p - 2, mid - 10*k, p + 2, mid + 10*k})
	}
	var at, wide []float64
	var shown []Dot
	for _, d := range r.Dots {
		if d.None != "" || !known(Linear, d.Value) {
			continue
		}
		at = append(at, min(max(x.px(d.Value), half), c.Width-half))
		wide = append(wide, textWidth(r.words(d), 12*k, false))
		shown = append(shown, d)
	}
	gap := letterSize * k
	for _, w := range wide {
		gap = max(gap, w)
	}
	inset := gap/2 + 1
	at = spread(at, gap+6, inset, c.Width-inset)
	for i, d := range shown { // ranges may overlap: one above, one below the line
		if d.Hi > d.Lo {
			a, b := x.onClamped(d.Lo), x.onClamped(d.Hi)
			up := float64(i%2)*7 - 7 + float64(i/2)*3.5
			marks = append(marks, el("rect", "class", "m4", "x", px(a), "y", px(mid+up+1.5), "width", px(max(b-a, 2)), "height", "4", "rx", "2"))
		}
	}
	for i, d := range shown {
		marks = append(marks, tile(d.Letter, at[i], mid, half, k)...)
		if n := s.put(label{text: r.words(d), class: "an", anchor: middle, flat: true, x: at[i], y: y + 63*k}); n != nil {
			marks = append(marks, n)
		}
		words := d.Letter + ", " + r.Name + ": " + r.words(d)
		if d.Ref != "" {
			marks = append(marks, press(d.Ref, words, at[i]-pressSize/2, mid-pressSize/2, pressSize, pressSize))
		}
		readings = append(readings, Reading{Series: d.Letter, Text: words, Ref: d.Ref, X: at[i], Y: mid})
	}
	if limit {
		p := x.px(r.Target)
		text := label{text: "target " + r.text(r.Target), small: true, anchor: end, x: min(p+20, c.Width), y: y + 63*k}
		right := text
		right.anchor, right.x = start, p-10
		if n := s.put(text, right); n != nil {
			marks = append(marks, n)
		}
	}
	return marks, readings
}

// tell describes the measure in one sentence.
func (r DotRow) tell() string {
	var parts []string
	for _, d := range r.Dots {
		parts = append(parts, d.Letter+" "+r.words(d))
	}
	return r.Name + ": " + strings.Join(parts, ", ") + "."
}

// tables has one row a measure, one column an option.
func (spec DotsSpec) tables() (text, raw Table) {
	text.Head = []string{"Measure"}
	if len(spec.Rows) > 0 {
		for _, d := range spec.Rows[0].Dots {
			text.Head = append(text.Head, d.Letter)
		}
	}
	raw.Head = text.Head
	for _, r := range spec.Rows {
		t, v := []string{r.Name}, []string{r.Name}
		for _, d := range r.Dots {
			text.explain(len(text.Rows), len(t), d.Ref)
			t = append(t, r.words(d))
			if d.None != "" {
				v = append(v, "")
			} else {
				v = append(v, exact(d.Value))
			}
		}
		text.Rows, raw.Rows = append(text.Rows, t), append(raw.Rows, v)
	}
	return text, raw
}
