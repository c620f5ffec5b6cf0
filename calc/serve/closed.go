package serve

import (
	"math"

	"fleetsize/calc/step"
)

// Closed is the closed form of a closed loop in steady state (Rounds are
// ignored): the throughput X at which requests in flight balance,
//
//	X·(front end + prefill stage + (out−1)·ITL) = min(N, slots)
//	ITL = t_d(B)/(1 − X·P)
//
// with the rest of the N requests waiting for a slot, by Little's law. One
// request at a time is exact.
func Closed(c *step.Cost, l Load) Result {
	s := newShape(c, &l)
	k := s.closed(float64(max(l.Concurrency, 1)))
	return k.result()
}

// closed is the state of a replica with n requests in flight.
type closed struct {
	open
	n      float64
	inside float64 // admitted requests, those in the front end included when nobody waits
	entry  float64 // from sending to the step that takes the request in
	ttft   float64
}

func (s *shape) closed(n float64) closed {
	k := closed{n: n, inside: min(n, s.slots)}
	k.s = s
	if n == 1 {
		k.alone()
		return k
	}
	k.full = s.full(k.inside)
	top := k.full
	if s.frontEnd > 0 {
		top = min(top, 1/s.frontEnd)
	}
	// stay − inside rises with the rate: bracket and interpolate (Illinois).
	lo, hi := 0.0, top
	flo, fhi := -k.inside, k.excess(top)
	if fhi < 0 {
		lo, hi = top, top
	}
	for i := 0; i < 40 && hi-lo > 1e-9*top; i++ {
		mid := hi - fhi*(hi-lo)/(fhi-flo)
		if f := k.excess(mid); f > 0 {
			hi, fhi = mid, f
			flo /= 2
		} else {
			lo, flo = mid, f
			fhi /= 2
		}
		if min(-flo, fhi) < 1e-9*k.inside {
			break
		}
	}
	x := lo + (hi-lo)/2
	k.excess(x)
	// Little's law over the whole loop gives what is left for the first token.
	k.ttft = s.offset + max(n/x-s.turns*k.itl, k.stage()) + (s.interval-1)*s.perToken(k.itl)
	return k
}

// excess is the requests that rate x keeps in the replica, less those there are.
func (k *closed) excess(x float64) float64 {
	s := k.s
	k.rate = x
	k.running = k.inside
	k.busy, k.sd = 1, 0
	// Requests in the front end and in prefill do not decode.
	for range 2 {
		k.latencies()
		k.meet()
		early := x * k.stage()
		k.running = max(0, k.inside-early)
		if !s.separate {
			// More than these would finish faster than prompts are computed.
			k.running = min(k.running, s.filled())
		}
	}
	k.latencies()
	k.meet()
	stay := k.stage() + s.turns*k.itl
	return x*stay - k.inside
}

// meet replaces the waits of an open loop by those of a closed one. A request
// is sent when a step ends: what the front end takes is lost in whole steps,
// and without it the request joins the next step at once. Equal requests keep
// their distance and do not meet in prefill; others do, but none waits behind
// more than the rest.
func (k *closed) meet() {
	s, p := k.s, k.s.p
	k.residual, k.entry = 0, 0
	if lag := s.intake + k.running*s.cost.Gain()*p.TokenCost; lag > 0 && k.itl > 0 && k.n <= s.slots {
		k.entry = math.Ceil(lag/k.itl) * k.itl
	}
	if s.spread == 0 {
		k.prefillWait = 0
	} else {
		others := max(0, k.inside-1)
		k.prefillWait = min(k.prefillWait*others/k.inside/3, others*k.promptTime)
	}
}

// stage is the time from sending, or from admission where requests wait, to the first token.
func (k *closed) stage() float64 { return k.entry + k.prefill + k.prefillWait }

// alone solves one request in flight exactly.
func (k *closed) alone() {
	s, p := k.s, k.s.p
	k.running, k.busy = 1, 1
	k.promptSteps = 1
	k.prefill = 0
	for have := s.cached; have < s.in; {
		take := min(s.in-have, max(s.budget, smallestBudget))
		k.prefill += s.cost.Seconds(step.Batch{PrefillTokens: take, PrefillFLOP: s.cost.PrefillAttention(have, take)})
		have += take
		k.promptSteps++
	}
	gain := 1.0
	if s.out > 1 {
		gain = s.cost.Gain()
		mean, context := 0.0, s.in+1
		// Piecewise linear in the context: whole stretches at once.
		for left := s.turns; left > 0; {
			n := min(float64(s.cost.LinearSteps(1, context)), left)
			mean += n * s.cost.Seconds(step.Batch{Decoding: 1, Context: context + gain*(n-1)/2})
			context += n * gain
			left -= n
		}
		mean /= s.turns
		k.itl = max(mean, p.TokenCost*gain) + (gain-1)/2*p.TokenCost/s.turns
	}
	// Tokens are seen half way through what they take in the front end.
	k.ttft = s.offset + s.intake + (1+gain)/2*p.TokenCost + k.prefill
	k.rate = 1 / (k.ttft - s.offset + s.turns*k.itl)
	k.ttft += (s.interval - 1) * s.perToken(k.itl)
}

// result is the state as a Result.
func (k *closed) result() Result {
	s, x := k.s, k.rate
	r := Result{ReqPerS: x, OutputTokPerS: x * s.out, TotalTokPerS: x * (s.in + s.out)}
	itl := 0.0
	if s.out > 1 {
		itl = s.perToken(k.itl) * (1 - (s.interval-1)/(s.out-1))
	}
	decode := (s.out - 1) * itl
	// Random prompts vary, and so do the steps a request has to wait out.
	vary := k.prefill * math.Sqrt(3*s.spread)
	if k.n > 1 {
		vary = math.Hypot(vary, k.prefillWait)
	}
	r.TTFT = Quantiles{k.ttft, k.ttft, k.ttft + 0.8*vary, k.ttft + 0.9*vary, k.ttft + 0.98*vary}
	r.ITL = Quantiles{itl, itl, itl, itl, itl}
	spread := math.Sqrt(3*s.spread) * decode
	e := k.ttft + decode
	r.E2E = Quantiles{e, e, e + 0.8*spread, e + 0.9*spread, e + 0.98*spread}
	stay := k.prefill + k.prefillWait + s.turns*k.itl
	r.Running = min(k.inside, x*stay)
	r.Waiting = max(0, k.n-r.Running)
	r.KVUsedBytes = min(s.heldBytes()*r.Running, s.cost.KVCapacity())
	r.Busy = 1
	switch {
	case k.n > s.slots && s.byKV:
		r.Binding = LimitKV
	case k.n > s.slots:
		r.Binding = LimitMaxSequences
	case x*s.frontEnd > 0.9:
		r.Binding = LimitFrontEnd
	default:
		per := x * k.itl // requests finished per step
		limit, share := stepLimit(s.cost, step.Batch{
			Decoding: k.running, Context: k.running * s.context,
			PrefillTokens: per * s.computed, PrefillFLOP: per * s.flop,
		})
		r.Binding = LimitLoad
		if share >= 0.5 {
			r.Binding = limit
		}
	}
	return r
}
