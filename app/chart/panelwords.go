package chart

import (
	"math"
	"slices"
	"strings"
)

// tables returns the data, rounded and exact: one row an x value, one column a
// panel and series.
func (spec PanelSpec) tables(plots []*plot) (text, raw Table) {
	var xs []float64
	for _, p := range plots {
		for _, points := range p.points {
			for _, q := range points {
				xs = append(xs, q.X)
			}
		}
	}
	slices.Sort(xs)
	xs = slices.CompactFunc(xs, near)
	head := []string{spec.X.column()}
	for i, p := range plots {
		for _, s := range p.series {
			name := spec.Panels[i].Name
			if u := spec.Panels[i].Y.Unit; u != "" && !strings.Contains(name, u) {
				name = joinComma(name, u)
			}
			if len(p.series) > 1 {
				name = joinComma(name, s.Name)
			}
			head = append(head, name)
		}
	}
	text.Head, raw.Head = head, head
	for _, x := range xs {
		t, r := []string{spec.X.tick(x)}, []string{spec.X.exactOn(x)}
		for i, p := range plots {
			for _, points := range p.points {
				j := slices.IndexFunc(points, func(q Point) bool { return near(q.X, x) })
				if j < 0 {
					t, r = append(t, noValue), append(r, "")
					continue
				}
				text.explain(len(text.Rows), len(t), points[j].Ref)
				t, r = append(t, spec.Panels[i].Y.tick(points[j].Y)), append(r, exact(points[j].Y))
			}
		}
		text.Rows, raw.Rows = append(text.Rows, t), append(raw.Rows, r)
	}
	return text, raw
}

// describe composes the description: each panel's recommended line at the
// operating point, or its first and last value.
func (spec PanelSpec) describe(plots []*plot, at float64) string {
	var parts []string
	for i, p := range plots {
		for j, s := range p.series {
			if s.Ghost || len(p.points[j]) == 0 {
				continue
			}
			name := spec.Panels[i].Name
			if len(p.series) > 1 {
				name += ", " + s.Name
			}
			if v, ok := p.valueOn(j, at); ok && !math.IsNaN(at) {
				parts = append(parts, name+": "+p.ya.say(v)+" at "+p.xa.say(at))
				continue
			}
			points := p.points[j]
			first, last := points[0], points[len(points)-1]
			parts = append(parts, name+": "+p.ya.say(first.Y)+" at "+p.xa.say(first.X)+", "+p.ya.say(last.Y)+" at "+p.xa.say(last.X))
		}
	}
	return strings.Join(parts, ". ") + "."
}
