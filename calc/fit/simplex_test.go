package fit

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/optimize"
)

// The walk reaches the minima that gonum's reaches, with no more than half as many evaluations again.
func TestDescendAgainstGonum(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     func(x []float64) float64
		start []float64
		want  float64
	}{
		{"parabola", func(x []float64) float64 { return 3 + (x[0]-2)*(x[0]-2) }, []float64{-1}, 3},
		{"bowl", func(x []float64) float64 {
			s := 1.0
			for i, v := range x {
				s += float64(i+1) * (v - float64(i)) * (v - float64(i))
			}
			return s
		}, []float64{3, 3, -2, 0.5, 7}, 1},
		{"Rosenbrock", func(x []float64) float64 {
			a, b := 1-x[0], x[1]-x[0]*x[0]
			return 1 + a*a + 100*b*b
		}, []float64{-1.2, 1}, 1},
		{"stairs", func(x []float64) float64 { return 2 + math.Floor(20*math.Hypot(x[0]-1, x[1]+1))/20 }, []float64{4, 4}, 2},
	} {
		calls := 0
		first := c.f(c.start)
		got := descend(func(at []float64) (float64, bool) { calls++; return c.f(at), calls < 4000 },
			corner{append([]float64(nil), c.start...), first}, 0.5, 1e-9, 40*len(c.start))
		res, err := optimize.Minimize(optimize.Problem{Func: c.f}, c.start,
			&optimize.Settings{Converger: &optimize.FunctionConverge{Absolute: 1e-9, Iterations: 40 * len(c.start)}},
			&optimize.NelderMead{SimplexSize: 0.5})
		if err != nil {
			t.Fatal(err)
		}
		if got.value > c.want+1e-4 || got.value > res.F+1e-4 {
			t.Errorf("%s: reached %v at %v, want %v; gonum reaches %v", c.name, got.value, got.at, c.want, res.F)
		}
		if limit := res.Stats.FuncEvaluations*3/2 + 50; calls > limit {
			t.Errorf("%s: %d evaluations, gonum takes %d", c.name, calls, res.Stats.FuncEvaluations)
		}
		if v := c.f(got.at); v != got.value {
			t.Errorf("%s: the point has the value %v, not %v", c.name, v, got.value)
		}
	}
}

// A walk that is stopped returns the best point it has seen.
func TestDescendStops(t *testing.T) {
	f := func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] }
	for limit := range 30 {
		calls, best := 0, 32.0
		got := descend(func(at []float64) (float64, bool) {
			if calls == limit {
				return 0, false
			}
			calls++
			best = min(best, f(at))
			return f(at), true
		}, corner{[]float64{4, 4}, 32}, -1, 0, 1000)
		if got.value != best || f(got.at) != got.value {
			t.Errorf("stopped after %d evaluations at %v with %v, the best seen is %v", limit, got.at, got.value, best)
		}
	}
}
