//go:build !js

package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/catalog"
)

// numbersOf is a group of numbers that need more than the sizing, and whose
// references have a third part: the year, the accelerator, the input moved.
type numbersOf struct {
	name, about string
	prefixes    []string // of entries
}

// numberGroups are the groups, in the order of the help text.
var numberGroups = []numbersOf{
	{"growth", "year by year", []string{"growth_"}},
	{"price", "GPUs with other TTFT targets", []string{"price_"}},
	{"curve", "one replica under rising load", []string{"curve_"}},
	{"steps", "one step of some requests of a length", nil},
	{"figures", "work, memory and time of static batches", []string{"fig_"}},
	{"moves", "what moves the answer", []string{"move_"}},
	{"pareto", "speed of one answer against output of one GPU", []string{"front_"}},
	{"hardware", "every accelerator side by side", []string{"side_"}},
	{"scenarios", "summarization, chat, reasoning", []string{"shape_"}},
	{"reverse", "hardware at hand or a budget (own=, budget=)", []string{"hold_"}},
	{"models", "models on the hardware at hand (own=)", []string{"fit_"}},
	{"mix", "workloads that share GPUs (mix=)", []string{"mix_"}},
	{"options", "options of the link (b.KEY, c.KEY) against it", []string{"less_", "over_", "sooner"}},
	{"catalog", "what the catalog holds of accelerators and models", []string{"cat_"}},
}

func (n *numbersOf) has(id string) bool {
	if n.name == "steps" {
		return strings.HasSuffix(id, "_at") && id != "next_replica_at" && id != "front_at"
	}
	return id != "front_end" && slices.ContainsFunc(n.prefixes, func(p string) bool { return strings.HasPrefix(id, p) })
}

// groupNamed is the group of a name; nil where there is none.
func groupNamed(name string) *numbersOf {
	for i := range numberGroups {
		if numberGroups[i].name == name {
			return &numberGroups[i]
		}
	}
	return nil
}

// groupOf is the group of an entry; nil where the sizing alone has it.
func groupOf(id string) *numbersOf {
	for i := range numberGroups {
		if numberGroups[i].has(id) {
			return &numberGroups[i]
		}
	}
	return nil
}

// explained is what the numbers of an answer are explained from.
type explained struct {
	in     input
	link   link.State // with its options, where in is one of them
	letter string     // of the option that in is, "a" = the link itself
	est    *fleet.Estimator
	answer fleet.Answer
	option *fleet.Option // nil where nothing meets the targets
	book   *explain.Book
	known  explain.Studies
	price  []fleet.PricePoint
	curve  []fleet.LoadPoint
}

// study computes what the numbers of a group need, and tells the book.
func (x *explained) study(ctx context.Context, group string) {
	run := func(s negotiate.Study) {
		for ctx.Err() == nil && !s.Step() {
		}
	}
	r, st := x.in.req, x.in.state
	pools := worker.Pools(st, r.Catalog)
	switch group {
	case "price":
		if x.option != nil {
			x.price = x.est.PriceOfLatency(r, x.option.GPU, true).Points
			x.book.Price(x.price)
		}
	case "curve":
		if x.option != nil {
			x.curve = x.est.LoadCurve(r, x.option)
			x.book.Curve(x.curve)
		}
	case "moves":
		if x.option != nil {
			s := negotiate.NewMoves(x.est, r, x.option.GPU)
			run(s)
			v := s.Result()
			x.known.Moves = &v
		}
	case "pareto":
		s := negotiate.NewPareto(x.est, r, x.fronts())
		run(s)
		v := s.Result()
		x.known.Pareto = &v
	case "hardware":
		s := negotiate.NewHardware(x.est, r)
		run(s)
		x.known.Hardware = s.Result()
	case "scenarios":
		if x.option != nil {
			s := negotiate.NewScenarios(x.est, worker.ScenarioRequirements(st, x.in.cat), x.option.GPU)
			run(s)
			x.known.Rows = s.Result()
		}
	case "reverse":
		var s *negotiate.ReverseStudy
		switch {
		case st.Budget > 0:
			s = negotiate.NewBudget(x.est, r, st.Budget, false)
		case len(pools) > 0:
			s = negotiate.NewOwn(x.est, r, pools)
		default:
			return
		}
		run(s)
		v := s.Result()
		x.known.Reverse = &v
	case "models":
		if len(pools) > 0 {
			s := negotiate.NewModels(x.est, r, pools)
			run(s)
			x.known.Models = s.Result()
		}
	case "mix":
		if len(st.Mix) > 0 {
			s := negotiate.NewMix(x.est, worker.Parts(st, x.in.cat), pools)
			run(s)
			v := s.Result()
			x.known.Mix = &v
		}
	case "options":
		x.known.Others = map[string]*fleet.Option{}
		for _, letter := range []byte("abc") {
			other, ok := x.link.Option(x.in.cat, letter)
			if !ok {
				continue
			}
			req, _ := other.Requirement(x.in.cat)
			if a := planWith(ctx, x.est, req); len(a.Options) > 0 {
				x.known.Others[string(letter)] = &a.Options[0]
			}
		}
	}
	x.book.Studies(x.known)
}

// mostFronts is how many accelerators the curves of speed against output have.
const mostFronts = 4

