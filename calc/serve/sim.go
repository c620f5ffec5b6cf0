package serve

import (
	"math"

	"fleetsize/calc/step"
)

// Sim runs simulations and keeps its buffers between runs: after a first run
// of the same size it does not allocate. The zero value is ready. It is not
// safe for concurrent use.
type Sim struct {
	engine
	lengths lengths
	gaps    gaps
	summary summary
	mix     mix

	// What the load is.
	load    Load
	open    bool
	fed     bool // requests are handed over by a Cluster
	total   int  // requests ever sent
	warm    int  // completions before measuring starts
	stop    int  // completions at which the run ends
	sent    int
	nextAt  float64 // next arrival at the front end; +Inf = none known
	arrived fifo    // closed loop: requests on their way, by time
	typical request // every request, where lengths are exact

	// Measurements.
	ttft, itl, e2e sample
	completed      int
	totals         totals // of measured requests
	began          snapshot
	middle         snapshot
	last           float64 // when the last measured token was seen
}

// Run simulates load l on a replica of cost c and returns what happens. The
// load must be valid (Load.Validate); a request that does not fit into the KV
// memory (Fits) is run alone as if it did.
//
// Closed loop with Rounds: Rounds × Concurrency requests, Concurrency of them
// sent at time 0 and each replaced when its last token is seen; everything is
// measured, the opening wave included, and throughput is tokens over the time
// of the last one. That is how benchmark tables come about.
//
// Closed loop without Rounds: the first Concurrency requests are cut to evenly
// spread output lengths, because requests met at a random moment have an
// evenly spread share of their output left; two rounds are dropped, the
// default measures 20. Without that start equal requests stay in step with one
// another for dozens of rounds, as they do in a benchmark but not in service.
//
// Open loop: arrivals from an empty replica; about two replica-fuls of
// completions are dropped, the default measures 4,000.
//
// A mix has the latencies of each class besides those of all; by the closed form
// where a class is so rare that none was measured. Equal classes give the numbers
// of one, a class without a share changes nothing.
//
// Each percentile is over measured requests. Equal loads give equal results on
// every platform.
func (s *Sim) Run(c *step.Cost, l Load) Result {
	s.begin(c, l)
	for s.completed < s.stop {
		if s.nextAt <= s.now {
			s.receive(s.now)
		}
		evicted := s.grow && s.makeRoom()
		if evicted {
			s.blocked = gateKV
		} else {
			s.admit()
		}
		if s.decoding+s.prefill.n == 0 {
			if !s.idle() {
				break
			}
			continue
		}
		s.step()
	}
	r := s.result()
	s.unseen(&r)
	return r
}

// Capacity is the simulated throughput in requests/s when requests always wait:
// a closed loop of a quarter more than fit at once. The load's traffic does not count.
func (s *Sim) Capacity(c *step.Cost, l Load) float64 {
	slots := Slots(c, l)
	n := slots + max(4, slots/4)
	l.Rate, l.Rounds, l.Concurrency = 0, 0, n
	l.Requests = max(1500, 4*n)
	return s.Run(c, l).ReqPerS
}

// begin resets the simulation for a load.
func (s *Sim) begin(c *step.Cost, l Load) {
	s.load = l
	s.open, s.fed = l.Rate > 0, false
	s.lengths.set(&l)
	s.engine.begin(c, &l)
	if len(l.Classes()) == 0 {
		in, out := s.lengths.of(0)
		s.fill(&s.typical, in, out, l.cached(in), 0)
	}
	s.arrived.reset()
	s.sent, s.completed = 0, 0
	s.totals, s.began, s.middle, s.last = totals{}, snapshot{}, snapshot{}, 0
	n := max(l.Concurrency, 1)
	switch {
	case s.open:
		measured := l.Requests
		if measured == 0 {
			measured = 4000
		}
		s.warm = s.openWarmUp(c, &l)
		s.stop = s.warm + measured
		// Far above capacity nothing changes once enough requests wait.
		s.total = 4*s.stop + 20000
		if !l.Constant {
			s.gaps.draw(l.Seed, s.stop)
		}
		s.nextAt = s.gap()
	case l.Rounds > 0:
		s.warm, s.total = 0, max(n, int(l.Rounds*float64(n)+0.5))
		s.stop = s.total
	default:
		measured := l.Requests
		if measured == 0 {
			measured = max(20*n, 200)
		}
		s.warm = 2 * n
		s.stop = s.warm + measured
		s.total = math.MaxInt
	}
	for _, m := range [...]*sample{&s.ttft, &s.itl, &s.e2e} {
		m.reset(min(s.stop-s.warm, 1<<16))
	}
	s.mix.begin(&l, s.stop-s.warm)
	if s.open {
		return
	}
	s.nextAt = math.Inf(1)
	for range n {
		cut := 1.0
		if l.Rounds == 0 {
			cut = float64(s.sent+1) / float64(n)
		}
		s.arrived.push(0, s.send(0, cut))
	}
	s.nextAt = 0
}

