package fit

import "fmt"

// warn says what a reader of the result has to know: a figure that got worse
// by as much as a hundredth of a point, and that the fit did not end.
func (res *Result) warn() {
	worse := func(name string, before, after Errors) {
		b, a := fmt.Sprintf("%.2f", 100*before.MAPE), fmt.Sprintf("%.2f", 100*after.MAPE)
		if before.N > 0 && after.MAPE > before.MAPE && a != b {
			res.Warnings = append(res.Warnings, fmt.Sprintf("The fit made %s worse: mean error %s %% before, %s %% after.", name, b, a))
		}
	}
	worse("TTFT", res.Before.TTFT, res.After.TTFT)
	worse("the time per token", res.Before.ITL, res.After.ITL)
	worse("throughput", res.Before.OutputTokPerS, res.After.OutputTokPerS)
	if res.Stopped {
		res.Warnings = append(res.Warnings, "The fit was stopped early: this is the best setting found until then.")
	}
}
