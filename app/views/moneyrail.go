package views

import (
	"fleetsize/app/link"
	"fleetsize/calc/money"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// moneyBody is how accelerators are paid for.
func (v *Page) moneyBody() []app.UI {
	owned := v.s.Req.Money.Owned()
	basis := v.radios("seg", "Paid for", "buy", []option{
		{id: "cloud", label: "Rent", title: "Per GPU-hour; energy and hosting are in it", on: !owned},
		{id: "own", label: "Own", title: "Bought, hosted and powered", on: owned},
	}, func(ctx app.Context, id string) {
		v.edit(ctx, edit{change: func(st *state) {
			if st.Buy != id {
				st.Buy, st.Prices = id, nil // a price per hour is none per GPU
			}
		}})
	})
	return []app.UI{basis, v.moneyMore()}
}

func (v *Page) moneyMore() app.UI {
	st := v.s.State
	plain := defaults
	plain.Buy = st.Buy
	changed := st.MoneyPairs() != plain.MoneyPairs()
	var body []app.UI
	if v.moneyOpen {
		body = v.moneyList()
	}
	return v.more("money-more", moneySummary(v.s), changed, body...).
		On("toggle", func(ctx app.Context, e app.Event) { v.moneyOpen = ctx.JSSrc().Get("open").Truthy() })
}

// moneySummary is "Cloud list, USD" or "Own, 3 years, $0.12/kWh".
func moneySummary(s *Sizing) string {
	t := &s.Req.Money
	own := ""
	if n := len(t.Prices); n > 0 {
		own = plural(n, "own price")
	}
	discount := ""
	if t.Discount > 0 {
		discount = units.Percent(t.Discount) + " off"
	}
	if t.Owned() {
		return join(", ", "Own, "+units.Sig(t.Years, 2)+" years", "$"+units.Sig(t.USDPerKWh, 2)+"/kWh", own, discount)
	}
	return join(", ", "Cloud list, USD", own, discount)
}

func (v *Page) moneyList() []app.UI {
	s := v.s
	body := []app.UI{v.numberField("off", "Off the price below")}
	body = append(body, v.priceFields()...)
	if s.Req.Money.Owned() {
		body = append(body,
			v.numberField("term", "Straight line, nothing left over"),
			v.numberField("host", "Per kW of IT power and month, energy not included"),
		)
	}
	lic := "Per GPU and year"
	if s.Req.Engine != nil && s.Req.Engine.ID == "nim" && !s.Req.Money.Owned() && s.State.License < 0 {
		lic = "NIM needs NVIDIA AI Enterprise, list 4,500 a GPU and year: not in the rent"
	}
	body = append(body,
		v.numberField("lic", lic),
		v.numberField("kwh", ""),
		v.numberField("pue", "Facility power over IT power"),
		v.numberField("use", useHint(s)),
		v.numberField("co2", "Of the grid; off = not reckoned"),
		v.numberField("apiin", "A hosted model's price, to compare with"),
		v.numberField("apiout", "Per million tokens"),
	)
	return append(body, v.profilesUI()...)
}

// useHint says where the average load comes from.
func useHint(s *Sizing) string {
	switch {
	case s.State.Use > 0:
		return "Of the planned peak, over the month"
	case s.Req.Use() < 1:
		return "From the peak factor; prices per token are at this load"
	}
	return "The peak all month, as the demand says no more"
}

// priceRows is how many accelerators the price table shows.
const priceRows = 6

// priceFields are the prices of the accelerators in front, and of those that
// have one of the user's own.
func (v *Page) priceFields() []app.UI {
	s := v.s
	var list []*catalog.GPU
	seen := map[string]bool{}
	add := func(g *catalog.GPU, ok bool) {
		if ok && g != nil && !seen[g.ID] {
			seen[g.ID] = true
			list = append(list, g)
		}
	}
	for _, p := range s.State.Prices {
		add(s.Catalog().GPU(p.GPU))
	}
	for i, o := range s.Now().Options {
		if i < priceRows {
			add(o.GPU, true)
		}
	}
	unit := "per GPU-hour"
	if s.Req.Money.Owned() {
		unit = "per GPU"
	}
	body := []app.UI{leaf("h3", "", "USD "+unit)}
	for _, g := range list {
		hint := "No price"
		if q, ok := s.Req.Money.Quote(g); ok {
			hint = quoteWords(q)
			if q.Low > 0 && q.High > q.Low {
				hint += ", seen " + units.Span(units.Sig(q.Low, 3), units.Sig(q.High, 3))
			}
			if s.Req.Money.Owned() && !q.Own {
				hint += ", server " + units.Percent(money.ServerPriceShare) + " on top"
			}
		}
		body = append(body, v.numberField(priceField(g), hint))
	}
	return body
}

// priceField is the id of the price input of an accelerator.
func priceField(g *catalog.GPU) string {
	id := "px:" + g.ID
	if fields[id] != nil {
		return id
	}
	gpu := g
	fields[id] = &field{id: id, label: gpuName(g), lo: 1e-4, hi: 1e7, canBeOff: true, plain: true, parse: number,
		get: func(s *Sizing) float64 {
			if q, ok := s.Req.Money.Quote(gpu); ok {
				return q.List
			}
			return orOff(0)
		},
		set: func(st *state, x float64) {
			var list []link.PriceItem
			for _, p := range st.Prices {
				if p.GPU != gpu.ID {
					list = append(list, p)
				}
			}
			if x > 0 {
				list = append(list, link.PriceItem{GPU: gpu.ID, USD: x})
			}
			st.Prices = list
		},
	}
	f := fields[id]
	f.reset = func(st *state) { f.set(st, 0) }
	return id
}
