package chart

import "strings"

// textSlack is the share by which a text may come out wider than estimated:
// the page uses system fonts, so the exact width is not known.
const textSlack = 1.10

// textWidth estimates the width of one line of text in CSS pixels at a font
// size, for the wider of the common interface fonts, slack included. Bold text
// is about 6 % wider.
func textWidth(s string, size float64, bold bool) float64 {
	em := 0.0
	for _, r := range s {
		em += glyphWidth(r)
	}
	if bold {
		em *= 1.06
	}
	return em * size * textSlack
}

// glyphWidth is the advance of one character in em, rounded up by class.
func glyphWidth(r rune) float64 {
	switch {
	case r >= '0' && r <= '9':
		return 0.62 // tabular figures
	case strings.ContainsRune("ijl.,:;'|!", r):
		return 0.28
	case strings.ContainsRune("frt ()[]/-", r):
		return 0.36
	case strings.ContainsRune("mwMW%@—", r):
		return 0.90
	case r >= 'A' && r <= 'Z':
		return 0.68
	case r < 0x250:
		return 0.57
	case r >= 0x2e80 && r < 0xa000, r >= 0x1f000:
		return 1.10
	}
	return 0.80
}

// anchor says which point of a text its x names.
type anchor byte

const (
	start anchor = iota
	middle
	end
)

// label is one text to be placed: its words, look and preferred point.
type label struct {
	text   string
	class  string // without the anchor's class
	small  bool   // 11 px instead of 12
	bold   bool
	flat   bool // figures only: nothing reaches below the baseline
	anchor anchor
	x, y   float64 // y is the baseline
}

// size is the label's font size for a text factor.
func (l label) size(scale float64) float64 {
	if l.small {
		return 11 * scale
	}
	return 12 * scale
}

// width is the label's estimated width.
func (l label) width(scale float64) float64 { return textWidth(l.text, l.size(scale), l.bold) }

// box is the label's bounding box: ascenders to descenders.
func (l label) box(scale float64) box {
	w, size := l.width(scale), l.size(scale)
	x := l.x
	switch l.anchor {
	case middle:
		x -= w / 2
	case end:
		x -= w
	}
	below := 0.24
	if l.flat {
		below = 0.06
	}
	return box{x, l.y - 0.82*size, x + w, l.y + below*size}
}

// node returns the <text> element.
func (l label) node() *node {
	class := l.class
	if l.anchor == middle {
		class += " m"
	} else if l.anchor == end {
		class += " e"
	}
	if l.small {
		class += " s"
	}
	return el("text", "class", strings.TrimSpace(class), "x", px(l.x), "y", px(l.y)).say(l.text)
}

// box is a rectangle from its left upper to its right lower corner.
type box struct{ x0, y0, x1, y1 float64 }

// hits reports whether two boxes share area.
func (a box) hits(b box) bool { return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1 }

// in reports whether a lies inside b, to a hundredth of a pixel.
func (a box) in(b box) bool {
	const slack = 0.01
	return a.x0 >= b.x0-slack && a.y0 >= b.y0-slack && a.x1 <= b.x1+slack && a.y1 <= b.y1+slack
}
