package importer

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

func read(t *testing.T, name string) File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(data)
	if err != nil {
		t.Fatalf("Read(%s): %v", name, err)
	}
	return f
}

// run is the run that most fixtures state in the format of their tool: 160
// requests of 1,000 tokens in and 200 out, 16 in flight, 120 ms to the first
// token and 10 ms for each further one, so 2,110 ms in all.
var run = measured.Row{
	Input: 1000, Output: 200, Concurrency: 16, TTFT: measured.Some(0.120), ITL: measured.Some(0.010), OutputTokPerS: measured.Some(1516.6),
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		file          string
		format        Format
		model         string // "" = the file names none
		rounds        float64
		e2e, p95      bool
		ttft, itl, ts string // definitions
	}{
		{"vllm.json", VLLM, "Llama-3.1-8B", 10, true, true, measured.DefFirstChunk, measured.DefPerRequest, measured.DefRateWall},
		{"aiperf.json", AIPerf, "Llama-3.1-8B", 10, true, true, measured.DefFirstToken, measured.DefPerRequest, measured.DefRateWall},
		{"aiperf-phases.json", AIPerf, "Llama-3.1-8B", 10, true, true, measured.DefFirstToken, measured.DefPerRequest, measured.DefRateWall},
		{"aiperf.csv", AIPerf, "", 0, true, true, measured.DefFirstToken, measured.DefPerRequest, measured.DefRateWall},
		{"genai-perf.csv", GenAIPerf, "", 0, true, true, measured.DefFirstResponse, measured.DefGapPerToken, measured.DefRateWindow},
		{"genai-perf.json", GenAIPerf, "llama-3.1-8b", 10, true, true, measured.DefFirstResponse, measured.DefGapPerToken, measured.DefRateWindow},
		{"guidellm.json", GuideLLM, "Llama-3.1-8B", 10, true, true, measured.DefFirstToken, measured.DefPerRequest, measured.DefRateWindow},
		{"llmperf-summary.json", LLMPerf, "Llama-3.1-8B", 10, true, true, measured.DefFirstToken, measured.DefDerived, measured.DefRateWall},
		{"nim.csv", NIM, "", 0, false, false, "", "", ""},
		{"own.csv", Table, "llama-3.1-8b", 0, false, false, "", "", ""},
		{"own-report.json", Report, "llama-3.1-8b", 0, true, true, measured.DefFirstToken, measured.DefPerRequest, measured.DefRateArrived},
	} {
		f := read(t, c.file)
		if f.Format != c.format {
			t.Errorf("%s: format %q, want %q", c.file, f.Format, c.format)
		}
		r := f.Table.Rows[0]
		if !strings.Contains(r.Model, c.model) || c.model == "" && r.Model != "" {
			t.Errorf("%s: model %q, want %q in it", c.file, r.Model, c.model)
		}
		if r.Input != run.Input || r.Output != run.Output || r.Concurrency != run.Concurrency || r.Rate != 0 {
			t.Errorf("%s: %d in, %d out, %d in flight, %g req/s; want %d, %d, %d, 0", c.file, r.Input, r.Output, r.Concurrency, r.Rate, run.Input, run.Output, run.Concurrency)
		}
		for _, q := range []struct {
			name      string
			got, want measured.Opt
		}{{"TTFT", r.TTFT, run.TTFT}, {"ITL", r.ITL, run.ITL}, {"tokens/s", r.OutputTokPerS, run.OutputTokPerS}} {
			if !q.got.OK || math.Abs(q.got.Value/q.want.Value-1) > 1e-6 {
				t.Errorf("%s: %s = %v, want %v", c.file, q.name, q.got, q.want)
			}
		}
		if r.E2E.OK != c.e2e || c.e2e && math.Abs(r.E2E.Value-2.11) > 1e-9 {
			t.Errorf("%s: E2E = %v, want 2.11 s: %v", c.file, r.E2E, c.e2e)
		}
		if r.TTFTP95.OK != c.p95 || c.p95 && math.Abs(r.TTFTP95.Value-0.18) > 1e-9 {
			t.Errorf("%s: TTFT p95 = %v, want 180 ms: %v", c.file, r.TTFTP95, c.p95)
		}
		if got := r.Rounds.Or(0); got != c.rounds {
			t.Errorf("%s: %g rounds, want %g", c.file, got, c.rounds)
		}
		for fig, want := range map[measured.Figure]string{measured.FigureTTFT: c.ttft, measured.FigureITL: c.itl, measured.FigureRate: c.ts} {
			if d, _ := r.Definition(fig); d.ID != want {
				t.Errorf("%s: %s is defined as %q, want %q", c.file, fig, d.ID, want)
			}
		}
		// What the file was turned into reads as the same rows.
		again, _, err := measured.ParseCSV(f.CSV)
		if err != nil || len(again.Rows) != len(f.Table.Rows) || again.Rows[0] != r {
			t.Errorf("%s: the table does not read as itself: %v", c.file, err)
		}
	}
}

