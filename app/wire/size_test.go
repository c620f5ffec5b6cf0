package wire

import (
	"math"
	"testing"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// answer is a hand-made answer with one priced option, one about which little
// is known, and one exclusion of each shape.
func answer() (fleet.Answer, fleet.Requirement) {
	h100 := &catalog.GPU{ID: "h100-sxm-80gb", AllInKW: &catalog.Figure{Value: 1.12},
		Rent: &catalog.Price{USD: 2.95, AsOf: "2026-05-20", Source: "a price list"}, Purchase: &catalog.Price{USD: 30000, AsOf: "2026-08-21", Source: "another"}}
	var terms money.Terms
	other := &catalog.GPU{ID: "unpriced"}
	q := serve.Quantiles{Mean: 1.23456789, P50: 1, P90: 2, P95: 2.5, P99: 3}
	full := fleet.Option{
		GPU: h100, Layout: fleet.Layout{TP: 2, PP: 1}, Weights: catalog.Weights{Dense: catalog.FP8, Experts: catalog.FP8}, KV: catalog.FP8,
		Profile: &catalog.Profile{ID: "vllm-test"}, Tier: fleet.Calibrated,
		RateSLO: 5.41, RateMax: 6.5, SafeShare: 0.85, ReplicaRate: 5.41, ReqPerSPerGPU: 2.705, DemandReqPerS: 10,
		ReplicasNeeded: 3, ReplicasSpare: 1, Replicas: 4, GPUs: 8, Nodes: 1,
		At:      serve.Result{TTFT: q, ITL: serve.Quantiles{Mean: 0.02, P50: 0.02, P90: 0.03, P95: 0.04, P99: 0.05}, E2E: q, OutputTokPerS: 1666.6666666, Running: 40, Waiting: 0.1},
		Binding: serve.LimitTTFT,
		Memory:  fleet.Memory{Weights: 8.03e9, KVUsed: 10e9 + 0.4, KVFree: 100e9, Activations: 2e9 + 0.4, Runtime: 1e9, Unusable: 3e9 + 0.4, Capacity: 124.03e9 + 1.2, Slots: 120},

		USDPerMonth: 17228, Priced: true, KW: 8.96, Powered: true, // 2.95 · 730 · 8 and 1.12 · 8
		Bill: terms.Bill(h100, 8, 0.4), Flow: money.Flow{PeakReqPerS: 10, Input: 5000, Output: 500, Use: 0.4},
		GPURange: fleet.Range{Low: 6, High: 10}, RateRange: fleet.Range{Low: 2.3, High: 3.2}, TTFTRange: fleet.Range{Low: 2, High: 3.1}, ITLRange: fleet.Range{Low: 0.03, High: 0.05},
		RunnersUp: []fleet.Alternative{{Layout: fleet.Layout{TP: 4, PP: 2}, Weights: catalog.Weights{Dense: catalog.FP8, Experts: catalog.FP8}, GPUs: 16, TTFT: 1.5, ITL: 0.03}},
		Warnings:  []fleet.Warning{{Code: "pcie", Text: "Over PCIe."}},
	}
	bare := fleet.Option{
		GPU: other, Layout: fleet.Layout{TP: 1, PP: 1}, Weights: catalog.Weights{Dense: catalog.BF16, Experts: catalog.BF16}, KV: catalog.BF16,
		Tier: fleet.SpecsOnly, RateSLO: math.NaN(), RateMax: math.Inf(1), Binding: serve.LimitLoad, Preview: true,
		At: serve.Result{TTFT: serve.Quantiles{Mean: math.NaN(), P99: math.Inf(1)}},
	}
	a := fleet.Answer{
		DemandReqPerS: 10, SizedReqPerS: 12,
		Options: []fleet.Option{full, bare},
		Excluded: []fleet.Exclusion{
			{GPU: &catalog.GPU{ID: "t4"}, Reason: fleet.ReasonMemory, Text: "Does not fit: 2.1 GB short per GPU.", Nearest: &fleet.Nearest{Pairs: "q=int4", Text: "INT4 weights"}},
			{GPU: &catalog.GPU{ID: "l4"}, Reason: fleet.ReasonNoFacts, Text: "No bandwidth published."},
		},
		Preview: true,
	}
	r := fleet.Requirement{
		Catalog: &catalog.Catalog{Date: "2026-11-21"}, Model: &catalog.Model{ID: "llama-3-1-8b"}, Engine: &catalog.Engine{ID: "vllm"},
		Workload: fleet.Workload{Input: 5000, Output: 500, LengthRatio: 1},
		Demand:   fleet.Demand{Kind: fleet.PerSecond, ReqPerS: 10},
		Targets:  catalog.Targets{TTFT: 3, Percentile: "95"},
	}
	return a, r
}

func TestSizeDocument(t *testing.T) {
	a, r := answer()
	doc := Size(a, r, link.Default(), []link.Note{{Code: link.CodeUnknown, Text: "1 setting."}})
	got, err := Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "size.json", got)
}

