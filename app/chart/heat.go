package chart

import (
	"math"
	"slices"
	"strings"

	"fleetsize/calc/units"
)

// HeatSpec is a grid of signed errors: what was measured in rows and columns,
// and in every cell by how much the model is off.
type HeatSpec struct {
	Head
	RowName    string // "Prompt tokens"
	ColumnName string // "requests in flight"
	Rows       []string
	Columns    []string
	Cells      []HeatCell
	Note       string // the last line; "" = what the colors mean
}

// HeatCell is one value of the grid. Cells outside it and unknown values are
// not drawn; of several at one place the last one counts.
type HeatCell struct {
	Row, Column int
	Value       float64 // share: −0.08 = 8 % low
	Note        string  // in the reading: "mean of 2 rows"
	Ref         string  // what explains the value: the cell can be pressed; "" = nothing
}

// Steps of the colors in whole per cent, as printed.
const (
	heatNear, heatFar, heatOff = 5, 12, 25
)

const (
	heatHeight = 32 // of a cell
	heatGap    = 2
	heatLeast  = 31 // least width of a cell that holds its number
)

// Heat draws the grid at a width in CSS pixels. Where the columns do not fit
// side by side they are continued below.
func Heat(spec HeatSpec, width float64) *Chart {
	c := spec.begin(width)
	k := c.scale
	cells := spec.known()
	if len(cells) == 0 {
		return c.nothing(spec.Head)
	}
	left := textWidth(spec.RowName, 11*k, true) - 4
	for _, r := range spec.Rows {
		left = max(left, textWidth(r, 12*k, false))
	}
	left = math.Ceil(min(left, c.Width*0.4)) + 8
	per := int(max(1, min(float64(len(spec.Columns)), math.Floor((c.Width-left+heatGap)/(heatLeast*k+heatGap)))))
	blocks := (len(spec.Columns) + per - 1) / per
	per = (len(spec.Columns) + blocks - 1) / blocks
	w := min((c.Width-left+heatGap)/float64(per)-heatGap, 140*k)
	g := &heat{spec: spec, k: k, left: left, w: w, height: heatHeight * k}
	y := 0.0
	for b := range blocks {
		y = g.block(cells, b*per, min((b+1)*per, len(spec.Columns)), y)
	}
	y = g.legend(y+16*k, c.Width)
	c.Height = y
	c.style = heatSheet
	readings := g.readings
	c.tell(func() (text, exact Table) { return spec.tables(cells) }, func() []Reading { return readings })
	return c.finish(spec.Head, spec.describe(cells), g.marks...)
}

// heat is the grid while it is drawn.
type heat struct {
	spec            HeatSpec
	k               float64
	left, w, height float64
	marks           []*node
	readings        []Reading
}

// known returns the cells that can be drawn, row by row.
func (spec HeatSpec) known() []HeatCell {
	at := map[[2]int]HeatCell{}
	for _, c := range spec.Cells {
		if c.Row >= 0 && c.Row < len(spec.Rows) && c.Column >= 0 && c.Column < len(spec.Columns) && known(Linear, c.Value) {
			at[[2]int{c.Row, c.Column}] = c
		}
	}
	var out []HeatCell
	for r := range spec.Rows {
		for col := range spec.Columns {
			if c, ok := at[[2]int{r, col}]; ok {
				out = append(out, c)
			}
		}
	}
	return out
}

// block draws the columns [from, to) from y down and returns where it ends.
func (g *heat) block(cells []HeatCell, from, to int, y float64) float64 {
	k := g.k
	if from > 0 {
		y += 10 * k
	}
	g.marks = append(g.marks, label{text: shorten(g.spec.RowName, 11*k, g.left-4), small: true, x: 0, y: y + 12*k}.node())
	for col := from; col < to; col++ {
		g.head(g.spec.Columns[col], col-from, y)
	}
	top := y + 20*k
	for r, name := range g.spec.Rows {
		mid := top + float64(r)*(g.height+heatGap) + g.height/2
		g.marks = append(g.marks, label{text: shorten(name, 12*k, g.left-8), anchor: end, x: g.left - 8, y: mid + 4.5*k}.node())
	}
	for _, c := range cells {
		if c.Column < from || c.Column >= to {
			continue
		}
		x, cy := g.x(c.Column-from), top+float64(c.Row)*(g.height+heatGap)
		step := heatStep(c.Value)
		box := rect(heatClass(step), x, cy, g.w, g.height)
		box.attrs = append(box.attrs, attr{"rx", "2"})
		g.marks = append(g.marks, box)
		class := "hv"
		if step == 3 || step == -3 {
			class += " x"
			g.marks = append(g.marks, rect("m1", x, cy, g.w, 3))
		}
		g.marks = append(g.marks, label{text: heatText(c.Value), class: class, small: g.w < 42*k, anchor: middle, x: x + g.w/2, y: cy + g.height/2 + 4.5*k}.node())
		if c.Ref != "" {
			g.marks = append(g.marks, press(c.Ref, g.spec.say(c), x, cy, g.w, g.height))
		}
		g.readings = append(g.readings, Reading{Series: g.spec.Rows[c.Row], Text: g.spec.say(c), Ref: c.Ref, X: x + g.w/2, Y: cy + g.height/2})
	}
	return top + float64(len(g.spec.Rows))*(g.height+heatGap)
}

