package measured_test

import (
	"testing"

	"fleetsize/calc/measured"
)

func TestProtocols(t *testing.T) {
	ps, err := measured.LoadProtocols()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		row        measured.Row
		id, build  string
		rounds     float64
		ratio      float64
		documented bool
	}{
		{measured.Row{Source: "aiconfigurator silicon_sample.csv / InferenceX", Engine: "vllm", Input: 1024, Output: 1024}, "inferencex", "inferencex", 10, 0.8, true},
		{measured.Row{Source: "docs.nvidia.com/nim/benchmarking", Engine: "nim-trtllm", Input: 5000, Output: 500}, "nim", "", 35, 1, false},
		{measured.Row{Source: "docs.nvidia.com/nim/benchmarking", Engine: "nim", Input: 20000, Output: 2000}, "nim", "", 4.2, 1, false},
		{measured.Row{Source: "NVIDIA DLI course dataset nim.csv", Engine: "nim-trtllm", Input: 200, Output: 200}, "nim-dli", "2024", 4, 1, false},
		{measured.Row{Source: "NVIDIA TensorRT-LLM perf-overview v1.0", Engine: "trtllm-offline", Input: 128, Output: 128}, "trtllm-perf-overview", "perf-overview", 0, 1, true},
		{measured.Row{Engine: "sglang", Input: 100, Output: 100}, "default", "", 10, 1, false},
		{measured.Row{Source: "aiconfigurator silicon_sample.csv / NVIDIA internal", Engine: "vllm", Input: 100, Output: 100}, "default", "", 10, 1, false},
	} {
		p := ps.Of(&c.row)
		if p.ID != c.id || p.Build != c.build || p.RoundsOf(&c.row) != c.rounds || p.Ratio(&c.row) != c.ratio || p.Documented != c.documented || p.Note == "" {
			t.Errorf("%q, %q: protocol %s, build %q, %v rounds, ratio %v, documented %v; want %s, %q, %v, %v, %v",
				c.row.Source, c.row.Engine, p.ID, p.Build, p.RoundsOf(&c.row), p.Ratio(&c.row), p.Documented,
				c.id, c.build, c.rounds, c.ratio, c.documented)
		}
	}
	// What a row states goes before what its source is known for.
	r := measured.Row{Source: "InferenceX", Rounds: measured.Some(3), LengthRatio: measured.Some(1)}
	if p := ps.Of(&r); p.RoundsOf(&r) != 3 || p.Ratio(&r) != 1 {
		t.Errorf("stated 3 rounds of exact lengths, got %v and %v", p.RoundsOf(&r), p.Ratio(&r))
	}
}

// Numbers of requests as the TensorRT-LLM performance overview documents them.
func TestOfflineRequests(t *testing.T) {
	ps, err := measured.LoadProtocols()
	if err != nil {
		t.Fatal(err)
	}
	p := ps.Of(&measured.Row{Source: "perf-overview"})
	for _, c := range []struct{ in, out, want int }{
		{128, 128, 30000}, {2048, 128, 3000}, {5000, 500, 1500}, {20000, 2000, 1000},
		{1024, 2048, 1500}, // not listed: 1000/2000 is the closest
	} {
		if got := p.OfflineRequests(c.in, c.out); got != c.want {
			t.Errorf("OfflineRequests(%d, %d) = %d, want %d", c.in, c.out, got, c.want)
		}
	}
	if got := ps.Of(&measured.Row{}).OfflineRequests(128, 128); got != 3000 {
		t.Errorf("OfflineRequests of an unknown source = %d, want 3000", got)
	}
}

func TestExamples(t *testing.T) {
	find := subjects(t)
	for i, want := range []struct {
		rows int
		tp   int
		// c = 1 at 200/200 as published.
		ttft, itl, tokens float64
	}{{40, 1, 10.26, 4.63, 214.56}, {39, 2, 31.22, 18.8, 53}} {
		e := measured.Examples()[i]
		table, err := e.Table()
		if err != nil {
			t.Fatal(err)
		}
		if len(table.Rows) != want.rows {
			t.Errorf("%s: %d rows, want %d", e.ID, len(table.Rows), want.rows)
		}
		if found := measured.Check(table.Rows, find); len(found) > 0 {
			t.Errorf("%s: %v", e.ID, found)
		}
		seen := false
		for _, r := range table.Rows {
			if s := find(&r); s.Model == nil || s.GPU == nil || r.TP != want.tp || r.Source != e.Source {
				t.Fatalf("%s: row %+v", e.ID, r)
			}
			if r.Input == 200 && r.Concurrency == 1 {
				seen = true
				if !close(r.TTFT, want.ttft/1e3) || !close(r.ITL, want.itl/1e3) || !close(r.OutputTokPerS, want.tokens) {
					t.Errorf("%s: %v %v %v, want %v", e.ID, r.TTFT, r.ITL, r.OutputTokPerS, want)
				}
			}
		}
		if !seen {
			t.Errorf("%s: no row at 200 tokens and one request", e.ID)
		}
	}
}

func close(o measured.Opt, want float64) bool {
	return o.OK && o.Value > want*(1-1e-9) && o.Value < want*(1+1e-9)
}
