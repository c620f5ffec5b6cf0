package bench

import (
	"fmt"
	"strconv"
)

// strategy decides phase by phase what to measure, from what was measured.
type strategy interface {
	// next is the next phase, or ok = false when the plan is through. It may
	// stop the run instead.
	next(r *Run) (p Phase, ok bool)
	// finish draws the conclusions, also after an early end.
	finish(r *Run)
}

// Outcome is what a run says beyond its phases.
type Outcome struct {
	Knee int // requests in flight; 0 = not found
	// KneeLow and KneeHigh hold the knee in nine of ten resamples of the windows.
	KneeLow, KneeHigh int
	Peak              float64 // highest output tok/s of a phase; 0 = none
	PeakAt            int     // index of that phase
	Plateau           bool    // a higher load brought no more
	Capacity          []Capacity
}

// strategyOf is the strategy of a plan whose defaults are filled in.
func strategyOf(p *Plan) strategy {
	var s strategy
	switch p.Kind {
	case Load:
		s = &loadSteps{ladder: p.Concurrency}
	case SLO:
		s = newSearch(p)
	case Open:
		s = &openSteps{rates: p.Rates}
	default:
		s = &list{phases: fixedPhases(p)}
	}
	if p.Warmup > 0 {
		s = &warmed{strategy: s}
	}
	return s
}

// warmed sends warm-up requests of the first phase's kind before it: they
// start the server's just-in-time work, find out which options it takes, and
// set prompt length and ramp.
type warmed struct {
	strategy
	first *Phase // of the plan, kept until the warm-up is over
	tries int
}

// maxWarmups is how often a warm-up is tried that brings no answer.
const maxWarmups = 3

func (w *warmed) next(r *Run) (Phase, bool) {
	if w.tries == 0 {
		p, ok := w.strategy.next(r)
		if !ok {
			return p, false
		}
		w.first = &p
	}
	if w.first == nil {
		return w.strategy.next(r)
	}
	if p := *w.first; w.tries == maxWarmups || r.successes > 0 {
		w.first = nil
		return p, true
	}
	w.tries++
	return Phase{
		Label: "warm-up", Warmup: true, Concurrency: 1, Input: w.first.Input, Output: min(w.first.Output, 64), Requests: r.plan.Warmup,
	}, true
}

// list is a plan that is known beforehand.
type list struct {
	phases []Phase
	at     int
}

func (l *list) next(r *Run) (Phase, bool) {
	if l.at >= len(l.phases) {
		return Phase{}, false
	}
	if s := overCap(r, l.phases[l.at].Concurrency); s != nil {
		r.stop = s
		return Phase{}, false
	}
	l.at++
	return l.phases[l.at-1], true
}

func (l *list) finish(r *Run) { r.outcome.peak(r.results) }

func (o *Outcome) peak(results []PhaseResult) {
	for i := range results {
		if p := &results[i]; p.OutputTokPerS > o.Peak {
			o.Peak, o.PeakAt = p.OutputTokPerS, i
		}
	}
}

// fixedPhases are the phases of the plans that are known beforehand.
func fixedPhases(p *Plan) []Phase {
	load := func(def ...int) []int {
		if len(p.Concurrency) > 0 {
			return p.Concurrency
		}
		return def
	}
	var out []Phase
	switch p.Kind {
	case Single:
		for _, c := range load(1) {
			out = append(out, Phase{Label: inFlight(c), Concurrency: c, Input: p.Input, Output: p.Output, Requests: max(p.Requests, c)})
		}
	case Sweep:
		for _, c := range load(1, 4, 8, 16) {
			n := p.Requests
			if n == 0 {
				n = 3 * c
			}
			out = append(out, Phase{Label: inFlight(c), Concurrency: c, Input: p.Input, Output: p.Output, Requests: max(n, 5)})
		}
	case Scenarios:
		for _, s := range scenarios {
			for _, c := range load(1) {
				n := p.Requests
				if n == 0 {
					n = max(3, 2*c)
				}
				out = append(out, Phase{Label: s.name + ", " + inFlight(c), Concurrency: c, Input: s.in, Output: s.out, Requests: n})
			}
		}
	case Probes:
		for _, s := range probes {
			out = append(out, Phase{
				Label: s.name, Concurrency: probeLoad(s.inFlight, p.MaxConcurrency), Input: s.in, Output: s.out, Requests: s.requests, MaxSeconds: s.seconds,
				TailSeconds: s.seconds,
			})
		}
	}
	return out
}

// probeLoad is how many requests a probe has in flight where at most cap can
// be: all probes in proportion to the highest.
func probeLoad(inFlight, cap int) int {
	high := probes[len(probes)-1].inFlight
	if cap >= high {
		return inFlight
	}
	return max(1, (inFlight*cap+high/2)/high)
}

// scenarios are those of common sizing calculators.
var scenarios = []struct {
	name    string
	in, out int
}{
	{"summarization", 4000, 1000},
	{"chat", 1000, 1000},
	{"reasoning", 1000, 4000},
}

// probes tell apart what a fit needs to know: fixed costs and decode of one
// short request, prefill of one long prompt, and how both scale with load.
var probes = []struct {
	name              string
	inFlight, in, out int
	requests          int
	seconds           float64
}{
	{"lone short prompt", 1, 128, 128, 3, 8},
	{"lone long prompt", 1, 4000, 32, 3, 10},
	{"mid load", 8, 1000, 128, 24, 10},
	{"high load", 32, 1000, 128, 96, 14},
}

func inFlight(c int) string { return strconv.Itoa(c) + " in flight" }

// rateLabel names an open-loop phase.
func rateLabel(rate float64, poisson bool) string {
	kind := "even"
	if poisson {
		kind = "Poisson"
	}
	return fmt.Sprintf("%.4g req/s, %s", rate, kind)
}
