package fleet

import (
	"strings"
	"testing"

	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

func TestBeyond(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	dense, _ := cat.Model("llama-3.1-8b")
	moe, _ := cat.Model("gpt-oss-120b")
	seen := catalog.Seen{InputMin: 1000, InputMax: 8000, TotalMin: 2000, TotalMax: 9000, TP: 2}
	all := seen
	all.MoE, all.FourBit, all.TP = true, true, 8
	bf16, four := dense.Resolve(catalog.BF16), dense.Resolve(catalog.INT4)
	for _, c := range []struct {
		name    string
		p       catalog.Profile
		model   *catalog.Model
		weights catalog.Weights
		tp      int
		in, out int
		want    string // codes
	}{
		{"inside", catalog.Profile{Seen: all}, dense, bf16, 1, 5000, 500, ""},
		{"a quarter beyond is inside", catalog.Profile{Seen: all}, dense, bf16, 1, 10000, 100, ""},
		{"prompt too long", catalog.Profile{Seen: all}, dense, bf16, 1, 10001, 100, "extrapolated"},
		{"prompt too short", catalog.Profile{Seen: all}, dense, bf16, 1, 799, 2000, "extrapolated"},
		{"request too long", catalog.Profile{Seen: all}, dense, bf16, 1, 6000, 6000, "extrapolated"},
		{"a group as large as measured", catalog.Profile{Seen: seen}, dense, bf16, 2, 5000, 500, ""},
		{"a larger group", catalog.Profile{Seen: seen}, dense, bf16, 4, 5000, 500, "unidentified"},
		{"experts nobody measured", catalog.Profile{Seen: seen}, moe, bf16, 1, 5000, 500, "unidentified"},
		{"4 bit nobody measured", catalog.Profile{Seen: seen}, dense, four, 1, 5000, 500, "unidentified"},
		{"experts and 4 bit that were measured", catalog.Profile{Seen: all}, moe, four, 8, 5000, 500, ""},
		{"nothing known: what was measured anywhere", catalog.Profile{}, moe, four, 8, 20000, 2000, ""},
		{"nothing known, beyond anything", catalog.Profile{}, dense, bf16, 1, 100000, 500, "extrapolated"},
		{"a fit that leaves the front end open", catalog.Profile{Seen: all, Unidentified: []string{"d_req"}}, dense, bf16, 1, 5000, 500, "unidentified"},
		{"a fit that leaves open what does not matter", catalog.Profile{Seen: all, Unidentified: []string{"α", "MoE ec", "γ", "4-bit ec"}}, dense, bf16, 1, 5000, 500, ""},
		{"a fit that leaves open what matters", catalog.Profile{Seen: all, Unidentified: []string{"α", "MoE ec"}}, moe, four, 4, 5000, 500, "unidentified"},
	} {
		var codes []string
		for _, w := range beyond(&c.p, c.model, c.weights, Layout{TP: c.tp, PP: 1}, Workload{Input: c.in, Output: c.out, LengthRatio: 1}) {
			codes = append(codes, w.Code)
			if !strings.HasSuffix(w.Text, ".") || strings.Contains(w.Text, "%!") {
				t.Errorf("%s: %q is no sentence", c.name, w.Text)
			}
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s: warnings %q, want %q", c.name, got, c.want)
		}
	}
}

// Every fitted profile that ships says what it was fitted to, so that no
// answer extrapolates silently.
func TestShippedProfilesSaySeen(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range cat.Engines {
		for i := range e.Profiles {
			p := &e.Profiles[i]
			if s := p.Seen; p.Rows > 0 && (!s.Known() || s.InputMax < s.InputMin || s.TotalMax < s.InputMax || s.TP < 1) {
				t.Errorf("%s: fitted to %d rows that covered %+v", p.ID, p.Rows, s)
			}
		}
	}
}

// Symbols of parameters are those of package fit, which this package does not
// import: each one is known there.
func TestParameterWords(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range parameterWords {
		if seen[q.symbol] || q.words == "" {
			t.Errorf("%q is named twice or has no words", q.symbol)
		}
		seen[q.symbol] = true
	}
}

// Near saturation equal runs differ: the warning is needed there, and not at half
// of capacity.
func TestUnstable(t *testing.T) {
	var e Estimator
	r := nimRequirement(t)
	r.Workload = Workload{Input: 100000, Output: 4000, LengthRatio: 0.05} // a few requests at once
	h100, _ := r.Catalog.GPU("h100-sxm")
	p, err := e.replica(&r, h100, Layout{TP: 1, PP: 1}, r.Model.Resolve(r.Weights), catalog.FP8)
	if err != nil {
		t.Fatal(err)
	}
	warned := func(share float64) bool {
		var runs []serve.Result
		for seed := range 8 {
			runs = append(runs, p.at(&e.sim, share*p.capacity(&e.sim), finalRequests, uint64(seed+1)))
		}
		lo, hi := spread(runs)
		return hi > unstableRatio*lo
	}
	if warned(0.5) {
		t.Error("half of capacity counts as unstable")
	}
	if !warned(0.94) && !warned(0.96) && !warned(0.98) {
		t.Error("no load up to capacity counts as unstable")
	}
	if w := unstable(1, 2); w.Code != "unstable" || !strings.Contains(w.Text, "1 s to 2 s") {
		t.Errorf("unstable(1, 2) = %+v", w)
	}
}
