package chart

import "math"

// ScaleKind is how an axis maps values to positions.
type ScaleKind int

const (
	// Linear is proportional. A y axis includes zero.
	Linear ScaleKind = iota
	// Log is logarithmic; values at or below zero are unknown on it.
	Log
	// Category spaces the values 0, 1, 2 … evenly and names them by Axis.Labels.
	Category
)

// scale maps axis values from [lo, hi] to pixels from a to b.
type scale struct {
	kind   ScaleKind
	lo, hi float64
	a, b   float64
}

// The range of magnitudes that are drawn. No quantity of a sizing comes near.
const (
	least = 1e-15
	most  = 1e15
)

// known reports whether v can be placed on a kind of scale: a number of
// drawable size, above zero on a logarithmic one.
func known(kind ScaleKind, v float64) bool {
	if kind == Log {
		return v >= least && v <= most
	}
	return v >= -most && v <= most
}

// px returns the pixel of v; v must be known.
func (s scale) px(v float64) float64 {
	lo, hi := s.lo, s.hi
	if s.kind == Log {
		v, lo, hi = math.Log(v), math.Log(lo), math.Log(hi)
	}
	return s.a + (v-lo)/(hi-lo)*(s.b-s.a)
}

// value returns the axis value at a pixel.
func (s scale) value(p float64) float64 {
	share := (p - s.a) / (s.b - s.a)
	if s.kind == Log {
		return math.Exp(math.Log(s.lo) + share*(math.Log(s.hi)-math.Log(s.lo)))
	}
	return s.lo + share*(s.hi-s.lo)
}

// onClamped returns the pixel of v, moved into the scale's range.
func (s scale) onClamped(v float64) float64 {
	if s.kind == Log && v <= 0 {
		return s.a
	}
	return s.px(min(max(v, s.lo), s.hi))
}

// linearSteps are the step sizes of linear ticks, per power of ten. With two
// or three steps they reach any maximum with little left over.
var linearSteps = []float64{1, 2, 3, 4, 5, 6, 8, 10, 20}

// linearTicks returns two or three steps that cover [lo, hi], ends included.
// The first and last tick are the axis range. whole keeps steps at one or more.
func linearTicks(lo, hi float64, whole bool) []float64 {
	if hi-lo <= max(least, 1e-9*math.Abs(hi), 1e-9*math.Abs(lo)) {
		switch {
		case math.Abs(hi) <= least:
			lo, hi = 0, 1
		case hi > 0:
			lo = 0
		default:
			hi = 0
		}
	}
	best := []float64(nil)
	waste := math.Inf(1)
	for n := 2.0; n <= 3; n++ {
		power := math.Pow(10, math.Floor(math.Log10((hi-lo)/n)))
		for _, m := range linearSteps {
			step := m * power
			if whole {
				step = max(1, math.Ceil(step))
			}
			from := math.Floor(lo/step+1e-9) * step
			if to := from + n*step; to < hi-1e-9*step {
				continue
			} else if to-from < waste*(1-1e-9) {
				waste = to - from
				best = best[:0]
				for i := 0.0; i <= n; i++ {
					best = append(best, tidy(from+i*step, step))
				}
			}
			break
		}
	}
	return best
}

// tidy removes the rounding noise of a tick, far below its step.
func tidy(v, step float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(step))-3)
	return math.Round(v/unit) * unit
}

// logTicks returns 1-2-5 ticks in [lo, hi]: all of them over less than one and
// a half decades, then decades only, thinned to five at most.
func logTicks(lo, hi float64) []float64 {
	mantissas := []float64{1, 2, 5}
	if hi/lo > 30 {
		mantissas = mantissas[:1]
	}
	first, last := math.Floor(math.Log10(lo)), math.Ceil(math.Log10(hi))
	every := math.Max(1, math.Ceil((last-first)/5))
	var ticks []float64
	for d := first; d <= last; d += every {
		for _, m := range mantissas {
			if v := m * math.Pow(10, d); v >= lo*(1-1e-9) && v <= hi*(1+1e-9) {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}

// below125 returns the greatest 1-2-5 value at or below v; v > 0.
func below125(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{10, 5, 2} {
		if m*power <= v*(1+1e-9) {
			return m * power
		}
	}
	return power
}

// above125 returns the least 1-2-5 value at or above v; v > 0.
func above125(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}
