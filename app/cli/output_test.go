//go:build !js

package cli

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// size writes every form it names, and each says the same.
func TestSizeFiles(t *testing.T) {
	dir := t.TempDir()
	args := []string{"size", "https://fleetsize.example/app/#g=h100-sxm,l40s&rps=10&n=Pilot", "-csv"}
	for _, ending := range []string{"xlsx", "csv", "json", "md", "html", "svg"} {
		args = append(args, "-o", filepath.Join(dir, "answer."+ending))
	}
	code, out, stderr := run("", args...)
	if code != 0 || strings.Count(stderr, "Wrote ") != 6 {
		t.Fatalf("code %d, %s", code, stderr)
	}
	read := func(ending string) string {
		b, err := os.ReadFile(filepath.Join(dir, "answer."+ending))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if read("csv") != out {
		t.Error("-csv and -o FILE.csv differ")
	}
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(records) < 2 || records[0][0] != "gpu" {
		t.Fatalf("CSV %v, %v", records, err)
	}
	var doc struct {
		Schema  int `json:"schema_version"`
		Options []struct {
			GPU  string
			GPUs int
		}
	}
	if err := json.Unmarshal([]byte(read("json")), &doc); err != nil || doc.Schema != 1 || len(doc.Options) != len(records)-1 {
		t.Errorf("JSON: %v, %+v", err, doc)
	}
	if !strings.HasPrefix(read("md"), "# Pilot\n") {
		t.Error("Markdown does not begin with the title")
	}
	page := read("html")
	for _, want := range []string{"<!doctype html>", "https://fleetsize.example/app/#v=1", "The link as a QR code", "--ink:", `<article class="leaf">`, "report-price"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
	if svg := read("svg"); !strings.HasPrefix(svg, "<?xml") || !strings.Contains(svg, "H100 SXM") {
		t.Error("the chart is no SVG of the price of latency")
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(read("xlsx"))), int64(len(read("xlsx"))))
	if err != nil || len(z.File) != 13 {
		t.Errorf("the workbook: %v", err)
	}
}

func TestOutputFaults(t *testing.T) {
	for _, c := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{"size", "g=h100-sxm", "-o", "answer.pdf"}, 2, "it can be .xlsx, .csv, .json, .md, .html or .svg"},
		{[]string{"size", "g=h100-sxm", "-o", "answer"}, 2, "the ending says what to write"},
		{[]string{"size", "g=h100-sxm", "-json", "-csv"}, 2, "keep one"},
		{[]string{"size", "g=h100-sxm", "-o", "/nonexistent/answer.csv"}, 2, "there is no folder /nonexistent"},
		{[]string{"data", "-o", "/nonexistent/answer.csv"}, 2, "there is no folder /nonexistent"},
		{[]string{"sweep", "model=llama-3.1-8b&g=h100-sxm&rps=1"}, 0, "did you mean m=llama-3.1-8b?"},
		{[]string{"size", "rsp=1&g=h100-sxm"}, 0, `"rsp" changes nothing: did you mean rps=10?`},
		{[]string{"siz", "rps=1"}, 2, "did you mean size?"},
		{[]string{"rps=1"}, 2, "fleetsize size 'rps=1'"},
		{[]string{"estimate", "g=h100-sxm&flight=4", "-o", "x.pdf"}, 2, "it can be .json, .csv, .md, .xlsx, .html or .svg"},
		{[]string{"sweep", "g=h100-sxm", "-o", "x.pdf"}, 2, "it can be .json, .csv, .md, .xlsx, .html or .svg"},
		{[]string{"sweep"}, 2, "no LINK"},
		{[]string{"sweep", "m=llama-3.1-8b,llama-9"}, 2, `"llama-9" is not in the model catalog`},
		{[]string{"sweep", "rps=1,x"}, 2, `rps: "x"`},
		{[]string{"sweep", "m=,,,"}, 2, "m: "},
		{[]string{"size", "m=zzzzzzzz"}, 2, "look up its id with fleetsize data models or leave"},
		{[]string{"size", "g=zzzzzzzz"}, 2, "look up its id with fleetsize data or leave"},
		{[]string{"sweep", "g=h100-sxm&rps=,"}, 2, "rps: "},
		{[]string{"sweep", "-timeout", "-1s", "rps=1"}, 2, "negative"},
		{[]string{"sweep", "in=" + strings.Repeat("1k,", 60) + "2k&out=" + strings.Repeat("1k,", 60) + "2k"}, 2, "more than 2,000 cells"},
		{[]string{"sweep", "-timeout", "1ns", "m=llama-3.1-8b,llama-3.3-70b&g=h100-sxm"}, 3, "Cut short: 0 of 2 cells"},
	} {
		code, _, stderr := run("", c.args...)
		if code != c.code || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%q: code %d, want %d; stderr %q, want it to contain %q", c.args, code, c.code, stderr, c.stderr)
		}
	}
}

