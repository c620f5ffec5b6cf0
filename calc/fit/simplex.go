package fit

import "sort"

// simplex improves x by the method of Nelder and Mead, which needs no slopes
// and so crosses the stairs of the simulation: a body of n + 1 points walks
// downhill by replacing its worst one. Its steps depend on the number of
// parameters as Gao and Han recommend (Comput. Optim. Appl. 51, 2012). It ends
// after that many evaluations, or when 12 rounds per parameter have gained
// less than 0.01 %. gonum/optimize has the same method; a test compares the
// two. It stays out of the program because it makes it 5 % larger.
func (o *objective) simplex(x []float64, evaluations int, size float64) float64 {
	n := len(x)
	r := make([]float64, len(o.targets))
	best := o.residuals(x, r)
	if n == 0 || evaluations <= n {
		return best
	}
	left := evaluations - 1
	found := descend(func(at []float64) (float64, bool) {
		if o.stopped || left <= 0 {
			return 0, false
		}
		left--
		return o.residuals(at, r), true
	}, corner{append([]float64(nil), x...), best}, size, 1e-4*best, 12*n)
	copy(x, found.at)
	return found.value
}

// corner is one point of the simplex with its value.
type corner struct {
	at    []float64
	value float64
}

// descend walks a simplex downhill from start, whose edges are size long, and
// returns the best point. f reports false when it may not be called any more;
// the walk also ends when patience rounds have gained less than gain together.
func descend(f func(at []float64) (float64, bool), start corner, size, gain float64, patience int) corner {
	n := len(start.at)
	d := float64(n)
	expansion, contraction, shrink := 1+2/d, 0.75-1/(2*d), 1-1/d
	if n == 1 {
		expansion, contraction, shrink = 2, 0.5, 0.5
	}
	body := []corner{start}
	for i := range n {
		at := append([]float64(nil), start.at...)
		at[i] += size
		value, ok := f(at)
		if !ok {
			return lowest(body)
		}
		body = append(body, corner{at, value})
	}
	sortCorners(body)
	mark, idle := body[0].value, 0
	for {
		worst := &body[n]
		center := make([]float64, n)
		for _, c := range body[:n] {
			for i, v := range c.at {
				center[i] += v / d
			}
		}
		// probe is the point a multiple of the way from the worst point to the center lies beyond it.
		probe := func(step float64) (corner, bool) {
			at := make([]float64, n)
			for i := range at {
				at[i] = center[i] + step*(center[i]-worst.at[i])
			}
			value, ok := f(at)
			return corner{at, value}, ok
		}
		next, ok := probe(1)
		if !ok {
			return body[0]
		}
		switch reflected := next; {
		case reflected.value < body[0].value:
			far, ok := probe(expansion)
			if ok && far.value < reflected.value {
				next = far
			}
		case reflected.value >= body[n-1].value:
			step := contraction
			if reflected.value >= worst.value {
				step = -contraction
			}
			near, ok := probe(step)
			if !ok {
				return lowest(append(body, reflected))
			}
			next = near
			if near.value > min(reflected.value, worst.value) || step < 0 && near.value >= worst.value {
				for i := 1; i <= n; i++ { // nothing better on that line: draw everything towards the best
					for k := range body[i].at {
						body[i].at[k] = body[0].at[k] + shrink*(body[i].at[k]-body[0].at[k])
					}
					if body[i].value, ok = f(body[i].at); !ok {
						return lowest(body[:i])
					}
				}
				next = body[n]
			}
		}
		body[n] = next
		sortCorners(body)
		if mark-body[0].value > gain {
			mark, idle = body[0].value, 0
		} else if idle++; idle >= patience {
			return body[0]
		}
	}
}

func sortCorners(body []corner) {
	sort.SliceStable(body, func(i, j int) bool { return body[i].value < body[j].value })
}

func lowest(body []corner) corner {
	best := body[0]
	for _, c := range body[1:] {
		if c.value < best.value {
			best = c
		}
	}
	return best
}
