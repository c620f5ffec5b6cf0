package report

import (
	"strings"
	"unicode/utf8"

	"fleetsize/app/export"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// explained are the entries whose formulas the report prints, in order.
var explained = []string{"demand", "sized_demand", "rate_per_replica", "gpus", "nodes", "in_flight", "usd_month", "usd_per_million_output", "kw", "ttft", "itl", "kv_per_token"}

// formulas is how the numbers were worked out: the registry's formulas with
// the numbers of the recommended option, two pages at most.
func formulas(p *export.Proposal, o *fleet.Option) []string {
	context := explain.Context{Stated: map[string]bool{}, Confirmed: map[string]bool{}, Preset: export.WorkloadName(p)}
	for _, pair := range strings.Split(p.State.String(), "&") {
		key, _, _ := strings.Cut(pair, "=")
		context.Stated[key] = true
	}
	for _, id := range p.State.Confirmed {
		context.Confirmed[id] = true
	}
	book := explain.New(&p.Req, &p.Answer, o, context)
	var pages []string
	page, room := "", 0
	for _, id := range explained {
		x, ok := book.Explain(id, "")
		if !ok || len(x.Steps) == 0 || id == "itl" && !(o.At.ITL.At(p.Req.Targets.Percentile) > 0) { // answers of one token
			continue
		}
		lines := append([]string{x.Symbols()}, x.Steps...)
		need := 5 // of 17 px: heading, frame, what stands below, gaps
		for _, l := range lines {
			need += 1 + utf8.RuneCountInString(l)/92
		}
		if room < need {
			if page != "" {
				pages = append(pages, page)
			}
			page = text("h2", "", "How the numbers were worked out, "+export.GPUName(o.GPU))
			if len(pages) > 0 {
				page = text("h2", "", "How the numbers were worked out, continued")
			}
			room = 56
		}
		room -= need
		markup := ""
		for i, l := range lines {
			switch {
			case i == 0:
				markup += escape(l)
			default:
				markup += "<br>= " + escape(l)
			}
		}
		result := x.Number
		if x.Unit != "" {
			result += " " + x.Unit
		}
		if x.Formula.Simulated() {
			markup += "<br>" + text("span", "mut", "found by simulation:")
		}
		markup += " = " + text("b", "", result)
		page += el("section", "blk-h", el("h3", "", escape(x.Title)), el("p", "eq", markup), text("p", "xs mut", x.Sure.Words()))
	}
	memory := figureOf(memoryFinding(o), "Memory of one replica in GB (10⁹ bytes), at the planned peak", memoryChart(o))
	if room < 11 {
		pages = append(pages, page)
		page = text("h2", "", "Memory")
	}
	return append(pages, page+memory)
}

// memoryFinding says how full the memory is.
func memoryFinding(o *fleet.Option) string {
	m := o.Memory
	if !(m.Capacity > 0) {
		return "Memory"
	}
	used := units.Percent(units.Round((m.Weights+m.KVUsed+m.Activations+m.Runtime)/m.Capacity, 2))
	if room := export.MoreRequests(o); room >= 1 {
		return "Memory is " + used + " used: room for " + units.Count(room) + " more requests per replica"
	}
	return "Memory is " + used + " used"
}
