package fit

// polled are the relative changes that poll tries.
var polled = []float64{-0.16, -0.08, -0.04, -0.02, 0.02, 0.04, 0.08, 0.16}

// poll improves x by moving one parameter after the other, as far as a sixth
// of its value either way, and keeps what lowers the loss, until nothing does
// or three rounds are over. It crosses cliffs that slopes and a small simplex
// do not: whether a front end keeps up with a plateau, for one, is decided
// within a few per cent of its cost.
func (o *objective) poll(x []float64) {
	r := make([]float64, len(o.targets))
	best := o.residuals(x, r)
	for range 3 {
		improved := false
		for i := range x {
			p, at := &o.params[i], x[i]
			keep, slope := at, p.slope(p.value(at))
			for _, by := range polled {
				if o.stopped {
					break
				}
				x[i] = at + by*slope
				if l := o.residuals(x, r); l < best {
					best, keep, improved = l, x[i], true
				}
			}
			x[i] = keep
		}
		if !improved {
			return
		}
	}
}
