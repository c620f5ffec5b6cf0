package importer

import (
	"math"

	"fleetsize/calc/measured"
)

// isRecord reports whether a document is about a single request: a line of
// AIPerf's profile_export.jsonl or an entry of llmperf's list of responses.
func isRecord(d node) bool {
	return d.has("metadata") && d.get("metrics").has("request_latency") || d.has("ttft_s") && d.has("end_to_end_latency_s") ||
		d.has("error_code") && d.has("ttft_s")
}

// fromRecords makes one row of the requests of a run.
func fromRecords(records []node) (Format, []row) {
	if records[0].has("ttft_s") {
		return LLMPerf, llmPerfRecords(records)
	}
	var ttft, itl, e2e, in, out []float64
	first, last := math.Inf(1), 0.0
	failed := 0
	for _, d := range records {
		m := d.get("metrics")
		if d.has("error") || d.get("metadata", "was_cancelled").yes() {
			failed++
			continue
		}
		if phase := d.get("metadata", "benchmark_phase").str(); phase == "warmup" {
			continue
		}
		add := func(list *[]float64, key string, scale bool) {
			b := m.get(key)
			if v := b.get("value").num(); v > 0 {
				if scale {
					v *= unit(b.get("unit").str())
				}
				*list = append(*list, v)
			}
		}
		add(&ttft, "time_to_first_token", true)
		add(&itl, "inter_token_latency", true)
		add(&e2e, "request_latency", true)
		add(&in, "input_sequence_length", false)
		add(&out, "output_sequence_length", false)
		if s, e := d.get("metadata", "request_start_ns").num(), d.get("metadata", "request_end_ns").num(); e > s && s > 0 {
			first, last = math.Min(first, s), math.Max(last, e)
		}
	}
	r := row{
		ttft: mean(ttft), ttft95: percentile(ttft, 0.95), itl: mean(itl), itl95: percentile(itl, 0.95), e2e: mean(e2e),
		source: AIPerf.Tool() + ", single requests",
	}
	r.tokens(mean(in), mean(out))
	if wall := (last - first) / 1e9; wall > 0 {
		r.tokPerS = mean(out) * float64(len(out)) / wall
		r.closedBy(float64(len(e2e))/wall, r.e2e)
	}
	if failed > 0 {
		r.say("%d requests failed or were canceled and are left out.", failed)
	}
	r.ofPerf(AIPerf)
	if r.flight == 0 {
		return AIPerf, nil
	}
	return AIPerf, []row{r}
}

// llmPerf reads a …_summary.json of llmperf. Its inter-token latency has TTFT
// in it and is worked out anew from the means.
func llmPerf(d node) []row {
	stat := func(metric, s string) float64 {
		if v := d.get("results_" + metric + "_" + s); v.v != nil {
			return v.positive()
		}
		if s == "quantiles_p95" {
			return d.get("results", metric, "quantiles", "p95").positive()
		}
		return d.get("results", metric, s).positive()
	}
	r := row{
		model: d.get("model").str(), ttft: stat("ttft_s", "mean"), ttft95: stat("ttft_s", "quantiles_p95"),
		e2e: stat("end_to_end_latency_s", "mean"), source: LLMPerf.Tool(),
		tokPerS: d.first("results_mean_output_throughput_token_per_s", "mean_output_throughput_token_per_s").positive(),
	}
	if r.tokPerS == 0 {
		r.tokPerS = d.get("results", "mean_output_throughput_token_per_s").positive()
	}
	r.tokens(stat("number_input_tokens", "mean"), stat("number_output_tokens", "mean"))
	r.closed(d.get("num_concurrent_requests").num(), d.first("results_num_completed_requests", "num_completed_requests").num())
	r.ofLLMPerf()
	if e := d.first("results_error_rate", "error_rate").num(); e > 0 {
		r.say("%s %% of requests failed; the figures are of those that did not.", short(100*e))
	}
	return []row{r}
}

func (r *row) ofLLMPerf() {
	r.defined(measured.DefFirstToken, measured.DefRateWall)
	if r.derive() {
		r.defined(measured.DefDerived)
	}
	r.say("llmperf counts tokens with a Llama tokenizer whatever the model: lengths of other models are approximate.")
}

// llmPerfRecords makes a row of a list of responses. It does not say how many
// were in flight: that stays open unless Little's law can tell.
func llmPerfRecords(records []node) []row {
	var ttft, e2e, in, out []float64
	for _, d := range records {
		if code := d.get("error_code"); code.v != nil && code.str() != "" {
			continue
		}
		if v := d.get("ttft_s").num(); v > 0 {
			ttft, e2e = append(ttft, v), append(e2e, d.get("end_to_end_latency_s").positive())
			in, out = append(in, d.get("number_input_tokens").positive()), append(out, d.get("number_output_tokens").positive())
		}
	}
	if len(ttft) == 0 {
		return nil
	}
	r := row{ttft: mean(ttft), ttft95: percentile(ttft, 0.95), e2e: mean(e2e), source: LLMPerf.Tool() + ", single responses"}
	r.tokens(mean(in), mean(out))
	r.ofLLMPerf()
	r.say("The list does not say how many requests were in flight: read the …_summary.json beside it.")
	return []row{r}
}
