package serve

import (
	"math"

	"fleetsize/calc/step"
)

// Open is the closed form of an open loop with Poisson arrivals (constant
// ones get the same answer): occupancy from a birth-death chain whose service
// rate is that of the full batch, the wait for a prefill from an M/G/1 queue,
// the wait for a slot from the chain's geometric tail.
//
// Against the simulation mean and p95 TTFT are within about 10 % up to half
// the capacity and optimistic near it (p95 by 15 % to several-fold above 0.9),
// so it serves for previews and to bracket searches. Latencies of an
// overloaded replica are unbounded; those given are of a run of 4,000 requests.
func Open(c *step.Cost, l Load) Result {
	s := newShape(c, &l)
	o := s.open(l.Rate)
	return o.result(l.Requests)
}

// open is the state of a replica under a rate.
type open struct {
	s    *shape
	rate float64

	n, sd       float64 // requests in the replica while slots last: mean and deviation
	running     float64
	slotWait    float64 // P(no slot is free)
	drain       float64 // capacity less rate, requests/s
	saturated   bool
	full        float64 // capacity
	busy        float64 // P(anything runs)
	decodeStep  float64 // seconds without prompts
	itl         float64 // seconds, stretched by prompts
	promptTime  float64 // prefill seconds of a prompt beside others
	promptSteps float64
	prefill     float64 // unhindered time from admission to the end of the prefill
	residual    float64 // wait for the step in progress
	prefillLoad float64 // utilization and mean wait of the prefill stage
	prefillWait float64
	frontWait   float64
}

func (s *shape) open(rate float64) open {
	o := open{s: s, rate: rate, full: s.capacity()}
	if rate >= o.full {
		o.saturated = true
		o.rate = o.full
	}
	o.occupancy()
	o.latencies()
	return o
}

// served is the rate at which k requests leave the replica.
func (s *shape) served(k float64) float64 { return s.full(k) }

// occupancy sums the birth-death chain
//
//	p_k = p_0·Π λ/μ(i), k ≤ slots, then geometric with ratio λ/μ(slots)
//
// outwards from its mode, as far as it has weight. The chain is exact for
// shared service when everybody fits, whatever the lengths (processor sharing
// is insensitive to them).
func (o *open) occupancy() {
	s, rate := o.s, o.rate
	most := min(s.slots, 1e5)
	if o.saturated {
		o.n, o.running, o.slotWait, o.busy = most, most, 1, 1
		return
	}
	mode := math.Floor(o.balance(most))
	const negligible = 1e-7
	stride := max(1, math.Floor(math.Sqrt(mode)/3)) // a third of the spread or less
	sum, first, second := 1.0, mode, mode*mode
	empty := 0.0
	if mode == 0 {
		empty = 1
	}
	for w, k := 1.0, mode; k > 0; {
		step := min(stride, k)
		ratio := s.served(k-(step-1)/2) / rate
		for range int(step) {
			w *= ratio
			k--
			sum += w
			first += w * k
			second += w * k * k
		}
		if k == 0 {
			empty = w
		}
		if w < negligible && ratio < 1 {
			break
		}
	}
	w, k := 1.0, mode
	for k < most {
		step := min(stride, most-k)
		ratio := rate / s.served(k+(step+1)/2)
		for range int(step) {
			w *= ratio
			k++
			sum += w
			first += w * k
			second += w * k * k
		}
		if w < negligible && ratio < 1 {
			break
		}
	}
	tail := 0.0 // weight of states with every slot taken and more waiting
	if k >= most {
		r := min(rate/s.served(most), 0.9999)
		tail = w * r / (1 - r)
		o.slotWait = (tail + w) / (sum + tail)
	}
	total := sum + tail
	o.running = (first + tail*most) / total
	o.n = o.running
	o.sd = math.Sqrt(max(0, (second+tail*most*most)/total-o.running*o.running))
	o.busy = 1 - empty/total
	o.drain = s.served(most) - rate
}

// balance is the number of requests at which as many leave as arrive, at most
// limit: the smallest root of k = λ·(time in the replica with k).
func (o *open) balance(limit float64) float64 {
	s := o.s
	k := 0.0
	for range 6 {
		at := max(k, 1)
		next := o.rate * at / s.served(at)
		// served is n/(n·P + S·(a + b·n)): the time in the replica is affine in
		// n, so two points give the root.
		if k == 0 {
			k = min(next, limit)
			continue
		}
		one := 1 / s.served(1)
		slope := (at/s.served(at) - one) / max(at-1, 1e-9)
		root := limit
		if f := 1 - o.rate*slope; f > 0 {
			root = min(limit, o.rate*(one-slope)/f)
		}
		if math.Abs(root-k) < 0.25 {
			return max(0, root)
		}
		k = root
	}
	return max(0, min(k, limit))
}

