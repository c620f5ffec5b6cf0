package bench

// Definition says what a metric is. ID names the definition, so that numbers
// of different definitions are never laid over each other unmarked.
type Definition struct {
	Key  string `json:"-"` // in reports: "ttft_ms"
	ID   string `json:"id"`
	Unit string `json:"unit"`
	Text string `json:"text"`
}

// Definitions are those of this package, in the order of a report.
func Definitions() []Definition {
	return []Definition{
		{"requests", "requests:issued_in_window", "requests", "Requests sent inside the phase's window, whatever became of them."},
		{"errors", "errors:class", "requests", "Failed requests of the window by class. Requests that we ended ourselves are censored, not errors."},
		{"censored", "censored:ended_by_client", "requests", "Requests of the window that were still running when the phase had to end. They are the slow ones: percentiles of finished requests flatter when there are many."},
		{"ttft_ms", "ttft:first_nonempty", "ms", "From sending to the arrival of the first event with generated payload (content, reasoning, refusal, tool call, text). A role, an empty string, usage or a comment do not count."},
		{"ttfa_ms", "ttfa:first_answer", "ms", "From sending to the first token of the answer, after any reasoning."},
		{"ttfb_ms", "ttfb:headers", "ms", "From sending to the headers. Some servers send them at once, some with the first token: for diagnosis only."},
		{"ttft_from_due_ms", "ttft:first_nonempty-due", "ms", "Open loop: from the scheduled arrival to the first token, so that waiting in the client counts. Without it a client that falls behind leaves out the requests that suffered most."},
		{"e2e_from_due_ms", "e2e:last_token-due", "ms", "Open loop: from the scheduled arrival to the last token."},
		{"tpot_ms", "tpot:(e2e-ttft)/(n-1)", "ms", "Time per output token of one request: (E2E − TTFT)/(output tokens − 1). Also called ITL. Buffered answers have none."},
		{"ntpot_ms", "ntpot:e2e/n", "ms", "E2E ÷ output tokens of one request: time per token with TTFT in it. Its inverse is the speed over the whole request."},
		{"itl_ms", "itl:read_gap/tokens_of_read", "ms", "Inter-token latency, estimated: the gap in front of each read ÷ the tokens it brought by the server's running count, once per token. Not known without such a count."},
		{"icl_ms", "icl:read_gap", "ms", "Inter-chunk latency: gaps between consecutive reads that carried tokens, over all requests. Depends on how the server and the network bundle; never compare it with TPOT."},
		{"e2e_ms", "e2e:last_token", "ms", "From sending to the last event with generated payload."},
		{"time_100_tokens_ms", "time_100:ttft+99*tpot", "ms", "Time to 100 tokens of output at the request's own pace: TTFT + 99 · TPOT."},
		{"client_queue_ms", "client_queue:due_to_send", "ms", "From the moment the request was due (a slot free, or its scheduled arrival) to sending: waiting in the client, not part of TTFT."},
		{"prefill_tok_s", "prefill:input/ttft@1", "tok/s", "Prompt tokens ÷ TTFT of one request at a time, nothing taken from a cache. TTFT also holds the network and the first token, so that the engine itself is faster."},
		{"output_tok_s", "output_throughput:arrived_in_window", "tok/s", "Output tokens that arrived inside the window ÷ its length, over all requests, each prorated by its own arrivals."},
		{"completed_output_tok_s", "output_throughput:completed_in_window", "tok/s", "Output tokens of requests that finished inside the window ÷ its length, as other clients count."},
		{"speed_tok_s", "speed:1/tpot", "tok/s", "Output speed of one request: 1 ÷ TPOT."},
		{"counted_speed_tok_s", "speed:1/tpot*counted/native", "tok/s", "Output speed in tokens of the named counter, so that models with different vocabularies compare."},
		{"overstatement_pct", "overstatement:native/counted-1", "%", "How much higher the median speed in the model's own tokens is than in tokens of the named counter."},
		{"response_rate", "response_rate:token/issued", "", "Share of the window's requests that brought at least one token."},
		{"error_rate", "error_rate:failed/issued", "", "Share of the window's requests that failed."},
		{"goodput", "goodput:joint_slo/window", "req/s", "Requests of the window that met the speed and TTFT limits of the first tier together ÷ window length."},
		{"goodput_fraction", "goodput:joint_slo/issued", "", "The same as a share of all requests of the window, failed ones included."},
		{"request_s", "request_rate:completed_of_window", "req/s", "Requests that finished inside the window ÷ its length."},
		{"output_tokens", "output_tokens:usage|counter|events", "tokens", "Output tokens per request by the server's usage, else by the counter, else one per event; tokens_from says which."},
		{"percentile", "percentile:linear7", "", "Percentiles interpolate linearly between order statistics (type 7). n stands beside them: p95 means little below 20 values, and 59 are needed for a 95 % bound; p99 needs 299."},
		{"std", "std:sample", "", "Sample standard deviation (n − 1)."},
		{"knee", "knee:smallest_within_5pct_of_peak", "requests in flight", "Smallest concurrency whose throughput is within 5 % of the highest, once a higher load brought no more; knee_range holds it in 90 % of bootstrap resamples of the windows' blocks."},
		{"plateau", "plateau:gain<5%&upper90<10%", "", "A phase that gains less than 5 % over the best smaller load, the upper end of a 90 % bootstrap interval over blocks of the window being below 10 %."},
		{"capacity", "capacity:confirmed_by_binomial_bounds", "requests in flight", "Largest concurrency confirmed to hold a tier and smallest confirmed to miss it: pass when an upper 95 % bound meets every limit, fail when a lower one misses any, inconclusive otherwise."},
	}
}
