package score

import "fleetsize/calc/measured"

// Check names the rows of a table that contradict physics or themselves: see
// measured.Check.
func (x *Resolver) Check(rows []measured.Row) []measured.Problem {
	return measured.Check(rows, func(r *measured.Row) (s measured.Subject) {
		s.Model, _ = x.model(r.Model)
		if g, ok := x.gpu(r.GPU); ok {
			s.GPU = g
		}
		return s
	})
}
