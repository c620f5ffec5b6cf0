//go:build !js

package cli

import (
	"flag"
	"fmt"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"
)

const reverseUsage = `Usage: fleetsize reverse [-json] [-csv] [-o FILE] [-site ADDRESS] [-whole] [-timeout DURATION]
                         [-fit FIT.json] LINK

The other way round: what accelerators at hand (own=h100-sxm:8), a monthly
budget in USD (budget=20k) or a mix of workloads (mix=chat:7,rag:3) make
possible inside the same targets and margins. A link may ask for several.

A workload of a mix has its preset's lengths and targets, or its own:
mix=chat:7:in800:out300:ttft1s:itl40ms,rag:3. The mix is sized in one pool, in
which every request meets its own workload's targets, and in pools apart.

` + outputUsage + `.json, .csv or .md; may be repeated
` + siteUsage + `  -whole
    	a budget buys whole servers only
  -timeout DURATION
    	stop after this time; what was finished is written, and the exit code is 3
  -fit FIT.json
    	use the parameters that fleetsize fit wrote for their engines

Example: fleetsize reverse 'm=llama-3.1-8b&own=h100-sxm:8&mix=chat:7,rag:3'
`

// turned is what was asked the other way round, and what is known of it.
type turned struct {
	own, budget *negotiate.Reverse
	models      []negotiate.ModelFit
	mix         *negotiate.Mix
}

// reverse answers what the link's hardware, budget and mix make possible.
func reverse(args []string, s streams) int {
	flags := flag.NewFlagSet("reverse", flag.ContinueOnError)
	timeout := flags.Duration("timeout", 0, "")
	whole := flags.Bool("whole", false, "")
	in, code, done := read("reverse", reverseUsage, flags, args, s)
	if done {
		return code
	}
	in.out.json = in.json
	var t turned
	forms := reverseForms(&in, &t)
	err := in.out.check(forms)
	pools := worker.Pools(in.state, in.req.Catalog)
	switch {
	case err != nil:
	case in.rows != nil:
		err = fmt.Errorf("-measured has nothing to stand beside here; size and estimate show the nearest row")
	case *timeout < 0:
		err = fmt.Errorf("-timeout %v is negative; write for example -timeout 2s", *timeout)
	case len(pools) == 0 && in.state.Budget == 0 && len(in.state.Mix) == 0:
		err = fmt.Errorf("the link has no hardware, budget or mix to ask about; write own=h100-sxm:8, budget=20k or mix=chat:7,rag:3")
	}
	if err != nil {
		fmt.Fprintln(s.err, "fleetsize reverse:", err)
		return exitUsage
	}
	ctx, stop := interruptible(*timeout)
	defer stop()
	est := &fleet.Estimator{}
	est.SetMeasured(in.rows)
	finished := func(study negotiate.Study) bool {
		for ctx.Err() == nil {
			if study.Step() {
				return true
			}
		}
		return false
	}
	all := true
	if len(pools) > 0 {
		own := negotiate.NewOwn(est, in.req, pools)
		all = finished(own)
		v := own.Result()
		t.own = &v
		models := negotiate.NewModels(est, in.req, pools)
		all = finished(models) && all
		t.models = models.Result()
	}
	if in.state.Budget > 0 {
		budget := negotiate.NewBudget(est, in.req, in.state.Budget, *whole)
		all = finished(budget) && all
		v := budget.Result()
		t.budget = &v
	}
	if len(in.state.Mix) > 0 {
		mix := negotiate.NewMix(est, worker.Parts(in.state, in.cat), pools)
		all = finished(mix) && all
		v := mix.Result()
		t.mix = &v
	}
	if code := in.out.write("reverse", func() string { return reverseText(&in, &t) }, forms, s); code != exitDone {
		return code
	}
	if !all {
		fmt.Fprintln(s.err, "Cut short: rows marked ≈ are not simulated.")
		return exitCut
	}
	return exitDone
}

// reverseForms are the forms of the answer.
func reverseForms(in *input, t *turned) []form {
	return []form{
		{".json", func() ([]byte, error) {
			d := wire.TurnRound(in.req, in.state, in.notes)
			if t.own != nil {
				d.Own = wire.Held(*t.own, t.models, 0)
			}
			if t.budget != nil {
				d.Budget = wire.Held(*t.budget, nil, in.state.Budget)
			}
			if t.mix != nil {
				d.Mix = wire.Mixed(*t.mix)
			}
			return wire.Encode(d)
		}},
		text(".csv", func() string { return columnsCSV(reverseColumns(in, t)) }),
		text(".md", func() string { return "```\n" + strings.TrimRight(reverseText(in, t), "\n") + "\n```\n" }),
	}
}

