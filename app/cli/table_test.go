//go:build !js

package cli

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fleetsize/calc/measured"
)

// validateDoc is what scripts read of validate -json.
type validateDoc struct {
	Read    int `json:"rows_read"`
	Scored  int `json:"rows_scored"`
	Skipped []struct {
		Reason string
		N      int
	}
	TTFT, ITL map[string]*float64
	Tokens    map[string]*float64 `json:"output_tok_s"`
	Coverage  map[string]*float64 `json:"coverage_80"`
	Width     map[string]*float64 `json:"band_width"`
	Groups    []map[string]any
	Findings  []struct{ Code string }
}

func TestValidateJSON(t *testing.T) {
	code, out, stderr := run("", "validate", "nim-8b", "-json")
	var doc validateDoc
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 || stderr != "" {
		t.Fatalf("code %d, %v, stderr %q", code, err, stderr)
	}
	if doc.Read != 40 || doc.Scored != 40 || doc.Skipped == nil || len(doc.Skipped) != 0 || len(doc.Groups) != 1 {
		t.Errorf("read %d, scored %d, skipped %v, %d groups; want 40, 40, none, 1", doc.Read, doc.Scored, doc.Skipped, len(doc.Groups))
	}
	for name, m := range map[string]map[string]*float64{"ttft": doc.TTFT, "itl": doc.ITL, "output_tok_s": doc.Tokens} {
		for _, key := range []string{"n", "mape", "median_ape", "bias", "within_20pct"} {
			if m[key] == nil {
				t.Errorf("%s.%s is missing", name, key)
			}
		}
	}
	if doc.TTFT["rmse_ms"] == nil || *doc.TTFT["rmse_ms"] < 10 {
		t.Error("rmse_ms of TTFT is not in ms")
	}
	if v := doc.Tokens["rmse_ms"]; v != nil {
		t.Errorf("throughput has an RMSE of %v ms", *v)
	}
	if doc.TTFT["mape"] == nil || *doc.TTFT["mape"] < 1 || *doc.TTFT["within_20pct"] < 50 {
		t.Error("errors are not in per cent")
	}
	if doc.Coverage["ttft"] == nil || *doc.Coverage["ttft"] < 50 {
		t.Errorf("coverage %v", doc.Coverage)
	}
	// All rows are of one tier; the width of the other is null.
	for _, tier := range []string{"calibrated", "estimated"} {
		v, ok := doc.Width[tier]
		if is := doc.Groups[0]["tier"] == tier; !ok || (v != nil) != is || is && *v < 1 {
			t.Errorf("band_width.%s = %v of rows that are %v", tier, v, doc.Groups[0]["tier"])
		}
	}
}

// Rows that cannot be scored are counted by reason, and the sum is right.
func TestValidateSkips(t *testing.T) {
	const table = "model,gpu,engine,isl,osl,concurrency,ttft_ms,itl_ms,use\n" +
		"llama-3-1-8b,h100-sxm,vllm,1000,100,4,90,7,\n" +
		"llama-3-1-8b,h100-sxm,lmdeploy,1000,100,4,90,7,\n" +
		"llama-9,h100-sxm,vllm,1000,100,4,90,7,\n" +
		"llama-3-1-8b,h1000,vllm,1000,100,4,90,7,\n" +
		"llama-3-1-8b,h100-sxm,vllm,1000,100,4,,,\n" +
		"llama-3-1-405b,h100-sxm,vllm,1000,100,4,90,7,\n" +
		"llama-3-1-8b,h100-sxm,vllm,1000,100,4,90,7,no: test\n"
	code, out, stderr := run(table, "validate", "-json", "-")
	var doc validateDoc
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 {
		t.Fatalf("code %d, %v, %s", code, err, stderr)
	}
	total, reasons := doc.Scored, ""
	for _, s := range doc.Skipped {
		total += s.N
		reasons += s.Reason + ";"
	}
	if doc.Read != 7 || doc.Scored != 2 || total != 7 || reasons != "use: no;unknown model;unknown GPU;no metric;does not fit in memory;" {
		t.Errorf("read %d, scored %d, skipped %v", doc.Read, doc.Scored, doc.Skipped)
	}
	if !strings.Contains(stderr, `Unknown engine "lmdeploy"`) || !strings.Contains(stderr, "default profile") {
		t.Errorf("the unknown engine is not told: %s", stderr)
	}
}

