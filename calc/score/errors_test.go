package score

import (
	"math"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
)

func both(model, m float64) Pair {
	return Pair{Measured: measured.Some(m), Model: measured.Some(model), Low: model / 1.25, High: model * 1.25}
}

// By hand: ratios −1 are +0.1, −0.2, +0.5, 0 and +0.2; differences 10, −20,
// 50, 0 and 20.
func TestErrorsOf(t *testing.T) {
	pairs := []Pair{both(110, 100), both(80, 100), both(150, 100), both(100, 100), both(120, 100),
		{Measured: measured.Some(1)}, {Model: measured.Some(1)}, {}}
	got := ErrorsOf(pairs)
	want := Errors{N: 5, MAPE: 1.0 / 5, Median: 0.2, RMSE: math.Sqrt((100 + 400 + 2500 + 0 + 400) / 5.0), Bias: 0.1, Within20: 0.8}
	if got.N != want.N || !near(got.MAPE, want.MAPE) || !near(got.Median, want.Median) || !near(got.RMSE, want.RMSE) ||
		!near(got.Bias, want.Bias) || !near(got.Within20, want.Within20) {
		t.Errorf("ErrorsOf = %+v, want %+v", got, want)
	}
	// An even number: the mean of the two middle ones.
	if got := ErrorsOf(pairs[:4]); !near(got.Median, 0.15) || !near(got.Bias, 0.05) {
		t.Errorf("of four: median %v, bias %v; want 0.15 and 0.05", got.Median, got.Bias)
	}
	if got := ErrorsOf(nil); got != (Errors{}) {
		t.Errorf("ErrorsOf(nil) = %+v, want nothing", got)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-12*(1+math.Abs(b)) }

// ln(measured/predicted) of ln 2 is a prediction of half: −50 %.
func TestHeldOutErrors(t *testing.T) {
	got := heldOutErrors([]float64{math.Ln2}, []float64{-math.Ln2, 0})
	if got.N != 3 || !near(got.MAPE, 0.5) || !near(got.Bias, 0) || got.RMSE != 0 {
		t.Errorf("heldOutErrors = %+v, want 3 rows of −50 %%, +100 %% and 0", got)
	}
}

func TestCoverage(t *testing.T) {
	// Ranges of ±25 % around 100: 80 to 125, ends included.
	pairs := []Pair{both(100, 80), both(100, 125), both(100, 79.9), both(100, 126), {Measured: measured.Some(1), Model: measured.Some(1)}}
	if got := coverage(pairs); !got.OK || !near(got.Value, 0.5) {
		t.Errorf("coverage = %v, want 0.5: rows without a range do not count", got)
	}
	if got := coverage(pairs[4:]); got.OK {
		t.Errorf("coverage without ranges = %v, want unknown", got)
	}
}

func TestSummarize(t *testing.T) {
	row := func(group string) *measured.Row { return &measured.Row{Group: group} }
	rows := []Scored{
		{Row: row("a"), TTFT: both(110, 100), ITL: both(100, 100), Prediction: Prediction{Tier: fleet.Calibrated}},
		{Row: row("b"), TTFT: both(200, 100), OutputTokPerS: both(1, 2), Prediction: Prediction{Tier: fleet.Estimated}},
		{Row: row("a"), ITL: both(130, 100), Prediction: Prediction{Tier: fleet.Calibrated}},
		{Row: row("b"), Reason: ReasonMemory}, {Row: row("c"), Reason: ReasonUse}, {Row: row("c"), Reason: ReasonUse},
	}
	r := Summarize(rows)
	if r.Read != 6 || r.Scored != 3 || len(r.Skipped) != 2 || r.Skipped[0] != (Skipped{ReasonUse, 2}) || r.Skipped[1] != (Skipped{ReasonMemory, 1}) {
		t.Errorf("read %d, scored %d, skipped %v", r.Read, r.Scored, r.Skipped)
	}
	if r.TTFT.N != 2 || !near(r.TTFT.MAPE, 0.55) || r.ITL.N != 2 || !near(r.ITL.MAPE, 0.15) || !near(r.OutputTokPerS.Bias, -0.5) {
		t.Errorf("TTFT %+v, ITL %+v, throughput %+v", r.TTFT, r.ITL, r.OutputTokPerS)
	}
	if len(r.Groups) != 2 || r.Groups[0].Name != "a" || r.Groups[0].N != 2 || r.Groups[0].Tier != fleet.Calibrated || !near(r.Groups[1].TTFT.MAPE, 1) {
		t.Errorf("groups = %+v", r.Groups)
	}
	if w := r.Width[fleet.Calibrated]; !near(w, 1.25*1.25) {
		t.Errorf("width = %v, want %v", w, 1.25*1.25)
	}
}
