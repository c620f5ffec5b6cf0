package chart

import "strings"

// Markup returns the drawing as an <svg> element for a page that has the
// style sheet.
func (c *Chart) Markup() string {
	var b strings.Builder
	b.Grow(24 << 10)
	writeNode(&b, c.page())
	return b.String()
}

// Picture is Markup for paper: without the areas to be pressed. The suffix keeps
// the ids of two drawings of one chart apart.
func (c *Chart) Picture(suffix string) string {
	still := *c.root
	still.attrs, still.kids = nil, nil
	for _, a := range c.root.attrs {
		switch a.name {
		case "role":
			a.value = "img"
		case "aria-labelledby":
			a.value = c.ID + suffix + "-t " + c.ID + suffix + "-d"
		}
		still.attrs = append(still.attrs, a)
	}
	for i, k := range c.root.kids {
		switch {
		case i < 2: // title and description
			k = el(k.tag, "id", c.ID+suffix+"-"+k.tag[:1]).say(k.text)
		case k.get("class") == pressClass:
			continue
		}
		still.kids = append(still.kids, k)
	}
	var b strings.Builder
	writeNode(&b, &still)
	return b.String()
}

// SVG returns the drawing as a file that stands alone: namespace, light theme,
// fonts and hatch pattern included, on a white ground.
func (c *Chart) SVG() string {
	pad := 16.0
	top := el("svg", "xmlns", svgNS,
		"viewBox", px(-pad)+" "+px(-pad)+" "+px(c.Width+2*pad)+" "+px(c.Height+2*pad),
		"width", px(c.Width+2*pad), "height", px(c.Height+2*pad))
	for _, a := range c.root.attrs {
		if a.name == "role" {
			a.value = "img"
		}
		if a.name != "viewBox" {
			top.attrs = append(top.attrs, a)
		}
	}
	top.add(el("style").say(lightStyle(c.scale)+c.style), hatchDefs(),
		rect("ground", -pad, -pad, c.Width+2*pad, c.Height+2*pad))
	for _, k := range c.root.kids {
		if k.get("class") != pressClass {
			top.add(k)
		}
	}
	var b strings.Builder
	b.Grow(20 << 10)
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	writeNode(&b, top)
	return b.String()
}

// SwatchMarkup is the mark's swatch as an <svg> element for a page that has the
// style sheet.
func (m Mark) SwatchMarkup() string {
	var b strings.Builder
	writeNode(&b, m.swatch())
	return b.String()
}

// HatchMarkup is Hatch as markup.
func HatchMarkup() string {
	var b strings.Builder
	writeNode(&b, hatch())
	return b.String()
}

// svgNS is the namespace of every element drawn here.
const svgNS = "http://www.w3.org/2000/svg"

// writeNode writes n and its children, one element a line.
func writeNode(b *strings.Builder, n *node) {
	b.WriteByte('<')
	b.WriteString(n.tag)
	for _, a := range n.attrs {
		b.WriteByte(' ')
		b.WriteString(a.name)
		b.WriteString(`="`)
		escape(b, a.value)
		b.WriteByte('"')
	}
	if n.text == "" && len(n.kids) == 0 {
		b.WriteString("/>\n")
		return
	}
	b.WriteByte('>')
	if n.text != "" {
		escape(b, n.text)
	} else {
		b.WriteByte('\n')
		for _, k := range n.kids {
			writeNode(b, k)
		}
	}
	b.WriteString("</")
	b.WriteString(n.tag)
	b.WriteString(">\n")
}

// escape writes text so that it is valid in XML content and in a quoted
// attribute. Characters XML does not allow become the replacement character.
func escape(b *strings.Builder, s string) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r < 0x20 && r != '\n' && r != '\t', r == 0xfffe, r == 0xffff:
			b.WriteRune('\ufffd')
		default:
			b.WriteRune(r)
		}
	}
}
