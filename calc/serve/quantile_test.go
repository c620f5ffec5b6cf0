package serve

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Quantiles against sorting, on samples that are hard to deal into buckets.
func TestQuantiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	kinds := map[string]func() float64{
		"uniform":       rng.Float64,
		"exponential":   rng.ExpFloat64,
		"wide":          func() float64 { return math.Exp(40 * rng.NormFloat64()) },
		"few values":    func() float64 { return float64(rng.IntN(3)) },
		"one far away":  func() float64 { return 1 + 1e-9*rng.Float64() + 1e6*math.Floor(rng.Float64()+0.001) },
		"nearly equal":  func() float64 { return 1 + 1e-15*float64(rng.IntN(4)) },
		"with zeros":    func() float64 { return math.Max(0, rng.NormFloat64()) },
		"two far apart": func() float64 { return 1e-300 + 1e300*math.Floor(2*rng.Float64()) },
	}
	var s summary
	for name, draw := range kinds {
		for _, n := range []int{1, 2, 3, 10, 99, 100, 101, 1000, 7000} {
			x := make([]float64, n)
			sum := 0.0
			for i := range x {
				x[i] = draw()
				sum += x[i]
			}
			var values sample
			values.reset(n)
			for _, v := range x {
				values.add(v)
			}
			got := s.of(&values)
			slices.Sort(x)
			at := func(p float64) float64 {
				pos := p * float64(n-1)
				k := int(pos)
				if k+1 >= n {
					return x[k]
				}
				return x[k] + (pos-float64(k))*(x[k+1]-x[k])
			}
			want := Quantiles{sum / float64(n), at(0.5), at(0.9), at(0.95), at(0.99)}
			for i, g := range []float64{got.P50, got.P90, got.P95, got.P99, got.Mean} {
				w := []float64{want.P50, want.P90, want.P95, want.P99, want.Mean}[i]
				if math.Abs(g-w) > 1e-12*math.Abs(w) {
					t.Errorf("%s, %d samples: %+v, want %+v", name, n, got, want)
					break
				}
			}
		}
	}
	if got := s.of(&sample{}); got != (Quantiles{}) {
		t.Errorf("no samples: %+v", got)
	}
}
