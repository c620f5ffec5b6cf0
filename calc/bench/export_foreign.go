package bench

import "strconv"

// The shapes of other clients' files, as their documentation and sources had
// them in November 2026. The definitions remain ours: TTFT from the first
// event with payload, throughput over the window; keys that would say
// something else are left out.

// vllm is a phase as vllm bench serve --save-result writes a run.
func (d *Document) vllm(p *PhaseDoc) any {
	out := map[string]any{
		"date": d.date(), "backend": "openai-chat", "endpoint_type": "openai-chat", "label": p.Label,
		"model_id": d.Setup.Plan.Model, "tokenizer_id": d.Setup.Plan.Model, "num_prompts": p.Requests,
		"request_rate": "inf", "burstiness": 1.0, "max_concurrency": p.Concurrency,
		"duration": value(p.WindowS, 1), "completed": p.Completed, "failed": failed(p),
		"total_input_tokens": total(p.Input), "total_output_tokens": total(p.Output),
		"request_throughput": value(p.RequestPerS, 1), "request_goodput": value(p.Goodput, 1),
		"output_throughput": value(p.OutputTokPerS, 1), "total_token_throughput": sum(p.InputTokPerS, p.OutputTokPerS),
		"definitions": ids(d),
	}
	if d.Setup.Plan.API == Completions {
		out["backend"], out["endpoint_type"] = "openai", "openai"
	}
	if p.Rate != nil {
		out["request_rate"] = *p.Rate
	}
	for _, m := range []struct {
		name string
		d    DistDoc
	}{{"ttft", p.TTFT}, {"tpot", p.TPOT}, {"itl", p.ICL}, {"e2el", p.E2E}, {"client_queue_time", p.Queue}} {
		out["mean_"+m.name+"_ms"] = value(m.d.Mean, 1)
		out["median_"+m.name+"_ms"] = value(m.d.P50, 1)
		out["std_"+m.name+"_ms"] = value(m.d.Std, 1)
		out["p90_"+m.name+"_ms"] = value(m.d.P90, 1)
		out["p95_"+m.name+"_ms"] = value(m.d.P95, 1)
		out["p99_"+m.name+"_ms"] = value(m.d.P99, 1)
	}
	return out
}

func sum(a, b *float64) any {
	if a == nil || b == nil {
		return nil
	}
	return value(Figure(*a+*b), 1)
}

// ids name our definitions in a foreign file.
func ids(d *Document) map[string]string {
	out := map[string]string{}
	for key, def := range d.Definitions {
		out[key] = def.ID
	}
	return out
}

