package importer

import (
	"math"
	"slices"

	"fleetsize/calc/measured"
)

// vLLM reads one result of `vllm bench serve --save-result` (and of the older
// benchmark_serving.py): milliseconds under names that end in _ms, seconds in
// the lists of --save-detailed.
func vLLM(d node) []row {
	r := row{
		model: d.first("model_id", "model").str(), engine: "vllm", source: sourced(d, VLLM.Tool()),
		ttft: ms(d, "mean_ttft_ms"), ttft95: ms(d, "p95_ttft_ms"),
		itl: ms(d, "mean_tpot_ms"), itl95: ms(d, "p95_tpot_ms"),
		e2e: ms(d, "mean_e2el_ms"), tokPerS: d.get("output_throughput").positive(),
		definitions: []string{measured.DefFirstChunk, measured.DefPerRequest, measured.DefRateWall},
	}
	switch d.first("backend", "endpoint_type").str() {
	case "sglang", "sglang-native", "sglang-oai":
		r.engine = "sglang"
	case "tensorrt-llm":
		r.engine = "trtllm"
	case "tgi":
		r.engine = "tgi"
	}
	r.metadata(d)
	r.sent(d)
	r.detail(d)
	if r.itl == 0 && r.derive() {
		r.definitions[1] = measured.DefDerived
	}
	if failed := d.get("failed").num(); failed > 0 {
		r.say("%s requests failed; the figures are of those that did not.", short(failed))
	}
	if d.has("spec_decode_acceptance_rate") || d.has("spec_decode_acceptance_length") {
		r.use = "no: speculative decoding"
	}
	r.restate(d, VLLM)
	return []row{r}
}

// sgLang reads one line of SGLang's bench_serving. Its per-token figure is
// that of whole requests; its ITL list is of gaps and not used.
func sgLang(d node) []row {
	r := row{
		model: d.first("model_id", "model", "served_model_name").str(), engine: "sglang", source: sourced(d, SGLang.Tool()),
		ttft: ms(d, "mean_ttft_ms"), ttft95: ms(d, "p95_ttft_ms"),
		itl: ms(d, "mean_tpot_ms"), itl95: ms(d, "p95_tpot_ms"),
		e2e: ms(d, "mean_e2e_latency_ms"), tokPerS: d.get("output_throughput").positive(),
		definitions: []string{measured.DefFirstContent, measured.DefPerRequest, measured.DefRateWall},
	}
	switch d.get("backend").str() {
	case "vllm", "vllm-chat":
		r.engine = "vllm"
	case "trt":
		r.engine = "trtllm"
	}
	r.metadata(d)
	r.sent(d)
	r.detail(d)
	if d.get("request_rate").str() == "trace" && r.rate == 0 && d.get("max_concurrency").num() < 1 {
		r.flight, r.rounds = 0, 0
		r.closedBy(d.get("request_throughput").num(), r.e2e)
	}
	in, out, ratio := d.get("random_input_len").num(), d.get("random_output_len").num(), d.get("random_range_ratio").num()
	if d.get("dataset_name").str() == "random" && in >= 1 && out >= 1 && ratio > 0 && ratio <= 1 {
		r.in, r.out, r.ratio = in, out, ratio
	}
	if r.itl == 0 && r.derive() {
		r.definitions[1] = measured.DefDerived
	}
	if a := d.get("accept_length").num(); a > 1.01 {
		r.use = "no: speculative decoding"
	}
	return []row{r}
}

func ms(d node, key string) float64 { return d.get(key).positive() / 1e3 }

// sourced is the tool and the day of the run.
func sourced(d node, tool string) string {
	if day := d.first("date", "start_time").str(); len(day) >= 8 {
		return tool + ", " + day
	}
	return tool
}

