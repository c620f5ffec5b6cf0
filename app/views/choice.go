package views

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// option is one button of a group of which exactly one is chosen.
type option struct {
	id, label, title string
	on               bool
}

// radios renders a group of buttons with radio semantics: one tab stop, arrow
// keys move and choose. data is the name of the data attribute with the id.
func (v *Page) radios(class, label, data string, options []option, pick func(ctx app.Context, id string)) app.UI {
	any := false
	for _, o := range options {
		any = any || o.on
	}
	var body []app.UI
	for i, o := range options {
		id := o.id
		tab := -1
		if o.on || !any && i == 0 {
			tab = 0
		}
		b := button("", txt(o.label)).Role("radio").Aria("checked", boolean(o.on)).TabIndex(tab).DataSet(data, id).
			OnClick(func(ctx app.Context, e app.Event) { pick(ctx, id) }, app.EventScope(data, id))
		if o.title != "" {
			b = b.Title("%s", o.title)
		}
		body = append(body, b)
	}
	return el("div", class, body...).Role("radiogroup").Aria("label", label).
		OnKeyDown(radioKey, app.EventScope(data))
}

// radioKey moves along a radio group with the arrow keys.
func radioKey(ctx app.Context, e app.Event) {
	ctx.PreventUpdate()
	sibling := ""
	switch e.Get("key").String() {
	case "ArrowRight", "ArrowDown":
		sibling = "nextElementSibling"
	case "ArrowLeft", "ArrowUp":
		sibling = "previousElementSibling"
	default:
		return
	}
	e.PreventDefault()
	if to := e.Get("target").Get(sibling); to.Truthy() {
		to.Call("focus")
		to.Call("click")
	}
}

// choose renders a select with its label.
func (v *Page) choose(id, label string, options []option, pick func(ctx app.Context, id string)) app.UI {
	var body []app.UI
	for _, o := range options {
		body = append(body, app.Option().Value(o.id).Selected(o.on).Text(o.label))
	}
	return node("div", "f",
		el("label", "", txt(label)).Attr("for", id),
		app.Select().ID(id).Class("sel").Body(body...).
			OnChange(func(ctx app.Context, e app.Event) { pick(ctx, ctx.JSSrc().Get("value").String()) }, app.EventScope(id)),
	)
}
