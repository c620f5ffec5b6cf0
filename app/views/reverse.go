package views

import (
	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// otherWayRound asks what hardware at hand or a budget is good for.
func (v *Page) otherWayRound() app.UI {
	st := &v.s.State
	body := []app.UI{
		node("div", "row", leaf("h2", "", "The other way round")),
		leaf("p", "mut", "What hardware at hand, or a budget, serves inside the same targets and margins."),
		v.ownInputs(),
	}
	if len(st.Own) > 0 || st.Budget > 0 {
		body = append(body, v.working(worker.TopicReverse, "What it serves"), v.reverseAnswer(), v.reverseTable())
	}
	if len(st.Own) > 0 {
		body = append(body, v.modelsThatFit())
	}
	return el("section", "fig", body...).ID("reverse")
}

// changeOwn edits the inventory or the budget, which leave the sizing alone.
func (v *Page) changeOwn(ctx app.Context, change func(*link.State)) {
	v.edit(ctx, edit{quiet: true, change: change})
	v.compareChanged()
}

// ownInputs are the accelerators at hand and the budget.
func (v *Page) ownInputs() app.UI {
	s := v.s
	var rows []app.UI
	for i, p := range s.State.Own {
		i := i
		rows = append(rows, node("li", "row",
			app.Input().ID("own-n-"+countText(i)).Class("inp short").Type("text").Attr("inputmode", "numeric").Attr("value", countText(p.N)).
				Aria("label", "How many "+gpuLabel(s, p.GPU)).
				OnChange(func(ctx app.Context, e app.Event) {
					v.ownCount(ctx, i, ctx.JSSrc().Get("value").String())
				}, app.EventScope("own-n", i, s.Link())),
			v.gpuSelect("own-g-"+countText(i), "Accelerator at hand", p.GPU, func(ctx app.Context, id string) {
				v.changeOwn(ctx, func(st *link.State) {
					st.Own = append([]link.GPUCount(nil), st.Own...)
					if i < len(st.Own) {
						st.Own[i].GPU = id
					}
				})
			}),
			button("lnk sm", txt("Remove")).Aria("label", "Remove "+gpuLabel(s, p.GPU)).DataSet("own-remove", p.GPU).
				OnClick(func(ctx app.Context, e app.Event) {
					v.changeOwn(ctx, func(st *link.State) {
						var next []link.GPUCount
						for k, q := range st.Own {
							if k != i {
								next = append(next, q)
							}
						}
						st.Own = next
					})
				}, app.EventScope("own-remove", i, s.Link())),
		))
	}
	budget := ""
	if s.State.Budget > 0 {
		budget = units.Count(s.State.Budget)
	}
	return node("div", "cols own",
		node("div", "blk-h",
			leaf("h3", "", "Hardware at hand"),
			node("ul", "plain", rows...),
			button("btn sm", iconPlus(), txt("Add accelerators")).ID("own-add").OnClick(func(ctx app.Context, e app.Event) {
				v.changeOwn(ctx, func(st *link.State) {
					id, n := "h100-sxm-80gb", 8
					if best := v.s.Best(); best != nil {
						id, n = best.GPU.ID, max(1, best.GPU.GPUsPerNode)
					}
					st.Own = append(append([]link.GPUCount(nil), st.Own...), link.GPUCount{GPU: id, N: n})
				})
			}),
			v.message("own"),
		),
		node("div", "blk-h",
			leaf("h3", "", "Or a budget"),
			node("div", "row",
				app.Input().ID("budget").Class("inp short").Type("text").Attr("inputmode", "decimal").Attr("placeholder", "none").Attr("value", budget).Aria("label", "Budget in USD a month").
					OnChange(func(ctx app.Context, e app.Event) { v.setBudget(ctx, ctx.JSSrc().Get("value").String()) }),
				leaf("span", "mut", "USD a month"),
			),
			node("label", "chk",
				app.Input().ID("whole-nodes").Type("checkbox").Checked(v.negotiate.whole).
					OnChange(func(ctx app.Context, e app.Event) {
						v.negotiate.whole = ctx.JSSrc().Get("checked").Truthy()
						v.compareChanged()
					}),
				txt("Whole servers only"),
			),
			v.message("budget"),
		),
	)
}

// message is what is wrong with a field of the panel.
func (v *Page) message(id string) app.UI {
	text := v.compare.fault[id]
	return el("p", "msg", txt(text)).ID(id+"-fault").Role("alert").Attr("hidden", flag(text == ""))
}

func (v *Page) fault(id, text string) {
	if v.compare.fault == nil {
		v.compare.fault = map[string]string{}
	}
	v.compare.fault[id] = text
	v.compare.rev++
}

// ownCount takes a count that was typed.
func (v *Page) ownCount(ctx app.Context, i int, text string) {
	x, err := units.ParseNumber(text)
	if err == nil {
		x, err = units.Within(text, x, 1, 1e5, "GPUs")
	}
	if err != nil {
		v.fault("own", err.Error())
		return
	}
	v.fault("own", "")
	v.changeOwn(ctx, func(st *link.State) {
		st.Own = append([]link.GPUCount(nil), st.Own...)
		if i < len(st.Own) {
			st.Own[i].N = int(x + 0.5)
		}
	})
}

// setBudget takes a budget that was typed; nothing or off takes it away.
func (v *Page) setBudget(ctx app.Context, text string) {
	x := 0.0
	if t := lower(text); t != "" && !isOff(t) && t != "0" {
		var err error
		if x, err = units.ParseNumber(t); err == nil {
			x, err = units.Within(t, x, 1, 1e10, "USD a month")
		}
		if err != nil {
			v.fault("budget", err.Error())
			return
		}
	}
	v.fault("budget", "")
	v.changeOwn(ctx, func(st *link.State) { st.Budget = x })
}

// gpuSelect chooses an accelerator of the catalog.
func (v *Page) gpuSelect(id, label, now string, pick func(ctx app.Context, id string)) app.UI {
	var body []app.UI
	if now == "" {
		body = append(body, app.Option().Value("").Selected(true).Text("Choose…"))
	}
	for _, g := range v.s.Catalog().GPUs {
		body = append(body, app.Option().Value(g.ID).Selected(g.ID == now).Text(gpuName(g)))
	}
	return app.Select().ID(id).Class("sel").Aria("label", label).Body(body...).
		OnChange(func(ctx app.Context, e app.Event) { pick(ctx, ctx.JSSrc().Get("value").String()) }, app.EventScope(id, v.s.Link()))
}

func gpuLabel(s *Sizing, id string) string {
	if g, ok := s.Catalog().GPU(id); ok {
		return gpuName(g)
	}
	return id
}
