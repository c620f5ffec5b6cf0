package items

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"fleetsize/calc/bench"
	"fleetsize/catalog/jsonio"
)

func TestParseSizes(t *testing.T) {
	if got, err := ParseSizes("1, 4,16"); err != nil || !slices.Equal(got, []int{1, 4, 16}) {
		t.Errorf("%v, %v", got, err)
	}
	for text, want := range map[string]string{"": "not a list", "1;2": "not a list", "0": "outside", "4097": "outside", strings.Repeat("1,", 32) + "1": "at most 32"} {
		if _, err := ParseSizes(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSizes(%q): %v, want %q", text, err, want)
		}
	}
}

func TestCovered(t *testing.T) {
	for _, c := range []struct {
		begins, ends []float64
		want         float64
	}{
		{nil, nil, 0},
		{[]float64{2}, []float64{5}, 3},
		{[]float64{2, 5}, []float64{5, 6}, 4},                   // one after the other
		{[]float64{0, 1, 10}, []float64{4, 2, 11}, 5},           // one inside the other, and a gap
		{[]float64{3, 0, 1}, []float64{7, 2, 4}, 7},             // a chain
		{[]float64{0, 0, 0.5, 8}, []float64{1, 1, 1.5, 9}, 2.5}, // at once
	} {
		if got := covered(slices.Clone(c.begins), slices.Clone(c.ends)); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("covered(%v, %v) = %v, want %v", c.begins, c.ends, got, c.want)
		}
	}
}

// vectors is a server's answer with n vectors of d numbers.
func vectors(n, d int, number string) string {
	one := `{"embedding":[` + strings.TrimSuffix(strings.Repeat(number+",", d), ",") + `]}`
	return `{"data":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + `]}`
}

// Two sizes with three requests each: the first request of a size is not
// measured, no text comes twice, and answers of another kind count as failed.
func TestMeasurement(t *testing.T) {
	m := New(Plan{Model: "m", Sizes: []int{1, 2}, Tokens: 8, Requests: 3, Parallel: 2})
	seen := map[string]bool{}
	at := 0.0
	rounds := m.Rounds()
	if len(rounds) != 4 || bench.Requests(rounds) != 8 {
		t.Fatalf("%d rounds, %d requests", len(rounds), bench.Requests(rounds))
	}
	for k, r := range rounds {
		for i := range r.N {
			ask := r.Ask(i)
			var body struct {
				Model string
				Input []string
			}
			if err := jsonio.Unmarshal(ask.Body, &body); err != nil || ask.Path != "/embeddings" || body.Model != "m" || len(body.Input) != 1+k/2 {
				t.Fatalf("%s: %s, %v", ask.Path, ask.Body, err)
			}
			for _, text := range body.Input {
				if seen[text] {
					t.Errorf("%q comes twice", text)
				}
				seen[text] = true
			}
			a := bench.Answer{Body: []byte(vectors(len(body.Input), 4, "0.5")), Sent: at, Done: at + 0.5}
			if k == 3 && i == 0 {
				a.Body = []byte(vectors(1, 4, "0.5")) // one too few
			}
			r.Take(i, a)
			at += 2 // a second and a half of pause
		}
	}
	d := m.Document("u", false)
	if len(d.Batches) != 2 || d.Tool != "fleetsize bench embeddings" || d.Definitions["items_s"].ID == "" {
		t.Fatalf("%+v", d)
	}
	one, two := d.Batches[0], d.Batches[1]
	if one.Requests != 3 || one.Failed != 0 || *one.P50 != 500 || *one.ItemsPerS != 2 || *one.TokensPerS != 16 || *one.Dimensions != 4 {
		t.Errorf("%+v", one)
	}
	if two.Requests != 3 || two.Failed != 1 || *two.Message != "1 vectors for 2 texts" || *two.ItemsPerS != 4 {
		t.Errorf("%+v", two)
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		rerank      bool
		body, fault string
	}{
		{false, vectors(2, 3, "1"), ""},
		{false, vectors(2, 3, "0"), "is not one"},
		{false, vectors(2, 3, "1e300"), "is not one"},
		{false, vectors(2, 0, ""), "is not one"},
		{false, "{}", "0 vectors for 2 texts"},
		{false, "<html>", "not valid JSON"},
		{true, `{"results":[{"index":1,"relevance_score":0.5},{"index":0,"relevance_score":0}]}`, ""},
		{true, `{"results":[{"index":1},{"index":1}]}`, "each of the 2 documents once"},
		{true, `{"results":[{"index":1},{"index":2}]}`, "each of the 2 documents once"},
		{true, `{"results":[]}`, "0 results for 2 documents"},
	} {
		m := New(Plan{Rerank: c.rerank})
		_, err := m.judge([]byte(c.body), 2)
		if got := fmt.Sprint(err); c.fault == "" && err != nil || c.fault != "" && !strings.Contains(got, c.fault) {
			t.Errorf("%s: %s, want %q", c.body, got, c.fault)
		}
	}
}

func FuzzParseSizes(f *testing.F) {
	for _, s := range []string{"1, 4,16", "", "0", "-1,", "+1", "1,,2", "99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sizes, err := ParseSizes(text)
		if (err == nil) != (len(sizes) > 0) {
			t.Errorf("%q gives %v, %v", text, sizes, err)
		}
		for _, n := range sizes {
			if n < 1 || n > MaxBatch {
				t.Errorf("%q gives %v", text, sizes)
			}
		}
	})
}
