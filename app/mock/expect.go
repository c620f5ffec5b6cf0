//go:build !js

package mock

import "math"

// Expectation is what a closed loop of equal requests reaches, in closed form.
type Expectation struct {
	ReqPerS       float64
	OutputTokPerS float64
	TTFT, ITL     float64 // means, seconds
	E2E           float64
}

// Expect is the steady state of inFlight requests that are each replaced when
// they end, of in prompt and out output tokens. The time on the network and in
// the client is left out. ok is false for the simulated engine, of which
// package serve tells.
//
// Constant engine, S slots, hold h = TTFT + (out−1)·ITL:
//
//	rate = min(inFlight, S)/h
//	mean TTFT = TTFT + inFlight/rate − h   (the rest waits, by Little's law)
//
// so the knee is at S requests, and a TTFT limit of L is met in the mean up to
// S·(1 + (L − TTFT)/h) of them.
//
// Batch engine with more requests than slots, which refill at once: a request
// passes through out steps, its first for the prompt if the budget allows, and
// shares each with S−1 others:
//
//	rate = S/(out·(StepBase + StepPerSeq·S + StepPerKContext·K/1000) + S·StepPerKPrompt·in/1000)
//	K = S·(out−1)/out·(in + out/2)         (context of those that decode)
//
// With no more requests than slots a new one waits for the running step to
// end, a step for each request on average with every client that takes less
// than a step to replace it: the same with out+1 for out and inFlight·out/(out+1) for S.
// The time of prompts is spread over all tokens; a wave of equal requests that
// starts together has all of it in the TTFT.
func (c Config) Expect(inFlight, in, out int) (e Expectation, ok bool) {
	c = c.fill()
	if c.Cost != nil || inFlight < 1 || out < 1 {
		return e, false
	}
	n, slots, tokens := float64(inFlight), float64(c.MaxSeqs), float64(out)
	if c.StepBase <= 0 {
		hold := c.TTFT.Seconds() + (tokens-1)*c.ITL.Seconds()
		if hold <= 0 {
			return e, false
		}
		e.ReqPerS = math.Min(n, slots) / hold
		e.TTFT = c.TTFT.Seconds() + n/e.ReqPerS - hold
		e.ITL = c.ITL.Seconds()
	} else {
		passes, running := tokens, slots
		if n <= slots {
			passes, running = tokens+1, n*tokens/(tokens+1)
		}
		context := running * (tokens - 1) / tokens * (float64(in) + tokens/2)
		step := c.StepBase.Seconds() + c.StepPerSeq.Seconds()*running + c.StepPerKContext.Seconds()*context/1000
		prompts := running / tokens * c.StepPerKPrompt.Seconds() * float64(in) / 1000 // per step
		e.ITL = step + prompts
		e.ReqPerS = math.Min(n, slots) / (passes * e.ITL)
		e.TTFT = n/e.ReqPerS - (tokens-1)*e.ITL
	}
	e.OutputTokPerS = e.ReqPerS * tokens
	e.E2E = n / e.ReqPerS
	return e, true
}
