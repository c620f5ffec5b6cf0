package fleet

import (
	"fmt"

	"fleetsize/calc/units"
)

// unstableRatio is by how much the p95 of TTFT may differ between equal runs
// of the planned peak with other random arrivals before it is no number.
const unstableRatio = 1.25

// unstable warns near saturation: lo and hi are the smallest and largest p95 of
// TTFT of equal runs, in seconds.
func unstable(lo, hi float64) Warning {
	return Warning{"unstable", fmt.Sprintf("Near saturation: TTFT p95 is %s to %s in equal runs at this load, so it is a range, not a number.",
		units.Duration(lo, 2), units.Duration(hi, 2))}
}
