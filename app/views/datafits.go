package views

import (
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dataFits recommends accelerators for the model at hand, or for a memory need.
func (v *Page) dataFits() app.UI {
	d := &v.data
	need, of := 0.0, ""
	if x, err := units.ParseNumber(d.need); err == nil && x > 0 {
		need, of = x*1e9, units.Sig(x, 4)+" GB"
	} else if m := v.s.Req.Model; m != nil {
		w := m.Resolve(v.s.Req.Weights)
		if v.s.Req.Weights == "any" {
			w = m.Native
		}
		need, of = m.WeightBytes(w), m.Name+" in "+weightsName(w)
	}
	list := v.s.Catalog().Holding(need)
	var rows []app.UI
	const most = 12
	for i, f := range list {
		if i == most {
			break
		}
		rows = append(rows, el("tr", "",
			el("th", "", txt(countText(f.N)+" × "+gpuName(f.GPU))).Attr("scope", "row"),
			el("td", "num", txt(units.Fixed(float64(f.N)*f.GPU.UsableBytes/1e9, 1))).DataSet("l", "Usable, GB"),
			el("td", "num", txt(units.Fixed(f.Free/1e9, 1))).DataSet("l", "Left for KV cache, GB"),
			el("td", "", txt(f.GPU.Vendor)).DataSet("l", "Vendor"),
		).DataSet("fit", f.GPU.ID))
	}
	title := "Accelerators that hold " + of
	if len(list) == 0 {
		title = "No single server holds " + of
	}
	th := func(class, text string) app.UI { return el("th", class, txt(text)).Attr("scope", "col") }
	return el("section", "fig",
		leaf("h2", "", title),
		leaf("p", "mut", "Memory alone: "+units.Sig(need/1e9, 3)+" GB of weights or as asked, and 2 GB kept free on every GPU. Speed and load are another question, which Size answers."),
		node("div", "row filters", v.small("fits-need", "Instead of the model, weights of", "GB", d.need, func(x string) { d.need = x })),
		node("div", "tb", el("table", "tbl data",
			leaf("caption", "sr", title),
			node("thead", "", node("tr", "", th("", "Fewest GPUs first"), th("num", "Usable, GB"), th("num", "Left for KV cache, GB"), th("", "Vendor"))),
			node("tbody", "", rows...),
		).Attr("hidden", flag(len(list) == 0))),
		el("p", "mut sm", txt("… and "+plural(len(list)-most, "more accelerator"))).Attr("hidden", flag(len(list) <= most)),
	).ID("data-fits")
}
