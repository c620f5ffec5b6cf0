package views

import (
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// numberField renders a field: label, value with its unit between − and +,
// status, then hint and message.
func (v *Page) numberField(id, hint string) app.UI {
	f := fields[id]
	s := v.s
	value := f.get(s)
	n := numField{id: id, text: f.show(value), unit: f.unit, below: hint, changed: f.changed(s), v: v}
	if d, typed := s.Drafts[id]; typed {
		n.text, n.fault = d.Text, d.Error
	}
	if f.canBeOff && value != value && s.Drafts[id].Text == "" {
		n.unit = ""
	}
	n.confirmed = contains(s.State.Confirmed, id)
	return still(id, n, func(n any) app.UI { return n.(numField).ui() })
}

// numField is a field with all it shows, so that it is drawn again only when
// that changes: the dozens of a page were a third of what a reply or a key
// costs (measured: 6.2 of 17.7 ms of drawing).
type numField struct {
	_ [0]func() // nothing compares it: no code for that in the program

	id, text, fault, unit, below string
	changed, confirmed           bool

	v *Page
}

func (n numField) ui() app.UI {
	id, v := n.id, n.v
	f := fields[id]
	class := "nf"
	input := app.Input().ID(id).Type("text").Attr("inputmode", "decimal").Attr("autocomplete", "off").
		Attr("enterkeyhint", "done").Attr("spellcheck", "false").Attr("value", n.text).
		Aria("describedby", id+"-hint").
		OnInput(func(ctx app.Context, e app.Event) { v.typed(ctx, id, ctx.JSSrc().Get("value").String()) }, app.EventScope(id)).
		OnBlur(func(ctx app.Context, e app.Event) { v.settled(ctx, id) }, app.EventScope(id)).
		OnFocus(func(ctx app.Context, e app.Event) { ctx.JSSrc().Call("select"); ctx.PreventUpdate() }, app.EventScope(id)).
		OnKeyDown(func(ctx app.Context, e app.Event) { v.fieldKey(ctx, e, id) }, app.EventScope(id))
	if n.fault != "" {
		class += " err"
		input = input.Aria("invalid", "true").Aria("errormessage", id+"-msg")
	}
	return node("div", "f",
		el("label", "", txt(f.label)).Attr("for", id),
		node("span", class,
			v.stepButton(f, -1, "−", "Less"),
			input,
			leaf("span", "", n.unit),
			v.stepButton(f, 1, "+", "More"),
		),
		n.status(f),
		n.hint(f),
		el("p", "msg", txt(n.fault)).ID(id+"-msg").Role("alert").Attr("hidden", flag(n.fault == "")),
	)
}

func (v *Page) stepButton(f *field, dir int, sign, word string) app.UI {
	id := f.id
	return button("", txt(sign)).TabIndex(-1).Aria("label", f.label+": "+lower(word)).
		DataSet("step", id+":"+map[int]string{-1: "-", 1: "+"}[dir]).
		OnClick(func(ctx app.Context, e app.Event) {
			v.step(ctx, id, dir, e.Get("shiftKey").Truthy())
		}, app.EventScope(id, dir))
}

// status shows whether a value is a default, assumed or confirmed by the
// customer, and confirms it.
func (n numField) status(f *field) app.UI {
	if f.plain {
		return node("span", "")
	}
	kind, word := "k3", "default"
	switch {
	case n.confirmed:
		kind, word = "k1", "confirmed"
	case n.changed:
		kind, word = "k2", "assumed"
	}
	next := "Mark as confirmed"
	if n.confirmed {
		next = "Mark as not confirmed"
	}
	v, id := n.v, n.id
	return button("st", glyph(kind, " "+kind+" st-"+word)).Aria("label", f.label+": "+word+". "+next).
		Aria("pressed", boolean(n.confirmed)).Title(word).DataSet("confirm", id).
		OnClick(func(ctx app.Context, e app.Event) { v.confirm(ctx, id) }, app.EventScope(id))
}

// hint is the line under a field: its hint and, once changed, the way back.
func (n numField) hint(f *field) app.UI {
	v, id := n.v, n.id
	return el("p", "hint",
		leaf("span", "", n.below),
		button("lnk", txt("Reset")).Aria("label", "Reset "+f.label).DataSet("reset", id).Attr("hidden", flag(!n.changed)).
			OnClick(func(ctx app.Context, e app.Event) { v.reset(ctx, id) }, app.EventScope(id)),
	).ID(id+"-hint").Attr("hidden", flag(n.below == "" && !n.changed))
}

// typed takes what stands in a field while it is being typed.
func (v *Page) typed(ctx app.Context, id, text string) {
	f := fields[id]
	x, err := f.read(text)
	if err != nil {
		v.s.Drafts[id] = Draft{text, err.Error()}
		return
	}
	v.s.Drafts[id] = Draft{text, ""}
	v.edit(ctx, edit{field: id, change: func(st *state) { f.set(st, x) }})
}

// settled tidies a field that is left: what was understood is printed our way.
func (v *Page) settled(ctx app.Context, id string) {
	if d, ok := v.s.Drafts[id]; ok && d.Error == "" {
		delete(v.s.Drafts, id)
	}
	v.s.lastField = ""
}

func (v *Page) fieldKey(ctx app.Context, e app.Event, id string) {
	switch e.Get("key").String() {
	case "ArrowUp":
		e.PreventDefault()
		v.step(ctx, id, 1, e.Get("shiftKey").Truthy())
	case "ArrowDown":
		e.PreventDefault()
		v.step(ctx, id, -1, e.Get("shiftKey").Truthy())
	case "Enter":
		v.settled(ctx, id)
	case "Escape":
		delete(v.s.Drafts, id)
		v.setValue(ctx, id)
	default:
		ctx.PreventUpdate()
	}
}

// setValue puts the state's value into the input element, which go-app leaves
// alone when its own record of the value did not change.
func (v *Page) setValue(ctx app.Context, id string) {
	ctx.Defer(func(ctx app.Context) {
		if e := app.Window().GetElementByID(id); e.Truthy() {
			f := fields[id]
			e.Set("value", f.show(f.get(v.s)))
		}
	})
}

// step moves a field along its ladder.
func (v *Page) step(ctx app.Context, id string, dir int, big bool) {
	f := fields[id]
	x := f.next(f.get(v.s), dir, big)
	delete(v.s.Drafts, id)
	v.edit(ctx, edit{field: id, change: func(st *state) { f.set(st, x) }})
	v.setValue(ctx, id)
}

func (v *Page) reset(ctx app.Context, id string) {
	f := fields[id]
	delete(v.s.Drafts, id)
	v.edit(ctx, edit{change: f.reset})
	v.setValue(ctx, id)
}

func (v *Page) confirm(ctx app.Context, id string) {
	v.edit(ctx, edit{quiet: true, change: func(st *state) {
		st.Confirmed = toggled(st.Confirmed, id)
	}})
}

func contains(list []string, id string) bool {
	for _, x := range list {
		if x == id {
			return true
		}
	}
	return false
}

// toggled is list with id added, or without it.
func toggled(list []string, id string) []string {
	var out []string
	for _, x := range list {
		if x != id {
			out = append(out, x)
		}
	}
	if len(out) == len(list) {
		out = append(out, id)
	}
	return out
}

// confirmable are the inputs that count towards "n of m inputs confirmed".
func confirmable(s *Sizing) []string {
	ids := []string{"in", "out", "hit"}
	switch s.Req.Demand.Kind {
	case "users":
		ids = append(ids, "users", "rph", "peak")
	case "day":
		ids = append(ids, "day", "peak")
	case "flight":
		ids = append(ids, "flight")
	default:
		ids = append(ids, "rps")
	}
	ids = append(ids, "ttft", "itl", "e2e")
	st := &s.State
	if st.Chunks > 0 { // the parts stand for the prompt
		ids = append(ids[1:], "sys", "ask", "chunks", "chunk")
	}
	for _, f := range []struct {
		id   string
		asks bool
	}{
		{"turns", st.Turns > 1}, {"calls", st.Calls > 1}, {"docs", st.Docs > 0}, {"ret", st.Retrieval > 0},
		{"kwh", s.Req.Money.Owned()}, {"term", s.Req.Money.Owned()}, {"host", s.Req.Money.Owned()}, {"use", st.Use > 0},
	} {
		if f.asks {
			ids = append(ids, f.id)
		}
	}
	return ids
}

// confirmedText is "3 of 9 inputs confirmed".
func confirmedText(s *Sizing) string {
	ids := confirmable(s)
	n := 0
	for _, id := range ids {
		if contains(s.State.Confirmed, id) {
			n++
		}
	}
	return units.Count(float64(n)) + " of " + units.Count(float64(len(ids))) + " inputs confirmed"
}
