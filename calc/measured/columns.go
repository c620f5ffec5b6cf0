package measured

import "strings"

// column is one of our columns.
type column uint8

const (
	colNone column = iota
	colGroup
	colModel
	colGPU
	colGPUs
	colTP
	colPP
	colEngine
	colVersion
	colWeights
	colKV
	colInput
	colOutput
	colRatio
	colConcurrency
	colRate
	colRounds
	colWarmup
	colTTFT
	colTTFTP95
	colITL
	colITLP95
	colE2E
	colTokens
	colStatistic
	colDP
	colEP
	colKVBasis
	colUse
	colFold
	colSource
	colNotes
	colDefinitions
	colDataType // NIM: "fp8 TP1"
	colCount
)

// spellings are the names a column is known by, in lower case with "_" for
// everything else that separates words. The first one is ours.
var spellings = [colCount][]string{
	colGroup:   {"group", "curve", "scenario"},
	colModel:   {"model", "model_id", "model_name", "model_path"},
	colGPU:     {"gpu", "hardware", "accelerator", "hw", "gpu_type", "gpu_name", "gpu_model"},
	colGPUs:    {"gpus", "hardware_count", "gpu_count", "num_gpus", "n_gpus"},
	colTP:      {"tp", "tp_size", "tensor_parallel", "tensor_parallel_size"},
	colPP:      {"pp", "pp_size", "pipeline_parallel", "pipeline_parallel_size"},
	colEngine:  {"engine", "framework", "backend"},
	colVersion: {"engine_version", "version"},
	colWeights: {"weights", "precision", "quantization", "dtype", "q"},
	colKV:      {"kv", "kv_precision", "kv_cache_dtype"},
	colInput:   {"isl", "input_tokens", "input_len", "input_length", "prompt_tokens", "in", "input", "prompt", "prompt_len", "prompt_length", "input_sequence_length"},
	colOutput:  {"osl", "output_tokens", "output_len", "output_length", "completion_tokens", "out", "output", "answer_tokens", "generated_tokens", "output_sequence_length"},
	colRatio:   {"length_ratio", "range_ratio", "random_range_ratio", "lr"},
	colConcurrency: {"concurrency", "max_concurrency", "conc", "users", "batch", "batch_size",
		"concurrent_users", "concurrent_requests", "in_flight", "requests_in_flight", "num_concurrent_requests"},
	colRate:    {"request_rate", "rate", "rps", "qps"},
	colRounds:  {"rounds"},
	colWarmup:  {"warmup_rounds"},
	colTTFT:    {"ttft", "mean_ttft", "avg_ttft", "ttft_mean", "ttft_avg", "time_to_first_token"},
	colTTFTP95: {"ttft_p95", "p95_ttft"},
	colITL:     {"itl", "tpot", "mean_tpot", "avg_tpot", "tpot_mean", "mean_itl", "avg_itl", "itl_mean", "itl_avg", "inter_token_latency", "time_per_output_token", "time_per_token"},
	colITLP95:  {"itl_p95", "p95_itl", "tpot_p95", "p95_tpot"},
	colE2E:     {"e2e", "e2el", "mean_e2el", "e2e_latency", "request_latency", "latency"},
	colTokens: {"output_tok_s", "throughput_tokens_per_s", "output_throughput", "output_token_throughput",
		"output_tokens_per_s", "output_tok_per_s", "output_tps", "throughput",
		"output_tokens_s", "output_throughput_tok_s", "output_throughput_tokens_s", "output_token_throughput_tokens_s",
		"output_tokens_per_second", "throughput_tok_s", "throughput_tokens_s"},
	colStatistic:   {"statistic"},
	colDP:          {"dp", "attention_dp"},
	colEP:          {"ep", "ep_size", "expert_parallel"},
	colKVBasis:     {"kv_basis"},
	colUse:         {"use"},
	colFold:        {"fold"},
	colSource:      {"source"},
	colNotes:       {"notes", "note", "comment"},
	colDefinitions: {"definitions"},
	colDataType:    {"data_type"},
}

// latencyColumn reports whether the column is a time, which may carry a unit.
func latencyColumn(c column) bool { return c >= colTTFT && c <= colE2E }

// findColumn is the column a heading names, and for times the seconds per
// unit and whether the heading states the unit. Times without a unit are ms.
func findColumn(heading string) (c column, scale float64, stated bool) {
	name := headingWords(heading)
	if c := lookUp(name); c != colNone {
		return c, 1e-3, !latencyColumn(c)
	}
	for _, u := range []struct {
		suffix string
		scale  float64
	}{{"_ms", 1e-3}, {"_msec", 1e-3}, {"_us", 1e-6}, {"_s", 1}, {"_sec", 1}, {"_seconds", 1}} {
		if base, ok := strings.CutSuffix(name, u.suffix); ok {
			if c := lookUp(base); latencyColumn(c) {
				return c, u.scale, true
			}
		}
	}
	// "ttft_ms_p95" and "ttft_p95_ms" alike.
	if base := strings.Replace(name, "_ms", "", 1); base != name {
		if c := lookUp(base); latencyColumn(c) {
			return c, 1e-3, true
		}
	}
	return colNone, 0, false
}

func lookUp(name string) column {
	for c := range spellings {
		for _, s := range spellings[c] {
			if s == name {
				return column(c)
			}
		}
	}
	return colNone
}

// headingWords is a heading in lower case with single "_" between words:
// "TTFT (ms)" becomes "ttft_ms".
func headingWords(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return strings.ContainsRune(" \t_-./()[]:#\u00a0", r)
	})
	return strings.Join(words, "_")
}
