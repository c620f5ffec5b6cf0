package chart

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Live is what a page adds to a drawing. The zero value adds nothing.
type Live struct {
	// Reading is the 1-based index into Points of the point to ring, 0 = none.
	Reading int
	// Root may add attributes and handlers to the <svg> element.
	Root func(app.HTMLElem) app.HTMLElem
	// Grip may add handlers to the draggable target's <g> element.
	Grip func(app.HTMLElem) app.HTMLElem
}

// UI returns the drawing as go-app elements. Every element is created in the
// SVG namespace, so an update changes only what differs.
func (c *Chart) UI(l Live) app.UI {
	root := c.page()
	if i := l.Reading - 1; i >= 0 && i < len(c.Points()) {
		r := c.Points()[i]
		root.kids = append(root.kids,
			el("circle", "class", "ring", "fill", "none", "stroke", "currentColor", "cx", px(r.X), "cy", px(r.Y), "r", "9"))
	}
	return uiNode(root, l)
}

// uiNode converts one node and its children.
func uiNode(n *node, l Live) app.HTMLElem {
	e := app.Elem(n.tag).XMLNS(svgNS)
	for _, a := range n.attrs {
		e = e.Attr(a.name, a.value)
	}
	switch {
	case n.text != "":
		e = e.Body(app.Text(n.text))
	case len(n.kids) > 0:
		kids := make([]app.UI, len(n.kids))
		for i, k := range n.kids {
			kids[i] = uiNode(k, l)
		}
		e = e.Body(kids...)
	}
	if n.tag == "svg" && l.Root != nil {
		e = l.Root(e)
	}
	if l.Grip != nil && n.get("class") == "drag" {
		e = l.Grip(e)
	}
	return e
}

// Hatch returns the hidden <svg> with the pattern that the class "zone" fills
// with. A page needs it once.
func Hatch() app.UI { return uiNode(hatch(), Live{}) }

func hatch() *node {
	return el("svg", "class", "sr", "width", "0", "height", "0", "aria-hidden", "true").add(hatchDefs())
}
