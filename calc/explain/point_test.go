package explain

import (
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/roofline"
)

// Steps of any number of requests and tokens, as the curves and grids over
// both have them.
func TestPoints(t *testing.T) {
	cat := load(t)
	compared := 0
	for _, m := range []string{"llama-3.1-8b", "gpt-oss-120b", "deepseek-v3", "qwen3-next-80b-a3b"} {
		r := example(t)
		r.Model, _ = cat.Model(m)
		var e fleet.Estimator
		a := e.Preview(r)
		for i := 0; i < len(a.Options); i += 14 {
			o := &a.Options[i]
			b := New(&r, &a, o, context)
			c, _, ok := b.Cost()
			if !ok {
				t.Fatalf("%s: no cost", o.GPU.ID)
			}
			for _, s := range []float64{1, 12.6953125, 512} {
				for _, l := range []float64{64, 4096, 65536} {
					d, p := PointArg(false, s, l), PointArg(true, s, l)
					where := m + " on " + o.GPU.ID
					same(t, where, b, "compute_at", d, roofline.DecodeComputeTime(c, s, l))
					same(t, where, b, "memory_at", d, roofline.DecodeMemoryTime(c, s, l))
					same(t, where, b, "step_at", d, roofline.DecodeTime(c, s, l))
					same(t, where, b, "intensity_at", d, roofline.DecodeIntensity(c, s, l).FLOPPerByte)
					same(t, where, b, "requests_at", d, s)
					same(t, where, b, "compute_at", p, roofline.PrefillComputeTime(c, s, l))
					same(t, where, b, "memory_at", p, roofline.PrefillMemoryTime(c, s, l))
					same(t, where, b, "step_at", p, roofline.PrefillTime(c, s, l))
					same(t, where, b, "intensity_at", p, roofline.PrefillIntensity(c, s, l).FLOPPerByte)
					compared += 9
				}
			}
			for _, arg := range []string{"", "d", "dx", "d1x", "dx1", "d0x5", "d-1x5", "d1x1e300", "q1x1", "dNaNx1", "d1xInf", "32x4096"} {
				if x, ok := b.Explain("step_at", arg); ok {
					t.Errorf("the point %q takes %s", arg, x.Shown())
				}
			}
			x, _ := b.Explain("step_at", "d32x4096")
			if !strings.Contains(x.Heading(), "decode step of 32 requests of 4,096 tokens on ") {
				t.Errorf("heading %q", x.Heading())
			}
		}
	}
	if compared < 500 {
		t.Errorf("only %d compared", compared)
	}
}
