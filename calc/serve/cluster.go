package serve

import (
	"math"

	"fleetsize/calc/step"
)

// Router is how requests are spread over equal replicas.
type Router string

const (
	RouteRandom Router = "random" // each replica sees Poisson arrivals of its share
	RouteLeast  Router = "least"  // to the replica with the fewest requests in it
)

// Cluster simulates several equal replicas behind one router. The zero value
// is ready. It is not safe for concurrent use.
type Cluster struct {
	sims []Sim
	gaps gaps
	next splitMix
}

// Run simulates load l, whose Rate is that of all n replicas together, and
// returns what one replica does on the mean; latencies are over all requests.
// Only open loops have a choice: without a rate, or with one replica, it is
// Sim.Run.
//
// The least-loaded router sees the requests in every replica (waiting and
// running) at the moment of an arrival and breaks ties in turn, as load
// balancers for engines do with their queue metrics; it is not late. In the
// limit of one slot per replica it is join-the-shortest-queue, which lies
// between n queues of one server and one queue of n (Nelson and Philips,
// Performance Evaluation 17, 1993).
func (c *Cluster) Run(cost *step.Cost, l Load, n int, router Router) Result {
	if n <= 1 || !(l.Rate > 0) {
		if len(c.sims) == 0 {
			c.sims = make([]Sim, 1)
		}
		return c.sims[0].Run(cost, l)
	}
	for len(c.sims) < n {
		c.sims = append(c.sims, Sim{})
	}
	sims := c.sims[:n]
	each := l
	each.Rate = l.Rate / float64(n)
	measured := l.Requests
	if measured == 0 {
		measured = 4000
	}
	warm := 0
	for i := range sims {
		each.Seed = l.Seed + uint64(i)*7919 // lengths of their own
		sims[i].begin(cost, each)
		sims[i].stop = math.MaxInt
		sims[i].fed = true
		sims[i].nextAt = math.Inf(1)
		warm += sims[i].warm
	}
	arrivals := warm + measured
	c.gaps.draw(l.Seed, arrivals)
	c.next = splitMix(l.Seed*0xD1342543DE82EF95 + 99)
	t := 0.0
	for i := range arrivals {
		t += c.gaps.gap(i) / l.Rate
		to := 0
		for j := range sims {
			sims[j].until(t)
		}
		if router == RouteLeast {
			to = least(sims, i)
		} else {
			to = min(int(c.next.unit()*float64(n)), n-1)
		}
		s := &sims[to]
		s.enqueue(s.send(t, 1), t)
	}
	return join(sims)
}

// least is the replica with the fewest requests in it, the first of them from
// number from on.
func least(sims []Sim, from int) int {
	best, fewest := 0, math.MaxInt
	for k := range sims {
		j := (from + k) % len(sims)
		if in := sims[j].sent - sims[j].completed; in < fewest {
			best, fewest = j, in
		}
	}
	return best
}

// until runs a replica up to time t, or until it has nothing to do before it.
func (s *Sim) until(t float64) {
	for s.now < t {
		s.nextAt = t
		evicted := s.grow && s.makeRoom()
		if evicted {
			s.blocked = gateKV
		} else {
			s.admit()
		}
		if s.decoding+s.prefill.n == 0 {
			if s.ready.n == 0 || s.ready.front().key >= t {
				return
			}
			s.now = max(s.now, s.ready.front().key)
			continue
		}
		s.step()
	}
}

// join is the mean replica, with the latencies of all.
func join(sims []Sim) Result {
	all := &sims[0]
	r := all.result()
	n := float64(len(sims))
	for i := range sims[1:] {
		s := &sims[i+1]
		q := s.result()
		r.ReqPerS += q.ReqPerS
		r.OutputTokPerS += q.OutputTokPerS
		r.TotalTokPerS += q.TotalTokPerS
		r.Running += q.Running
		r.Waiting += q.Waiting
		r.KVUsedBytes += q.KVUsedBytes
		r.Preemptions += q.Preemptions
		r.Busy += q.Busy
		r.Saturated = r.Saturated || q.Saturated
		all.ttft.join(&s.ttft)
		all.itl.join(&s.itl)
		all.e2e.join(&s.e2e)
		all.mix.join(&s.mix)
	}
	for _, x := range []*float64{&r.ReqPerS, &r.OutputTokPerS, &r.TotalTokPerS, &r.Running, &r.Waiting, &r.KVUsedBytes, &r.Preemptions, &r.Busy} {
		*x /= n
	}
	r.TTFT, r.ITL, r.E2E = all.summary.of(&all.ttft), all.summary.of(&all.itl), all.summary.of(&all.e2e)
	r.Classes = all.mix.latencies(&all.summary)
	all.unseen(&r)
	return r
}
