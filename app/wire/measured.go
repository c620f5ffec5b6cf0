package wire

import "fleetsize/calc/evidence"

// Measured is the measured row nearest to an operating point, as it was
// measured: shown beside the computed figures, never in their place.
type Measured struct {
	TTFT       *float64 `json:"ttft_ms"`
	TTFTP95    *float64 `json:"ttft_p95_ms"`
	ITL        *float64 `json:"itl_ms"`
	OutputTokS *float64 `json:"output_tok_s"`
	Statistic  string   `json:"statistic"` // of ttft_ms and itl_ms: "mean", "p50" …
	Input      int      `json:"in"`
	Output     int      `json:"out"`
	InFlight   *float64 `json:"in_flight"`     // closed loop
	Arrivals   *float64 `json:"arrival_req_s"` // open loop
	LoadRatio  *float64 `json:"load_ratio"`    // requests in flight, measured ÷ of this answer
	Version    *string  `json:"engine_version"`
	Source     *string  `json:"source"`
	Date       *string  `json:"date"` // when the source was read
	Rows       int      `json:"rows"` // rows that match
	OtherDef   bool     `json:"other_definition"`
	Run        *Run     `json:"engine_says_of_that_run"` // null = not computed
}

// Run is what the engine says of the very run that was measured.
type Run struct {
	TTFT       *float64 `json:"ttft_ms"`
	ITL        *float64 `json:"itl_ms"`
	OutputTokS *float64 `json:"output_tok_s"`
}

func measuredRow(m *evidence.Match) *Measured {
	if m == nil {
		return nil
	}
	var run *Run
	if m.Run.Known() {
		run = &Run{number(m.Run.TTFT * 1e3), number(m.Run.ITL * 1e3), number(m.Run.OutputTokPerS)}
	}
	return &Measured{
		TTFT: known(m.TTFT.Value*1e3, m.TTFT.OK), TTFTP95: known(m.TTFTP95.Value*1e3, m.TTFTP95.OK),
		ITL: known(m.ITL.Value*1e3, m.ITL.OK), OutputTokS: known(m.OutputTokPerS.Value, m.OutputTokPerS.OK),
		Statistic: string(m.Statistic), Input: m.Input, Output: m.Output,
		InFlight: known(float64(m.InFlight), m.InFlight > 0), Arrivals: known(m.Rate, m.InFlight == 0),
		LoadRatio: number(m.LoadRatio), Version: text(m.Version), Source: text(m.Source), Date: text(m.Date),
		Rows: m.Rows, OtherDef: m.Marked, Run: run,
	}
}
