package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"fleetsize/calc/measured"
)

// inferenceX reads a row of InferenceX (formerly InferenceMAX): the keys of
// vLLM's client in seconds, with the system in front.
func inferenceX(d node) []row {
	r := row{
		model: d.first("infmax_model_prefix", "model_prefix").str(), gpu: Accelerator(d.get("hw").str()), engine: d.get("framework").str(),
		version: imageVersion(d.get("image").str()),
		tp:      max(1, size(d.get("tp"))), pp: max(1, size(d.get("pp"))), ep: size(d.get("ep")),
		in: d.get("isl").num(), out: d.get("osl").num(),
		ttft: d.get("mean_ttft").positive(), ttft95: d.get("p95_ttft").positive(),
		itl: d.get("mean_tpot").positive(), itl95: d.get("p95_tpot").positive(), e2e: d.get("mean_e2el").positive(),
		source: InferenceX.Tool(), definitions: []string{measured.DefFirstChunk, measured.DefPerRequest, measured.DefRateWall},
	}
	if m := d.get("model").str(); m != "" {
		r.model = m
	}
	r.gpus = r.tp * r.pp
	if n := size(d.get("num_gpus")); n > 0 {
		r.gpus = n
	}
	r.weights = d.get("precision").str()
	if r.weights == "fp4" {
		r.weights = "nvfp4"
		if strings.Contains(r.model, "gpt-oss") {
			r.weights = "mxfp4"
		}
	}
	if d.get("dp_attention").yes() {
		r.dp = r.tp
	}
	r.flight = d.get("conc").num() // its protocol has the run length and the lengths
	r.tokPerS = d.get("output_tput_per_gpu").positive() * float64(r.gpus)
	if r.ttft == 0 && r.itl == 0 && d.has("median_ttft") {
		r.ttft, r.itl, r.statistic = d.get("median_ttft").positive(), d.get("median_tpot").positive(), "p50"
	}
	switch s := strings.ToLower(d.first("spec_decoding", "mtp").str()); {
	case d.get("disagg").yes():
		r.use = "no: prefill and decode on separate GPUs"
	case d.get("is_multinode").yes():
		r.use = "no: several nodes"
	case s != "" && s != "none" && s != "off" && s != "false":
		r.use = "no: speculative decoding"
	}
	return []row{r}
}

// imageVersion is the release in the tag of a container image:
// "vllm/vllm-openai:v0.19.0-cu130" is 0.19.0.
func imageVersion(image string) string {
	_, tag, ok := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	if !ok {
		return ""
	}
	tag, _, _ = strings.Cut(strings.TrimPrefix(tag, "v"), "-")
	if tag == "" || tag[0] < '0' || tag[0] > '9' {
		return ""
	}
	return tag
}

// inferenceXTable reads rows of InferenceX as CSV, recognized by its headings.
func inferenceXTable(text []byte) ([]row, bool) {
	lines, ok := records(text)
	if !ok || len(lines) < 1 {
		return nil, false
	}
	at := map[string]int{}
	for i, h := range lines[0] {
		at[strings.ToLower(strings.TrimSpace(h))] = i
	}
	for _, need := range []string{"hw", "conc", "tp"} {
		if _, ok := at[need]; !ok {
			return nil, false
		}
	}
	var out []row
	for _, cells := range lines[1:] {
		d := map[string]any{}
		for name, i := range at {
			if i < len(cells) && strings.TrimSpace(cells[i]) != "" {
				d[name] = cells[i]
			}
		}
		if d["hw"] == nil || d["conc"] == nil || len(out) > measured.MaxRows {
			continue
		}
		out = append(out, inferenceX(node{d})...)
	}
	return out, true
}

// metricTable reads the CSV of AIPerf or genai-perf: a line for each metric
// with its statistics, then a line for each total.
func metricTable(text []byte) ([]row, Format, bool) {
	if !bytes.HasPrefix(bytes.ToLower(text), []byte("metric,")) {
		return nil, "", false
	}
	lines, ok := records(text)
	if !ok {
		return nil, "", false
	}
	var heading []string
	d := map[string]any{}
	f := GenAIPerf
	for _, cells := range lines {
		if len(cells) < 2 {
			continue
		}
		if strings.EqualFold(cells[0], "metric") {
			heading = cells
			continue
		}
		name, scale := metricName(cells[0])
		if _, ok := d[name]; ok || name == "" {
			continue // a later section, of one GPU
		}
		block := map[string]any{"unit": scale}
		for i := 1; i < len(cells) && i < len(heading); i++ {
			key := strings.ToLower(heading[i])
			if key == "value" {
				key = "avg"
			}
			block[key] = strings.ReplaceAll(cells[i], ",", "")
		}
		d[name] = block
		if name == "inter_chunk_latency" || name == "benchmark_duration" || strings.Contains(cells[0], "Time to First") || strings.Contains(cells[0], "requests/sec") {
			f = AIPerf
		}
	}
	if f == AIPerf {
		d["aiperf_version"] = "csv"
	}
	if d["request_latency"] == nil && d["time_to_first_token"] == nil {
		return nil, "", false
	}
	_, rows := aiPerf(node{d})
	return rows, f, true
}

// metricName turns "Time To First Token (ms)" into the key of the JSON file
// and the unit.
func metricName(s string) (name, unit string) {
	s, unit, _ = strings.Cut(s, "(")
	unit = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(unit), ")"))
	name = strings.Join(strings.Fields(strings.ToLower(s)), "_")
	switch name {
	case "num_output_token":
		name = "output_sequence_length"
	case "num_input_token":
		name = "input_sequence_length"
	}
	return name, unit
}

// records splits a CSV text into cells; ok is false where it is none.
func records(text []byte) ([][]string, bool) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	var out [][]string
	for len(out) <= measured.MaxRows+1 {
		cells, err := r.Read()
		if err != nil {
			return out, len(out) > 0 && errors.Is(err, io.EOF)
		}
		out = append(out, cells)
	}
	return nil, false
}
