//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"math"

	"fleetsize/app/wire"
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// estimate simulates one replica of one model on one accelerator.
func estimate(args []string, s streams) int {
	in, code, done := read("estimate", estimateUsage, flag.NewFlagSet("estimate", flag.ContinueOnError), args, s)
	if done {
		return code
	}
	var o wire.Operating
	var doc wire.EstimateDoc
	people := func() string { return estimateText(o, doc) }
	in.out.json = in.json
	forms := estimateForms(&in, &o, &doc, people)
	err := in.out.check(forms)
	if err == nil {
		o, err = operate(&in)
	}
	if err != nil {
		fmt.Fprintln(s.err, "fleetsize estimate:", err)
		return exitUsage
	}
	for _, w := range o.Warnings {
		fmt.Fprintf(s.err, "Warning: %s\n", w.Text)
	}
	doc = wire.Estimate(o, in.cat, in.state.String(), wire.Notes(in.notes))
	return in.out.write("estimate", people, forms, s)
}

// operate runs the simulation that the link asks for. Every error is about
// the link and names the remedy.
func operate(in *input) (o wire.Operating, err error) {
	r := &in.req
	if len(r.GPUs) == 0 {
		return o, errors.New("g: no accelerator is named: write for example g=h100-sxm")
	}
	if n := len(r.GPUs); n > 1 {
		return o, fmt.Errorf("g: %d accelerators are named: keep one, for example g=%s, or use fleetsize size", n, r.GPUs[0].GPU.ID)
	}
	if r.Weights == fleet.AnyPrecision {
		return o, errors.New(`q: "any" is a search: name a precision, for example q=fp8, or use fleetsize size`)
	}
	if r.Model.Class != catalog.ClassGenerative {
		return o, fmt.Errorf("m: %s is a model for %s and answers no prompts: choose a generative model", r.Model.ID, r.Model.Class)
	}
	w := r.Workload
	if most := r.Model.MaxContext; most > 0 && w.Input+w.Output > most {
		return o, fmt.Errorf("in, out: %s tokens in and out are more than the %s that %s holds: write for example in=%d",
			units.Count(float64(w.Input+w.Output)), units.Count(float64(most)), r.Model.ID, max(1, most-w.Output))
	}
	o.Load = serve.Load{Input: w.Input, Output: w.Output, LengthRatio: w.LengthRatio, CachedShare: w.CachedShare}
	if r.Demand.Kind == fleet.InFlight {
		o.Load.Concurrency = int(r.Demand.InFlight)
		o.Load.Rounds = in.state.Rounds
		if o.Load.Concurrency > maxInFlight {
			return o, fmt.Errorf("flight: %s requests in flight on one replica are not simulated: write at most %s",
				units.Count(r.Demand.InFlight), units.Count(maxInFlight))
		}
		// A finite run is simulated request by request, so it is bounded, too.
		if n := o.Load.Rounds * r.Demand.InFlight; n > maxRequests {
			return o, fmt.Errorf("rounds: a run of %s requests is too long: write at most rounds=%s",
				units.Count(n), units.Plain(math.Floor(maxRequests/r.Demand.InFlight)))
		}
	} else {
		o.Load.Rate = r.Demand.PeakReqPerS()
		if in.state.Rounds > 0 {
			return o, errors.New("rounds: a finite run needs requests in flight: write for example flight=50&rounds=4")
		}
	}
	if o.Unit, err = fleet.Smallest(r, r.GPUs[0].GPU, o.Load); err != nil {
		return o, err
	}
	if o.Unit.Split != nil && o.Load.Rounds > 0 {
		return o, errors.New("rounds: a finite run of a disaggregated replica is not simulated: leave rounds or pd out")
	}
	o.Result = o.Unit.Run(o.Load)
	o.Assess()
	o.Warnings = append(o.Warnings, o.Unit.Doubts(w, r.EP, o.Tier, o.Result)...)
	if !o.Result.Saturated {
		o.Stand(in.evidence())
	}
	if o.Result.Saturated {
		capacity := o.Unit.Capacity(o.Load)
		o.Warnings = append(o.Warnings, fleet.Warning{Code: "saturated",
			Text: "More arrives (" + units.Rate(o.Load.Rate) + ") than one replica serves (about " + units.Rate(capacity) +
				"): the queue grows without end, and so do these latencies."})
	}
	return o, nil
}

// Bounds of one simulation.
const (
	maxInFlight = 100000
	maxRequests = 1e6
)
