package serve

import (
	"fmt"
	"math"
	"testing"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// splitSetup is p prefill and d decode instances of the plain setup without a
// front end, so that nothing but steps takes time.
func splitSetup(t testing.TB, p, d int) (*Split, *step.Cost) {
	s := newSetup()
	s.engine.Scheduler.TokenBudget = 8192
	f := s.profile()
	f.TokenCost, f.RequestCost, f.FirstTokenDelay = 0, 0, 0
	c := s.cost(t)
	return &Split{Prefill: c, Decode: c, P: p, D: d}, c
}

// A lone request decodes in steps that hold nothing else, whatever the prompts do.
func TestSplitAtLightLoad(t *testing.T) {
	var sim SplitSim
	u, c := splitSetup(t, 1, 2)
	l := Load{Input: 4000, Output: 401, Rate: 0.001, Requests: 200}
	prompt := c.Seconds(step.Batch{PrefillTokens: 4000, PrefillFLOP: c.PrefillAttention(0, 4000)})
	token := c.Seconds(step.Batch{Decoding: 1, Context: 4000 + 401.0/2})
	for name, r := range map[string]Result{"simulated": sim.Run(u, l), "closed form": u.Open(l)} {
		if !near(r.TTFT.Mean, prompt, 1e-3) || !near(r.ITL.Mean, token, 1e-3) || !near(r.E2E.Mean, prompt+400*token, 1e-3) {
			t.Errorf("%s: TTFT %g ITL %g E2E %g, want %g %g %g", name, r.TTFT.Mean, r.ITL.Mean, r.E2E.Mean, prompt, token, prompt+400*token)
		}
	}
	// The transfer delays the second token, not the first.
	still := sim.Run(u, l)
	u.LinkBytesPerS, u.LinkDelay = 1e9, 0.01
	move := 0.01 + c.CacheBytes(4000)/1e9
	moved := sim.Run(u, l)
	if !near(moved.E2E.Mean-still.E2E.Mean, move, 1e-6) || moved.TTFT != still.TTFT || !near(moved.ITL.Mean-still.ITL.Mean, move/400, 1e-6) {
		t.Errorf("a transfer of %g s: E2E %g after %g, ITL %g after %g", move, moved.E2E.Mean, still.E2E.Mean, moved.ITL.Mean, still.ITL.Mean)
	}
}

// Prompts and decoding do not meet: TTFT does not depend on the answers, nor
// ITL on the prompts, as long as either side keeps up.
func TestSplitKeepsPromptsAndDecodingApart(t *testing.T) {
	var sim SplitSim
	u, c := splitSetup(t, 2, 2)
	short := sim.Run(u, Load{Input: 4000, Output: 50, Rate: 6})
	long := sim.Run(u, Load{Input: 4000, Output: 500, Rate: 6})
	if short.TTFT.Mean != long.TTFT.Mean && !near(short.TTFT.Mean, long.TTFT.Mean, 0.03) {
		t.Errorf("TTFT %g with short answers, %g with long ones", short.TTFT.Mean, long.TTFT.Mean)
	}
	// A step of decoders never holds a prompt: even the 99th percentile is close
	// to the step time at the mean number of decoders.
	running := sim.decodes.sums.decoded / sim.decodes.sums.steps
	token := c.Seconds(step.Batch{Decoding: running, Context: running * 4250})
	if !near(long.ITL.Mean, token, 0.05) || long.ITL.P99 > 1.25*long.ITL.Mean {
		t.Errorf("ITL %g, p99 %g, want %g", long.ITL.Mean, long.ITL.P99, token)
	}
	var one Sim
	mixed := one.Run(c, Load{Input: 4000, Output: 500, Rate: 3})
	if long.ITL.Mean >= mixed.ITL.Mean {
		t.Errorf("ITL %g apart, %g together", long.ITL.Mean, mixed.ITL.Mean)
	}
}

// With prompts that cost nothing the decoders hold as much as a whole replica
// does, and the prefill instances are idle weight.
func TestSplitWithNegligiblePrompts(t *testing.T) {
	var sim SplitSim
	var one Sim
	for _, d := range []int{1, 3, 7} {
		u, c := splitSetup(t, 1, d)
		l := Load{Input: 1, Output: 800}
		whole := Capacity(c, l)
		if got, want := u.Capacity(l)/float64(1+d), whole*float64(d)/float64(1+d); !near(got, want, 0.01) {
			t.Errorf("1:%d: %g req/s per GPU by the closed form, want %g", d, got, want)
		}
		if got, want := sim.Capacity(u, l)/float64(1+d), one.Capacity(c, l)*float64(d)/float64(1+d); !near(got, want, 0.02) {
			t.Errorf("1:%d: %g req/s per GPU, want %g", d, got, want)
		}
	}
}

// The best ratio of instances is that of their times per request.
func TestSplitRatesMatch(t *testing.T) {
	var sim SplitSim
	for _, shape := range [][2]int{{8000, 200}, {2000, 200}, {1000, 600}} {
		l := Load{Input: shape[0], Output: shape[1]}
		at := func(p, d int) float64 {
			u, _ := splitSetup(t, p, d)
			return u.Capacity(l)
		}
		u, c := splitSetup(t, 1, 1)
		perPrompt := Capacity(c, u.prompts(l, 1))
		perDecoder := Capacity(c, u.decodes(l, 1))
		bound := perPrompt * perDecoder / (perPrompt + perDecoder) // per GPU, at the matching ratio
		best, ratio := 0.0, 0.0
		for p := 1; p <= 8; p++ {
			for d := 1; d <= 8; d++ {
				x := at(p, d) / float64(p+d)
				if want := min(float64(p)*perPrompt, float64(d)*perDecoder) / float64(p+d); !near(x, want, 1e-9) {
					t.Errorf("%d:%d: %g per GPU, want %g", p, d, x, want)
				}
				if x > best {
					best, ratio = x, float64(p)/float64(d)
				}
			}
		}
		want := perDecoder / perPrompt // stage times: 1/perPrompt and 1/perDecoder
		if best > bound*(1+1e-9) || best < 0.93*bound || math.Abs(math.Log(ratio/want)) > math.Log(1.3) {
			t.Errorf("%v: best %g per GPU at ratio %g, want %g at %g", shape, best, ratio, bound, want)
		}
		_ = sim
	}
}

// Little's law over both sides and the link; the closed form near the simulation.
func TestSplitNearSimulation(t *testing.T) {
	var sim SplitSim
	var ttft, itl, e2e, full deviation
	for _, shape := range [][2]int{{5000, 500}, {1000, 1000}, {20000, 200}} {
		for _, ratio := range []float64{1, 0.6} {
			for _, pd := range [][2]int{{1, 1}, {2, 3}} {
				u, _ := splitSetup(t, pd[0], pd[1])
				u.LinkBytesPerS, u.LinkDelay = 40e9, 1e-4
				l := Load{Input: shape[0], Output: shape[1], LengthRatio: ratio}
				top := sim.Capacity(u, l)
				full.add(u.Capacity(l), top)
				for _, rho := range []float64{0.1, 0.3, 0.5} {
					l.Rate, l.Requests = rho*top, 4000
					a, b := u.Open(l), sim.Run(u, l)
					ttft.add(a.TTFT.Mean, b.TTFT.Mean)
					itl.add(a.ITL.Mean, b.ITL.Mean)
					e2e.add(a.E2E.Mean, b.E2E.Mean)
					checkFinite(t, fmt.Sprint(shape, pd, rho), a)
					checkFinite(t, fmt.Sprint(shape, pd, rho), b)
					inside := b.Running + b.Waiting + l.Rate*u.TransferSeconds(l.meanInput())
					if want := l.Rate * b.E2E.Mean; !near(inside, want, 0.03) {
						t.Errorf("%v %v at %g: %g in the system, rate × stay = %g", shape, pd, rho, inside, want)
					}
					if b.Saturated || !near(b.ReqPerS, l.Rate, 0.03) {
						t.Errorf("%v %v at %g: %g req/s of %g, saturated %v", shape, pd, rho, b.ReqPerS, l.Rate, b.Saturated)
					}
				}
			}
		}
	}
	for name, d := range map[string]deviation{"TTFT": ttft, "ITL": itl, "E2E": e2e, "capacity": full} {
		t.Logf("%s mean %.3f worst %.3f of %d", name, d.sum/float64(d.n), d.worst, d.n)
		if d.sum/float64(d.n) > 0.04 || d.worst > 0.15 {
			t.Errorf("%s: mean difference %.3f, worst %.3f", name, d.sum/float64(d.n), d.worst)
		}
	}
}

func TestSplitInFlightAndInversion(t *testing.T) {
	var sim SplitSim
	u, _ := splitSetup(t, 1, 2)
	u.LinkBytesPerS = 40e9
	l := Load{Input: 3000, Output: 400}
	for _, n := range []int{1, 20, 100, 5000} {
		l.Concurrency = n
		for name, r := range map[string]Result{"simulated": sim.Run(u, l), "closed form": u.Closed(l)} {
			if got := r.ReqPerS * r.E2E.Mean; !near(got, float64(n), 0.03) {
				t.Errorf("%d in flight, %s: rate × stay = %g", n, name, got)
			}
		}
	}
	l.Concurrency = 0
	targets := catalog.Targets{TTFT: 0.6, ITL: 0.012, Percentile: "95"}
	rate, limit := u.MaxRate(l, targets)
	l.Rate = rate
	if r := u.Open(l); rate <= 0 || r.TTFT.P95 > 0.6 || r.ITL.P95 > 0.012 || limit == "" {
		t.Errorf("rate %g (%s): TTFT %g ITL %g miss the targets", rate, limit, r.TTFT.P95, r.ITL.P95)
	}
	l.Rate = 1.03 * rate
	if r := u.Open(l); r.TTFT.P95 <= 0.6 && r.ITL.P95 <= 0.012 && limit != LimitCompute && limit != LimitKV && limit != LimitBandwidth && limit != LimitMaxSequences {
		t.Errorf("3 %% more than %g still meets the targets", rate)
	}
	if rate, limit := u.MaxRate(l, catalog.Targets{TTFT: 1e-6, Percentile: "mean"}); rate != 0 || limit != LimitTTFT {
		t.Errorf("an impossible target: %g req/s, %s", rate, limit)
	}
	// One token: nothing is decoded.
	l = Load{Input: 3000, Output: 1, Rate: 2}
	if r := sim.Run(u, l); r.ITL.Mean != 0 || !near(r.ReqPerS, 2, 0.05) {
		t.Errorf("one token: ITL %g at %g req/s", r.ITL.Mean, r.ReqPerS)
	}
	if err := u.Fits(Load{Input: 30_000_000, Output: 1}); err == nil {
		t.Error("30 million tokens fit")
	}
}