func TestEstimateForms(t *testing.T) {
	const in = "g=h100-sxm&flight=4&in=1k&out=100"
	_, out, _ := run("", "estimate", "-csv", in)
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(records) != 2 {
		t.Fatalf("%q: %v", out, err)
	}
	row := map[string]string{}
	for i, name := range records[0] {
		row[name] = records[1][i]
	}
	var doc map[string]any
	_, text, _ := run("", "estimate", "-json", in)
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	if doc["schema_version"] != 1.0 || row["gpu"] != doc["gpu"] || row["in_flight"] != "4" || row["arrival_req_s"] != "" {
		t.Errorf("row %v, document %v", row, doc)
	}
	if want, _ := json.Marshal(doc["req_s"]); row["req_s"] != string(want) {
		t.Errorf("req/s %s, the document says %s", row["req_s"], want)
	}
}

// A sweep answers each combination as size would, in the order of the lists.
func TestSweepEqualsTheEngine(t *testing.T) {
	const in = "m=llama-3.1-8b,llama-3.3-70b&g=h100-sxm,t4&w=rag,chat&rps=5&q=fp8"
	code, out, stderr := run("", "sweep", "-json", in)
	if code != 0 || stderr != "" {
		t.Fatalf("code %d, %s", code, stderr)
	}
	var doc struct {
		Planned int `json:"cells_planned"`
		Cut     bool
		Cells   []struct {
			Link, Model, GPU, Workload string
			Option                     *struct {
				GPU  string
				GPUs int
			}
			Excluded *struct{ GPU, Reason, Text string }
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Planned != 8 || len(doc.Cells) != 8 || doc.Cells[0].Workload != "rag" || doc.Cells[1].Workload != "chat" || doc.Cells[2].GPU != "t4" || doc.Cells[4].Model != "llama-3-3-70b" {
		t.Fatalf("cells %+v", doc.Cells)
	}
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.Cells {
		r, err := resolve(cat, c.Link)
		if err != nil {
			t.Fatal(err)
		}
		var e fleet.Estimator
		a := e.Size(r.in.req)
		if len(a.Options) == 0 {
			if c.Option != nil || c.Excluded == nil || c.Excluded.GPU != c.GPU || c.Excluded.Text == "" {
				t.Errorf("%s: %+v, the engine has no option", c.Link, c)
			}
			continue
		}
		if c.Option == nil || c.Option.GPU != a.Options[0].GPU.ID || c.Option.GPUs != a.Options[0].GPUs {
			t.Errorf("%s: %+v, the engine says %s %d", c.Link, c.Option, a.Options[0].GPU.ID, a.Options[0].GPUs)
		}
	}
	_, text, _ := run("", "sweep", in)
	if got := strings.Count(text, "\n"); got != 11 {
		t.Errorf("the table has %d lines, want a head, eight cells and the disclaimer:\n%s", got, text)
	}
}

// A cell without an accelerator is answered with the best of all.
func TestSweepPicksTheBest(t *testing.T) {
	_, out, _ := run("", "sweep", "-csv", "rps=2,20&g=h100-sxm,l40s&m=llama-3.1-8b")
	all, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(all) != 5 {
		t.Fatalf("%d rows, %v", len(all), err)
	}
	lists, shared := axes("https://x.example/#m=a,b&px=h100-sxm:2,l40s:1&rps=1")
	if len(lists) != 1 || lists[0].key != "m" || len(shared) != 2 {
		t.Errorf("axes %v, shared %v", lists, shared)
	}
}

func TestBaseOf(t *testing.T) {
	for in, want := range map[string]string{"https://a.example/x/#v=1": "https://a.example/x/", "http://a?b=1": "http://a", "#v=1": "", "v=1": "", "rps=10#x": ""} {
		if got := baseOf(in); got != want {
			t.Errorf("baseOf(%q) = %q, want %q", in, got, want)
		}
	}
}

// The table of size has the unit costs of its JSON, to six digits.
func TestUnitCostsInCSV(t *testing.T) {
	_, table, _ := run("", "size", "-csv", "g=h100-sxm,a16-per-gpu")
	_, out, _ := run("", "size", "-json", "g=h100-sxm,a16-per-gpu")
	records, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || len(records) != 3 {
		t.Fatal(err, table)
	}
	var doc struct{ Options []map[string]any }
	if err := json.Unmarshal([]byte(out), &doc); err != nil || len(doc.Options) != 2 {
		t.Fatal(err)
	}
	for _, key := range []string{"usd_per_million_output_tokens", "usd_per_million_total_tokens", "tok_s_per_w"} {
		at := slices.Index(records[0], key)
		if at < 0 {
			t.Fatalf("no column %s", key)
		}
		for i, o := range doc.Options {
			cell := records[i+1][at]
			want, known := o[key].(float64)
			if got, err := strconv.ParseFloat(cell, 64); known != (cell != "") || known && (err != nil || math.Abs(got/want-1) > 1e-5) {
				t.Errorf("%s of %v is %q and %v", key, o["gpu"], cell, o[key])
			}
		}
	}
}
