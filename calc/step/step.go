// Package step computes the time of one engine step: what a model on a group
// of GPUs needs to give every running request its next token and to work off
// a share of the waiting prompts.
//
// The law is additive (see Cost.Seconds): overhead, compute, memory traffic
// and communication follow one another. Measured data fit the sum better than
// the larger of compute and memory time in every set it was compared on.
//
// Everything that does not change from step to step is folded into a few
// coefficients when a Cost is made, so that Seconds is cheap enough to be
// called hundreds of thousands of times while a page is being edited.
//
// # Beyond one token per step and tensor parallelism
//
// Speculative decoding (Speculation): a step checks k drafted tokens per
// sequence, so it computes k+1 tokens, reads weights, cache and every expert
// that any of them touches once, and adds k drafts of a stated share of a plain
// decode step. It yields a tokens per sequence on the mean, which is measured
// and not computed. With weights or cache as the bottleneck the time per token
// falls by a; with compute as the bottleneck it grows by (k+1)/a. Prompts take
// as long as before. The sparse top-k and the recurrent state are read once
// per sequence, as if the drafted tokens looked at the same context.
//
// Expert parallel (Replica.EP): every expert lies whole on one rank instead of
// being split over all GPUs. Memory and mean work are the same; the step waits
// for the busiest rank, which random routing makes 1 + √(2·ln x·x/(T·k)) times
// as busy as the mean. Without attention data parallelism every GPU has every
// token, and expert layers all-reduce as before.
//
// Attention data parallel (Replica.DP): DP replicas of everything but the
// experts share one set of experts. Each has its own sequences and cache, so a
// cache that heads cannot split (MLA) is held once instead of on every GPU, at
// the price of copies of the attention weights. A lone prompt or sequence has
// only TP/DP GPUs to itself outside the expert layers. With whole experts
// tokens travel to them and back (all-to-all), with split ones every GPU gets
// every token. A dense model under DP = TP is TP separate replicas, exactly.
//
// What measured rows say: 14 rows of gpt-oss-120b with whole experts under
// TensorRT-LLM are met as well as with split ones (time per token 7.5 against
// 8 %); 41 rows of MiniMax-M2.5 under vLLM that no fit has seen better (8.9
// against 11.7 %). Rows with attention data parallelism beyond doubt, with
// speculative decoding or with prompts and decoding apart are in no public
// table known to us: those modes follow from physics, each checked against
// the limits above.
package step

import "fleetsize/catalog"

// Replica is one serving unit: a model on TP×PP GPUs under one engine.
type Replica struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Model   *catalog.Model
	GPU     *catalog.GPU
	Engine  *catalog.Engine
	Profile *catalog.Profile // nil = Engine.Profile(GPU)
	TP, PP  int              // ≥ 1
	// EP is over how many ranks of the group whole experts are spread; 1 (or 0)
	// splits every expert over all TP GPUs. It divides TP.
	EP int
	// DP is the number of attention replicas in the group: each holds all
	// weights but the experts on TP/DP GPUs and has its own sequences. 1 (or 0)
	// = none. It divides TP.
	DP          int
	Speculation Speculation
	Weights     catalog.Weights // empty = the model's own
	KV          catalog.Precision
	// Scheduler is the settings to use; nil = Engine.SchedulerFor(GPU, "", Model.ID, TP).
	Scheduler *catalog.Scheduler
}

// GPUs is the number of GPUs of the replica.
func (r Replica) GPUs() int { return r.TP * r.PP }

// Batch is what one step works on.
type Batch struct {
	Decoding      float64 // B, sequences that each get one token
	Context       float64 // K, sum of their context lengths, tokens
	PrefillTokens float64 // n, prompt tokens computed in this step
	PrefillFLOP   float64 // attention FLOP of those tokens, from Cost.PrefillAttention
	Prompts       float64 // prompts those tokens belong to; counts with attention data parallelism only, 0 = 1
}

