package views

import (
	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// mixPanel sizes several workloads on one fleet.
func (v *Page) mixPanel() app.UI {
	s := v.s
	var rows []app.UI
	for i, m := range s.State.Mix {
		i := i
		var presets []app.UI
		for _, p := range s.Catalog().Presets {
			presets = append(presets, app.Option().Value(p.ID).Selected(p.ID == m.Workload).Text(p.Name))
		}
		rows = append(rows, node("li", "row",
			app.Select().ID("mix-w-"+countText(i)).Class("sel").Aria("label", "Workload").Body(presets...).
				OnChange(func(ctx app.Context, e app.Event) {
					id := ctx.JSSrc().Get("value").String()
					v.changeMix(ctx, i, func(m *link.MixItem) { m.Workload = id })
				}, app.EventScope("mix-w", i, s.Link())),
			app.Input().ID("mix-r-"+countText(i)).Class("inp short").Type("text").Attr("inputmode", "decimal").Attr("value", units.Sig(m.ReqPerS, 4)).Aria("label", "Requests per second").
				OnChange(func(ctx app.Context, e app.Event) {
					text := ctx.JSSrc().Get("value").String()
					x, _, err := units.ParseRate(text, units.PerSecond)
					if err == nil {
						x, err = units.Within(text, x, 1e-6, 1e6, "requests per second")
					}
					if err != nil {
						v.fault("mix", err.Error())
						return
					}
					v.fault("mix", "")
					v.changeMix(ctx, i, func(m *link.MixItem) { m.ReqPerS = x })
				}, app.EventScope("mix-r", i, s.Link())),
			leaf("span", "mut", "req/s"),
			v.mixOwn(i, m),
			button("lnk sm", txt("Remove")).Aria("label", "Remove this workload").DataSet("mix-remove", countText(i)).
				OnClick(func(ctx app.Context, e app.Event) {
					v.changeOwn(ctx, func(st *link.State) {
						var next []link.MixItem
						for k, q := range st.Mix {
							if k != i {
								next = append(next, q)
							}
						}
						st.Mix = next
					})
				}, app.EventScope("mix-remove", i, s.Link())),
		))
	}
	body := []app.UI{
		leaf("h2", "", "Several workloads on one fleet"),
		leaf("p", "mut", "Each has lengths and targets of its own, or its preset's. One pool shares spares and meets the targets of all; pools apart keep long prompts from delaying short ones."),
		node("ul", "plain", rows...),
		node("div", "row", button("btn sm", iconPlus(), txt("Add a workload")).ID("mix-add").OnClick(func(ctx app.Context, e app.Event) { v.addMix(ctx) })),
		v.message("mix"),
	}
	if len(s.State.Mix) > 0 {
		body = append(body, v.working(worker.TopicMix, "Several workloads"), v.mixAnswer())
	}
	return el("section", "fig", body...).ID("mix")
}

// mixOwn are the lengths and targets of a workload of the mix; where nothing is
// typed the preset's count.
func (v *Page) mixOwn(i int, m link.MixItem) app.UI {
	p, _ := v.s.Catalog().Preset(m.Workload)
	limit := func(seconds float64) string {
		if seconds > 0 {
			return units.PlainDuration(seconds)
		}
		return "off"
	}
	var fields []app.UI
	for _, f := range []struct{ key, word, label, preset string }{
		{"in", "in", "Prompt tokens", countText(p.Input)}, {"out", "out", "Answer tokens", countText(p.Output)},
		{"ttft", "TTFT", "Time to first token", limit(p.Targets.TTFT)}, {"itl", "ITL", "Time per token", limit(p.Targets.ITL)},
	} {
		key := f.key
		fields = append(fields, node("label", "row mut sm", txt(f.word),
			app.Input().ID("mix-"+key+"-"+countText(i)).Class("inp short").Type("text").Attr("value", m.Value(key)).Attr("placeholder", f.preset).Aria("label", f.label).
				OnChange(func(ctx app.Context, e app.Event) {
					_, problem := m.With(key, ctx.JSSrc().Get("value").String())
					v.fault("mix", problem)
					if problem == "" {
						text := ctx.JSSrc().Get("value").String()
						v.changeMix(ctx, i, func(m *link.MixItem) { *m, _ = m.With(key, text) })
					}
				}, app.EventScope("mix-own", key, i, v.s.Link()))))
	}
	return node("span", "row", fields...)
}

func (v *Page) changeMix(ctx app.Context, i int, f func(*link.MixItem)) {
	v.changeOwn(ctx, func(st *link.State) {
		st.Mix = append([]link.MixItem(nil), st.Mix...)
		if i < len(st.Mix) {
			f(&st.Mix[i])
		}
	})
}

// addMix starts a mix with the workload at hand, then adds presets not in it.
func (v *Page) addMix(ctx app.Context) {
	v.changeOwn(ctx, func(st *link.State) {
		next := append([]link.MixItem(nil), st.Mix...)
		add := func(id string, rate float64) { next = append(next, link.MixItem{Workload: id, ReqPerS: rate}) }
		if len(next) == 0 {
			rate := units.Round(v.s.Req.Demand.PeakReqPerS(), 3)
			if !(rate > 0) {
				rate = 1
			}
			add(st.Workload, rate)
			for key, n := range map[string]int{"in": st.Input, "out": st.Output} {
				if n > 0 {
					next[0], _ = next[0].With(key, countText(n))
				}
			}
		}
		for _, id := range presetIDs {
			used := false
			for _, m := range next {
				used = used || m.Workload == id
			}
			if !used {
				add(id, 1)
				break
			}
		}
		st.Mix = next
	})
}
