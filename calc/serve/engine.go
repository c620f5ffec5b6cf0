package serve

import (
	"math"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// request is one request from sending to its last token.
type request struct {
	sent, first float64 // when it was sent and when its first token was seen
	admitted    float64 // when it was last admitted
	ran         float64 // seconds it has been admitted
	need        float64 // KV bytes that count for it at admission
	fixed       float64 // KV bytes it holds whatever its progress
	in, out     float64 // tokens
	cached      float64 // prompt tokens that need no computing
	done        float64 // output tokens when it was last admitted or delivered first
	full        float64 // tokens it holds after its last step
	seq         uint64  // order of admission
}

// engine is the state of the continuous-batching engine.
type engine struct {
	cost *step.Cost

	// Settings.
	grow, prefillFirst bool
	prefilled          bool    // prompts are computed elsewhere
	budget             float64 // tokens per step
	promptBudget       float64 // of them for one prompt
	verify, gain       float64 // tokens computed and gained per decoder and step
	maxRunning         int
	share              float64 // of the output that must fit at admission
	capacity           float64 // KV bytes
	perToken           float64 // KV bytes
	requestCost        float64 // s, front end
	tokenCost          float64 // s, front end
	interval           float64 // decode steps before the first chunk
	offset             float64 // s, on every first token
	outOfTurn          bool    // a decoder may be newer than a prompt that is still computed

	// Clocks.
	now   float64 // end of the last step
	front float64 // when the front end is free
	steps float64 // decode steps so far

	// Requests.
	reqs     []request
	free     []int32
	ready    fifo    // through the front end, by the time they are ready
	evicted  []int32 // to be recomputed, the first to return last
	prefill  fifo    // admitted, by prompt tokens left
	ends     ends    // decoding
	decoding int
	admitted uint64

	context  float64 // K, tokens of the decoding requests
	held     float64 // bytes held now
	reserved float64 // bytes that count at admission
	blocked  gate    // what keeps the next ready request out

	evictions int
	sums      sums
}

// gate is what keeps a ready request out of the engine.
type gate uint8

const (
	gateOpen gate = iota
	gateKV
	gateSequences
)

// sums add up over time since the start.
type sums struct {
	busy, byteSeconds        float64
	blockedKV, blockedSeqs   float64 // seconds
	steps, decoded, contexts float64 // steps, tokens decoded, context tokens read
	prefilled, prefillFLOP   float64
}

// snapshot is the state of the run at the start or middle of the measured part.
type snapshot struct {
	seen, now float64
	sums      sums
	sent      int
	evictions int
}

func (s *Sim) snapshot() snapshot {
	return snapshot{now: s.now, sums: s.sums, sent: s.sent, evictions: s.engine.evictions}
}

// begin resets the engine.
func (e *engine) begin(c *step.Cost, l *Load) {
	sch, p := c.Scheduler(), c.Profile()
	e.cost = c
	e.grow = sch.Reserve == catalog.ReserveGrow
	e.prefillFirst = sch.Policy == catalog.PrefillFirst
	// Attention replicas have budgets and limits of their own, filled evenly.
	ranks := c.Ranks()
	e.verify, e.gain = c.Verified(), c.Gain()
	e.prefilled = l.Prefilled
	e.promptBudget = float64(sch.TokenBudget)
	if sch.TokenBudget <= 0 {
		e.promptBudget = math.Inf(1)
	}
	e.budget = float64(ranks) * e.promptBudget
	e.maxRunning = sch.MaxSequences * ranks
	if e.maxRunning <= 0 {
		e.maxRunning = math.MaxInt
	}
	e.share = min(max(sch.AdmitShare, 0), 1)
	// Sums of bytes are rounded; a request that fits exactly must not be kept out by that.
	e.capacity, e.perToken = c.KVCapacity()*(1+1e-12), c.TokenBytes()
	e.requestCost, e.tokenCost = p.RequestCost, p.TokenCost
	e.interval = float64(sch.StreamInterval)
	e.offset = p.FirstTokenDelay
	if e.prefilled { // both belong to where the prompt is computed
		e.requestCost, e.offset, e.interval = 0, 0, 1
	}

	e.now, e.front, e.steps = 0, 0, 0
	e.reqs, e.free, e.evicted = e.reqs[:0], e.free[:0], e.evicted[:0]
	e.ready.reset()
	e.prefill.reset()
	// Attention replicas finish prompts out of turn, and requests whose prompt was
	// computed elsewhere overtake evicted ones, which compute theirs again: the
	// last to end need not be the newest.
	e.outOfTurn = e.grow && (ranks > 1 || e.prefilled)
	e.ends.reset(l.ratio() >= 1 && !e.outOfTurn, l.longest())
	e.decoding, e.admitted = 0, 0
	e.context, e.held, e.reserved, e.blocked = 0, 0, 0, gateOpen
	e.evictions, e.sums = 0, sums{}
}

// fill makes q a request of the given lengths, sent at time at. What later
// stages set is left alone.
func (e *engine) fill(q *request, in, out, cached, at float64) {
	q.in, q.out, q.cached, q.sent = in, out, cached, at
	q.done, q.ran = 0, 0
	q.fixed = e.cost.FixedBytes(in + out)
	q.need = e.reservation(q)
}

// newRequest takes a free slot for a request.
func (e *engine) newRequest() int32 {
	var id int32
	if n := len(e.free); n > 0 {
		id = e.free[n-1]
		e.free = e.free[:n-1]
	} else {
		id = int32(len(e.reqs))
		e.reqs = append(e.reqs, request{})
	}
	return id
}

// reservation is the KV bytes that must be free for q at admission: prompt,
// share of the output, and whatever was already generated before an eviction.
func (e *engine) reservation(q *request) float64 {
	return q.fixed + e.perToken*max(q.in+e.share*q.out, q.in+q.done+1)
}

// enqueue lets the front end work on a request that arrived at time at.
func (e *engine) enqueue(id int32, at float64) {
	if e.front < at {
		e.front = at
	}
	e.front += e.requestCost
	e.ready.push(e.front, id)
}

// admit starts ready requests in order of arrival, evicted ones first, while
// they fit, and notes what keeps the next one out. One is always admitted when
// nothing runs.
func (e *engine) admit() {
	e.blocked = gateOpen
	for {
		var id int32
		back := len(e.evicted) > 0
		switch {
		case back:
			id = e.evicted[len(e.evicted)-1]
		case e.ready.n > 0 && e.ready.front().key <= e.now:
			id = e.ready.front().id
		default:
			return
		}
		q := &e.reqs[id]
		start := q.need
		if e.grow {
			start = q.fixed + e.perToken*(q.in+q.done+1)
		}
		if n := e.decoding + e.prefill.n; n > 0 {
			if n >= e.maxRunning {
				e.blocked = gateSequences
				return
			}
			if e.reserved+q.need > e.capacity || e.grow && e.held+start > e.capacity {
				e.blocked = gateKV
				return
			}
		}
		if back {
			e.evicted = e.evicted[:len(e.evicted)-1]
		} else {
			e.ready.pop()
		}
		e.admitted++
		q.seq, q.admitted = e.admitted, e.now
		e.reserved += q.need
		e.held += start
		if e.prefilled && q.done == 0 {
			q.first, q.done = e.now, 1
			e.context += q.in + 1
			e.decode(id)
			continue
		}
		e.prefill.push(q.in+q.done-q.cached, id)
	}
}

// decode makes a request whose tokens so far are in the cache one of the
// decoders. One that lacks none (prefilled, one token) passes a step all the same.
func (e *engine) decode(id int32) {
	q := &e.reqs[id]
	steps := q.out - q.done
	if e.gain != 1 {
		steps = wholeSteps(steps, e.gain)
	}
	if steps < 1 {
		steps = 1
	}
	q.full = q.in + q.done + e.gain*steps
	e.decoding++
	e.ends.push(e.steps+steps, id, e.steps, e.reqs)
}

// release gives back the memory of a finished request.
func (e *engine) release(q *request) {
	e.reserved -= q.need
	if e.grow {
		e.held -= q.fixed + e.perToken*q.full
	} else {
		e.held -= q.need
	}
	q.ran += e.now - q.admitted
	if e.decoding+e.prefill.n == 0 {
		e.held, e.reserved = 0, 0 // no rounding is carried over
	}
}

// makeRoom evicts the newest requests until the next step fits into the KV
// memory, and reports whether it evicted any. The last one always stays.
func (e *engine) makeRoom() bool {
	any := false
	for e.held > e.capacity && e.decoding+e.prefill.n > 1 {
		var id int32
		prompt, it := e.prefill.n > 0, item{}
		if !prompt || e.outOfTurn && e.decoding > 0 {
			it = e.ends.removeNewest(e.steps, e.reqs)
			if prompt = prompt && e.reqs[it.id].seq < e.reqs[e.prefill.at(e.prefill.n-1).id].seq; prompt {
				e.ends.push(it.key, it.id, e.steps, e.reqs)
			}
		}
		if prompt {
			id = e.prefill.popBack().id
			q := &e.reqs[id]
			e.held -= q.fixed + e.perToken*(q.in+q.done+1)
			e.evict(id)
		} else {
			id = it.id
			q := &e.reqs[id]
			tokens := q.full - e.gain*(it.key-e.steps)
			e.decoding--
			e.context -= tokens
			e.held -= q.fixed + e.perToken*tokens
			q.done = min(wholeTokens(tokens-q.in), q.out-1)
			e.evict(id)
		}
		any = true
	}
	return any
}

// wholeSteps is the decode steps that yield so many tokens at a gain of so many
// a step. A quotient that is whole but for its last bits is whole: 21 tokens at
// 1.4 take 15 steps, though 21/1.4 is above 15 in binary arithmetic.
func wholeSteps(tokens, gain float64) float64 { return math.Ceil(tokens/gain - 1e-9) }

// wholeTokens is a sum of tokens gained, some a fraction each, without the part
// of a token at its end. Rounding must not take a whole one away.
func wholeTokens(n float64) float64 { return math.Floor(n + 1e-6) }

// evict puts a request back in front of the queue.
func (e *engine) evict(id int32) {
	q := &e.reqs[id]
	e.reserved -= q.need
	q.need = e.reservation(q)
	q.ran += e.now - q.admitted
	e.evicted = append(e.evicted, id)
	e.evictions++
}
