package serve

// SplitSim simulates disaggregated replicas and keeps its buffers between
// runs. The zero value is ready. It is not safe for concurrent use.
type SplitSim struct {
	prompts, decodes Sim
	itl, e2e         sample
	ofITL, ofE2E     sample // of one class of a mix
	summary          summary
}

// Run simulates load l on u: one instance of either kind under its share of the
// arrivals. Arrivals at a decode instance are taken to be Poisson again; the
// queues before them make them a little smoother, so its wait is on the safe
// side. Latencies of the two are independent and are paired at random, those of
// a class of a mix with each other. Requests of a single token in a mix pass one
// decode step all the same, which is on the safe side, too.
//
// A closed loop is the open one that holds as many requests (Little's law) in
// steady state; Rounds are ignored.
func (s *SplitSim) Run(u *Split, l Load) Result {
	if l.Concurrency > 0 {
		return u.inFlight(l, steadyShare*s.Capacity(u, l), func(l Load) Result { return s.open(u, l) })
	}
	return s.open(u, l)
}

// steadyShare is the share of capacity up to which an open loop of a few
// thousand requests has a steady state.
const steadyShare = 0.95

// Capacity is the throughput in requests/s when requests always wait on both
// sides, the links included.
func (s *SplitSim) Capacity(u *Split, l Load) float64 {
	x := float64(u.P) * s.prompts.Capacity(u.Prefill, u.prompts(l, 1))
	if l.longest() > 1 {
		x = min(x, float64(u.D)*s.decodes.Capacity(u.Decode, u.decodes(l, 1)))
	}
	return min(x, u.linkRate(l))
}

func (s *SplitSim) open(u *Split, l Load) Result {
	a := s.prompts.Run(u.Prefill, u.prompts(l, l.Rate))
	if l.longest() <= 1 {
		return u.scale(a)
	}
	load := u.decodes(l, l.Rate)
	load.Seed += 0x9E3779B9 // arrivals of its own
	b := s.decodes.Run(u.Decode, load)
	r := u.join(a, b, l)

	s.e2e.reset(len(s.prompts.ttft.x))
	s.itl.reset(len(s.prompts.ttft.x))
	if r.Classes == nil {
		if p, d := &s.prompts, &s.decodes; pair(u, &l, &p.ttft, &d.ttft, &d.itl, &d.e2e, &s.itl, &s.e2e) > 0 {
			r.E2E, r.ITL = s.summary.of(&s.e2e), s.summary.of(&s.itl)
		}
		return r
	}
	for k := range *r.Classes {
		p, d, one, c := &s.prompts.mix.kinds[k], &s.decodes.mix.kinds[k], l.class(k), &(*r.Classes)[k]
		s.ofITL.reset(len(p.ttft.x))
		s.ofE2E.reset(len(p.ttft.x))
		if c.Requests = pair(u, &one, &p.ttft, &d.ttft, &d.itl, &d.e2e, &s.ofITL, &s.ofE2E); c.Requests > 0 {
			c.E2E, c.ITL = s.summary.of(&s.ofE2E), s.summary.of(&s.ofITL)
			s.e2e.join(&s.ofE2E)
			s.itl.join(&s.ofITL)
		}
	}
	if len(s.e2e.x) > 0 {
		r.E2E, r.ITL = s.summary.of(&s.e2e), s.summary.of(&s.itl)
	}
	return r
}

// pair adds the latencies of requests of load l, one kind of request, to perToken
// and whole: those of the prompt, ttft, and of the wait for a decoder, the time
// per token and the stay there, as they come. It returns how many there are.
func pair(u *Split, l *Load, ttft, wait, itl, stay, perToken, whole *sample) int {
	n := min(len(ttft.x), len(stay.x))
	if l.Output == 1 { // done with the prompt
		for _, t := range ttft.x[:n] {
			whole.add(t)
			perToken.add(0)
		}
		return n
	}
	move := u.TransferSeconds(l.meanInput())
	for i := range n {
		whole.add(ttft.x[i] + move + stay.x[i])
		// stay less the wait is (out − 1)·itl.
		per := itl.x[i]
		if decoding := stay.x[i] - wait.x[i]; decoding > 0 {
			per *= 1 + (move+wait.x[i])/decoding
		}
		perToken.add(per)
	}
	return n
}
