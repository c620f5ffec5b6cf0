package views

import (
	"strings"

	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
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

// reverseAnswer is the answer in words.
func (v *Page) reverseAnswer() app.UI {
	told, fresh := v.of(worker.TopicReverse)
	class := "say2"
	if !fresh {
		class += " stale"
	}
	return el("p", class, reverseSentence(v.s, told.Reverse)...).ID("reverse-answer").Aria("live", "polite")
}

// reverseSentence says what the pools, or the best buy, are good for.
func reverseSentence(s *Sizing, r *negotiate.Reverse) []app.UI {
	if r == nil || len(r.Pools) == 0 {
		if r != nil && r.Best {
			return []app.UI{txt("No accelerator with a price fits the budget.")}
		}
		return []app.UI{txt("Computing…")}
	}
	t := r.Total
	subject := poolWords(s, r)
	s3 := verbEnd(t.N == 1 || r.Best) // a budget is one, too
	if !t.Viable {
		why := " serve" + s3 + " nothing of this workload: " + lowerFirst(r.Pools[0].Text)
		if text, few := strings.CutPrefix(r.Pools[0].Text, "Too few: "); few && len(r.Pools) == 1 {
			why = map[bool]string{true: " is", false: " are"}[s3 != ""] + " too few for this workload: " + text
		}
		return []app.UI{node("b", "", rich(subject)...), txt(why)}
	}
	verb := " hold" + s3 + " "
	approx := ""
	if t.Preview {
		approx = "≈ "
	}
	on := func(id, text string) string { return mark(held(r, -1, id), text) }
	body := append(rich(subject+verb), node("b", "", rich(on(holdID(t.Demand.Kind), nobreak(approx+demandAmountWords(t.Demand))))...), txt(" of "+presetName(s)+" inside the targets"))
	if n := units.Round(activePeople(t.ReqPerS), 2); t.Demand.Kind == fleet.PerSecond && n >= 2 {
		body = append(body, rich(", about "+on("hold_active", units.Count(n))+" active people")...)
	}
	if t.Times > 0 {
		words := timesWords(t.Times)
		id := "hold_times"
		switch {
		case t.Times >= 2:
			id = "hold_over"
		case t.Times >= 1.005:
			id = "hold_more"
		}
		if n := strings.IndexAny(words, " \u00a0"); words[0] <= '9' {
			if strings.HasPrefix(words[n:], " %") {
				n += 2
			}
			words = on(id, words[:n]) + words[n:]
		}
		body = append(body, txt(": "), node("b", "", rich(words)...))
	}
	left := ""
	if t.Left > 0 {
		left = on("hold_left", plural(t.Left, "GPU")) + " left over"
	}
	spare := ""
	if t.Spare > 0 {
		spare = on("hold_spare", plural(t.Spare, "replica")) + " kept spare"
	}
	ahead := ""
	if t.Ahead > 0 {
		ahead = on("hold_ahead", plural(t.Ahead, "GPU")) + " before the model"
	}
	if rest := join(", ", ahead, spare, left); rest != "" {
		body = append(body, rich("; "+rest)...)
	}
	return append(body, txt("."))
}

// poolWords is "8 H100 SXM" or "$20,000 a month, spent on 10 L40S,".
func poolWords(s *Sizing, r *negotiate.Reverse) string {
	var parts []string
	for i, p := range r.Pools {
		if r.Best && i > 0 {
			break
		}
		n := units.Count(float64(p.N))
		if r.Best {
			n = mark(held(r, i, "hold_gpus"), n)
		}
		parts = append(parts, n+" × "+gpuLabel(s, p.GPU))
	}
	text := inRow(parts)
	if r.Best {
		return units.USD(s.State.Budget) + " a month, spent on " + text + ","
	}
	return text
}

// verbEnd is the s of a verb whose subject is one.
func verbEnd(one bool) string {
	if one {
		return "s"
	}
	return ""
}

// inRow is "a", "a and b", "a, b and c".
func inRow(parts []string) string {
	if n := len(parts); n > 2 {
		return join(", ", parts[:n-1]...) + " and " + parts[n-1]
	}
	return join(" and ", parts...)
}

// demandAmountWords is a demand in round numbers.
func demandAmountWords(d fleet.Demand) string {
	switch d.Kind {
	case fleet.People:
		return units.Count(units.Round(d.Users, 3)) + " people"
	case fleet.PerDay:
		return units.Sig(d.ReqPerDay, 3) + " requests a day"
	case fleet.InFlight:
		return units.InFlight(d.InFlight)
	}
	return units.Rate(units.Round(d.ReqPerS, 3))
}

// timesWords compares what is held with what is asked for.
func timesWords(x float64) string {
	switch {
	case x < 0.995:
		return units.Percent(units.Round(x, 2)) + " of the demand"
	case x < 1.005:
		return "just the demand"
	case x < 2:
		return units.Percent(units.Round(x-1, 2)) + " more than the demand"
	}
	return units.Sig(x, 2) + " times the demand"
}

func lowerFirst(s string) string {
	if len(s) < 2 || s[0] >= 0x80 || s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return lower(s[:1]) + s[1:]
}

// reverseTable lists the pools, or the best buys.
func (v *Page) reverseTable() app.UI {
	told, fresh := v.of(worker.TopicReverse)
	r := told.Reverse
	if r == nil || len(r.Pools) == 0 {
		return nil
	}
	const most = 8
	var body []app.UI
	for i, p := range r.Pools {
		if r.Best && i >= most {
			break
		}
		body = append(body, v.poolRow(p, func(id, text string) app.UI { return num(held(r, i, id), text) }))
	}
	class := "tb"
	if !fresh {
		class += " stale"
	}
	caption := "What each pool serves"
	if r.Best {
		caption = "What the budget buys, most served first"
	}
	return node("div", class, node("table", "tbl cards",
		leaf("caption", "sr", caption),
		node("thead", "", node("tr", "",
			el("th", "", txt("Hardware")).Attr("scope", "col"),
			el("th", "num", txt("Servers")).Attr("scope", "col"),
			el("th", "lg", txt("Layout")).Attr("scope", "col"),
			el("th", "num", txt("Holds")).Attr("scope", "col"),
			el("th", "num", txt("Of the demand")).Attr("scope", "col"),
			el("th", "num", txt("Left over")).Attr("scope", "col"),
			el("th", "num", txt("$/month")).Attr("scope", "col"),
		)),
		node("tbody", "", body...),
	))
}

// held refers to what explains a number of a pool, of all of them for -1.
func held(r *negotiate.Reverse, i int, id string) string {
	arg := "t"
	switch {
	case i >= 0:
		arg = countPlain(i)
	case r.Best || len(r.Pools) == 1:
		arg = "0"
	}
	return explain.Ref(id, "", arg)
}

// holdID is the entry about the demand that hardware holds.
func holdID(k fleet.DemandKind) string {
	switch k {
	case fleet.People:
		return "hold_people"
	case fleet.PerDay:
		return "hold_day"
	case fleet.InFlight:
		return "hold_in_flight"
	}
	return "hold_req"
}

// poolRow is what one pool holds; on makes a number of it explain itself.
func (v *Page) poolRow(p negotiate.Holds, on func(id, text string) app.UI) app.UI {
	approx := ""
	if p.Preview {
		approx = "≈"
	}
	name := el("th", "", txt(units.Count(float64(p.N))+" × "+gpuLabel(v.s, p.GPU))).Attr("scope", "row")
	if !p.Viable {
		return el("tr", "", name, node("td", "num", on("hold_nodes", countText(p.Nodes))), el("td", "mut", txt(p.Text)).Attr("colspan", "5")).DataSet("pool", p.GPU)
	}
	price := app.UI(txt(units.NoPrice))
	if p.Priced {
		price = on("hold_usd", units.Sig(p.USD, 3))
	}
	return el("tr", "", name,
		el("td", "num", on("hold_nodes", countText(p.Nodes))).DataSet("l", "Servers"),
		node("td", "lg mut", on("hold_replicas", countText(p.Replicas)), txt(" × "+layoutName(p.Layout))),
		el("td", "num", node("b", "", on(holdID(p.Demand.Kind), approx+demandAmountWords(p.Demand)))).DataSet("l", "Holds"),
		el("td", "num", on("hold_times", units.Percent(units.Round(p.Times, 3)))).DataSet("l", "Of the demand"),
		el("td", "num", on("hold_left", countText(p.Left))).DataSet("l", "Left over"),
		el("td", "num", price).DataSet("l", "$/month"),
	).DataSet("pool", p.GPU)
}

// modelsThatFit lists which models the hardware at hand serves.
func (v *Page) modelsThatFit() app.UI {
	told, _ := v.of(worker.TopicModels)
	fits := 0
	for _, m := range told.Models {
		if m.Fits {
			fits++
		}
	}
	var rows []app.UI
	const most = 40
	for i, m := range told.Models {
		if !m.Fits || i >= most {
			break
		}
		model, ok := v.s.Catalog().Model(m.Model)
		if !ok {
			continue
		}
		id := m.Model
		rate := "≈" + units.Rate(units.Round(m.ReqPerS, 2))
		if v.s.Req.Demand.Kind == fleet.InFlight {
			rate = "≈" + units.Count(m.ReqPerS) + " in flight"
		}
		rows = append(rows, node("tr", "",
			el("th", "", txt(model.Name)).Attr("scope", "row"),
			leaf("td", "mut", weightsName(model.Native)),
			node("td", "num", num(explain.Ref(map[bool]string{true: "fit_in_flight", false: "fit_rate"}[v.s.Req.Demand.Kind == fleet.InFlight], "", m.Model), rate)),
			leaf("td", "mut", layoutName(m.Layout)+" on "+gpuLabel(v.s, m.GPU)),
			node("td", "num", button("lnk", txt("Use")).Aria("label", "Size "+model.Name).DataSet("use-model", id).
				OnClick(func(ctx app.Context, e app.Event) { v.pickModel(ctx, id) }, app.EventScope("use-model", id))),
		))
	}
	title := "Which models it serves"
	if told.Done {
		title = upperFirst(inWords(fits)) + " of " + countText(len(told.Models)) + " models run" + verbEnd(fits == 1)
		switch fits {
		case 0:
			title = "None of " + countText(len(told.Models)) + " models runs"
		case len(told.Models):
			title = "All " + countText(fits) + " models run"
		}
		title += " on it inside these targets"
	}
	return el("details", "more", node("summary", "", leaf("span", "", title), iconChevron()),
		v.working(worker.TopicModels, title),
		el("div", "tb", node("table", "tbl",
			leaf("caption", "sr", title),
			node("thead", "", node("tr", "", el("th", "", txt("Model, largest first")).Attr("scope", "col"), el("th", "", txt("Weights")).Attr("scope", "col"),
				el("th", "num", txt("Holds")).Attr("scope", "col"), el("th", "", txt("Layout")).Attr("scope", "col"), node("td", ""))),
			node("tbody", "", rows...),
		)).Attr("hidden", flag(len(rows) == 0)),
		leaf("p", "mut xs", join(" ", map[bool]string{true: "The " + countText(most) + " largest."}[fits > most], "Quick estimate at the published precision.")),
	).ID("own-models")
}

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
	if s.Req.Split.On() && len(s.State.Mix) > 1 {
		body = append(body, node("p", "mut sm", txt("Prompts and decoding are apart in this sizing. Pools apart follow it; one shared pool is only sized with both together. "),
			button("lnk", txt("Prompts and decoding together")).ID("mix-together").OnClick(func(ctx app.Context, e app.Event) { v.apply(ctx, "pd=off", "prompts and decoding together") })))
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

// mixAnswer is the cheapest fleets for the mix, and how often the hardware at
// hand holds it.
func (v *Page) mixAnswer() app.UI {
	told, fresh := v.of(worker.TopicMix)
	m := told.Mix
	if m == nil || len(m.Fleets) == 0 {
		return leaf("p", "mut", "Computing…")
	}
	th := func(class, text string) app.UI { return el("th", class, txt(text)).Attr("scope", "col") }
	head := []app.UI{th("", "GPU")}
	for _, p := range m.Fleets[0].Parts {
		head = append(head, th("num", p.Name+" apart"))
	}
	head = append(head, th("num", "GPUs apart"), th("num", "One pool"), th("num", "GPUs shared"), th("num", "$/month"), th("num", "kW"))
	var body []app.UI
	const most = 6
	for i := range m.Fleets {
		f := &m.Fleets[i]
		w, shared := f.Best()
		if i >= most || !w.Viable {
			break
		}
		approx := ""
		if f.Preview {
			approx = "≈"
		}
		on := func(id, text string) string { return mark(explain.Ref(id, "", countPlain(i)), text) }
		cell := func(label, text string, bold bool) app.UI {
			tag := "span"
			if bold {
				tag = "b"
			}
			return el("td", "num", node(tag, "", rich(text)...)).DataSet("l", label)
		}
		layout := func(b negotiate.Brief, ref string) string {
			if !b.Viable {
				return "–"
			}
			return mark(ref, countText(b.Replicas)) + " × " + layoutName(b.Layout)
		}
		gpus := func(w negotiate.MixWay, id string) string {
			if !w.Viable {
				return "–"
			}
			return on(id, approx+countText(w.GPUs))
		}
		cells := []app.UI{el("th", "", txt(gpuLabel(v.s, f.GPU))).Attr("scope", "row")}
		for k, p := range f.Parts {
			cells = append(cells, cell(p.Name+" apart", layout(p.Brief, explain.Ref("mix_part_replicas", "", countPlain(i)+"."+countPlain(k))), false))
		}
		price, power := units.NoPrice, units.Unknown
		if w.Priced {
			price = on("mix_usd", approx+units.Sig(w.USD, 3))
		}
		if w.Powered {
			power = on("mix_kw", units.SigFixed(w.KW, 2))
		}
		body = append(body, el("tr", map[bool]string{true: "best"}[i == 0], append(cells, cell("GPUs apart", gpus(f.Apart, "mix_apart"), !shared), cell("One pool", layout(f.Pool, explain.Ref("mix_pool_replicas", "", countPlain(i))), false),
			cell("GPUs shared", gpus(f.Shared, "mix_shared"), shared), cell("$/month", price, false), cell("kW", power, false))...).DataSet("mix", f.GPU))
	}
	class := "tb"
	if !fresh {
		class += " stale"
	}
	return node("div", "blk-h",
		el("p", "say2", rich(mixSentence(v.s, m))...).ID("mix-answer"),
		el("p", "mut sm", rich(classSentence(&m.Fleets[0], v.s.Req.Targets.Percentile))...).ID("mix-classes"),
		el("div", class, node("table", "tbl cards", leaf("caption", "sr", "Fleets for the mix, cheapest first"), node("thead", "", node("tr", "", head...)), node("tbody", "", body...))).Attr("hidden", flag(len(body) == 0)),
	)
}

// mixSentence is what the mix takes both ways, and what the hardware at hand
// makes of it.
func mixSentence(s *Sizing, m *negotiate.Mix) string {
	f := &m.Fleets[0]
	text := "No accelerator serves every workload of the mix. " + f.Apart.Text
	if w, shared := f.Best(); w.Viable {
		id := "mix-apart::0"
		if shared {
			id = "mix-shared::0"
		}
		text = mark(id, units.Count(float64(w.GPUs))) + " × " + gpuLabel(s, f.GPU) + " serve" + verbEnd(w.GPUs == 1) + " the whole mix "
		apart := partsSum(f)
		if shared {
			text += "in one shared pool"
		} else {
			text += "in pools apart"
			if len(f.Parts) > 1 {
				text += " (" + apart + ")"
			}
		}
		if w.Priced {
			text += " for about " + mark("mix-usd::0", units.USD(w.USD)) + " a month"
		}
		switch {
		case shared && f.Apart.Viable:
			text += "; apart they take " + apart + "."
		case shared:
			text += "."
		case f.Shared.Viable:
			text += "; one shared pool takes " + mark("mix-shared::0", countText(f.Shared.GPUs)) + "."
		default:
			text += ". " + f.Shared.Text
		}
	}
	for i, o := range m.Own {
		at := "mix-times::" + countPlain(i)
		name := units.Count(float64(o.N)) + " × " + gpuLabel(s, o.GPU)
		way := ""
		if o.Shared {
			way = " in one pool"
		}
		switch {
		case o.Times <= 0:
			if why, few := strings.CutPrefix(o.Text, "Too few: "); few {
				text += " " + name + " at hand " + map[bool]string{true: "is", false: "are"}[o.N == 1] + " too few: " + why
				break
			}
			text += " " + name + " at hand: " + lowerFirst(o.Text)
		case o.Times < 1:
			text += " " + name + " at hand hold" + verbEnd(o.N == 1) + " " + mark("mix-share::"+countPlain(i), units.Percent(units.Round(o.Times, 2))) + " of it" + way + "."
		default:
			text += " " + name + " at hand hold" + verbEnd(o.N == 1) + " it " + mark(at, units.Sig(o.Times, 3)) + " times over" + way + "."
		}
	}
	return text
}

// partsSum is "3 + 4", the accelerators of each pool apart.
func partsSum(f *negotiate.MixFleet) string {
	var n []string
	for i, p := range f.Parts {
		n = append(n, mark("mix-part::0."+countPlain(i), countText(p.GPUs)))
	}
	return join(" + ", n...)
}

// classSentence is what each workload gets in the shared pool.
func classSentence(f *negotiate.MixFleet, percentile string) string {
	var parts []string
	for i, c := range f.Classes {
		at := "::0." + countPlain(i)
		text := c.Name + " " + mark("mix-ttft"+at, units.Duration(c.TTFT, 2)) + " to the first token"
		if c.ITL > 0 {
			text += ", " + mark("mix-itl"+at, units.Duration(c.ITL, 2)) + " per token"
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return ""
	}
	return "In one pool, " + percentileWord(percentile) + ": " + join("; ", parts...) + "."
}

// scenarioTable runs the three common request shapes for the model at hand.
func (v *Page) scenarioTable() app.UI {
	told, fresh := v.of(worker.TopicScenarios)
	var body []app.UI
	on := ""
	for i, r := range told.Scenarios {
		if on == "" {
			on = gpuLabel(v.s, r.On.GPU)
		}
		body = append(body, scenarioRow(v.s, r, countPlain(i)))
	}
	name := "this model"
	if v.s.Req.Model != nil {
		name = v.s.Req.Model.Name
	}
	if on == "" {
		on = "the recommended accelerator"
	}
	class := "tb"
	if !fresh {
		class += " stale"
	}
	th := func(class, text string) app.UI { return el("th", class, txt(text)).Attr("scope", "col") }
	return el("section", "fig",
		leaf("h2", "", "Three request shapes for "+name),
		leaf("p", "mut", "The same demand as summarization, chat and reasoning, on "+on+" with each shape's own targets. One request alone shows the floor."),
		v.working(worker.TopicScenarios, "Three request shapes"),
		node("div", class, node("table", "tbl cards",
			leaf("caption", "sr", "Scenario set for "+name),
			node("thead", "", node("tr", "", th("", "Scenario"), th("num", "GPUs"), th("num", "$/month"), th("num", "TTFT"), th("num", "tok/s per user"), th("num", "Out tok/s per GPU"), th("num", "Alone: TTFT"), th("num", "Alone: tok/s"), th("", "Lowest cost"))),
			node("tbody", "", body...),
		)),
	).ID("scenarios")
}

func scenarioRow(s *Sizing, r negotiate.ScenarioRow, at string) app.UI {
	name := el("th", "", txt(r.Name), leaf("span", "mut sm", " "+units.Count(float64(r.Input))+"/"+units.Count(float64(r.Output)))).Attr("scope", "row")
	best := "…"
	if r.Best.Viable {
		best = mark("shape-best::"+at, units.Count(float64(r.Best.GPUs))) + " × " + gpuLabel(s, r.Best.GPU)
		if r.Best.Priced {
			best += ", " + mark("shape-best-usd::"+at, units.USD(r.Best.USD))
		}
	} else if r.Best.Text != "" {
		best = r.Best.Text
	}
	cheapest := el("td", "", rich(best)...).DataSet("l", "Lowest cost")
	if !r.On.Viable {
		return el("tr", "", name, el("td", "mut", txt(r.On.Text)).Attr("colspan", "7"), cheapest).DataSet("scenario", r.ID)
	}
	price := units.NoPrice
	if r.On.Priced {
		price = units.Sig(r.On.USD, 3)
	}
	cell := func(label, id, text string) app.UI {
		body := app.UI(txt(text))
		if strings.ContainsAny(text, "0123456789") {
			body = num(explain.Ref("shape_"+id, "", at), text)
		}
		return el("td", "num", body).DataSet("l", label)
	}
	return el("tr", "", name,
		cell("GPUs", "gpus", countText(r.On.GPUs)), cell("$/month", "usd", price), cell("TTFT", "ttft", units.Duration(r.On.TTFT, 2)),
		cell("tok/s per user", "speed", inverse(r.On.ITL)), cell("Out tok/s per GPU", "output", units.Sig(r.On.OutputTokPerSPerGPU, 3)),
		cell("Alone: TTFT", "alone_ttft", units.Duration(r.AloneTTFT, 2)), cell("Alone: tok/s", "alone_speed", units.Sig(r.AloneTokPerS, 3)), cheapest,
	).DataSet("scenario", r.ID)
}

// inverse is tokens a second from seconds a token.
func inverse(itl float64) string {
	if itl > 0 {
		return units.Sig(1/itl, 2)
	}
	return units.Unknown
}
