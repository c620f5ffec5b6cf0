package views

import (
	"math"

	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// stops are the marks of the first-token slider, in seconds, evenly spaced.
var stops = []float64{0.5, 1, 2, 3, 5}

// toSlider is the slider position of a target; between marks it is geometric.
// No target is the loosest.
func toSlider(seconds float64) float64 {
	if seconds > 0 && seconds <= stops[0] {
		return 0
	}
	for i := 1; i < len(stops) && seconds > 0; i++ {
		if seconds <= stops[i] {
			return float64(i-1) + math.Log(seconds/stops[i-1])/math.Log(stops[i]/stops[i-1])
		}
	}
	return float64(len(stops) - 1)
}

// fromSlider is the target at a slider position, to two significant digits.
func fromSlider(x float64) float64 {
	x = math.Min(math.Max(x, 0), float64(len(stops)-1))
	i := int(math.Min(math.Floor(x), float64(len(stops)-2)))
	return units.Round(stops[i]*math.Pow(stops[i+1]/stops[i], x-float64(i)), 2)
}

func (v *Page) targetsBody() []app.UI {
	t := v.s.Req.Targets
	return []app.UI{
		v.numberField("ttft", ""),
		v.slider(),
		v.numberField("itl", itlHint(t.ITL)),
		v.numberField("e2e", e2eHint(t.ITL, t.E2E, v.s.Req.Workload.Output)),
		v.choose("pct", "Met by", percentileOptions(t.Percentile), func(ctx app.Context, id string) {
			v.edit(ctx, edit{change: func(st *state) { st.Percentile = id }})
		}),
	}
}

func percentileOptions(current string) []option {
	if current == "" {
		current = "95"
	}
	list := []option{{id: "mean", label: "the mean"}, {id: "50", label: "half (p50)"}, {id: "90", label: "90 % (p90)"}, {id: "95", label: "95 % (p95)"}, {id: "99", label: "99 % (p99)"}}
	for i := range list {
		list[i].on = list[i].id == current
	}
	return list
}

func itlHint(itl float64) string {
	if itl > 0 {
		return units.Sig(1/itl, 3) + " tok/s for each user"
	}
	return "Pace of the answer; 50 ms is 20 tok/s"
}

// e2eHint warns when two targets contradict each other.
func e2eHint(itl, e2e float64, output int) string {
	if itl > 0 && e2e > 0 && itl*float64(output-1) > e2e*1.001 {
		return "At the per-token target alone the answer takes " + units.Duration(itl*float64(output-1), 3) + "; this limit is tighter"
	}
	if e2e > 0 {
		return "From sending to the last token"
	}
	return "From sending to the last token; off = no limit"
}

// slider is the first-token target to drag, always paired with its field.
func (v *Page) slider() app.UI {
	ttft := v.s.Req.Targets.TTFT
	words := "off"
	if ttft > 0 {
		words = units.Duration(ttft, 3)
	}
	var chips []app.UI
	for i, stop := range stops {
		label := units.Sig(stop, 2)
		if i == len(stops)-1 {
			label += " s"
		}
		value := stop
		chips = append(chips, button("", txt(label)).Aria("label", units.Sig(stop, 2)+" s to the first token").
			Aria("pressed", boolean(math.Abs(ttft-stop) < 1e-9)).DataSet("ttft", units.Sig(stop, 2)).
			OnClick(func(ctx app.Context, e app.Event) { v.setTTFT(ctx, value, false) }, app.EventScope("ttft", i)))
	}
	return node("div", "rng",
		app.Input().ID("ttft-range").Type("range").Attr("min", "0").Attr("max", units.Plain(float64(len(stops)-1))).Attr("step", "0.05").
			Attr("value", units.Plain(units.Round(toSlider(ttft), 4))).Aria("label", "First-token target").Aria("valuetext", words).
			OnInput(func(ctx app.Context, e app.Event) {
				v.setTTFT(ctx, fromSlider(parseFloat(ctx.JSSrc().Get("value").String())), true)
			}).
			OnChange(func(ctx app.Context, e app.Event) { v.dragEnd(ctx) }),
		node("div", "", chips...),
		leaf("p", "hint", percentileWord(v.s.Req.Targets.Percentile)+" · "+ttftHint(v.s)),
	)
}

// ttftHint says what others publish, because targets for one use differ widely.
func ttftHint(s *Sizing) string {
	if s.State.Workload == "rag" {
		return "published RAG targets range 0.3–3 s"
	}
	return "wait before the answer starts"
}

func parseFloat(text string) float64 {
	x, err := units.ParseNumber(text)
	if err != nil {
		return 0
	}
	return x
}

// setTTFT sets the first-token target; while dragging only the preview follows.
func (v *Page) setTTFT(ctx app.Context, seconds float64, dragging bool) {
	f := fields["ttft"]
	delete(v.s.Drafts, "ttft")
	v.edit(ctx, edit{field: "ttft", dragging: dragging, change: func(st *state) { f.set(st, seconds) }})
	v.setValue(ctx, "ttft")
}
