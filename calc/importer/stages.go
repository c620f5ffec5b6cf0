package importer

import (
	"math"
	"strings"

	"fleetsize/calc/measured"
)

// guideLLM reads GuideLLM's benchmarks.json: one row for each benchmark.
// request_latency is in seconds, names that end in _ms in milliseconds. Its
// time_per_output_token has TTFT in it; its inter_token_latency has not.
func guideLLM(d node) []row {
	var out []row
	for _, b := range d.get("benchmarks").list() {
		m := b.get("metrics")
		stat := func(name, s string) float64 {
			q := m.get(name, "successful")
			if s == "p95" {
				return q.get("percentiles", "p95").positive()
			}
			return q.get(s).positive()
		}
		r := row{
			ttft: stat("time_to_first_token_ms", "mean") / 1e3, ttft95: stat("time_to_first_token_ms", "p95") / 1e3,
			itl: stat("inter_token_latency_ms", "mean") / 1e3, itl95: stat("inter_token_latency_ms", "p95") / 1e3,
			e2e: stat("request_latency", "mean"), tokPerS: stat("output_tokens_per_second", "mean"),
			source:      GuideLLM.Tool(),
			definitions: []string{measured.DefFirstToken, measured.DefPerRequest, measured.DefRateWindow},
		}
		if v := d.get("metadata", "guidellm_version").str(); v != "" {
			r.source += " " + v
		}
		r.tokens(stat("prompt_token_count", "mean"), stat("output_token_count", "mean"))
		r.model = b.find("backend_model").str()
		for _, from := range []node{b.get("config"), d.get("config"), d.get("args"), b.get("args"), b.get("worker"), b.get("benchmarker")} {
			if r.model == "" {
				r.model = from.find("model").str()
			}
		}
		r.strategy(b, stat("request_concurrency", "mean"))
		if r.itl == 0 && r.derive() {
			r.definitions[1] = measured.DefDerived
		}
		out = append(out, r)
	}
	return out
}

// strategy is how a benchmark of GuideLLM sends: one at a time, streams in
// flight, at a rate, or as many as the server takes.
func (r *row) strategy(b node, flight float64) {
	s := b.find("strategy")
	kind := s.str()
	if kind == "" {
		kind = s.first("type_", "kind", "type").str()
	}
	if kind == "" {
		kind = b.find("strategy_type").str()
	}
	requests := b.get("metrics", "request_totals", "successful").num()
	switch streams, rate := s.first("streams", "max_concurrency").num(), s.first("rate", "initial_rate").positive(); {
	case kind == "synchronous":
		r.closed(1, requests)
	case kind == "concurrent" && streams >= 1:
		r.closed(streams, requests)
	case (kind == "constant" || kind == "poisson" || kind == "async") && rate > 0:
		r.rate = rate
		if kind == "constant" {
			r.say("Requests were sent at even distances; they are predicted as arriving at random, which waits longer.")
		}
	case flight >= 0.5:
		r.closed(math.Max(flight, 1), requests)
		r.say("The load is the mean number of requests in flight that was measured, %s.", short(flight))
	}
}

// inferencePerf reads a stage of kubernetes-sigs/inference-perf, or the
// summary of a run with one stage. Everything is in seconds.
func inferencePerf(d node) []row {
	l := d.get("successes", "latency")
	stat := func(name, s string) float64 { return l.get(name, s).positive() }
	length := func(names ...string) float64 {
		for _, n := range names {
			if v := d.get("successes", n, "mean").num(); v > 0 {
				return v
			}
		}
		return 0
	}
	r := row{
		ttft: stat("time_to_first_token", "mean"), ttft95: stat("time_to_first_token", "p95"),
		itl: stat("time_per_output_token", "mean"), itl95: stat("time_per_output_token", "p95"),
		e2e: stat("request_latency", "mean"), tokPerS: d.get("successes", "throughput", "output_tokens_per_sec").positive(),
		source:      InferencePerf.Tool(),
		definitions: []string{measured.DefFirstToken, measured.DefPerRequest, measured.DefRateWall},
	}
	r.tokens(length("prompt_len", "prompt_tokens"), length("output_len", "output_tokens"))
	load := d.get("load_summary")
	switch flight, rate := load.get("concurrency").num(), load.get("requested_rate").positive(); {
	case flight >= 1:
		r.closed(flight, d.get("successes", "count").num())
	case rate > 0:
		r.rate = rate
		if got := load.get("achieved_rate").num(); got > 0 && got < 0.9*rate {
			r.say("The client sent %s requests/s where %s were asked for.", short(got), short(rate))
			r.rate = got
		}
	default:
		r.closedBy(d.get("successes", "throughput", "requests_per_sec").num(), r.e2e)
	}
	// Releases of 2025 counted one time stamp too many for every chunk, which
	// halves the time per token; the latencies of whole requests are right.
	stated, stated95 := r.itl, r.itl95
	if r.derive() {
		if stated > 0 && math.Abs(stated/r.itl-1) <= 0.15 {
			r.itl, r.itl95 = stated, stated95
		} else {
			r.definitions[1] = measured.DefDerived
			if stated > 0 {
				r.say("The stated time per token, %s ms, contradicts (E2E − TTFT) ÷ (tokens − 1) = %s ms, which is used: releases of 2025 count a chunk twice.",
					short(1e3*stated), short(1e3*r.itl))
			}
		}
	} else {
		r.itl, r.itl95 = stated, stated95
	}
	r.restate(d, InferencePerf)
	if n := d.get("failures", "count").num(); n > 0 {
		r.say("%s requests failed; the figures are of those that did not.", short(n))
	}
	return []row{r}
}

