package views

import (
	"slices"

	"fleetsize/calc/explain"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// drawerUI is the open explanation: at the right, on phones a sheet. It keeps
// its place in the page while it is closed.
func (v *Page) drawerUI() app.UI {
	aside := app.Div().ID("drawer").Class("drawer").Role("dialog").Aria("labelledby", "drawer-h")
	ref := v.s.State.Open
	var x *explain.Explanation
	ok := false
	if ref != "" {
		x, ok = v.explanation(ref)
	}
	if !ok {
		return aside.Attr("hidden", "true")
	}
	body := []app.UI{v.drawerTrail(), v.drawerHead(x)}
	if !x.Given() {
		body = append(body,
			node("section", "blk-h", leaf("h3", "", "Formula"), node("p", "eq", v.formulaUI(x)...)),
			node("section", "blk-h", leaf("h3", "", "With numbers"), node("p", "eq", lines(x.WithNumbers())...)),
		)
	}
	body = append(body, node("section", "blk-h", leaf("h3", "", "Where from"), v.inputsUI(x)))
	body = append(body, sureUI(x), v.changesUI(x), v.changeIt(x), v.drawerCopy(x))
	return aside.Body(body...).DataSet("open", ref)
}

// drawerTrail is the way back through nested explanations.
func (v *Page) drawerTrail() app.UI {
	path := v.drawer.path
	if len(path) == 0 {
		return nil
	}
	var items []app.UI
	for i, ref := range path {
		steps := len(path) - i
		title := ref
		if x, ok := v.explanation(ref); ok {
			title = x.Title
		}
		items = append(items, button("lnk", txt(title)).DataSet("back", steps).
			OnClick(func(ctx app.Context, e app.Event) { v.backNumber(ctx, steps) }, app.EventScope("back", steps, ref)), txt(" ›"))
	}
	return app.Nav().Class("trail xs").Aria("label", "Way back").Body(items...)
}

func (v *Page) drawerHead(x *explain.Explanation) app.UI {
	number := []app.UI{txt(x.Number)}
	if x.Unit != "" {
		number = append(number, txt(" "), leaf("small", "", x.Unit))
	}
	return node("div", "drawer-head",
		node("div", "",
			el("h2", "sm mut", txt(x.Heading())).ID("drawer-h").TabIndex(-1),
			node("p", "big", number...),
			el("p", "mut sm", txt(x.Binary())).ID("in-gib").Attr("hidden", flag(x.Binary() == "")),
			leaf("p", "sm mut", x.What),
		),
		button("icon", icon(`<path d="m4 4 8 8M12 4l-8 8"/>`)).ID("drawer-close").Aria("label", "Close").
			OnClick(func(ctx app.Context, e app.Event) { v.closeNumber(ctx) }),
	)
}

// formulaUI is the formula in words; what is computed itself can be opened.
func (v *Page) formulaUI(x *explain.Explanation) []app.UI {
	var body []app.UI
	pieces := slices.Clone(x.Pieces())
	for i, piece := range pieces {
		if piece.Symbol == "" {
			body = append(body, txt(piece.Text))
			continue
		}
		ui := num(v.nested(x, piece.Symbol), piece.Text)
		if i+1 < len(pieces) && pieces[i+1].Symbol == "" {
			ui, pieces[i+1].Text = followed(ui, len(piece.Text) < 28, pieces[i+1].Text)
		}
		body = append(body, ui)
	}
	return body
}

// nested is the reference to a symbol of the explanation.
func (v *Page) nested(x *explain.Explanation, symbol string) string {
	option, rest := splitOption(x.Ref)
	_, gpu, arg := explain.Split(rest)
	return option + explain.Ref(symbol, gpu, arg)
}

// lines puts a break between lines.
func lines(list []string) []app.UI {
	var body []app.UI
	for i, l := range list {
		if i > 0 {
			body = append(body, app.Br())
		}
		if i == len(list)-1 {
			body = append(body, leaf("b", "", l))
		} else {
			body = append(body, txt(l))
		}
	}
	return body
}

// inputsUI is the list of inputs with their origins.
func (v *Page) inputsUI(x *explain.Explanation) app.UI {
	var rows []app.UI
	for _, in := range x.Input {
		value := app.UI(txt(in.Text))
		if !x.Given() {
			value = num(v.nested(x, in.Symbol), in.Text)
		}
		text := upperFirst(in.Meaning)
		if in.Source.Origin != explain.FromFormula || in.Source.Text != "" {
			text += ": "
		}
		rows = append(rows, node("dt", "", value), node("dd", "", txt(text), leaf("span", "mut", in.Source.Text)), node("dd", "", sourceBadge(in.Source)))
	}
	return node("dl", "src", rows...)
}

// sourceBadge is the kind of an origin with its shape.
func sourceBadge(s explain.Source) app.UI {
	switch s.Origin {
	case explain.FromUser:
		if s.Confirmed {
			return node("span", "tier s1", glyph("k1", ""), txt("confirmed"))
		}
		return node("span", "tier s2", glyph("k2", ""), txt("assumed"))
	case explain.FromPosture, explain.FromPreset, explain.FromDefault:
		if s.Confirmed {
			return node("span", "tier s1", glyph("k1", ""), txt("confirmed"))
		}
		return node("span", "tier s3", glyph("k3", ""), txt("default"))
	case explain.FromFormula:
		return leaf("span", "tier mut", "formula")
	}
	return leaf("span", "tier mut", string(s.Origin))
}

// sureUI says how sure the number is and what it rests on.
func sureUI(x *explain.Explanation) app.UI {
	if x.Sure.Text == "" && x.Sure.Tier == "" && x.Basis == "" {
		return nil
	}
	body := []app.UI{leaf("h3", "", "Sure?")}
	switch {
	case x.Sure.Tier != "":
		kind, word := tierKind(x.Sure.Tier)
		body = append(body, badge(kind, join(" · ", word, x.Sure.Text)))
	case x.Sure.Text != "":
		body = append(body, leaf("p", "sm", x.Sure.Text+"."))
	}
	if x.Basis != "" {
		body = append(body, leaf("p", "sm mut", x.Basis))
	}
	return node("section", "blk-h", body...)
}

// changesUI lists other values of the number and what leads to them.
func (v *Page) changesUI(x *explain.Explanation) app.UI {
	if option, _ := splitOption(x.Ref); len(x.Changes) == 0 || option != "" {
		return nil
	}
	var rows []app.UI
	for _, c := range x.Changes {
		rows = append(rows, leaf("dt", "", c.Text), leaf("dd", "", "if "+c.If), node("dd", "", v.toInput(c.Key)))
	}
	return node("section", "blk-h", leaf("h3", "", "What would change it"), node("dl", "src", rows...))
}

// changeIt leads to the inputs behind the number.
func (v *Page) changeIt(x *explain.Explanation) app.UI {
	var links []app.UI
	if option, _ := splitOption(x.Ref); option != "" {
		return p("sm mut", "Of option "+upperFirst(option[:1])+".") // its inputs are edited in the comparison
	}
	for _, key := range x.Keys {
		if inputName(key) != "" && len(links) < 6 {
			links = append(links, v.toInput(key))
		}
	}
	if len(links) == 0 {
		return nil
	}
	return node("section", "blk-h", leaf("h3", "", "Change it"), node("div", "row", links...))
}

// inputName is what the input of a link key is called on the page, "" where
// the page has none.
func inputName(key string) string {
	if f := fields[key]; f != nil {
		return f.label
	}
	return map[string]string{"m": "Model", "eng": "Engine"}[key]
}

// toInput is a link to the input of a link key.
func (v *Page) toInput(key string) app.UI {
	name := inputName(key)
	if name == "" {
		return nil
	}
	return button("lnk", txt(name)).DataSet("goto", key).
		OnClick(func(ctx app.Context, e app.Event) { v.goToInput(ctx, key) }, app.EventScope("goto", key))
}

// unfold has the group drawn that an input is folded away in, and returns the
// sheet it is on; "" for an input that is always drawn.
func (v *Page) unfold(id string) (sheet string) {
	switch id {
	case "sys", "hist", "ask", "chunks", "chunk", "emb", "docs", "doc", "hours", "rer", "cand", "ret":
		v.ragOpen = true
	case "turns", "calls", "lr":
		v.talkOpen = true
	case "tp", "pp", "ep", "dp", "pd", "draft", "yield", "rt":
		v.layoutOpen = true
	case "off", "term", "host", "lic", "kwh", "pue", "use", "co2", "apiin", "apiout":
		v.moneyOpen = true
		return "posture"
	default:
		return ""
	}
	return "work"
}

// goToInput closes the drawer and puts the focus on an input, behind whatever
// it is folded away.
func (v *Page) goToInput(ctx app.Context, key string) {
	id := key
	if key == "m" {
		id = "model"
	}
	v.drawer = drawer{}
	v.setOpen("")
	if view := v.view(); view != viewSize && view != viewExplain {
		v.openView(ctx, viewSize)
	}
	group := v.unfold(id)
	if narrow() {
		if group != "" {
			v.sheet = group
		}
		if e := app.Window().GetElementByID(id); e.Truthy() {
			if group := e.Call("closest", "[data-in]"); group.Truthy() {
				v.sheet = group.Get("dataset").Get("in").String()
			}
		}
	}
	v.shown(func() {
		e := app.Window().GetElementByID(id)
		if !e.Truthy() {
			return
		}
		for d := e.Call("closest", "details"); d.Truthy(); d = d.Get("parentElement").Call("closest", "details") {
			d.Set("open", true)
		}
		e.Call("scrollIntoView", map[string]any{"block": "center"})
		focus(id)
	})
}

func (v *Page) drawerCopy(x *explain.Explanation) app.UI {
	formula := x.ExcelNumbers()
	note := app.UI(nil)
	if formula == "" || x.Given() {
		formula = ""
		note = p("xs mut", "Found by simulation: copy it as a value.")
		if x.Given() {
			note = nil
		}
	}
	return node("div", "blk-h",
		node("div", "row",
			button("btn", iconCopy(), txt("Copy as text")).ID("drawer-copy").
				OnClick(func(ctx app.Context, e app.Event) { v.copyText(ctx, x.Plain(), "Explanation copied") }, app.EventScope("copy", x.Ref, x.Shown())),
			button("btn", txt("Copy as Excel formula")).ID("drawer-excel").Attr("hidden", flag(formula == "")).
				OnClick(func(ctx app.Context, e app.Event) { v.copyText(ctx, formula, "Formula copied") }, app.EventScope("excel", x.Ref, formula)),
		),
		note,
	)
}
