package serve

import (
	"math"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Split is a disaggregated replica: P instances that compute prompts, D that
// decode, and a link over which the KV cache of each prompt travels from one to
// the other. Every instance gets an equal random share of the requests, so each
// is a queue of its own; the first token comes from where the prompt is
// computed, the second after the transfer and the wait for a place among the
// decoders.
type Split struct {
	Prefill, Decode *step.Cost
	P, D            int // instances, ≥ 1

	LinkBytesPerS float64 // between one prefill instance and one decode instance
	LinkDelay     float64 // seconds per transfer
}

// TransferSeconds is the time to move the cache of a prompt of the given tokens.
func (u *Split) TransferSeconds(tokens float64) float64 {
	if !(u.LinkBytesPerS > 0) {
		return 0
	}
	return u.LinkDelay + u.Prefill.CacheBytes(tokens)/u.LinkBytesPerS
}

// prompts and decodes are the loads of one instance of either kind when the
// replica gets rate requests/s.
func (u *Split) prompts(l Load, rate float64) Load {
	l = l.Prompts()
	l.Concurrency, l.Rounds = 0, 0
	l.Rate = rate / float64(u.P)
	return l
}

// Prompts is l where prompts only are computed: every answer is one token.
func (l Load) Prompts() Load {
	l.Output = 1
	if l.Mix != nil {
		only := append([]Class(nil), *l.Mix...)
		for k := range only {
			only[k].Output = 1
		}
		l.Mix = &only
	}
	return l
}

func (u *Split) decodes(l Load, rate float64) Load {
	l.Prefilled, l.Concurrency, l.Rounds = true, 0, 0
	l.Rate = rate / float64(u.D)
	return l
}

// Fits reports whether one request of full length fits into either kind of
// instance.
func (u *Split) Fits(l Load) error {
	if err := Fits(u.Prefill, u.prompts(l, 1)); err != nil {
		return err
	}
	return Fits(u.Decode, l)
}

// Slots is how many requests of mean length the replica can decode at once.
func (u *Split) Slots(l Load) int { return u.D * Slots(u.Decode, l) }

// Capacity is the highest throughput in requests/s by the closed form: what
// the slower side of prompts, links and decoding passes.
func (u *Split) Capacity(l Load) float64 {
	x, _ := u.bottleneck(l)
	return x
}

// CapacityLimit is what keeps Capacity from being higher.
func (u *Split) CapacityLimit(l Load) Limit {
	_, limit := u.bottleneck(l)
	return limit
}

func (u *Split) bottleneck(l Load) (float64, Limit) {
	prompts := u.prompts(l, 1)
	x := float64(u.P) * Capacity(u.Prefill, prompts)
	decoding := math.Inf(1)
	if l.longest() > 1 {
		decoding = float64(u.D) * Capacity(u.Decode, u.decodes(l, 1))
	}
	if link := u.linkRate(l); link < min(x, decoding) {
		return link, LimitBandwidth
	}
	if x <= decoding {
		return x, CapacityLimit(u.Prefill, prompts)
	}
	return decoding, CapacityLimit(u.Decode, u.decodes(l, 1))
}

// linkRate is how many caches per second the links of the smaller side move.
func (u *Split) linkRate(l Load) float64 {
	if !(u.LinkBytesPerS > 0) {
		return math.Inf(1)
	}
	return float64(min(u.P, u.D)) / u.move(&l)
}

// move is the mean time of a transfer.
func (u *Split) move(l *Load) float64 {
	return l.mean(func(one *Load) float64 { return u.TransferSeconds(one.meanInput()) })
}

// gaps is the mean number of tokens after the first.
func (l *Load) gaps() float64 {
	return l.mean(func(one *Load) float64 { return (1+one.ratio())/2*float64(one.Output) - 1 })
}

// mean is the mean of a figure over the classes of a mix, or that of the one
// kind of request.
func (l *Load) mean(of func(*Load) float64) float64 {
	if l.Mix == nil {
		return of(l)
	}
	sum := 0.0
	for k := range *l.Mix {
		one := l.class(k)
		sum += (*l.Mix)[k].Share * of(&one)
	}
	return sum / l.shares()
}

// meanInput is the mean prompt length in tokens.
func (l *Load) meanInput() float64 {
	if r := l.ratio(); r < 1 {
		return max(1, (1+r)/2*float64(l.Input))
	}
	return float64(l.Input)
}

// Open is the closed form of an open loop on a disaggregated replica.
func (u *Split) Open(l Load) Result {
	a := Open(u.Prefill, u.prompts(l, l.Rate))
	if l.longest() <= 1 {
		return u.scale(a)
	}
	b := Open(u.Decode, u.decodes(l, l.Rate))
	return u.join(a, b, l)
}

// scale is the result of one prefill instance as that of all.
func (u *Split) scale(a Result) Result {
	n := float64(u.P)
	a.ReqPerS *= n
	a.OutputTokPerS *= n
	a.TotalTokPerS *= n
	a.Running *= n
	a.Waiting *= n
	a.KVUsedBytes *= n
	return a
}

// join puts the results of one prefill and one decode instance together, for
// all requests and for each class of a mix.
func (u *Split) join(a, b Result, l Load) Result {
	p, d := float64(u.P), float64(u.D)
	all := u.both(&Latencies{TTFT: a.TTFT}, &Latencies{TTFT: b.TTFT, ITL: b.ITL, E2E: b.E2E}, &l)
	r := Result{TTFT: all.TTFT, ITL: all.ITL, E2E: all.E2E, Saturated: a.Saturated || b.Saturated || l.Rate > u.linkRate(l)}
	if a.Classes != nil {
		list := make([]Latencies, len(*a.Classes))
		for k := range list {
			if one := l.class(k); l.Classes()[k].Share > 0 {
				list[k] = u.both(&(*a.Classes)[k], &(*b.Classes)[k], &one)
			}
		}
		r.Classes = &list
	}
	r.ReqPerS = min(p*a.ReqPerS, d*b.ReqPerS, u.linkRate(l))
	u.totals(&r, &a, &b)
	return r
}

// both is what requests of load l get from the two sides. The two waits are
// independent, so deviations from the mean add in squares. Requests of a single
// token are done with their prompt.
func (u *Split) both(a, b *Latencies, l *Load) (r Latencies) {
	r.TTFT = a.TTFT
	if l.longest() <= 1 {
		r.E2E = a.TTFT
		return r
	}
	move, gaps := u.move(l), max(l.gaps(), 1)
	r.E2E.Mean = a.TTFT.Mean + move + b.E2E.Mean
	r.ITL.Mean = (move + b.E2E.Mean) / gaps
	mean, last := r.E2E.Mean, 0.0 // deviations of opposite sign may cancel: quantiles still rise
	for _, f := range quantiles {
		x, y := *f(&a.TTFT)-a.TTFT.Mean, *f(&b.E2E)-b.E2E.Mean
		last = max(mean+math.Copysign(math.Hypot(x, y), x+y), last)
		*f(&r.E2E) = last
		// The time per token does not vary with the length of the answer.
		*f(&r.ITL) = *f(&b.ITL) + (move+b.TTFT.Mean)/gaps
	}
	return r
}

// totals fills in what adds up over instances. r.ReqPerS is set.
func (u *Split) totals(r, a, b *Result) {
	p, d := float64(u.P), float64(u.D)
	if b.ReqPerS > 0 {
		share := r.ReqPerS / b.ReqPerS
		r.OutputTokPerS, r.TotalTokPerS = share*b.OutputTokPerS, share*b.TotalTokPerS
	}
	r.Running, r.Waiting = p*a.Running+d*b.Running, p*a.Waiting+d*b.Waiting
	r.KVUsedBytes = p*a.KVUsedBytes + d*b.KVUsedBytes
	r.Preemptions = a.Preemptions + b.Preemptions
	r.Busy = (p*a.Busy + d*b.Busy) / (p + d)
	switch {
	case a.Saturated:
		r.Binding = a.Binding
	case b.Saturated:
		r.Binding = b.Binding
	case r.Saturated:
		r.Binding = LimitBandwidth
	case b.Binding != LimitLoad:
		r.Binding = b.Binding
	default:
		r.Binding = a.Binding
	}
}

// quantiles are the fields of Quantiles besides the mean, in the order of levels.
var quantiles = [...]func(*Quantiles) *float64{
	func(q *Quantiles) *float64 { return &q.P50 },
	func(q *Quantiles) *float64 { return &q.P90 },
	func(q *Quantiles) *float64 { return &q.P95 },
	func(q *Quantiles) *float64 { return &q.P99 },
}

// MaxRate is MaxRate for a disaggregated replica.
func (u *Split) MaxRate(l Load, t ...catalog.Targets) (float64, Limit) {
	full, stop := u.bottleneck(l)
	return searchRate(full, func() Limit { return stop }, func(rate float64) (gap float64, limit Limit) {
		l.Rate, l.Concurrency = rate, 0
		r := u.Open(l)
		if r.Classes == nil {
			return gapOf(&r, &t[0])
		}
		gap = math.Inf(-1)
		for k, c := range *r.Classes {
			one := Result{TTFT: c.TTFT, ITL: c.ITL, E2E: c.E2E}
			if g, at := gapOf(&one, &t[min(k, len(t)-1)]); l.Classes()[k].Share > 0 && g > gap {
				gap, limit = g, at
			}
		}
		return gap, limit
	})
}

// Closed is the closed form with l.Concurrency requests in flight: the rate at
// which an open loop holds as many (Little's law).
func (u *Split) Closed(l Load) Result {
	return u.inFlight(l, topShare*u.Capacity(l), u.Open)
}

// inFlight finds the open-loop rate, at most top, at which n requests are in the
// replica. Where more are sent than it holds at top, the rest wait.
func (u *Split) inFlight(l Load, top float64, open func(Load) Result) Result {
	n := float64(max(l.Concurrency, 1))
	l.Concurrency, l.Rounds = 0, 0
	at := func(rate float64) (Result, float64) {
		l.Rate = rate
		r := open(l)
		return r, rate * r.E2E.Mean
	}
	lo, hi := 0.0, top
	r, held := at(hi)
	if held > n {
		for range 24 {
			next := n / r.E2E.Mean // exact where the stay does not depend on the rate
			if !(next > lo && next < hi) {
				next = (lo + hi) / 2
			}
			if r, held = at(next); math.Abs(held-n) < 0.002*n {
				break
			}
			if held > n {
				hi = next
			} else {
				lo = next
			}
		}
		return r
	}
	wait := (n - held) / r.ReqPerS
	for _, q := range []*Quantiles{&r.TTFT, &r.E2E} {
		q.Mean += wait
		for _, f := range quantiles {
			*f(q) += wait
		}
	}
	r.Waiting += n - held
	if r.Binding == LimitLoad {
		r.Binding = u.CapacityLimit(l)
	}
	return r
}

// MaxInFlight is MaxInFlight for a disaggregated replica: what the highest rate
// inside the targets keeps in flight.
func (u *Split) MaxInFlight(l Load, t catalog.Targets) (n int, rate float64, limit Limit) {
	rate, limit = u.MaxRate(l, t)
	if rate <= 0 {
		return 0, 0, limit
	}
	l.Rate, l.Concurrency = rate, 0
	r := u.Open(l)
	return max(1, int(rate*r.E2E.Mean)), rate, limit
}
