package views

import (
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// What touches the browser is in this file, listen.go, address.go and
// client.go; natively these calls do nothing.

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

// carriedText is the answer the pre-rendered page holds; "" without one.
func carriedText() string {
	if app.IsServer || !document().Truthy() {
		return ""
	}
	if e := app.Window().GetElementByID(carriedID); e.Truthy() {
		return e.Get("textContent").String()
	}
	return ""
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

// able reports whether an element is there, seen and not disabled.
func able(e app.Value) bool {
	return e != nil && e.Truthy() && e.Call("checkVisibility").Truthy() && !e.Get("disabled").Truthy()
}

// nameTab puts the answer into the tab's title, for whoever has several open.
func nameTab(s *Sizing) {
	if app.IsServer || !document().Truthy() {
		return
	}
	title := "Fleetsize"
	if o := s.Best(); o != nil {
		title = units.Count(float64(o.GPUs)) + " × " + gpuName(o.GPU) + " · " + title
	}
	document().Set("title", title)
}

// startGC lets the heap grow further between two collections while the page
// starts: what is made then stays. usualGC is half as often as Go's own
// setting: a collection falls into the same frame as the edit that causes it.
const startGC, usualGC = 400, 200

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

// storeLook applies a choice of how the page looks, theme or contrast, and keeps
// it on this device; "" is the system's. Storage may be forbidden; the choice
// then lasts until the page is closed.
func storeLook(name, value string) {
	if app.IsServer {
		return
	}
	root := document().Get("documentElement")
	if value == "" {
		root.Call("removeAttribute", "data-"+name)
	} else {
		root.Call("setAttribute", "data-"+name, value)
	}
	store("fleetsize-"+name, value)
}

// stored is what this browser keeps under a key, "" where there is nothing; ok
// is false where it keeps nothing for the page.
func stored(key string) (text string, ok bool) {
	if app.IsServer {
		return "", false
	}
	ok = attempt(func() {
		if t := app.Window().Get("localStorage").Call("getItem", key); t.Truthy() {
			text = t.String()
		}
	})
	return text, ok
}

// store has this browser keep a text, nothing where it is empty, and reports
// whether it does: storage may be forbidden or full.
func store(key, text string) bool {
	return !app.IsServer && attempt(func() {
		local := app.Window().Get("localStorage")
		if text == "" {
			local.Call("removeItem", key)
			return
		}
		local.Call("setItem", key, text)
	})
}

// storedProjector reports whether the projector contrast was chosen on this device.
func storedProjector() bool {
	return !app.IsServer && document().Get("documentElement").Call("getAttribute", "data-contrast").Truthy()
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
		saveBlob(name, app.Window().Get("Blob").New([]any{text}, map[string]any{"type": kind}))
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
