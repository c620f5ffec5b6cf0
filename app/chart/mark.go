package chart

import (
	"strings"

	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Mark is how one series looks everywhere it appears: its hue, its marker and
// dash, and whether it is estimated. The zero value is the hue for custom
// entries with a circle.
type Mark struct {
	Hue string // "c1" … "c8"; "" = "c8"
	// Tier within the hue: 1 circle and solid line, 2 square and dashes, 3
	// triangle and dots; 0 = 1.
	Tier int
	// Open marks an estimated series: wide dots and an open marker.
	Open bool
}

// Hues by vendor and generation, in the fixed order of the visual language.
const (
	hueHopper    = "c1"
	hueAmpere    = "c2" // and older NVIDIA
	hueAda       = "c3"
	hueBlackwell = "c4" // and later NVIDIA
	hueAMD       = "c5"
	hueIntel     = "c6"
	hueCloud     = "c7"
	hueOther     = "c8" // custom, specs only, processors
)

// tiers gives the place within a hue to the entries people compare most: the
// flagship is 1, the second 2. Everything not listed is 3. The table is fixed
// by id so that an accelerator looks the same in every answer.
var tiers = map[string]int{
	"h100-sxm-80gb": 1, "h200-sxm-141gb": 2,
	"a100-sxm-80gb": 1, "a100-pcie-80gb": 2, "a100-sxm-40gb": 2,
	"l40s": 1, "l4": 2,
	"b200-180gb": 1, "b300-288gb": 2, "gb200-186gb": 3,
	"mi300x": 1, "mi355x": 2,
	"gaudi-3": 1, "gaudi-2": 2,
	"tpu-v6e": 1, "trainium2": 2,
}

// Key returns the look of an accelerator. It depends on the entry alone, never
// on its rank or on what else is shown.
func Key(g *catalog.GPU) Mark {
	if g == nil {
		return Mark{Hue: hueOther, Tier: 1}
	}
	m := Mark{Hue: hueOf(g), Tier: 3}
	if t, ok := tiers[g.ID]; ok {
		m.Tier = t
	} else if g.Custom {
		m.Tier = 1
	}
	return m
}

// hueOf chooses by vendor and architecture.
func hueOf(g *catalog.GPU) string {
	if g.Custom || g.Class == "cpu" {
		return hueOther
	}
	if g.Class == "cloud" {
		return hueCloud
	}
	switch strings.ToLower(g.Vendor) {
	case "nvidia":
		switch arch := strings.ToLower(g.Architecture); {
		case strings.HasPrefix(arch, "hopper"):
			return hueHopper
		case strings.HasPrefix(arch, "ada"):
			return hueAda
		case strings.HasPrefix(arch, "ampere"), strings.HasPrefix(arch, "turing"),
			strings.HasPrefix(arch, "volta"), strings.HasPrefix(arch, "pascal"):
			return hueAmpere
		}
		return hueBlackwell
	case "amd":
		return hueAMD
	case "intel":
		return hueIntel
	case "google", "aws", "amazon", "microsoft":
		return hueCloud
	}
	return hueOther
}

// Estimated returns the look of the same entry where nothing was measured.
func (m Mark) Estimated() Mark {
	m.Open = true
	return m
}

// hue is the class of the group a series is drawn in.
func (m Mark) hue() string {
	if m.Hue == "" {
		return hueOther
	}
	return m.Hue
}

// dash is the line's class for its tier.
func (m Mark) dash() string {
	switch {
	case m.Open:
		return "est"
	case m.Tier == 2:
		return "t2"
	case m.Tier == 3:
		return "t3"
	}
	return ""
}

// appendOutline appends the marker of radius r around (x, y) as path data.
// Shapes have about the same area: squares and triangles reach a little further.
func (m Mark) appendOutline(b []byte, x, y, r float64) []byte {
	switch m.Tier {
	case 2:
		h := r * 0.89
		b = appendPoints(b, 'M', point{x - h, y - h})
		b = appendPoints(b, 'L', point{x + h, y - h})
		b = appendPoints(b, 'L', point{x + h, y + h})
		b = appendPoints(b, 'L', point{x - h, y + h})
	case 3:
		h := r * 1.3
		b = appendPoints(b, 'M', point{x, y - h})
		b = appendPoints(b, 'L', point{x + .9*h, y + .6*h})
		b = appendPoints(b, 'L', point{x - .9*h, y + .6*h})
	default:
		b = appendPoints(b, 'M', point{x - r, y})
		for _, way := range [2]float64{2 * r, -2 * r} {
			b = appendPx(append(appendPx(append(b, 'a'), r), ' '), r)
			b = append(appendPx(append(b, " 0 1 0 "...), way), " 0"...)
		}
	}
	return append(b, 'Z')
}

// swatch is the key shown beside a name: a piece of the line with its marker.
func (m Mark) swatch() *node {
	class := "km"
	if m.Open {
		class += " o"
	}
	var shape *node
	switch m.Tier {
	case 2:
		shape = el("rect", "class", class, "x", "10", "y", "2", "width", "8", "height", "8")
	case 3:
		shape = el("path", "class", class, "d", "M14 .5 19.3 10h-10.6z")
	default:
		shape = el("circle", "class", class, "cx", "14", "cy", "6", "r", "4.6")
	}
	return el("svg", "class", "key "+m.hue(), "viewBox", "0 0 28 12", "aria-hidden", "true").add(
		el("path", "class", m.dash(), "d", "M0 6h28"), shape)
}

// Swatch returns the key for a table or list: 28 by 12 pixels, decorative,
// always next to the name.
func (m Mark) Swatch() app.UI { return uiNode(m.swatch(), Live{}) }