// aiperf is a phase as profile_export_aiperf.json.
func (d *Document) aiperf(p *PhaseDoc) any {
	block := func(m DistDoc, unit string) map[string]any {
		return map[string]any{
			"unit": unit, "avg": value(m.Mean, 1), "min": value(m.Min, 1), "max": value(m.Max, 1), "p25": value(m.P25, 1),
			"p50": value(m.P50, 1), "p75": value(m.P75, 1), "p90": value(m.P90, 1), "p95": value(m.P95, 1), "p99": value(m.P99, 1),
			"std": value(m.Std, 1), "count": m.N, "sum": total(m),
		}
	}
	derived := func(x any, unit string) map[string]any { return map[string]any{"unit": unit, "avg": x} }
	load := map[string]any{"name": "profiling", "kind": "profiling", "type": "concurrency", "requests": p.Requests, "exclude_from_results": false}
	if p.Concurrency != nil {
		load["concurrency"] = *p.Concurrency
	}
	if p.Rate != nil {
		load["rate"], load["type"] = *p.Rate, p.Loop
	}
	errors := []map[string]any{}
	for _, class := range sortedKeys(p.Errors) {
		errors = append(errors, map[string]any{"error_details": map[string]any{"type": class, "message": Class(class).Text()}, "count": p.Errors[class]})
	}
	return map[string]any{
		"schema_version": "1.5", "start_time": d.date(), "was_cancelled": p.Cut,
		"input_config": map[string]any{
			"models":   map[string]any{"items": []map[string]any{{"name": d.Setup.Plan.Model}}},
			"endpoint": map[string]any{"type": string(d.Setup.Plan.API), "urls": []string{d.Setup.URL}, "streaming": true},
			"datasets": []map[string]any{{"name": "default", "type": "synthetic", "prompts": map[string]any{"isl": map[string]any{"mean": p.InputWanted}, "osl": map[string]any{"mean": p.OutWanted}}}},
			"phases":   []map[string]any{load},
		},
		"error_summary":                    errors,
		"time_to_first_token":              block(p.TTFT, "ms"),
		"time_to_first_output_token":       block(p.TTFA, "ms"),
		"request_latency":                  block(p.E2E, "ms"),
		"inter_token_latency":              block(p.TPOT, "ms"),
		"inter_chunk_latency":              block(p.ICL, "ms"),
		"output_token_throughput_per_user": block(p.Speed, "tokens/sec/user"),
		"input_sequence_length":            block(p.Input, "tokens"),
		"output_sequence_length":           block(p.Output, "tokens"),
		"output_token_throughput":          derived(value(p.OutputTokPerS, 1), "tokens/sec"),
		"total_token_throughput":           derived(sum(p.InputTokPerS, p.OutputTokPerS), "tokens/sec"),
		"request_throughput":               derived(value(p.RequestPerS, 1), "requests/sec"),
		"goodput":                          derived(value(p.Goodput, 1), "requests/sec"),
		"request_count":                    derived(p.Completed, "requests"),
		"error_request_count":              derived(failed(p), "requests"),
		"benchmark_duration":               derived(value(p.WindowS, 1), "sec"),
		"definitions":                      ids(d),
	}
}

// inferencePerf is a phase as stage_N_lifecycle_metrics.json; times in seconds.
func (d *Document) inferencePerf(p *PhaseDoc) any {
	block := func(m DistDoc, scale float64) any {
		if m.N == 0 {
			return nil
		}
		return map[string]any{
			"mean": value(m.Mean, scale), "min": value(m.Min, scale), "p25": value(m.P25, scale), "median": value(m.P50, scale),
			"p75": value(m.P75, scale), "p90": value(m.P90, scale), "p95": value(m.P95, scale), "p99": value(m.P99, scale), "max": value(m.Max, scale),
		}
	}
	load := map[string]any{
		"count": p.Requests, "schedule_delay": block(p.Queue, 1e-3), "send_duration": value(p.WindowS, 1),
		"requested_rate": value(p.Rate, 1), "achieved_rate": nil,
	}
	if p.WindowS != nil && *p.WindowS > 0 {
		load["achieved_rate"] = value(Figure(float64(p.Requests) / *p.WindowS), 1)
	}
	if p.Concurrency != nil {
		load["concurrency"] = *p.Concurrency
	}
	byLabel := map[string]any{}
	for class, n := range p.Errors {
		byLabel[class] = map[string]any{"count": n, "messages": []map[string]any{{"message": Class(class).Text()}}}
	}
	return map[string]any{
		"load_summary": load,
		"successes": map[string]any{
			"count": p.Completed,
			"latency": map[string]any{
				"request_latency": block(p.E2E, 1e-3), "time_to_first_token": block(p.TTFT, 1e-3),
				"normalized_time_per_output_token": block(p.NTPOT, 1e-3), "time_per_output_token": block(p.TPOT, 1e-3), "inter_token_latency": block(p.ICL, 1e-3),
			},
			"throughput": map[string]any{
				"input_tokens_per_sec": value(p.InputTokPerS, 1), "output_tokens_per_sec": value(p.OutputTokPerS, 1),
				"total_tokens_per_sec": sum(p.InputTokPerS, p.OutputTokPerS), "requests_per_sec": value(p.RequestPerS, 1),
			},
			"prompt_len": block(p.Input, 1), "output_len": block(p.Output, 1),
		},
		"failures":    map[string]any{"count": failed(p), "by_label": byLabel},
		"definitions": ids(d), "label": p.Label, "stage": strconv.Itoa(p.InputWanted) + "/" + strconv.Itoa(p.OutWanted),
	}
}
