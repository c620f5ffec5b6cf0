//go:build !js

package cli

import (
	"strings"

	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/app/export/report"
	"fleetsize/app/export/xlsx"
	"fleetsize/app/wire"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// column is one figure of an operating point: a number where it has no text.
type column struct {
	name, text string
	number     *float64
}

// estimateColumns are the figures of a document in the order of its keys.
func estimateColumns(d *wire.EstimateDoc) []column {
	var out []column
	word := func(name, text string) { out = append(out, column{name: name, text: text}) }
	num := func(name string, x *float64) { out = append(out, column{name: name, number: x}) }
	whole := func(name string, n int) { x := float64(n); num(name, &x) }
	word("model", d.Model)
	word("gpu", d.GPU)
	whole("tp", d.TP)
	whole("pp", d.PP)
	word("q", d.Weights)
	word("kv", d.KV)
	word("eng", d.Engine)
	word("mode", d.Mode)
	whole("in", d.Input)
	whole("out", d.Output)
	num("in_flight", d.InFlight)
	num("arrival_req_s", d.Arrivals)
	for _, q := range []struct {
		name string
		q    wire.Quantiles
	}{{"ttft", d.TTFT}, {"itl", d.ITL}, {"e2e", d.E2E}} {
		num(q.name+"_mean_ms", q.q.Mean)
		num(q.name+"_p50_ms", q.q.P50)
		num(q.name+"_p90_ms", q.q.P90)
		num(q.name+"_p95_ms", q.q.P95)
		num(q.name+"_p99_ms", q.q.P99)
	}
	num("req_s", d.ReqS)
	num("req_s_per_gpu", d.ReqSPerGPU)
	num("output_tok_s", d.OutputTokS)
	num("total_tok_s", d.TotalTokS)
	whole("gpus", d.GPUs)
	num("running", d.Running)
	num("waiting", d.Waiting)
	whole("slots", d.Slots)
	word("binding", d.Binding)
	word("tier", d.Tier)
	return out
}

// String is the figure exactly, "" where it is not known.
func (c column) String() string {
	if c.number != nil {
		return units.Plain(*c.number)
	}
	return c.text
}

// estimateForms are the forms of an operating point.
func estimateForms(in *input, o *wire.Operating, d *wire.EstimateDoc, people func() string) []form {
	return []form{
		{".json", func() ([]byte, error) { return wire.Encode(*d) }},
		text(".csv", func() string { return columnsCSV([][]column{estimateColumns(d)}) }),
		text(".md", func() string { return "```\n" + strings.TrimRight(people(), "\n") + "\n```\n" }),
		{".xlsx", func() ([]byte, error) {
			return columnsBook("Estimate", "One replica under one load.", [][]column{estimateColumns(d)}), nil
		}},
		{".html", func() ([]byte, error) {
			css, err := styleSheet()
			if err != nil {
				return nil, err
			}
			return []byte(report.Replica(in.handed(fleet.Answer{}), replicaLoad(o), css)), nil
		}},
		{".svg", func() ([]byte, error) {
			l := replicaLoad(o)
			return []byte(chart.Panels(export.LoadSpec(in.req.Targets, l.Option.GPU, l.Option.Layout, l.Curve, o.Tier != fleet.Measured), 960).SVG()), nil
		}},
	}
}

// replicaLoad is an operating point as the report takes it, with the load
// curves around it.
func replicaLoad(o *wire.Operating) report.Load {
	p := o.Unit.Cost.Replica()
	return report.Load{
		Option: &fleet.Option{GPU: p.GPU, Profile: p.Profile, Layout: o.Unit.Layout, Weights: p.Weights, KV: p.KV, Tier: o.Tier, Replicas: 1, ReplicasNeeded: 1,
			GPUs: o.Unit.Layout.GPUs(), At: o.Result, Memory: o.Memory(), Binding: o.Result.Binding, Warnings: o.Warnings},
		Text: loadText(o.Load), TTFT: o.TTFT, ITL: o.ITL, Curve: o.Unit.LoadCurve(o.Load),
	}
}

// columnsCSV is a table of figures; the first row names the columns of all.
func columnsCSV(rows [][]column) string {
	var c export.CSV
	for i, r := range rows {
		var names, cells []string
		for _, x := range r {
			names, cells = append(names, x.name), append(cells, x.String())
		}
		if i == 0 {
			c.Line(names...)
		}
		c.Line(cells...)
	}
	return c.String()
}

// columnsBook is a table of figures as a workbook.
func columnsBook(title, note string, rows [][]column) []byte {
	s := &xlsx.Sheet{Name: title, FreezeRows: 3, FreezeCols: 1}
	s.Add(xlsx.T(title).Large())
	s.Add(xlsx.T(note + " " + disclaimer).Muted())
	for i, r := range rows {
		var names []string
		var cells []*xlsx.Cell
		for _, x := range r {
			names = append(names, x.name)
			if x.number != nil {
				cells = append(cells, xlsx.N(*x.number).As("#,##0.######"))
			} else {
				cells = append(cells, xlsx.T(x.text))
			}
		}
		if i == 0 {
			s.Add(xlsx.Head(names...)...)
			for range names {
				s.Widths = append(s.Widths, 15)
			}
		}
		s.Add(cells...)
	}
	return (&xlsx.Book{Sheets: []*xlsx.Sheet{s}}).Bytes()
}
