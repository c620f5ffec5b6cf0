package money

import (
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

func pueText(x float64) string { return units.Plain(units.Round(x, 3)) }

// Bill is what a fleet costs, in USD a month unless said otherwise.
type Bill struct {
	GPUs  int
	Use   float64 // average load over the planned peak that energy is reckoned with
	Quote Quote
	Power Power

	Rent     float64 // Rent basis; energy, hosting and servers are in it
	Purchase float64 // Own basis: straight-line over the years of use
	Hosting  float64
	Energy   float64
	License  float64

	PerMonth float64 // the sum, meaningful only when Priced
	Years    float64 // the term
	UpFront  float64 // USD paid at the start, Own basis

	Priced  bool
	Powered bool
}

// PerYear is USD a year.
func (b *Bill) PerYear() float64 { return b.PerMonth * MonthsPerYear }

// PerTerm is USD over the term.
func (b *Bill) PerTerm() float64 { return b.PerMonth * MonthsPerYear * b.Years }

// Running is USD a month besides the purchase: what goes on when the hardware
// is paid for.
func (b *Bill) Running() float64 { return b.PerMonth - b.Purchase }

// Bill is the cost of n accelerators g at average load use. An owned fleet
// whose power is not known has no price: energy and hosting would be missing.
func (t *Terms) Bill(g *catalog.GPU, n int, use float64) Bill {
	b := Bill{GPUs: n, Use: clampUse(use), Years: t.years()}
	b.Power, b.Powered = t.Power(g, n, use)
	b.Quote, b.Priced = t.Quote(g)
	if !b.Priced || t.Owned() && !b.Powered {
		b.Priced = false
		return b
	}
	count := float64(n)
	b.License = t.License * count / MonthsPerYear
	if !t.Owned() {
		b.Rent = b.Quote.USD * HoursPerMonth * count
		b.PerMonth = b.Rent + b.License
		return b
	}
	b.UpFront = b.Quote.USD * count
	b.Purchase = b.UpFront / (b.Years * MonthsPerYear)
	b.Hosting = t.Hosting * b.Power.ITKW
	b.Energy = t.USDPerKWh * b.Power.KWhPerMonth
	b.PerMonth = b.Purchase + b.Hosting + b.Energy + b.License
	return b
}
