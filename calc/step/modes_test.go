package step

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"fleetsize/catalog"
)

// The law taken apart for the modes is the plain law where none is in use.
func TestModesAtTheirLimitAreThePlainLaw(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for name, c := range zoo(t) {
		if c.modes.on {
			t.Fatalf("%s: a mode is in use", name)
		}
		for range 300 {
			b := randomBatch(rng)
			if b.Decoding+b.PrefillTokens == 0 {
				continue
			}
			if got, want := c.withDrafts(b).Total, c.Seconds(b); !within(got, want, 1e-12) {
				t.Fatalf("%s %+v: %g in parts, want %g", name, b, got, want)
			}
		}
	}
	// One token per step, nothing drafted, no rank apart: the same numbers.
	r := replica(deepSeek(), roomyB200(), "", 8, 1)
	plain := mustCost(t, r)
	r.EP, r.DP, r.Speculation = 1, 1, Speculation{Gain: 1}
	same := mustCost(t, r)
	b := Batch{Decoding: 40, Context: 90000, PrefillTokens: 900, PrefillFLOP: 1e12}
	if same.Seconds(b) != plain.Seconds(b) || same.Memory() != plain.Memory() || same.TokenBytes() != plain.TokenBytes() {
		t.Error("EP 1, DP 1 and no draft differ from tensor parallelism")
	}
}

func roomyB200() *catalog.GPU {
	g := b200()
	g.UsableBytes *= 8
	return g
}

func speculating(r Replica, k int, gain, share float64) Replica {
	r.Speculation = Speculation{Draft: k, Gain: gain, DraftShare: share}
	return r
}

// Memory bound, a step that checks k+1 tokens takes hardly longer than one:
// the time per token falls by the gain. Compute bound it takes k+1 times as
// long: no gain when all are accepted, a loss otherwise.
func TestSpeculationLimits(t *testing.T) {
	const none = -1
	plain := mustCost(t, replica(llama70B(), h100(), catalog.BF16, 8, 1))
	for _, tc := range []struct {
		name        string
		k           int
		gain, share float64
		b           Batch
		want, tol   float64 // time per token, relative to plain
	}{
		{"one sequence, free draft", 3, 2.5, none, Batch{Decoding: 1, Context: 2000}, 1 / 2.5, 0.02},
		{"one sequence, a draft of 5 % each", 3, 2.5, 0.05, Batch{Decoding: 1, Context: 2000}, 1.15 / 2.5, 0.02},
		{"compute bound, all accepted", 3, 4, none, Batch{Decoding: 5e6, Context: 5e6}, 1, 0.03},
		{"compute bound, a half accepted", 3, 2, none, Batch{Decoding: 5e6, Context: 5e6}, 2, 0.03},
		{"bound by the cache", 3, 2.5, none, Batch{Decoding: 30, Context: 3e9}, 1 / 2.5, 0.001},
	} {
		c := mustCost(t, speculating(replica(llama70B(), h100(), catalog.BF16, 8, 1), tc.k, tc.gain, tc.share))
		if got := c.Seconds(tc.b) / c.Gain() / plain.Seconds(tc.b); !within(got, tc.want, tc.tol) {
			t.Errorf("%s: %.4f of the plain time per token, want %.4f", tc.name, got, tc.want)
		}
	}
	// Prompts are not touched.
	c := mustCost(t, speculating(replica(llama70B(), h100(), catalog.BF16, 8, 1), 3, 2.5, 0))
	b := Batch{PrefillTokens: 4000, PrefillFLOP: c.PrefillAttention(0, 4000)}
	if got, want := c.Seconds(b), plain.Seconds(b); !within(got, want, 1e-12) {
		t.Errorf("a prompt takes %g s with drafts, want %g", got, want)
	}
	// The default drafter of the 70B: 1/80 of a step and 1.5 % for the output matrix.
	w := plain.Work()
	share := 1/80.0 + w.LMHeadParams/w.DenseParams
	one := Batch{Decoding: 8, Context: 8000}
	if got, want := c.Breakdown(one).Draft, 3*share*plain.Seconds(one); !within(got, want, 1e-9) || share > 0.03 {
		t.Errorf("drafts take %g s, want %g (share %g)", got, want, share)
	}
	// It takes the memory of one layer.
	if more := c.Memory().Weights/plain.Memory().Weights - 1; !(more > 0.01 && more < 1/80.0+1e-9) {
		t.Errorf("the drafter adds %.4f to the weights", more)
	}
	// A mixture reads the experts of every token it checks.
	moe := speculating(replica(gptOSS(), b200(), "", 1, 1), 3, 2, none)
	checks := mustCost(t, moe).Breakdown(Batch{Decoding: 2, Context: 100}).WeightBytes
	moe.Speculation = Speculation{}
	eight := mustCost(t, moe).Breakdown(Batch{Decoding: 8, Context: 100}).WeightBytes
	if !within(checks, eight, 1e-12) {
		t.Errorf("checking 2·4 tokens reads %g bytes, want those of 8 tokens, %g", checks, eight)
	}
}

