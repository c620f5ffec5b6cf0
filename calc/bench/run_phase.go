package bench

import (
	"fmt"
	"math"
	"slices"

	"fleetsize/calc/units"
)

// nextPhase asks the strategy what comes now.
func (r *Run) nextPhase() bool {
	var phase Phase
	if !r.ending {
		var ok bool
		if phase, ok = r.strategy.next(r); !ok {
			r.ending = true
		} else if s := r.exhausted(phase.Input, phase.Output); s != nil {
			r.stop = s
		}
	}
	if r.stop != nil {
		return true
	}
	if r.ending {
		r.abort(func(*flight) bool { return true })
		if len(r.flights) > 0 {
			return false
		}
		r.finish()
		return true
	}
	keep := phase.Closed() && r.phase.same(&phase) && phase.Concurrency >= r.phase.Concurrency && !r.phase.Warmup && !phase.Restart
	if !keep {
		r.abort(func(*flight) bool { return true })
		r.slots = nil
	}
	if !r.phase.same(&phase) {
		r.latency *= float64(phase.Output) / float64(max(r.phase.Output, 1))
		r.quickest, r.rate = r.latency, 0
	}
	r.phase = phase
	r.state = Clear
	if keep || len(r.flights) == 0 {
		r.begin()
	}
	return true
}

// begin starts the ramp of the phase.
func (r *Run) begin() {
	p := &r.phase
	r.index = len(r.results)
	if p.Warmup {
		r.index = -1
	}
	r.begun, r.w0, r.w1, r.issued = r.now, never, never, 0
	r.recent = slices.DeleteFunc(r.recent, func(q Record) bool { return q.End < r.now })
	r.fresh = len(r.slots)
	r.state = Ramp
	ramp := max(p.Seconds, 10)
	if r.latency > 0 {
		ramp = min(ramp, 2*r.latency)
	}
	r.rampEnd = r.now + ramp
	if p.Closed() {
		added := p.Concurrency - r.fresh
		gap := r.gap(added, ramp)
		for i := range added {
			r.slots = append(r.slots, slot{due: r.now + gap*float64(i)})
		}
		for i := range r.slots {
			r.slots[i].cycles = 0
		}
	} else {
		r.arrival = r.now
	}
	r.out = append(r.out, Action{Kind: PhaseStart, Phase: *p})
}

// gap is the time between the first requests of added slots, so that they do
// not come as waves, which would last for many generations when all answers
// are equally long: a request's time shared out over the slots, but no faster
// than the service was seen to finish requests, which spaces the ends of those
// that have to queue.
func (r *Run) gap(added int, ramp float64) float64 {
	gap := r.quickest / float64(max(added, 1))
	if r.rate > 0 {
		gap = max(gap, 1/r.rate)
	}
	return min(gap, ramp/2/float64(max(added, 1)))
}

// rampOver reports whether the load has built up: every added slot was used
// and has finished once, or the ramp has taken its longest time. One request
// at a time needs no ramp.
func (r *Run) rampOver() bool {
	p := &r.phase
	if !p.Closed() {
		return r.now >= r.rampEnd
	}
	if p.Concurrency == 1 || r.fresh == len(r.slots) {
		return true
	}
	settled := true
	for i := range r.slots[r.fresh:] {
		s := &r.slots[r.fresh+i]
		if s.flight == nil && s.cycles == 0 {
			return false
		}
		settled = settled && s.cycles > 0
	}
	return settled || r.now >= r.rampEnd
}

// windowOver reports whether enough was issued.
func (r *Run) windowOver() bool {
	p := &r.phase
	age := r.now - r.w0
	if r.exhausted(p.Input, p.Output) != nil {
		return true
	}
	if p.MaxSeconds > 0 && age >= p.MaxSeconds {
		return true
	}
	if p.Seconds > 0 {
		return age >= p.Seconds && r.issued >= p.MinRequests
	}
	return r.issued >= p.Requests && r.launchDue()
}

// tail is how long the end of a phase may take.
func (r *Run) tail() float64 {
	if r.phase.TailSeconds > 0 {
		return r.phase.TailSeconds
	}
	if r.phase.Seconds == 0 {
		return r.plan.Limits.RequestSeconds
	}
	return max(4*r.phase.Seconds, 30)
}

// measuredInFlight counts what the window's numbers wait for: its own requests
// and older ones, whose tokens may have come inside it.
func (r *Run) measuredInFlight() int {
	n := 0
	for _, f := range r.flights {
		if !f.late {
			n++
		}
	}
	return n
}

// endPhase turns the phase's records into a result.
func (r *Run) endPhase(cut bool) {
	r.state = Idle
	if r.index < 0 {
		return
	}
	res := PhaseResult{Phase: r.phase, Index: r.index, Cut: cut || r.short(), MaxOpen: r.maxOpen, Lag: NewDist(r.lags)}
	if !res.Cut {
		res.Settling = r.crop()
	}
	res.Start, res.End = r.w0, r.w1
	res.measure(r.recent, r.plan.Tiers[0])
	if res.Limited = res.limited(r.opts.Browser, r.opts.Cap); r.crowded {
		res.Limited = &Limited{"in_flight", fmt.Sprintf("%s requests were under way, the most this plan allows: the service does not keep up with %s, and what arrived then waited in the client.",
			units.Count(float64(r.plan.Limits.InFlight)), r.phase.Label), true}
	}
	if res.Cut && r.stop == nil {
		r.stop = r.exhausted(r.phase.Input, r.phase.Output)
	}
	r.results = append(r.results, res)
	if mean, ok := res.Output.Mean(); ok && mean > 0 && r.phase.Closed() {
		r.rate = max(r.rate, res.OutputTokPerS/mean)
	}
	r.out = append(r.out, Action{Kind: PhaseEnd, Phase: r.phase, Result: &r.results[len(r.results)-1]})
}

// again drops the last result and returns its phase, which gets its index anew:
// nothing of the first trial may count there.
func (r *Run) again() Phase {
	r.unmeasure(math.Inf(1))
	last := len(r.results) - 1
	phase := r.results[last].Phase
	r.results = r.results[:last]
	return phase
}

// short reports whether the window ended before it had what the phase asks for.
func (r *Run) short() bool {
	p := &r.phase
	if p.MaxSeconds > 0 && r.w1-r.w0 >= p.MaxSeconds {
		return false
	}
	if p.Seconds > 0 {
		return r.w1-r.w0 < p.Seconds
	}
	return r.issued < p.Requests
}
