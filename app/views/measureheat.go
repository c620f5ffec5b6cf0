package views

import (
	"math"
	"slices"
	"sort"
	"strings"

	"fleetsize/app/chart"
	"fleetsize/calc/explain"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// figureName is a figure of a row in words.
var figureName = map[string]string{"ttft": "First token (TTFT)", "itl": "Time per token (ITL)", "rate": "Output tokens/s"}

// pairOf picks a figure of a row.
func pairOf(s *score.Scored, figure string) score.Pair {
	switch figure {
	case "itl":
		return s.ITL
	case "rate":
		return s.OutputTokPerS
	}
	return s.TTFT
}

// loadKey orders loads: requests in flight, then arrival rates.
type loadKey struct {
	flight int
	rate   float64
}

func loadOf(r *measured.Row) loadKey {
	if r.Concurrency > 0 {
		return loadKey{flight: r.Concurrency}
	}
	return loadKey{rate: r.Rate}
}

func (k loadKey) less(o loadKey) int {
	if (k.flight > 0) != (o.flight > 0) {
		if k.flight > 0 {
			return -1
		}
		return 1
	}
	if d := k.flight - o.flight; d != 0 {
		return d
	}
	switch {
	case k.rate < o.rate:
		return -1
	case k.rate > o.rate:
		return 1
	}
	return 0
}

func (k loadKey) text() string {
	switch {
	case k.flight > 0:
		return countText(k.flight)
	case k.rate > 0:
		return units.Sig(k.rate, 3) + "/s"
	}
	return "all"
}

// comparable are the rows of the group looked at that have a figure measured
// and modeled.
func (st *study) comparable(figure string) []score.Scored {
	var out []score.Scored
	for _, s := range st.shown() {
		if s.Reason == "" && pairOf(&s, figure).Both() && (st.group == "" || s.Row.Group == st.group) {
			out = append(out, s)
		}
	}
	return out
}

// heatSpec is the errors over prompt length and load; merged counts the rows
// that share a cell with another one.
func heatSpec(rows []score.Scored, figure string) (spec chart.HeatSpec, merged int) {
	var lengths []int
	var loads []loadKey
	for i := range rows {
		r := rows[i].Row
		if !slices.Contains(lengths, r.Input) {
			lengths = append(lengths, r.Input)
		}
		if k := loadOf(r); !slices.Contains(loads, k) {
			loads = append(loads, k)
		}
	}
	sort.Ints(lengths)
	sort.Slice(loads, func(i, k int) bool { return loads[i].less(loads[k]) < 0 })
	spec = chart.HeatSpec{
		Head:    chart.Head{ID: "heat-" + figure, Title: figureName[figure] + ": error of the model over prompt length and load", Empty: "No row has this figure."},
		RowName: "Prompt tokens", ColumnName: "in flight",
	}
	for _, n := range lengths {
		spec.Rows = append(spec.Rows, countText(n))
	}
	for _, k := range loads {
		spec.Columns = append(spec.Columns, k.text())
		if k.flight == 0 {
			spec.ColumnName = "in flight or requests/s"
		}
	}
	type at struct{ row, column int }
	sum, count := map[at]float64{}, map[at]int{}
	for i := range rows {
		k := at{slices.Index(lengths, rows[i].Row.Input), slices.Index(loads, loadOf(rows[i].Row))}
		sum[k] += pairOf(&rows[i], figure).Ratio()
		count[k]++
	}
	for k, n := range count {
		c := chart.HeatCell{Row: k.row, Column: k.column, Value: sum[k] / float64(n), Ref: explain.Ref("seen_error", "", rowsRef(figure, lengths[k.row], 0, loads[k.column]))}
		if n > 1 {
			c.Note = "mean of " + plural(n, "row")
			merged += n
		}
		spec.Cells = append(spec.Cells, c)
	}
	return spec, merged
}

// rowsRef refers to the rows of a length, of an answer length where out is not
// 0, and of a load: "httftx5000x500x8", at a rate "httftx5000x500xr0.5".
func rowsRef(figure string, in, out int, k loadKey) string {
	load := countPlain(k.flight)
	if k.flight == 0 {
		load = "r" + units.Plain(k.rate)
	}
	return "h" + figure + "x" + countPlain(in) + "x" + countPlain(out) + "x" + load
}

// lineRef refers to the row of a line: "httftxl12".
func lineRef(figure string, line int) string { return "h" + figure + "xl" + countPlain(line) }

// seenRows are measured and predicted figures of the rows a reference names.
func (st *study) seenRows(arg string) (s explain.Shown, ok bool) {
	figure, _, _ := strings.Cut(strings.TrimPrefix(arg, "h"), "x")
	ratio, is, says, n, name := 0.0, 0.0, 0.0, 0, ""
	held, cache := 0.0, 0.0
	for _, r := range st.comparable(figure) {
		k := loadOf(r.Row)
		if arg != rowsRef(figure, r.Row.Input, 0, k) && arg != rowsRef(figure, r.Row.Input, r.Row.Output, k) && arg != lineRef(figure, r.Row.Line) {
			continue
		}
		q := pairOf(&r, figure)
		held, cache = r.Prediction.TokensInFlight, r.Prediction.KVShare
		ratio, is, says, n = ratio+1+q.Ratio(), is+q.Measured.Value, says+q.Model.Value, n+1
		name = countText(r.Row.Input) + " tokens, " + k.text()
		if k.flight > 0 {
			name += " in flight"
		}
	}
	if n == 0 {
		return s, false
	}
	f, of := float64(n), figureName[figure]+" of one row of "+st.name
	if n > 1 {
		of = figureName[figure] + ", mean of " + plural(n, "row") + " of " + st.name
	}
	with := "with " + map[string]string{"before": "what ships", "after": "the fit"}[st.stageNow()]
	s = explain.Shown{About: figureName[figure] + " at " + name, Sure: "Compared row by row", Figures: map[string]float64{"seen_ratio": ratio / f},
		Sources: map[string]string{"seen_ratio": of + ", predicted " + with}}
	unit := ""
	if figure == "rate" {
		unit = "_rate"
	}
	for id, x := range map[string]float64{"seen_measured": is, "seen_modeled": says} {
		s.Figures[id+unit], s.Sources[id+unit] = x/f, of
	}
	s.Sources["seen_modeled"+unit] += ", predicted " + with
	if n == 1 {
		for id, x := range map[string]float64{"seen_held": held, "seen_cache": cache} {
			s.Figures[id], s.Sources[id] = x, "simulation of the row, "+with
		}
	}
	return s, true
}

// heatFinding says how many cells are close and where the worst ones are.
func heatFinding(spec chart.HeatSpec, figure string) string {
	near, low, high := 0, 0, 0
	for _, c := range spec.Cells {
		switch {
		case math.Round(100*math.Abs(c.Value)) <= 25:
			near++
		case c.Value < 0:
			low++
		default:
			high++
		}
	}
	n := len(spec.Cells)
	text := countText(near) + " of " + plural(n, "cell") + " lie within ±25 %"
	if n == 1 {
		text = "The only cell lies within ±25 %"
		if near == 0 {
			text = "The only cell lies beyond ±25 %"
		}
	}
	switch {
	case n == 1:
	case low > 0 && high > 0:
		text += "; " + countText(low) + " read low, " + countText(high) + " high"
	case low > 0:
		text += "; the others read low"
	case high > 0:
		text += "; the others read high"
	}
	return figureName[figure] + ": " + text
}

// heatFigure is the error map of one figure.
func (v *Page) heatFigure(figure string) app.UI {
	st := &v.study
	rows := st.comparable(figure)
	if len(rows) == 0 {
		return nil
	}
	id := "heat-" + figure
	spec, merged := heatSpec(rows, figure)
	drawing := chart.Heat(spec, v.width("study"))
	basis := "Signed error of the model, % of measured, " + map[string]string{"before": "with what ships", "after": "with the fit"}[st.stageNow()] + "."
	if merged > 0 {
		basis += " " + countText(merged) + " rows share a cell with another one: the cell has their mean."
	}
	return v.chartFigure(id, heatFinding(spec, figure), basis, drawing, v.groupSelect(id))
}

// chartFigure is a chart with its finding, its table, its CSV and its points.
func (v *Page) chartFigure(id, finding, basis string, drawing *chart.Chart, controls ...app.UI) app.UI {
	st := &v.study
	row := append(controls,
		tableButton(id+"-toggle", st.asTable(id), func(ctx app.Context, e app.Event) { v.study.swap(id) }),
		csvButton(id+"-csv", func() string { return drawing.CSV() }, v, "fleetsize-"+id+".csv"))
	body := []app.UI{app.Elem("figcaption").Body(heading(finding), leaf("p", "", basis), node("div", "row", row...))}
	if st.asTable(id) {
		body = append(body, chartTable(drawing))
	} else {
		points := drawing.Points()
		said := make([]string, len(points))
		for i := range points {
			said[i] = points[i].Text
		}
		picture := app.UI(app.Raw(drawing.Markup()))
		if st.reading[id] > 0 {
			picture = drawing.UI(chart.Live{Reading: st.reading[id]})
		}
		body = append(body, node("div", "plotbox", node("div", "plot", picture), v.reader(id, said)))
	}
	return app.Elem("figure").ID(id).Class("fig").Body(body...)
}

// groupSelect picks one group of rows where the table has several.
func (v *Page) groupSelect(id string) app.UI {
	st := &v.study
	seen := map[string]bool{}
	options := []app.UI{app.Option().Value("").Selected(st.group == "").Text("All groups")}
	for i := range st.table.Rows {
		g := st.table.Rows[i].Group
		if seen[g] {
			continue
		}
		seen[g] = true
		options = append(options, app.Option().Value(g).Selected(g == st.group).Text(g))
	}
	if len(seen) < 2 {
		return nil
	}
	return app.Select().ID(id+"-group").Class("sel").Aria("label", "Group of rows").Body(options...).
		OnChange(func(ctx app.Context, e app.Event) { v.study.group = ctx.JSSrc().Get("value").String(); v.study.rev++ })
}
