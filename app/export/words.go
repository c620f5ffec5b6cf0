package export

import (
	"strings"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// Part is a piece of a sentence; strong ones carry the finding.
type Part struct {
	Text   string
	Strong bool
}

// Sentence is the answer as one sentence.
func Sentence(p *Proposal) []Part {
	o := p.Best()
	if o == nil {
		return noAnswer(p)
	}
	about := ""
	if p.Answer.Preview {
		about = "≈ "
	}
	serve := " serve "
	if o.GPUs == 1 {
		serve = " serves "
	}
	say := []Part{{about + units.Count(float64(o.GPUs)) + " × " + GPUName(o.GPU), true}, {serve + demandClause(p) + TargetClause(p.Req.Targets), false}}
	if o.Priced {
		say = append(say, Part{", for about ", false}, Part{units.USD(o.USDPerMonth) + " a\u00a0month", true})
	} else {
		say = append(say, Part{", price unknown", false})
	}
	return append(say, Part{SpareClause(o) + ".", false})
}

// Plain is a sentence as text.
func Plain(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return strings.ReplaceAll(b.String(), "\u00a0", " ")
}

func noAnswer(p *Proposal) []Part {
	if p.Answer.Problem != nil {
		return []Part{{p.Answer.Problem.Text, true}}
	}
	return []Part{{"No accelerator", true}, {" serves " + demandClause(p) + TargetClause(p.Req.Targets) + ".", false}}
}

func demandClause(p *Proposal) string {
	workload := WorkloadName(p)
	if edited(&p.State) {
		workload = "edited " + workload
	}
	if p.Req.Demand.Kind == fleet.People {
		return nobreak(DemandText(p.Req.Demand)) + " using " + workload
	}
	return nobreak(DemandText(p.Req.Demand)) + " of " + workload
}

// edited reports whether a number of the preset was changed.
func edited(s *link.State) bool {
	return s.Input > 0 || s.Output > 0 || s.Hit >= 0 || s.TTFT.Set || s.ITL.Set || s.E2E.Set
}

// TargetClause names the first limit that is set: " with first token under 3 s
// (p95)".
func TargetClause(t catalog.Targets) string {
	pct := " (" + Percentile(t.Percentile) + ")"
	switch {
	case t.TTFT > 0:
		return " with first token under " + nobreak(units.Duration(t.TTFT, 3)) + pct
	case t.E2E > 0:
		return " with answers within " + nobreak(units.Duration(t.E2E, 3)) + pct
	case t.ITL > 0:
		return " at " + nobreak(units.Duration(t.ITL, 3)) + " per token or less" + pct
	}
	return " with no latency target"
}

// SpareClause says how many GPUs are spare: ", with one GPU spare".
func SpareClause(o *fleet.Option) string {
	n := o.ReplicasSpare * o.Layout.GPUs()
	switch {
	case n <= 0:
		return ", with no spare"
	case n == 1:
		return ", with one GPU spare"
	}
	small := []string{"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n-2 < len(small) {
		return ", with " + small[n-2] + " GPUs spare"
	}
	return ", with " + units.Count(float64(n)) + " GPUs spare"
}

// DemandText is the demand in its own words: "10 req/s", "2,500 people".
func DemandText(d fleet.Demand) string {
	switch d.Kind {
	case fleet.People:
		return units.Count(d.Users) + " people"
	case fleet.PerDay:
		return units.Sig(d.ReqPerDay, 3) + " requests a day"
	case fleet.InFlight:
		return units.InFlight(d.InFlight)
	}
	return units.Rate(d.ReqPerS)
}

// Targets are "TTFT ≤ 3 s" and its like, without the percentile.
func Targets(t catalog.Targets) (parts []string) {
	add := func(name string, s float64) {
		if s > 0 {
			parts = append(parts, name+" ≤ "+units.Duration(s, 3))
		}
	}
	add("TTFT", t.TTFT)
	add("per token", t.ITL)
	add("whole answer", t.E2E)
	return parts
}

// TargetsText is "TTFT ≤ 3 s, per token ≤ 50 ms (p95)".
func TargetsText(t catalog.Targets) string {
	parts := Targets(t)
	if len(parts) == 0 {
		return "no latency target"
	}
	return strings.Join(parts, ", ") + " (" + Percentile(t.Percentile) + ")"
}

// WorkloadName is the name of the preset.
func WorkloadName(p *Proposal) string {
	if w, ok := p.Catalog().Preset(p.State.Workload); ok {
		return w.Name
	}
	return "your workload"
}

// GPUName is the name in tables and sentences.
func GPUName(g *catalog.GPU) string {
	if g.Short != "" {
		return g.Short
	}
	return g.Name
}

// Percentile is how a percentile is written beside a latency: "p95".
func Percentile(pct string) string {
	switch pct {
	case "mean":
		return "mean"
	case "":
		return "p95"
	}
	return "p" + pct
}

// Layout is "TP1", "TP4 PP2", "TP8 EP8 DP8".
func Layout(l fleet.Layout) string { return l.String() }

// Fleet is "3 + 1 × TP2": replicas needed, spare, layout.
func Fleet(o *fleet.Option) string {
	n := units.Count(float64(o.ReplicasNeeded))
	if o.ReplicasSpare > 0 {
		n += " + " + units.Count(float64(o.ReplicasSpare))
	}
	return n + " × " + Layout(o.Layout)
}

// Weights is "FP8", or "MXFP4 experts, BF16 rest" for mixed checkpoints.
func Weights(w catalog.Weights) string {
	if w.Experts != "" && w.Experts != w.Dense {
		return precision(w.Experts) + " experts, " + precision(w.Dense) + " rest"
	}
	return precision(w.Dense)
}

func precision(p catalog.Precision) string {
	return strings.ReplaceAll(strings.ToUpper(string(p)), "-BLOCK", " block")
}

// Tier is a confidence in words with its spread: "Estimated ±30 %".
func Tier(o *fleet.Option) string {
	word := map[fleet.Confidence]string{fleet.Measured: "Measured", fleet.Calibrated: "Calibrated", fleet.Estimated: "Estimated"}[o.Tier]
	if word == "" {
		word = "Specs only"
	}
	if r := o.RateRange; r.High > r.Low && o.ReqPerSPerGPU > 0 && o.Tier != fleet.Measured {
		return word + " ±" + nobreak(units.Percent(units.Round((r.High-r.Low)/2/o.ReqPerSPerGPU, 2)))
	}
	return word
}

// Money is an amount by month, or "No price".
func Money(o *fleet.Option) string {
	if !o.Priced {
		return units.NoPrice
	}
	return units.USD(o.USDPerMonth)
}

// Power is kilowatts at the wall, or "unknown".
func Power(o *fleet.Option) string {
	if !o.Powered {
		return units.Unknown
	}
	return units.SigFixed(o.KW, 2) + " kW"
}

// GPUs is a count with its range: "4 (3–5)".
func GPUs(o *fleet.Option) string {
	n := units.Count(float64(o.GPUs))
	if o.GPURange.High > o.GPURange.Low && o.Tier != fleet.Measured {
		n += " (" + units.Range(o.GPURange.Low, o.GPURange.High) + ")"
	}
	return n
}

// Day prints a date as people say it: "18 Nov 2026"; other texts stay.
func Day(iso string) string {
	const months = "JanFebMarAprMayJunJulAugSepOctNovDec"
	if len(iso) < 10 || iso[4] != '-' || iso[7] != '-' {
		return iso
	}
	m := int(iso[5]-'0')*10 + int(iso[6]-'0')
	if m < 1 || m > 12 {
		return iso
	}
	return strings.TrimPrefix(iso[8:10], "0") + " " + months[3*m-3:3*m] + " " + iso[:4]
}

// Count is "1 node", "3 nodes".
func Count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return units.Count(float64(n)) + " " + one + "s"
}

func nobreak(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }
