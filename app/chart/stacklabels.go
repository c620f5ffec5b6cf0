package chart

import (
	"slices"
	"sort"
	"strings"
)

// label names the segments that have room on the line at y, large ones first,
// and returns the indices of the others in order.
func (r *stackRow) label(y float64) (small []int) {
	k := r.c.scale
	order := make([]int, len(r.parts))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return r.parts[order[b]].Value < r.parts[order[a]].Value })
	texts := make([]*node, len(r.parts))
	for _, i := range order {
		p := r.parts[i]
		var candidates, over []label
		for _, name := range []string{p.Name, p.Short} {
			if name == "" {
				continue
			}
			l := label{text: name + " " + r.text(p.Value), class: "an", x: r.from[i], y: y}
			w := l.width(k)
			last := i == len(r.parts)-1
			switch {
			case w <= r.to[i]-r.from[i]:
				candidates = append(candidates, l)
			case last && r.Title == "" && r.to[i]-r.from[i] > 0.3*w:
				l.x, l.anchor = r.to[i], end
				candidates = append(candidates, l)
			case 0.7*w <= r.to[i]-r.from[i]: // begins at its segment and ends beyond it, where nothing else is named
				over = append(over, l)
			}
		}
		if texts[i] = r.spaced(append(candidates, over...)); texts[i] == nil {
			small = append(small, i)
		}
	}
	for _, n := range texts {
		if n != nil {
			r.marks = append(r.marks, n)
		}
	}
	slices.Sort(small)
	return small
}

// spaced puts a label with 6 px free on both sides.
func (r *stackRow) spaced(candidates []label) *node {
	for _, l := range candidates {
		b := l.box(r.c.scale)
		wide := box{max(0, b.x0-6), b.y0, min(r.c.Width, b.x1+6), b.y1}
		if r.s.free(b) && r.s.free(wide) {
			r.s.take(b)
			return l.node()
		}
	}
	return nil
}

// comment writes the notes on the line at y, or on the next ones where they
// are too wide to stand side by side, and returns the last line used; 0 = none.
func (r *stackRow) comment(y float64) float64 {
	bottom := 0.0
	for i, p := range r.parts {
		if p.Note == "" {
			continue
		}
		for try := range 4 {
			l := label{text: p.Note, small: true, x: r.from[i], y: y + float64(try)*15*r.c.scale}
			right, edge, begin := l, l, l
			right.x, right.anchor = r.to[i]-5, end // clear of the next note
			edge.x, edge.anchor = r.c.Width, end
			begin.x = 0
			candidates := []label{l, right}
			if l.width(r.c.scale) > r.to[i]-r.from[i] {
				candidates = []label{right, l}
			}
			if try > 0 {
				candidates = append(candidates, edge, begin)
			}
			if n := r.spaced(candidates); n != nil {
				r.marks = append(r.marks, n)
				bottom = max(bottom, l.y)
				break
			}
		}
	}
	return bottom
}

// lead names the small segments: each run of neighbors has a bracket under the
// bar and one text on the first free line below. It returns where the last
// text stands.
func (r *stackRow) lead(small []int, under, labelLine, noteLine float64) float64 {
	k := r.c.scale
	bottom := under
	first := noteLine + 16*k
	if r.Title != "" {
		first = labelLine
	}
	for len(small) > 0 {
		run := 1
		for run < len(small) && small[run] == small[run-1]+1 {
			run++
		}
		a, b := small[0], small[run-1]
		var names []string
		for _, i := range small[:run] {
			names = append(names, lower(r.parts[i].Name)+" "+r.text(r.parts[i].Value))
		}
		small = small[run:]
		x0, x1 := r.from[a]+1, r.to[b]-1
		next := first // a line stands below the one before it, also where there is room above
		for _, l := range wrap(names, ", ", 11*k, r.c.Width) {
			l := label{text: l, small: true, y: next}
			for range 8 {
				at, right := l, l
				at.x = x0
				right.x, right.anchor = x1, end
				edge, begin := right, l
				edge.x = r.c.Width
				begin.x = 0
				if n := r.spaced([]label{right, at, edge, begin}); n != nil {
					r.marks = append(r.marks, n)
					bottom = max(bottom, l.y)
					break
				}
				l.y += 15 * k
			}
			next = l.y + 15*k
		}
		r.marks = append(r.marks, el("path", "class", "lead", "fill", "none",
			"d", "M"+px(x0)+" "+px(under+2)+"V"+px(under+5)+"H"+px(max(x1, x0+0.5))+"V"+px(under+2)))
	}
	return bottom
}

// lower puts the first letter of a word in small, unless it is an acronym.
func lower(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// upper puts the first letter of a sentence in capitals.
func upper(s string) string {
	for i, r := range s {
		return s[:i] + strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
