package views

import (
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dataFits recommends accelerators for the model at hand, or for a memory need.
func (v *Page) dataFits() app.UI {
	d := &v.data
	need, of, told, about := 0.0, "", "", ""
	unit, size := v.memoryUnit()
	if x, err := units.ParseNumber(d.need); err == nil && x > 0 && x < 1e9 {
		need, of = x*size, units.Sig(x, 4)+" "+unit
		told, about = "as asked", ":"+units.Plain(need)
	} else if m := v.s.Req.Model; m != nil {
		q := v.s.Req.Weights
		if q == fleet.AnyPrecision {
			q = ""
		}
		w, ref := m.Resolve(q), m.ID
		if q != "" {
			ref += ":" + string(q)
		}
		need, of = m.WeightBytes(w), m.Name+" in "+weightsName(w)
		told = mark(explain.Ref("cat_weights", "", ref), units.Sig(need/size, 3)) + " " + unit + " of weights"
	}
	list := v.s.Catalog().Holding(need)
	var rows []app.UI
	const most = 12
	for i, f := range list {
		if i == most {
			break
		}
		of := func(id, text string) app.UI { return num(explain.Ref(id, "", f.GPU.ID+about), text) }
		rows = append(rows, el("tr", "",
			el("th", "", of("cat_held", countText(f.N)), txt(" × "+gpuName(f.GPU))).Attr("scope", "row"),
			el("td", "num", of("cat_held_usable", units.Fixed(float64(f.N)*f.GPU.UsableBytes/size, 1))).DataSet("l", "Usable, "+unit),
			el("td", "num", of("cat_held_free", units.Fixed(f.Free/size, 1))).DataSet("l", "Left for KV cache, "+unit),
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
		node("p", "mut", rich("Memory alone: "+told+", and "+v.inUnit("2 GB")+" kept free on every GPU. Speed and load are another question, which Size answers.")...),
		node("div", "row filters", v.small("fits-need", "Instead of the model, weights of", unit, d.need, func(x string) { d.need = x })),
		node("div", "tb", el("table", "tbl data",
			leaf("caption", "sr", title),
			node("thead", "", node("tr", "", th("", "Fewest GPUs first"), th("num", "Usable, "+unit), th("num", "Left for KV cache, "+unit), th("", "Vendor"))),
			node("tbody", "", rows...),
		).Attr("hidden", flag(len(list) == 0))),
		el("p", "mut sm", txt("… and "+plural(max(0, len(list)-most), "more accelerator"))).Attr("hidden", flag(len(list) <= most)),
	).ID("data-fits")
}
