package serve

import (
	"math"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// shape is a load's mean request on a cost: what the closed form works with.
type shape struct {
	cost *step.Cost
	p    *catalog.Profile

	in, out  float64 // mean tokens
	spread   float64 // cv² of both lengths
	computed float64 // prompt tokens that need computing
	cached   float64
	context  float64 // mean context of a decoding request, over its steps
	flop     float64 // prefill attention of the whole prompt
	slots    float64 // requests that can run at once
	byKV     bool    // memory, not the number of sequences, sets the slots
	budget   float64 // tokens per step of one attention replica
	separate bool    // prompts run in steps of their own
	ranks    float64 // attention replicas
	verify   float64 // tokens computed per decoder and step
	turns    float64 // decode steps of a request
	need     float64 // KV bytes that a request counts for

	intake   float64 // front-end seconds per request on its way in
	offset   float64 // seconds added to every first token
	frontEnd float64 // front-end seconds per request
	interval float64 // decode steps before the first chunk
}

func newShape(c *step.Cost, l *Load) shape {
	if len(l.Classes()) > 0 {
		s, _ := blend(c, l)
		return s
	}
	r := l.ratio()
	half := (1 + r) / 2
	s := shape{cost: c, p: c.Profile(), in: float64(l.Input), out: float64(l.Output)}
	if r < 1 {
		s.in, s.out = max(1, half*s.in), max(1, half*s.out)
		s.spread = (1 - r) * (1 - r) / 12 / (half * half)
	}
	s.cached = l.cached(s.in)
	s.computed = s.in - s.cached
	s.intake, s.offset = s.p.RequestCost, s.p.FirstTokenDelay
	if l.Prefilled {
		s.cached, s.computed, s.intake, s.offset = s.in, 0, 0, 0
	}
	s.context = s.in + s.out/2*(1+s.spread)
	s.flop = c.PrefillAttention(s.cached, s.computed)

	s.ranks, s.verify = float64(c.Ranks()), c.Verified()
	s.turns = s.out - 1
	if a := c.Gain(); a != 1 {
		s.turns = wholeSteps(s.turns, a)
		if s.spread > 0 {
			s.turns = (s.out-1)/a + (a-1)/(2*a)
		}
	}
	sch := c.Scheduler()
	s.separate = sch.Policy == catalog.PrefillFirst
	s.budget = math.Inf(1)
	if sch.TokenBudget > 0 {
		s.budget = float64(sch.TokenBudget)
	}
	s.need = counted(c, sch, s.in, s.out, s.spread)
	s.slots, s.byKV = slots(c, sch, s.need)
	s.frontEnd = s.intake + s.p.TokenCost*s.out
	s.interval = max(1, min(float64(sch.StreamInterval), s.out))
	if l.Prefilled {
		s.interval = 1
	}
	return s
}

// counted is the KV bytes that a request of the given mean lengths counts for.
func counted(c *step.Cost, sch *catalog.Scheduler, in, out, spread float64) float64 {
	need := c.FixedBytes(in+out) + c.TokenBytes()*(in+min(max(sch.AdmitShare, 0), 1)*out)
	if sch.Reserve == catalog.ReserveGrow {
		need = max(need, c.FixedBytes(in+out)+c.TokenBytes()*(in+out/2*(1+spread)))
	}
	return need
}

// slots is how many requests that count for need bytes run at once, and
// whether KV memory sets the number.
func slots(c *step.Cost, sch *catalog.Scheduler, need float64) (n float64, byKV bool) {
	n, byKV = float64(MaxConcurrency), false
	if sch.MaxSequences > 0 {
		n = float64(sch.MaxSequences * c.Ranks())
	}
	if need > 0 {
		if k := math.Floor(c.RankKVCapacity()/need) * float64(c.Ranks()); k < n {
			n, byKV = k, true
		}
	}
	return max(1, n), byKV
}

// Slots is how many requests of the load's mean lengths the replica can run at
// once: the KV memory over what the engine counts per request (prompt and the
// share of the output it reserves, or half of it where memory grows with the
// request), at most the engine's maximum. At least 1.
func Slots(c *step.Cost, l Load) int {
	if len(l.Classes()) > 0 {
		s, _ := blend(c, &l)
		return int(s.slots)
	}
	r := l.ratio()
	in, out, spread := float64(l.Input), float64(l.Output), 0.0
	if r < 1 {
		half := (1 + r) / 2
		in, out = half*in, half*out
		spread = (1 - r) * (1 - r) / 12 / (half * half)
	}
	n, _ := slots(c, c.Scheduler(), counted(c, c.Scheduler(), in, out, spread))
	return int(n)
}

// chunk is the prompt tokens per step beside b decoders, and the number of
// steps a prompt takes: none where prompts are computed elsewhere.
func (s *shape) chunk(b float64) (tokens, steps float64) {
	room := s.budget
	if !s.separate {
		room -= b * s.verify / s.ranks
	}
	room = max(room, smallestBudget)
	if s.computed <= room {
		return s.computed, min(1, s.computed)
	}
	steps = math.Ceil(s.computed / room)
	return s.computed / steps, steps
}

// unhindered is the time from admission to the end of a prompt beside b
// decoders, and the steps it takes.
func (s *shape) unhindered(b float64) (seconds, steps float64) {
	tokens, steps := s.chunk(b)
	if steps == 0 {
		return 0, 0
	}
	batch := step.Batch{PrefillTokens: tokens, PrefillFLOP: s.flop / steps}
	if !s.separate {
		batch.Decoding, batch.Context = b, b*s.context
	}
	return steps * s.cost.Seconds(batch), steps
}

// perToken is the time per output token when a decode step takes turn.
func (s *shape) perToken(turn float64) float64 {
	if s.out <= 1 {
		return 0
	}
	return turn * s.turns / (s.out - 1)
}

// decode is the time of a step of b decoders.
func (s *shape) decode(b float64) float64 {
	return s.cost.Seconds(step.Batch{Decoding: b, Context: b * s.context})
}

// prompt is what one prompt adds to the time of the steps it shares with b
// decoders, or takes in steps of its own, in seconds, and the number of steps
// it passes through. decode is the time of the step without it.
func (s *shape) prompt(b, decode float64) (seconds, steps float64) {
	tokens, steps := s.chunk(b)
	if steps == 0 {
		return 0, 0
	}
	batch := step.Batch{PrefillTokens: tokens, PrefillFLOP: s.flop / steps}
	// Prompts replace the requests that end in the meantime: together they share
	// steps of their own as far as the budget goes, and attention replicas.
	together := 1.0
	if s.ranks > 1 {
		// Prompts per step are Poisson distributed; those of one step share it.
		if meet := b * steps / max(s.turns, 1); meet > 1e-6 {
			together = max(1, min(meet/-math.Expm1(-meet), s.ranks))
		}
	}
	if s.separate && steps == 1 {
		together = max(1, min(b/max(s.turns, 1), s.ranks*s.budget/s.computed))
	}
	batch.PrefillTokens *= together
	batch.PrefillFLOP *= together
	batch.Prompts = together
	if s.separate {
		return steps * s.cost.Seconds(batch) / together, steps
	}
	batch.Decoding, batch.Context = b, b*s.context
	return steps * (s.cost.Seconds(batch) - decode) / together, steps
}

// full is the throughput in requests/s with n requests always in the replica.
//
// A request passes through its prompt's steps and its decode steps, out−1 of
// them or fewer with speculative decoding, each lengthened by the prompts of
// the others:
//
//	X = n / (n·P + (steps + turns)·t_d)
//
// With a small token budget C prompts queue inside the replica: every step is
// filled up, b = C·r/(1 + m·r) requests decode, r = turns/prompt with m tokens
// each, and
//
//	X = (C − m·b)/prompt / (t_d(b) + P·(C − m·b)/prompt)
//
// Where only prompts are computed, as many share a step as the budget takes.
func (s *shape) full(n float64) float64 {
	if s.turns == 0 {
		k := max(1, min(n, s.ranks*s.budget/s.computed))
		base := s.base()
		if s.separate {
			p, _ := s.prompt(n, 0)
			return 1 / p
		}
		p, steps := s.prompt(0, base)
		return k / (k*p + steps*base)
	}
	if s.separate {
		p, _ := s.prompt(n, 0)
		return n / (n*p + s.turns*s.decode(n))
	}
	_, steps := s.chunk(n)
	passes := s.turns + steps
	b := n * s.turns / passes
	filled := s.filled()
	limited := b > filled
	if limited {
		b = filled
	}
	d := s.base()
	if b > 0 {
		d = s.decode(b)
	}
	p, _ := s.prompt(b, s.decode(b))
	if limited {
		prompts := max(s.ranks*s.budget-b*s.verify, smallestBudget) / s.computed
		return prompts / (d + p*prompts)
	}
	return n / (n*p + passes*d)
}

// filled is the number of requests that decode when every step uses up its
// token budget.
func (s *shape) filled() float64 {
	if math.IsInf(s.budget, 1) || s.computed == 0 {
		return math.Inf(1)
	}
	r := s.turns / s.computed
	return max(s.ranks*s.budget*r/(1+s.verify*r), smallestBudget*r)
}

// base is the time of a step that has next to nothing to do.
func (s *shape) base() float64 {
	return s.cost.Seconds(step.Batch{PrefillTokens: 1})
}

// Capacity is the highest throughput of the replica in requests/s, when
// requests always wait: all slots are taken, and the front end keeps up.
func Capacity(c *step.Cost, l Load) float64 {
	s := newShape(c, &l)
	return s.capacity()
}

func (s *shape) capacity() float64 {
	x := s.full(s.slots)
	if s.frontEnd > 0 {
		x = min(x, 1/s.frontEnd)
	}
	return x
}

// CapacityLimit is what keeps Capacity from being higher: the front end;
// memory or the number of sequences while twice the slots would give a tenth
// more; else computing or reading.
func CapacityLimit(c *step.Cost, l Load) Limit {
	s := newShape(c, &l)
	return s.capacityLimit()
}

func (s *shape) capacityLimit() Limit {
	x := s.full(s.slots)
	if s.frontEnd > 0 && x > 1/s.frontEnd {
		return LimitFrontEnd
	}
	if s.full(2*s.slots) > 1.1*x {
		if s.byKV {
			return LimitKV
		}
		return LimitMaxSequences
	}
	tokens := s.computed / (s.turns + 1) * s.slots // per step, in balance
	limit, _ := stepLimit(s.cost, step.Batch{
		Decoding: s.slots, Context: s.slots * s.context,
		PrefillTokens: tokens, PrefillFLOP: s.flop * tokens / max(s.computed, 1),
	})
	return limit
}
