package book

import (
	"fleetsize/app/export"
	"fleetsize/app/export/xlsx"
	"fleetsize/calc/explain"
	"fleetsize/calc/units"
)

// inputs is the sheet to change: shared inputs with their status, the demand
// they make, and what was found for each accelerator.
func (w *writer) inputs() *xlsx.Sheet {
	s := &xlsx.Sheet{Name: inputsName, Widths: []float64{34, 16, 12, 13, 24, 62}}
	s.Add(xlsx.T("Inputs").Large())
	s.Add(xlsx.T("Change the yellow cells; every other sheet follows. Each value has a name that formulas use.").Muted())
	s.Add()
	s.Add(xlsx.Head("Input", "Value", "Unit", "Status", "Name", "Meaning")...)
	s.FreezeRows = 4
	if len(w.books) == 0 {
		s.Add(xlsx.T("No accelerator meets the targets, so there is nothing to compute."))
		return s
	}
	status := map[string]export.Assumption{}
	for _, a := range export.Register(w.p) {
		status[a.ID] = a
	}
	b := w.books[0]
	row := s.Add(xlsx.T("Option shown in Summary"), xlsx.N(1).On(xlsx.InputFill).As(xlsx.Whole), xlsx.T(""), xlsx.T(""), xlsx.T("option").Muted(),
		xlsx.T("row of the Fleet sheet, 1 to "+units.Count(float64(len(w.books)))).Muted())
	w.define("option", inputsName, 1, row)
	for _, symbol := range w.globals {
		name := upperFirst(plain(symbol))
		state := xlsx.T(string(export.Standard))
		if a, ok := status[shared[symbol]]; ok && shared[symbol] != "" {
			name, state = a.Name, xlsx.T(string(a.Status))
		}
		row := s.Add(xlsx.T(name), value(symbol, w.values[symbol]).As(format(b.UnitOf(symbol))).On(xlsx.InputFill), xlsx.T(b.UnitOf(symbol)), state,
			xlsx.T(symbol).Muted(), xlsx.T(explain.Meaning(symbol)).Muted())
		w.define(symbol, inputsName, 1, row)
	}
	for _, id := range w.derived {
		f := b.Applying(id)
		text := f.Over(w.byName)
		switch id {
		case "sized_demand":
			text = "(" + w.byName("demand") + ")*(1+growth)^years"
		case "sized_in_flight":
			text = "flight_demand*(1+growth)^years"
		}
		row := s.Add(xlsx.T(f.Title), xlsx.F(text, w.values[id]).As(format(b.UnitOf(id))), xlsx.T(b.UnitOf(id)), xlsx.T("formula"),
			xlsx.T(id).Muted(), xlsx.T(f.Symbols()).Muted())
		w.define(id, inputsName, 1, row)
	}
	s.Add()
	s.Add(xlsx.T("By accelerator").Bold())
	s.Add(xlsx.T("Rates come from the simulation (entry rate_per_replica, or most_in_flight for demand in flight); replace them by your own measurements. Prices and power may be replaced, too.").Muted())
	head := []string{"GPU", "Catalog id"}
	for _, symbol := range w.leaves {
		text := upperFirst(plain(symbol))
		if f := b.Applying(symbol); f != nil {
			text = f.Title
		}
		head = append(head, title(text, b.UnitOf(symbol)))
	}
	s.Add(xlsx.Head(head...)...)
	w.inputRow = len(s.Rows) + 1
	for i, symbol := range w.leaves {
		w.inputColumn[symbol] = i + 2
	}
	for i, book := range w.books {
		o := &w.p.Answer.Options[i]
		cells := []*xlsx.Cell{xlsx.T(export.GPUName(o.GPU)).Bold(), xlsx.T(o.GPU.ID).Muted()}
		for _, symbol := range w.leaves {
			cells = append(cells, value(symbol, book.Value(symbol)).As(format(book.UnitOf(symbol))).On(xlsx.InputFill))
			w.define(cellName(symbol, o.GPU.ID), inputsName, len(cells)-1, w.inputRow+i)
		}
		s.Add(cells...)
	}
	for len(s.Widths) < len(head) {
		s.Widths = append(s.Widths, 16)
	}
	return s
}

// byName writes a shared symbol: its name, or its formula where it has none.
func (w *writer) byName(symbol string) string {
	if n, ok := w.names[symbol]; ok {
		return n
	}
	if f := w.books[0].Applying(symbol); f != nil {
		return "(" + f.Over(w.byName) + ")"
	}
	return symbol
}

// plain is a symbol as words.
func plain(symbol string) string {
	b := []byte(symbol)
	for i, c := range b {
		if c == '_' {
			b[i] = ' '
		}
	}
	return string(b)
}

func upperFirst(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}
