package bench

// openSteps lets requests arrive at given rates, or at quarters of what a
// closed loop showed to be the most.
type openSteps struct {
	rates    []float64
	at       int
	probed   bool
	repeated bool // the last rate, because this computer was busy
}

// openProbe is how many requests in flight measure the capacity where no rate
// is given.
const openProbe = 32

func (o *openSteps) next(r *Run) (Phase, bool) {
	p := &r.plan
	if len(o.rates) == 0 {
		if !o.probed {
			o.probed = true
			c := min(openProbe, p.MaxConcurrency)
			if r.opts.Browser && r.opts.Cap > 0 {
				c = min(c, r.opts.Cap)
			}
			return Phase{Label: "capacity, " + inFlight(c), Concurrency: c, Input: p.Input, Output: p.Output, Seconds: p.PhaseSeconds}, true
		}
		if len(r.results) == 0 {
			return Phase{}, false
		}
		// Tokens are less ragged than finished requests in a short window.
		top := &r.results[0]
		mean, ok := top.Output.Mean()
		if !ok || top.OutputTokPerS <= 0 {
			return Phase{}, false
		}
		for _, share := range []float64{0.25, 0.5, 0.75, 0.9} {
			o.rates = append(o.rates, share*top.OutputTokPerS/mean)
		}
	}
	if o.at > 0 && len(r.results) > 0 {
		last := &r.results[len(r.results)-1]
		if s := last.Limited; s != nil && s.Severe {
			if s.Code == "in_flight" {
				r.stop = &Stop{StopHighest, s.Text}
				return Phase{}, false
			}
			if !o.repeated {
				o.repeated = true
				return r.again(), true
			}
			r.stop = &Stop{StopClient, s.Text}
			return Phase{}, false
		}
		o.repeated = false
		if s := tooManyErrors(r, last); s != nil {
			r.stop = s
			return Phase{}, false
		}
	}
	if o.at >= len(o.rates) {
		return Phase{}, false
	}
	rate := o.rates[o.at]
	o.at++
	return Phase{Label: rateLabel(rate, p.Poisson), Rate: rate, Poisson: p.Poisson, Input: p.Input, Output: p.Output, Seconds: p.PhaseSeconds}, true
}

func (o *openSteps) finish(r *Run) { r.outcome.peak(r.results) }
