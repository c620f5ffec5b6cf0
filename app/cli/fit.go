//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/fit"
	"fleetsize/calc/score"
	"fleetsize/calc/units"
)

const fitUsage = `Usage: fleetsize fit [-json] [-o FIT.json] [-fit PRIOR.json] [flags] FILE

Fits the model to measurements: efficiencies, overheads and memory share of
each engine in the table, starting from what ships, which also counts as prior
knowledge, so that a few rows are enough. Shows every number with its standard
error, the errors before and after, and the errors on shapes and groups that
the fit had not seen. Rows that contradict physics or themselves are named and
left out.

FILE is a table or a result file as for fleetsize validate.
Interrupting ends the fit with the best found so far.

  -json
    	write one JSON document to standard output
  -o FIT.json
    	write the fitted parameters, for -fit of validate, size and estimate
  -fit PRIOR.json
    	start from an earlier fit instead of what ships
` + aboutUsage + `
Example: fleetsize fit -o fit.json nim-8b
`

// fitTable fits the model to a table of measurements.
func fitTable(args []string, s streams) int {
	flags := flag.NewFlagSet("fit", flag.ContinueOnError)
	file := flags.String("o", "", "")
	in, code, done := readTable("fit", fitUsage, flags, args, s)
	if done {
		return code
	}
	if err := folderOf("o", *file); err != nil {
		fmt.Fprintln(s.err, "fleetsize fit:", err)
		return exitUsage
	}
	ctx, stop := interruptible(0)
	defer stop()
	r, err := in.resolver.Fit(&in.table, in.findings, score.FitOptions{
		Name:     filepath.Base(in.name),
		Progress: func(score.FitProgress) bool { return ctx.Err() == nil },
	})
	if errors.Is(err, fit.ErrNoObservations) {
		fmt.Fprintf(s.err, "fleetsize fit: %s: no row can be fitted: each needs a known model and GPU, tokens in and out, a load, and a mean TTFT or ITL.\n", in.name)
		for _, d := range r.Dropped {
			fmt.Fprintf(s.err, "  %d left out: %s\n", d.N, d.Reason)
		}
		return exitUsage
	}
	if err != nil {
		fmt.Fprintln(s.err, "fleetsize fit:", err)
		return exitFailed
	}
	if *file != "" {
		data, err := r.Calibration.Encode()
		if err == nil {
			err = os.WriteFile(*file, data, 0o644)
		}
		if err != nil {
			fmt.Fprintln(s.err, "fleetsize fit: -o:", err)
			return exitFailed
		}
	}
	notes := tableNotes(&in, nil)
	out := []byte(fitText(&in, r, notes, *file))
	if in.json {
		if out, err = wire.Encode(wire.Fit(r, in.findings, notes, in.cat.Date)); err != nil {
			fmt.Fprintln(s.err, "fleetsize fit:", err)
			return exitFailed
		}
	}
	if code := write("fit", out, s); code != exitDone {
		return code
	}
	if r.Stopped {
		fmt.Fprintln(s.err, "Cut short: this is the best found so far.")
		return exitCut
	}
	return exitDone
}

// fitText is the answer for people.
func fitText(in *tableInput, r *score.FitReport, notes []wire.Warning, file string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s rows of %s, %s used.\n", units.Count(float64(r.Read)), filepath.Base(in.name), units.Count(float64(r.Used)))
	for _, d := range r.Dropped {
		fmt.Fprintf(&b, "  %s left out: %s\n", units.Count(float64(d.N)), d.Reason)
	}
	for _, e := range r.Engines {
		b.WriteString("\n" + parameterTable(e))
	}
	b.WriteString("\n" + beforeAfter(r))
	b.WriteString(findings(in.findings))
	if len(notes)+len(r.Warnings) > 0 {
		b.WriteString("\nNotes\n")
		for _, n := range notes {
			b.WriteString("  " + n.Text + "\n")
		}
		for _, w := range r.Warnings {
			b.WriteString("  " + w.Text + "\n")
		}
	}
	if file != "" {
		fmt.Fprintf(&b, "\nWritten to %s; try fleetsize validate -fit %s %s\n", file, file, in.name)
	}
	return b.String()
}

// parameterTable lists what one engine's rows tell.
func parameterTable(e score.EngineReport) string {
	t := table{right: []bool{false, true, true, true, true, false}}
	t.add(e.Engine.Name, "start", "fitted", "change", "±", "")
	for _, q := range e.Result.Estimates {
		unit := ""
		if q.Unit != "" {
			unit = " " + q.Unit
		}
		change, stderr, note := "–", "–", q.Text
		if q.Start != 0 {
			change = signed1(q.Value/q.Start - 1)
		}
		if q.StdErr > 0 {
			stderr = units.Sig(q.StdErr*q.Scale, 2)
		}
		if !q.Identified {
			note += " (not identified by these rows)"
		}
		t.add(q.Name, units.Sig(q.Start*q.Scale, 3)+unit, units.Sig(q.Value*q.Scale, 3)+unit, change, stderr, note)
	}
	return t.String()
}

// beforeAfter is the table of mean errors, medians in brackets.
func beforeAfter(r *score.FitReport) string {
	t := table{right: []bool{false, true, true, true, true}}
	t.add("Mean error (median)", "before", "after", "unseen shapes", "unseen groups")
	cell := func(e score.Errors) string {
		if e.N == 0 {
			return "–"
		}
		return percent1(e.MAPE) + " (" + units.Fixed(100*e.Median, 1) + ")"
	}
	for _, l := range []struct {
		name string
		of   func(fit.Score) score.Errors
	}{
		{"TTFT", func(s fit.Score) score.Errors { return s.TTFT }},
		{"Time per token", func(s fit.Score) score.Errors { return s.ITL }},
		{"Output tokens/s", func(s fit.Score) score.Errors { return s.OutputTokPerS }},
	} {
		t.add(l.name, cell(l.of(r.Before)), cell(l.of(r.After)), cell(l.of(r.ByShape)), cell(l.of(r.ByGroup)))
	}
	return t.String()
}
