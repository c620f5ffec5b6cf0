// Package money turns accelerators and tokens into USD, kW and kWh.
//
// Terms say how the accelerators are paid for: rented by the hour or bought.
// Bill is one fleet under those terms, month by month:
//
//	rent:  GPUs · USD per GPU-hour · (1 − discount) · 730 h  +  licenses
//	own:   GPUs · USD per GPU · (1 − discount) ÷ months of use
//	       + hosting USD per kW·month · IT kW
//	       + energy: average kW at the wall · 730 h · USD per kWh
//	       + licenses: GPUs · USD per GPU·year ÷ 12
//
// A month has 730 hours. What is not known is said so (ok = false), never 0.
// Nothing here is a forecast: no residual value, no cost of capital, no staff.
package money

import "fleetsize/catalog"

// Hours of a month and months of a year that prices and energy are quoted for.
const (
	HoursPerMonth = 730
	MonthsPerYear = 12
)

// Basis is how accelerators are paid for.
type Basis string

const (
	Rent Basis = "cloud" // per GPU-hour, energy and hosting included
	Own  Basis = "own"   // bought, hosted and powered
)

// Defaults where the user states nothing.
const (
	DefaultPUE       = 1.3    // facility power over IT power
	DefaultUSDPerKWh = 0.12   // round figure between US industrial and commercial tariffs
	DefaultYears     = 3      // straight-line, nothing left over
	DefaultHosting   = 217.3  // USD per kW·month of IT power, energy not included
	EnterpriseUSD    = 4500.0 // USD per GPU·year, NVIDIA AI Enterprise list price, needed for NIM
)

// Sources of the defaults, for explanations.
const (
	HostingSource = "CBRE, Global Data Center Trends 2025: average asking price, first quarter of 2025"
	LicenseSource = "NVIDIA AI Enterprise, list price of a one-year subscription, 2026"
	EnergySource  = "assumed; US average tariffs are 0.09 (industrial) to 0.14 (commercial)"
	PUESource     = "assumed; hyperscale sites report 1.1, the Uptime Institute's 2024 average is 1.56"
)

// ServerPriceShare is what a server costs besides its accelerators, as a share of
// their price: eight H100 at 30,000 USD in a server of 320,000 USD (NVIDIA
// Deep Learning Institute, sizing course, 2024). Own prices are taken as all-in.
const (
	ServerPriceShare  = 1.0 / 3
	ServerPriceSource = "server 33 % on top (8 × H100 server at 320,000 USD, NVIDIA DLI sizing course, 2024)"
)

// Terms are the price basis and its inputs. The zero value is the catalog's
// rent, undiscounted; start from Default for anything else.
type Terms struct {
	Basis    Basis   // "" = Rent
	Prices   []Price // own prices, instead of the catalog's
	Discount float64 // share off, [0, 1)
	Years    float64 // of use of what was bought; ≤ 0 = DefaultYears

	USDPerKWh  float64 // ≥ 0
	PUE        float64 // < 1 = DefaultPUE
	Hosting    float64 // USD per kW·month of IT power, ≥ 0
	License    float64 // USD per GPU·year, ≥ 0
	CO2PerKWh  float64 // grams; 0 = not reckoned
	AverageUse float64 // average load over the planned peak, (0, 1]; 0 = follows from the demand
}

// Price is an own price of one accelerator, per GPU-hour or per GPU as the
// basis has it.
type Price struct {
	GPU string // catalog id
	USD float64
}

// Default is the terms of a basis with every default filled in.
func Default(b Basis) Terms {
	return Terms{Basis: b, Years: DefaultYears, USDPerKWh: DefaultUSDPerKWh, PUE: DefaultPUE, Hosting: DefaultHosting}
}

// Owned reports whether the accelerators are bought.
func (t *Terms) Owned() bool { return t.Basis == Own }

func (t *Terms) years() float64 {
	if t.Years > 0 {
		return t.Years
	}
	return DefaultYears
}

func (t *Terms) pue() float64 {
	if t.PUE >= 1 {
		return t.PUE
	}
	return DefaultPUE
}

// Quote is the price of one accelerator in force.
type Quote struct {
	USD    float64 // per GPU-hour (Rent) or per GPU with its share of the server (Own), discount taken off
	List   float64 // before discount and, for catalog prices of Own, without the server
	Basis  Basis
	Own    bool   // entered by the user
	AsOf   string // "" for an own price
	Source string
	Low    float64 // observed range of List; 0 = none
	High   float64
}

// Words is the basis as money stands beside it, e.g. "cloud list, 2026-05-20".
func (q Quote) Words() string {
	words := "cloud list"
	if q.Basis == Own {
		words = "purchase"
	}
	if q.Own {
		return words + ", your price"
	}
	if q.AsOf != "" {
		words += ", " + q.AsOf
	}
	return words
}

// Quote is the price of accelerator g; ok is false where none is known.
func (t *Terms) Quote(g *catalog.GPU) (q Quote, ok bool) {
	q.Basis = Rent
	list := g.Rent
	if t.Owned() {
		q.Basis, list = Own, g.Purchase
	}
	q.Low, q.High = 0, 0
	extra := 0.0
	switch own := t.own(g.ID); {
	case own > 0:
		q.List, q.Own, q.Source = own, true, "entered by you"
	case list != nil && list.USD > 0:
		q.List, q.AsOf, q.Source, q.Low, q.High = list.USD, list.AsOf, list.Source, list.Low, list.High
		if t.Owned() {
			extra = ServerPriceShare
			q.Source += "; " + ServerPriceSource
		}
	default:
		return Quote{}, false
	}
	q.USD = q.List * (1 + extra) * (1 - min(max(t.Discount, 0), 1))
	return q, true
}

func (t *Terms) own(id string) float64 {
	for _, p := range t.Prices {
		if p.GPU == id {
			return p.USD
		}
	}
	return 0
}
