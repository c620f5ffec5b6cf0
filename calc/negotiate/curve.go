package negotiate

import "math"

// Curve runs through points of rising X, monotone between any two of them, and
// ends where they end.
type Curve struct {
	x, y, slope []float64
}

// NewCurve joins points by a monotone cubic (F. N. Fritsch, J. Butland, SIAM J.
// Sci. Stat. Comput. 5(2), 1984: the slope at an inner point is the weighted
// harmonic mean of the chords beside it, 0 at a turn; end slopes by the
// three-point rule, limited to three times the chord). X must rise strictly.
func NewCurve(x, y []float64) Curve {
	n := min(len(x), len(y))
	c := Curve{x: x[:n], y: y[:n], slope: make([]float64, n)}
	if n < 2 {
		return c
	}
	h, d := make([]float64, n-1), make([]float64, n-1)
	for i := range h {
		h[i] = x[i+1] - x[i]
		d[i] = (y[i+1] - y[i]) / h[i]
	}
	if n == 2 {
		c.slope[0], c.slope[1] = d[0], d[0]
		return c
	}
	for i := 1; i < n-1; i++ {
		if d[i-1]*d[i] > 0 {
			a, b := 2*h[i]+h[i-1], h[i]+2*h[i-1]
			c.slope[i] = (a + b) / (a/d[i-1] + b/d[i])
		}
	}
	end := func(h0, h1, d0, d1 float64) float64 {
		s := ((2*h0+h1)*d0 - h0*d1) / (h0 + h1)
		switch {
		case s*d0 <= 0:
			return 0
		case d0*d1 <= 0 && math.Abs(s) > 3*math.Abs(d0):
			return 3 * d0
		}
		return s
	}
	c.slope[0] = end(h[0], h[1], d[0], d[1])
	c.slope[n-1] = end(h[n-2], h[n-3], d[n-2], d[n-3])
	return c
}

// At is the curve's value at x; ok is false outside the points: a curve is
// never drawn out beyond what was computed.
func (c Curve) At(x float64) (y float64, ok bool) {
	n := len(c.x)
	if n == 0 || !(x >= c.x[0] && x <= c.x[n-1]) {
		return 0, false
	}
	for i := 1; i < n; i++ {
		if x > c.x[i] {
			continue
		}
		h := c.x[i] - c.x[i-1]
		t := (x - c.x[i-1]) / h
		u := 1 - t
		return u*u*(1+2*t)*c.y[i-1] + t*t*(3-2*t)*c.y[i] + h*t*u*(u*c.slope[i-1]-t*c.slope[i]), true
	}
	return c.y[0], true
}
