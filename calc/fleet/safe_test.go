package fleet

import (
	"math"
	"testing"

	"fleetsize/catalog"
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

func TestPower(t *testing.T) {
	h100 := &catalog.GPU{TDPWatts: 700}
	kw, _, ok := power(h100, 8)
	// An eight-GPU H100 server is rated 10.2 kW; at PUE 1.3 that is 13.26 kW.
	if !ok || math.Abs(kw-13.26) > 0.02 {
		t.Errorf("power(700 W, 8) = %v, %v, want 13.26 kW", kw, ok)
	}
	if kw, _, _ := power(&catalog.GPU{TDPWatts: 700, AllInKW: &catalog.Figure{Value: 1.73}}, 2); kw != 3.46 {
		t.Errorf("an all-in figure must win: %v, want 3.46", kw)
	}
	if _, _, ok := power(&catalog.GPU{}, 8); ok {
		t.Error("power of an accelerator without a rating must be unknown, not 0")
	}
}

func TestRent(t *testing.T) {
	g := &catalog.GPU{Rent: &catalog.Price{USD: 2.5}}
	if usd, ok := rent(g, 4); !ok || usd != 7300 {
		t.Errorf("rent(2.50 USD/h, 4) = %v, %v, want 7,300 a month of 730 h", usd, ok)
	}
	if _, ok := rent(&catalog.GPU{}, 4); ok {
		t.Error("an unknown price must not be 0")
	}
}
