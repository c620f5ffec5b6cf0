package chart

import (
	"sort"
	"strings"
)

// dot sizes in pixels.
const (
	dotSize    = 3.5
	strongSize = 5.5
)

// drawSeries draws bands, lines and dots, the recommended series last. at is
// the x value where every series with a point there gets a large dot; NaN = none.
func (p *plot) drawSeries(at float64) {
	order := make([]int, 0, len(p.series))
	for i := range p.series {
		order = append(order, i)
	}
	sort.SliceStable(order, func(a, b int) bool { return rankOf(p.series[order[a]]) < rankOf(p.series[order[b]]) })
	for _, i := range order {
		if g := p.drawOne(i, at); len(g.kids) > 0 {
			p.marks = append(p.marks, g)
		}
		p.pressPoints(i)
	}
}

// rankOf orders drawing: predictions, then the others, then the recommended.
func rankOf(s Series) int {
	switch {
	case s.Ghost:
		return 0
	case s.Hero:
		return 2
	}
	return 1
}

// drawOne draws one series as a group that carries its hue.
func (p *plot) drawOne(i int, at float64) *node {
	s, points := p.series[i], p.points[i]
	g := el("g", "class", s.Mark.hue())
	if d := p.band(s, points); d != "" {
		g.add(el("path", "class", "band", "d", d))
	}
	if d := pathData(p.curves[i]); d != "" {
		class := "ln"
		switch {
		case s.Ghost:
			class += " pred"
		case s.Mark.dash() != "":
			class += " " + s.Mark.dash()
		}
		if s.Hero && !s.Ghost {
			class += " hero"
		}
		g.add(el("path", "class", class, "d", d))
	}
	if s.Ghost {
		return g
	}
	if s.Letter {
		for _, q := range points {
			p.letter(s.Name, q)
		}
		return g
	}
	var small, large []byte
	for _, q := range points {
		if !p.shows(q) {
			continue
		}
		x, y := p.x.px(q.X), p.y.px(q.Y)
		switch {
		case q.Strong, near(q.X, at):
			large = s.Mark.appendOutline(large, x, y, strongSize)
		case q.Measured, q.Note != "", len(points) == 1:
			small = s.Mark.appendOutline(small, x, y, dotSize)
		}
	}
	class := "dt"
	if s.Mark.Open {
		class += " o"
	}
	if len(small) > 0 {
		g.add(el("path", "class", class, "d", string(small)))
	}
	if len(large) > 0 {
		g.add(el("path", "class", class, "d", string(large)))
	}
	return g
}

// letter draws an option's square on its point, or beside it with a line to it
// where another option stands.
func (p *plot) letter(name string, q Point) {
	if !p.shows(q) {
		return
	}
	k := p.c.scale
	x, y, half := p.x.px(q.X), p.y.px(q.Y), letterSize/2*k
	for _, dx := range []float64{0, 1, -1, 2, -2, 3} {
		at := x + dx*(2*half+6)
		b := box{at - half, y - half, at + half, y + half}
		if !p.s.free(b) && dx < 3 {
			continue
		}
		p.s.take(b)
		if dx != 0 {
			p.front = append(p.front, line("rule", x, y, at, y))
		}
		p.front = append(p.front, tile(name, at, y, half, k)...)
		return
	}
}

// tile is a letter in a square of ink.
func tile(name string, x, y, half, k float64) []*node {
	return []*node{
		el("rect", "class", "grip", "x", px(x-half), "y", px(y-half), "width", px(2*half), "height", px(2*half), "rx", "4"),
		el("text", "class", "m on-grip", "x", px(x), "y", px(y+4.5*k)).say(name),
	}
}

// band returns the outline of the 10–90 % area over each run of points that
// have one.
func (p *plot) band(s Series, points []Point) string {
	in := box{p.x.a, p.frame.y0, p.x.b, p.frame.y1}
	var d strings.Builder
	var upper, lower []point
	flush := func() {
		if len(upper) > 1 {
			up, low := trace(s.Shape, upper), trace(s.Shape, lower)
			d.WriteString(bandData(hold(up, in), hold(low, in)))
		}
		upper, lower = upper[:0], lower[:0]
	}
	for _, q := range points {
		if !q.hasBand(p.ya.Kind) {
			flush()
			continue
		}
		x := p.x.px(q.X)
		upper = append(upper, point{x, p.y.px(q.Hi)})
		lower = append(lower, point{x, p.y.px(q.Lo)})
	}
	flush()
	return d.String()
}

// hold limits a curve to a box by moving what is outside onto the edge, so
// that an area keeps its closed outline.
func hold(segments []segment, in box) []segment {
	out := make([]segment, len(segments))
	for i, s := range segments {
		for j, q := range s {
			s[j] = point{min(max(q.x, in.x0), in.x1), min(max(q.y, in.y0), in.y1)}
		}
		out[i] = s
	}
	return out
}

// near reports whether two axis values are the same but for rounding.
func near(a, b float64) bool {
	d := a - b
	tolerance := 1e-9 * max(a, -a)
	return d <= tolerance && d >= -tolerance
}
