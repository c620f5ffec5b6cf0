package views

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// measure reads the width the charts have, in pixels at the usual size of text:
// where the reader's type is larger, a chart is drawn for less width and shown
// larger as a whole, so that its texts keep clear of each other.
func (v *Page) measure() {
	if app.IsServer {
		return
	}
	v.zoom = 1
	root := app.Window().Call("getComputedStyle", document().Get("documentElement"))
	if x := parseFloat(strings.TrimSuffix(root.Get("fontSize").String(), "px")); x >= 8 {
		v.zoom = x / 16
	}
	changed := false
	for _, id := range []string{"price", "load", "fleet", "money", "study", "live", "deep", "parts", "moves", "pareto", "ownrent", "api", "optdots-box", "optpareto", "past-gpus", "past-cost"} {
		e := app.Window().GetElementByID(id)
		if !e.Truthy() {
			continue
		}
		w := e.Get("clientWidth").Float() / v.zoom
		if w > 0 && w != v.widths[id] {
			v.widths[id] = w
			changed = true
		}
	}
	if changed {
		v.chartRev++
		v.fleetRev++
		v.study.rev++
		v.compare.rev++
		v.negotiate.rev++
	}
}

// width is the width a chart is drawn at, before it was measured the one of a
// laptop's content column.
func (v *Page) width(id string) float64 {
	if w := v.widths[id]; w >= 120 {
		return w
	}
	return 900
}

// listen follows what happens outside the page's elements: keys, history, the
// shell's notices and the width of the content.
func (v *Page) listen(ctx app.Context) {
	if app.IsServer {
		return
	}
	v.theme, v.projector, v.lettersOff = storedTheme(), storedProjector(), storedLettersOff()
	on := func(target app.Value, event string, f func(e app.Value)) {
		target.Call("addEventListener", event, app.FuncOf(func(_ app.Value, args []app.Value) any {
			if len(args) > 0 {
				f(args[0])
			}
			return nil
		}))
	}
	on(document(), "keydown", v.key)
	v.listenNumbers(on)
	on(app.Window(), "popstate", func(app.Value) { v.root.Dispatch(v.follow) })
	on(app.Window(), "hashchange", func(app.Value) { v.root.Dispatch(v.follow) })
	on(app.Window(), "storage", v.followPast)
	on(app.Window(), "pagehide", func(app.Value) { v.flushAddress() })
	on(app.Window(), "fleetsize-update", func(app.Value) { v.root.Dispatch(func(app.Context) { v.update = true }) })
	on(app.Window(), "fleetsize-offline-ready", func(app.Value) { v.root.Dispatch(func(app.Context) { v.offline = true }) })
	on(document(), "click", func(e app.Value) {
		if v.menu && !e.Get("target").Call("closest", ".menu").Truthy() {
			v.root.Dispatch(func(app.Context) { v.menu = false })
		}
	})
	if f := app.Window().Get("fleetsize"); f.Truthy() {
		v.update = f.Get("update").Truthy()
		v.offline = f.Get("offline").Truthy()
	}
	if observer := app.Window().Get("ResizeObserver"); observer.Truthy() {
		o := observer.New(app.FuncOf(func(app.Value, []app.Value) any {
			v.root.Dispatch(func(ctx app.Context) { v.remeasure(ctx) })
			return nil
		}))
		if main := app.Window().GetElementByID("main"); main.Truthy() {
			o.Call("observe", main)
		}
	}
}

// remeasure redraws the charts only where the width really changed.
func (v *Page) remeasure(ctx app.Context) {
	before := v.chartRev
	v.measure()
	if v.chartRev == before {
		ctx.PreventUpdate()
	}
}
