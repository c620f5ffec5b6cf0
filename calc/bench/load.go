package bench

import (
	"fmt"
	"math"
	"slices"
)

// loadSteps raises the number of requests in flight until throughput stops
// rising (two phases in a row on the plateau), or errors or the client forbid
// more.
type loadSteps struct {
	ladder   []int // given; empty = 1, 2, 4 … 64, then +64
	at       int
	plateaus int
	repeated bool
	judged   int // results looked at
}

// step is the i-th load of the ladder, 0 after its end.
func (l *loadSteps) step(i int) int {
	switch {
	case len(l.ladder) > 0:
		if i < len(l.ladder) {
			return l.ladder[i]
		}
		return 0
	case i <= 6:
		return 1 << i
	}
	return 64 * (i - 5)
}

func (l *loadSteps) next(r *Run) (Phase, bool) {
	if len(r.results) > l.judged {
		l.judged = len(r.results)
		last := &r.results[l.judged-1]
		if s := last.Limited; s != nil && s.Severe {
			if !l.repeated && s.Code != "connections" {
				l.repeated = true
				l.judged--
				return r.again(), true
			}
			r.stop = &Stop{StopClient, s.Text}
			return Phase{}, false
		}
		l.repeated = false
		if s := tooManyErrors(r, last); s != nil {
			r.stop = s
			return Phase{}, false
		}
		if plateau(r.results) {
			l.plateaus++
		} else {
			l.plateaus = 0
		}
		if l.plateaus == 2 {
			return Phase{}, false
		}
	}
	c := l.step(l.at)
	if c == 0 || c > r.plan.MaxConcurrency {
		if len(l.ladder) == 0 && l.plateaus == 0 {
			text := "Throughput was still rising at %d requests in flight, the highest load allowed."
			if gain, _ := lastGain(r.results); gain < plateauGain {
				text = "%d requests in flight, the highest load allowed, brought hardly more throughput; phases this short do not make sure of it."
			}
			r.stop = &Stop{StopHighest, fmt.Sprintf(text, l.step(l.at-1))}
		}
		return Phase{}, false
	}
	if s := overCap(r, c); s != nil {
		r.stop = s
		return Phase{}, false
	}
	l.at++
	return Phase{Label: inFlight(c), Concurrency: c, Input: r.plan.Input, Output: r.plan.Output, Seconds: r.plan.PhaseSeconds}, true
}

// overCap stops a browser before a load that it cannot bring.
func overCap(r *Run, c int) *Stop {
	if r.opts.Browser && r.opts.Cap > 0 && c > r.opts.Cap {
		return &Stop{StopClient, fmt.Sprintf("The browser has at most %d requests under way at this address; of %d, the others would wait inside it and look like a slow server.", r.opts.Cap, c)}
	}
	return nil
}

// tooManyErrors stops a ramp when a phase answers too few requests.
func tooManyErrors(r *Run, p *PhaseResult) *Stop {
	switch {
	case r.fails >= max(3, p.Phase.Concurrency) && gone(r.lastFail.Class):
		return &Stop{StopDead, "The service stopped answering: " + r.lastFail.Text}
	case p.Requests == 0 || p.Requests == p.Censored:
		return nil
	case p.ErrorRate > 0.05:
		return &Stop{StopErrors, fmt.Sprintf("%.0f %% of the requests failed at %s; a higher load was not tried.", 100*p.ErrorRate, p.Phase.Label)}
	case p.ResponseRate < 0.95 && p.Censored == 0:
		return &Stop{StopErrors, fmt.Sprintf("Only %.0f %% of the requests got an answer at %s; a higher load was not tried.", 100*p.ResponseRate, p.Phase.Label)}
	}
	return nil
}

// gone reports whether failures of a class, one after the other, mean that the
// service is not there any more.
func gone(c Class) bool {
	switch c {
	case Connect, Network, Cut, HTTP5xx, Stall, Timeout, InStream:
		return true
	}
	return false
}

// Limits of the plateau rule: gain below 5 %, and its upper bound below 10 %.
const (
	plateauGain  = 0.05
	plateauUpper = 0.10
)

// resamples is how often windows are drawn anew for an interval.
const resamples = 400

// resampled is the mean of as many values as there are, drawn with repetition;
// 0 of none.
func (r *rng) resampled(values []float64) float64 {
	sum := 0.0
	for range values {
		sum += values[r.below(len(values))]
	}
	return sum / float64(max(len(values), 1))
}

// plateau reports whether the last phase gains nothing over the best earlier
// one.
func plateau(results []PhaseResult) bool {
	gain, upper := lastGain(results)
	return gain < plateauGain && upper < plateauUpper
}

// lastGain is what the last phase gains over the best earlier one, as
// gainBound has it; infinite for the first phase.
func lastGain(results []PhaseResult) (gain, upper float64) {
	n := len(results)
	if n < 2 {
		return math.Inf(1), math.Inf(1)
	}
	last, best := &results[n-1], &results[0]
	for i := range results[:n-1] {
		if results[i].OutputTokPerS > best.OutputTokPerS {
			best = &results[i]
		}
	}
	return gainBound(best, last)
}

// gainBound is the relative gain in throughput of b over a and the 95 %
// quantile of its bootstrap distribution, resampling blocks of both windows
// (400 times, always the same way).
func gainBound(a, b *PhaseResult) (gain, upper float64) {
	if a.OutputTokPerS <= 0 {
		return math.Inf(1), math.Inf(1)
	}
	gain = b.OutputTokPerS/a.OutputTokPerS - 1
	r := seeded(1, len(a.Blocks))
	var gains []float64
	for range resamples {
		if m := r.resampled(a.Blocks); m > 0 {
			gains = append(gains, r.resampled(b.Blocks)/m-1)
		}
	}
	upper, ok := NewDist(gains).Quantile(0.95)
	if !ok {
		upper = math.Inf(1)
	}
	return gain, upper
}

func (l *loadSteps) finish(r *Run) {
	o := &r.outcome
	o.peak(r.results)
	whole := slices.DeleteFunc(slices.Clone(r.results), func(p PhaseResult) bool { return p.Cut })
	if len(whole) < 2 || o.Peak <= 0 {
		return
	}
	speed := make([]float64, len(whole))
	for i := range whole {
		speed[i] = whole[i].OutputTokPerS
	}
	at := kneeAt(speed)
	// A knee needs a load above it that brought no more.
	if whole[at].Phase.Concurrency >= whole[len(whole)-1].Phase.Concurrency {
		return
	}
	o.Knee, o.Plateau = whole[at].Phase.Concurrency, true
	o.KneeLow, o.KneeHigh = kneeRange(whole)
}

// kneeAt is the index of the first throughput within 5 % of the highest.
func kneeAt(speed []float64) int {
	best := slices.Max(speed)
	return slices.IndexFunc(speed, func(x float64) bool { return x >= (1-plateauGain)*best })
}

// kneeRange is the 5th and the 95th percentile of the knee when the blocks of
// every window are drawn anew (400 times, always the same way).
func kneeRange(phases []PhaseResult) (low, high int) {
	r := seeded(2, len(phases))
	speed := make([]float64, len(phases))
	var knees []int
	for range resamples {
		for i := range phases {
			speed[i] = r.resampled(phases[i].Blocks)
		}
		if at := kneeAt(speed); at >= 0 {
			knees = append(knees, phases[at].Phase.Concurrency)
		}
	}
	slices.Sort(knees)
	return knees[len(knees)/20], knees[len(knees)-1-len(knees)/20]
}
