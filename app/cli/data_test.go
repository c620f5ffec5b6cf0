//go:build !js

package cli

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"fleetsize/calc/sizingchart"
	"fleetsize/catalog"
)

type listDoc struct {
	What string
	Rows []map[string]any
}

func catalogList(t *testing.T, args ...string) listDoc {
	t.Helper()
	code, out, stderr := run("", append([]string{"data", "-json"}, args...)...)
	var d listDoc
	if err := json.Unmarshal([]byte(out), &d); code != 0 || err != nil {
		t.Fatalf("%q: code %d, %v, %s", args, code, err, stderr)
	}
	return d
}

// Every entry of the catalog is listed, what is unknown as null.
func TestDataListsTheCatalog(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for what, n := range map[string]int{"gpus": len(cat.GPUs), "models": len(cat.Models), "workloads": len(cat.Presets), "engines": len(cat.Engines), "chart": len(sizingchart.Rows())} {
		if what == "chart" && testing.Short() {
			continue
		}
		if d := catalogList(t, what); d.What != what || len(d.Rows) != n {
			t.Errorf("%s: %d rows, want %d", what, len(d.Rows), n)
		}
		_, out, _ := run("", "data", "-csv", what)
		if rows, err := csv.NewReader(strings.NewReader(out)).ReadAll(); err != nil || len(rows) != n+1 {
			t.Errorf("%s: %d lines of CSV, %v", what, len(rows), err)
		}
		if _, text, _ := run("", "data", what); strings.Count(text, "\n") < n+1 || strings.Contains(text, "NaN") {
			t.Errorf("%s: %q", what, text[:min(len(text), 300)])
		}
	}
	for _, r := range catalogList(t, "gpus").Rows {
		if r["id"] == "h100-sxm-80gb" && (r["memory_gb"] != 80.0 || r["vendor"] != "NVIDIA" || r["bandwidth_gb_s"] != 3350.0) {
			t.Errorf("H100: %v", r)
		}
		if x, known := r["fp8_tflops"]; !known || x == 0.0 {
			t.Errorf("%v: FP8 %v, want a number or null", r["id"], x)
		}
	}
}

// Filters narrow; the recommendation is the fewest accelerators that hold a need.
func TestDataFiltersAndRecommends(t *testing.T) {
	all := len(catalogList(t, "gpus").Rows)
	for _, r := range catalogList(t, "-vendor", "nvidia", "-memory", "80", "-format", "fp8", "-since", "2023", "gpus").Rows {
		if r["vendor"] != "NVIDIA" || r["memory_gb"].(float64) < 80 || r["fp8_tflops"] == nil || r["year"].(float64) < 2023 {
			t.Errorf("the filter lets %v through", r)
		}
		all--
	}
	if all <= 0 {
		t.Error("the filter changes nothing")
	}
	if d := catalogList(t, "gpus", "H100", "SXM"); len(d.Rows) == 0 || !strings.HasPrefix(d.Rows[0]["id"].(string), "h100-sxm") {
		t.Errorf("H100 SXM: %v", d.Rows)
	}
	if d := catalogList(t, "models", "llama", "3.3"); len(d.Rows) == 0 || d.Rows[0]["id"] != "llama-3-3-70b" {
		t.Errorf("llama 3.3: %v", d.Rows)
	}
	last := 0.0
	rows := catalogList(t, "-holds", "llama-3.3-70b", "gpus").Rows
	for _, r := range rows {
		n := r["n"].(float64)
		if n < last || n*(r["usable_gb"].(float64)-2) < 140 || n > r["gpus_per_node"].(float64) {
			t.Errorf("holds 141 GB: %v", r)
		}
		last = n
	}
	if len(rows) == 0 || rows[0]["n"] != 1.0 {
		t.Errorf("nothing recommended first: %v", rows)
	}
	_, text, _ := run("", "data", "-holds", "20", "-vendor", "AMD")
	if !strings.Contains(text, "hold 20 GB (20 GB) on one server") || strings.Contains(text, "NVIDIA") {
		t.Errorf("20 GB: %s", text)
	}
}

func TestDataFaults(t *testing.T) {
	for _, c := range []struct {
		args   []string
		stderr string
	}{
		{[]string{"data", "boats"}, `"boats" is no list`},
		{[]string{"data", "-holds", "everything"}, "neither a model of the catalog nor a number of GB"},
		{[]string{"data", "-holds", "20", "models"}, "-holds is about gpus"},
		{[]string{"data", "-memory", "much"}, `-memory: "much" is not a number`},
		{[]string{"data", "-since", "2024", "models"}, "write fleetsize data -since 2024 gpus"},
		{[]string{"data", "-vendor", "AMD", "chart"}, "-vendor is about gpus"},
		{[]string{"data", "workloads", "chat"}, `"chat" narrows nothing here`},
		{[]string{"data", "-vendor", "nvida"}, "it has NVIDIA, AMD"},
		{[]string{"data", "-format", "fp7"}, "-format"},
		{[]string{"data", "-json", "-csv"}, "keep one"},
		{[]string{"data", "-o", "x.pdf"}, "it can be .json, .csv, .md or .xlsx"},
	} {
		if code, _, stderr := run("", c.args...); code != 2 || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%q: code %d, %q, want %q", c.args, code, stderr, c.stderr)
		}
	}
	if code, out, _ := run("", "data", "gpus", "zzz"); code != 0 || !strings.Contains(out, "widen a filter") {
		t.Errorf("nothing found: %d, %s", code, out)
	}
}