// reverseText is the answer for people.
func reverseText(in *input, t *turned) string {
	var b strings.Builder
	r := in.req
	if t.own != nil {
		fmt.Fprintf(&b, "The hardware at hand holds %s of %s on %s%s.\n\n", held(&t.own.Total), workloadText(*in), r.Model.Name, targetsText(r))
		b.WriteString(poolsText(in, t.own.Pools, len(t.own.Pools)))
		b.WriteString(modelsText(in, t.models))
	}
	if t.budget != nil {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s a month, most served first: %s on %s%s.\n\n", units.USD(in.state.Budget), workloadText(*in), r.Model.Name, targetsText(r))
		if len(t.budget.Pools) == 0 {
			b.WriteString("It pays for no replica with its spares on any accelerator considered; fleetsize size has what one costs.\n")
		} else {
			b.WriteString(poolsText(in, t.budget.Pools, 10))
		}
	}
	if t.mix != nil {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(mixText(in, t.mix))
	}
	fmt.Fprintf(&b, "\nLink: %s#%s\nData of %s. A month is 730 h. %s\n", in.base, in.state.String(), in.cat.Date, disclaimer)
	return b.String()
}

// held is what a pool holds in words.
func held(p *negotiate.Holds) string {
	if !p.Viable {
		return "nothing"
	}
	text := mark(p.Preview) + demandText(rounded(p.Demand))
	if p.Times > 0 {
		text += " (" + units.Percent(units.Round(p.Times, 3)) + " of the demand)"
	}
	return text
}

// rounded is a demand in three digits.
func rounded(d fleet.Demand) fleet.Demand {
	for _, x := range []*float64{&d.ReqPerS, &d.Users, &d.ReqPerDay} {
		*x = units.Round(*x, 3)
	}
	return d
}

// poolsText is a table of pools, at most the first.
func poolsText(in *input, pools []negotiate.Holds, most int) string {
	t := table{right: []bool{true, false, true, false, false, true, true, true}}
	t.add("n", "GPU", "nodes", "replicas", "holds", "of demand", "left over", "$/month")
	for i := range pools {
		p := &pools[i]
		if i == most {
			break
		}
		if !p.Viable {
			t.add(units.Count(float64(p.N)), in.short(p.GPU), units.Count(float64(p.Nodes)), "-", p.Text, "-", units.Count(float64(p.Left)), usd(p.USD, p.Priced))
			continue
		}
		n := units.Count(float64(p.Replicas-p.Spare)) + "+" + units.Count(float64(p.Spare)) + " × " + wire.LayoutName(p.Layout)
		t.add(units.Count(float64(p.N)), in.short(p.GPU), units.Count(float64(p.Nodes)), n, mark(p.Preview)+demandText(rounded(p.Demand)),
			units.Percent(units.Round(p.Times, 3)), units.Count(float64(p.Left)), usd(p.USD, p.Priced))
	}
	return t.String()
}

// usd is an amount a month, or that there is no price.
func usd(x float64, known bool) string {
	if !known {
		return "no price"
	}
	return units.Count(x)
}

// short is an accelerator as tables name it.
func (in *input) short(id string) string {
	if g, ok := in.req.Catalog.GPU(id); ok {
		return g.Short
	}
	return id
}

// modelsText names the models that run on hardware at hand.
func modelsText(in *input, models []negotiate.ModelFit) string {
	var fit []string
	for _, m := range models {
		if m.Fits {
			rate := units.Rate(units.Round(m.ReqPerS, 2))
			if in.req.Demand.Kind == fleet.InFlight {
				rate = units.Count(m.ReqPerS) + " in flight"
			}
			fit = append(fit, m.Model+" ≈"+rate)
		}
	}
	if len(models) == 0 {
		return ""
	}
	text := fmt.Sprintf("\nModels that run on it inside these targets (%d of %d, quick estimate):\n", len(fit), len(models))
	const most = 12
	if more := len(fit) - most; more > 0 {
		fit = append(fit[:most:most], fmt.Sprintf("and %d smaller ones (-json has all)", more))
	}
	if len(fit) > 0 {
		text += "  " + strings.Join(fit, "\n  ") + "\n"
	}
	return text
}
