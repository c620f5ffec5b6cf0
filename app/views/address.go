package views

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// addressPause is the least time between two rewrites of the address; browsers
// refuse more than about a hundred in half a minute.
const addressPause = 400 * time.Millisecond

// address keeps the address bar equal to the share link.
type address struct {
	pending string // link to write
	waiting bool   // a rewrite is scheduled
	last    time.Time
	shown   string // link in the address bar
}

// writeAddress puts the state into the address bar: as a step of the history
// for big changes, else in place and not too often.
func (v *Page) writeAddress(big bool) {
	if app.IsServer {
		return
	}
	a := &v.address
	if big {
		v.flushAddress() // what was there before the step
	}
	a.pending = v.s.Link()
	if big {
		v.flushHistory("pushState")
		return
	}
	wait := addressPause - time.Since(a.last)
	if !a.waiting && wait <= 0 {
		v.flushAddress()
		return
	}
	tellPending(shareURL(a.pending))
	if a.waiting {
		return
	}
	a.waiting = true
	v.after(wait, func(ctx app.Context) {
		a.waiting = false
		v.flushAddress()
		ctx.PreventUpdate()
	})
}

// flushAddress writes what is pending now.
func (v *Page) flushAddress() { v.flushHistory("replaceState") }

func (v *Page) flushHistory(method string) {
	a := &v.address
	if app.IsServer {
		return
	}
	if a.pending == "" || a.pending == a.shown {
		tellPending("")
		return
	}
	link := a.pending
	a.last = time.Now()
	if attempt(func() { app.Window().Get("history").Call(method, nil, "", shareURL(link)) }) {
		a.shown = link
		tellPending("")
	}
}

// tellPending leaves the address that is about to be written with the loader,
// which writes it should the program stop before.
func tellPending(address string) {
	if shell := app.Window().Get("fleetsize"); shell.Truthy() {
		shell.Set("pending", address)
	}
}

// rewriteAddress makes the address bar the share link of what was read.
func (v *Page) rewriteAddress() {
	if app.IsServer {
		return
	}
	v.address.pending = v.s.Link()
	v.flushAddress()
}

// follow opens what the address says after back, forward or a link typed over it.
func (v *Page) follow(ctx app.Context) {
	text := hrefState()
	if text == shareURL(v.address.shown) {
		ctx.PreventUpdate()
		return
	}
	v.address.pending = ""
	old := v.s.Link()
	before := clone(v.s.State)
	v.s.Open(text)
	v.address.shown = ""
	v.rewriteAddress()
	if v.s.Link() == old {
		return
	}
	if before.View != v.s.State.View {
		v.viewOpened(ctx)
	}
	if now := v.s.State; before.View != now.View {
		now.View = before.View
		if now.String() == old { // another view of the same sizing
			return
		}
	}
	v.past.now = 0
	v.s.undo = append(v.s.undo, before)
	v.s.lastField = ""
	v.preview()
	v.ask(ctx, 0)
	v.refreshFields(ctx)
}
