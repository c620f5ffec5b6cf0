package explain

import (
	"math"

	"fleetsize/calc/money"
)

// money is leaf for prices and power; ok is false for other inputs.
func (b *Book) money(id string) (v float64, s Source, ok bool) {
	o, t := b.Opt, &b.Req.Money
	q := o.Bill.Quote
	switch id {
	case "rated_watts":
		return known(o.GPU.TDPWatts), b.chip("rated power"), true
	case "all_in_kw":
		if f := o.GPU.AllInKW; f != nil {
			return f.Value, Source{Origin: FromCatalog, Text: dated(f.Source, f.AsOf)}, true
		}
		return math.NaN(), Source{}, true
	case "system_share":
		return money.SystemShare, ours("DGX H100: 10.2 kW for 8 × 700 W (NVIDIA data sheet)"), true
	case "idle_share":
		return money.IdleShare, ours("assumed: fans, memory and processors draw while GPUs wait"), true
	case "pue":
		return positive(t.PUE, money.DefaultPUE), b.term("pue", money.PUESource), true
	case "average_use":
		return o.Bill.Use, b.term("use", "what the peak factor implies; all of it where the demand is a peak"), true
	case "co2_per_kwh":
		return known(t.CO2PerKWh), b.term("co2", ""), true
	case "usd_per_gpu_hour", "usd_per_gpu":
		if !o.Bill.Priced || (id == "usd_per_gpu") != t.Owned() {
			return math.NaN(), Source{}, true
		}
		src := Source{Origin: FromCatalog, Key: "px", Text: dated(q.Source, q.AsOf)}
		if q.Own {
			src = b.given("px", FromUser)
			src.Text = "you entered"
		}
		return q.List, src, true
	case "server_extra":
		if q.Own {
			return 0, ours("your own price is taken as all-in"), true
		}
		return money.ServerPriceShare, ours("8 × H100 server at 320,000 USD (NVIDIA DLI sizing course, 2024)"), true
	case "discount":
		return t.Discount, b.term("off", "none"), true
	case "license_per_year":
		return t.License, b.term("lic", money.LicenseSource), true
	case "hosting_per_kw":
		return t.Hosting, b.term("host", money.HostingSource), true
	case "usd_per_kwh":
		return t.USDPerKWh, b.term("kwh", money.EnergySource), true
	case "term_years":
		return o.Bill.Years, b.term("term", "default"), true
	}
	return 0, Source{}, false
}

// term is the source of a price input: the link's, else an assumption.
func (b *Book) term(key, otherwise string) Source {
	s := b.given(key, FromDefault)
	if s.Origin == FromDefault && otherwise != "" {
		s.Text = otherwise
	}
	return s
}

// dated joins a source and its date.
func dated(source, asOf string) string {
	if asOf == "" {
		return source
	}
	return source + ", " + asOf
}
