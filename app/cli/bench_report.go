//go:build !js

package cli

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"fleetsize/app/export"
	"fleetsize/calc/bench"
	"fleetsize/calc/units"
)

// benchText is a report for people.
func benchText(d *bench.Document) string {
	var b strings.Builder
	t := table{right: []bool{false, true, true, true, true, true, true, true, true}}
	t.add("Load", "requests", "errors", "TTFT p50", "p95", "per token p50", "E2E p50", "tok/s", "tok/s/user p25")
	few := false
	for i := range d.Phases {
		p := &d.Phases[i]
		errors := 0
		for _, n := range p.Errors {
			errors += n
		}
		few = few || p.TTFT.N > 0 && p.TTFT.N < needP95
		t.add(p.Label, strconv.Itoa(p.Requests), strconv.Itoa(errors), ms(p.TTFT.P50), thin(ms(p.TTFT.P95), p.TTFT.N), ms(p.TPOT.P50), ms(p.E2E.P50),
			plainSig(p.OutputTokPerS), plainSig(p.Speed.P25))
	}
	if len(d.Phases) > 0 {
		b.WriteString(t.String())
	} else {
		b.WriteString("Nothing was measured.\n")
	}
	if few {
		fmt.Fprintf(&b, "\n(p95): of fewer than %d answers, which is little more than their maximum.\n", needP95)
	}
	switch d.Setup.Plan.Kind {
	case bench.Single, bench.Probes, bench.Sweep, bench.Scenarios:
		b.WriteString(benchDetail(d))
	}
	b.WriteString(overstated(d))
	b.WriteString(benchCost(d))
	if p := powerTable(d); p != "" {
		b.WriteString("\n" + p)
	}
	switch {
	case d.Knee != nil:
		between := ""
		if r := d.KneeRange; len(r) == 2 && r[0] != r[1] {
			between = fmt.Sprintf(" (90 %%: %d to %d)", r[0], r[1])
		}
		fmt.Fprintf(&b, "\nKnee: %s in flight%s; more brings no more than %s tok/s.\n", units.Count(*d.Knee), between, plainSig(d.Peak))
	case d.Setup.Plan.Kind != bench.Load || d.Peak == nil:
	case d.CutShort:
		fmt.Fprintf(&b, "\nNo knee: the run ended before throughput stopped rising; the highest was %s tok/s.\n", plainSig(d.Peak))
	default:
		fmt.Fprintf(&b, "\nNo knee was found; the highest throughput was %s tok/s.\n", plainSig(d.Peak))
	}
	for _, c := range d.Capacity {
		fmt.Fprintf(&b, "\nTier %s (%s tok/s for 3 of 4 requests, TTFT %s for 19 of 20): %s. %s\n", c.Tier, units.Sig(c.P25Speed, 3),
			units.Duration(c.P95TTFT/1e3, 3), c.Verdict, c.Text)
	}
	b.WriteString(benchBars(d))
	b.WriteString(benchNotes(d))
	return b.String()
}

// needP95 is how many values a 95th percentile needs to be more than the
// largest of them.
const needP95 = 20

// thin puts a percentile of too few values in brackets.
func thin(s string, n int) string {
	if n == 0 || n >= needP95 {
		return s
	}
	return "(" + s + ")"
}

// benchDetail is a second line of each phase of a plan that measures one kind
// of request closely.
func benchDetail(d *bench.Document) string {
	if len(d.Phases) == 0 {
		return ""
	}
	t := table{right: []bool{false, true, true, true, true, true, true, true}}
	t.add("Load", "tokens in", "out", "TTFT std", "per token std", "100 tokens", "prefill tok/s", "tok/s/user p50")
	for i := range d.Phases {
		p := &d.Phases[i]
		prefill := "–"
		if p.Prefill != nil {
			prefill = plainSig(p.Prefill.P50)
		}
		t.add(p.Label, plainSig(p.Input.Mean), plainSig(p.Output.Mean), ms(p.TTFT.Std), ms(p.TPOT.Std), ms(p.At100.P50), prefill, plainSig(p.Speed.P50))
	}
	return "\n" + t.String()
}

