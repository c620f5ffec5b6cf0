package views

import (
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// box is the model search: an ARIA combobox with a list below it.
type box struct {
	open   bool
	typed  bool // the query was typed; false shows the chosen model's name
	query  string
	active int // highlighted result
	found  []*catalog.Model
}

// listed is the most results shown at once.
const listed = 40

func modelNote(m *catalog.Model) string {
	switch {
	case m.Custom:
		return "custom"
	case m.Class != catalog.ClassGenerative && m.Class != "":
		return string(m.Class)
	case m.MaxContext > 0:
		return contextText(m.MaxContext)
	}
	return ""
}

// contextText is a context length as model cards write it: 131k.
func contextText(tokens int) string {
	switch {
	case tokens >= 1e6:
		return units.Sig(float64(tokens)/1e6, 2) + "M"
	case tokens >= 1e3:
		return units.Count(float64(tokens/1000)) + "k"
	}
	return units.Count(float64(tokens))
}

func (v *Page) modelBox() app.UI {
	b := &v.box
	text := b.query
	if !b.typed {
		text = ""
		if v.s.Req.Model != nil {
			text = v.s.Req.Model.Name
		}
	}
	input := app.Input().ID("model").Type("text").Role("combobox").Aria("label", "Model").Aria("autocomplete", "list").
		Aria("expanded", boolean(b.open)).Aria("controls", "model-list").Attr("autocomplete", "off").Attr("spellcheck", "false").
		Attr("value", text).Attr("placeholder", "Search "+units.Count(float64(len(v.s.Catalog().Models)))+" models").
		OnInput(func(ctx app.Context, e app.Event) { v.boxTyped(ctx.JSSrc().Get("value").String()) }).
		OnFocus(func(ctx app.Context, e app.Event) { ctx.JSSrc().Call("select") }).
		OnClick(func(ctx app.Context, e app.Event) { v.boxOpen() }).
		OnBlur(func(ctx app.Context, e app.Event) { v.boxClose(ctx) }).
		OnKeyDown(v.boxKey)
	if b.open && b.active < len(b.found) {
		input = input.Aria("activedescendant", "m-"+b.found[b.active].ID)
	}
	var rows []app.UI
	for i, m := range b.found {
		if i >= listed {
			rows = append(rows, el("li", "mut", txt("… "+units.Count(float64(len(b.found)-listed))+" more, keep typing")).Aria("hidden", "true"))
			break
		}
		id := m.ID
		rows = append(rows, el("li", "", leaf("span", "", m.Name), leaf("span", "", modelNote(m))).
			ID("m-%s", id).Role("option").Aria("selected", boolean(i == b.active)).DataSet("model", id).
			On("mousedown", func(ctx app.Context, e app.Event) {
				e.PreventDefault()
				v.pickModel(ctx, id)
			}, app.EventScope("model", id)))
	}
	if b.open && len(b.found) == 0 {
		rows = append(rows, el("li", "mut", txt("No model matches. Add it from its config.json under More.")).Role("option").Aria("disabled", "true"))
	}
	return node("div", "cb",
		node("div", "in", iconSearch(), input),
		el("ul", "", rows...).ID("model-list").Role("listbox").Aria("label", "Models").Attr("hidden", flag(!b.open)),
	)
}

func (v *Page) boxOpen() {
	b := &v.box
	if b.open {
		return
	}
	b.open, b.typed, b.active = true, false, 0
	b.found = v.s.Catalog().SearchModels("", 0)
	for i, m := range b.found {
		if v.s.Req.Model != nil && m.ID == v.s.Req.Model.ID && i < listed {
			b.active = i
		}
	}
}

func (v *Page) boxTyped(query string) {
	b := &v.box
	b.open, b.typed, b.query, b.active = true, true, query, 0
	b.found = v.s.Catalog().SearchModels(query, 0)
}

func (v *Page) boxClose(ctx app.Context) {
	v.box = box{}
	v.setModelText(ctx)
}

// setModelText puts the chosen model's name back into the box.
func (v *Page) setModelText(ctx app.Context) {
	ctx.Defer(func(ctx app.Context) {
		if e := app.Window().GetElementByID("model"); e.Truthy() && v.s.Req.Model != nil && !v.box.typed {
			e.Set("value", v.s.Req.Model.Name)
		}
	})
}

func (v *Page) boxKey(ctx app.Context, e app.Event) {
	b := &v.box
	last := min(len(b.found), listed) - 1
	switch e.Get("key").String() {
	case "ArrowDown", "ArrowUp":
		e.PreventDefault()
		if !b.open {
			v.boxOpen()
			break
		}
		if e.Get("key").String() == "ArrowDown" {
			b.active++
		} else {
			b.active--
		}
		if b.active > last {
			b.active = 0
		}
		if b.active < 0 {
			b.active = max(last, 0)
		}
	case "Home", "End":
		if !b.open {
			ctx.PreventUpdate()
			return
		}
		e.PreventDefault()
		b.active = 0
		if e.Get("key").String() == "End" {
			b.active = max(last, 0)
		}
	case "Enter":
		if b.open && b.active <= last {
			e.PreventDefault()
			v.pickModel(ctx, b.found[b.active].ID)
			return
		}
	case "Escape":
		if b.open {
			e.Call("stopPropagation")
			v.boxClose(ctx)
			return
		}
	default:
		ctx.PreventUpdate()
		return
	}
	ctx.Defer(func(ctx app.Context) {
		if b.open && b.active < len(b.found) {
			if row := app.Window().GetElementByID("m-" + b.found[b.active].ID); row.Truthy() {
				row.Call("scrollIntoView", map[string]any{"block": "nearest"})
			}
		}
	})
}

func (v *Page) pickModel(ctx app.Context, id string) {
	v.box = box{}
	v.edit(ctx, edit{big: true, change: func(st *state) { st.Model = id }})
	v.setModelText(ctx)
}
