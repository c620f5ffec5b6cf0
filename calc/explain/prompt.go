package explain

import (
	"math"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
)

// prompt is one prompt of mean length computed on an idle replica, step by step.
type prompt struct {
	tokens, cached float64
	steps          float64
	flop           float64 // attention
	worked         float64 // tokens, idle pipeline stages included
	expertBytes    float64 // experts read over the steps
	step.Breakdown         // sums over the steps
}

// leastBudget is the least number of prompt tokens a step takes, as the
// simulation has it.
const leastBudget = 64

// meanLengths are the mean prompt and answer of a load and the squared
// coefficient of variation of both.
func meanLengths(l serve.Load) (in, out, spread float64) {
	in, out = float64(l.Input), float64(l.Output)
	if r := l.LengthRatio; r > 0 && r < 1 {
		half := (1 + r) / 2
		in, out = math.Max(1, half*in), math.Max(1, half*out)
		spread = (1 - r) * (1 - r) / 12 / (half * half)
	}
	return in, out, spread
}

// promptOf computes one prompt of the load alone.
func promptOf(c *step.Cost, l serve.Load) prompt {
	in, _, _ := meanLengths(l)
	p := prompt{cached: math.Min(math.Floor(l.CachedShare*in+whole), in-1)}
	p.tokens = in - p.cached
	p.flop = c.PrefillAttention(p.cached, p.tokens)
	budget := budgetOf(c, p.tokens)
	stages := float64(c.Replica().PP)
	dense := c.Work().DenseReadBytes(c.Replica().Weights)
	for have := p.cached; have < in; p.steps++ {
		take := math.Min(in-have, budget)
		d := c.Breakdown(step.Batch{PrefillTokens: take, PrefillFLOP: c.PrefillAttention(have, take)})
		p.Overhead += d.Overhead
		p.GEMM += d.GEMM
		p.Attention += d.Attention
		p.WeightRead += d.WeightRead
		p.Communication += d.Communication
		p.Total += d.Total
		p.GEMMFLOP += d.GEMMFLOP
		p.KVReadBytes += d.KVReadBytes
		p.KVWriteBytes += d.KVWriteBytes
		p.expertBytes += d.WeightBytes - dense
		p.worked += take * stages / math.Min(stages, math.Max(take, 1))
		have += take
	}
	return p
}

// budgetOf is the prompt tokens of one step on an idle replica.
func budgetOf(c *step.Cost, whole float64) float64 {
	if b := c.Scheduler().TokenBudget; b > 0 {
		return math.Max(float64(b), leastBudget)
	}
	return math.Max(whole, 1)
}
