//go:build !js

package cli

import (
	"fmt"
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/units"
)

// moneyText is what the first option costs, per what, and what it draws; then
// what runs before the model and how the fleet grows, where that was asked for.
func moneyText(a fleet.Answer, in input) string {
	if len(a.Options) == 0 {
		return ""
	}
	o, r := &a.Options[0], &in.req
	var b strings.Builder
	if o.Priced {
		bill := &o.Bill
		fmt.Fprintf(&b, "\nCost of the first (%s): %s a month, %s a year, %s over %s.\n", bill.Quote.Words(),
			units.USD(bill.PerMonth), units.USD(bill.PerYear()), units.USD(bill.PerTerm()), yearsText(bill.Years))
		if r.Money.Owned() {
			fmt.Fprintf(&b, "  a month: purchase %s, hosting %s, energy %s, licenses %s; up front %s\n", units.USD(bill.Purchase), units.USD(bill.Hosting),
				units.USD(bill.Energy), units.USD(bill.License), units.USD(bill.UpFront))
		}
		if u, ok := o.Flow.Units(bill.PerMonth); ok {
			fmt.Fprintf(&b, "  at an average load of %s of the peak: %s per 1,000 requests; per million tokens %s of output, or %s of input, or %s of both\n",
				units.Percent(bill.Use), units.USD(u.Per1000Requests), units.USD(u.PerMillionOutput), units.USD(u.PerMillionInput), units.USD(u.PerMillionTotal))
		}
		own, rent := r.Money.Both(o.GPU, bill.GPUs, bill.Use)
		if c, ok := money.CompareOwn(&own, &rent); ok {
			switch {
			case !c.Ever:
				b.WriteString("  owning never pays off against this rent: running it costs more\n")
			default:
				fmt.Fprintf(&b, "  owning pays off against rent after %s months\n", units.Sig(c.Months, 3))
			}
		}
		if api, ok := in.state.API(); ok {
			if c, ok := money.CompareAPI(bill.PerMonth, o.Flow, api); ok {
				fmt.Fprintf(&b, "  hosted API: %s a month for the same requests; the fleet is cheaper from %s million tokens a month on (%s of its planned peak)\n",
					units.USD(c.APIPerMonth), units.Sig(c.TokPerMonth/1e6, 3), units.Percent(c.ShareOfPeak))
			}
		}
	}
	if e, ok := o.Flow.Efficiency(o.Bill.Power); ok && o.Powered {
		fmt.Fprintf(&b, "  power: %s kW at the wall, %s kWh a month, %s output tok/s per W\n", units.Sig(o.KW, 3), units.Count(units.Round(o.Bill.Power.KWhPerMonth, 3)), units.Sig(e.OutputTokPerSPerW, 3))
		if r.Money.CO2PerKWh > 0 {
			fmt.Fprintf(&b, "  CO2: %s kg a month\n", units.Count(units.Round(o.Bill.Power.KgCO2, 3)))
		}
	}
	b.WriteString(pipelineText(o))
	b.WriteString(growthText(o, r))
	return b.String()
}

func yearsText(years float64) string {
	if years == 1 {
		return "1 year"
	}
	return units.Plain(years) + " years"
}

// pipelineText lists the stages before the model.
func pipelineText(o *fleet.Option) string {
	s := &o.Pipeline
	if s.Ahead <= 0 && len(s.Stages) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nBefore the model: %s, %d GPUs besides.\n", units.Duration(s.Ahead, 3), s.GPUs)
	if s.Retrieval > 0 {
		fmt.Fprintf(&b, "  retrieval: %s\n", units.Duration(s.Retrieval, 3))
	}
	for _, st := range s.Stages {
		fmt.Fprintf(&b, "  %s with %s: %d × %s, %s\n", st.Kind, st.Name, st.GPUs, o.GPU.Short, units.Duration(st.Latency, 3))
	}
	return b.String()
}

// growthText lists the purchase steps.
func growthText(o *fleet.Option, r *fleet.Requirement) string {
	if r.Posture.Growth <= 0 || r.Posture.Years < 2 {
		return ""
	}
	g := o.Growth(r, r.Posture.Years)
	t := table{right: []bool{true, true, true, true, true}}
	t.add("year", "peak", "GPUs", "add", "USD")
	for _, y := range g.Years {
		usd := "no price"
		if g.Priced {
			usd = units.Count(y.USD)
		}
		t.add(units.Count(float64(y.Year)), units.Sig(y.Peak, 3), units.Count(float64(y.GPUs)), units.Count(float64(y.Buy)), usd)
	}
	text := "\nGrowth:\n" + t.String()
	if g.Priced {
		text += fmt.Sprintf("Adding as needed costs %s over the years, everything from the start %s.\n", units.USD(g.Total), units.USD(g.AllTotal))
	}
	return text
}
