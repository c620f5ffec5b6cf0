//go:build !js

package cli

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fleetsize/calc/bench"
	"fleetsize/calc/bench/answers"
	"fleetsize/calc/bench/items"
)

// benchAgainst runs bench against a mock of 30 ms TTFT, 2 ms per token and
// four slots.
func benchAgainst(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	greeting, _ := startMock(t, 2, "-addr", "127.0.0.1:0", "-ttft", "30ms", "-itl", "2ms", "-max-seqs", "4")
	return run("", append([]string{"bench", "-url", greeting[1], "-in", "50", "-out", "20"}, args...)...)
}

func TestBenchLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	code, out, stderr := benchAgainst(t, "-plan", "load", "-phase", "1s", "-concurrency", "1,4,8", "-json", "-o", file,
		"-on", "m=llama-3.2-3b&g=h100-sxm&tp=1&q=fp8")
	if code != 0 {
		t.Fatalf("code %d: %s", code, stderr)
	}
	saved, err := os.ReadFile(file)
	if err != nil || string(saved) != out {
		t.Errorf("the file differs from standard output (%v)", err)
	}
	var d bench.Document
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Phases) != 3 || d.Phases[0].Completed == 0 || d.Setup.Plan.Model != "mock" || d.Setup.Counter != "o200k_base" || *d.Setup.Protocol != "HTTP/1.1" {
		t.Errorf("%d phases, setup %+v", len(d.Phases), d.Setup)
	}
	if on := d.Setup.Deployment; on == nil || on.Model != "llama-3-2-3b" || on.GPU != "h100-sxm-80gb" || on.TP != 1 || on.Weights != "fp8" {
		t.Errorf("deployment %+v", on)
	}
	if in := d.Phases[1].Input.Mean; in == nil || *in < 49.5 || *in > 50.5 {
		t.Errorf("%v prompt tokens, want 50", in)
	}
	for _, want := range []string{"4 in flight", "tok/s"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("standard error lacks %q: %s", want, stderr)
		}
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"bench", "compare", file, file}, 0, "Nothing is more than 5 % worse."},
		{[]string{"bench", "compare", "-json", file, file}, 0, `"regressed": false`},
		{[]string{"bench", "compare", file}, 2, ""},
		{[]string{"bench", "compare", file, "none.json"}, 2, ""},
		{[]string{"bench", "export", file, "-o", filepath.Join(t.TempDir(), "x.csv")}, 0, ""},
		{[]string{"bench", "export", file, "-format", "aiperf", "-o", filepath.Join(t.TempDir(), "x.json")}, 0, ""},
		{[]string{"bench", "export", file, "-format", "xml", "-o", "x"}, 2, ""},
		{[]string{"bench", "export", file}, 2, ""},
	} {
		code, out, stderr := run("", c.args...)
		if code != c.code || !strings.Contains(out, c.want) {
			t.Errorf("%q: code %d, want %d; %s%s", c.args[:2], code, c.code, out, stderr)
		}
		if c.args[2] == "-json" {
			versioned(t, "compare", out)
		}
	}
	// The report can be fitted to as it stands.
	code, out, stderr = run("", "fit", "-json", file)
	var fitted struct {
		Read int `json:"rows_read"`
		Used int `json:"rows_used"`
	}
	if err := json.Unmarshal([]byte(out), &fitted); err != nil || code != 0 || fitted.Read != 3 || fitted.Used == 0 && !d.ClientLimited {
		t.Errorf("fit of the report: code %d, %+v, %v: %s", code, fitted, err, stderr)
	}
	// Worse than before: exit code 1.
	slow := 2 * *d.Phases[0].TPOT.P50
	d.Phases[0].TPOT.P50 = &slow
	worse, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	after := filepath.Join(t.TempDir(), "after.json")
	if err := os.WriteFile(after, worse, 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := run("", "bench", "compare", file, after); code != 1 || !strings.Contains(out, "worse") {
		t.Errorf("a regression: code %d, %s", code, out)
	}
}

