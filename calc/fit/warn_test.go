package fit

import (
	"strings"
	"testing"
)

// Every figure that shows a larger mean error after the fit is named, and no
// other.
func TestWarnings(t *testing.T) {
	e := func(mape float64) Errors { return Errors{N: 10, MAPE: mape} }
	for _, c := range []struct {
		before, after Score
		stopped       bool
		want          string
	}{
		{Score{e(0.10), e(0.05), e(0.05)}, Score{e(0.09), e(0.05), e(0.04)}, false, ""},
		{Score{e(0.10), e(0.0338), e(0.05)}, Score{e(0.09), e(0.0343), e(0.04)}, false, "The fit made the time per token worse: mean error 3.38 % before, 3.43 % after."},
		{Score{e(0.10), e(0.05), e(0.05)}, Score{e(0.100001), e(0.04), e(0.04)}, false, ""}, // the same as shown
		{Score{TTFT: e(0.10)}, Score{TTFT: e(0.2), ITL: e(0.3)}, true,
			"The fit made TTFT worse: mean error 10.00 % before, 20.00 % after. The fit was stopped early: this is the best setting found until then."},
	} {
		r := &Result{Before: c.before, After: c.after, Stopped: c.stopped}
		r.warn()
		if got := strings.Join(r.Warnings, " "); got != c.want {
			t.Errorf("warnings of %+v, then %+v: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}
