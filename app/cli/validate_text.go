//go:build !js

package cli

import (
	"fmt"
	"math"
	"path/filepath"
	"sort"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/units"
)

// validateText is the answer for people.
func validateText(in *tableInput, r score.Report, scored []score.Scored, notes []wire.Warning) string {
	var b strings.Builder
	with := "the profiles that ship"
	if in.fitted {
		with = "the given fit"
	}
	rows := "rows"
	if r.Read == 1 {
		rows = "row"
	}
	fmt.Fprintf(&b, "%s %s of %s, %s scored with %s.\n", units.Count(float64(r.Read)), rows, filepath.Base(in.name), units.Count(float64(r.Scored)), with)
	for _, k := range r.Skipped {
		fmt.Fprintf(&b, "  %s left out: %s\n", units.Count(float64(k.N)), k.Reason)
	}
	if r.Scored > 0 {
		b.WriteString("\n" + errorTable(r))
		b.WriteString(ranges(r))
		if len(r.Groups) > 1 {
			b.WriteString("\n" + groupTable(r.Groups))
		}
		b.WriteString(worstRows(scored))
	}
	b.WriteString(findings(in.findings))
	if len(notes) > 0 {
		b.WriteString("\nNotes\n")
		for _, n := range notes {
			b.WriteString("  " + n.Text + "\n")
		}
	}
	fmt.Fprintf(&b, "\nErrors are |model/measured − 1|; bias is the median of model/measured − 1. Data of %s.\n", in.cat.Date)
	return b.String()
}

// percent1 is a share in per cent with one decimal.
func percent1(x float64) string { return units.Fixed(100*x, 1) + " %" }

func signed1(x float64) string {
	if x > 0 {
		return "+" + percent1(x)
	}
	return percent1(x)
}

// errorTable is one line per figure.
func errorTable(r score.Report) string {
	t := table{right: []bool{false, true, true, true, true, true, true}}
	t.add("", "rows", "mean error", "median", "RMSE", "bias", "within 20 %")
	for _, l := range []struct {
		name, unit string
		e          score.Errors
		scale      float64
	}{
		{"TTFT", " ms", r.TTFT, 1e3}, {"TTFT p95", " ms", r.TTFTP95, 1e3},
		{"Time per token", " ms", r.ITL, 1e3}, {"Output tokens/s", "", r.OutputTokPerS, 1},
	} {
		if e := l.e; e.N > 0 {
			t.add(l.name, units.Count(float64(e.N)), percent1(e.MAPE), percent1(e.Median),
				units.Sig(e.RMSE*l.scale, 3)+l.unit, signed1(e.Bias), percent1(e.Within20))
		}
	}
	return t.String()
}

// ranges says how the 10–90 % ranges did.
func ranges(r score.Report) string {
	var b strings.Builder
	if r.TTFTCoverage.OK || r.ITLCoverage.OK {
		b.WriteString("\nInside the 10–90 % range:")
		sep := " "
		for _, c := range []struct {
			name  string
			share measured.Opt
		}{{"TTFT", r.TTFTCoverage}, {"time per token", r.ITLCoverage}} {
			if c.share.OK {
				fmt.Fprintf(&b, "%s%s %s", sep, c.name, percent1(c.share.Value))
				sep = ", "
			}
		}
		b.WriteString(" (80 % is meant).")
		for _, tier := range []fleet.Confidence{fleet.Calibrated, fleet.Estimated, fleet.SpecsOnly} {
			if w, ok := r.Width[tier]; ok {
				fmt.Fprintf(&b, " Upper end over lower, %s: %s.", strings.ReplaceAll(string(tier), "_", " "), units.Fixed(w, 2))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func groupTable(groups []score.Group) string {
	t := table{right: []bool{false, true, true, true, true, false}}
	t.add("Group", "rows", "TTFT", "per token", "tokens/s", "")
	mape := func(e score.Errors) string {
		if e.N == 0 {
			return "–"
		}
		return percent1(e.MAPE)
	}
	for _, g := range groups {
		t.add(g.Name, units.Count(float64(g.N)), mape(g.TTFT), mape(g.ITL), mape(g.OutputTokPerS), strings.ReplaceAll(string(g.Tier), "_", " "))
	}
	return t.String()
}

// worst is how many of the worst rows are listed.
const worst = 5

// worstRows lists the rows that are farthest off in TTFT or time per token.
func worstRows(scored []score.Scored) string {
	type miss struct {
		s    *score.Scored
		name string
		p    score.Pair
	}
	var list []miss
	for i := range scored {
		s := &scored[i]
		for _, m := range []miss{{s, "TTFT", s.TTFT}, {s, "per token", s.ITL}} {
			if s.Reason == "" && m.p.Both() {
				list = append(list, m)
			}
		}
	}
	off := func(m miss) float64 { return math.Abs(math.Log(m.p.Model.Value / m.p.Measured.Value)) }
	sort.SliceStable(list, func(i, j int) bool { return off(list[i]) > off(list[j]) })
	if len(list) == 0 {
		return ""
	}
	t := table{right: []bool{true, false, true, true, true, true, false}}
	t.add("Line", "", "measured", "model", "error", "in/out, load", "limited by")
	for _, m := range list[:min(worst, len(list))] {
		row := m.s.Row
		load := fmt.Sprintf("%d/%d, %d", row.Input, row.Output, row.Concurrency)
		if row.Concurrency == 0 {
			load = fmt.Sprintf("%d/%d, %s", row.Input, row.Output, units.Rate(row.Rate))
		}
		t.add(fmt.Sprint(row.Line), m.name, units.Duration(m.p.Measured.Value, 3), units.Duration(m.p.Model.Value, 3), signed1(m.p.Ratio()),
			load, strings.ReplaceAll(string(m.s.Prediction.Binding), "_", " "))
	}
	return "\nFarthest off\n" + t.String()
}

// findings lists rows that should be looked at.
func findings(list []measured.Problem) string {
	if len(list) == 0 {
		return ""
	}
	const most = 10
	var b strings.Builder
	b.WriteString("\nRows to look at\n")
	for _, p := range list[:min(most, len(list))] {
		b.WriteString("  " + p.String() + "\n")
	}
	if n := len(list) - most; n > 0 {
		fmt.Fprintf(&b, "  and %d more, in the JSON document\n", n)
	}
	return b.String()
}
