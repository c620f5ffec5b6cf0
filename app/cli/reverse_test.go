//go:build !js

package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

type reverseDoc struct {
	Own, Budget *struct {
		Budget *float64 `json:"budget_usd_month"`
		Pools  []struct {
			GPU    string
			N      int
			ReqS   *float64 `json:"req_s"`
			Times  *float64
			Left   int `json:"gpus_left"`
			Reason *string
			USD    *float64 `json:"usd_month"`
		}
		Total  *struct{ Times *float64 }
		Models []struct{ Model string }
	}
	Mix *struct {
		Fleets []struct {
			GPU, Best     string
			Shared, Apart struct {
				GPUs *int
				USD  *float64 `json:"usd_month"`
			}
			Classes []struct {
				Workload string
				TTFT     *float64 `json:"ttft_ms"`
				ITL      *float64 `json:"itl_ms"`
			}
			Parts []struct {
				Workload string
				GPUs     *int
			}
		}
		Own []struct {
			Times *float64
			Best  *string
			Used  int `json:"gpus_used"`
		}
	}
}

// The other way round says the same in words, as JSON and as CSV.
func TestReverse(t *testing.T) {
	const link = "g=h100-sxm,l40s&own=h100-sxm:8&budget=20k&mix=chat:7:ttft900ms,rag:3:in6k"
	code, out, stderr := run("", "reverse", "-json", link)
	if code != 0 {
		t.Fatalf("code %d, %s", code, stderr)
	}
	var d reverseDoc
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	if d.Own == nil || len(d.Own.Pools) != 1 || d.Own.Total == nil || len(d.Own.Models) < 20 || d.Own.Budget != nil {
		t.Fatalf("hardware at hand: %+v", d.Own)
	}
	if d.Budget == nil || *d.Budget.Budget != 20000 || len(d.Budget.Pools) != 2 || d.Budget.Total != nil || *d.Budget.Pools[0].USD > 20000 {
		t.Fatalf("budget: %+v", d.Budget)
	}
	if d.Mix == nil || len(d.Mix.Fleets) != 2 || len(d.Mix.Own) != 1 {
		t.Fatalf("mix: %+v", d.Mix)
	}
	code, text, _ := run("", "reverse", link)
	if code != 0 {
		t.Fatal(text)
	}
	f := d.Mix.Fleets[0]
	sum := 0
	for _, p := range f.Parts {
		sum += *p.GPUs
	}
	if sum != *f.Apart.GPUs || f.Best != "shared" || *f.Shared.USD >= *f.Apart.USD {
		t.Errorf("%+v", f)
	}
	if *f.Classes[0].TTFT > 900 || *f.Classes[1].TTFT > 3000 || *f.Classes[0].ITL > 50 {
		t.Errorf("the pool misses a target: %+v", f.Classes)
	}
	for _, want := range []string{
		fmt.Sprintf("shared: %d, apart: %d + %d.", *f.Shared.GPUs, *f.Parts[0].GPUs, *f.Parts[1].GPUs),
		"Mix of Chat 7 req/s, RAG Q&A 6,000/500 3 req/s on Llama 3.1 8B",
		"The hardware at hand holds ", "$20,000 a month", "8 × H100 SXM at hand hold ", "times the mix in one pool",
		"mix=chat:7:ttft900ms,rag:3:in6000",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	_, table, _ := run("", "reverse", "-csv", link)
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || len(rows) != 1+1+2+2*3 || rows[1][0] != "own" || rows[2][0] != "budget" || rows[4][0] != "mix, one pool" {
		t.Errorf("%v: %v", err, rows)
	}
	for _, r := range rows[1:] {
		if at := slices.Index(rows[0], "exact"); at < 0 || r[at] != "true" {
			t.Errorf("simulated to the end, and yet %v", r)
		}
	}
	// Of what a budget buys only the best are simulated.
	_, table, _ = run("", "reverse", "-csv", "budget=20k")
	if strings.Count(table, ",true,") == 0 || strings.Count(table, ",false,") == 0 {
		t.Errorf("the table does not tell the simulated from the rest:\n%s", table)
	}
}

func TestReverseFaults(t *testing.T) {
	for _, c := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{"reverse", "rps=10"}, 2, "write own=h100-sxm:8, budget=20k or mix=chat:7,rag:3"},
		{[]string{"reverse", "mix=chat"}, 2, "a workload is written mix=chat:5"},
		{[]string{"reverse", "mix=chat:2:fast"}, 2, `"fast" is no setting of a workload`},
		{[]string{"reverse", "own=h100-sxm:8", "-o", "x.xlsx"}, 2, "it can be .json, .csv or .md"},
		{[]string{"reverse", "-timeout", "-1s", "own=h100-sxm:8"}, 2, "negative"},
		{[]string{"reverse", "-measured", "nim-8b", "own=h100-sxm:8"}, 2, "size and estimate show the nearest row"},
		{[]string{"reverse", "-timeout", "1ns", "own=h100-sxm:8"}, 3, "Cut short"},
		{[]string{"reverse", "-timeout", "1ns", "mix=chat:5,rag:2"}, 3, "Cut short"},
	} {
		code, out, stderr := run("", c.args...)
		if code != c.code || !strings.Contains(stderr, c.stderr) || strings.Contains(out, "NaN") {
			t.Errorf("%q: code %d, want %d; stderr %q, want it to contain %q", c.args, code, c.code, stderr, c.stderr)
		}
	}
	// What nothing serves is said, with exit code 0.
	code, out, _ := run("", "reverse", "m=llama-3.3-70b&g=l40s&own=l40s:1&mix=chat:5:ttft1ms,rag:2")
	if code != 0 || !strings.Contains(out, "holds nothing") || !strings.Contains(out, "No accelerator serves all of it: Chat: TTFT") {
		t.Errorf("code %d:\n%s", code, out)
	}
	// A single workload and a workload of another shape are told as such.
	code, out, _ = run("", "reverse", "g=h100-sxm&mix=chat:5")
	if code != 0 || !strings.Contains(out, "One workload has nothing to share") {
		t.Errorf("code %d:\n%s", code, out)
	}
}
