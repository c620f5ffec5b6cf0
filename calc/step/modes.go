package step

import (
	"fmt"
	"math"
)

// Speculation is speculative decoding: a drafter proposes tokens that the
// model checks in one step. The zero value is none.
type Speculation struct {
	Draft int // k, tokens drafted per step, 0 = none, at most MaxDraft
	// Gain is a, the tokens a step yields per sequence on the mean, the one
	// that is always right included (what engines log as acceptance length),
	// 1 to k+1. It depends on drafter, domain and temperature and is measured,
	// not computed.
	Gain float64
	// DraftShare is the time to draft one token as a share of a plain decode
	// step of the same sequences. 0 = a drafter of one layer with the model's
	// output matrix (EAGLE, multi-token prediction): 1/L + the output matrix's
	// share of the parameters a token passes through. Negative = none (n-gram
	// look-up). A drafter of its own model: its decode step over the model's.
	DraftShare float64
}

// MaxDraft is the longest draft: the check no longer gains beyond a few tokens.
const MaxDraft = 64

// On reports whether anything is drafted.
func (s Speculation) On() bool { return s.Draft > 0 }

// LayoutError is a parallel layout or a draft that cannot be.
type LayoutError struct{ Text string }

func (e *LayoutError) Error() string { return e.Text }

// checkModes fills in defaults of the layout and the draft and reports what
// cannot be.
func (r *Replica) checkModes() error {
	r.EP, r.DP = max(r.EP, 1), max(r.DP, 1)
	bad := func(format string, args ...any) error { return &LayoutError{fmt.Sprintf(format, args...)} }
	switch s := &r.Speculation; {
	case r.TP%r.EP != 0:
		return bad("expert parallel %d does not divide the group of %d GPUs; use a divisor of it", r.EP, r.TP)
	case r.TP%r.DP != 0:
		return bad("attention data parallel %d does not divide the group of %d GPUs; use a divisor of it", r.DP, r.TP)
	case r.PP > max(r.Model.Layers, 1):
		return bad("%d pipeline stages of %d layers: use at most one stage a layer", r.PP, r.Model.Layers)
	case s.Draft < 0 || s.Draft > MaxDraft:
		return bad("%d drafted tokens: use 0 to %d", s.Draft, MaxDraft)
	case s.Draft == 0:
		*s = Speculation{}
	case !(s.Gain >= 1 && s.Gain <= float64(s.Draft+1)):
		return bad("%g tokens per step with %d drafted: use 1 to %d", s.Gain, s.Draft, s.Draft+1)
	}
	return nil
}

// modes are the coefficients of what goes beyond tensor and pipeline
// parallelism and one token per step. Without any of it they are not used.
type modes struct {
	on     bool
	only   bool    // nothing but speculative decoding
	verify float64 // m = k+1, tokens computed per sequence and step
	gain   float64 // a
	draft  float64 // time of the drafts of a step over that of a plain decode step
	ranks  float64 // attention replicas (DP)

	perDense     float64 // seconds per token of matrix multiplications, experts aside
	perExpert    float64 // the same of routed experts
	imbalance    float64 // √(2·ln x·x/k) for x ranks of whole experts; 0 = all alike
	groups       float64 // x
	perLocal     float64 // link seconds per token that leaves its attention replica
	perGather    float64 // link seconds per token that every rank needs
	linkDelay    float64 // seconds of collectives per step, all-reduces aside
	localBytes   float64 // bytes each GPU sends per token, all-reduces aside
	gatherBytes  float64
	contextBytes float64 // KV seconds per context token; the rest of perContext are FLOP
}

// Gain is how many tokens a decode step yields per sequence, 1 without
// speculative decoding.
func (c *Cost) Gain() float64 { return c.modes.gain }

// Verified is how many tokens a decode step computes per sequence, 1 without
// speculative decoding.
func (c *Cost) Verified() float64 { return c.modes.verify }

// Ranks is the number of attention replicas of the group (DP), 1 without
// attention data parallelism. Each has its own sequences, KV memory and token
// budget.
func (c *Cost) Ranks() int { return c.replica.DP }

