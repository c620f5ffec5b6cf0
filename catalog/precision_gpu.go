package catalog

// Compute returns the dense peak in FLOP/s that matrix multiplications with
// these weights run at, whether the multiplication itself is in that format
// (false: weights are expanded to 16 bit first, or BF16 stands in for FP16),
// and whether there is a kernel at all.
//
// Rules, most specific first:
//
//	bf16, fp16   the 16-bit peak; either stands in for the other
//	fp32         the TF32 peak where there is one, else FP32
//	fp8          the FP8 peak; weight-only at 16 bit on NVIDIA from Ampere on
//	             (Marlin kernels); no kernel on Volta and Turing, on AMD before
//	             CDNA 3, on RDNA, TPU v5, Apple and CPUs
//	int8         the INT8 peak, or 16-bit weight-only where that is faster
//	             (Blackwell Ultra, Volta)
//	int4         always weight-only at 16 bit; no kernel on TPU and AWS chips
//	mxfp4        the FP4 peak; else weight-only at 16 bit on NVIDIA from Ampere
//	             on, AMD from CDNA 3 on and Apple
//	nvfp4        the FP4 peak of NVIDIA; weight-only at 16 bit from Ampere on;
//	             no kernel elsewhere
//
// Source: quantization support tables of vLLM and TensorRT-LLM (2026).
func (g *GPU) Compute(weights Precision) (flops float64, native bool, ok bool) {
	if weights == INT4G32 {
		weights = INT4
	}
	f := &g.DenseFLOPS
	half := max(f.BF16, f.FP16)
	expand := func() (float64, bool, bool) {
		if half > 0 && g.expands(weights) {
			return half, false, true
		}
		return 0, false, false
	}
	switch weights {
	case "", BF16:
		if f.BF16 > 0 {
			return f.BF16, true, true
		}
		return f.FP16, false, f.FP16 > 0
	case FP16:
		if f.FP16 > 0 {
			return f.FP16, true, true
		}
		return f.BF16, false, f.BF16 > 0
	case FP32:
		if v := max(f.TF32, f.FP32); v > 0 {
			return v, true, true
		}
		return half, false, half > 0
	case FP8, FP8Block:
		if f.FP8 > 0 {
			return f.FP8, true, true
		}
	case INT8:
		if f.INT8 > 0 && (f.INT8 >= half || !g.expands(INT8)) {
			return f.INT8, true, true
		}
	case MXFP4:
		if f.FP4 > 0 {
			return f.FP4, true, true
		}
	case NVFP4:
		if f.FP4 > 0 && (g.Vendor == "NVIDIA" || g.Custom) {
			return f.FP4, true, true
		}
	case INT4:
	default:
		return 0, false, false
	}
	return expand()
}

// HalfFLOPS is the dense 16-bit peak in FLOP/s, at which prefill attention
// runs whatever the weights; 0 = not published.
func (g *GPU) HalfFLOPS() float64 { return max(g.DenseFLOPS.BF16, g.DenseFLOPS.FP16) }

// Blackwell reports whether the "Blackwell and later" multipliers of a
// profile apply.
func (g *GPU) Blackwell() bool {
	switch g.Architecture {
	case "Blackwell", "Blackwell Ultra", "Rubin":
		return true
	}
	return false
}

// expands reports whether engines have kernels that store p and multiply at
// 16 bit on this accelerator.
func (g *GPU) expands(p Precision) bool {
	if g.Custom {
		return true
	}
	switch g.Vendor {
	case "NVIDIA":
		old := g.Architecture == "Volta" || g.Architecture == "Turing"
		return !old || p == INT4 || p == INT8
	case "AMD":
		if g.Class == "cpu" {
			return p == INT4 || p == INT8
		}
		switch p {
		case INT4, INT8:
			return true
		case MXFP4:
			return g.Architecture == "CDNA 3" || g.Architecture == "CDNA 4" || g.Architecture == "CDNA 5"
		}
	case "Apple":
		return p == INT4 || p == INT8 || p == MXFP4
	case "Intel":
		return p == INT4 || p == INT8
	case "Google", "AWS":
		return p == INT8
	}
	return false
}
