// Package qr draws texts as QR codes (ISO/IEC 18004): byte mode, versions 1 to
// 40, error correction level M where the code stays small and L where the text
// is long.
package qr

import (
	"fmt"
	"strconv"
	"strings"
)

// Level is how much of a code may be unreadable.
type Level int

const (
	L Level = iota // about 7 %
	M              // about 15 %
)

// Code is a finished code: Size by Size modules, true is dark. It has no quiet
// zone; drawings add it.
type Code struct {
	Size    int
	Version int
	Level   Level
	Mask    int
	dark    []bool
}

// Dark reports whether the module in a column and row, counted from 0 at the
// upper left, is dark. Outside of the code everything is light.
func (c *Code) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.Size && y < c.Size && c.dark[y*c.Size+x]
}

// roomy is the largest version that is drawn with level M when L would take a
// smaller one: up to it, a printed code of 2 cm can be read by any phone.
const roomy = 10

// MaxBytes is the longest text a code holds.
const MaxBytes = 2953

// Encode draws text. It fails only on texts longer than MaxBytes.
func Encode(text string) (*Code, error) {
	if v := fits(len(text), M); v > 0 && v <= roomy {
		return encode(text, v, M), nil
	}
	v := fits(len(text), L)
	if v == 0 {
		return nil, fmt.Errorf("a QR code holds %d characters, this text has %d: shorten it", MaxBytes, len(text))
	}
	return encode(text, v, L), nil
}

// fits is the smallest version that holds n bytes; 0 = none does.
func fits(n int, l Level) int {
	for v := 1; v <= 40; v++ {
		if 4+countBits(v)+8*n <= 8*dataBytes(v, l) {
			return v
		}
	}
	return 0
}

// countBits is the width of the length in byte mode.
func countBits(version int) int {
	if version < 10 {
		return 8
	}
	return 16
}

func encode(text string, version int, l Level) *Code {
	words := interleave(payload(text, version, l), version, l)
	var best *Code
	lowest := 0
	for mask := range 8 {
		m := newMatrix(version)
		m.place(words, mask)
		m.format(l, mask)
		if p := m.penalty(); best == nil || p < lowest {
			best, lowest = &Code{Size: m.size, Version: version, Level: l, Mask: mask, dark: m.dark}, p
		}
	}
	return best
}

// payload is mode, length and text, filled up to the version's capacity.
func payload(text string, version int, l Level) []byte {
	capacity := dataBytes(version, l)
	var bits bitWriter
	bits.write(4, 4) // byte mode
	bits.write(len(text), countBits(version))
	for i := range len(text) {
		bits.write(int(text[i]), 8)
	}
	bits.write(0, min(4, 8*capacity-bits.n)) // end mark, as far as there is room
	bits.write(0, (8-bits.n%8)%8)
	for pad := 0xec; len(bits.bytes) < capacity; pad ^= 0xec ^ 0x11 {
		bits.write(pad, 8)
	}
	return bits.bytes
}

type bitWriter struct {
	bytes []byte
	n     int // bits
}

func (w *bitWriter) write(value, bits int) {
	for i := bits - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.bytes = append(w.bytes, 0)
		}
		w.bytes[w.n/8] |= byte(value>>i&1) << (7 - w.n%8)
		w.n++
	}
}

// Path is the dark modules as one SVG path, a unit a module, from (0, 0).
func (c *Code) Path() string {
	var b strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			if !c.Dark(x, y) {
				continue
			}
			run := 1
			for c.Dark(x+run, y) {
				run++
			}
			n := strconv.Itoa(run)
			b.WriteString("M" + strconv.Itoa(x) + " " + strconv.Itoa(y) + "h" + n + "v1h-" + n + "z")
			x += run
		}
	}
	return b.String()
}

// Quiet is the width of the light frame that readers need, in modules.
const Quiet = 4

// SVG is the code with its quiet zone as an <svg> element of a class; label
// says what it is.
func (c *Code) SVG(class, label string) string {
	side := strconv.Itoa(c.Size + 2*Quiet)
	label = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(label)
	return `<svg class="` + class + `" viewBox="-4 -4 ` + side + ` ` + side + `" role="img" aria-label="` + label + `" shape-rendering="crispEdges" xmlns="http://www.w3.org/2000/svg">` +
		`<rect x="-4" y="-4" width="` + side + `" height="` + side + `" fill="#fff"/><path fill="#000" d="` + c.Path() + `"/></svg>`
}