// overstated compares the server's tokens with the counter's where they differ.
func overstated(d *bench.Document) string {
	var native, counted, over []float64
	for i := range d.Phases {
		p := &d.Phases[i]
		if p.Overstated != nil && p.CountedSpeed != nil && p.CountedSpeed.P50 != nil && p.Speed.P50 != nil && math.Abs(*p.Overstated) >= 1 {
			native, counted, over = append(native, *p.Speed.P50), append(counted, *p.CountedSpeed.P50), append(over, *p.Overstated)
		}
	}
	if len(over) == 0 {
		return ""
	}
	word := "above"
	if slices.Max(over) < 0 {
		word = "below"
		for i := range over {
			over[i] = -over[i]
		}
	}
	return fmt.Sprintf("\nIn %s tokens: %s tok/s/user p50; %s in the server's own is %s %% %s that.\n", d.Setup.Counter, between(counted, 3), between(native, 3), between(over, 2), word)
}

// between is the range of values, or the one they all print as.
func between(x []float64, digits int) string {
	return units.Span(units.Sig(slices.Min(x), digits), units.Sig(slices.Max(x), digits))
}

// benchBars are the usual bars and how the report stands against them.
func benchBars(d *bench.Document) string {
	if len(d.Phases) == 0 {
		return ""
	}
	t := table{right: []bool{false, true, true, false}}
	if !slices.ContainsFunc(d.KPIs, func(k bench.KPI) bool { return k.Value != nil }) {
		return ""
	}
	for _, k := range d.KPIs {
		bar, value := units.Sig(k.Limit, 3)+" "+k.Unit, plainSig(k.Value)+" "+k.Unit
		if k.Value != nil && bar == value && *k.Value != k.Limit { // as many digits as tell them apart
			for digits := 4; bar == value && digits < 9; digits++ {
				value = units.Sig(*k.Value, digits) + " " + k.Unit
			}
		}
		if k.Unit == "" {
			bar, value = units.Percent(k.Limit), "–"
			if k.Value != nil {
				value = units.Percent(*k.Value)
			}
		}
		if k.Value == nil {
			value = "–"
		}
		t.add(k.Text, value, "bar "+bar, string(k.Verdict))
	}
	return "\nUsual bars for an interactive service\n" + t.String()
}

// benchNotes is what a reader should know, and what the run took.
func benchNotes(d *bench.Document) string {
	seen := map[string]bool{}
	var lines []string
	note := func(s string) {
		if !seen[s] {
			seen[s] = true
			lines = append(lines, "  "+s)
		}
	}
	alike := map[string]int{}
	for i := range d.Phases {
		for _, w := range d.Phases[i].Warnings {
			alike[w.Code]++
		}
	}
	for i := range d.Phases {
		p := &d.Phases[i]
		if p.Limited {
			note(p.Label + ": " + p.Limit.Text)
		}
		for _, m := range p.Messages {
			note(p.Label + ": " + failureText(m))
		}
		for _, w := range p.Warnings {
			switch n := alike[w.Code]; {
			case n == 1:
				note(p.Label + ": " + w.Text)
			case n > 1:
				note(fmt.Sprintf("%s, and %d more alike: %s", p.Label, n-1, w.Text))
			}
			alike[w.Code] = 0
		}
	}
	for _, w := range d.Warnings {
		note(w.Text)
	}
	if d.Stopped != nil {
		note(d.Stopped.Text)
	}
	text := ""
	if len(lines) > 0 {
		text = "\nNotes\n" + strings.Join(lines, "\n") + "\n"
	}
	text += fmt.Sprintf("\n%s, %s failed, %s tokens", export.Count(d.Setup.Requests, "request"), units.Count(float64(d.Setup.Failed)), units.Count(float64(d.Setup.Tokens)))
	if d.Setup.USD != nil {
		text += ", " + units.USDExact(*d.Setup.USD)
	}
	if d.Setup.DurationS != nil {
		text += " in " + units.Duration(*d.Setup.DurationS, 3)
	}
	return text + ".\n"
}

func ms(x *float64) string {
	if x == nil {
		return "–"
	}
	return units.Duration(*x/1e3, 3)
}

func plainSig(x *float64) string {
	if x == nil {
		return "–"
	}
	return units.Sig(*x, 3)
}
