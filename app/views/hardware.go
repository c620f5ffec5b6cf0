package views

import (
	"sort"

	"fleetsize/app/link"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// byDefault reports whether an accelerator is considered unless the user says
// otherwise: shipping data-center and cloud parts, and the user's own.
func byDefault(g *catalog.GPU) bool {
	return g.Custom || (g.Class == "datacenter" || g.Class == "cloud") && g.Status == "shipping"
}

// considered reports whether an accelerator is part of the answer.
func considered(st *link.State, g *catalog.GPU) bool {
	if st.GPUs == nil {
		return byDefault(g)
	}
	for _, c := range st.GPUs {
		if c.ID == g.ID {
			return true
		}
	}
	return false
}

// consider adds or removes an accelerator. A list equal to the default set
// becomes the default again, so that the link stays short.
func consider(c *catalog.Catalog, st *link.State, id string, on bool) {
	setConsidered(c, st, func(g *catalog.GPU, was bool) bool {
		if g.ID == id {
			return on
		}
		return was
	})
}

// setConsidered rewrites the list: keep decides for every accelerator. An
// empty list would mean the default, so the last one can not be removed.
func setConsidered(c *catalog.Catalog, st *link.State, keep func(g *catalog.GPU, was bool) bool) {
	tp := map[string]int{}
	for _, g := range st.GPUs {
		tp[g.ID] = g.TP
	}
	var list []link.GPUChoice
	same := true
	for _, g := range c.GPUs {
		on := keep(g, considered(st, g))
		if on {
			list = append(list, link.GPUChoice{ID: g.ID, TP: tp[g.ID]})
			same = same && tp[g.ID] == 0
		}
		same = same && on == byDefault(g)
	}
	switch {
	case same:
		st.GPUs = nil
	case len(list) > 0:
		st.GPUs = list
	}
}

// hardware is the filter: which accelerators are considered.
func (v *Page) hardware() app.UI {
	s := v.s
	n := 0
	for _, g := range s.Catalog().GPUs {
		if considered(&s.State, g) {
			n++
		}
	}
	summary := "All data-center GPUs (" + units.Count(float64(n)) + ")"
	if s.State.GPUs != nil {
		summary = units.Count(float64(n)) + " of " + units.Count(float64(len(s.Catalog().GPUs))) + " accelerators"
	}
	var body []app.UI
	if v.hardwareOpen { // some 400 elements that a closed list need not redraw on every key
		body = v.hardwareList()
	}
	return v.more("hardware", summary, s.State.GPUs != nil, body...).
		On("toggle", func(ctx app.Context, e app.Event) { v.hardwareOpen = ctx.JSSrc().Get("open").Truthy() })
}

// hardwareList is the open filter.
func (v *Page) hardwareList() []app.UI {
	s := v.s
	body := []app.UI{
		node("div", "cb", node("div", "in", iconSearch(),
			app.Input().ID("gpu-search").Type("search").Aria("label", "Search accelerators").Attr("placeholder", "Search accelerators").
				Attr("autocomplete", "off").Attr("value", v.gpuQuery).
				OnInput(func(ctx app.Context, e app.Event) { v.gpuQuery = ctx.JSSrc().Get("value").String() }))),
		node("div", "row", button("lnk", txt("Default set")).ID("gpu-all").
			OnClick(func(ctx app.Context, e app.Event) {
				v.edit(ctx, edit{change: func(st *state) { st.GPUs = nil }})
			})),
	}
	for _, vendor := range vendors(s.Catalog()) {
		body = append(body, v.vendorGroup(vendor))
	}
	body = append(body, button("btn ghost", iconPlus(), txt("Add a GPU from numbers")).ID("add-gpu").
		OnClick(func(ctx app.Context, e app.Event) { v.openDialog(ctx, "gpu-dialog") }))
	return body
}

// vendors lists the makers, the one with most entries first.
func vendors(c *catalog.Catalog) []string {
	count := map[string]int{}
	var names []string
	for _, g := range c.GPUs {
		if count[g.Vendor] == 0 {
			names = append(names, g.Vendor)
		}
		count[g.Vendor]++
	}
	sort.SliceStable(names, func(i, j int) bool { return count[names[i]] > count[names[j]] })
	return names
}

func (v *Page) vendorGroup(vendor string) app.UI {
	s := v.s
	query := lower(v.gpuQuery)
	var rows []app.UI
	all, some := true, false
	for _, g := range s.Catalog().GPUs {
		if g.Vendor != vendor || !matches(lower(g.Name+" "+g.ID+" "+g.Architecture+" "+g.Vendor), query) {
			continue
		}
		id, on := g.ID, considered(&s.State, g)
		all, some = all && on, some || on
		note := ""
		if !byDefault(g) {
			note = g.Class
			if g.Status != "shipping" && g.Status != "" {
				note = g.Status
			}
		}
		rows = append(rows, node("li", "", node("label", "chk",
			app.Input().Type("checkbox").Checked(on).DataSet("consider", id).
				OnChange(func(ctx app.Context, e app.Event) {
					checked := ctx.JSSrc().Get("checked").Truthy()
					v.edit(ctx, edit{change: func(st *state) { consider(v.s.Catalog(), st, id, checked) }})
				}, app.EventScope("consider", id)),
			leaf("span", "", gpuName(g)),
			leaf("span", "mut xs", note),
		)))
	}
	if len(rows) == 0 {
		return nil
	}
	word := "All"
	if all {
		word = "None"
	}
	return node("div", "vend",
		node("h3", "", txt(vendor), button("lnk", txt(word)).Aria("label", word+" of "+vendor).DataSet("vendor", vendor).
			OnClick(func(ctx app.Context, e app.Event) {
				v.edit(ctx, edit{change: func(st *state) {
					setConsidered(v.s.Catalog(), st, func(g *catalog.GPU, was bool) bool {
						if g.Vendor == vendor {
							return !all
						}
						return was
					})
				}})
			}, app.EventScope("vendor", vendor, all))),
		node("ul", "", rows...),
	)
}
