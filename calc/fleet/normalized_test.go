package fleet

import (
	"math"
	"testing"
)

// Normalized rows agree with the option they come from.
func TestHardware(t *testing.T) {
	r := only(t, worked(t), "h100-sxm", "h100-nvl-94gb")
	var e Estimator
	a := e.Preview(r)
	rows := a.Hardware()
	if len(rows) != len(a.Options) {
		t.Fatalf("%d rows of %d options", len(rows), len(a.Options))
	}
	for _, h := range rows {
		o := h.Option
		u, ok := o.Flow.Units(o.USDPerMonth)
		if ok != o.Priced || ok && math.Abs(u.OutputPerUSD/h.OutputTokPerUSD-1) > 1e-9 {
			t.Errorf("%s: %v tokens per USD, the bill says %v", o.GPU.ID, h.OutputTokPerUSD, u.OutputPerUSD)
		}
		if !o.Priced && (h.Quote != 0 || h.OutputTokPerUSD != 0) {
			t.Errorf("%s has no price and %v", o.GPU.ID, h)
		}
		if o.Priced && math.Abs(h.Quote-o.GPU.Rent.USD) > 1e-9 {
			t.Errorf("%s: %v USD per GPU-hour, list %v", o.GPU.ID, h.Quote, o.GPU.Rent.USD)
		}
		if !(h.SpeedMedian >= h.SpeedSlow && h.TTFTSlow >= h.TTFTMedian && h.OutputTokPerSGPU > 0) {
			t.Errorf("%s: %+v", o.GPU.ID, h)
		}
	}
}
