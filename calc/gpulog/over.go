package gpulog

import (
	"math"
	"sort"
)

// Use is what a stretch of a log sums up to. What the log does not say is NaN.
type Use struct {
	Seconds float64 // length of the stretch
	Covered float64 // share of it between readings that follow each other
	Samples int     // readings in it, of all accelerators
	GPUs    int     // that have a reading in it

	Watts  float64 // mean, accelerators added
	Peak   float64 // highest sum at one time
	Joules float64 // over the stretch, gaps counted at the mean

	Busy    float64 // mean over accelerators and time
	MemBusy float64
	Used    float64 // memory at its fullest, accelerators added, bytes
	Share   float64 // of the memory of the fullest accelerator
	Temp    float64 // highest, °C
	SMClock float64 // mean, Hz
	Limit   float64 // power limits added, W

	// Shares of readings in which something held the clocks back.
	Slowed, PowerCap, Heat, Brake float64
}

// known reports whether enough of the stretch is covered for figures.
func (u *Use) known() bool { return u.Covered >= few && u.Samples > 0 }

// All sums up the whole log; seconds, energy and coverage are not known where
// its lines carry no time.
func (l *Log) All() Use {
	from, to := l.Span()
	u := l.Over(from, math.Nextafter(to, math.Inf(1)))
	if !l.Timed {
		u.Seconds, u.Joules, u.Covered = math.NaN(), math.NaN(), math.NaN()
	}
	return u
}

// gapFactor is from how many usual intervals on a pause counts as a gap.
const gapFactor = 5

// Interval is the usual time between readings of one accelerator, in seconds;
// 0 where no accelerator has two.
func (l *Log) Interval() float64 {
	var gaps []float64
	for i := range l.GPUs {
		s := l.GPUs[i].Samples
		for j := 1; j < len(s); j++ {
			if d := s[j].At - s[j-1].At; d > 0 {
				gaps = append(gaps, d)
			}
		}
	}
	if len(gaps) == 0 {
		return 0
	}
	sort.Float64s(gaps)
	return gaps[len(gaps)/2]
}

// Over sums up the stretch [from, to) of the log's clock.
func (l *Log) Over(from, to float64) Use {
	gap := gapFactor * l.Interval()
	u := Use{Seconds: to - from}
	var covered, busy, memory, clock mean
	var watts, joules, used, limit float64
	powered, filled, limited := 0, 0, 0
	slow, capped, hot, braked, told := 0, 0, 0, 0, 0
	u.Temp, u.Share = math.NaN(), math.NaN()
	for i := range l.GPUs {
		all := l.GPUs[i].Samples
		first := sort.Search(len(all), func(j int) bool { return all[j].At >= from })
		last := sort.Search(len(all), func(j int) bool { return all[j].At >= to })
		in := all[first:last]
		u.Samples += len(in)
		if len(in) > 0 {
			u.GPUs++
		}
		_, seen := integral(all, from, to, gap, func(*Sample) float64 { return 0 })
		covered.add(seen / u.Seconds)
		energy, time := integral(all, from, to, gap, func(s *Sample) float64 { return s.Watts })
		draw := energy / time
		if time == 0 { // readings far apart, or one alone
			var m mean
			for k := range in {
				m.add(in[k].Watts)
			}
			draw = m.value()
		}
		if !math.IsNaN(draw) {
			watts += draw
			joules += draw * u.Seconds
			powered++
		}
		full, cap := math.NaN(), math.NaN()
		for k := range in {
			s := &in[k]
			busy.add(s.Busy)
			memory.add(s.MemBusy)
			clock.add(s.SMClock)
			u.Temp = larger(u.Temp, s.Temp)
			full, cap = larger(full, s.Used), larger(cap, s.Limit)
			u.Share = larger(u.Share, s.Used/s.Total)
			if s.Reasons < 0 {
				continue
			}
			told++
			for _, b := range []struct {
				bits int64
				n    *int
			}{{anySlow, &slow}, {powerCap, &capped}, {anyHeat, &hot}, {anyOtherBrake, &braked}} {
				if s.Reasons&b.bits != 0 {
					*b.n++
				}
			}
		}
		if !math.IsNaN(full) {
			used += full
			filled++
		}
		if !math.IsNaN(cap) {
			limit += cap
			limited++
		}
	}
	u.Covered = covered.value()
	u.Watts, u.Joules, u.Used, u.Limit = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	// A sum is known when every accelerator is in it.
	if n := len(l.GPUs); n > 0 {
		if powered == n {
			u.Watts, u.Joules = watts, joules
		}
		if filled == n {
			u.Used = used
		}
		if limited == n {
			u.Limit = limit
		}
	}
	u.Peak = l.peak(from, to, gap)
	u.Busy, u.MemBusy, u.SMClock = busy.value(), memory.value(), clock.value()
	share := func(n int) float64 {
		if told == 0 {
			return math.NaN()
		}
		return float64(n) / float64(told)
	}
	u.Slowed, u.PowerCap, u.Heat, u.Brake = share(slow), share(capped), share(hot), share(braked)
	return u
}

// integral is the area under a figure between the readings that have it inside
// a stretch, and how many seconds of the stretch lie between such readings.
func integral(all []Sample, from, to, gap float64, of func(*Sample) float64) (area, seconds float64) {
	first := max(0, sort.Search(len(all), func(j int) bool { return all[j].At >= from })-1)
	at := -1 // the reading before
	for i := first; i < len(all); i++ {
		b := &all[i]
		y := of(b)
		if math.IsNaN(y) {
			continue
		}
		if at >= 0 {
			a := &all[at]
			lo, hi, d := max(a.At, from), min(b.At, to), b.At-a.At
			if hi > lo && d > 0 && d <= gap {
				x := of(a)
				left, right := x+(y-x)*(lo-a.At)/d, x+(y-x)*(hi-a.At)/d
				area += (left + right) / 2 * (hi - lo)
				seconds += hi - lo
			}
		}
		if b.At >= to {
			break
		}
		at = i
	}
	return area, seconds
}

// peak is the highest sum over accelerators of the readings that are newest at
// one time; NaN where not all have a reading together.
func (l *Log) peak(from, to, gap float64) float64 {
	best := math.NaN()
	type event struct {
		at, watts float64
		gpu       int
	}
	var events []event
	for i := range l.GPUs {
		for _, s := range l.GPUs[i].Samples {
			if s.At >= from && s.At < to && !math.IsNaN(s.Watts) {
				events = append(events, event{s.At, s.Watts, i})
			}
		}
	}
	sort.SliceStable(events, func(i, j int) bool { return events[i].at < events[j].at })
	newest := make([]event, len(l.GPUs))
	for i := range newest {
		newest[i].at = math.Inf(-1)
	}
	for _, e := range events {
		newest[e.gpu] = e
		sum := 0.0
		for _, n := range newest {
			if !(e.at-n.at <= gap) {
				sum = math.NaN()
			}
			sum += n.watts
		}
		best = larger(best, sum)
	}
	return best
}

// mean collects values that are known.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(x float64) {
	if !math.IsNaN(x) && !math.IsInf(x, 0) {
		m.sum += x
		m.n++
	}
}

func (m *mean) value() float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return m.sum / float64(m.n)
}

// larger is the larger of what is known.
func larger(a, b float64) float64 {
	if math.IsNaN(a) || b > a {
		return b
	}
	return a
}
