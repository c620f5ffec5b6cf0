package chart

import "math"

// target draws the rule and its note and returns the pill, which is drawn last.
func (p *plot) target(t Target, narrow bool) []*node {
	k, f := p.c.scale, p.frame
	x := p.x.onClamped(t.At)
	p.marks = append(p.marks, line("rule", x, f.y0, x, f.y1))
	text := label{text: "◂ " + p.xa.say(t.At) + " ▸", class: "on-grip", bold: true, anchor: middle, y: f.y1 + 19*k}
	if text.width(k)+12 > p.c.Width { // a number of many digits on a narrow drawing; the data has it
		text.text = "◂ ▸"
	}
	w := max(60*k, text.width(k)+12)
	text.x = min(max(x, w/2), p.c.Width-w/2)
	top, h := f.y1+5*k, 20*k
	p.s.take(box{text.x - w/2, top, text.x + w/2, top + h})

	long := label{text: t.Note, class: "an", small: true, x: x + 8, y: f.y0 - 4*k}
	short := long
	short.text = t.Short
	longLeft, shortLeft := long, short
	longLeft.x, longLeft.anchor = x-6, end
	shortLeft.x, shortLeft.anchor = x-6, end
	if narrow && t.Short != "" {
		long, longLeft, short, shortLeft = short, shortLeft, long, longLeft
	}
	// Above the plot, right of the rule when there is room in the plot.
	candidates := []label{long, longLeft, short, shortLeft}
	if long.box(k).x1 > f.x1+60 {
		candidates[0], candidates[1] = longLeft, long
	}
	// The axis name comes later on the line above; keep clear of it.
	heading := label{text: p.ya.title(), small: true, x: 0, y: 12 * k}.box(k)
	for _, l := range candidates {
		if b := l.box(k); l.text != "" && !b.hits(heading) && p.s.free(b) {
			p.s.take(b)
			p.front = append(p.front, l.node())
			break
		}
	}
	id := p.c.ID + "-grip"
	p.c.drag = &Handle{ID: id, PX: x, Min: p.x.lo, Max: p.x.hi, scale: p.x}
	hit := func(x, y, w, h float64) *node {
		return el("rect", "class", "hit", "fill", "none", "pointer-events", "all",
			"x", px(x), "y", px(y), "width", px(w), "height", px(h))
	}
	pill := rect("grip", text.x-w/2, top, w, h)
	pill.attrs = append(pill.attrs, attr{"rx", px(h / 2)})
	low := math.Ceil(p.c.Height)
	return []*node{el("g", "class", "drag", "id", id, "data-axis", "x", "data-value", exact(t.At)).add(
		hit(max(0, x-12), f.y0, min(24, p.c.Width-max(0, x-12)), f.y1-f.y0),
		hit(text.x-w/2, low-44, w, 44), pill, text.node())}
}
