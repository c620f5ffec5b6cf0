package step

import (
	"math"

	"fleetsize/catalog"
)

// Cost is the step law of one replica with every constant folded in. It is
// immutable and safe for concurrent use.
type Cost struct {
	work    catalog.Work
	replica Replica
	memory  Memory

	peak float64 // FLOP/s per GPU of matrix multiplications, without efficiency
	eff  efficiencies

	// Seconds per step, sequence, token, … with efficiencies and the split over
	// GPUs folded in. A pipeline of pp stages is taken to be full.
	fixed       float64 // overhead and hop latency
	denseRead   float64 // reading the dense weights
	perSequence float64 // scheduling and sampling, and reading and writing recurrent state
	perToken    float64 // matrix multiplications, repeated work and hop traffic
	perGEMM     float64 // of perToken: matrix multiplications
	perWork     float64 // of perToken: work on a token that is repeated on every rank
	perFLOP     float64 // prefill attention, per FLOP
	perContext  float64 // reading KV and index, per context token
	capped      []capped
	pairFLOP    float64 // prefill attention FLOP per (query, context) pair
	limited     bool    // some layers see a limited context
	experts     expertReads
	reduce      reduction
	stages      float64
	micro       bool // pp > 1: few tokens do not fill the pipeline

	// Parts of the above, and what the modes add.
	modes    modes
	overhead float64 // of fixed: launches and host
	sequence float64 // of perSequence: scheduling and sampling
	hopDelay float64 // of fixed: pipeline hops
	perHop   float64 // of perToken: pipeline hops

	held heldBytes
}

// capped is the reading of layers that see a limited context.
type capped struct {
	tokens     float64 // context seen per sequence at most
	perContext float64 // seconds per context token seen
	bytes      float64 // of which reading
}

// efficiencies are the profile's shares with the multipliers that apply.
type efficiencies struct {
	compute, attention, bandwidth, kv float64
	step, layer, sequence             float64 // seconds
	delay                             float64 // of one round of an all-reduce, seconds
	direct                            bool    // one- and two-shot all-reduces, see reduction
	link, hop                         float64 // bytes/s usable inside the group, between stages
	hopDelay                          float64
}

// Seconds is the time of one step in seconds:
//
//	t = t0 + tL·L + cs·B + tk·L·T                         launch, host, sampling, work repeated on every rank
//	  + φ·T/(ec·F·g) + A/(ea·F16·g)                       compute
//	  + W(T)/(ed·BW·g) + κ·K/(ed·ekv·BW·g)                memory
//	  + n_ar·L·(α·r + T·d·b·s/(eβ·β))                     communication, g > 1
//
// with T = B + n tokens, A the attention FLOP of the n prompt tokens, W(T) the
// weight bytes read (all dense weights, the experts that T tokens touch), κ
// the KV bytes per context token and GPU share, b = 2 bytes. K is limited to
// the window for windowed layers (at the mean context), to the top-k for
// sparse ones. Recurrent states are read and written once per sequence. An
// all-reduce takes r = log2 g rounds and sends s = 2·(g−1)/g vectors per token,
// or, where GPUs and engine allow it, one round and g−1 or two rounds and
// 2·(g−1)/g, whichever is faster: see reduction.
//
// Decode attention costs no FLOP time except where it runs in a compressed
// latent space (MLA), whose FLOP per byte exceed those of every GPU.
//
// With pp > 1 stages the batch travels as pp micro-batches that keep the
// stages busy: compute and KV reads are spread over tp·pp GPUs, every stage
// pays its step overhead and reads its weights for each micro-batch (so weight
// time is not divided by pp), and a token crosses pp−1 hops. The pipeline is
// assumed full: fewer than pp sequences or prompt tokens keep fewer stages busy,
// and start-up and drain of a prompt's chunks are not counted.
//
// tk is work on every token that each rank of a group repeats (norms,
// residuals, quantizing activations, routing), about 100 ns per token and layer
// in every engine measured: the part of a prompt's time that tensor parallelism
// does not shorten.
//
// Source: additive law fitted to NIM 1.8.0, NIM 2024, InferenceX and static
// TensorRT-LLM batches (A100, H100, H200, GH200, L40S, B200); 5–13 % mean
// error of the time per output token on systems held out of the fit. Package
// fit says which alternatives were compared.
// An empty batch costs 0.
//
// Speculative decoding with k drafted tokens computes k+1 tokens per sequence
// (matrix multiplications, expert coverage, links, FLOP of decode attention),
// reads weights and KV once, and adds the drafts: k times a share of the plain
// decode step, see Speculation. Expert and attention data parallelism: see
// the package documentation.
func (c *Cost) Seconds(b Batch) float64 {
	tokens := b.Decoding + b.PrefillTokens
	if !(tokens > 0) {
		return 0
	}
	if c.modes.on {
		if c.modes.only {
			return c.drafting(b)
		}
		return c.withDrafts(b).Total
	}
	decode := c.perToken*b.Decoding + c.perContext*b.Context
	for i := range c.capped {
		w := &c.capped[i]
		decode += w.perContext * min(b.Context, b.Decoding*w.tokens)
	}
	prefill := c.perToken*b.PrefillTokens + c.perFLOP*b.PrefillFLOP
	exchanged := tokens
	if c.micro {
		decoding, prefilling := c.stretch(b.Decoding), c.stretch(b.PrefillTokens)
		decode *= decoding
		prefill *= prefilling
		exchanged = b.Decoding*decoding + b.PrefillTokens*prefilling
		tokens *= c.stretch(tokens) / c.stages
	}
	t := c.fixed + c.denseRead + c.perSequence*b.Decoding + decode + prefill + c.reduce.seconds(exchanged)
	if c.experts.seconds > 0 {
		t += c.experts.read(tokens)
	}
	return t
}