// A group of attention replicas of a dense model is as many replicas side by side.
func TestDenseAttentionDataParallelIsReplicas(t *testing.T) {
	single := mustCost(t, replica(llama8B(), h100(), catalog.FP8, 1, 1))
	r := replica(llama8B(), h100(), catalog.FP8, 8, 1)
	r.DP = 8
	group := mustCost(t, r)
	for _, n := range []float64{1, 5, 40} {
		one := Batch{Decoding: n, Context: 3000 * n, PrefillTokens: 500, PrefillFLOP: single.PrefillAttention(0, 500), Prompts: 1}
		eight := Batch{8 * one.Decoding, 8 * one.Context, 8 * one.PrefillTokens, 8 * one.PrefillFLOP, 8}
		if got, want := group.Seconds(eight), single.Seconds(one); !within(got, want, 1e-12) {
			t.Errorf("8 × %g sequences on 8 ranks: %g s, want %g", n, got, want)
		}
	}
	// A lone prompt or sequence has one rank to itself and leaves the others idle.
	lone := Batch{Decoding: 1, Context: 3000}
	if got, want := group.Seconds(lone), single.Seconds(lone); !within(got, want, 1e-12) {
		t.Errorf("one sequence on 8 ranks: %g s, want %g", got, want)
	}
	prompt := Batch{PrefillTokens: 4000, PrefillFLOP: single.PrefillAttention(0, 4000)}
	if got, want := group.Seconds(prompt), single.Seconds(prompt); !within(got, want, 1e-12) {
		t.Errorf("one prompt on 8 ranks: %g s, want %g", got, want)
	}
	if got, want := group.Memory().Weights, 8*single.Memory().Weights; !within(got, want, 1e-12) {
		t.Errorf("weights %g, want %g", got, want)
	}
	if got, want := group.RankKVCapacity(), single.KVCapacity(); !within(got, want, 1e-12) {
		t.Errorf("KV memory of a rank %g, want %g", got, want)
	}
}

// MLA's cache cannot be split by heads: tensor parallelism keeps a copy on
// every GPU, attention data parallelism one in all.
func TestLatentCacheUnderAttentionDataParallel(t *testing.T) {
	r := replica(deepSeek(), roomyB200(), "", 8, 1)
	r.KV = catalog.BF16
	copied := mustCost(t, r)
	r.DP, r.EP = 8, 8
	spread := mustCost(t, r)
	if got := copied.TokenBytes(); got != 8*70272 {
		t.Errorf("TP 8 holds %g bytes per token, want 8 copies of 70,272", got)
	}
	if got := spread.TokenBytes(); got != 70272 {
		t.Errorf("DP 8 holds %g bytes per token, want 70,272", got)
	}
	// Twice the GPUs, twice the tokens (and a little more: the experts spread thinner).
	r.TP, r.DP, r.EP = 16, 16, 16
	r.GPU = roomyB200()
	wide := mustCost(t, r)
	w := spread.Work()
	rank := func(n float64) float64 { // usable bytes a GPU has left, by hand
		dense := w.DenseReadBytes(r.Weights) + (w.EmbeddingParams+w.OtherParams)*2
		return 0.78 * (r.GPU.UsableBytes - dense - w.ExpertReadBytes(r.Weights)/n)
	}
	if got, want := spread.KVCapacity(), 8*rank(8); !within(got, want, 1e-9) {
		t.Errorf("8 ranks hold %g bytes, want %g", got, want)
	}
	if got, want := wide.KVCapacity(), 16*rank(16); !within(got, want, 1e-9) {
		t.Errorf("16 ranks hold %g bytes, want %g", got, want)
	}
}

func TestExpertParallelTraffic(t *testing.T) {
	r := replica(deepSeek(), roomyB200(), "", 8, 1)
	tp := mustCost(t, r)
	r.EP = 8
	whole := mustCost(t, r)
	r.DP = 8
	apart := mustCost(t, r)
	r.EP = 1
	gathered := mustCost(t, r)
	b := Batch{Decoding: 256, Context: 256 * 1000}

	vector := 7168.0 * 2
	ring := 2 * vector * 256 * 7 / 8
	for _, tc := range []struct {
		name string
		c    *Cost
		want float64
	}{
		{"tensor parallel: two all-reduces in 61 layers", tp, 61 * 2 * ring},
		{"whole experts: the same", whole, 61 * 2 * ring},
		// A token's 8 experts lie on 7·(1 − (7/8)⁸) = 4.6 other GPUs on the mean.
		{"attention apart: all-to-all in 58 layers", apart, 58 * 2 * vector * 256 / 8 * 7 * (1 - math.Pow(7.0/8, 8))},
		{"attention apart, split experts: every GPU gets every token", gathered, 58 * ring},
	} {
		if got := tc.c.Breakdown(b).LinkBytesPerGPU; !within(got, tc.want, 1e-9) {
			t.Errorf("%s: %g bytes per GPU, want %g", tc.name, got, tc.want)
		}
	}
	// Whole experts are unevenly busy, less so the more tokens there are.
	slower := func(n float64) float64 {
		b := Batch{PrefillTokens: n, PrefillFLOP: tp.PrefillAttention(0, n)}
		return whole.Seconds(b) / tp.Seconds(b)
	}
	if !(slower(64) > slower(1024) && slower(1024) > 1) || !within(slower(1e7), 1, 0.01) {
		t.Errorf("whole experts take %g, %g, %g times as long with 64, 1,024 and 10 million tokens", slower(64), slower(1024), slower(1e7))
	}
	d, e := tp.Breakdown(b), whole.Breakdown(b)
	busiest := 1 + math.Sqrt(2*math.Log(8)*8/(8*256))
	all := tp.experts.seconds
	want := tp.denseRead + math.Min((d.WeightRead-tp.denseRead)*busiest, all)
	if !within(e.WeightRead, want, 1e-9) {
		t.Errorf("the busiest GPU reads for %g s, want %g", e.WeightRead, want)
	}
}

