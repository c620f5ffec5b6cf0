package chart

import "slices"

// hoverSize is the radius around a point within which the pointer reads it, in pixels.
const hoverSize = 12

// page is the drawing as a page shows it: the first area to press takes the Tab
// key, and the pointer or the focus on a point of a line shows its reading
// beside it. That repeats what the table and the reading under
// the chart say, so it is no part of a picture or an exported file. What is
// dragged stays on top.
func (c *Chart) page() *node {
	page := *c.root
	page.kids = nil
	var areas []*node
	for _, k := range c.root.kids {
		if c.lines && k.get("class") == pressClass {
			areas = append(areas, k)
		} else {
			page.kids = append(page.kids, k)
		}
	}
	if !c.lines {
		for _, k := range page.kids {
			if k.get("class") == pressClass {
				k.set("tabindex", "0")
				break
			}
		}
		return &page
	}
	at := len(page.kids)
	if at > 0 && page.kids[at-1].get("class") == "drag" {
		at--
	}
	var points []*node
	first := true
	for _, r := range c.Points() {
		i := slices.IndexFunc(areas, func(k *node) bool {
			return r.Ref != "" && k.get("data-x") == r.Ref && k.get("x") == px(r.X-pressSize/2) && k.get("y") == px(r.Y-pressSize/2)
		})
		area := el("circle", "class", "hit", "cx", px(r.X), "cy", px(r.Y), "r", px(hoverSize))
		if i >= 0 {
			if area = areas[i]; first {
				area.set("tabindex", "0")
				first = false
			}
			areas = slices.Delete(areas, i, i+1)
		}
		points = append(points, el("g", "class", "pt").add(area,
			el("circle", "class", "spot", "cx", px(r.X), "cy", px(r.Y), "r", "7"), c.tip(r)))
	}
	page.kids = append(page.kids[:at:at], append(append(points, areas...), page.kids[at:]...)...)
	return &page
}

// tip is a reading written above its point, or below where there is no room.
func (c *Chart) tip(r Reading) *node {
	k := c.scale
	l := label{text: shorten(r.Text, 12*k, c.Width), class: "tip", bold: true, y: r.Y - 14*k}
	w := l.width(k)
	l.x = max(0, min(r.X-w/2, c.Width-w))
	if l.y < 12*k {
		l.y = r.Y + 25*k
	}
	n := l.node()
	n.attrs = append(n.attrs, attr{"aria-hidden", "true"})
	return n
}