// A measurement that ends early exits with 3 and has written what was finished.
func TestBenchCutShort(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	code, out, stderr := benchAgainst(t, "-requests", "50", "-max-requests", "10", "-o", file)
	if code != exitCut || !strings.Contains(stderr, "limit of 10 requests") || !strings.Contains(out, "1 in flight") {
		t.Errorf("code %d, %s%s", code, out, stderr)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d, err := bench.DecodeDocument(data)
	if err != nil || !d.CutShort || d.Phases[0].Completed != 9 {
		t.Errorf("%v, %+v", err, d.Phases)
	}
	// Ctrl+C.
	greeting, _ := startMock(t, 2, "-addr", "127.0.0.1:0", "-ttft", "30ms", "-itl", "2ms")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var o, e strings.Builder
	if code := runBench(ctx, []string{"-url", greeting[1], "-in", "20", "-out", "10", "-plan", "load", "-phase", "60s", "-json"}, streams{strings.NewReader(""), &o, &e}); code != exitCut {
		t.Errorf("interrupted: code %d, %s", code, e.String())
	}
	if d, err := bench.DecodeDocument([]byte(o.String())); err != nil || len(d.Phases) != 1 || d.Phases[0].Completed == 0 {
		t.Errorf("interrupted: %v, %s", err, o.String())
	}
}

// Where nothing answers, or everything is refused, nothing is measured: that is
// no report cut short, and none is written.
func TestBenchNothingMeasured(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	refuses := httptest.NewServer(http.NotFoundHandler())
	defer refuses.Close()
	for name, url := range map[string]string{"closed": "http://" + closed.Addr().String(), "refuses": refuses.URL} {
		file := filepath.Join(t.TempDir(), "report.json")
		code, out, stderr := run("", "bench", "-url", url, "-model", "x", "-json", "-o", file)
		if code != exitFailed || !strings.Contains(stderr, "nothing was measured. ") {
			t.Errorf("%s: code %d, %s", name, code, stderr)
		}
		if d, err := bench.DecodeDocument([]byte(out)); err != nil || !d.CutShort || d.Stopped == nil || len(d.Phases) != 0 {
			t.Errorf("%s: %v, %s", name, err, out)
		}
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("%s: a report is written (%v)", name, err)
		}
	}
}

func TestBenchBadInput(t *testing.T) {
	for _, c := range []struct {
		args   []string
		stderr string
	}{
		{nil, "no address"},
		{[]string{"-url", "ftp://x"}, "http and https"},
		{[]string{"-url", "h", "-plan", "nonsense"}, "the plans are single, probes"},
		{[]string{"-url", "h", "-plan", "nonsense.json"}, "nonsense.json"},
		{[]string{"-url", "h", "-in", "0"}, "-in: 0"},
		{[]string{"-url", "h", "-concurrency", "1,x"}, "whole number"},
		{[]string{"-url", "h", "-concurrency", "4,2", "-plan", "load"}, "rising"},
		{[]string{"-url", "h", "-rate", "fast"}, "requests per second"},
		{[]string{"-url", "h", "-tier", "gold"}, "economy, standard, premium"},
		{[]string{"-url", "h", "-tier", "mine:1:x"}, "mine:25:2s"},
		{[]string{"-url", "h", "-phase", "-1s"}, "write it like 15s"},
		{[]string{"-url", "h", "-key-env", "NO_SUCH_VARIABLE_HERE"}, "NO_SUCH_VARIABLE_HERE is not set"},
		{[]string{"-url", "h", "-header", "nonsense"}, "X-Team"},
		{[]string{"-url", "h", "-http", "9"}, "1.1, 2 or h2c"},
		{[]string{"-url", "h", "-cacert", "/none.pem"}, "none.pem"},
		{[]string{"-url", "h", "-o", "/no/such/folder/x.json"}, "no folder"},
		{[]string{"-url", "h", "-format", "csv"}, "-o"},
		{[]string{"-url", "h", "-on", "m=llama-3.1-8b"}, "name the one it runs on"},
		{[]string{"-url", "h", "-max-usd", "1"}, "million tokens"},
		{[]string{"-url", "h", "extra"}, "extra"},
		{[]string{"-write", "ab"}, "guidellm"},
	} {
		code, out, stderr := run("", append([]string{"bench"}, c.args...)...)
		if code != exitUsage || out != "" || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%q: code %d, %s; want %q", c.args, code, stderr, c.stderr)
		}
	}
}

// The plan of a report is a plan file, and flags are laid over it.
func TestBenchPlanFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, []byte(`{"kind":"open","input_tokens":30,"output_tokens":4,"rates":[5],"phase_s":1,"seed":9}`), 0o644); err != nil {
		t.Fatal(err)
	}
	var f benchFlags
	flags := f.set()
	if err := flags.Parse([]string{"-plan", file, "-out", "6"}); err != nil {
		t.Fatal(err)
	}
	p, err := f.plan(flags)
	if err != nil || p.Kind != bench.Open || p.Input != 30 || p.Output != 6 || p.Seed != 9 || len(p.Rates) != 1 || p.PhaseSeconds != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	code, out, _ := run("", "bench", "-plan", file, "-write", "aiperf", "-model", "x")
	if code != 0 || !strings.Contains(out, "--request-rate 5") || !strings.Contains(out, "--model x") {
		t.Errorf("hand-off: code %d, %s", code, out)
	}
}