// fronts are the accelerator in hand and the best of the answer.
func (x *explained) fronts() (list []*catalog.GPU) {
	if x.option != nil {
		list = append(list, x.option.GPU)
	}
	for i := range x.answer.Options {
		if g := x.answer.Options[i].GPU; len(list) < mostFronts && !slices.Contains(list, g) {
			list = append(list, g)
		}
	}
	return list
}

// arguments are the third parts that references to a group's numbers may have.
func (x *explained) arguments(group string) (args []string) {
	add := func(a string) { args = append(args, a) }
	count := func(n int) {
		for i := range n {
			add(strconv.Itoa(i))
		}
	}
	d := &x.known
	switch group {
	case "growth":
		for y := 1; y <= max(x.in.req.Posture.Years, 3); y++ {
			add(strconv.Itoa(y))
		}
	case "price":
		for _, p := range x.price {
			add(strconv.Itoa(int(math.Round(p.TTFT * 1000))))
		}
	case "curve":
		for _, p := range x.curve {
			add(strconv.Itoa(p.InFlight))
		}
	case "steps":
		for _, prefill := range []bool{true, false} {
			for _, requests := range []float64{1, 8, 64} {
				for _, tokens := range []float64{1024, 8192, 32768} {
					add(explain.PointArg(prefill, requests, tokens))
				}
			}
		}
	case "figures":
		args = append(args, "p", "d", "1")
		if x.option != nil && x.option.Memory.Slots > 1 {
			add(strconv.Itoa(x.option.Memory.Slots))
		}
	case "moves":
		if d.Moves != nil {
			for _, m := range d.Moves.Moves {
				args = append(args, string(m.Input)+".lo", string(m.Input)+".hi")
			}
		}
	case "pareto":
		for _, f := range d.Pareto.Frontiers {
			add(f.GPU)
			for i := range f.Points {
				add(f.GPU + ":" + strconv.Itoa(i))
			}
		}
	case "hardware":
		for i := range d.Hardware {
			add(d.Hardware[i].GPU)
		}
	case "scenarios":
		count(len(d.Rows))
	case "reverse":
		if d.Reverse != nil {
			add("t")
			count(len(d.Reverse.Pools))
		}
	case "models":
		for _, m := range d.Models {
			add(m.Model)
		}
	case "mix":
		if d.Mix != nil {
			for i, f := range d.Mix.Fleets {
				add(strconv.Itoa(i))
				for k := range max(len(f.Parts), len(f.Classes)) {
					add(strconv.Itoa(i) + "." + strconv.Itoa(k))
				}
			}
		}
	case "options":
		for _, letter := range []string{"a", "b", "c"} {
			if o := d.Others[letter]; o != nil && x.letter != letter {
				add(letter)
			}
		}
	case "catalog":
		for _, g := range x.in.req.Catalog.GPUs {
			add(g.ID)
		}
		for _, m := range x.in.req.Catalog.Models {
			add(m.ID)
		}
	}
	return args
}

// hasArgument reports whether an entry can have a third part: parts of a mix
// are of three entries only.
func hasArgument(id, arg string) bool {
	switch id {
	case "mix_part", "mix_ttft", "mix_itl":
		return strings.Contains(arg, ".")
	}
	return !strings.HasPrefix(id, "mix_") || !strings.Contains(arg, ".")
}

// spelled is the third part of a reference with names as the catalog has them.
func (x *explained) spelled(group, arg string) string {
	switch group {
	case "hardware", "pareto", "catalog", "models":
	default:
		return arg
	}
	parts := strings.Split(arg, ":")
	for i, p := range parts {
		if g, ok := x.in.req.Catalog.GPU(p); ok && group != "models" {
			parts[i] = g.ID
		} else if m, ok := x.in.req.Catalog.Model(p); ok {
			parts[i] = m.ID
		}
	}
	return strings.Join(parts, ":")
}

// asksFor says what a link lacks for the numbers of a group, "" = nothing.
func asksFor(st *link.State, group string) string {
	switch {
	case group == "reverse" && len(st.Own) == 0 && st.Budget == 0:
		return "the link has no hardware or budget to ask about; write own=h100-sxm:8 or budget=20k"
	case group == "models" && len(st.Own) == 0:
		return "the link has no hardware to ask about; write own=h100-sxm:8"
	case group == "mix" && len(st.Mix) == 0:
		return "the link has no mix; write mix=chat:7,rag:3"
	case group == "options" && len(st.Differs('b')) == 0 && len(st.Differs('c')) == 0:
		return "the link has no option to compare with; write what differs in one, for example b.g=l40s"
	}
	return ""
}

// groupsText lists the groups for the end of a list.
func groupsText() string {
	var b strings.Builder
	b.WriteString("\nMore with fleetsize explain -list LINK GROUP:\n")
	t := table{}
	for _, g := range numberGroups {
		t.add("  "+g.name, g.about)
	}
	b.WriteString(t.String())
	return b.String()
}

// letterOf takes the option off a reference: "b.gpus" is 'b' and "gpus".
func letterOf(ref string) (letter byte, rest string) {
	if len(ref) > 2 && ref[1] == '.' && ref[0] >= 'a' && ref[0] <= 'c' {
		return ref[0], ref[2:]
	}
	return 0, ref
}

// noOption says that a link has no option of a letter.
func noOption(letter byte) error {
	return fmt.Errorf("the link has no option %c: write what differs in it, for example %c.g=l40s", letter, letter)
}
