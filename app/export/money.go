package export

import (
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/units"
)

// PriceWords is the basis of a price: "Cloud list, 18 Nov 2026".
func PriceWords(o *fleet.Option) string {
	q := o.Bill.Quote
	text := "Cloud list"
	if q.Basis == money.Own {
		text = "Purchase"
	}
	if q.Own {
		return text + ", own price"
	}
	if q.AsOf != "" {
		text += ", " + Day(q.AsOf)
	}
	return text
}

// priceBasis is "$2.50 per GPU-hour, cloud list, 18 Nov 2026".
func priceBasis(o *fleet.Option) string {
	q := o.Bill.Quote
	if !o.Priced || !(q.USD > 0) {
		return units.NoPrice
	}
	unit := " per GPU-hour, "
	if q.Basis == money.Own {
		unit = " per GPU, "
	}
	text := "$" + units.Fixed(q.List, 2) + unit + lowerFirst(PriceWords(o))
	if q.List != q.USD && q.List > 0 {
		text += "; $" + units.Fixed(q.USD, 2) + " in force"
	}
	return text
}

// Line is a figure with its name and, where needed, its basis, and the entry of
// the registry that explains it, "" = none.
type Line struct{ Name, Value, Basis, Ref string }

// Costs is what an option costs and what its work costs, as far as it is
// known. Each price per token carries the whole cost: they are three ways to
// say one thing.
func Costs(o *fleet.Option) []Line {
	var out []Line
	add := func(ref, name, value, basis string) { out = append(out, Line{name, value, basis, ref}) }
	b := &o.Bill
	if !o.Priced {
		add("", "Cost", units.NoPrice, "enter a price to have the cost computed")
	} else {
		add("usd_month", "Cost a month", units.USD(b.PerMonth), PriceWords(o)+"; a month is 730 h")
		add("usd_year", "Cost a year", units.USD(b.PerYear()), "")
		add("usd_term", "Cost over "+units.Sig(b.Years, 3)+" years", units.USD(b.PerTerm()), "same demand all the time")
		part := func(ref, name string, usd float64, basis string) {
			if usd > 0 {
				add(ref, name, units.USD(usd)+" a month", basis)
			}
		}
		if b.UpFront > 0 {
			add("usd_up_front", "Purchase", units.USD(b.UpFront), "at the start, written off over "+units.Sig(b.Years, 3)+" years")
		}
		part("usd_hosting", "of it hosting", b.Hosting, "")
		part("usd_energy", "of it energy", b.Energy, "")
		part("usd_license", "of it licenses", b.License, "")
		if u, ok := o.Flow.Units(b.PerMonth); ok {
			use := "average load " + units.Percent(o.Flow.Use) + " of the peak"
			add("usd_per_thousand", "Per 1,000 requests", units.USD(u.Per1000Requests), use)
			add("usd_per_million_output", "Per million output tokens", units.USD(u.PerMillionOutput), "whole cost ÷ output tokens, "+use)
			add("usd_per_million_input", "Per million input tokens", units.USD(u.PerMillionInput), "whole cost ÷ input tokens, "+use)
			add("usd_per_million_total", "Per million tokens in and out", units.USD(u.PerMillionTotal), "whole cost ÷ all tokens, "+use)
		}
	}
	if o.Powered {
		add("kw", "Power at the wall", units.SigFixed(o.KW, 2)+" kW", o.PowerBasis)
		if b.Power.KWhPerMonth > 0 {
			add("kwh_month", "Energy a month", units.Sig(b.Power.KWhPerMonth, 3)+" kWh", "average load, idle draw included")
		}
		if b.Power.KgCO2 > 0 {
			add("kg_co2", "CO2 a month", units.Sig(b.Power.KgCO2, 3)+" kg", "")
		}
		if e, ok := o.Flow.Efficiency(b.Power); ok {
			add("tok_s_per_w", "Output tokens per second and watt", units.Sig(e.OutputTokPerSPerW, 2), "at the planned peak")
			add("tok_per_joule", "Output tokens per joule", units.Sig(e.OutputTokPerJoule, 2), "over the month")
		}
	}
	return out
}

// moneyRows are prices, terms and power.
func moneyRows(p *Proposal, add func(id, name, value string, stated bool, next string)) {
	s, t := &p.State, p.Req.Money
	basis := "rented by the hour"
	if t.Owned() {
		basis = "bought"
	}
	add("buy", "Price basis", basis, s.Buy == "own", "Finance")
	o := p.Best()
	if o == nil {
		return
	}
	add("px", "Price of "+GPUName(o.GPU), priceBasis(o), len(s.Prices) > 0, "Finance")
	if t.Discount > 0 {
		add("off", "Discount", units.Percent(t.Discount), true, "Finance")
	}
	if o.Bill.Years > 0 {
		add("term", "Term", units.Sig(o.Bill.Years, 3)+" years", s.Term > 0 && s.Term != 3, "Finance")
	}
	power := "no figure"
	if o.Powered {
		power = strings.TrimSpace(o.PowerBasis)
	}
	add("pue", "Power", power, s.PUE > 0, "Facility")
	if t.Owned() {
		add("kwh", "Energy price", "$"+units.Sig(t.USDPerKWh, 3)+" per kWh", s.KWh >= 0, "Facility")
		add("host", "Hosting", "$"+units.Sig(t.Hosting, 4)+" per kW and month", s.Hosting >= 0, "Facility")
	}
	if t.License > 0 {
		add("lic", "Software licenses", units.USD(t.License)+" per GPU and year", s.License >= 0, "Finance")
	}
	if t.CO2PerKWh > 0 {
		add("co2", "CO2 of a kWh", units.Sig(t.CO2PerKWh, 3)+" g", true, "Facility")
	}
	if s.APIIn > 0 || s.APIOut > 0 {
		add("api", "Hosted API for comparison", units.USD(s.APIIn)+" in, "+units.USD(s.APIOut)+" out per million tokens", true, "Finance")
	}
	add("use", "Average load", units.Percent(o.Bill.Use)+" of the peak", s.Use > 0, "Customer to check in logs")
}
