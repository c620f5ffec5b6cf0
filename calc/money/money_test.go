package money

import (
	"math"
	"math/rand/v2"
	"testing"

	"fleetsize/catalog"
)

// h100 is an H100 with round numbers: 2.50 USD an hour, 30,000 USD, 1.3 kW all-in.
func h100() *catalog.GPU {
	return &catalog.GPU{ID: "h100", TDPWatts: 700, AllInKW: &catalog.Figure{Value: 1.3},
		Rent:     &catalog.Price{USD: 2.5, AsOf: "2026-05-20", Source: "list", Low: 1.3, High: 4.29},
		Purchase: &catalog.Price{USD: 30000, AsOf: "2026-08-21", Source: "list"}}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

// The zero Terms are the catalog's rent: 2.50 · 730 · 4 = 7,300 USD a month.
func TestRentOfZeroTerms(t *testing.T) {
	var terms Terms
	b := terms.Bill(h100(), 4, 1)
	if !b.Priced || b.PerMonth != 7300 || b.PerYear() != 87600 || b.PerTerm() != 262800 || b.UpFront != 0 {
		t.Errorf("Bill = %+v, want 7,300 a month and 262,800 over three years", b)
	}
	if b.Energy != 0 || b.Hosting != 0 {
		t.Errorf("rent has energy and hosting in it: %+v", b)
	}
	if q := b.Quote; q.AsOf != "2026-05-20" || q.Source != "list" || q.Words() != "cloud list, 2026-05-20" || q.Low != 1.3 {
		t.Errorf("quote %+v says %q", q, q.Words())
	}
}

// Worked by hand: 8 × H100, 5 years, 0.10 USD/kWh, 180 USD/kW·month, 4,500 USD
// licenses, average load 50 %.
//
//	purchase 8 · 30,000 · 4/3 = 320,000 ÷ 60            = 5,333.33
//	IT power 8 · 1.3 ÷ 1.3 = 8 kW · 180                 = 1,440
//	energy   8 · 1.3 = 10.4 kW · (0.3 + 0.7 · 0.5) · 730 · 0.10 = 493.48
//	licenses 8 · 4,500 ÷ 12                             = 3,000
func TestOwnByHand(t *testing.T) {
	terms := Terms{Basis: Own, Years: 5, USDPerKWh: 0.10, PUE: 1.3, Hosting: 180, License: 4500, CO2PerKWh: 400}
	b := terms.Bill(h100(), 8, 0.5)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"up front", b.UpFront, 320000}, {"purchase", b.Purchase, 320000.0 / 60}, {"hosting", b.Hosting, 1440},
		{"energy", b.Energy, 493.48}, {"licenses", b.License, 3000}, {"a month", b.PerMonth, 320000.0/60 + 1440 + 493.48 + 3000},
		{"kW", b.Power.KW, 10.4}, {"average kW", b.Power.AverageKW, 6.76}, {"kWh", b.Power.KWhPerMonth, 4934.8},
		{"kg CO2", b.Power.KgCO2, 1973.92}, {"running", b.Running(), 4933.48}, {"term", b.PerTerm(), 320000 + 4933.48*60},
	} {
		if !near(c.got, c.want) {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
}

// NVIDIA's sizing course: a server of eight at 320,000 USD over four years,
// 3,000 USD hosting and 8 · 4,500 USD licenses a year = 119,000 USD a year.
func TestServerYearOfTheCourse(t *testing.T) {
	g := h100()
	// 3,000 USD a year of hosting on 8 kW of IT power.
	terms := Terms{Basis: Own, Years: 4, PUE: 1.3, Hosting: 3000.0 / 12 / 8, License: 4500}
	if b := terms.Bill(g, 8, 1); !near(b.PerYear(), 119000) {
		t.Errorf("a year costs %v, want 119,000", b.PerYear())
	}
	// 4.8 servers serve 200 requests/s: 0.0906 USD per 1,000 at full load (the
	// course divides the cost of 4.8 servers by the prompts of one and prints 0.436).
	f := Flow{PeakReqPerS: 200, Input: 2000, Output: 200, Use: 1}
	u, ok := f.Units(4.8 * 119000 / 12)
	if !ok || math.Abs(u.Per1000Requests-0.0906) > 1e-4 {
		t.Errorf("per 1,000 requests %v, want 0.0906", u.Per1000Requests)
	}
}

func TestQuotes(t *testing.T) {
	g := h100()
	for _, c := range []struct {
		name  string
		terms Terms
		want  float64
		words string
	}{
		{"list", Terms{}, 2.5, "cloud list, 2026-05-20"},
		{"discount", Terms{Discount: 0.2}, 2, "cloud list, 2026-05-20"},
		{"own price", Terms{Prices: []Price{{"h100", 1.9}}}, 1.9, "cloud list, your price"},
		{"own price of another", Terms{Prices: []Price{{"l40s", 1.9}}}, 2.5, "cloud list, 2026-05-20"},
		{"purchase with its server", Terms{Basis: Own}, 40000, "purchase, 2026-08-21"},
		{"own purchase is all-in", Terms{Basis: Own, Prices: []Price{{"h100", 35000}}, Discount: 0.1}, 31500, "purchase, your price"},
	} {
		q, ok := c.terms.Quote(g)
		if !ok || !near(q.USD, c.want) || q.Words() != c.words || q.Source == "" {
			t.Errorf("%s: %+v %q, want %v %q", c.name, q, q.Words(), c.want, c.words)
		}
	}
}

// What is not known is not free.
func TestUnknownIsNotZero(t *testing.T) {
	var rent Terms
	own := Default(Own)
	bare := &catalog.GPU{ID: "x", TDPWatts: 300}
	dark := &catalog.GPU{ID: "y", Purchase: &catalog.Price{USD: 1000}, Rent: &catalog.Price{USD: 1}}
	for _, c := range []struct {
		name            string
		terms           Terms
		g               *catalog.GPU
		priced, powered bool
	}{
		{"no rent", rent, bare, false, true},
		{"no purchase price", own, bare, false, true},
		{"rent without power", rent, dark, true, false},
		{"owned without power", own, dark, false, false},
	} {
		b := c.terms.Bill(c.g, 2, 1)
		if b.Priced != c.priced || b.Powered != c.powered {
			t.Errorf("%s: priced %v, powered %v", c.name, b.Priced, b.Powered)
		}
		if !b.Priced && b.PerMonth != 0 {
			t.Errorf("%s: %v USD", c.name, b.PerMonth)
		}
	}
	if _, ok := (Flow{Input: 1, Output: 1}).Units(100); ok {
		t.Error("a fleet without requests has a price per request")
	}
	if _, ok := (Flow{PeakReqPerS: 1, Input: 1, Output: 1}).Efficiency(Power{}); ok {
		t.Error("unknown power has an efficiency")
	}
	if _, ok := CompareOwn(&Bill{}, &Bill{Priced: true}); ok {
		t.Error("an unpriced fleet breaks even")
	}
	if _, ok := CompareAPI(100, Flow{PeakReqPerS: 1, Input: 1, Output: 1}, API{}); ok {
		t.Error("a free API breaks even")
	}
}

// An eight-GPU H100 server is rated 10.2 kW; at PUE 1.3 that is 13.26 kW. An
// all-in figure wins.
func TestPower(t *testing.T) {
	var terms Terms
	p, ok := terms.Power(&catalog.GPU{TDPWatts: 700}, 8, 1)
	if !ok || math.Abs(p.KW-13.26) > 0.02 || math.Abs(p.ITKW-10.2) > 0.01 || p.Basis != "rated power × server × PUE 1.3" {
		t.Errorf("Power(700 W, 8) = %+v", p)
	}
	all := &catalog.GPU{TDPWatts: 700, AllInKW: &catalog.Figure{Value: 1.73}}
	if p, _ := terms.Power(all, 2, 1); p.KW != 3.46 || p.Basis != "all-in figure" {
		t.Errorf("an all-in figure must win: %+v", p)
	}
	terms.PUE = 1.1
	if p, _ := terms.Power(all, 2, 1); !near(p.KW, 3.46/1.3*1.1) || p.Basis != "all-in figure at PUE 1.1" {
		t.Errorf("at PUE 1.1: %+v", p)
	}
}

// 10 requests/s all month on 7,300 USD: 26.28 million requests, 0.2778 USD per
// 1,000; 5,000 in, 500 out.
func TestUnitsByHand(t *testing.T) {
	f := Flow{PeakReqPerS: 10, Input: 5000, Output: 500, Use: 1}
	u, ok := f.Units(7300)
	if !ok {
		t.Fatal("no units")
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"per 1,000 requests", u.Per1000Requests, 7300 / 26.28e6 * 1e3},
		{"per million output", u.PerMillionOutput, 0.555555555555},
		{"per million input", u.PerMillionInput, 0.0555555555555},
		{"per million total", u.PerMillionTotal, 0.0505050505050},
		{"output tokens per USD", u.OutputPerUSD, 1.8e6},
	} {
		if math.Abs(c.got/c.want-1) > 1e-9 {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	f.Use = 0.4 // the same fleet idles 60 % of the time
	if v, _ := f.Units(7300); !near(v.PerMillionOutput, u.PerMillionOutput/0.4) {
		t.Errorf("at 40 %% load %v, want %v", v.PerMillionOutput, u.PerMillionOutput/0.4)
	}
	e, ok := f.Efficiency(Power{KW: 5, AverageKW: 3})
	if !ok || !near(e.OutputTokPerSPerW, 1) || !near(e.OutputTokPerSPerMW, 1e6) || !near(e.OutputTokPerJoule, 2.0/3) || !near(e.WhPer1000Requests, 3000/4.0/3.6) {
		t.Errorf("efficiency %+v", e)
	}
}

// Definitions of rivals: the price list pays exactly for the fleet, the
// blended price lies between its two prices, and a definition that leaves
// idle hours out is never dearer.
func TestDefinitions(t *testing.T) {
	f := Flow{PeakReqPerS: 10, Input: 5000, Output: 500, Use: 0.4}
	in, ok := f.InputPrice(7300, 5)
	if !ok || !near((in*5000+5*in*500)/1e6*f.ReqPerMonth(), 7300) {
		t.Errorf("input price %v does not pay for the fleet", in)
	}
	got := map[string]float64{}
	for _, d := range f.Definitions(7300, 5) {
		got[d.Name] = d.USD
		if d.Tokens == "" || d.How == "" || !(d.USD > 0) {
			t.Errorf("%+v", d)
		}
	}
	if len(got) != 8 || !near(got["Artificial Analysis, blended"], in*2) || !near(got["NVIDIA TCO, output price"], 5*in) {
		t.Errorf("definitions %v", got)
	}
	if x, y := got["SemiAnalysis InferenceX"], got["Whole cost on the answer"]; !near(x, 0.4*y) {
		t.Errorf("without idle hours %v, with %v", x, y)
	}
	if f.Definitions(0, 5) != nil {
		t.Error("an unpriced fleet has definitions")
	}
}

// 320,000 USD up front, 4,933.48 running, against 2.50 · 730 · 8 = 14,600 rent:
// paid back after 320,000 ÷ 9,666.52 = 33.1 months.
func TestCompareOwn(t *testing.T) {
	own := Terms{Basis: Own, Years: 5, USDPerKWh: 0.10, PUE: 1.3, Hosting: 180, License: 4500}
	var rent Terms
	a, b := own.Bill(h100(), 8, 0.5), rent.Bill(h100(), 8, 0.5)
	c, ok := CompareOwn(&a, &b)
	if !ok || !c.Ever || !c.Within || math.Abs(c.Months-33.104) > 1e-3 || !near(c.Saved, 14600*60-a.PerTerm()) {
		t.Errorf("CompareOwn = %+v, want 33.1 months", c)
	}
	rent.Discount = 0.8 // 2,920 a month: less than running the owned fleet
	b = rent.Bill(h100(), 8, 0.5)
	if c, ok := CompareOwn(&a, &b); !ok || c.Ever || c.Saved >= 0 {
		t.Errorf("with rent below the running cost: %+v", c)
	}
}

// At 3 USD in and 15 out a 5,000/500 request costs 0.0225 USD: 7,300 USD are
// 324,444 requests a month, 1.2 % of a planned peak of 10 a second.
func TestCompareAPI(t *testing.T) {
	f := Flow{PeakReqPerS: 10, Input: 5000, Output: 500, Use: 0.4}
	c, ok := CompareAPI(7300, f, API{3, 15})
	if !ok || math.Abs(c.ReqPerMonth-324444.4) > 1 || !near(c.TokPerMonth, c.ReqPerMonth*5500) || math.Abs(c.ShareOfPeak-0.012346) > 1e-5 || !c.FleetCheaper || c.NeverAtThis {
		t.Errorf("CompareAPI = %+v", c)
	}
	if c, _ := CompareAPI(7300, f, API{0.01, 0.02}); !c.NeverAtThis || c.FleetCheaper {
		t.Errorf("against a very cheap API: %+v", c)
	}
	// At the break-even load both cost the same.
	f.Use = c.ShareOfPeak
	if at, _ := CompareAPI(7300, f, API{3, 15}); !near(at.APIPerMonth, 7300) {
		t.Errorf("at break-even the API costs %v", at.APIPerMonth)
	}
}

// Properties that hold for any terms: rent = price · hours · GPUs, the parts
// sum to the month, cost and power are proportional to GPUs, more never costs
// less.
func TestProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		g := h100()
		g.Rent.USD, g.Purchase.USD = 0.1+10*rng.Float64(), 1000+50000*rng.Float64()
		terms := Terms{Discount: rng.Float64() * 0.9, Years: 1 + 6*rng.Float64(), USDPerKWh: rng.Float64(), PUE: 1 + rng.Float64(),
			Hosting: 300 * rng.Float64(), License: 5000 * rng.Float64(), CO2PerKWh: 800 * rng.Float64()}
		if rng.IntN(2) == 0 {
			terms.Basis = Own
		}
		n, use := 1+rng.IntN(500), 0.01+0.99*rng.Float64()
		b := terms.Bill(g, n, use)
		if !b.Priced || !near(b.PerMonth, b.Rent+b.Purchase+b.Hosting+b.Energy+b.License) {
			t.Fatalf("%+v: parts do not sum in %+v", terms, b)
		}
		if terms.Basis != Own && !near(b.Rent, g.Rent.USD*(1-terms.Discount)*HoursPerMonth*float64(n)) {
			t.Fatalf("%+v: rent %v", terms, b.Rent)
		}
		if terms.Basis == Own && !near(b.Purchase*12*b.Years, b.UpFront) {
			t.Fatalf("%+v: purchase %v a month, %v up front", terms, b.Purchase, b.UpFront)
		}
		twice := terms.Bill(g, 2*n, use)
		if !near(twice.PerMonth, 2*b.PerMonth) || !near(twice.Power.KW, 2*b.Power.KW) {
			t.Fatalf("%+v: twice the GPUs cost %v, not %v", terms, twice.PerMonth, 2*b.PerMonth)
		}
		if b.Power.AverageKW > b.Power.KW || b.Power.ITKW > b.Power.KW {
			t.Fatalf("%+v: power %+v", terms, b.Power)
		}
		busier := terms.Bill(g, n, math.Min(1, use*1.3))
		if busier.PerMonth < b.PerMonth-1e-9 {
			t.Fatalf("%+v: a busier fleet is cheaper", terms)
		}
		dearer := terms
		dearer.Discount /= 2
		if d := dearer.Bill(g, n, use); d.PerMonth < b.PerMonth-1e-9 {
			t.Fatalf("%+v: less discount costs less", terms)
		}
	}
}
