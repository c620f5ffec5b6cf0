//go:build !js

package site

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// An icon is the logo, three rising bars on a dark tile, at one size. The shapes are those of icon.svg, on
// its grid of 512 units.
type icon struct {
	size   int     // pixels
	corner float64 // radius of the tile in grid units; 0 fills the square
	scale  float64 // of the bars about the center; a maskable icon keeps them in the middle 80 %
}

var icons = map[string]icon{
	"icon-180.png":          {size: 180, corner: 0, scale: 1}, // iOS rounds it itself
	"icon-192.png":          {size: 192, corner: 112, scale: 1},
	"icon-512.png":          {size: 512, corner: 112, scale: 1},
	"icon-maskable-512.png": {size: 512, corner: 0, scale: 0.85},
}

// iconGrid is the side of the drawing in grid units.
const iconGrid = 512

var (
	tileColor = color.NRGBA{R: 0x12, G: 0x16, B: 0x1c, A: 0xff}
	barColor  = color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
)

// box is a rectangle with round corners, in grid units.
type box struct{ x, y, w, h, r float64 }

var iconBars = []box{{128, 272, 64, 112, 16}, {224, 200, 64, 184, 16}, {320, 128, 64, 256, 16}}

// coverage returns how much of a pixel of the given side at (x, y) lies in the box, 0 to 1, from the
// signed distance between the pixel's center and the outline.
func (b box) coverage(x, y, side float64) float64 {
	dx := math.Abs(x-b.x-b.w/2) - b.w/2 + b.r
	dy := math.Abs(y-b.y-b.h/2) - b.h/2 + b.r
	outside := math.Hypot(math.Max(dx, 0), math.Max(dy, 0))
	inside := math.Min(math.Max(dx, dy), 0)
	distance := outside + inside - b.r
	return math.Min(1, math.Max(0, 0.5-distance/side))
}

func (i icon) png() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, i.size, i.size))
	side := iconGrid / float64(i.size)
	tile := box{0, 0, iconGrid, iconGrid, i.corner}
	for py := range i.size {
		for px := range i.size {
			x, y := (float64(px)+0.5)*side, (float64(py)+0.5)*side
			ground := 1.0
			if i.corner > 0 {
				ground = tile.coverage(x, y, side)
			}
			bar := 0.0
			for _, b := range iconBars {
				c := iconGrid / 2.0
				bar = math.Max(bar, b.coverage(c+(x-c)/i.scale, c+(y-c)/i.scale, side/i.scale))
			}
			img.SetNRGBA(px, py, blend(tileColor, barColor, bar, ground))
		}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, img); err != nil {
		panic("site: icon: " + err.Error()) // a buffer takes everything
	}
	return out.Bytes()
}

// blend mixes b over a by share and gives the result the opacity alpha, both 0 to 1.
func blend(a, b color.NRGBA, share, alpha float64) color.NRGBA {
	mix := func(from, to uint8) uint8 {
		return uint8(math.Round(float64(from) + share*(float64(to)-float64(from))))
	}
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), uint8(math.Round(255 * alpha))}
}
