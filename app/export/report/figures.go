package report

import (
	"math"
	"strings"

	"fleetsize/app/export"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// figure is one of the four headline numbers, with the six parts its frame has.
type figure struct {
	label, number, unit, line string
	fill, limit               float64 // shares of the bar; limit < 0 = none
	note, kind, tier          string
}

func (f figure) markup() string {
	bar := `<svg class="util" viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true"><rect class="trk" y="6" width="200" height="4" rx="2"/>`
	if f.fill > 0 {
		bar += `<rect class="val" y="6" width="` + units.Plain(math.Round(200*min(f.fill, 1))) + `" height="4" rx="2"/>`
	}
	if f.limit >= 0 {
		x := units.Plain(math.Round(200 * min(f.limit, 1)))
		bar += `<line class="lim" x1="` + x + `" x2="` + x + `" y1="2" y2="14"/>`
	}
	value := escape(f.number)
	if f.unit != "" {
		value += " " + text("small", "", f.unit)
	}
	return el("section", "kpi", text("h2", "", f.label), el("p", "big", value), text("p", "", f.line), bar+`</svg>`,
		text("p", "mut xs", f.note), badge(f.kind, f.tier))
}

// badge is a confidence or a status: a shape and its word.
func badge(kind, words string) string {
	inner := `<circle class="on" cx="6" cy="6" r="5.2"/>`
	switch kind[1:] {
	case "2":
		inner = `<circle cx="6" cy="6" r="4.6"/><path class="on" d="M6 1.4a4.6 4.6 0 0 1 0 9.2z"/>`
	case "3":
		inner = `<circle cx="6" cy="6" r="4.6"/>`
	case "4":
		inner = `<path d="M6 1.8 10.6 10H1.4z"/>`
	}
	return el("span", "tier "+kind, `<svg class="g" viewBox="0 0 12 12" aria-hidden="true">`+inner+`</svg>`, escape(words))
}

// kind is the shape of a confidence.
func kind(c fleet.Confidence) string {
	switch c {
	case fleet.Measured:
		return "k1"
	case fleet.Calibrated:
		return "k2"
	case fleet.Estimated:
		return "k3"
	}
	return "k4"
}

// figures are GPUs, latency, cost and power of the recommended option.
func figures(p *export.Proposal, o *fleet.Option) string {
	return el("div", "kpis", gpus(p, o).markup(), latency(p, o).markup(), cost(p, o).markup(), power(p, o).markup())
}

func gpus(p *export.Proposal, o *fleet.Option) figure {
	per := o.Layout.GPUs()
	f := figure{label: "GPUs", number: mark("gpus", units.Count(float64(o.GPUs))), unit: export.GPUName(o.GPU), limit: -1, kind: kind(o.Tier), line: "no spare"}
	if o.ReplicasSpare > 0 {
		f.line = mark("needed-gpus", units.Count(float64(o.ReplicasNeeded*per))) + " + " + mark("spare-gpus", units.Count(float64(o.ReplicasSpare*per))) + " spare"
	}
	f.line += " · " + mark("nodes", export.Count(o.Nodes, "node"))
	f.tier = "Same count in error band"
	if r := o.GPURange; r.High > r.Low {
		f.tier = units.Range(r.Low, r.High) + " in error band"
	}
	f.tier = export.Tier(o) + " · " + f.tier
	if p.Req.Demand.Kind == fleet.InFlight || !(o.ReplicaRate > 0) {
		f.note = units.Sig(o.InFlight, 3) + " in flight per replica"
		return f
	}
	f.fill, f.limit = o.DemandReqPerS/(o.ReplicaRate*float64(max(1, o.ReplicasNeeded))), p.Req.Posture.Utilization
	f.note = mark("load", units.Percent(f.fill)) + " loaded, limit " + mark("peak-load", units.Percent(f.limit))
	return f
}

func latency(p *export.Proposal, o *fleet.Option) figure {
	t := p.Req.Targets
	word := export.Percentile(t.Percentile)
	before := o.Pipeline.Ahead
	ref, label, have, want := "ttft", "TTFT "+word, before+o.At.TTFT.At(t.Percentile), t.TTFT
	switch {
	case t.TTFT > 0:
	case t.E2E > 0:
		ref, label, have, want = "e2e", "Whole answer "+word, before+o.At.E2E.At(t.Percentile), t.E2E
	case t.ITL > 0 && o.At.ITL.At(t.Percentile) > 0:
		ref, label, have, want, before = "itl", "Per token "+word, o.At.ITL.At(t.Percentile), t.ITL, 0
	}
	if before > 0 {
		ref += "-whole"
	}
	n, unit := units.Seconds(have, 2)
	f := figure{label: label, number: mark(ref, n), unit: unit, line: "no target", limit: -1, note: "at the planned peak", kind: kind(o.Tier), tier: export.Tier(o)}
	if want > 0 {
		f.line = mark(ref+"-margin", units.Duration(want-have, 2)) + " inside the target"
		if have > want {
			f.line = mark(ref+"-margin", units.Duration(have-want, 2)) + " over the target"
		}
		if before > 0 {
			f.line = mark("time-ahead", units.Duration(before, 2)) + " before the model, " + mark(strings.TrimSuffix(ref, "-whole"), units.Duration(have-before, 2)) + " in it"
		}
		f.fill, f.limit = have/want, 1
		f.note = mark(ref+"-share", units.Percent(have/want)) + " of target " + units.Duration(want, 3)
	}
	return f
}

func cost(p *export.Proposal, o *fleet.Option) figure {
	f := figure{label: "Cost a month", number: units.NoPrice, line: "not in the catalog", limit: -1, note: "ranked by GPUs instead", kind: "k4", tier: "No price"}
	if !o.Priced {
		return f
	}
	f.number, f.line, f.note = mark("usd-month", units.USD(o.USDPerMonth)), "USD, 730 h a month", "no other priced option"
	for i := range p.Answer.Options {
		n := &p.Answer.Options[i]
		if n.GPU.ID == o.GPU.ID || !n.Priced || n.USDPerMonth < o.USDPerMonth {
			continue
		}
		f.line = "Next: " + export.GPUName(n.GPU) + ", " + about("usd_month", n.GPU.ID, units.USD(n.USDPerMonth))
		f.fill, f.limit = o.USDPerMonth/n.USDPerMonth, 1
		f.note = mark("saving", units.Percent(1-o.USDPerMonth/n.USDPerMonth)) + " less than next best"
		switch away := n.USDPerMonth - o.USDPerMonth; {
		case away < 0.5:
			f.note = "same as next best"
		case away < 0.005*n.USDPerMonth: // both print the same
			f.note = "about the same as next best"
		}
		break
	}
	f.kind, f.tier = "k1", export.PriceWords(o)
	return f
}

func power(p *export.Proposal, o *fleet.Option) figure {
	f := figure{label: "Power", number: "Unknown", line: "no figure in the catalog", limit: -1, note: "not counted", kind: "k4", tier: "No figure"}
	if !o.Powered {
		return f
	}
	const rack = 10 // kW of an ordinary air-cooled rack
	f.number, f.unit, f.line = mark("kw", units.SigFixed(o.KW, 2)), "kW", "at the wall"
	if rate := p.Answer.DemandReqPerS; rate > 0 {
		f.line = mark("kwh-per-thousand", units.Sig(o.KW/rate/3.6, 2)) + " kWh / 1,000 req"
	}
	f.fill, f.limit, f.note = o.KW/rack, 1, mark("rack-share", units.Percent(o.KW/rack))+" of one 10 kW rack"
	if o.KW > rack {
		f.note = mark("racks", units.Sig(o.KW/rack, 2)) + " racks of 10 kW"
	}
	f.tier = "Nameplate, cooling included"
	if b := o.PowerBasis; b != "" {
		f.tier = strings.ToUpper(b[:1]) + b[1:]
	}
	return f
}
