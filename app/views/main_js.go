package views

import (
	"fmt"
	"runtime/debug"
	"syscall/js"

	"fleetsize/app/worker"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Main runs the program in the browser: the page, or inside a Web Worker the
// loop that computes answers. It does not return.
func Main() {
	if js.Global().Get("document").IsUndefined() {
		worker.Serve()
		return
	}
	defer func() {
		if p := recover(); p != nil {
			crash(fmt.Sprint(p), string(debug.Stack()))
			select {}
		}
	}()
	app.RouteWithRegexp(".*", func() app.Composer { return &Page{} })
	app.RunWhenOnBrowser()
}

// crash says what happened, with the way back: nothing is lost, because the
// address bar holds the sizing.
func crash(message, stack string) {
	doc := js.Global().Get("document")
	make := func(tag, class, text string) js.Value {
		e := doc.Call("createElement", tag)
		e.Set("className", class)
		e.Set("textContent", text)
		return e
	}
	act := func(b js.Value, f func()) js.Value {
		b.Call("addEventListener", "click", js.FuncOf(func(js.Value, []js.Value) any { f(); return nil }))
		return b
	}
	link := js.Global().Get("location").Get("href").String()
	version := ""
	if shell := js.Global().Get("fleetsize"); shell.Truthy() {
		version = "Version " + shell.Get("version").String() + ". "
	}
	js.Global().Get("console").Call("error", message+"\n"+stack)
	dialog := make("dialog", "crash", "")
	dialog.Set("id", "crash")
	dialog.Call("append",
		make("h2", "", "The calculator stopped"),
		make("p", "", "This is a fault of the program, not of what you entered. The link keeps your inputs."),
		make("p", "mut xs", version+message),
	)
	row := make("div", "row", "")
	copied := make("button", "btn", "Copy link")
	row.Call("append",
		act(make("button", "btn go", "Reload"), func() { js.Global().Get("location").Call("reload") }),
		act(copied, func() {
			if c := js.Global().Get("navigator").Get("clipboard"); c.Truthy() {
				c.Call("writeText", link)
				copied.Set("textContent", "Link copied")
			}
		}),
	)
	dialog.Call("append", row)
	doc.Get("body").Call("append", dialog)
	dialog.Call("showModal")
}
