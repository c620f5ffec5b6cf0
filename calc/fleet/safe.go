package fleet

import (
	"math"

	"fleetsize/calc/money"
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

// HoursPerMonth are the hours in the month that prices and energy are quoted for.
const HoursPerMonth = money.HoursPerMonth

// DefaultPUE is facility power over IT power where nothing is known about the
// facility.
const DefaultPUE = money.DefaultPUE
