// Package importer reads the result files of benchmark clients as tables of
// measurements: one row for each load that was measured.
//
// Read tells the format by the content, never by the name. Every format is
// turned into the columns of package measured and read by it, so that a file
// of any client goes the same way as a table written by hand: it is checked,
// predicted, fitted and written back with the predictions added.
//
// Clients call different quantities by the same name. Each figure carries the
// definition of the tool that measured it (measured.Definition); a figure that
// is another quantity than ours is not taken over. Where the file has what it
// takes, the time per token is then worked out from means and labeled so.
//
// Nothing is guessed about the hardware: files that do not name a model, an
// accelerator or an engine leave them open, see measured.Table.Fill.
//
// Formats as of November 2026: vLLM bench serve, SGLang bench_serving, AIPerf,
// genai-perf, GuideLLM, inference-perf, llmperf, InferenceX, NVIDIA's NIM
// tables, this program's own reports and tables.
package importer

import (
	"bytes"
	"fmt"
	"strings"

	"fleetsize/calc/measured"
	"fleetsize/catalog/jsonio"
)

// Format is a kind of file.
type Format string

// The formats that are recognized.
const (
	Table         Format = "table"     // our own columns
	NIM           Format = "nim"       // columns of NVIDIA's NIM tables
	Report        Format = "fleetsize" // JSON report of this program's bench
	VLLM          Format = "vllm"
	SGLang        Format = "sglang"
	AIPerf        Format = "aiperf"
	GenAIPerf     Format = "genai-perf"
	GuideLLM      Format = "guidellm"
	InferencePerf Format = "inference-perf"
	LLMPerf       Format = "llmperf"
	InferenceX    Format = "inferencex"
)

// Tool names what writes files of the format.
func (f Format) Tool() string {
	switch f {
	case NIM:
		return "NVIDIA NIM table"
	case Report:
		return "fleetsize bench"
	case VLLM:
		return "vLLM bench serve"
	case SGLang:
		return "SGLang bench_serving"
	case AIPerf:
		return "AIPerf"
	case GenAIPerf:
		return "genai-perf"
	case GuideLLM:
		return "GuideLLM"
	case InferencePerf:
		return "inference-perf"
	case LLMPerf:
		return "llmperf"
	case InferenceX:
		return "InferenceX"
	}
	return "table of measurements"
}

// Foreign reports whether files of the format come from a benchmark client and
// so do not say what they were measured on.
func (f Format) Foreign() bool { return f != Table && f != NIM && f != InferenceX }

// Formats names the formats for people, in the order of the package comment.
func Formats() []string {
	var out []string
	for _, f := range []Format{VLLM, SGLang, AIPerf, GenAIPerf, GuideLLM, InferencePerf, LLMPerf, InferenceX, NIM, Report} {
		out = append(out, f.Tool())
	}
	return out
}

// File is a file of measurements, read.
type File struct {
	Format   Format
	CSV      []byte // the file in our columns: itself where it is a table already
	Table    measured.Table
	Problems []measured.Problem // what was assumed or could not be read, definitions that are not ours
}

// maxDocuments bounds the documents of a JSON Lines file.
const maxDocuments = measured.MaxRows

