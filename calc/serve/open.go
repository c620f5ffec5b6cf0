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
// Up to half of the capacity it is within 2 % of the simulation in mean TTFT and
// ITL (10 % at worst) and 6 % in p95 TTFT (30 % at worst); near capacity it is
// optimistic (p95 by 15 % at 0.8, by half and more above 0.9). So it serves for
// previews and to bracket searches. Latencies of an
// overloaded replica are unbounded; those given are of a run of 4,000 requests.
func Open(c *step.Cost, l Load) Result {
	if len(l.Classes()) > 0 {
		s, each := blend(c, &l)
		o := s.open(l.Rate)
		r := o.result(l.Requests)
		r.Classes = o.classes(&l, each)
		return r
	}
	s := newShape(c, &l)
	o := s.open(l.Rate)
	return o.result(l.Requests)
}

// open is the state of a replica under a rate.
type open struct {
	s    *shape
	rate float64

	running, sd float64 // requests in the replica while slots last: mean and deviation
	slotWait    float64 // P(no slot is free)
	drain       float64 // capacity less rate, requests/s
	saturated   bool
	full        float64 // capacity
	busy        float64 // P(anything runs)
	itl         float64 // seconds of a decode step, stretched by prompts
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
	if !o.saturated && s.out > 1 && o.rate > 0 {
		// Little's law inside the replica: what is not prefill is decoding.
		stage := o.prefill + o.residual + o.prefillWait
		o.itl = max((o.running/o.rate-stage)/s.turns, s.decode(1), s.p.TokenCost*o.running*s.cost.Gain())
	}
	return o
}

// latencies derives the parts of TTFT and the time per token.
func (o *open) latencies() {
	s, p := o.s, o.s.p
	b := o.running
	o.promptTime, o.promptSteps = s.prompt(b, s.decode(b))
	share := min(0.999, o.rate*o.promptTime)
	o.itl = max(s.decode(max(b, 1))/(1-share), s.p.TokenCost*b*s.cost.Gain())

	var steps float64
	o.prefill, steps = s.unhindered(b)

	// Prompts share a step when several fit into the budget.
	room := s.ranks * s.budget
	if !s.separate {
		room = max(s.ranks*s.budget-b*s.verify, smallestBudget)
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
	plain, mixed := s.decode(b), o.prefill/max(steps, 1)
	passes := max(0, min(1, o.rate*o.promptSteps*o.itl)) // share of steps with a prompt
	mean := passes*mixed + (1-passes)*plain
	if mean > 0 {
		o.residual = o.busy * (passes*mixed*mixed + (1-passes)*plain*plain) / (2 * mean)
	}
	// The M/G/1 wait contains the rest of a prompt in service; do not count it twice.
	o.residual = max(0, o.residual-o.prefillLoad*passes*o.promptTime/2)

	if load := min(0.999, o.rate*s.frontEnd); s.frontEnd > 0 {
		batch := b * s.cost.Gain() * p.TokenCost
		tokensPart := 0.0
		if o.itl > 0 {
			tokensPart = batch * batch / o.itl
		}
		o.frontWait = (o.rate*s.intake*s.intake + tokensPart) / (2 * (1 - load))
	}
}

// front is the time in the front end before the engine sees a request, and
// after its first token, on the mean.
func (o *open) front() float64 {
	p := o.s.p
	return o.s.intake + o.frontWait + (1+o.running*o.s.cost.Gain())*p.TokenCost/2
}

// fixedTTFT is the TTFT of a request that finds neither queue.
func (o *open) fixedTTFT() float64 {
	return o.s.offset + o.front() + o.prefill + o.residual + (o.s.interval-1)*o.s.perToken(o.itl)
}

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
		itl = s.perToken(o.itl) * (1 - (s.interval-1)/max(s.out-1, 1))
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
	r.Waiting = o.rate * (wait - o.prefillWait + s.intake + o.frontWait)
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

// heldBytes is the KV memory a running request holds on the mean.
func (s *shape) heldBytes() float64 {
	c, sch := s.cost, s.cost.Scheduler()
	tokens := s.in + min(max(sch.AdmitShare, 0), 1)*s.out
	if sch.Reserve == "grow" {
		tokens = s.in + s.out/2*(1+s.spread)
	}
	return c.FixedBytes(s.in+s.out) + c.TokenBytes()*tokens
}
