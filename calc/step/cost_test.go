package step

import (
	"math"
	"math/rand/v2"
	"testing"

	"fleetsize/catalog"
)

func within(a, b, rel float64) bool {
	return math.Abs(a-b) <= rel*math.Max(math.Abs(a), math.Abs(b))
}

// The law by hand, for Llama 3.1 8B FP8 on one H100 and 70B on two.
func TestSecondsByHand(t *testing.T) {
	c := mustCost(t, replica(llama8B(), h100(), catalog.FP8, 1, 1))
	// 8,030,261,248 parameters, 525,336,576 of them each in embedding and LM head.
	linear := 2 * (8030261248.0 - 525336576)
	weights := (8030261248.0 - 2*525336576) + 2*525336576 // LM head at 16 bit
	kv := 2 * 32 * 8 * 128.0                              // FP8: one byte
	overhead := 1.8e-3 + 32*20e-6

	b := Batch{Decoding: 10, Context: 12345}
	want := overhead + 10e-6 + linear*10/(0.68*1978.9e12) + weights/(0.82*3350e9) + kv*12345/(0.82*3350e9)
	if got := c.Seconds(b); !within(got, want, 1e-12) {
		t.Errorf("8B decode step = %.9g s, want %.9g", got, want)
	}

	flop := 4 * 32 * 32 * 128 * 5000.0 * 5000 / 2
	if got := c.PrefillAttention(0, 5000); got != flop {
		t.Errorf("attention of 5,000 tokens = %g FLOP, want %g", got, flop)
	}
	b = Batch{PrefillTokens: 5000, PrefillFLOP: flop}
	want = overhead + linear*5000/(0.68*1978.9e12) + flop/(0.68*989.4e12) + weights/(0.82*3350e9)
	if got := c.Seconds(b); !within(got, want, 1e-12) {
		t.Errorf("8B prefill of 5,000 = %.9g s, want %.9g", got, want)
	}

	c = mustCost(t, replica(llama70B(), h100(), catalog.FP8, 2, 1))
	emb := 128256 * 8192.0
	linear = 2 * (70553706496.0 - emb)
	weights = 70553706496.0 - 2*emb + 2*emb
	b = Batch{Decoding: 4, Context: 4000}
	want = 1.8e-3 + 80*20e-6 + 4e-6 + linear*4/(0.68*1978.9e12*2) + weights/(0.82*3350e9*2) +
		2*80*8*128*4000/(0.82*3350e9*2) +
		2*80*(26e-6+2*4*8192*2*0.5/(0.7*450e9))
	if got := c.Seconds(b); !within(got, want, 1e-12) {
		t.Errorf("70B TP2 decode step = %.9g s, want %.9g", got, want)
	}
}

// Published ratios hold: a measured NIM 1.8.0 stream takes 4.63 ms per token.
func TestSecondsNearMeasured(t *testing.T) {
	r := replica(llama8B(), h100(), catalog.FP8, 1, 1)
	p := r.Engine.Profiles[0]
	p.LayerOverhead = 0
	r.Profile = &p
	if got := mustCost(t, r).Seconds(Batch{Decoding: 1, Context: 300}); !within(got, 4.63e-3, 0.05) {
		t.Errorf("8B FP8 time per token = %.2f ms, measured 4.63", got*1e3)
	}
}

func TestEmptyBatchCostsNothing(t *testing.T) {
	for name, c := range zoo(t) {
		if got := c.Seconds(Batch{}); got != 0 {
			t.Errorf("%s: empty batch = %g s", name, got)
		}
		if got := c.Breakdown(Batch{}); got != (Breakdown{}) {
			t.Errorf("%s: empty breakdown = %+v", name, got)
		}
	}
}

func randomBatch(rng *rand.Rand) Batch {
	b := Batch{Decoding: math.Floor(math.Exp(rng.Float64()*7)) - 1}
	b.Context = b.Decoding * math.Floor(1+math.Exp(rng.Float64()*10))
	if rng.IntN(2) == 0 || b.Decoding == 0 {
		b.PrefillTokens = math.Floor(1 + math.Exp(rng.Float64()*10))
	}
	return b
}

