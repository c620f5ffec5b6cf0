package bench

import (
	"fmt"
	"slices"
)

// Capacity is the answer to how many requests in flight hold a tier.
type Capacity struct {
	Tier Tier
	// Pass is the largest load confirmed to hold the tier, 0 where even one
	// request misses it, -1 where none is confirmed.
	Pass int
	// Fail is the smallest load confirmed to miss it, -1 where none is.
	Fail int
	// Verdict is Pass when both ends are confirmed next to each other (or the
	// highest load allowed still passes), Fail when one request already
	// misses, Inconclusive otherwise.
	Verdict Verdict
	Text    string
	Probes  []Probe // what was seen at each load, rising
}

// Probe is the evidence at one load.
type Probe struct {
	Concurrency int
	N           int     // requests, failed ones included
	Slow        int     // of these, below the floor on speed
	Late        int     // above the ceiling on TTFT
	Failed      int     // part of both
	P25Speed    float64 // tok/s; 0 = unknown
	P95TTFT     float64 // seconds; 0 = unknown
	Verdict     Verdict
	Lean        Verdict // what the sample's own percentiles say
	Confirming  bool    // measured to be judged, not only as a first look
}

// search looks for the capacity of each tier: 1, 2, 4 … in flight until the
// sample misses the tier, bisection in between, then both ends are measured
// until order-statistic bounds confirm them or a bound on effort is reached.
type search struct {
	tiers   []Tier
	at      int
	seen    map[int]*sample
	visits  map[int]int
	taken   int // results read
	found   []Capacity
	highest int
	highWhy *Stop // why nothing higher than highest may be tried
}

// sample is what the visits to a load showed: first looks, and once there are
// confirming ones, those alone.
type sample struct {
	speed, ttft []float64
	unknown     int // answers without a speed
	failed      int
	confirming  bool
}

// Bounds of the effort at one load.
const (
	maxVisits   = 6
	leanSample  = 4  // requests that a first look needs
	confirmOver = 40 // longest confirming window, in phase lengths
)

func newSearch(p *Plan) *search {
	s := &search{tiers: p.Tiers, seen: map[int]*sample{}, visits: map[int]int{}, highest: p.MaxConcurrency}
	if n := len(p.Concurrency); n > 0 {
		s.highest = min(s.highest, p.Concurrency[n-1])
	}
	return s
}

func (s *search) take(r *Run) {
	for ; s.taken < len(r.results); s.taken++ {
		p := &r.results[s.taken]
		c := p.Phase.Concurrency
		if l := p.Limited; l != nil && l.Severe {
			// What a slow client saw says nothing about the server.
			if s.visits[c] >= 2 && c-1 < s.highest {
				s.highest, s.highWhy = c-1, &Stop{StopClient, l.Text}
			}
			continue
		}
		x := s.seen[c]
		if x == nil || p.Phase.Confirm && !x.confirming {
			x = &sample{confirming: p.Phase.Confirm}
			s.seen[c] = x
		}
		for i := range p.records {
			q := &p.records[i]
			if q.Class.Failed() {
				x.failed++
				continue
			}
			if t := q.TTFT(); t >= 0 {
				x.ttft = append(x.ttft, t)
			} else {
				x.ttft = append(x.ttft, q.End-q.Sent) // at least
			}
			if !q.OK() {
				continue
			}
			if v := q.Speed(); v >= 0 {
				x.speed = append(x.speed, v)
			} else {
				x.unknown++
			}
		}
	}
}

// probe judges a load against a tier.
func (s *search) probe(c int, t Tier) Probe {
	x := s.seen[c]
	if x == nil {
		return Probe{Concurrency: c, Verdict: Inconclusive, Lean: Inconclusive}
	}
	p := Probe{Concurrency: c, Confirming: x.confirming, Failed: x.failed, N: len(x.ttft) + x.failed}
	for _, v := range x.speed {
		if v < t.P25Speed {
			p.Slow++
		}
	}
	for _, v := range x.ttft {
		if v > t.P95TTFT {
			p.Late++
		}
	}
	p.Slow += x.failed
	p.Late += x.failed
	p.P25Speed = orZero(NewDist(x.speed).Quantile(0.25))
	p.P95TTFT = orZero(NewDist(x.ttft).Quantile(0.95))
	speeds := len(x.speed) + x.failed
	bySpeed, byTTFT := judge(p.Slow, speeds, 0.25), judge(p.Late, p.N, 0.05)
	switch {
	case !x.confirming:
		p.Verdict = Inconclusive
	case bySpeed == Fail || byTTFT == Fail:
		p.Verdict = Fail
	case bySpeed == Pass && byTTFT == Pass:
		p.Verdict = Pass
	default:
		p.Verdict = Inconclusive
	}
	p.Lean = Pass
	if float64(p.Slow) > 0.25*float64(speeds) || float64(p.Late) > 0.05*float64(p.N) || p.N == 0 {
		p.Lean = Fail
	}
	return p
}

// next is the load to look at next.
func (s *search) next(r *Run) (Phase, bool) {
	s.take(r)
	for ; s.at < len(s.tiers); s.at++ {
		c, confirm, ok := s.wanted(s.tiers[s.at])
		if !ok {
			s.found = append(s.found, s.answer(s.tiers[s.at]))
			continue
		}
		if stop := overCap(r, c); stop != nil {
			s.highest, s.highWhy = r.opts.Cap, stop
			s.at--
			continue
		}
		s.visits[c]++
		return s.phase(r, c, confirm), true
	}
	return Phase{}, false
}