// New derives the cost of a step of r. It fails with a *LayoutError when EP or
// DP do not divide the group or the draft cannot be, a *FactError when a
// figure of the accelerator is not known, a *PrecisionError when it has no
// kernels for the weights, and a *MemoryError when the weights leave no
// memory for the KV cache.
func New(r Replica) (*Cost, error) {
	r.TP, r.PP = max(r.TP, 1), max(r.PP, 1)
	if r.Weights == (catalog.Weights{}) {
		r.Weights = r.Model.Native
	}
	if r.Weights.Experts == "" {
		r.Weights.Experts = r.Weights.Dense
	}
	if r.Profile == nil {
		r.Profile = r.Engine.Profile(r.GPU)
	}
	if r.KV == "" {
		r.KV = r.Engine.KV(r.Weights.Dense)
	}
	if r.Scheduler == nil {
		s := r.Engine.SchedulerFor(r.GPU, "", r.Model.ID, r.TP)
		r.Scheduler = &s
	}
	if err := r.checkModes(); err != nil {
		return nil, err
	}
	if err := checkFacts(r); err != nil {
		return nil, err
	}
	return newCost(r.Model.Work(), r, replicatedParams(r.Model, r.TP/r.DP))
}

// newCost is New for work counted elsewhere. replicated is the number of
// parameters stored besides Work.TotalParams because the ranks of an attention
// replica keep copies.
func newCost(w catalog.Work, r Replica, replicated float64) (*Cost, error) {
	r.EP, r.DP = max(r.EP, 1), max(r.DP, 1)
	c := &Cost{work: w, replica: r}
	dense, ok := compute(r.GPU, r.Weights.Dense)
	if !ok {
		return nil, &PrecisionError{GPU: r.GPU.Name, Precision: r.Weights.Dense}
	}
	experts := dense
	if w.ExpertParams > 0 {
		if experts, ok = compute(r.GPU, r.Weights.Experts); !ok {
			return nil, &PrecisionError{GPU: r.GPU.Name, Precision: r.Weights.Experts}
		}
	}
	// Profiles state their share of compute against the fastest format in use:
	// the experts' where only they are quantized.
	c.peak = max(dense, experts)
	c.setMemory(replicated)
	if err := c.memoryError(); err != nil {
		return nil, err
	}
	c.setCoefficients()
	return c, nil
}

// compute is the dense peak in FLOP/s for weights of precision p.
func compute(g *catalog.GPU, p catalog.Precision) (float64, bool) {
	flops, _, ok := g.Compute(p)
	return flops, ok && flops > 0
}

// replicatedParams counts the weights that tensor-parallel ranks hold copies
// of: key and value projections when there are more ranks than KV heads, and
// the down-projections into the latent space of MLA.
func replicatedParams(m *catalog.Model, tp int) float64 {
	if tp < 2 {
		return 0
	}
	h := float64(m.Hidden)
	if l := m.Attention.Latent; l != nil {
		down := h * float64(l.KVRank+l.Rope+l.QRank)
		return float64(tp-1) * float64(m.Attention.Full) * down
	}
	if m.KVHeads < 1 || tp <= m.KVHeads {
		return 0
	}
	kv := 2 * h * float64(m.KVHeads*m.HeadDim) * float64(m.Attention.Full+m.Attention.Sliding)
	return kv * (float64(tp)/float64(m.KVHeads) - 1)
}

// Replica is what the cost was made for, with every default filled in.
func (c *Cost) Replica() Replica { return c.replica }

// Work is what serving the model costs per token, before hardware.
func (c *Cost) Work() catalog.Work { return c.work }

// Profile is the set of efficiencies and overheads in use. Do not change it.
func (c *Cost) Profile() *catalog.Profile { return c.replica.Profile }

// Scheduler is the scheduling in use. Do not change it.
func (c *Cost) Scheduler() *catalog.Scheduler { return c.replica.Scheduler }

// Peak is the dense compute rate of one GPU in FLOP/s at the fastest format
// the weights use.
func (c *Cost) Peak() float64 { return c.peak }

// Bandwidth is the memory bandwidth of the replica in bytes/s at the share the
// engine reaches.
func (c *Cost) Bandwidth() float64 {
	return c.eff.bandwidth * c.replica.GPU.BandwidthBytesPerS * float64(c.replica.GPUs())
}
