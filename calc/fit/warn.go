package fit

import "fmt"

// warn says what a reader of the result has to know: a figure that got worse,
// and parameters the rows say nothing about.
func (res *Result) warn() {
	worse := func(name string, before, after Errors) {
		if before.N > 0 && after.MAPE > before.MAPE*1.02 {
			res.Warnings = append(res.Warnings, fmt.Sprintf("The fit made %s worse: mean error %.1f %% before, %.1f %% after.",
				name, 100*before.MAPE, 100*after.MAPE))
		}
	}
	worse("TTFT", res.Before.TTFT, res.After.TTFT)
	worse("the time per token", res.Before.ITL, res.After.ITL)
	worse("throughput", res.Before.OutputTokPerS, res.After.OutputTokPerS)
	if res.Stopped {
		res.Warnings = append(res.Warnings, "The fit was stopped early: this is the best setting found until then.")
	}
}
