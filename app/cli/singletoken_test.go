//go:build !js

package cli

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Answers of one token have no time per token: null in JSON, empty in CSV, and
// never 0.
func TestSingleTokenAnswers(t *testing.T) {
	_, out, stderr := run("", "estimate", "-json", "g=h100-sxm&flight=4&out=1")
	var e struct {
		ITL, TTFT map[string]*float64
	}
	if err := json.Unmarshal([]byte(strings.NewReplacer("itl_ms", "ITL", "ttft_ms", "TTFT").Replace(out)), &e); err != nil || len(e.ITL) == 0 {
		t.Fatal(err, stderr)
	}
	for name, x := range e.ITL {
		if x != nil || e.TTFT[name] == nil || *e.TTFT[name] <= 0 {
			t.Errorf("%s: ITL %v, TTFT %v, want null and a time", name, x, e.TTFT[name])
		}
	}
	_, out, stderr = run("", "size", "-csv", "g=h100-sxm&out=1")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatal(err, out, stderr)
	}
	for i, name := range rows[0] {
		if empty := rows[1][i] == ""; empty != strings.HasPrefix(name, "itl_") {
			t.Errorf("%s = %q", name, rows[1][i])
		}
		if len(rows[1][i]) > 16 {
			t.Errorf("%s = %q: more digits than twelve", name, rows[1][i])
		}
	}
}

// No explanation of a one-token answer says that a token takes 0 s.
func TestSingleTokenExplained(t *testing.T) {
	_, out, stderr := run("", "size", "-json", "g=h100-sxm&out=1")
	var d struct {
		Options []struct {
			Explain map[string]struct{ Value *float64 }
		}
	}
	if err := json.Unmarshal([]byte(out), &d); err != nil || len(d.Options) == 0 {
		t.Fatal(err, stderr)
	}
	known := d.Options[0].Explain
	if known["ttft"].Value == nil || *known["ttft"].Value <= 0 {
		t.Error("TTFT is not explained")
	}
	for _, id := range []string{"itl", "itl_simulated", "itl_sharing", "itl_low", "itl_high", "itl_margin", "itl_share"} {
		if x, ok := known[id]; ok {
			t.Errorf("%s is explained: %v", id, x.Value)
		}
	}
	if code, _, stderr := run("", "explain", "g=h100-sxm&out=1", "itl"); code != exitUsage || !strings.Contains(stderr, "nothing is known") {
		t.Errorf("code %d, %s", code, stderr)
	}
}

// Reports of one-token answers have no time per token of zero either.
func TestSingleTokenReports(t *testing.T) {
	dir := t.TempDir()
	for verb, link := range map[string]string{"estimate": "g=h100-sxm&flight=4&out=1", "size": "g=h100-sxm&out=1&ttft=off&itl=50ms", "sweep": "g=h100-sxm&out=1,2"} {
		file := filepath.Join(dir, verb+".html")
		if code, _, stderr := run("", verb, link, "-o", file); code != exitDone {
			t.Fatalf("%s: code %d, %s", verb, code, stderr)
		}
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, zero := range []string{">0 s<", ">0 <small>s", ">0 ms<", "mean unknown", "no value"} {
			if strings.Contains(string(page), zero) {
				t.Errorf("%s: the report says %s", verb, zero)
			}
		}
	}
}

// What no measured row uses is never called calibrated.
func TestPipelinesAreEstimates(t *testing.T) {
	for link, want := range map[string]string{"g=h100-sxm&flight=4&tp=1": "calibrated", "g=h100-sxm&flight=4&tp=1&pp=2": "estimated"} {
		_, out, stderr := run("", "estimate", "-json", link)
		var d struct{ Tier string }
		if err := json.Unmarshal([]byte(out), &d); err != nil || d.Tier != want {
			t.Errorf("%s: tier %q, want %q; %v", link, d.Tier, want, err)
		}
		if strings.Contains(stderr, "Pipeline parallel") != (want == "estimated") {
			t.Errorf("%s: %s", link, stderr)
		}
	}
}
