package views

import (
	"strings"

	"fleetsize/app/live"
	"fleetsize/calc/bench"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// liveRail is the left column while an endpoint is the source: where it is,
// what to send, what stands behind it and what must not be exceeded.
func (v *Page) liveRail() app.UI {
	l := &v.endpoint
	return app.Elem("aside").ID("rail").Class("rail keep first").Aria("label", "Source").DataSet("group", "").Body(
		v.liveSource(),
		v.liveEndpoint(),
		v.liveChecks(),
		v.liveWhat(),
		v.liveBehind(),
		v.liveCaps(),
		node("section", "grp",
			heading("Need more load?"),
			leaf("p", "sm mut", "A browser opens few connections. The same plan from a terminal has no such limit; drop its report here as a table."),
			v.toCopy(l.command()),
			v.liveHandoff(),
		),
	)
}

// liveHandoff is the plan for clients that use more than one machine.
func (v *Page) liveHandoff() app.UI {
	l := &v.endpoint
	var kinds []option
	kind := orWord(l.text["hand"], bench.HandInferencePerf)
	for _, k := range bench.Handoffs() {
		kinds = append(kinds, option{id: k, label: k, on: k == kind})
	}
	plan := v.livePlan()
	if l.filed == nil {
		plan.Seed = 1
	}
	t := bench.Target{URL: l.base(), Model: plan.Model, Headers: l.headers()}
	if l.key != "" {
		t.KeyIn = "API_KEY"
	}
	text, err := bench.Handoff(kind, plan, t)
	if err != nil {
		text = upperFirst(err.Error()) + "."
	}
	return fold("live-hand", "From a cluster, or with another client", el("div", "more-b",
		v.choose("live-hand-kind", "For", kinds, func(ctx app.Context, id string) { l.set("hand", id); v.study.rev++ }),
		v.toCopy(text),
	).ID("live-hand-text"))
}

// base is the endpoint's address, or an example.
func (l *liveState) base() string {
	url := l.url
	if a, err := live.ParseAddress(l.url); err == nil {
		url = a.Base
	}
	return orWord(url, "http://127.0.0.1:8000/v1")
}

// command is the same measurement in a terminal. The key is named, not shown.
func (l *liveState) command() string {
	text := "fleetsize bench -url " + l.base() + " -plan "
	if l.filed != nil {
		text = "# with the plan saved from here\n" + text + planSaved
	} else {
		text += string(l.kind())
		if l.ownSizes() {
			text += " -in " + units.Plain(l.number("live-in")) + " -out " + units.Plain(l.number("live-out"))
		}
		switch l.kind() {
		case bench.SLO:
			text += " -tier " + l.tierNow()
			fallthrough
		case bench.Load:
			text += " -max-concurrency " + units.Plain(l.number("live-top"))
		case bench.Open:
			text += " -rate " + units.Plain(l.number("live-rate")) + " -poisson"
		}
	}
	for _, h := range l.headers() {
		text += " -header " + bench.HeaderWord(h, ": ")
	}
	if l.key != "" {
		text += " -key-env API_KEY"
	}
	return text + " -o report.json"
}

// headers are the extra headers as typed, none while they cannot be read.
func (l *liveState) headers() [][2]string {
	list, _ := live.ParseHeaders(l.extra) // its error stands beside the field
	return list
}

// ownSizes reports whether the form says how long prompts and answers are; the
// other plans have lengths of their own.
func (l *liveState) ownSizes() bool {
	switch l.kind() {
	case bench.Probes, bench.Sweep, bench.Scenarios:
		return false
	}
	return true
}

func orWord(s, word string) string {
	if s == "" {
		return word
	}
	return s
}

// liveText is a labeled field of text.
func (v *Page) liveText(id, label, kind, value, fault string, set func(text string)) app.UI {
	field := app.Input().ID(id).Class("inp").Type(kind).Value(value).AutoComplete(false).Attr("spellcheck", "false").
		Attr("autocapitalize", "off").Aria("invalid", boolean(fault != "")).Aria("describedby", id+"-msg").Disabled(v.endpoint.busy() || v.replies.busy()).
		OnChange(func(ctx app.Context, e app.Event) { set(ctx.JSSrc().Get("value").String()); v.study.rev++ }, app.EventScope(id))
	return node("div", "stackf",
		el("label", "sm", txt(label)).Attr("for", id), field,
		el("p", "msg", txt(fault)).ID(id+"-msg").Role("alert").Attr("hidden", flag(fault == "")),
	)
}

// liveNumber is a labeled number field.
func (v *Page) liveNumber(id string) app.UI { return v.numberIn(&v.endpoint, id) }

func (v *Page) numberIn(l *liveState, id string) app.UI {
	for _, f := range liveFields {
		if f.id != id {
			continue
		}
		value, ok := l.text[id]
		if !ok {
			value = units.Plain(f.value)
			if f.value >= 1000 {
				value = units.Count(f.value)
			}
		}
		label := f.label
		if f.unit != "" {
			label += ", " + f.unit
		}
		return v.liveText(id, label, "text", value, l.faults[id], func(text string) { l.typed(id, text) })
	}
	return nil
}

func (v *Page) liveEndpoint() app.UI {
	l := &v.endpoint
	a, err := live.ParseAddress(l.url)
	body := []app.UI{
		heading("Endpoint"),
		v.liveText("live-url", "Base address", "url", l.url, l.urlFault, func(text string) { l.url, l.check = text, nil; l.target() }),
		v.liveText("live-key", "Key, kept in the memory of this tab only", "password", l.key, "", func(text string) { l.key = text }),
		v.liveText("live-model", "Model name (empty: the server's first)", "text", l.model, "", func(text string) { l.model = text }),
	}
	if err == nil && a.CanSpread() {
		body = append(body, node("label", "chk sm",
			app.Input().Type("checkbox").ID("live-spread").Checked(l.spread).Disabled(l.busy()).
				OnChange(func(ctx app.Context, e app.Event) {
					l.spread = ctx.JSSrc().Get("checked").Bool()
					l.check = nil
					v.study.rev++
				}),
			txt("Spread over names below localhost, 6 connections each")))
	}
	body = append(body, v.more("live-more", "More headers", l.extra != "",
		el("label", "sm", txt("One a line, Name: value")).Attr("for", "live-headers"),
		app.Textarea().ID("live-headers").Class("inp mono").Rows(2).Text(l.extra).
			OnChange(func(ctx app.Context, e app.Event) {
				l.extra = ctx.JSSrc().Get("value").String()
				l.target()
				v.study.rev++
			}),
		el("p", "msg", txt(l.headerFault)).Role("alert").Attr("hidden", flag(l.headerFault == "")),
	))
	if v.replies.on { // it is checked when asking begins
		return node("section", "grp", body...)
	}
	return node("section", "grp", append(body,
		button("btn", txt("Check the endpoint")).ID("live-check").Attr("disabled", flag(l.busy() || l.url == "")).OnClick(func(ctx app.Context, e app.Event) { v.liveCheck() }),
		leaf("p", "hint mut xs", "Requests go to this address only, and only after you press a button."),
	)...)
}

// liveChecks lists what the check found.
func (v *Page) liveChecks() app.UI {
	l := &v.endpoint
	if l.check == nil {
		return nil
	}
	var items []app.UI
	for _, r := range l.check.Rungs {
		mark, class := app.UI(leaf("span", "mut", "·")), "mut"
		words := "waiting"
		switch r.Outcome {
		case live.Good:
			mark, class, words = icon(`<path d="m3.5 8.5 3 3 6-7"/>`), "y", "good"
		case live.Doubt:
			mark, class, words = iconWarn(), "w", "with a limit"
		case live.Failed:
			mark, class, words = iconBlock(), "n", "failed"
		case live.Running:
			mark, words = txt("…"), "under way"
		}
		body := []app.UI{node("span", class, mark), leaf("b", "", r.Name), leaf("span", "sr", words)}
		if r.Text != "" {
			body = append(body, leaf("p", "", r.Text))
		}
		if r.Fix != "" {
			body = append(body, leaf("p", "", r.Fix))
		}
		if r.Command != "" {
			body = append(body, v.toCopy(r.Command))
		}
		if r.Outcome != live.Failed { // else it stands beside, with more room
			for i, m := range r.More {
				body = append(body, fold("live-"+r.ID+"-"+units.Plain(float64(i)), m.Name, v.toCopy(m.Text)))
			}
		}
		items = append(items, el("li", "", body...).DataSet("rung", r.ID).DataSet("outcome", string(r.Outcome)))
	}
	return node("section", "grp", heading("Before any load"), node("ul", "check", items...))
}

// toCopy is a text for a terminal or a file, with a button that copies it.
func (v *Page) toCopy(text string) app.UI {
	class, body := "eq", []app.UI{txt(text)}
	if !strings.Contains(text, "\n") {
		class, body = "eq one", nil
		for i, word := range strings.Split(text, " ") { // a flag is not broken at its hyphens
			if i > 0 {
				body = append(body, txt(" "))
			}
			if strings.HasPrefix(word, "-") {
				body = append(body, leaf("span", "nw", word))
			} else {
				body = append(body, txt(word))
			}
		}
	}
	return node("div", "copy", el("pre", class, body...).TabIndex(0),
		button("icon", iconCopy()).Aria("label", "Copy").
			OnClick(func(ctx app.Context, e app.Event) { v.copyText(ctx, text, "Copied") }, app.EventScope(text)))
}

// liveWhat chooses the plan.
func (v *Page) liveWhat() app.UI {
	l := &v.endpoint
	var plans []option
	for _, k := range bench.Kinds() {
		plans = append(plans, option{id: string(k), label: planName(k), on: k == l.kind()})
	}
	body := []app.UI{heading("Plan"),
		v.choose("live-plan", "Plan", plans, func(ctx app.Context, id string) { l.plan, l.filed = bench.Kind(id), nil; v.study.rev++ }),
		leaf("p", "hint mut xs", upperFirst(l.kind().Line())+"."),
	}
	if l.ownSizes() {
		body = append(body, node("div", "two", v.liveNumber("live-in"), v.liveNumber("live-out")))
	}
	switch l.kind() {
	case bench.Load, bench.SLO:
		body = append(body, v.liveNumber("live-top"))
	case bench.Open:
		if l.filed == nil || len(l.filed.plan.Rates) < 2 {
			body = append(body, v.liveNumber("live-rate"))
		}
	}
	body = append(body, l.streamsHint())
	if k := l.kind(); k == bench.Load || k == bench.SLO || k == bench.Open {
		var lengths []option
		known, now := false, units.Plain(l.phaseSeconds())
		for _, s := range []string{"5", "15", "60", "180", now} {
			if s == now && known {
				continue
			}
			known = known || s == now
			lengths = append(lengths, option{id: s, label: s + " s", title: map[string]string{"5": "A first look", "15": "Quick", "60": "Standard", "180": "Full"}[s], on: now == s})
		}
		body = append(body, v.radios("seg", "Length of a phase", "phase", lengths, func(ctx app.Context, id string) { l.set("phase", id); v.study.rev++ }))
	}
	var tiers []option
	filed := l.filed != nil && l.filed.tiers
	if l.filed != nil && l.filed.own {
		tiers = append(tiers, option{id: "file", label: "As in the plan file", on: filed})
	}
	for _, t := range v.s.Catalog().Tiers {
		tiers = append(tiers, option{id: t.ID, label: t.Name, on: !filed && t.ID == l.tierNow()})
	}
	body = append(body, v.choose("live-tier", "Service level", tiers, func(ctx app.Context, id string) {
		if l.filed != nil {
			l.filed.tiers = id == "file"
		}
		if id != "file" {
			l.tier = id
		}
		v.study.rev++
	}), v.planFileForm())
	start := button("btn go", txt("Start measuring")).ID("live-start").
		Attr("disabled", flag(l.busy() || l.check == nil || !l.check.Passed() || len(l.faults) > 0)).
		OnClick(func(ctx app.Context, e app.Event) { v.liveStart() })
	return v.dropsPlan(el("section", "grp", append(body, start)...).ID("live-what"))
}

func (l *liveState) set(id, value string) {
	if l.text == nil {
		l.text, l.faults = map[string]string{}, map[string]string{}
	}
	l.text[id] = value
}

// planName is the short name of a plan.
func planName(k bench.Kind) string {
	switch k {
	case bench.Single:
		return "Single requests"
	case bench.Probes:
		return "Four probes"
	case bench.Sweep:
		return "Batch sweep"
	case bench.Scenarios:
		return "Three scenarios"
	case bench.Load:
		return "Load test"
	case bench.SLO:
		return "Capacity at a service level"
	case bench.Open:
		return "Arrivals at a rate"
	}
	return string(k)
}

// liveBehind says what stands behind the endpoint: the prediction and the fit
// need it.
func (v *Page) liveBehind() app.UI {
	l := &v.endpoint
	cat := v.s.Catalog()
	d := v.liveDeployment()
	var gpus, engines []option
	for _, g := range cat.GPUs {
		gpus = append(gpus, option{id: g.ID, label: gpuName(g), on: g.ID == d.GPU})
	}
	for _, e := range cat.Engines {
		engines = append(engines, option{id: e.ID, label: e.Name, on: e.ID == d.Engine})
	}
	var tps, weights []option
	for _, n := range []string{"1", "2", "4", "8", "16"} {
		tps = append(tps, option{id: n, label: n, on: n == units.Plain(float64(d.TP))})
	}
	for _, w := range []catalog.Precision{"bf16", "fp8", "int4", "mxfp4", "nvfp4"} {
		weights = append(weights, option{id: string(w), label: precisionName(w), on: string(w) == d.Weights})
	}
	again := func(set func(id string)) func(ctx app.Context, id string) {
		return func(ctx app.Context, id string) {
			set(id)
			if l.session != nil {
				l.ghost = v.ghostOf()
			}
			if l.doc != nil {
				d := v.liveDeployment()
				l.doc.Setup.Deployment = &d
			}
			v.study.rev++
		}
	}
	return node("section", "grp", v.more("live-behind", "Behind it: "+v.s.Req.Model.Name+" on "+behindWords(cat, d), l.on8 != deployment{},
		leaf("p", "hint mut xs", "The prediction and the fit are for this. The model is that of the sizing."),
		v.choose("live-gpu", "Accelerator", gpus, again(func(id string) { l.on8.gpu = id })),
		v.choose("live-tp", "Tensor parallel", tps, again(func(id string) { l.on8.tp = id })),
		v.choose("live-engine", "Engine", engines, again(func(id string) { l.on8.engine = id })),
		v.choose("live-weights", "Weights", weights, again(func(id string) { l.on8.weights = id })),
	))
}

func behindWords(cat *catalog.Catalog, d bench.Deployment) string {
	name := d.GPU
	if g, ok := cat.GPU(d.GPU); ok {
		name = gpuName(g)
	}
	return units.Count(float64(max(d.TP, 1))) + " × " + name
}

// liveCaps are the limits that end a run.
func (v *Page) liveCaps() app.UI {
	var body []app.UI
	for _, id := range []string{"live-max-requests", "live-max-tokens", "live-max-minutes", "live-stall", "live-price-in", "live-price-out", "live-max-usd"} {
		body = append(body, v.liveNumber(id))
	}
	return node("section", "grp", v.more("live-caps", "Never more than "+v.capsWords(), false, body...))
}

func (v *Page) capsWords() string {
	l := &v.endpoint
	text := units.Count(l.number("live-max-requests")) + " requests, " + units.Sig(l.number("live-max-tokens")/1e6, 3) + " M tokens, " + units.Sig(l.number("live-max-minutes"), 3) + " minutes"
	if l.number("live-price-in") > 0 || l.number("live-price-out") > 0 {
		text += ", " + units.USD(l.number("live-max-usd"))
	}
	return text
}
