package negotiate

import (
	"math"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/rag"
	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// requirement is the worked example: Llama 3.1 8B, 5,000 in, 500 out, 10 req/s,
// TTFT ≤ 3 s and 50 ms per token at p95, 70 % peak load, one spare.
func requirement(t testing.TB) fleet.Requirement {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	m, ok := cat.Model("llama-3-1-8b")
	e, ok2 := cat.Engine("vllm")
	if !ok || !ok2 {
		t.Fatal("the catalog lacks the worked example")
	}
	return fleet.Requirement{
		Catalog: cat, Model: m, Engine: e,
		Workload: fleet.Workload{Input: 5000, Output: 500, LengthRatio: 1},
		Demand:   fleet.Demand{Kind: fleet.PerSecond, ReqPerS: 10},
		Targets:  catalog.Targets{TTFT: 3, ITL: 0.05, Percentile: "95"},
		Posture:  fleet.Posture{Utilization: 0.7, SpareReplicas: 1},
	}
}

func gpu(t testing.TB, r fleet.Requirement, id string) *catalog.GPU {
	t.Helper()
	g, ok := r.Catalog.GPU(id)
	if !ok {
		t.Fatalf("no accelerator %q", id)
	}
	return g
}

func run(t testing.TB, s Study) {
	t.Helper()
	last := s.Progress()
	for !s.Step() {
		p := s.Progress()
		if !(p >= last && p <= 1) {
			t.Errorf("progress went from %v to %v", last, p)
		}
		last = p
	}
	if p := s.Progress(); p < last {
		t.Errorf("progress ends at %v after %v", p, last)
	}
	if !s.Step() {
		t.Error("a study that was done goes on")
	}
}

func TestHoldIsTheInverseOfSizing(t *testing.T) {
	r := requirement(t)
	var est fleet.Estimator
	for _, c := range []struct {
		gpu     string
		n       int
		in, out int
		flight  bool
		spare   int
		growth  float64
		nodes   int
		router  serve.Router
		ahead   bool
	}{
		{gpu: "h100-sxm", n: 8, spare: 1},
		{gpu: "h100-sxm", n: 16, spare: 1, nodes: 1},
		{gpu: "l40s", n: 12, in: 1000, out: 200, growth: 0.2},
		{gpu: "h200-sxm", n: 4, spare: 2, in: 2000, out: 800},
		{gpu: "a100-sxm", n: 8, flight: true, spare: 1},
		{gpu: "h100-sxm", n: 5, spare: 1, router: serve.RouteLeast},
		{gpu: "l40s", n: 16, router: serve.RouteLeast},
		{gpu: "h100-sxm", n: 16, spare: 1, ahead: true},
	} {
		q := r
		q.Router = c.router
		if c.ahead {
			emb, _ := q.Catalog.Model("bge-large-en-v1-5")
			rer, _ := q.Catalog.Model("bge-reranker-v2-m3")
			if emb == nil || rer == nil {
				t.Fatal("no embedder or reranker")
			}
			q.Pipeline = &rag.Pipeline{Embedder: emb, Query: 100, Reranker: rer, Candidates: 50, Pair: 600}
		}
		if c.in > 0 {
			q.Workload.Input, q.Workload.Output = c.in, c.out
		}
		q.Posture.SpareReplicas, q.Posture.SpareNodes = c.spare, c.nodes
		q.Posture.Growth, q.Posture.Years = c.growth, 2
		if c.flight {
			q.Demand = fleet.Demand{Kind: fleet.InFlight, InFlight: 20}
		}
		g := gpu(t, q, c.gpu)
		h := Hold(&est, q, Pool{g, c.n}, true)
		if !h.Viable {
			t.Errorf("%d × %s: %s", c.n, c.gpu, h.Text)
			continue
		}
		if used := h.Replicas*h.Layout.GPUs() + h.Left + h.Ahead; used != c.n || c.ahead != (h.Ahead > 0) {
			t.Errorf("%d × %s: replicas use %d with those left over, want all", c.n, c.gpu, used)
		}
		// What it holds is sized onto at most the same accelerators …
		same := q
		same.Demand, same.TP, same.PP = h.Demand, h.Layout.TP, h.Layout.PP
		o, x := est.On(same, g, true)
		if o == nil {
			t.Errorf("%d × %s: %v in its own layout: %s", c.n, c.gpu, h.Demand, x.Text)
		} else if o.Bill.GPUs > c.n {
			t.Errorf("%d × %s holds %.3f, whose sizing takes %d", c.n, c.gpu, h.Demand.Amount(), o.Bill.GPUs)
		}
		// … and a little more is not, in any layout.
		more := q
		more.Demand = scaled(h.Demand, 1.02)
		if c.flight {
			more.Demand.InFlight = h.Demand.InFlight + math.Max(1, math.Ceil(0.02*h.Demand.InFlight))
		}
		if o, _ := est.On(more, g, true); o != nil && o.Bill.GPUs <= c.n {
			t.Errorf("%d × %s holds %.3f, but 2 %% more fits on %d GPUs as %v", c.n, c.gpu, h.Demand.Amount(), o.GPUs, o.Layout)
		}
	}
}

func TestHoldGrowsWithThePool(t *testing.T) {
	r := requirement(t)
	var est fleet.Estimator
	g := gpu(t, r, "h100-sxm")
	last := 0.0
	for n := 1; n <= 24; n++ {
		h := Hold(&est, r, Pool{g, n}, true)
		if n == 1 && (h.Viable || !strings.Contains(h.Text, "spare")) {
			t.Errorf("one GPU serves with a spare: %+v", h)
		}
		if h.ReqPerS < last {
			t.Errorf("%d GPUs hold %.3f req/s, %d hold %.3f", n-1, last, n, h.ReqPerS)
		}
		last = h.ReqPerS
	}
	if last < 10 {
		t.Errorf("24 H100 hold %.2f req/s of a workload that 4 hold 10 of", last)
	}
}

func TestBudgetBuysWithinItself(t *testing.T) {
	r := requirement(t)
	var est fleet.Estimator
	for _, whole := range []bool{false, true} {
		s := NewBudget(&est, r, 20000, whole)
		run(t, s)
		v := s.Result()
		if len(v.Pools) == 0 || !v.Pools[0].Viable || v.Pools[0].Preview {
			t.Fatalf("whole %v: the best is not answered exactly: %+v", whole, v.Pools)
		}
		for i, p := range v.Pools {
			if p.USD > 20000*(1+1e-9) {
				t.Errorf("%d × %s cost $%.0f of $20,000", p.N, p.GPU, p.USD)
			}
			if g := gpu(t, r, p.GPU); whole && p.N%g.GPUsPerNode != 0 {
				t.Errorf("%d × %s are no whole servers of %d", p.N, p.GPU, g.GPUsPerNode)
			}
			if i > 0 && p.Viable && p.ReqPerS > v.Pools[i-1].ReqPerS {
				t.Errorf("%s holds more than %s and comes after it", p.GPU, v.Pools[i-1].GPU)
			}
		}
		more := NewBudget(&est, r, 40000, whole)
		run(t, more)
		if a, b := v.Total.ReqPerS, more.Result().Total.ReqPerS; b < a {
			t.Errorf("twice the budget holds %.2f instead of %.2f req/s", b, a)
		}
	}
}

func TestModelsThatFit(t *testing.T) {
	r := requirement(t)
	var est fleet.Estimator
	s := NewModels(&est, r, []Pool{{gpu(t, r, "l40s"), 4}})
	run(t, s)
	list := s.Result()
	fits := map[string]ModelFit{}
	for _, m := range list {
		fits[m.Model] = m
	}
	if !fits["llama-3-1-8b"].Fits {
		t.Errorf("Llama 3.1 8B on 4 L40S: %q", fits["llama-3-1-8b"].Text)
	}
	if f := fits["llama-3-1-405b"]; f.Fits || f.Text == "" {
		t.Errorf("Llama 3.1 405B fits into 192 GB: %+v", f)
	}
	seenMiss := false
	for _, f := range list {
		if seenMiss && f.Fits {
			t.Fatalf("%s fits and comes after one that does not", f.Model)
		}
		seenMiss = seenMiss || !f.Fits
	}
	one := NewModels(&est, r, []Pool{{gpu(t, r, "l40s"), 4}, {gpu(t, r, "h100-sxm"), 8}})
	run(t, one)
	for _, f := range one.Result() {
		if fits[f.Model].Fits && f.ReqPerS < fits[f.Model].ReqPerS {
			t.Errorf("%s: a second pool lowers it from %.2f to %.2f req/s", f.Model, fits[f.Model].ReqPerS, f.ReqPerS)
		}
	}
}

func TestMovesAreSortedAndSigned(t *testing.T) {
	r := requirement(t)
	r.Demand.ReqPerS = 60 // enough GPUs that a quarter shows
	var est fleet.Estimator
	s := NewMoves(&est, r, gpu(t, r, "h100-sxm"))
	run(t, s)
	m := s.Result()
	if !m.Base.Viable || m.Base.GPUs < 4 {
		t.Fatalf("base %+v", m.Base)
	}
	by := map[Input]Move{}
	for i, x := range m.Moves {
		by[x.Input] = x
		if i > 0 && x.Span(m.Base) > m.Moves[i-1].Span(m.Base) {
			t.Errorf("%s moves more than %s and comes after it", x.Input, m.Moves[i-1].Input)
		}
	}
	// More work needs more GPUs, more room fewer.
	for _, in := range []Input{InputPrompt, InputAnswer, InputDemand} {
		if x := by[in]; !(x.Low.Exact < m.Base.Exact && x.High.Exact > m.Base.Exact) {
			t.Errorf("%s: %.2f, %.2f, %.2f GPUs do not rise", in, x.Low.Exact, m.Base.Exact, x.High.Exact)
		}
	}
	for _, in := range []Input{InputTTFT, InputITL, InputLoad} {
		x := by[in]
		if x.High.Viable && x.High.Exact > m.Base.Exact*1.001 || x.Low.Viable && x.Low.Exact < m.Base.Exact*0.999 {
			t.Errorf("%s: %.2f, %.2f, %.2f GPUs do not fall", in, x.Low.Exact, m.Base.Exact, x.High.Exact)
		}
	}
	if x := by[InputReused]; x.Low.Tried || !x.High.Tried || x.High.Value != 0.25 || x.High.Exact > m.Base.Exact {
		t.Errorf("reused prompt from none: %+v", x)
	}
	if x := by[InputPrice]; math.Abs(x.High.USD/m.Base.USD-1.25) > 1e-9 || x.High.GPUs != m.Base.GPUs {
		t.Errorf("price: %+v", x)
	}
	if x := by[InputDemand]; x.High.Value != 75 || x.Low.Value != 45 {
		t.Errorf("demand went to %v and %v, want 45 and 75", x.Low.Value, x.High.Value)
	}
}

func TestFrontierHasNoDominatedPoint(t *testing.T) {
	r := requirement(t)
	var est fleet.Estimator
	s := NewPareto(&est, r, []*catalog.GPU{gpu(t, r, "h100-sxm"), gpu(t, r, "l40s"), gpu(t, r, "t4")})
	run(t, s)
	v := s.Result()
	if v.MinTokPerUser != 20 || len(v.Frontiers) != 3 {
		t.Fatalf("%+v", v)
	}
	for _, f := range v.Frontiers {
		front := f.Best()
		for i, p := range front {
			for _, q := range f.Points {
				if q.TokPerUser >= p.TokPerUser && q.TokPerGPU >= p.TokPerGPU && (q.TokPerUser > p.TokPerUser || q.TokPerGPU > p.TokPerGPU) {
					t.Errorf("%s: %+v on the frontier is dominated by %+v", f.GPU, p, q)
				}
			}
			if i > 0 && !(p.TokPerUser > front[i-1].TokPerUser && p.TokPerGPU < front[i-1].TokPerGPU) {
				t.Errorf("%s: the frontier turns back at %+v", f.GPU, p)
			}
		}
		for _, q := range f.Points {
			if q.OnFrontier {
				continue
			}
			beaten := false
			for _, p := range front {
				beaten = beaten || p.TokPerUser >= q.TokPerUser && p.TokPerGPU >= q.TokPerGPU
			}
			if !beaten {
				t.Errorf("%s: %+v is not on the frontier and nothing beats it", f.GPU, q)
			}
		}
		if f.GPU == "h100-sxm-80gb" && len(front) < 4 {
			t.Errorf("H100 has %d points on its frontier", len(front))
		}
		curve := f.Curve()
		if len(front) < 2 {
			continue
		}
		first, last := front[0], front[len(front)-1]
		for _, x := range []float64{first.TokPerUser * 0.999, last.TokPerUser * 1.001} {
			if y, ok := curve.At(x); ok {
				t.Errorf("%s: the curve goes on to %.2f at %.2f tok/s per user, beyond its points", f.GPU, y, x)
			}
		}
		for i := 1; i < len(front); i++ {
			a, b := front[i-1], front[i]
			before := a.TokPerGPU
			for k := 0; k <= 20; k++ {
				y, ok := curve.At(a.TokPerUser + (b.TokPerUser-a.TokPerUser)*float64(k)/20)
				if !ok || y > before*(1+1e-12) || y < b.TokPerGPU*(1-1e-12) {
					t.Fatalf("%s: between %+v and %+v the curve is %v, %v", f.GPU, a, b, y, ok)
				}
				before = y
			}
		}
	}
}

func TestProposalsAreDistinct(t *testing.T) {
	r := requirement(t)
	r.Demand.ReqPerS = 40
	var est fleet.Estimator
	a := est.Preview(r)
	list := Propose(&a, "95", 500)
	if len(list) < 2 || list[0].Aim != LowestCost || list[0].Option != &a.Options[0] {
		t.Fatalf("%+v", list)
	}
	type key struct {
		gpu    string
		layout fleet.Layout
	}
	seen := map[key]bool{}
	for _, p := range list {
		k := key{p.GPU.ID, p.Layout}
		if seen[k] {
			t.Errorf("%v is proposed twice", k)
		}
		seen[k] = true
		switch p.Aim {
		case FewestNodes:
			if p.Option.Nodes >= list[0].Option.Nodes {
				t.Errorf("fewest nodes: %d, lowest cost has %d", p.Option.Nodes, list[0].Option.Nodes)
			}
		case FewestGPUs:
			if p.Option.GPUs >= list[0].Option.GPUs {
				t.Errorf("fewest GPUs: %d, lowest cost has %d", p.Option.GPUs, list[0].Option.GPUs)
			}
		case Fastest:
			if p.Option != nil && p.Option.Priced && p.Option.USDPerMonth > dearest*list[0].Option.USDPerMonth {
				t.Errorf("the fastest costs %.0f, lowest %.0f", p.Option.USDPerMonth, list[0].Option.USDPerMonth)
			}
		}
	}
	// Data sheets alone are answered with what was fitted, as long as it is not far dearer.
	bare := func(gpu string, tier fleet.Confidence, usd float64) fleet.Option {
		g, ok := r.Catalog.GPU(gpu)
		if !ok {
			t.Fatal(gpu)
		}
		return fleet.Option{GPU: g, Tier: tier, GPUs: 4, Nodes: 1, Priced: true, USDPerMonth: usd}
	}
	for want, options := range map[Aim][]fleet.Option{
		Backed:   {bare("mi355x", fleet.SpecsOnly, 6000), bare("mi325x", fleet.SpecsOnly, 8000), bare("b200", fleet.Calibrated, 14000)},
		NextCost: {bare("mi355x", fleet.SpecsOnly, 6000), bare("mi325x", fleet.SpecsOnly, 8000), bare("b200", fleet.Calibrated, 18001)},
	} {
		if got := Propose(&fleet.Answer{Options: options}, "95", 500); len(got) < 2 || got[1].Aim != want || want == Backed && got[1].Option != &options[2] {
			t.Errorf("%+v, want %s", got, want)
		}
	}
	if got := Propose(&fleet.Answer{}, "95", 500); got != nil {
		t.Errorf("nothing viable proposes %+v", got)
	}
}

func TestScenarios(t *testing.T) {
	r := requirement(t)
	r.GPUs = []fleet.Choice{{GPU: gpu(t, r, "h100-sxm")}, {GPU: gpu(t, r, "l40s")}}
	var reqs []fleet.Requirement
	for _, sc := range Scenarios {
		q := r
		q.Workload.Input, q.Workload.Output = sc.Input, sc.Output
		q.Targets.TTFT = 5
		reqs = append(reqs, q)
	}
	var est fleet.Estimator
	s := NewScenarios(&est, reqs, gpu(t, r, "h100-sxm"))
	run(t, s)
	rows := s.Result()
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		if !row.On.Viable || !row.Best.Viable || row.On.Preview || row.Best.Preview {
			t.Errorf("%s: %+v", row.Name, row)
		}
		if row.Best.Priced && row.On.Priced && row.Best.USD > row.On.USD {
			t.Errorf("%s: the best costs more than the H100", row.Name)
		}
		if !(row.AloneTTFT > 0 && row.AloneITL > 0 && row.AloneITL <= row.On.ITL*1.01 && row.AloneTTFT <= row.On.TTFT*1.01) {
			t.Errorf("%s: alone %.4f s and %.5f s, loaded %.4f and %.5f", row.Name, row.AloneTTFT, row.AloneITL, row.On.TTFT, row.On.ITL)
		}
	}
	if !(rows[2].On.OutputTokPerSPerGPU > rows[0].On.OutputTokPerSPerGPU) {
		t.Error("reasoning yields fewer output tokens per GPU than summarization")
	}
}

