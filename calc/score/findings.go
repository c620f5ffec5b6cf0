package score

import "fleetsize/calc/measured"

// Check names the rows of a table that contradict physics or themselves: see
// measured.Check.
func (x *Resolver) Check(rows []measured.Row) []measured.Problem {
	return measured.Check(rows, func(r *measured.Row) (s measured.Subject) {
		if m, ok := x.cat.Model(r.Model); ok {
			s.Model = m
		}
		if g, ok := x.gpu(r.GPU); ok {
			s.GPU = g
		}
		return s
	})
}