// Read reads a file of at most measured.MaxBytes. A file that is none of the
// formats, or has no usable row, is a *measured.FormatError.
func Read(data []byte) (File, error) {
	if len(data) > measured.MaxBytes {
		return File{}, formatError("the file has %d MB; at most %d MB are read", len(data)>>20, measured.MaxBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	text := bytes.TrimSpace(data)
	if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return readJSON(text)
	}
	if rows, f, ok := metricTable(text); ok {
		return finish(f, rows)
	}
	if rows, ok := inferenceXTable(text); ok {
		return finish(InferenceX, rows)
	}
	if heading, _, _ := bytes.Cut(text, []byte("\n")); bytes.Contains(heading, []byte("power.draw")) || bytes.Contains(heading, []byte("utilization.gpu")) {
		return File{}, formatError("this is a log of nvidia-smi, which has no latencies: fleetsize bench power lays it over the report of a measurement")
	}
	t, problems, err := measured.ParseCSV(data)
	if err != nil {
		return File{}, err
	}
	f := Table
	for _, c := range t.Columns {
		if strings.EqualFold(c, "data_type") {
			f = NIM
		}
	}
	return File{f, data, t, append(problems, measured.CheckDefinitions(t.Rows)...)}, nil
}

// readJSON reads one document, a list of them, or one in each line.
func readJSON(text []byte) (File, error) {
	documents, err := decode(pythonic(text))
	if err != nil {
		return File{}, err
	}
	var rows []row
	var format Format
	var records []node // of requests, in AIPerf's and llmperf's lists
	for _, d := range documents {
		if isRecord(d) {
			records = append(records, d)
			continue
		}
		f, found := recognize(d)
		if f == "" {
			continue
		}
		if format != "" && f != format {
			return File{}, formatError("the file mixes results of %s and %s: give one at a time", format.Tool(), f.Tool())
		}
		format = f
		if rows = append(rows, found...); len(rows) > measured.MaxRows {
			return File{}, formatError("the file has more than %d rows", measured.MaxRows)
		}
	}
	if format == "" && len(records) > 0 {
		format, rows = fromRecords(records)
	}
	if format == "" {
		return File{}, formatError("the JSON is no result file that is known; known are those of %s", strings.Join(Formats(), ", "))
	}
	return finish(format, rows)
}

// decode splits a text into documents.
func decode(text []byte) ([]node, error) {
	var v any
	whole := jsonio.Unmarshal(text, &v)
	if whole == nil {
		if list, ok := v.([]any); ok {
			if len(list) > maxDocuments {
				return nil, formatError("the file has more than %d entries", maxDocuments)
			}
			out := make([]node, len(list))
			for i := range list {
				out[i] = node{list[i]}
			}
			return out, nil
		}
		return []node{{v}}, nil
	}
	var out []node
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var v any
		if err := jsonio.Unmarshal(line, &v); err != nil {
			if len(out) == 0 {
				return nil, formatError("the file is %v", whole)
			}
			return nil, formatError("entry %d of the file is %v", len(out)+1, err)
		}
		if out = append(out, node{v}); len(out) > maxDocuments {
			return nil, formatError("the file has more than %d entries", maxDocuments)
		}
	}
	return out, nil
}

// recognize tells a document's format by the keys that only it has, and reads
// its rows.
func recognize(d node) (Format, []row) {
	switch {
	case d.has("phases") && (d.has("definitions") || d.has("schema_version")):
		return Report, ownReport(d)
	case d.has("benchmarks") && d.get("benchmarks").isList():
		return GuideLLM, guideLLM(d)
	case d.has("load_summary") && d.has("successes"):
		return InferencePerf, inferencePerf(d)
	case d.get("time_to_first_token").has("avg") || d.get("request_latency").has("avg") || d.get("records", "request_latency").has("avg"):
		return aiPerf(d)
	case d.has("results_ttft_s_mean") || d.get("results", "ttft_s").has("mean"):
		return LLMPerf, llmPerf(d)
	case d.has("hw") && d.has("conc"):
		return InferenceX, inferenceX(d)
	case d.has("mean_e2e_latency_ms") || d.has("random_range_ratio") && d.has("mean_ttft_ms"):
		return SGLang, sgLang(d)
	case d.has("mean_ttft_ms") || d.has("output_throughput") && d.has("num_prompts"):
		return VLLM, vLLM(d)
	}
	return "", nil
}

// finish turns rows into a table in our columns and reads it.
func finish(f Format, rows []row) (File, error) {
	if len(rows) == 0 {
		return File{}, formatError("the %s file has no measured load", f.Tool())
	}
	csv := table(rows)
	t, problems, err := measured.ParseCSV(csv)
	if err != nil {
		return File{}, formatError("the %s file has no usable row: %v", f.Tool(), err)
	}
	problems = append(problems, measured.CheckDefinitions(t.Rows)...)
	for i := range rows {
		for _, n := range rows[i].said {
			problems = append(problems, measured.Problem{Line: i + 2, Code: measured.CodeInferred, Text: n})
		}
	}
	return File{f, csv, t, trim(problems)}, nil
}

// trim joins problems that many rows have alike.
func trim(list []measured.Problem) []measured.Problem {
	type key struct {
		code measured.Code
		text string
	}
	n := map[key]int{}
	for _, p := range list {
		n[key{p.Code, p.Text}]++
	}
	var out []measured.Problem
	for _, p := range list {
		k := key{p.Code, p.Text}
		switch c := n[k]; {
		case c == 0:
			continue
		case c > 1:
			p = measured.Problem{Code: p.Code, Text: fmt.Sprintf("%s (%d rows)", p.Text, c)}
		}
		n[k] = 0
		out = append(out, p)
	}
	return out
}

func formatError(format string, args ...any) error {
	return &measured.FormatError{Text: fmt.Sprintf(format, args...)}
}
