package chart

import (
	"math"
	"slices"
)

// plot is one pair of axes with its series, placed on a chart.
type plot struct {
	c      *Chart
	s      *sheet
	xa, ya Axis
	series []Series
	points [][]Point // known points of each series
	frame  box
	x, y   scale
	curves [][]segment // of each series, clipped
	empty  bool        // no data

	upright []float64 // where vertical rules stand

	back, marks, front []*node
}

// newPlot collects the known points and the axis ranges. xs and ys are values
// the axes have to show besides the data. ok is false without data.
func newPlot(c *Chart, s *sheet, xa, ya Axis, series []Series, xs, ys []float64) (p *plot, ok bool) {
	p = &plot{c: c, s: s, xa: xa, ya: ya, series: series}
	var xr, yr span
	for _, one := range series {
		points := one.clean(xa.Kind, ya.Kind)
		p.points = append(p.points, points)
		for _, q := range points {
			xr.see(xa.Kind, q.X)
			yr.see(ya.Kind, q.Y)
			if q.hasBand(ya.Kind) {
				yr.see(ya.Kind, q.Lo)
				yr.see(ya.Kind, q.Hi)
			}
		}
	}
	if !xr.any || !yr.any {
		return p, false
	}
	for _, v := range xs {
		xr.see(xa.Kind, v)
	}
	for _, v := range ys {
		yr.see(ya.Kind, v)
	}
	p.x.kind, p.y.kind = xa.Kind, ya.Kind
	p.x.lo, p.x.hi = xa.xDomain(xr)
	p.y.lo, p.y.hi = ya.yDomain(yr)
	return p, true
}

// vertical fixes the plot's top and bottom; needed before labels can be measured.
func (p *plot) vertical(top, bottom float64) {
	p.frame.y0, p.frame.y1 = top, bottom
	p.y.a, p.y.b = bottom, top
}

// horizontal fixes the plot's left and right edge. Marks keep clear of both.
func (p *plot) horizontal(left, right, clearLeft, clearRight float64) {
	p.frame.x0, p.frame.x1 = left, right
	p.x.a, p.x.b = left+clearLeft, right-clearRight
	in := box{p.x.a, p.frame.y0, p.x.b, p.frame.y1}
	p.curves = make([][]segment, len(p.series))
	for i := range p.series {
		p.curves[i] = clip(trace(p.series[i].Shape, p.pixels(p.points[i])), in)
	}
}

// pixels returns the positions of points.
func (p *plot) pixels(points []Point) []point {
	out := make([]point, len(points))
	for i, q := range points {
		out[i] = point{p.x.px(q.X), p.y.px(q.Y)}
	}
	return out
}

// shows reports whether a point lies inside the axes.
func (p *plot) shows(q Point) bool {
	slack := func(s scale) float64 { return 1e-9 * math.Abs(s.hi-s.lo) }
	return q.X >= p.x.lo-slack(p.x) && q.X <= p.x.hi+slack(p.x) && q.Y >= p.y.lo-slack(p.y) && q.Y <= p.y.hi+slack(p.y)
}

// yTicks returns the y ticks and the width of their widest text.
func (p *plot) yTicks() (ticks []float64, width float64) {
	ticks = p.ya.ticks(p.y.lo, p.y.hi, nil)
	if p.ya.Kind == Log && (len(ticks) == 0 || ticks[0] > p.y.lo*1.05) && !(p.ya.Whole && p.y.lo < 1) {
		if len(ticks) == 0 || p.y.px(p.y.lo)-p.y.px(ticks[0]) > 1.5*lineHeight*p.c.scale {
			ticks = append([]float64{p.y.lo}, ticks...)
		}
	}
	for _, t := range ticks {
		width = max(width, textWidth(p.ya.tick(t), 12*p.c.scale, false))
	}
	return ticks, width
}

// grid draws the y ticks as hairlines, the baseline and the tick texts.
func (p *plot) grid(ticks []float64) {
	f := p.frame
	for _, t := range ticks {
		y := p.y.px(t)
		if y < f.y1-0.5 {
			p.back = append(p.back, line("gr", f.x0, y, f.x1, y))
		}
		l := label{text: p.ya.tick(t), flat: true, anchor: end, x: f.x0 - 8, y: y + 4*p.c.scale}
		if n := p.s.put(l); n != nil {
			p.back = append(p.back, n)
		}
	}
	p.back = append(p.back, line("ax", f.x0, f.y1, f.x1, f.y1))
}

