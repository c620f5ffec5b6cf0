package views

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Everything that touches the browser is in this file, in address.go and in
// client.go; natively the calls do nothing.

// startLink is the state in the address bar: the fragment, or the query where
// there is no fragment.
func startLink() string {
	if app.IsServer {
		return ""
	}
	return hrefState()
}

// hrefState is what the address says after the path, fragment and query
// together; the link reader lets the fragment win.
func hrefState() string {
	at := app.Window().Get("location")
	query, hash := at.Get("search").String(), at.Get("hash").String()
	if query == "" && hash == "" {
		return ""
	}
	return at.Get("origin").String() + at.Get("pathname").String() + query + hash
}

// shareURL is the full link of a state.
func shareURL(pairs string) string {
	at := app.Window().Get("location")
	if app.IsServer || !at.Truthy() {
		return "#" + pairs
	}
	return at.Get("origin").String() + at.Get("pathname").String() + "#" + pairs
}

func document() app.Value { return app.Window().Get("document") }

// focus moves the focus to an element where it exists.
func focus(id string) {
	if app.IsServer {
		return
	}
	if e := app.Window().GetElementByID(id); e.Truthy() {
		e.Call("focus")
	}
}

// markReady tells tests and the shell that the page is live.
func markReady() {
	if app.IsServer {
		return
	}
	document().Get("documentElement").Get("dataset").Set("ready", "true")
}

// markEdit and measureEdit time an edit up to the headline's new text.
func markEdit() {
	if app.IsServer {
		return
	}
	if perf := app.Window().Get("performance"); perf.Truthy() {
		perf.Call("mark", "fleetsize-edit-start")
	}
}

func measureEdit() {
	if app.IsServer {
		return
	}
	perf := app.Window().Get("performance")
	if !perf.Truthy() || perf.Call("getEntriesByName", "fleetsize-edit-start").Length() == 0 {
		return
	}
	perf.Call("measure", "fleetsize-edit", "fleetsize-edit-start")
	perf.Call("clearMarks", "fleetsize-edit-start")
}

const themeKey = "fleetsize-theme"

// storedTheme is the theme chosen on this device: "", light or dark.
func storedTheme() string {
	if app.IsServer {
		return ""
	}
	t := document().Get("documentElement").Call("getAttribute", "data-theme")
	if t.Truthy() && (t.String() == "light" || t.String() == "dark") {
		return t.String()
	}
	return ""
}

// storeTheme applies a theme and keeps it on this device. Storage may be
// forbidden; the theme then lasts until the page is closed.
func storeTheme(theme string) {
	if app.IsServer {
		return
	}
	root := document().Get("documentElement")
	if theme == "" {
		root.Call("removeAttribute", "data-theme")
	} else {
		root.Call("setAttribute", "data-theme", theme)
	}
	attempt(func() {
		store := app.Window().Get("localStorage")
		if theme == "" {
			store.Call("removeItem", themeKey)
			return
		}
		store.Call("setItem", themeKey, theme)
	})
}

// attempt runs f and reports whether it went through: browsers throw where
// storage, history or the clipboard is restricted.
func attempt(f func()) (ok bool) {
	defer func() { ok = recover() == nil }()
	f()
	return true
}

// copyToClipboard copies text and reports whether it worked.
func copyToClipboard(text string, done func(ok bool)) {
	if app.IsServer {
		return
	}
	ok := attempt(func() {
		clipboard := app.Window().Get("navigator").Get("clipboard")
		if !clipboard.Truthy() {
			done(copyBySelection(text))
			return
		}
		settle(clipboard.Call("writeText", text),
			func(app.Value) { done(true) },
			func(app.Value) { done(copyBySelection(text)) })
	})
	if !ok {
		done(copyBySelection(text))
	}
}

// copyBySelection is the way for pages without a clipboard API (plain http).
func copyBySelection(text string) (ok bool) {
	attempt(func() {
		area := document().Call("createElement", "textarea")
		area.Set("value", text)
		area.Set("className", "sr")
		document().Get("body").Call("appendChild", area)
		area.Call("select")
		ok = document().Call("execCommand", "copy").Truthy()
		area.Call("remove")
	})
	return ok
}

// settle calls one of two functions when a promise is settled.
func settle(promise app.Value, good, bad func(app.Value)) {
	var yes, no app.Func
	release := func() { yes.Release(); no.Release() }
	first := func(args []app.Value) app.Value {
		if len(args) > 0 {
			return args[0]
		}
		return app.Undefined()
	}
	yes = app.FuncOf(func(_ app.Value, args []app.Value) any { good(first(args)); release(); return nil })
	no = app.FuncOf(func(_ app.Value, args []app.Value) any { bad(first(args)); release(); return nil })
	promise.Call("then", yes, no)
}

