package wire

import (
	"fleetsize/calc/evidence"
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// EstimateDoc is what one replica does under one load.
type EstimateDoc struct {
	SchemaVersion int `json:"schema_version"`

	Model      string        `json:"model"`
	GPU        string        `json:"gpu"`
	Layout     string        `json:"layout"`
	TP         int           `json:"tp"` // of a decode instance where disaggregated
	PP         int           `json:"pp"`
	Weights    string        `json:"q"`
	KV         string        `json:"kv"`
	Engine     string        `json:"eng"`
	Profile    *string       `json:"profile"`
	Tier       string        `json:"tier"`
	Measured   *Measured     `json:"measured"` // the nearest measured row; null = none matches
	Mode       string        `json:"mode"`     // "closed" or "open"
	Input      int           `json:"in"`
	Output     int           `json:"out"`
	InFlight   *float64      `json:"in_flight"`     // closed loop: requests in flight
	Rounds     *float64      `json:"rounds"`        // closed loop: finite run; null = steady state
	Arrivals   *float64      `json:"arrival_req_s"` // open loop: requests that arrive
	TTFT       Quantiles     `json:"ttft_ms"`
	ITL        Quantiles     `json:"itl_ms"`
	E2E        Quantiles     `json:"e2e_ms"`
	OutputTokS *float64      `json:"output_tok_s"`
	TotalTokS  *float64      `json:"total_tok_s"`
	ReqS       *float64      `json:"req_s"`
	ReqSPerGPU *float64      `json:"req_s_per_gpu"`
	GPUs       int           `json:"gpus"`
	Running    *float64      `json:"running"` // time averages
	Waiting    *float64      `json:"waiting"`
	Busy       *float64      `json:"busy"` // share of time a step runs
	Memory     *Memory       `json:"memory_bytes"`
	Slots      int           `json:"slots"` // requests that fit at once
	Binding    string        `json:"binding"`
	Saturated  bool          `json:"saturated"` // open loop: more arrives than is served
	Range      EstimateRange `json:"range"`
	Link       string        `json:"link"`
	Data       string        `json:"data"`
	Warnings   []Warning     `json:"warnings"`
}

// EstimateRange are 10 to 90 % intervals around the means.
type EstimateRange struct {
	TTFT Interval `json:"ttft_ms"`
	ITL  Interval `json:"itl_ms"`
	ReqS Interval `json:"req_s"`
}

// Operating is one replica under one load: what Estimate documents.
type Operating struct {
	Unit     fleet.Unit
	Load     serve.Load
	Result   serve.Result
	Tier     fleet.Confidence
	Measured *evidence.Match // set by Stand
	TTFT     fleet.Range     // seconds, around the mean; zero = unknown
	ITL      fleet.Range
	Rate     fleet.Range // req/s
	Warnings []fleet.Warning
}

// Assess sets what stands behind the numbers and how far they may be off: the
// held-out error of the profile as a 10 to 90 % interval around each mean.
func (o *Operating) Assess() {
	p := o.Unit.Cost.Replica()
	tier, bands := fleet.ModeBands(p.Profile, p.GPU, o.Unit.Layout, p.Speculation, fleet.Unseen(p.Profile, p.Model))
	o.Tier = tier
	around := func(x, half float64) fleet.Range {
		lo, hi := catalog.Around(x, half)
		return fleet.Range{Low: lo, High: hi}
	}
	if !o.Result.Saturated { // a queue that grows without end has no TTFT to be right about
		o.TTFT = around(o.Result.TTFT.Mean, fleet.TTFTBand(bands, o.Result))
	}
	o.ITL = around(o.Result.ITL.Mean, bands.ITL)
	o.Rate = around(o.Result.ReqPerS, bands.Rate)
}

// Stand finds the measured row that stands behind the numbers.
func (o *Operating) Stand(x *evidence.Index) {
	p, l := o.Unit.Cost.Replica(), o.Unit.Layout
	if o.Load.CachedShare > 0 || p.Speculation.On() || l != (fleet.Layout{TP: l.TP, PP: l.PP}) {
		return
	}
	shape := fleet.Workload{Input: o.Load.Input, Output: o.Load.Output, LengthRatio: o.Load.LengthRatio}
	if o.Measured = fleet.Behind(x, p.Model, p.GPU, p.Engine, p.Weights, p.KV, l, shape, o.Result); o.Measured != nil {
		o.Tier = fleet.Measured
		var sim serve.Sim
		fleet.SameRun(&sim, o.Unit.Cost, o.Measured)
	}
}

// Memory splits the replica's memory as the load uses it.
func (o Operating) Memory() fleet.Memory { return o.Unit.Memory(o.Load, o.Result) }

// Estimate builds the document of an operating point of the requirement that
// link asked for.
func Estimate(o Operating, cat *catalog.Catalog, link string, notes []Warning) EstimateDoc {
	p := o.Unit.Cost.Replica()
	gpus, parts := o.Unit.Layout.GPUs(), o.Memory()
	mode := "open"
	if o.Load.Concurrency > 0 {
		mode = "closed"
	}
	return EstimateDoc{
		SchemaVersion: SchemaVersion,
		Model:         p.Model.ID, GPU: p.GPU.ID, Layout: LayoutName(o.Unit.Layout), TP: p.TP, PP: p.PP,
		Weights: WeightsName(p.Weights), KV: string(p.KV), Engine: p.Engine.ID, Profile: profile(p.Profile),
		Tier: string(o.Tier), Measured: measuredRow(o.Measured), Mode: mode, Input: o.Load.Input, Output: o.Load.Output,
		InFlight: known(float64(o.Load.Concurrency), mode == "closed"),
		Rounds:   known(o.Load.Rounds, mode == "closed" && o.Load.Rounds > 0),
		Arrivals: known(o.Load.Rate, mode == "open"),
		TTFT:     quantiles(o.Result.TTFT), ITL: quantiles(o.Result.ITL.Known()), E2E: quantiles(o.Result.E2E),
		OutputTokS: number(o.Result.OutputTokPerS), TotalTokS: number(o.Result.TotalTokPerS),
		ReqS: number(o.Result.ReqPerS), ReqSPerGPU: number(o.Result.ReqPerS / float64(gpus)),
		GPUs: gpus, Running: number(o.Result.Running), Waiting: number(o.Result.Waiting), Busy: number(o.Result.Busy),
		Memory: memory(parts), Slots: parts.Slots,
		Binding: string(o.Result.Binding), Saturated: o.Result.Saturated,
		Range:    EstimateRange{interval(o.TTFT, 1e3), interval(o.ITL, 1e3), interval(o.Rate, 1)},
		Link:     link,
		Data:     cat.Date,
		Warnings: append(warnings(o.Warnings), notes...),
	}
}
