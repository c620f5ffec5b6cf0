package bench

import "math"

// The rule for the start of a window that is not steady yet.
const (
	settleBand  = 0.10 // how far a part's median may be off the later one
	settleParts = 3    // requests that a part needs to be judged
)

// settle is the time until which the window that begins at w0 and ends at w1
// was not steady: the end of the leading parts whose median time per token is
// off the median of the second half by more than settleBand. Parts are those of
// blockCount; at most the first half is given up. It is w0 where all is steady
// or there are too few answers to tell.
//
// Time per token is looked at and not TTFT, which varies too much in a closed
// loop: the choice of MLCommons' endpoints client (steady-state detection,
// November 2026).
func settle(list []Record, phase int, w0, w1 float64) float64 {
	n := blockCount(w1 - w0)
	length := (w1 - w0) / float64(n)
	parts := make([][]float64, n)
	var later []float64
	for i := range list {
		q := &list[i]
		t := q.TPOT()
		if !q.Measured || q.Phase != phase || !q.OK() || t < 0 || q.Sent < w0 || q.Sent >= w1 {
			continue
		}
		k := min(int((q.Sent-w0)/length), n-1)
		parts[k] = append(parts[k], t)
		if 2*k >= n {
			later = append(later, t)
		}
	}
	level, _ := NewDist(later).Quantile(0.5)
	if len(later) < 2*settleParts || level <= 0 {
		return w0
	}
	for k := range n / 2 {
		median, _ := NewDist(parts[k]).Quantile(0.5)
		if len(parts[k]) < settleParts || math.Abs(median/level-1) <= settleBand {
			return w0 + float64(k)*length
		}
	}
	return w0 + float64(n/2)*length
}

// crop leaves the unsteady start of a timed window out of what is measured. A
// window that was sized for a verdict keeps all of its requests.
func (r *Run) crop() (settling float64) {
	p := &r.phase
	if p.Seconds == 0 || p.MinRequests > 0 || r.w1 <= r.w0 {
		return 0
	}
	from := settle(r.recent, r.index, r.w0, r.w1)
	settling = from - r.w0
	if settling <= 0 {
		return 0
	}
	r.unmeasure(from)
	r.w0 = from
	return settling
}

// unmeasure leaves requests of the phase that were sent before a time out of
// what is measured.
func (r *Run) unmeasure(before float64) {
	for _, list := range [][]Record{r.recent, r.raw} {
		for i := range list {
			if q := &list[i]; q.Phase == r.index && q.Sent < before {
				q.Measured = false
			}
		}
	}
}
