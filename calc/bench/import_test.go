package bench

import (
	"math"
	"testing"

	"fleetsize/calc/importer"
)

// What is exported in another client's shape is recognized as that client's
// and says the same.
func TestExportsAreReadBack(t *testing.T) {
	d := smallReport(t)
	for format, want := range map[string]importer.Format{
		FormatJSON: importer.Report, FormatVLLM: importer.VLLM, FormatAIPerf: importer.AIPerf, FormatInfPerf: importer.InferencePerf, FormatCSV: importer.NIM,
	} {
		parts, err := d.Export(format)
		if err != nil {
			t.Fatal(err)
		}
		f, err := importer.Read(parts[len(parts)-1].Data)
		if err != nil || f.Format != want || len(f.Table.Rows) == 0 {
			t.Errorf("%s: %v, read as %q with %d rows", format, err, f.Format, len(f.Table.Rows))
			continue
		}
		r := f.Table.Rows[len(f.Table.Rows)-1]
		if ttft := *d.Phases[2].TTFT.Mean / 1e3; math.Abs(r.TTFT.Value-ttft) > 1e-3*ttft || math.Abs(r.ITL.Value-0.02) > 1e-5 {
			t.Errorf("%s: TTFT %v s, %v s per token; want %v and 0.02", format, r.TTFT, r.ITL, ttft)
		}
		if r.Concurrency != 8 {
			t.Errorf("%s: concurrency %d, want 8", format, r.Concurrency)
		}
	}
}
