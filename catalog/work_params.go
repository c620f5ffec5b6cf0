package catalog

// countParams fills the parameter counts of w.
func (m *Model) countParams(w *Work) {
	switch m.Extra.Kind {
	case "bert":
		m.countEncoder(w)
		return
	case "encdec":
		m.countEncoderDecoder(w)
		return
	}
	x, h := &m.Extra, float64(m.Hidden)
	table := float64(m.Vocab) * h
	switch {
	case x.NoLMHead:
		w.EmbeddingParams = table
	case m.Tied:
		w.LMHeadParams = table
	default:
		w.EmbeddingParams, w.LMHeadParams = table, table
	}
	w.EmbeddingParams += float64(x.Positions) * h
	w.DenseParams = w.LMHeadParams + m.norm(h)
	if x.LMHeadBias {
		w.DenseParams += float64(m.Vocab)
	}
	w.OtherParams = x.OtherParams

	if len(x.Blocks) > 0 {
		for _, b := range x.Blocks {
			p := m.norm(h) + m.ffn(b.Intermediate, h)
			if b.Attention {
				p += m.attention(nil) + m.norm(h)
			}
			w.DenseParams += float64(b.Count) * p
		}
	} else {
		w.DenseParams += m.mixers() + float64(m.Layers*m.norms())*m.norm(h)
		m.countFFN(w)
	}
	w.TotalParams = w.EmbeddingParams + w.DenseParams + w.ExpertParams + w.OtherParams
}

func (m *Model) norms() int {
	if m.Extra.NormsPerLayer > 0 {
		return m.Extra.NormsPerLayer
	}
	return 2
}

// norm is the size of one normalization over width values.
func (m *Model) norm(width float64) float64 {
	if m.Extra.LayerNorm {
		return 2 * width
	}
	return width
}

// mixers adds up the attention and state-space weights of all layers.
func (m *Model) mixers() float64 {
	a := &m.Attention
	var p float64
	switch {
	case a.Compressed != nil:
		p = float64(m.Layers) * m.compressed()
	case a.Latent != nil:
		p = float64(a.Full) * m.latent()
	default:
		p = float64(a.Full)*m.attention(a.Global) + float64(a.Sliding)*m.attention(a.Local)
	}
	if l := a.Linear; l != nil {
		if l.Kind == "kda" {
			p += float64(l.Layers) * l.kda(m.Hidden)
		} else {
			p += float64(l.Layers) * l.deltaNet(m.Hidden)
		}
	}
	if a.Mamba != nil {
		p += float64(a.Mamba.Layers) * a.Mamba.params(m.Hidden)
	}
	return p + m.indexerParams()
}

// attention is the weights of one grouped-query layer: query, key, value and
// output projections with their biases, norms, sinks and gate.
func (m *Model) attention(s *HeadShape) float64 {
	x, h, heads := &m.Extra, float64(m.Hidden), float64(m.Heads)
	nkv, hd, vd := m.shape(s)
	q, k, v := heads*float64(hd), float64(nkv*hd), float64(nkv*vd)
	p := h*q + h*k + heads*float64(vd)*h
	if x.OutputGate {
		p += h * q
	}
	if s == nil || !s.KEqualsV {
		p += h * v
	}
	if x.QKVBias {
		p += q + k + v
	}
	if x.OBias {
		p += h
	}
	switch x.QKNorm {
	case "head":
		p += 2 * float64(hd)
	case "per_head", "full":
		p += q + k
	}
	if x.Sinks {
		p += heads
	}
	return p
}

// latent is the weights of one MLA layer.
func (m *Model) latent() float64 {
	l, h, n := m.Attention.Latent, float64(m.Hidden), float64(m.Heads)
	key := float64(l.Nope + l.Rope)
	q := h * n * key
	if l.QRank > 0 {
		r := float64(l.QRank)
		q = h*r + r + r*n*key
	}
	r := float64(l.KVRank)
	down := h*(r+float64(l.Rope)) + r
	up := r * n * float64(l.Nope+l.Value)
	out := n * float64(l.Value) * h
	p := q + down + up + out
	if l.OutputGate {
		p += h * n * float64(l.Value)
	}
	return p
}

// compressed is the weights of one layer with compressed shared KV. The
// compressor itself is not counted (its shapes are not published).
func (m *Model) compressed() float64 {
	c, h, n, hd := m.Attention.Compressed, float64(m.Hidden), float64(m.Heads), float64(m.HeadDim)
	r := float64(c.QRank)
	p := h*r + r + r*n*hd
	p += h*hd + hd
	p += n*hd*float64(c.OutRank) + float64(c.OutGroups*c.OutRank)*h
	return p + n // one sink per head
}

// deltaNet is the weights of one gated-DeltaNet layer (Qwen3-Next).
func (l *Linear) deltaNet(hidden int) float64 {
	h := float64(hidden)
	k, v, n := float64(l.KHeads*l.KDim), float64(l.VHeads*l.VDim), float64(l.VHeads)
	in := h*(2*k+2*v) + h*2*n           // q, k, v, output gate; decay and write strength
	conv := (2*k + v) * float64(l.Conv) // depthwise
	state := 2*n + float64(l.VDim)      // decay parameters, output norm
	return in + conv + state + v*h      // output projection
}

