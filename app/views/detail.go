package views

import (
	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/calc/explain"
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
	memory := memoryChart(o, v.width("fleet")-72, v.gib)
	body := []app.UI{
		node("div", "row sm",
			node("p", "", leaf("b", "", "First limit: "), txt(limitWords(o.Binding))),
			leaf("p", "mut", precisionText(o)),
			node("span", "end", v.pinButton(o)),
		),
		node("p", "sm mut", rich(rateDetail(v.s, o))...),
		node("p", "sm mut", append(rich(markLast(onGPU("memory_capacity", o.GPU.ID), memory.Title)), txt(" "), v.gibButton("gib-"+o.GPU.ID))...),
		app.Raw(memory.Markup()),
	}
	if o.Measured != nil {
		body = append(body, measuredUI(o))
	}
	if len(o.RunnersUp) > 0 {
		var items []app.UI
		for i, a := range o.RunnersUp {
			items = append(items, node("li", "", rich(runnerUp(o.GPU.ID, i, a))...))
		}
		body = append(body, node("div", "sm", leaf("h3", "", "Other layouts that meet the targets"), node("ul", "plain mut", items...)))
	}
	if len(o.Warnings) > 0 {
		var items []app.UI
		for _, w := range o.Warnings {
			items = append(items, el("li", "", iconWarn(), leaf("span", "", w.Text)).DataSet("warning", w.Code))
		}
		body = append(body, node("ul", "warns sm", items...))
	}
	return el("tr", class, el("td", "", node("div", "det", body...)).Attr("colspan", "10")).DataSet("detail", o.GPU.ID)
}

// precisionText is "FP8 weights, FP8 KV cache".
func precisionText(o *fleet.Option) string {
	return weightsName(o.Weights) + " weights, " + precisionName(o.KV) + " KV cache"
}

// rateDetail is how the count came about, in one line.
func rateDetail(s *Sizing, o *fleet.Option) string {
	on := func(id, text string) string { return mark(onGPU(id, o.GPU.ID), text) }
	needed, spare := on("replicas_needed", units.Count(float64(o.ReplicasNeeded)))+" needed", on("spare_replicas", units.Count(float64(o.ReplicasSpare)))+" spare"
	if o.InFlight > 0 {
		return on("per_replica_in_flight", units.Sig(o.InFlight, 3)) + " in flight per replica, " + needed + ", " + spare
	}
	return on("sized_demand", units.Rate(o.DemandReqPerS)) + " ÷ (" + on("peak_load", units.Percent(s.Req.Posture.Utilization)) + " × " +
		on("rate_per_replica", units.Rate(o.ReplicaRate)) + " per replica) → " + needed + " + " + spare
}

// runnerUp is "2 × TP2 … 6 GPUs, TTFT 1.6 s".
func runnerUp(gpu string, i int, a fleet.Alternative) string {
	on := func(id, text string) string { return mark(explain.Ref(id, gpu, units.Count(float64(i))), text) }
	price := ""
	if a.Priced {
		price = on("other_usd_month", units.USD(a.USDPerMonth)) + " a month"
	}
	approx := ""
	if a.Preview {
		approx = "≈"
	}
	return join(", ", layoutName(a.Layout)+" "+weightsName(a.Weights), approx+on("other_gpus", plural(a.GPUs, "GPU")),
		"TTFT "+on("other_ttft", units.Duration(a.TTFT, 2)), on("other_itl", units.Duration(a.ITL, 2))+" per token", price)
}

// memoryChart is the memory of one replica; its parts add up to the capacity.
func memoryChart(o *fleet.Option, width float64, binary bool) *chart.Chart {
	return export.MemoryChart(o, width, binary)
}
