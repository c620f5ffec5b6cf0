package serve

// SplitSim simulates disaggregated replicas and keeps its buffers between
// runs. The zero value is ready. It is not safe for concurrent use.
type SplitSim struct {
	prompts, decodes Sim
	itl, e2e         sample
	summary          summary
}

// Run simulates load l on u: one instance of either kind under its share of the
// arrivals. Arrivals at a decode instance are taken to be Poisson again; the
// queues before them make them a little smoother, so its wait is on the safe
// side. Latencies of the two are independent and are paired at random.
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
	if l.Output > 1 {
		x = min(x, float64(u.D)*s.decodes.Capacity(u.Decode, u.decodes(l, 1)))
	}
	return min(x, u.linkRate(l))
}

func (s *SplitSim) open(u *Split, l Load) Result {
	a := s.prompts.Run(u.Prefill, u.prompts(l, l.Rate))
	if l.Output == 1 {
		return u.scale(a)
	}
	load := u.decodes(l, l.Rate)
	load.Seed += 0x9E3779B9 // arrivals of its own
	b := s.decodes.Run(u.Decode, load)
	r := u.join(a, b, l)

	move := u.TransferSeconds(l.meanInput())
	ttft, stay, itl := s.prompts.ttft.x, s.decodes.e2e.x, s.decodes.itl.x
	n := min(len(ttft), len(stay))
	if n == 0 {
		return r
	}
	s.e2e.reset(n)
	s.itl.reset(n)
	for i := range n {
		s.e2e.add(ttft[i] + move + stay[i])
		// stay less the wait is (out − 1)·itl.
		per := itl[i]
		if decoding := stay[i] - s.decodes.ttft.x[i]; decoding > 0 {
			per *= 1 + (move+s.decodes.ttft.x[i])/decoding
		}
		s.itl.add(per)
	}
	r.E2E, r.ITL = s.summary.of(&s.e2e), s.summary.of(&s.itl)
	return r
}
