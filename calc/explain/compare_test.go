package explain

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/rag"
)

// same compares an entry with the engine's number and with its own inputs.
func same(t *testing.T, where string, b *Book, id, arg string, want float64) {
	t.Helper()
	x, ok := b.Explain(id, arg)
	if !ok {
		t.Errorf("%s: %s %s is not explained (engine %g)", where, id, arg, want)
		return
	}
	if !near(x.Value, want) && math.Abs(x.Value-want) > 1e-9 {
		t.Errorf("%s: %s %s = %.12g, engine %.12g\n%s", where, id, arg, x.Value, want, x.Plain())
	}
	if !x.Simulated() {
		retrace(t, where, b, x)
	}
}

// Every year of the growth table, for each way to state demand, to pay, and to
// place replicas.
func TestGrowthYears(t *testing.T) {
	cat := load(t)
	for _, d := range []fleet.Demand{
		{Kind: fleet.PerSecond, ReqPerS: 10},
		{Kind: fleet.People, Users: 2500, ReqPerHour: 12, PeakFactor: 2.5},
		{Kind: fleet.PerDay, ReqPerDay: 1e6, PeakP95: true},
		{Kind: fleet.InFlight, InFlight: 200},
	} {
		for _, basis := range []money.Basis{money.Rent, money.Own} {
			for _, ahead := range []*rag.Pipeline{nil, {Retrieval: 0.02, Embedder: embedder(t), Query: 30, Docs: 1e6, DocTokens: 2000, Chunk: 512, ReindexHours: 24}} {
				r := example(t)
				r.Demand, r.Money, r.Pipeline = d, money.Default(basis), ahead
				r.Model, _ = cat.Model("llama-3.3-70b")
				r.Posture = fleet.Posture{Utilization: 0.7, SpareReplicas: 1, SpareNodes: 1, Growth: 0.35, Years: 4}
				var e fleet.Estimator
				a := e.Preview(r)
				for i := 0; i < len(a.Options); i += 15 {
					o := &a.Options[i]
					years(t, &r, New(&r, &a, o, context), o)
				}
			}
		}
	}
}

// years compares all numbers of an option's growth table.
func years(t *testing.T, r *fleet.Requirement, b *Book, o *fleet.Option) {
	t.Helper()
	where := fmt.Sprintf("%s, %s, %s", o.GPU.ID, r.Demand.Kind, r.Money.Basis)
	g := o.Growth(r, max(r.Posture.Years, 3))
	total := 0.0
	for _, y := range g.Years {
		arg := strconv.Itoa(y.Year)
		same(t, where, b, "growth_peak", arg, y.Peak)
		same(t, where, b, "growth_replicas", arg, float64(y.Replicas))
		same(t, where, b, "growth_gpus", arg, float64(y.GPUs))
		same(t, where, b, "growth_nodes", arg, float64(y.Nodes))
		same(t, where, b, "growth_buy", arg, float64(y.Buy))
		if g.Priced {
			total += y.USD
			same(t, where, b, "growth_usd", arg, y.USD)
			same(t, where, b, "growth_total", arg, total)
		}
	}
	last := strconv.Itoa(len(g.Years))
	if g.Priced {
		same(t, where, b, "growth_all_usd", last, g.AllTotal)
	}
	for _, arg := range []string{"", "0", "1.5", "99", "999999999999"} {
		if x, ok := b.Explain("growth_gpus", arg); ok {
			t.Errorf("%s: year %q has %s", where, arg, x.Shown())
		}
	}
}

func TestGrowthSplit(t *testing.T) {
	r := example(t)
	r.Split = fleet.Split{Prefill: 1, Decode: 3}
	r.Posture.Growth, r.Posture.Years = 0.5, 3
	var e fleet.Estimator
	a := e.Preview(r)
	if len(a.Options) == 0 {
		t.Fatal("no options")
	}
	for i := 0; i < len(a.Options); i += 9 {
		years(t, &r, New(&r, &a, &a.Options[i], context), &a.Options[i])
	}
}

