package book

import (
	"math"
	"strconv"

	"fleetsize/app/export"
	"fleetsize/app/export/xlsx"
	"fleetsize/calc/explain"
)

// fleet is one row of formulas an option, and the years of the option shown.
func (w *writer) fleet() *xlsx.Sheet {
	s := &xlsx.Sheet{Name: fleetName, Widths: []float64{22, 14}, FreezeRows: 5, FreezeCols: 1}
	s.Add(xlsx.T("Fleet").Large())
	s.Add(xlsx.T("Every figure here is a formula over the Inputs sheet. Above each column: its formula in words; below: the entry of the registry it comes from.").Muted())
	if len(w.books) == 0 {
		s.Add(xlsx.T("No accelerator meets the targets."))
		return s
	}
	b := w.books[0]
	words, head, ids := []*xlsx.Cell{{}, {}}, []string{"GPU", "Layout"}, []*xlsx.Cell{xlsx.T("entry").Muted(), {}}
	for i, id := range w.columns {
		w.fleetColumn[id] = i + 2
		f := w.applying(id)
		words = append(words, xlsx.T(f.Symbols()).Muted().Wrap())
		head = append(head, title(f.Title, b.UnitOf(id)))
		ids = append(ids, xlsx.T(id).Muted())
		s.Widths = append(s.Widths, 17)
	}
	s.Add(words...)
	s.Add(xlsx.Head(head...)...)
	s.Add(ids...)
	w.fleetRow = len(s.Rows) + 1
	for i, book := range w.books {
		o := &w.p.Answer.Options[i]
		row := w.fleetRow + i
		ground := xlsx.NoFill
		if i == 0 {
			ground = xlsx.PickFill
		}
		cells := []*xlsx.Cell{xlsx.T(export.GPUName(o.GPU)).Bold().On(ground), xlsx.T(export.Layout(o.Layout)).On(ground)}
		for _, id := range w.columns {
			cells = append(cells, w.cell(book, id, i, row).On(ground))
		}
		s.Add(cells...)
	}
	w.years(s)
	return s
}

// applying is an entry of the first option that has it.
func (w *writer) applying(id string) *explain.Formula {
	for _, b := range w.books {
		if f := b.Applying(id); f != nil {
			return f
		}
	}
	return nil
}

// cell is one result of one option. A value that cannot be computed now, for
// want of a price, is a word until somebody enters one.
func (w *writer) cell(b *explain.Book, id string, option, row int) *xlsx.Cell {
	f := b.Applying(id)
	if f == nil {
		return nil
	}
	text := f.Over(w.leaf(b, option, func(symbol string) (string, bool) {
		col, ok := w.fleetColumn[symbol]
		return "$" + xlsx.Address(col, row), ok
	}))
	return w.guarded(id, text, b.Value(id)).As(format(b.UnitOf(id)))
}

func (w *writer) guarded(id, formula string, now float64) *xlsx.Cell {
	word := missing(id)
	formula = "IFERROR(" + formula + `,"` + word + `")`
	if math.IsNaN(now) || math.IsInf(now, 0) {
		return xlsx.FT(formula, word)
	}
	return xlsx.F(formula, now)
}

// leaf writes the symbols of an option's formulas: a cell that near knows, a
// name, a cell of the Inputs sheet, or the symbol's own formula.
func (w *writer) leaf(b *explain.Book, option int, near func(string) (string, bool)) func(string) string {
	var write func(symbol string) string
	write = func(symbol string) string {
		if text, ok := near(symbol); ok {
			return text
		}
		if name, ok := w.names[symbol]; ok {
			return name
		}
		if col, ok := w.inputColumn[symbol]; ok {
			if option < 0 { // of the option shown
				area := xlsx.Ref(inputsName, col, w.inputRow) + ":$" + xlsx.Column(col) + "$" + strconv.Itoa(w.inputRow+len(w.books)-1)
				return "INDEX(" + area + ",option)"
			}
			return xlsx.Ref(inputsName, col, w.inputRow+option)
		}
		if f := b.Applying(symbol); f != nil {
			return "(" + f.Over(write) + ")"
		}
		return symbol
	}
	return write
}

// grown are the entries that the table of years repeats.
var grown = []string{"replicas_needed", "replicas", "gpus", "nodes", "gpus_paid", "kw", "usd_month", "usd_year"}

// years is the option shown by the growth of the demand, a row a year.
func (w *writer) years(s *xlsx.Sheet) {
	base, sized := "sized_demand", "demand"
	if contains(w.derived, "sized_in_flight") {
		base, sized = "sized_in_flight", "flight_demand"
	}
	if _, ok := w.names[base]; !ok {
		return
	}
	b := w.books[0]
	s.Add()
	s.Add(xlsx.T("By year, option shown in Summary").Bold())
	s.Add(xlsx.T("What the fleet has to be at the end of each year as the demand grows; the difference between two rows is what to buy.").Muted())
	var ids []string
	head := []string{"Year", "Demand"}
	for _, id := range grown {
		if _, ok := w.fleetColumn[id]; ok {
			ids = append(ids, id)
			head = append(head, title(w.applying(id).Title, b.UnitOf(id)))
		}
	}
	s.Add(xlsx.Head(head...)...)
	last := max(3, w.p.Req.Posture.Years)
	for year := 0; year <= last; year++ {
		row := len(s.Rows) + 1
		at := map[string]string{base: "$B" + strconv.Itoa(row), "years": "$A" + strconv.Itoa(row)}
		now := map[string]float64{"years": float64(year)}
		demand := "(" + w.byName(sized) + ")*(1+growth)^$A" + strconv.Itoa(row)
		now[base] = w.values[sized] * math.Pow(1+w.values["growth"], float64(year))
		if _, ok := w.values[sized]; !ok {
			now[base] = b.Value(sized) * math.Pow(1+w.values["growth"], float64(year))
		}
		cells := []*xlsx.Cell{xlsx.N(float64(year)), xlsx.F(demand, now[base]).As("#,##0.###")}
		for i, id := range ids {
			f := b.Applying(id)
			if f == nil {
				cells = append(cells, nil)
				continue
			}
			value := f.Eval(w.then(b, now))
			now[id] = value
			text := f.Over(w.leaf(b, -1, func(symbol string) (string, bool) { t, ok := at[symbol]; return t, ok }))
			cells = append(cells, w.guarded(id, text, value).As(format(b.UnitOf(id))))
			at[id] = "$" + xlsx.Address(i+2, row)
		}
		s.Add(cells...)
	}
}

// then evaluates symbols with some of them replaced.
func (w *writer) then(b *explain.Book, replaced map[string]float64) func(string) float64 {
	var in func(symbol string) float64
	in = func(symbol string) float64 {
		if v, ok := replaced[symbol]; ok {
			return v
		}
		if f := b.Applying(symbol); f != nil && !taken(f) && !w.common(b, symbol) {
			return f.Eval(in)
		}
		return b.Value(symbol)
	}
	return in
}
