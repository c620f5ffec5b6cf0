package score

import (
	"math"

	"fleetsize/calc/fit"
	"fleetsize/calc/measured"
)

// Errors are how far predictions of one figure are from measurements, shares
// but for RMSE; with N = 0 they mean nothing.
type Errors = fit.Errors

// ErrorsOf compares every pair that has both figures.
func ErrorsOf(pairs []Pair) Errors {
	var e Errors
	var signed, size []float64
	for _, p := range pairs {
		if !p.Both() {
			continue
		}
		d, diff := p.Ratio(), p.Model.Value-p.Measured.Value
		signed, size = append(signed, d), append(size, math.Abs(d))
		e.MAPE += math.Abs(d)
		e.RMSE += diff * diff
		// A prediction of 1.2 times the measurement is within 20 % whatever
		// the last bit of the quotient.
		if math.Abs(d) <= 0.2*(1+1e-12) {
			e.Within20++
		}
	}
	e.N = len(signed)
	if e.N == 0 {
		return Errors{}
	}
	n := float64(e.N)
	e.MAPE /= n
	e.Within20 /= n
	e.RMSE = math.Sqrt(e.RMSE / n)
	e.Median, e.Bias = fit.Median(size), fit.Median(signed)
	return e
}

// heldOutErrors turns ln(measured/predicted) of rows a fit has not seen into
// errors. RMSE needs the figures themselves and stays 0.
func heldOutErrors(residuals ...[]float64) Errors {
	var pairs []Pair
	for _, list := range residuals {
		for _, r := range list {
			pairs = append(pairs, Pair{Measured: measured.Some(1), Model: measured.Some(math.Exp(-r))})
		}
	}
	e := ErrorsOf(pairs)
	e.RMSE = 0
	return e
}

// coverage is the share of measurements inside the 10–90 % range.
func coverage(pairs []Pair) measured.Opt {
	n, inside := 0, 0
	for _, p := range pairs {
		if !p.Both() || !(p.High > 0) {
			continue
		}
		n++
		if p.Inside() {
			inside++
		}
	}
	if n == 0 {
		return measured.Opt{}
	}
	return measured.Some(float64(inside) / float64(n))
}
