package chart

import "math"

// CurveKind is how a series runs between its points.
type CurveKind int

const (
	// Smooth is a monotone cubic: it never goes above or below the two points it joins.
	Smooth CurveKind = iota
	// Straight joins the points by straight lines.
	Straight
	// Step holds each value until the next point: the reading that is safe for whole things.
	Step
)

// point is a position in pixels.
type point struct{ x, y float64 }

// segment is a cubic Bézier from p[0] to p[3]. Straight segments have their
// control points on the line at one and two thirds, so x runs evenly in all.
type segment [4]point

// straight returns the segment of a straight line.
func straight(a, b point) segment {
	third := func(t float64) point { return point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }
	return segment{a, third(1.0 / 3), third(2.0 / 3), b}
}

// trace returns the segments of a curve through points of increasing x.
// Fewer than three points are joined straight.
func trace(kind CurveKind, points []point) []segment {
	if len(points) < 2 {
		return nil
	}
	segments := make([]segment, 0, 2*len(points))
	if kind == Step {
		for i, p := range points[1:] {
			corner := point{p.x, points[i].y}
			segments = append(segments, straight(points[i], corner))
			if corner != p {
				segments = append(segments, straight(corner, p))
			}
		}
		return segments
	}
	if kind == Straight || len(points) < 3 {
		for i, p := range points[1:] {
			segments = append(segments, straight(points[i], p))
		}
		return segments
	}
	slopes := monotoneSlopes(points)
	for i, p := range points[1:] {
		a, third := points[i], (p.x-points[i].x)/3
		segments = append(segments, segment{a, {a.x + third, a.y + third*slopes[i]}, {p.x - third, p.y - third*slopes[i+1]}, p})
	}
	return segments
}

// monotoneSlopes returns dy/dx at each of three or more points of strictly
// increasing x such that the cubic through them is monotone between any two:
// the weighted harmonic mean of the neighboring slopes, 0 at a turn.
//
// Source: F. N. Fritsch, J. Butland, "A method for constructing local monotone
// piecewise cubic interpolants", SIAM J. Sci. Stat. Comput. 5(2), 1984; end
// slopes by the three-point rule, limited to three times the chord. gonum's
// interp.FritschButland gives the same slopes and is the test's oracle; it
// would bring the matrix packages, 140 kB compressed, into the page.
func monotoneSlopes(p []point) []float64 {
	n := len(p)
	chord := make([]float64, n-1)
	for i := range chord {
		chord[i] = (p[i+1].y - p[i].y) / (p[i+1].x - p[i].x)
	}
	slopes := make([]float64, n)
	for i := 1; i < n-1; i++ {
		if chord[i-1]*chord[i] > 0 {
			left, right := p[i].x-p[i-1].x, p[i+1].x-p[i].x
			slopes[i] = 3 * (left + right) / ((2*right+left)/chord[i-1] + (right+2*left)/chord[i])
		}
	}
	slopes[0] = endSlope(p[1].x-p[0].x, p[2].x-p[1].x, chord[0], chord[1])
	slopes[n-1] = endSlope(p[n-1].x-p[n-2].x, p[n-2].x-p[n-3].x, chord[n-2], chord[n-3])
	return slopes
}

// endSlope is the slope at an end whose first interval is h with chord d, the
// next k with chord e.
func endSlope(h, k, d, e float64) float64 {
	g := ((2*h+k)*d - h*e) / (h + k)
	switch {
	case g*d <= 0:
		return 0
	case d*e <= 0 && math.Abs(g) > 3*math.Abs(d):
		return 3 * d
	}
	return g
}

// clip returns the parts of segments inside a box. Each segment must be
// monotone in x and y, as trace makes them.
func clip(segments []segment, in box) []segment {
	out := segments[:0:0]
	for _, s := range segments {
		t0, t1 := 0.0, 1.0
		t0, t1 = within(s[0].x, s[1].x, s[2].x, s[3].x, in.x0, in.x1, t0, t1)
		t0, t1 = within(s[0].y, s[1].y, s[2].y, s[3].y, in.y0, in.y1, t0, t1)
		switch {
		case t0 == 0 && t1 == 1:
			out = append(out, s)
		case t1-t0 > 1e-6:
			out = append(out, s.part(t0, t1))
		}
	}
	return out
}

