package serve

import (
	"math"

	"fleetsize/calc/step"
)

// block is one step with prompts, or a run of decode steps.
type block struct {
	steps        int
	advanced     int // decoders that gained a token in every step
	finished     int // prompts computed to the end
	seconds      float64
	first, last  float64 // seconds of the first and last step
	tokens, flop float64 // prompt tokens and their attention FLOP
}

// smallestBudget is the prompt tokens a step may take however many requests decode.
const smallestBudget = 64

// prefillStep is one step that computes prompt tokens, with the decoders
// beside them or, prefill first, without.
func (e *engine) prefillStep(b *block) {
	room := e.budget
	if e.prefillFirst {
		b.advanced = 0
	} else {
		room -= float64(e.decoding) * e.verify
	}
	if room < smallestBudget {
		room = smallestBudget
	}
	prompts := 0
	for i := 0; i < e.prefill.n && room > 0; i++ {
		prompts++
		it := e.prefill.at(i)
		q := &e.reqs[it.id]
		take := it.key
		if take > room {
			take = room
		}
		if take > e.promptBudget {
			take = e.promptBudget
		}
		b.flop += e.cost.PrefillAttention(q.in+q.done-it.key, take)
		b.tokens += take
		room -= take
		it.key -= take
		if it.key <= 0 {
			b.finished++
		}
	}
	batch := step.Batch{PrefillTokens: b.tokens, PrefillFLOP: b.flop, Prompts: float64(prompts)}
	if b.advanced > 0 {
		batch.Decoding, batch.Context = float64(e.decoding), e.context
	}
	b.seconds = e.cost.Seconds(batch)
}

// decodeSteps is as many decode steps as pass until a request ends, memory
// runs out, or the time until is reached. The step time grows linearly, so
// the sum is exact.
func (e *engine) decodeSteps(b *block, until float64) {
	n := float64(e.decoding)
	batch := step.Batch{Decoding: n, Context: e.context}
	b.first = e.cost.Seconds(batch)
	b.last, b.seconds = b.first, b.first
	room := until - e.now
	if room <= b.first {
		return
	}
	most := int(e.ends.next(e.steps) - e.steps)
	if e.grow && e.decoding > 1 {
		if fit := (e.capacity - e.held) / (e.perToken * n * e.gain); fit < float64(most-1) {
			most = 1 + max(0, int(fit))
		}
	}
	most = min(most, e.cost.LinearSteps(n, e.context))
	if most <= 1 {
		return
	}
	batch.Context += float64(most-1) * n * e.gain
	b.steps, b.last = most, e.cost.Seconds(batch)
	b.seconds = (b.first + b.last) / 2 * float64(most)
	if b.seconds <= room {
		return
	}
	// The smallest number of steps that reaches the time.
	slope := (b.last - b.first) / float64(most-1)
	sum := func(k float64) float64 { return k * (b.first + slope*(k-1)/2) }
	half := b.first - slope/2
	k := math.Ceil(2 * room / (half + math.Sqrt(half*half+2*slope*room)))
	for k > 1 && sum(k-1) >= room {
		k--
	}
	for sum(k) < room {
		k++
	}
	b.steps, b.seconds = int(k), sum(k)
	b.last = b.first + slope*(k-1)
}

// account adds a block to the sums.
func (e *engine) account(b *block) {
	s := &e.sums
	k, n := float64(b.steps), float64(b.advanced)
	s.busy += b.seconds
	growth := 0.0
	if e.grow {
		growth = e.perToken * n * e.gain
	}
	s.byteSeconds += b.seconds * (e.held + growth*(k-1)/2)
	e.held += growth * k
	switch e.blocked {
	case gateKV:
		s.blockedKV += b.seconds
	case gateSequences:
		s.blockedSeqs += b.seconds
	}
	s.steps += k
	s.decoded += k * n
	if n > 0 {
		s.contexts += k * (e.context + n*e.gain*(k-1)/2)
	}
	s.prefilled += b.tokens
	s.prefillFLOP += b.flop
}
