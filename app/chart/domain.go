package chart

import (
	"math"
	"slices"
)

// span is the range of the known values seen so far.
type span struct {
	lo, hi float64
	any    bool
}

// see widens the span to v when v is known on the axis kind.
func (s *span) see(kind ScaleKind, v float64) {
	if !known(kind, v) {
		return
	}
	if !s.any {
		s.lo, s.hi, s.any = v, v, true
		return
	}
	s.lo, s.hi = min(s.lo, v), max(s.hi, v)
}

// xDomain returns the range of an x axis: the data's own on log and category
// axes, whole ticks on linear ones.
func (a Axis) xDomain(s span) (lo, hi float64) {
	lo, hi = s.lo, s.hi
	switch a.Kind {
	case Category:
		lo, hi = 0, max(1, hi, float64(len(a.Labels)-1))
	case Log:
		if hi <= lo*(1+1e-9) {
			lo, hi = lo/2, hi*2
		}
	default:
		if lo > 0 && lo < hi*0.6 {
			lo = 0
		}
		ticks := linearTicks(lo, hi, a.Whole)
		lo, hi = ticks[0], ticks[len(ticks)-1]
	}
	return a.fixed(lo, hi)
}

// yDomain returns the range of a y axis: whole ticks and zero on linear axes, 1-2-5
// values with room above and below the data on log axes.
func (a Axis) yDomain(s span) (lo, hi float64) {
	lo, hi = s.lo, s.hi
	switch a.Kind {
	case Log:
		lo, hi = below125(lo*0.75), above125(hi*1.2)
		if a.Whole && lo < 1 {
			lo = 0.7 // one is the least; leave it clear of the baseline
		}
	default:
		lo, hi = min(lo, 0), max(hi, 0)
		ticks := linearTicks(lo, hi+(hi-lo)*0.02, a.Whole)
		lo, hi = ticks[0], ticks[len(ticks)-1]
	}
	return a.fixed(lo, hi)
}

// fixed applies the bounds the caller set, where they make a range.
func (a Axis) fixed(lo, hi float64) (float64, float64) {
	if a.Min == 0 && a.Max == 0 {
		return lo, hi
	}
	l, h := lo, hi
	if known(a.Kind, a.Min) && (a.Min != 0 || a.Kind != Log) {
		l = a.Min
	}
	if known(a.Kind, a.Max) && a.Max != 0 {
		h = a.Max
	}
	if l < h {
		return l, h
	}
	return lo, hi
}

// ticks returns the tick values of a range, at most what is readable.
func (a Axis) ticks(lo, hi float64, points []float64) []float64 {
	switch a.Kind {
	case Category:
		var ticks []float64
		for i := range a.Labels {
			ticks = append(ticks, float64(i))
		}
		return ticks
	case Log:
		if few := loads(points); few != nil {
			return few
		}
		if binary(points) {
			return powersOfTwo(lo, hi)
		}
		return logTicks(lo, hi)
	}
	var ticks []float64
	for _, t := range linearTicks(lo, hi, a.Whole) {
		if t >= lo-1e-9*(hi-lo) && t <= hi+1e-9*(hi-lo) {
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// loads returns the values when they are at most five different whole ones, as
// of a short measurement: then the axis names those instead of round numbers.
func loads(points []float64) []float64 {
	points = slices.Compact(slices.Sorted(slices.Values(points)))
	if len(points) > 5 || slices.ContainsFunc(points, func(x float64) bool { return x != math.Floor(x) }) {
		return nil
	}
	return points
}

// binary reports whether the values are mostly powers of two, as load tests
// choose their concurrency.
func binary(points []float64) bool {
	n := 0
	for _, v := range points {
		if frac, _ := math.Frexp(v); frac == 0.5 && v >= 1 {
			n++
		}
	}
	return n >= 3 && n*3 >= len(points)*2
}

// powersOfTwo returns 1, 2, 4 … in [lo, hi]; every second or further one when
// there are more than five.
func powersOfTwo(lo, hi float64) []float64 {
	first, last := math.Ceil(math.Log2(lo)-1e-9), math.Floor(math.Log2(hi)+1e-9)
	every := math.Ceil((last - first + 1) / 5)
	var ticks []float64
	for e := first; e <= last; e += max(1, every) {
		ticks = append(ticks, math.Exp2(e))
	}
	return ticks
}
