package views

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

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
