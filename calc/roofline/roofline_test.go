package roofline

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

func near(a, b, rel float64) bool {
	return math.Abs(a-b) <= rel*math.Max(math.Abs(a), math.Abs(b))
}

func llama8B() *catalog.Model {
	return &catalog.Model{
		ID: "llama-3-1-8b", Name: "Llama 3.1 8B", Class: catalog.ClassGenerative,
		Layers: 32, Hidden: 4096, Heads: 32, KVHeads: 8, HeadDim: 128, Intermediate: 14336, FFNMatrices: 3,
		Vocab: 128256, Native: catalog.Weights{Dense: catalog.BF16, Experts: catalog.BF16},
		Attention: catalog.Attention{Type: "gqa", Full: 32},
	}
}

func llama70B() *catalog.Model {
	m := llama8B()
	m.ID, m.Name = "llama-3-3-70b", "Llama 3.3 70B"
	m.Layers, m.Hidden, m.Heads, m.Intermediate, m.Attention.Full = 80, 8192, 64, 28672, 80
	return m
}

func h100() *catalog.GPU {
	return &catalog.GPU{
		ID: "h100", Name: "H100", Vendor: "NVIDIA", Architecture: "Hopper",
		UsableBytes: 79.6 * (1 << 30), BandwidthBytesPerS: 3350e9,
		DenseFLOPS:    catalog.FLOPS{BF16: 989.4e12, FP16: 989.4e12, FP8: 1978.9e12},
		LinkBytesPerS: 450e9, LinkDomain: 8, PCIeBytesPerS: 63e9, GPUsPerNode: 8,
	}
}

func engine() *catalog.Engine {
	return &catalog.Engine{
		Scheduler: catalog.Scheduler{Policy: catalog.Mixed, TokenBudget: 32768, MaxSequences: 2048, Reserve: catalog.ReserveFull, AdmitShare: 1},
		Memory:    catalog.MemoryRule{Basis: "free", Fraction: 0.794},
		Profiles: []catalog.Profile{{ComputeEff: 0.68, BandwidthEff: 0.84, StepOverhead: 1.7e-3, SequenceCost: 1e-6,
			AllReduceDelay: 26e-6, LinkEff: 0.7, RequestCost: 2.2e-3, TokenCost: 70e-6, FirstTokenDelay: 1.1e-3}},
	}
}

func replica(m *catalog.Model, q catalog.Precision, tp int) step.Replica {
	kv := catalog.BF16
	if q == catalog.FP8 {
		kv = catalog.FP8
	}
	return step.Replica{Model: m, GPU: h100(), Engine: engine(), TP: tp, PP: 1, Weights: m.Resolve(q), KV: kv}
}

