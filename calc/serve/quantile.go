package serve

import (
	"math"
	"math/bits"
	"slices"
)

// levels are the quantiles of Quantiles in ascending order.
var levels = [4]float64{0.50, 0.90, 0.95, 0.99}

// summary computes mean and quantiles of samples without sorting them all. It
// keeps its buffers between uses.
type summary struct {
	start [buckets + 1]int32 // where a bucket's samples end in dealt
	dealt []float64
	inner [buckets + 1]int32 // the same inside one bucket
	spare []float64
}

const (
	bucketBits = 10
	buckets    = 1<<bucketBits + 1
)

// of summarizes x, which must not be negative; zeros when x is empty.
// Quantiles interpolate linearly between order statistics (type 7 of Hyndman
// and Fan, the default of numpy).
//
// Samples are dealt into buckets by the leading bits in which they differ
// (floating-point numbers have the order of their bits), and only buckets that
// hold a wanted order statistic are sorted.
func (s *summary) of(x []float64) Quantiles {
	n := len(x)
	if n == 0 {
		return Quantiles{}
	}
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	s.dealt = sized(s.dealt, n)
	if !deal(x, s.dealt, &s.start) {
		return Quantiles{x[0], x[0], x[0], x[0], x[0]}
	}
	sorted := -1
	order := func(rank int) float64 {
		b, _ := slices.BinarySearch(s.start[:], int32(rank)+1)
		if b != sorted {
			from := int32(0)
			if b > 0 {
				from = s.start[b-1]
			}
			s.sort(s.dealt[from:s.start[b]])
			sorted = b
		}
		return s.dealt[rank]
	}
	q := Quantiles{Mean: sum / float64(n)}
	out := [...]*float64{&q.P50, &q.P90, &q.P95, &q.P99}
	for i, p := range levels {
		pos := p * float64(n-1)
		k := int(pos)
		v := order(k)
		if frac := pos - float64(k); frac > 0 {
			v += frac * (order(k+1) - v)
		}
		*out[i] = v
	}
	return q
}

// sort sorts one bucket; a large one is dealt once more.
func (s *summary) sort(x []float64) {
	if len(x) > 200 {
		s.spare = sized(s.spare, len(x))
		if !deal(x, s.spare, &s.inner) {
			return
		}
		copy(x, s.spare)
		from := int32(0)
		for _, to := range s.inner {
			if to > from+1 {
				slices.Sort(x[from:to])
			}
			from = to
		}
		return
	}
	slices.Sort(x)
}

// deal copies x into buckets in dealt, in order of the buckets, and sets end to
// where each ends. It reports false, and does nothing, when all are equal.
func deal(x, dealt []float64, end *[buckets + 1]int32) bool {
	lo, hi := x[0], x[0]
	for _, v := range x { // comparisons, because min and max also weigh NaN and −0
		if v < lo {
			lo = v
		} else if v > hi {
			hi = v
		}
	}
	if !(hi > lo) {
		return false
	}
	base := math.Float64bits(lo)
	shift := max(0, bits.Len64(math.Float64bits(hi)-base)-bucketBits)
	clear(end[:])
	for _, v := range x {
		end[(math.Float64bits(v)-base)>>shift+1]++
	}
	for i := 1; i < len(end); i++ {
		end[i] += end[i-1]
	}
	for _, v := range x {
		b := (math.Float64bits(v) - base) >> shift
		dealt[end[b]] = v
		end[b]++
	}
	return true
}

// sized is buf with length n, its contents undefined.
func sized(buf []float64, n int) []float64 {
	if cap(buf) < n {
		return make([]float64, n+n/4)[:n]
	}
	return buf[:n]
}