// latencies derives the parts of TTFT and the time per token.
func (o *open) latencies() {
	s, p := o.s, o.s.p
	b := o.running
	o.decodeStep = max(s.decode(b), s.base())
	if b > 0 && b < 1 { // decoders met by a token: at least itself
		o.decodeStep = s.decode(1)
	}
	o.promptTime, o.promptSteps = s.prompt(b, s.decode(b))
	share := min(0.999, o.rate*o.promptTime)
	// A request meets more company than there is on the mean: the occupancy
	// weighted by itself, and by simulation half as much again, because a
	// prefill holds up everybody at once.
	met := max(b, 1)
	if o.sd > 0 {
		met = max(1, min(b+1.5*o.sd*o.sd/b, s.slots))
	}
	o.itl = max(s.decode(met)/(1-share), s.p.TokenCost*b)

	tokens, steps := s.chunk(b)
	batch := step.Batch{PrefillTokens: tokens, PrefillFLOP: s.flop / steps}
	if !s.separate {
		batch.Decoding, batch.Context = b, b*s.context
	}
	o.prefill = steps * s.cost.Seconds(batch)

	// Prompts share a step when several fit into the budget.
	room := s.budget
	if !s.separate {
		room = max(s.budget-b, smallestBudget)
	}
	fill := s.computed / room
	if math.IsInf(room, 1) {
		fill = 0
	}
	service := o.promptTime + fill*s.decode(b)
	if s.separate {
		service = o.promptTime
	}
	o.prefillLoad = min(0.999, o.rate*service)
	o.prefillWait = o.prefillLoad * service * (1 + s.spread) / (2 * (1 - o.prefillLoad))

	// The step in progress when a request becomes ready.
	plain, mixed := s.decode(b), o.prefill/steps
	passes := max(0, min(1, o.rate*o.promptSteps*o.itl)) // share of steps with a prompt
	mean := passes*mixed + (1-passes)*plain
	if mean > 0 {
		o.residual = o.busy * (passes*mixed*mixed + (1-passes)*plain*plain) / (2 * mean)
	}
	// The M/G/1 wait contains the rest of a prompt in service; do not count it twice.
	o.residual = max(0, o.residual-o.prefillLoad*passes*o.promptTime/2)

	if load := min(0.999, o.rate*s.frontEnd); s.frontEnd > 0 {
		batch := b * p.TokenCost
		tokensPart := 0.0
		if o.itl > 0 {
			tokensPart = batch * batch / o.itl
		}
		o.frontWait = (o.rate*p.RequestCost*p.RequestCost + tokensPart) / (2 * (1 - load))
	}
}

// front is the time in the front end before the engine sees a request, and
// after its first token, on the mean.
func (o *open) front() float64 {
	p := o.s.p
	return p.RequestCost + o.frontWait + (1+o.running)*p.TokenCost/2
}

// fixedTTFT is the TTFT of a request that finds neither queue.
func (o *open) fixedTTFT() float64 {
	return o.s.p.FirstTokenDelay + o.front() + o.prefill + o.residual + (o.s.interval-1)*o.itl
}

// waitForSlot is the mean wait for a slot.
func (o *open) waitForSlot() float64 {
	if o.slotWait == 0 || o.drain <= 0 {
		return 0
	}
	return o.slotWait * (1 + o.s.spread) / 2 / o.drain
}

// quantileWait is the level-quantile of the wait for prefill and slot, whose
// tails are
//
//	P(W > t) ≈ ρ·exp(−ρ·t/W_p) + p_w·exp(−p_w·t/W_s)
func (o *open) quantileWait(level float64) float64 {
	slot := o.waitForSlot()
	tail := func(t float64) (p, slope float64) {
		if o.prefillWait > 0 {
			a := o.prefillLoad / o.prefillWait
			e := o.prefillLoad * math.Exp(-a*t)
			p, slope = p+e, slope-a*e
		}
		if slot > 0 {
			a := o.slotWait / slot
			e := o.slotWait * math.Exp(-a*t)
			p, slope = p+e, slope-a*e
		}
		return p, slope
	}
	// The tail is convex and falls, so Newton from the left never overshoots.
	t, want := 0.0, 1-level
	for range 40 {
		p, slope := tail(t)
		if p <= want*(1+1e-6) || slope == 0 {
			break
		}
		// In the logarithm the steps are longer and still from the left of a sum of exponentials.
		t += math.Log(p/want) * p / -slope
	}
	return t
}

// normal quantiles of levels.
var normal = [...]float64{0, 1.2816, 1.6449, 2.3263}

