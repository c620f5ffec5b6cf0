package importer

import (
	"strings"

	"fleetsize/calc/measured"
)

// aiPerf reads profile_export_aiperf.json, and genai-perf's file of the same
// blocks: {unit, avg, p50, …} for each metric. The unit is what counts.
func aiPerf(d node) (Format, []row) {
	if d.get("records").has("request_latency") {
		d = node{merge(d, d.get("records"))}
	}
	f := GenAIPerf
	switch {
	case d.has("aiperf_version"), d.has("schema_version"), d.get("run_info").v != nil, d.has("inter_chunk_latency"), d.has("benchmark_duration"),
		strings.HasPrefix(d.find("cli_command").str(), "aiperf"):
		f = AIPerf
	}
	r := row{
		ttft: seconds(d.get("time_to_first_token"), "avg"), ttft95: seconds(d.get("time_to_first_token"), "p95"),
		itl: seconds(d.get("inter_token_latency"), "avg"), itl95: seconds(d.get("inter_token_latency"), "p95"),
		e2e:     seconds(d.get("request_latency"), "avg"),
		tokPerS: d.get("output_token_throughput", "avg").positive(),
		source:  sourced(d, f.Tool()),
	}
	r.tokens(d.get("input_sequence_length", "avg").num(), d.first("output_sequence_length", "output_token_count").get("avg").num())
	settings := d.get("input_config")
	r.model = named(settings.find("model_names"))
	for _, from := range []node{settings.get("models", "items"), settings.first("model", "models", "formatted_model_name")} {
		if r.model == "" {
			r.model = named(from)
		}
	}
	r.gpu = Accelerator(d.get("telemetry_data").find("gpu_model_name").str())
	if r.gpu == "" {
		r.gpu = Accelerator(d.get("telemetry_data").find("gpu_name").str())
	}
	requests := d.get("request_count", "avg").num()
	load := settings
	if p := profiling(settings.get("phases")); p.v != nil {
		load = p
	}
	flight, rate := load.find("concurrency").num(), load.first("rate", "request_rate").positive()
	if rate == 0 {
		rate = load.find("request_rate").positive()
	}
	switch perS := d.get("request_throughput", "avg").num(); {
	case flight >= 1 && rate > 0 && perS*r.e2e > 0 && perS*r.e2e < 0.9*flight:
		r.rate = rate // the limit on concurrency held nothing back
	case flight >= 1:
		r.closed(flight, requests)
	case rate > 0:
		r.rate = rate
	default:
		r.closedBy(perS, r.e2e)
	}
	r.ofPerf(f)
	r.restate(d, f)
	if d.get("was_cancelled").yes() {
		r.say("The run was canceled before its end.")
	}
	return f, []row{r}
}

// ofPerf labels the figures of AIPerf and genai-perf.
func (r *row) ofPerf(f Format) {
	if f == AIPerf {
		r.defined(measured.DefFirstToken, measured.DefPerRequest, measured.DefRateWall)
	} else {
		r.defined(measured.DefFirstResponse, measured.DefGapPerToken, measured.DefRateWindow)
	}
}

// merge is d with the entries of more in it.
func merge(d, more node) map[string]any {
	out := map[string]any{}
	for _, n := range []node{d, more} {
		m, _ := n.v.(map[string]any)
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// profiling is the phase that was measured, in the settings that AIPerf has
// written since its YAML configuration (0.7): a list of phases, warm-up first.
func profiling(phases node) node {
	var last node
	for _, p := range phases.list() {
		if kind := p.first("kind", "name").str(); kind != "warmup" && !p.get("exclude_from_results").yes() {
			last = p
		}
	}
	return last
}

// named is a name, or the first of a list of names or of objects with one.
func named(n node) string {
	if l := n.list(); len(l) > 0 {
		n = l[0]
	}
	if s := n.get("name").str(); s != "" {
		return s
	}
	return n.str()
}

// seconds is a statistic of a metric block in seconds; blocks without a unit
// are in milliseconds.
func seconds(block node, statistic string) float64 {
	return block.get(statistic).positive() * unit(block.get("unit").str())
}

// unit is the seconds in a unit of time.
func unit(name string) float64 {
	switch strings.ToLower(name) {
	case "s", "sec", "seconds", "second":
		return 1
	case "us", "µs", "microseconds":
		return 1e-6
	case "ns", "nanoseconds":
		return 1e-9
	}
	return 1e-3
}
