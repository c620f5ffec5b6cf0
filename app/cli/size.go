//go:build !js

package cli

import (
	"context"
	"flag"
	"fmt"

	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
)

// size ranks every accelerator for a link.
func size(args []string, s streams) int {
	flags := flag.NewFlagSet("size", flag.ContinueOnError)
	timeout := flags.Duration("timeout", 0, "")
	in, code, done := read("size", sizeUsage, flags, args, s)
	if done {
		return code
	}
	if *timeout < 0 {
		fmt.Fprintf(s.err, "fleetsize size: -timeout %v is negative; write for example -timeout 2s\n", *timeout)
		return exitUsage
	}
	ctx, stop := interruptible(*timeout)
	defer stop()
	var answer fleet.Answer
	in.out.json = in.json
	forms := sizeForms(&in, &answer)
	if err := in.out.check(forms); err != nil {
		fmt.Fprintln(s.err, "fleetsize size:", err)
		return exitUsage
	}
	answer = plan(ctx, in.req, in.rows...)
	if code := in.out.write("size", func() string { return sizeText(answer, in) }, forms, s); code != exitDone {
		return code
	}
	if answer.Preview {
		fmt.Fprintln(s.err, "Cut short: rows marked ≈ are not simulated.")
		return exitCut
	}
	return exitDone
}

// plan answers exactly, or as far as it comes before ctx ends. rows are
// measurements of the user's own to show beside.
func plan(ctx context.Context, r fleet.Requirement, rows ...measured.Row) fleet.Answer {
	var e fleet.Estimator
	e.SetMeasured(rows)
	return planWith(ctx, &e, r)
}

// planWith is plan with an estimator, which keeps what it simulated.
func planWith(ctx context.Context, e *fleet.Estimator, r fleet.Requirement) fleet.Answer {
	p := e.Plan(r)
	for ctx.Err() == nil && !p.Step() {
	}
	return p.Answer()
}