func TestOptionsAnswerTheirOwnRequirement(t *testing.T) {
	a := requirement(t)
	b := a
	b.GPUs = []fleet.Choice{{GPU: gpu(t, a, "l40s")}}
	c := a
	c.Workload.Input = 10_000_000
	var est fleet.Estimator
	a.GPUs = []fleet.Choice{{GPU: gpu(t, a, "h100-sxm")}, {GPU: gpu(t, a, "l40s")}}
	s := NewOptions(&est, []fleet.Requirement{a, b, c})
	run(t, s)
	list := s.Result()
	if len(list) != 3 || list[0].Option == nil || list[0].Option.Preview || list[1].Option == nil || list[1].Option.GPU.ID != "l40s" {
		t.Fatalf("%+v", list)
	}
	if list[2].Option != nil || !strings.Contains(list[2].Text, "more than") {
		t.Errorf("a prompt beyond the context: %+v", list[2])
	}
}

func TestCurve(t *testing.T) {
	for _, c := range []struct {
		x, y []float64
		at   float64
		want float64
		ok   bool
	}{
		{[]float64{1, 2, 3}, []float64{1, 2, 3}, 2.5, 2.5, true}, // straight data stay straight
		{[]float64{1, 2}, []float64{5, 1}, 1.5, 3, true},
		{[]float64{1, 2, 3}, []float64{4, 4, 4}, 1.7, 4, true},
		{[]float64{1, 2, 3}, []float64{9, 4, 1}, 0.99, 0, false},
		{[]float64{1, 2, 3}, []float64{9, 4, 1}, 3.01, 0, false},
		{[]float64{2}, []float64{7}, 2, 7, true},
		{[]float64{2}, []float64{7}, 2.1, 0, false},
		{nil, nil, 1, 0, false},
		{[]float64{1, 2, 3}, []float64{9, 4, 1}, math.NaN(), 0, false},
	} {
		got, ok := NewCurve(c.x, c.y).At(c.at)
		if ok != c.ok || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("curve through %v, %v at %v = %v, %v; want %v, %v", c.x, c.y, c.at, got, ok, c.want, c.ok)
		}
	}
}
