//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"fleetsize/app/wire"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

const sweepUsage = `Usage: fleetsize sweep [-json] [-csv] [-o FILE] [-site ADDRESS] [-timeout DURATION] [-fit FIT.json] LINK

Answers a matrix of sizings in one call. LINK is a share link whose values may
be lists: m=llama-3.1-8b,llama-3.3-70b&g=h100-sxm,l40s&w=rag,chat makes eight
cells, one row each. Lists are taken of models (m), accelerators (g), workloads
(w), precisions (q, kv), engines (eng), layouts (tp, pp), lengths (in, out,
hit), demand (rps, users, day, flight), targets (ttft, itl, e2e, pct), posture
and money. A cell with one accelerator is answered for it, others with the best
of those considered. At most 2,000 cells.

` + outputUsage + `.json, .csv, .md, .xlsx,
    	.html (the report) or .svg (a bar for each cell: cost a month, or GPUs
    	where a price is missing); may be repeated
` + siteUsage + `  -timeout DURATION
    	stop after this time; what was finished is written, and the exit code is 3
  -fit FIT.json
    	use the parameters that fleetsize fit wrote for their engines

Example: fleetsize sweep 'm=llama-3.1-8b,llama-3.3-70b&g=h100-sxm,l40s&w=rag,chat&rps=10'
`

// swept is the answer of one cell.
type swept struct {
	cell
	option   *fleet.Option
	excluded *fleet.Exclusion
}

// sweep answers a matrix of links.
func sweep(args []string, s streams) int {
	flags := flag.NewFlagSet("sweep", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var out output
	flags.BoolVar(&out.json, "json", false, "")
	out.flags(flags)
	timeout := flags.Duration("timeout", 0, "")
	fit := flags.String("fit", "", "")
	link, err := linkOf(flags, args, s)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, sweepUsage)
		return exitDone
	}
	var cat *catalog.Catalog
	if err == nil {
		cat, err = catalog.Load()
	}
	if err == nil {
		cat, err = withFit(cat, *fit)
	}
	var list []cell
	if err == nil {
		list, err = cells(cat, link)
	}
	var done []swept
	m := &matrix{link: pairsOf(link), base: out.base(link), cat: cat, list: list, done: &done}
	forms := m.forms()
	if err == nil {
		err = out.check(forms)
	}
	if err == nil && *timeout < 0 {
		err = fmt.Errorf("-timeout %v is negative; write for example -timeout 2m", *timeout)
	}
	if err != nil {
		fmt.Fprintf(s.err, "fleetsize sweep: %v\nfleetsize help sweep explains the command.\n", err)
		return exitUsage
	}
	tellNotes(list, s)
	ctx, stop := interruptible(*timeout)
	defer stop()
	var e fleet.Estimator
	for _, c := range list {
		if ctx.Err() != nil {
			break
		}
		done = append(done, answerCell(&e, c))
	}
	people := m.text
	if code := out.write("sweep", people, forms, s); code != exitDone {
		return code
	}
	if len(done) < len(list) {
		fmt.Fprintf(s.err, "Cut short: %d of %d cells.\n", len(done), len(list))
		return exitCut
	}
	return exitDone
}

// answerCell answers one combination exactly.
func answerCell(e *fleet.Estimator, c cell) swept {
	out := swept{cell: c}
	if c.gpu != nil {
		out.option, out.excluded = e.On(c.in.req, c.gpu, true)
		return out
	}
	p := e.Plan(c.in.req)
	for !p.HeadlineDone() && !p.Step() {
	}
	a := p.Answer()
	switch {
	case len(a.Options) > 0:
		out.option = &a.Options[0]
	case a.Problem != nil:
		out.excluded = &fleet.Exclusion{Reason: fleet.ReasonNoFacts, Text: a.Problem.Text, Nearest: a.Problem.Remedy}
	default:
		out.excluded = &fleet.Exclusion{Reason: fleet.ReasonNoFacts, Text: "Nothing considered serves this."}
	}
	return out
}

// sweepColumns is one cell of the matrix as figures; those of a cell that
// nothing serves are empty but for the reason.
func sweepColumns(r *swept, base string) []column {
	var out []column
	word := func(name, text string) { out = append(out, column{name: name, text: text}) }
	num := func(name string, x float64, known bool) {
		c := column{name: name}
		if known && x-x == 0 {
			c.number = &x
		}
		out = append(out, c)
	}
	q, w := &r.in.req, r.in.req.Workload
	word("model", q.Model.ID)
	o := r.option
	ok := o != nil
	if !ok {
		o = &fleet.Option{GPU: r.gpu}
	}
	gpu := ""
	if o.GPU != nil {
		gpu = o.GPU.ID
	}
	pct := q.Targets.Percentile
	word("gpu", gpu)
	word("workload", r.state.Workload)
	num("in", float64(w.Input), true)
	num("out", float64(w.Output), true)
	num("demand_req_s", q.Demand.PeakReqPerS(), q.Demand.Kind != fleet.InFlight)
	num("in_flight", q.Demand.InFlight, q.Demand.Kind == fleet.InFlight)
	word("pct", pct)
	num("ttft_target_ms", q.Targets.TTFT*1e3, q.Targets.TTFT > 0)
	num("itl_target_ms", q.Targets.ITL*1e3, q.Targets.ITL > 0)
	num("e2e_target_ms", q.Targets.E2E*1e3, q.Targets.E2E > 0)
	layout := ""
	if ok {
		layout = wire.LayoutName(o.Layout)
	}
	word("layout", layout)
	word("q", string(o.Weights.Main()))
	word("kv", string(o.KV))
	num("replicas", float64(o.Replicas), ok)
	num("replicas_spare", float64(o.ReplicasSpare), ok)
	num("gpus", float64(o.GPUs), ok)
	num("gpus_low", o.GPURange.Low, ok)
	num("gpus_high", o.GPURange.High, ok)
	num("nodes", float64(o.Nodes), ok)
	num("req_s_per_gpu", o.ReqPerSPerGPU, ok)
	num("ttft_ms", o.At.TTFT.At(pct)*1e3, ok)
	num("itl_ms", o.At.ITL.Known().At(pct)*1e3, ok)
	num("e2e_ms", o.At.E2E.At(pct)*1e3, ok)
	num("usd_month", o.USDPerMonth, ok && o.Priced)
	u, unit := o.Flow.Units(o.USDPerMonth)
	num("usd_per_million_output_tokens", u.PerMillionOutput, ok && o.Priced && unit)
	num("kw", o.KW, ok && o.Powered)
	word("binding", string(o.Binding))
	word("tier", string(o.Tier))
	reason, why := "", ""
	if r.excluded != nil {
		reason, why = string(r.excluded.Reason), r.excluded.Text
	}
	word("reason", reason)
	word("why", why)
	address := r.state.String()
	if base != "" {
		address = base + "#" + address
	}
	word("link", address)
	return out
}

// tellNotes tells the warnings about the links of cells, each once.
func tellNotes(list []cell, s streams) {
	told := map[string]bool{}
	for i := range list {
		for _, n := range list[i].in.notes {
			if !told[n.Text] {
				told[n.Text] = true
				fmt.Fprintf(s.err, "Warning: %s\n", n.Text)
			}
		}
	}
	if len(list) > 0 {
		meant(list[0].state, s)
	}
}