// draftShare is DraftShare with the default filled in.
func (c *Cost) draftShare() float64 {
	w, s := &c.work, c.replica.Speculation
	switch {
	case s.DraftShare > 0:
		return s.DraftShare
	case s.DraftShare < 0:
		return 0
	}
	share := 0.0
	if w.Layers > 0 {
		share = 1 / float64(w.Layers)
	}
	if active := w.DenseParams + w.ActiveExpertParams; active > 0 {
		share += w.LMHeadParams / active
	}
	return min(share, 1)
}

// setModes derives the coefficients of the modes. The other coefficients are set.
//
// Attention data parallelism: every rank of DP holds all weights besides the
// experts, split over its TP/DP GPUs, and works on its own sequences. Inside
// it, layers all-reduce over TP/DP GPUs. For the expert layers all tokens meet:
// with whole experts spread over x = EP ranks a token travels to
//
//	(x−1)·(1 − (1−1/x)^k) · TP/EP
//
// other GPUs on the mean, and back (all-to-all, 2·α per layer); with experts
// split over all GPUs every GPU needs every token (all-gather and
// reduce-scatter, as many bytes as an all-reduce). Without attention data
// parallelism every GPU has every token already, and expert layers all-reduce
// whether experts are split or whole, as engines do.
//
// Whole experts are not equally busy: of T·k assignments to x ranks the busiest
// gets 1 + √(2·ln x·x/(T·k)) times the mean, at most x (balls into bins; Raab
// and Steger, RANDOM 1998).
func (c *Cost) setModes() {
	r, w, e, m := &c.replica, &c.work, &c.eff, &c.modes
	m.verify, m.gain, m.ranks = 1, 1, float64(r.DP)
	if r.Speculation.On() {
		m.verify, m.gain = float64(r.Speculation.Draft+1), r.Speculation.Gain
		m.draft = float64(r.Speculation.Draft) * c.draftShare()
	}
	m.on = r.Speculation.On() || r.EP > 1 && w.ExpertParams > 0 || r.DP > 1
	tp, pp, dp := float64(r.TP), float64(r.PP), float64(r.DP)
	layers := float64(w.Layers)
	all := c.peak * e.compute * tp * pp
	m.perDense = 2 * (w.LinearFLOP/2 - w.ActiveExpertParams) / all
	m.perExpert = 2 * w.ActiveExpertParams / all
	m.groups = float64(r.EP)
	if r.EP > 1 && w.TopK > 0 {
		m.imbalance = math.Sqrt(2 * math.Log(m.groups) * m.groups / w.TopK)
	}
	m.only = m.on && r.DP == 1 && m.imbalance == 0 && !c.micro
	if r.TP == 1 {
		return
	}
	vector := float64(w.Hidden) * activationBytes
	inside := w.AllReducesPerLayer * layers // all-reduces inside an attention replica
	if r.DP > 1 && w.ExpertParams > 0 {
		experts := min(c.expertLayers(), inside)
		inside -= experts
		if x := m.groups; x > 1 {
			m.localBytes = experts * 2 * vector * (x - 1) * (1 - math.Pow(1-1/x, w.TopK)) * (tp / x) / tp
			m.linkDelay = experts * 2 * e.delay
		} else {
			m.gatherBytes = experts * 2 * vector * (tp - 1) / tp
			m.linkDelay = experts * e.delay * e.rounds(tp)
		}
	}
	c.reduce.set(inside, tp/dp, vector, pp, e)
	m.perLocal, m.perGather = m.localBytes/(e.link*pp), m.gatherBytes/(e.link*pp)
}

