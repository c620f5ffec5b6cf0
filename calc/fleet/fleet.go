// Package fleet turns demand and targets into replicas, GPUs, nodes, money
// and power.
//
// One replica is a model on TP × PP GPUs, or, disaggregated, a number of such
// groups that compute prompts and a number that decode (see Split). For every accelerator the package
// tries the layouts that make sense, asks the simulation of package serve how
// many requests a second one replica holds with every target met, and counts
// replicas:
//
//	safe rate       = min(rate inside the targets, safe share · capacity)
//	replicas needed = ⌈ demand ÷ (utilization · safe rate) ⌉
//	replicas        = needed + spares
//	GPUs            = replicas · GPUs of a replica (TP · PP)
//
// The safe share is at most 0.85 and smaller where few requests fit at once,
// because a p95 close to saturation is not a number but a range: see SafeShare.
//
// Disaggregated replicas (Requirement.Split) are P prefill and D decode
// instances whose sizes and numbers are searched for the fewest GPUs: either
// kind has the rate that it holds inside its own target, and the smaller of
// P times the one and D times the other counts. Expert and attention data
// parallelism (EP, DP) are fixed, not searched, and apply to the groups that
// they divide. Neither these nor speculative decoding have measured rows behind
// them: their answers are never better than estimated.
//
// Several workloads may share replicas (Requirement.Classes): the rate inside
// the targets is then the highest in all at which no class misses its own, with
// arrivals of a class drawn by its share. Whether sharing pays depends: one pool
// has one set of spares and rounds up once, but the strictest target holds for
// every replica. Package negotiate compares it with pools apart.
//
// Preview answers from the closed form at once; an Estimator's Plan replaces
// it accelerator by accelerator with simulated figures. Nothing is ever left
// out: every accelerator of the catalog is an Option or an Exclusion with its
// reason.
package fleet

import (
	"fleetsize/calc/money"
	"fleetsize/calc/rag"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Workload is the shape of one request.
type Workload struct {
	Input, Output int     // nominal tokens, ≥ 1
	LengthRatio   float64 // each length is uniform on [ratio, 1] × nominal; 1 = exact
	CachedShare   float64 // share of the prompt found in the prefix cache, [0, 1)
}

// Posture is how much margin to plan with.
type Posture struct {
	Utilization   float64 // (0, 1]: peak load over what the replicas hold
	SpareReplicas int
	SpareNodes    int
	Growth        float64 // share a year
	Years         int     // years of growth provided for
}

// Choice restricts the accelerators considered; TP 0 = search.
type Choice struct {
	GPU *catalog.GPU
	TP  int
}

// Requirement is everything an answer depends on.
type Requirement struct {
	Catalog   *catalog.Catalog
	Model     *catalog.Model
	Engine    *catalog.Engine
	Scheduler *catalog.Scheduler // overrides the engine's; nil = the engine's own
	Profile   *catalog.Profile   // one of the engine's profiles to compute with; nil = the one that matches the accelerator
	Version   string             // engine version, "" = unknown
	Weights   catalog.Precision  // "" = the model's native precision; AnyPrecision = search
	KV        catalog.Precision  // "" = the engine's recipe
	TP, PP    int                // 0 = search
	// EP and DP fix expert and attention data parallelism inside the group; 0 = none.
	EP, DP      int
	Split       Split            // prompts and decoding on GPUs of their own
	Speculation step.Speculation // speculative decoding
	Workload    Workload
	Classes     []Class // several workloads on the same replicas, see Shared; nil = Workload alone
	Demand      Demand
	Targets     catalog.Targets
	Posture     Posture
	Money       money.Terms   // how accelerators are paid for; zero = the catalog's rent
	Router      serve.Router  // how requests are spread over replicas; "" = at random
	Calls       int           // model calls of a task that the demand was stated in; 0 = 1
	Turns       int           // turns of a conversation that Workload is the mean of; 0 = 1
	Prompt      rag.Prompt    // what Workload.Input consists of, where that was stated
	Pipeline    *rag.Pipeline // what runs before the model; nil = nothing
	GPUs        []Choice      // nil = every shipping data-center and cloud accelerator
}

// AnyPrecision asks for a search over weight precisions.
const AnyPrecision catalog.Precision = "any"

// MaxGPUs is the fleet size above which an answer counts as impractical.
const MaxGPUs = 1000

// considered reports whether g is part of the answer, and with which fixed TP.
func (r *Requirement) considered(g *catalog.GPU) (tp int, ok bool) {
	if r.GPUs == nil {
		return r.TP, g.Custom || (g.Class == "datacenter" || g.Class == "cloud") && g.Status == "shipping"
	}
	for _, c := range r.GPUs {
		if c.GPU.ID == g.ID {
			if c.TP > 0 {
				return c.TP, true
			}
			return r.TP, true
		}
	}
	return 0, false
}

// sizedReqPerS is the peak demand with growth, req/s.
func (r *Requirement) sizedReqPerS() float64 {
	return grown(r.Demand.PeakReqPerS(), r.Posture.Growth, r.Posture.Years)
}

// sizedInFlight is the demand in requests in flight with growth.
func (r *Requirement) sizedInFlight() float64 {
	return grown(r.Demand.InFlight, r.Posture.Growth, r.Posture.Years)
}
