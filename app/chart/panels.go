package chart

import (
	"math"
	"slices"
	"strings"
)

// PanelSpec is several line charts over one x axis: load curves, a live ramp.
type PanelSpec struct {
	Head
	X      Axis
	Panels []Panel
	Zones  []Zone  // shaded in every panel, by x
	At     float64 // operating point on x: a large dot and its value on the recommended lines; 0 = none
	// Rows puts the panels one under the other at every width, with x ticks at
	// the bottom only. Otherwise they stand side by side from 640 px on.
	Rows        bool
	Note        string  // the last line; "" = the name of the x axis
	PanelHeight float64 // of one plot; 0 = 130
}

// Panel is one of the charts: its own quantity on y.
type Panel struct {
	Name   string // "TTFT p95, s"
	Y      Axis
	Series []Series
	Rules  []Rule // targets on y
	Zones  []Zone
}

// panelGap is the space between panels side by side.
const panelGap = 30

// offScale is how far beyond its target a latency curve is shown. What lies
// further up is cut: it would flatten the part that decides.
const offScale = 2.5

// Panels draws panels at a width in CSS pixels.
func Panels(spec PanelSpec, width float64) *Chart {
	c := spec.begin(width)
	k := c.scale
	s := &sheet{scale: k, area: box{0, 0, c.Width, math.Inf(1)}}
	at := math.NaN()
	if spec.At != 0 && known(spec.X.Kind, spec.At) {
		at = spec.At
	}
	plots, drawn := spec.plots(c, s, at)
	if !drawn {
		return c.nothing(spec.Head)
	}
	plotHeight := spec.PanelHeight
	if !(plotHeight >= 60) {
		plotHeight = 130
	}
	n := len(plots)
	columns := 1
	if !spec.Rows && c.Width >= 640 {
		columns = min(n, 3)
	}
	cell := (c.Width - panelGap*float64(columns-1)) / float64(columns)
	head, foot := 34*k, 32*k
	if spec.Rows {
		head, foot = 24*k, 18*k
	}
	// Stacked panels share their left edge so that their x axes line up.
	tickWidth := 0.0
	for _, p := range plots {
		p.vertical(head, head+plotHeight)
		_, w := p.yTicks()
		tickWidth = max(tickWidth, w)
	}
	y := 0.0
	labelRoom := spec.labelRoom(plots, cell, k)
	var marks []*node
	for i, p := range plots {
		x0 := float64(i%columns) * (cell + panelGap)
		p.vertical(y+head, y+head+plotHeight)
		p.draw(spec, spec.Panels[i], x0, cell, tickWidth, labelRoom, at, i == n-1, i == 0)
		marks = append(marks, p.nodes()...)
		if i%columns == columns-1 || i == n-1 {
			y += head + plotHeight + foot
		}
	}
	if spec.Rows {
		y += 4 * k
	}
	note := spec.Note
	if note == "" {
		note = spec.X.title()
	}
	if note != "" {
		for _, l := range wrap(strings.Fields(note), " ", 11*k, c.Width) {
			y += 14 * k
			marks = append(marks, s.put(label{text: l, small: true, x: 0, y: y}))
		}
	}
	c.Height = y + 4*k
	c.lines = true
	c.tell(func() (text, exact Table) { return spec.tables(plots) }, func() []Reading {
		var readings []Reading
		for i, p := range plots {
			readings = append(readings, p.readings(spec.Panels[i].Name)...)
		}
		return readings
	})
	return c.finish(spec.Head, spec.describe(plots, at), marks...)
}

// plots prepares one plot a panel over a common x range; a panel without data
// stays, with its axis and words. drawn is false when no panel has data.
func (spec PanelSpec) plots(c *Chart, s *sheet, at float64) (plots []*plot, drawn bool) {
	xr := span{}
	for _, panel := range spec.Panels {
		for _, one := range panel.Series {
			for _, q := range one.clean(spec.X.Kind, panel.Y.Kind) {
				xr.see(spec.X.Kind, q.X)
			}
		}
	}
	if !xr.any {
		return nil, false
	}
	xr.see(spec.X.Kind, at)
	for _, panel := range spec.Panels {
		var top []float64
		ya := panel.Y
		var yr span
		for _, one := range panel.Series {
			for _, q := range one.clean(spec.X.Kind, ya.Kind) {
				yr.see(ya.Kind, q.Y)
			}
		}
		for _, r := range panel.Rules {
			if !known(ya.Kind, r.At) || r.At <= 0 {
				continue
			}
			if r.At <= 5*yr.hi || ya.Kind == Log {
				top = append(top, r.At)
			}
			if ya.Kind == Linear && ya.Max == 0 && yr.lo < r.At && yr.hi > 4*r.At {
				ticks := linearTicks(0, offScale*r.At, ya.Whole)
				ya.Max = ticks[len(ticks)-1]
			}
		}
		p, ok := newPlot(c, s, spec.X, ya, panel.Series, []float64{xr.lo, xr.hi}, top)
		if !ok {
			p.x.lo, p.x.hi = spec.X.xDomain(xr)
			p.x.kind, p.y.kind = spec.X.Kind, Linear
			p.y.lo, p.y.hi = 0, 1
			p.empty = true
		}
		plots = append(plots, p)
		drawn = drawn || ok
	}
	return plots, drawn
}

