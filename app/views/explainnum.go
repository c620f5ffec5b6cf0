package views

import (
	"strings"

	"fleetsize/calc/explain"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// num is a displayed number that explains itself when it is pressed. ref names
// its entry in the registry as explain.Ref writes it; without an accelerator
// it is about the recommended option.
func num(ref, text string) app.UI { return numIn(ref, text, true) }

// A number inside a sentence is marked by mark and becomes a button in rich.
const (
	markEdge = "\x1e"
	markText = "\x1f"
)

// mark makes a number of a text explain itself where the text is shown by rich.
func mark(ref, text string) string { return markEdge + ref + markText + text + markEdge }

// markLast marks what stands behind the last comma of a text.
func markLast(ref, text string) string {
	i := strings.LastIndex(text, ", ") + 2
	return text[:i] + mark(ref, text[i:])
}

// bare is a text without its marks.
func bare(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, markEdge) {
		if i%2 == 1 {
			_, part, _ = strings.Cut(part, markText)
		}
		b.WriteString(part)
	}
	return b.String()
}

// rich is a text whose marked numbers are buttons.
func rich(text string) []app.UI { return richIn(text, true) }

// numIn is num, and richIn rich, whose numbers the Tab key only reaches where
// tab is set: of the table's hundreds those of the open row.
func numIn(ref, text string, tab bool) app.UI {
	b := button("xn", txt(text)).DataSet("x", ref)
	if !tab {
		b = b.TabIndex(-1)
	}
	return b
}

// followed joins a control and the punctuation that the text after it begins
// with: browsers break lines after a control, even before a comma.
func followed(control app.UI, short bool, after string) (ui app.UI, rest string) {
	rest = strings.TrimLeft(after, ",.;:)")
	if n := len(after) - len(rest); n > 0 && short {
		return node("span", "nw", control, txt(after[:n])), rest
	}
	return control, after
}

func richIn(text string, tab bool) []app.UI {
	var body []app.UI
	parts := strings.Split(text, markEdge)
	for i := 0; i < len(parts); i++ {
		if i%2 == 0 {
			if parts[i] != "" {
				body = append(body, txt(parts[i]))
			}
			continue
		}
		ref, number, _ := strings.Cut(parts[i], markText)
		ui := numIn(ref, number, tab)
		if i+2 < len(parts) && parts[i+1] == "–" { // both ends of a range on one line
			ref, high, _ := strings.Cut(parts[i+2], markText)
			ui = node("span", "nw", ui, txt("–"), numIn(ref, high, tab))
			i += 2
		}
		if i+1 < len(parts) {
			ui, parts[i+1] = followed(ui, len(number) < 30, parts[i+1])
		}
		body = append(body, ui)
	}
	return body
}

// on is the reference to an entry about an accelerator.
func onGPU(id, gpu string) string { return explain.Ref(id, gpu, "") }

// listenNumbers opens the explanation of the number that is pressed, wherever
// on the page it stands. One listener serves all of them: a table has hundreds.
func (v *Page) listenNumbers(on func(target app.Value, event string, f func(e app.Value))) {
	press := func(e app.Value) {
		target := e.Get("target")
		if !target.Truthy() || !target.Get("closest").Truthy() {
			return
		}
		number := target.Call("closest", "[data-x]")
		if !number.Truthy() {
			return
		}
		ref := number.Get("dataset").Get("x").String()
		inside := number.Call("closest", "#drawer").Truthy()
		v.root.Dispatch(func(ctx app.Context) { v.openNumber(ctx, ref, inside) })
	}
	on(document(), "click", press)
	on(document(), "keydown", func(e app.Value) {
		// Numbers inside drawings are no buttons of the browser's.
		if key := e.Get("key").String(); (key == "Enter" || key == " ") && lower(tagOf(e.Get("target"))) == "rect" {
			e.Call("preventDefault")
			press(e)
		}
	})
}

func tagOf(e app.Value) string {
	if !e.Truthy() || !e.Get("tagName").Truthy() {
		return ""
	}
	return e.Get("tagName").String()
}

// openNumber shows where a number comes from. From inside the drawer it opens
// nested, and the way back stays.
func (v *Page) openNumber(ctx app.Context, ref string, nested bool) {
	if _, ok := v.explanation(ref); !ok {
		return
	}
	d := &v.drawer
	switch {
	case nested && v.s.State.Open != "":
		d.path = append(d.path, v.s.State.Open)
	default:
		d.path, d.from, d.back = nil, ref, document().Get("activeElement")
	}
	v.showNumber(ctx, ref)
}

// backNumber returns to the number the open one was reached from.
func (v *Page) backNumber(ctx app.Context, steps int) {
	d := &v.drawer
	if steps < 1 || steps > len(d.path) {
		return
	}
	ref := d.path[len(d.path)-steps]
	d.path = d.path[:len(d.path)-steps]
	v.showNumber(ctx, ref)
}

func (v *Page) showNumber(ctx app.Context, ref string) {
	v.setOpen(ref)
	v.shown(func() { focus("drawer-h") })
}

// shown runs f once the page shows the change at hand. It goes by the page
// and not by the element that was pressed, which may be gone by then.
func (v *Page) shown(f func()) {
	if app.IsServer || v.root.Context == nil {
		return
	}
	v.root.Defer(func(app.Context) { f() })
}

// setOpen notes the open number in the link; it is no step of undo.
func (v *Page) setOpen(ref string) {
	v.s.State.Open = ref
	v.writeAddress(false)
}

// closeNumber closes the drawer and puts the focus back on the number.
func (v *Page) closeNumber(ctx app.Context) {
	from, back := v.drawer.from, v.drawer.back
	v.drawer = drawer{}
	v.setOpen("")
	v.shown(func() {
		if from != "" && !(able(back) && back.Call("matches", "[data-x]").Truthy()) {
			back = document().Call("querySelector", `#main [data-x="`+from+`"]`)
		}
		if able(back) {
			back.Call("focus")
		}
	})
}

// explainKey opens the number that has the focus, else the count of GPUs.
func (v *Page) explainKey(ctx app.Context) {
	ref := "gpus"
	if e := document().Get("activeElement"); e.Truthy() && e.Get("closest").Truthy() {
		if number := e.Call("closest", "[data-x]"); number.Truthy() {
			ref = number.Get("dataset").Get("x").String()
		}
	}
	v.openNumber(ctx, ref, false)
}
