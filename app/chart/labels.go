package chart

import (
	"math"
	"slices"
)

// lineHeight is the distance of stacked labels at text factor 1.
const lineHeight = 15

// columnShare is how close to the right edge a line has to end for its label
// to stand in the common column there.
const columnShare = 0.93

// ending is the label at a line's end.
type ending struct {
	series int
	at     Point   // the last point shown
	y      float64 // where the line ends
	to     float64 // where the label's middle is put
	text   string
}

// endings returns the labels of lines that end at the right edge, spread so
// that none overlap, and the indices of the series that end before it.
// vertical must have been called.
func (p *plot) endings(narrow bool, width float64) (column []ending, free []int) {
	for i, s := range p.series {
		text := s.label(narrow)
		last, ok := p.last(i)
		if text == "" || s.Quiet || s.Letter || !ok {
			continue
		}
		if (p.x.onShare(last.X)) < columnShare {
			free = append(free, i)
			continue
		}
		text = shorten(text, 12*p.c.scale, width)
		column = append(column, ending{series: i, at: last, y: p.y.onClamped(last.Y), text: text})
	}
	wishes := make([]float64, len(column))
	for i, e := range column {
		wishes[i] = e.y
	}
	h := lineHeight * p.c.scale
	for i, y := range spread(wishes, h, p.frame.y0-4, p.frame.y1-h/3) {
		column[i].to = y
	}
	return column, free
}

// last returns the last point of a series that lies inside the x range.
func (p *plot) last(i int) (Point, bool) {
	for _, q := range slices.Backward(p.points[i]) {
		if q.X <= p.x.hi*(1+1e-9) {
			return q, true
		}
	}
	return Point{}, false
}

// onShare returns where a value lies in the scale's range, 0 to 1.
func (s scale) onShare(v float64) float64 {
	unit := scale{kind: s.kind, lo: s.lo, hi: s.hi, a: 0, b: 1}
	return unit.onClamped(v)
}

// columnGap is the space between line ends and their labels: wider when any
// label had to move, for its leader.
func columnGap(column []ending) float64 {
	for _, e := range column {
		if math.Abs(e.to-e.y) > 4 {
			return 20
		}
	}
	return 10
}

// columnWidth is the room the labels need.
func columnWidth(column []ending, scale float64) float64 {
	w := 0.0
	for _, e := range column {
		w = max(w, textWidth(e.text, 12*scale, true))
	}
	return w
}

// drawEndings draws the label column and then the labels of lines that end
// earlier.
func (p *plot) drawEndings(column []ending, free []int, narrow bool) {
	gap := columnGap(column)
	for _, e := range column {
		x := p.x.b + gap
		g := el("g", "class", p.series[e.series].Mark.hue())
		l := label{text: e.text, class: "lb d", bold: true, x: x, y: e.to + 4*p.c.scale}
		if n := p.s.put(l); n != nil {
			if math.Abs(e.to-e.y) > 4 {
				g.add(el("path", "class", "lead", "d",
					"M"+px(p.x.px(min(e.at.X, p.x.hi))+6)+" "+px(e.y)+"L"+px(x-3)+" "+px(e.to)))
			}
			p.front = append(p.front, g.add(n))
		}
	}
	for _, i := range free {
		last, ok := p.last(i)
		if !ok || !p.shows(last) {
			continue
		}
		s := p.series[i]
		text := shorten(s.label(narrow), 12*p.c.scale, p.c.Width*0.4)
		x, y, k := p.x.px(last.X), p.y.px(last.Y), p.c.scale
		l := label{text: text, class: "lb d halo", bold: true}
		n, moved := p.beside(l, x, y, 9)
		if n == nil {
			continue
		}
		g := el("g", "class", s.Mark.hue())
		if moved {
			g.add(el("path", "class", "lead", "d", "M"+px(x+5)+" "+px(y)+"L"+n.get("x")+" "+px(parse(n.get("y"))-4*k)))
		}
		p.front = append(p.front, g.add(n))
	}
}

// beside puts a label next to a point: right, above, below, left, then further
// away, where moved is true and a leader is due.
func (p *plot) beside(l label, x, y, gap float64) (n *node, moved bool) {
	k := p.c.scale
	at := func(a anchor, dx, dy float64) label {
		c := l
		c.anchor, c.x, c.y = a, x+dx, y+dy
		return c
	}
	close := []label{at(start, gap, 4*k), at(start, gap, -6*k), at(start, gap, 15*k), at(end, gap, -11*k),
		at(end, gap, 20*k), at(end, -gap, 4*k), at(end, -gap, -6*k), at(end, -gap, 15*k), at(end, -gap, -14*k)}
	for _, rule := range p.upright { // up to a rule that would run through the text
		if x < rule && rule < x+gap+l.width(k) {
			close = append(close, at(end, rule-6-x, 20*k), at(end, rule-6-x, -11*k), at(end, rule-6-x, 34*k))
		}
	}
	var far []label
	for d := 24.0; d < 120; d += 8 {
		far = append(far, at(start, gap+6, -d*k), at(start, gap+6, (d+8)*k))
	}
	below := func(l label) bool { return l.box(k).y1 > p.frame.y1 }
	close, far = slices.DeleteFunc(close, below), slices.DeleteFunc(far, below)
	// First where no marker is covered and no line runs through the text, then
	// where no marker is covered, then anywhere free.
	clear := func(labels []label) []label {
		return slices.DeleteFunc(slices.Clone(labels), p.covers)
	}
	for _, try := range []struct {
		labels []label
		moved  bool
	}{{slices.DeleteFunc(clear(close), p.crossed), false}, {clear(close), false}, {clear(far[:min(8, len(far))]), true}, {close, false}, {far, true}} {
		if n = p.s.put(try.labels...); n != nil {
			return n, try.moved
		}
	}
	return nil, false
}

// covers reports whether a label would stand on the marker of any point.
func (p *plot) covers(l label) bool {
	b := l.box(p.c.scale)
	for i, points := range p.points {
		if p.series[i].Ghost {
			continue
		}
		for _, q := range points {
			x, y := p.x.px(q.X), p.y.px(q.Y)
			if b.hits(box{x - dotSize, y - dotSize, x + dotSize, y + dotSize}) {
				return true
			}
		}
	}
	return false
}

// shorten cuts a text to a width with an ellipsis.
func shorten(s string, size, width float64) string {
	if textWidth(s, size, true) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 1 && textWidth(string(runes)+"…", size, true) > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
