package views

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// The views that can be looked at, as the link names them.
const (
	viewSize    = "size"
	viewMeasure = "measure"
	viewHow     = "how"
)

// tab is one view in the bar at the top and, on phones, at the bottom.
type tab struct{ id, name, image string }

var tabs = []tab{
	{viewSize, "Size", `<path d="M3 13V9M8 13V3M13 13V6.5" stroke-width="2.2"/>`},
	{viewMeasure, "Measure", `<path d="M2.5 9.5h2.5l2-6 3 9 1.5-3h2"/>`},
	{viewHow, "How", `<circle cx="8" cy="8" r="5.5"/><path d="M6.3 6.3a1.8 1.8 0 1 1 2.4 1.7c-.5.2-.7.5-.7 1M8 11.1v.1"/>`},
}

// view is the view in force; links to views that do not exist yet open Size.
func (v *Page) view() string {
	for _, t := range tabs {
		if v.s.State.View == t.id {
			return t.id
		}
	}
	return viewSize
}

// tabBar is the bar of views; dock is the one at the bottom of phones.
func (v *Page) tabBar(dock bool) app.UI {
	current := v.view()
	var body []app.UI
	class, scope := "tabs", "tab"
	if dock {
		class, scope = "dock", "dock"
	}
	for _, t := range tabs {
		id := t.id
		link := el("a", "", txt(t.name))
		if dock {
			link = el("a", "", icon(t.image), txt(t.name))
		}
		st := v.s.State
		st.View = id
		link = link.Attr("href", "#"+st.String()).DataSet("view", id)
		if id == current {
			link = link.Aria("current", "page")
		}
		body = append(body, link.OnClick(func(ctx app.Context, e app.Event) {
			if e.Get("ctrlKey").Truthy() || e.Get("metaKey").Truthy() || e.Get("shiftKey").Truthy() {
				return // the browser opens the link elsewhere
			}
			e.PreventDefault()
			e.Call("stopPropagation")
			v.openView(ctx, id)
		}, app.EventScope(scope, id)))
	}
	return app.Nav().Class(class).Aria("label", map[bool]string{false: "Views", true: "Views, bottom bar"}[dock]).Body(body...)
}

// openView changes the view: a step of the history, but not of undo.
func (v *Page) openView(ctx app.Context, id string) {
	v.menu, v.sheet = false, ""
	if v.s.State.View == id {
		return
	}
	v.s.State.View = id
	v.writeAddress(true)
	v.viewOpened(ctx)
}

// viewOpened puts the reader at the top of the view just opened.
func (v *Page) viewOpened(ctx app.Context) {
	v.study.rev++
	v.chartRev++
	v.fleetRev++
	ctx.Defer(func(ctx app.Context) {
		if app.IsServer {
			return
		}
		app.Window().Call("scrollTo", 0, 0)
		v.remeasure(ctx)
	})
}
