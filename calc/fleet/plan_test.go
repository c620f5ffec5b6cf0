package fleet

import (
	"fmt"
	"math"
	"testing"

	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// worked is the worked example: Llama 3.1 8B, RAG 5,000/500, 10 req/s, TTFT
// p95 under 3 s, 50 ms a token, standard posture.
func worked(t testing.TB) Requirement {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	model, ok := cat.Model("llama-3.1-8b")
	if !ok {
		t.Fatal("the worked example's model is missing")
	}
	engine, ok := cat.Engine("vllm")
	if !ok {
		t.Fatal("the default engine is missing")
	}
	return Requirement{
		Catalog: cat, Model: model, Engine: engine,
		Workload: Workload{Input: 5000, Output: 500, LengthRatio: 1},
		Demand:   Demand{Kind: PerSecond, ReqPerS: 10},
		Targets:  catalog.Targets{TTFT: 3, ITL: 0.05, Percentile: "95"},
		Posture:  Posture{Utilization: 0.7, SpareReplicas: 1, Years: 1},
	}
}

func only(t testing.TB, r Requirement, ids ...string) Requirement {
	t.Helper()
	r.GPUs = nil
	for _, id := range ids {
		g, ok := r.Catalog.GPU(id)
		if !ok {
			t.Fatalf("no accelerator %q", id)
		}
		r.GPUs = append(r.GPUs, Choice{GPU: g})
	}
	return r
}

// checkAnswer holds every answer to what the package promises.
func checkAnswer(t *testing.T, r Requirement, a Answer) {
	t.Helper()
	seen := map[string]int{}
	for i := range a.Options {
		o := &a.Options[i]
		seen[o.GPU.ID]++
		checkOption(t, r, o)
		if i > 0 && before(o, &a.Options[i-1]) {
			t.Errorf("%s ranks after %s", o.GPU.ID, a.Options[i-1].GPU.ID)
		}
	}
	for _, x := range a.Excluded {
		seen[x.GPU.ID]++
		if x.Text == "" || x.Reason == "" {
			t.Errorf("%s is excluded without a reason: %+v", x.GPU.ID, x)
		}
	}
	for _, g := range r.Catalog.GPUs {
		if seen[g.ID] != 1 {
			t.Errorf("%s is in %d lists, want exactly one", g.ID, seen[g.ID])
		}
	}
}

func checkOption(t *testing.T, r Requirement, o *Option) {
	t.Helper()
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s %v (preview %v): %s", o.GPU.ID, o.Layout, o.Preview, fmt.Sprintf(format, args...))
	}
	for name, x := range map[string]float64{
		"rate_slo": o.RateSLO, "rate_max": o.RateMax, "replica rate": o.ReplicaRate, "rate per GPU": o.ReqPerSPerGPU,
		"ttft": o.At.TTFT.Mean, "itl": o.At.ITL.Mean, "e2e": o.At.E2E.Mean, "output": o.At.OutputTokPerS,
		"range low": o.RateRange.Low, "range high": o.RateRange.High,
	} {
		if !(x > 0) || math.IsInf(x, 0) {
			bad("%s = %v", name, x)
		}
	}
	if want := math.Min(o.RateSLO, o.SafeShare*o.RateMax); r.Demand.Kind != InFlight && math.Abs(o.ReplicaRate-want) > 1e-9*want {
		bad("replica rate %v, want min(%v, %v·%v)", o.ReplicaRate, o.RateSLO, o.SafeShare, o.RateMax)
	}
	if r.Demand.Kind != InFlight {
		need := int(math.Max(1, math.Ceil(o.DemandReqPerS/(r.Posture.Utilization*o.ReplicaRate)-1e-9)))
		if o.ReplicasNeeded != need {
			bad("%d replicas needed, want %d", o.ReplicasNeeded, need)
		}
	}
	if o.Replicas != o.ReplicasNeeded+r.Posture.SpareReplicas || o.GPUs != o.Replicas*o.Layout.GPUs() || o.GPUs > MaxGPUs {
		bad("%d + %d replicas, %d GPUs do not add up", o.ReplicasNeeded, o.ReplicasSpare, o.GPUs)
	}
	m := o.Memory
	if sum := m.Weights + m.KVUsed + m.KVFree + m.Activations + m.Runtime + m.Unusable; math.Abs(sum-m.Capacity) > 1e-6*m.Capacity {
		bad("memory parts sum to %v, capacity %v", sum, m.Capacity)
	}
	if math.Abs(m.Capacity-o.GPU.UsableBytes*float64(o.Layout.GPUs())) > 1 {
		bad("capacity %v, want that of %d GPUs", m.Capacity, o.Layout.GPUs())
	}
	if !o.Preview {
		if l := missed(o.At, r.Targets); l != "" {
			bad("misses its %s target at the planned peak", l)
		}
	}
	if o.GPURange.Low > float64(o.GPUs) || o.GPURange.High < float64(o.GPUs) {
		bad("GPU range %v does not hold %d", o.GPURange, o.GPUs)
	}
	if o.Priced && math.Abs(o.USDPerMonth-o.GPU.Rent.USD*730*float64(o.GPUs)) > 1e-6*o.USDPerMonth && r.Posture.SpareNodes == 0 {
		bad("%v USD a month for %d GPUs at %v an hour", o.USDPerMonth, o.GPUs, o.GPU.Rent.USD)
	}
}

