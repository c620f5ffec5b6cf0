package views

import (
	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// modelsThatFit lists which models the hardware at hand serves.
func (v *Page) modelsThatFit() app.UI {
	told, _ := v.of(worker.TopicModels)
	fits := 0
	for _, m := range told.Models {
		if m.Fits {
			fits++
		}
	}
	var rows []app.UI
	const most = 40
	for i, m := range told.Models {
		if !m.Fits || i >= most {
			break
		}
		model, ok := v.s.Catalog().Model(m.Model)
		if !ok {
			continue
		}
		id := m.Model
		rate := "≈" + units.Rate(units.Round(m.ReqPerS, 2))
		if v.s.Req.Demand.Kind == fleet.InFlight {
			rate = "≈" + units.Count(m.ReqPerS) + " in flight"
		}
		rows = append(rows, node("tr", "",
			rowHead(model.Name),
			leaf("td", "mut", weightsName(model.Native)),
			node("td", "num", num(explain.Ref(either(v.s.Req.Demand.Kind == fleet.InFlight, "fit_in_flight", "fit_rate"), "", m.Model), rate)),
			leaf("td", "mut", layoutName(m.Layout)+" on "+gpuLabel(v.s, m.GPU)),
			node("td", "num", button("lnk", txt("Use")).Aria("label", "Size "+model.Name).DataSet("use-model", id).
				OnClick(func(ctx app.Context, e app.Event) { v.pickModel(ctx, id) }, app.EventScope("use-model", id))),
		))
	}
	title := "Which models it serves"
	if told.Done {
		title = upperFirst(inWords(fits)) + " of " + countText(len(told.Models)) + " models run" + verbEnd(fits == 1)
		switch fits {
		case 0:
			title = "None of " + countText(len(told.Models)) + " models runs"
		case len(told.Models):
			title = "All " + countText(fits) + " models run"
		}
		title += " on it inside these targets"
	}
	return el("details", "more", node("summary", "", leaf("span", "", title), iconChevron()),
		v.working(worker.TopicModels, title),
		el("div", "tb", node("table", "tbl",
			leaf("caption", "sr", title),
			node("thead", "", node("tr", "", colHead("", "Model, largest first"), colHead("", "Weights"),
				colHead("num", "Holds"), colHead("", "Layout"), node("td", ""))),
			node("tbody", "", rows...),
		)).Attr("hidden", flag(len(rows) == 0)),
		leaf("p", "mut xs", join(" ", either(fits > most, "The "+countText(most)+" largest.", ""), "Quick estimate at the published precision.")),
	).ID("own-models")
}
