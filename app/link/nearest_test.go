package link

import (
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// A nearest change is a promise: applied to the link it makes that
// accelerator an option.
func TestNearestChangesWork(t *testing.T) {
	if testing.Short() {
		t.Skip("single-threaded and long; the full run has it")
	}
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, pairs := range []string{
		"ttft=20ms",                             // every accelerator is too slow
		"m=llama-3.3-70b&tp=1",                  // does not fit in 16 bit
		"m=deepseek-v3&rps=2",                   // too large for one node of most
		"rps=20k&g=l4,t4,a16-per-gpu",           // impractical
		"eng=nim&q=fp8&g=mi300x,v100-sxm,h100",  // engine and precision
		"users=500k&rph=60&peak=2&g=l4,t4,a10g", // demand stated in other ways
		"users=500k&rph=60&peak=p95&g=l4,t4,a10g",
		"day=900m&calls=4&w=agent&g=h100,a100,h200",
		"itl=2ms&pct=50&m=qwen3-32b",
	} {
		s, _ := Parse(cat, pairs)
		r, _ := s.Requirement(cat)
		var e fleet.Estimator
		a := e.Size(r)
		tried := 0
		for _, x := range a.Excluded {
			if x.Nearest == nil || x.Reason == fleet.ReasonNotConsidered && tried > 4 {
				continue
			}
			if tried++; tried > 12 {
				break
			}
			changed, notes := s.With(cat, x.Nearest.Pairs)
			if len(notes) > 0 {
				t.Errorf("%s, %s: %q: %v", pairs, x.GPU.ID, x.Nearest.Pairs, notes)
			}
			q, _ := changed.Requirement(cat)
			if x.Reason != fleet.ReasonNotConsidered {
				g, _ := q.Catalog.GPU(x.GPU.ID)
				q.GPUs = []fleet.Choice{{GPU: g}}
			}
			if b := e.Size(q); !holds(b.Options, x.GPU.ID) {
				t.Errorf("%s: %s (%s) is still excluded after %q", pairs, x.GPU.ID, x.Text, x.Nearest.Pairs)
			}
		}
		if len(a.Options) == 0 && tried < 3 {
			t.Errorf("%s: nothing serves and only %d changes are offered", pairs, tried)
		}
	}
}

func holds(os []fleet.Option, id string) bool {
	for _, o := range os {
		if o.GPU.ID == id {
			return true
		}
	}
	return false
}
