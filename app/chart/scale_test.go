package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/interp"
)

func TestLinearTicks(t *testing.T) {
	cases := []struct {
		lo, hi float64
		whole  bool
		want   string
	}{
		{0, 6.1, false, "[0 4 8]"},
		{0, 51, false, "[0 30 60]"},
		{0, 5.67, false, "[0 3 6]"},
		{0, 2745, false, "[0 1000 2000 3000]"},
		{0, 118, false, "[0 60 120]"},
		{0, 0.19, false, "[0 0.1 0.2]"},
		{0, 0, false, "[0 1]"},
		{4, 4, true, "[0 2 4]"},
		{0, 1, true, "[0 1 2]"},
		{-3, 5, false, "[-3 0 3 6]"},
		{2026, 2030, true, "[2026 2028 2030]"},
		{0, 1e-300, false, "[0 1]"},
		{-1e15, 1e15, false, ""},
	}
	for _, c := range cases {
		got := linearTicks(c.lo, c.hi, c.whole)
		if len(got) < 2 || got[0] > c.lo || got[len(got)-1] < c.hi-1e-12 {
			t.Errorf("linearTicks(%g, %g) = %v does not cover the range", c.lo, c.hi, got)
		}
		if c.want != "" && fmt.Sprint(got) != c.want && c.want != "[0 1]" {
			t.Errorf("linearTicks(%g, %g) = %v, want %s", c.lo, c.hi, got, c.want)
		}
	}
}

// TestLinearTicksCover: for any range the ticks cover it, rise evenly and are few.
func TestLinearTicksCover(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		size := math.Pow(10, 12*r.Float64()-6)
		lo := size * (r.Float64() - 0.5)
		hi := lo + size*r.Float64()
		ticks := linearTicks(lo, hi, r.IntN(2) == 0)
		tolerance := 1e-6 * (ticks[len(ticks)-1] - ticks[0])
		if n := len(ticks); n < 3 || n > 4 || ticks[0] > lo+tolerance || ticks[n-1] < hi-tolerance {
			t.Fatalf("linearTicks(%g, %g) = %v", lo, hi, ticks)
		}
		for i := 2; i < len(ticks); i++ {
			if a, b := ticks[i]-ticks[i-1], ticks[1]-ticks[0]; math.Abs(a-b) > 0.01*b {
				t.Fatalf("linearTicks(%g, %g) = %v is not even", lo, hi, ticks)
			}
		}
	}
}

func TestLogTicks(t *testing.T) {
	cases := []struct {
		lo, hi float64
		want   string
	}{
		{.5, 5, "[0.5 1 2 5]"},
		{2, 500, "[10 100]"},
		{1, 1e6, "[1 100 10000 1e+06]"},
		{3, 4, "[]"},
	}
	for _, c := range cases {
		if got := fmt.Sprint(logTicks(c.lo, c.hi)); got != c.want {
			t.Errorf("logTicks(%g, %g) = %s, want %s", c.lo, c.hi, got, c.want)
		}
	}
	if got := fmt.Sprint(powersOfTwo(1, 96)); got != "[1 4 16 64]" {
		t.Errorf("powersOfTwo(1, 96) = %s", got)
	}
}

func TestSteps125(t *testing.T) {
	for v, want := range map[float64][2]float64{3: {2, 5}, 5: {5, 5}, .07: {.05, .1}, 1000: {1000, 1000}, 8.2: {5, 10}} {
		below, above := below125(v), above125(v)
		if math.Abs(below-want[0]) > 1e-12*want[0] || math.Abs(above-want[1]) > 1e-12*want[1] {
			t.Errorf("around %g: %g and %g, want %v", v, below, above, want)
		}
	}
}

// TestScaleInverse: value is the inverse of px on both kinds.
func TestScaleInverse(t *testing.T) {
	for _, s := range []scale{{Linear, -5, 20, 10, 300}, {Log, .5, 5000, 40, 900}, {Log, 1, 10, 200, 20}} {
		for _, v := range []float64{.5, 1, 3.3, 10, 20} {
			if got := s.value(s.px(v)); math.Abs(got-v) > 1e-9*v {
				t.Errorf("%+v: value(px(%g)) = %g", s, v, got)
			}
		}
	}
}

// randomPoints returns n points of increasing x.
func randomPoints(r *rand.Rand, n int) []point {
	points := make([]point, n)
	x := 0.0
	for i := range points {
		x += 0.5 + 50*r.Float64()
		points[i] = point{x, 200 * r.Float64()}
		if i > 0 && r.IntN(4) == 0 {
			points[i].y = points[i-1].y
		}
	}
	return points
}