// wanted is the load whose measurement would help most for a tier, and how
// many more requests would confirm it; ok is false when the answer stands or
// the effort is spent.
func (s *search) wanted(t Tier) (c, confirm int, ok bool) {
	low, high := 0, 0 // largest load that leans to pass, smallest that leans to fail
	for _, c := range s.loads() {
		p := s.probe(c, t)
		if high == 0 && s.leans(p) == Pass {
			low = c
		} else if high == 0 && s.leans(p) == Fail {
			high = c
		}
	}
	switch {
	case high == 0 && low == 0:
		return 1, 0, s.visits[1] < maxVisits && s.highest >= 1
	case high == 0 && low < s.highest:
		return min(2*low, s.highest), 0, s.visits[min(2*low, s.highest)] < maxVisits
	case high > low+1:
		return (low + high) / 2, 0, s.visits[(low+high)/2] < maxVisits
	}
	// The ends are neighbors: confirm the failing one first, it is quick.
	if high > 0 {
		if p := s.probe(high, t); p.Verdict == Inconclusive && s.visits[high] < maxVisits {
			if !p.Confirming {
				return high, leanSample, true
			}
			return high, s.missing(p), true
		}
	}
	if low > 0 {
		if p := s.probe(low, t); p.Verdict == Inconclusive && s.visits[low] < maxVisits {
			return low, s.missing(p), true
		}
	}
	return 0, 0, false
}

// missing is how many more requests could let a load pass.
func (s *search) missing(p Probe) int {
	if !p.Confirming {
		return neededToPass(0, 0.05)
	}
	return max(neededToPass(p.Late, 0.05)-p.N, neededToPass(p.Slow, 0.25)-p.N, leanSample)
}

// leans is the verdict where there is one, else what the percentiles say.
func (s *search) leans(p Probe) Verdict {
	if p.Verdict != Inconclusive {
		return p.Verdict
	}
	return p.Lean
}

func (s *search) loads() []int {
	var out []int
	for c := range s.seen {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

func (s *search) phase(r *Run, c, confirm int) Phase {
	plan := &r.plan
	p := Phase{
		Label: inFlight(c), Concurrency: c, Input: plan.Input, Output: plan.Output,
		Restart: true, Seconds: plan.PhaseSeconds, MinRequests: leanSample, MaxSeconds: max(4*plan.PhaseSeconds, 60),
	}
	if confirm > 0 {
		p.Label += ", confirming"
		p.Confirm = true
		p.MinRequests = confirm
		p.MaxSeconds = max(confirmOver*plan.PhaseSeconds, 600)
		p.TailSeconds = max(4*p.Seconds, 30)
		p.Seconds = min(p.Seconds, 1)
	}
	return p
}

// answer is the interval that the evidence supports.
func (s *search) answer(t Tier) Capacity {
	a := Capacity{Tier: t, Pass: -1, Fail: -1, Verdict: Inconclusive}
	for _, c := range s.loads() {
		p := s.probe(c, t)
		a.Probes = append(a.Probes, p)
		if p.Verdict == Fail && a.Fail < 0 {
			a.Fail = c
		}
		if p.Verdict == Pass {
			a.Pass = c
		}
	}
	nonMonotone := a.Fail > 0 && a.Pass > a.Fail
	switch {
	case nonMonotone:
		a.Text = fmt.Sprintf("%d in flight misses the tier and %d holds it: the service does not behave the same all the time.", a.Fail, a.Pass)
	case a.Fail == 1:
		a.Pass, a.Verdict = 0, Fail
		a.Text = "Not even one request at a time meets the tier."
	case a.Pass > 0 && a.Fail == a.Pass+1:
		a.Verdict = Pass
		a.Text = fmt.Sprintf("%d in flight hold the tier, %d miss it.", a.Pass, a.Fail)
	case a.Pass > 0 && a.Fail < 0 && a.Pass == s.highest:
		if s.highWhy != nil {
			a.Text = fmt.Sprintf("At least %d. %s", a.Pass, s.highWhy.Text)
			break
		}
		a.Verdict = Pass
		a.Text = fmt.Sprintf("At least %d in flight, the highest load allowed.", a.Pass)
	case a.Pass > 0 && a.Fail > 0:
		a.Text = fmt.Sprintf("Between %d, which holds the tier, and %d, which misses it; the loads in between were too close to call.", a.Pass, a.Fail)
	case a.Pass > 0:
		a.Text = fmt.Sprintf("At least %d; where the limit lies was too close to call.", a.Pass)
	case a.Fail > 0:
		a.Text = fmt.Sprintf("Below %d; no load was confirmed to hold the tier.", a.Fail)
	default:
		a.Text = "Too few requests to tell."
	}
	return a
}

func (s *search) finish(r *Run) {
	s.take(r)
	r.outcome.peak(r.results)
	for len(s.found) < len(s.tiers) {
		s.found = append(s.found, s.answer(s.tiers[len(s.found)]))
	}
	r.outcome.Capacity = s.found
	if r.stop == nil {
		r.stop = s.highWhy
	}
}
