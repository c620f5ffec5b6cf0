//go:build !js

package report

import (
	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/units"
)

// Load is one replica under one load, for a report of its own.
type Load struct {
	Option *fleet.Option // one replica: layout, precisions, memory and latencies under the load
	Text   string        // the load in words: "64 requests in flight"
	TTFT   fleet.Range   // 10–90 % band of the means, s; zero = unknown
	ITL    fleet.Range
	Curve  []fleet.LoadPoint
}

// Replica is the report of one replica under one load as a file of its own.
// The proposal has no options; it names the inputs.
func Replica(p *export.Proposal, l Load, css string) string {
	pages := []string{replicaFirst(p, &l), replicaFigures(p, &l)}
	pages = append(pages, register(p, room(p))...)
	pages = append(pages, start(p, l.Option))
	return shell(p, css, bound(p, pages))
}

// replicaFirst is the sentence, the figures and the load curves.
func replicaFirst(p *export.Proposal, l *Load) string {
	o, t := l.Option, p.Req.Targets
	say := text("b", "", units.Count(float64(o.GPUs))+" × "+export.GPUName(o.GPU)) + " " +
		escape("under "+l.Text+" of "+units.Count(float64(p.Req.Workload.Input))+" tokens in, "+units.Count(float64(p.Req.Workload.Output))+" out: first token after ") +
		text("b", "", units.Duration(o.At.TTFT.At(t.Percentile), 2)) + escape(" ("+export.Percentile(t.Percentile)+"), ") +
		text("b", "", units.Rate(o.At.ReqPerS)) + "."
	body := head(p) + el("h2", "say", say) + el("div", "kpis", latencyOf("TTFT", o.At.TTFT, t.Percentile, t.TTFT, o).markup(),
		latencyOf("Per token", o.At.ITL.Known(), t.Percentile, t.ITL, o).markup(), throughput(o).markup(), memoryShare(o).markup())
	if len(l.Curve) > 0 {
		body += figureOf(export.LoadFinding(t, o.GPU, o.Layout, l.Curve), "A steady number of requests in flight, simulated; targets as dashed lines.", func(width float64) *chart.Chart {
			return chart.Panels(export.LoadSpec(t, o.GPU, o.Layout, l.Curve, o.Tier != fleet.Measured), width)
		})
	}
	return body + worthKnowing(o)
}

func latencyOf(name string, q serve.Quantiles, pct string, want float64, o *fleet.Option) figure {
	have := q.At(pct)
	n, unit := units.Seconds(have, 2)
	f := figure{label: name + " " + export.Percentile(pct), number: n, unit: unit, line: "no target", limit: -1,
		note: "mean " + units.Duration(q.Mean, 2), kind: kind(o.Tier), tier: tierWord(o.Tier)}
	if have != have {
		f.number, f.unit, f.line, f.note = "none", "", "answers of one token", "nothing between tokens"
	}
	if want > 0 && have > 0 {
		f.line = units.Duration(want-have, 2) + " inside the target"
		if have > want {
			f.line = units.Duration(have-want, 2) + " over the target"
		}
		f.fill, f.limit = have/want, 1
	}
	return f
}

func throughput(o *fleet.Option) figure {
	return figure{label: "Throughput", number: units.Sig(o.At.ReqPerS, 3), unit: "req/s", line: units.Sig(o.At.OutputTokPerS, 3) + " output tok/s", limit: -1,
		note: units.Sig(o.At.TotalTokPerS, 3) + " tok/s in and out", kind: kind(o.Tier), tier: tierWord(o.Tier)}
}

func memoryShare(o *fleet.Option) figure {
	m := o.Memory
	n, unit := units.GB(m.Capacity-m.KVFree-m.Unusable, false)
	return figure{label: "Memory in use", number: n, unit: unit, line: units.Sig(o.At.Running, 3) + " requests running, " + units.Sig(o.At.Waiting, 3) + " waiting",
		fill: (m.Capacity - m.KVFree - m.Unusable) / m.Capacity, limit: -1, note: "first limit: " + o.FirstLimit(), kind: kind(o.Tier), tier: tierWord(o.Tier)}
}

// tierWord is a confidence in a word.
func tierWord(c fleet.Confidence) string {
	word := map[fleet.Confidence]string{fleet.Measured: "Measured", fleet.Calibrated: "Calibrated", fleet.Estimated: "Estimated"}[c]
	if word == "" {
		return "Specs only"
	}
	return word
}

// replicaFigures is every percentile, the throughput and the memory.
func replicaFigures(p *export.Proposal, l *Load) string {
	o, t := l.Option, p.Req.Targets
	var rows [][]cell
	for _, x := range []struct {
		name   string
		q      serve.Quantiles
		target float64
		band   fleet.Range
	}{{"Time to first token", o.At.TTFT, t.TTFT, l.TTFT}, {"Time per token (ITL)", o.At.ITL.Known(), t.ITL, l.ITL}, {"Whole answer", o.At.E2E, t.E2E, fleet.Range{}}} {
		row := []cell{plain(x.name)}
		for _, v := range []float64{x.q.Mean, x.q.P50, x.q.P90, x.q.P95, x.q.P99} {
			word := "none" // of answers of one token
			if v == v {
				word = units.Duration(v, 3)
			}
			row = append(row, number(word))
		}
		band, target := "none", "none"
		if x.band.High > 0 {
			band = units.Span(units.Duration(x.band.Low, 2), units.Duration(x.band.High, 2))
		}
		if x.target > 0 {
			target = "≤ " + units.Duration(x.target, 3) + " (" + export.Percentile(t.Percentile) + ")"
		}
		rows = append(rows, append(row, number(band), number(target)))
	}
	body := text("h2", "", "Latency") + tight(heads("Figure", "#mean", "#p50", "#p90", "#p95", "#p99", "#Mean, 10–90 % band", "#Target"), rows)
	rows = [][]cell{
		{plain("Requests"), number(units.Rate(o.At.ReqPerS))}, {plain("Requests per GPU"), number(units.Rate(o.At.ReqPerS / float64(max(1, o.GPUs))))},
		{plain("Output tokens"), number(units.Sig(o.At.OutputTokPerS, 3) + " tok/s")}, {plain("Tokens in and out"), number(units.Sig(o.At.TotalTokPerS, 3) + " tok/s")},
		{plain("Requests running, mean"), number(units.Sig(o.At.Running, 3))}, {plain("Requests waiting, mean"), number(units.Sig(o.At.Waiting, 3))},
		{plain("Requests that fit at once"), number(units.Count(float64(o.Memory.Slots)))}, {plain("Layout"), number(export.Layout(o.Layout))},
		{plain("Weights"), number(export.Weights(o.Weights))}, {plain("First limit"), number(o.FirstLimit())},
	}
	body += text("h2", "", "Throughput and layout") + table(heads("Figure", "#Value"), rows)
	return body + figureOf("Memory of one replica", "In GB (10⁹ bytes), as the load uses it", memoryChart(o))
}
