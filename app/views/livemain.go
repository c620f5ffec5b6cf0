package views

import (
	"maps"
	"slices"
	"strings"

	"fleetsize/app/live"
	"fleetsize/calc/bench"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// liveMain is the content of the Measure view while an endpoint is the source.
func (v *Page) liveMain() app.UI {
	l := &v.endpoint
	stage := "empty"
	switch {
	case l.session != nil && !l.session.Over():
		stage = "run"
	case l.doc != nil:
		stage = "done"
	case l.busy():
		stage = "check"
	case l.check != nil && l.check.Passed():
		stage = "ready"
	case l.check != nil:
		stage = "refused"
	}
	body := []app.UI{
		el("section", "answer",
			node("h1", "say", l.sentence()...),
			p("mut", "Short phases of requests go from this browser to your OpenAI-compatible endpoint; each is drawn as it ends, beside what the estimate says, and the estimate can be fitted to them.").Attr("hidden", flag(stage != "empty")),
			v.liveProgress(),
			el("p", "msg", txt(l.fault)).Role("alert").Attr("hidden", flag(l.fault == "")),
		).ID("live").Aria("label", "Live endpoint").DataSet("live-state", stage),
	}
	if stage == "refused" {
		body = append(body, v.liveObstacle())
	}
	if l.session != nil {
		results := l.session.Run().Results()
		body = append(body, v.liveFigure(results), v.liveCapacity(), v.liveTable(results), v.liveWarnings(results), v.liveWaterfall(), v.liveNext())
	}
	return node("div", "leafless", append(body, v.liveReports())...)
}

// liveObstacle is what to do about the rung at which the check failed.
func (v *Page) liveObstacle() app.UI {
	for _, r := range v.endpoint.check.Rungs {
		if r.Outcome == live.Failed {
			body := []app.UI{p("", r.Text+" "+r.Fix)}
			for i, m := range r.More {
				body = append(body, fold("live-fix-"+units.Plain(float64(i)), m.Name, v.toCopy(m.Text)))
			}
			return el("section", "blk-h", body...).ID("live-fix")
		}
	}
	return nil
}

// sentence says what was found.
func (l *liveState) sentence() []app.UI {
	if l.session == nil {
		if l.check != nil && l.check.Passed() {
			return []app.UI{txt("The endpoint can be measured. Choose a plan and start.")}
		}
		if l.check != nil && l.check.Over() {
			return []app.UI{txt("The endpoint cannot be measured from this page yet.")}
		}
		return []app.UI{txt("Measure a live endpoint beside the prediction.")}
	}
	run := l.session.Run()
	results := run.Results()
	if len(results) == 0 {
		if run.Over() {
			text := "Nothing could be measured."
			if s := run.Stopped(); s != nil {
				text += " " + s.Text
			}
			return []app.UI{txt(text)}
		}
		return []app.UI{txt("Measuring…")}
	}
	worst, at, top := 0.0, 0, -1 // measured over model − 1, and in which phase
	for i := range results {
		r := &results[i]
		if p, ok := l.ghost.at(r.Phase.Input, r.Phase.Output, r.Phase.Concurrency); ok && r.OutputTokPerS > 0 && believed(r) {
			if off := r.OutputTokPerS/p.tokS - 1; abs(off) >= abs(worst) {
				worst, at = off, i
			}
			if top < 0 || r.Phase.Concurrency > results[top].Phase.Concurrency {
				top = i
			}
		}
	}
	if top >= 0 {
		share, where := units.Percent(units.Round(abs(worst), 2)), "within "
		end := " of the model"
		switch {
		case worst > 0.25:
			where, end = "up to ", " above the model"
		case worst < -0.25:
			where, end = "up to ", " below the model"
		}
		to := ", at up to "
		if results[top].Phase.Concurrency == 1 {
			to = ", at "
		}
		return append([]app.UI{txt("Measured output is "), node("b", "", rich(where+saw("off", phaseRef(at), nobreak(share)))...)},
			rich(end+to+saw("in_flight", phaseRef(top), plural(results[top].Phase.Concurrency, "request"))+" in flight.")...)
	}
	best := 0
	for i := range results {
		if results[i].OutputTokPerS > results[best].OutputTokPerS && believed(&results[i]) {
			best = i
		}
	}
	load := "in_flight"
	if !results[best].Phase.Closed() {
		load = "rate"
	}
	return append([]app.UI{txt("The endpoint gives up to "), node("b", "", rich(saw("output", phaseRef(best), nobreak(units.Sig(results[best].OutputTokPerS, 3)+" tok/s")))...)},
		rich(" at "+saw(load, phaseRef(best), liveLoad(&results[best].Phase))+".")...)
}

// believed reports whether the phase's throughput is the server's.
func believed(r *bench.PhaseResult) bool {
	return r.Completed > 0 && (r.Limited == nil || !r.Limited.Severe)
}

func abs(x float64) float64 { return max(x, -x) }

func liveLoad(p *bench.Phase) string {
	if p.Closed() {
		return plural(p.Concurrency, "request") + " in flight"
	}
	return units.Rate(p.Rate)
}

// liveProgress is the bar of the work under way with its Stop button.
func (v *Page) liveProgress() app.UI {
	l := &v.endpoint
	if !l.busy() {
		return nil
	}
	stop := button("btn stop", txt("Stop")).ID("live-stop").OnClick(func(ctx app.Context, e app.Event) { v.liveStop() })
	if l.session == nil {
		return node("div", "row", stop, txt("Checking the endpoint"))
	}
	s := l.session.Run().Live()
	words := upperFirst(s.State.String())
	if s.Index >= 0 {
		words = "Phase " + units.Count(float64(s.Index+1)) + ", " + liveLoad(&s.Phase)
	} else if s.Phase.Warmup {
		words = "Warm-up"
	}
	spent := plural(s.Done, "request")
	if s.USD > 0 {
		spent += " · " + units.USD(s.USD) + " spent"
	}
	spent += " · " + plural(s.Failed, "error")
	share := units.Round(100*s.Share, 3)
	return node("div", "blk-h",
		node("div", "row", stop, node("span", "", leaf("b", "", words), txt(", "+s.State.String()+", "+units.Count(float64(s.Open))+" of "+units.Count(float64(s.InFlight))+" answering")),
			leaf("span", "mut sm end", spent)),
		app.Progress().Attr("max", "100").Attr("value", units.Plain(share)).Aria("label", "Progress of the phase").Body(txt(units.Plain(share)+" %")),
	)
}

// liveCapacity is the answer of a search for capacity.
func (v *Page) liveCapacity() app.UI {
	list := v.endpoint.session.Run().Outcome().Capacity
	if len(list) == 0 {
		return nil
	}
	var items []app.UI
	for i, c := range list {
		items = append(items, el("li", "", append([]app.UI{leaf("b", "", upperFirst(c.Tier.ID)+": ")}, rich(capacityText(&c, i))...)...).DataSet("tier", c.Tier.ID).DataSet("verdict", string(c.Verdict)))
	}
	return el("section", "blk", leaf("h2", "", "Requests in flight that hold the service level"), node("ul", "plain", items...)).ID("live-capacity")
}

// capacityText is the finding about a service level with its loads marked.
func capacityText(c *bench.Capacity, i int) string {
	text := c.Text
	for _, end := range []struct {
		id string
		n  int
	}{{"pass", c.Pass}, {"fail", c.Fail}} {
		n := countPlain(max(end.n, 0))
		if before, after, ok := cutNumber(text, n); ok && end.n > 0 {
			text = before + saw(end.id, "t"+countPlain(i), n) + after
		}
	}
	return text
}

// cutNumber cuts a text around a number that stands by itself.
func cutNumber(text, n string) (before, after string, ok bool) {
	digit := func(at int) bool { return at >= 0 && at < len(text) && text[at] >= '0' && text[at] <= '9' }
	for from := 0; ; {
		i := strings.Index(text[from:], n)
		if i < 0 {
			return text, "", false
		}
		if i += from; !digit(i-1) && !digit(i+len(n)) {
			return text[:i], text[i+len(n):], true
		}
		from = i + 1
	}
}

// liveTable is one row a phase.
func (v *Page) liveTable(results []bench.PhaseResult) app.UI {
	l := &v.endpoint
	if len(results) == 0 {
		return nil
	}
	heads := []string{"Phase", "Requests", "TTFT p50", "TTFT p95", "Per token p50", "tok/s", "tok/s/user p25", "Within level", "Errors", v.endpoint.counterName() + " p50"}
	var rows []app.UI
	for i := range results {
		r := &results[i]
		errors := 0
		for _, n := range r.Errors {
			errors += n
		}
		cells := []string{
			units.Count(float64(r.Requests)), distSeconds(r.TTFT, 0.5), distSeconds(r.TTFT, 0.95), distSeconds(r.TPOT, 0.5),
			units.Sig(r.OutputTokPerS, 3), plainOf(r.Speed, 0.25), units.Percent(units.Round(r.GoodFraction, 2)), units.Count(float64(errors)), plainOf(r.CountedSpeed, 0.5),
		}
		tds := []app.UI{rowHead(phaseName(&r.Phase))}
		model, ok := l.ghost.at(r.Phase.Input, r.Phase.Output, r.Phase.Concurrency)
		load := loadRef(r.Phase.Input, r.Phase.Output, r.Phase.Concurrency)
		expected := map[int]string{1: saw("model_ttft", load, "model "+units.Duration(model.ttft, 2)), 3: saw("model_tpot", load, "model "+units.Duration(model.tpot, 2)), 4: saw("model_output", load, "model "+units.Sig(model.tokS, 2))}
		for k, c := range cells {
			cell := rich(saw(liveFigures[k], phaseRef(i), c))
			if words := expected[k]; ok && words != "" {
				cell = append(cell, node("div", "mut xs", rich(words)...))
			}
			tds = append(tds, el("td", "num", cell...).DataSet("l", heads[k+1]))
		}
		rows = append(rows, el("tr", "", tds...).DataSet("phase", units.Plain(float64(r.Phase.Concurrency))))
	}
	return el("section", "blk", leaf("h2", "", "Phases"),
		stacked("What each phase showed", head(heads...), rows...),
		node("p", "mut sm", rich(v.endpoint.overstated(results))...),
		fold("live-how", "How each column is measured", liveHow(heads)),
	).ID("live-phases")
}

// liveFigures are the entries of the registry behind the columns of the phases.
var liveFigures = []string{"requests", "ttft", "ttft_slow", "tpot", "output", "speed_slow", "good", "errors", "counted"}

// liveMeanings say how the columns of the phases are measured, in their order.
var liveMeanings = []string{
	"issued while the phase was measured; those before it was steady are left out",
	"from sending a request to its first event with tokens; half of the requests were faster",
	"the same; nineteen in twenty were faster",
	"(whole answer − TTFT) ÷ (tokens − 1) of each request; half were faster",
	"output tokens of all requests that came while the phase was measured, over its seconds",
	"1 ÷ time per token of each request; three in four were faster",
	"share of the requests that met every limit of the service level",
	"requests that failed; those this page ended itself are not among them",
	"as tok/s per user, in tokens counted by this page; half were faster",
}

// liveHow is the list of the columns with their meanings.
func liveHow(heads []string) app.UI {
	var body []app.UI
	for i, m := range append(liveMeanings, "what the calculator expects at the same load of what is said to be behind the endpoint") {
		name := "model"
		if i < len(liveMeanings) {
			name = heads[i+1]
		}
		body = append(body, node("li", "", leaf("b", "", name), txt(": "+m)))
	}
	return node("ul", "plain sm", body...)
}

// counterName heads the speeds per user in tokens that this page counts.
func (l *liveState) counterName() string {
	if l.counted {
		return "o200k"
	}
	return "chars ÷ 4"
}

// overstated compares the server's tokens with those that this page counts.
func (l *liveState) overstated(results []bench.PhaseResult) string {
	text := "Speeds are in the server's own tokens"
	if share, ok := results[len(results)-1].Overstatement(); ok {
		word := " above"
		if share < 0 {
			share, word = -share, " below"
		}
		if share < 0.005 {
			text += ", here the same as those of the last column"
		} else {
			text += ", " + saw("over", phaseRef(len(results)-1), nobreak(units.Percent(units.Round(share, 2)))) + word + " the speed in those of the last column"
		}
	}
	if l.counted {
		return text + ": OpenAI's o200k_base, counted exactly."
	}
	return text + ": characters ÷ 4, off by tens of per cent, because the vocabulary could not be loaded."
}

func phaseName(p *bench.Phase) string {
	load := units.Rate(p.Rate)
	if p.Closed() {
		load = units.Count(float64(p.Concurrency)) + " in flight"
	}
	return load + ", " + units.Count(float64(p.Input)) + "/" + units.Count(float64(p.Output))
}

// distSeconds is a quantile of a time; "too few" where it does not exist.
func distSeconds(d bench.Dist, q float64) string {
	x, ok := d.Quantile(q)
	if !ok {
		return "too few"
	}
	return units.Duration(x, 3)
}

func plainOf(d bench.Dist, q float64) string {
	x, ok := d.Quantile(q)
	if !ok {
		return "too few"
	}
	return units.Sig(x, 3)
}

// liveWarnings is what a reader should know about the numbers.
func (v *Page) liveWarnings(results []bench.PhaseResult) app.UI {
	run := v.endpoint.session.Run()
	var items []app.UI
	add := func(code, text string) {
		items = append(items, el("li", "", iconWarn(), leaf("span", "", text)).DataSet("doubt", code))
	}
	if s := run.Stopped(); s != nil {
		add(string(s.Code), s.Text)
	}
	for i := range results {
		r := &results[i]
		if r.Limited != nil {
			add("limited_"+r.Limited.Code, phaseName(&r.Phase)+": "+r.Limited.Text)
		}
		for _, class := range slices.Sorted(maps.Keys(r.Errors)) {
			text, last := phaseName(&r.Phase)+": "+strings.TrimSuffix(class.Text(), ".")+", "+plural(r.Errors[class], "time"), ""
			for _, m := range r.Messages {
				if said, ok := strings.CutPrefix(m, string(class)+": "); ok && said != class.Text() {
					last = said
					text += ": " + strings.TrimSuffix(said, ".")
				}
			}
			add(string(class), join(" ", text+".", bench.Fix(class, last)))
		}
		for _, w := range r.Warnings {
			add(w.Code, phaseName(&r.Phase)+": "+w.Text)
		}
	}
	if len(items) == 0 {
		return nil
	}
	const most = 12
	if n := len(items); n > most {
		items = append(items[:most:most], leaf("li", "mut", "and "+units.Count(float64(n-most))+" more in the report"))
	}
	return el("section", "blk", leaf("h2", "", "To know about these numbers"), node("ul", "warns sm", items...)).ID("live-warnings")
}

// liveNext is what to do with a finished run.
func (v *Page) liveNext() app.UI {
	l := &v.endpoint
	if l.doc == nil {
		return nil
	}
	usable, why := false, []app.UI(nil)
	for i := range l.doc.Phases {
		f := &l.doc.Phases[i]
		usable = usable || f.Usable()
		if f.Use != "" {
			why = append(why, node("li", "", iconWarn(), leaf("span", "", "Left out, "+l.phaseOf(i)+": "+strings.TrimPrefix(f.Use, "no: "))))
		}
	}
	var body []app.UI
	if usable {
		body = append(body, button("btn go", txt("Compare and fit to this")).ID("live-fit").OnClick(func(ctx app.Context, e app.Event) { v.liveFit() }))
	}
	body = append(body, v.liveSave(bench.FormatJSON).ID("live-save"))
	var formats []option
	as := orWord(l.text["as"], bench.FormatCSV)
	for _, f := range bench.Formats()[1:] {
		formats = append(formats, option{id: f, label: saved[f].label, on: f == as})
	}
	return el("section", "blk", leaf("h2", "", "Use it"),
		leaf("p", "mut sm", "The phases become rows of a table: each is predicted, the errors are shown, and one click fits the estimate to them."),
		node("ul", "warns sm", why...), node("div", "row", body...),
		node("div", "row", v.choose("live-as", "For other tools", formats, func(ctx app.Context, id string) { l.set("as", id); v.study.rev++ }),
			v.liveSave(as).ID("live-save-as"))).ID("live-next")
}

// phaseOf names a phase of the report as the table of phases does.
func (l *liveState) phaseOf(i int) string {
	if l.session != nil {
		if r := l.session.Run().Results(); i < len(r) {
			return phaseName(&r[i].Phase)
		}
	}
	return l.doc.Phases[i].Label
}
