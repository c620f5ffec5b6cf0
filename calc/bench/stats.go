package bench

import (
	"math"
	"slices"
)

// Dist is a sorted sample. The zero value is empty.
type Dist struct{ sorted []float64 }

// NewDist sorts a copy of the finite values of x.
func NewDist(x []float64) Dist {
	s := make([]float64, 0, len(x))
	for _, v := range x {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			s = append(s, v)
		}
	}
	slices.Sort(s)
	return Dist{s}
}

// N is the number of values.
func (d Dist) N() int { return len(d.sorted) }

// Quantile is the q-quantile (0 ≤ q ≤ 1), interpolated linearly between order
// statistics (type 7 of Hyndman and Fan); ok is false without values.
func (d Dist) Quantile(q float64) (x float64, ok bool) {
	n := len(d.sorted)
	if n == 0 || !(q >= 0 && q <= 1) {
		return 0, false
	}
	at := q * float64(n-1)
	i := int(at)
	if i+1 >= n {
		return d.sorted[n-1], true
	}
	lo, hi := d.sorted[i], d.sorted[i+1]
	return lo + (at-float64(i))*(hi-lo), true
}

// Mean is the arithmetic mean; ok is false without values.
func (d Dist) Mean() (x float64, ok bool) {
	if len(d.sorted) == 0 {
		return 0, false
	}
	for _, v := range d.sorted {
		x += v
	}
	return x / float64(len(d.sorted)), true
}

// Std is the sample standard deviation; ok is false below two values.
func (d Dist) Std() (x float64, ok bool) {
	n := len(d.sorted)
	if n < 2 {
		return 0, false
	}
	mean, _ := d.Mean()
	for _, v := range d.sorted {
		x += (v - mean) * (v - mean)
	}
	return math.Sqrt(x / float64(n-1)), true
}

// Values are the sorted values; they must not be changed.
func (d Dist) Values() []float64 { return d.sorted }

// orZero is the value where ok, 0 otherwise.
func orZero(x float64, ok bool) float64 {
	if !ok {
		return 0
	}
	return x
}

// binomialAtMost is P(X ≤ k) for X binomial with n trials of probability p
// (0 < p < 1).
func binomialAtMost(k, n int, p float64) float64 {
	if k < 0 {
		return 0
	}
	if k >= n {
		return 1
	}
	// Terms in logarithms: n may be thousands.
	lp, lq := math.Log(p), math.Log1p(-p)
	full, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for i := 0; i <= k; i++ {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(full - a - b + float64(i)*lp + float64(n-i)*lq)
	}
	return min(sum, 1)
}

// Verdict is what a sample says about a limit.
type Verdict string

// The verdicts.
const (
	Pass         Verdict = "pass"
	Fail         Verdict = "fail"
	Inconclusive Verdict = "inconclusive"
)

// alpha is the one-sided error of a verdict: 5 %.
const alpha = 0.05

// judge says whether at most a share p of all requests misses a limit, when k
// of n observed ones did: pass when so few would be unlikely otherwise, fail
// when so many would be. It is the order-statistic bound on a percentile read
// the other way round: with none missing, a 95th percentile needs 59 values
// to pass (0.95^59 < 0.05), a 25th of a floor 11.
func judge(k, n int, p float64) Verdict {
	if n == 0 {
		return Inconclusive
	}
	if binomialAtMost(k, n, p) < alpha {
		return Pass
	}
	if 1-binomialAtMost(k-1, n, p) < alpha {
		return Fail
	}
	return Inconclusive
}

// neededToPass is the smallest sample that can pass with k misses.
func neededToPass(k int, p float64) int {
	lo, hi := k+1, k+2
	for binomialAtMost(k, hi, p) >= alpha {
		lo, hi = hi, 2*hi
	}
	for lo < hi {
		mid := (lo + hi) / 2
		if binomialAtMost(k, mid, p) < alpha {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}
