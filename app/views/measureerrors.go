package views

import (
	"slices"
	"strconv"
	"strings"

	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// td, colHead and rowHead are the cells of tables, heading is the title of a part.

func td(class, text string) app.UI      { return leaf("td", class, text) }
func colHead(class, text string) app.UI { return el("th", class, txt(text)).Attr("scope", "col") }
func rowHead(text string) app.UI        { return el("th", "", txt(text)).Attr("scope", "row") }

// heading is a finding; its percentages stay on one line.
func heading(text string) app.UI {
	return leaf("h2", "", strings.ReplaceAll(text, " %", "\u00a0%"))
}

// fold is a disclosure with a one-line summary.
func fold(id, summary string, body app.UI) app.HTMLElem {
	return el("details", "more", node("summary", "", leaf("span", "", summary), iconChevron()), body).ID(id)
}

// head is the first row of a table; the first column names the row.
func head(names ...string) app.UI {
	var body []app.UI
	for i, n := range names {
		class := "num"
		if i == 0 {
			class = ""
		}
		body = append(body, colHead(class, n))
	}
	return node("thead", "", node("tr", "", body...))
}

// cells is a row of a stacked table with these heads: a name and numbers.
func cells(heads []string, name string, numbers ...string) app.UI {
	body := []app.UI{rowHead(name)}
	for i, n := range numbers {
		body = append(body, el("td", "num", rich(n)...).DataSet("l", heads[i+1]))
	}
	return node("tr", "", body...)
}

// stacked is a table of which every row becomes a block with named numbers where
// the columns do not fit side by side; labeled makes its cells.
func stacked(caption string, head app.UI, rows ...app.UI) app.UI {
	return el("div", "scroll", node("table", "tbl data stacked", leaf("caption", "sr", caption), head, node("tbody", "", rows...))).
		TabIndex(0).Role("region").Aria("label", caption)
}

func labeled(name, number string) app.UI {
	return el("td", "num nw", rich(number)...).DataSet("l", name)
}

// measureErrors are the errors of each figure apart, over all rows and by group.
func (v *Page) measureErrors() app.UI {
	st := &v.study
	r := score.Summarize(st.shown())
	with := "Predicted with what ships"
	if st.stageNow() == "after" {
		with = "Predicted with the fit"
	}
	if names := profilesUsed(st.shown()); names != "" {
		with += ", profile " + names
	}
	body := []app.UI{app.Elem("figcaption").Body(
		node("h2", "", rich(strings.ReplaceAll(errorFinding(r), " %", "\u00a0%"))...),
		leaf("p", "", with+". Errors are |model ÷ measured − 1|; bias is the median of model ÷ measured − 1."),
		node("div", "row", v.stageSegment()),
	)}
	names := []string{"Figure", "Rows", "Mean", "Median", "RMSE", "Bias", "Within 20 %", "In 10–90 % range"}
	var rows []app.UI
	for _, l := range figureErrors(r) {
		if l.e.N == 0 {
			continue
		}
		inside := "no range"
		if l.inside.OK {
			inside = saw("inside", l.id, units.Percent(units.Round(l.inside.Value, 3)))
		}
		rms := saw("rms", l.id, units.SigFixed(l.e.RMSE*1e3, 3)+" ms")
		if l.id == "srate" {
			rms = saw("rms_rate", l.id, units.SigFixed(l.e.RMSE, 3))
		}
		cells := []app.UI{rowHead(l.name)}
		for i, text := range []string{saw("rows", l.id, countText(l.e.N)), saw("mean", l.id, pct1(l.e.MAPE)), saw("median", l.id, pct1(l.e.Median)), rms,
			saw("bias", l.id, signed1(l.e.Bias)), saw("near", l.id, units.Percent(units.Round(l.e.Within20, 3))), inside} {
			cells = append(cells, labeled(names[i+1], text))
		}
		rows = append(rows, node("tr", "", cells...))
	}
	if len(rows) > 0 {
		body = append(body, stacked("Errors by figure", head(names...), rows...))
	}
	if text := widthText(r); text != "" {
		body = append(body, leaf("p", "sm mut", text))
	}
	if len(r.Skipped) > 0 {
		var items []app.UI
		for _, k := range r.Skipped {
			why := string(k.Reason)
			if k.Reason == score.ReasonUse {
				why = "the table says not to use them"
			}
			items = append(items, leaf("li", "", plural(k.N, "row")+" left out: "+why))
		}
		body = append(body, node("ul", "plain sm mut", items...))
	}
	if len(r.Groups) > 1 {
		heads := []string{"Group", "Rows", "TTFT", "Per token", "Tokens/s", "Confidence"}
		var rows []app.UI
		for i, g := range r.Groups {
			_, tier := tierKind(g.Tier)
			of := func(id string, e score.Errors) string { return saw("mean", id+"."+countPlain(i), mape(e)) }
			rows = append(rows, cells(heads, g.Name, countText(g.N), of("sttft", g.TTFT), of("sitl", g.ITL), of("srate", g.OutputTokPerS), tier))
		}
		body = append(body, fold("groups", "Mean error by group ("+countText(len(r.Groups))+")",
			stacked("Mean error by group", head(heads...), rows...)))
	}
	return app.Elem("figure").ID("errors").Class("fig").Body(body...)
}

// profilesUsed names the profiles behind the predictions, at most two.
func profilesUsed(rows []score.Scored) string {
	var names []string
	for i := range rows {
		q := rows[i].Prediction.Profile
		if q == nil || slices.Contains(names, q.Label) {
			continue
		}
		names = append(names, q.Label)
	}
	if len(names) > 2 {
		return names[0] + " and " + countText(len(names)-1) + " more"
	}
	return join(" and ", names...)
}

func mape(e score.Errors) string {
	if e.N == 0 {
		return "–"
	}
	return pct1(e.MAPE)
}

// figureError is how far one figure is off, by the id that references use.
type figureError struct {
	id, name string
	e        score.Errors
	inside   measured.Opt
}

func figureErrors(r score.Report) []figureError {
	return []figureError{{"sttft", "First token (TTFT)", r.TTFT, r.TTFTCoverage}, {"sttft95", "TTFT p95", r.TTFTP95, measured.Opt{}},
		{"sitl", "Time per token (ITL)", r.ITL, r.ITLCoverage}, {"srate", "Output tokens/s", r.OutputTokPerS, measured.Opt{}}}
}

// seenErrors are the errors of a figure, "sttft", over all rows that are shown or
// with a point and a number over those of a group.
func (st *study) seenErrors(arg string) (s explain.Shown, ok bool) {
	id, group, grouped := strings.Cut(arg, ".")
	if st.errors.rev != st.rev || st.errors.of == nil {
		r := score.Summarize(st.shown())
		st.errors.rev, st.errors.of = st.rev, &r
	}
	r := *st.errors.of
	about := st.name
	if grouped {
		i, err := strconv.Atoi(group)
		if err != nil || i < 0 || i >= len(r.Groups) {
			return s, false
		}
		g := &r.Groups[i]
		r = score.Report{TTFT: g.TTFT, ITL: g.ITL, OutputTokPerS: g.OutputTokPerS}
		about = g.Name
	}
	for _, l := range figureErrors(r) {
		if l.id != id || l.e.N == 0 {
			continue
		}
		over := " over " + plural(l.e.N, "row") + " of " + about
		s = explain.Shown{About: l.name, Sure: "Compared row by row", Figures: map[string]float64{
			"seen_rows": float64(l.e.N), "seen_mean": l.e.MAPE, "seen_median": l.e.Median, "seen_bias": l.e.Bias, "seen_near": l.e.Within20, "seen_rms": l.e.RMSE, "seen_rms_rate": l.e.RMSE,
		}, Sources: map[string]string{
			"seen_rows": "rows of " + about + " that state the figure and are predicted", "seen_mean": "mean of |model ÷ measured − 1|" + over, "seen_median": "median of |model ÷ measured − 1|" + over,
			"seen_bias": "median of model ÷ measured − 1" + over, "seen_near": "rows with |model ÷ measured − 1| of 20 % at most" + over, "seen_inside": "measured values inside the range predicted for them" + over,
			"seen_rms": "root of the mean of (model − measured)²" + over, "seen_rms_rate": "root of the mean of (model − measured)²" + over,
		}}
		if l.inside.OK {
			s.Figures["seen_inside"] = l.inside.Value
		}
		return s, true
	}
	return s, false
}

// errorFinding says how many rows are close.
func errorFinding(r score.Report) string {
	near := func(id string, e score.Errors) string {
		return saw("near", id, units.Percent(units.Round(e.Within20, 2)))
	}
	switch {
	case r.TTFT.N > 0 && r.ITL.N > 0:
		return near("sitl", r.ITL) + " of times per token and " + near("sttft", r.TTFT) + " of first tokens lie within 20 %"
	case r.TTFT.N > 0:
		return near("sttft", r.TTFT) + " of first tokens lie within 20 %"
	case r.ITL.N > 0:
		return near("sitl", r.ITL) + " of times per token lie within 20 %"
	case r.OutputTokPerS.N > 0:
		return near("srate", r.OutputTokPerS) + " of throughputs lie within 20 %"
	}
	return "No row can be compared"
}

// widthText judges the ranges by their width as well as by what lies inside.
func widthText(r score.Report) string {
	text := ""
	for _, tier := range []fleet.Confidence{fleet.Calibrated, fleet.Estimated, fleet.SpecsOnly} {
		if w, ok := r.Width[tier]; ok {
			_, word := tierKind(tier)
			text = join("; ", text, lower(word)+" ×"+units.Fixed(w, 2))
		}
	}
	if text == "" {
		return ""
	}
	return "80 % of rows should lie in the 10–90 % range. Its upper end over its lower: " + text + "."
}

// stageSegment switches between the predictions before and after the fit.
func (v *Page) stageSegment() app.UI {
	st := &v.study
	if !filledAny(st.after) || !filledAny(st.before) {
		return nil
	}
	now := st.stageNow()
	return v.radios("seg", "Predicted with", "stage", []option{
		{id: "before", label: "Before the fit", on: now == "before"}, {id: "after", label: "After the fit", on: now == "after"},
	}, func(ctx app.Context, id string) { v.study.stage = id; v.study.rev++ })
}