// stretch is how much longer n tokens or sequences take than on a full pipeline.
func (c *Cost) stretch(n float64) float64 { return c.stages / min(c.stages, max(n, 1)) }

// LinearSteps is over how many successive decode steps, every sequence
// gaining Gain tokens in each, the time per step grows by the same amount:
// until the mean context leaves a window. At least 1.
func (c *Cost) LinearSteps(decoding, context float64) int {
	steps := math.MaxInt
	for i := range c.capped {
		room := decoding*c.capped[i].tokens - context
		if room >= 0 && decoding > 0 {
			if s := room / (decoding * c.modes.gain); s < float64(steps-1) {
				steps = int(s) + 1
			}
		}
	}
	return steps
}

// setCoefficients folds profile, hardware and model into the coefficients.
func (c *Cost) setCoefficients() {
	c.setEfficiencies()
	r, w, e := &c.replica, &c.work, &c.eff
	tp, pp, dp := float64(r.TP), float64(r.PP), float64(r.DP)
	at := tp / dp // GPUs of an attention replica
	g := tp * pp
	layers := float64(w.Layers)
	bandwidth := e.bandwidth * r.GPU.BandwidthBytesPerS

	c.stages, c.micro = pp, r.PP > 1
	c.fixed = pp*e.step + layers*e.layer
	c.overhead = c.fixed
	c.denseRead = w.DenseReadBytes(r.Weights) / (bandwidth * at)
	c.experts.set(w, w.ExpertReadBytes(r.Weights)/(bandwidth*tp), or1(r.Profile.MoECoverageExp))
	c.sequence = e.sequence / dp
	c.perSequence = c.sequence + 2*w.StateBytes/(bandwidth*g)

	c.perGEMM = w.LinearFLOP / (c.peak * e.compute * g)
	c.perWork = r.Profile.TokenLayerCost * layers / pp / dp
	c.perToken = c.perGEMM + c.perWork
	c.pairFLOP = w.PrefillPairFLOP - w.SparsePrefillPairFLOP + w.IndexerPairFLOP*indexerShare
	c.limited = w.SparseTopK > 0 || len(w.Windows) > 0
	c.perFLOP = 1 / (e.attention * halfPeak(r.GPU) * g)

	if r.PP > 1 {
		c.hopDelay = (pp - 1) * e.hopDelay
		c.perHop = (pp - 1) * float64(w.Hidden) * activationBytes / (e.hop * pp)
		c.fixed += c.hopDelay
		c.perToken += c.perHop
	}

	// A rank reads its own KV heads, or a copy when there are more ranks than heads.
	kvRanks := min(at, max(float64(w.KVShards), 1)) * pp * dp
	perByte := 1 / (bandwidth * e.kv * kvRanks)
	bytes := r.KV.Bytes()
	decodePair, sparsePair := 0.0, 0.0
	if w.DecodePairFLOP > w.PrefillPairFLOP {
		decodePair, sparsePair = w.DecodePairFLOP, w.SparseDecodePairFLOP
	}
	c.modes.contextBytes = ((w.KVElems-w.SparseKVElems)*bytes + w.IndexerBytes) * perByte
	c.perContext = ((w.KVElems-w.SparseKVElems)*bytes+w.IndexerBytes)*perByte +
		(decodePair-sparsePair+w.IndexerPairFLOP*indexerShare)*c.perFLOP
	if w.SparseTopK > 0 && w.SparseKVElems > 0 {
		c.capped = append(c.capped, capped{float64(w.SparseTopK), w.SparseKVElems*bytes*perByte + sparsePair*c.perFLOP, w.SparseKVElems * bytes * perByte})
	}
	for _, win := range w.Windows {
		c.capped = append(c.capped, capped{win.Tokens, win.KVElems * bytes * perByte, win.KVElems * bytes * perByte})
	}
	c.setModes()
}

