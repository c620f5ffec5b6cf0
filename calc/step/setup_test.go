package step

import (
	"testing"

	"fleetsize/catalog"
)

// Dimensions are those of the published configurations.
func llama8B() *catalog.Model {
	return &catalog.Model{
		ID: "llama-3-1-8b", Name: "Llama 3.1 8B", Class: catalog.ClassGenerative,
		Layers: 32, Hidden: 4096, Heads: 32, KVHeads: 8, HeadDim: 128, Intermediate: 14336, FFNMatrices: 3,
		Vocab: 128256, MaxContext: 131072,
		Native:    catalog.Weights{Dense: catalog.BF16, Experts: catalog.BF16},
		Attention: catalog.Attention{Type: "gqa", Full: 32},
	}
}

func llama70B() *catalog.Model {
	m := llama8B()
	m.ID, m.Name = "llama-3-3-70b", "Llama 3.3 70B"
	m.Layers, m.Hidden, m.Heads, m.Intermediate = 80, 8192, 64, 28672
	m.Attention.Full = 80
	return m
}

func gptOSS() *catalog.Model {
	return &catalog.Model{
		ID: "gpt-oss-120b", Name: "gpt-oss-120b", Class: catalog.ClassGenerative,
		Layers: 36, Hidden: 2880, Heads: 64, KVHeads: 8, HeadDim: 64, FFNMatrices: 3, Vocab: 201088, MaxContext: 131072,
		Native:    catalog.Weights{Dense: catalog.BF16, Experts: catalog.MXFP4},
		Attention: catalog.Attention{Type: "gqa", Full: 18, Sliding: 18, Window: 128},
		MoE:       &catalog.MoE{Experts: 128, TopK: 4, Intermediate: 2880, Layers: 36},
	}
}

func deepSeek() *catalog.Model {
	return &catalog.Model{
		ID: "deepseek-v3", Name: "DeepSeek-V3", Class: catalog.ClassGenerative,
		Layers: 61, Hidden: 7168, Heads: 128, KVHeads: 128, HeadDim: 128, Intermediate: 18432, FFNMatrices: 3,
		Vocab: 129280, MaxContext: 163840,
		Native: catalog.Weights{Dense: catalog.FP8, Experts: catalog.FP8},
		Attention: catalog.Attention{Type: "mla", Full: 61,
			Latent: &catalog.Latent{KVRank: 512, QRank: 1536, Rope: 64, Nope: 128, Value: 128}},
		MoE: &catalog.MoE{Experts: 256, TopK: 8, Shared: 1, Intermediate: 2048, Layers: 58, DenseLayers: 3},
	}
}

// hybrid has linear-attention layers with a recurrent state beside full ones.
func hybrid() *catalog.Model {
	m := llama8B()
	m.Attention = catalog.Attention{Type: "hybrid", Full: 8, Linear: &catalog.Linear{
		Kind: "gated_deltanet", Layers: 24, KHeads: 16, KDim: 128, VHeads: 32, VDim: 128, Conv: 4, StateBytes: 4}}
	return m
}

// sparse reads its top 2,048 tokens only.
func sparse() *catalog.Model {
	m := deepSeek()
	m.Attention.Indexer = &catalog.Indexer{Layers: 61, Heads: 64, HeadDim: 128, TopK: 2048}
	return m
}

func h100() *catalog.GPU {
	return &catalog.GPU{
		ID: "h100", Name: "H100", Vendor: "NVIDIA", Architecture: "Hopper",
		MemoryBytes: 80e9, UsableBytes: 79.6 * (1 << 30), BandwidthBytesPerS: 3350e9,
		DenseFLOPS:    catalog.FLOPS{BF16: 989.4e12, FP16: 989.4e12, FP8: 1978.9e12},
		LinkBytesPerS: 450e9, LinkDomain: 8, PCIeBytesPerS: 63e9, GPUsPerNode: 8,
	}
}

func b200() *catalog.GPU {
	g := h100()
	g.Name, g.Architecture = "B200", "Blackwell"
	g.MemoryBytes, g.UsableBytes, g.BandwidthBytesPerS = 180e9, 178*(1<<30), 7700e9
	g.DenseFLOPS = catalog.FLOPS{BF16: 2250e12, FP16: 2250e12, FP8: 4500e12, FP4: 9000e12}
	g.LinkBytesPerS = 900e9
	return g
}

func nim() *catalog.Engine {
	return &catalog.Engine{
		ID:        "nim",
		Scheduler: catalog.Scheduler{Policy: catalog.Mixed, TokenBudget: 8192, MaxSequences: 2048, Reserve: catalog.ReserveFull, AdmitShare: 1},
		Memory:    catalog.MemoryRule{Basis: "free", Fraction: 0.78},
		KVRule:    map[catalog.Precision]catalog.Precision{"": catalog.BF16, catalog.FP8: catalog.FP8},
		Profiles: []catalog.Profile{{
			ID: "nim", ComputeEff: 0.68, BandwidthEff: 0.82, StepOverhead: 1.8e-3, LayerOverhead: 20e-6, SequenceCost: 1e-6,
			AllReduceDelay: 26e-6, LinkEff: 0.7, PCIeDelayFactor: 1.36, PCIeLinkEff: 0.45,
			MoEComputeEff: 0.35, MoEBandwidthEff: 1.1, MoELatency: 1.45, MoECoverageExp: 0.9,
			FourBitComputeEff: 1.09, FourBitBandwidthEff: 0.9,
			BlackwellComputeEff: 0.8, BlackwellBandwidthEff: 0.83, BlackwellLatency: 0.5,
		}},
	}
}

func replica(m *catalog.Model, g *catalog.GPU, q catalog.Precision, tp, pp int) Replica {
	return Replica{Model: m, GPU: g, Engine: nim(), TP: tp, PP: pp, Weights: m.Resolve(q)}
}

func mustCost(t testing.TB, r Replica) *Cost {
	t.Helper()
	c, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// zoo is one cost of every kind of model and layout.
func zoo(t testing.TB) map[string]*Cost {
	t.Helper()
	roomy := b200()
	roomy.UsableBytes *= 8
	return map[string]*Cost{
		"dense":          mustCost(t, replica(llama8B(), h100(), catalog.FP8, 1, 1)),
		"dense tp2":      mustCost(t, replica(llama70B(), h100(), catalog.FP8, 2, 1)),
		"dense tp16":     mustCost(t, replica(llama70B(), h100(), catalog.BF16, 16, 1)),
		"dense tp4 pp2":  mustCost(t, replica(llama70B(), h100(), catalog.BF16, 4, 2)),
		"dense pp4":      mustCost(t, replica(llama70B(), h100(), catalog.BF16, 1, 4)),
		"moe window":     mustCost(t, replica(gptOSS(), b200(), "", 1, 1)),
		"moe window tp2": mustCost(t, replica(gptOSS(), h100(), "", 2, 1)),
		"mla":            mustCost(t, replica(deepSeek(), roomy, "", 8, 1)),
		"mla pp":         mustCost(t, replica(deepSeek(), roomy, "", 4, 2)),
		"sparse":         mustCost(t, replica(sparse(), roomy, "", 8, 1)),
		"hybrid":         mustCost(t, replica(hybrid(), h100(), catalog.FP8, 2, 1)),
	}
}
