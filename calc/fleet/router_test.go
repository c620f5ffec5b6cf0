package fleet

import (
	"testing"

	"fleetsize/calc/serve"
)

// A least-loaded router never needs more replicas than routing at random, and
// what it plans with meets the targets when all of it is simulated together.
func TestLeastLoadedRouter(t *testing.T) {
	r := only(t, worked(t), "l40s", "h100-sxm")
	r.Targets.TTFT = 0.5
	r.Demand.ReqPerS = 20
	var e Estimator
	plain := e.Size(r)
	r.Router = serve.RouteLeast
	routed := e.Size(r)
	fewer := false
	for i := range plain.Options {
		a := &plain.Options[i]
		for j := range routed.Options {
			b := &routed.Options[j]
			if a.GPU != b.GPU {
				continue
			}
			if b.ReplicasNeeded*b.Layout.GPUs() > a.ReplicasNeeded*a.Layout.GPUs() {
				t.Errorf("%s: %d × %v at random, %d × %v least loaded", a.GPU.ID, a.ReplicasNeeded, a.Layout, b.ReplicasNeeded, b.Layout)
			}
			fewer = fewer || b.ReplicaRate > a.ReplicaRate && b.RandomRate == a.ReplicaRate
			checkOption(t, r, b)
			if b.At.TTFT.P95 > r.Targets.TTFT {
				t.Errorf("%s: TTFT %v at the planned peak, target %v", b.GPU.ID, b.At.TTFT.P95, r.Targets.TTFT)
			}
			if b.ReplicaRate < a.ReplicaRate && b.Layout == a.Layout {
				t.Errorf("%s: a replica holds %v least loaded, %v at random", a.GPU.ID, b.ReplicaRate, a.ReplicaRate)
			}
		}
	}
	if len(routed.Options) < len(plain.Options) {
		t.Errorf("%d options at random, %d least loaded", len(plain.Options), len(routed.Options))
	}
	if !fewer {
		t.Error("the router makes no difference on any accelerator")
	}
}

// One replica has nothing to route: the answer is the same.
func TestRouterOfOneReplica(t *testing.T) {
	r := only(t, worked(t), "h100-sxm")
	r.Demand.ReqPerS = 1
	var e Estimator
	a := e.Size(r).Options[0]
	r.Router = serve.RouteLeast
	b := e.Size(r).Options[0]
	if a.GPUs != b.GPUs || a.At != b.At || a.ReplicaRate != b.ReplicaRate {
		t.Errorf("one replica: %+v at random, %+v least loaded", a.At, b.At)
	}
}
