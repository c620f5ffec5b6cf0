//go:build !js

package cli

import (
	"fmt"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/units"
)

// estimateText is an operating point for people.
func estimateText(o wire.Operating, d wire.EstimateDoc) string {
	var b strings.Builder
	p, res := o.Unit.Cost.Replica(), o.Result
	fmt.Fprintf(&b, "%s on %d × %s (%s, weights %s, KV %s, %s): %s of %s in, %s out.\n\n",
		p.Model.Name, o.Unit.Layout.GPUs(), p.GPU.Short, d.Layout, d.Weights, d.KV, p.Engine.Name,
		loadText(o.Load), units.Count(float64(o.Load.Input)), units.Count(float64(o.Load.Output)))

	t := table{right: []bool{false, true, true, true, true, true}}
	t.add("", "mean", "p50", "p90", "p95", "p99")
	for _, l := range []struct {
		name string
		q    serve.Quantiles
	}{{"Time to first token", res.TTFT}, {"Time per token (ITL)", res.ITL.Known()}, {"Whole answer", res.E2E}} {
		t.add(l.name, units.Duration(l.q.Mean, 3), units.Duration(l.q.P50, 3), units.Duration(l.q.P90, 3), units.Duration(l.q.P95, 3), units.Duration(l.q.P99, 3))
	}
	b.WriteString(t.String() + "\n")

	t = table{}
	t.add("Throughput", units.Rate(res.ReqPerS)+", "+units.Sig(res.OutputTokPerS, 3)+" output tok/s, "+units.Sig(res.TotalTokPerS, 3)+" tok/s in all")
	t.add("Running, waiting", units.Sig(res.Running, 3)+", "+units.Sig(res.Waiting, 3)+" requests on average; "+units.Count(float64(d.Slots))+" fit at once")
	t.add("First limit", limitText(res.Binding))
	t.add("Confidence", tierText(o.Tier))
	if m := o.Measured; m != nil {
		t.add("Measured", measuredText(m))
	}
	if r := o.TTFT; r.High > 0 {
		t.add("TTFT, 10–90 %", units.Span(units.Duration(r.Low, 2), units.Duration(r.High, 2)))
	}
	if r := o.ITL; r.High > 0 {
		t.add("ITL, 10–90 %", units.Span(units.Duration(r.Low, 2), units.Duration(r.High, 2)))
	}
	b.WriteString(t.String() + "\n")

	m := o.Memory()
	t = table{right: []bool{false, true, true}}
	t.add("", "GB", "GiB")
	for _, part := range []struct {
		name  string
		bytes float64
	}{
		{"Weights", m.Weights}, {"KV cache in use", m.KVUsed}, {"KV cache free", m.KVFree}, {"Activations", m.Activations},
		{"Runtime", m.Runtime}, {"Unusable", m.Unusable}, {"Capacity", m.Capacity},
	} {
		decimal, _ := units.GB(part.bytes, false)
		binary, _ := units.GB(part.bytes, true)
		t.add(part.name, decimal, binary)
	}
	b.WriteString(t.String())
	fmt.Fprintf(&b, "\nLink: #%s\nData of %s. %s\n", d.Link, d.Data, disclaimer)
	return b.String()
}

// loadText is a load in words.
func loadText(l serve.Load) string {
	if l.Concurrency == 0 {
		return units.Rate(l.Rate) + " at random times"
	}
	text := units.InFlight(float64(l.Concurrency))
	if l.Rounds > 0 {
		text += ", " + units.Sig(l.Rounds, 3) + " rounds with the opening wave"
	}
	return text
}

// limitText names what binds in words.
func limitText(l serve.Limit) string {
	if l == serve.LimitLoad {
		return "none at this load"
	}
	o := fleet.Option{Binding: l}
	return o.FirstLimit()
}
