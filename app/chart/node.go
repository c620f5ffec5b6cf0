package chart

import (
	"math"
	"strconv"
)

// node is one SVG element: a tag, its attributes in writing order, and either
// a text or children.
type node struct {
	tag   string
	attrs []attr
	text  string
	kids  []*node
}

// attr is one attribute; the value is plain text and escaped when written.
type attr struct{ name, value string }

// el returns an element with attributes given as name, value, name, value, ….
// Attributes with an empty value are left out. An odd number of arguments is
// a programmer's mistake and panics.
func el(tag string, attrs ...string) *node {
	if len(attrs)%2 != 0 {
		panic("chart: attribute without a value")
	}
	n := &node{tag: tag, attrs: make([]attr, 0, len(attrs)/2)}
	for i := 0; i < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			n.attrs = append(n.attrs, attr{attrs[i], attrs[i+1]})
		}
	}
	return n
}

// add appends children and returns n.
func (n *node) add(kids ...*node) *node {
	n.kids = append(n.kids, kids...)
	return n
}

// say sets the element's text and returns n.
func (n *node) say(text string) *node {
	n.text = text
	return n
}

// set changes an attribute that is there.
func (n *node) set(name, value string) {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			n.attrs[i].value = value
		}
	}
}

// get returns an attribute's value, or "".
func (n *node) get(name string) string {
	for _, a := range n.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// px writes a coordinate with one decimal at most.
func px(v float64) string { return string(appendPx(nil, v)) }

// appendPx appends a coordinate to b. Coordinates are finite and of screen size
// by construction; a slip would be a broken drawing, so it is written as 0.
func appendPx(b []byte, v float64) []byte {
	if !(v > -1e9 && v < 1e9) {
		v = 0
	}
	tenths := int64(math.Round(v * 10))
	if tenths < 0 {
		b = append(b, '-')
		tenths = -tenths
	}
	b = strconv.AppendInt(b, tenths/10, 10)
	if tenths %= 10; tenths != 0 {
		b = append(b, '.', byte('0'+tenths))
	}
	return b
}

// appendPoints appends coordinates separated by spaces after a path command.
func appendPoints(b []byte, command byte, points ...point) []byte {
	b = append(b, command)
	for i, p := range points {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(appendPx(b, p.x), ' ')
		b = appendPx(b, p.y)
	}
	return b
}

// line returns a straight line with a class.
func line(class string, x1, y1, x2, y2 float64) *node {
	return el("line", "class", class, "x1", px(x1), "y1", px(y1), "x2", px(x2), "y2", px(y2))
}

// rect returns a rectangle with a class.
func rect(class string, x, y, w, h float64) *node {
	return el("rect", "class", class, "x", px(x), "y", px(y), "width", px(w), "height", px(h))
}
