package catalog

import "testing"

// Accelerators that are sold under nearly one name, as their data sheets have
// them: GB/s and dense 16-bit TFLOPS. Mixing them up is the commonest fault of
// catalogs.
func TestVariantsAreNotMixedUp(t *testing.T) {
	c := load(t)
	for _, x := range []struct {
		id        string
		bandwidth float64
		tflops    float64
	}{
		{"rtx-pro-6000-server", 1597, 467.8}, {"rtx-pro-6000-ws", 1792, 503.8},
		{"h100-sxm-80gb", 3350, 989.4}, {"h100-pcie-80gb", 2000, 756.5}, {"h100-nvl-94gb", 3900, 835.5},
		{"h200-sxm-141gb", 4800, 989.4}, {"h200-nvl-141gb", 4800, 835.5}, {"h20-96gb", 4000, 148},
		{"a100-sxm-40gb", 1555, 312}, {"a100-sxm-80gb", 2039, 312}, {"a100-pcie-80gb", 1935, 312},
		{"a10", 600, 125}, {"a10g", 600, 70}, {"l4", 300, 121}, {"l40", 864, 181}, {"l40s", 864, 362},
		{"b200-180gb", 8000, 2250}, {"gb200-186gb", 8000, 2500}, {"b300-288gb", 8000, 2250},
		{"mi300x", 5300, 1307.4}, {"mi325x", 6000, 1307.4}, {"mi350x", 8000, 2306.9}, {"mi355x", 8000, 2516.6},
	} {
		g, ok := c.GPU(x.id)
		if !ok {
			t.Errorf("%s is missing", x.id)
			continue
		}
		if flops, _, _ := g.Compute(FP16); g.BandwidthBytesPerS != x.bandwidth*1e9 || flops < x.tflops*0.9999e12 || flops > x.tflops*1.0001e12 {
			t.Errorf("%s: %g GB/s and %g TFLOPS, the data sheet has %g and %g", x.id, g.BandwidthBytesPerS/1e9, flops/1e12, x.bandwidth, x.tflops)
		}
	}
}
