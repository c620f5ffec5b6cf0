//go:build !js

package mock

import (
	"math"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// law is what continuous batching costs: the time of a step, the memory of a
// request, the work of the front end. Times are in seconds.
type law struct {
	step      func(b step.Batch, requests int) float64
	attention func(cached, n float64) float64 // FLOP

	fixed    func(tokens float64) float64 // bytes a request holds besides its tokens
	perToken float64                      // bytes
	capacity float64                      // bytes

	budget       float64 // tokens per step
	maxRunning   int
	prefillFirst bool
	grow         bool    // memory is held as it fills, and the newest request evicted when it runs out
	share        float64 // of the output that must fit at admission
	interval     int     // decode steps before the first chunk
	verify, gain float64 // tokens computed and gained per decoding request and step; above 1 with speculative decoding

	requestCost, tokenCost, firstDelay float64
}

// smallestBudget is the prompt tokens a step may take however many requests decode.
const smallestBudget = 64

// batchLaw is the linear law of the settings; memory never runs out.
func batchLaw(c *Config) law {
	base, seq := c.StepBase.Seconds(), c.StepPerSeq.Seconds()
	context, prompt := c.StepPerKContext.Seconds()/1000, c.StepPerKPrompt.Seconds()/1000
	budget := math.Inf(1)
	if c.StepBudget > 0 {
		budget = float64(c.StepBudget)
	}
	return law{
		step: func(b step.Batch, requests int) float64 {
			return base + seq*float64(requests) + context*b.Context + prompt*b.PrefillTokens
		},
		attention: func(cached, n float64) float64 { return 0 },
		fixed:     func(float64) float64 { return 0 },
		capacity:  math.Inf(1), budget: budget, maxRunning: c.MaxSeqs, share: 1, interval: 1, verify: 1, gain: 1,
	}
}

// costLaw is the law of a replica, with the scheduling, memory and front end
// that the simulation of package serve uses. maxSeqs > 0 limits the running requests further.
func costLaw(c *step.Cost, maxSeqs int) law {
	sch, p, ranks := c.Scheduler(), c.Profile(), c.Ranks()
	l := law{
		step:      func(b step.Batch, _ int) float64 { return c.Seconds(b) },
		attention: c.PrefillAttention,
		fixed:     c.FixedBytes,
		perToken:  c.TokenBytes(),
		capacity:  c.KVCapacity() * (1 + 1e-12), // sums are rounded; an exact fit must not be kept out

		budget: float64(sch.TokenBudget * ranks), maxRunning: sch.MaxSequences * ranks, verify: c.Verified(), gain: c.Gain(),
		prefillFirst: sch.Policy == catalog.PrefillFirst, grow: sch.Reserve == catalog.ReserveGrow,
		share: min(max(sch.AdmitShare, 0), 1), interval: max(1, sch.StreamInterval),

		requestCost: p.RequestCost, tokenCost: p.TokenCost, firstDelay: p.FirstTokenDelay,
	}
	if sch.TokenBudget <= 0 {
		l.budget = math.Inf(1)
	}
	if l.maxRunning <= 0 {
		l.maxRunning = math.MaxInt
	}
	if maxSeqs > 0 {
		l.maxRunning = min(l.maxRunning, maxSeqs)
	}
	return l
}
