package serve_test

import (
	"fmt"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// A chat model on one GPU under ten requests per second.
func Example() {
	model := &catalog.Model{
		Name: "Llama 3.1 8B", Layers: 32, Hidden: 4096, Heads: 32, KVHeads: 8, HeadDim: 128,
		Intermediate: 14336, FFNMatrices: 3, Vocab: 128256,
		Native:    catalog.Weights{Dense: catalog.FP8, Experts: catalog.FP8},
		Attention: catalog.Attention{Type: "gqa", Full: 32},
	}
	gpu := &catalog.GPU{
		Name: "H100", Vendor: "NVIDIA", Architecture: "Hopper",
		UsableBytes: 79.6 * (1 << 30), BandwidthBytesPerS: 3350e9,
		DenseFLOPS: catalog.FLOPS{BF16: 989.4e12, FP8: 1978.9e12}, LinkDomain: 1,
	}
	engine := &catalog.Engine{
		Scheduler: catalog.Scheduler{Policy: catalog.Mixed, TokenBudget: 8192, MaxSequences: 256, Reserve: catalog.ReserveFull, AdmitShare: 1},
		Memory:    catalog.MemoryRule{Basis: "free", Fraction: 0.8},
		Profiles:  []catalog.Profile{{ComputeEff: 0.68, BandwidthEff: 0.82, StepOverhead: 1.8e-3}},
	}
	cost, err := step.New(step.Replica{Model: model, GPU: gpu, Engine: engine, KV: catalog.FP8})
	if err != nil {
		fmt.Println(err)
		return
	}
	load := serve.Load{Input: 1000, Output: 200, Rate: 10}
	if err := serve.Fits(cost, load); err != nil {
		fmt.Println(err)
		return
	}
	var sim serve.Sim
	r := sim.Run(cost, load)
	fmt.Printf("TTFT p95 under 50 ms: %t, %.0f requests running, bound by %s\n", r.TTFT.P95 < 0.050, r.Running, r.Binding)
	// Output: TTFT p95 under 50 ms: true, 12 requests running, bound by load
}