// More work never takes less time, and every part counts.
func TestSecondsGrows(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for name, c := range zoo(t) {
		for range 300 {
			b := randomBatch(rng)
			b.PrefillFLOP = c.PrefillAttention(0, b.PrefillTokens)
			t0 := c.Seconds(b)
			if !(t0 > 0) || math.IsInf(t0, 0) {
				t.Fatalf("%s: %+v = %g s", name, b, t0)
			}
			more := b
			more.PrefillTokens++
			more.PrefillFLOP = c.PrefillAttention(0, more.PrefillTokens)
			if got := c.Seconds(more); got < t0 {
				t.Errorf("%s: a prompt token more makes %+v faster: %g < %g", name, b, got, t0)
			}
			if b.Decoding > 0 {
				more = b
				more.Context += 100
				if got := c.Seconds(more); got < t0 {
					t.Errorf("%s: more context makes %+v faster: %g < %g", name, b, got, t0)
				}
			}
			more = b
			more.Decoding++
			more.Context += max(1000, b.Context/max(b.Decoding, 1))
			if got := c.Seconds(more); got < t0 {
				t.Errorf("%s: one more decoder makes %+v faster: %g < %g", name, b, got, t0)
			}
		}
	}
}

func TestBreakdownSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for name, c := range zoo(t) {
		r := c.Replica()
		p := r.Profile
		for range 200 {
			b := randomBatch(rng)
			b.PrefillFLOP = c.PrefillAttention(0, b.PrefillTokens)
			d := c.Breakdown(b)
			sum := d.Overhead + d.GEMM + d.Attention + d.WeightRead + d.KVRead + d.Communication
			if !within(sum, d.Total, 1e-12) || d.Total != c.Seconds(b) {
				t.Fatalf("%s: parts of %+v sum to %g, total %g, Seconds %g", name, b, sum, d.Total, c.Seconds(b))
			}
			// Overhead is the remainder, so it tests all the others.
			latency := 1.0
			if c.Work().ExpertParams > 0 {
				latency *= p.MoELatency
			}
			if r.GPU.Blackwell() {
				latency *= p.BlackwellLatency
			}
			want := (float64(r.PP)*p.StepOverhead+float64(r.Model.Layers)*p.LayerOverhead)*latency + p.SequenceCost*b.Decoding
			if !within(d.Overhead, want, 1e-9) {
				t.Fatalf("%s: overhead of %+v = %g, want %g", name, b, d.Overhead, want)
			}
			for _, v := range []float64{d.GEMM, d.WeightRead, d.WeightBytes, d.GEMMFLOP, d.KVWriteBytes, d.ActivationIO} {
				if !(v > 0) {
					t.Fatalf("%s: a part of %+v is missing: %+v", name, b, d)
				}
			}
			if r.TP > 1 != (d.LinkBytesPerGPU > 0) {
				t.Fatalf("%s: %g link bytes", name, d.LinkBytesPerGPU)
			}
		}
	}
}

// Llama 3.1 8B FP8, one sequence of 1,000 tokens: 8.03 GB of weights (the LM
// head at 16 bit) and 65.5 MB of cache.
func TestBreakdownBytes(t *testing.T) {
	c := mustCost(t, replica(llama8B(), h100(), catalog.FP8, 1, 1))
	d := c.Breakdown(Batch{Decoding: 1, Context: 1000})
	if want := 8030261248.0; !within(d.WeightBytes, want, 1e-12) {
		t.Errorf("weight bytes = %.0f, want %.0f", d.WeightBytes, want)
	}
	if want := 65536.0 * 1000; !within(d.KVReadBytes, want, 1e-12) {
		t.Errorf("KV bytes read = %.0f, want %.0f", d.KVReadBytes, want)
	}
	if want := 65536.0; d.KVWriteBytes != want {
		t.Errorf("KV bytes written = %.0f, want %.0f", d.KVWriteBytes, want)
	}
	if want := 4 * 32 * 32 * 128 * 1000.0; d.AttentionFLOP != want || d.Attention != 0 {
		t.Errorf("decode attention = %g FLOP in %g s, want %g in 0", d.AttentionFLOP, d.Attention, want)
	}
}

