package serve

import (
	"fmt"
	"math"
	"testing"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// systems is a spread of engines and models for the closed form.
func systems(t testing.TB) map[string]*step.Cost {
	nim := newSetup()
	big := nimSetup("llama-3-3-70b")
	big.profile().TokenCost = 20e-6
	vllm := newSetup()
	vllm.engine.Scheduler = catalog.Scheduler{Policy: catalog.Mixed, TokenBudget: 8192, MaxSequences: 1024, Reserve: catalog.ReserveGrow, AdmitShare: 0.5}
	*vllm.profile() = catalog.Profile{ComputeEff: 0.6, BandwidthEff: 0.8, LayerOverhead: 49e-6, SequenceCost: 14e-6, FirstTokenDelay: 24e-3}
	first := newSetup()
	first.engine.Scheduler.Policy = catalog.PrefillFirst
	first.engine.Scheduler.TokenBudget = 8192
	first.profile().TokenCost = 0
	moe := newSetup()
	moe.experts(16, 2)
	moe.profile().TokenCost, moe.profile().RequestCost = 0, 0
	return map[string]*step.Cost{
		"mixed": nim.cost(t), "small budget": big.cost(t), "growing": vllm.cost(t), "prefill first": first.cost(t), "experts": moe.cost(t),
	}
}

var shapes = [][2]int{{5000, 500}, {1000, 1000}, {200, 200}, {20000, 2000}, {2000, 50}}

// A single request in flight is exact.
func TestClosedFormOfOneRequestIsExact(t *testing.T) {
	var sim Sim
	windows := newSetup()
	windows.windowed(512)
	costs := systems(t)
	costs["windows"] = windows.cost(t)
	for name, c := range costs {
		for _, s := range append(shapes, [2]int{1, 1}, [2]int{100, 1}, [2]int{1, 700}, [2]int{300, 600}) {
			l := Load{Input: s[0], Output: s[1], Concurrency: 1}
			want, got := sim.Run(c, l), Closed(c, l)
			for _, x := range [][2]float64{
				{got.TTFT.Mean, want.TTFT.Mean}, {got.ITL.Mean, want.ITL.Mean}, {got.E2E.Mean, want.E2E.Mean}, {got.ReqPerS, want.ReqPerS},
			} {
				if !near(x[0], x[1], 1e-9) {
					t.Errorf("%s %d/%d: %.12g, simulated %.12g", name, s[0], s[1], x[0], x[1])
				}
			}
		}
	}
}

// deviation collects signed relative differences.
type deviation struct {
	n          int
	sum, worst float64
}

func (d *deviation) add(got, want float64) {
	e := math.Abs(got/want - 1)
	d.n++
	d.sum += e
	d.worst = math.Max(d.worst, e)
}

// Closed form against simulation up to half of the capacity: the table of
// differences is under test, so that neither drifts away from the other.
func TestOpenFormNearSimulation(t *testing.T) {
	var sim Sim
	limits := []struct {
		name        string
		get         func(*Result) float64
		mean, worst float64
	}{
		{"mean TTFT", func(r *Result) float64 { return r.TTFT.Mean }, 0.03, 0.10},
		{"p95 TTFT", func(r *Result) float64 { return r.TTFT.P95 }, 0.08, 0.30},
		{"mean ITL", func(r *Result) float64 { return r.ITL.Mean }, 0.02, 0.10},
		{"p95 ITL", func(r *Result) float64 { return r.ITL.P95 }, 0.05, 0.22},
		{"mean E2E", func(r *Result) float64 { return r.E2E.Mean }, 0.02, 0.10},
		{"running", func(r *Result) float64 { return r.Running }, 0.02, 0.10},
		{"KV used", func(r *Result) float64 { return r.KVUsedBytes }, 0.02, 0.10},
		{"busy", func(r *Result) float64 { return r.Busy }, 0.01, 0.05},
	}
	got := make([]deviation, len(limits))
	capacity := deviation{}
	cases := 0
	for name, c := range systems(t) {
		for _, s := range shapes {
			for _, ratio := range []float64{1, 0.6} {
				l := Load{Input: s[0], Output: s[1], LengthRatio: ratio}
				slots := Slots(c, l)
				flood := l
				flood.Concurrency, flood.Requests = slots+slots/4+4, max(1500, 4*slots)
				full := sim.Run(c, flood).ReqPerS
				capacity.add(Capacity(c, l), full)
				for _, rho := range []float64{0.001, 0.15, 0.3, 0.5} {
					l.Rate, l.Requests = rho*full, 6000
					a, b := Open(c, l), sim.Run(c, l)
					cases++
					for i, q := range limits {
						x, y := q.get(&a), q.get(&b)
						if y < 1e-9 {
							continue
						}
						got[i].add(x, y)
						if math.Abs(x/y-1) > q.worst {
							t.Errorf("%s %d/%d ratio %g at %g: %s %.5g, simulated %.5g", name, s[0], s[1], ratio, rho, q.name, x, y)
						}
					}
					checkFinite(t, fmt.Sprint(name, l), a)
				}
			}
		}
	}
	if cases < 200 {
		t.Errorf("%d cases, want 200", cases)
	}
	for i, q := range limits {
		mean := got[i].sum / float64(got[i].n)
		t.Logf("%-10s mean %.3f worst %.3f of %d", q.name, mean, got[i].worst, got[i].n)
		if mean > q.mean {
			t.Errorf("%s: mean difference %.3f, limit %.3f", q.name, mean, q.mean)
		}
	}
	t.Logf("capacity mean %.3f worst %.3f", capacity.sum/float64(capacity.n), capacity.worst)
	if capacity.sum/float64(capacity.n) > 0.03 || capacity.worst > 0.12 {
		t.Errorf("capacity: mean difference %.3f, worst %.3f", capacity.sum/float64(capacity.n), capacity.worst)
	}
}

// A closed loop: throughput and time per token agree closely below and above
// saturation, and the first token once requests wait.
func TestClosedFormNearSimulation(t *testing.T) {
	var sim Sim
	var x, itl, queued deviation
	for name, c := range systems(t) {
		for _, s := range shapes {
			for _, n := range []int{1, 3, 10, 40, 150, 600} {
				l := Load{Input: s[0], Output: s[1], Concurrency: n}
				a, b := Closed(c, l), sim.Run(c, l)
				checkFinite(t, fmt.Sprint(name, l), a)
				x.add(a.ReqPerS, b.ReqPerS)
				itl.add(a.ITL.Mean, b.ITL.Mean)
				if n > 2*Slots(c, l) {
					queued.add(a.TTFT.Mean, b.TTFT.Mean)
					if a.Binding != b.Binding {
						t.Errorf("%s %v × %d: bound by %s, simulated %s", name, s, n, a.Binding, b.Binding)
					}
				}
			}
		}
	}
	for _, d := range []struct {
		name        string
		dev         deviation
		mean, worst float64
	}{{"throughput", x, 0.02, 0.12}, {"ITL", itl, 0.03, 0.20}, {"queued TTFT", queued, 0.03, 0.10}} {
		mean := d.dev.sum / float64(d.dev.n)
		t.Logf("%-12s mean %.3f worst %.3f of %d", d.name, mean, d.dev.worst, d.dev.n)
		if mean > d.mean || d.dev.worst > d.worst || d.dev.n < 5 {
			t.Errorf("%s: mean difference %.3f, worst %.3f of %d; limits %.3f, %.3f", d.name, mean, d.dev.worst, d.dev.n, d.mean, d.worst)
		}
	}
}

// The inverse meets the target it was asked for and not much more is possible.
func TestMaxRateInvertsOpen(t *testing.T) {
	for name, c := range systems(t) {
		for _, s := range shapes {
			l := Load{Input: s[0], Output: s[1]}
			full := Capacity(c, l)
			empty := Open(c, Load{Input: s[0], Output: s[1], Rate: 1e-6 * full})
			for _, percentile := range []string{"mean", "50", "90", "95", "99"} {
				for _, targets := range []catalog.Targets{
					{TTFT: 1.3 * empty.TTFT.Mean, Percentile: percentile},
					{ITL: 2 * empty.ITL.Mean, Percentile: percentile},
					{E2E: 1.5 * empty.E2E.Mean, Percentile: percentile},
					{TTFT: 3 * empty.TTFT.Mean, ITL: 1.5 * empty.ITL.Mean, Percentile: percentile},
				} {
					rate, limit := MaxRate(c, l, targets)
					if rate <= 0 || rate > full {
						t.Fatalf("%s %v %+v: rate %g of %g", name, s, targets, rate, full)
					}
					at := func(rate float64) Result {
						l.Rate = rate
						return Open(c, l)
					}
					r := at(rate)
					if g, _ := gapOf(&r, &targets); g > 1e-9 {
						t.Errorf("%s %v %+v: missed at the rate returned: %+v", name, s, targets, r)
					}
					if rate > topShare*full*0.999 {
						continue // capacity stops it
					}
					r = at(rate + 0.01*full)
					if g, _ := gapOf(&r, &targets); g < -0.005 {
						t.Errorf("%s %v %+v: a hundredth of capacity more than %.4f (%s) still meets it (gap %.3f)", name, s, targets, rate/full, limit, g)
					}
				}
			}
			if rate, limit := MaxRate(c, l, catalog.Targets{TTFT: empty.TTFT.Mean / 2, Percentile: "mean"}); rate != 0 || limit != LimitTTFT {
				t.Errorf("%s %v: an impossible TTFT gives %g requests/s, %s", name, s, rate, limit)
			}
			if rate, limit := MaxRate(c, l, catalog.Targets{ITL: empty.ITL.Mean / 2}); rate != 0 || limit != LimitITL {
				t.Errorf("%s %v: an impossible ITL gives %g requests/s, %s", name, s, rate, limit)
			}
			if rate, limit := MaxRate(c, l, catalog.Targets{}); !near(rate, full, 0.02) || limit != CapacityLimit(c, l) {
				t.Errorf("%s %v: without targets %g of %g, %s", name, s, rate, full, limit)
			}
		}
	}
}

func TestMaxInFlightInvertsClosed(t *testing.T) {
	for name, c := range systems(t) {
		for _, s := range shapes {
			l := Load{Input: s[0], Output: s[1], Concurrency: 1}
			one := Closed(c, l)
			targets := catalog.Targets{ITL: 2.5 * one.ITL.Mean, Percentile: "mean"}
			n, rate, limit := MaxInFlight(c, l, targets)
			if n < 1 {
				t.Fatalf("%s %v: %d in flight", name, s, n)
			}
			l.Concurrency = n
			r := Closed(c, l)
			if r.ITL.Mean > targets.ITL || r.ReqPerS != rate {
				t.Errorf("%s %v: %d in flight: ITL %.5f of %.5f, %g requests/s, said %g", name, s, n, r.ITL.Mean, targets.ITL, r.ReqPerS, rate)
			}
			if limit == LimitITL {
				l.Concurrency = n + max(2, n/50)
				if r := Closed(c, l); r.ITL.Mean <= targets.ITL {
					t.Errorf("%s %v: %d in flight still meet the ITL, said %d", name, s, l.Concurrency, n)
				}
			}
			if n, _, limit := MaxInFlight(c, l, catalog.Targets{E2E: one.E2E.Mean / 2}); n != 0 || limit != LimitE2E {
				t.Errorf("%s %v: an impossible E2E gives %d in flight, %s", name, s, n, limit)
			}
		}
	}
}

// An overloaded replica is reported as such, with finite numbers.
func TestOpenFormOverloaded(t *testing.T) {
	for name, c := range systems(t) {
		l := Load{Input: 1000, Output: 300}
		full := Capacity(c, l)
		l.Rate = 3 * full
		r := Open(c, l)
		checkFinite(t, name, r)
		if !r.Saturated || !near(r.ReqPerS, full, 1e-9) || r.Binding == LimitLoad {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
