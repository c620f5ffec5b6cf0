package fleet

import (
	"math"
	"math/rand/v2"
	"testing"

	"fleetsize/catalog"
)

// The closed form is finite and within bounds for any model, accelerator and
// engine at any load, the lightest on thousands of slots included.
func TestClosedFormIsFinite(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(11, 12))
	var e Estimator
	cases := 0
	check := func(r Requirement, g *catalog.GPU, l Layout, w Workload, share float64) {
		r.Workload = w
		p, err := e.replica(&r, g, l, r.Model.Native, r.kv(r.Model.Native))
		if err != nil {
			return
		}
		cases++
		load := p.shape
		load.Rate = share * p.formCapacity()
		at := p.formOpen(load)
		for name, v := range map[string]float64{
			"TTFT": at.TTFT.Mean, "TTFT p99": at.TTFT.P99, "ITL": at.ITL.Mean, "E2E p95": at.E2E.P95, "running": at.Running,
			"waiting": at.Waiting, "busy": at.Busy, "KV": at.KVUsedBytes, "rate": at.ReqPerS,
		} {
			if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
				t.Errorf("%s on %s %s under %s, %+v at %g of capacity: %s is %g", r.Model.ID, g.ID, l, r.Engine.ID, w, share, name, v)
			}
		}
		if p.split == nil && at.Running > float64(p.slots)+1e-9 || at.Busy > 1+1e-9 {
			t.Errorf("%s on %s %s under %s, %+v at %g of capacity: %g running in %d slots, busy %g", r.Model.ID, g.ID, l, r.Engine.ID, w, share, at.Running, p.slots, at.Busy)
		}
		if rate, limit := p.formMaxRate(catalog.Targets{TTFT: 2, ITL: 0.1, Percentile: "95"}); !(rate >= 0) || math.IsInf(rate, 0) || limit == "" {
			t.Errorf("%s on %s %s: rate %g, %s", r.Model.ID, g.ID, l, rate, limit)
		}
	}
	model, _ := cat.Model("deepseek-v4-pro")
	engine, _ := cat.Engine("trtllm")
	gpu, ok := cat.GPU("gb300-288gb")
	if model == nil || engine == nil || !ok {
		t.Fatal("the entries of the known case are missing")
	}
	for _, share := range []float64{1e-6, 0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 0.9} {
		check(Requirement{Catalog: cat, Model: model, Engine: engine}, gpu, Layout{TP: 4, PP: 1}, Workload{Input: 907, Output: 1372, LengthRatio: 0.4456, CachedShare: 0.458}, share)
	}
	for range 3000 {
		r := Requirement{Catalog: cat, Model: cat.Models[rng.IntN(len(cat.Models))], Engine: cat.Engines[rng.IntN(len(cat.Engines))]}
		g := cat.GPUs[rng.IntN(len(cat.GPUs))]
		if r.Model.Class != catalog.ClassGenerative || !r.Engine.RunsOn(g) {
			continue
		}
		l := Layout{TP: 1 << rng.IntN(4), PP: 1}
		switch rng.IntN(4) {
		case 0:
			l.EP, l.DP = 1<<rng.IntN(3), 1<<rng.IntN(3)
		case 1:
			l.Prefill, l.Decode, l.PrefillTP = 1+rng.IntN(3), 1+rng.IntN(3), l.TP
		}
		w := Workload{Input: 1 + rng.IntN(20000), Output: 1 + rng.IntN(2000), LengthRatio: rng.Float64(), CachedShare: 0.9 * rng.Float64()}
		check(r, g, l, w, math.Exp(-12*rng.Float64()))
	}
	if cases < 500 {
		t.Errorf("only %d cases", cases)
	}
}
