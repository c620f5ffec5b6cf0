package roofline

import (
	"errors"
	"math"

	"fleetsize/calc/step"
)

// Requirement is the memory s requests of full length need, in bytes over all
// GPUs.
type Requirement struct {
	Weights     float64
	KV          float64 // of the s requests
	Activations float64 // what the engine sets aside for a step
	Runtime     float64 // context, graphs, communication buffers
	Total       float64
}

// MemoryNeeded is the memory that s requests of tokens (prompt and output)
// need beside the weights. Activations and runtime are the engine's own
// figures, not flat overhead factors; 0 where its share is not itemized.
func MemoryNeeded(c *step.Cost, s, tokens float64) Requirement {
	m := c.Memory()
	r := Requirement{Weights: m.Weights, KV: s * c.RequestBytes(tokens), Activations: m.Activations, Runtime: m.Runtime}
	r.Total = r.Weights + r.KV + r.Activations + r.Runtime
	return r
}

// Fit says whether a model and s requests fit, and how closely.
type Fit struct {
	OK           bool
	Utilization  float64 // memory needed over capacity; above 1 does not fit
	HeadroomGPU  float64 // bytes left per GPU for more requests; negative = short
	MinimumBytes float64 // usable bytes per GPU that would be enough
}

// FitOn reports whether s requests of tokens fit on the replica's GPUs by the
// engine's memory rule. A replica whose weights alone do not fit has no cost;
// use Check for that.
func FitOn(c *step.Cost, s, tokens float64) Fit {
	m, g := c.Memory(), float64(c.Replica().GPUs())
	need := s * c.RequestBytes(tokens)
	f := Fit{
		OK:          need <= m.KV,
		Utilization: (m.Capacity - m.KV + need) / m.Capacity,
		HeadroomGPU: (m.KV - need) / g,
	}
	rule := c.Replica().Engine.Memory
	share := rule.Fraction
	if rule.Basis != "free" {
		share -= rule.ActivationShare
		f.MinimumBytes = (m.Weights + need) / (share * g)
		return f
	}
	f.MinimumBytes = (m.Weights + need/share) / g
	return f
}

// Check is FitOn for a replica that may not even hold its weights.
func Check(r step.Replica, s, tokens float64) (Fit, error) {
	c, err := step.New(r)
	var short *step.MemoryError
	if errors.As(err, &short) {
		usable := r.GPU.UsableBytes
		return Fit{
			Utilization:  (usable + short.ShortPerGPU) / usable,
			HeadroomGPU:  -short.ShortPerGPU,
			MinimumBytes: usable + short.ShortPerGPU,
		}, nil
	}
	if err != nil {
		return Fit{}, err
	}
	return FitOn(c, s, tokens), nil
}

// StrategyKind is how a model is spread over GPUs.
type StrategyKind string

const (
	SingleGPU        StrategyKind = "single"
	TensorParallel   StrategyKind = "tp"
	PipelineParallel StrategyKind = "pp"
	Both             StrategyKind = "tp+pp"
)

// Strategy is the smallest spread of a model that holds s requests.
type Strategy struct {
	Kind         StrategyKind
	TP, PP, GPUs int
	BytesPerGPU  float64 // weights and the requests' KV cache
	// SpeedUp is the throughput over that of one GPU with the same work if it
	// had the memory; Efficiency is SpeedUp / GPUs.
	SpeedUp, Efficiency float64
	LinkBytes           float64 // each GPU sends in one decode step of s sequences
	Cost                *step.Cost
}

// ErrNoStrategy says that no spread of up to 8 × 8 GPUs holds the work.
var ErrNoStrategy = errors.New("no tensor- and pipeline-parallel layout of up to 64 GPUs holds the model and the requests")

// ChooseStrategy finds the smallest number of GPUs that hold the model and s
// requests of tokens each: tensor parallelism in powers of two inside the link
// domain first, then pipeline stages of such groups. r.TP and r.PP are ignored.
func ChooseStrategy(r step.Replica, s, tokens float64) (Strategy, error) {
	widest := 1
	for widest*2 <= min(8, max(r.GPU.LinkDomain, r.GPU.GPUsPerNode)) {
		widest *= 2
	}
	var last error
	for pp := 1; pp <= 8; pp *= 2 {
		for tp := 1; tp <= widest; tp *= 2 {
			if pp > 1 && tp < widest {
				continue
			}
			r.TP, r.PP = tp, pp
			c, err := step.New(r)
			if err != nil {
				var short *step.MemoryError
				if !errors.As(err, &short) {
					return Strategy{}, err
				}
				last = err
				continue
			}
			if !FitOn(c, s, tokens).OK {
				continue
			}
			return describe(c, s, tokens), nil
		}
	}
	if last != nil {
		return Strategy{}, errors.Join(ErrNoStrategy, last)
	}
	return Strategy{}, ErrNoStrategy
}

func describe(c *step.Cost, s, tokens float64) Strategy {
	r := c.Replica()
	t := Strategy{Kind: SingleGPU, TP: r.TP, PP: r.PP, GPUs: r.GPUs(), Cost: c}
	switch {
	case r.TP > 1 && r.PP > 1:
		t.Kind = Both
	case r.TP > 1:
		t.Kind = TensorParallel
	case r.PP > 1:
		t.Kind = PipelineParallel
	}
	g := float64(t.GPUs)
	t.BytesPerGPU = (c.Memory().Weights + s*c.RequestBytes(tokens)) / g
	b := c.Breakdown(decode(s, tokens))
	t.LinkBytes = b.LinkBytesPerGPU
	t.SpeedUp = alone(c, s, tokens) / c.Seconds(decode(s, tokens))
	t.Efficiency = t.SpeedUp / g
	return t
}

// alone is the decode step on one GPU with memory enough.
func alone(c *step.Cost, s, tokens float64) float64 {
	r := c.Replica()
	if r.GPUs() == 1 {
		return c.Seconds(decode(s, tokens))
	}
	big := *r.GPU
	big.UsableBytes = math.Max(big.UsableBytes*float64(r.GPUs()), 1e15)
	r.GPU, r.TP, r.PP = &big, 1, 1
	one, err := step.New(r)
	if err != nil {
		return c.Seconds(decode(s, tokens))
	}
	return one.Seconds(decode(s, tokens))
}
