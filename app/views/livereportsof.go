package views

import (
	"fleetsize/calc/bench"
	"fleetsize/calc/explain"
	"fleetsize/calc/importer"
	"fleetsize/calc/measured"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Reports of other clients stand in the table of reports beside our own. What
// they define in another way is marked with a dagger and said below the table;
// what they do not say about the hardware is asked for.

// mostReports is how many reports stand side by side.
const mostReports = 50

// readReport reads a report of this program or of another client.
func readReport(name, text string) openedReport {
	r := openedReport{name: name}
	if d, err := bench.DecodeDocument([]byte(text)); err == nil {
		r.doc = &d
		return r
	}
	f, err := importer.Read([]byte(text))
	if err != nil {
		r.fault = upperFirst(err.Error())
		return r
	}
	r.file = &f
	return r
}

// row is the load of another client's report with the most output, nil where
// it states none.
func (r *openedReport) row() *measured.Row {
	if r.file == nil {
		return nil
	}
	var best *measured.Row
	for i := range r.file.Table.Rows {
		q := &r.file.Table.Rows[i]
		if !q.Excluded() && q.OutputTokPerS.OK && (best == nil || q.OutputTokPerS.Value > best.OutputTokPerS.Value) {
			best = q
		}
	}
	return best
}

// behind is the hardware that a report is about: as it says itself, else as
// chosen below the table; nil and 0 where nobody has said.
func (v *Page) behind(r *openedReport) (g *catalog.GPU, n int, from string) {
	id := r.gpu
	n, from = r.gpus, "chosen below the table of reports"
	switch q := r.row(); {
	case r.doc != nil:
		if d := r.doc.Setup.Deployment; d != nil && max(d.GPUs, d.TP) > 0 {
			id, n, from = d.GPU, max(d.GPUs, d.TP), "what the report says is behind the endpoint"
		}
	case q != nil:
		if _, ok := v.s.Catalog().GPU(q.GPU); ok {
			id = q.GPU
		}
		if q.LayoutStated {
			n, from = q.GPUs, "what the report says it was measured on"
		}
	}
	g, _ = v.s.Catalog().GPU(id)
	return g, n, from
}

// seenForeign are the figures of another client's report at its best load.
func (v *Page) seenForeign(r *openedReport, q *measured.Row) explain.Shown {
	tool := r.file.Format.Tool()
	s := explain.Shown{About: r.name + ", " + rowLoad(q), Sure: "As stated by " + tool, Figures: map[string]float64{}, Sources: map[string]string{}}
	put := func(id string, x measured.Opt, f measured.Figure) {
		if !x.OK || !(x.Value > 0) {
			return
		}
		text := "stated by " + tool
		if d, ok := q.Definition(f); ok {
			text += ": " + d.Text
		}
		s.Figures["seen_"+id], s.Sources["seen_"+id] = x.Value, text
	}
	put("output", q.OutputTokPerS, measured.FigureRate)
	own := ""
	if q.Statistic != measured.P50 {
		own = "tool_"
	}
	put(own+"ttft", q.TTFT, measured.FigureTTFT)
	put("ttft_slow", q.TTFTP95, measured.FigureTTFT)
	if q.ITL.OK && q.ITL.Value > 0 {
		put(own+"speed", measured.Some(1/q.ITL.Value), measured.FigureITL)
	}
	return s
}

// perHardware adds what the output is per GPU, per watt and per dollar.
func (v *Page) perHardware(r *openedReport, s *explain.Shown) {
	g, n, from := v.behind(r)
	rate := s.Figures["seen_output"]
	put := func(id string, x float64, from string) {
		if x > 0 {
			s.Figures["seen_"+id], s.Sources["seen_"+id] = x, from
		}
	}
	if _, ok := s.Figures["seen_tokens"]; !ok { // the report states a rate, not what it was counted over
		put("tokens", rate, orWord(s.Sources["seen_output"], "rate that the report states"))
		put("seconds", 1, "one second of that rate")
	}
	if n < 1 || !(rate > 0) {
		return
	}
	put("gpus", float64(n), from)
	rate /= float64(n)
	put("per_gpu", rate, "")
	price := 0.0
	if g != nil {
		put("watts", g.TDPWatts, "rated power of "+gpuName(g)+" in the catalog")
		if g.TDPWatts > 0 {
			put("per_kw", 1e3*rate/g.TDPWatts, "")
		}
		if p := g.Rent; p != nil {
			price, from = p.USD, join(", ", p.Source, day(p.AsOf))
		}
	}
	if r.doc != nil && r.doc.Setup.Deployment != nil {
		if d := r.doc.Setup.Deployment; d.USDPerGPUHour != nil && *d.USDPerGPUHour > 0 {
			price, from = *d.USDPerGPUHour, join(": ", "as the report states", d.PriceFrom)
		}
	}
	if price > 0 {
		put("usd_hour", price, from)
		put("per_usd", 3600*rate/price/1e6, "")
		put("usd_mtok", price/(3600*rate)*1e6, "")
	}
}

// rowLoad names the load of a row: "16 in flight, 1,000/200".
func rowLoad(q *measured.Row) string {
	load := "load not stated"
	switch {
	case q.Concurrency > 0:
		load = countText(q.Concurrency) + " in flight"
	case q.Rate > 0:
		load = units.Rate(q.Rate)
	case q.Offline:
		load = "all at once"
	}
	if q.Input > 0 && q.Output > 0 {
		load += ", " + countText(q.Input) + "/" + countText(q.Output)
	}
	return load
}

// askBehind asks what a report was measured on where it does not say.
func (v *Page) askBehind(i int) app.UI {
	r := &v.endpoint.reports[i]
	stated := r.doc != nil && r.doc.Setup.Deployment != nil && max(r.doc.Setup.Deployment.GPUs, r.doc.Setup.Deployment.TP) > 0
	asksGPU, asksN := !stated, !stated
	if q := r.row(); q != nil {
		_, known := v.s.Catalog().GPU(q.GPU)
		asksGPU, asksN = !known, !q.LayoutStated
	} else if r.doc == nil || r.best() == nil {
		return nil
	}
	if !asksGPU && !asksN {
		return nil
	}
	gpus, sizes := []option{{id: "", label: "Choose…", on: r.gpu == ""}}, []option{{id: "", label: "Choose…", on: r.gpus == 0}}
	for _, g := range v.s.Catalog().GPUs {
		gpus = append(gpus, option{id: g.ID, label: gpuName(g), on: g.ID == r.gpu})
	}
	for _, n := range []int{1, 2, 4, 8, 16, 32, 64, 72} {
		sizes = append(sizes, option{id: countPlain(n), label: countText(n), on: n == r.gpus})
	}
	body := []app.UI{leaf("span", "sm", r.name+" does not say what it was measured on:")}
	if asksGPU {
		body = append(body, v.choose("report-gpu-"+countPlain(i), "Accelerator", gpus, func(ctx app.Context, id string) { v.endpoint.reports[i].gpu = id; v.study.rev++ }))
	}
	if asksN {
		body = append(body, v.choose("report-gpus-"+countPlain(i), "GPUs", sizes, func(ctx app.Context, id string) {
			v.endpoint.reports[i].gpus = 0
			if n, err := units.ParseNumber(id); err == nil {
				v.endpoint.reports[i].gpus = int(n)
			}
			v.study.rev++
		}))
	}
	return node("div", "row", body...)
}

// reportNotes say what is defined in another way than our reports have it.
func (v *Page) reportNotes() app.UI {
	var items []app.UI
	for i := range v.endpoint.reports {
		r := &v.endpoint.reports[i]
		items = append(items, powerNotes(r)...)
		q := r.row()
		if q == nil {
			continue
		}
		text := ""
		for _, u := range measured.DefinitionsOf([]measured.Row{*q}) {
			if u.Like != measured.Same {
				text = join("; ", text, u.Figure.Words()+", "+u.Text)
			}
		}
		if text != "" {
			items = append(items, leaf("li", "", "† "+r.name+": "+text+"."))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return el("ul", "plain sm mut", items...).ID("live-reports-marks")
}