// labelRoom is the room right of the plots for line labels: none where every
// panel shows a single line.
func (spec PanelSpec) labelRoom(plots []*plot, cell, k float64) float64 {
	room := 8.0
	for _, p := range plots {
		if len(p.series) < 2 || cell < 200 {
			continue
		}
		column, _ := p.endings(true, cell*0.3)
		if len(column) > 0 {
			room = max(room, columnWidth(column, k)+columnGap(column))
		}
	}
	return room
}

// draw places and draws one panel.
func (p *plot) draw(spec PanelSpec, panel Panel, x0, cell, tickWidth, labelRoom, at float64, last, first bool) {
	k := p.c.scale
	left := x0 + min(tickWidth+8, cell/2)
	p.horizontal(left, x0+cell-labelRoom+8, 6, 8)
	name := label{text: shorten(panel.Name, 12*k, cell), class: "lb", bold: true, x: x0, y: p.frame.y0 - 34*k + 12*k}
	if spec.Rows {
		name.y = p.frame.y0 - 12*k
	}
	p.back = append(p.back, p.s.put(name))
	p.zones(spec.Zones, false)
	p.zones(panel.Zones, false)
	if p.empty {
		p.back = append(p.back, line("ax", p.frame.x0, p.frame.y1, p.frame.x1, p.frame.y1),
			p.s.put(label{text: "no value", class: "an", x: p.frame.x0 + 4, y: p.frame.y1 - 8*k}))
	} else {
		ticks, _ := p.yTicks()
		p.grid(ticks)
	}
	if !spec.Rows || last {
		p.xTicks(p.xa.tick, math.NaN())
	}
	p.drawSeries(math.NaN())
	if len(p.series) > 1 && cell >= 200 {
		column, free := p.endings(true, cell*0.3)
		p.drawEndings(column, free, true)
	}
	p.operating(at)
	p.yRules(panel.Rules)
	p.zoneLabels(spec.Zones, first)
	p.zoneLabels(panel.Zones, true)
}

// zoneLabels prints the texts of zones already shaded.
func (p *plot) zoneLabels(zones []Zone, on bool) {
	if !on {
		return
	}
	shaded := len(p.back)
	p.zones(zones, true)
	p.back = p.back[:shaded] // the areas are there already, behind everything
}

// operating marks the operating point on the recommended lines (on the only
// line, when there is one) and prints its value.
func (p *plot) operating(at float64) {
	if math.IsNaN(at) || at < p.x.lo || at > p.x.hi {
		return
	}
	for i, s := range p.series {
		if s.Ghost || !(s.Hero || len(p.series) == 1) {
			continue
		}
		v, ok := p.valueOn(i, at)
		if !ok || !p.shows(Point{X: at, Y: v}) {
			continue
		}
		x, y, k := p.x.px(at), p.y.px(v), p.c.scale
		p.marks = append(p.marks, el("g", "class", s.Mark.hue()).add(
			el("path", "class", openClass(s.Mark), "d", string(s.Mark.appendOutline(nil, x, y, strongSize)))))
		l := label{text: p.ya.say(v), class: "v", bold: true}
		place := func(a anchor, dx, dy float64) label {
			c := l
			c.anchor, c.x, c.y = a, x+dx, y+dy
			return c
		}
		candidates := []label{place(end, -10, -8*k), place(middle, 0, -12*k), place(start, 10, 16*k),
			place(middle, 0, 20*k), place(start, 10, -8*k)}
		if points := p.points[i]; points[0].Y > points[len(points)-1].Y { // falling: the free side is right
			slices.Reverse(candidates)
		}
		if n := p.s.put(candidates...); n != nil {
			p.front = append(p.front, n)
		}
	}
}

// valueOn returns a series' value at x: a point's own, else the drawn curve's.
func (p *plot) valueOn(i int, x float64) (float64, bool) {
	for _, q := range p.points[i] {
		if near(q.X, x) {
			return q.Y, true
		}
	}
	segments := trace(p.series[i].Shape, p.pixels(p.points[i]))
	y, ok := yAt(segments, p.x.px(x))
	return p.y.value(y), ok
}

// openClass is the class of a mark's dots.
func openClass(m Mark) string {
	if m.Open {
		return "dt o"
	}
	return "dt"
}