func TestMultipliers(t *testing.T) {
	p := nim().Profiles[0]
	// Experts of gpt-oss have three matrices of 2,880 × 2,880; the multiplier of
	// the profile is stated for 20 million parameters.
	expert := 1 / (1 + (1/0.35-1)*math.Sqrt(20e6/(3*2880*2880)))
	for _, tc := range []struct {
		name               string
		r                  Replica
		compute, bandwidth float64
		latency            float64
	}{
		{"dense", replica(llama8B(), h100(), catalog.FP8, 1, 1), 0.68, 0.82, 1.8e-3},
		{"dense 4-bit", replica(llama8B(), h100(), catalog.INT4, 1, 1), 0.68 * 1.09, 0.82 * 0.9, 1.8e-3},
		{"dense Blackwell", replica(llama8B(), b200(), catalog.FP8, 1, 1), 0.68 * 0.8, 0.82 * 0.83, 0.9e-3},
		{"4-bit experts Blackwell", replica(gptOSS(), b200(), "", 1, 1), 0.68 * expert * 1.09 * 0.8, 0.82 * 1.1 * 0.9 * 0.83, 1.8e-3 * 1.45 * 0.5},
	} {
		c := mustCost(t, tc.r)
		if !within(c.eff.compute, tc.compute, 1e-12) || !within(c.eff.bandwidth, tc.bandwidth, 1e-12) || !within(c.eff.step, tc.latency, 1e-12) {
			t.Errorf("%s: compute %g bandwidth %g overhead %g, want %g %g %g", tc.name, c.eff.compute, c.eff.bandwidth, c.eff.step, tc.compute, tc.bandwidth, tc.latency)
		}
		if !within(c.eff.attention, p.ComputeEff, 1e-12) {
			t.Errorf("%s: attention share %g, want the unmultiplied %g", tc.name, c.eff.attention, p.ComputeEff)
		}
	}
}

// Work that every rank repeats is not shortened by more of them; an 8-bit cache
// may be read at another share of the bandwidth than a 16-bit one.
func TestRepeatedWorkAndEightBitCache(t *testing.T) {
	b := Batch{Decoding: 3, Context: 3000, PrefillTokens: 500}
	with := func(tp int, kv catalog.Precision, edit func(p *catalog.Profile)) Breakdown {
		r := replica(llama8B(), h100(), catalog.FP8, tp, 1)
		r.KV = kv
		p := r.Engine.Profiles[0]
		edit(&p)
		r.Profile = &p
		return mustCost(t, r).Breakdown(b)
	}
	plain := func(*catalog.Profile) {}
	for _, tp := range []int{1, 4} {
		x, y := with(tp, catalog.FP8, plain), with(tp, catalog.FP8, func(p *catalog.Profile) { p.TokenLayerCost = 20e-9 })
		if got, want := y.Overhead-x.Overhead, 20e-9*32*503; !within(got, want, 1e-9) || !within(y.Total-x.Total, want, 1e-9) {
			t.Errorf("TP %d: repeated work adds %g s, want %g", tp, got, want)
		}
	}
	slow := func(p *catalog.Profile) { p.KVRead8Bit = 0.5 }
	if x, y := with(1, catalog.FP8, plain), with(1, catalog.FP8, slow); !within(y.KVRead, 2*x.KVRead, 1e-12) {
		t.Errorf("8-bit cache at half the share: %g s, plain %g", y.KVRead, x.KVRead)
	}
	if x, y := with(1, catalog.BF16, plain), with(1, catalog.BF16, slow); y != x {
		t.Errorf("the 16-bit cache is slowed down as well: %+v, %+v", y, x)
	}
}

