package rag

import (
	"math"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Encoder is an embedding or reranking model on one accelerator.
type Encoder struct {
	cost *step.Cost
	most int // tokens it reads of one text
}

// batchTokens is how many tokens an encoder works on at once when there is
// enough to do: what keeps the matrix units busy without making the first
// text wait.
const batchTokens = 8192

// NewEncoder puts a model on as few accelerators g as hold it. It fails when
// none of 1, 2, 4, 8 does or a figure is not known.
func NewEncoder(m *catalog.Model, g *catalog.GPU, e *catalog.Engine, version string) (*Encoder, error) {
	body := *m
	if body.Extra.Kind == "" {
		// The output matrix is not computed: the last hidden state is the result.
		body.Extra.NoLMHead = true
	}
	var err error
	for tp := 1; tp <= 8; tp *= 2 {
		var c *step.Cost
		c, err = step.New(step.Replica{Model: &body, GPU: g, Engine: e, Profile: e.ProfileFor(g, version), TP: tp, PP: 1})
		if err == nil {
			return &Encoder{cost: c, most: m.MaxContext}, nil
		}
	}
	return nil, err
}

// GPUs of one replica.
func (e *Encoder) GPUs() int { return e.cost.Replica().TP }

// Reads is how many tokens of a text of n tokens the encoder reads: the rest
// is cut off.
func (e *Encoder) Reads(n int) int {
	if e.most > 0 {
		return min(n, e.most)
	}
	return n
}

// Seconds is the time of one forward pass over texts of n tokens each. Every
// token attends to every other one of its text, twice the causal count.
func (e *Encoder) Seconds(texts, n int) float64 {
	n = e.Reads(n)
	return e.cost.Seconds(step.Batch{
		PrefillTokens: float64(texts * n),
		PrefillFLOP:   2 * float64(texts) * e.cost.PrefillAttention(0, float64(n)),
		Prompts:       float64(texts),
	})
}

// Pass is the time to encode texts of n tokens each, in batches of at most
// 8,192 tokens.
func (e *Encoder) Pass(texts, n int) float64 {
	batch := e.batch(n)
	full := texts / batch
	t := float64(full) * e.Seconds(batch, n)
	if rest := texts % batch; rest > 0 {
		t += e.Seconds(rest, n)
	}
	return t
}

// Rate is texts of n tokens per second when there is always a full batch.
func (e *Encoder) Rate(n int) float64 {
	b := e.batch(n)
	return float64(b) / e.Seconds(b, n)
}

func (e *Encoder) batch(n int) int { return max(1, batchTokens/max(e.Reads(n), 1)) }

// waiting is the time in line at percentile p (0 = mean) before a server that
// takes s seconds for each request and is busy the share rho of the time:
// Poisson arrivals, constant service (M/D/1; the tail with the decay of heavy
// traffic, exp(−2(1−ρ)t/s), Kingman 1962).
func waiting(s, rho, p float64) float64 {
	if !(rho > 0) || rho >= 1 {
		return 0
	}
	mean := s * rho / (2 * (1 - rho))
	if p <= 0 {
		return mean
	}
	if p <= 1-rho {
		return 0
	}
	return math.Log(rho/(1-p)) * s / (2 * (1 - rho))
}