// activationBytes per value exchanged between GPUs: 16 bit.
const activationBytes = 2

// indexerShare turns 8-bit FLOP of an index into FLOP at the 16-bit peak.
const indexerShare = 0.5

// setEfficiencies applies the profile's multipliers.
func (c *Cost) setEfficiencies() {
	r, p := &c.replica, c.replica.Profile
	e := efficiencies{
		compute: p.ComputeEff, attention: p.AttentionEff, bandwidth: p.BandwidthEff, kv: or1(p.KVReadEff),
		step: p.StepOverhead, layer: p.LayerOverhead, sequence: p.SequenceCost,
	}
	if r.KV.Bits() == 8 {
		e.kv *= or1(p.KVRead8Bit)
	}
	if e.attention <= 0 {
		e.attention = e.compute
	}
	scale := func(compute, bandwidth, latency float64) {
		e.compute *= or1(compute)
		e.bandwidth *= or1(bandwidth)
		e.step *= or1(latency)
		e.layer *= or1(latency)
	}
	if c.work.ExpertParams > 0 {
		scale(c.expertShare(p.MoEComputeEff), p.MoEBandwidthEff, p.MoELatency)
	}
	if r.Weights.Dense.Bits() == 4 || c.work.ExpertParams > 0 && r.Weights.Experts.Bits() == 4 {
		scale(p.FourBitComputeEff, p.FourBitBandwidthEff, 1)
	}
	if r.GPU.Blackwell() {
		scale(p.BlackwellComputeEff, p.BlackwellBandwidthEff, p.BlackwellLatency)
	}
	// With expert coverage fitted beside it, the share of bandwidth of a
	// mixture of experts may exceed 1; more than this is an artifact.
	e.bandwidth = min(e.bandwidth, 1.2)
	e.setLinks(r)
	c.eff = e
}

// referenceExpert is the size of an expert, in parameters, that the compute
// share of mixtures of experts in a profile is stated for.
const referenceExpert = 20e6

// expertShare is the multiplier of compute efficiency for a mixture of experts
// whose profile has the multiplier m. What small experts lose falls with the
// root of their size s, since the tiles of their matrices fill up:
//
//	1 / (1 + (1/m − 1)·√(20e6/s))
//
// so that an expert of Mixtral (176e6) reaches 0.6 where those of gpt-oss
// (25e6) reach 0.36.
func (c *Cost) expertShare(m float64) float64 {
	w := &c.work
	m = or1(m)
	perExpert := w.ExpertParams / (w.Experts * c.expertLayers())
	if m >= 1 || !(perExpert > 0) {
		return m
	}
	return 1 / (1 + (1/m-1)*math.Sqrt(referenceExpert/perExpert))
}

// expertLayers is the number of layers with routed experts.
func (c *Cost) expertLayers() float64 {
	if m := c.replica.Model; m != nil && m.MoE != nil && m.MoE.Layers > 0 {
		return float64(m.MoE.Layers)
	}
	return float64(c.work.Layers)
}

func or1(x float64) float64 {
	if x > 0 {
		return x
	}
	return 1
}

// halfPeak is the dense 16-bit peak in FLOP/s.
func halfPeak(g *catalog.GPU) float64 {
	if f := g.HalfFLOPS(); f > 0 {
		return f
	}
	return g.DenseFLOPS.FP32
}
