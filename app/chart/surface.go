package chart

import (
	"math"
	"strings"

	"fleetsize/calc/units"
)

// SurfaceSpec is a quantity over two variables as a grid: a number in every
// cell, colored by which of two sides outweighs the other there. Where the
// sides change places a line is drawn between the cells; cells in which they
// are within five per cent carry a bar on top.
type SurfaceSpec struct {
	Head
	RowName, ColumnName string // "Requests S", "tokens L"
	Rows, Columns       []string
	Cells               [][]SurfaceCell // by row, then column
	Low, High           string          // the two sides: "memory", "compute"
	Value               string          // what the numbers are: "ms"
	Note                string
}

// SurfaceCell is one value and the balance there: High over Low. An unknown
// value leaves the cell blank.
type SurfaceCell struct {
	Value, Ratio float64
	Ref          string // what explains the value: the cell can be pressed
}

// evenly is how close to 1 a ratio counts as a tie.
const evenly = 0.05

// side is the color step of a ratio, −3 (Low outweighs) to 3.
func side(ratio float64) int {
	far := math.Abs(math.Log2(ratio))
	step := 3
	switch {
	case math.Abs(ratio-1) <= evenly:
		return 0
	case far < 1:
		step = 1
	case far < 3:
		step = 2
	}
	if ratio < 1 {
		return -step
	}
	return step
}

// Surface draws the grid at a width in CSS pixels. Where the columns do not
// fit side by side they are continued below.
func Surface(spec SurfaceSpec, width float64) *Chart {
	c := spec.begin(width)
	k := c.scale
	if !spec.any() {
		return c.nothing(spec.Head)
	}
	left := textWidth(spec.RowName, 11*k, true) - 4
	for _, r := range spec.Rows {
		left = max(left, textWidth(r, 12*k, false))
	}
	left = math.Ceil(min(left, c.Width*0.4)) + 8
	least := 44 * k
	for _, name := range spec.Columns {
		least = max(least, label{text: name, small: true}.width(k))
	}
	per := int(max(1, min(float64(len(spec.Columns)), math.Floor((c.Width-left+heatGap)/(least+heatGap)))))
	blocks := (len(spec.Columns) + per - 1) / per
	per = (len(spec.Columns) + blocks - 1) / blocks
	w := min((c.Width-left+heatGap)/float64(per)-heatGap, 140*k)
	s := &surface{spec: spec, heat: heat{k: k, left: left, w: w, height: heatHeight * k}}
	y := 0.0
	for b := range blocks {
		y = s.block(b*per, min((b+1)*per, len(spec.Columns)), y)
	}
	c.Height = s.legend(y+16*k, c.Width)
	c.style = heatSheet
	c.tell(spec.tables, func() []Reading { return s.readings })
	return c.finish(spec.Head, spec.describe(), s.marks...)
}

func (spec SurfaceSpec) any() bool {
	for r := range spec.Rows {
		for col := range spec.Columns {
			if _, ok := spec.at(r, col); ok {
				return true
			}
		}
	}
	return false
}

// at is the cell of a row and a column; ok is false where it is unknown.
func (spec SurfaceSpec) at(row, column int) (c SurfaceCell, ok bool) {
	if row < 0 || row >= len(spec.Cells) || column < 0 || column >= len(spec.Cells[row]) {
		return c, false
	}
	c = spec.Cells[row][column]
	return c, known(Linear, c.Value) && known(Log, c.Ratio)
}

// surface is the grid while it is drawn.
type surface struct {
	heat
	spec SurfaceSpec
}

// block draws the columns [from, to) from y down and returns where it ends.
func (s *surface) block(from, to int, y float64) float64 {
	k, spec := s.k, &s.spec
	if from > 0 {
		y += 10 * k
	}
	s.marks = append(s.marks, label{text: shorten(spec.RowName, 11*k, s.left-4), small: true, x: 0, y: y + 12*k}.node())
	for col := from; col < to; col++ {
		s.head(spec.Columns[col], col-from, y)
	}
	top := y + 20*k
	for r, name := range spec.Rows {
		cy := top + float64(r)*(s.height+heatGap)
		s.marks = append(s.marks, label{text: shorten(name, 12*k, s.left-8), anchor: end, x: s.left - 8, y: cy + s.height/2 + 4.5*k}.node())
		for col := from; col < to; col++ {
			if cell, ok := spec.at(r, col); ok {
				s.cell(cell, r, col, s.x(col-from), cy)
			}
		}
	}
	for r := range spec.Rows {
		cy := top + float64(r)*(s.height+heatGap)
		for col := from; col < to; col++ {
			s.crossing(r, col, s.x(col-from), cy, col+1 < to)
		}
	}
	return top + float64(len(spec.Rows))*(s.height+heatGap)
}

