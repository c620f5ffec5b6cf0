package catalog

// Work is what serving a model costs per token, derived from its dimensions
// alone (no hardware, no efficiency). See Model.Work for the formulas.
//
// TotalParams = EmbeddingParams + DenseParams + ExpertParams + OtherParams.
type Work struct {
	TotalParams float64 // all parameters of the text decoder
	// EmbeddingParams is the input embedding table (and learned positions):
	// stored, but neither multiplied nor read in a step. It is 0 for models
	// whose table is also the output matrix, because that is read.
	EmbeddingParams float64
	// DenseParams is what every step reads: attention, norms, routers, shared
	// experts, dense FFNs and the LM head.
	DenseParams        float64
	LMHeadParams       float64 // the output matrix, part of DenseParams; kept at 16 bit in quantized checkpoints
	ExpertParams       float64 // all routed experts of all layers; 0 for dense models
	ActiveExpertParams float64 // routed experts one token passes through
	OtherParams        float64 // stored beside the decoder and idle in decoding: encoder, vision tower, pooler
	Experts, TopK      float64

	// LinearFLOP is the FLOP of all matrix multiplications for one token,
	// 2·(DenseParams + ActiveExpertParams).
	LinearFLOP float64

	// PrefillPairFLOP is the attention FLOP for one (query token, context
	// token) pair summed over full-attention layers, 4·L·H·h for GQA.
	// A prefill of n tokens after p cached ones costs PrefillPairFLOP·((p+n)²−p²)/2.
	PrefillPairFLOP float64
	// DecodePairFLOP is the same for one decoded token per context token
	// (differs from prefill for MLA, which decodes in the latent space).
	DecodePairFLOP float64
	// Windows are the sliding or chunked layers, one entry per window length.
	Windows []Window

	// KVElems is the number of cached values per token over all layers that
	// keep the whole context. Bytes = KVElems × bytes of the KV precision.
	KVElems float64
	// IndexerBytes is what a sparse-attention indexer adds per token, in bytes.
	IndexerBytes float64
	// IndexerPairFLOP is the indexer's FLOP per (query, context) pair, at 8 bit.
	IndexerPairFLOP float64
	// StateBytes is the recurrent state per sequence (linear attention,
	// Mamba, cross-attention), constant in context length, in bytes.
	StateBytes float64
	// KVShards is over how many tensor-parallel ranks the cache can be split
	// (KV heads; 1 for MLA, whose latent is replicated on every rank).
	KVShards int

	Layers              int
	Hidden              int
	AllReducesPerLayer  float64 // 2; 1 for parallel attention and FFN
	SparseTopK          int     // tokens a sparse-attention layer reads at most; 0 = all
	AttentionLayerCount int     // layers with softmax attention, windowed ones included

	// The parts of KVElems, PrefillPairFLOP and DecodePairFLOP that belong to
	// sparse layers: of those, a query reads and multiplies at most SparseTopK
	// tokens. 0 without SparseTopK.
	SparseKVElems         float64
	SparsePrefillPairFLOP float64
	SparseDecodePairFLOP  float64
}

// Window is a group of layers that see at most Tokens of context.
type Window struct {
	Tokens   float64
	PairFLOP float64 // FLOP per (query, context) pair over these layers
	KVElems  float64 // cached values per token over these layers
}

// Work derives the cost per token from the model's dimensions.
//
// Symbols: L layers, H query heads, h head width, v value width, r and ρ the
// latent rank and rotary width of MLA. One multiply-add counts as 2 FLOP.
//
//	attention pair, GQA      2·H·(h+v) per layer
//	attention pair, MLA      prefill 2·H·(nope+ρ) + 2·H·v; decode 2·H·(2r+ρ)
//	cached values, GQA       H_kv·(h+v) per layer
//	cached values, MLA       r+ρ per layer
//	cached values, csa       h / ratio per layer (key = value, one head)
//
// Source: estimator literature (DeepSeek-V2 arXiv 2405.04434 for MLA) and the
// published configurations; parameter counts agree with published checkpoint
// element counts as the tests list. Multi-token-prediction layers, vision
// towers and quantization scales are not counted.
func (m *Model) Work() Work {
	w := Work{
		Layers:              m.Layers,
		Hidden:              m.Hidden,
		KVShards:            m.kvShards(),
		AllReducesPerLayer:  m.allReduces(),
		AttentionLayerCount: m.Attention.Full + m.Attention.Sliding,
		StateBytes:          m.stateBytes(),
		IndexerBytes:        m.indexerBytes(),
	}
	m.countParams(&w)
	m.countAttention(&w)
	w.LinearFLOP = 2 * (w.DenseParams + w.ActiveExpertParams)
	return w
}

// ActiveParams is the number of parameters one token passes through, the
// input embedding included (the convention of published "A3B" figures varies).
func (w Work) ActiveParams() float64 {
	return w.TotalParams - w.ExpertParams + w.ActiveExpertParams
}

// kvShards is the largest number of ranks the KV cache splits over without
// copies: the fewest KV heads of any caching layer; 1 where all heads share
// one cached vector.
func (m *Model) kvShards() int {
	a := &m.Attention
	if a.Latent != nil || a.Compressed != nil {
		return 1
	}
	n := 0
	for _, g := range []struct {
		layers int
		shape  *HeadShape
	}{{a.Full, a.Global}, {a.Sliding, a.Local}} {
		if g.layers == 0 {
			continue
		}
		if kv, _, _ := m.shape(g.shape); n == 0 || kv < n {
			n = kv
		}
	}
	if n == 0 {
		n = m.KVHeads
	}
	return max(n, 1)
}

// allReduces is the mean number of tensor-parallel all-reduces per layer: one
// after the mixer and one after the FFN, one where they share a branch or
// where a layer has only one of them.
func (m *Model) allReduces() float64 {
	x := &m.Extra
	switch {
	case x.Parallel || x.OneMixerLayer:
		return 1
	case len(x.Blocks) > 0 && m.Layers > 0:
		n := 0
		for _, b := range x.Blocks {
			n += b.Count
			if b.Attention {
				n += b.Count
			}
		}
		return float64(n) / float64(m.Layers)
	}
	return 2
}

// shape is the KV heads, key width and value width of a kind of layer.
func (m *Model) shape(s *HeadShape) (kvHeads, keyDim, valueDim int) {
	kvHeads, keyDim = m.KVHeads, m.HeadDim
	if s != nil {
		if s.KVHeads > 0 {
			kvHeads = s.KVHeads
		}
		if s.HeadDim > 0 {
			keyDim = s.HeadDim
		}
		valueDim = s.ValueDim
	}
	if valueDim == 0 {
		valueDim = keyDim
	}
	return kvHeads, keyDim, valueDim
}
