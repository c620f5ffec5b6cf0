package wire

import (
	"strconv"

	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/units"
)

// ValidateDoc is how far the model is off on a table of measurements. Errors,
// coverage and bias are per cent.
type ValidateDoc struct {
	RowsRead   int           `json:"rows_read"`
	RowsScored int           `json:"rows_scored"`
	Skipped    []SkippedRows `json:"skipped"`
	TTFT       Errors        `json:"ttft"`
	ITL        Errors        `json:"itl"`
	OutputTokS Errors        `json:"output_tok_s"`
	TTFTP95    Errors        `json:"ttft_p95"`
	Coverage   Coverage      `json:"coverage_80"`
	Width      BandWidth     `json:"band_width"`
	Groups     []GroupErrors `json:"groups"`
	Findings   []Finding     `json:"findings"` // rows that contradict physics or themselves
	Warnings   []Warning     `json:"warnings"`
	Data       string        `json:"data"`
}

// SkippedRows counts rows left out for one reason.
type SkippedRows struct {
	Reason string `json:"reason"`
	N      int    `json:"n"`
}

// Errors of one figure in per cent; RMSE in ms, for throughput in tokens/s.
type Errors struct {
	N         int      `json:"n"`
	MAPE      *float64 `json:"mape"`
	MedianAPE *float64 `json:"median_ape"`
	RMSE      *float64 `json:"rmse_ms"`
	RMSETokS  *float64 `json:"rmse_tok_s,omitempty"`
	Bias      *float64 `json:"bias"`
	Within20  *float64 `json:"within_20pct"`
}

// Coverage is the share of measurements inside the 10–90 % range, per cent.
type Coverage struct {
	TTFT *float64 `json:"ttft"`
	ITL  *float64 `json:"itl"`
}

// BandWidth is the median of the range's upper end over its lower.
type BandWidth struct {
	Calibrated *float64 `json:"calibrated"`
	Estimated  *float64 `json:"estimated"`
}

// GroupErrors are the mean errors of one group in per cent.
type GroupErrors struct {
	Group  string   `json:"group"`
	N      int      `json:"n"`
	Tier   string   `json:"tier"`
	TTFT   *float64 `json:"ttft_mape"`
	ITL    *float64 `json:"itl_mape"`
	Tokens *float64 `json:"output_tok_s_mape"`
}

// Finding is a row that should be looked at before anything is made of it.
type Finding struct {
	Line *int   `json:"line"`
	Code string `json:"code"`
	Text string `json:"text"`
}

// Validate builds the document of a scored table.
func Validate(r score.Report, findings []measured.Problem, notes []Warning, data string) ValidateDoc {
	d := ValidateDoc{
		RowsRead: r.Read, RowsScored: r.Scored, Skipped: []SkippedRows{},
		TTFT: latencyErrors(r.TTFT), ITL: latencyErrors(r.ITL), OutputTokS: rateErrors(r.OutputTokPerS),
		TTFTP95:  latencyErrors(r.TTFTP95),
		Coverage: Coverage{percent(r.TTFTCoverage), percent(r.ITLCoverage)},
		Width:    BandWidth{width(r, fleet.Calibrated), width(r, fleet.Estimated)},
		Groups:   []GroupErrors{}, Findings: Findings(findings), Warnings: append([]Warning{}, notes...),
		Data: data,
	}
	for _, s := range r.Skipped {
		d.Skipped = append(d.Skipped, SkippedRows{string(s.Reason), s.N})
	}
	for _, g := range r.Groups {
		d.Groups = append(d.Groups, GroupErrors{
			g.Name, g.N, string(g.Tier),
			latencyErrors(g.TTFT).MAPE, latencyErrors(g.ITL).MAPE, rateErrors(g.OutputTokPerS).MAPE,
		})
	}
	return d
}

// Findings are problems as a list of the document.
func Findings(list []measured.Problem) []Finding {
	out := make([]Finding, 0, len(list))
	for _, p := range list {
		f := Finding{Code: string(p.Code), Text: p.Text}
		if p.Line > 0 {
			f.Line = &p.Line
		}
		out = append(out, f)
	}
	return out
}

func latencyErrors(e score.Errors) Errors {
	d := shares(e)
	d.RMSE = known(e.RMSE*1e3, e.N > 0)
	return d
}

func rateErrors(e score.Errors) Errors {
	d := shares(e)
	d.RMSETokS = known(e.RMSE, e.N > 0)
	return d
}

func shares(e score.Errors) Errors {
	ok := e.N > 0
	return Errors{
		N: e.N, MAPE: known(100*e.MAPE, ok), MedianAPE: known(100*e.Median, ok),
		Bias: known(100*e.Bias, ok), Within20: known(100*e.Within20, ok),
	}
}

func percent(o measured.Opt) *float64 { return known(100*o.Value, o.OK) }

func width(r score.Report, tier fleet.Confidence) *float64 {
	w, ok := r.Width[tier]
	return known(w, ok)
}

// RowColumns are the columns that RowValues adds to a table.
var RowColumns = []string{
	"model_ttft_ms", "model_ttft_ms_p10", "model_ttft_ms_p90",
	"model_itl_ms", "model_itl_ms_p10", "model_itl_ms_p90",
	"model_output_tok_s", "model_output_tok_s_p10", "model_output_tok_s_p90",
	"tier",
}

// HeldColumns are further columns for readers: see HeldValues.
var HeldColumns = []string{"model_tokens_in_flight", "model_kv_share"}

// HeldValues are the cells of HeldColumns for one row: the tokens that running
// requests hold on average, and the share of the cache memory that is.
func HeldValues(s *score.Scored) []string {
	p := &s.Prediction
	if s.Reason != "" || !(p.TokensInFlight > 0) {
		return []string{"", ""}
	}
	return []string{
		strconv.FormatFloat(units.Round(p.TokensInFlight, digits), 'f', -1, 64),
		strconv.FormatFloat(units.Round(p.KVShare, 4), 'f', -1, 64),
	}
}

// RowValues are the cells of RowColumns for one row; empty where there is no
// prediction.
func RowValues(s *score.Scored) []string {
	var out []string
	for _, p := range []struct {
		pair  score.Pair
		scale float64
	}{{s.TTFT, 1e3}, {s.ITL, 1e3}, {s.OutputTokPerS, 1}} {
		cell := func(v float64, ok bool) string {
			if !ok || s.Reason != "" {
				return ""
			}
			return strconv.FormatFloat(units.Round(v*p.scale, digits), 'f', -1, 64)
		}
		known := p.pair.Model.OK && p.pair.High > 0
		out = append(out, cell(p.pair.Model.Value, p.pair.Model.OK), cell(p.pair.Low, known), cell(p.pair.High, known))
	}
	tier := string(s.Prediction.Tier)
	if s.Reason != "" {
		tier = ""
	}
	return append(out, tier)
}
