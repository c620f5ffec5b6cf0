package views

import (
	"math"
	"sort"
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/serve"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// off is how far a row is from its measurement: the larger |ln(model/measured)|
// of first token and time per token; throughput where neither is known.
func off(s *score.Scored) float64 {
	worst := -1.0
	for _, q := range []score.Pair{s.TTFT, s.ITL} {
		if q.Both() {
			worst = max(worst, math.Abs(math.Log(q.Model.Value/q.Measured.Value)))
		}
	}
	if q := s.OutputTokPerS; worst < 0 && q.Both() {
		worst = math.Abs(math.Log(q.Model.Value / q.Measured.Value))
	}
	return worst
}

// worstFirst sorts rows by how far they are off; rows without a prediction come last.
func worstFirst(rows []score.Scored) []score.Scored {
	out := append([]score.Scored{}, rows...)
	sort.SliceStable(out, func(i, k int) bool { return off(&out[i]) > off(&out[k]) })
	return out
}

// listedRows is how many rows the table has until all are asked for, mostRows
// how many it has then: the CSV has every row.
const listedRows, mostRows = 10, 400

// rowsTable lists the rows, the worst first.
func (v *Page) rowsTable() app.UI {
	st := &v.study
	rows := worstFirst(st.shown())
	notes := map[int]string{}
	for _, f := range st.odd {
		if notes[f.Line] == "" {
			notes[f.Line] = f.Text
		}
	}
	n := min(listedRows, len(rows))
	if st.showAll {
		n = min(mostRows, len(rows))
	}
	var body []app.UI
	for i := range rows[:n] {
		body = append(body, rowUI(&rows[i], notes[rows[i].Row.Line]))
	}
	columns := []string{"Line", "In / out, load, tokens held", "TTFT → model", "Error", "Per token → model", "Error", "Tokens/s, error"}
	th := []app.UI{}
	for i, c := range columns {
		class := "num"
		if i < 2 {
			class = ""
		}
		th = append(th, colHead(class, c))
	}
	th = append(th, colHead("", "Likely reason"))
	word := "Show all " + countText(len(rows))
	if len(rows) > mostRows {
		word = "Show " + countText(mostRows)
	}
	if st.showAll {
		word = "Show the worst " + countText(listedRows)
	}
	return el("section", "fig",
		node("div", "row",
			heading(worstFinding(rows)),
			node("div", "end row", v.besideButton(), button("btn ghost sm", iconSave(), leaf("span", "lg", "Save CSV")).ID("rows-csv").Aria("label", "Save the rows with their predictions as CSV").
				OnClick(func(ctx app.Context, e app.Event) {
					saveFile("fleetsize-rows.csv", "text/csv", v.study.rowsCSV())
					v.say("Saved as fleetsize-rows.csv")
				})),
		),
		stacked("Rows, the worst first; measured → model", node("thead", "", node("tr", "", th...)), body...),
		markNote(rows),
		button("btn ghost sm", txt(word)).ID("rows-all").Aria("expanded", boolean(st.showAll)).Attr("hidden", flag(len(rows) <= listedRows)).
			OnClick(func(ctx app.Context, e app.Event) { v.study.showAll = !v.study.showAll; v.study.rev++ }),
	).ID("rows")
}

func worstFinding(rows []score.Scored) string {
	if len(rows) == 0 || off(&rows[0]) < 0 {
		return "Rows"
	}
	r := rows[0].Row
	return "Farthest off: line " + countText(r.Line) + ", " + countText(r.Input) + " tokens in at " + loadWords(r)
}

// loadWords is "100 in flight", "2 req/s".
func loadWords(r *measured.Row) string {
	switch {
	case r.Offline:
		return "full load"
	case r.Static:
		return "batch " + countText(r.Concurrency)
	case r.Concurrency > 0:
		return countText(r.Concurrency) + " in flight"
	case r.Rate > 0:
		return units.Rate(r.Rate)
	}
	return "an unknown load"
}

func rowUI(s *score.Scored, finding string) app.UI {
	r := s.Row
	body := []app.UI{
		rowHead(countText(r.Line)),
		node("td", "nw", txt(countText(r.Input)+" / "+countText(r.Output)), leaf("span", "rangeof", loadWords(r)), heldUI(s)),
	}
	time := func(o measured.Opt) string {
		if !o.OK {
			return "–"
		}
		return units.Duration(o.Value, 3)
	}
	for _, q := range []struct {
		pair   score.Pair
		figure measured.Figure
		id     string
		label  string
	}{{s.TTFT, measured.FigureTTFT, "ttft", "TTFT → model"}, {s.ITL, measured.FigureITL, "itl", "Per token → model"}} {
		says := func(id string, o measured.Opt) string {
			if !q.pair.Both() {
				return time(o)
			}
			return saw(id, lineRef(q.id, r.Line), time(o))
		}
		cell := append(rich(says("measured", q.pair.Measured)+dagger(r, q.figure, q.pair.Measured.OK)), node("span", "mut", rich(" → "+says("modeled", q.pair.Model))...))
		body = append(body, el("td", "num nw", cell...).DataSet("l", q.label), errorCell("Error", lineRef(q.id, r.Line), q.pair))
	}
	body = append(body, errorCell("Tokens/s, error", lineRef("rate", r.Line), s.OutputTokPerS))
	return el("tr", "", append(body, td("why", likelyReason(s, finding)))...).
		DataSet("line", countText(r.Line))
}

// dagger follows figures that are defined in another way than ours.
func dagger(r *measured.Row, f measured.Figure, shown bool) string {
	if shown && r.Marked(f) {
		return " †"
	}
	return ""
}

// markNote explains the mark where a row has one.
func markNote(rows []score.Scored) app.UI {
	var list []measured.Row
	for i := range rows {
		list = append(list, *rows[i].Row)
	}
	var parts []string
	for _, u := range measured.DefinitionsOf(list) {
		if u.Like != measured.Same && u.Figure != measured.FigureRate {
			parts = append(parts, upperFirst(u.Figure.Words())+": "+u.Text+".")
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return p("mut sm", "† Defined in another way than ours. "+strings.Join(parts, " ")).ID("rows-marks")
}

// heldUI is the tokens that running requests hold on average, and the share
// of the cache memory that is: at 100 % further requests wait at the wall.
func heldUI(s *score.Scored) app.UI {
	p := &s.Prediction
	if s.Reason != "" || !(p.TokensInFlight > 0) {
		return nil
	}
	about := "" // of the figure that has both sides
	for _, q := range []struct {
		id   string
		pair score.Pair
	}{{"rate", s.OutputTokPerS}, {"itl", s.ITL}, {"ttft", s.TTFT}} {
		if q.pair.Both() {
			about = lineRef(q.id, s.Row.Line)
		}
	}
	says := func(id, text string) string {
		if about == "" {
			return text
		}
		return saw(id, about, text)
	}
	text := says("held", units.Sig(p.TokensInFlight, 3)) + " held"
	if p.KVShare > 0 {
		text += ", " + says("cache", units.Percent(p.KVShare)) + " of cache"
	}
	return node("span", "rangeof", rich(text)...)
}

// errorCell is a signed error, bold beyond 25 %.
func errorCell(label, about string, q score.Pair) app.UI {
	if !q.Both() {
		return labeled(label, "–")
	}
	text := saw("error", about, signed1(q.Ratio()))
	if math.Abs(q.Ratio()) > 0.25 {
		return el("td", "num nw", node("b", "", rich(text)...)).DataSet("l", label)
	}
	return labeled(label, text)
}

// likelyReason says why a row may be off: what is odd about the row itself
// first, then what was assumed about it, then what limits it.
func likelyReason(s *score.Scored, finding string) string {
	if s.Reason != "" {
		switch {
		case s.Reason == score.ReasonUse && s.Row != nil:
			return "Left out by the table: " + strings.TrimRight(strings.TrimPrefix(s.Row.Use, "no: "), ".") + "."
		case s.Row != nil && s.Row.Model == "":
			return "Left out: no model is named. Choose it under Scenario."
		}
		return "Left out: " + string(s.Reason) + ". " + s.Detail
	}
	if finding != "" {
		return finding
	}
	if len(s.Case.Notes) > 0 {
		return s.Case.Notes[0].Text
	}
	worst, figure := s.TTFT, "TTFT"
	if s.ITL.Both() && (!s.TTFT.Both() || math.Abs(math.Log1p(s.ITL.Ratio())) > math.Abs(math.Log1p(s.TTFT.Ratio()))) {
		worst, figure = s.ITL, "ITL"
	}
	if !worst.Both() {
		worst, figure = s.OutputTokPerS, "rate"
	}
	switch {
	case worst.Both() && math.Abs(worst.Ratio()) <= 0.1:
		return "Within 10 %."
	case s.Prediction.Tier == fleet.SpecsOnly:
		return "Nothing was measured on this kind of accelerator: data-sheet numbers only."
	case figure == "TTFT" && (s.Prediction.Binding == serve.LimitKV || s.Prediction.Binding == serve.LimitMaxSequences):
		return "Requests wait for " + limitWords(s.Prediction.Binding) + ": a few slots more or less move the wait a lot."
	case figure == "TTFT" && s.Prediction.Binding == serve.LimitFrontEnd:
		return "The front end is the limit: its cost per request and token depends on the server's CPU."
	case figure == "TTFT" && s.Row.Concurrency > 0 && s.Row.Concurrency <= 5:
		return "Light load: fixed delays of client, network and server weigh most."
	case figure == "TTFT" && s.Row.Concurrency > 5:
		return "Finite run: how the opening wave of prompts is scheduled weighs most."
	case s.Prediction.Tier == fleet.Estimated:
		return "No profile was fitted to this engine and accelerator."
	case worst.High > 0 && worst.Inside():
		return "Inside the 10–90 % range. Limited by " + limitWords(s.Prediction.Binding) + "."
	}
	return "Limited by " + limitWords(s.Prediction.Binding) + "; none of the known causes stands out."
}