// The cost as others define it, buying against renting, and a hosted API.
func TestBreakEven(t *testing.T) {
	for _, terms := range []money.Terms{
		money.Default(money.Rent), money.Default(money.Own),
		{Basis: money.Rent, Discount: 0.3, License: 4500, Years: 4, USDPerKWh: 0.3, PUE: 1.1, AverageUse: 0.4, CO2PerKWh: 350},
		{Basis: money.Own, Discount: 0.1, Years: 2.5, USDPerKWh: 0.2, Hosting: 100, Prices: []money.Price{{GPU: "h100-sxm-80gb", USD: 20000}}},
	} {
		for _, api := range []money.API{{}, {Input: 3, Output: 15}, {Output: 2}} {
			r := example(t)
			r.Money = terms
			c := context
			c.API = api
			var e fleet.Estimator
			a := e.Preview(r)
			priced := 0
			for i := range a.Options {
				o := &a.Options[i]
				if i%12 > 0 && o.GPU.ID != "h100-sxm-80gb" {
					continue
				}
				b := New(&r, &a, o, c)
				where := fmt.Sprintf("%s, %+v, %+v", o.GPU.ID, terms, api)
				for _, d := range o.Flow.Definitions(o.Bill.PerMonth, api.Ratio()) {
					same(t, where, b, d.ID, "", d.USD)
					priced++
				}
				own, rent := r.Money.Both(o.GPU, o.Bill.GPUs, o.Bill.Use)
				if p, ok := money.CompareOwn(&own, &rent); ok {
					same(t, where, b, "payback_saving", "", p.Saved)
					same(t, where, b, "bought_running", "", own.Running())
					same(t, where, b, "bought_spent", "16.5", own.UpFront+16.5*own.Running())
					same(t, where, b, "rented_spent", "7", 7*rent.PerMonth)
					if p.Ever {
						same(t, where, b, "payback_months", "", p.Months)
					}
				}
				if p, ok := money.CompareAPI(o.USDPerMonth, o.Flow, api); ok {
					same(t, where, b, "api_month", "", p.APIPerMonth)
					same(t, where, b, "api_even_requests", "", p.ReqPerMonth)
					same(t, where, b, "api_even_tokens", "", p.TokPerMonth/1e6)
					same(t, where, b, "api_even_share", "", p.ShareOfPeak)
					same(t, where, b, "api_spent", "1500000", 1.5e6*api.PerRequest(o.Flow))
				}
				if o.Priced {
					n := 12 * o.Bill.Years
					for id, month := range map[string]float64{"usd_rent_term": o.Bill.Rent, "usd_purchase_term": o.Bill.Purchase, "usd_hosting_term": o.Bill.Hosting,
						"usd_energy_term": o.Bill.Energy, "usd_license_term": o.Bill.License} {
						if month > 0 {
							same(t, where, b, id, "", n*month)
						}
					}
				}
				if eff, ok := o.Flow.Efficiency(o.Bill.Power); ok {
					same(t, where, b, "tok_s_per_mw", "", eff.OutputTokPerSPerMW)
					same(t, where, b, "kwh_term", "", 12*o.Bill.Years*o.Bill.Power.KWhPerMonth)
				}
			}
			if priced < 8 {
				t.Errorf("%+v: only %d prices compared", terms, priced)
			}
		}
	}
}

// Every point of the price of latency.
func TestPricePoints(t *testing.T) {
	for _, d := range []fleet.Demand{{Kind: fleet.PerSecond, ReqPerS: 10}, {Kind: fleet.InFlight, InFlight: 200}} {
		r := example(t, "h100-sxm", "l40s")
		r.Demand = d
		var e fleet.Estimator
		a := e.Preview(r)
		points := 0
		for i := range a.Options {
			o := &a.Options[i]
			b := New(&r, &a, o, context)
			curve := e.PriceOfLatency(r, o.GPU, false)
			b.Price(curve.Points)
			for _, pt := range curve.Points {
				if pt.GPUs > 0 {
					points++
					same(t, o.GPU.ID, b, "price_gpus", strconv.Itoa(int(math.Round(pt.TTFT*1000))), float64(pt.GPUs))
				}
			}
			if x, ok := b.Explain("price_gpus", "123"); ok {
				t.Errorf("a target that is not on the curve has %s", x.Shown())
			}
		}
		if points < 10 {
			t.Errorf("%v: only %d points", d, points)
		}
	}
}
