package answers

import "math"

// Interval is a 95 % confidence interval of a share.
type Interval struct{ Low, High float64 }

// Width is High − Low.
func (i Interval) Width() float64 { return i.High - i.Low }

// z95 is the 97.5 % quantile of the normal distribution.
const z95 = 1.959963984540054

// Wilson is the score interval of k successes in n trials (Wilson 1927). It
// needs no continuity correction and stays inside [0, 1]; for n = 0 it is
// [0, 1].
func Wilson(k, n int) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	p, m := float64(k)/float64(n), float64(n)
	center := (p + z95*z95/(2*m)) / (1 + z95*z95/m)
	half := z95 / (1 + z95*z95/m) * math.Sqrt(p*(1-p)/m+z95*z95/(4*m*m))
	return Interval{math.Max(center-half, 0), math.Min(center+half, 1)}
}

// ClopperPearson is the exact interval, which never covers less than 95 %: for
// samples below 30.
func ClopperPearson(k, n int) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	i := Interval{0, 1}
	if k > 0 {
		i.Low = solve(func(p float64) bool { return 1-binomial(k-1, n, p) >= 0.025 })
	}
	if k < n {
		i.High = solve(func(p float64) bool { return binomial(k, n, p) < 0.025 })
	}
	return i
}

// solve is the smallest p in [0, 1] at which a monotonic condition holds.
func solve(holds func(p float64) bool) float64 {
	lo, hi := 0.0, 1.0
	for range 60 {
		if mid := (lo + hi) / 2; holds(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return (lo + hi) / 2
}

// binomial is P(X ≤ k) of n trials.
func binomial(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n || p <= 0:
		return 1
	case p >= 1:
		return 0
	}
	full, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for i := 0; i <= k; i++ {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(full - a - b + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return math.Min(sum, 1)
}

// t95 is the 97.5 % quantile of Student's t with df degrees of freedom
// (Cornish–Fisher expansion, Abramowitz and Stegun 26.7.5; within 0.2 % from 5
// degrees on, tabulated below).
func t95(df int) float64 {
	switch {
	case df < 1:
		return math.Inf(1)
	case df < 5:
		return [...]float64{12.7062, 4.30265, 3.18245, 2.77645}[df-1]
	}
	z, v := z95, float64(df)
	z2 := z * z
	return z + z*(z2+1)/(4*v) + z*(5*z2*z2+16*z2+3)/(96*v*v) + z*(3*z2*z2*z2+19*z2*z2+17*z2-15)/(384*v*v*v)
}

// mean is the arithmetic mean and sample standard deviation of x.
func mean(x []float64) (m, std float64) {
	if len(x) == 0 {
		return math.NaN(), math.NaN()
	}
	for _, v := range x {
		m += v
	}
	m /= float64(len(x))
	if len(x) < 2 {
		return m, math.NaN()
	}
	for _, v := range x {
		std += (v - m) * (v - m)
	}
	return m, math.Sqrt(std / float64(len(x)-1))
}
