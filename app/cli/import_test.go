//go:build !js

package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const vllmResult = `{"backend":"vllm","model_id":"meta-llama/Llama-3.1-8B-Instruct","num_prompts":160,"request_rate":"inf","max_concurrency":16,"completed":160,` +
	`"total_input_tokens":160000,"total_output_tokens":32000,"output_throughput":1516.6,"mean_ttft_ms":120.0,"mean_tpot_ms":10.0,"mean_e2el_ms":2110.0}`

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// A client's result file is scored once the command says what it was sent to.
func TestValidateImports(t *testing.T) {
	path := file(t, "result.json", vllmResult)
	code, out, _ := run("", "validate", "-json", path)
	var doc validateDoc
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 {
		t.Fatalf("code %d, %v", code, err)
	}
	if doc.Read != 1 || doc.Scored != 0 || doc.Skipped[0].Reason != "unknown GPU" {
		t.Errorf("without -gpu: read %d, scored %d, skipped %v; want 1, 0, unknown GPU", doc.Read, doc.Scored, doc.Skipped)
	}
	code, out, stderr := run("", "validate", "-json", "-gpu", "h100-sxm", "-tp", "1", "-q", "fp8", path)
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 {
		t.Fatalf("code %d, %v", code, err)
	}
	if doc.Scored != 1 || doc.ITL["n"] == nil || *doc.ITL["n"] != 1 {
		t.Errorf("with -gpu: scored %d, ITL %v", doc.Scored, doc.ITL)
	}
	if !strings.Contains(stderr, "first chunk of any kind") {
		t.Errorf("the definition of vLLM's TTFT is not told: %q", stderr)
	}
	_, text, _ := run("", "validate", "-gpu", "h100-sxm", path)
	if !strings.Contains(text, "1 row of result.json") || !strings.Contains(text, "leaves open: the GPUs of a replica (-tp 2; one is assumed)") {
		t.Errorf("text = %q", text)
	}
	for flag, bad := range map[string]string{"-gpu": "h1000", "-model": "nobody", "-eng": "none", "-q": "fp7", "-tp": "-1"} {
		if code, _, stderr := run("", "validate", flag, bad, path); code != 2 || !strings.Contains(stderr, flag) {
			t.Errorf("%s %s: code %d, %q; want 2 with the flag named", flag, bad, code, stderr)
		}
	}
}

// The user's own row stands beside the answer, in text and JSON.
func TestMeasuredFlag(t *testing.T) {
	path := file(t, "result.json", vllmResult)
	const at = "m=llama-3.1-8b&q=fp8&eng=vllm&g=h100-sxm&tp=1&in=1000&out=200&flight=16"
	type measured struct {
		Tier     string
		Measured *struct {
			ITL      *float64 `json:"itl_ms"`
			InFlight *float64 `json:"in_flight"`
			Run      *struct {
				ITL *float64 `json:"itl_ms"`
			} `json:"engine_says_of_that_run"`
			Date *string
		}
	}
	var doc measured
	_, out, _ := run("", "estimate", "-json", at)
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Measured != nil || doc.Tier != "calibrated" {
		t.Fatalf("%v: tier %q, measured %v; want calibrated, null", err, doc.Tier, doc.Measured)
	}
	if !strings.Contains(out, `"measured": null`) {
		t.Error("no match is not null")
	}
	code, out, _ := run("", "estimate", "-json", "-measured", path, at)
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 {
		t.Fatalf("code %d, %v", code, err)
	}
	if m := doc.Measured; doc.Tier != "measured" || m == nil || *m.ITL != 10 || *m.InFlight != 16 || m.Run == nil || *m.Run.ITL <= 0 || m.Date != nil {
		t.Errorf("tier %q, measured %+v", doc.Tier, doc.Measured)
	}
	_, text, _ := run("", "estimate", "-measured", path, at)
	if !strings.Contains(text, "TTFT 120 ms, 10 ms per token") || !strings.Contains(text, "the engine says of that run") {
		t.Errorf("text = %q", text)
	}
	_, text, _ = run("", "size", "-measured", path, at+"&util=100&spare=0&ttft=off")
	if !strings.Contains(text, "Measured nearby") || !strings.Contains(text, "1,000 in, 200 out, 16 in flight") {
		t.Errorf("size: %q", text)
	}
	if code, _, stderr := run("", "size", "-measured", "no-such-file.csv", at); code != 2 || !strings.Contains(stderr, "-measured") {
		t.Errorf("missing file: code %d, %q", code, stderr)
	}
	// What ships needs no flag.
	_, out, _ = run("", "estimate", "-json", "m=llama-3.1-8b&q=fp8&eng=nim&g=h100-sxm&tp=1&in=1000&out=1000&flight=50")
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Tier != "measured" {
		t.Errorf("a point of NVIDIA's table: %v, tier %q", err, doc.Tier)
	}
}

func TestValidateChart(t *testing.T) {
	var doc struct {
		Source string
		Rows   []struct {
			Model, GPU string
			Ratio      *float64 `json:"ours_over_chart"`
			Findings   []struct{ Code string }
			Link       string
		}
	}
	code, out, stderr := run("", "validate", "-chart", "-json")
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 || stderr != "" {
		t.Fatalf("code %d, %v, %q", code, err, stderr)
	}
	odd := 0
	for _, r := range doc.Rows {
		for _, f := range r.Findings {
			if f.Code == "contradicts" {
				odd++
			}
		}
		if len(r.Findings) == 0 || r.Link == "" {
			t.Errorf("%s on %s: findings %v, link %q", r.Model, r.GPU, r.Findings, r.Link)
		}
	}
	if len(doc.Rows) != 16 || odd != 1 || doc.Source == "" {
		t.Errorf("%d rows, %d contradict themselves; want 16, 1", len(doc.Rows), odd)
	}
	if _, text, _ := run("", "validate", "-chart"); !strings.Contains(text, "contradicts itself") || !strings.Contains(text, "35.45") {
		t.Errorf("text = %q", text)
	}
	if _, csv, _ := run("", "validate", "-chart", "-csv"); strings.Count(csv, "\n") != 17 || !strings.HasPrefix(csv, "model,gpu,") {
		t.Errorf("csv = %q", csv)
	}
	if code, _, stderr := run("", "validate", "-chart", "x.csv"); code != 2 || !strings.Contains(stderr, "takes no FILE") {
		t.Errorf("with a file: code %d, %q", code, stderr)
	}
}
