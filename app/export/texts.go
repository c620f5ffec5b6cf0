package export

import (
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// Text is the answer in a few lines, for a chat or a mail.
func Text(p *Proposal) string {
	var b strings.Builder
	b.WriteString(Plain(Sentence(p)) + "\n")
	if o := p.Best(); o != nil {
		word := Percentile(p.Req.Targets.Percentile)
		b.WriteString(GPUName(o.GPU) + ": " + Fleet(o) + ", " + Count(o.Nodes, "node") + "; TTFT " + units.Duration(o.At.TTFT.At(p.Req.Targets.Percentile), 2) + " " + word +
			", " + units.Duration(o.At.ITL.Known().At(p.Req.Targets.Percentile), 2) + " per token " + word + "; " + Power(o) + ". " + strings.ReplaceAll(Tier(o), "\u00a0", " ") + ".\n")
	}
	b.WriteString(p.Link + "\n" + Disclaimer + "\n")
	return b.String()
}

// RFP is the paragraph for a tender; "" without an option.
func RFP(p *Proposal) string {
	o := p.Best()
	if o == nil {
		return ""
	}
	w := p.Req.Workload
	text := "The proposed configuration provides " + units.Count(float64(o.GPUs)) + " " + GPUName(o.GPU) + " GPUs in " + Count(o.Nodes, "node") +
		" for " + DemandText(p.Req.Demand) + " at " + units.Count(float64(w.Input)) + "/" + units.Count(float64(w.Output)) + " tokens of " + p.Req.Model.Name
	if t := TargetsText(p.Req.Targets); t != "no latency target" {
		text += " with " + t
	}
	if n := o.ReplicasSpare; n > 0 {
		text += ", of which " + Count(n*o.Layout.GPUs(), "GPU") + " as spare"
	}
	text += ". Basis: " + lowerFirst(strings.ReplaceAll(Tier(o), "\u00a0", " ")) + ", " + p.Req.Engine.Name + ", data of " + Day(p.Catalog().Date) + "."
	rows := Register(p)
	var open, sure []string
	for _, a := range rows {
		switch a.Status {
		case Confirmed:
			sure = append(sure, lowerFirst(a.Name)+" "+a.Value)
		case Assumed:
			open = append(open, lowerFirst(a.Name)+" "+a.Value)
		}
	}
	if len(open) > 0 {
		text += " Assumptions: " + strings.Join(open, "; ") + "."
	}
	if len(sure) > 0 {
		text += " Confirmed: " + strings.Join(sure, "; ") + "."
	}
	if len(open)+len(sure) == 0 {
		text += " Assumptions: all inputs are defaults of the workload " + WorkloadName(p) + "."
	}
	return text + " " + Disclaimer
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' { // an abbreviation: KV, TTFT
		return s
	}
	return strings.ToLower(s[:min(1, len(s))]) + s[min(1, len(s)):]
}

// Markdown is the answer as a document.
func Markdown(p *Proposal) string {
	var b strings.Builder
	line := func(s string) { b.WriteString(s + "\n") }
	line("# " + md(p.Title()))
	line("")
	for _, part := range Sentence(p) {
		if part.Strong {
			b.WriteString("**" + md(part.Text) + "**")
		} else {
			b.WriteString(md(part.Text))
		}
	}
	line("")
	pct := p.Req.Targets.Percentile
	word := Percentile(pct)
	if o := p.Best(); o != nil {
		line("\n## Targets\n")
		mdTable(&b, []string{"Figure", "Target", "Value", "Verdict"}, func(row func(...string)) {
			for _, k := range KPIs(p, o) {
				row(k.Name, k.Target, k.Value, k.Verdict)
			}
		})
		line("\n## Options\n")
		mdTable(&b, []string{"Option", "Fleet", "GPUs", "$/month", "TTFT " + word, "Per token " + word, "Confidence"}, func(row func(...string)) {
			for _, k := range p.Picks() {
				row(k.Letter+" "+k.Why, Fleet(k.Option)+" "+GPUName(k.Option.GPU), GPUs(k.Option), Money(k.Option),
					units.Duration(k.Option.At.TTFT.At(pct), 2), units.Duration(k.Option.At.ITL.Known().At(pct), 2), Tier(k.Option))
			}
		})
		line("\n## Accelerators\n")
		mdTable(&b, []string{"GPU", "Fleet", "GPUs", "Nodes", "TTFT " + word, "Per token " + word, "$/month", "kW", "First limit", "Confidence"}, func(row func(...string)) {
			for _, o := range Options(&p.Answer) {
				row(GPUName(o.GPU), Fleet(o), GPUs(o), units.Count(float64(o.Nodes)), units.Duration(o.At.TTFT.At(pct), 2), units.Duration(o.At.ITL.Known().At(pct), 2),
					Money(o), Power(o), o.FirstLimit(), Tier(o))
			}
		})
		if len(o.Warnings) > 0 {
			line("\n## About " + md(GPUName(o.GPU)) + "\n")
			for _, w := range o.Warnings {
				line("- " + md(w.Text))
			}
		}
	}
	if list := NotViable(&p.Answer); len(list) > 0 {
		line("\n## Not viable\n")
		mdTable(&b, []string{"GPU", "Reason"}, func(row func(...string)) {
			for _, x := range list {
				row(GPUName(x.GPU), x.Text)
			}
		})
	}
	line("\n## Assumptions\n")
	mdTable(&b, []string{"Input", "Value", "Status", "Owner or next step"}, func(row func(...string)) {
		for _, a := range Register(p) {
			row(a.Name, a.Value, string(a.Status), a.Next)
		}
	})
	line("\n" + md(p.Link) + "  ")
	line("Data of " + p.Catalog().Date + ". A month is 730 h. " + Disclaimer)
	return b.String()
}

// NotViable are the exclusions that were considered.
func NotViable(a *fleet.Answer) []*fleet.Exclusion {
	var list []*fleet.Exclusion
	for i := range a.Excluded {
		if a.Excluded[i].Reason != fleet.ReasonNotConsidered {
			list = append(list, &a.Excluded[i])
		}
	}
	return list
}

// mdTable writes a table.
func mdTable(b *strings.Builder, head []string, fill func(row func(...string))) {
	row := func(cells ...string) {
		b.WriteString("|")
		for _, c := range cells {
			b.WriteString(" " + md(c) + " |")
		}
		b.WriteString("\n")
	}
	row(head...)
	b.WriteString(strings.Repeat("| --- ", len(head)) + "|\n")
	fill(row)
}

// md makes text safe inside Markdown: no markup, no table border, one line.
var md = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "<", "&lt;", "\n", " ", "\r", " ", "\u00a0", " ").Replace
