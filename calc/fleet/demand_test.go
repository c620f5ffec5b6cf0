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
