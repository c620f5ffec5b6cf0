package fit

import (
	"errors"

	"gonum.org/v1/gonum/optimize"
)

var errStopped = errors.New("fit: stopped")

// simplex improves x by the method of Nelder and Mead, which needs no slopes
// and so crosses the stairs of the simulation. Source: gonum/optimize.
func (o *objective) simplex(x []float64, evaluations int, size float64) float64 {
	r := make([]float64, len(o.targets))
	best := o.residuals(x, r)
	if len(x) == 0 || evaluations <= len(x) {
		return best
	}
	problem := optimize.Problem{
		Func: func(at []float64) float64 {
			if o.stopped {
				return best + 1
			}
			return o.residuals(at, r)
		},
		Status: func() (optimize.Status, error) {
			if o.stopped {
				return optimize.Failure, errStopped
			}
			return optimize.NotTerminated, nil
		},
	}
	settings := &optimize.Settings{
		FuncEvaluations: evaluations,
		Converger:       &optimize.FunctionConverge{Absolute: 1e-4 * best, Iterations: 12 * len(x)},
	}
	res, _ := optimize.Minimize(problem, append([]float64(nil), x...), settings, &optimize.NelderMead{SimplexSize: size})
	if res != nil && res.F < best {
		best = res.F
		copy(x, res.X)
	}
	return best
}