// parts is the time of one step, taken apart, with m tokens per decoding
// sequence and no drafts.
func (c *Cost) parts(b Batch, m float64) (p Breakdown) {
	o := &c.modes
	tokens := b.Decoding*m + b.PrefillTokens
	// What a token costs is for equally busy ranks and stages; few sequences or
	// prompts leave some idle.
	ranks, promptRanks := o.spread(b.Decoding), o.spread(b.Prompts)
	stages, promptStages, touched := 1.0, 1.0, tokens
	if c.micro {
		stages, promptStages = c.stretch(b.Decoding/o.ranks), c.stretch(b.PrefillTokens)
		touched *= c.stretch(tokens) / c.stages
	}
	decoding, prefilling := ranks*stages, promptRanks*promptStages
	local := b.Decoding*m*decoding + b.PrefillTokens*prefilling
	all := b.Decoding*m*stages + b.PrefillTokens*promptStages
	busiest := 1.0
	if o.imbalance > 0 {
		busiest = min(o.groups, 1+o.imbalance/math.Sqrt(tokens))
	}
	p.GEMM = o.perDense*local + o.perExpert*all*busiest
	p.WeightRead = c.denseRead
	if c.experts.seconds > 0 {
		p.WeightRead += min(c.experts.read(touched)*busiest, c.experts.seconds)
	}
	read, flop := o.contextBytes*b.Context, (c.perContext-o.contextBytes)*b.Context
	for i := range c.capped {
		w := &c.capped[i]
		seen := min(b.Context, b.Decoding*w.tokens)
		read += w.bytes * seen
		flop += (w.perContext - w.bytes) * seen
	}
	p.KVRead = read*decoding + (c.perSequence-c.sequence)*b.Decoding*ranks
	p.Attention = flop*m*decoding + c.perFLOP*b.PrefillFLOP*prefilling
	p.Communication = o.linkDelay + c.hopDelay + c.reduce.seconds(local/o.ranks) + (o.perLocal+c.perHop)*local + o.perGather*all
	p.Overhead = c.overhead + c.sequence*b.Decoding*ranks + c.perWork*local
	p.Total = p.Overhead + p.GEMM + p.Attention + p.WeightRead + p.KVRead + p.Communication
	return p
}

// spread is how much longer n sequences or prompts take than on ranks that are
// all busy.
func (o *modes) spread(n float64) float64 { return o.ranks / min(o.ranks, max(n, 1)) }

// drafting is withDrafts(b).Total for nothing but speculative decoding, with
// fewer operations.
func (c *Cost) drafting(b Batch) float64 {
	o := &c.modes
	if !(b.Decoding > 0) {
		t := c.fixed + c.denseRead + c.perToken*b.PrefillTokens + c.perFLOP*b.PrefillFLOP + c.reduce.seconds(b.PrefillTokens)
		if c.experts.seconds > 0 {
			t += c.experts.read(b.PrefillTokens)
		}
		return t
	}
	// A draft is a share of the plain step: once of what a step does once, per
	// token of what it does for each.
	once, each := 1+o.draft, o.verify+o.draft
	t := (c.fixed+c.denseRead+c.perSequence*b.Decoding+o.contextBytes*b.Context)*once +
		(c.perToken*b.Decoding+(c.perContext-o.contextBytes)*b.Context)*each +
		c.perToken*b.PrefillTokens + c.perFLOP*b.PrefillFLOP +
		c.reduce.seconds(b.Decoding*o.verify+b.PrefillTokens) + o.draft*c.reduce.seconds(b.Decoding)
	for i := range c.capped {
		w := &c.capped[i]
		t += (w.bytes*once + (w.perContext-w.bytes)*each) * min(b.Context, b.Decoding*w.tokens)
	}
	if c.experts.seconds > 0 {
		t += c.experts.read(b.Decoding*o.verify+b.PrefillTokens) + o.draft*c.experts.read(b.Decoding)
	}
	return t
}

// withDrafts is parts with everything a step does, drafts included. There is
// something to do.
func (c *Cost) withDrafts(b Batch) Breakdown {
	p := c.parts(b, c.modes.verify)
	if c.modes.draft > 0 && b.Decoding > 0 {
		p.Draft = c.modes.draft * c.parts(Batch{Decoding: b.Decoding, Context: b.Context}, 1).Total
		p.Total += p.Draft
	}
	return p
}
