package fleet

import (
	"math"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Half-widths (ln of a factor, 10–90 %) for profiles without bands of their
// own: what held-out fits showed when a whole GPU, a whole model family or the
// engine itself was left out. Accelerators nobody measured were never tested:
// theirs are wider by half.
var (
	carriedBands = catalog.Bands{TTFT: 0.45, TTFTSaturated: 0.6, ITL: 0.32, Rate: 0.32}
	specsBands   = catalog.Bands{TTFT: 0.7, TTFTSaturated: 0.9, ITL: 0.5, Rate: 0.5}
)

// Bands is the tier of predictions for g under profile p, and how far
// measurements may lie from them: measured rows on this architecture, a fit
// carried over to it, or nothing measured on anything like it.
func Bands(p *catalog.Profile, g *catalog.GPU) (Confidence, catalog.Bands) {
	measured := p.Rows > 0
	switch {
	case g.Custom || g.Confidence == "low" || g.Vendor != "NVIDIA" && !measured:
		return SpecsOnly, specsBands
	case measured && p.Bands.Known():
		return Calibrated, p.Bands
	case measured: // only mean held-out errors: a log-normal error of mean e has its 90th percentile at 1.6·e
		return Calibrated, catalog.Bands{TTFT: 1.6 * p.TTFTError, TTFTSaturated: 2 * p.TTFTError, ITL: 1.6 * p.ITLError, Rate: 1.6 * p.ITLError}
	case p.Bands.Known():
		return Estimated, p.Bands
	}
	return Estimated, carriedBands
}

// Unseen names attention of m that no row behind p has; "" = none.
func Unseen(p *catalog.Profile, m *catalog.Model) string {
	if p.Seen.Unusual {
		return ""
	}
	return m.Attention.Unusual()
}

// ModeBands is Bands for a layout, a draft and attention that no row has, see
// Unseen. Where no measured row uses them (pipeline stages, prompts and decoding
// apart, attention replicas, drafts whose gain is stated), the law is carried
// over: at least the half-widths of a fit that is. Kimi K2 Thinking on 8 × H200
// with vLLM, for one, passed 1.25 req/s of 8,000 in and 390 out; the law has 1.9
// (vllm-project/recipes, models/moonshotai/Kimi-K2-Thinking.yaml).
func ModeBands(p *catalog.Profile, g *catalog.GPU, l Layout, s step.Speculation, unseen string) (Confidence, catalog.Bands) {
	tier, b := Bands(p, g)
	if !l.Split() && l.DP < 2 && l.PP < 2 && !s.On() && unseen == "" {
		return tier, b
	}
	if tier == Calibrated {
		tier = Estimated
	}
	return tier, catalog.Bands{
		TTFT: max(b.TTFT, carriedBands.TTFT), TTFTSaturated: max(b.TTFTSaturated, carriedBands.TTFTSaturated),
		ITL: max(b.ITL, carriedBands.ITL), Rate: max(b.Rate, carriedBands.Rate),
	}
}

// Bands is the option's tier before measured rows are looked at, and its bands.
func (o *Option) Bands() (Confidence, catalog.Bands) {
	return ModeBands(o.Profile, o.GPU, o.Layout, o.Speculation, o.Unseen)
}

// TTFTBand is the half-width that goes with a result: where requests wait for
// memory, a sequence or the front end, TTFT is far less certain.
func TTFTBand(b catalog.Bands, at serve.Result) float64 {
	switch at.Binding {
	case serve.LimitKV, serve.LimitMaxSequences, serve.LimitFrontEnd:
		return math.Max(b.TTFT, b.TTFTSaturated)
	}
	return b.TTFT
}

// assess adds tier, ranges and warnings to an option.
func (o *Option) assess(r *Requirement, p *replica, c candidate) {
	var bands catalog.Bands
	o.Tier, bands = o.Bands()
	around := func(x, half float64) Range {
		lo, hi := catalog.Around(x, half)
		return Range{lo, hi}
	}
	rate := math.Exp(bands.Rate)
	o.RateRange = around(o.ReqPerSPerGPU, bands.Rate)
	ttft, itl := o.At.TTFT.At(r.Targets.Percentile), o.At.ITL.At(r.Targets.Percentile)
	o.TTFTRange, o.ITLRange = around(ttft, TTFTBand(bands, o.At)), around(itl, bands.ITL)
	needed := func(factor float64) float64 {
		load := o.DemandReqPerS / (r.Posture.Utilization * o.ReplicaRate * factor)
		if r.Demand.Kind == InFlight {
			load = r.sizedInFlight() / (r.Posture.Utilization * float64(c.inFlight) * factor)
		}
		return (math.Max(1, math.Ceil(load-1e-9)) + float64(r.Posture.SpareReplicas)) * float64(o.Layout.GPUs())
	}
	o.GPURange = Range{needed(rate), needed(1 / rate)}

	o.Warnings = append(o.Warnings, doubts(o.Profile, r.Engine, r.Model, o.GPU, o.Weights, o.Layout, r.Speculation, r.EP, r.Workload, o.Tier, o.Memory.Slots, o.At)...)
}

// binds names a limit in words.
func binds(l serve.Limit) string {
	switch l {
	case serve.LimitTTFT:
		return "TTFT target"
	case serve.LimitITL:
		return "time per token target"
	case serve.LimitE2E:
		return "end-to-end target"
	}
	return l.Words()
}

// FirstLimit is the binding limit in words, e.g. "prefill compute".
func (o *Option) FirstLimit() string { return binds(o.Binding) }