// saveFile lets the user save text as a file.
func saveFile(name, kind, text string) {
	if app.IsServer {
		return
	}
	attempt(func() {
		blob := app.Window().Get("Blob").New([]any{text}, map[string]any{"type": kind})
		url := app.Window().Get("URL").Call("createObjectURL", blob)
		a := document().Call("createElement", "a")
		a.Set("href", url)
		a.Set("download", name)
		document().Get("body").Call("appendChild", a)
		a.Call("click")
		a.Call("remove")
		app.Window().Get("URL").Call("revokeObjectURL", url)
	})
}

// reloadPage loads the newest version; the address keeps the sizing.
func reloadPage() {
	if app.IsServer {
		return
	}
	if f := app.Window().Get("fleetsize"); f.Truthy() && f.Get("reload").Truthy() {
		f.Call("reload")
		return
	}
	app.Window().Get("location").Call("reload")
}

// measure reads the width the charts have.
func (v *Page) measure() {
	if app.IsServer {
		return
	}
	changed := false
	for _, id := range []string{"price", "load", "fleet"} {
		e := app.Window().GetElementByID(id)
		if !e.Truthy() {
			continue
		}
		w := e.Get("clientWidth").Float()
		if w > 0 && w != v.widths[id] {
			v.widths[id] = w
			changed = true
		}
	}
	if changed {
		v.chartRev++
		v.fleetRev++
	}
}

// width is the width a chart is drawn at, before it was measured the one of a
// laptop's content column.
func (v *Page) width(id string) float64 {
	if w := v.widths[id]; w >= 240 {
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
	v.theme = storedTheme()
	on := func(target app.Value, event string, f func(e app.Value)) {
		target.Call("addEventListener", event, app.FuncOf(func(_ app.Value, args []app.Value) any {
			if len(args) > 0 {
				f(args[0])
			}
			return nil
		}))
	}
	on(document(), "keydown", v.key)
	on(app.Window(), "popstate", func(app.Value) { v.root.Dispatch(v.follow) })
	on(app.Window(), "hashchange", func(app.Value) { v.root.Dispatch(v.follow) })
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

// key handles the keyboard outside fields.
func (v *Page) key(e app.Value) {
	command := e.Get("ctrlKey").Truthy() || e.Get("metaKey").Truthy()
	pressed := e.Get("key").String()
	tag := ""
	if t := e.Get("target"); t.Truthy() && t.Get("tagName").Truthy() {
		tag = t.Get("tagName").String()
	}
	typing := tag == "INPUT" || tag == "TEXTAREA" || tag == "SELECT"
	act, ok := shortcut(pressed, command, e.Get("altKey").Truthy(), typing, len(presetIDs))
	if !ok {
		return
	}
	if act != keyClose {
		e.Call("preventDefault")
	}
	shift := e.Get("shiftKey").Truthy()
	v.root.Dispatch(func(ctx app.Context) { v.press(ctx, act, pressed, shift) })
}

// press does what a key asks for.
func (v *Page) press(ctx app.Context, act keyAction, pressed string, shift bool) {
	switch act {
	case keySearch:
		if narrow() {
			v.sheet = "work"
		}
		ctx.Defer(func(app.Context) { focus("model") })
	case keyPreset:
		v.pickPreset(ctx, presetIDs[pressed[0]-'1'])
	case keyUndo:
		v.undo(ctx, shift)
	case keyCopy:
		v.copyLink(ctx)
	case keyTable:
		v.asTable = !v.asTable
		v.chartRev++
	case keyClose:
		v.closeTop(ctx)
	}
}

// closeTop closes what lies on top: menu, sheet, open row.
func (v *Page) closeTop(ctx app.Context) {
	switch {
	case v.menu:
		v.menu = false
		ctx.Defer(func(app.Context) { focus("share") })
	case v.sheet != "":
		v.closeSheet(ctx)
	}
}

// narrow reports whether the inputs are behind sheets.
func narrow() bool {
	if app.IsServer {
		return false
	}
	return app.Window().Call("matchMedia", "(max-width: 1023px)").Get("matches").Truthy()
}

// keyAction is what a key outside fields does.
type keyAction int

const (
	keySearch keyAction = iota + 1
	keyPreset
	keyUndo
	keyCopy
	keyTable
	keyClose
)

// shortcut maps a key to its action. Single letters do nothing while a field
// has the focus, and undo is left to the field that is being typed in.
func shortcut(pressed string, command, alt, typing bool, presets int) (keyAction, bool) {
	switch {
	case pressed == "Escape":
		return keyClose, true
	case command && !alt && strings.EqualFold(pressed, "k"):
		return keyCopy, true
	case command && !alt && strings.EqualFold(pressed, "z") && !typing:
		return keyUndo, true
	case command || alt || typing:
		return 0, false
	case pressed == "/":
		return keySearch, true
	case pressed == "t":
		return keyTable, true
	case len(pressed) == 1 && pressed[0] >= '1' && int(pressed[0]-'1') < presets:
		return keyPreset, true
	}
	return 0, false
}

// presetIDs are the workloads offered as chips, in order.
var presetIDs = [...]string{"rag", "chat", "summarize", "reasoning", "agent", "code", "batch"}
