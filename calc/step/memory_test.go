package step

import (
	"errors"
	"strings"
	"testing"

	"fleetsize/catalog"
)

// Bytes per token and sequence against published figures.
func TestRequestBytes(t *testing.T) {
	roomy := b200()
	roomy.UsableBytes *= 8
	for _, tc := range []struct {
		name     string
		r        Replica
		kv       catalog.Precision
		perToken float64
		fixed    float64 // at 10,000 tokens
	}{
		{"Llama 3.1 8B, 16 bit", replica(llama8B(), h100(), catalog.BF16, 1, 1), catalog.BF16, 131072, 0},
		{"Llama 3.1 8B, FP8", replica(llama8B(), h100(), catalog.FP8, 1, 1), catalog.FP8, 65536, 0},
		{"Llama 3.3 70B, FP8", replica(llama70B(), h100(), catalog.FP8, 2, 1), catalog.FP8, 163840, 0},
		{"70B on 16 ranks: two copies of every head", replica(llama70B(), h100(), catalog.FP8, 16, 1), catalog.FP8, 2 * 163840, 0},
		{"DeepSeek-V3, 16 bit, one rank", replica(deepSeek(), roomy, "", 1, 1), catalog.BF16, 70272, 0},
		{"DeepSeek-V3 on 8 ranks: eight copies", replica(deepSeek(), roomy, "", 8, 1), catalog.BF16, 8 * 70272, 0},
		{"gpt-oss-120b: half of the layers", replica(gptOSS(), b200(), "", 1, 1), catalog.BF16, 36864, 128 * 36864},
	} {
		tc.r.KV = tc.kv
		c := mustCost(t, tc.r)
		if got := c.TokenBytes(); got != tc.perToken {
			t.Errorf("%s: %g bytes per token, want %g", tc.name, got, tc.perToken)
		}
		if got := c.FixedBytes(10000); got != tc.fixed {
			t.Errorf("%s: %g bytes fixed, want %g", tc.name, got, tc.fixed)
		}
		if got, want := c.RequestBytes(10000), tc.perToken*10000+tc.fixed; got != want {
			t.Errorf("%s: 10,000 tokens hold %g bytes, want %g", tc.name, got, want)
		}
	}
	// A window is not held before it is filled.
	c := mustCost(t, replica(gptOSS(), b200(), "", 1, 1))
	if got, want := c.RequestBytes(50), 50*73728.0; got != want {
		t.Errorf("50 tokens of gpt-oss hold %g bytes, want %g", got, want)
	}
}

// Measured capacity of NIM 1.8.0: 930–968 thousand tokens for the 8B, 471–477
// for the 70B on two (from active requests in saturated rows).
func TestKVCapacityNearMeasured(t *testing.T) {
	c := mustCost(t, replica(llama8B(), h100(), catalog.FP8, 1, 1))
	if tokens := c.KVCapacity() / c.TokenBytes(); !within(tokens, 930e3, 0.04) {
		t.Errorf("8B holds %.0f tokens, measured 930,000", tokens)
	}
	c = mustCost(t, replica(llama70B(), h100(), catalog.FP8, 2, 1))
	if tokens := c.KVCapacity() / c.TokenBytes(); !within(tokens, 471e3, 0.04) {
		t.Errorf("70B holds %.0f tokens, measured 471,000", tokens)
	}
}

