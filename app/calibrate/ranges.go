//go:build !js

package main

import "fleetsize/catalog"

// A range wider than this says no more than the next tier does: the upper end
// is 1.6 times the lower for a profile that was measured, 2.2 times for one
// that was carried over. Where residuals ask for more, the range is cut and
// covers less than 80 %.
const (
	calibratedMost = 0.235 // ln(1.6)/2
	estimatedMost  = 0.394 // ln(2.2)/2
)

// ranges are bands while they are worked out.
type ranges catalog.Bands

// widest takes the wider of two bands, figure by figure: what is asked about
// is a group, a model or a GPU that was not measured, and which, nobody knows.
func widest(a, b ranges) ranges {
	return ranges{
		TTFT: max(a.TTFT, b.TTFT), TTFTSaturated: max(a.TTFTSaturated, b.TTFTSaturated),
		ITL: max(a.ITL, b.ITL), Rate: max(a.Rate, b.Rate),
	}
}

// scaled widens bands, but not beyond most. Saturated waits may be twice as
// uncertain: they depend on memory to the last request.
func (r ranges) scaled(by, most float64) ranges {
	return ranges{
		TTFT: min(r.TTFT*by, most), TTFTSaturated: min(max(r.TTFTSaturated, r.TTFT)*by, 2*most),
		ITL: min(r.ITL*by, most), Rate: min(r.Rate*by, most),
	}
}
