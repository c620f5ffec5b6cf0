package bench

import (
	"math"
	"testing"
)

// Quantiles are those of numpy.percentile's default (linear, type 7).
func TestQuantile(t *testing.T) {
	d := NewDist([]float64{4, 1, 3, 2, math.NaN(), math.Inf(1)})
	for _, c := range []struct{ q, want float64 }{{0, 1}, {0.25, 1.75}, {0.5, 2.5}, {0.95, 3.85}, {1, 4}} {
		if got, ok := d.Quantile(c.q); !ok || !near(got, c.want) {
			t.Errorf("Quantile(%v) = %v, want %v", c.q, got, c.want)
		}
	}
	if std, ok := d.Std(); !ok || !near(std, math.Sqrt(5.0/3)) {
		t.Errorf("Std = %v, want the sample's %v", std, math.Sqrt(5.0/3))
	}
	var none Dist
	if _, ok := none.Quantile(0.5); ok {
		t.Error("an empty sample has a median")
	}
	if _, ok := NewDist([]float64{1}).Std(); ok {
		t.Error("one value has a standard deviation")
	}
}

// 59 values bound a 95th percentile at 95 % (0.95^59 < 0.05 < 0.95^58), 11 a
// 25th (0.75^11 < 0.05 < 0.75^10); 299 a 99th.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		k, n int
		p    float64
		want Verdict
	}{
		{0, 58, 0.05, Inconclusive}, {0, 59, 0.05, Pass}, {1, 59, 0.05, Inconclusive}, {1, 93, 0.05, Pass}, {1, 92, 0.05, Inconclusive},
		{0, 10, 0.25, Inconclusive}, {0, 11, 0.25, Pass}, {2, 2, 0.05, Fail}, {1, 1, 0.05, Inconclusive}, {1, 2, 0.05, Inconclusive},
		{2, 3, 0.05, Fail}, {3, 4, 0.25, Inconclusive}, {4, 4, 0.25, Fail}, {0, 0, 0.05, Inconclusive}, {100, 100, 0.05, Fail},
		{0, 298, 0.01, Inconclusive}, {0, 299, 0.01, Pass},
	} {
		if got := judge(c.k, c.n, c.p); got != c.want {
			t.Errorf("judge(%d of %d, %v) = %s, want %s", c.k, c.n, c.p, got, c.want)
		}
	}
	for k, want := range []int{59, 93, 124} { // the sample sizes of one-sided 95/95 tolerance limits
		if got := neededToPass(k, 0.05); got != want {
			t.Errorf("neededToPass(%d, 0.05) = %d, want %d", k, got, want)
		}
	}
	if got := binomialAtMost(2, 4, 0.5); !near(got, 11.0/16) {
		t.Errorf("P(X ≤ 2 of 4) = %v, want 11/16", got)
	}
}

// A verdict errs in at most about 5 % of cases at the limit itself.
func TestJudgeErrorRate(t *testing.T) {
	r := seeded(7, 1)
	for _, n := range []int{60, 300} {
		wrong, trials := 0, 4000
		for range trials {
			k := 0
			for range n {
				if r.float() < 0.06 { // the true share misses a P95 limit
					k++
				}
			}
			if judge(k, n, 0.05) == Pass {
				wrong++
			}
		}
		if share := float64(wrong) / float64(trials); share > 0.05 {
			t.Errorf("n = %d: %.3f pass although the limit is missed, want at most 0.05", n, share)
		}
	}
}
