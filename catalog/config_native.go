package catalog

import "strings"

// native reads the precision of the checkpoint from dtype (or torch_dtype)
// and quantization_config. Without either it is BF16.
func (r *configReader) native() Weights {
	base := BF16
	if s := r.text("dtype", "torch_dtype"); s != "" && s != "auto" {
		p, err := ParsePrecision(strings.TrimPrefix(s, "torch."))
		if err != nil {
			r.fail(`"torch_dtype" is %q: bfloat16, float16 and float32 are known`, clip(s))
		}
		base = or(p, BF16)
	}
	v, ok := r.fields["quantization_config"]
	if !ok || v == nil {
		return Weights{base, base}
	}
	q, ok := v.(map[string]any)
	if !ok {
		r.fail(`"quantization_config" is %s; it must be an object`, show(v))
		return Weights{base, base}
	}
	text := func(key string) string {
		s, _ := q[key].(string)
		return strings.ToLower(s)
	}
	number := func(m map[string]any, key string) float64 {
		f, _ := m[key].(float64)
		return f
	}
	all := func(p Precision) Weights { return Weights{p, p} }
	switch method := text("quant_method"); method {
	case "fp8", "fbgemm_fp8":
		if q["weight_block_size"] != nil {
			return all(FP8Block)
		}
		return all(FP8)
	case "mxfp4":
		return Weights{Dense: base, Experts: MXFP4}
	case "awq", "gptq", "auto-round", "hqq":
		switch bits := number(q, "bits"); bits {
		case 0, 4:
			return all(INT4)
		case 8:
			return all(INT8)
		default:
			r.fail(`"quantization_config" has "bits" %v; 4 and 8 are supported`, bits)
		}
	case "bitsandbytes":
		if q["load_in_8bit"] == true {
			return all(INT8)
		}
		return all(INT4)
	case "modelopt", "modelopt_fp4":
		switch algo := text("quant_algo"); {
		case strings.Contains(algo, "nvfp4"), method == "modelopt_fp4":
			return all(NVFP4)
		case strings.HasPrefix(algo, "fp8"):
			return all(FP8)
		default:
			r.fail(`"quantization_config" has "quant_algo" %q; FP8 and NVFP4 are known`, clip(algo))
		}
	case "compressed-tensors":
		groups, _ := q["config_groups"].(map[string]any)
		for _, g := range groups {
			group, _ := g.(map[string]any)
			w, _ := group["weights"].(map[string]any)
			p := compressedPrecision(text("format"), w, number(w, "num_bits"))
			if p == "" {
				continue
			}
			if p.Bits() == 4 && ignoresAttention(q["ignore"]) {
				return Weights{Dense: base, Experts: p}
			}
			return all(p)
		}
		r.fail(`"quantization_config" has no "config_groups" with 4- or 8-bit weights`)
	default:
		r.fail(`"quantization_config" has "quant_method" %q, which is not known: remove the block and choose the precision by hand`, clip(method))
	}
	return Weights{base, base}
}

// compressedPrecision reads a weight group of the compressed-tensors format.
func compressedPrecision(format string, w map[string]any, bits float64) Precision {
	kind, _ := w["type"].(string)
	switch {
	case bits == 4 && (kind == "float" || strings.HasPrefix(format, "nvfp4")):
		if strings.HasPrefix(format, "mxfp4") {
			return MXFP4
		}
		return NVFP4
	case bits == 4 && w["group_size"] == 32.0:
		return INT4G32
	case bits == 4:
		return INT4
	case bits == 8 && kind == "float":
		return FP8
	case bits == 8:
		return INT8
	}
	return ""
}

// ignoresAttention reports whether the list of unquantized modules leaves
// attention out, so that only experts are quantized.
func ignoresAttention(list any) bool {
	names, _ := list.([]any)
	for _, n := range names {
		if s, _ := n.(string); strings.Contains(s, "self_attn") || strings.Contains(s, "attention") {
			return true
		}
	}
	return false
}
