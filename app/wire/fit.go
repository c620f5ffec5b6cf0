package wire

import (
	"fleetsize/calc/fit"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
)

// FitDoc is what a fit to a table found.
type FitDoc struct {
	RowsRead       int            `json:"rows_read"`
	RowsUsed       int            `json:"rows_used"`
	Dropped        []SkippedRows  `json:"dropped"`
	Parameters     []FitParameter `json:"parameters"`
	Before         FitErrors      `json:"before"` // with the prior
	After          FitErrors      `json:"after"`  // on the rows of the fit
	CrossValidated FitErrors      `json:"cross_validated"`
	// By is what was left out for CrossValidated, "shape" or "group"; null
	// where the table has one of each.
	By       *string   `json:"cross_validated_by"`
	ByGroup  FitErrors `json:"cross_validated_groups"` // groups left out
	Loss     []float64 `json:"loss"`
	Findings []Finding `json:"findings"` // rows that contradict physics or themselves
	Warnings []Warning `json:"warnings"`
	Data     string    `json:"data"`
	Stopped  bool      `json:"stopped"` // ended early: the best found until then
}

// FitParameter is one fitted number in its unit.
type FitParameter struct {
	Engine     string   `json:"engine"`
	Name       string   `json:"name"`
	Text       string   `json:"text"`
	Unit       string   `json:"unit"`
	Start      *float64 `json:"start"`
	Value      *float64 `json:"value"`
	StdErr     *float64 `json:"stderr"` // null for values chosen from a grid
	Identified bool     `json:"identified"`
}

// FitErrors are errors of the three figures in per cent.
type FitErrors struct {
	TTFT       Errors `json:"ttft"`
	ITL        Errors `json:"itl"`
	OutputTokS Errors `json:"output_tok_s"`
}

// Fit builds the document of a fit.
func Fit(r *score.FitReport, findings []measured.Problem, notes []Warning, data string) FitDoc {
	d := FitDoc{
		RowsRead: r.Read, RowsUsed: r.Used, Dropped: []SkippedRows{}, Parameters: []FitParameter{},
		Before: fitErrors(r.Before), After: fitErrors(r.After),
		CrossValidated: fitErrors(r.ByShape), ByGroup: fitErrors(r.ByGroup),
		Loss: []float64{}, Findings: Findings(findings), Warnings: append([]Warning{}, notes...),
		Data: data, Stopped: r.Stopped,
	}
	switch {
	case covered(r.ByShape):
		d.By = text("shape")
	case covered(r.ByGroup):
		d.By, d.CrossValidated = text("group"), d.ByGroup
	}
	for _, s := range r.Dropped {
		d.Dropped = append(d.Dropped, SkippedRows{string(s.Reason), s.N})
	}
	for _, e := range r.Engines {
		for _, q := range e.Result.Estimates {
			d.Parameters = append(d.Parameters, FitParameter{
				Engine: e.Engine.ID, Name: q.Name, Text: q.Text, Unit: q.Unit,
				Start: number(q.Start * q.Scale), Value: number(q.Value * q.Scale),
				StdErr: known(q.StdErr*q.Scale, q.StdErr > 0), Identified: q.Identified,
			})
		}
	}
	for _, l := range r.Loss {
		if v := number(l); v != nil {
			d.Loss = append(d.Loss, *v)
		}
	}
	for _, w := range r.Warnings {
		d.Warnings = append(d.Warnings, Warning{w.Code, w.Text})
	}
	return d
}

func covered(s fit.Score) bool { return s.TTFT.N+s.ITL.N > 0 }

func fitErrors(s fit.Score) FitErrors {
	d := FitErrors{latencyErrors(s.TTFT), latencyErrors(s.ITL), rateErrors(s.OutputTokPerS)}
	for _, e := range []*Errors{&d.TTFT, &d.ITL, &d.OutputTokS} {
		if e.RMSE != nil && *e.RMSE == 0 { // held-out errors are kept as ratios
			e.RMSE = nil
		}
		if e.RMSETokS != nil && *e.RMSETokS == 0 {
			e.RMSETokS = nil
		}
	}
	return d
}
