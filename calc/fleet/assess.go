package fleet

import (
	"fmt"
	"math"

	"fleetsize/calc/serve"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// doubt is the expected mean error of a prediction as a share, TTFT and ITL
// apart. Throughput follows ITL.
type doubt struct{ ttft, itl float64 }

// What held-out fits showed when a whole GPU, a whole model family or the
// engine itself was left out (mean absolute errors on public serving
// benchmarks). Data-sheet-only accelerators were never tested: the figures are
// twice those of a left-out GPU.
var (
	doubtCarried = doubt{0.38, 0.20}
	doubtSpecs   = doubt{0.60, 0.35}
)

// halfWidth turns a mean absolute error into the factor between the median
// and the 90th percentile of a log-normal error: σ = 1.25 · error, z = 1.28.
func halfWidth(meanError float64) float64 { return math.Exp(1.28 * 1.25 * meanError) }

// tier decides what stands behind numbers for g under profile p: measured rows
// on this architecture, a fit carried over to it with a known left-out error,
// or nothing measured at all.
func tier(p *catalog.Profile, g *catalog.GPU) (Confidence, doubt) {
	switch {
	case g.Custom || g.Confidence == "low":
		return SpecsOnly, doubtSpecs
	case p.Rows > 0:
		return Calibrated, doubt{p.TTFTError, p.ITLError}
	case g.Vendor != "NVIDIA": // no measured row of any engine
		return SpecsOnly, doubtSpecs
	case p.TTFTError > 0:
		return Estimated, doubt{math.Max(p.TTFTError, doubtCarried.ttft), math.Max(p.ITLError, doubtCarried.itl)}
	}
	return Estimated, doubtCarried
}

// Uncertainty is the tier of predictions for g under profile p, and the
// factors between the predicted value and the ends of its 10–90 % range, for
// TTFT and for time per token and throughput.
func Uncertainty(p *catalog.Profile, g *catalog.GPU) (t Confidence, ttft, rate float64) {
	t, d := tier(p, g)
	return t, halfWidth(d.ttft), halfWidth(d.itl)
}

// assess adds tier, ranges and warnings to an option.
func (o *Option) assess(r *Requirement, p *replica, c candidate) {
	var d doubt
	o.Tier, d = tier(o.Profile, o.GPU)
	rate := halfWidth(d.itl)
	o.RateRange = Range{o.ReqPerSPerGPU / rate, o.ReqPerSPerGPU * rate}
	ttft, itl := quantile(o.At.TTFT, r.Targets.Percentile), quantile(o.At.ITL, r.Targets.Percentile)
	o.TTFTRange = Range{ttft / halfWidth(d.ttft), ttft * halfWidth(d.ttft)}
	o.ITLRange = Range{itl / rate, itl * rate}
	needed := func(factor float64) float64 {
		load := o.DemandReqPerS / (r.Posture.Utilization * o.ReplicaRate * factor)
		if r.Demand.Kind == InFlight {
			load = r.sizedInFlight() / (r.Posture.Utilization * float64(c.inFlight) * factor)
		}
		return (math.Max(1, math.Ceil(load-1e-9)) + float64(r.Posture.SpareReplicas)) * float64(o.Layout.GPUs())
	}
	o.GPURange = Range{needed(rate), needed(1 / rate)}

	warn := func(code, format string, args ...any) {
		o.Warnings = append(o.Warnings, Warning{code, fmt.Sprintf(format, args...)})
	}
	if o.Layout.PP > 1 {
		warn("pipeline", "Pipeline parallel over %d stages follows from physics alone: no measured row uses it.", o.Layout.PP)
	}
	if o.Layout.TP > 1 && o.Layout.TP > max(1, o.GPU.LinkDomain) {
		warn("pcie", "Tensor parallel over %d GPUs leaves the fast link (%d GPUs) and runs over PCIe.", o.Layout.TP, max(1, o.GPU.LinkDomain))
	}
	if _, native, _ := o.GPU.Compute(o.Weights.Main()); !native {
		warn("weight_only", "%s has no %s arithmetic: weights are stored in it and computed in 16 bit.", o.GPU.Short, o.Weights.Main().Label())
	}
	if o.GPU.UsableEstimated {
		warn("usable_memory", "No published figure for the memory %s leaves to programs: taken from its siblings.", o.GPU.Short)
	}
	if longest := r.Workload.Input + r.Workload.Output; longest > measuredTokens {
		warn("extrapolated", "Outside the measured range: the longest measured request is %s tokens, this one is %s.",
			units.Count(measuredTokens), units.Count(float64(longest)))
	}
	if o.Memory.Slots > 0 && o.Memory.Slots < 8 {
		warn("few_slots", "Only %d requests fit at once, so one more or less in flight changes the wait a lot.", o.Memory.Slots)
	}
	if o.At.Preemptions > 0.01 {
		warn("preemption", "About %s of requests are evicted and recomputed at the planned peak.", units.Percent(o.At.Preemptions))
	}
	if o.Profile.Rows == 0 && o.Profile.TTFTError == 0 {
		warn("assumed", "No measurements of %s on this kind of accelerator stand behind these figures: its scheduling is modeled, its efficiencies are assumed.", r.Engine.Name)
	}
}

// measuredTokens is the longest prompt + answer among the measured rows the
// shipped profiles were fitted on (20,000 in, 2,000 out).
const measuredTokens = 22000

// binds names a limit in words.
func binds(l serve.Limit) string {
	switch l {
	case serve.LimitTTFT:
		return "TTFT target"
	case serve.LimitITL:
		return "time per token target"
	case serve.LimitE2E:
		return "end-to-end target"
	case serve.LimitCompute:
		return "prefill compute"
	case serve.LimitBandwidth:
		return "memory bandwidth"
	case serve.LimitKV:
		return "KV-cache memory"
	case serve.LimitMaxSequences:
		return "maximum sequences"
	case serve.LimitFrontEnd:
		return "serving front end"
	default:
		return "load"
	}
}

// FirstLimit is the binding limit in words, e.g. "prefill compute".
func (o *Option) FirstLimit() string { return binds(o.Binding) }
