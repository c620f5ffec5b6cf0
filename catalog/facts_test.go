package catalog

import (
	"math"
	"testing"
)

// TestKnownVectors checks bytes and FLOP against figures computed by hand from
// the published configurations.
func TestKnownVectors(t *testing.T) {
	c := load(t)
	work := func(id string) Work {
		m, ok := c.Model(id)
		if !ok {
			t.Fatalf("no model %s", id)
		}
		return m.Work()
	}
	for _, v := range []struct {
		what      string
		got, want float64
	}{
		// KV bytes per token: 2·32·8·128·2 and half of it at 8 bit.
		{"8B KV, bf16", work("llama-3.1-8b").KVElems * BF16.Bytes(), 131072},
		{"8B KV, fp8", work("llama-3.1-8b").KVElems * FP8.Bytes(), 65536},
		{"70B KV, bf16", work("llama-3.3-70b").KVElems * 2, 327680},
		{"70B KV, fp8", work("llama-3.3-70b").KVElems, 163840},
		{"DeepSeek-V3 KV, bf16: 61·(512+64)·2", work("deepseek-v3").KVElems * 2, 70272},
		{"gpt-oss-120b KV of its 18 full layers", work("gpt-oss-120b").KVElems * 2, 36864},
		{"gpt-oss-120b KV of all 36 layers", (work("gpt-oss-120b").KVElems + work("gpt-oss-120b").Windows[0].KVElems) * 2, 73728},
		{"Gemma 4 31B KV of its 50 sliding layers: 50·2·16·256·2", work("gemma-4-31b").Windows[0].KVElems * 2, 819200},
		// Attention FLOP per pair: 4·32·32·128, and MLA by its definition.
		{"8B pair FLOP", work("llama-3.1-8b").PrefillPairFLOP, 4 * 32 * 32 * 128},
		{"8B decode pair FLOP", work("llama-3.1-8b").DecodePairFLOP, 4 * 32 * 32 * 128},
		{"DeepSeek-V3 prefill pair FLOP", work("deepseek-v3").PrefillPairFLOP, 61 * (2*128*(128+64) + 2*128*128)},
		{"DeepSeek-V3 decode pair FLOP", work("deepseek-v3").DecodePairFLOP, 61 * 2 * 128 * (2*512 + 64)},
		// 2·(8,030,261,248 − 128,256·4,096)
		{"8B linear FLOP", work("llama-3.1-8b").LinearFLOP, 2 * (8030261248 - 128256*4096)},
		{"8B shards", float64(work("llama-3.1-8b").KVShards), 8},
		{"MLA shards", float64(work("deepseek-v3").KVShards), 1},
		{"Qwen3-Next shards", float64(work("qwen3-next-80b-a3b").KVShards), 2},
		{"MiMo shards: 4 in full layers, 8 in windows", float64(work("mimo-v2-flash").KVShards), 4},
		{"all-reduces", work("llama-3.1-8b").AllReducesPerLayer, 2},
		{"all-reduces, parallel", work("falcon-180b").AllReducesPerLayer, 1},
		{"all-reduces, one mixer a layer", work("nemotron-h-56b").AllReducesPerLayer, 1},
		{"all-reduces, 49 of 80 with attention", work("llama-3-3-nemotron-super-49b").AllReducesPerLayer, 129.0 / 80},
		{"top-k of DeepSeek-V3.2", float64(work("deepseek-v3-2").SparseTopK), 2048},
		{"top-k of DeepSeek-V4: 512 entries of 4 tokens", float64(work("deepseek-v4-flash").SparseTopK), 2048},
		{"sparse share of MiniMax-M3: 57 of 60 layers", work("minimax-m3").SparseKVElems / work("minimax-m3").KVElems, 0.95},
		{"index FLOP of DeepSeek-V3.2", work("deepseek-v3-2").IndexerPairFLOP, 2 * 61 * 64 * 128},
		// 36·(32·128·128·4 + (2·2048+4096)·3·2) bytes
		{"Qwen3-Next state", work("qwen3-next-80b-a3b").StateBytes, 77266944},
		{"Mixtral experts", work("mixtral-8x7b").ExpertParams, 32 * 8 * 3 * 4096 * 14336},
		{"Mixtral active experts", work("mixtral-8x7b").ActiveExpertParams, 32 * 2 * 3 * 4096 * 14336},
		{"tied table is read", work("gemma-3-27b").EmbeddingParams, 0},
		{"tied head", work("gemma-3-27b").LMHeadParams, 262208 * 5376},
	} {
		if math.Abs(v.got-v.want) > 1e-9*v.want {
			t.Errorf("%s = %v, want %v", v.what, v.got, v.want)
		}
	}
}

