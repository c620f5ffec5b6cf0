package views

import (
	"sync"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

var loadOnce = sync.OnceValues(catalog.Load)

func testCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	cat, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// some is every case, and with -short the first of every four: under the race
// detector an answer takes ten times as long.
func some[T any](cases []T) []T {
	if !testing.Short() {
		return cases
	}
	var few []T
	for i := 0; i < len(cases); i += 4 {
		few = append(few, cases[i])
	}
	return few
}

// sized is Static by the computer that all tests share.
func sized(t testing.TB, text string) *Page {
	t.Helper()
	return answered(studyComputer(), testCatalog(t), text)
}

// example is the page of the worked example with the engine's own answer.
var exampleOnce = sync.OnceValue(func() *Page {
	cat, err := loadOnce()
	if err != nil {
		return nil
	}
	return Static(cat, "")
})

func example(t testing.TB) *Page {
	t.Helper()
	v := exampleOnce()
	if v == nil {
		t.Fatal("no catalog")
	}
	return v
}

// handmade is an answer with chosen numbers: two options, one exclusion of
// each kind.
func handmade(t testing.TB, s *Sizing) fleet.Answer {
	t.Helper()
	gpu := func(id string) *catalog.GPU {
		g, ok := s.Catalog().GPU(id)
		if !ok {
			t.Fatalf("no accelerator %q", id)
		}
		return g
	}
	at := serve.Result{
		TTFT: serve.Quantiles{Mean: 1.1, P50: 1, P90: 2, P95: 2.4, P99: 2.9},
		ITL:  serve.Quantiles{Mean: 0.014, P50: 0.014, P90: 0.015, P95: 0.016, P99: 0.018},
		E2E:  serve.Quantiles{Mean: 10.5, P50: 10, P90: 11, P95: 11.5, P99: 12},
	}
	at.ReqPerS, at.Running = 3.33, 35
	h100 := fleet.Option{
		GPU: gpu("h100-sxm-80gb"), Layout: fleet.Layout{TP: 1, PP: 1}, Weights: catalog.Weights{Dense: catalog.FP8}, KV: catalog.FP8,
		Tier: fleet.Measured, RateSLO: 5.41, RateMax: 6, SafeShare: 0.85, ReplicaRate: 5.41, ReqPerSPerGPU: 5.41, DemandReqPerS: 10,
		ReplicasNeeded: 3, ReplicasSpare: 1, Replicas: 4, GPUs: 4, Nodes: 1, At: at, Binding: serve.LimitCompute,
		Memory: fleet.Memory{Weights: 16.1e9, KVUsed: 25.2e9, KVFree: 25.7e9, Activations: 2.4e9, Runtime: 2.6e9, Unusable: 8e9, Capacity: 80e9, KVPerRequest: 0.72e9, Slots: 256},
		Priced: true, USDPerMonth: 7300, Powered: true, KW: 3.6, PowerBasis: "nameplate × PUE 1.3",
		GPURange: fleet.Range{Low: 4, High: 4}, RateRange: fleet.Range{Low: 5, High: 5.8}, TTFTRange: fleet.Range{Low: 2.1, High: 2.7},
		RunnersUp: []fleet.Alternative{{Layout: fleet.Layout{TP: 2, PP: 1}, Weights: catalog.Weights{Dense: catalog.FP8}, GPUs: 6, TTFT: 1.6, ITL: 0.01, Priced: true, USDPerMonth: 10950}},
		Warnings:  []fleet.Warning{{Code: "outside", Text: "Longest measured prompt is 20,000 tokens."}},
	}
	h200 := h100
	h200.GPU, h200.Tier, h200.GPUs, h200.Priced, h200.USDPerMonth = gpu("h200-sxm-141gb"), fleet.Calibrated, 4, false, 0
	h200.GPURange, h200.RateRange, h200.Powered, h200.KW = fleet.Range{Low: 3, High: 4}, fleet.Range{Low: 4.6, High: 6.2}, false, 0
	h200.RunnersUp, h200.Warnings = nil, nil
	return fleet.Answer{
		DemandReqPerS: 10, SizedReqPerS: 10, Options: []fleet.Option{h100, h200},
		Excluded: []fleet.Exclusion{
			{GPU: gpu("t4"), Reason: fleet.ReasonMemory, Text: "Does not fit: 2.1 GB short per GPU", Nearest: &fleet.Nearest{Pairs: "q=int4", Text: "INT4 weights"}},
			{GPU: gpu("rtx-4090"), Reason: fleet.ReasonNotConsidered, Text: "workstation part"},
		},
	}
}

func render(v *Page) string { return app.HTMLString(v) }

// showing is a page that shows a given answer, for tests.
func showing(s *Sizing, a fleet.Answer) *Page {
	s.Answer = a
	s.Final, s.Filled = !a.Preview, !a.Preview
	return &Page{s: s, gone: map[string]bool{}, widths: map[string]float64{}}
}
