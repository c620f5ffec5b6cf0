package book

import (
	"fleetsize/app/export"
	"fleetsize/app/export/xlsx"
	"fleetsize/catalog"
)

// sources lists where prices, hardware, the model and the engine's parameters
// come from.
func (w *writer) sources() *xlsx.Sheet {
	p := w.p
	s := &xlsx.Sheet{Name: "Sources", Widths: []float64{18, 30, 18, 14, 90}, FreezeRows: 3}
	s.Add(xlsx.T("Sources").Large())
	s.Add(xlsx.T("Data pack of " + p.Catalog().Date + ".").Muted())
	s.Add(xlsx.Head("About", "Name", "Figure", "As of", "Source")...)
	m := p.Req.Model
	for _, source := range m.Sources {
		s.Add(xlsx.T("Model"), xlsx.T(m.Name), xlsx.T("dimensions"), xlsx.T(""), xlsx.T(source))
	}
	for _, source := range p.Req.Engine.Sources {
		s.Add(xlsx.T("Engine"), xlsx.T(p.Req.Engine.Name), xlsx.T("settings"), xlsx.T(""), xlsx.T(source))
	}
	profiles := map[string]bool{}
	for i := range p.Answer.Options {
		if f := p.Answer.Options[i].Profile; f != nil && !profiles[f.ID] {
			profiles[f.ID] = true
			s.Add(xlsx.T("Speed"), xlsx.T(f.Label), xlsx.N(float64(f.Rows)).As(`#,##0 "measured rows"`), xlsx.T(""), xlsx.T(f.Source))
		}
	}
	for i := range p.Answer.Options {
		g := p.Answer.Options[i].GPU
		price := func(figure string, x *catalog.Price, format string) {
			if x != nil && x.USD > 0 {
				s.Add(xlsx.T("Price"), xlsx.T(export.GPUName(g)), xlsx.N(x.USD).As(format), xlsx.T(x.AsOf), xlsx.T(x.Source))
			}
		}
		price("rent", g.Rent, `"$"#,##0.00" an hour"`)
		price("purchase", g.Purchase, `"$"#,##0" each"`)
		if g.AllInKW != nil {
			s.Add(xlsx.T("Power"), xlsx.T(export.GPUName(g)), xlsx.N(g.AllInKW.Value).As(`0.00" kW all-in"`), xlsx.T(g.AllInKW.AsOf), xlsx.T(g.AllInKW.Source))
		}
		for _, source := range g.Sources {
			s.Add(xlsx.T("Hardware"), xlsx.T(g.Name), xlsx.T("data sheet"), xlsx.T(""), xlsx.T(source))
		}
	}
	return s
}
