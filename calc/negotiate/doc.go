// Package negotiate answers the questions that follow the first number: which
// options to put side by side, what moves the answer, how speed per user trades
// against output per GPU, and what hardware at hand or a budget is good for.
//
// Everything is computed by the estimator of package fleet, so that a number
// here is the number there. A study is a value with Step and Progress: one step
// is one accelerator or one changed input, so that a caller can show partial
// results, let others have their turn, and stop at any time. Results hold ids
// instead of pointers and no NaN, so that they can be sent as JSON.
package negotiate

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Study is work in steps.
type Study interface {
	// Step does one more piece and reports whether all is done.
	Step() (done bool)
	// Progress is the share done, 0 to 1.
	Progress() float64
}

// Brief is the answer for one accelerator in a line. Without one, Text says why.
type Brief struct {
	GPU                   string
	Layout                fleet.Layout
	Weights               catalog.Weights
	GPUs, Replicas, Nodes int
	USD                   float64 // a month; meaningful only when Priced
	Priced                bool
	KW                    float64 // meaningful only when Powered
	Powered               bool
	TTFT, ITL, E2E        float64 // seconds at the targets' percentile
	ReqPerSPerGPU         float64
	OutputTokPerSPerGPU   float64 // at the planned rate
	Tier                  fleet.Confidence
	Preview               bool
	Text                  string
	Viable                bool
}

// brief sums an answer up.
func brief(r *fleet.Requirement, g *catalog.GPU, o *fleet.Option, x *fleet.Exclusion) Brief {
	if o == nil {
		b := Brief{GPU: g.ID}
		if x != nil {
			b.Text = x.Text
		}
		return b
	}
	pct := r.Targets.Percentile
	return Brief{
		GPU: g.ID, Layout: o.Layout, Weights: o.Weights, GPUs: o.GPUs, Replicas: o.Replicas, Nodes: o.Nodes,
		USD: o.USDPerMonth, Priced: o.Priced, KW: o.KW, Powered: o.Powered,
		TTFT: finite(o.At.TTFT.At(pct)), ITL: finite(o.At.ITL.At(pct)), E2E: finite(o.At.E2E.At(pct)),
		ReqPerSPerGPU: finite(o.ReqPerSPerGPU), OutputTokPerSPerGPU: finite(o.ReqPerSPerGPU * meanOutput(r.Workload)),
		Tier: o.Tier, Preview: o.Preview, Viable: true,
	}
}

// finite is x, or 0 for what the closed form cannot tell: 0 is unknown in every
// result.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// meanOutput is the mean number of output tokens of a request.
func meanOutput(w fleet.Workload) float64 {
	ratio := w.LengthRatio
	if !(ratio > 0 && ratio < 1) {
		ratio = 1
	}
	return float64(w.Output) * (1 + ratio) / 2
}

// considered lists the accelerators that the requirement asks about.
func considered(r *fleet.Requirement) []*catalog.GPU {
	var list []*catalog.GPU
	if r.GPUs != nil {
		for _, c := range r.GPUs {
			list = append(list, c.GPU)
		}
		return list
	}
	for _, g := range r.Catalog.GPUs {
		if (g.Custom || (g.Class == "datacenter" || g.Class == "cloud") && g.Status == "shipping") && r.Engine.RunsOn(g) {
			list = append(list, g)
		}
	}
	return list
}
