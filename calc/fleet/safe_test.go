package fleet

import (
	"math"
	"testing"
)

func TestSafeShare(t *testing.T) {
	// c = R + √R, share R/c: solved by hand for the small ones.
	tests := []struct {
		slots int
		want  float64
	}{
		{0, 0},
		{1, 0.381966},  // R = ((√5−1)/2)²
		{4, 0.609612},  // R = ((√17−1)/2)² = 2.4384
		{6, 2.0 / 3},   // R = 4, √R = 2
		{20, 0.8},      // R = 16, √R = 4
		{44, topShare}, // 0.86, above the cap
		{256, topShare},
	}
	for _, tt := range tests {
		if got := SafeShare(tt.slots); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("SafeShare(%d) = %v, want %v", tt.slots, got, tt.want)
		}
	}
}
