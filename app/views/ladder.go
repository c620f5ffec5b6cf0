package views

import "math"

// ladder steps x up (dir > 0) or down along 1, 2, 5, 10, 20, 50, …: the
// next rung beyond x. Steps from zero start at the lowest rung, low.
func ladder(x float64, dir int, low float64) float64 {
	if !(x > 0) {
		if dir > 0 {
			return low
		}
		return x
	}
	const slack = 1e-9
	decade := math.Pow(10, math.Floor(math.Log10(x)))
	rungs := []float64{decade / 2, decade, 2 * decade, 5 * decade, 10 * decade, 20 * decade}
	if dir > 0 {
		for _, r := range rungs {
			if r > x*(1+slack) {
				return tidy(r)
			}
		}
	}
	for i := len(rungs) - 1; i >= 0; i-- {
		if rungs[i] < x*(1-slack) {
			return math.Max(tidy(rungs[i]), low)
		}
	}
	return low
}

// linear steps x by step, onto its multiples.
func linear(x float64, dir int, step float64) float64 {
	if dir > 0 {
		return tidy((math.Floor(x/step+1e-9) + 1) * step)
	}
	return tidy((math.Ceil(x/step-1e-9) - 1) * step)
}

// tidy removes the rounding noise of repeated steps.
func tidy(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	scale := math.Pow(10, 12-math.Ceil(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}
