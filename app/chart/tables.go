package chart

import (
	"math"
	"slices"
	"strconv"

	"fleetsize/calc/units"
)

// noValue stands in a table where nothing is known.
const noValue = "no value"

// exact writes a number without rounding and without a comma, for files and attributes.
func exact(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return units.Plain(v)
}

// exactOn is exact, or the name of a category.
func (a Axis) exactOn(v float64) string {
	if a.Kind == Category {
		return a.tick(v)
	}
	return exact(v)
}

// seriesTables returns the data of one pair of axes, rounded and exact: one
// column a series where they mostly share their x values, else one row a point.
func seriesTables(x, y Axis, series []Series, points [][]Point) (text, raw Table) {
	var xs []float64
	total := 0
	for _, p := range points {
		total += len(p)
		for _, q := range p {
			xs = append(xs, q.X)
		}
	}
	slices.Sort(xs)
	xs = slices.CompactFunc(xs, near)
	if len(xs)*len(series) > total*3/2+len(xs) {
		return longTables(x, y, series, points)
	}
	head := []string{x.column()}
	for _, s := range series {
		name := s.Name
		if y.Unit != "" && y.Unit != name {
			name = joinComma(name, y.Unit)
		}
		head = append(head, name)
	}
	text.Head, raw.Head = head, head
	for _, v := range xs {
		t, r := []string{x.tick(v)}, []string{x.exactOn(v)}
		for _, p := range points {
			i := slices.IndexFunc(p, func(q Point) bool { return near(q.X, v) })
			if i < 0 {
				t, r = append(t, noValue), append(r, "")
				continue
			}
			text.explain(len(text.Rows), len(t), p[i].Ref)
			t, r = append(t, y.tick(p[i].Y)), append(r, exact(p[i].Y))
		}
		text.Rows, raw.Rows = append(text.Rows, t), append(raw.Rows, r)
	}
	return text, raw
}

// longTables returns one row a point.
func longTables(x, y Axis, series []Series, points [][]Point) (text, raw Table) {
	head := []string{"Series", x.column(), y.column()}
	notes, measured := false, false
	for _, p := range points {
		for _, q := range p {
			notes = notes || q.Note != ""
			measured = measured || q.Measured
		}
	}
	if notes {
		head = append(head, "Label")
	}
	if measured {
		head = append(head, "Measured")
	}
	text.Head, raw.Head = head, head
	for i, p := range points {
		for _, q := range p {
			text.explain(len(text.Rows), 1, q.RefX)
			text.explain(len(text.Rows), 2, q.Ref)
			t := []string{series[i].Name, x.tick(q.X), y.tick(q.Y)}
			r := []string{series[i].Name, x.exactOn(q.X), exact(q.Y)}
			if notes {
				t, r = append(t, q.Note), append(r, q.Note)
			}
			if measured {
				word := map[bool]string{true: "yes", false: "no"}[q.Measured]
				t, r = append(t, word), append(r, word)
			}
			text.Rows, raw.Rows = append(text.Rows, t), append(raw.Rows, r)
		}
	}
	return text, raw
}

// joinComma joins two parts of a column name.
func joinComma(a, b string) string {
	if b == "" {
		return a
	}
	if a == "" {
		return b
	}
	return a + ", " + b
}

// readings returns a sentence for every point that is drawn. what names the
// quantity where the series' name alone does not.
func (p *plot) readings(what string) []Reading {
	var out []Reading
	for i, s := range p.series {
		for _, q := range p.points[i] {
			if !p.shows(q) {
				continue
			}
			name := joinComma(s.Name, what)
			text := p.ya.say(q.Y) + " at " + p.xa.say(q.X)
			if name != "" {
				text = name + ": " + text
			}
			if q.Note != "" {
				text += ", " + q.Note
			}
			if q.hasBand(p.ya.Kind) && q.Lo < q.Hi {
				text += ", 10–90 % " + p.ya.tick(q.Lo) + "–" + p.ya.tick(q.Hi)
			}
			if q.Measured {
				text += ", measured"
			}
			out = append(out, Reading{Series: s.Name, Text: text, Ref: q.Ref, X: p.x.px(q.X), Y: p.y.px(q.Y)})
		}
	}
	return out
}

// parse reads back a coordinate written by px.
func parse(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}