// within narrows [t0, t1] to where a monotone cubic lies in [lo, hi].
func within(a, b, c, d, lo, hi, t0, t1 float64) (float64, float64) {
	const slack = 1e-6
	if min(a, d) >= lo-slack && max(a, d) <= hi+slack {
		return t0, t1
	}
	if max(a, d) < lo || min(a, d) > hi {
		return 1, 0
	}
	if d < a {
		a, b, c, d, lo, hi = -a, -b, -c, -d, -hi, -lo
	}
	at := func(want float64) float64 { // the t where the rising cubic is want
		from, to := 0.0, 1.0
		for range 40 {
			if mid := (from + to) / 2; bezier(a, b, c, d, mid) < want {
				from = mid
			} else {
				to = mid
			}
		}
		return (from + to) / 2
	}
	if a < lo {
		t0 = max(t0, at(lo))
	}
	if d > hi {
		t1 = min(t1, at(hi))
	}
	return t0, t1
}

// bezier evaluates a cubic Bézier coordinate.
func bezier(a, b, c, d, t float64) float64 {
	u := 1 - t
	return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d
}

// at returns the point of the segment at t.
func (s segment) at(t float64) point {
	return point{bezier(s[0].x, s[1].x, s[2].x, s[3].x, t), bezier(s[0].y, s[1].y, s[2].y, s[3].y, t)}
}

// part returns the piece of s from t0 to t1.
func (s segment) part(t0, t1 float64) segment {
	// The control points of a piece follow from the derivative at its ends.
	d := func(t float64) point {
		u := 1 - t
		f := func(a, b, c, e float64) float64 { return 3 * (u*u*(b-a) + 2*u*t*(c-b) + t*t*(e-c)) }
		return point{f(s[0].x, s[1].x, s[2].x, s[3].x), f(s[0].y, s[1].y, s[2].y, s[3].y)}
	}
	a, b, h := s.at(t0), s.at(t1), (t1-t0)/3
	da, db := d(t0), d(t1)
	return segment{a, {a.x + h*da.x, a.y + h*da.y}, {b.x - h*db.x, b.y - h*db.y}, b}
}

// yAt returns the curve's y at x; ok is false outside the curve.
func yAt(segments []segment, x float64) (y float64, ok bool) {
	for _, s := range segments {
		if a, d := s[0].x, s[3].x; x >= a && x <= d && d > a {
			return s.at((x - a) / (d - a)).y, true
		}
	}
	return 0, false
}

// pathData writes segments as a path's d attribute. Segments that do not join
// start anew.
func pathData(segments []segment) string {
	b := make([]byte, 0, 36*len(segments)+12)
	var last point
	for i, s := range segments {
		if i == 0 || s[0] != last {
			b = appendPoints(b, 'M', s[0])
		}
		if s.isStraight() {
			b = appendPoints(b, 'L', s[3])
		} else {
			b = appendPoints(b, 'C', s[1:]...)
		}
		last = s[3]
	}
	return string(b)
}

// isStraight reports whether the segment is a straight line, to a hundredth of a pixel.
func (s segment) isStraight() bool {
	third := (s[3].y - s[0].y) / 3
	return math.Abs(s[1].y-s[0].y-third) < .01 && math.Abs(s[3].y-s[2].y-third) < .01
}

// bandData writes the area between two curves of the same x range: along the
// upper, back along the lower.
func bandData(upper, lower []segment) string {
	if len(upper) == 0 || len(lower) == 0 {
		return ""
	}
	back := make([]segment, 0, len(lower)+1)
	back = append(back, straight(upper[len(upper)-1][3], lower[len(lower)-1][3]))
	for i := len(lower) - 1; i >= 0; i-- {
		s := lower[i]
		back = append(back, segment{s[3], s[2], s[1], s[0]})
	}
	return pathData(append(append([]segment(nil), upper...), back...)) + "Z"
}
