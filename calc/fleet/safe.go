package fleet

import (
	"math"

	"fleetsize/catalog"
)

// topShare is the load, as a share of capacity, above which two equal runs of
// an hour can differ several-fold in p95 TTFT whatever the number of slots.
const topShare = 0.85

// SafeShare is the largest share of a replica's capacity that is planned
// with. slots is how many requests it can run at once.
//
// Few slots saturate earlier: with R slots' worth of work offered to c slots,
// waiting stays rare while c ≥ R + √R (square-root staffing; Halfin and Whitt,
// Operations Research 29, 1981), so the share R/c is 0.86 at 44 slots, 0.61 at
// 4 and 0.38 at 1. It is capped at 0.85.
func SafeShare(slots int) float64 {
	if slots < 1 {
		return 0
	}
	c := float64(slots)
	root := (math.Sqrt(1+4*c) - 1) / 2
	return math.Min(topShare, root*root/c)
}

// Hours in the month that prices and energy are quoted for.
const HoursPerMonth = 730

// DefaultPUE is facility power over IT power where nothing is known about the
// facility.
const DefaultPUE = 1.3

// serverShare is the power of a whole server divided by the rated power of
// its accelerators: an eight-GPU H100 server is rated 10.2 kW for 8 × 700 W
// (NVIDIA DGX H100 data sheet), that is 1.82.
const serverShare = 1.82

// power is the facility power of n accelerators in kW at full load, and how
// it was arrived at. Published all-in figures win; otherwise rated power is
// scaled to the server and to the facility. ok is false when neither is known.
func power(g *catalog.GPU, n int) (kw float64, basis string, ok bool) {
	switch {
	case g.AllInKW != nil && g.AllInKW.Value > 0:
		return g.AllInKW.Value * float64(n), "all-in figure", true
	case g.TDPWatts > 0:
		return g.TDPWatts / 1000 * serverShare * DefaultPUE * float64(n), "rated power × server × PUE 1.3", true
	}
	return 0, "", false
}

// rent is the monthly rent of n accelerators in USD; ok is false when the
// price is unknown.
func rent(g *catalog.GPU, n int) (usd float64, ok bool) {
	if g.Rent == nil || g.Rent.USD <= 0 {
		return 0, false
	}
	return g.Rent.USD * HoursPerMonth * float64(n), true
}
