//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
)

const explainUsage = `Usage: fleetsize explain [-json] [-fit FIT.json] LINK [NUMBER]
       fleetsize explain -list [-json] LINK [GROUP]

Says where a number of the answer comes from: the formula, the same with its
numbers, the origin of each, and how sure it is.

NUMBER is an entry of the registry, of the recommended accelerator or of the
one named after a colon: gpus, ttft, usd-month:l40s, prefill-compute. Without
it the link's own (x=gpus) is explained, else the count of GPUs. Every symbol of
a formula is a NUMBER of its own. Numbers of an option of the link begin with
its letter: b.gpus. Some have a third part that says which one of many they
are, a year (growth-gpus::2), an input and its end (move-gpus::in.hi), a step of
32 requests of 4,096 tokens (step-at::d32x4096, or p32x4096 while their prompts
are computed): the groups of -list have them all.

  -json
    	write JSON to standard output
  -list
    	list every NUMBER with its value, or those of a GROUP: growth, price,
    	curve, steps, figures, moves, pareto, hardware, scenarios, reverse,
    	models, mix, options, catalog
  -fit FIT.json
    	use the parameters that fleetsize fit wrote for their engines
` + measuredUsage + `
Example: fleetsize explain 'w=rag&m=llama-3.1-8b&rps=10&ttft=3s' rate-per-gpu
`

// explainNumber says where a number comes from.
func explainNumber(args []string, s streams) int {
	flags := flag.NewFlagSet("explain", flag.ContinueOnError)
	list := flags.Bool("list", false, "")
	fail := func(err error) int {
		fmt.Fprintln(s.err, "fleetsize explain:", err)
		return exitUsage
	}
	args, ref := numberOperand(args)
	if _, more := numberOperand(args); ref != "" && more != "" {
		return fail(fmt.Errorf("%q and %q: explain takes one NUMBER at a time", ref, more))
	}
	in, code, done := read("explain", explainUsage, flags, args, s)
	if done {
		return code
	}
	if in.out.csv || len(in.out.files) > 0 || in.out.site != "" {
		return fail(errors.New("an explanation is text or, with -json, JSON: leave out -csv, -o and -site"))
	}
	var group *numbersOf
	if *list && ref != "" {
		if group = groupNamed(ref); group == nil {
			var names []string
			for _, g := range numberGroups {
				names = append(names, g.name)
			}
			return fail(fmt.Errorf("-list: %q is no group of numbers: write %s, or nothing", ref, strings.Join(names, ", ")))
		}
	} else if ref == "" && !*list {
		if ref = in.state.Open; ref == "" {
			ref = "gpus"
		}
	}
	letter, rest := letterOf(ref)
	whole := in.state
	id, gpu, arg := explain.Split(rest)
	if !*list {
		group = groupOf(id)
	}
	if letter != 0 {
		st, ok := in.state.Option(in.cat, letter)
		if !ok {
			return fail(noOption(letter))
		}
		req, _ := st.Requirement(in.cat)
		in.req, in.state = req, st
	}
	if group != nil {
		if lack := asksFor(&whole, group.name); lack != "" {
			return fail(errors.New(lack))
		}
	}
	ctx, stop := interruptible(0)
	defer stop()
	x := explained{in: in, link: whole, letter: string(max(letter, 'a')), est: &fleet.Estimator{}}
	x.est.SetMeasured(in.rows)
	x.answer = planWith(ctx, x.est, in.req)
	o, fault := chosenOption(&x.answer, in, gpu)
	if fault != "" && (gpu != "" || group == nil || len(x.answer.Options) > 0) {
		return fail(errors.New(fault))
	}
	x.option = o
	x.book = explain.New(&in.req, &x.answer, o, in.state.Context(in.req.Catalog))
	if group != nil {
		x.study(ctx, group.name)
		arg = x.spelled(group.name, arg)
	}
	var out []byte
	var err error
	switch {
	case *list && in.json:
		doc := map[string]wire.Explained{}
		for _, n := range x.numbers(group) {
			doc[n.ref] = wire.Explain(x.book, n.x)
		}
		out, err = wire.Encode(doc)
	case *list:
		out = []byte(x.list(group))
	default:
		found, ok := x.book.Explain(id, arg)
		if !ok {
			hint := "fleetsize explain -list LINK names what is"
			if group != nil {
				hint = "fleetsize explain -list LINK " + group.name + " names what is"
			}
			return fail(fmt.Errorf("nothing is known about %q for this answer; %s", ref, hint))
		}
		out = []byte(found.Plain())
		if in.json {
			out, err = wire.Encode(map[string]wire.Explained{id: wire.Explain(x.book, found)})
		}
	}
	if err != nil {
		fmt.Fprintln(s.err, "fleetsize explain:", err)
		return exitFailed
	}
	if code := write("explain", out, s); code != exitDone || ctx.Err() == nil {
		return code
	}
	fmt.Fprintln(s.err, "Cut short: what was not finished is missing, or a quick estimate.")
	return exitCut
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

// refNumber is a number with its reference.
type refNumber struct {
	ref string
	x   *explain.Explanation
}

// numbers are all that have a value: of a group, or of the sizing itself.
func (x *explained) numbers(group *numbersOf) (list []refNumber) {
	args := []string{""}
	if group != nil {
		args = append(x.arguments(group.name), "")
	}
	done := map[string]bool{}
	for _, f := range explain.Formulas() {
		if done[f.ID] || (group == nil) != (groupOf(f.ID) == nil) || group != nil && !group.has(f.ID) {
			continue
		}
		done[f.ID] = true
		if group == nil && x.book.Applying(f.ID) == nil {
			continue
		}
		for _, arg := range args {
			if !hasArgument(f.ID, arg) {
				continue
			}
			if found, ok := x.book.Explain(f.ID, arg); ok {
				ref := explain.Ref(f.ID, "", arg)
				if group != nil && arg == "" && len(list) > 0 && strings.HasPrefix(list[len(list)-1].ref, ref+":") {
					continue // the same without saying of what
				}
				list = append(list, refNumber{ref, found})
			}
		}
	}
	return list
}

// list is the numbers for people.
func (x *explained) list(group *numbersOf) string {
	t := table{right: []bool{false, true}}
	for _, n := range x.numbers(group) {
		about := n.x.Title
		if group != nil && n.x.GPU != "" {
			about += ", " + n.x.GPU
		}
		t.add(n.ref, strings.ReplaceAll(n.x.Shown(), "\u00a0", " "), about)
	}
	switch {
	case group == nil:
		return t.String() + groupsText()
	case len(t.rows) == 0:
		return "Nothing of " + group.name + " has a number for this answer.\n"
	}
	return t.String()
}