func (s *surface) cell(c SurfaceCell, row, col int, x, y float64) {
	step := side(c.Ratio)
	box := rect(heatClass(step), x, y, s.w, s.height)
	box.attrs = append(box.attrs, attr{"rx", "2"})
	s.marks = append(s.marks, box)
	class := "hv"
	if step == 3 || step == -3 {
		class += " x"
	}
	if step == 0 {
		s.marks = append(s.marks, rect("m1", x, y, s.w, 3))
	}
	s.marks = append(s.marks, label{text: units.SigFixed(c.Value, 3), class: class, small: s.w < 52*s.k, anchor: middle, x: x + s.w/2, y: y + s.height/2 + 4.5*s.k}.node())
	if c.Ref != "" {
		s.marks = append(s.marks, press(c.Ref, s.spec.say(c, row, col), x, y, s.w, s.height))
	}
	s.readings = append(s.readings, Reading{Series: s.spec.Rows[row], Text: s.spec.say(c, row, col), Ref: c.Ref, X: x + s.w/2, Y: y + s.height/2})
}

// crossing draws the line between a cell and its neighbors where the sides
// change places.
func (s *surface) crossing(row, col int, x, y float64, more bool) {
	c, ok := s.spec.at(row, col)
	if !ok {
		return
	}
	if right, ok := s.spec.at(row, col+1); ok && more && (right.Ratio >= 1) != (c.Ratio >= 1) {
		at := x + s.w + heatGap/2
		s.marks = append(s.marks, line("rule", at, y-heatGap/2, at, y+s.height+heatGap/2))
	}
	if below, ok := s.spec.at(row+1, col); ok && (below.Ratio >= 1) != (c.Ratio >= 1) {
		at := y + s.height + heatGap/2
		s.marks = append(s.marks, line("rule", x-heatGap/2, at, x+s.w+heatGap/2, at))
	}
}

// legend draws the steps and the note from y down.
func (s *surface) legend(y, width float64) float64 {
	k, spec := s.k, &s.spec
	x := s.left
	for _, e := range []struct {
		step int
		text string
	}{{-3, spec.Low + " over 8 ×"}, {-2, "over 2 ×"}, {-1, spec.Low}, {0, "within 5 %"}, {1, spec.High}, {2, "over 2 ×"}, {3, spec.High + " over 8 ×"}} {
		w := 19*k + textWidth(e.text, 11*k, false) + 10*k
		if x > s.left && x+w > width {
			x, y = s.left, y+18*k
		}
		box := rect(heatClass(e.step), x, y, 14*k, 12*k)
		box.attrs = append(box.attrs, attr{"rx", "2"})
		s.marks = append(s.marks, box, label{text: e.text, small: true, x: x + 19*k, y: y + 10*k}.node())
		if e.step == 0 {
			s.marks = append(s.marks, rect("m1", x, y, 14*k, 2))
		}
		x += w
	}
	y += 26 * k
	for _, l := range wrap(strings.Fields("Columns: "+spec.ColumnName+". Numbers: "+spec.Value+". "+spec.Note), " ", 11*k, width-s.left) {
		s.marks = append(s.marks, label{text: l, small: true, x: s.left, y: y}.node())
		y += 15 * k
	}
	return y
}

// say is a cell in words.
func (spec SurfaceSpec) say(c SurfaceCell, row, col int) string {
	word := "as much " + spec.High + " as " + spec.Low
	switch step := side(c.Ratio); {
	case step > 0:
		word = spec.High + " " + units.Sig(c.Ratio, 2) + " × " + spec.Low
	case step < 0:
		word = spec.Low + " " + units.Sig(1/c.Ratio, 2) + " × " + spec.High
	}
	return spec.Rows[row] + " " + lowerFirst(spec.RowName) + ", " + spec.Columns[col] + " " + spec.ColumnName + ": " + join(units.SigFixed(c.Value, 3), spec.Value) + ", " + word
}

// describe counts the cells on either side.
func (spec SurfaceSpec) describe() string {
	low, high, even := 0, 0, 0
	for r := range spec.Rows {
		for col := range spec.Columns {
			if c, ok := spec.at(r, col); ok {
				switch step := side(c.Ratio); {
				case step < 0:
					low++
				case step > 0:
					high++
				default:
					even++
				}
			}
		}
	}
	return "Of " + units.Count(float64(low+high+even)) + " cells " + units.Count(float64(low)) + " are bound by " + spec.Low + ", " +
		units.Count(float64(high)) + " by " + spec.High + ", " + units.Count(float64(even)) + " by both alike."
}

// tables are the grid with one row a cell: rounded, and exact.
func (spec SurfaceSpec) tables() (text, raw Table) {
	head := []string{spec.RowName, upperFirst(spec.ColumnName), upperFirst(spec.Value), spec.High + " ÷ " + spec.Low}
	text.Head, raw.Head = head, head
	for r, row := range spec.Rows {
		for col, column := range spec.Columns {
			c, ok := spec.at(r, col)
			if !ok {
				continue
			}
			text.explain(len(text.Rows), 2, c.Ref)
			text.Rows = append(text.Rows, []string{row, column, units.SigFixed(c.Value, 3), units.SigFixed(c.Ratio, 3)})
			raw.Rows = append(raw.Rows, []string{row, column, exact(c.Value), exact(c.Ratio)})
		}
	}
	return text, raw
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