// Tensor-parallel groups use the link inside its domain and PCIe beyond.
func TestLinks(t *testing.T) {
	rack := h100()
	rack.LinkDomain, rack.LinkBytesPerS = 72, 900e9
	none := h100()
	none.LinkBytesPerS, none.LinkDomain, none.PCIeBytesPerS = 0, 1, 0
	mesh := h100()
	mesh.LinkPeerBytesPerS = 64e9
	for _, tc := range []struct {
		name        string
		gpu         *catalog.GPU
		tp          int
		rate, delay float64
	}{
		{"inside the node", h100(), 8, 0.7 * 450e9, 26e-6},
		{"beyond the domain", h100(), 16, 0.45 * 63e9, 26e-6 * 1.36},
		{"rack-scale domain", rack, 16, 0.7 * 900e9, 26e-6},
		{"no link, PCIe unknown", none, 2, 0.45 * defaultPCIe, 26e-6 * 1.36},
		{"two of a mesh", mesh, 2, 0.7 * 64e9, 26e-6},
		{"all of a mesh", mesh, 8, 0.7 * 7 * 64e9, 26e-6},
	} {
		c := mustCost(t, replica(llama8B(), tc.gpu, catalog.FP8, tc.tp, 1))
		if !within(c.eff.link, tc.rate, 1e-12) || !within(c.eff.delay, tc.delay, 1e-12) {
			t.Errorf("%s: %g B/s, %g s; want %g, %g", tc.name, c.eff.link, c.eff.delay, tc.rate, tc.delay)
		}
	}
}

// A pipeline of two stages spreads computing and cache reads over twice the
// GPUs, and reads its weights as often as one stage would.
func TestPipeline(t *testing.T) {
	one := mustCost(t, replica(llama70B(), h100(), catalog.FP8, 2, 1))
	two := mustCost(t, replica(llama70B(), h100(), catalog.FP8, 2, 2))
	b := Batch{Decoding: 64, Context: 64 * 2000}
	x, y := one.Breakdown(b), two.Breakdown(b)
	if !within(y.GEMM, x.GEMM/2, 1e-9) || !within(y.KVRead, x.KVRead/2, 1e-9) || !within(y.WeightRead, x.WeightRead, 1e-9) {
		t.Errorf("one stage %+v\ntwo stages %+v", x, y)
	}
	if want := nim().Profiles[0].StepOverhead; !within(y.Overhead-x.Overhead, want, 1e-9) {
		t.Errorf("the second stage adds %g s of overhead, want %g", y.Overhead-x.Overhead, want)
	}
	// One sequence cannot fill two stages: nothing is gained by the second.
	single := Batch{Decoding: 1, Context: 100000}
	x, y = one.Breakdown(single), two.Breakdown(single)
	if !within(y.KVRead, x.KVRead, 1e-9) || !within(y.GEMM, x.GEMM, 1e-9) {
		t.Errorf("a single sequence is faster on two stages: %+v against %+v", y, x)
	}
	if one.Memory().KV >= two.Memory().KV {
		t.Error("the second stage brings no KV memory")
	}
}

// Only the touched experts are read.
func TestExpertCoverage(t *testing.T) {
	c := mustCost(t, replica(gptOSS(), b200(), "", 1, 1))
	all := c.experts.seconds
	for _, n := range []float64{1, 2, 3, 7, 16, 17, 31, 40, 100, 333, 1000, 8192, 1e6, 1e12} {
		want := all * (1 - math.Pow(1-4.0/128, math.Pow(n, 0.9)))
		if got := c.experts.read(n); !within(got, want, 2e-3) {
			t.Errorf("%g tokens read %g of the experts, want %g", n, got/all, want/all)
		}
	}
	if got, want := c.experts.read(1)/all, 4.0/128; !within(got, want, 1e-9) {
		t.Errorf("one token reads %g of the experts, want top-k/experts = %g", got, want)
	}
}

