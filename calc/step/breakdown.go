package step

import "math"

// Breakdown is one step taken apart. The seconds sum to Total; bytes and FLOP
// are of the whole replica, copies on several ranks included.
type Breakdown struct {
	Overhead      float64 // launches, host, sampling
	GEMM          float64 // matrix multiplications
	Attention     float64 // prefill attention, and decode attention in a latent space
	WeightRead    float64
	KVRead        float64 // cache, index and recurrent state
	Communication float64
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
	tokens := b.Decoding + b.PrefillTokens
	if !(tokens > 0) {
		return d
	}
	r, w := &c.replica, &c.work
	tp, pp := float64(r.TP), float64(r.PP)
	g, layers := tp*pp, float64(w.Layers)
	decoding, prefilling := c.stretch(b.Decoding), c.stretch(b.PrefillTokens)
	worked := b.Decoding*decoding + b.PrefillTokens*prefilling // tokens as if the pipeline were full
	d.Total = c.Seconds(b)

	// Decode attention: FLOP for the record, time only in a latent space.
	read := b.Context * (w.KVElems - w.SparseKVElems) * r.KV.Bytes()
	pairFLOP := b.Context * (w.DecodePairFLOP - w.SparseDecodePairFLOP + w.IndexerPairFLOP)
	timed := b.Context * w.IndexerPairFLOP * indexerShare
	latent := w.DecodePairFLOP > w.PrefillPairFLOP
	if latent {
		timed += b.Context * (w.DecodePairFLOP - w.SparseDecodePairFLOP)
	}
	if w.SparseTopK > 0 {
		seen := min(b.Context, b.Decoding*float64(w.SparseTopK))
		read += seen * w.SparseKVElems * r.KV.Bytes()
		pairFLOP += seen * w.SparseDecodePairFLOP
		if latent {
			timed += seen * w.SparseDecodePairFLOP
		}
	}
	for _, win := range w.Windows {
		seen := min(b.Context, b.Decoding*win.Tokens)
		read += seen * win.KVElems * r.KV.Bytes()
		pairFLOP += seen * win.PairFLOP
	}
	read += b.Context * w.IndexerBytes
	copies := tp / min(tp, max(float64(w.KVShards), 1))
	state := 2 * b.Decoding * w.StateBytes

	bandwidth := c.eff.bandwidth * r.GPU.BandwidthBytesPerS
	d.GEMM = c.perGEMM * worked
	d.Attention = c.perFLOP * (b.PrefillFLOP*prefilling + timed*decoding)
	d.WeightRead = c.denseRead
	if c.experts.seconds > 0 {
		d.WeightRead += c.experts.read(tokens * c.stretch(tokens) / pp)
	}
	d.KVRead = read*copies/(bandwidth*c.eff.kv*g)*decoding + state/(bandwidth*g)
	d.Communication = (c.perToken - c.perGEMM - c.perWork) * worked
	if r.TP > 1 {
		d.Communication += w.AllReducesPerLayer * layers * c.eff.delay * math.Log2(tp)
		d.LinkBytesPerGPU = w.AllReducesPerLayer * layers / pp * 2 * tokens * float64(w.Hidden) * activationBytes * (tp - 1) / tp
	}
	if r.PP > 1 {
		d.Communication += (pp - 1) * c.eff.hopDelay
	}
	d.Overhead = d.Total - d.GEMM - d.Attention - d.WeightRead - d.KVRead - d.Communication

	d.GEMMFLOP = w.LinearFLOP * tokens
	d.AttentionFLOP = b.PrefillFLOP + pairFLOP
	d.WeightBytes = d.WeightRead * bandwidth * tp
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
