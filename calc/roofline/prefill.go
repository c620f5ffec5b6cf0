package roofline

import (
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
)

// PrefillComputeTime is the time in seconds the GPUs compute on s prompts of l
// tokens, at the shares of peak the engine reaches:
//
//	S·L·φ/(ec·F·g) + S·A(L)/(ea·F16·g)
//
// Grouped-query attention, the causal half, three-matrix FFNs and the dense
// (not the sparse) peak are what it counts with.
func PrefillComputeTime(c *step.Cost, s, l float64) float64 {
	d := c.Breakdown(prefill(c, s, l))
	return d.GEMM + d.Attention
}

// PrefillMemoryTime is the time in seconds to move what a prefill of s prompts
// of l tokens moves: the weights once, the KV cache it writes, and the
// activations (12 passes per layer, an estimate). The step law counts the
// weights only, because the rest overlaps with computing.
func PrefillMemoryTime(c *step.Cost, s, l float64) float64 {
	d := c.Breakdown(prefill(c, s, l))
	return d.WeightRead + (d.KVWriteBytes+d.ActivationIO)/c.Bandwidth()
}

// PrefillLinkTime is the time in seconds that tensor-parallel all-reduces and
// pipeline hops add to a prefill of s prompts of l tokens; 0 on one GPU.
func PrefillLinkTime(c *step.Cost, s, l float64) float64 {
	return c.Breakdown(prefill(c, s, l)).Communication
}

// PrefillTime is the time in seconds of one step that computes s prompts of l
// tokens: overhead, compute, reading the weights and communication added up.
func PrefillTime(c *step.Cost, s, l float64) float64 {
	return c.Seconds(prefill(c, s, l))
}

// Overflow says what happens to requests that do not fit into the KV memory.
type Overflow struct {
	Running float64 // requests that run
	Waiting float64 // requests that wait for memory
	Wait    float64 // seconds each of them waits, in steady state
}

// MemoryOverflow is what s requests at once with l prompt and out output
// tokens do on the replica. Engines do not swap the overflow over PCIe, as a
// "memory wall" would have it: requests wait, and by Little's law each waits
//
//	(S − running) / throughput
//
// which is where TTFTs of minutes come from (measured: 211.7 s for 200 requests
// of 20,000/2,000 tokens, Llama 3.1 8B FP8 on one H100, NIM 1.8.0).
func MemoryOverflow(c *step.Cost, s, l, out int) Overflow {
	r := serve.Closed(c, serve.Load{Input: l, Output: out, Concurrency: s})
	o := Overflow{Running: r.Running, Waiting: r.Waiting}
	if r.ReqPerS > 0 {
		o.Wait = r.Waiting / r.ReqPerS
	}
	return o
}