// kda is the weights of one Kimi-delta-attention layer (Kimi Linear).
func (l *Linear) kda(hidden int) float64 {
	h, k, n := float64(hidden), float64(l.KDim), float64(l.VHeads)
	w := n * float64(l.VDim)
	lowRank := h*k + k*w
	p := 4*h*w + 3*w*float64(l.Conv) + lowRank
	if l.FullRankGate {
		p += h * w
	} else {
		p += lowRank
	}
	return p + h*n + n + w + float64(l.VDim)
}

// params is the weights of one Mamba-2 layer.
func (s *Mamba) params(hidden int) float64 {
	h, d := float64(hidden), float64(s.Heads*s.HeadDim)
	bc := 2 * float64(s.Groups*s.State)
	in := h * (2*d + bc + float64(s.Heads))
	conv := (d + bc) * float64(s.Conv+1)
	return in + conv + 3*float64(s.Heads) + d + d*h
}

// indexerParams is the weights of the sparse-attention indexer of all layers.
func (m *Model) indexerParams() float64 {
	ix := m.Attention.Indexer
	if ix == nil || ix.Heads == 0 {
		return 0
	}
	h, d, n := float64(m.Hidden), float64(ix.HeadDim), float64(ix.Heads)
	q := h
	if l := m.Attention.Latent; l != nil && l.QRank > 0 {
		q = float64(l.QRank)
	}
	return float64(ix.Layers) * (q*n*d + h*d + 2*d + h*n)
}

// ffn is the weights of one feed-forward network between width and inter.
func (m *Model) ffn(inter int, width float64) float64 {
	f, n := float64(inter), float64(m.FFNMatrices)
	p := n * width * f
	if m.Extra.MLPBias {
		p += f*(n-1) + width
	}
	return p
}

// countFFN adds the feed-forward weights of all layers: dense ones and
// routers to DenseParams, routed experts to the expert counts.
func (m *Model) countFFN(w *Work) {
	h, dense := float64(m.Hidden), m.Layers
	if m.Extra.FFNLayers != nil {
		dense = *m.Extra.FFNLayers
	}
	if c := m.MoE; c != nil {
		dense = c.DenseLayers + c.ParallelDense
		width := h
		if c.Latent > 0 {
			width = float64(c.Latent)
		}
		expert := m.ffn(c.Intermediate, width)
		if c.ExpertBias {
			expert += 2*float64(c.Intermediate) + h
		}
		fixed := h * float64(c.Experts)
		if c.RouterBias {
			fixed += float64(c.Experts)
		}
		shared := c.SharedIntermediate
		if shared == 0 {
			shared = c.Intermediate
		}
		fixed += float64(c.Shared) * m.ffn(shared, h)
		if c.SharedGate {
			fixed += h
		}
		if c.Latent > 0 {
			fixed += 2 * h * width
		}
		n := float64(c.Layers)
		w.DenseParams += n * fixed
		w.ExpertParams = n * float64(c.Experts) * expert
		w.ActiveExpertParams = n * float64(c.TopK) * expert
		w.Experts, w.TopK = float64(c.Experts), float64(c.TopK)
	}
	if dense > 0 {
		w.DenseParams += float64(dense) * m.ffn(m.Intermediate, h)
	}
}

// countEncoder counts a BERT-like encoder: nothing is generated.
func (m *Model) countEncoder(w *Work) {
	h, f := float64(m.Hidden), float64(m.Intermediate)
	layer := 4*h*h + 4*h + 2*h*f + f + h + 4*h
	w.EmbeddingParams = float64(m.Vocab+m.Extra.Positions+m.Extra.TokenTypes) * h
	w.DenseParams = float64(m.Layers)*layer + 2*h
	w.OtherParams = m.Extra.OtherParams
	w.TotalParams = w.EmbeddingParams + w.DenseParams + w.OtherParams
}

// countEncoderDecoder counts a Whisper-like model; the encoder runs once per
// request and is counted as OtherParams.
func (m *Model) countEncoderDecoder(w *Work) {
	h, f, e := float64(m.Hidden), float64(m.Intermediate), m.Extra.Encoder
	attn := 4*h*h + 3*h // keys have no bias
	mlp := 2*h*f + f + h
	stem := float64(e.Mels)*h*3 + h + h*h*3 + h + float64(e.Context)*h
	w.OtherParams = float64(e.Layers)*(attn+mlp+4*h) + 2*h + stem
	w.EmbeddingParams = float64(m.Extra.Positions) * h
	w.LMHeadParams = float64(m.Vocab) * h
	w.DenseParams = float64(m.Layers)*(2*attn+mlp+6*h) + 2*h + w.LMHeadParams
	w.TotalParams = w.EmbeddingParams + w.DenseParams + w.OtherParams
}
