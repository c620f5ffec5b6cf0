package views

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// measuredUI is the measured row that stands behind an option, beside the
// computed figures of the same kind: means at the planned peak.
func measuredUI(o *fleet.Option) app.UI {
	m := o.Measured
	text := func(seconds float64, ok bool) string {
		if !ok || !(seconds > 0) {
			return "–"
		}
		return units.Duration(seconds, 3)
	}
	tokens := "–"
	if m.OutputTokPerS.OK {
		tokens = units.Sig(m.OutputTokPerS.Value, 3)
	}
	statistic := "mean"
	if m.Statistic != "" {
		statistic = string(m.Statistic)
	}
	mark, note := "", ""
	if m.Marked {
		mark, note = " †", " † Defined in another way than ours."
	}
	flight := units.Sig(o.At.Running+o.At.Waiting, 2) + " in flight"
	heads := []string{"One replica", "TTFT, " + statistic + mark, "Per token" + mark, "Output tokens/s"}
	rows := []app.UI{cells(heads, "Measured: "+m.Load(), text(m.TTFT.Value, m.TTFT.OK), text(m.ITL.Value, m.ITL.OK), tokens)}
	if r := m.Run; r.Known() {
		rows = append(rows, cells(heads, "The same run, computed", text(r.TTFT, true), text(r.ITL, true), units.Sig(r.OutputTokPerS, 3)))
	}
	rows = append(rows, cells(heads, "This answer: "+flight+", steady", text(o.At.TTFT.Mean, true), text(o.At.ITL.Mean, true), units.Sig(o.At.OutputTokPerS, 3)))
	return el("div", "sm", leaf("h3", "", "Measured nearby"),
		stacked("Measured and computed", head(heads...), rows...),
		leaf("p", "mut xs", m.From()+". The benchmark is a run that starts all at once; the answer is steady state."+note),
	).DataSet("measured", o.GPU.ID)
}
