package fit

import (
	"math"
	"sort"
)

// Errors sums up how far predictions of one figure are from measurements.
// Shares, not per cent.
type Errors struct {
	N        int
	MAPE     float64 // mean |predicted/measured − 1|
	Median   float64 // median of the same
	RMSE     float64 // in the figure's unit
	Bias     float64 // median predicted/measured − 1
	Within20 float64 // share of rows within 20 %
}

// Score holds the errors of each figure.
type Score struct{ TTFT, ITL, OutputTokPerS Errors }

// Tally collects predictions against measurements.
type Tally struct{ ttft, itl, rate []pair }

type pair struct{ predicted, measured float64 }

// Add adds one row; figures that were not measured are left out.
func (t *Tally) Add(o *Observation, p Prediction) {
	add := func(list *[]pair, predicted, measured float64) {
		if measured > 0 && predicted > 0 {
			*list = append(*list, pair{predicted, measured})
		}
	}
	add(&t.ttft, p.TTFT, o.TTFT)
	add(&t.itl, p.ITL, o.ITL)
	add(&t.rate, p.OutputTokPerS, o.OutputTokPerS)
}

// Score is the errors of what was added.
func (t *Tally) Score() Score {
	return Score{errorsOf(t.ttft), errorsOf(t.itl), errorsOf(t.rate)}
}

func errorsOf(list []pair) Errors {
	e := Errors{N: len(list)}
	if e.N == 0 {
		return e
	}
	n := float64(e.N)
	abs, signed := make([]float64, 0, e.N), make([]float64, 0, e.N)
	for _, p := range list {
		d := p.predicted/p.measured - 1
		signed, abs = append(signed, d), append(abs, math.Abs(d))
		e.MAPE += math.Abs(d) / n
		e.RMSE += (p.predicted - p.measured) * (p.predicted - p.measured) / n
		if math.Abs(d) <= 0.2 {
			e.Within20 += 1 / n
		}
	}
	e.RMSE = math.Sqrt(e.RMSE)
	e.Median, e.Bias = Median(abs), Median(signed)
	return e
}

// Median sorts v and returns its median, the mean of the two middle ones where
// there are two; 0 for none.
func Median(v []float64) float64 {
	sort.Float64s(v)
	n := len(v)
	if n == 0 {
		return 0
	}
	return (v[(n-1)/2] + v[n/2]) / 2
}

// score predicts every observation under a setting.
func score(obs []Observation, s *Setting) Score {
	var t Tally
	Predict(obs, s, t.Add)
	return t.Score()
}

// Predict predicts every observation that fits into its memory under the
// setting and hands each to use.
func Predict(obs []Observation, s *Setting, use func(*Observation, Prediction)) {
	var p predictor
	p.use(s)
	for i := range obs {
		if v, ok := p.predict(&obs[i]); ok {
			use(&obs[i], v)
		}
	}
}