func TestVLLMLoads(t *testing.T) {
	f := read(t, "vllm-append.jsonl")
	if f.Format != VLLM || len(f.Table.Rows) != 2 {
		t.Fatalf("format %s with %d rows, want vllm with 2", f.Format, len(f.Table.Rows))
	}
	if r := f.Table.Rows[0]; r.Concurrency != 8 || r.Rounds.Value != 10 || r.Rate != 0 || r.Offline {
		t.Errorf("closed loop: %+v", r)
	}
	if r := f.Table.Rows[1]; r.Concurrency != 0 || r.Rate != 4 {
		t.Errorf("open loop: %d in flight, %g req/s; want 0, 4", r.Concurrency, r.Rate)
	}
	for _, c := range []struct {
		name, json string
		flight     int
		rate       float64
		rounds     float64
	}{
		{"all at once", `{"num_prompts":50,"request_rate":"inf","max_concurrency":null}`, 50, 0, 1},
		{"a limit that never held", `{"num_prompts":50,"request_rate":2.0,"max_concurrency":64,"max_concurrent_requests":9}`, 0, 2, 0},
		{"a limit that held", `{"num_prompts":128,"request_rate":20.0,"max_concurrency":64,"max_concurrent_requests":64}`, 64, 0, 2},
	} {
		text := `{"backend":"vllm","mean_ttft_ms":50,"mean_tpot_ms":8,"completed":50,"total_input_tokens":50000,"total_output_tokens":5000,` + c.json[1:]
		f, err := Read([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		r := f.Table.Rows[0]
		if r.Concurrency != c.flight || r.Rate != c.rate || r.Rounds.Or(0) != c.rounds {
			t.Errorf("%s: %d in flight, %g req/s, %g rounds; want %d, %g, %g", c.name, r.Concurrency, r.Rate, r.Rounds.Or(0), c.flight, c.rate, c.rounds)
		}
	}
}

// What AIPerf's settings say of the load, in either of their shapes: the phase
// that was measured counts, and a limit on concurrency only where it held.
func TestAIPerfLoads(t *testing.T) {
	for _, c := range []struct {
		name, settings string
		flight         int
		rate           float64
	}{
		{"list of phases", `{"models":{"items":[{"name":"m"}]},"phases":[{"name":"warmup","type":"concurrency","concurrency":2},{"name":"profiling","type":"concurrency","concurrency":16}]}`, 16, 0},
		{"rate", `{"phases":[{"name":"warmup","kind":"warmup","type":"concurrency","concurrency":2},{"name":"load","kind":"profiling","type":"poisson","rate":7.5}]}`, 0, 7.5},
		{"rate below its limit", `{"phases":[{"name":"profiling","type":"constant","rate":7.5,"concurrency":64}]}`, 0, 7.5},
		{"rate at its limit", `{"phases":[{"name":"profiling","type":"constant","rate":50,"concurrency":16}]}`, 16, 0},
		{"load generator of 2025", `{"endpoint":{"model_names":["m"]},"loadgen":{"request_rate":7.5}}`, 0, 7.5},
		{"nothing", `{}`, 16, 0}, // by Little's law
	} {
		text := `{"aiperf_version":"0.13.0","input_config":` + c.settings + `,"time_to_first_token":{"unit":"ms","avg":120},"request_latency":{"unit":"sec","avg":2.11},
			"request_throughput":{"unit":"requests/sec","avg":7.583},"input_sequence_length":{"avg":1000},"output_sequence_length":{"avg":200},"output_token_throughput":{"avg":1516.6}}`
		f, err := Read([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if r := f.Table.Rows[0]; r.Concurrency != c.flight || r.Rate != c.rate {
			t.Errorf("%s: %d in flight, %g req/s; want %d, %g", c.name, r.Concurrency, r.Rate, c.flight, c.rate)
		}
	}
}

// Requests that failed are in vLLM's and SGLang's lists with zeros, and count
// for nothing; a replayed trace states no rate.
func TestServingLists(t *testing.T) {
	f, err := Read([]byte(`{"backend":"vllm","num_prompts":4,"completed":3,"failed":1,"max_concurrency":2,"request_rate":"inf","total_input_tokens":300,"total_output_tokens":30,
		"mean_ttft_ms":100,"mean_tpot_ms":10,"output_throughput":50,"ttfts":[0.1,0.1,0.0,0.1],"latencies":[0.19,0.19,0.0,0.19],"input_lens":[100,100,100,100],"output_lens":[10,10,0,10],
		"errors":["","","refused",""]}`))
	if err != nil {
		t.Fatal(err)
	}
	if r := f.Table.Rows[0]; r.Input != 100 || r.Output != 10 || math.Abs(r.TTFTP95.Value-0.1) > 1e-9 || math.Abs(r.E2E.Value-0.19) > 1e-9 {
		t.Errorf("with a failed request: %+v", r)
	}
	f, err = Read([]byte(`{"backend":"sglang","dataset_name":"mooncake","request_rate":"trace","max_concurrency":null,"completed":100,"total_input_tokens":100000,"total_output_tokens":20000,
		"request_throughput":4,"output_throughput":800,"mean_e2e_latency_ms":2000,"mean_ttft_ms":100,"mean_tpot_ms":9.5,"concurrency":8}`))
	if err != nil {
		t.Fatal(err)
	}
	if r := f.Table.Rows[0]; r.Concurrency != 8 || r.Rate != 0 || r.Rounds.OK {
		t.Errorf("a replayed trace: %d in flight, %g req/s, rounds %v; want 8 by Little's law", r.Concurrency, r.Rate, r.Rounds)
	}
}

// Lengths drawn uniformly are found as such, which saves the prediction from
// being wrong by their mean.
func TestDrawnLengths(t *testing.T) {
	r := read(t, "vllm-detailed.json").Table.Rows[0]
	if r.Input != 1000 || r.Output != 200 || math.Abs(r.LengthRatio.Value-0.82) > 0.011 {
		t.Errorf("detailed: %d in, %d out, ratio %v; want 1000, 200, 0.82", r.Input, r.Output, r.LengthRatio)
	}
	if want := 0.020 + 0.0005*39*0.95; math.Abs(r.TTFTP95.Value-want) > 1e-9 {
		t.Errorf("detailed: TTFT p95 = %v, want %g", r.TTFTP95, want)
	}
	s := read(t, "sglang.jsonl").Table.Rows[0]
	if s.Input != 1000 || s.Output != 200 || s.LengthRatio.Value != 0.8 || s.Concurrency != 16 {
		t.Errorf("SGLang: %d in, %d out, ratio %v, %d in flight", s.Input, s.Output, s.LengthRatio, s.Concurrency)
	}
	// Its ITL of 40 ms is of chunks; the time per token is 10 ms.
	if s.ITL.Value != 0.010 {
		t.Errorf("SGLang: ITL %v, want the time per token, 10 ms", s.ITL)
	}
	if l, ok := spread([]float64{10, 20, 15}); !ok || l.exact || l.uniform {
		t.Errorf("three lengths are no distribution: %+v", l)
	}
}

func TestGuideLLMLoads(t *testing.T) {
	rows := read(t, "guidellm.json").Table.Rows
	if len(rows) != 3 {
		t.Fatalf("%d rows, want 3", len(rows))
	}
	if r := rows[1]; r.Rate != 4 || r.Concurrency != 0 {
		t.Errorf("poisson: %g req/s, %d in flight; want 4, 0", r.Rate, r.Concurrency)
	}
	if r := rows[2]; r.Concurrency != 64 {
		t.Errorf("throughput: %d in flight, want the measured 64", r.Concurrency)
	}
	// time_per_output_token has TTFT in it: 10.55 ms is not what is taken.
	if r := rows[0]; r.ITL.Value != 0.010 {
		t.Errorf("ITL %v, want 10 ms", r.ITL)
	}
}

func TestInferencePerfHalvesTokens(t *testing.T) {
	f := read(t, "inference-perf.json")
	r := f.Table.Rows[0]
	if f.Format != InferencePerf || r.Rate != 8 || r.ITL.Value != 0.010 {
		t.Errorf("%s: %g req/s, ITL %v; want inference-perf, 8, 10 ms", f.Format, r.Rate, r.ITL)
	}
	if d, _ := r.Definition(measured.FigureITL); d.ID != measured.DefDerived {
		t.Errorf("ITL is defined as %q, want derived", d.ID)
	}
	if !said(f, "count a chunk twice") || !said(f, "2 requests failed") {
		t.Errorf("problems: %v", f.Problems)
	}
	// A release without the fault keeps its own figure.
	data, _ := os.ReadFile("testdata/inference-perf.json")
	good, err := Read([]byte(strings.Replace(string(data), `"mean":0.005,"p95":0.0052`, `"mean":0.0101,"p95":0.0104`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if r := good.Table.Rows[0]; r.ITL.Value != 0.0101 || r.Marked(measured.FigureITL) {
		t.Errorf("ITL %v marked %v; want the stated 10.1 ms unmarked", r.ITL, r.Marked(measured.FigureITL))
	}
}

func TestInferenceX(t *testing.T) {
	f := read(t, "inferencex.json")
	r := f.Table.Rows[0]
	want := measured.Row{
		Model: "openai/gpt-oss-120b", GPU: "h100", GPUs: 2, TP: 2, Engine: "vllm", Version: "0.19.0", Weights: catalog.MXFP4,
		Input: 1024, Output: 1024, Concurrency: 16,
	}
	got := measured.Row{
		Model: r.Model, GPU: r.GPU, GPUs: r.GPUs, TP: r.TP, Engine: r.Engine, Version: r.Version, Weights: r.Weights,
		Input: r.Input, Output: r.Output, Concurrency: r.Concurrency,
	}
	if got != want {
		t.Errorf("row = %+v, want %+v", got, want)
	}
	// Seconds, and tokens/s over both GPUs.
	if r.TTFT.Value != 0.12 || r.ITL.Value != 0.01 || r.OutputTokPerS.Value != 1400 {
		t.Errorf("TTFT %v, ITL %v, %v tokens/s; want 0.12 s, 0.01 s, 1400", r.TTFT, r.ITL, r.OutputTokPerS)
	}
	if s := f.Table.Rows[1]; !s.Excluded() || s.DP != 8 || s.Version != "0.5.8" {
		t.Errorf("MTP row: use %q, dp %d, version %q; want no, 8, 0.5.8", s.Use, s.DP, s.Version)
	}
	c := read(t, "inferencex.csv")
	r.E2E = measured.Opt{} // that column is not in the CSV
	if c.Format != InferenceX || len(c.Table.Rows) != 1 || c.Table.Rows[0] != r {
		t.Errorf("CSV row = %+v, want that of the JSON, %+v", c.Table.Rows[0], r)
	}
	// Its protocol supplies run length and drawn lengths.
	ps, err := measured.LoadProtocols()
	if err != nil {
		t.Fatal(err)
	}
	if p := ps.Of(&r); p.ID != "inferencex" || p.Ratio(&r) != 0.8 || p.RoundsOf(&r) != 10 {
		t.Errorf("protocol %s, ratio %g, rounds %g", p.ID, p.Ratio(&r), p.RoundsOf(&r))
	}
}

func TestRecords(t *testing.T) {
	f := read(t, "aiperf-records.jsonl")
	r := f.Table.Rows[0]
	if f.Format != AIPerf || r.TTFT.Value != 0.12 || r.ITL.Value != 0.01 || r.Concurrency != 2 || r.Input != 1000 {
		t.Errorf("%s: %+v", f.Format, r)
	}
	if want := 400 / 2.11; math.Abs(r.OutputTokPerS.Value/want-1) > 1e-6 {
		t.Errorf("%v tokens/s, want %g", r.OutputTokPerS, want)
	}
	if !said(f, "1 requests failed") || !said(f, "Little's law") {
		t.Errorf("problems: %v", f.Problems)
	}
	l := read(t, "llmperf-responses.json")
	if r := l.Table.Rows[0]; l.Format != LLMPerf || r.ITL.Value != 0.01 || r.HasLoad() {
		t.Errorf("%s: ITL %v, load known %v; want llmperf, 10 ms, false", l.Format, r.ITL, r.HasLoad())
	}
}

func said(f File, part string) bool {
	for _, p := range f.Problems {
		if strings.Contains(p.Text, part) {
			return true
		}
	}
	return false
}

// Rows of two tools in one table are never mixed unmarked.
func TestDefinitionsAreTold(t *testing.T) {
	f := read(t, "genai-perf.json")
	if !said(f, "marked †") {
		t.Errorf("genai-perf: nothing says that its figures are others: %v", f.Problems)
	}
	if r := f.Table.Rows[0]; !r.Marked(measured.FigureTTFT) || !r.Marked(measured.FigureITL) {
		t.Error("genai-perf rows are not marked")
	}
	if r := read(t, "nim.csv").Table.Rows[0]; r.Marked(measured.FigureTTFT) {
		t.Error("rows without definitions are marked")
	}
	const both = `isl,osl,concurrency,ttft_ms,itl_ms,definitions
1000,200,16,120,10,ttft:first_nonempty
1000,200,32,220,12,ttft:first_chunk itl:e2e/n
1000,200,64,420,14,
`
	table, problems, err := measured.ParseCSV([]byte(both))
	if err != nil {
		t.Fatal(err)
	}
	if table.Rows[1].ITL.OK {
		t.Error("a time per token with TTFT in it is compared")
	}
	if len(problems) != 1 || problems[0].Code != measured.CodeDefined {
		t.Errorf("problems = %v, want one about the definition", problems)
	}
	ways := measured.CheckDefinitions(table.Rows)
	found := false
	for _, p := range ways {
		found = found || strings.Contains(p.Text, "defined in 3 ways")
	}
	if !found {
		t.Errorf("CheckDefinitions = %v, want three ways named", ways)
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "empty"},
		{"other JSON", `{"hello":"world"}`, "no result file"},
		{"a list of others", `[1,2,"x",null]`, "no result file"},
		{"broken", `{"mean_ttft_ms": 1,`, "not valid JSON"},
		{"a broken line", "{\"mean_ttft_ms\":1}\n{\"mean", "entry 2"},
		{"nothing measured", `{"phases":[],"schema_version":1}`, "no measured load"},
		{"two tools", "{\"hw\":\"h100\",\"conc\":1}\n{\"mean_ttft_ms\":1}", "mixes"},
		{"too deep", strings.Repeat("[", 1000) + strings.Repeat("]", 1000), "nested"},
		{"prose", "hello\nworld\n", "no column"},
	} {
		_, err := Read([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.name, err, c.want)
		}
	}
	if _, err := Read(make([]byte, measured.MaxBytes+1)); err == nil {
		t.Error("a file that is too large is read")
	}
}

func TestPythonic(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":NaN}`:               `{"a":null}`,
		`{"a":Infinity}`:          `{"a":"inf"}`,
		`{"a":-Infinity,"b":1}`:   `{"a":"inf","b":1}`,
		`{"NaN":"Infinity \" x"}`: `{"NaN":"Infinity \" x"}`,
		`{"a":1}`:                 `{"a":1}`,
	} {
		if got := string(pythonic([]byte(in))); got != want {
			t.Errorf("pythonic(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestAccelerator(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"NVIDIA H100 80GB HBM3": "h100-sxm-80gb",
		"NVIDIA A100-SXM4-80GB": "a100-sxm-80gb",
		"NVIDIA H100 PCIe":      "h100-pcie-80gb",
		"NVIDIA L40S":           "l40s",
		"AMD Instinct MI300X":   "mi300x",
	} {
		g, ok := cat.GPU(Accelerator(in))
		if !ok {
			t.Errorf("Accelerator(%q) = %q, which the catalog does not know", in, Accelerator(in))
			continue
		}
		if g.ID != want {
			t.Errorf("Accelerator(%q) is %s, want %s", in, g.ID, want)
		}
	}
	if got := Accelerator("my gpu"); got != "my gpu" {
		t.Errorf("Accelerator(my gpu) = %q", got)
	}
}

func FuzzRead(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.*")
	for _, n := range names {
		if data, err := os.ReadFile(n); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte(`{"phases":[{"concurrency":1e308,"ttft_ms":{"mean":-1}}],"definitions":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(data)
		if err != nil {
			return
		}
		if len(file.Table.Rows) == 0 || len(file.Table.Rows) != len(file.Table.Cells) {
			t.Fatalf("%d rows, %d lines of cells", len(file.Table.Rows), len(file.Table.Cells))
		}
		again, _, err := measured.ParseCSV(file.CSV)
		if err != nil || len(again.Rows) != len(file.Table.Rows) {
			t.Fatalf("the table that was made reads as %d rows, %v; want %d", len(again.Rows), err, len(file.Table.Rows))
		}
		for _, r := range file.Table.Rows {
			for _, o := range []measured.Opt{r.TTFT, r.ITL, r.E2E, r.OutputTokPerS} {
				if o.OK && (!(o.Value > 0) || math.IsInf(o.Value, 0)) {
					t.Fatalf("a figure is %g", o.Value)
				}
			}
		}
	})
}
