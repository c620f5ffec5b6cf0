package serve

import (
	"math"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// topShare is the share of capacity that the closed form calls the highest
// rate when no target stops it earlier.
const topShare = 63.0 / 64

// MaxRate is the highest Poisson rate in requests/s at which the closed form
// meets every target at their percentile, and what stops it there: a target,
// or the limit of capacity. It is 0 with the first missed target when an empty
// replica is too slow. The targets are those of all requests, or of each class
// of a mix in turn.
func MaxRate(c *step.Cost, l Load, t ...catalog.Targets) (rate float64, limit Limit) {
	if len(l.Classes()) > 0 {
		s, each := blend(c, &l)
		return searchRate(s.capacity(), s.capacityLimit, func(rate float64) (float64, Limit) {
			o := s.open(rate)
			return o.worstOf(&l, each, t)
		})
	}
	s := newShape(c, &l)
	return searchRate(s.capacity(), s.capacityLimit, func(rate float64) (float64, Limit) { return s.worst(rate, &t[0]) })
}

// searchRate is MaxRate for a replica of capacity full with the limit stop, whose
// largest logarithm of a latency over its target at a rate worst tells.
func searchRate(full float64, stop func() Limit, worst func(rate float64) (float64, Limit)) (rate float64, limit Limit) {
	low := 1e-6 * full
	glow, limit := worst(low)
	if glow > 0 {
		return 0, limit
	}
	high := topShare * full
	ghigh, missed := worst(high)
	if ghigh <= 0 {
		return high, stop()
	}
	limit = missed
	// The gap rises with the rate. Interpolate between the bracket's ends,
	// halving the weight of an end that stays (Illinois), and aim a little below
	// the target so that the result meets it.
	const aim = 0.002
	for range 40 {
		mid := high - (ghigh+aim)*(high-low)/(ghigh-glow)
		if !(mid > low && mid < high) {
			mid = (low + high) / 2
		}
		g, at := worst(mid)
		if g > 0 {
			high, ghigh = mid, g
			glow = (glow+aim)/2 - aim
		} else {
			low, glow, limit = mid, g, at
			ghigh = (ghigh+aim)/2 - aim
		}
		if high-low < 0.002*full || g <= 0 && g > -2*aim {
			break
		}
	}
	return low, limit
}

// worst is the largest logarithm of a latency over its target at a rate, and
// whose it is.
func (s *shape) worst(rate float64, t *catalog.Targets) (gap float64, limit Limit) {
	o := s.open(rate)
	r := o.result(0)
	return gapOf(&r, t)
}

func gapOf(r *Result, t *catalog.Targets) (gap float64, limit Limit) {
	gap, limit = math.Inf(-1), LimitLoad
	check := func(q *Quantiles, target float64, name Limit) {
		if target <= 0 {
			return
		}
		if g := math.Log(max(q.At(t.Percentile), 1e-12) / target); g > gap {
			gap, limit = g, name
		}
	}
	check(&r.TTFT, t.TTFT, LimitTTFT)
	check(&r.ITL, t.ITL, LimitITL)
	check(&r.E2E, t.E2E, LimitE2E)
	if math.IsInf(gap, -1) {
		gap = -1
	}
	return gap, limit
}

// MaxInFlight is the largest number of requests in flight at which the closed
// form meets every target, with the throughput there and what stops it. It is
// 0 with the first missed target when a single request is too slow, and stops
// at four times the slots.
func MaxInFlight(c *step.Cost, l Load, t catalog.Targets) (n int, rate float64, limit Limit) {
	s := newShape(c, &l)
	gap := func(n int) (float64, Result, Limit) {
		k := s.closed(float64(n))
		r := k.result()
		g, limit := gapOf(&r, &t)
		return g, r, limit
	}
	g, r, limit := gap(1)
	if g > 0 {
		return 0, 0, limit
	}
	most := int(min(4*s.slots, MaxConcurrency))
	lo, hi := 1, 2
	rate = r.ReqPerS
	for {
		hi = min(hi, most)
		var res Result
		if g, res, limit = gap(hi); g > 0 {
			break
		}
		lo, rate = hi, res.ReqPerS
		if hi == most {
			return lo, rate, res.Binding
		}
		hi *= 2
	}
	for hi-lo > max(1, lo/128) {
		mid := (lo + hi) / 2
		if g, res, at := gap(mid); g > 0 {
			hi, limit = mid, at
		} else {
			lo, rate = mid, res.ReqPerS
		}
	}
	return lo, rate, limit
}