// Demand in flight has no rate: it is null, and the count has its own key.
func TestSizeOfDemandInFlight(t *testing.T) {
	a, r := answer()
	r.Demand = fleet.Demand{Kind: fleet.InFlight, InFlight: 64}
	doc := Size(a, r, link.Default(), nil)
	if doc.DemandReqS != nil || doc.TodayReqS != nil || doc.DemandInFlight == nil || *doc.DemandInFlight != 64 {
		t.Errorf("demand %v, today %v, in flight %v", doc.DemandReqS, doc.TodayReqS, doc.DemandInFlight)
	}
}

func TestSizeProblem(t *testing.T) {
	_, r := answer()
	a := fleet.Answer{Problem: &fleet.Problem{Code: "context", Text: "Too long.", Remedy: &fleet.Nearest{Pairs: "in=100", Text: "100 tokens"}}}
	doc := Size(a, r, link.Default(), nil)
	if doc.Problem == nil || doc.Problem.Code != "context" || doc.Problem.Remedy.Pairs != "in=100" {
		t.Errorf("problem %+v", doc.Problem)
	}
	if doc.Options == nil || doc.Excluded == nil || doc.Warnings == nil {
		t.Error("an empty list is null instead of []")
	}
}

func TestNumber(t *testing.T) {
	for x, want := range map[float64]float64{1.23456789: 1.23457, 0: 0, math.Copysign(0, -1): 0, 123456789: 123457000} {
		if got := number(x); got == nil || *got != want || math.Signbit(*got) {
			t.Errorf("number(%v) = %v, want %v", x, got, want)
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := number(x); got != nil {
			t.Errorf("number(%v) = %v, want null", x, *got)
		}
	}
}

func TestLayoutName(t *testing.T) {
	for l, want := range map[fleet.Layout]string{{TP: 1, PP: 1}: "TP1", {TP: 8, PP: 2}: "TP8 PP2"} {
		if got := LayoutName(l); got != want {
			t.Errorf("LayoutName(%v) = %q, want %q", l, got, want)
		}
	}
}

// The parts of memory sum to the capacity to the byte, whatever rounding does.
func TestMemorySums(t *testing.T) {
	for _, m := range []fleet.Memory{
		{Weights: 0.5, KVUsed: 0.5, KVFree: 0.5, Activations: 0.5, Runtime: 0.5, Unusable: 0.5, Capacity: 3},
		{Weights: 16060522496.3, KVUsed: 1.4, KVFree: 59e9 + 0.4, Activations: 1e9 + 0.4, Runtime: 0.4, Unusable: 9e9 + 0.4, Capacity: 16060522496.3 + 69e9 + 3},
		{Unusable: 1e9, Capacity: 1e9 + 5},
	} {
		d := memory(m)
		if d == nil || d.sum() != d.Capacity || d.KVFree < 0 || d.Unusable < 0 {
			t.Errorf("memory(%+v) = %+v", m, d)
		}
	}
	if d := memory(fleet.Memory{}); d != nil {
		t.Errorf("memory without capacity = %+v, want null", d)
	}
}

// What money, pipeline and growth add to an option, and that the parts agree.
func TestMoneyOfSizeDocument(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := link.Parse(cat, "chunks=9&rer=bge-reranker-v2-m3&ret=20ms&grow=30&yrs=3&buy=own&api=3:15&co2=300&g=h100-sxm,h100-nvl")
	r, _ := s.Requirement(cat)
	var e fleet.Estimator
	d := Size(e.Preview(r), r, s, nil)
	if len(d.Options) != 2 {
		t.Fatalf("%d options", len(d.Options))
	}
	o := d.Options[0]
	m, p, g := o.Money, o.Pipeline, o.Growth
	if m == nil || p == nil || g == nil || m.OwnOrAPI == nil || m.OwnOrRent == nil {
		t.Fatalf("money %+v, pipeline %+v, growth %+v", m, p, g)
	}
	if m.GPUs != o.GPUs+p.GPUs || len(p.Stages) != 1 || p.Stages[0].GPUs != p.GPUs || *p.AheadMS <= *p.RetrievalMS {
		t.Errorf("%d GPUs paid for of %d and %d, %+v", m.GPUs, o.GPUs, p.GPUs, p)
	}
	if sum := *m.Purchase + *m.Hosting + *m.Energy + *m.License; math.Abs(sum / *o.USDMonth - 1) > 1e-5 || m.Rent != nil {
		t.Errorf("the parts sum to %v, the month is %v", sum, *o.USDMonth)
	}
	if len(g.Years) != 3 || g.Years[2].GPUs != m.GPUs || *g.Total > *g.AllTotal {
		t.Errorf("growth %+v of %d GPUs", g, m.GPUs)
	}
	if *o.Output <= *o.Input || *o.Total >= *o.Input || *o.TokSPerW <= 0 || *m.KgCO2Month <= 0 || len(m.Definitions) != 8 {
		t.Errorf("unit prices %v, %v, %v", *o.Output, *o.Input, *o.Total)
	}
	if bare := d.Options[1]; bare.USDMonth != nil || bare.Output != nil || bare.Money.UpFront != nil || bare.Money.OwnOrAPI != nil || bare.KW == nil {
		t.Errorf("an accelerator without a price: %+v", bare.Money)
	}
}
