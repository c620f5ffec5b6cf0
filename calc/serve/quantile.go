package serve

import (
	"math"
	"math/bits"
	"slices"
)

// levels are the quantiles of Quantiles in ascending order.
var levels = [4]float64{0.50, 0.90, 0.95, 0.99}

// sample is a series of measurements with its sum and extremes, which cost
// nothing to keep while it grows.
type sample struct {
	x           []float64
	sum, lo, hi float64
}

// reset empties the sample and makes room for n values.
func (s *sample) reset(n int) {
	if cap(s.x) < n {
		s.x = make([]float64, 0, n+n/4)
	}
	s.x = s.x[:0]
	s.sum, s.lo, s.hi = 0, math.Inf(1), math.Inf(-1)
}

// add appends v.
func (s *sample) add(v float64) {
	s.x = append(s.x, v)
	s.sum += v
	if v < s.lo { // comparisons, because min and max also weigh NaN and −0
		s.lo = v
	}
	if v > s.hi {
		s.hi = v
	}
}

// join appends the values of another sample.
func (s *sample) join(t *sample) {
	s.x = append(s.x, t.x...)
	s.sum += t.sum
	s.lo, s.hi = min(s.lo, t.lo), max(s.hi, t.hi)
}

// summary computes quantiles of samples without sorting them. It keeps its
// buffers between uses.
type summary struct {
	count [2][buckets]uint32
	slot  [buckets]uint8 // 1 + place among the wanted buckets, 0 = not wanted
	kept  [ranks][]float64
	inner *summary // for buckets that hold very many
}

const (
	bucketBits = 10
	buckets    = 1<<bucketBits + 1
	ranks      = 2 * len(levels) // order statistics a summary may need
)

// of summarizes s, whose values must not be negative; zeros when it is empty.
// Quantiles interpolate linearly between order statistics (type 7 of Hyndman
// and Fan, the default of numpy).
func (m *summary) of(s *sample) Quantiles {
	n := len(s.x)
	if n == 0 {
		return Quantiles{}
	}
	if !(s.hi > s.lo) {
		v := s.x[0]
		return Quantiles{v, v, v, v, v}
	}
	q := Quantiles{Mean: s.sum / float64(n)}
	out := [...]*float64{&q.P50, &q.P90, &q.P95, &q.P99}
	if n < few {
		m.kept[0] = append(sized(m.kept[0], few)[:0], s.x...)
		slices.Sort(m.kept[0])
		for i, p := range levels {
			pos := p * float64(n-1)
			k := int(pos)
			*out[i] = between(m.kept[0][k], m.kept[0][min(k+1, n-1)], pos-float64(k))
		}
		return q
	}
	var rank [ranks]int
	for i, p := range levels {
		k := int(p * float64(n-1))
		rank[2*i], rank[2*i+1] = k, k+1
	}
	var order [ranks]float64
	m.pick(s.x, s.lo, s.hi, rank[:], order[:])
	for i, p := range levels {
		pos := p * float64(n-1)
		*out[i] = between(order[2*i], order[2*i+1], pos-math.Floor(pos))
	}
	return q
}

// few samples are sorted; with more, the order statistics wanted ascend.
const few = 128

func between(a, b, share float64) float64 {
	if share > 0 {
		a += share * (b - a)
	}
	return a
}

// pick sets order to the values of the given ascending ranks (which it changes) in x, which lies
// between lo and hi > lo.
//
// Values are counted by the leading bits in which they differ (floating-point
// numbers have the order of their bits), and only those of buckets that hold a
// wanted rank are looked at again.
func (m *summary) pick(x []float64, lo, hi float64, rank []int, order []float64) {
	base := math.Float64bits(lo)
	shift := uint(max(0, bits.Len64(math.Float64bits(hi)-base)-bucketBits)) & 63
	a, b := &m.count[0], &m.count[1]
	clear(a[:])
	clear(b[:])
	// Neighbors are often equal: two tables in turn, so that one count need not
	// wait for the one before.
	i := 0
	for ; i+1 < len(x); i += 2 {
		a[(math.Float64bits(x[i])-base)>>shift]++
		b[(math.Float64bits(x[i+1])-base)>>shift]++
	}
	if i < len(x) {
		a[(math.Float64bits(x[i])-base)>>shift]++
	}

	var bucket, from, below [ranks]int // of a wanted bucket: which, its first rank's index, values below it
	used, next, sum := 0, 0, 0
	for j := 0; next < len(rank); j++ {
		upTo := sum + int(a[j]+b[j])
		if rank[next] < upTo {
			bucket[used], from[used], below[used] = j, next, sum
			m.kept[used] = sized(m.kept[used], upTo-sum)[:0]
			used++
			m.slot[j] = uint8(used)
			for next < len(rank) && rank[next] < upTo {
				next++
			}
		}
		sum = upTo
	}
	for _, v := range x {
		if k := m.slot[(math.Float64bits(v)-base)>>shift]; k > 0 {
			m.kept[k-1] = append(m.kept[k-1], v)
		}
	}
	for k := range used {
		m.slot[bucket[k]] = 0
		to := len(rank)
		if k+1 < used {
			to = from[k+1]
		}
		rank, order := rank[from[k]:to], order[from[k]:to]
		for i := range rank {
			rank[i] -= below[k]
		}
		m.within(m.kept[k], rank, order)
	}
}

// within is pick for the values of one bucket, which it reorders.
func (m *summary) within(x []float64, rank []int, order []float64) {
	if len(x) > 512 {
		lo, hi := x[0], x[0]
		for _, v := range x {
			if v < lo {
				lo = v
			} else if v > hi {
				hi = v
			}
		}
		if hi > lo {
			if m.inner == nil {
				m.inner = new(summary)
			}
			m.inner.pick(x, lo, hi, rank, order)
			return
		}
		for i := range order {
			order[i] = lo
		}
		return
	}
	done := 0 // what lies below is in place
	for i, k := range rank {
		if i > 0 && k == rank[i-1]+1 { // the smallest of the rest
			least := k
			for j := k + 1; j < len(x); j++ {
				if x[j] < x[least] {
					least = j
				}
			}
			x[k], x[least] = x[least], x[k]
			order[i] = x[k]
		} else {
			order[i] = find(x[done:], k-done)
		}
		done = k + 1
	}
}

// find is the value of rank k in x, and puts it there, smaller ones before it
// (Hoare, "Algorithm 65: find", 1961).
func find(x []float64, k int) float64 {
	lo, hi := 0, len(x)-1
	for hi-lo > 12 {
		p, q, r := x[lo], x[lo+(hi-lo)/2], x[hi] // their median is the pivot
		if p > q {
			p, q = q, p
		}
		if q > r {
			q = max(p, r)
		}
		i, j := lo, hi
		for i <= j {
			for x[i] < q {
				i++
			}
			for q < x[j] {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return x[k]
		}
	}
	for i := lo + 1; i <= hi; i++ {
		v := x[i]
		j := i
		for ; j > lo && v < x[j-1]; j-- {
			x[j] = x[j-1]
		}
		x[j] = v
	}
	return x[k]
}

// sized is buf with length n, its contents undefined.
func sized(buf []float64, n int) []float64 {
	if cap(buf) < n {
		return make([]float64, n+n/4)[:n]
	}
	return buf[:n]
}
