package catalog

import "testing"

func TestGPUFilter(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	g, ok := c.GPU("h100-sxm")
	if !ok {
		t.Fatal("no H100")
	}
	for _, x := range []struct {
		name string
		f    GPUFilter
		want bool
	}{
		{"nothing", GPUFilter{}, true},
		{"spelled anyhow", GPUFilter{Query: "SXM_h100 hopper"}, true},
		{"another name", GPUFilter{Query: "h200"}, false},
		{"vendor in any case", GPUFilter{Vendor: "nvidia"}, true},
		{"another vendor", GPUFilter{Vendor: "AMD"}, false},
		{"as much memory as it has", GPUFilter{Memory: g.MemoryBytes}, true},
		{"more memory", GPUFilter{Memory: g.MemoryBytes * 1.01}, false},
		{"a format it computes in", GPUFilter{Format: FP8}, true},
		{"a format it only stores", GPUFilter{Format: MXFP4}, false},
		{"its year", GPUFilter{Since: g.LaunchYear}, true},
		{"a later year", GPUFilter{Since: g.LaunchYear + 1}, false},
	} {
		if got := x.f.Keeps(g); got != x.want {
			t.Errorf("%s: Keeps(H100) = %t, want %t", x.name, got, x.want)
		}
	}
}

// One byte more than fits takes twice the accelerators.
func TestHoldingIsTheFewest(t *testing.T) {
	g := &GPU{ID: "x", UsableBytes: 80e9, GPUsPerNode: 4}
	c := &Catalog{GPUs: []*GPU{g, {ID: "cpu", Class: "cpu", UsableBytes: 1e15}}}
	for _, x := range []struct {
		need float64
		n    int
	}{{1, 1}, {78e9, 1}, {78e9 + 1, 2}, {156e9 + 1, 4}, {312e9, 4}, {312e9 + 1, 0}} {
		n := 0
		if list := c.Holding(x.need); len(list) > 0 {
			n = list[0].N
		}
		if n != x.n {
			t.Errorf("Holding(%g) takes %d, want %d", x.need, n, x.n)
		}
	}
}
