package fleet

import (
	"time"

	"fleetsize/calc/money"
	"fleetsize/calc/units"
)

// licensed is the engine that needs a license per GPU.
const licensed = "nim"

// Use is the average load over the planned peak, (0, 1]: stated, or what the
// peak factor implies, or 1 where the demand was stated at its peak only.
func (r *Requirement) Use() float64 {
	if u := r.Money.AverageUse; u > 0 && u <= 1 {
		return u
	}
	switch r.Demand.Kind {
	case People, PerDay:
		if mean, peak := r.Demand.MeanReqPerS(), r.Demand.PeakReqPerS(); mean > 0 && peak > mean {
			return mean / peak
		}
	}
	return 1
}

// MeanTokens are the mean prompt and answer of one request in tokens: lengths
// are uniform on [ratio, 1] × nominal.
func (w Workload) MeanTokens() (input, output float64) {
	mean := 1.0
	if w.LengthRatio > 0 && w.LengthRatio < 1 {
		mean = (1 + w.LengthRatio) / 2
	}
	return float64(w.Input) * mean, float64(w.Output) * mean
}

// freshDays is how old a list price may be before a reader is told: rents have
// moved by a third within a year.
const freshDays = 90

// daysBetween is the whole days from one date to another, written YYYY-MM-DD
// or YYYY-MM for the middle of a month; 0 where one of them is no date.
func daysBetween(from, to string) int {
	day := func(s string) (time.Time, bool) {
		if len(s) == len("2006-01") {
			s += "-15"
		}
		t, err := time.Parse("2006-01-02", s)
		return t, err == nil
	}
	a, known := day(from)
	b, dated := day(to)
	if !known || !dated {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// Flow is the work of a fleet that serves peak requests a second at its peak.
func (r *Requirement) Flow(peak float64) money.Flow {
	in, out := r.Workload.MeanTokens()
	return money.Flow{PeakReqPerS: peak, Input: in, Output: out, Use: r.Use()}
}

// pay fills what the option costs and draws; paid is its accelerators, those
// of spare nodes included.
func (o *Option) pay(r *Requirement, paid int) {
	o.Bill = r.Money.Bill(o.GPU, paid, r.Use())
	o.Flow = r.Flow(o.DemandReqPerS)
	o.USDPerMonth, o.Priced = o.Bill.PerMonth, o.Bill.Priced
	if r.Engine.ID == licensed && !r.Money.Owned() && r.Money.License == 0 {
		o.Warnings = append(o.Warnings, Warning{"license", "NIM needs NVIDIA AI Enterprise, list " + units.USDExact(money.EnterpriseUSD) +
			" per GPU and year, which the rent does not contain: state what applies as licenses."})
	}
	if r.Catalog != nil && o.Priced {
		if q := o.Bill.Quote; daysBetween(q.AsOf, r.Catalog.Date) > freshDays {
			o.Warnings = append(o.Warnings, Warning{"stale_price", "The list price is of " + q.AsOf + ": ask for a current one."})
		}
	}
	o.KW, o.PowerBasis, o.Powered = o.Bill.Power.KW, o.Bill.Power.Basis, o.Bill.Powered
}
