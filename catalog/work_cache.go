package catalog

// countAttention fills the pair FLOP, the cached values and the windows of w.
func (m *Model) countAttention(w *Work) {
	a, heads := &m.Attention, float64(m.Heads)
	switch {
	case a.Compressed != nil:
		m.countCompressed(w)
	case a.Latent != nil:
		l, n := a.Latent, float64(a.Full)
		w.KVElems = n * float64(l.KVRank+l.Rope)
		w.PrefillPairFLOP = n * 2 * heads * float64(l.Nope+l.Rope+l.Value)
		w.DecodePairFLOP = n * 2 * heads * float64(2*l.KVRank+l.Rope)
	default:
		kv, pair := m.pair(a.Global)
		w.KVElems, w.PrefillPairFLOP = float64(a.Full)*kv, float64(a.Full)*pair
		w.DecodePairFLOP = w.PrefillPairFLOP
		if a.Sliding > 0 && a.Window > 0 {
			kv, pair = m.pair(a.Local)
			w.Windows = []Window{{
				Tokens:   float64(a.Window),
				PairFLOP: float64(a.Sliding) * pair,
				KVElems:  float64(a.Sliding) * kv,
			}}
		}
	}
	if m.Extra.Kind == "bert" {
		w.KVElems = 0 // an encoder sees the whole text at once
	}
	m.countSparse(w)
}

// pair is the cached values per token and the FLOP per (query, context) pair
// of one grouped-query layer.
func (m *Model) pair(s *HeadShape) (kv, flop float64) {
	n, hd, vd := m.shape(s)
	return float64(n * (hd + vd)), 2 * float64(m.Heads) * float64(hd+vd)
}

// countCompressed handles layers that cache one vector per Every tokens and a
// window of full resolution. Layers with ratio 0 only have the window.
func (m *Model) countCompressed(w *Work) {
	a, hd := &m.Attention, float64(m.HeadDim)
	perEntry := 4 * float64(m.Heads) * hd
	for _, r := range a.Compressed.Ratios {
		if r.Every <= 0 {
			continue
		}
		entries := float64(r.Layers) / float64(r.Every)
		w.KVElems += entries * hd
		w.PrefillPairFLOP += entries * perEntry
	}
	w.DecodePairFLOP = w.PrefillPairFLOP
	if a.Window > 0 {
		n := float64(m.Layers)
		w.Windows = []Window{{Tokens: float64(a.Window), PairFLOP: n * perEntry, KVElems: n * hd}}
	}
}

// countSparse splits off the part of the attention that an indexer limits to
// its top-k tokens. Layers of MLA models without an index of their own share
// the index of another layer, so all of them are sparse.
func (m *Model) countSparse(w *Work) {
	a := &m.Attention
	ix := a.Indexer
	if ix == nil {
		return
	}
	every := max(ix.Compress, 1)
	w.SparseTopK = ix.TopK * every
	w.IndexerPairFLOP = 2 * float64(ix.Layers*ix.Heads*ix.HeadDim) / float64(every)
	switch {
	case a.Compressed != nil:
		hd := float64(m.HeadDim)
		for _, r := range a.Compressed.Ratios {
			if r.Every != every {
				continue
			}
			n := float64(r.Layers) / float64(r.Every)
			w.SparseKVElems = n * hd
			w.SparsePrefillPairFLOP = n * 4 * float64(m.Heads) * hd
		}
		w.SparseDecodePairFLOP = w.SparsePrefillPairFLOP
	case a.Latent != nil:
		w.SparseKVElems = w.KVElems
		w.SparsePrefillPairFLOP, w.SparseDecodePairFLOP = w.PrefillPairFLOP, w.DecodePairFLOP
	case a.Full > 0:
		share := float64(ix.Layers) / float64(a.Full)
		w.SparseKVElems = share * w.KVElems
		w.SparsePrefillPairFLOP, w.SparseDecodePairFLOP = share*w.PrefillPairFLOP, share*w.DecodePairFLOP
	}
}

// indexerBytes is the index keys per token: 8-bit values with one 4-byte
// scale per 128 values, one key per Compress tokens, over all index layers.
func (m *Model) indexerBytes() float64 {
	ix := m.Attention.Indexer
	if ix == nil {
		return 0
	}
	key := float64(ix.HeadDim + 4*ix.HeadDim/128)
	return float64(ix.Layers) * key / float64(max(ix.Compress, 1))
}

// stateBytes is the memory one sequence needs whatever its length: recurrent
// states, the last inputs of short convolutions (16 bit), and the
// cross-attention keys and values of an encoder-decoder (16 bit).
func (m *Model) stateBytes() float64 {
	var t float64
	if l := m.Attention.Linear; l != nil {
		k, v := l.KHeads*l.KDim, l.VHeads*l.VDim
		matrix := float64(l.VHeads) * float64(l.KDim*l.VDim) * float64(l.StateBytes)
		t += float64(l.Layers) * (matrix + float64((2*k+v)*(l.Conv-1)*2))
	}
	if s := m.Attention.Mamba; s != nil {
		d := s.Heads * s.HeadDim
		matrix := float64(d) * float64(s.State*s.StateBytes)
		t += float64(s.Layers) * (matrix + float64((d+2*s.Groups*s.State)*(s.Conv-1)*2))
	}
	if e := m.Extra.Encoder; e != nil {
		t += 2 * float64(m.Layers) * float64(e.Context) * float64(m.Hidden) * 2
	}
	return t
}