// -rows writes the input's cells with ours behind them.
func TestValidateRows(t *testing.T) {
	dir := t.TempDir()
	file, rows := filepath.Join(dir, "nim_llama3.1_8b.csv"), filepath.Join(dir, "out.csv")
	const head = "version,hardware,hardware_count,data_type,input_tokens,output_tokens,concurrency,TTFT_ms,ITL_ms,Throughput_tokens_per_s"
	in := head + "\n1.8.0,H100_80G,1,fp8 TP1,200,200,1,10.26,4.63,214.56\n1.8.0,H1000,1,fp8 TP1,200,200,1,10.26,4.63,214.56\n"
	if err := os.WriteFile(file, []byte(in), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := run("", "validate", "-rows", rows, file)
	if code != 0 || !strings.Contains(out, "read as Llama 3.1 8B") || !strings.Contains(out, "unknown GPU") {
		t.Fatalf("code %d, %s\n%s", code, stderr, out)
	}
	data, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil || len(cells) != 3 {
		t.Fatalf("%d lines, %v", len(cells), err)
	}
	want := head + ",model_ttft_ms,model_ttft_ms_p10,model_ttft_ms_p90,model_itl_ms,model_itl_ms_p10,model_itl_ms_p90," +
		"model_output_tok_s,model_output_tok_s_p10,model_output_tok_s_p90,tier"
	if got := strings.Join(cells[0], ","); got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	if strings.Join(cells[1][:10], ",") != strings.Split(in, "\n")[1] || cells[1][19] == "" || cells[1][10] == "" {
		t.Errorf("row = %q", cells[1])
	}
	if strings.Join(cells[2][10:], "") != "" {
		t.Errorf("a row that cannot be scored has predictions: %q", cells[2])
	}
}

// A fit is written, improves what it was made on, and serves the other verbs.
func TestFitAndUse(t *testing.T) {
	dir := t.TempDir()
	file, fit := filepath.Join(dir, "few.csv"), filepath.Join(dir, "fit.json")
	lines := strings.SplitAfter(string(measured.Examples()[0].CSV()), "\n")
	few := lines[0]
	for i := 1; i < 17; i += 3 { // six rows of two shapes
		few += lines[i]
	}
	if err := os.WriteFile(file, []byte(few), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := run("", "fit", "-json", "-o", fit, file)
	var doc struct {
		Read       int `json:"rows_read"`
		Used       int `json:"rows_used"`
		Dropped    []any
		Parameters []struct {
			Name, Unit   string
			Start, Value *float64
			StdErr       *float64
			Identified   *bool
		}
		Before, After  struct{ TTFT, ITL map[string]*float64 }
		CrossValidated struct{ TTFT map[string]*float64 } `json:"cross_validated"`
		By             *string                            `json:"cross_validated_by"`
		Loss           []float64
		Warnings       []any
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 {
		t.Fatalf("code %d, %v, %s", code, err, stderr)
	}
	if doc.Read != 6 || doc.Used != 6 || doc.Dropped == nil || doc.Warnings == nil || len(doc.Loss) < 2 || len(doc.Parameters) < 5 ||
		doc.By == nil || *doc.By != "shape" || doc.CrossValidated.TTFT["mape"] == nil {
		t.Errorf("document: %.600s", out)
	}
	if doc.Loss[len(doc.Loss)-1] >= doc.Loss[0] {
		t.Errorf("the loss does not fall: %v", doc.Loss)
	}
	for _, p := range doc.Parameters {
		if p.Start == nil || p.Value == nil || p.Identified == nil || p.Name == "" {
			t.Errorf("parameter %+v", p)
		}
	}
	score := func(args ...string) validateDoc {
		var d validateDoc
		if code, out, stderr := run("", append([]string{"validate", "-json", file}, args...)...); code != 0 {
			t.Fatalf("%s", stderr)
		} else if err := json.Unmarshal([]byte(out), &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	loss := func(d validateDoc) float64 { return *d.TTFT["mape"] + 2**d.ITL["mape"] }
	if before, after := loss(score()), loss(score("-fit", fit)); after >= before {
		t.Errorf("error %.2f before, %.2f with the fit", before, after)
	}
	code, out, stderr = run("", "estimate", "-json", "-fit", fit, "m=llama-3.1-8b&q=fp8&eng=nim&g=h100-sxm&in=200&out=200&flight=5")
	if code != 0 || !strings.Contains(out, `"profile": "fit-nim"`) {
		t.Errorf("estimate with the fit: code %d, %s%.300s", code, stderr, out)
	}
}

func TestTableErrors(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(bad, []byte(`{"fleetsize_fit":1,"engines":[{"engine":"nim","profile":{"id":"x","parameters":{"speed":1}}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		stdin  string
		args   []string
		code   int
		stderr string
	}{
		{"", []string{"validate"}, 2, "no FILE"},
		{"", []string{"validate", "a.csv", "b.csv"}, 2, "one at a time"},
		{"", []string{"validate", "no-such-file.csv"}, 2, "tables that ship: nim-8b, nim-70b"},
		{"", []string{"validate", dir}, 2, "directory"},
		{"hello", []string{"validate", "-"}, 2, "no column with input tokens"},
		{"", []string{"validate", "-"}, 2, "empty"},
		{"", []string{"validate", "-fit", bad, "nim-8b"}, 2, `unknown parameter "speed"`},
		{"", []string{"validate", "-fit", "none.json", "nim-8b"}, 2, "none.json"},
		{"", []string{"size", "-fit", bad, "rps=1"}, 2, `unknown parameter "speed"`},
		{"", []string{"validate", "-model", "llama-9", "nim-8b"}, 2, "llama-9"},
		{"", []string{"validate", "-rows", filepath.Join(dir, "no", "out.csv"), "nim-8b"}, 2, "there is no folder"},
		{"", []string{"fit", "-o", filepath.Join(dir, "no", "fit.json"), "nim-8b"}, 2, "there is no folder"},
		{"isl,osl,concurrency,ttft_ms\n1,2,3,4\n", []string{"fit", "-"}, 2, "no row can be fitted"},
		{"", []string{"fit", "-color", "nim-8b"}, 2, "-color"},
	} {
		code, _, stderr := run(c.stdin, c.args...)
		if code != c.code || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%q: code %d, want %d; stderr %q, want it to contain %q", c.args, code, c.code, stderr, c.stderr)
		}
	}
}
