package bench

import (
	"fmt"
	"strings"

	"fleetsize/calc/measured"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// Rows are the phases of a report as measured points, for fitting and
// validation: mean TTFT, mean time per token and throughput at each load.
// Phases that are not to be used say why. Without a deployment in the report the rows name
// neither model nor accelerator.
func (d *Document) Rows() []measured.Row {
	var out []measured.Row
	on := d.Setup.Deployment
	if on == nil {
		on = &Deployment{}
	}
	for i := range d.Phases {
		p := &d.Phases[i]
		r := measured.Row{
			Line: i + 1, Model: on.Model, GPU: on.GPU, TP: max(on.TP, 1), PP: max(on.PP, 1), DP: max(on.DP, 1), EP: max(on.EP, 1),
			Engine: on.Engine, Version: on.Version, Weights: catalog.Precision(on.Weights), KV: catalog.Precision(on.KV),
			Input: p.InputWanted, Output: p.OutWanted, Statistic: measured.Mean,
			TTFT: opt(p.TTFT.Mean, 1e-3), TTFTP95: opt(p.TTFT.P95, 1e-3), ITL: opt(p.TPOT.Mean, 1e-3), ITLP95: opt(p.TPOT.P95, 1e-3),
			E2E: opt(p.E2E.Mean, 1e-3), OutputTokPerS: opt(p.OutputTokPerS, 1),
			Source: Tool, Notes: p.Label,
		}
		if r.Engine == "" {
			r.Engine = "vllm"
		}
		r.GPUs = max(on.GPUs, r.TP*r.PP*r.DP)
		if n := mean(p.Input.Mean); n > 0 {
			r.Input = n
		}
		if n := mean(p.Output.Mean); n > 0 {
			r.Output = n
		}
		if p.Concurrency != nil {
			r.Concurrency = *p.Concurrency
		} else if p.Rate != nil {
			r.Rate = *p.Rate
		}
		// A window in a running load is steady state, not a finite run.
		r.Group = fmt.Sprintf("%s %s %s tp%d", Tool, r.Model, r.GPU, r.TP)
		r.Use = p.use()
		if strings.HasPrefix(r.Use, LatencyOnly) {
			r.Notes, r.Use, r.OutputTokPerS = strings.TrimSpace(r.Notes+" "+upper(r.Use)), "", measured.Opt{}
		}
		out = append(out, r)
	}
	return out
}

func opt(x *float64, scale float64) measured.Opt {
	if x == nil || !(*x > 0) {
		return measured.Opt{}
	}
	return measured.Some(*x * scale)
}

func mean(x *float64) int {
	if x == nil {
		return 0
	}
	return int(*x + 0.5)
}

// LatencyOnly begins the use of a phase whose throughput is the client's while
// each request was timed well.
const LatencyOnly = "latency only: "

// mostQueue is the largest share of a request's time that it may have waited
// in the client, on average, before its phase is not that of the stated load:
// the mean number in flight is then within a tenth of what was meant.
const mostQueue = 0.1

// use is what a fit may take from the phase: "" = everything, "no: " and why,
// or LatencyOnly and why.
func (p *PhaseDoc) use() string {
	switch l := p.Limit; {
	case p.Completed == 0:
		return "no: no complete answer"
	case p.Cut:
		return "no: cut short"
	case !p.Limited || l != nil && !l.Severe:
		return ""
	case l == nil:
		return "no: the client was the limit"
	case l.Code == "launch" && p.Queue.Mean != nil && p.E2E.Mean != nil && *p.Queue.Mean <= mostQueue**p.E2E.Mean:
		return LatencyOnly + "requests waited " + units.Sig(*p.Queue.Mean, 2) + " ms in the client, which lowers throughput."
	default:
		return "no: the client was the limit. " + l.Text
	}
}

// Usable reports whether a fit may take anything from the phase.
func (p *PhaseDoc) Usable() bool { return p.Use == "" || strings.HasPrefix(p.Use, LatencyOnly) }

// upper capitalizes an ASCII word.
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
