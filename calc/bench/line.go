package bench

import "math"

// line is the least-squares slope of y over x, its standard error and the mean
// of y. ok is false below 20 points or when all x are equal.
func line(x, y []float64) (slope, stderr, mean float64, ok bool) {
	n := float64(len(x))
	if len(x) < 20 {
		return 0, 0, 0, false
	}
	var mx float64
	for i := range x {
		mx += x[i] / n
		mean += y[i] / n
	}
	var sxx, sxy float64
	for i := range x {
		sxx += (x[i] - mx) * (x[i] - mx)
		sxy += (x[i] - mx) * (y[i] - mean)
	}
	if sxx <= 0 {
		return 0, 0, 0, false
	}
	slope = sxy / sxx
	var rest float64
	for i := range x {
		e := y[i] - mean - slope*(x[i]-mx)
		rest += e * e
	}
	return slope, math.Sqrt(rest / (n - 2) / sxx), mean, true
}
