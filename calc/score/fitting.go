package score

import (
	"fleetsize/calc/fit"
	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

// FitReport is a fit of a table: one fit for each engine in it, added up.
type FitReport struct {
	Read, Used  int
	Dropped     []Skipped
	Engines     []EngineReport
	Before      fit.Score // with what ships
	After       fit.Score // with the fit, on the rows it was made on
	ByShape     fit.Score // each shape predicted by a fit that has not seen it; N = 0 with one shape, RMSE = 0
	ByGroup     fit.Score // the same with groups
	Loss        []float64 // of the first engine, best so far
	Warnings    []Note
	Calibration Calibration
	Stopped     bool
}

// EngineReport is the fit of one engine.
type EngineReport struct {
	Engine *catalog.Engine
	Rows   int
	Result *fit.Result
}

// FitOptions bound a fit. The zero value cross-validates.
type FitOptions struct {
	// Name of the table, for the provenance of the result.
	Name string
	// Evaluations bounds each fit; 0 = 40 and five for each number fitted.
	Evaluations int
	// InSample leaves out cross-validation, which takes a fit for each shape
	// and group.
	InSample bool
	// Progress is told what is being done and how far it is; false stops, and
	// the best found so far is the result.
	Progress func(FitProgress) bool
}

// FitProgress says how far a fit of a table is.
type FitProgress struct {
	Doing string  // "fit", "left out by shape", "left out by group"
	Share float64 // of one fit; leaving out makes several
	Best  float64 // loss
}

// Fit fits a table: for each engine the numbers its rows can tell, starting
// from the profile that ships, which is also the prior. It fails with
// fit.ErrNoObservations where no row can be used.
func (x *Resolver) Fit(t *measured.Table, findings []measured.Problem, o FitOptions) (*FitReport, error) {
	obs, dropped := x.Observations(t.Rows, findings)
	r := &FitReport{Read: len(t.Rows), Used: len(obs), Dropped: dropped}
	if len(obs) == 0 {
		return r, fit.ErrNoObservations
	}
	var before, after fit.Tally
	var shape, group fit.Residuals
	byEngine := map[*catalog.Engine][]Observed{}
	var engines []*catalog.Engine
	for i := range obs {
		e := obs[i].Replica.Engine
		if byEngine[e] == nil {
			engines = append(engines, e)
		}
		byEngine[e] = append(byEngine[e], obs[i])
	}
	for _, e := range engines {
		rows := byEngine[e]
		p := problem(rows)
		p.Evaluations = o.Evaluations
		if p.Evaluations == 0 {
			// More improve the loss by less than 1 % on the tables that ship.
			p.Evaluations = 40 + 5*len(p.Parameters)
		}
		p.Progress = o.progress(r, "fit")
		res, err := fit.Run(p)
		if err != nil {
			return r, err
		}
		fit.Predict(p.Observations, &p.Start, before.Add)
		fit.Predict(p.Observations, &res.Setting, after.Add)
		r.Engines = append(r.Engines, EngineReport{e, len(rows), res})
		r.Stopped = r.Stopped || res.Stopped
		if r.Loss == nil {
			r.Loss = res.Loss
		}
		for _, w := range res.Warnings {
			r.Warnings = append(r.Warnings, Note{"fit", w})
		}
		profile := fitted(rows, res)
		if !o.InSample && !r.Stopped {
			o.crossValidate(r, p, &profile, &shape, &group)
		}
		r.Calibration.Engines = append(r.Calibration.Engines, EngineFit{
			Engine: e.ID, Profile: profile, MemoryFraction: res.Setting.MemoryShare, Builds: builds(rows, p.Builds, res),
		})
	}
	r.Before, r.After, r.ByShape, r.ByGroup = before.Score(), after.Score(), heldOut(&shape), heldOut(&group)
	r.Calibration.Provenance = Provenance{Data: o.Name, Rows: len(obs), Groups: groupsOf(obs), Catalog: x.cat.Date}
	return r, nil
}

// progress adapts the caller's progress to one fit.
func (o *FitOptions) progress(r *FitReport, doing string) func(fit.Progress) bool {
	if o.Progress == nil {
		return nil
	}
	return func(p fit.Progress) bool {
		return o.Progress(FitProgress{Doing: doing, Share: float64(p.Evaluation) / float64(max(p.Of, 1)), Best: p.Best})
	}
}

// crossValidate leaves out shapes, then groups, and gives the profile the
// errors and bands found.
func (o *FitOptions) crossValidate(r *FitReport, p fit.Problem, profile *catalog.Profile, shape, group *fit.Residuals) {
	var residuals fit.Residuals
	for _, by := range []struct {
		doing string
		key   func(*fit.Observation) string
		all   *fit.Residuals
	}{{"left out by shape", fit.ByShape, shape}, {"left out by group", fit.ByGroup, group}} {
		p.Progress = o.progress(r, by.doing)
		held, err := fit.CrossValidate(p, by.key)
		if err != nil {
			continue // one shape, or one group
		}
		merge(by.all, &held.Residuals)
		residuals = held.Residuals
		profile.TTFTError, profile.ITLError = held.Score.TTFT.MAPE, held.Score.ITL.MAPE
		if held.Stopped {
			r.Stopped = true
			return
		}
	}
	if b := residuals.Bands(); b.Known() {
		profile.Bands = b
	}
}

// merge appends the residuals of one engine.
func merge(to, from *fit.Residuals) {
	to.TTFT = append(to.TTFT, from.TTFT...)
	to.TTFTSaturated = append(to.TTFTSaturated, from.TTFTSaturated...)
	to.ITL = append(to.ITL, from.ITL...)
	to.Rate = append(to.Rate, from.Rate...)
}

func heldOut(r *fit.Residuals) fit.Score {
	return fit.Score{
		TTFT: heldOutErrors(r.TTFT, r.TTFTSaturated), ITL: heldOutErrors(r.ITL), OutputTokPerS: heldOutErrors(r.Rate),
	}
}
