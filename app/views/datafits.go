package views

import (
	"sort"

	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// fitHeadroom is kept free besides what was asked for, in bytes: activations
// and the runtime of a small server.
const fitHeadroom = 2e9

// fitChoice is an accelerator with the fewest of it that hold a need.
type fitChoice struct {
	gpu  *catalog.GPU
	n    int
	free float64 // bytes left over
}

// fits lists the accelerators that hold need bytes, headroom included, on at
// most one server: fewest first, then the least left over. Sizes are powers of
// two up to a server or its link domain, as tensor-parallel groups are.
func fitsIn(cat *catalog.Catalog, need float64) []fitChoice {
	var list []fitChoice
	for _, g := range cat.GPUs {
		if g.Class == "cpu" || g.UsableBytes <= 0 {
			continue
		}
		for n := 1; n <= max(1, g.GPUsPerNode); n *= 2 {
			if free := float64(n)*g.UsableBytes - need - fitHeadroom*float64(n); free >= 0 {
				list = append(list, fitChoice{g, n, free})
				break
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		if list[i].n != list[j].n {
			return list[i].n < list[j].n
		}
		return list[i].free < list[j].free
	})
	return list
}

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
	list := fitsIn(v.s.Catalog(), need)
	var rows []app.UI
	const most = 12
	for i, f := range list {
		if i == most {
			break
		}
		rows = append(rows, el("tr", "",
			el("th", "", txt(countText(f.n)+" × "+gpuName(f.gpu))).Attr("scope", "row"),
			el("td", "num", txt(units.Sig(float64(f.n)*f.gpu.UsableBytes/1e9, 3))).DataSet("l", "Usable, GB"),
			el("td", "num", txt(units.Sig(f.free/1e9, 3))).DataSet("l", "Left for KV cache, GB"),
			el("td", "", txt(f.gpu.Vendor)).DataSet("l", "Vendor"),
		).DataSet("fit", f.gpu.ID))
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
		node("div", "tb", el("table", "tbl cards",
			leaf("caption", "sr", title),
			node("thead", "", node("tr", "", th("", "Fewest GPUs first"), th("num", "Usable, GB"), th("num", "Left for KV cache, GB"), th("", "Vendor"))),
			node("tbody", "", rows...),
		).Attr("hidden", flag(len(list) == 0))),
		el("p", "mut sm", txt("… and "+plural(len(list)-most, "more accelerator"))).Attr("hidden", flag(len(list) <= most)),
	).ID("data-fits")
}
