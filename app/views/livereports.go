package views

import (
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/calc/explain"
	"fleetsize/calc/importer"
	"fleetsize/calc/measured"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// reportHeads head the table of reports.
var reportHeads = []string{"Report", "On", "Load", "tok/s", "Per GPU", "Per kW", "M tok per USD", "Per user p50, p25", "TTFT p50, p95"}

// openedReport is one report of the table: what it is called and what it holds.
type openedReport struct {
	name  string
	doc   *bench.Document // of this program
	file  *importer.File  // of another client; neither = fault says why
	fault string
	// gpu and gpus are what it was measured on as chosen, where it does not say.
	gpu  string
	gpus int
}

// best is the phase with the most output that the client did not limit; nil
// where there is none.
func (r *openedReport) best() *bench.PhaseDoc {
	var best *bench.PhaseDoc
	for i := range r.doc.Phases {
		if f := &r.doc.Phases[i]; f.Use == "" && f.OutputTokPerS != nil && (best == nil || *f.OutputTokPerS > *best.OutputTokPerS) {
			best = f
		}
	}
	return best
}

// liveReports lists reports side by side: what the best phase of each gives per
// GPU, per watt and per dollar, and how its users fare there.
func (v *Page) liveReports() app.UI {
	l := &v.endpoint
	var rows []app.UI
	for i := range l.reports {
		rows = append(rows, node("tr", "", v.reportCells(i)...))
	}
	table := app.UI(nil)
	if len(rows) > 0 {
		var heads []app.UI
		for i, h := range reportHeads {
			class := "num"
			if i < 2 {
				class = ""
			}
			heads = append(heads, colHead(class, h))
		}
		table = stacked("Reports side by side", node("thead", "", node("tr", "", heads...)), rows...)
	}
	var asks []app.UI
	for i := range l.reports {
		asks = append(asks, v.askBehind(i))
	}
	drop := el("section", "blk", leaf("h2", "", "Reports side by side"),
		leaf("p", "mut sm", "Of each the load with the most output that the client did not limit. Reports of other clients are read, too. Power is what the GPUs drew where a log of nvidia-smi is opened with its report (fleetsize bench power -h has the command that writes one), else their data-sheet limit; the price is the report's own, else the catalog's rent. Speeds in tok/s."),
		table, v.reportNotes(), node("div", "blk-h", asks...), v.logForm(),
		node("div", "row", node("label", "btn", txt("Open reports"),
			app.Input().ID("live-reports-file").Class("sr").Type("file").Multiple(true).Attr("accept", ".json,.jsonl,.csv,.txt,.log").
				OnChange(func(ctx app.Context, e app.Event) { v.openReports(ctx.JSSrc().Get("files")) })),
			button("btn ghost", txt("Paste")).ID("live-reports-paste").Aria("expanded", boolean(l.power.paste)).OnClick(func(ctx app.Context, e app.Event) {
				l.power.paste = !l.power.paste
				v.study.rev++
				ctx.Defer(func(app.Context) { focus("live-reports-text") })
			}),
			button("btn ghost", txt("Empty the table")).ID("live-reports-clear").Attr("hidden", flag(len(rows) == 0)).
				OnClick(func(ctx app.Context, e app.Event) { l.reports, l.power = nil, powerLog{}; v.study.rev++ })),
	).ID("live-reports")
	return drop.On("dragover", func(ctx app.Context, e app.Event) { e.PreventDefault(); ctx.PreventUpdate() }).
		On("drop", func(ctx app.Context, e app.Event) {
			e.PreventDefault()
			v.openReports(e.Get("dataTransfer").Get("files"))
		})
}

// reportCells are a report's figures; "–" where something is not known.
func (v *Page) reportCells(i int) []app.UI {
	r := &v.endpoint.reports[i]
	words, below := make([]string, len(reportHeads)+1), map[int]string{} // the second is who measured
	for k := range words {
		words[k] = "–"
	}
	words[0] = r.name
	s, ok := v.seenReport(i)
	switch q := r.row(); {
	case r.doc == nil && r.file == nil:
		words[1] = r.fault
	case !ok && r.doc != nil:
		words[1], words[2] = bench.Tool, "no load that the client did not limit"
	case !ok:
		words[1], words[2] = r.file.Format.Tool(), "no output stated"
	default:
		g, n, _ := v.behind(r)
		words[1], words[2] = bench.Tool, "not stated"
		if g != nil && n > 0 {
			words[2] = countText(n) + " × " + gpuName(g)
		} else if g != nil {
			words[2] = gpuName(g)
		}
		marks, tool := map[measured.Figure]string{}, "" // of another definition, of another statistic
		if q != nil {
			words[1], words[3] = r.file.Format.Tool(), rowLoad(q)
			for _, f := range []measured.Figure{measured.FigureTTFT, measured.FigureITL, measured.FigureRate} {
				if q.Marked(f) {
					marks[f] = " †"
				}
			}
			if q.Statistic != measured.P50 {
				tool = "tool_"
			}
		} else {
			words[3] = orWord(r.best().Label, "–")
		}
		as := func(id string, f measured.Figure, print func(x float64, digits int) string) string {
			x, ok := s.Figures["seen_"+id]
			if !ok {
				return ""
			}
			text := saw(id, "r"+countPlain(i), print(x, 3))
			if tool != "" && strings.HasPrefix(id, tool) {
				text += " " + string(q.Statistic)
			}
			return text + marks[f]
		}
		of := func(id string) string { return as(id, measured.FigureRate, units.Sig) }
		perUSD := of("per_usd")
		if perUSD == "" && g != nil {
			perUSD = "No price"
		}
		// Power, and what a million tokens cost, stand below what they come from.
		perKW, power := of("per_kw"), ""
		if drawn := of("drawn"); drawn != "" {
			perKW, power = of("per_drawn"), drawn+" W, "+of("joule")+" J per token"
		}
		below[5], below[6] = power, ""
		if cost := as("usd_mtok", measured.FigureRate, func(x float64, _ int) string { return units.USD(x) }); cost != "" {
			below[6] = cost + " per M tok"
		}
		for k, text := range []string{
			of("output"), of("per_gpu"), perKW, perUSD,
			join(", ", as(tool+"speed", measured.FigureITL, units.Sig), as("speed_slow", measured.FigureITL, units.Sig)),
			join(", ", as(tool+"ttft", measured.FigureTTFT, units.Duration), as("ttft_slow", measured.FigureTTFT, units.Duration)),
		} {
			words[4+k] = orWord(text, "–")
		}
	}
	cells := []app.UI{el("th", "", txt(words[0]), leaf("div", "mut xs", words[1])).Attr("scope", "row"), leaf("td", "", words[2])}
	for k, w := range words[3:] {
		cell := rich(w)
		if more := below[k+2]; more != "" {
			cell = append(cell, node("div", "mut xs", rich(more)...))
		}
		cells = append(cells, el("td", "num", cell...).DataSet("l", reportHeads[k+2]))
	}
	return cells
}

// seenReport are the figures of a report's best phase.
func (v *Page) seenReport(i int) (s explain.Shown, ok bool) {
	if i < 0 || i >= len(v.endpoint.reports) {
		return s, false
	}
	r := &v.endpoint.reports[i]
	if q := r.row(); q != nil {
		s = v.seenForeign(r, q)
		v.perHardware(r, &s)
		return s, true
	}
	if r.doc == nil {
		return s, false
	}
	best := r.best()
	if best == nil {
		return s, false
	}
	s = explain.Shown{About: r.name + ", " + best.Label, Sure: "Measured, " + plural(best.Requests, "request"), Figures: map[string]float64{}, Sources: map[string]string{}}
	put := func(id string, x float64, from string) {
		if x > 0 {
			s.Figures["seen_"+id], s.Sources["seen_"+id] = x, from
		}
	}
	of := func(id string, x *float64, scale float64, key string) {
		if x != nil {
			put(id, *x*scale, defined(key))
		}
	}
	rate := *best.OutputTokPerS
	put("output", rate, "")
	if best.WindowS != nil {
		put("seconds", *best.WindowS, "length of the phase's window")
		put("tokens", rate**best.WindowS, defined("output_tok_s"))
	}
	of("speed", best.Speed.P50, 1, "speed_tok_s")
	of("speed_slow", best.Speed.P25, 1, "speed_tok_s")
	of("ttft", best.TTFT.P50, 1e-3, "ttft_ms")
	of("ttft_slow", best.TTFT.P95, 1e-3, "ttft_ms")
	if w := best.Power; w != nil && w.MeanW != nil {
		of("drawn", w.MeanW, 1, "mean_w")
		put("per_drawn", 1e3*rate / *w.MeanW, "")
		put("joule", *w.MeanW/rate, "")
	}
	v.perHardware(r, &s)
	return s, true
}

// openReports reads report files.
func (v *Page) openReports(files app.Value) {
	turn := func(f func()) { v.root.Dispatch(func(app.Context) { f() }) }
	add := func(r openedReport) {
		turn(func() { v.endpoint.reports = append(v.endpoint.reports, r); v.study.rev++ })
	}
	for i := 0; files.Truthy() && i < min(files.Length(), mostReports); i++ {
		file := files.Index(i)
		name := file.Get("name").String()
		if size := file.Get("size").Float(); size > maxPlanFile {
			add(openedReport{name: name, fault: "Has " + units.Sig(size/1e6, 2) + " MB; the page reads 16"})
			continue
		}
		settle(file.Call("text"), func(text app.Value) { content := text.String(); turn(func() { v.takeReport(name, content) }) },
			func(app.Value) { add(openedReport{name: name, fault: "Could not be read"}) })
	}
}
