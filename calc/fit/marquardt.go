package fit

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

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
func (o *objective) marquardt(x []float64, iterations int) (float64, *mat.SymDense) {
	n, m := len(x), len(o.targets)
	r, try := make([]float64, m), make([]float64, m)
	loss := o.residuals(x, r)
	damping := 1e-2
	var curve *mat.SymDense
	next := make([]float64, n)
	for range iterations {
		var grad *mat.VecDense
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
				next[i] = x[i] - min(max(delta.AtVec(i), -1), 1)
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
func (o *objective) normal(x, r []float64) (*mat.SymDense, *mat.VecDense) {
	n, m := len(x), len(r)
	jac := mat.NewDense(m, n, nil)
	moved, at := make([]float64, m), make([]float64, n)
	for i := range x {
		if o.stopped {
			break
		}
		copy(at, x)
		p := &o.params[i]
		h := probe * p.slope(p.value(x[i]))
		if x[i] > o.center[i] { // towards the prior, away from a bound
			h = -h
		}
		at[i] += h
		o.residuals(at, moved)
		for k := range m {
			jac.Set(k, i, (moved[k]-r[k])/h)
		}
	}
	for k := range m {
		w := o.weight(k, r[k])
		s := math.Sqrt(w)
		row := jac.RawRowView(k)
		for i := range row {
			row[i] *= s
		}
	}
	var jtj mat.SymDense
	jtj.SymOuterK(1, jac.T())
	grad := mat.NewVecDense(n, nil)
	weighted := mat.NewVecDense(m, nil)
	for k := range m {
		weighted.SetVec(k, math.Sqrt(o.weight(k, r[k]))*r[k])
	}
	grad.MulVec(jac.T(), weighted)
	for i := range x {
		v := o.spread[i] * o.spread[i]
		jtj.SetSym(i, i, jtj.At(i, i)+1/v)
		grad.SetVec(i, grad.AtVec(i)+(x[i]-o.center[i])/v)
	}
	return &jtj, grad
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
func solve(curve *mat.SymDense, grad *mat.VecDense, damping float64) (*mat.VecDense, bool) {
	n := curve.SymmetricDim()
	damped := mat.NewSymDense(n, nil)
	damped.CopySym(curve)
	for i := range n {
		damped.SetSym(i, i, curve.At(i, i)*(1+damping))
	}
	var chol mat.Cholesky
	if !chol.Factorize(damped) {
		return nil, false
	}
	delta := mat.NewVecDense(n, nil)
	if chol.SolveVecTo(delta, grad) != nil {
		return nil, false
	}
	return delta, true
}
