package fit

import "math"

// probe is the relative change of a parameter in a finite difference. The
// simulation is only piecewise smooth, so that smaller steps measure its
// stairs instead of its slope.
const probe = 0.04

// marquardt improves x by the method of Levenberg and Marquardt: Gauss–Newton
// steps on the residuals, each weighted so that its square stands for its
// Huber loss (iteratively reweighted least squares), damped until the loss
// falls. It returns the loss at x and the curvature matrix of the last
// accepted point. Source: Marquardt 1963; Holland and Welsch 1977 for the
// weights.
func (o *objective) marquardt(x []float64, iterations int) (float64, *symmetric) {
	n, m := len(x), len(o.targets)
	r, try := make([]float64, m), make([]float64, m)
	loss := o.residuals(x, r)
	damping := 1e-2
	var curve *symmetric
	next := make([]float64, n)
	for range iterations {
		var grad []float64
		curve, grad = o.normal(x, r)
		improved := false
		for range 4 {
			if o.stopped {
				return loss, curve
			}
			delta, ok := solve(curve, grad, damping)
			if !ok {
				damping = max(damping*10, 1e-3)
				continue
			}
			for i := range next {
				// A leap farther than a factor e is beyond what a slope can tell.
				next[i] = x[i] - min(max(delta[i], -1), 1)
			}
			if l := o.residuals(next, try); l < loss {
				improved = loss-l > 1e-3*loss
				loss = l
				copy(x, next)
				r, try = try, r
				damping = max(damping/5, 1e-6)
				break
			}
			damping *= 6
		}
		if !improved || n == 0 {
			break
		}
	}
	return loss, curve
}

// normal is the curvature JᵀWJ + P and the gradient JᵀWr + P(x − center) of
// the loss at x, where the residuals are r.
func (o *objective) normal(x, r []float64) (*symmetric, []float64) {
	n, m := len(x), len(r)
	slopes := make([][]float64, n) // of every residual, by parameter
	at := make([]float64, n)
	for i := range x {
		slopes[i] = make([]float64, m)
		if o.stopped {
			continue
		}
		copy(at, x)
		p := &o.params[i]
		h := probe * p.slope(p.value(x[i]))
		if x[i] > o.center[i] { // towards the prior, away from a bound
			h = -h
		}
		at[i] += h
		o.residuals(at, slopes[i])
		for k := range m {
			slopes[i][k] = (slopes[i][k] - r[k]) / h
		}
	}
	weights := make([]float64, m)
	for k := range m {
		weights[k] = o.weight(k, r[k])
	}
	curve, grad := newSymmetric(n), make([]float64, n)
	for i := range n {
		for j := range i + 1 {
			sum := 0.0
			for k, w := range weights {
				sum += w * slopes[i][k] * slopes[j][k]
			}
			curve.a[i*n+j], curve.a[j*n+i] = sum, sum
		}
		for k, w := range weights {
			grad[i] += w * slopes[i][k] * r[k]
		}
		v := o.spread[i] * o.spread[i]
		curve.a[i*n+i] += 1 / v
		grad[i] += (x[i] - o.center[i]) / v
	}
	return curve, grad
}

// weight is what the square of residual k counts: half of it is its loss near
// zero, and its slope is that of the loss everywhere.
func (o *objective) weight(k int, r float64) float64 {
	knee, weight := o.targets[k].scale()
	w := weight / (knee * knee)
	if a := math.Abs(r); a > knee {
		w *= knee / a
	}
	return w
}

// solve returns the damped step, false where the matrix is not definite.
func solve(curve *symmetric, grad []float64, damping float64) ([]float64, bool) {
	factor, ok := curve.factor(damping)
	if !ok {
		return nil, false
	}
	delta := append([]float64(nil), grad...)
	factor.solve(delta)
	return delta, true
}