func TestWorkedExample(t *testing.T) {
	r := worked(t)
	var e Estimator
	preview := e.Preview(r)
	checkAnswer(t, r, preview)
	exact := e.Size(r)
	checkAnswer(t, r, exact)
	for _, o := range exact.Options {
		warned := false
		for _, w := range o.Warnings {
			warned = warned || w.Code == "assumed"
		}
		if o.Tier == SpecsOnly && !warned {
			t.Errorf("%s: data sheet only and no warning says so", o.GPU.ID)
		}
	}
	if len(exact.Options) < 20 {
		t.Errorf("%d accelerators serve an 8B model, want most of the catalog", len(exact.Options))
	}
	if exact.Preview || exact.Problem != nil {
		t.Errorf("preview %v, problem %v", exact.Preview, exact.Problem)
	}
	// The preview is what the answer is bracketed by: it must name the right
	// accelerator and come close in its rate.
	byID := map[string]Option{}
	for _, o := range preview.Options {
		byID[o.GPU.ID] = o
	}
	off := 0
	for _, o := range exact.Options {
		p, ok := byID[o.GPU.ID]
		if !ok {
			off++
			continue
		}
		if math.Abs(math.Log(p.ReqPerSPerGPU/o.ReqPerSPerGPU)) > 0.25 {
			off++
			t.Logf("%s: preview %.3g req/s per GPU %v, exact %.3g %v", o.GPU.ID, p.ReqPerSPerGPU, p.Layout, o.ReqPerSPerGPU, o.Layout)
		}
	}
	if off > len(exact.Options)/5 {
		t.Errorf("the preview is more than 25 %% off on %d of %d accelerators", off, len(exact.Options))
	}
	t.Logf("headline: %d × %s, %.3g USD a month", exact.Options[0].GPUs, exact.Options[0].GPU.Short, exact.Options[0].USDPerMonth)
}

func TestEveryDemandKind(t *testing.T) {
	for _, d := range []Demand{
		{Kind: People, Users: 2500, ReqPerHour: 12, PeakFactor: 2.5},
		{Kind: PerDay, ReqPerDay: 500000, PeakFactor: 3},
		{Kind: InFlight, InFlight: 200},
	} {
		r := only(t, worked(t), "h100-sxm", "l40s", "a100-80-sxm")
		r.Demand = d
		var e Estimator
		a := e.Size(r)
		checkAnswer(t, r, a)
		if len(a.Options) != 3 {
			t.Errorf("%s: %d options, want 3", d.Kind, len(a.Options))
		}
	}
}

func TestTargetsOff(t *testing.T) {
	r := only(t, worked(t), "h100-sxm")
	r.Targets = catalog.Targets{Percentile: "95"}
	var e Estimator
	a := e.Size(r)
	checkAnswer(t, r, a)
	o := a.Options[0]
	switch o.Binding {
	case serve.LimitTTFT, serve.LimitITL, serve.LimitE2E, serve.LimitLoad, "":
		t.Errorf("with no target the binding limit is %q, want what limits capacity", o.Binding)
	}
	if o.ReplicaRate > topShare*o.RateMax*(1+1e-9) {
		t.Errorf("planned at %v of capacity %v", o.ReplicaRate, o.RateMax)
	}
}

