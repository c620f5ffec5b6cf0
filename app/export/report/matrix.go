//go:build !js

package report

import (
	"math"
	"slices"
	"strings"

	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// Matrix is a table of sizings: one row for each combination of what varies.
type Matrix struct {
	Heads   []string // what varies
	Rows    []MatrixRow
	Planned int // combinations asked for; more than Rows where it was cut short
}

// MatrixRow is one combination and its best option.
type MatrixRow struct {
	Cells      []string // one for each head
	Link       string   // as a reader opens it; "#…" where no address is known
	Percentile string
	Option     *fleet.Option // nil = nothing serves it
	Text       string        // why not
}

// drawnRows bounds the bars of the report's chart to what a page holds.
const drawnRows = 26

// Sweep is the matrix as a report of its own.
func Sweep(p *export.Proposal, m *Matrix, css string) string {
	all := false
	draw := func(width float64) (c *chart.Chart) {
		c, all = MatrixChart(m, drawnRows, width)
		return c
	}
	draw(chartWidth)
	finding, basis := m.finding(), m.basis(all)
	first := head(p) + text("h2", "say", finding) + figureOf(map[bool]string{true: "Cost a month", false: "GPUs"}[m.priced()], basis, draw)
	pages := append([]string{first}, m.tables(room(p))...)
	return shell(p, css, bound(p, pages))
}

// label names a row by what varies.
func (r *MatrixRow) label(separator string) string { return strings.Join(r.Cells, separator) }

// priced reports whether every row that is served has a price: costs are then
// compared, else GPUs.
func (m *Matrix) priced() bool {
	any := false
	for i := range m.Rows {
		if o := m.Rows[i].Option; o != nil {
			if !o.Priced {
				return false
			}
			any = true
		}
	}
	return any
}

func (m *Matrix) value(r *MatrixRow) float64 {
	switch {
	case r.Option == nil:
		return math.NaN()
	case m.priced():
		return r.Option.USDPerMonth
	}
	return float64(r.Option.GPUs)
}

// served counts the rows with an option and finds the lowest.
func (m *Matrix) served() (n int, best *MatrixRow) {
	for i := range m.Rows {
		r := &m.Rows[i]
		if r.Option == nil {
			continue
		}
		if n++; best == nil || m.value(r) < m.value(best) {
			best = r
		}
	}
	return n, best
}

func (m *Matrix) finding() string {
	n, best := m.served()
	text := export.Count(m.Planned, "sizing")
	if len(m.Rows) < m.Planned {
		text = units.Count(float64(len(m.Rows))) + " of " + text
	}
	if best == nil {
		return text + ": nothing serves any of them"
	}
	if n < len(m.Rows) {
		text += ", " + units.Count(float64(n)) + " of them served"
	}
	o := best.Option
	text += ". Fewest GPUs: "
	if m.priced() {
		text = text[:len(text)-len("Fewest GPUs: ")] + "Lowest cost: "
	}
	text += best.label(", ") + " with " + units.Count(float64(o.GPUs)) + " × " + export.GPUName(o.GPU)
	if m.priced() {
		text += " for " + units.USD(o.USDPerMonth) + " a month"
	}
	return text + "."
}

func (m *Matrix) basis(all bool) string {
	text := "Each bar is one combination and its best option, spares included."
	if m.priced() {
		text = "USD a month of 730 h. " + text
	}
	if !all {
		text += " The lowest " + units.Count(drawnRows) + "; the table has all."
	}
	return text
}

// MatrixChart draws a bar for each combination that is served, in the order of
// the table: cost a month, or GPUs where a price is missing. Of more than most
// it draws the lowest; all is false then.
func MatrixChart(m *Matrix, most int, width float64) (c *chart.Chart, all bool) {
	limit := math.Inf(1)
	var values []float64
	for i := range m.Rows {
		if v := m.value(&m.Rows[i]); v == v {
			values = append(values, v)
		}
	}
	if all = len(values) <= most; !all {
		slices.Sort(values)
		limit = values[most-1]
	}
	spec := chart.BarsSpec{Head: chart.Head{ID: "matrix", Title: "GPUs by combination", Empty: "No combination is served."}, Axis: chart.Axis{Name: "GPUs, spares included", Unit: "GPUs"}}
	if m.priced() {
		spec.Title, spec.Axis = "USD a month by combination", chart.Axis{Name: "USD a month", Unit: "USD"}
	}
	for i := range m.Rows {
		r := &m.Rows[i]
		if v := m.value(r); v <= limit && len(spec.Rows) < most {
			row := chart.BarRow{Name: r.label(" · "), Value: v, Text: export.GPUs(r.Option)}
			if !m.named(r) {
				row.Text += " × " + export.GPUName(r.Option.GPU)
			}
			if m.priced() {
				row.Text = units.USD(v) + ", " + row.Text
			}
			if m.named(r) {
				row.Text += " GPUs"
			}
			spec.Rows = append(spec.Rows, row)
		}
	}
	return chart.Bars(spec, width), all
}

// named reports whether the row's own cells name its accelerator.
func (m *Matrix) named(r *MatrixRow) bool {
	for _, c := range r.Cells {
		if r.Option != nil && c == export.GPUName(r.Option.GPU) {
			return true
		}
	}
	return false
}

// tables is every combination with its option, or why there is none.
func (m *Matrix) tables(lines int) []string {
	names := append(append([]string{}, m.Heads...), "Fleet", "#GPUs", "#Nodes", "#TTFT", "#Per token", "#$/month", "#kW", "Confidence")
	var rows [][]cell
	columns := make([]int, len(names))
	for i := range m.Heads {
		columns[i] = max(8, 44/max(1, len(m.Heads)))
	}
	columns[len(m.Heads)], columns[len(names)-1] = 22, 22
	for i := range m.Rows {
		rows = append(rows, m.cells(&m.Rows[i]))
	}
	var pages []string
	for i, part := range split(rows, columns, lines, lines) {
		title := "All combinations"
		if i > 0 {
			title += ", continued"
		}
		pages = append(pages, text("h2", "", title)+tight(heads(names...), part))
	}
	return pages
}

// cells is the row of a combination; its first cell opens the sizing.
func (m *Matrix) cells(r *MatrixRow) []cell {
	var row []cell
	for _, c := range r.Cells {
		row = append(row, plain(c))
	}
	o := r.Option
	if o == nil {
		row = append(row, muted(r.Text))
		for range 6 {
			row = append(row, number("–"))
		}
		row = append(row, muted("not served"))
	} else {
		price, power := units.NoPrice, units.Unknown
		if o.Priced {
			price = units.Sig(o.USDPerMonth, 3)
		}
		if o.Powered {
			power = units.SigFixed(o.KW, 2)
		}
		fleet := export.Fleet(o)
		if !m.named(r) {
			fleet += " " + export.GPUName(o.GPU)
		}
		row = append(row, cell{"mut", escape(fleet)}, number(export.GPUs(o)), number(units.Count(float64(o.Nodes))),
			number(units.Duration(o.At.TTFT.At(r.Percentile), 2)), number(units.Duration(o.At.ITL.Known().At(r.Percentile), 2)), number(price), number(power),
			cell{"", badge(kind(o.Tier), export.Tier(o))})
	}
	if strings.HasPrefix(r.Link, "http") {
		row[0].markup = `<a href="` + escape(r.Link) + `">` + row[0].markup + `</a>`
	}
	return row
}