// TestPublishedCounts compares with the published parameter counts: within
// 1 % in total and 5 % of the active ones (published figures are rounded), or
// explained.
func TestPublishedCounts(t *testing.T) {
	c, rows := load(t), derivedRows(t)
	totals, actives := 0, 0
	for _, m := range c.Models {
		w := m.Work()
		if m.PublishedTotal > 0 {
			totals++
			d := (w.TotalParams + rows[m.ID].Add - m.PublishedTotal) / m.PublishedTotal
			if math.Abs(d) > 0.01 && m.PublishedNote == "" {
				t.Errorf("%s: %.4g parameters, published %.4g (%+.1f %%), not explained", m.ID, w.TotalParams, m.PublishedTotal, 100*d)
			}
		}
		if m.PublishedActive > 0 {
			actives++
			d := (w.ActiveParams() - m.PublishedActive) / m.PublishedActive
			if math.Abs(d) > 0.05 && m.PublishedNote == "" {
				t.Errorf("%s: %.4g active, published %.4g (%+.1f %%), not explained", m.ID, w.ActiveParams(), m.PublishedActive, 100*d)
			}
		}
	}
	if totals != 140 || actives < 35 {
		t.Errorf("%d totals and %d active figures are published", totals, actives)
	}
}

func TestExperts(t *testing.T) {
	n := 0
	for _, m := range load(t).Models {
		w := m.Work()
		if m.MoE == nil {
			if w.ExpertParams != 0 || w.ActiveParams() != w.TotalParams {
				t.Errorf("%s: dense, but %v expert parameters", m.ID, w.ExpertParams)
			}
			continue
		}
		n++
		share := float64(m.MoE.TopK) / float64(m.MoE.Experts)
		if got := w.ActiveExpertParams / w.ExpertParams; math.Abs(got-share) > 1e-12 {
			t.Errorf("%s: share of experts %v, want %v", m.ID, got, share)
		}
		if w.Experts != float64(m.MoE.Experts) || w.TopK != float64(m.MoE.TopK) {
			t.Errorf("%s: %v experts, top %v", m.ID, w.Experts, w.TopK)
		}
	}
	if n != 46 {
		t.Errorf("%d mixture models, want 46", n)
	}
}

func TestModelFacts(t *testing.T) {
	for _, m := range load(t).Models {
		a := &m.Attention
		if err := m.check(); err != nil && m.Extra.Kind == "" {
			t.Errorf("%s: %v", m.ID, err)
		}
		if m.MaxContext <= 0 || len(m.Sources) == 0 || m.Confidence == "" || m.Family == "" || m.HFRepo == "" {
			t.Errorf("%s: context, source, confidence, family or repository missing", m.ID)
		}
		for _, p := range []Precision{m.Native.Dense, m.Native.Experts} {
			if _, ok := p.storedBytes(); !ok {
				t.Errorf("%s: native precision %q", m.ID, p)
			}
		}
		if a.Type != m.attentionType() {
			t.Errorf("%s: attention %s, dimensions say %s", m.ID, a.Type, m.attentionType())
		}
	}
}

