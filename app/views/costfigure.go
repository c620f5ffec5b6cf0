package views

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// costPer are the ways to state a cost. Which tokens a price per million is
// per is always said.
var costPer = []struct{ id, label, ref string }{
	{"", "a month", "usd-month"},
	{"year", "a year", "usd-year"},
	{"term", "over the term", "usd-term"},
	{"req", "per 1,000 requests", "usd-per-thousand"},
	{"out", "per 1M output tok", "usd-per-million-output"},
	{"in", "per 1M input tok", "usd-per-million-input"},
	{"total", "per 1M in + out tok", "usd-per-million-total"},
}

// costPick is the choice beside the label.
func costPick(s *Sizing, pick func(app.Context, string)) app.UI {
	var body []app.UI
	for _, c := range costPer {
		body = append(body, app.Option().Value(c.id).Selected(c.id == s.Per).Text(c.label))
	}
	return app.Select().ID("cost-per").Class("bare").Aria("label", "Cost is stated").Body(body...).
		OnChange(func(ctx app.Context, e app.Event) { pick(ctx, ctx.JSSrc().Get("value").String()) })
}

func (v *Page) pickPer(ctx app.Context, id string) { v.s.Per = id }

// costAs is the cost of an option as it is stated; ok is false where it has
// none.
func costAs(o *fleet.Option, per string) (usd float64, ok bool) {
	if !o.Priced {
		return 0, false
	}
	u, known := o.Flow.Units(o.USDPerMonth)
	switch per {
	case "":
		return o.USDPerMonth, true
	case "year":
		return 12 * o.USDPerMonth, true
	case "term":
		return 12 * o.USDPerMonth * o.Bill.Years, o.Bill.Years > 0
	case "req":
		return u.Per1000Requests, known
	case "out":
		return u.PerMillionOutput, known
	case "in":
		return u.PerMillionInput, known
	}
	return u.PerMillionTotal, known
}

func costFigure(s *Sizing, o *fleet.Option) figure {
	f := figure{id: "cost", label: "Cost a month", number: units.NoPrice, line: "no price in the catalog", limit: -1,
		note: "ranked by GPUs instead", kind: "k4", tier: "No price"}
	usd, ok := costAs(o, s.Per)
	if !ok {
		return f
	}
	f.label = "Cost"
	for _, c := range costPer {
		if c.id == s.Per {
			f.ref = c.ref
		}
	}
	f.number = approx(s) + units.USD(usd)
	f.line = "USD, 730 h a month"
	switch s.Per {
	case "term":
		f.line = "USD over " + plural(int(math.Round(o.Bill.Years)), "year")
		if o.Bill.Years != math.Trunc(o.Bill.Years) {
			f.line = "USD over " + units.Sig(o.Bill.Years, 3) + " years"
		}
	case "req", "out", "in", "total":
		f.line = "USD, all of the cost"
	}
	f.note = "no other priced option"
	if next := nextPriced(s, o); next != nil {
		if s.Per == "" {
			f.line = "Next: " + gpuName(next.GPU) + ", " + mark(onGPU("usd_month", next.GPU.ID), units.USD(next.USDPerMonth))
		}
		f.fill, f.limit = o.USDPerMonth/next.USDPerMonth, 1
		f.note = mark("saving", units.Percent(1-o.USDPerMonth/next.USDPerMonth)) + " less than next best"
		switch away := math.Abs(next.USDPerMonth - o.USDPerMonth); {
		case away < 0.5:
			f.note = "same as next best"
		case away < 0.005*next.USDPerMonth: // both print the same
			f.note = "about the same as next best"
		}
	}
	if s.Per != "" && s.Per != "year" && s.Per != "term" && o.Flow.Use > 0 {
		f.note = "at " + units.Percent(o.Flow.Use) + " of the peak on the mean"
	}
	f.kind, f.tier = "k1", "Cloud list"
	switch q := o.Bill.Quote; {
	case q.Basis == money.Own && q.Own:
		f.tier = "Own, your price"
	case q.Basis == money.Own:
		f.tier = join(", ", "Own", day(q.AsOf))
	case q.Own:
		f.tier = "Rent, your price"
	case o.GPU.Rent != nil && o.GPU.Rent.AsOf != "":
		f.tier += ", " + day(o.GPU.Rent.AsOf)
	}
	return f
}
