package views

import (
	"slices"
	"strings"

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

// cells is a row of a table: a name and numbers.
func cells(name string, numbers ...string) app.UI {
	body := []app.UI{rowHead(name)}
	for _, n := range numbers {
		body = append(body, td("num", n))
	}
	return node("tr", "", body...)
}

// grid is a table that scrolls inside itself where it is too wide.
func grid(caption string, head app.UI, rows ...app.UI) app.UI {
	return el("div", "scroll", node("table", "tbl data", leaf("caption", "sr", caption), head, node("tbody", "", rows...))).
		TabIndex(0).Role("region").Aria("label", caption)
}

// stacked is a table of which every row becomes a block with named numbers where
// the columns do not fit side by side; labeled makes its cells.
func stacked(caption string, head app.UI, rows ...app.UI) app.UI {
	return el("div", "scroll", node("table", "tbl data stacked", leaf("caption", "sr", caption), head, node("tbody", "", rows...))).
		TabIndex(0).Role("region").Aria("label", caption)
}

func labeled(name, number string) app.UI { return el("td", "num nw", txt(number)).DataSet("l", name) }

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
		heading(errorFinding(r)),
		leaf("p", "", with+". Errors are |model ÷ measured − 1|; bias is the median of model ÷ measured − 1."),
		node("div", "row", v.stageSegment()),
	)}
	names := []string{"Figure", "Rows", "Mean", "Median", "RMSE", "Bias", "Within 20 %", "In 10–90 % range"}
	var rows []app.UI
	for _, l := range []struct {
		name, unit string
		scale      float64
		e          score.Errors
		inside     measured.Opt
	}{
		{"First token (TTFT)", " ms", 1e3, r.TTFT, r.TTFTCoverage},
		{"TTFT p95", " ms", 1e3, r.TTFTP95, measured.Opt{}},
		{"Time per token (ITL)", " ms", 1e3, r.ITL, r.ITLCoverage},
		{"Output tokens/s", "", 1, r.OutputTokPerS, measured.Opt{}},
	} {
		if l.e.N == 0 {
			continue
		}
		inside := "–"
		if l.inside.OK {
			inside = units.Percent(units.Round(l.inside.Value, 3))
		}
		cells := []app.UI{rowHead(l.name)}
		for i, text := range []string{countText(l.e.N), pct1(l.e.MAPE), pct1(l.e.Median), units.SigFixed(l.e.RMSE*l.scale, 3) + l.unit,
			signed1(l.e.Bias), units.Percent(units.Round(l.e.Within20, 3)), inside} {
			cells = append(cells, labeled(names[i+1], text))
		}
		rows = append(rows, node("tr", "", cells...))
	}
	body = append(body, stacked("Errors by figure", head(names...), rows...))
	if text := widthText(r); text != "" {
		body = append(body, leaf("p", "sm mut", text))
	}
	if len(r.Skipped) > 0 {
		var items []app.UI
		for _, k := range r.Skipped {
			items = append(items, leaf("li", "", plural(k.N, "row")+" left out: "+string(k.Reason)))
		}
		body = append(body, node("ul", "plain sm mut", items...))
	}
	if len(r.Groups) > 1 {
		var rows []app.UI
		for _, g := range r.Groups {
			_, tier := tierKind(g.Tier)
			rows = append(rows, cells(g.Name, countText(g.N), mape(g.TTFT), mape(g.ITL), mape(g.OutputTokPerS), tier))
		}
		body = append(body, fold("groups", "Mean error by group ("+countText(len(r.Groups))+")",
			grid("Mean error by group", head("Group", "Rows", "TTFT", "Per token", "Tokens/s", "Confidence"), rows...)))
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

// errorFinding says how many rows are close.
func errorFinding(r score.Report) string {
	switch {
	case r.TTFT.N > 0 && r.ITL.N > 0:
		return units.Percent(units.Round(r.ITL.Within20, 2)) + " of times per token and " + units.Percent(units.Round(r.TTFT.Within20, 2)) + " of first tokens lie within 20 %"
	case r.TTFT.N > 0:
		return units.Percent(units.Round(r.TTFT.Within20, 2)) + " of first tokens lie within 20 %"
	case r.ITL.N > 0:
		return units.Percent(units.Round(r.ITL.Within20, 2)) + " of times per token lie within 20 %"
	case r.OutputTokPerS.N > 0:
		return units.Percent(units.Round(r.OutputTokPerS.Within20, 2)) + " of throughputs lie within 20 %"
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
