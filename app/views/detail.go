package views

import (
	"fleetsize/app/chart"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// detail is the open part of a row: first limit, layouts that also work,
// memory and warnings.
func (v *Page) detail(o *fleet.Option, best bool) app.UI {
	class := "in"
	if best {
		class += " best"
	}
	if v.openSet {
		class += " user" // on a phone only what was opened by hand
	}
	body := []app.UI{
		el("div", "row sm",
			el("p", "", el("b", "", txt("First limit: ")), txt(limitWords(o.Binding))),
			el("p", "mut", txt(precisionText(o))),
		),
		el("p", "sm mut", txt(rateDetail(v.s, o))),
		app.Raw(memoryChart(o, v.width("fleet")-72).Markup()),
	}
	if len(o.RunnersUp) > 0 {
		var items []app.UI
		for _, a := range o.RunnersUp {
			items = append(items, el("li", "", txt(runnerUp(a))))
		}
		body = append(body, el("div", "sm", el("h3", "", txt("Other layouts that meet the targets")), el("ul", "plain mut", items...)))
	}
	if len(o.Warnings) > 0 {
		var items []app.UI
		for _, w := range o.Warnings {
			items = append(items, el("li", "", iconWarn(), el("span", "", txt(w.Text))).DataSet("warning", w.Code))
		}
		body = append(body, el("ul", "warns sm", items...))
	}
	return el("tr", class, el("td", "", el("div", "det", body...)).Attr("colspan", "10")).DataSet("detail", o.GPU.ID)
}

// precisionText is "FP8 weights, FP8 KV cache".
func precisionText(o *fleet.Option) string {
	return weightsName(o.Weights) + " weights, " + precisionName(o.KV) + " KV cache"
}

// rateDetail is how the count came about, in one line.
func rateDetail(s *Sizing, o *fleet.Option) string {
	if o.InFlight > 0 {
		return units.Sig(o.InFlight, 3) + " in flight per replica, " + plural(o.ReplicasNeeded, "replica") + " needed, " + units.Count(float64(o.ReplicasSpare)) + " spare"
	}
	return units.Rate(o.DemandReqPerS) + " ÷ (" + units.Percent(s.Req.Posture.Utilization) + " × " + units.Rate(o.ReplicaRate) + " per replica) → " +
		units.Count(float64(o.ReplicasNeeded)) + " needed + " + units.Count(float64(o.ReplicasSpare)) + " spare"
}

// runnerUp is "2 × TP2 … 6 GPUs, TTFT 1.6 s".
func runnerUp(a fleet.Alternative) string {
	price := ""
	if a.Priced {
		price = units.USD(a.USDPerMonth) + " a month"
	}
	approx := ""
	if a.Preview {
		approx = "≈"
	}
	return join(", ", layoutName(a.Layout)+" "+weightsName(a.Weights), approx+plural(a.GPUs, "GPU"),
		"TTFT "+units.Duration(a.TTFT, 2), units.Duration(a.ITL, 2)+" per token", price)
}

// memoryChart is the memory of one replica; its parts add up to the capacity.
func memoryChart(o *fleet.Option, width float64) *chart.Chart {
	m := o.Memory
	gb := func(b float64) float64 { return b / 1e9 }
	title := "Memory of one " + gpuName(o.GPU)
	if n := o.Layout.GPUs(); n > 1 {
		title = "Memory of one replica, " + units.Count(float64(n)) + " × " + gpuName(o.GPU)
	}
	free := ""
	if room := moreRequests(o); room >= 1 {
		free = "room for " + units.Count(room) + " more"
	}
	return chart.Stack(chart.StackSpec{
		Head: chart.Head{ID: "mem-" + o.GPU.ID, Title: title + ", " + units.Sig(gb(m.Capacity), 3) + " GB"},
		Rows: []chart.Bar{{Unit: "GB", Total: gb(m.Capacity), Value: func(x float64) string { return units.Fixed(x, 1) }, Parts: []chart.Part{
			{Name: "Weights", Value: gb(m.Weights), Fill: "m1"},
			{Name: "KV in use", Short: "KV", Value: gb(m.KVUsed), Fill: "m2", Note: units.Sig(o.At.Running, 2) + " requests in flight"},
			{Name: "KV free", Value: gb(m.KVFree), Fill: "m3", Note: free},
			{Name: "Activations", Value: gb(m.Activations), Fill: "m4"},
			{Name: "Runtime", Value: gb(m.Runtime), Fill: "m5"},
			{Name: "Kept free", Value: gb(m.Unusable), Fill: "m6", Hatch: true},
		}}},
	}, max(width, 280))
}

// moreRequests is how many further requests of full length the free KV memory
// holds, within the engine's limit.
func moreRequests(o *fleet.Option) float64 {
	if !(o.Memory.KVPerRequest > 0) {
		return 0
	}
	room := float64(int(o.Memory.KVFree / o.Memory.KVPerRequest))
	if left := float64(o.Memory.Slots) - o.At.Running; o.Memory.Slots > 0 && left < room {
		room = float64(int(left))
	}
	return max(room, 0)
}
