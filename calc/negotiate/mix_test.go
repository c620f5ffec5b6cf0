package negotiate

import (
	"math"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// chatAndRAG is 5 req/s of chat beside the worked example, on three accelerators.
func chatAndRAG(t testing.TB) (chat, rag fleet.Requirement) {
	chat, rag = requirement(t), requirement(t)
	chat.Workload = fleet.Workload{Input: 1000, Output: 1000, LengthRatio: 1}
	chat.Targets.TTFT = 1
	chat.Demand.ReqPerS = 5
	chat.Catalog, chat.Model, chat.Engine = rag.Catalog, rag.Model, rag.Engine
	rag.GPUs = []fleet.Choice{{GPU: gpu(t, rag, "h100-sxm")}, {GPU: gpu(t, rag, "l40s")}, {GPU: gpu(t, rag, "h200-sxm")}}
	return chat, rag
}

func TestMixAddsUp(t *testing.T) {
	chat, rag := chatAndRAG(t)
	var est fleet.Estimator
	h100 := gpu(t, rag, "h100-sxm")
	s := NewMix(&est, []Part{{"RAG", rag}, {"Chat", chat}}, []Pool{{h100, 16}, {h100, 1}})
	run(t, s)
	m := s.Result()
	if len(m.Fleets) != 3 || m.Fleets[0].Preview {
		t.Fatalf("%+v", m.Fleets)
	}
	for i := range m.Fleets {
		f := &m.Fleets[i]
		gpus, usd := 0, 0.0
		for _, p := range f.Parts {
			gpus += p.GPUs
			usd += p.USD
		}
		if !f.Apart.Viable || gpus != f.Apart.GPUs || math.Abs(usd-f.Apart.USD) > 1e-6 {
			t.Errorf("%s: apart %+v, its parts %d GPUs and $%.0f", f.GPU, f.Apart, gpus, usd)
		}
		if !f.Shared.Viable || f.Shared.GPUs != f.Pool.GPUs || len(f.Classes) != 2 {
			t.Errorf("%s: shared %+v, pool %+v, classes %+v", f.GPU, f.Shared, f.Pool, f.Classes)
		}
		// One pool has one set of spares and rounds up once.
		if f.Shared.GPUs > f.Apart.GPUs+1 {
			t.Errorf("%s: %d GPUs shared, %d apart", f.GPU, f.Shared.GPUs, f.Apart.GPUs)
		}
		for k, r := range []fleet.Requirement{rag, chat} {
			if c := f.Classes[k]; !f.Preview && (c.TTFT > r.Targets.TTFT || c.ITL > r.Targets.ITL || !(c.TTFT > 0) || !(c.E2E > c.TTFT)) {
				t.Errorf("%s: %s has %+v, targets %+v", f.GPU, c.Name, c, r.Targets)
			}
		}
		w, _ := f.Best()
		if i > 0 {
			if before, _ := m.Fleets[i-1].Best(); w.Viable && w.Priced && w.USD < before.USD {
				t.Errorf("%s is cheaper than %s and comes after it", f.GPU, m.Fleets[i-1].GPU)
			}
		}
		t.Logf("%s: shared %d GPUs, apart %d + %d", f.GPU, f.Shared.GPUs, f.Parts[0].GPUs, f.Parts[1].GPUs)
	}
	if own := m.Own[0]; own.Times <= 0 || own.Used > 16 {
		t.Errorf("16 H100: %+v", own)
	} else {
		for _, way := range []struct {
			shared bool
			parts  []Part
		}{{false, []Part{{"RAG", rag}, {"Chat", chat}}}, {true, []Part{{"Together", s.shared}}}} {
			one := s.timesOf(Pool{h100, 16}, way.parts)
			if one.Times > own.Times || way.shared == own.Shared && one.Times != own.Times {
				t.Errorf("shared %t: %.3f times; the better way %.3f, shared %t", way.shared, one.Times, own.Times, own.Shared)
			}
			need := 0
			for _, p := range way.parts {
				r := p.Req
				r.Demand = asRate(r.Demand, one.Times*0.999)
				o, _ := est.On(r, h100, true)
				if o == nil {
					t.Fatal("not viable")
				}
				need += o.GPUs
			}
			if need > 16 {
				t.Errorf("shared %t: 16 H100 hold the mix %.3f times, but sizing that takes %d", way.shared, one.Times, need)
			}
		}
	}
	if own := m.Own[1]; own.Times != 0 || own.Text == "" {
		t.Errorf("one H100: %+v", own)
	}
}

// A workload split into two halves of a mix takes what the whole takes in one
// pool, and a second spare apart.
func TestHalvesOfOneWorkload(t *testing.T) {
	r := requirement(t)
	g := gpu(t, r, "h100-sxm")
	var est fleet.Estimator
	whole, x := est.On(r, g, true)
	if whole == nil {
		t.Fatal(x.Text)
	}
	half := r
	half.Demand.ReqPerS /= 2
	half.GPUs = []fleet.Choice{{GPU: g}}
	s := NewMix(&est, []Part{{"First", half}, {"Second", half}}, nil)
	run(t, s)
	f := s.Result().Fleets[0]
	if f.Shared.GPUs != whole.GPUs || f.Shared.USD != whole.USDPerMonth {
		t.Errorf("shared %+v, the whole %d GPUs and $%.0f", f.Shared, whole.GPUs, whole.USDPerMonth)
	}
	if f.Apart.GPUs <= f.Shared.GPUs {
		t.Errorf("apart %d GPUs with two spares, shared %d with one", f.Apart.GPUs, f.Shared.GPUs)
	}
	if w, shared := f.Best(); !shared || w.GPUs != f.Shared.GPUs {
		t.Errorf("the best way is %+v, shared %t", w, shared)
	}
}

// A class with a target that its neighbors spoil is better off apart, and the
// study says so instead of sharing at any cost.
func TestSharingIsNotAlwaysBest(t *testing.T) {
	chat, rag := chatAndRAG(t)
	chat.Workload = fleet.Workload{Input: 300, Output: 60, LengthRatio: 1}
	chat.Targets = catalog.Targets{TTFT: 0.5, ITL: 0.012, Percentile: "95"}
	chat.Demand.ReqPerS = 1
	rag.Workload.Input = 20000
	rag.Targets.TTFT, rag.Targets.ITL = 10, 0.2
	rag.GPUs = rag.GPUs[:1]
	var est fleet.Estimator
	s := NewMix(&est, []Part{{"RAG", rag}, {"Code", chat}}, nil)
	run(t, s)
	f := s.Result().Fleets[0]
	w, shared := f.Best()
	t.Logf("shared %+v, apart %+v", f.Shared, f.Apart)
	if shared || !w.Viable || f.Shared.Viable && f.Shared.GPUs < f.Apart.GPUs {
		t.Errorf("12 ms per token beside prompts of 20,000 tokens: shared %+v, apart %+v", f.Shared, f.Apart)
	}
}

func TestWhatDoesNotShare(t *testing.T) {
	chat, rag := chatAndRAG(t)
	if _, text := Together([]Part{{"RAG", rag}}); text == "" {
		t.Error("one workload shares")
	}
	other, ok := rag.Catalog.Model("llama-3-3-70b")
	if !ok {
		t.Fatal("no other model")
	}
	chat.Model = other
	if _, text := Together([]Part{{"RAG", rag}, {"Chat", chat}}); !strings.Contains(text, "different models") {
		t.Errorf("two models share: %q", text)
	}
	var est fleet.Estimator
	s := NewMix(&est, []Part{{"RAG", rag}, {"Chat", chat}}, []Pool{{gpu(t, rag, "h100-sxm"), 64}})
	run(t, s)
	m := s.Result()
	if f := m.Fleets[0]; !f.Apart.Viable || f.Shared.Viable || f.Shared.Text == "" {
		t.Errorf("two models: %+v", f)
	}
	if m.Own[0].Shared || !(m.Own[0].Times > 0) {
		t.Errorf("64 H100: %+v", m.Own[0])
	}
}