// The mock knows sums and makes up everything else, so accuracy by category,
// the effect of wrong answers and of shifted probabilities are known.
func TestBenchAnswers(t *testing.T) {
	questions := filepath.Join(t.TempDir(), "q.jsonl")
	var lines strings.Builder
	for i := range 40 {
		lines.WriteString(`{"category":"sums","question":"What is ` + strings.Repeat("1", i%3+1) + ` + 5?","answer":"` + []string{"6", "16", "116"}[i%3] + `"}` + "\n")
	}
	lines.WriteString(`{"category":"made up","question":"Who?","choices":["x","y"],"answer":"A"}` + "\n")
	if err := os.WriteFile(questions, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	good, _ := startMock(t, 2, "-addr", "127.0.0.1:0", "-ttft", "1ms", "-itl", "0s", "-max-seqs", "8")
	bad, _ := startMock(t, 2, "-addr", "127.0.0.1:0", "-ttft", "1ms", "-itl", "0s", "-max-seqs", "8", "-wrong", "0.5", "-logprob-shift", "0.05")
	code, out, stderr := run("", "bench", "answers", "-url", good[1], "-questions", questions, "-out", "64", "-against", bad[1], "-min", "90", "-json")
	if code != 0 {
		t.Fatalf("code %d: %s", code, stderr)
	}
	var d answers.Document
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	versioned(t, "answers", out)
	a, b := d.Endpoints[0].Scores, d.Endpoints[1].Scores
	if len(a) != 3 || a[2].Category != "sums" || *a[2].Accuracy != 100 || a[0].Right < 40 || a[0].Failed != 0 {
		t.Errorf("without mistakes: %+v", a)
	}
	if *b[2].Accuracy < 25 || *b[2].Accuracy > 75 {
		t.Errorf("with half of the sums wrong: %+v", b[2])
	}
	c := d.Comparison
	if c == nil || c.Questions != 41 || !c.Differs || *c.Difference > -20 || c.Test != "mcnemar" {
		t.Errorf("comparison %+v", c)
	}
	if p := d.Parity; p == nil || p.Largest == nil || *p.Largest < 0.049 || p.Positions == 0 {
		t.Errorf("parity %+v", d.Parity)
	}
	if code, out, _ := run("", "bench", "answers", "-url", bad[1], "-questions", questions, "-min", "95", "-repeats", "2", "-temperature", "0.5"); code != 1 || !strings.Contains(out, "Verdict: fail") {
		t.Errorf("below the floor: code %d, %s", code, out)
	}
	for _, args := range [][]string{{"-questions", "none.jsonl"}, {"-repeats", "0"}, {"-temperature", "9"}, {"-min", "x"}, {"extra"}, {"-api", "x"}} {
		if code, _, stderr := run("", append([]string{"bench", "answers", "-url", good[1]}, args...)...); code != exitUsage || stderr == "" {
			t.Errorf("%q: code %d, %s", args, code, stderr)
		}
	}
}

// The time of a batch at the mock is base + each · size.
func TestBenchBatches(t *testing.T) {
	greeting, _ := startMock(t, 2, "-addr", "127.0.0.1:0", "-item", "20ms", "-item-each", "1ms")
	for _, name := range []string{"embeddings", "rerank"} {
		code, out, stderr := run("", "bench", name, "-url", greeting[1], "-batch", "1,10", "-requests", "5", "-in", "20", "-json")
		var d items.Document
		if err := json.Unmarshal([]byte(out), &d); err != nil || code != 0 || len(d.Batches) != 2 {
			t.Fatalf("%s: code %d, %v: %s", name, code, err, stderr)
		}
		versioned(t, name, out)
		for i, want := range []float64{21, 30} {
			b := &d.Batches[i]
			if b.Failed != 0 || b.Requests != 5 || *b.P50 < want-0.5 {
				t.Errorf("%s, batch %d: %+v, want %v ms", name, b.Batch, b, want)
			}
			if *b.P50 > want+20 {
				t.Logf("%s, batch %d: %v ms instead of %v: this computer is too busy", name, b.Batch, *b.P50, want)
			}
		}
		if name == "embeddings" && (d.Batches[0].Dimensions == nil || *d.Batches[0].Dimensions != 256) {
			t.Errorf("dimensions %v", d.Batches[0].Dimensions)
		}
	}
	if code, _, stderr := run("", "bench", "embeddings", "-url", greeting[1], "-batch", "0"); code != exitUsage || stderr == "" {
		t.Errorf("batch 0: code %d", code)
	}
}

// versioned holds a document of a verb of bench against their one head: the
// version that reports have, who wrote it, and what its figures mean.
func versioned(t *testing.T, verb, text string) {
	t.Helper()
	var h struct {
		Version     any `json:"schema_version"`
		Tool        string
		Definitions map[string]bench.Definition
	}
	if err := json.Unmarshal([]byte(text), &h); err != nil || h.Version != bench.SchemaVersion || h.Tool != "fleetsize bench "+verb || len(h.Definitions) == 0 {
		t.Errorf("%s: %v, head %v, %q, %d definitions", verb, err, h.Version, h.Tool, len(h.Definitions))
	}
	for key, d := range h.Definitions {
		if d.ID == "" || d.Text == "" {
			t.Errorf("%s: %s is defined as %+v", verb, key, d)
		}
	}
}