// xTicks draws the x ticks below the baseline: as many texts as fit side by
// side. at is a value whose tick has no text because something else stands there.
func (p *plot) xTicks(text func(float64) string, at float64) {
	var values []float64
	for _, points := range p.points {
		for _, q := range points {
			values = append(values, q.X)
		}
	}
	ticks := p.xa.ticks(p.x.lo, p.x.hi, values)
	base := p.frame.y1
	labels := make([]label, len(ticks))
	for i, t := range ticks {
		labels[i] = label{text: text(t), anchor: middle, x: p.x.px(t), y: base + 18*p.c.scale}
	}
	stride := 1
	for ; stride < len(labels); stride++ {
		if apart(labels, stride, p.c.scale) {
			break
		}
	}
	for i := 0; i < len(labels); i += stride {
		l := labels[i]
		p.back = append(p.back, line("ax", l.x, base, l.x, base+4))
		w := l.width(p.c.scale) / 2
		l.x = min(max(l.x, w), p.c.Width-w)
		if n := p.s.put(l); n != nil {
			p.back = append(p.back, n)
		}
	}
	if known(p.xa.Kind, at) && at >= p.x.lo && at <= p.x.hi {
		p.back = append(p.back, line("ax", p.x.px(at), base, p.x.px(at), base+4))
	}
}

// apart reports whether every stride-th label keeps 8 px from the next.
func apart(labels []label, stride int, scale float64) bool {
	for i := stride; i < len(labels); i += stride {
		if labels[i-stride].box(scale).x1+8 > labels[i].box(scale).x0 {
			return false
		}
	}
	return true
}

// zones shades areas; a label is put at the area's near edge where there is room.
func (p *plot) zones(zones []Zone, texts bool) {
	f := p.frame
	for _, z := range zones {
		a, b, top, bottom := f.x0, f.x1, f.y0, f.y1
		if z.X0 != 0 {
			a = p.x.onClamped(z.X0)
		}
		if z.X1 != 0 {
			b = p.x.onClamped(z.X1)
		}
		if z.Y0 != 0 {
			bottom = p.y.onClamped(z.Y0)
		}
		if z.Y1 != 0 {
			top = p.y.onClamped(z.Y1)
		}
		if !(b-a > 0.5 && bottom-top > 0.5) || z.X0 > p.x.hi || (z.X1 != 0 && z.X1 < p.x.lo) {
			continue
		}
		class := map[ZoneKind]string{Missed: "zone", Met: "slo", Phase: "stepbg"}[z.Kind]
		p.back = append(p.back, rect(class, a, top, b-a, bottom-top))
		if !texts || z.Label == "" {
			continue
		}
		y := top + 12*p.c.scale
		l := label{text: z.Label, class: "an halo", small: true, y: y}
		before, inside, after := l, l, l
		before.x, before.anchor = a-6, end
		inside.x = a + 6
		after.x = b + 6
		if z.Kind != Missed {
			before, inside = inside, before
		}
		if n := p.s.put(before, inside, after); n != nil {
			p.front = append(p.front, n)
		}
	}
}

// yRules draws dashed target lines with their texts; a target outside the
// axis is told in words at the edge it lies beyond.
func (p *plot) yRules(rules []Rule) {
	f := p.frame
	for _, r := range rules {
		if !known(p.ya.Kind, r.At) {
			continue
		}
		text := r.Label
		if text == "" {
			text = "target " + p.ya.say(r.At)
		}
		l := label{text: text, class: "an halo", small: true, x: f.x0 + 4}
		y := p.y.onClamped(r.At)
		if r.At < p.y.lo || r.At > p.y.hi {
			l.text += ", off the scale"
		} else {
			p.marks = append(p.marks, line("rule dash", f.x0, y, f.x1, y))
		}
		var candidates []label
		for _, lift := range []float64{-5, 13, -15, -25} {
			left := l
			left.y = y + lift*p.c.scale
			right := left
			right.x, right.anchor = f.x1-4, end
			candidates = append(candidates, left, right)
		}
		// First where no curve runs through the text, else next to the rule.
		clear := slices.DeleteFunc(slices.Clone(candidates), func(l label) bool { return p.crossed(l) || l.box(p.c.scale).y1 > f.y1 })
		if n := p.s.put(append(clear, candidates[:4]...)...); n != nil {
			p.front = append(p.front, n)
		}
	}
}

// crossed reports whether a curve or an upright rule runs through a label.
func (p *plot) crossed(l label) bool {
	b := l.box(p.c.scale)
	b = box{b.x0 - 4, b.y0, b.x1 + 4, b.y1}
	for _, curve := range p.curves {
		if len(clip(curve, b)) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(p.upright, func(x float64) bool { return b.x0 < x && x < b.x1 })
}

// xRules draws dashed vertical target lines with their texts at the top.
func (p *plot) xRules(rules []Rule) {
	f := p.frame
	for _, r := range rules {
		if !known(p.xa.Kind, r.At) || r.At < p.x.lo || r.At > p.x.hi {
			continue
		}
		x := p.x.px(r.At)
		p.marks = append(p.marks, line("rule dash", x, f.y0, x, f.y1))
		p.upright = append(p.upright, x)
		text := r.Label
		if text == "" {
			text = "target " + p.xa.say(r.At)
		}
		l := label{text: text, class: "an halo", small: true, x: x + 6, y: f.y0 - 4}
		left := l
		left.x, left.anchor = x-6, end
		if n := p.s.put(l, left); n != nil {
			p.front = append(p.front, n)
		}
	}
}

// nodes returns the plot's elements from back to front.
func (p *plot) nodes() []*node {
	return slices.Concat(p.back, p.marks, p.front)
}
