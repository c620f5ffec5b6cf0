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
	debug.SetGCPercent(startGC)
	app.RouteWithRegexp(".*", func() app.Composer { return &Page{} })
	app.RunWhenOnBrowser()
}

// crash hands the page to the loader, which says what happened and offers the
// ways back; the address holds the sizing.
func crash(message, stack string) {
	js.Global().Get("console").Call("error", message+"\n"+stack)
	js.Global().Get("fleetsize").Call("crash", message)
}
