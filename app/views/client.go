package views

import (
	"fleetsize/app/worker"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// client talks to the Web Worker that computes exact answers.
type client struct {
	w         app.Value
	functions []app.Func
}

// newClient starts the worker; nil where there is none to start.
func newClient(receive func(text string), lost func()) (c *client) {
	if app.IsServer {
		return nil
	}
	attempt(func() {
		shell := app.Window().Get("fleetsize")
		if !shell.Truthy() || !shell.Get("worker").Truthy() {
			return
		}
		w := shell.Call("worker")
		if !w.Truthy() {
			return
		}
		message := app.FuncOf(func(_ app.Value, args []app.Value) any {
			receive(args[0].Get("data").String())
			return nil
		})
		failed := app.FuncOf(func(app.Value, []app.Value) any {
			lost()
			return nil
		})
		w.Set("onmessage", message)
		w.Set("onerror", failed)
		w.Set("onmessageerror", failed)
		c = &client{w, []app.Func{message, failed}}
	})
	return c
}

// send posts a request; a newer one replaces what the worker is at.
func (c *client) send(r worker.Request) {
	text, err := worker.EncodeRequest(r)
	if err == nil {
		c.post(text)
	}
}

// post hands the worker a message.
func (c *client) post(text string) { c.w.Call("postMessage", text) }

// stop ends the worker.
func (c *client) stop() {
	attempt(func() {
		c.w.Set("onmessage", nil) // what it said before its end is not heard any more
		c.w.Call("terminate")
	})
	for _, f := range c.functions {
		f.Release()
	}
}
