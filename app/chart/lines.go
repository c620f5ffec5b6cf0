package chart

import (
	"math"
	"strings"
)

// LineSpec is a chart of lines over one pair of axes: GPUs against a target,
// output per GPU against speed per user, growth by year.
type LineSpec struct {
	Head
	X, Y   Axis
	Series []Series
	// Target is a draggable value on x. Values are printed where a series has a
	// point there: whole GPUs are never interpolated.
	Target         *Target
	XRules, YRules []Rule
	Zones          []Zone
	First          bool    // print the values at the left edge too
	Height         float64 // of the drawing; 0 = 262, or 270 below 480 px; grows when labels need it
}

// Lines draws a line chart at a width in CSS pixels.
func Lines(spec LineSpec, width float64) *Chart {
	c := spec.begin(width)
	narrow := c.Width < 480
	s := &sheet{scale: c.scale}
	at := math.NaN()
	if spec.Target != nil && known(spec.X.Kind, spec.Target.At) {
		at = spec.Target.At
	}
	p, ok := newPlot(c, s, spec.X, spec.Y, spec.Series, []float64{at}, ruleValues(spec.YRules))
	if !ok {
		return c.nothing(spec.Head)
	}
	k := c.scale
	height := spec.Height
	if !(height > 120) {
		height = 262
		if narrow {
			height = 270
		}
	}
	top, foot := 28*k, 36*k
	if math.IsNaN(at) {
		top, foot = 26*k, 26*k
	}
	if len(spec.XRules) > 0 { // their texts stand under the name of y
		top += 6 * k
	}
	plotHeight := max(height-top-foot, float64(len(spec.Series))*lineHeight*k)
	p.vertical(top, top+plotHeight)

	ticks, tickWidth := p.yTicks()
	left := min(tickWidth+8, c.Width/2)
	column, free := p.endings(narrow, max(60, c.Width*0.35))
	right := 12.0
	if w := columnWidth(column, k); w > 0 {
		right = w + columnGap(column) - 10 + 2
	}
	if c.Width-left-right < 80 { // too narrow for labels: the table has the names
		right, column = 12, nil
	}
	p.horizontal(left, c.Width-right, 8, 10)

	// The name of x stands right of its ticks where the label column is wide
	// enough, else on a line of its own.
	base := p.frame.y1
	name := label{text: spec.X.title(), small: true, x: p.frame.x1 + 14, y: base + 18*k}
	if name.text != "" && name.box(k).x1 > c.Width {
		name = label{text: name.text, small: true, anchor: end, x: p.frame.x1, y: base + foot + 4*k}
		foot += 10 * k
	}
	c.Height = base + foot
	s.area = box{0, 0, c.Width, math.Ceil(c.Height)}

	var pill []*node
	if !math.IsNaN(at) {
		pill = p.target(*spec.Target, narrow)
	}
	p.zones(spec.Zones, true)
	heading := label{text: spec.Y.title(), small: true, x: 0, y: 12 * k}
	p.back = append(p.back, s.put(name), s.put(heading))
	p.grid(ticks)
	p.xTicks(tickTexts(spec.X), at)
	p.xRules(spec.XRules)
	p.drawSeries(at)
	p.drawEndings(column, free, narrow)
	if !math.IsNaN(at) {
		p.drawValues(p.valuesAt(at))
	}
	if spec.First && !(p.x.onClamped(at)-p.x.a < 60) {
		p.drawFirst()
	}
	p.yRules(spec.YRules)
	p.drawNotes()

	c.lines = true
	c.tell(func() (text, exact Table) { return seriesTables(spec.X, spec.Y, p.series, p.points) },
		func() []Reading { return p.readings("") })
	return c.finish(spec.Head, p.describe(at), append(p.nodes(), pill...)...)
}

// tickTexts returns how x ticks are written: with the axis's unit, the same for
// all of them, where values are said with one; bare otherwise.
func tickTexts(a Axis) func(float64) string {
	if a.Say != nil && a.Tick == nil {
		return func(v float64) string { return join(a.tick(v), a.Unit) }
	}
	return a.tick
}

// ruleValues lists the values an axis has to reach for its rules.
func ruleValues(rules []Rule) []float64 {
	var values []float64
	for _, r := range rules {
		values = append(values, r.At)
	}
	return values
}

// describe composes the description: the values at the target, or the first
// and last of each series.
func (p *plot) describe(at float64) string {
	var b strings.Builder
	if p.xa.Kind == Log && p.ya.Kind == Log {
		b.WriteString("Log scales. ")
	} else if p.xa.Kind == Log {
		b.WriteString("Log scale across. ")
	} else if p.ya.Kind == Log {
		b.WriteString("Log scale upward. ")
	}
	if !math.IsNaN(at) {
		if values := p.valuesAt(at); len(values) > 0 {
			b.WriteString("At the target of " + p.xa.say(at) + ": ")
			for i, v := range values {
				if i > 0 {
					b.WriteString(", ")
				}
				b.WriteString(p.series[v.series].Name + " " + v.text)
			}
			b.WriteString(".")
			return b.String()
		}
	}
	for i, s := range p.series {
		points := p.points[i]
		if len(points) == 0 {
			continue
		}
		first, last := points[0], points[len(points)-1]
		b.WriteString(s.Name + " " + p.ya.say(first.Y) + " at " + p.xa.say(first.X))
		if len(points) > 1 {
			b.WriteString(", " + p.ya.say(last.Y) + " at " + p.xa.say(last.X))
		}
		b.WriteString(". ")
	}
	return strings.TrimSpace(b.String())
}
