package catalog

import (
	"fmt"
	"strings"
)

// Precision is a number format of weights, activations or KV cache. The empty
// Precision means "not stated": the model's own weights, the engine's KV rule.
type Precision string

const (
	FP32     Precision = "fp32"
	BF16     Precision = "bf16"
	FP16     Precision = "fp16"
	FP8      Precision = "fp8"
	FP8Block Precision = "fp8-block"
	INT8     Precision = "int8"
	INT4     Precision = "int4"
	MXFP4    Precision = "mxfp4"
	NVFP4    Precision = "nvfp4"
	// INT4G32 is 4-bit integers in groups of 32, as the experts of Kimi K2.5
	// are published; nobody asks for it by name.
	INT4G32 Precision = "int4-g32"
)

// storedBytes is bytes per value, scales included.
//
//	fp8        one scale per tensor or channel: nothing worth counting
//	fp8-block  one 4-byte scale per 128×128 block (DeepSeek-V3)
//	int4       groups of 128 with a 16-bit scale and a 4-bit zero point (AWQ, GPTQ)
//	int4-g32   groups of 32 with a 16-bit scale
//	mxfp4      groups of 32 with an 8-bit scale (OCP MX v1.0)
//	nvfp4      groups of 16 with an 8-bit scale (NVIDIA, Blackwell)
func (p Precision) storedBytes() (float64, bool) {
	switch p {
	case FP32:
		return 4, true
	case BF16, FP16:
		return 2, true
	case FP8, INT8:
		return 1, true
	case FP8Block:
		return 1 + 4.0/(128*128), true
	case INT4:
		return 0.5 + 2.5/128, true
	case INT4G32:
		return 0.5 + 2.0/32, true
	case MXFP4:
		return 0.5 + 1.0/32, true
	case NVFP4:
		return 0.5 + 1.0/16, true
	}
	return 0, false
}

// Bytes is the stored size of one value in bytes, scales included. The empty
// or an unknown precision counts as 16 bit.
func (p Precision) Bytes() float64 {
	if b, ok := p.storedBytes(); ok {
		return b
	}
	return 2
}

// Bits is the nominal width: 16 for bf16, 4 for mxfp4.
func (p Precision) Bits() int {
	switch p {
	case FP32:
		return 32
	case FP8, FP8Block, INT8:
		return 8
	case INT4, INT4G32, MXFP4, NVFP4:
		return 4
	}
	return 16
}

// Label is the precision as people write it, e.g. "FP8 block", "INT4", "Auto".
func (p Precision) Label() string {
	switch p {
	case "":
		return "Auto"
	case FP8Block:
		return "FP8 block"
	case INT4G32:
		return "INT4"
	}
	return strings.ToUpper(string(p))
}

// ParsePrecision reads a precision as links and files write it: bf16, fp16,
// fp32, fp8, fp8-block, int8, int4, mxfp4, nvfp4, in any case and with "_" for
// "-"; awq and gptq-int4 mean int4; "auto" and "" mean not stated.
func ParsePrecision(s string) (Precision, error) {
	k := normalize(s)
	switch k {
	case "", "auto":
		return "", nil
	case "awq", "gptq", "gptq-int4", "awq-int4", "w4a16":
		return INT4, nil
	case "bfloat16":
		return BF16, nil
	case "float16", "half":
		return FP16, nil
	case "float32":
		return FP32, nil
	case "w8a8", "w8a8-int8":
		return INT8, nil
	case "fp8-e4m3", "fp8-e5m2", "e4m3", "e5m2":
		return FP8, nil
	}
	p := Precision(k)
	if _, ok := p.storedBytes(); ok {
		return p, nil
	}
	return "", fmt.Errorf("unknown precision %q: use bf16, fp16, fp8, fp8-block, int8, int4, mxfp4, nvfp4 or auto", clip(s))
}

// parseWeights reads the native precision of a checkpoint: one precision, or
// "A experts, B rest".
func parseWeights(s string) (Weights, error) {
	experts, rest, mixed := strings.Cut(s, " experts, ")
	if !mixed {
		p, err := ParsePrecision(s)
		if err != nil {
			return Weights{}, err
		}
		if p == "" {
			return Weights{}, fmt.Errorf("native precision missing")
		}
		return Weights{p, p}, nil
	}
	e, err := ParsePrecision(experts)
	if err != nil {
		return Weights{}, err
	}
	d, err := ParsePrecision(strings.TrimSuffix(rest, " rest"))
	if err != nil {
		return Weights{}, err
	}
	return Weights{Dense: d, Experts: e}, nil
}

// Mixed reports whether experts and the rest differ.
func (w Weights) Mixed() bool { return w.Dense != w.Experts }

// String is "fp8", or "mxfp4 experts, bf16 rest".
func (w Weights) String() string {
	if w.Mixed() && w.Experts != "" {
		return string(w.Experts) + " experts, " + string(w.Dense) + " rest"
	}
	return string(w.Dense)
}

// Main is the precision a single name stands for: that of the experts where
// they differ, because they are most of the bytes. Resolve(Main) gives back
// the native weights of a model with mixed precision.
func (w Weights) Main() Precision {
	p := or(w.Experts, w.Dense)
	if p == INT4G32 {
		return INT4
	}
	return p
}

// Resolve turns a requested precision into the weights that are served: the
// checkpoint's own for "" or when q is how its experts are stored, else q
// throughout.
func (m *Model) Resolve(q Precision) Weights {
	if q == "" || m.Native.Mixed() && (q == m.Native.Experts || q == m.Native.Main()) {
		return m.Native
	}
	return Weights{Dense: q, Experts: q}
}

// WeightBytes is the memory the weights take, summed over all ranks. In
// checkpoints of 8 bit and less the embedding table, the LM head and modules
// beside the decoder stay at 16 bit.
//
// Checks: Llama 3.1 8B FP8 9.1 GB; Llama 3.3 70B FP8 72.7 GB; gpt-oss-120b
// 60.8 GiB and gpt-oss-20b 12.8 GiB (model card, arXiv 2508.10925).
func (m *Model) WeightBytes(w Weights) float64 {
	k := m.Work()
	return (k.EmbeddingParams+k.OtherParams)*w.side() + k.DenseReadBytes(w) + k.ExpertReadBytes(w)
}

// side is bytes per value of what quantization leaves alone.
func (w Weights) side() float64 { return max(w.Dense.Bytes(), 2) }

// DenseReadBytes is what every step reads of the weights besides routed
// experts, in bytes over all ranks: without the input embedding, with the LM
// head at 16 bit or more.
func (w Work) DenseReadBytes(p Weights) float64 {
	return (w.DenseParams-w.LMHeadParams)*p.Dense.Bytes() + w.LMHeadParams*p.side()
}

// ExpertReadBytes is the size of all routed experts in bytes; a step reads
// the share of them that its tokens touch.
func (w Work) ExpertReadBytes(p Weights) float64 {
	return w.ExpertParams * p.Experts.Bytes()
}
