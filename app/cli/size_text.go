//go:build !js

package cli

import (
	"fmt"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// disclaimer closes every answer.
const disclaimer = "Engineering estimate for planning. Not a quote or a performance guarantee."

// sizeText is the answer for people: headline, ranked table, what is not
// viable and why, warnings.
func sizeText(a fleet.Answer, in input) string {
	var b strings.Builder
	r := in.req
	if p := a.Problem; p != nil {
		b.WriteString(p.Text + "\n")
		if p.Remedy != nil {
			fmt.Fprintf(&b, "Try: %s (%s)\n", p.Remedy.Text, p.Remedy.Pairs)
		}
	} else {
		b.WriteString(headline(a, in) + "\n")
	}
	if len(a.Options) > 0 {
		b.WriteString("\n" + options(a, r.Targets.Percentile, r.Weights == fleet.AnyPrecision))
	}
	b.WriteString(measuredRows(a))
	b.WriteString(moneyText(a, in))
	b.WriteString(excluded(a, in))
	if len(a.Options) > 0 && len(a.Options[0].Warnings) > 0 {
		fmt.Fprintf(&b, "\nAbout %s:\n", a.Options[0].GPU.Short)
		for _, w := range a.Options[0].Warnings {
			b.WriteString("  " + w.Text + "\n")
		}
	}
	fmt.Fprintf(&b, "\nLink: #%s\nData of %s. A month is 730 h. %s\n", in.state.String(), in.cat.Date, disclaimer)
	return b.String()
}

// headline is the answer in one sentence.
func headline(a fleet.Answer, in input) string {
	r := in.req
	goal := demandText(r.Demand) + " of " + workloadText(in) + " on " + r.Model.Name + targetsText(r)
	if len(a.Options) == 0 {
		return "Nothing considered serves " + goal + "."
	}
	o := &a.Options[0]
	money := "no price known"
	if o.Priced {
		money = "for about " + units.USD(o.USDPerMonth) + " a month"
	}
	spare := "no spare replica"
	if o.ReplicasSpare > 0 {
		spare = many(o.ReplicasSpare, "spare replica")
	}
	verb := "serve"
	if o.GPUs == 1 {
		verb = "serves"
	}
	with := []string{spare}
	if n := r.Posture.SpareNodes; n > 0 {
		with = append(with, many(n, "spare server"))
	}
	if n := o.Pipeline.GPUs; n > 0 {
		with = append(with, many(n, "GPU")+" before the model")
	}
	if a.SizedReqPerS > a.DemandReqPerS {
		with = append(with, "growth to "+units.Rate(a.SizedReqPerS))
	}
	list := with[len(with)-1]
	if n := len(with) - 1; n > 0 {
		list = strings.Join(with[:n], ", ") + " and " + list
	}
	return fmt.Sprintf("%s%s × %s %s %s, %s, %s included.", mark(o.Preview), units.Count(float64(o.GPUs)), o.GPU.Short, verb, goal, money, list)
}

// many is a count with its noun.
func many(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return units.Count(float64(n)) + " " + noun + "s"
}

// mark is in front of numbers that are not simulated.
func mark(preview bool) string {
	if preview {
		return "≈ "
	}
	return ""
}

func demandText(d fleet.Demand) string {
	switch d.Kind {
	case fleet.People:
		people := "people"
		if d.Users == 1 {
			people = "person"
		}
		return fmt.Sprintf("%s %s (%s at peak)", units.Count(d.Users), people, units.Rate(d.PeakReqPerS()))
	case fleet.PerDay:
		return fmt.Sprintf("%s requests a day (%s at peak)", units.Count(d.ReqPerDay), units.Rate(d.PeakReqPerS()))
	case fleet.InFlight:
		return units.InFlight(d.InFlight)
	}
	return units.Rate(d.ReqPerS)
}

func workloadText(in input) string {
	name := in.state.Workload
	if p, ok := in.cat.Preset(name); ok {
		name = p.Name
	}
	w := in.req.Workload
	return fmt.Sprintf("%s (%s in, %s out)", name, units.Count(float64(w.Input)), units.Count(float64(w.Output)))
}

func targetsText(r fleet.Requirement) string {
	var parts []string
	for _, t := range []struct {
		name  string
		limit float64
	}{{"first token", r.Targets.TTFT}, {"time per token", r.Targets.ITL}, {"whole answer", r.Targets.E2E}} {
		if t.limit > 0 {
			parts = append(parts, t.name+" within "+units.Duration(t.limit, 3))
		}
	}
	if len(parts) == 0 {
		return " without latency targets"
	}
	return " with " + strings.Join(parts, ", ") + " (" + statistic(r.Targets.Percentile) + ")"
}

// statistic names what targets are stated in: "p95" or "mean".
func statistic(percentile string) string {
	if percentile == "mean" {
		return percentile
	}
	return "p" + percentile
}

// options is the ranked table, with a column of the weights where their
// precision was searched.
func options(a fleet.Answer, percentile string, searched bool) string {
	p := statistic(percentile)
	t := table{right: []bool{false, false, true, true, true, true, true, true, true, true, false, false}}
	head := []string{"GPU", "replicas", "req/s/GPU", "GPUs", "range", "nodes", "TTFT " + p, "ITL " + p, "$/month", "kW", "first limit", "confidence"}
	if searched {
		head = append(head, "weights")
	}
	t.add(head...)
	for i := range a.Options {
		o := &a.Options[i]
		money, power := "no price", "unknown"
		if o.Priced {
			money = units.Count(o.USDPerMonth)
		}
		if o.Powered {
			power = units.Sig(o.KW, 3)
		}
		row := []string{
			mark(o.Preview) + o.GPU.Short,
			replicas(o),
			units.SigFixed(o.ReqPerSPerGPU, 3),
			units.Count(float64(o.GPUs)),
			units.Range(o.GPURange.Low, o.GPURange.High),
			units.Count(float64(o.Nodes)),
			units.Duration(o.At.TTFT.At(percentile), 3),
			units.Duration(o.At.ITL.Known().At(percentile), 3),
			money,
			power,
			o.FirstLimit(),
			tierText(o.Tier),
		}
		if searched {
			row = append(row, wire.WeightsName(o.Weights))
		}
		t.add(row...)
	}
	return t.String()
}

// replicas is "3+1 × TP2": needed, spare, layout.
func replicas(o *fleet.Option) string {
	n := units.Count(float64(o.ReplicasNeeded))
	if o.ReplicasSpare > 0 {
		n += "+" + units.Count(float64(o.ReplicasSpare))
	}
	return n + " × " + wire.LayoutName(o.Layout)
}

func tierText(c fleet.Confidence) string {
	if c == fleet.SpecsOnly {
		return "specs only"
	}
	return string(c)
}

// excluded lists what does not serve, and in one line what was not looked at.
func excluded(a fleet.Answer, in input) string {
	var b strings.Builder
	var t table
	var skipped []string
	for _, x := range a.Excluded {
		if a.Problem != nil && x.Reason != fleet.ReasonNotConsidered {
			continue // the same reason for all of them, said once
		}
		if x.Reason == fleet.ReasonNotConsidered {
			skipped = append(skipped, x.GPU.ID)
			continue
		}
		text := x.Text
		if x.Nearest != nil && x.Nearest.Pairs != "" {
			text += " Try: " + x.Nearest.Text + " (" + x.Nearest.Pairs + ")"
		}
		t.add("  "+x.GPU.Short, text)
	}
	if len(t.rows) > 0 {
		fmt.Fprintf(&b, "\nNot viable (%d):\n%s", len(t.rows), t.String())
	}
	switch n := len(skipped); {
	case n == 0:
	case len(in.req.GPUs) > 0:
		fmt.Fprintf(&b, "\nNot in the selection: %d other accelerators.\n", n)
	default:
		fmt.Fprintf(&b, "\nNot considered by default (%d); name them with g= to include them: %s\n", n, strings.Join(skipped, ", "))
	}
	return b.String()
}
