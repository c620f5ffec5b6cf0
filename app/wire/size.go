package wire

import (
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// SchemaVersion is the version of the size, estimate and sweep documents. Keys
// are only ever added under one number; another number means that a key has
// changed its meaning.
const SchemaVersion = 1

// SizeDoc is the answer to a requirement: every accelerator of the catalog is
// in exactly one of Options and Excluded.
type SizeDoc struct {
	SchemaVersion int `json:"schema_version"`

	DemandReqS     *float64   `json:"demand_req_s"`     // at peak, growth included: what replicas are counted for; null when stated in flight
	TodayReqS      *float64   `json:"today_req_s"`      // the same without growth
	DemandInFlight *float64   `json:"demand_in_flight"` // null unless stated so
	Link           string     `json:"link"`             // canonical pairs
	Model          string     `json:"model"`
	Input          int        `json:"in"`
	Output         int        `json:"out"`
	Percentile     string     `json:"pct"` // the statistic targets are stated in
	Data           string     `json:"data"`
	Options        []Option   `json:"options"`
	Excluded       []Excluded `json:"excluded"`
	Problem        *Problem   `json:"problem"` // set when the requirement itself is at fault
	Preview        bool       `json:"preview"` // cut short: some rows come from the closed form
	Warnings       []Warning  `json:"warnings"`
}

// Option is an accelerator that serves the demand, with its best layout.
type Option struct {
	GPU            string    `json:"gpu"`
	Layout         string    `json:"layout"`
	TP             int       `json:"tp"`
	PP             int       `json:"pp"`
	Weights        string    `json:"q"`
	KV             string    `json:"kv"`
	Engine         string    `json:"eng"`
	Profile        *string   `json:"profile"`
	Tier           string    `json:"tier"`
	Measured       *Measured `json:"measured"` // the measured row nearest to this operating point; null = none matches
	RateSLO        *float64  `json:"rate_slo"` // req/s of one replica inside every target
	RateMax        *float64  `json:"rate_max"` // req/s of one replica at capacity
	SafeShare      *float64  `json:"safe_share"`
	ReplicaRate    *float64  `json:"replica_rate"` // req/s one replica is planned with
	ReqSPerGPU     *float64  `json:"req_s_per_gpu"`
	ReplicasNeeded int       `json:"replicas_needed"`
	ReplicasSpare  int       `json:"replicas_spare"`
	Replicas       int       `json:"replicas"`
	GPUs           int       `json:"gpus"`
	Nodes          int       `json:"nodes"`
	TTFT           Quantiles `json:"ttft_ms"`
	ITL            Quantiles `json:"itl_ms"`
	E2E            Quantiles `json:"e2e_ms"`
	OutputTokS     *float64  `json:"output_tok_s"` // one replica at the planned peak
	Running        *float64  `json:"running"`
	Waiting        *float64  `json:"waiting"`
	Binding        string    `json:"binding"`
	Memory         *Memory   `json:"memory_bytes"`
	Slots          int       `json:"slots"` // requests that fit one replica at once
	USDMonth       *float64  `json:"usd_month"`
	KW             *float64  `json:"kw"`
	UnitPrices
	Money     *Money      `json:"money"`
	Pipeline  *Pipeline   `json:"pipeline"` // null without one
	Growth    *Growth     `json:"growth"`   // null without growth
	Range     OptionRange `json:"range"`
	RunnersUp []RunnerUp  `json:"runners_up"`
	// Explain says where the numbers come from, by the entry of the registry;
	// every entry for the first option, the main ones for the others.
	Explain  map[string]Explained `json:"explain"`
	Preview  bool                 `json:"preview"` // from the closed form, not simulated
	Warnings []Warning            `json:"warnings"`
}

// OptionRange are 10 to 90 % intervals.
type OptionRange struct {
	GPUs       Interval `json:"gpus"`
	ReqSPerGPU Interval `json:"req_s_per_gpu"`
	TTFT       Interval `json:"ttft_ms"` // at the targets' percentile
	ITL        Interval `json:"itl_ms"`
}

// RunnerUp is a layout that also serves but was not chosen.
type RunnerUp struct {
	Layout   string   `json:"layout"`
	TP       int      `json:"tp"`
	PP       int      `json:"pp"`
	Weights  string   `json:"q"`
	GPUs     int      `json:"gpus"`
	USDMonth *float64 `json:"usd_month"`
	TTFT     *float64 `json:"ttft_ms"` // at the targets' percentile
	ITL      *float64 `json:"itl_ms"`
}

// Excluded is an accelerator that does not serve, and why.
type Excluded struct {
	GPU     string   `json:"gpu"`
	Reason  string   `json:"reason"`
	Text    string   `json:"text"`
	Nearest *Nearest `json:"nearest"`
}

// Problem is a fault of the requirement itself.
type Problem struct {
	Code   string   `json:"code"`
	Text   string   `json:"text"`
	Remedy *Nearest `json:"remedy"`
}

// Size builds the document of an answer to requirement r, which state s asked
// for with notes.
func Size(a fleet.Answer, r fleet.Requirement, s link.State, notes []link.Note) SizeDoc {
	flight := r.Demand.Kind == fleet.InFlight
	d := SizeDoc{
		SchemaVersion:  SchemaVersion,
		DemandReqS:     known(a.SizedReqPerS, !flight),
		TodayReqS:      known(a.DemandReqPerS, !flight),
		DemandInFlight: known(r.Demand.InFlight, flight),
		Link:           s.String(),
		Model:          r.Model.ID,
		Input:          r.Workload.Input,
		Output:         r.Workload.Output,
		Percentile:     r.Targets.Percentile,
		Data:           r.Catalog.Date,
		Preview:        a.Preview,
		Options:        make([]Option, 0, len(a.Options)),
		Excluded:       make([]Excluded, 0, len(a.Excluded)),
		Warnings:       Notes(notes),
	}
	for i := range a.Options {
		o := option(&a.Options[i], r, s)
		o.Explain = explained(&a.Options[i], &a, &r, s, i == 0)
		d.Options = append(d.Options, o)
	}
	for _, x := range a.Excluded {
		d.Excluded = append(d.Excluded, Excluded{x.GPU.ID, string(x.Reason), x.Text, nearest(x.Nearest)})
	}
	if p := a.Problem; p != nil {
		d.Problem = &Problem{p.Code, p.Text, nearest(p.Remedy)}
	}
	return d
}

func option(o *fleet.Option, r fleet.Requirement, s link.State) Option {
	api, asked := s.API()
	d := Option{
		GPU: o.GPU.ID, Layout: LayoutName(o.Layout), TP: o.Layout.TP, PP: o.Layout.PP,
		Weights: WeightsName(o.Weights), KV: string(o.KV), Engine: r.Engine.ID, Profile: profile(o.Profile), Tier: string(o.Tier),
		Measured: measuredRow(o.Measured),
		RateSLO:  number(o.RateSLO), RateMax: number(o.RateMax), SafeShare: number(o.SafeShare),
		ReplicaRate: number(o.ReplicaRate), ReqSPerGPU: number(o.ReqPerSPerGPU),
		ReplicasNeeded: o.ReplicasNeeded, ReplicasSpare: o.ReplicasSpare, Replicas: o.Replicas, GPUs: o.GPUs, Nodes: o.Nodes,
		TTFT: quantiles(o.At.TTFT), ITL: quantiles(o.At.ITL.Known()), E2E: quantiles(o.At.E2E),
		OutputTokS: number(o.At.OutputTokPerS), Running: number(o.At.Running), Waiting: number(o.At.Waiting),
		Binding: string(o.Binding), Memory: memory(o.Memory), Slots: o.Memory.Slots,
		USDMonth: known(o.USDPerMonth, o.Priced), KW: known(o.KW, o.Powered),
		UnitPrices: unitPrices(o), Money: bill(o, &r, api, asked),
		Pipeline: pipeline(&o.Pipeline, r.Pipeline.On()), Growth: growth(o, &r),
		Range: OptionRange{
			GPUs: interval(o.GPURange, 1), ReqSPerGPU: interval(o.RateRange, 1),
			TTFT: interval(o.TTFTRange, 1e3), ITL: interval(o.ITLRange, 1e3),
		},
		RunnersUp: make([]RunnerUp, 0, len(o.RunnersUp)),
		Preview:   o.Preview,
		Warnings:  warnings(o.Warnings),
	}
	for _, a := range o.RunnersUp {
		d.RunnersUp = append(d.RunnersUp, RunnerUp{
			Layout: LayoutName(a.Layout), TP: a.Layout.TP, PP: a.Layout.PP, Weights: WeightsName(a.Weights), GPUs: a.GPUs,
			USDMonth: known(a.USDPerMonth, a.Priced), TTFT: number(a.TTFT * 1e3), ITL: known(a.ITL*1e3, a.ITL > 0),
		})
	}
	return d
}

// LayoutName is "TP2", "TP8 PP2", "TP8 EP8 DP8" or "P2×TP4 + D3×TP8".
func LayoutName(l fleet.Layout) string { return l.String() }

// WeightsName is the precision most of the weights are stored in.
func WeightsName(w catalog.Weights) string { return string(w.Main()) }

func profile(p *catalog.Profile) *string {
	if p == nil {
		return nil
	}
	return text(p.ID)
}

// Notes turns the notes of a link into warnings.
func Notes(notes []link.Note) []Warning {
	out := make([]Warning, 0, len(notes))
	for _, n := range notes {
		out = append(out, Warning{"link_" + n.Code, n.Text})
	}
	return out
}
