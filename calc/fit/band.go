package fit

import (
	"math"
	"slices"

	"fleetsize/catalog"
)

// coverage is the share of held-out rows a band is to contain: from the 10th
// to the 90th percentile.
const coverage = 0.8

// Bands turns residuals of held-out rows into bands: the half-width in ln
// inside which 80 % of them lie. A list too short to say (fewer than eight
// rows) takes the band of the one before it.
func (r *Residuals) Bands() catalog.Bands {
	b := catalog.Bands{TTFT: halfWidth(r.TTFT)}
	b.TTFTSaturated = max(b.TTFT, halfWidth(r.TTFTSaturated))
	b.ITL = halfWidth(r.ITL)
	b.Rate = max(b.ITL, halfWidth(r.Rate))
	return b
}

func halfWidth(list []float64) float64 {
	if len(list) < 8 {
		return 0
	}
	abs := make([]float64, len(list))
	for i, v := range list {
		abs[i] = math.Abs(v)
	}
	slices.Sort(abs)
	at := coverage*float64(len(abs)+1) - 1 // the next row is inside with this probability
	i := min(int(at), len(abs)-2)
	return abs[i] + (at-float64(i))*(abs[i+1]-abs[i])
}
