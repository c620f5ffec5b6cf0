package views

import (
	"sort"

	"fleetsize/app/chart"
	"fleetsize/calc/explain"
	"fleetsize/calc/score"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// mostPanels is how many small charts are drawn; a group narrows the choice.
const mostPanels = 12

// curvesFigure compares measured and modeled curves in small charts.
func (v *Page) curvesFigure() app.UI {
	st := &v.study
	figure := st.metric
	if figure == "" {
		figure = "ttft"
	}
	if len(st.comparable(figure)) == 0 {
		for _, f := range []string{"ttft", "itl", "rate"} {
			if len(st.comparable(f)) > 0 {
				figure = f
			}
		}
	}
	rows := st.comparable(figure)
	if len(rows) == 0 {
		return nil
	}
	byLength := st.axis == "length"
	spec, left := curveSpec(rows, figure, byLength)
	basis := "Dots: measured. Dashes: model, " + map[string]string{"before": "what ships", "after": "the fit"}[st.stageNow()] + ", with its 10–90 % range."
	if left > 0 {
		basis += " " + countText(left) + " more are not drawn; choose a group."
	}
	var metrics []option
	for _, f := range []option{{id: "ttft", label: "TTFT"}, {id: "itl", label: "Per token"}, {id: "rate", label: "Tokens/s"}} {
		f.on = f.id == figure
		metrics = append(metrics, f)
	}
	return v.chartFigure("curves", curveFinding(rows, figure, byLength), basis, chart.Panels(spec, v.width("study")),
		v.radios("seg", "Figure", "metric", metrics, func(ctx app.Context, id string) { v.study.metric = id; v.study.rev++ }),
		v.radios("seg", "Axis", "axis", []option{{id: "load", label: "By load", on: !byLength}, {id: "length", label: "By length", on: byLength}},
			func(ctx app.Context, id string) { v.study.axis = id; v.study.rev++ }),
	)
}

// mean adds up what falls on one point.
type mean struct {
	about                      string // ends the references to what explains it
	measured, model, low, high float64
	n                          float64
}

// curveSpec is one small chart a length over the load, or one a load over the
// length; left counts those that are not drawn.
func curveSpec(rows []score.Scored, figure string, byLength bool) (spec chart.PanelSpec, left int) {
	scale, unit := 1.0, "tok/s"
	kind := chart.Linear
	switch figure {
	case "ttft":
		unit, kind = "s", chart.Log
	case "itl":
		unit, scale = "ms", 1e3
	}
	spec = chart.PanelSpec{
		Head: chart.Head{ID: "curves-plot", Title: figureName[figure] + ", measured and modeled", Empty: "No row has this figure."},
		X:    chart.Axis{Name: "Requests in flight", Kind: chart.Log, Whole: true},
	}
	if byLength {
		spec.X.Name = "Prompt tokens"
	}
	type panel struct {
		in, out int
		open    bool // arrivals at a rate: never joined with loads in flight
		load    loadKey
	}
	var order []panel
	points := map[panel]map[float64]*mean{}
	for i := range rows {
		r := rows[i].Row
		key, x := panel{in: r.Input, out: r.Output}, float64(r.Concurrency)
		if r.Concurrency == 0 {
			x, key.open = r.Rate, true
			spec.X.Name, spec.X.Whole = "Requests in flight or requests/s", false
		}
		if byLength {
			key, x = panel{load: loadOf(r)}, float64(r.Input)
			spec.X.Name, spec.X.Whole = "Prompt tokens", true
		}
		if points[key] == nil {
			points[key] = map[float64]*mean{}
			order = append(order, key)
		}
		m := points[key][x]
		if m == nil {
			m = &mean{about: rowsRef(figure, r.Input, r.Output, loadOf(r))}
			if byLength {
				m.about = rowsRef(figure, r.Input, 0, loadOf(r))
			}
			points[key][x] = m
		}
		q := pairOf(&rows[i], figure)
		m.measured, m.model, m.low, m.high, m.n = m.measured+q.Measured.Value, m.model+q.Model.Value, m.low+q.Low, m.high+q.High, m.n+1
	}
	sort.Slice(order, func(i, k int) bool {
		a, b := order[i], order[k]
		if a.in != b.in {
			return a.in < b.in
		}
		if a.out != b.out {
			return a.out < b.out
		}
		if a.open != b.open {
			return b.open
		}
		return a.load.less(b.load) < 0
	})
	left = max(0, len(order)-mostPanels)
	for _, key := range order[:len(order)-left] {
		name := countText(key.in) + " in, " + countText(key.out) + " out"
		if key.open {
			name += ", by req/s"
		}
		if byLength {
			name = key.load.text() + " in flight"
			if key.load.flight == 0 {
				name = units.Rate(key.load.rate)
			}
		}
		is := chart.Series{Name: "Measured", Quiet: true, Hero: true, Shape: chart.Straight, Mark: chart.Mark{Hue: "c2", Tier: 1}}
		says := chart.Series{Name: "Model", Quiet: true, Ghost: true, Mark: chart.Mark{Hue: "c1", Tier: 1}}
		for x, m := range points[key] {
			f := scale / m.n
			of := func(id string) string {
				if figure == "rate" {
					id += "_rate"
				}
				return explain.Ref(id, "", m.about)
			}
			is.Points = append(is.Points, chart.Point{X: x, Y: m.measured * f, Measured: true, Ref: of("seen_measured")})
			says.Points = append(says.Points, chart.Point{X: x, Y: m.model * f, Lo: m.low * f, Hi: m.high * f, Ref: of("seen_modeled")})
		}
		spec.Panels = append(spec.Panels, chart.Panel{Name: name + ", " + unit, Y: chart.Axis{Unit: unit, Kind: kind}, Series: []chart.Series{says, is}})
	}
	return spec, left
}

// curveFinding says where the model is farthest off.
func curveFinding(rows []score.Scored, figure string, byLength bool) string {
	type sum struct{ off, n float64 }
	by := map[string]*sum{}
	worst, where := 0.0, ""
	for i := range rows {
		key := countText(rows[i].Row.Input) + " tokens"
		if byLength {
			key = loadOf(rows[i].Row).text() + " in flight"
		}
		if by[key] == nil {
			by[key] = &sum{}
		}
		d := pairOf(&rows[i], figure).Ratio()
		by[key].off += max(d, -d)
		by[key].n++
	}
	for key, s := range by {
		if x := s.off / s.n; x > worst || x == worst && key < where {
			worst, where = x, key
		}
	}
	if len(by) < 2 {
		return figureName[figure] + ": off by " + pct1(worst) + " on average"
	}
	return figureName[figure] + ": farthest off at " + where + ", by " + pct1(worst) + " on average"
}
