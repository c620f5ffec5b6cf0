package explain

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
)

// compared is leaf for the years of growth, for buying against renting, for a
// hosted API and for other targets; ok is false for other inputs.
func (b *Book) compared(id string) (v float64, s Source, ok bool) {
	o, api := b.Opt, b.context.API
	own, rent := b.Req.Money.Pair()
	switch id {
	case "growth_year":
		if y := b.number(); y >= 1 && y == math.Trunc(y) && y <= float64(b.span()) {
			return y, ours("row of the table"), true
		}
		return math.NaN(), Source{}, true
	case "growth_gpus_before", "growth_usd_before", "growth_instances_nodes":
		v, s = b.grown(id)
		return v, s, true
	case "price_ratio":
		if r := api.Ratio(); r > 0 {
			return r, b.given("api", FromDefault), true
		}
		return money.DefaultRatio, ours("no hosted price is stated: hosted APIs charge 3 to 5 times as much for an output token"), true
	case "api_input", "api_output":
		if api.Input == 0 && api.Output == 0 { // nobody has stated a price
			return math.NaN(), Source{}, true
		}
		if id == "api_input" {
			return api.Input, b.given("api", FromDefault), true
		}
		return api.Output, b.given("api", FromDefault), true
	case "requests_compared", "months_spent":
		return b.number(), ours("point of the line"), true
	case "rent_price":
		v, s = b.quoted(&rent)
		return v, s, true
	case "purchase_price":
		v, s = b.quoted(&own)
		return v, s, true
	case "bought_hosting_per_kw":
		return own.Hosting, b.term("host", money.HostingSource), true
	case "bought_usd_per_kwh":
		return own.USDPerKWh, b.term("kwh", money.EnergySource), true
	case "price_target":
		if pt := b.pricePoint(); pt != nil {
			return pt.TTFT, ours("point of the curve"), true
		}
		return math.NaN(), Source{}, true
	case "price_gpus_per_replica":
		if pt := b.pricePoint(); pt != nil {
			return float64(pt.Layout.GPUs()), Source{Origin: FromRule, Text: "layout " + pt.Layout.String() + ": on " + name(o) + " the fewest GPUs at this target"}, true
		}
		return math.NaN(), Source{}, true
	}
	return 0, Source{}, false
}

// quoted is the price of one accelerator under terms t; NaN where there is
// none.
func (b *Book) quoted(t *money.Terms) (float64, Source) {
	q, ok := t.Quote(b.Opt.GPU)
	switch {
	case !ok:
		return math.NaN(), Source{}
	case q.Own:
		return q.USD, Source{Origin: FromUser, Key: "px", Text: "you entered", Confirmed: b.context.Confirmed["px"]}
	}
	return q.USD, Source{Origin: FromCatalog, Key: "px", Text: dated(q.Source, q.AsOf)}
}

// shownYears is how far growth is shown at least, in years.
const shownYears = 3

// span is how many years of growth can be asked for.
func (b *Book) span() int { return max(b.Req.Posture.Years, shownYears) }

// grown is what the years before the one in hand leave.
func (b *Book) grown(id string) (float64, Source) {
	y := int(b.value("growth_year"))
	if y < 1 || y > b.span() {
		return math.NaN(), Source{}
	}
	if b.years == nil {
		g := b.Opt.Growth(b.Req, b.span())
		b.years = &g
	}
	if id == "growth_instances_nodes" {
		return float64(fleet.Nodes(b.years.Years[y-1].Replicas, b.Opt.Layout, b.Opt.GPU)), ours("instances stay inside a server")
	}
	before := b.years.Years[:y-1]
	switch {
	case y == 1:
		return 0, ours("the first year")
	case id == "growth_gpus_before":
		return float64(before[y-2].GPUs), ours("the same formula for the year before")
	case !b.years.Priced:
		return math.NaN(), Source{}
	}
	sum := 0.0
	for _, x := range before {
		sum += x.USD
	}
	return sum, ours("the same formula for the years before, added")
}

// pricePoint is the point of the price of latency whose target the reference
// names in milliseconds; nil where there is none.
func (b *Book) pricePoint() *fleet.PricePoint {
	ms := b.number()
	for i := range b.price {
		if pt := &b.price[i]; pt.GPUs > 0 && math.Round(pt.TTFT*1000) == ms {
			return pt
		}
	}
	return nil
}
