//go:build !js

package site

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"testing"
)

type rgb [3]float64 // linear light, 0 to 1

// themes are the colors of tokens.css that have one for each theme: name → light, dark.
func themes(t *testing.T) map[string][2]rgb {
	t.Helper()
	css, ok := tinySite(t).File("tokens.css")
	if !ok {
		t.Fatal("no tokens.css")
	}
	colors := map[string][2]rgb{}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`).FindAllStringSubmatch(string(css), -1) {
		if _, again := colors[m[1]]; !again { // later ones are of the projector's contrast
			colors[m[1]] = [2]rgb{linear(m[2]), linear(m[3])}
		}
	}
	return colors
}

func linear(hex string) (c rgb) {
	for i := range c {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if x := float64(n) / 255; x <= 0.04045 {
			c[i] = x / 12.92
		} else {
			c[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return c
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b rgb) float64 {
	lum := func(c rgb) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] + 0.05 }
	return max(lum(a), lum(b)) / min(lum(a), lum(b))
}

// Text has 4.5:1 against every surface it stands on; outlines of controls, the ring of the focus and lines of
// charts have 3:1, in both themes.
func TestContrast(t *testing.T) {
	colors := themes(t)
	for theme, name := range []string{"light", "dark"} {
		check := func(least float64, over string, names ...string) {
			for _, n := range names {
				c, ok := colors[n]
				if !ok {
					t.Fatalf("tokens.css has no %s", n)
				}
				if got := contrast(c[theme], colors[over][theme]); got < least {
					t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", name, n, over, got, least)
				}
			}
		}
		for _, surface := range []string{"page", "sunk", "raised"} {
			check(4.5, surface, "ink", "ink2", "ink3", "act", "ok", "warn", "bad")
			check(3, surface, "ctl")
		}
		check(3, "page", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8")
	}
}

// dichromats are what the three kinds of color vision deficiency make of linear light: Machado, Oliveira and
// Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency (2009), severity 1.
var dichromats = map[string][3]rgb{
	"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func (c rgb) seenBy(m [3]rgb) (out rgb) {
	for i, row := range m {
		out[i] = min(max(row[0]*c[0]+row[1]*c[1]+row[2]*c[2], 0), 1)
	}
	return out
}

// lab is CIELAB under D65.
func (c rgb) lab() [3]float64 {
	f := func(x float64) float64 {
		if x > 216.0/24389 {
			return math.Cbrt(x)
		}
		return (24389.0/27*x + 16) / 116
	}
	x := f((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.95047)
	y := f(0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2])
	z := f((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// The hues of charts stay apart for every kind of color vision. A difference of 5 in CIELAB is about two just
// noticeable ones; lines are told apart by label, dash and marker besides.
func TestHuesForColorVision(t *testing.T) {
	const least = 5
	colors := themes(t)
	for theme, name := range []string{"light", "dark"} {
		for kind, m := range dichromats {
			for i := 1; i <= 8; i++ {
				for j := i + 1; j <= 8; j++ {
					a, b := colors[fmt.Sprint("c", i)][theme].seenBy(m).lab(), colors[fmt.Sprint("c", j)][theme].seenBy(m).lab()
					d := math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
					if d < least {
						t.Errorf("%s, %s: c%d and c%d differ by %.1f, want %d", name, kind, i, j, d, least)
					}
				}
			}
		}
	}
}
