package money

import (
	"math"

	"fleetsize/catalog"
)

// OwnOrRent compares buying a fleet with renting it.
type OwnOrRent struct {
	Months float64 // until the purchase is paid back; meaningful only when Ever
	Ever   bool    // renting costs more a month than running what is owned
	Within bool    // paid back inside the term
	Saved  float64 // USD over the term, negative where renting is cheaper
}

// CompareOwn finds when owning overtakes renting the same GPUs:
//
//	months = up front ÷ (rent a month − running cost of the owned fleet a month)
//
// ok is false where one of the two has no price.
func CompareOwn(own, rent *Bill) (c OwnOrRent, ok bool) {
	if !own.Priced || !rent.Priced {
		return c, false
	}
	c.Saved = rent.PerMonth*own.Years*MonthsPerYear - own.PerTerm()
	if gain := rent.PerMonth - own.Running(); gain > 0 {
		c.Months, c.Ever = own.UpFront/gain, true
		c.Within = c.Months <= own.Years*MonthsPerYear
	}
	return c, true
}

// API is a hosted model's price in USD per million tokens.
type API struct{ Input, Output float64 }

// PerRequest is the price of one request in USD.
func (a API) PerRequest(f Flow) float64 { return (a.Input*f.Input + a.Output*f.Output) / 1e6 }

// OwnOrAPI compares a fleet with buying tokens.
type OwnOrAPI struct {
	APIPerMonth   float64 // USD for the same requests
	ReqPerMonth   float64 // requests a month at which the two cost the same
	TokPerMonth   float64 // input + output tokens of those requests
	ShareOfPeak   float64 // average load over planned peak that takes
	FleetCheaper  bool    // at the flow's average load
	NeverAtThis   bool    // not even with the planned peak all month
	USDPerMillion float64 // what the API charges per million input + output tokens of this shape
}

// CompareAPI finds the load at which a fleet of a fixed cost a month pays off
// against a hosted API:
//
//	requests a month = USD a month ÷ USD per request
//
// ok is false where the fleet has no price or the API is free.
func CompareAPI(usdPerMonth float64, f Flow, a API) (c OwnOrAPI, ok bool) {
	request := a.PerRequest(f)
	if !(usdPerMonth > 0) || !(request > 0) || math.IsInf(request, 0) || !(f.PeakReqPerS > 0) {
		return c, false
	}
	c.APIPerMonth = request * f.ReqPerMonth()
	c.ReqPerMonth = usdPerMonth / request
	c.TokPerMonth = c.ReqPerMonth * (f.Input + f.Output)
	c.ShareOfPeak = c.ReqPerMonth / (f.PeakReqPerS * 3600 * HoursPerMonth)
	c.FleetCheaper = usdPerMonth < c.APIPerMonth
	c.NeverAtThis = c.ShareOfPeak > 1
	c.USDPerMillion = request / (f.Input + f.Output) * 1e6
	return c, true
}

// Ratio is the price of an output token over that of an input token; 0 where
// one of them is not stated.
func (a API) Ratio() float64 {
	if a.Input > 0 && a.Output > 0 {
		return a.Output / a.Input
	}
	return 0
}

// Both is the bill of n accelerators owned and rented under the terms of Pair.
func (t *Terms) Both(g *catalog.GPU, n int, use float64) (own, rent Bill) {
	a, b := t.Pair()
	return a.Bill(g, n, use), b.Bill(g, n, use)
}

// Pair is the terms for owning and for renting, otherwise equal: the same
// years, energy and licenses. Own prices and the discount count for the basis
// they were stated in only.
func (t *Terms) Pair() (own, rent Terms) {
	own, rent = *t, *t
	own.Basis, rent.Basis = Own, Rent
	if t.Owned() {
		rent.Prices, rent.Discount = nil, 0
	} else {
		own.Prices, own.Discount = nil, 0
	}
	if own.Hosting == 0 && own.USDPerKWh == 0 && !t.Owned() {
		d := Default(Own)
		own.Hosting, own.USDPerKWh = d.Hosting, d.USDPerKWh
	}
	return own, rent
}
