package qr

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// links are texts of every length that a share link has.
func links() []string {
	long := "https://fleetsize.example/app/#v=1&w=rag&m=llama-3-3-70b&q=fp8&users=2500&rph=12&peak=2.5&ttft=2s"
	out := []string{"", "a", "https://x.example/#v=1", long, long + "&n=RAG%20pilot%20%C3%A9", "Grüße, 東京"}
	r := rand.New(rand.NewPCG(1, 2))
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-.,:=&%#/"
	for _, n := range []int{17, 60, 150, 306, 400, 700, 1100, 1500, 1900} {
		var b strings.Builder
		for range n {
			b.WriteByte(alphabet[r.IntN(len(alphabet))])
		}
		out = append(out, b.String())
	}
	return out
}

// What is drawn reads back as what was encoded, by a reader written from the
// standard independently of the writer.
func TestReadsBack(t *testing.T) {
	for _, text := range links() {
		c, err := Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(c)
		if err != nil || got != text {
			t.Errorf("%d characters, version %d: read %q, %v", len(text), c.Version, got, err)
		}
	}
}

// Every version and level reads back, at its fullest and almost empty.
func TestEveryVersion(t *testing.T) {
	for v := 1; v <= 40; v++ {
		for _, l := range []Level{L, M} {
			full := dataBytes(v, l) - 2
			if v >= 10 {
				full--
			}
			text := strings.Repeat("0123456789abcdef", full/16+1)[:full]
			if fits(full, l) != v || v < 40 && fits(full+1, l) != v+1 {
				t.Errorf("version %d level %d: %d bytes fit version %d", v, l, full, fits(full, l))
			}
			for _, s := range []string{text, "x"} {
				if got, err := read(encode(s, v, l)); err != nil || got != s {
					t.Errorf("version %d level %d, %d bytes: %v", v, l, len(s), err)
				}
			}
		}
	}
}

// Capacities of ISO/IEC 18004 table 7, byte mode.
func TestCapacities(t *testing.T) {
	for _, c := range []struct {
		version int
		level   Level
		bytes   int
	}{{1, L, 17}, {1, M, 14}, {5, L, 106}, {10, L, 271}, {10, M, 213}, {20, L, 858}, {32, L, 1952}, {40, L, 2953}, {40, M, 2331}} {
		if got := fits(c.bytes, c.level); got != c.version {
			t.Errorf("%d bytes at level %d fit version %d, want %d", c.bytes, c.level, got, c.version)
		}
	}
	if _, err := Encode(strings.Repeat("x", MaxBytes+1)); err == nil {
		t.Error("a text that does not fit was taken")
	}
}

// Any 15 bits of format within three errors are told apart: the drawn ones are
// code words of the BCH code, which the standard lists for mask 0 to 7.
func TestFormatBits(t *testing.T) {
	want := map[Level][8]int{ // ISO/IEC 18004 table C.1
		L: {0x77c4, 0x72f3, 0x7daa, 0x789d, 0x662f, 0x6318, 0x6c41, 0x6976},
		M: {0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0},
	}
	for l, masks := range want {
		for mask, bits := range masks {
			m := newMatrix(1)
			m.format(l, mask)
			got := 0
			for i := 14; i >= 0; i-- { // second copy: right of the upper right, then above the lower left
				x, y := m.size-1-i, 8
				if i >= 8 {
					x, y = 8, m.size-15+i
				}
				got <<= 1
				if m.dark[y*m.size+x] {
					got |= 1
				}
			}
			if got != bits {
				t.Errorf("level %d mask %d: %015b, want %015b", l, mask, got, bits)
			}
		}
	}
}

// The chosen mask is the one with the lowest penalty of all that read alike.
func TestMaskIsTheBest(t *testing.T) {
	text := "https://fleetsize.example/#v=1&rps=10"
	c, _ := Encode(text)
	words := interleave(payload(text, c.Version, c.Level), c.Version, c.Level)
	best := -1
	for mask := range 8 {
		m := newMatrix(c.Version)
		m.place(words, mask)
		m.format(c.Level, mask)
		if p := m.penalty(); best < 0 || p < best {
			best = p
		}
		if mask == c.Mask && m.penalty() != best {
			t.Errorf("mask %d has penalty %d, an earlier one %d", mask, m.penalty(), best)
		}
	}
}

func TestSVG(t *testing.T) {
	c, _ := Encode("https://x.example/#v=1")
	svg := c.SVG("qr", `The link as a "QR" code`)
	for _, want := range []string{`viewBox="-4 -4 `, `aria-label="The link as a &quot;QR&quot; code"`, `d="M0 0h7v1h-7z`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the drawing lacks %s", want)
		}
	}
	dark := 0
	for y := range c.Size {
		for x := range c.Size {
			if c.Dark(x, y) {
				dark++
			}
		}
	}
	if got := area(c.Path()); got != dark {
		t.Errorf("the path covers %d modules, %d are dark", got, dark)
	}
}

// area sums the runs of a path of one-module strips.
func area(path string) int {
	sum := 0
	for _, strip := range strings.Split(strings.Trim(path, "M"), "M") {
		var x, y, w, back int
		if _, err := fmt.Sscanf(strip, "%d %dh%dv1h%dz", &x, &y, &w, &back); err != nil || w != -back {
			return -1
		}
		sum += w
	}
	return sum
}

func BenchmarkEncode(b *testing.B) {
	text := links()[3]
	for range b.N {
		_, _ = Encode(text)
	}
}