// ofEveryKind is one of five models of different kinds, in turn.
func ofEveryKind(i int) *catalog.Model {
	return []*catalog.Model{llama70B(), gptOSS(), deepSeek(), sparse(), hybrid()}[i%5]
}

// randomDrafts drafts one to five tokens and gains at most those.
func randomDrafts(rng *rand.Rand) Speculation {
	k := 1 + rng.IntN(5)
	return Speculation{Draft: k, Gain: 1 + float64(k)*rng.Float64()}
}

// sumOf is the time of all parts of a step.
func sumOf(d *Breakdown) float64 {
	return d.Overhead + d.GEMM + d.Attention + d.WeightRead + d.KVRead + d.Communication + d.Draft
}

// The parts of a step sum up, and time grows with work, in every mode.
func TestModesSumAndGrow(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for i := range 200 {
		m := ofEveryKind(i)
		r := replica(m, roomyB200(), "", 8, 1+i%2)
		r.EP, r.DP = 1<<rng.IntN(4), 1<<rng.IntN(4)
		if rng.IntN(2) == 0 {
			r.Speculation = randomDrafts(rng)
		}
		c := mustCost(t, r)
		b := randomBatch(rng)
		if b.Decoding+b.PrefillTokens == 0 {
			continue
		}
		d := c.Breakdown(b)
		sum := sumOf(&d)
		if !within(sum, d.Total, 1e-9) || d.Overhead < -1e-12 || !(d.LinkBytesPerGPU >= 0) {
			t.Fatalf("EP %d DP %d %+v: parts %+v sum to %g", r.EP, r.DP, b, d, sum)
		}
		if b.Decoding == 0 {
			continue
		}
		// Linear in the context for as many steps as promised.
		n := float64(min(c.LinearSteps(b.Decoding, b.Context)-1, 1000))
		at := func(k float64) float64 {
			x := b
			x.Context += k * b.Decoding * c.Gain()
			return c.Seconds(x)
		}
		if mid := (at(0) + at(n)) / 2; !within(at(n/2), mid, 1e-9) {
			t.Fatalf("EP %d DP %d %+v: %g half way, want %g", r.EP, r.DP, b, at(n/2), mid)
		}
	}
}

// The short form for speculation alone is the law taken apart.
func TestDraftingIsTheSumOfItsParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for i := range 400 {
		m := ofEveryKind(i)
		r := replica(m, roomyB200(), "", 1<<rng.IntN(4), 1)
		k := 1 + rng.IntN(5)
		r.Speculation = Speculation{Draft: k, Gain: 1 + float64(k)*rng.Float64(), DraftShare: 0.2*rng.Float64() - 0.05}
		c := mustCost(t, r)
		if !c.modes.only {
			t.Fatal("speculation alone is not seen as such")
		}
		b := randomBatch(rng)
		if b.Decoding+b.PrefillTokens == 0 {
			continue
		}
		if got, want := c.Seconds(b), c.withDrafts(b).Total; !within(got, want, 1e-12) {
			t.Fatalf("%s %+v: %g, want %g", m.ID, b, got, want)
		}
	}
}

func TestLayoutErrors(t *testing.T) {
	for _, tc := range []struct {
		ep, dp int
		s      Speculation
		pp     int
	}{
		{pp: 37}, {pp: 64}, // of 36 layers
		{ep: 3}, {ep: 16}, {dp: 3}, {dp: 16},
		{s: Speculation{Draft: -1}}, {s: Speculation{Draft: 65, Gain: 2}}, {s: Speculation{Draft: 3, Gain: 0.5}},
		{s: Speculation{Draft: 3, Gain: 4.5}}, {s: Speculation{Draft: 3, Gain: math.NaN()}}, {s: Speculation{Draft: 3}},
	} {
		r := replica(gptOSS(), b200(), "", 8, 1)
		r.EP, r.DP, r.Speculation, r.PP = tc.ep, tc.dp, tc.s, max(tc.pp, 1)
		_, err := New(r)
		if e := (*LayoutError)(nil); !errors.As(err, &e) || e.Text == "" {
			t.Errorf("EP %d DP %d PP %d %+v: %v, want a *LayoutError", tc.ep, tc.dp, tc.pp, tc.s, err)
		}
	}
}
