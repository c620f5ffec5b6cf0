package chart

import (
	"slices"
	"strings"
	"testing"

	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func TestKey(t *testing.T) {
	cases := []struct {
		gpu  catalog.GPU
		want Mark
	}{
		{catalog.GPU{ID: "h100-sxm-80gb", Vendor: "NVIDIA", Architecture: "Hopper"}, Mark{"c1", 1, false}},
		{catalog.GPU{ID: "h200-sxm-141gb", Vendor: "NVIDIA", Architecture: "Hopper"}, Mark{"c1", 2, false}},
		{catalog.GPU{ID: "h20-96gb", Vendor: "NVIDIA", Architecture: "Hopper"}, Mark{"c1", 3, false}},
		{catalog.GPU{ID: "a100-sxm-80gb", Vendor: "NVIDIA", Architecture: "Ampere"}, Mark{"c2", 1, false}},
		{catalog.GPU{ID: "a10g", Vendor: "NVIDIA", Architecture: "Ampere"}, Mark{"c2", 3, false}},
		{catalog.GPU{ID: "t4", Vendor: "NVIDIA", Architecture: "Turing"}, Mark{"c2", 3, false}},
		{catalog.GPU{ID: "l40s", Vendor: "NVIDIA", Architecture: "Ada Lovelace"}, Mark{"c3", 1, false}},
		{catalog.GPU{ID: "b300-288gb", Vendor: "NVIDIA", Architecture: "Blackwell Ultra"}, Mark{"c4", 2, false}},
		{catalog.GPU{ID: "rubin-vr200", Vendor: "NVIDIA", Architecture: "Rubin"}, Mark{"c4", 3, false}},
		{catalog.GPU{ID: "mi300x", Vendor: "AMD", Architecture: "CDNA 3"}, Mark{"c5", 1, false}},
		{catalog.GPU{ID: "gaudi-3", Vendor: "Intel", Architecture: "Gaudi 3"}, Mark{"c6", 1, false}},
		{catalog.GPU{ID: "tpu-v5e", Vendor: "Google", Architecture: "TPU v5e", Class: "cloud"}, Mark{"c7", 3, false}},
		{catalog.GPU{ID: "epyc-9654", Vendor: "AMD", Architecture: "Zen 4", Class: "cpu"}, Mark{"c8", 3, false}},
		{catalog.GPU{ID: "mine", Vendor: "NVIDIA", Architecture: "Hopper", Custom: true}, Mark{"c8", 1, false}},
		{catalog.GPU{ID: "new"}, Mark{"c8", 3, false}},
	}
	for _, c := range cases {
		if got := Key(&c.gpu); got != c.want {
			t.Errorf("Key(%s) = %v, want %v", c.gpu.ID, got, c.want)
		}
	}
	if got := Key(nil); got.Hue != "c8" {
		t.Errorf("Key(nil) = %v", got)
	}
}

// TestTiersOfTheCatalog: every entry has a look, and a hue has one flagship.
func TestTiersOfTheCatalog(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	flagship := map[string]string{}
	for _, g := range c.GPUs {
		known[g.ID] = true
		m := Key(g)
		if m.Hue < "c1" || m.Hue > "c8" || m.Tier < 1 || m.Tier > 3 {
			t.Errorf("Key(%s) = %v", g.ID, m)
		}
		if m.Tier == 1 {
			if other := flagship[m.Hue]; other != "" {
				t.Errorf("%s and %s are both the flagship of %s", other, g.ID, m.Hue)
			}
			flagship[m.Hue] = g.ID
		}
	}
	for id := range tiers {
		if !known[id] {
			t.Errorf("the table of tiers names %s, which the catalog does not have", id)
		}
	}
}

func TestSwatch(t *testing.T) {
	for m, want := range map[Mark][]string{
		{Hue: "c1", Tier: 1}:             {`class="key c1"`, "<circle", `class="km"`},
		{Hue: "c2", Tier: 3}:             {`class="key c2"`, "M14 .5", `class="t3"`},
		{Hue: "c1", Tier: 2, Open: true}: {"<rect", `class="km o"`, `class="est"`},
		{}:                               {`class="key c8"`, "<circle"},
	} {
		html := app.HTMLString(m.Swatch())
		for _, w := range want {
			if !strings.Contains(html, w) {
				t.Errorf("swatch of %v has no %q: %s", m, w, html)
			}
		}
	}
}

// Options that stand on one point have their letters side by side.
func TestLettersStandApart(t *testing.T) {
	spec := LineSpec{Head: Head{ID: "letters"}, X: Axis{Name: "x"}, Y: Axis{Name: "y"}}
	spec.Series = []Series{{Name: "line", Points: []Point{{X: 0, Y: 1}, {X: 10, Y: 9}}}}
	for _, letter := range []string{"A", "B", "C"} {
		spec.Series = append(spec.Series, Series{Name: letter, Letter: true, Points: []Point{{X: 5, Y: 5}}})
	}
	c := Lines(spec, 400)
	var at []float64
	for _, n := range c.root.kids {
		if n.get("class") == "grip" {
			at = append(at, parse(n.get("x")))
		}
	}
	slices.Sort(at)
	if len(at) != 3 || at[1]-at[0] < letterSize || at[2]-at[1] < letterSize {
		t.Errorf("the letters' squares of %d px begin at %v", letterSize, at)
	}
}
