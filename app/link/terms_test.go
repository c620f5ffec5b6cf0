package link

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
)

// Without money keys the basis is the catalog's rent, as it always was.
func TestDefaultTerms(t *testing.T) {
	cat := load(t)
	r, _ := Default().Requirement(cat)
	if r.Money.Basis != money.Rent || r.Money.Discount != 0 || r.Money.License != 0 || r.Money.Prices != nil || r.Pipeline != nil || r.Prompt.Chunks != 0 {
		t.Errorf("money %+v, pipeline %+v", r.Money, r.Pipeline)
	}
	g, _ := cat.GPU("h100-sxm")
	if b := r.Money.Bill(g, 4, 1); b.PerMonth != g.Rent.USD*730*4 {
		t.Errorf("four H100 cost %v a month", b.PerMonth)
	}
}

func TestTerms(t *testing.T) {
	cat := load(t)
	for in, want := range map[string]money.Terms{
		"buy=own&term=5&kwh=0.2&pue=1.1&host=100&lic=0&off=10&use=40&co2=350": {Basis: money.Own, Discount: 0.1, Years: 5, USDPerKWh: 0.2, PUE: 1.1, Hosting: 100, CO2PerKWh: 350, AverageUse: 0.4},
		"buy=own":                    {Basis: money.Own, Years: 3, USDPerKWh: 0.12, PUE: 1.3, Hosting: 217.3},
		"buy=own&eng=nim&g=h100-sxm": {Basis: money.Own, Years: 3, USDPerKWh: 0.12, PUE: 1.3, Hosting: 217.3, License: 4500},
		"eng=nim&g=h100-sxm":         {Basis: money.Rent, Years: 3, USDPerKWh: 0.12, PUE: 1.3, Hosting: 217.3},
		"kwh=0&host=0":               {Basis: money.Rent, Years: 3, PUE: 1.3},
		"px=h100-sxm:2,l40s:0.5": {Basis: money.Rent, Years: 3, USDPerKWh: 0.12, PUE: 1.3, Hosting: 217.3,
			Prices: []money.Price{{GPU: "h100-sxm-80gb", USD: 2}, {GPU: "l40s", USD: 0.5}}},
	} {
		s, notes := Parse(cat, in)
		r, _ := s.Requirement(cat)
		if !reflect.DeepEqual(r.Money, want) || len(notes) > 0 {
			t.Errorf("%s: %+v, want %+v (notes %v)", in, r.Money, want, notes)
		}
	}
	if a, ok := Default().API(); ok || a.Input != 0 {
		t.Error("no API price was stated")
	}
}

// The parts make the prompt, a conversation its mean; see package rag for the
// arithmetic.
func TestShapeOfPartsAndTurns(t *testing.T) {
	cat := load(t)
	for _, c := range []struct {
		in     string
		input  int
		cached float64
	}{
		{"chunks=9&sys=400&ask=100", 5000, 0},
		{"chunks=9&sys=400&ask=100&hit=8", 5000, 0.08},
		{"chunks=4&chunk=1000&hist=500&in=99999", 4500, 0},
		{"w=chat&turns=1", 1000, 0},
		{"w=chat&turns=4&in=300&sys=200&out=300", 900, 3000.0 / 3600},
		{"w=chat&turns=4&in=300&ask=100&out=300", 900, 3000.0 / 3600},
		{"turns=4&chunks=2&chunk=500&sys=200&ask=100&out=300", 1900, 1800.0 / 7600},
	} {
		s, _ := Parse(cat, c.in)
		if w := s.Shape(); w.Input != c.input || math.Abs(w.CachedShare-c.cached) > 1e-9 {
			t.Errorf("%s: prompt %d, %v cached, want %d and %v", c.in, w.Input, w.CachedShare, c.input, c.cached)
		}
	}
	s, _ := Parse(cat, "m=bge-large-en-v1-5&turns=3")
	if _, notes := s.Requirement(cat); !strings.Contains(codes(notes), CodeContext) {
		t.Errorf("a conversation longer than the model holds is not noted: %v", notes)
	}
}

// A task of several calls is as many requests.
func TestLoadOfCalls(t *testing.T) {
	cat := load(t)
	for in, want := range map[string]float64{
		"rps=2&calls=8": 16, "users=2500&calls=4": 2500 * 12.0 / 3600 * 2.5 * 4, "day=864000&peak=2&calls=3": 60, "rps=2": 2,
		"day=864000&calls=20&peak=p95": 224,
	} {
		s, _ := Parse(cat, in)
		r, _ := s.Requirement(cat)
		if got := r.Demand.PeakReqPerS(); math.Abs(got/want-1) > 1e-9 {
			t.Errorf("%s: %v req/s, want %v", in, got, want)
		}
	}
	s, _ := Parse(cat, "flight=40&calls=8")
	if d := s.Load(); d != (fleet.Demand{Kind: fleet.InFlight, InFlight: 40}) {
		t.Errorf("tasks in flight: %+v", d)
	}
}

func TestPipelineOfLink(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "emb=bge-large-en-v1-5&rer=bge-reranker-v2-m3&ret=40ms&docs=2m&ask=60&chunk=400&chunks=10")
	if len(notes) > 0 {
		t.Fatalf("notes %+v", notes)
	}
	r, _ := s.Requirement(cat)
	p := r.Pipeline
	if p == nil || p.Embedder.ID != "bge-large-en-v1-5" || p.Query != 60 || p.Docs != 2e6 || p.DocTokens != 1000 || p.Chunk != 400 || p.ReindexHours != 24 ||
		p.Reranker.ID != "bge-reranker-v2-m3" || p.Candidates != 50 || p.Pair != 460 || p.Retrieval != 0.04 {
		t.Errorf("pipeline %+v", p)
	}
	if r.Workload.Input != 4060 || r.Prompt.Chunks != 10 {
		t.Errorf("prompt %d of %+v", r.Workload.Input, r.Prompt)
	}
}

// Keys that need another one say so.
func TestIgnoredKeys(t *testing.T) {
	cat := load(t)
	for in, key := range map[string]string{"chunk=400": "chunk", "cand=20": "cand", "docs=5": "docs", "emb=bge-large-en-v1-5&hours=3": "hours", "in=9&chunks=2": "in", "ask=5": "ask"} {
		if _, notes := Parse(cat, in); codes(notes) != "ignored" || notes[0].Key != key {
			t.Errorf("%s: notes %+v", in, notes)
		}
	}
}

// A price profile holds all prices and nothing else.
func TestMoneyPairs(t *testing.T) {
	cat := load(t)
	s, _ := Parse(cat, "w=chat&buy=own&px=h100-sxm:30000&kwh=0.2&api=3:15")
	pairs := s.MoneyPairs()
	other, _ := Parse(cat, "rps=99&pue=1.8&off=30&co2=5")
	got, notes := other.With(cat, pairs)
	if want := "v=1&rps=99&buy=own&px=h100-sxm-80gb:30000&kwh=0.2&api=3:15"; got.String() != want || len(notes) > 0 {
		t.Errorf("%q gives %q, want %q (notes %v)", pairs, got.String(), want, notes)
	}
	if got.MoneyPairs() != pairs {
		t.Errorf("%q, then %q", pairs, got.MoneyPairs())
	}
	if got := OnlyMoney("buy=own&rps=5&n=x&kwh=0.2&zzz"); got != "buy=own&kwh=0.2" {
		t.Errorf("OnlyMoney = %q", got)
	}
}
