package catalog

import "math"

// Bands says how far measurements lie from predictions with a profile on
// systems the profile was not fitted to: the half-width, as ln of a factor,
// inside which 80 % of those rows are, so that the band runs from about the
// 10th to the 90th percentile. 0 = not known.
type Bands struct {
	TTFT          float64 // while requests start at once
	TTFTSaturated float64 // while requests wait for memory, a sequence or the front end
	ITL           float64
	Rate          float64 // throughput and capacity
}

// Known reports whether the bands come from measurements.
func (b Bands) Known() bool { return b.TTFT > 0 && b.ITL > 0 }

// Around is the 10–90 % range of a prediction with the given half-width: the
// value divided and multiplied by e^half. A half-width of 0 gives the value.
func Around(value, half float64) (lo, hi float64) {
	f := math.Exp(half)
	return value / f, value * f
}
