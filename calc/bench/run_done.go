package bench

import "math"

// Done takes a finished request. Step must follow.
func (r *Run) Done(rec Record) {
	f := r.flights[rec.ID]
	if f == nil {
		return
	}
	delete(r.flights, rec.ID)
	if f.headers {
		r.open--
	}
	r.now = max(r.now, rec.End)
	if rec.Class == HTTP4xx && (rec.Status == 400 || rec.Status == 422) {
		r.adapt(f, &rec)
	}
	if f.aborted && rec.Class != OK {
		rec.Class = Canceled
	}
	r.tally(f, &rec)
	r.learn(f, &rec)
	if rec.End >= r.begun {
		r.recent = append(r.recent, rec)
	}
	if r.opts.Raw {
		r.raw = append(r.raw, rec)
	}
	if f.slot >= 0 && f.slot < len(r.slots) && r.slots[f.slot].flight == f {
		s := &r.slots[f.slot]
		s.flight = nil
		s.cycles++
		s.due = max(rec.End, 0)
		if rec.Class.Failed() {
			s.fails++
			s.due += backoff(s.fails, rec.RetryAfter)
		} else {
			s.fails = 0
		}
	}
	if rec.Class == Adapted && f.measured {
		r.issued--
	}
}

// backoff is how long a slot waits after failing several times in a row, in
// seconds: what the server asks for (30 s at most), else 0.1 s doubling to 5 s.
func backoff(fails int, asked float64) float64 {
	if asked > 0 {
		return min(asked, 30)
	}
	return min(0.1*math.Pow(2, float64(min(fails, 8)-1)), 5)
}

// adapt leaves out an option after a server refused a request.
func (r *Run) adapt(f *flight, rec *Record) {
	if f.dialect != r.dialect { // another request has adapted already
		rec.Class = Adapted
		return
	}
	if r.successes > 0 {
		return
	}
	if next, ok := r.dialect.without(rec.Text); ok {
		r.dialect = next
		rec.Class = Adapted
	}
}

// tally keeps the sums that hard limits and the display look at.
func (r *Run) tally(f *flight, rec *Record) {
	r.sum.Done++
	in := rec.Input
	if in < 0 {
		in = f.input
		if rec.Headers < 0 || rec.Class.Failed() && rec.First < 0 {
			in = 0
		}
	}
	r.sum.Tokens += in + rec.Output
	l := &r.plan.Limits
	r.sum.USD += (float64(in)*l.InUSD + float64(rec.Output)*l.OutUSD) / 1e6
	switch {
	case rec.Class.Failed():
		r.sum.Failed++
		if r.fails == 0 {
			r.failSince = rec.End
		}
		r.fails++
		r.lastFail = Failure{rec.Class, rec.Text}
		if r.lastFail.Text == "" {
			r.lastFail.Text = rec.Class.Text()
		}
	case rec.OK():
		r.successes++
		r.fails = 0
	}
}

// learn keeps what later phases start from: how long a request takes, and how
// many tokens of the counter make a prompt of the wanted length.
func (r *Run) learn(f *flight, rec *Record) {
	if !rec.OK() {
		return
	}
	if t := rec.TPOT(); t >= 0 {
		r.latency = rec.TTFT() + t*float64(max(f.output-1, 0))
	} else {
		r.latency = rec.E2E()
	}
	if f.output == r.phase.Output && (r.quickest == 0 || r.latency < r.quickest) {
		r.quickest = r.latency
	}
	if rec.Input > 0 && f.asked > 0 {
		// Proportional correction; a template adds a constant, so it is
		// repeated as long as it is off by more than half a percent.
		if off := float64(rec.Input-f.input) / float64(f.input); math.Abs(off) > 0.005 {
			next := float64(f.asked) - float64(rec.Input-f.input)
			if math.Abs(off) > 0.1 {
				next = float64(f.asked) * float64(f.input) / float64(rec.Input)
			}
			r.scale[f.input] = min(max(next/float64(f.input), 0.1), 10)
			r.lastScale = r.scale[f.input]
		} else if r.scale[f.input] == 0 {
			r.scale[f.input] = float64(f.asked) / float64(f.input)
		}
	}
}
