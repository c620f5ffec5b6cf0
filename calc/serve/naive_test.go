package serve

import (
	"math"
	"sort"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// naive simulates the same engine the plain way: one step at a time, lists
// that are searched and sorted, nothing skipped and nothing remembered. It
// shares no code with Sim but the step cost and the tables of random numbers.
type naive struct {
	cost *step.Cost
	load Load
	sch  catalog.Scheduler
	p    *catalog.Profile

	intake float64 // front-end seconds per request

	now, front float64
	arrivals   []*naiveRequest // not yet received, by sending time
	waiting    []*naiveRequest // through the front end
	running    []*naiveRequest // in order of admission
	sent       int
	completed  int
	draw       func(i int) (in, out, cached float64) // cached is a share
	gap        func(i int) float64
	total      int
	stop       int

	done      []*naiveRequest
	evictions int
	maxHeld   float64
	overBy    float64 // largest excess over the KV memory with more than one running
}

type naiveRequest struct {
	id                       int
	sent, ready, first, last float64
	in, out, cached          float64
	left                     float64 // prompt tokens to compute
	made                     float64 // output tokens
	turns                    float64 // decode steps left
	prefilling               bool
	reserved                 float64
}

func (n *naive) bytes(r *naiveRequest, tokens float64) float64 {
	return n.cost.FixedBytes(r.in+r.out) + n.cost.TokenBytes()*tokens
}

// holds is the tokens r holds in a growing engine.
func (n *naive) holds(r *naiveRequest) float64 {
	if r.prefilling {
		return r.in + r.made + 1
	}
	return r.in + r.made
}

func (n *naive) held() (sum float64) {
	for _, r := range n.running {
		sum += n.bytes(r, n.holds(r))
	}
	return sum
}

func (n *naive) reserved() (sum float64) {
	for _, r := range n.running {
		sum += r.reserved
	}
	return sum
}

func (n *naive) request(at float64) *naiveRequest {
	in, out, share := n.draw(n.sent)
	r := &naiveRequest{id: n.sent, sent: at, in: in, out: out, cached: math.Min(math.Floor(share*in), in-1)}
	n.sent++
	return r
}

// receive moves what has arrived by t through the front end.
func (n *naive) receive(t float64) {
	for len(n.arrivals) > 0 && n.arrivals[0].sent <= t {
		r := n.arrivals[0]
		n.arrivals = n.arrivals[1:]
		n.front = math.Max(n.front, r.sent) + n.intake
		r.ready = n.front
		n.waiting = append(n.waiting, r)
		if n.load.Rate > 0 {
			n.arrivals = append(n.arrivals, n.request(r.sent+n.gap(n.sent)))
		}
	}
}

func (n *naive) run() {
	for n.completed < n.stop {
		n.receive(n.now)
		evicted := false
		grow := n.sch.Reserve == catalog.ReserveGrow
		for grow && len(n.running) > 1 && n.held() > n.cost.KVCapacity()*(1+1e-12) {
			last := n.running[len(n.running)-1]
			n.running = n.running[:len(n.running)-1]
			n.waiting = append([]*naiveRequest{last}, n.waiting...)
			last.ready = n.now
			last.made = math.Floor(math.Min(last.made, math.Max(last.out-1, 0)) + 1e-6) // a sum of gains: rounded
			evicted = true
			n.evictions++
		}
		for !evicted && len(n.waiting) > 0 && n.waiting[0].ready <= n.now {
			r := n.waiting[0]
			share := math.Min(math.Max(n.sch.AdmitShare, 0), 1)
			r.reserved = n.bytes(r, math.Max(r.in+share*r.out, r.in+r.made+1))
			if len(n.running) > 0 {
				limit := n.cost.KVCapacity() * (1 + 1e-12)
				if len(n.running) >= n.sch.MaxSequences*n.cost.Ranks() || n.reserved()+r.reserved > limit ||
					grow && n.held()+n.bytes(r, r.in+r.made+1) > limit {
					break
				}
			}
			n.waiting = n.waiting[1:]
			n.running = append(n.running, r)
			if n.load.Prefilled && r.made == 0 {
				r.first, r.made = n.now, 1
				r.turns = math.Ceil((r.out-r.made)/n.cost.Gain() - 1e-9)
				continue
			}
			r.prefilling, r.left = true, r.in+r.made-r.cached
		}
		if len(n.running) == 0 {
			if len(n.waiting) == 0 {
				if len(n.arrivals) == 0 {
					return
				}
				n.receive(n.arrivals[0].sent)
			}
			n.now = math.Max(n.now, n.waiting[0].ready)
			continue
		}
		if grow {
			n.maxHeld = math.Max(n.maxHeld, n.held())
			if len(n.running) > 1 {
				n.overBy = math.Max(n.overBy, n.held()-n.cost.KVCapacity())
			}
		} else {
			n.maxHeld = math.Max(n.maxHeld, n.reserved())
		}
		n.step()
	}
}

func (n *naive) step() {
	var b step.Batch
	prompts := 0
	for _, r := range n.running {
		if r.prefilling {
			prompts++
		} else {
			b.Decoding++
			b.Context += r.in + r.made
		}
	}
	if prompts > 0 && n.sch.Policy == catalog.PrefillFirst {
		b.Decoding, b.Context = 0, 0
	}
	ranks := float64(n.cost.Ranks())
	room := math.Max(ranks*float64(n.sch.TokenBudget)-n.cost.Verified()*b.Decoding, 64)
	var ended, decoders []*naiveRequest
	for _, r := range n.running {
		switch {
		case r.prefilling && room > 0:
			take := min(r.left, room, float64(n.sch.TokenBudget))
			b.Prompts++
			b.PrefillFLOP += n.cost.PrefillAttention(r.in+r.made-r.left, take)
			b.PrefillTokens += take
			room -= take
			r.left -= take
			if r.left <= 0 {
				ended = append(ended, r)
			}
		case !r.prefilling && b.Decoding > 0:
			decoders = append(decoders, r)
		}
	}
	n.now += n.cost.Seconds(b)
	n.receive(n.now)
	emit := (float64(len(decoders))*n.cost.Gain() + float64(len(ended))) * n.p.TokenCost
	n.front = math.Max(n.front, n.now) + emit
	seen := n.front - emit/2
	for _, r := range decoders {
		r.made += n.cost.Gain()
		r.turns--
	}
	for _, r := range ended {
		if r.made == 0 {
			r.first = seen
		}
		r.made++
		r.prefilling = false
		r.turns = math.Ceil((r.out-r.made)/n.cost.Gain() - 1e-9)
	}
	// Decoders first, then prompts that end with their first token.
	for _, list := range [][]*naiveRequest{decoders, ended} {
		for _, r := range list {
			if r.turns <= 0 {
				n.complete(r, seen)
			}
		}
	}
}

func (n *naive) complete(r *naiveRequest, seen float64) {
	for i, q := range n.running {
		if q == r {
			n.running = append(n.running[:i:i], n.running[i+1:]...)
			break
		}
	}
	r.last = seen
	n.completed++
	if n.completed <= n.stop {
		n.done = append(n.done, r)
	}
	if n.load.Rate == 0 && n.sent < n.total {
		n.arrivals = append(n.arrivals, n.request(seen))
		sort.SliceStable(n.arrivals, func(i, j int) bool { return n.arrivals[i].sent < n.arrivals[j].sent })
	}
}

// runNaive simulates l like Sim.Run; s provides the random numbers and the
// bookkeeping of warm-up after it has run the same load.
func runNaive(c *step.Cost, l Load, s *Sim) *naive {
	n := &naive{cost: c, load: l, sch: *c.Scheduler(), p: c.Profile(), stop: s.stop, total: s.total}
	n.draw = func(i int) (in, out, cached float64) {
		if len(l.Classes()) == 0 {
			in, out = s.lengths.of(i)
			return in, out, l.CachedShare
		}
		class, in, out, _ := s.mix.draw(&s.lengths, i)
		return in, out, l.Classes()[class].CachedShare
	}
	if !l.Prefilled {
		n.intake = n.p.RequestCost
	}
	if n.sch.TokenBudget <= 0 {
		n.sch.TokenBudget = math.MaxInt
	}
	if n.sch.MaxSequences <= 0 {
		n.sch.MaxSequences = math.MaxInt32
	}
	if l.Rate > 0 {
		n.gap = func(i int) float64 {
			if l.Constant {
				return 1 / l.Rate
			}
			return s.gaps.gap(i) / l.Rate
		}
		n.arrivals = []*naiveRequest{n.request(n.gap(0))}
	} else {
		for i := range l.Concurrency {
			r := n.request(0)
			if l.Rounds == 0 {
				r.out = math.Max(1, math.Ceil(r.out*(float64(i+1)/float64(l.Concurrency))))
			}
			n.arrivals = append(n.arrivals, r)
		}
	}
	n.run()
	return n
}
