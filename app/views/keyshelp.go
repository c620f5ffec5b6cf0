package views

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// shortcutHelp lists the keys in the order of the help dialog.
var shortcutHelp = [][2]string{
	{"/", "Search a model"},
	{"1–7", "Choose a workload"},
	{"g, then s c e m r d h", "Open Size, Compare, Explain, Measure, Report, Data, How"},
	{"a b c", "Pin the accelerator as option A, B or C"},
	{"t", "Show the chart as a table, and back"},
	{"x", "Explain the number that has the focus"},
	{"← → ↑ ↓ Home End", "From point to point of a chart"},
	{"?", "This list"},
	{"Ctrl or ⌘ + Z", "Undo; with Shift, redo"},
	{"Ctrl or ⌘ + K", "Copy the link"},
	{"↑ ↓", "Step a number; with Shift, ten times as far"},
	{"Esc", "Close what is open"},
}

// keysDialog lists the keyboard shortcuts and switches single letters off.
func (v *Page) keysDialog() app.UI {
	var rows []app.UI
	for _, h := range shortcutHelp {
		rows = append(rows, node("tr", "", el("th", "mono", txt(h[0])).Attr("scope", "row"), leaf("td", "", h[1])))
	}
	return el("dialog", "",
		node("div", "blk-h",
			leaf("h2", "", "Keyboard"),
			node("table", "tbl keys", leaf("caption", "sr", "Keyboard shortcuts"), node("tbody", "", rows...)),
			node("label", "chk",
				app.Input().ID("letters").Type("checkbox").Checked(!v.lettersOff).
					OnChange(func(ctx app.Context, e app.Event) { v.setLetters(ctx.JSSrc().Get("checked").Truthy()) }),
				txt("Single-letter keys"),
			),
			leaf("p", "mut xs", "Kept on this device, not in the link."),
			node("div", "row", button("btn", txt("Close")).ID("keys-close").OnClick(func(ctx app.Context, e app.Event) { closeDialog("keys-dialog") })),
		),
	).ID("keys-dialog").Aria("label", "Keyboard")
}

const lettersKey = "fleetsize-letters"

// storedLettersOff reports whether single-letter keys were switched off on this device.
func storedLettersOff() bool {
	kept, _ := stored(lettersKey)
	return kept == "off"
}

// setLetters switches single-letter keys and keeps the choice on this device.
func (v *Page) setLetters(on bool) {
	v.lettersOff = !on
	store(lettersKey, either(on, "", "off"))
}