func TestLinearSteps(t *testing.T) {
	dense := mustCost(t, replica(llama8B(), h100(), catalog.FP8, 1, 1))
	if got := dense.LinearSteps(7, 100); got != math.MaxInt {
		t.Errorf("dense model bends after %d steps", got)
	}
	c := mustCost(t, replica(gptOSS(), b200(), "", 1, 1)) // window 128
	for _, tc := range []struct {
		decoding, context float64
		want              int
	}{
		{4, 4 * 28, 101}, // contexts 28 … 128
		{4, 4 * 128, 1},
		{4, 4*127 + 2, 1}, // mean 127.5: the next step is beyond
		{4, 4 * 129, math.MaxInt},
	} {
		if got := c.LinearSteps(tc.decoding, tc.context); got != tc.want {
			t.Errorf("LinearSteps(%g, %g) = %d, want %d", tc.decoding, tc.context, got, tc.want)
		}
	}
	// Inside the stretch the sum of the ends is the sum of the steps.
	n := c.LinearSteps(4, 4*28)
	sum := 0.0
	for k := range n {
		sum += c.Seconds(Batch{Decoding: 4, Context: float64(4*28 + 4*k)})
	}
	ends := (c.Seconds(Batch{Decoding: 4, Context: 4 * 28}) + c.Seconds(Batch{Decoding: 4, Context: 4 * 128})) / 2 * float64(n)
	if !within(sum, ends, 1e-12) {
		t.Errorf("steps sum to %g, series to %g", sum, ends)
	}
}

func BenchmarkSeconds(b *testing.B) {
	for _, name := range []string{"dense", "moe window tp2", "sparse"} {
		c := zoo(b)[name]
		b.Run(name, func(b *testing.B) {
			sum := 0.0
			for b.Loop() {
				sum += c.Seconds(Batch{Decoding: 200, Context: 3e5, PrefillTokens: 700, PrefillFLOP: 1e12})
			}
			_ = sum
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for name, r := range map[string]Replica{
		"dense": replica(llama70B(), h100(), catalog.FP8, 2, 1),
		"moe":   replica(gptOSS(), h100(), "", 2, 1),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := New(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A profile states its multiplier for experts of 20 million parameters; larger
// ones come nearer to dense models, smaller ones fall behind, none passes them.
func TestExpertShare(t *testing.T) {
	base := mustCost(t, replica(gptOSS(), h100(), "", 2, 1))
	last := 0.0
	for _, size := range []float64{1e6, 5e6, 20e6, 44e6, 176e6, 1e10} {
		c := *base
		c.work.ExpertParams = size * c.work.Experts * c.expertLayers()
		got := c.expertShare(0.35)
		if got <= last || got >= 1 {
			t.Errorf("expertShare(0.35) at %g parameters = %v after %v, want it between that and 1", size, got, last)
		}
		if size == 20e6 && !within(got, 0.35, 1e-12) {
			t.Errorf("expertShare(0.35) at the reference size = %v", got)
		}
		if c.expertShare(1) != 1 || c.expertShare(0) != 1 {
			t.Errorf("no multiplier became %v and %v", c.expertShare(1), c.expertShare(0))
		}
		last = got
	}
}

// Work that is repeated on every rank does not shrink with the group.
func TestTokenLayerCost(t *testing.T) {
	prefill := Batch{PrefillTokens: 8192}
	extra := func(tp int) float64 {
		r := replica(llama70B(), h100(), catalog.FP8, tp, 1)
		plain := mustCost(t, r).Seconds(prefill)
		p := r.Engine.Profiles[0]
		p.TokenLayerCost = 100e-9
		r.Profile = &p
		return mustCost(t, r).Seconds(prefill) - plain
	}
	want := 100e-9 * 80 * 8192
	for _, tp := range []int{1, 2, 8} {
		if got := extra(tp); !within(got, want, 1e-9) {
			t.Errorf("TP %d: %v s for a prompt of 8,192 tokens, want %v", tp, got, want)
		}
	}
}