func TestMemorySumsToCapacity(t *testing.T) {
	costs := zoo(t)
	for _, rule := range []catalog.MemoryRule{
		{Basis: "total", Fraction: 0.9, ActivationShare: 0.05, RuntimeBytes: 1e9},
		{Basis: "total", Fraction: 1, ActivationShare: 0.05, RuntimeBytes: 1e9},
		{Basis: "free", Fraction: 0.8, RuntimeBytes: 5e8},
		{Basis: "free", Fraction: 0.8, ActivationShare: 0.02, RuntimeBytes: 5e8},
	} {
		r := replica(llama70B(), h100(), catalog.FP8, 4, 1)
		r.Engine.Memory = rule
		costs[rule.Basis] = mustCost(t, r)
	}
	for name, c := range costs {
		m := c.Memory()
		if sum := m.Weights + m.KV + m.Activations + m.Runtime + m.Unusable; sum != m.Capacity {
			t.Errorf("%s: parts sum to %.0f, capacity %.0f", name, sum, m.Capacity)
		}
		if m.Weights <= 0 || m.KV <= 0 || m.Activations < 0 || m.Runtime < 0 || m.Unusable < -1 {
			t.Errorf("%s: %+v", name, m)
		}
		r := c.Replica()
		if want := r.GPU.UsableBytes * float64(r.GPUs()); m.Capacity != want {
			t.Errorf("%s: capacity %g, want %g", name, m.Capacity, want)
		}
	}
}

func TestMemoryRules(t *testing.T) {
	r := replica(llama8B(), h100(), catalog.FP8, 1, 1)
	weights := r.Model.WeightBytes(r.Weights)
	usable := h100().UsableBytes
	if got, want := mustCost(t, r).KVCapacity(), 0.78*(usable-weights); !within(got, want, 1e-12) {
		t.Errorf("free: %g, want %g", got, want)
	}
	r.Engine.Memory = catalog.MemoryRule{Basis: "total", Fraction: 0.9, ActivationShare: 0.05, RuntimeBytes: 2e9}
	c := mustCost(t, r)
	if got, want := c.KVCapacity(), 0.85*usable-weights; !within(got, want, 1e-12) {
		t.Errorf("total: %g, want %g", got, want)
	}
	if m := c.Memory(); m.Runtime != 2e9 || !within(m.Unusable, 0.1*usable-2e9, 1e-9) {
		t.Errorf("total: runtime %g, unusable %g", m.Runtime, m.Unusable)
	}
}

func TestErrors(t *testing.T) {
	_, err := New(replica(llama70B(), h100(), catalog.BF16, 1, 1))
	var mem *MemoryError
	if !errors.As(err, &mem) {
		t.Fatalf("70B in 16 bit on one H100: %v", err)
	}
	// 141.1 GB of weights on 85.5 GB.
	if want := 141.1e9 - 85.5e9; !within(mem.ShortPerGPU, want, 0.01) {
		t.Errorf("short by %.1f GB per GPU, want %.1f", mem.ShortPerGPU/1e9, want/1e9)
	}
	if s := err.Error(); !strings.Contains(s, "141.1 GB") || !strings.Contains(s, "more GPUs") {
		t.Errorf("message: %s", s)
	}

	old := h100()
	old.Name, old.Architecture, old.DenseFLOPS = "V100", "Volta", catalog.FLOPS{FP16: 125e12}
	_, err = New(replica(llama8B(), old, catalog.FP8, 1, 1))
	var prec *PrecisionError
	if !errors.As(err, &prec) || prec.Precision != catalog.FP8 {
		t.Errorf("FP8 on Volta: %v", err)
	}

	unknown := h100()
	unknown.BandwidthBytesPerS = 0
	_, err = New(replica(llama8B(), unknown, catalog.FP8, 1, 1))
	var fact *FactError
	if !errors.As(err, &fact) || !strings.Contains(err.Error(), "memory bandwidth") {
		t.Errorf("unknown bandwidth: %v", err)
	}
}

func TestDefaults(t *testing.T) {
	c := mustCost(t, Replica{Model: llama8B(), GPU: h100(), Engine: nim()})
	r := c.Replica()
	if r.TP != 1 || r.PP != 1 || r.Weights != llama8B().Native || r.KV != catalog.BF16 || r.Profile == nil || r.Scheduler.TokenBudget != 8192 {
		t.Errorf("defaults: %+v", r)
	}
}