func TestGPUFacts(t *testing.T) {
	c := load(t)
	if len(c.GPUs) != 64 {
		t.Fatalf("%d accelerators, want 64", len(c.GPUs))
	}
	for _, g := range c.GPUs {
		f := g.DenseFLOPS
		half := g.HalfFLOPS()
		if half == 0 && f.FP4 == 0 {
			t.Errorf("%s: no tensor rate at all", g.ID)
		}
		// A dense 8-bit rate is at most twice the 16-bit one; twice that is
		// the figure with sparsity. Known exceptions are in the notes: Rubin,
		// Trainium3.
		if half > 0 && f.FP8 > 2.1*half && g.ID != "rubin-vr200" && g.ID != "trainium3" {
			t.Errorf("%s: FP8 %.3g is more than twice 16 bit %.3g: sparse figure?", g.ID, f.FP8, half)
		}
		if f.FP8 > 0 && f.FP4 > 3.1*f.FP8 && g.ID != "rtx-5090" {
			t.Errorf("%s: FP4 %.3g against FP8 %.3g: sparse figure?", g.ID, f.FP4, f.FP8)
		}
		if q := g.UsableBytes / g.MemoryBytes; q < 0.7 || q > 1.01*gib/gb {
			t.Errorf("%s: usable %.2f of nominal", g.ID, q)
		}
		if g.LinkDomain < 1 || (g.LinkBytesPerS > 0) != (g.LinkDomain > 1) {
			t.Errorf("%s: domain %d with %v B/s", g.ID, g.LinkDomain, g.LinkBytesPerS)
		}
		// Per direction: NVLink 5 has 900 GB/s, NVLink 6 1800; PCIe 6 x16 121.
		if g.LinkBytesPerS > 1800e9 || g.PCIeBytesPerS > 121e9 {
			t.Errorf("%s: link %v, PCIe %v B/s: both directions counted?", g.ID, g.LinkBytesPerS, g.PCIeBytesPerS)
		}
		if g.GPUsPerNode < 1 || len(g.Sources) == 0 || g.Short == "" || g.Vendor == "" {
			t.Errorf("%s: node size, source, short name or vendor missing", g.ID)
		}
		for _, p := range []*Price{g.Rent, g.Purchase} {
			if p != nil && (p.USD <= 0 || len(p.AsOf) < 7 || p.Source == "" || p.Low > p.USD || p.High != 0 && p.High < p.USD) {
				t.Errorf("%s: price %+v", g.ID, *p)
			}
		}
	}
}

func TestGPUExamples(t *testing.T) {
	c := load(t)
	gpu := func(id string) *GPU {
		g, ok := c.GPU(id)
		if !ok {
			t.Fatalf("no GPU %s", id)
		}
		return g
	}
	h := gpu("h100-sxm")
	if h.ID != "h100-sxm-80gb" || h.UsableBytes != 79.6*gib || h.LinkBytesPerS != 450e9 || h.DenseFLOPS.FP8 != 1978.9e12 ||
		h.BandwidthBytesPerS != 3.35e12 || h.Rent.USD != 2.95 || h.Rent.High != 4.29 || h.AllInKW.Value != 1.73 || h.UsableEstimated {
		t.Errorf("H100: %+v", h)
	}
	if g := gpu("gh200-144gb"); !g.UsableEstimated || g.UsableBytes != 0.995*144*gib {
		t.Errorf("GH200 144: %+v", g)
	}
	if g := gpu("l40s"); g.LinkDomain != 1 || g.LinkBytesPerS != 0 || g.PCIeBytesPerS != 31.5e9 {
		t.Errorf("L40S: %+v", g)
	}
	if g := gpu("mi455x"); g.TDPWatts != 0 || g.Status != "announced" || g.Rent != nil {
		t.Errorf("MI455X: %+v", g)
	}
	n := 0
	for _, g := range c.GPUs {
		if g.AllInKW != nil {
			n++
			if g.AllInKW.AsOf == "" || g.AllInKW.Source == "" {
				t.Errorf("%s: all-in power without source", g.ID)
			}
		}
	}
	if n != 9 {
		t.Errorf("%d all-in powers, want 9", n)
	}
}

// Accelerators of a switch or a full mesh reach each other in one hop, those of
// a torus their neighbors only.
func TestDirectLink(t *testing.T) {
	c := load(t)
	for id, want := range map[string]bool{"h100-sxm-80gb": true, "mi300x": true, "l40s": true, "tpu-v5e": false} {
		g, ok := c.GPU(id)
		if !ok {
			t.Errorf("no accelerator %s", id)
			continue
		}
		if got := g.DirectLink(); got != want {
			t.Errorf("%s (%s): direct link %t, want %t", id, g.LinkType, got, want)
		}
	}
}