// Every accelerator stays in the answer when nothing can serve, with the
// nearest change that would.
func TestNothingServes(t *testing.T) {
	r := worked(t)
	r.Targets.TTFT = 0.001
	var e Estimator
	a := e.Size(r)
	checkAnswer(t, r, a)
	if len(a.Options) != 0 {
		t.Fatalf("%d accelerators give a first token in 1 ms", len(a.Options))
	}
	for _, x := range a.Excluded {
		if x.Reason == ReasonTTFT && x.Nearest == nil {
			t.Errorf("%s: %s has no nearest change", x.GPU.ID, x.Text)
		}
	}
}

func TestContextProblem(t *testing.T) {
	r := worked(t)
	r.Workload.Input = 200000
	var e Estimator
	a := e.Size(r)
	if a.Problem == nil || a.Problem.Code != "context" || a.Problem.Remedy == nil {
		t.Fatalf("problem = %+v, want context with a remedy", a.Problem)
	}
	checkAnswer(t, r, a)
}

// More demand never takes fewer GPUs, a looser target never more.
func TestMonotone(t *testing.T) {
	if testing.Short() {
		t.Skip("single-threaded and long; the full run has it")
	}
	var e Estimator
	last := 0
	for _, rps := range []float64{0.01, 1, 5, 20, 100, 400} {
		r := only(t, worked(t), "h100-sxm")
		r.Demand.ReqPerS = rps
		a := e.Size(r)
		if len(a.Options) != 1 || a.Options[0].GPUs < last {
			t.Fatalf("%v req/s: %+v after %d GPUs", rps, a.Options, last)
		}
		last = a.Options[0].GPUs
	}
	for _, id := range []string{"h100-sxm", "l40s", "a10g"} {
		r := only(t, worked(t), id)
		g := r.GPUs[0].GPU
		c := e.PriceOfLatency(r, g, true)
		last := math.MaxInt
		for _, p := range c.Points {
			n := p.GPUs
			if n == 0 {
				n = math.MaxInt
			}
			if n > last {
				t.Errorf("%s: %d GPUs at a TTFT target of %v s, fewer at a tighter one: %v", id, p.GPUs, p.TTFT, c.Points)
			}
			last = n
		}
	}
}

func TestPriceTargets(t *testing.T) {
	tests := []struct {
		current float64
		want    string
	}{
		{0, "[0.5 0.7 1 1.4 2 3 5]"},
		{3, "[0.5 0.7 1 1.4 2 3 5]"},
		{2.5, "[0.5 0.7 1 1.4 2 2.5 3 5]"},
		{0.3, "[0.25 0.3 0.5 0.7 1 1.4 2 3 5]"},
		{8, "[0.5 0.7 1 1.4 2 3 5 8 10]"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(PriceTargets(tt.current)); got != tt.want {
			t.Errorf("PriceTargets(%v) = %s, want %s", tt.current, got, tt.want)
		}
	}
}

func TestLoadCurve(t *testing.T) {
	r := only(t, worked(t), "h100-sxm")
	var e Estimator
	a := e.Size(r)
	ps := e.LoadCurve(r, &a.Options[0])
	if len(ps) < 5 {
		t.Fatalf("%d points", len(ps))
	}
	for i := 1; i < len(ps); i++ {
		if ps[i].At.ReqPerS < ps[i-1].At.ReqPerS*0.97 {
			t.Errorf("throughput falls from %v to %v at %d in flight", ps[i-1].At.ReqPerS, ps[i].At.ReqPerS, ps[i].InFlight)
		}
	}
}

func BenchmarkPreview(b *testing.B) {
	r := worked(b)
	for b.Loop() {
		var e Estimator
		e.Preview(r)
	}
}

func BenchmarkHeadline(b *testing.B) {
	r := worked(b)
	for b.Loop() {
		var e Estimator
		p := e.Plan(r)
		for !p.HeadlineDone() {
			p.Step()
		}
	}
}

func BenchmarkTable(b *testing.B) {
	r := worked(b)
	for b.Loop() {
		var e Estimator
		e.Size(r)
	}
}

func BenchmarkTargetEdit(b *testing.B) {
	r := worked(b)
	var e Estimator
	e.Size(r)
	ttft := []float64{1, 2, 3, 4}
	i := 0
	for b.Loop() {
		r.Targets.TTFT = ttft[i%len(ttft)]
		i++
		e.Size(r)
	}
}
