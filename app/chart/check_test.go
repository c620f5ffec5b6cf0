package chart_test

import (
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"fleetsize/app/chart"
)

// element is one parsed SVG element.
type element struct {
	tag   string
	attrs map[string]string
	text  string
	kids  []*element
}

// has reports whether the class list holds a name.
func (e *element) has(class string) bool {
	for _, c := range strings.Fields(e.attrs["class"]) {
		if c == class {
			return true
		}
	}
	return false
}

// walk calls f for e and everything inside.
func (e *element) walk(f func(*element)) {
	f(e)
	for _, k := range e.kids {
		k.walk(f)
	}
}

// parseSVG parses a drawing with the standard library's strict XML parser.
func parseSVG(t testing.TB, svg string) *element {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	root := &element{}
	stack := []*element{root}
	for {
		token, err := decoder.Token()
		if err != nil {
			if len(stack) != 1 || len(root.kids) != 1 {
				t.Fatalf("not one whole XML document: %v\n%s", err, svg)
			}
			return root.kids[0]
		}
		top := stack[len(stack)-1]
		switch tok := token.(type) {
		case xml.StartElement:
			e := &element{tag: tok.Name.Local, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				if _, twice := e.attrs[a.Name.Local]; twice {
					t.Fatalf("<%s> has %s twice", e.tag, a.Name.Local)
				}
				e.attrs[a.Name.Local] = a.Value
			}
			top.kids = append(top.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(tok)
		}
	}
}

// extent is a rectangle in the drawing.
type extent struct{ x0, y0, x1, y1 float64 }

// textExtent estimates where a text stands, by the average advance of common
// interface fonts: deliberately simpler than the package's own estimate.
func textExtent(e *element, scale float64) extent {
	size, em := 12.0, 0.53
	if e.has("s") {
		size = 11
	}
	if e.has("lb") || e.has("v") || e.has("on-grip") {
		em = 0.56
	}
	size *= scale
	w := 0.0
	for _, r := range e.text {
		if strings.ContainsRune("ijl.,:;'| ()", r) {
			w += 0.3 * size
		} else {
			w += em * size
		}
	}
	x, y := number(e, "x"), number(e, "y")
	switch {
	case e.has("e"):
		x -= w
	case e.has("m"):
		x -= w / 2
	}
	below := 0.2 * size
	if strings.Trim(e.text, "0123456789") == "" {
		below = 0 // figures stand on the baseline
	}
	return extent{x, y - 0.75*size, x + w, y + below}
}

func number(e *element, name string) float64 {
	v, err := strconv.ParseFloat(e.attrs[name], 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// pathPoints returns the end and control points of path data.
func pathPoints(t testing.TB, d string) []extent {
	t.Helper()
	var out []extent
	var x, y, startX, startY float64
	add := func(px, py float64) { out = append(out, extent{px, py, px, py}) }
	for d != "" {
		command := d[0]
		rest := d[1:]
		n := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsLetter(r) && r != 'e' })
		if n < 0 {
			n = len(rest)
		}
		var v []float64
		for _, f := range strings.Fields(rest[:n]) {
			number, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatalf("path number %q in %q", f, d)
			}
			v = append(v, number)
		}
		d = rest[n:]
		want := map[byte]int{'M': 2, 'L': 2, 'C': 6, 'H': 1, 'V': 1, 'h': 1, 'v': 1, 'a': 7, 'Z': 0}
		if k, ok := want[command]; !ok || len(v) != k {
			t.Fatalf("path command %c with %d numbers", command, len(v))
		}
		switch command {
		case 'M':
			x, y, startX, startY = v[0], v[1], v[0], v[1]
		case 'L':
			x, y = v[0], v[1]
		case 'C':
			add(v[0], v[1])
			add(v[2], v[3])
			x, y = v[4], v[5]
		case 'H':
			x = v[0]
		case 'V':
			y = v[0]
		case 'h':
			x += v[0]
		case 'v':
			y += v[0]
		case 'a':
			x, y = x+v[5], y+v[6]
		case 'Z':
			x, y = startX, startY
		}
		add(x, y)
	}
	return out
}