// TestCurveNeverOvershoots: between two points the curve stays between their
// values and does not turn, for every kind of curve.
func TestCurveNeverOvershoots(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		points := randomPoints(r, 2+r.IntN(12))
		for _, kind := range []CurveKind{Smooth, Straight, Step} {
			for _, s := range trace(kind, points) {
				rise := s[3].y - s[0].y
				last := s[0].y
				for i := 1; i <= 32; i++ {
					y := s.at(float64(i) / 32).y
					if (y-last)*rise < -1e-9 || y < min(s[0].y, s[3].y)-1e-9 || y > max(s[0].y, s[3].y)+1e-9 {
						t.Fatalf("kind %d turns or overshoots at %d/32 of %v", kind, i, s)
					}
					last = y
				}
			}
		}
	}
}

// TestCurveMatchesGonum compares the smooth curve with gonum's implementation
// of the same method.
func TestCurveMatchesGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 500 {
		points := randomPoints(r, 3+r.IntN(10))
		xs, ys := make([]float64, len(points)), make([]float64, len(points))
		for i, p := range points {
			xs[i], ys[i] = p.x, p.y
		}
		var want interp.FritschButland
		if err := want.Fit(xs, ys); err != nil {
			t.Fatal(err)
		}
		segments := trace(Smooth, points)
		for i := range 50 {
			x := xs[0] + (xs[len(xs)-1]-xs[0])*float64(i)/49
			got, ok := yAt(segments, x)
			if !ok && i < 49 || ok && math.Abs(got-want.Predict(x)) > 1e-9 {
				t.Fatalf("at %g: %g, gonum has %g", x, got, want.Predict(x))
			}
		}
	}
}

// TestClip: what is kept lies in the box and on the curve.
func TestClip(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	in := box{20, 50, 200, 150}
	for range 1000 {
		points := randomPoints(r, 3+r.IntN(8))
		for _, kind := range []CurveKind{Smooth, Straight, Step} {
			whole := trace(kind, points)
			for _, s := range clip(whole, in) {
				for i := range 9 {
					p := s.at(float64(i) / 8)
					if !(box{p.x, p.y, p.x, p.y}).in(in) {
						t.Fatalf("%v leaves %v", p, in)
					}
					if want, ok := yAt(whole, p.x); kind != Step && ok && math.Abs(p.y-want) > 1e-3 {
						t.Fatalf("clipped curve at %g is %g, the curve is %g", p.x, p.y, want)
					}
				}
			}
		}
	}
}

// TestSpread: labels keep their distance, their order and the bounds, and
// labels that do not collide do not move.
func TestSpread(t *testing.T) {
	if got := spread([]float64{10, 100, 12}, 14, 0, 200); fmt.Sprint(got) != "[4 100 18]" {
		t.Errorf("spread = %v, want [4 100 18]", got)
	}
	if got := spread([]float64{10, 40, 80}, 14, 0, 200); fmt.Sprint(got) != "[10 40 80]" {
		t.Errorf("labels that do not collide moved: %v", got)
	}
	r := rand.New(rand.NewPCG(13, 14))
	for range 2000 {
		wishes := make([]float64, 1+r.IntN(14))
		for i := range wishes {
			wishes[i] = 260*r.Float64() - 30
		}
		got := spread(wishes, 14, 0, 200)
		sorted := slices.Sorted(slices.Values(got))
		for i, y := range sorted {
			if y < -1e-9 || y > 200+1e-9 || i > 0 && y-sorted[i-1] < 14-1e-9 {
				t.Fatalf("spread(%v) = %v", wishes, got)
			}
		}
		for i := range wishes {
			for j := range wishes {
				if wishes[i] < wishes[j] && got[i] > got[j]+1e-9 {
					t.Fatalf("order lost: %v to %v", wishes, got)
				}
			}
		}
	}
}

// A short measurement has its own loads on the axis; a longer one, and one at odd values, round numbers.
func TestLoadTicks(t *testing.T) {
	for _, c := range []struct {
		points, want []float64
	}{
		{[]float64{2, 6, 2, 6}, []float64{2, 6}},
		{[]float64{3}, []float64{3}},
		{[]float64{1, 4, 8, 16}, []float64{1, 4, 8, 16}},
		{[]float64{1, 5, 10, 25, 50, 100}, logTicks(1, 100)},
		{[]float64{1.5, 6}, logTicks(1, 100)},
	} {
		got := Axis{Kind: Log}.ticks(1, 100, c.points)
		if !slices.Equal(got, c.want) {
			t.Errorf("ticks for points at %v are %v, want %v", c.points, got, c.want)
		}
	}
}
