// Package roofline names the textbook quantities of serving a model (FLOP,
// bytes, the two roofs and which of them a phase hits) and computes them from
// the same step cost that the simulation runs on. They explain an answer; the
// answer itself comes from package serve.
//
// Symbols: S sequences, L prompt tokens of each, T tokens in a step, F dense
// peak in FLOP/s and B memory bandwidth in bytes/s of one GPU, g GPUs.
package roofline

import (
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// FLOP counts the floating-point operations of a piece of work; one
// multiply-add is two.
type FLOP struct {
	Projections float64 // attention's query, key, value and output matrices, and other mixers
	FeedForward float64 // FFNs, or the experts a token passes through
	LMHead      float64
	Attention   float64 // scores and weighted values, causal half only
}

// Total is the sum of the parts.
func (f FLOP) Total() float64 { return f.Projections + f.FeedForward + f.LMHead + f.Attention }

// perToken is the FLOP of one token without attention.
func perToken(m *catalog.Model, w catalog.Work) FLOP {
	ffn := 2 * feedForward(m, w)
	head := 2 * w.LMHeadParams
	return FLOP{Projections: w.LinearFLOP - ffn - head, FeedForward: ffn, LMHead: head}
}

// feedForward is the feed-forward parameters one token passes through: what
// the model loses when its feed-forward networks have no width.
func feedForward(m *catalog.Model, w catalog.Work) float64 {
	thin := *m
	thin.Intermediate = 0
	if m.MoE != nil {
		moe := *m.MoE
		moe.Intermediate, moe.SharedIntermediate = 0, 0
		thin.MoE = &moe
	}
	thin.Extra.Blocks = append([]catalog.Block(nil), m.Extra.Blocks...)
	for i := range thin.Extra.Blocks {
		thin.Extra.Blocks[i].Intermediate = 0
	}
	t := thin.Work()
	return w.DenseParams + w.ActiveExpertParams - t.DenseParams - t.ActiveExpertParams
}

func (f FLOP) times(n float64) FLOP {
	return FLOP{f.Projections * n, f.FeedForward * n, f.LMHead * n, f.Attention * n}
}

// PrefillFLOP is the FLOP of computing s prompts of l tokens each. Every
// prompt token is counted through the LM head although engines only need the
// last one: measured prefill times fit that count.
func PrefillFLOP(c *step.Cost, s, l float64) FLOP {
	f := perToken(c.Replica().Model, c.Work()).times(s * l)
	f.Attention = s * c.PrefillAttention(0, l)
	return f
}

// DecodeFLOP is the FLOP of one step that gives s sequences with context
// tokens each their next token.
func DecodeFLOP(c *step.Cost, s, context float64) FLOP {
	f := perToken(c.Replica().Model, c.Work()).times(s)
	f.Attention = c.Breakdown(decode(s, context)).AttentionFLOP
	return f
}

func decode(s, context float64) step.Batch {
	return step.Batch{Decoding: s, Context: s * context}
}

func prefill(c *step.Cost, s, l float64) step.Batch {
	return step.Batch{PrefillTokens: s * l, PrefillFLOP: s * c.PrefillAttention(0, l)}
}
