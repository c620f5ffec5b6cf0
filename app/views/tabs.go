package views

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// The views that can be looked at, as the link names them.
const (
	viewSize    = "size"
	viewCompare = "compare"
	viewExplain = "explain"
	viewMeasure = "measure"
	viewReport  = "report"
	viewData    = "data"
	viewHow     = "how"
)

// tab is one view in the bar at the top and, on phones, at the bottom. After
// g, key opens it.
type tab struct{ id, name, key, image string }

var tabs = []tab{
	{viewSize, "Size", "s", `<path d="M3 13V9M8 13V3M13 13V6.5" stroke-width="2.2"/>`},
	{viewCompare, "Compare", "c", `<path d="M5 3v10M11 3v10M3 6h4M9 10h4"/>`},
	{viewExplain, "Explain", "e", `<path d="M3 8h10M3 4.5h6M3 11.5h8"/>`},
	{viewMeasure, "Measure", "m", `<path d="M2.5 9.5h2.5l2-6 3 9 1.5-3h2"/>`},
	{viewReport, "Report", "r", `<path d="M4 2.5h5.5L12 5v8.5H4zM6 8h4M6 10.5h4"/>`},
	{viewData, "Data", "d", `<ellipse cx="8" cy="4" rx="5" ry="1.8"/><path d="M3 4v8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8"/>`},
	{viewHow, "How", "h", `<circle cx="8" cy="8" r="5.5"/><path d="M6.3 6.3a1.8 1.8 0 1 1 2.4 1.7c-.5.2-.7.5-.7 1M8 11.1v.1"/>`},
}

// docked is how many views the bottom bar of phones shows; the rest is behind
// its More button.
const docked = 4

// view is the view in force; links to views that do not exist yet open Size.
func (v *Page) view() string {
	for _, t := range tabs {
		if v.s.State.View == t.id {
			return t.id
		}
	}
	return viewSize
}

// tabBar is the bar of views at the top.
func (v *Page) tabBar() app.UI {
	var body []app.UI
	for _, t := range tabs {
		body = append(body, v.tabLink(t, "tab", txt(t.name)))
	}
	return app.Nav().Class("tabs").Aria("label", "Views").Body(body...)
}

// dock is the bar of views at the bottom of phones.
func (v *Page) dock() app.UI {
	var bar, rest []app.UI
	beyond := false // the view in force is behind More
	for i, t := range tabs {
		link := v.tabLink(t, "dock", icon(t.image), txt(t.name))
		if i < docked {
			bar = append(bar, link)
			continue
		}
		beyond = beyond || t.id == v.view()
		rest = append(rest, link)
	}
	class := ""
	if beyond {
		class = "on"
	}
	more := button(class, icon(`<path d="M3.5 8h.1M8 8h.1M12.5 8h.1" stroke-width="2.4"/>`), txt("More")).ID("dock-more").
		Aria("expanded", boolean(v.moreViews)).Aria("controls", "dock-rest").
		OnClick(func(ctx app.Context, e app.Event) { v.moreViews = !v.moreViews })
	bar = append(bar, more, el("div", "rest", rest...).ID("dock-rest").Attr("hidden", flag(!v.moreViews)))
	return app.Nav().Class("dock").Aria("label", "Views, bottom bar").Body(bar...)
}

// tabLink opens a view; it is a link, so that it can be opened elsewhere.
func (v *Page) tabLink(t tab, scope string, body ...app.UI) app.UI {
	id := t.id
	st := v.s.State
	st.View = id
	link := el("a", "", body...).Attr("href", "#"+st.String()).DataSet("view", id)
	if id == v.view() {
		link = link.Aria("current", "page")
	}
	return link.OnClick(func(ctx app.Context, e app.Event) {
		if e.Get("ctrlKey").Truthy() || e.Get("metaKey").Truthy() || e.Get("shiftKey").Truthy() {
			return // the browser opens the link elsewhere
		}
		e.PreventDefault()
		e.Call("stopPropagation")
		v.openView(ctx, id)
	}, app.EventScope(scope, id))
}

// openView changes the view: a step of the history, but not of undo.
func (v *Page) openView(ctx app.Context, id string) {
	v.menu, v.sheet, v.moreViews = false, "", false
	if v.s.State.View == id {
		return
	}
	v.drawer, v.s.State.Open = drawer{}, "" // it explains a number of the view that is left
	v.s.State.View = id
	v.writeAddress(true)
	v.viewOpened(ctx)
}

// viewOpened puts the reader at the top of the view just opened.
func (v *Page) viewOpened(ctx app.Context) {
	v.study.rev++
	v.chartRev++
	v.fleetRev++
	v.compare.rev++
	v.data.rev++
	v.negotiate.rev++
	v.pursue()
	v.shown(func() {
		if at := document().Get("activeElement"); !able(at) || !at.Call("closest", ".top, .dock").Truthy() {
			focus("main") // what had the focus belongs to the view that was left
		}
		app.Window().Call("scrollTo", 0, 0)
		v.root.Dispatch(v.remeasure)
	})
}
