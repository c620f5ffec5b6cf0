package bench

import (
	"fmt"

	"fleetsize/calc/units"
)

// checkLimits stops the run at a hard limit, or when the service is gone.
func (r *Run) checkLimits() {
	if r.stop != nil {
		return
	}
	switch l := &r.plan.Limits; {
	case r.now >= l.Seconds:
		r.Stop(StopTime, fmt.Sprintf("The limit of %s was reached.", units.Duration(l.Seconds, 3)))
	case len(r.flights) == 0 && (r.state == Ramp || r.state == Clear):
		r.stop = r.exhausted(r.phase.Input, r.phase.Output)
	}
	if r.stop == nil {
		r.checkService()
	}
}

// exhausted is the limit that one more request of that size would break, or
// nil. What is in flight counts as it was ordered.
func (r *Run) exhausted(input, output int) *Stop {
	l := &r.plan.Limits
	if r.nextID >= l.Requests {
		return &Stop{StopRequests, fmt.Sprintf("The limit of %s requests was reached.", units.Count(float64(l.Requests)))}
	}
	if l.Tokens == 0 && l.USD == 0 {
		return nil
	}
	tokens, usd := r.sum.Tokens, r.sum.USD
	order := func(in, out int) {
		tokens += in + out
		usd += (float64(in)*l.InUSD + float64(out)*l.OutUSD) / 1e6
	}
	order(input, output)
	for _, f := range r.flights {
		order(f.input, f.output)
	}
	switch {
	case l.Tokens > 0 && tokens > l.Tokens:
		return &Stop{StopTokens, fmt.Sprintf("The limit of %s tokens was reached.", units.Count(float64(l.Tokens)))}
	case l.USD > 0 && usd > l.USD:
		return &Stop{StopMoney, fmt.Sprintf("The limit of %s was reached.", units.USDExact(l.USD))}
	}
	return nil
}

// checkService gives up on a service that only fails: after three requests
// when none ever worked and the reason will not go away by itself, otherwise
// after many in a row.
func (r *Run) checkService() {
	if r.fails == 0 {
		return
	}
	last, text := r.lastFail, r.lastFail.explained()
	if r.successes == 0 && r.fails >= 3 {
		switch last.Class {
		case HTTP4xx, HTTPOdd, NoStream, CORS, TLS:
			r.Stop(StopRefused, fmt.Sprintf("No request was answered: %s", text))
			return
		case Connect, Network:
			r.Stop(StopDead, fmt.Sprintf("The service does not answer: %s", text))
			return
		}
	}
	patience := 5.0
	if last.Class == HTTP429 {
		patience = 30
	}
	lasting := r.now - r.failSince
	if r.fails >= max(20, 2*r.phase.Concurrency) && lasting >= patience || r.fails >= 5 && lasting >= 60 {
		r.Stop(StopDead, fmt.Sprintf("%d requests in a row failed: %s", r.fails, text))
	}
}
