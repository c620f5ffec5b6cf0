package views

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// option is one button of a group of which exactly one is chosen.
type option struct {
	_ [0]func() // nothing compares it: no code for that in the program

	id, label, title string
	on               bool
}

// choice is a group of options.
type choice struct {
	class   string
	label   string
	name    string // of the data attribute with a button's id, or the list's id
	options []option
}

// radios renders a group of buttons with radio semantics: one tab stop, arrow
// keys move and choose. data is the name of the data attribute with the id.
func (v *Page) radios(class, label, data string, options []option, pick func(ctx app.Context, id string)) app.UI {
	return still(data+label, choice{class, label, data, options}, func(c any) app.UI { return c.(choice).buttons(pick) })
}

// choose renders a select with its label.
func (v *Page) choose(id, label string, options []option, pick func(ctx app.Context, id string)) app.UI {
	return still(id+label, choice{"", label, id, options}, func(c any) app.UI { return c.(choice).list(pick) })
}

func (c choice) buttons(pick func(ctx app.Context, id string)) app.UI {
	any := false
	for _, o := range c.options {
		any = any || o.on
	}
	data := c.name
	var body []app.UI
	for i, o := range c.options {
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
	return el("div", c.class, body...).Role("radiogroup").Aria("label", c.label).
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

func (c choice) list(pick func(ctx app.Context, id string)) app.UI {
	id := c.name
	var body []app.UI
	for _, o := range c.options {
		body = append(body, app.Option().Value(o.id).Selected(o.on).Text(o.label))
	}
	return node("div", "f",
		el("label", "", txt(c.label)).Attr("for", id),
		app.Select().ID(id).Class("sel").Body(body...).
			OnChange(func(ctx app.Context, e app.Event) { pick(ctx, ctx.JSSrc().Get("value").String()) }, app.EventScope(id)),
	)
}
