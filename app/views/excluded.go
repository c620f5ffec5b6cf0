package views

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// notViable lists the accelerators that cannot serve the demand, each with its
// reason and, where one is known, a change that helps.
func (v *Page) notViable() app.UI {
	s := v.s
	var items []app.UI
	for i := range s.Answer.Excluded {
		x := &s.Answer.Excluded[i]
		if x.Reason == fleet.ReasonNotConsidered {
			continue
		}
		id := x.GPU.ID
		var action app.UI
		if x.Nearest != nil && x.Nearest.Pairs != "" {
			near := *x.Nearest
			action = button("lnk", txt(upperFirst(near.Text))).DataSet("apply", id).
				OnClick(func(ctx app.Context, e app.Event) { v.apply(ctx, near.Pairs, near.Text) }, app.EventScope("apply", id, near.Pairs))
		}
		items = append(items, el("li", "", leaf("b", "", gpuName(x.GPU)), leaf("span", "", v.inUnit(x.Text)), action).
			DataSet("excluded", id).DataSet("reason", string(x.Reason)))
	}
	return v.excludedList("not-viable", "Not viable ("+units.Count(float64(len(items)))+")", "each with its reason", items, len(items) > 0 && len(s.Answer.Options) == 0)
}

// notConsidered lists the rest of the catalog: desktop parts, announced parts
// and what the filter leaves out.
func (v *Page) notConsidered() app.UI {
	s := v.s
	var items []app.UI
	for i := range s.Answer.Excluded {
		x := &s.Answer.Excluded[i]
		if x.Reason != fleet.ReasonNotConsidered {
			continue
		}
		id := x.GPU.ID
		items = append(items, el("li", "", leaf("b", "", gpuName(x.GPU)), leaf("span", "", v.inUnit(x.Text)),
			button("lnk", txt("Consider")).Aria("label", "Consider "+gpuName(x.GPU)).DataSet("consider-one", id).
				OnClick(func(ctx app.Context, e app.Event) {
					v.edit(ctx, edit{change: func(st *state) { consider(s.Catalog(), st, id, true) }})
				}, app.EventScope("consider-one", id))).DataSet("excluded", id).DataSet("reason", string(x.Reason)))
	}
	return v.excludedList("not-considered", "Not considered ("+units.Count(float64(len(items)))+")", "workstation, announced and filtered parts", items, false)
}

func (v *Page) excludedList(id, title, note string, items []app.UI, open bool) app.UI {
	shown := items
	if v.early && !open {
		shown = nil
	}
	e := el("details", "more",
		node("summary", "", node("span", "", leaf("b", "", title), txt(" "), leaf("span", "mut", note)), iconChevron()),
		node("ul", "not", shown...),
	).ID(id).Attr("hidden", flag(len(items) == 0)).On("toggle", func(app.Context, app.Event) { v.fleetRev++ })
	if open {
		e = e.Attr("open", "true")
	}
	return e
}