// check verifies what holds for every drawing: valid XML, finite coordinates
// inside the drawing, texts that do not overlap, names, no inline style.
func check(t testing.TB, name string, c *chart.Chart, scale float64) {
	t.Helper()
	svg := c.Markup()
	root := parseSVG(t, svg)
	parseSVG(t, c.SVG())
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s, width %g: %s", name, c.Width, fmt.Sprintf(format, args...))
	}
	if want := fmt.Sprintf("0 0 %g %g", c.Width, c.Height); root.attrs["viewBox"] != want {
		fail("viewBox %q, want %q", root.attrs["viewBox"], want)
	}
	if root.attrs["role"] != "img" || len(root.kids) < 3 || root.kids[0].tag != "title" || root.kids[1].tag != "desc" || root.kids[1].text == "" {
		fail("not an image with title and description")
	}
	if want := root.kids[0].attrs["id"] + " " + root.kids[1].attrs["id"]; root.attrs["aria-labelledby"] != want {
		fail("aria-labelledby %q, want %q", root.attrs["aria-labelledby"], want)
	}
	const slack = 0.6 // half a pixel of line width and rounding
	inside := func(e *element, b extent) {
		if !(b.x0 >= -slack && b.y0 >= -slack && b.x1 <= c.Width+slack && b.y1 <= c.Height+slack) {
			fail("<%s class=%q> %q at %v leaves the drawing %g × %g", e.tag, e.attrs["class"], e.text, b, c.Width, c.Height)
		}
	}
	// What the pointer reads shows one at a time: it stays inside, and need not keep clear of other texts.
	root.kids = slices.DeleteFunc(root.kids, func(e *element) bool {
		if !e.has("pt") {
			return false
		}
		tip := e.kids[len(e.kids)-1]
		if b := textExtent(tip, scale); !tip.has("tip") || tip.text == "" || b.x0 < -slack || b.y0 < -slack || b.x1 > c.Width+slack || b.y1 > c.Height+slack {
			fail("reading %q at %v leaves the drawing %g × %g", tip.text, b, c.Width, c.Height)
		}
		return true
	})
	var texts []*element
	root.walk(func(e *element) {
		for a, v := range e.attrs {
			if a == "style" || strings.HasPrefix(a, "on") {
				fail("inline %s", a)
			}
			if strings.Contains(v, "NaN") || strings.Contains(v, "Inf") {
				fail("%s=%q", a, v)
			}
		}
		switch e.tag {
		case "text":
			if e.text == "" {
				fail("empty text")
			}
			texts = append(texts, e)
			inside(e, textExtent(e, scale))
		case "line":
			inside(e, extent{number(e, "x1"), number(e, "y1"), number(e, "x1"), number(e, "y1")})
			inside(e, extent{number(e, "x2"), number(e, "y2"), number(e, "x2"), number(e, "y2")})
		case "rect":
			x, y := number(e, "x"), number(e, "y")
			inside(e, extent{x, y, x + number(e, "width"), y + number(e, "height")})
		case "path":
			for _, p := range pathPoints(t, e.attrs["d"]) {
				inside(e, p)
			}
		}
	})
	for i, a := range texts {
		for _, b := range texts[:i] {
			p, q := textExtent(a, scale), textExtent(b, scale)
			if p.x0 < q.x1 && q.x0 < p.x1 && p.y0 < q.y1 && q.y0 < p.y1 {
				fail("texts %q and %q overlap", a.text, b.text)
			}
		}
	}
	for _, row := range c.Table().Rows {
		if len(row) != len(c.Table().Head) {
			fail("table row %q has %d cells, head has %d", row, len(row), len(c.Table().Head))
		}
		for _, cell := range row {
			if strings.Contains(cell, "NaN") || strings.Contains(cell, "Inf") {
				fail("table cell %q", cell)
			}
		}
	}
	for _, r := range c.Points() {
		inside(&element{tag: "reading", text: r.Text}, extent{r.X, r.Y, r.X, r.Y})
	}
}
