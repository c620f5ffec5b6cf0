package bench

import (
	"fmt"
	"math"
	"slices"
)

// launchDue reports whether another request would be sent now.
func (r *Run) launchDue() bool {
	if !r.phase.Closed() {
		return r.arrival <= r.now
	}
	for i := range r.slots {
		if r.slots[i].flight == nil && r.slots[i].due <= r.now {
			return true
		}
	}
	return false
}

// launch sends what is due.
func (r *Run) launch() {
	p := &r.phase
	if !p.Closed() {
		for r.arrival <= r.now && r.mayStart() {
			if len(r.flights) >= r.plan.Limits.InFlight {
				r.crowded = true
				break
			}
			due := r.arrival
			step := 1 / p.Rate
			if p.Poisson {
				step *= r.random.exponential()
			}
			r.arrival += step
			r.start(-1, due)
		}
		return
	}
	for i := range r.slots {
		if s := &r.slots[i]; s.flight == nil && s.due <= r.now && r.mayStart() {
			s.flight = r.start(i, s.due)
		}
	}
}

// mayStart reports whether neither the phase nor a limit forbids a request.
func (r *Run) mayStart() bool {
	return r.stop == nil && !r.full() && r.exhausted(r.phase.Input, r.phase.Output) == nil
}

// full reports whether a counting window has issued all it wants.
func (r *Run) full() bool {
	return r.state == Window && r.phase.Seconds == 0 && r.issued >= r.phase.Requests
}

// start makes the next request.
func (r *Run) start(slot int, due float64) *flight {
	p := &r.phase
	f := &flight{id: r.nextID, phase: r.index, slot: slot, dialect: r.dialect, input: p.Input, output: p.Output}
	f.measured, f.late = r.state == Window, r.state == Tail
	f.asked = p.Input
	s, ok := r.scale[p.Input]
	if !ok {
		s = r.lastScale // of another length: close, until this one has its own
	}
	if s > 0 {
		f.asked = max(int(math.Round(float64(p.Input)*s)), 1)
	}
	path, body, err := r.dialect.body(r.plan.API, r.plan.Model, r.prompter.Prompt(f.id, f.asked), p.Output)
	if err != nil {
		r.Stop(StopInternal, fmt.Sprintf("A request could not be written: %v.", err))
		return nil
	}
	r.nextID++
	if f.measured {
		r.issued++
	}
	r.flights[f.id] = f
	l := &r.plan.Limits
	r.out = append(r.out, Action{Kind: Start, ID: f.id, Request: &Request{
		ID: f.id, Phase: f.phase, Measured: f.measured, Due: due, Input: p.Input, Output: p.Output, Path: path, Body: body,
		TimeoutSeconds: l.RequestSeconds, StallSeconds: l.StallSeconds,
	}})
	return f
}

// abort ends the requests that a condition picks.
func (r *Run) abort(pick func(*flight) bool) {
	var ids []int
	for id, f := range r.flights {
		if !f.aborted && pick(f) {
			f.aborted = true
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		r.out = append(r.out, Action{Kind: Abort, ID: id})
	}
}