func cost(t testing.TB, r step.Replica) *step.Cost {
	t.Helper()
	c, err := step.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// 76.3 TFLOP for 5,000 prompt tokens of the 8B and 717 of the 70B: multiply-adds
// twice, four attention projections, three FFN matrices, half of the scores.
func TestPrefillFLOP(t *testing.T) {
	for _, tc := range []struct {
		c    *step.Cost
		want float64
	}{
		{cost(t, replica(llama8B(), catalog.FP8, 1)), 76.3e12 + 5.3e12}, // with the LM head for every token
		{cost(t, replica(llama70B(), catalog.FP8, 2)), 717e12 + 10.5e12},
	} {
		f := PrefillFLOP(tc.c, 1, 5000)
		if !near(f.Total(), tc.want, 0.01) {
			t.Errorf("%s: %.4g FLOP, want %.4g", tc.c.Replica().Model.Name, f.Total(), tc.want)
		}
		if want := tc.c.Work().LinearFLOP * 5000; !near(f.Projections+f.FeedForward+f.LMHead, want, 1e-12) {
			t.Errorf("%s: linear parts do not add up", tc.c.Replica().Model.Name)
		}
	}
	// Feed-forward of the 8B by hand: 3 matrices of 4096 × 14336 in 32 layers.
	f := DecodeFLOP(cost(t, replica(llama8B(), catalog.FP8, 1)), 1, 100)
	if want := 2 * 3 * 4096 * 14336 * 32.0; f.FeedForward != want {
		t.Errorf("feed-forward = %g, want %g", f.FeedForward, want)
	}
	if want := 4 * 32 * 32 * 128 * 100.0; f.Attention != want {
		t.Errorf("attention of a token at 100 = %g, want %g", f.Attention, want)
	}
}

// The pieces add up to the step that the simulation runs on.
func TestPartsOfAStep(t *testing.T) {
	for _, tp := range []int{1, 2, 8} {
		c := cost(t, replica(llama8B(), catalog.FP8, tp))
		p := c.Profile()
		got := PrefillComputeTime(c, 3, 2000) + PrefillLinkTime(c, 3, 2000) + c.Breakdown(prefill(c, 3, 2000)).WeightRead + p.StepOverhead
		if !near(got, PrefillTime(c, 3, 2000), 1e-12) {
			t.Errorf("TP %d: parts %g, prefill %g", tp, got, PrefillTime(c, 3, 2000))
		}
		if (PrefillLinkTime(c, 3, 2000) > 0) != (tp > 1) {
			t.Errorf("TP %d: %g s on links", tp, PrefillLinkTime(c, 3, 2000))
		}
		if m := PrefillMemoryTime(c, 3, 2000); m <= c.Breakdown(prefill(c, 3, 2000)).WeightRead {
			t.Errorf("TP %d: memory time %g counts the weights only", tp, m)
		}
	}
}

func TestDecodeTimes(t *testing.T) {
	c := cost(t, replica(llama8B(), catalog.FP8, 1))
	// 8.03 GB of weights and 100 × 1,000 × 64 KiB of cache at 84 % of 3.35 TB/s.
	want := (8030261248.0 + 100*1000*65536) / (0.84 * 3350e9)
	if got := DecodeMemoryTime(c, 100, 1000); !near(got, want, 1e-12) {
		t.Errorf("memory time %g, want %g", got, want)
	}
	if got := DecodeComputeTime(c, 100, 1000); !near(got, c.Work().LinearFLOP*100/(0.68*1978.9e12), 1e-12) {
		t.Errorf("compute time %g", got)
	}
	// What does not fit is not read.
	if a, b := DecodeMemoryTime(c, 60, 20000), DecodeMemoryTime(c, 600, 20000); !near(a, b, 1e-12) {
		t.Errorf("600 sequences of 20,000 take %g, as many as fit %g", b, a)
	}
	if live := LiveSequences(c, 600, 20000); live < 40 || live > 50 {
		t.Errorf("%g sequences of 20,000 live", live)
	}
	b := DecodeTraffic(c, 100, 1000)
	if !near(b.Weights, 8030261248, 1e-12) || !near(b.KVRead, 100*1000*65536, 1e-12) || b.KVWrite != 100*65536 || b.Activations <= 0 ||
		!near(b.Total(), b.Weights+b.KVRead+b.KVWrite+b.Activations, 1e-15) {
		t.Errorf("traffic %+v", b)
	}
}

// At a fixed number of tokens in flight, longer contexts mean fewer sequences
// and a step that tends to its asymptote from above.
func TestDecodeAtBudget(t *testing.T) {
	c := cost(t, replica(llama8B(), catalog.FP8, 1))
	last := math.Inf(1)
	for _, l := range []float64{10, 100, 1000, 10000, 20000} {
		f := DecodeAtBudget(c, 20000, l)
		if !near(f.Sequences*l, 20000, 1e-12) || f.Seconds >= last || f.Seconds < f.Asymptote {
			t.Errorf("context %g: %+v after %g", l, f, last)
		}
		last = f.Seconds
	}
	if f := DecodeAtBudget(c, 20000, 20000); !near(f.Seconds, f.Asymptote, 1e-12) {
		t.Errorf("one sequence of the whole budget: %+v", f)
	}
}

func TestIntensity(t *testing.T) {
	c := cost(t, replica(llama8B(), catalog.FP8, 1))
	if got := Balance(c); !near(got, 1978.9e12/3350e9, 1e-12) {
		t.Errorf("balance %.1f FLOP/B, want 590.7", got)
	}
	if i := PrefillIntensity(c, 1, 5000); i.Bound != ComputeBound || i.FLOPPerByte < 5000 {
		t.Errorf("prefill of 5,000: %+v", i)
	}
	i := DecodeIntensity(c, 1, 1000)
	if want := 2 * (8030261248.0 - 525336576) / 8030261248; i.Bound != MemoryBound || !near(i.FLOPPerByte, want, 0.03) {
		t.Errorf("decode of one: %+v, want %.2f FLOP/B", i, want)
	}
	if i.Share <= 0 || i.Share >= 0.01 {
		t.Errorf("decode of one is %g of the ridge", i.Share)
	}
	// Short contexts turn compute-bound at some batch, long ones never do.
	s, ok := RidgeBatch(c, 50)
	if !ok || DecodeIntensity(c, s*1.01, 50).Bound != ComputeBound || DecodeIntensity(c, s*0.99, 50).Bound != MemoryBound {
		t.Errorf("ridge at %g, %t", s, ok)
	}
	if s, ok := RidgeBatch(c, 20000); ok {
		t.Errorf("20,000 tokens of context become compute-bound at %g", s)
	}
	u := PrefillUtilization(c, 1, 5000)
	if u.Compute < 0.4 || u.Compute > 0.68 {
		t.Errorf("prefill reaches %.2f of the peak; measured about half", u.Compute)
	}
	if u := DecodeUtilization(c, 1, 1000); u.Bandwidth < 0.45 || u.Bandwidth > 0.6 {
		t.Errorf("decode of one reaches %.2f of the bandwidth; measured about half", u.Bandwidth)
	}
}

// Requests that do not fit wait; nothing is swapped.
func TestMemoryOverflow(t *testing.T) {
	c := cost(t, replica(llama8B(), catalog.FP8, 1))
	o := MemoryOverflow(c, 200, 20000, 2000)
	if !near(o.Running+o.Waiting, 200, 1e-9) || o.Wait < 180 || o.Wait > 290 {
		t.Errorf("%+v: measured 211.7 s in a finite run, 236 in steady state", o)
	}
	if o := MemoryOverflow(c, 10, 1000, 200); o.Wait > 0.05 {
		t.Errorf("ten short requests wait %g s", o.Wait)
	}
}

func TestMemory(t *testing.T) {
	c := cost(t, replica(llama8B(), catalog.BF16, 1))
	n := MemoryNeeded(c, 1, 5500)
	// 15.0 GiB of weights and 0.67 GiB of cache.
	if !near(n.Weights, 15.0*(1<<30), 0.005) || !near(n.KV, 0.671*(1<<30), 0.005) || n.Total < n.Weights+n.KV {
		t.Errorf("%+v", n)
	}
	f := FitOn(c, 1, 5500)
	if !f.OK || f.Utilization <= 0 || f.Utilization >= 1 || f.HeadroomGPU <= 0 {
		t.Errorf("%+v", f)
	}
	// A GPU of exactly the minimum memory holds it to the byte.
	r := c.Replica()
	small := *r.GPU
	small.UsableBytes = f.MinimumBytes
	r.GPU = &small
	exact, err := Check(r, 1, 5500)
	if err != nil || math.Abs(exact.HeadroomGPU) > 1 {
		t.Errorf("at the minimum: %+v, %v", exact, err)
	}
	if f := FitOn(c, 1000, 5500); f.OK || f.HeadroomGPU >= 0 || f.Utilization <= 1 {
		t.Errorf("1,000 requests: %+v", f)
	}
	over, err := Check(replica(llama70B(), catalog.BF16, 1), 1, 5500)
	if err != nil || over.OK || over.Utilization <= 1 || over.MinimumBytes < 141e9 {
		t.Errorf("70B in 16 bit on one GPU: %+v, %v", over, err)
	}
}

func TestChooseStrategy(t *testing.T) {
	for _, tc := range []struct {
		name   string
		r      step.Replica
		s      float64
		kind   StrategyKind
		tp, pp int
	}{
		{"8B", replica(llama8B(), catalog.FP8, 1), 10, SingleGPU, 1, 1},
		{"70B FP8", replica(llama70B(), catalog.FP8, 1), 16, TensorParallel, 2, 1},
		{"70B FP8, one request", replica(llama70B(), catalog.FP8, 1), 1, SingleGPU, 1, 1},
		{"70B 16 bit", replica(llama70B(), catalog.BF16, 1), 20, TensorParallel, 4, 1},
		{"70B 16 bit, many long requests", replica(llama70B(), catalog.BF16, 1), 300, Both, 8, 2},
	} {
		got, err := ChooseStrategy(tc.r, tc.s, 5500)
		if err != nil || got.Kind != tc.kind || got.TP != tc.tp || got.PP != tc.pp {
			t.Errorf("%s: %+v, %v; want %s %d×%d", tc.name, got, err, tc.kind, tc.tp, tc.pp)
			continue
		}
		if got.GPUs > 1 && !(got.Efficiency > 0.2 && got.Efficiency < 1 && got.SpeedUp > 1) {
			t.Errorf("%s: speed-up %g, efficiency %g", tc.name, got.SpeedUp, got.Efficiency)
		}
		if (got.LinkBytes > 0) != (got.TP > 1) {
			t.Errorf("%s: %g bytes on the link", tc.name, got.LinkBytes)
		}
	}
	// No link: pipeline stages of single GPUs.
	r := replica(llama70B(), catalog.FP8, 1)
	alone := h100()
	alone.LinkDomain, alone.LinkBytesPerS, alone.GPUsPerNode = 1, 0, 1
	r.GPU = alone
	if got, err := ChooseStrategy(r, 16, 5500); err != nil || got.Kind != PipelineParallel || got.PP != 2 {
		t.Errorf("no link: %+v, %v", got, err)
	}
	if _, err := ChooseStrategy(replica(llama70B(), catalog.BF16, 1), 1e6, 5500); !errors.Is(err, ErrNoStrategy) {
		t.Errorf("a million requests: %v", err)
	}
}

// Static batches against TensorRT-LLM 0.9 style numbers: one stream of the 8B
// in FP8 took 4.6 ms per token and 77 ms for 5,000 prompt tokens (NIM 1.8.0).
func TestStaticLatency(t *testing.T) {
	c := cost(t, replica(llama8B(), catalog.FP8, 1))
	l := StaticLatency(c, 1, 5000, 500)
	if !near(l.PerToken, 4.62e-3, 0.05) || !near(l.TTFT, 77.5e-3, 0.07) {
		t.Errorf("%+v, measured 77.5 and 4.62 ms", l)
	}
	if !near(l.Completion, l.TTFT+499*l.PerToken, 1e-12) || !near(l.Thousand, 1000*l.PerToken, 1e-12) {
		t.Errorf("%+v", l)
	}
	p := StaticThroughput(c, 16, 5000, 500, 4)
	if !near(p.Fleet, 4*16*p.Stream, 1e-12) || p.PerGPU != p.Replica {
		t.Errorf("%+v", p)
	}
	if one := StaticThroughput(c, 1, 5000, 500, 1); p.Replica < 5*one.Replica || p.Stream > one.Stream {
		t.Errorf("a batch of 16 gives %g, one stream %g", p.Replica, one.Replica)
	}
}

func ExampleAnalyze() {
	a, err := Analyze(step.Replica{Model: llama70B(), GPU: h100(), Engine: engine(), Weights: llama70B().Resolve(catalog.FP8), KV: catalog.FP8}, 16, 5000, 500)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s over %d GPUs, prefill %s-bound, decode %s-bound, fits: %t\n",
		a.Strategy.Kind, a.Strategy.GPUs, a.Prefill.Bound, a.Decode.Bound, a.Fit.OK)
	// Output: tp over 2 GPUs, prefill compute-bound, decode memory-bound, fits: true
}
