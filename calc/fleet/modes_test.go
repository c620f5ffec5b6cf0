package fleet

import (
	"math"
	"testing"

	"fleetsize/calc/step"
)

// Disaggregated answers keep every promise that whole ones keep.
func TestSplitAnswers(t *testing.T) {
	var e Estimator
	r := worked(t)
	r.Split = Split{Auto: true}
	a := e.Size(only(t, r, "h100-sxm-80gb", "l40s-48gb", "b200-180gb"))
	checkAnswer(t, only(t, r, "h100-sxm-80gb", "l40s-48gb", "b200-180gb"), a)
	if len(a.Options) < 2 {
		t.Fatalf("%d options, want at least 2; excluded %+v", len(a.Options), a.Excluded[:3])
	}
	for i := range a.Options {
		o := &a.Options[i]
		l := o.Layout
		if !l.Split() || l.Prefill > widestSplit || l.Decode > widestSplit {
			t.Errorf("%s: layout %s is not a split of at most 8 and 8", o.GPU.ID, l)
		}
		if o.GPUs != o.Replicas*l.GPUs() {
			t.Errorf("%s: %d GPUs for %d × %s", o.GPU.ID, o.GPUs, o.Replicas, l)
		}
		m := o.Memory
		if want := o.GPU.UsableBytes * float64(l.GPUs()); math.Abs(m.Capacity-want) > 1e-6*want {
			t.Errorf("%s: memory of %g bytes, want %g", o.GPU.ID, m.Capacity, want)
		}
	}
	// A stated ratio is kept.
	r.Split = Split{Prefill: 1, Decode: 3}
	a = e.Preview(only(t, r, "h100-sxm-80gb"))
	if len(a.Options) != 1 || a.Options[0].Layout.Prefill != 1 || a.Options[0].Layout.Decode != 3 {
		t.Errorf("1:3 asked for, got %+v", a.Options)
	}
}

// The search finds the fewest GPUs of all numbers of instances, by trying them all.
func TestSplitSearch(t *testing.T) {
	var e Estimator
	r := worked(t)
	r.Posture.SpareReplicas = 0
	r.TP = 1
	r = only(t, r, "h100-sxm-80gb")
	for _, rps := range []float64{3, 10, 40} {
		r.Demand.ReqPerS = rps
		r.Split = Split{Auto: true}
		auto := e.Preview(r)
		if len(auto.Options) != 1 {
			t.Fatalf("%g req/s: %+v", rps, auto.Excluded[:1])
		}
		fewest := 1 << 30
		for p := 1; p <= widestSplit; p++ {
			for d := 1; d <= widestSplit; d++ {
				r.Split = Split{Prefill: p, Decode: d}
				if a := e.Preview(r); len(a.Options) == 1 {
					fewest = min(fewest, a.Options[0].GPUs)
				}
			}
		}
		if got := auto.Options[0].GPUs; got > fewest {
			t.Errorf("%g req/s: %d GPUs as %s, want %d", rps, got, auto.Options[0].Layout, fewest)
		}
	}
}

// Speculation changes decoding and nothing else: with the gain of a free draft
// and an ITL target in the way, fewer GPUs do.
func TestSpeculationSizes(t *testing.T) {
	var e Estimator
	r := only(t, worked(t), "h100-sxm-80gb")
	r.TP = 1
	plain := e.Size(r).Options[0]
	r.Speculation = step.Speculation{Draft: 3, Gain: 2.5}
	fast := e.Size(r).Options[0]
	if !(fast.At.ITL.Mean < plain.At.ITL.Mean) {
		t.Errorf("ITL %g with speculation, %g without", fast.At.ITL.Mean, plain.At.ITL.Mean)
	}
	r.Speculation.Gain = 1
	slow := e.Size(r).Options[0]
	if !(slow.At.ITL.Mean > plain.At.ITL.Mean) || slow.GPUs < plain.GPUs {
		t.Errorf("drafts that are never right: ITL %g and %d GPUs, %g and %d without", slow.At.ITL.Mean, slow.GPUs, plain.At.ITL.Mean, plain.GPUs)
	}
	// The same requirement without is not mixed up with it.
	r.Speculation = step.Speculation{}
	if again := e.Size(r).Options[0]; again.At != plain.At {
		t.Error("the plain answer changed after one with speculation")
	}
}

// Attention data parallelism of an MLA model holds several times the requests.
func TestAttentionDataParallelHoldsMore(t *testing.T) {
	var e Estimator
	r := worked(t)
	m, ok := r.Catalog.Model("deepseek-v3")
	if !ok {
		t.Fatal("DeepSeek-V3 is missing")
	}
	r.Model, r.TP = m, 8
	r.Targets.TTFT, r.Targets.ITL = 10, 0.2
	r = only(t, r, "b200-180gb")
	plain := e.Preview(r)
	r.EP, r.DP = 8, 8
	apart := e.Preview(r)
	if len(plain.Options) != 1 || len(apart.Options) != 1 {
		t.Fatalf("%d and %d options", len(plain.Options), len(apart.Options))
	}
	a, b := plain.Options[0], apart.Options[0]
	if b.Layout != (Layout{TP: 8, PP: 1, EP: 8, DP: 8}) {
		t.Errorf("layout %s", b.Layout)
	}
	// One copy of the cache instead of eight, less memory for more weights.
	kv := func(o Option) float64 { return o.Memory.KVUsed + o.Memory.KVFree }
	tokens := func(o Option) float64 { return kv(o) / o.Memory.KVPerRequest }
	if got := tokens(b) / tokens(a); got < 4 || got > 8 {
		t.Errorf("%.2f times the requests fit, want 4 to 8", got)
	}
	if b.Memory.Weights <= a.Memory.Weights {
		t.Error("copies of attention weights take no memory")
	}
}

// The load curve of a disaggregated replica holds as many requests as asked for.
func TestSplitLoadCurve(t *testing.T) {
	var e Estimator
	r := only(t, worked(t), "h100-sxm-80gb")
	r.Split = Split{Prefill: 1, Decode: 2}
	a := e.Preview(r)
	if len(a.Options) != 1 {
		t.Fatalf("%+v", a.Excluded[:1])
	}
	points := e.LoadCurve(r, &a.Options[0])
	if len(points) < 6 {
		t.Fatalf("%d points", len(points))
	}
	for i, p := range points {
		if got := p.At.ReqPerS * p.At.E2E.Mean; math.Abs(got/float64(p.InFlight)-1) > 0.03 {
			t.Errorf("%d in flight: rate × stay = %g", p.InFlight, got)
		}
		if i > 0 && p.At.ReqPerS < 0.98*points[i-1].At.ReqPerS {
			t.Errorf("%d in flight: %g req/s, less than with %d", p.InFlight, p.At.ReqPerS, points[i-1].InFlight)
		}
	}
}

func TestParseSplit(t *testing.T) {
	for text, want := range map[string]Split{"": {}, "auto": {Auto: true}, "1:1": {Prefill: 1, Decode: 1}, "12:3": {Prefill: 12, Decode: 3}} {
		if got, err := ParseSplit(text); err != nil || got != want || got.On() != (text != "") {
			t.Errorf("ParseSplit(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"1", "0:1", "1:0", "-1:2", "a:b", "1:2:3", "1.5:2", ":", "Auto"} {
		if got, err := ParseSplit(text); err == nil {
			t.Errorf("ParseSplit(%q) = %+v, want an error", text, got)
		}
	}
}

func BenchmarkSplitPreview(b *testing.B) {
	r := worked(b)
	r.Split = Split{Auto: true}
	for b.Loop() {
		var e Estimator
		e.Preview(r)
	}
}
