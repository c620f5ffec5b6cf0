package step

// Breakdown is one step taken apart. The seconds sum to Total; bytes and FLOP
// are of the whole replica, copies on several ranks included, drafting aside.
type Breakdown struct {
	Overhead      float64 // launches, host, sampling
	GEMM          float64 // matrix multiplications
	Attention     float64 // prefill attention, and decode attention in a latent space
	WeightRead    float64
	KVRead        float64 // cache, index and recurrent state
	Communication float64
	Draft         float64 // drafting, with speculative decoding
	Total         float64 // seconds

	GEMMFLOP        float64
	AttentionFLOP   float64 // prefill and decode
	WeightBytes     float64 // read
	KVReadBytes     float64
	KVWriteBytes    float64
	ActivationIO    float64 // bytes of activations read and written, an estimate that the law contains in GEMM
	LinkBytesPerGPU float64 // sent by each GPU
}

// activationPasses is how often one activation vector is read or written per
// layer with fused kernels (12 to 20 by count; the low end).
const activationPasses = 12

// Breakdown takes the step apart that Seconds times.
func (c *Cost) Breakdown(b Batch) Breakdown {
	var d Breakdown
	tokens := b.Decoding*c.modes.verify + b.PrefillTokens
	if !(tokens > 0) {
		return d
	}
	r, w := &c.replica, &c.work
	tp, pp, dp := float64(r.TP), float64(r.PP), float64(r.DP)
	at := tp / dp
	layers := float64(w.Layers)
	d = c.withDrafts(b)
	d.Total = c.Seconds(b)
	d.Overhead = d.Total - d.GEMM - d.Attention - d.WeightRead - d.KVRead - d.Communication - d.Draft

	read := b.Context * (w.KVElems - w.SparseKVElems) * r.KV.Bytes()
	pairFLOP := b.Context * (w.DecodePairFLOP - w.SparseDecodePairFLOP + w.IndexerPairFLOP)
	if w.SparseTopK > 0 {
		seen := min(b.Context, b.Decoding*float64(w.SparseTopK))
		read += seen * w.SparseKVElems * r.KV.Bytes()
		pairFLOP += seen * w.SparseDecodePairFLOP
	}
	for _, win := range w.Windows {
		seen := min(b.Context, b.Decoding*win.Tokens)
		read += seen * win.KVElems * r.KV.Bytes()
		pairFLOP += seen * win.PairFLOP
	}
	read += b.Context * w.IndexerBytes
	copies := at / min(at, max(float64(w.KVShards), 1))
	state := 2 * b.Decoding * w.StateBytes

	d.LinkBytesPerGPU = tokens/pp*(c.modes.localBytes+c.modes.gatherBytes) + c.reduce.sent(tokens/dp)
	d.GEMMFLOP = w.LinearFLOP * tokens
	d.AttentionFLOP = b.PrefillFLOP + pairFLOP*c.modes.verify
	d.WeightBytes = (c.denseRead*at*dp + (d.WeightRead-c.denseRead)*tp) * c.eff.bandwidth * r.GPU.BandwidthBytesPerS
	d.KVReadBytes = read*copies + state/2
	d.KVWriteBytes = c.tokenWrite()*tokens + state/2
	d.ActivationIO = activationPasses * tokens * float64(w.Hidden) * activationBytes * layers
	return d
}

// tokenWrite is the cache bytes one new token writes, copies included.
func (c *Cost) tokenWrite() float64 {
	b := c.held.perToken
	for i := range c.held.windows {
		b += c.held.windows[i].perToken
	}
	return b
}
