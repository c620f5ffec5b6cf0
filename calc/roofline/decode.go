package roofline

import "fleetsize/calc/step"

// DecodeComputeTime is the time in seconds the GPUs compute in one step of s
// sequences with context tokens each. Attention is not in it: it is bound by
// reading the cache (see step.Cost.Seconds for the exception).
func DecodeComputeTime(c *step.Cost, s, context float64) float64 {
	d := c.Breakdown(decode(s, context))
	return d.GEMM + d.Attention
}

// DecodeMemoryTime is the time in seconds to read the weights and the KV cache
// in one step of s sequences with context tokens each. Only as many run as
// fit: the rest waits and is not read (LiveSequences).
func DecodeMemoryTime(c *step.Cost, s, context float64) float64 {
	d := c.Breakdown(decode(LiveSequences(c, s, context), context))
	return d.WeightRead + d.KVRead
}

// LiveSequences is how many of s sequences with context tokens each fit into
// the KV memory at once.
func LiveSequences(c *step.Cost, s, context float64) float64 {
	per := c.RequestBytes(context)
	if per <= 0 {
		return s
	}
	return min(s, max(1, c.KVCapacity()/per))
}

// DecodeTime is the time in seconds of one decode step, which is the time per
// output token: all parts added up, not the larger of compute and memory.
func DecodeTime(c *step.Cost, s, context float64) float64 {
	return c.Seconds(decode(s, context))
}

// FixedBudget is decoding with the number of tokens in flight held constant.
type FixedBudget struct {
	Sequences float64 // budget / context
	Seconds   float64 // per step
	// Asymptote is where Seconds tends for long contexts, when next to no
	// sequence is left but the cache to be read stays: overhead, weights of one
	// token, and the budget's KV read.
	Asymptote float64
}

// DecodeAtBudget is one decode step of budget context tokens in all, spread
// over sequences of context tokens each.
func DecodeAtBudget(c *step.Cost, budget, context float64) FixedBudget {
	s := budget / context
	return FixedBudget{
		Sequences: s,
		Seconds:   c.Seconds(decode(s, context)),
		Asymptote: c.Seconds(step.Batch{Decoding: 1, Context: budget}),
	}
}

// DecodeBytes is what one decode step moves, in bytes over the whole replica.
type DecodeBytes struct {
	Weights, KVRead, KVWrite, Activations float64
}

// Total is the sum of the parts.
func (b DecodeBytes) Total() float64 { return b.Weights + b.KVRead + b.KVWrite + b.Activations }

// DecodeTraffic is the bytes that one step of s sequences with context tokens
// each moves. Activations are an estimate.
func DecodeTraffic(c *step.Cost, s, context float64) DecodeBytes {
	d := c.Breakdown(decode(s, context))
	return DecodeBytes{d.WeightBytes, d.KVReadBytes, d.KVWriteBytes, d.ActivationIO}
}
