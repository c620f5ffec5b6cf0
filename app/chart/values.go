package chart

import (
	"math"
	"slices"
	"sort"
)

// value is a number printed beside a line.
type value struct {
	series int
	x, y   float64
	text   string
	to     float64
}

// valuesAt collects the texts of the points at one x.
func (p *plot) valuesAt(at float64) []value {
	var values []value
	for i := range p.series {
		if p.series[i].Ghost {
			continue
		}
		for _, q := range p.points[i] {
			if near(q.X, at) && p.shows(q) {
				values = append(values, value{series: i, x: p.x.px(q.X), y: p.y.px(q.Y), text: p.ya.tick(q.Y)})
			}
		}
	}
	return values
}

// drawValues prints values in a column right or left of a vertical line,
// spread apart. Values that find no room are left to the table, the
// recommended series last of all.
func (p *plot) drawValues(values []value) {
	k := p.c.scale
	h := 14 * k
	room := int((p.frame.y1-p.frame.y0)/h) - 1
	sort.SliceStable(values, func(a, b int) bool { return rankOf(p.series[values[b].series]) < rankOf(p.series[values[a].series]) })
	values = once(values)
	if len(values) > room {
		values = values[:max(room, 0)]
	}
	wishes := make([]float64, len(values))
	widest := 0.0
	for i, v := range values {
		wishes[i] = v.y - 13*k
		widest = max(widest, textWidth(v.text, 12*k, true))
	}
	for i, y := range spread(wishes, h, p.frame.y0+h/2, p.frame.y1-h/2) {
		values[i].to = y
		v := values[i]
		far := math.Abs(y-wishes[i]) > 9
		gap := 9.0
		if far {
			gap = 18
		}
		l := label{text: v.text, class: "v", bold: true, x: v.x + gap, y: y + 4*k}
		left := l
		left.x, left.anchor = v.x-gap, end
		candidates := []label{l, left}
		if v.x+9+widest > p.frame.x1 { // the names stand there
			candidates = []label{left, l}
		}
		n := p.s.put(candidates...)
		if n == nil {
			continue
		}
		if far {
			x := v.x + gap - 2
			if n.get("x") == px(left.x) {
				x = v.x - gap + 2
			}
			p.front = append(p.front, el("path", "class", "lead", "d", "M"+px(v.x)+" "+px(v.y)+"L"+px(x)+" "+px(y)))
		}
		p.front = append(p.front, n)
	}
}

// once leaves out values that another line prints at the same place.
func once(values []value) []value {
	kept := values[:0]
	for _, v := range values {
		if !slices.ContainsFunc(kept, func(k value) bool { return k.text == v.text && math.Abs(k.y-v.y) < 1 && math.Abs(k.x-v.x) < 1 }) {
			kept = append(kept, v)
		}
	}
	return kept
}

// drawFirst prints the values at the left edge, above their lines; one that
// would have to move far is left to the table.
func (p *plot) drawFirst() {
	k := p.c.scale
	var values []value
	for i := range p.series {
		if len(p.points[i]) == 0 || p.series[i].Ghost {
			continue
		}
		q := p.points[i][0]
		if !p.shows(q) || p.x.onShare(q.X) > 1-columnShare {
			continue
		}
		values = append(values, value{series: i, x: p.x.px(q.X), y: p.y.px(q.Y), text: p.ya.tick(q.Y)})
	}
	values = once(values)
	sort.SliceStable(values, func(a, b int) bool { return values[a].y < values[b].y }) // from the top: the order of the lines
	for _, v := range values {
		above := label{text: v.text, class: "v", bold: true, x: v.x - 2, y: v.y - 10*k}
		below := above
		below.y = v.y + 19*k
		if n := p.s.put(above, below); n != nil {
			p.front = append(p.front, n)
		}
	}
}

// drawNotes prints the points' own labels where there is room: those of the
// recommended line, then of the others where they stand clear of everything.
func (p *plot) drawNotes() {
	order := make([]int, 0, len(p.series))
	for i, s := range p.series {
		if s.Hero {
			order = append([]int{i}, order...)
		} else {
			order = append(order, i)
		}
	}
	for _, i := range order {
		hero := p.series[i].Hero
		for _, q := range p.points[i] {
			if q.Note == "" || !p.shows(q) {
				continue
			}
			x, y, k := p.x.px(q.X), p.y.px(q.Y), p.c.scale
			l := label{text: q.Note, class: "an halo", small: true, x: x + 7, y: y - 5*k}
			left, below, under := l, l, l
			left.x, left.anchor = x-7, end
			below.y = y + 14*k
			under.x, under.y, under.anchor = x-7, y+14*k, end
			fits := slices.DeleteFunc([]label{l, left, below, under}, func(l label) bool {
				b := l.box(k)
				return p.crossed(l) || !hero && (p.covers(l) || !p.s.free(box{b.x0 - 20, b.y0 - 10, b.x1 + 20, b.y1 + 10}))
			})
			if hero {
				fits = append(fits, l, left, below)
			}
			if n := p.s.put(fits...); n != nil {
				p.front = append(p.front, n)
			}
		}
	}
}
