package fleet

import (
	"math"
	"testing"
)

func TestPeakReqPerS(t *testing.T) {
	tests := []struct {
		name string
		d    Demand
		want float64
	}{
		{"per second", Demand{Kind: PerSecond, ReqPerS: 10}, 10},
		{"2,500 people × 12 an hour × 2.5 peak", Demand{Kind: People, Users: 2500, ReqPerHour: 12, PeakFactor: 2.5}, 20.833333333333332},
		{"1.5 million a day, twice at peak", Demand{Kind: PerDay, ReqPerDay: 1.5e6, PeakFactor: 2}, 34.72222222222222},
		{"in flight has no rate of its own", Demand{Kind: InFlight, InFlight: 200}, 0},
	}
	for _, tt := range tests {
		if got := tt.d.PeakReqPerS(); math.Abs(got-tt.want) > 1e-12*tt.want {
			t.Errorf("%s: PeakReqPerS() = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestGrown(t *testing.T) {
	if got := grown(10, 0.2, 1); got != 12 {
		t.Errorf("grown(10, 20 %%, 1 year) = %v, want 12", got)
	}
	if got := grown(10, 0, 5); got != 10 {
		t.Errorf("grown(10, 0, 5 years) = %v, want 10", got)
	}
}

// The 95th percentile of a Poisson distribution, as tables have it; 200 → 224
// is the example of NVIDIA's sizing course.
func TestPoissonP95(t *testing.T) {
	for _, tt := range []struct{ mean, want float64 }{
		{0, 0}, {0.01, 0.01}, {0.05, 0.05}, {0.06, 1}, {0.3, 1}, {1, 3}, {2, 5}, {5, 9}, {8.3333, 13}, {10, 15}, {20, 28}, {50, 62}, {200, 224}, {1000, 1052},
		{math.NaN(), 0}, {math.Inf(1), 0}, {-1, 0},
	} {
		if got := PoissonP95(tt.mean); got != tt.want {
			t.Errorf("PoissonP95(%v) = %v, want %v", tt.mean, got, tt.want)
		}
	}
	// The two ways to compute it meet, and the result never falls.
	below, above := PoissonP95(1e4), PoissonP95(1e4+1e-6)
	if math.Abs(below-above) > 1 {
		t.Errorf("PoissonP95 jumps from %v to %v", below, above)
	}
	last := 0.0
	for mean := 0.01; mean < 3e4; mean *= 1.07 {
		x := PoissonP95(mean)
		if x < last || x < mean {
			t.Fatalf("PoissonP95(%v) = %v after %v", mean, x, last)
		}
		last = x
	}
}

func TestPeakP95Demand(t *testing.T) {
	d := Demand{Kind: People, Users: 2500, ReqPerHour: 12, PeakFactor: 2.5}
	if got := d.PeakReqPerS(); math.Abs(got-20.8333) > 1e-3 {
		t.Errorf("peak %v, want 20.83", got)
	}
	d.PeakP95 = true // mean 8.33
	if got := d.PeakReqPerS(); got != 13 {
		t.Errorf("p95 peak %v, want 13", got)
	}
	r := Requirement{Demand: d}
	if got := r.Use(); math.Abs(got-8.33333/13) > 1e-5 {
		t.Errorf("average use %v, want 0.641", got)
	}
}