// ownReport reads a report of this program's bench: one row for each phase.
func ownReport(d node) []row {
	var out []row
	for _, p := range d.get("phases").list() {
		r := row{
			ttft: p.get("ttft_ms", "mean").positive() / 1e3, ttft95: p.get("ttft_ms", "p95").positive() / 1e3,
			itl: p.get("tpot_ms", "mean").positive() / 1e3, itl95: p.get("tpot_ms", "p95").positive() / 1e3,
			e2e: p.get("e2e_ms", "mean").positive() / 1e3, tokPerS: p.get("output_tok_s").positive(),
			source: sourced(d, Report.Tool()),
			definitions: []string{
				ownDefinition(d, "ttft_ms", measured.DefFirstToken),
				ownDefinition(d, "tpot_ms", measured.DefPerRequest),
				ownDefinition(d, "output_tok_s", measured.DefRateArrived),
			},
		}
		on, plan := d.get("setup", "deployment"), d.get("setup", "plan")
		if plan.v == nil {
			plan = d.get("plan")
		}
		r.model = named(on.first("model"))
		for _, from := range []node{plan, d} {
			if r.model == "" {
				r.model = from.get("model").str()
			}
		}
		r.gpu, r.engine, r.version = Accelerator(on.get("gpu").str()), on.get("engine").str(), on.get("engine_version").str()
		r.gpus, r.tp, r.pp = size(on.get("gpus")), size(on.get("tp")), size(on.get("pp"))
		r.dp, r.ep = size(on.get("dp")), size(on.get("ep"))
		r.weights, r.kv = on.get("weights").str(), on.get("kv").str()
		r.tokens(lengthOf(p, plan, "input_tokens"), lengthOf(p, plan, "output_tokens"))
		switch flight, rate := p.get("concurrency").num(), p.first("rate", "request_rate").positive(); {
		case flight >= 1:
			r.closed(flight, 0)
		case rate > 0:
			r.rate = rate
		}
		r.use = p.get("use").str()
		switch limit := p.get("client_limit", "severe"); {
		case strings.HasPrefix(r.use, "latency only"):
			r.say("%s", r.use)
			r.use, r.tokPerS = "", 0
		case r.use != "":
		case p.get("client_limited").yes() && (limit.v == nil || limit.yes()):
			r.use = "no: the client was the limit"
		case p.get("cut_short").yes():
			r.use = "no: cut short"
		}
		if r.ttft > 0 || r.itl > 0 || r.tokPerS > 0 {
			out = append(out, r)
		}
	}
	return out
}

// ownDefinition is the definition that a report states of a metric; reports
// that state none have that of the first version.
func ownDefinition(d node, metric, otherwise string) string {
	stated := d.get("definitions", metric)
	for _, id := range []string{stated.get("id").str(), stated.str()} {
		if _, ok := measured.DefinitionOf(id); ok {
			return id
		}
	}
	return otherwise
}

// lengthOf is the mean number of tokens of a phase, or what was asked for.
func lengthOf(phase, plan node, name string) float64 {
	for _, n := range []node{phase.get(name, "mean"), phase.get(name), phase.get(name + "_wanted"), plan.get(name)} {
		if v := n.num(); v > 0 {
			return v
		}
	}
	return 0
}

// restate takes the definitions that a file in a client's shape states to have
// instead of the client's own: this program writes them into what it exports,
// and what it measures is steady state.
func (r *row) restate(d node, tool Format) {
	ids := []string{ownDefinition(d, "ttft_ms", ""), ownDefinition(d, "tpot_ms", ""), ownDefinition(d, "output_tok_s", "")}
	if ids[0] == "" || ids[1] == "" || ids[2] == "" {
		return
	}
	r.definitions, r.rounds = ids, 0
	r.source = Report.Tool() + ", written as " + tool.Tool()
}