// head writes a column's name above it: smaller where that makes it fit, else shortened.
func (g *heat) head(text string, column int, y float64) {
	l := label{text: text, anchor: middle, x: g.x(column) + g.w/2, y: y + 12*g.k}
	if l.small = l.width(g.k) > g.w; l.small && l.width(g.k) > g.w {
		l.text = shorten(text, 11*g.k, g.w)
	}
	g.marks = append(g.marks, l.node())
}

func (g *heat) x(column int) float64 { return g.left + float64(column)*(g.w+heatGap) }

// legend draws the steps and the note from y down.
func (g *heat) legend(y, width float64) float64 {
	k := g.k
	x := g.left
	for _, s := range []struct {
		step int
		text string
	}{{-3, "below −25"}, {-2, "to −12"}, {-1, "to −5"}, {0, "within 5"}, {1, "from +5"}, {2, "from +12"}, {3, "above +25"}} {
		w := 19*k + textWidth(s.text, 11*k, false) + 10*k
		if x > g.left && x+w > width {
			x, y = g.left, y+18*k
		}
		box := rect(heatClass(s.step), x, y, 14*k, 12*k)
		box.attrs = append(box.attrs, attr{"rx", "2"})
		g.marks = append(g.marks, box, label{text: s.text, small: true, x: x + 19*k, y: y + 10*k}.node())
		if s.step == 3 || s.step == -3 {
			g.marks = append(g.marks, rect("m1", x, y, 14*k, 2))
		}
		x += w
	}
	y += 26 * k
	note := g.spec.Note
	if note == "" {
		note = "Columns: " + g.spec.ColumnName + ". Per cent of the measurement; the model reads low (blue) or high (orange). A bar on top marks errors beyond ±25 %."
	}
	for _, l := range wrap(strings.Fields(note), " ", 11*k, width-g.left) {
		g.marks = append(g.marks, label{text: l, small: true, x: g.left, y: y}.node())
		y += 15 * k
	}
	return y
}

// heatStep is the color of an error, −3 to 3, by the number that is printed.
func heatStep(v float64) int {
	r := math.Round(100 * math.Abs(v))
	step := 0
	switch {
	case r > heatOff:
		step = 3
	case r >= heatFar:
		step = 2
	case r >= heatNear:
		step = 1
	}
	if v < 0 {
		return -step
	}
	return step
}

func heatClass(step int) string {
	return [...]string{"h-3", "h-2", "h-1", "h0", "h1", "h2", "h3"}[step+3]
}

// heatText is the number in a cell: whole per cent, signed; from ten times the
// measurement on the factor.
func heatText(v float64) string {
	if v >= 9 {
		return "×" + units.Sig(1+v, 2)
	}
	r := math.Round(100 * v)
	switch {
	case r > 0:
		return "+" + units.Fixed(r, 0)
	case r == 0:
		return "0"
	}
	return units.Fixed(r, 0)
}

// say is a cell in words.
func (spec HeatSpec) say(c HeatCell) string {
	text := heatText(c.Value)
	if c.Value < 9 {
		text += " %"
	}
	text = spec.Rows[c.Row] + " " + lowerFirst(spec.RowName) + ", " + spec.Columns[c.Column] + " " + spec.ColumnName + ": " + text
	if c.Note != "" {
		text += ", " + c.Note
	}
	return text
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// tables are the grid as a table, rounded and exact, in per cent.
func (spec HeatSpec) tables(cells []HeatCell) (text, raw Table) {
	head := []string{spec.RowName}
	for _, c := range spec.Columns {
		head = append(head, c+" "+spec.ColumnName+", %")
	}
	text.Head, raw.Head = head, head
	for r, name := range spec.Rows {
		t, e := []string{name}, []string{strings.ReplaceAll(name, ",", "")}
		for col := range spec.Columns {
			i := slices.IndexFunc(cells, func(c HeatCell) bool { return c.Row == r && c.Column == col })
			if i < 0 {
				t, e = append(t, noValue), append(e, "")
				continue
			}
			text.explain(len(text.Rows), len(t), cells[i].Ref)
			t, e = append(t, heatText(cells[i].Value)), append(e, exact(100*cells[i].Value))
		}
		text.Rows, raw.Rows = append(text.Rows, t), append(raw.Rows, e)
	}
	return text, raw
}

// describe names how many cells are close and the worst one.
func (spec HeatSpec) describe(cells []HeatCell) string {
	near, worst := 0, cells[0]
	for _, c := range cells {
		if s := heatStep(c.Value); s > -3 && s < 3 {
			near++
		}
		if math.Abs(c.Value) > math.Abs(worst.Value) {
			worst = c
		}
	}
	return units.Count(float64(near)) + " of " + units.Count(float64(len(cells))) + " cells lie within 25 %. Farthest off: " + spec.say(worst) + "."
}

// heatSheet are the colors of the grid in an exported file.
const heatSheet = `.h-3{fill:#2f6fc4}.h-2{fill:#86b3e8}.h-1{fill:#d3e4f8}.h0{fill:#f1f2f4}.h1{fill:#fbe2cb}.h2{fill:#f2b27c}.h3{fill:#c9600f}
.ch .hv{fill:#12161c}.ch .hv.x{fill:#fff;font-weight:600}
`
