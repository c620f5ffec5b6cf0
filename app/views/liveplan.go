package views

import (
	"strconv"
	"strings"
	"time"

	"fleetsize/app/live"
	"fleetsize/calc/bench"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// planFile is a plan that was opened. The form shows what it has fields for;
// the rest of the plan stays as it is until the plan is forgotten or another
// one is chosen.
type planFile struct {
	name  string
	plan  bench.Plan
	notes []string
	own   bool // it has service levels of its own
	tiers bool // and they count, not a chosen one
}

// maxPlanFile bounds what the page reads for a plan: a report with every
// request in it may be long.
const maxPlanFile = 16 << 20

// openPlan takes a plan file, or a report for the plan in it.
func (v *Page) openPlan(name, text string) {
	l := &v.endpoint
	v.study.rev++
	p, notes, err := bench.DecodePlan([]byte(text))
	if err != nil {
		l.planFault = name + ": " + err.Error() + "."
		if strings.HasPrefix(name, "the ") {
			l.planFault = upperFirst(l.planFault)
		}
		return
	}
	l.planFault, l.planPaste = "", false
	if p.API != "" && p.API != l.api {
		l.api, l.check = p.API, nil
	}
	l.plan, l.model = p.Kind, orWord(p.Model, l.model)
	l.text, l.faults, l.tier = map[string]string{"hand": l.text["hand"], "as": l.text["as"]}, map[string]string{}, ""
	f := &planFile{name: name, plan: p, notes: notes}
	for _, x := range []struct {
		id string
		x  float64
	}{
		{"live-in", float64(p.Input)}, {"live-out", float64(p.Output)}, {"live-top", float64(p.MaxConcurrency)},
		{"live-max-requests", float64(p.Limits.Requests)}, {"live-max-tokens", float64(p.Limits.Tokens)}, {"live-max-minutes", p.Limits.Seconds / 60},
		{"live-max-usd", p.Limits.USD}, {"live-stall", p.Limits.StallSeconds}, {"live-price-in", p.Limits.InUSD}, {"live-price-out", p.Limits.OutUSD},
	} {
		if x.x > 0 && (l.ownSizes() || x.id != "live-in" && x.id != "live-out") {
			l.typed(x.id, units.Plain(x.x))
		}
	}
	if len(p.Rates) == 1 {
		l.typed("live-rate", units.Plain(p.Rates[0]))
	}
	if p.PhaseSeconds > 0 {
		l.text["phase"] = units.Plain(p.PhaseSeconds)
	}
	f.own = len(p.Tiers) > 0
	if len(p.Tiers) == 1 {
		if t, ok := v.s.Catalog().Tier(p.Tiers[0].ID); ok && bench.TierOf(t) == p.Tiers[0] {
			l.tier, f.own = t.ID, false
		}
	}
	f.tiers = f.own
	l.filed = f
}

// rest says what a plan has that the form does not show.
func (f *planFile) rest() string {
	p, text := &f.plan, ""
	add := func(s string) { text = join(", ", text, s) }
	if p.Kind == bench.Sweep && p.Input > 0 && p.Output > 0 && (p.Input != 512 || p.Output != 128) {
		add("prompts of " + countText(p.Input) + " and answers of " + countText(p.Output) + " tokens")
	}
	if n := len(p.Concurrency); n > 0 {
		add("loads of " + loadList(p.Concurrency) + " in flight")
	}
	if len(p.Rates) > 1 {
		add(plural(len(p.Rates), "rate") + " from " + units.Plain(p.Rates[0]) + " to " + units.Rate(p.Rates[len(p.Rates)-1]))
	}
	if p.Kind == bench.Open && !p.Poisson {
		add("even arrivals")
	}
	if p.Requests > 0 {
		add(plural(p.Requests, "request") + " a phase")
	}
	switch {
	case p.Warmup < 0:
		add("no warm-up")
	case p.Warmup > 1:
		add(countText(p.Warmup) + " warm-up requests")
	}
	if p.Shared > 0 {
		add(countText(p.Shared) + " prompt tokens the same in all requests")
	}
	if f.tiers {
		for _, t := range p.Tiers {
			add("level " + t.ID + ": " + units.Sig(t.P25Speed, 3) + " tok/s, " + units.Duration(t.P95TTFT, 3))
		}
	}
	if s := p.Limits.RequestSeconds; s > 0 && s != 600 {
		add("a request given up after " + units.Duration(s, 3))
	}
	if n := p.Limits.InFlight; n > 0 && n != 4096 {
		add("at most " + countText(n) + " under way")
	}
	if p.Seed > 0 {
		add("the prompts of seed " + strconv.FormatUint(p.Seed, 10) + " in every run")
	}
	return text
}

// loadList writes a few numbers, and how many more there are.
func loadList(list []int) string {
	text := ""
	for i, n := range list {
		if i == 8 {
			return text + " and " + countText(len(list)-i) + " more"
		}
		text = join(", ", text, countText(n))
	}
	return text
}

// planFileForm opens and saves plans as files that the terminal takes, too.
func (v *Page) planFileForm() app.UI {
	l := &v.endpoint
	name := "Plan file"
	var told []app.UI
	if f := l.filed; f != nil {
		name += ": " + f.name
		text := "The plan of " + f.name + " is in the form."
		if rest := f.rest(); rest != "" {
			text += " Beside it: " + rest + "."
		}
		told = append(told, leaf("p", "sm", text))
		var notes []app.UI
		for _, n := range f.notes {
			notes = append(notes, node("li", "", iconWarn(), leaf("span", "", upperFirst(n)+".")))
		}
		told = append(told, node("ul", "warns sm", notes...),
			button("lnk", txt("Forget it")).ID("live-plan-forget").OnClick(func(ctx app.Context, e app.Event) { l.filed = nil; v.study.rev++ }))
	}
	body := append(told,
		leaf("p", "hint mut xs", "Drop a plan or a report here, or choose one: what fleetsize bench -plan FILE takes, the page takes, and the other way round."),
		node("div", "row",
			node("label", "btn", txt("Open a plan"),
				app.Input().ID("live-plan-file").Class("sr").Type("file").Attr("accept", ".json,application/json").Disabled(l.busy()).
					OnChange(func(ctx app.Context, e app.Event) { v.readPlan(ctx.JSSrc().Get("files")) })),
			button("btn ghost", txt("Paste")).ID("live-plan-paste").Aria("expanded", boolean(l.planPaste)).OnClick(func(ctx app.Context, e app.Event) {
				l.planPaste = !l.planPaste
				v.study.rev++
				if l.planPaste {
					ctx.Defer(func(app.Context) { focus("live-plan-text") })
				}
			}),
			button("btn ghost", iconSave(), txt("Save the plan")).ID("live-plan-save").OnClick(func(ctx app.Context, e app.Event) { v.savePlan() })),
	)
	if l.planPaste {
		body = append(body,
			el("label", "sm", txt("A plan or a report, as JSON")).Attr("for", "live-plan-text"),
			app.Textarea().ID("live-plan-text").Class("inp mono").Rows(6).Attr("spellcheck", "false"),
			button("btn go", txt("Read it")).ID("live-plan-read").Attr("disabled", flag(l.busy())).OnClick(func(ctx app.Context, e app.Event) {
				if size := lengthOf("live-plan-text"); size > maxPlanFile {
					v.planTooLong("The text", float64(size))
					return
				}
				v.openPlan("the pasted text", valueOf("live-plan-text"))
			}))
	}
	return node("div", "", v.more("live-plan-more", name, l.filed != nil, body...).Attr("open", flag(l.filed != nil || l.planPaste)),
		el("p", "msg", txt(l.planFault)).ID("live-plan-msg").Role("alert").Attr("hidden", flag(l.planFault == "")))
}

// dropsPlan makes an element take a plan that is dropped on it.
func (v *Page) dropsPlan(e app.HTMLElem) app.UI {
	return e.On("dragover", func(ctx app.Context, e app.Event) { e.PreventDefault(); ctx.PreventUpdate() }).
		On("drop", func(ctx app.Context, e app.Event) {
			e.PreventDefault()
			v.readPlan(e.Get("dataTransfer").Get("files"))
		})
}

func (v *Page) planTooLong(name string, size float64) {
	v.endpoint.planFault = name + " has " + units.Sig(size/1e6, 2) + " MB; the page reads plans and reports of 16 MB. Use fleetsize bench -plan in a terminal."
	v.study.rev++
}

// readPlan reads a chosen or dropped file.
func (v *Page) readPlan(files app.Value) {
	if !files.Truthy() || files.Length() == 0 || v.endpoint.busy() {
		return
	}
	file := files.Index(0)
	name := file.Get("name").String()
	if size := file.Get("size").Float(); size > maxPlanFile {
		v.planTooLong(name, size)
		return
	}
	settle(file.Call("text"), func(text app.Value) {
		content := text.String()
		v.root.Dispatch(func(app.Context) { v.openPlan(name, content) })
	}, func(app.Value) {
		v.root.Dispatch(func(app.Context) {
			v.endpoint.planFault = name + " could not be read. Paste its text instead."
			v.study.rev++
		})
	})
}

// planSaved is the name of the file that a plan is saved as.
const planSaved = "fleetsize-plan.json"

// savePlan saves the plan of the form.
func (v *Page) savePlan() {
	l := &v.endpoint
	p := v.livePlan()
	if l.filed == nil {
		p.Seed = uint64(time.Now().Unix())
	}
	full, err := p.Defaults()
	var text []byte
	if err == nil {
		text, err = bench.EncodePlan(full)
	}
	v.study.rev++
	if err != nil {
		l.planFault = upperFirst(err.Error()) + "."
		return
	}
	l.planFault = ""
	saveFile(planSaved, "application/json", string(text))
	v.say("Saved as " + planSaved)
}

// livePlan is the plan of the form with its service levels.
func (v *Page) livePlan() bench.Plan {
	l := &v.endpoint
	p := l.planNow()
	if l.filed != nil && l.filed.tiers {
		return p
	}
	p.Tiers = nil
	if tier, ok := v.s.Catalog().Tier(l.tierNow()); ok {
		p.Tiers = []bench.Tier{bench.TierOf(tier)}
	}
	return p
}

// wants is how many requests the plan wants in flight at most; 0 = it depends
// on what is measured.
func (l *liveState) wants() int {
	if f := l.filed; f != nil && len(f.plan.Concurrency) > 0 {
		return f.plan.Concurrency[len(f.plan.Concurrency)-1]
	}
	switch l.kind() {
	case bench.Probes:
		return 32
	case bench.Sweep:
		return 16
	case bench.Load, bench.SLO:
		return int(l.number("live-top"))
	case bench.Open:
		return 0
	}
	return 1
}

// streamsHint says beforehand what the connection does not carry of the plan.
func (l *liveState) streamsHint() app.UI {
	c, wants := l.check, l.wants()
	if c == nil || !c.Passed() || c.Cap() <= 0 {
		return nil
	}
	text := ""
	switch most := c.Cap() * l.bases(); {
	case wants > most && l.kind() == bench.Probes:
		text = "High load means " + countText(most) + " requests in flight here, all that the connection carries, instead of " + countText(wants) + "."
	case wants > most:
		text = "This browser has at most " + countText(most) + " requests in flight here: the run ends below " + countText(wants) + " and says so."
	case wants > c.Tried() && most != live.PerAddress*l.bases():
		text = "The check opened " + countText(c.Tried()) + " streams at once. Check again to try the " + countText(wants) + " that this plan wants."
	}
	if text == "" {
		return nil
	}
	return el("p", "hint mut xs", txt(text)).ID("live-streams")
}
