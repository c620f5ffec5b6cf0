package fit

import (
	"math"
	"sort"
)

// ByShape leaves out shapes: rows of one shape are predicted by a fit that has
// not seen any of them.
func ByShape(o *Observation) string { return o.Shape }

// ByGroup leaves out groups in the same way.
func ByGroup(o *Observation) string { return o.Group }

// HeldOut is a cross-validation: what a fit predicts for rows it has not seen.
type HeldOut struct {
	Score     Score
	Residuals Residuals
	Folds     int
	Stopped   bool
}

// Residuals are ln(measured/predicted) of rows a fit has not seen.
type Residuals struct {
	TTFT, TTFTSaturated, ITL, Rate []float64
}

// CrossValidate leaves out the rows of one key after the other and predicts
// them by a fit to the rest, started from the problem's start and not from a
// fit of all rows, whose poorly identified parameters remember what is left
// out. Budgets of builds are chosen again, too. It fails with
// ErrNoObservations where there are fewer than two keys.
func CrossValidate(p Problem, by func(*Observation) string) (*HeldOut, error) {
	keys := map[string]bool{}
	for i := range p.Observations {
		keys[by(&p.Observations[i])] = true
	}
	if len(keys) < 2 {
		return nil, ErrNoObservations
	}
	order := make([]string, 0, len(keys))
	for k := range keys {
		order = append(order, k)
	}
	sort.Strings(order)
	out := &HeldOut{}
	var tally Tally
	for _, k := range order {
		var train, test []Observation
		for i := range p.Observations {
			if by(&p.Observations[i]) == k {
				test = append(test, p.Observations[i])
			} else {
				train = append(train, p.Observations[i])
			}
		}
		q := p
		q.Observations = train
		r, err := Run(q)
		if err != nil {
			continue
		}
		out.Folds++
		Predict(test, &r.Setting, func(o *Observation, v Prediction) {
			tally.Add(o, v)
			out.Residuals.Add(o, v)
		})
		if r.Stopped {
			out.Stopped = true
			break
		}
	}
	out.Score = tally.Score()
	return out, nil
}

// Add adds the residuals of one row.
func (r *Residuals) Add(o *Observation, p Prediction) {
	put := func(list *[]float64, measured, predicted float64) {
		if measured > 0 && predicted > 0 {
			*list = append(*list, math.Log(measured/predicted))
		}
	}
	if p.Saturated {
		put(&r.TTFTSaturated, o.TTFT, p.TTFT)
	} else {
		put(&r.TTFT, o.TTFT, p.TTFT)
	}
	put(&r.ITL, o.ITL, p.ITL)
	put(&r.Rate, o.OutputTokPerS, p.OutputTokPerS)
}
