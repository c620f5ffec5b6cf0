package chart

// pressClass marks areas that can be pressed on the page.
const pressClass = "press"

// press is an area that can be pressed to have a value explained. It takes the
// focus like a button; what happens is up to the page. words are its name. Of
// the areas of a drawing the Tab key reaches one, the page's keys the others.
// Exported files leave it out.
func press(ref, words string, x, y, w, h float64) *node {
	n := rect(pressClass, x, y, w, h)
	n.attrs = append(n.attrs, attr{"data-x", ref}, attr{"role", "button"}, attr{"tabindex", "-1"}, attr{"aria-label", words})
	return n
}

// pressSize is the side of the area around a point, in pixels.
const pressSize = 24

// pressPoints puts areas around the points of a series that can be explained.
func (p *plot) pressPoints(i int) {
	for _, q := range p.points[i] {
		if q.Ref == "" || !p.shows(q) {
			continue
		}
		words := p.ya.say(q.Y) + " at " + p.xa.say(q.X)
		if name := p.series[i].Name; name != "" {
			words = name + ": " + words
		}
		p.front = append(p.front, press(q.Ref, words, p.x.px(q.X)-pressSize/2, p.y.px(q.Y)-pressSize/2, pressSize, pressSize))
	}
}

// pressable says on the root that the drawing holds areas to be pressed, so
// that it is no single picture to a screen reader.
func (c *Chart) pressable() {
	for _, k := range c.root.kids {
		if k.get("class") != pressClass {
			continue
		}
		for i := range c.root.attrs {
			if c.root.attrs[i].name == "role" {
				c.root.attrs[i].value = "group"
			}
		}
		return
	}
}