// result is the state as a Result.
func (o *open) result(requests int) Result {
	s := o.s
	queue := 0.0 // overload: the mean wait in a finite run
	if o.saturated {
		if requests <= 0 {
			requests = 4000
		}
		queue = float64(requests) / 2 / max(o.full, 1e-300)
	}
	r := Result{ReqPerS: o.rate, OutputTokPerS: o.rate * s.out, TotalTokPerS: o.rate * (s.in + s.out), Saturated: o.saturated}
	fixed := o.fixedTTFT()
	wait := o.prefillWait + queue
	if !o.saturated {
		wait += o.waitForSlot()
	}
	r.TTFT.Mean = fixed + wait
	itl := 0.0
	if s.out > 1 {
		itl = o.itl * (1 - (s.interval-1)/max(s.out-1, 1))
	}
	r.ITL.Mean = itl
	r.E2E.Mean = r.TTFT.Mean + (s.out-1)*itl
	ttft := [...]*float64{&r.TTFT.P50, &r.TTFT.P90, &r.TTFT.P95, &r.TTFT.P99}
	itls := [...]*float64{&r.ITL.P50, &r.ITL.P90, &r.ITL.P95, &r.ITL.P99}
	e2es := [...]*float64{&r.E2E.P50, &r.E2E.P90, &r.E2E.P95, &r.E2E.P99}
	swing := o.itlSwing()
	for i, level := range levels {
		*ttft[i] = o.ttftAt(fixed, level) + 2*level*queue
		*itls[i] = itl * (1 + normal[i]*swing)
		*e2es[i] = o.e2eAt(*ttft[i], r.E2E.Mean-r.TTFT.Mean, r.TTFT.Mean, swing, normal[i])
	}
	r.Running = o.running
	r.Waiting = o.rate * (wait - o.prefillWait + s.p.RequestCost + o.frontWait)
	r.KVUsedBytes = min(s.heldBytes()*o.running, s.cost.KVCapacity())
	r.Busy = o.busy
	r.Binding = LimitLoad
	if o.saturated {
		r.Binding = s.capacityLimit()
	} else if o.slotWait > 0.1 {
		r.Binding = LimitMaxSequences
		if s.byKV {
			r.Binding = LimitKV
		}
	}
	return r
}

// ttftAt is the level-quantile of TTFT. The wait for the step in progress is
// evenly spread over twice its mean; random prompts vary in length.
func (o *open) ttftAt(fixed, level float64) float64 {
	q := o.quantileWait(level)
	even := o.residual * (2*level - 1)
	length := 0.0
	if o.s.spread > 0 {
		length = o.promptTime * math.Sqrt(3*o.s.spread) * (2*level - 1)
	}
	// Independent spreads about the mean add in squares.
	d := math.Sqrt(q*q + even*even + length*length)
	if level <= 0.5 {
		d = q
	}
	return fixed + d
}

// itlSwing is the relative deviation of the time per token between requests:
// that of the step time over the occupancies a request meets, which last about
// as long as its stay, and that of the number of prompts that happen to come
// by during it. The two feed each other; the factor 1.6 is from simulation at
// half to four fifths of capacity.
func (o *open) itlSwing() float64 {
	s := o.s
	if s.out <= 1 || o.itl <= 0 {
		return 0
	}
	mid := s.decode(max(o.running, 1))
	occupancy := (s.decode(max(o.running, 1)+o.sd) - mid) / mid
	stay := (s.out - 1) * o.itl
	prompts := o.promptTime * math.Sqrt(o.rate*stay) / stay
	return 1.6 * math.Sqrt(0.75*occupancy*occupancy+prompts*prompts)
}

// e2eAt joins the spread of TTFT, of the time per token and of the output length.
func (o *open) e2eAt(ttft, decode, meanTTFT, swing, z float64) float64 {
	a, b := ttft-meanTTFT, decode*swing*z
	c := 0.0
	if o.s.spread > 0 {
		c = decode * math.Sqrt(3*o.s.spread) * min(1, max(0, z))
	}
	d := math.Sqrt(a*a + b*b + c*c)
	if z == 0 {
		d = 0
	}
	return meanTTFT + decode + d
}

// heldBytes is the KV memory a running request holds on the mean.
func (s *shape) heldBytes() float64 {
	c, sch := s.cost, s.cost.Scheduler()
	tokens := s.in + min(max(sch.AdmitShare, 0), 1)*s.out
	if sch.Reserve == "grow" {
		tokens = s.in + s.out/2*(1+s.spread)
	}
	return c.FixedBytes(s.in+s.out) + c.TokenBytes()*tokens
}

// occupancy is the number of requests in a replica under an open load, for
// warm-up.
func occupancy(c *step.Cost, l *Load) float64 {
	s := newShape(c, l)
	o := open{s: &s, rate: l.Rate, full: s.capacity()}
	if l.Rate >= o.full {
		return s.slots
	}
	return o.balance(min(s.slots, 1e5))
}
