package serve

import (
	"testing"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// setup is a replica whose every number is known: Llama 3.1 8B dimensions on
// one H100 under an engine that tests change at will.
type setup struct {
	model  catalog.Model
	gpu    catalog.GPU
	engine catalog.Engine
	kv     catalog.Precision
	tp     int
	ep, dp int
	spec   step.Speculation
}

func newSetup() *setup {
	return &setup{
		model: catalog.Model{
			ID: "llama-3-1-8b", Name: "Llama 3.1 8B", Class: catalog.ClassGenerative,
			Layers: 32, Hidden: 4096, Heads: 32, KVHeads: 8, HeadDim: 128, Intermediate: 14336, FFNMatrices: 3,
			Vocab: 128256, MaxContext: 131072,
			Native:    catalog.Weights{Dense: catalog.FP8, Experts: catalog.FP8},
			Attention: catalog.Attention{Type: "gqa", Full: 32},
		},
		gpu: catalog.GPU{
			ID: "h100", Name: "H100", Vendor: "NVIDIA", Architecture: "Hopper",
			MemoryBytes: 80e9, UsableBytes: 79.6 * (1 << 30), BandwidthBytesPerS: 3350e9,
			DenseFLOPS:    catalog.FLOPS{BF16: 989.4e12, FP16: 989.4e12, FP8: 1978.9e12},
			LinkBytesPerS: 450e9, LinkDomain: 8, PCIeBytesPerS: 63e9, GPUsPerNode: 8,
		},
		engine: catalog.Engine{
			ID: "test",
			Scheduler: catalog.Scheduler{
				Policy: catalog.Mixed, TokenBudget: 2048, MaxSequences: 256,
				Reserve: catalog.ReserveFull, AdmitShare: 1, StreamInterval: 1,
			},
			Memory: catalog.MemoryRule{Basis: "free", Fraction: 0.78},
			Profiles: []catalog.Profile{{
				ID: "test", ComputeEff: 0.68, AttentionEff: 0.68, BandwidthEff: 0.82, KVReadEff: 1,
				StepOverhead: 1.8e-3, SequenceCost: 1e-6, AllReduceDelay: 26e-6, LinkEff: 0.7,
				RequestCost: 2.2e-3, TokenCost: 20e-6, FirstTokenDelay: 0.8e-3,
			}},
		},
		kv: catalog.FP8, tp: 1,
	}
}

// profile is the one profile of the setup's engine.
func (s *setup) profile() *catalog.Profile { return &s.engine.Profiles[0] }

// kvTokens sets the KV memory to hold n tokens.
func (s *setup) kvTokens(t testing.TB, n float64) {
	t.Helper()
	c := s.cost(t)
	free := c.KVCapacity() / s.engine.Memory.Fraction
	s.engine.Memory.Fraction = n * c.TokenBytes() / free
}

func (s *setup) cost(t testing.TB) *step.Cost {
	t.Helper()
	c, err := step.New(step.Replica{Model: &s.model, GPU: &s.gpu, Engine: &s.engine, TP: s.tp, PP: 1, KV: s.kv, EP: s.ep, DP: s.dp, Speculation: s.spec})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// speculate drafts k tokens per step for gain tokens.
func (s *setup) speculate(k int, gain float64) { s.spec = step.Speculation{Draft: k, Gain: gain} }

// apart spreads whole experts and attention replicas over four GPUs.
func (s *setup) apart(ep, dp int) { s.tp, s.ep, s.dp = 4, ep, dp }

// windowed gives half of the layers a sliding window of w tokens.
func (s *setup) windowed(w int) {
	s.model.Attention = catalog.Attention{Type: "gqa", Full: 16, Sliding: 16, Window: w}
}

// experts turns the FFNs into a mixture of n experts, k active.
func (s *setup) experts(n, k int) {
	s.model.MoE = &catalog.MoE{Experts: n, TopK: k, Intermediate: 14336 / 8, Layers: 32}
	s.profile().MoECoverageExp = 0.9
}
