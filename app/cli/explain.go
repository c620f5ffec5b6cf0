//go:build !js

package cli

import (
	"flag"
	"fmt"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
)

const explainUsage = `Usage: fleetsize explain [-json] [-list] [-fit FIT.json] LINK [NUMBER]

Says where a number of the answer comes from: the formula, the same with its
numbers, the origin of each, and how sure it is.

NUMBER is an entry of the registry, of the recommended accelerator or of the
one named after a colon: gpus, ttft, usd-month:l40s, prefill-compute. Without
it the link's own (x=gpus) is explained, else the count of GPUs. Every symbol of
a formula is a NUMBER of its own.

  -json
    	write JSON to standard output
  -list
    	list every NUMBER with its value
  -fit FIT.json
    	use the parameters that fleetsize fit wrote for their engines

Example: fleetsize explain 'w=rag&m=llama-3.1-8b&rps=10&ttft=3s' rate-per-gpu
`

// explainNumber says where a number comes from.
func explainNumber(args []string, s streams) int {
	flags := flag.NewFlagSet("explain", flag.ContinueOnError)
	list := flags.Bool("list", false, "")
	args, ref := numberOperand(args)
	in, code, done := read("explain", explainUsage, flags, args, s)
	if done {
		return code
	}
	if ref == "" {
		if ref = in.state.Open; ref == "" {
			ref = "gpus"
		}
	}
	ctx, stop := interruptible(0)
	defer stop()
	answer := plan(ctx, in.req, in.rows...)
	id, gpu, arg := explain.Split(ref)
	o, fault := chosenOption(&answer, in, gpu)
	if fault != "" {
		fmt.Fprintln(s.err, "fleetsize explain:", fault)
		return exitUsage
	}
	b := explain.New(&in.req, &answer, o, in.state.Context(in.req.Catalog))
	var e fleet.Estimator
	switch {
	case arg == "":
	case strings.HasPrefix(id, "price_"):
		b.Price(e.PriceOfLatency(in.req, o.GPU, true).Points)
	case strings.HasPrefix(id, "curve_"):
		b.Curve(e.LoadCurve(in.req, o))
	}
	if *list {
		return write("explain", []byte(listNumbers(b)), s)
	}
	x, ok := b.Explain(id, arg)
	if !ok {
		fmt.Fprintf(s.err, "fleetsize explain: nothing is known about %q for this answer; fleetsize explain -list LINK names what is\n", ref)
		return exitUsage
	}
	out := []byte(x.Plain())
	if in.json {
		var err error
		if out, err = wire.Encode(map[string]wire.Explained{id: wire.Explain(b, x)}); err != nil {
			fmt.Fprintln(s.err, "fleetsize explain:", err)
			return exitFailed
		}
	}
	return write("explain", out, s)
}

// takesValue are the flags that are followed by a value.
var takesValue = map[string]bool{"fit": true, "measured": true, "o": true, "site": true}

// numberOperand takes the NUMBER, an operand after the LINK that is no pair,
// out of the arguments.
func numberOperand(args []string) (rest []string, ref string) {
	seen := false
	for i, a := range args {
		if strings.HasPrefix(a, "-") && a != "-" || i > 0 && takesValue[strings.TrimLeft(args[i-1], "-")] {
			continue
		}
		if seen && !strings.ContainsAny(a, "=#?/") {
			return append(append([]string{}, args[:i]...), args[i+1:]...), strings.ReplaceAll(strings.ToLower(a), "_", "-")
		}
		seen = true
	}
	return args, ""
}

// chosenOption is the option of an accelerator, the recommended one for "".
func chosenOption(a *fleet.Answer, in input, gpu string) (o *fleet.Option, fault string) {
	if len(a.Options) == 0 {
		return nil, "no accelerator serves this; fleetsize size says why"
	}
	if gpu == "" {
		return &a.Options[0], ""
	}
	g, ok := in.req.Catalog.GPU(gpu)
	if !ok {
		return nil, fmt.Sprintf("%q is not in the accelerator catalog", gpu)
	}
	for i := range a.Options {
		if a.Options[i].GPU.ID == g.ID {
			return &a.Options[i], ""
		}
	}
	return nil, g.Name + " is no option of this answer; fleetsize size says why"
}

// listNumbers lists every entry that has a value.
func listNumbers(b *explain.Book) string {
	var out strings.Builder
	done := map[string]bool{}
	for _, f := range explain.Formulas() {
		if done[f.ID] || b.Applying(f.ID) == nil {
			continue
		}
		done[f.ID] = true
		if x, ok := b.Explain(f.ID, ""); ok {
			fmt.Fprintf(&out, "%-28s %14s  %s\n", strings.ReplaceAll(f.ID, "_", "-"), strings.ReplaceAll(x.Shown(), "\u00a0", " "), x.Title)
		}
	}
	return out.String()
}
