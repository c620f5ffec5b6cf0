package serve

import "math"

// gaps is a table of arrival times of a unit-rate Poisson process, drawn once
// per seed and scaled by the rate: a search over rates sees common random
// numbers.
type gaps struct {
	at   []float64 // at[i] is the sum of the first i gaps
	seed uint64
	next splitMix
	n    int     // gaps in use; then they repeat
	mean float64 // of those
}

// draw prepares n gaps of the given seed. They are scaled to an exact mean of
// 1, so that a finite run is offered the stated rate.
func (g *gaps) draw(seed uint64, n int) {
	if len(g.at) == 0 || g.seed != seed {
		g.at = append(g.at[:0], 0)
		// Not the generator's own step, or seeds would give the same gaps shifted.
		g.seed, g.next = seed, splitMix(seed*0xD1342543DE82EF95+0x1234567)
	}
	for len(g.at) <= n {
		g.at = append(g.at, g.at[len(g.at)-1]-logarithm(g.next.unit()))
	}
	g.n, g.mean = n, g.at[n]/float64(n)
}

// gap is the i-th gap, mean 1.
func (g *gaps) gap(i int) float64 {
	for i >= g.n {
		i -= g.n
	}
	return (g.at[i+1] - g.at[i]) / g.mean
}

// splitMix is the SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014).
type splitMix uint64

// unit is uniform on (0, 1].
func (s *splitMix) unit() float64 {
	*s += 0x9E3779B97F4A7C15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	return float64(z>>11+1) / (1 << 53)
}

// logarithm is ln x for x > 0 in plain arithmetic: library logarithms differ
// in the last bit between platforms, which could reorder events. Relative
// error below 1e-15: ln m by the series of 2·artanh((m−1)/(m+1)).
func logarithm(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	s := (m - 1) / (m + 1) // |s| ≤ 0.172
	q := s * s
	sum := 0.0
	for k := 21; k >= 1; k -= 2 {
		sum = sum*q + 1/float64(k)
	}
	return 2*s*sum + float64(e)*math.Ln2
}