// metadata reads what users add with --metadata KEY=VALUE.
func (r *row) metadata(d node) {
	r.gpu = Accelerator(d.first("gpu", "gpu_type", "hardware", "accelerator").str())
	r.gpus = size(d.first("gpus", "num_gpus", "gpu_count"))
	r.tp = size(d.first("tp", "tp_size", "tensor_parallel_size"))
	r.pp = size(d.first("pp", "pp_size", "pipeline_parallel_size"))
	r.weights = d.first("quantization", "precision", "dtype").str()
	r.kv = d.first("kv_cache_dtype").str()
	r.version = d.first("engine_version", "vllm_version", "sglang_version").str()
	for _, s := range []*string{&r.weights, &r.kv} {
		if *s == "auto" || *s == "none" {
			*s = ""
		}
	}
}

// size is a small whole number of GPUs, 0 where there is none.
func size(n node) int {
	v := n.num()
	if v != math.Trunc(v) || v < 1 || v > 100_000 {
		return 0
	}
	return int(v)
}

// sent is the load of a client with the settings of vLLM's: so many prompts,
// at a rate, with at most so many in flight.
func (r *row) sent(d node) {
	done := d.get("completed").num()
	if done >= 1 {
		r.tokens(d.get("total_input_tokens").num()/done, d.get("total_output_tokens").num()/done)
	}
	prompts := d.get("num_prompts").num()
	if prompts < 1 {
		prompts = done
	}
	rate, limit := d.get("request_rate").positive(), d.get("max_concurrency").num()
	switch peak := d.get("max_concurrent_requests").num(); {
	case limit >= 1 && rate > 0 && peak >= 1 && peak < limit:
		r.rate = rate // the limit never held anything back
	case limit >= 1:
		r.closed(limit, prompts)
	case rate > 0:
		r.rate = rate
	case prompts >= 1: // all at once
		r.closed(prompts, prompts)
	}
}

// detail reads the lists of single requests, in seconds and tokens.
func (r *row) detail(d node) {
	// Failed requests are in the lists with zeros.
	ttfts := above(d.get("ttfts").numbers())
	if len(ttfts) > 1 {
		if r.ttft95 == 0 {
			r.ttft95 = percentile(ttfts, 0.95)
		}
		if r.ttft == 0 {
			r.ttft = mean(ttfts)
		}
	}
	if r.e2e == 0 {
		if l := above(d.get("latencies").numbers()); len(l) > 1 {
			r.e2e = mean(l)
		}
	}
	in, okIn := spread(above(d.get("input_lens").numbers()))
	out, okOut := spread(above(d.get("output_lens").numbers()))
	switch {
	case !okIn || !okOut:
	case in.exact && out.exact:
		r.in, r.out = math.Round(in.mean), math.Round(out.mean)
	case in.uniform && out.uniform && math.Abs(in.ratio-out.ratio) < 0.1:
		r.in, r.out, r.ratio = in.most, out.most, math.Round(100*(in.ratio+out.ratio)/2)/100
	default:
		r.say("Lengths vary from request to request (%s to %s in, %s to %s out): computed with their means.",
			short(in.least), short(in.most), short(out.least), short(out.most))
	}
}

// above are the values over zero.
func above(v []float64) []float64 {
	return slices.DeleteFunc(v, func(x float64) bool { return !(x > 0) })
}

// lengths is what lengths of requests look like.
type lengths struct {
	mean, least, most, ratio float64
	exact, uniform           bool
}

// spread looks at lengths: all nearly the same, or uniform between two ends as
// random data sets draw them (mean in the middle, deviation of range ÷ √12).
func spread(v []float64) (l lengths, ok bool) {
	if len(v) < 2 {
		return l, false
	}
	l.mean, l.least, l.most = mean(v), slices.Min(v), slices.Max(v)
	if l.most < 1 || l.least < 0 {
		return l, false
	}
	square := 0.0
	for _, x := range v {
		square += (x - l.mean) * (x - l.mean)
	}
	deviation := math.Sqrt(square / float64(len(v)))
	l.ratio = l.least / l.most
	l.exact = deviation <= 0.03*l.mean
	width := l.most - l.least
	l.uniform = !l.exact && len(v) >= 30 && l.least >= 1 &&
		math.Abs(l.mean-(l.least+l.most)/2) < 0.08*width && math.Abs(deviation*math.Sqrt(12)/width-1) < 0.15
	return l, true
}
