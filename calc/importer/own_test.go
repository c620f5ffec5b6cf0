package importer

import (
	"math"
	"strings"
	"testing"

	"fleetsize/calc/bench"
	"fleetsize/calc/measured"
)

// document is a report of two phases as this program's bench writes it.
func document() bench.Document {
	some := func(v float64) *float64 { return &v }
	flight := func(n int) *int { return &n }
	definitions := map[string]bench.Definition{}
	for _, d := range bench.Definitions() {
		definitions[d.Key] = d
	}
	dist := func(mean, p95 float64) bench.DistDoc {
		return bench.DistDoc{N: 160, Mean: some(mean), P50: some(mean), P95: some(p95)}
	}
	phase := func(load int, ttft, tpot, rate float64) bench.PhaseDoc {
		return bench.PhaseDoc{
			Loop: "closed", Concurrency: flight(load), InputWanted: 1000, OutWanted: 200, WindowS: some(60), Requests: 160, Completed: 160,
			TTFT: dist(ttft, 1.5*ttft), TPOT: dist(tpot, 1.04*tpot), E2E: dist(ttft+199*tpot, ttft+210*tpot), OutputTokPerS: some(rate), InputTokPerS: some(5 * rate),
			RequestPerS: some(rate / 200), Input: dist(1003, 1010), Output: dist(200, 200),
		}
	}
	d := bench.Document{SchemaVersion: bench.SchemaVersion, Tool: bench.Tool, Definitions: definitions}
	d.Setup.Plan.Model, d.Setup.Plan.Input, d.Setup.Plan.Output = "llama-3.1-8b", 1000, 200
	d.Setup.Deployment = &bench.Deployment{Model: "llama-3-1-8b", GPU: "h100-sxm-80gb", GPUs: 1, TP: 1, Engine: "vllm", Version: "0.19.0", Weights: "fp8"}
	d.Phases = []bench.PhaseDoc{phase(16, 120, 10, 1516.6), phase(32, 200, 12, 2500)}
	return d
}

// What bench writes is read as the rows that bench itself makes of it.
func TestOwnReport(t *testing.T) {
	d := document()
	data, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	want := d.Rows()
	if f.Format != Report || len(f.Table.Rows) != len(want) {
		t.Fatalf("format %s, %d rows, want %d", f.Format, len(f.Table.Rows), len(want))
	}
	for i, w := range want {
		r := f.Table.Rows[i]
		type facts struct {
			model, gpu, engine, version string
			weights                     string
			gpus, tp, in, out, flight   int
		}
		of := func(r *measured.Row) facts {
			return facts{r.Model, r.GPU, r.Engine, r.Version, string(r.Weights), r.GPUs, r.TP, r.Input, r.Output, r.Concurrency}
		}
		if of(&r) != of(&w) {
			t.Errorf("row %d: %+v, want %+v", i, of(&r), of(&w))
		}
		for _, q := range [][2]measured.Opt{{r.TTFT, w.TTFT}, {r.TTFTP95, w.TTFTP95}, {r.ITL, w.ITL}, {r.E2E, w.E2E}, {r.OutputTokPerS, w.OutputTokPerS}} {
			if q[0].OK != q[1].OK || math.Abs(q[0].Value-q[1].Value) > 1e-6*q[1].Value {
				t.Errorf("row %d: %v, want %v", i, q[0], q[1])
			}
		}
		if r.Marked(measured.FigureTTFT) || r.Marked(measured.FigureITL) || r.Marked(measured.FigureRate) {
			t.Errorf("row %d: our own figures are marked: %s", i, r.Definitions)
		}
	}
	protocols, err := measured.LoadProtocols()
	if err != nil {
		t.Fatal(err)
	}
	if r := &f.Table.Rows[0]; protocols.Of(r).RoundsOf(r) != 0 {
		t.Error("a window inside a running load is read as a finite run")
	}
}

// What bench exports for other tools comes back with our definitions, not
// with those of the tool whose shape it has.
func TestOwnExports(t *testing.T) {
	d := document()
	for format, want := range map[string]Format{bench.FormatVLLM: VLLM, bench.FormatAIPerf: AIPerf, bench.FormatInfPerf: InferencePerf, bench.FormatCSV: NIM, bench.FormatJSON: Report} {
		parts, err := d.Export(format)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read(parts[0].Data)
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		r := f.Table.Rows[0]
		if f.Format != want || r.Concurrency != 16 || math.Abs(r.TTFT.Value-0.120) > 1e-9 || math.Abs(r.ITL.Value-0.010) > 1e-9 {
			t.Errorf("%s: read as %s with %d in flight, TTFT %v, ITL %v", format, f.Format, r.Concurrency, r.TTFT, r.ITL)
		}
		if r.Marked(measured.FigureTTFT) || r.Marked(measured.FigureITL) {
			t.Errorf("%s: our own figures are marked: %s", format, r.Definitions)
		}
		if format != bench.FormatCSV && (!strings.HasPrefix(r.Source, "fleetsize bench") || r.Rounds.OK) {
			t.Errorf("%s: source %q, rounds %v; want ours, none", format, r.Source, r.Rounds)
		}
	}
}
