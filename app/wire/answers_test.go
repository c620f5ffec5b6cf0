package wire

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// sameNumber is how far two numbers of an answer may lie apart, relatively,
// between the command and the page: one in the last of the six digits that are
// written. A simulation that took another turn differs by far more.
const sameNumber = 1e-5

// Whole answers, every number and text of their options and the value of every
// explanation, are the same in the command and in the page, and do not move
// unnoticed. The file is written by
// the native program and compared in WebAssembly as well (make test-wasm).
func TestSameAnswersEverywhere(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for n, text := range []string{
		"g=h100-sxm,l40s",
		"m=llama-3.3-70b&q=fp8&users=2500&ttft=2s&pct=99&pos=cautious&grow=20&yrs=2&g=h200-sxm,mi300x",
		"m=gpt-oss-120b&eng=trtllm&flight=100&ttft=off&buy=own&term=4&api=3:15&g=b200",
		"m=qwen3-32b&eng=sglang&w=chat&day=1m&peak=p95&spec=3:2.1&nodespare=1&g=h100-sxm",
		"chunks=9&emb=bge-large-en-v1-5&rer=bge-reranker-v2-m3&ret=20ms&pd=auto&lr=0.3&g=h100-sxm",
	} {
		s, notes := link.Parse(cat, text)
		r, problems := s.Requirement(cat)
		if len(notes)+len(problems) > 0 {
			t.Fatalf("%s: %v %v", text, notes, problems)
		}
		var e fleet.Estimator
		a := e.Size(r)
		if len(a.Options) == 0 {
			t.Errorf("%s: no answer", text)
		}
		b, err := Encode(Size(a, r, s, notes))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Options []map[string]any `json:"options"`
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		for i, o := range doc.Options {
			for id, x := range o["explain"].(map[string]any) { // its words have tests of their own
				o["explain"].(map[string]any)[id] = x.(map[string]any)["value"]
			}
			lines = leaves(lines, fmt.Sprintf("%d.%d", n+1, i+1), o)
		}
	}
	const file = "testdata/answers.txt"
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(lines) != len(want) {
		t.Errorf("%d numbers and texts, want %d; run with -update if the change is meant", len(lines), len(want))
	}
	different := 0
	for i := range min(len(lines), len(want)) {
		if same(lines[i], want[i]) {
			continue
		}
		if different++; different <= 10 {
			t.Errorf("%s\nwant %s", lines[i], want[i])
		}
	}
	if different > 0 {
		t.Errorf("%d of %d differ; run with -update if the change is meant, and say why in the commit", different, len(want))
	}
}

// leaves adds a line for every number, text and truth value below v.
func leaves(lines []string, path string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			lines = leaves(lines, path+" "+k, v[k])
		}
	case []any:
		for i, e := range v {
			lines = leaves(lines, path+" "+strconv.Itoa(i), e)
		}
	case float64:
		lines = append(lines, path+" = "+strconv.FormatFloat(v, 'g', -1, 64))
	default:
		lines = append(lines, fmt.Sprintf("%s = %q", path, fmt.Sprint(v)))
	}
	return lines
}

// same compares two lines: numbers within sameNumber, everything else exactly.
func same(got, want string) bool {
	path, a, _ := strings.Cut(got, " = ")
	other, b, _ := strings.Cut(want, " = ")
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	if errA != nil || errB != nil {
		return got == want
	}
	return path == other && math.Abs(x-y) <= sameNumber*math.Max(math.Abs(x), math.Abs(y))
}
