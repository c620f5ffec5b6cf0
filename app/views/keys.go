package views

import (
	"strings"
	"time"

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
	if len(pressed) == 1 && !command && v.lettersOff {
		return
	}
	if going := v.going; going && !typing && !command {
		v.going = false
		if id, ok := viewKey(pressed); ok {
			e.Call("preventDefault")
			v.root.Dispatch(func(ctx app.Context) { v.openView(ctx, id) })
			return
		}
	}
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
		v.keepPast(true)
	case keyTable:
		v.asTable = !v.asTable
		v.chartRev++
	case keyGo:
		v.going = true
		turn := time.Now()
		v.goingSince = turn
		v.after(goPause, func(ctx app.Context) {
			if v.goingSince == turn {
				v.going = false
			}
			ctx.PreventUpdate()
		})
	case keyPin:
		v.pinKey(ctx, pressed)
	case keyExplain:
		v.explainKey(ctx)
	case keyHelp:
		v.openDialog(ctx, "keys-dialog")
	case keyClose:
		v.closeTop(ctx)
	}
}

// goPause is how long after g a letter still names a view.
const goPause = 1500 * time.Millisecond

// viewKey is the view that a letter after g opens.
func viewKey(pressed string) (id string, ok bool) {
	for _, t := range tabs {
		if t.key == strings.ToLower(pressed) {
			return t.id, true
		}
	}
	return "", false
}

// closeTop closes what lies on top: menu, sheet, open row.
func (v *Page) closeTop(ctx app.Context) {
	switch {
	case v.s.State.Open != "":
		v.closeNumber(ctx)
	case v.moreViews:
		v.moreViews = false
		ctx.Defer(func(app.Context) { focus("dock-more") })
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
	return app.Window().Call("matchMedia", "(max-width: 63.99em)").Get("matches").Truthy()
}

// keyAction is what a key outside fields does.
type keyAction int

const (
	keySearch keyAction = iota + 1
	keyPreset
	keyUndo
	keyCopy
	keyTable
	keyGo
	keyPin
	keyHelp
	keyExplain
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
	case pressed == "g":
		return keyGo, true
	case pressed == "a", pressed == "b", pressed == "c":
		return keyPin, true
	case pressed == "?":
		return keyHelp, true
	case pressed == "x":
		return keyExplain, true
	case len(pressed) == 1 && pressed[0] >= '1' && int(pressed[0]-'1') < presets:
		return keyPreset, true
	}
	return 0, false
}

// presetIDs are the workloads offered as chips, in order.
var presetIDs = [...]string{"rag", "chat", "summarize", "reasoning", "agent", "code", "batch"}
