package views

import (
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// optionEditor changes what an option has that the sizing has not: its name,
// accelerator, layout, model, precision and engine.
func (v *Page) optionEditor(cols []*contender) app.UI {
	letter := v.compare.editing
	var c *contender
	for _, x := range cols {
		if letter != 0 && x.pinned && x.letter-'A'+'a' == letter {
			c = x
		}
	}
	if c == nil {
		return nil
	}
	s := v.s
	st := c.state
	change := func(ctx app.Context, f func(*link.State)) {
		next := st
		f(&next)
		v.setOption(ctx, letter, next)
	}
	gpu := ""
	tp := st.TP
	if len(st.GPUs) == 1 {
		gpu = st.GPUs[0].ID
		tp = max(tp, st.GPUs[0].TP)
	}
	gpus := []option{{id: "", label: "As the sizing", on: gpu == ""}}
	for _, g := range s.Catalog().GPUs {
		gpus = append(gpus, option{id: g.ID, label: gpuName(g), on: g.ID == gpu})
	}
	var engines, weights, kvs, tps []option
	for _, e := range s.Catalog().Engines {
		engines = append(engines, option{id: e.ID, label: e.Name, on: e.ID == c.req.Engine.ID})
	}
	for _, p := range []catalog.Precision{"", catalog.BF16, catalog.FP8, catalog.INT8, catalog.INT4, catalog.MXFP4, catalog.NVFP4, fleet.AnyPrecision} {
		weights = append(weights, option{id: orAuto(string(p)), label: precisionName(p), on: string(p) == st.Weights})
	}
	for _, p := range []catalog.Precision{"", catalog.BF16, catalog.FP8, catalog.INT8} {
		kvs = append(kvs, option{id: orAuto(string(p)), label: precisionName(p), on: string(p) == st.KV})
	}
	for n := 0; n <= 16; n = max(1, 2*n) {
		label := "Search"
		if n > 0 {
			label = "TP" + units.Count(float64(n))
		}
		tps = append(tps, option{id: itoaShare(float64(n) / 100), label: label, on: n == tp})
	}
	name := ""
	for _, p := range s.State.Differs(letter) {
		if p.Key == "n" {
			name = st.Title
		}
	}
	id := func(what string) string { return "opt-" + string(letter) + "-" + what }
	return el("section", "fig editor",
		node("div", "row", leaf("h2", "", "Option "+string(c.letter)+" differs by"), button("btn sm end", txt("Done")).ID("opt-done").
			OnClick(func(ctx app.Context, e app.Event) { v.compare.editing = 0; v.compare.rev++ })),
		node("div", "fields",
			node("div", "f",
				el("label", "", txt("Name")).Attr("for", id("name")),
				app.Input().ID(id("name")).Class("inp").Type("text").Attr("maxlength", "40").Attr("value", name).Attr("placeholder", c.title).
					OnChange(func(ctx app.Context, e app.Event) {
						text := ctx.JSSrc().Get("value").String()
						change(ctx, func(n *link.State) { n.Title = text })
					}, app.EventScope(id("name"), s.Link()))),
			v.choose(id("gpu"), "Accelerator", gpus, func(ctx app.Context, g string) {
				change(ctx, func(n *link.State) {
					if n.GPUs = s.State.GPUs; g != "" {
						*n = restricted(*n, g, 0, 0)
					}
				})
			}),
			v.choose(id("tp"), "Layout", tps, func(ctx app.Context, x string) {
				tp, _ := units.ParseNumber(x)
				change(ctx, func(n *link.State) {
					n.TP, n.PP = int(tp), 0
					if len(n.GPUs) == 1 {
						n.GPUs = []link.GPUChoice{{ID: n.GPUs[0].ID}}
					}
				})
			}),
			v.choose(id("m"), "Model", modelOptions(s.Catalog(), c.req.Model), func(ctx app.Context, m string) {
				change(ctx, func(n *link.State) { n.Model = m })
			}),
			v.choose(id("q"), "Weights", weights, func(ctx app.Context, q string) {
				change(ctx, func(n *link.State) { n.Weights = fromAuto(q) })
			}),
			v.choose(id("kv"), "KV cache", kvs, func(ctx app.Context, q string) {
				change(ctx, func(n *link.State) { n.KV = fromAuto(q) })
			}),
			v.choose(id("eng"), "Engine", engines, func(ctx app.Context, x string) {
				change(ctx, func(n *link.State) { n.Engine, n.EngineVer = x, "" })
			}),
		),
	).ID("option-editor")
}

// modelOptions lists the generative models by name.
func modelOptions(cat *catalog.Catalog, now *catalog.Model) []option {
	var list []option
	for _, m := range cat.SearchModels("", 0) {
		if m.Class == catalog.ClassGenerative || m.Custom || m == now {
			list = append(list, option{id: m.ID, label: m.Name, on: now != nil && m.ID == now.ID})
		}
	}
	return list
}

// pinButton pins a row of the table as the next option.
func (v *Page) pinButton(o *fleet.Option) app.UI {
	id := o.GPU.ID
	letter := nextLetter(&v.s.State)
	return button("btn sm", iconPlus(), txt("Pin as option "+upperFirst(string(letter)))).DataSet("pin", id).
		OnClick(func(ctx app.Context, e app.Event) { v.pin(ctx, letter, id) }, app.EventScope("pin", id, string(letter)))
}
