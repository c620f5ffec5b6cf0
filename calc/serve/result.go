package serve

import (
	"math"

	"fleetsize/calc/step"
)

// result turns what was measured into a Result.
func (s *Sim) result() Result {
	n := float64(len(s.ttft.x))
	if n == 0 {
		return Result{Binding: LimitLoad}
	}
	r := Result{TTFT: s.summary.of(&s.ttft), ITL: s.summary.of(&s.itl), E2E: s.summary.of(&s.e2e), Classes: s.mix.latencies(&s.summary)}
	from, to := s.began, s.snapshot()
	window := s.last - from.seen
	if window <= 0 { // everything ended at once
		window, from = s.last, snapshot{}
	}
	r.ReqPerS = n / window
	r.OutputTokPerS = s.totals.out / window
	r.TotalTokPerS = (s.totals.in + s.totals.out) / window
	r.Running, r.Waiting = s.totals.running/window, s.totals.waited/window
	r.Preemptions = float64(to.evictions-from.evictions) / n

	d := to.sums.minus(&from.sums)
	if elapsed := to.now - from.now; elapsed > 0 {
		r.KVUsedBytes = d.byteSeconds / elapsed
		r.Busy = min(1, d.busy/elapsed)
	}
	r.Saturated = s.open && s.saturated(&to)
	r.Binding = s.binding(&d, window, r.Saturated)
	return r
}

func (a sums) minus(b *sums) sums {
	return sums{
		busy: a.busy - b.busy, byteSeconds: a.byteSeconds - b.byteSeconds,
		blockedKV: a.blockedKV - b.blockedKV, blockedSeqs: a.blockedSeqs - b.blockedSeqs,
		steps: a.steps - b.steps, decoded: a.decoded - b.decoded, contexts: a.contexts - b.contexts,
		prefilled: a.prefilled - b.prefilled, prefillFLOP: a.prefillFLOP - b.prefillFLOP,
	}
}

// saturated reports whether an open load is more than the replica can hold.
// A backlog at exactly capacity grows with the root of the number of requests,
// so growth is compared with that, not with a straight line; a queue that
// never empties in the second half of the run and ends longer than it began
// counts as well.
func (s *Sim) saturated(end *snapshot) bool {
	if s.load.Rate*s.frontEndSeconds() >= 1 {
		return true
	}
	n := float64(s.stop - s.warm)
	inSystem := func(sent, done int) float64 { return float64(sent - done) }
	begin, middle := inSystem(s.began.sent, s.warm), inSystem(s.middle.sent, s.warm+(s.stop-s.warm)/2)
	last := inSystem(end.sent, s.completed)
	if last-begin > max(0.05*n, 4*math.Sqrt(n)) && last > middle {
		return true
	}
	blocked := (end.sums.blockedKV + end.sums.blockedSeqs) - (s.middle.sums.blockedKV + s.middle.sums.blockedSeqs)
	elapsed := end.now - s.middle.now
	return elapsed > 0 && blocked > 0.95*elapsed && last > begin
}

// frontEndSeconds is the time the front end spends on one request of mean length.
func (s *Sim) frontEndSeconds() float64 {
	n := float64(max(len(s.ttft.x), 1))
	return s.requestCost + s.tokenCost*s.totals.out/n
}

// binding names the limit that holds the load back: memory or the number of
// sequences when the next request is kept out for more than a tenth of the
// time, the front end when it is busy for more than nine tenths. Otherwise
// nothing is kept out, and an open loop that keeps up is bound by its load. A
// closed loop, or an overloaded open one, is bound by what grows with the load
// in its steps, computing or reading, once that is the larger part of them.
func (s *Sim) binding(d *sums, window float64, saturated bool) Limit {
	if blocked := max(d.blockedKV, d.blockedSeqs); blocked > 0.1*window {
		if d.blockedKV >= d.blockedSeqs {
			return LimitKV
		}
		return LimitMaxSequences
	}
	n := float64(len(s.ttft.x))
	if n*s.frontEndSeconds() > 0.9*window {
		return LimitFrontEnd
	}
	if s.open && !saturated || d.steps == 0 || d.busy < 0.9*window && !saturated {
		return LimitLoad
	}
	limit, share := stepLimit(s.cost, step.Batch{
		Decoding: d.decoded / d.steps, Context: d.contexts / d.steps,
		PrefillTokens: d.prefilled / d.steps, PrefillFLOP: d.prefillFLOP / d.steps,
	})
	if share < 0.5 && !saturated {
		return LimitLoad
	}
	return limit
}

// stepLimit is what the larger part of a step's load-dependent time goes to,
// computing or reading memory, and the share of the step that grows with load.
func stepLimit(c *step.Cost, b step.Batch) (Limit, float64) {
	d := c.Breakdown(b)
	empty := c.Breakdown(step.Batch{Decoding: 1})
	grows := d.Total - empty.Total
	limit := LimitBandwidth
	if d.GEMM+d.Attention > d.KVRead+d.WeightRead {
		limit = LimitCompute
	}
	if !(d.Total > 0) {
		return limit, 0
	}
	return limit, grows / d.Total
}