// openWarmUp is how many completions to drop until a replica that started
// empty is in steady state: twice what it holds then, by the closed form.
func (s *Sim) openWarmUp(c *step.Cost, l *Load) int {
	slots := float64(Slots(c, *l))
	return 100 + 2*int(min(slots, occupancy(c, l)))
}

// gap is the time to the next arrival of an open loop.
func (s *Sim) gap() float64 {
	if s.load.Constant {
		return 1 / s.load.Rate
	}
	return s.gaps.gap(s.sent) / s.load.Rate
}

// send makes the next request, sent at time at, with the share cut of its output.
func (s *Sim) send(at, cut float64) int32 {
	id := s.newRequest()
	q := &s.reqs[id]
	if s.lengths.exact && cut >= 1 {
		t := &s.typical
		q.in, q.out, q.cached, q.fixed, q.need = t.in, t.out, t.cached, t.fixed, t.need
		q.sent, q.done, q.ran = at, 0, 0
	} else {
		var in, out, cached float64
		if len(s.mix.kinds) == 0 {
			in, out = s.lengths.of(s.sent)
			cached = s.load.cached(in)
		} else {
			var class uint8
			class, in, out, cached = s.mix.draw(&s.lengths, s.sent)
			s.mix.set(id, class)
		}
		if cut < 1 {
			out = max(1, math.Ceil(out*cut))
		}
		s.fill(q, in, out, cached, at)
	}
	s.sent++
	return id
}

// receive hands every request that has arrived by time t to the front end.
func (s *Sim) receive(t float64) {
	if s.fed {
		s.nextAt = math.Inf(1)
		return
	}
	if s.open {
		for s.nextAt <= t {
			at := s.nextAt
			s.enqueue(s.send(at, 1), at)
			s.nextAt = at + s.gap()
			if s.sent >= s.total {
				s.nextAt = math.Inf(1)
			}
		}
		return
	}
	for s.arrived.n > 0 && s.arrived.front().key <= t {
		it := s.arrived.pop()
		s.enqueue(it.id, it.key)
	}
	s.nextAt = math.Inf(1)
	if s.arrived.n > 0 {
		s.nextAt = s.arrived.front().key
	}
}

// idle moves the clock to the next request; false when there is none.
func (s *Sim) idle() bool {
	if s.ready.n == 0 {
		if math.IsInf(s.nextAt, 1) {
			return false
		}
		s.receive(s.nextAt)
	}
	s.now = max(s.now, s.ready.front().key)
	return true
}

// step runs one engine step, or as many decode steps as pass before anything
// else happens, and delivers their tokens.
func (s *Sim) step() {
	b := block{steps: 1, advanced: s.decoding}
	if s.prefill.n > 0 {
		s.prefillStep(&b)
	} else {
		s.decodeSteps(&b, s.nextEvent())
	}
	s.account(&b)
	from := s.now
	s.now += b.seconds

	// The front end sends the tokens of a step when the step ends, in turn with
	// the requests it takes in.
	emit := (float64(b.advanced)*s.gain + float64(b.finished)) * s.tokenCost
	if b.steps > 1 && emit > 0 {
		k := float64(b.steps - 1)
		s.front = max(max(s.front, from+b.first)+k*emit, s.now-b.last+emit)
	}
	if s.nextAt <= s.now {
		s.receive(s.now)
	}
	if s.front < s.now {
		s.front = s.now
	}
	s.front += emit
	seen := s.front - emit/2

	if b.advanced > 0 {
		s.steps += float64(b.steps)
		s.context += float64(b.steps*b.advanced) * s.gain
		for s.decoding > 0 && s.ends.next(s.steps) <= s.steps {
			s.decoding--
			s.complete(s.ends.pop(s.steps, s.reqs), seen)
		}
	}
	for at := 0; b.finished > 0; b.finished-- {
		for s.prefill.at(at).key > 0 { // attention replicas do not wait for one another
			at++
		}
		s.startDecoding(s.prefill.remove(at).id, seen)
	}
}

// nextEvent is when a skip over decode steps must stop: when a request becomes
// ready that could be admitted, and at arrivals that share the front end.
func (s *Sim) nextEvent() float64 {
	if s.blocked != gateOpen {
		if s.tokenCost > 0 {
			return s.nextAt
		}
		return math.Inf(1)
	}
	if s.ready.n > 0 {
		return min(s.nextAt, s.ready.front().key)
	}
	return s.nextAt
}

// startDecoding makes a request whose prompt is computed one of the decoders.
func (s *Sim) startDecoding(id int32, seen float64) {
	q := &s.reqs[id]
	if q.done == 0 {
		q.first = seen
	}
	q.done++
	s.context += q.in + q.done
	if q.done >= q.out {
		q.full = q.in + q.done
		s.complete(id, seen)
		return
	}
	s.decode(id)
}
