package bench

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fleetsize/calc/measured"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		_ = os.WriteFile(path+".got", got, 0o644)
		t.Errorf("%s differs; compare with %s.got, and run with -update if the change is meant", path, path)
	}
}

// smallReport is the report of a small run in simulated time.
func smallReport(t *testing.T) Document {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 4, quirk: func(id int, _ float64) Failure {
		if id == 20 {
			return Failure{Network, "connection reset"}
		}
		return Failure{}
	}}
	d := v.play(t, Plan{Kind: Load, Model: "m", Input: 100, Output: 20, Concurrency: []int{1, 4, 8}, PhaseSeconds: 5}, Options{Raw: true})
	started, protocol := "2026-11-21T12:00:00Z", "HTTP/1.1"
	d.Started, d.Setup.URL, d.Setup.Transport, d.Setup.Protocol = &started, "http://127.0.0.1:8333/v1", "net/http", &protocol
	d.Setup.Deployment = &Deployment{Model: "llama-3-1-8b", GPU: "h100-sxm-80gb", TP: 2, Engine: "vllm", Weights: "fp8"}
	d.Raw = d.Raw[:2]
	return d
}

// The shape that scripts rely on.
func TestDocumentGolden(t *testing.T) {
	d := smallReport(t)
	data, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", data)
	back, err := DecodeDocument(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.Encode()
	if err != nil || string(again) != string(data) {
		t.Errorf("a report that is read and written again differs (%v)", err)
	}
	for _, bad := range []string{"", "{}", `{"schema_version":"2.0","phases":[]}`, `{"schema_version":"1.0"}`, `[]`} {
		if _, err := DecodeDocument([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a report", bad)
		}
	}
}

// The keys of the terminal's contract.
func TestContractKeys(t *testing.T) {
	data, err := smallReport(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"schema_version", "definitions", "phases", "knee", "capacity", "client_limited"} {
		if _, ok := d[key]; !ok {
			t.Errorf("the report lacks %s", key)
		}
	}
	phase := d["phases"].([]any)[0].(map[string]any)
	for _, key := range []string{"concurrency", "requests", "errors", "ttft_ms", "tpot_ms", "e2e_ms", "output_tok_s", "speed_tok_s", "response_rate", "goodput"} {
		if _, ok := phase[key]; !ok {
			t.Errorf("a phase lacks %s", key)
		}
	}
	for _, key := range []string{"n", "mean", "p50", "p95", "p99"} {
		if _, ok := phase["ttft_ms"].(map[string]any)[key]; !ok {
			t.Errorf("ttft_ms lacks %s", key)
		}
	}
	definitions := d["definitions"].(map[string]any)
	for key := range phase {
		switch key {
		case "ttft_ms", "ttfa_ms", "tpot_ms", "icl_ms", "e2e_ms", "client_queue_ms", "output_tok_s", "completed_output_tok_s", "request_s",
			"speed_tok_s", "counted_speed_tok_s", "response_rate", "error_rate", "goodput", "goodput_fraction", "requests", "errors", "censored", "output_tokens",
			"ttfb_ms", "ntpot_ms", "itl_ms", "ttft_from_due_ms", "e2e_from_due_ms", "prefill_tok_s", "time_100_tokens_ms", "overstatement_pct":
			def, ok := definitions[key].(map[string]any)
			if !ok || def["id"] == "" {
				t.Errorf("%s has no definition", key)
			}
		}
	}
}

// Every number of a report is a number: nothing is NaN, and an empty sample is
// null.
func TestEmptyPhase(t *testing.T) {
	var p PhaseResult
	p.measure(nil, Tier{"x", 1, 1})
	data, err := json.Marshal(p.doc())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"ttft_ms":{"n":0,"mean":null`, `"response_rate":null`, `"tokens_from":null`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("an empty phase lacks %s: %s", want, data)
		}
	}
}

func TestExports(t *testing.T) {
	d := smallReport(t)
	for _, format := range Formats() {
		parts, err := d.Export(format)
		if err != nil {
			t.Fatal(err)
		}
		want := 1
		if format == FormatAIPerf || format == FormatInfPerf {
			want = 3
		}
		if len(parts) != want {
			t.Errorf("%s: %d files, want %d", format, len(parts), want)
		}
		for i, p := range parts {
			if i == 0 && format != FormatJSON {
				golden(t, "export-"+format+".txt", p.Data)
			}
		}
	}
	if _, err := d.Export("xml"); err == nil || !strings.Contains(err.Error(), "inference-perf") {
		t.Errorf("unknown format: %v", err)
	}
	// The CSV is one of our own tables.
	parts, _ := d.Export(FormatCSV)
	table, problems, err := measured.ParseCSV(parts[0].Data)
	if err != nil || len(problems) > 0 || len(table.Rows) != 3 {
		t.Fatalf("the CSV is not read back: %v, %v", err, problems)
	}
	if r := table.Rows[1]; r.Concurrency != 4 || r.TP != 2 || r.GPUs != 2 || r.Weights != "fp8" || !near(r.TTFT.Value, 0.2) || !near(r.ITL.Value, 0.02) {
		t.Errorf("row %+v", r)
	}
}

func TestRows(t *testing.T) {
	d := smallReport(t)
	d.Phases[2].Limited = true
	rows := d.Rows()
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	r := rows[0]
	if r.Model != "llama-3-1-8b" || r.GPU != "h100-sxm-80gb" || r.TP != 2 || r.GPUs != 2 || r.Engine != "vllm" || r.Concurrency != 1 ||
		r.Input != 100 || r.Output != 20 || !near(r.TTFT.Value, 0.2) || !near(r.ITL.Value, 0.02) || r.Excluded() || !r.HasLoad() || !r.HasMetric() {
		t.Errorf("row %+v", r)
	}
	if !rows[2].Excluded() {
		t.Error("a phase that the client limited is to be used")
	}
}

func TestCompare(t *testing.T) {
	a, b := smallReport(t), smallReport(t)
	if c := Compare(&a, &b, 0.05); c.Regressed() || len(c.Changes) < 15 || len(c.Unmatched) != 0 {
		t.Errorf("a report against itself: %+v", c)
	}
	slow := 1.2 * *b.Phases[1].TPOT.P50
	b.Phases[1].TPOT.P50 = &slow
	c := Compare(&a, &b, 0.05)
	bad := 0
	for _, x := range c.Changes {
		if x.Regressed {
			bad++
			if x.Metric != "tpot_ms.p50" || x.Load != "4 in flight, 100/20 tokens" || x.Worse < 0.19 || x.Worse > 0.21 {
				t.Errorf("%+v", x)
			}
		}
	}
	if bad != 1 {
		t.Errorf("%d regressions, want 1", bad)
	}
	if c := Compare(&b, &a, 0.05); c.Regressed() {
		t.Error("an improvement counts as a regression")
	}
	if c := Compare(&a, &b, 0.25); c.Regressed() {
		t.Error("20 % is over a tolerance of 25 %")
	}
	def := b.Definitions["tpot_ms"]
	def.ID = "tpot:e2e/n"
	b.Definitions["tpot_ms"] = def
	if c := Compare(&a, &b, 0.05); c.Regressed() || len(c.Warnings) == 0 {
		t.Errorf("numbers of different definitions are compared: %+v", c.Warnings)
	}
	// Of several looks at a load the largest counts.
	b.Definitions["tpot_ms"] = a.Definitions["tpot_ms"]
	first := b.Phases[1]
	first.Requests, first.TPOT = 4, a.Phases[1].TPOT
	b.Phases = append([]PhaseDoc{first}, b.Phases...)
	if c := Compare(&a, &b, 0.05); !c.Regressed() || len(c.Unmatched) != 0 {
		t.Errorf("a first look with 4 requests hides a regression: %+v", c)
	}
	b.Phases = b.Phases[1:2]
	if c := Compare(&a, &b, 0.05); len(c.Unmatched) != 2 {
		t.Errorf("unmatched %q", c.Unmatched)
	}
	two, three, four := 2, 3, 4
	a.Capacity = []CapacityDoc{{Tier: "t", P25Speed: 1, P95TTFT: 1, Pass: &four, Fail: nil}}
	b.Capacity = []CapacityDoc{{Tier: "t", P25Speed: 1, P95TTFT: 1, Pass: &two, Fail: &three}}
	if c := Compare(&a, &b, 0.05); !c.Regressed() {
		t.Error("a smaller capacity is no regression")
	}
}

func TestHandoff(t *testing.T) {
	plans := map[string]Plan{
		"load":   {Kind: Load, Model: "meta/llama 3", PhaseSeconds: 60, Seed: 7},
		"open":   {Kind: Open, API: Completions, Rates: []float64{0.5, 2}, Poisson: true, Shared: 400, Seed: 7},
		"probes": {Kind: Probes, Model: "m"},
	}
	headers := map[string][][2]string{"probes": {{"X-Team", "search"}, {"X-Note", "it's"}}, "open": {{"X-Team", "search"}, {"X-Api-Key", "s3cret"}}}
	for _, kind := range Handoffs() {
		var all strings.Builder
		for _, name := range []string{"load", "open", "probes"} {
			text, err := Handoff(kind, plans[name], Target{URL: "http://gpu:8000/v1", KeyIn: "API_KEY", Headers: headers[name]})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(text, "s3cret") || strings.Contains(text, "\x00") || strings.Contains(text, "/v1/v1") || strings.Contains(text, "%!") {
				t.Errorf("%s, %s:\n%s", kind, name, text)
			}
			all.WriteString("### " + name + "\n" + text + "\n")
		}
		golden(t, "handoff-"+kind+".txt", []byte(all.String()))
	}
	if _, err := Handoff("ab", Plan{}, Target{}); err == nil {
		t.Error("an unknown client is accepted")
	}
	if got, want := shell("it's"), `'it'\''s'`; got != want {
		t.Errorf("shell(it's) = %s, want %s", got, want)
	}
}

// A report that is read can be compared, also with itself, and in finite numbers.
func FuzzDecodeDocument(f *testing.F) {
	f.Add([]byte(`{"schema_version":"1.0","phases":[{"label":"8 in flight","concurrency":8,"requests":20,"completed":20,"output_tok_s":800,"ttft_ms":{"n":20,"mean":100,"p50":90},"power":{"joule_per_output_token":1e308}}],"definitions":{"ttft":{"id":"x"}},"setup":{"plan":{"kind":"load"}}}`))
	f.Add([]byte(`{"schema_version":"1.9","phases":[]}`))
	f.Add([]byte(`{"schema_version":"2","phases":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := DecodeDocument(data)
		if err != nil {
			return
		}
		for _, c := range Compare(&d, &d, 0.05).Changes {
			if c.Regressed || c.Worse != 0 || c.A != c.B {
				t.Errorf("against itself: %+v", c)
			}
		}
	})
}
