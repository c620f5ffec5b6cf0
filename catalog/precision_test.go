package catalog

import (
	"math"
	"testing"
)

func TestParsePrecision(t *testing.T) {
	for in, want := range map[string]Precision{
		"": "", "auto": "", "AUTO": "", "bf16": BF16, "BF16": BF16, " fp16 ": FP16, "fp8": FP8, "fp8_block": FP8Block,
		"FP8-Block": FP8Block, "int8": INT8, "int4": INT4, "awq": INT4, "gptq-int4": INT4, "gptq_int4": INT4,
		"mxfp4": MXFP4, "NVFP4": NVFP4, "fp32": FP32, "bfloat16": BF16, "float16": FP16,
	} {
		if got, err := ParsePrecision(in); err != nil || got != want {
			t.Errorf("ParsePrecision(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"fp3", "bf16x", "16", "any", "fp8 block x"} {
		if got, err := ParsePrecision(in); err == nil {
			t.Errorf("ParsePrecision(%q) = %q, want an error", in, got)
		}
	}
}

func TestPrecisionBytes(t *testing.T) {
	for p, want := range map[Precision]float64{
		FP32: 4, BF16: 2, FP16: 2, FP8: 1, INT8: 1, FP8Block: 1 + 4.0/16384,
		INT4: 0.51953125, MXFP4: 0.53125, NVFP4: 0.5625, "": 2, "nonsense": 2,
	} {
		if got := p.Bytes(); got != want {
			t.Errorf("%q.Bytes() = %v, want %v", p, got, want)
		}
	}
}

func TestParseWeights(t *testing.T) {
	for in, want := range map[string]Weights{
		"bf16": {BF16, BF16}, "mxfp4 experts, bf16 rest": {BF16, MXFP4}, "mxfp4 experts, fp8 rest": {FP8, MXFP4},
		"int4-g32 experts, bf16 rest": {BF16, INT4G32},
	} {
		got, err := parseWeights(in)
		if err != nil || got != want {
			t.Errorf("parseWeights(%q) = %v, %v", in, got, err)
		}
		if got.String() != in {
			t.Errorf("String() = %q, want %q", got.String(), in)
		}
	}
	for _, in := range []string{"", "fp3", "mxfp4 experts, fp3 rest", "fp3 experts, bf16 rest"} {
		if w, err := parseWeights(in); err == nil {
			t.Errorf("parseWeights(%q) = %v, want an error", in, w)
		}
	}
}

// TestWeightBytes compares with sizes of published checkpoints. Those hold
// scales and, some, a multi-token-prediction layer: the tolerance is 1 %.
func TestWeightBytes(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		model string
		q     Precision
		want  float64
		from  string
	}{
		{"llama-3.1-8b", "", 16.06e9, "4 files of the BF16 repository, 16.1 GB"},
		{"llama-3.1-8b", FP8, 9.1e9, "FP8 repository, 9.1 GB: embedding and head stay BF16"},
		{"llama-3.3-70b", "", 141.1e9, "30 files of the BF16 repository, 141.1 GB"},
		{"llama-3.3-70b", FP8, 72.7e9, "FP8 repository, 72.7 GB"},
		{"gpt-oss-120b", "", 60.8 * gib, "model card, arXiv 2508.10925: 60.8 GiB"},
		{"gpt-oss-20b", "", 12.8 * gib, "model card: 12.8 GiB"},
		{"kimi-k2-5", "", 595e9, "repository of 595 GB: experts in groups of 32"},
		{"deepseek-v3", "", 674e9, "FP8 repository without the prediction layer, about 674 GB"},
	} {
		m, _ := c.Model(v.model)
		if got := m.WeightBytes(m.Resolve(v.q)); math.Abs(got-v.want) > 0.01*v.want {
			t.Errorf("%s at %q: %.2f GB, want %.2f (%s)", v.model, v.q, got/gb, v.want/gb, v.from)
		}
	}
}

func TestResolve(t *testing.T) {
	c := load(t)
	oss, _ := c.Model("gpt-oss-120b")
	llama, _ := c.Model("llama-3.1-8b")
	kimi, _ := c.Model("kimi-k2.5")
	for _, v := range []struct {
		m    *Model
		q    Precision
		want Weights
	}{
		{oss, "", Weights{BF16, MXFP4}}, {oss, MXFP4, Weights{BF16, MXFP4}}, {oss, oss.Native.Main(), oss.Native},
		{oss, FP8, Weights{FP8, FP8}}, {kimi, INT4, Weights{BF16, INT4G32}}, {kimi, kimi.Native.Main(), kimi.Native}, {llama, "", Weights{BF16, BF16}}, {llama, INT4, Weights{INT4, INT4}},
	} {
		if got := v.m.Resolve(v.q); got != v.want {
			t.Errorf("%s.Resolve(%q) = %v, want %v", v.m.ID, v.q, got, v.want)
		}
	}
}

func TestReadBytes(t *testing.T) {
	c := load(t)
	m, _ := c.Model("gpt-oss-120b")
	w := m.Work()
	dense, experts := w.DenseReadBytes(m.Native), w.ExpertReadBytes(m.Native)
	if want := m.WeightBytes(m.Native) - 2*w.EmbeddingParams; math.Abs(dense+experts-want) > 1 {
		t.Errorf("dense %v + experts %v = %v, want all but the embedding %v", dense, experts, dense+experts, want)
	}
	if want := w.ExpertParams * 0.53125; experts != want {
		t.Errorf("experts %v, want %v", experts, want)
	}
	l, _ := c.Model("llama-3.1-8b")
	w = l.Work()
	if got, want := w.DenseReadBytes(Weights{FP8, FP8}), w.DenseParams+w.LMHeadParams; got != want {
		t.Errorf("8B FP8 reads %v, want %v (head at 16 bit)", got, want)
	}
}

func TestCompute(t *testing.T) {
	c := load(t)
	for _, v := range []struct {
		gpu    string
		q      Precision
		tflops float64
		native bool
		ok     bool
	}{
		{"h100-sxm", BF16, 989.4, true, true},
		{"h100-sxm", "", 989.4, true, true},
		{"h100-sxm", FP8, 1978.9, true, true},
		{"h100-sxm", FP8Block, 1978.9, true, true},
		{"h100-sxm", INT4, 989.4, false, true},
		{"h100-sxm", MXFP4, 989.4, false, true},
		{"h100-sxm", NVFP4, 989.4, false, true},
		{"h100-sxm", INT8, 1978.9, true, true},
		{"h100-sxm", FP32, 494.7, true, true},
		{"b200", MXFP4, 9000, true, true},
		{"b200", NVFP4, 9000, true, true},
		{"b200", INT4, 2250, false, true},
		{"b300", INT8, 2250, false, true}, // its INT8 units are slower than expanding to 16 bit
		{"a100-sxm", FP8, 312, false, true},
		{"a100-sxm", MXFP4, 312, false, true},
		{"a10g", FP8, 70, false, true},
		{"t4", BF16, 65, false, true}, // runs as FP16
		{"t4", FP8, 0, false, false},
		{"t4", INT4, 65, false, true},
		{"t4", INT8, 130, true, true},
		{"v100", FP8, 0, false, false},
		{"v100", MXFP4, 0, false, false},
		{"v100", INT8, 125, false, true},
		{"mi300x", FP8, 2614.9, true, true},
		{"mi300x", MXFP4, 1307.4, false, true},
		{"mi300x", NVFP4, 0, false, false},
		{"mi355x", MXFP4, 10066.3, true, true},
		{"mi355x", NVFP4, 0, false, false},
		{"mi250x", FP8, 0, false, false},
		{"gaudi-2", FP16, 432, false, true},
		{"gaudi-2", FP8, 865, true, true},
		{"tpu-8i", BF16, 0, false, false}, // only FP4 is published
		{"tpu-8i", MXFP4, 10100, true, true},
		{"tpu-v5e", INT4, 0, false, false},
		{"tpu-v5e", INT8, 394, true, true},
		{"m4-max", INT4, 18.4, false, true},
		{"m4-max", FP8, 0, false, false},
		{"h100-sxm", "fp3", 0, false, false},
	} {
		g, ok := c.GPU(v.gpu)
		if !ok {
			t.Fatalf("no GPU %s", v.gpu)
		}
		f, native, ok := g.Compute(v.q)
		if math.Abs(f-v.tflops*1e12) > 1 || native != v.native || ok != v.ok {
			t.Errorf("%s.Compute(%q) = %v, %v, %v, want %v TFLOPS, %v, %v", v.gpu, v.q, f, native, ok, v.tflops, v.native, v.ok)
		}
	}
}

// TestComputeConsistent: a rate exactly where there is a kernel, and native
// exactly where the rate is the format's own.
func TestComputeConsistent(t *testing.T) {
	for _, g := range load(t).GPUs {
		for _, q := range []Precision{"", FP32, BF16, FP16, FP8, FP8Block, INT8, INT4, MXFP4, NVFP4} {
			f, native, ok := g.Compute(q)
			if ok != (f > 0) || native && !ok {
				t.Errorf("%s.Compute(%q) = %v, %v, %v", g.ID, q, f, native, ok)
			}
			if ok && !native && f != g.HalfFLOPS() && f != g.DenseFLOPS.FP16 {
				t.Errorf("%s.Compute(%q) = %v, not the 16-bit peak", g.ID, q, f)
			}
			if q == INT4 && native {
				t.Errorf("%s: int4 is never native", g.ID)
			}
		}
	}
}
