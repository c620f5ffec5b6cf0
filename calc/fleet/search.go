package fleet

import (
	"math"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// The open-loop search runs on a grid of load shares so that a run made for
// one target is found again for the next: gridSteps equal steps up to
// capacity, and four steps per halving below the first of them.
const (
	gridSteps  = 64
	gridTop    = gridSteps - 1 // 0.984 of capacity, the highest share that is simulated
	gridBottom = -60           // 5·10⁻⁷ of capacity: an empty replica
)

// gridShare is the load of grid point k as a share of capacity.
func gridShare(k int) float64 {
	if k >= 1 {
		return float64(k) / gridSteps
	}
	return math.Exp2(float64(k-1)/4) / gridSteps
}

// Requests simulated per run: for the search and for the operating point.
// At 80 % load one run of 4,000 requests gives p95 within about ±5 %.
const (
	searchRequests = 4000
	finalRequests  = 5000
	finalSeeds     = 3
)

// replica is one layout on one accelerator and everything simulated for it so
// far. Results do not depend on targets, demand or posture, so it is kept
// while only those change.
type replica struct {
	cost   *step.Cost // of a decode instance where disaggregated
	split  *serve.Split
	shape  serve.Load // lengths and cache share; no traffic
	layout Layout
	spec   step.Replica
	slots  int

	rateMax float64                 // simulated capacity in req/s; 0 = not yet known
	open    map[int]serve.Result    // by grid index
	closed  map[int]serve.Result    // by requests in flight
	many    map[[2]int]serve.Result // by replicas and grid index, least-loaded router

	formRate struct { // by the closed form, for the targets asked for last
		targets catalog.Targets
		rate    float64
		limit   serve.Limit // "" = not yet asked
	}
}

func newReplica(spec step.Replica, shape serve.Load, l Layout) (*replica, error) {
	cost, err := step.New(spec)
	if err != nil {
		return nil, err
	}
	if err := serve.Fits(cost, shape); err != nil {
		return nil, err
	}
	return &replica{
		cost:   cost,
		shape:  shape,
		layout: l,
		spec:   spec,
		slots:  serve.Slots(cost, shape),
		open:   map[int]serve.Result{},
		closed: map[int]serve.Result{},
	}, nil
}

// capacity is the simulated throughput in req/s when requests always wait.
func (p *replica) capacity(sim *simulator) float64 {
	if p.rateMax == 0 {
		p.rateMax = p.simCapacity(sim)
	}
	return p.rateMax
}

// at simulates the replica under an open-loop Poisson rate.
func (p *replica) at(sim *simulator, rate float64, requests int, seed uint64) serve.Result {
	l := p.shape
	l.Rate = rate
	l.Requests = p.requests(requests)
	l.Seed = seed
	return p.run(sim, l)
}

// point is the result at grid point k.
func (p *replica) point(sim *simulator, k int) serve.Result {
	if res, ok := p.open[k]; ok {
		return res
	}
	requests := searchRequests
	if k < 1 {
		requests = 1000 // hardly any two requests meet
	}
	res := p.at(sim, p.capacity(sim)*gridShare(k), requests, 1)
	p.open[k] = res
	return res
}

// inFlight is the steady state with n requests in flight.
func (p *replica) inFlight(sim *simulator, n int) serve.Result {
	if res, ok := p.closed[n]; ok {
		return res
	}
	l := p.shape
	l.Concurrency = n
	l.Requests = max(1000, 5*n)
	res := p.run(sim, l)
	p.closed[n] = res
	return res
}

// rateSLO is the highest Poisson rate in req/s at which every target is met,
// and the limit that stops it. It is 0 with the first missed target when even
// an empty replica is too slow. guess is a rate to start from.
func (p *replica) rateSLO(sim *simulator, t []catalog.Targets, guess float64) (float64, serve.Limit) {
	top := p.capacity(sim)
	if top <= 0 {
		return 0, serve.LimitKV
	}
	ok := func(k int) bool { return missed(p.point(sim, k), t...) == "" }
	k := gridTop
	if share := guess / top; share < 1 {
		k = max(1, min(gridTop, int(share*gridSteps)))
	}
	lo, hi := gridBottom, gridTop+1 // highest known good, lowest known bad
	if ok(k) {
		for lo, stride := k, 1; ; stride *= 2 {
			next := min(lo+stride, gridTop)
			if next == lo {
				return top * gridShare(lo), p.point(sim, lo).Binding
			}
			if !ok(next) {
				return p.between(sim, t, lo, next)
			}
			lo = next
		}
	}
	hi = k
	for stride := 1; ; stride *= 2 {
		next := max(hi-stride, gridBottom)
		if ok(next) {
			lo = next
			break
		}
		if next == gridBottom {
			return 0, missed(p.point(sim, next), t...)
		}
		hi = next
	}
	return p.between(sim, t, lo, hi)
}

// between bisects the grid between a good and a bad point and interpolates
// inside the last cell.
func (p *replica) between(sim *simulator, t []catalog.Targets, lo, hi int) (float64, serve.Limit) {
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if missed(p.point(sim, mid), t...) == "" {
			lo = mid
		} else {
			hi = mid
		}
	}
	a, b := p.point(sim, lo), p.point(sim, hi)
	share, limit := 1.0, missed(b, t...)
	below, above := classOf(&a), classOf(&b)
	for i := range below {
		t := &t[min(i, len(t)-1)]
		for _, m := range metrics {
			target := m.target(*t)
			if target <= 0 {
				continue
			}
			x, y := m.of(&below[i]).At(t.Percentile), m.of(&above[i]).At(t.Percentile)
			if y > target && y > x {
				if s := (target - x) / (y - x); s < share {
					share, limit = s, m.limit
				}
			}
		}
	}
	from, to := gridShare(lo), gridShare(hi)
	return p.capacity(sim) * (from + (to-from)*share), limit
}

// flightSLO is the highest number of requests in flight at which every target
// is met, 0 if even one alone misses.
func (p *replica) flightSLO(sim *simulator, t []catalog.Targets) (int, serve.Limit) {
	if p.split != nil { // what the highest rate inside the targets keeps in flight
		rate, limit := p.rateSLO(sim, t, math.Inf(1))
		if rate <= 0 {
			return 0, limit
		}
		return max(1, int(rate*p.at(sim, rate, searchRequests, 1).E2E.Mean)), limit
	}
	bad := func(n int) serve.Limit { return missed(p.inFlight(sim, n), t...) }
	if l := bad(1); l != "" {
		return 0, l
	}
	lo, hi := 1, 2
	most := 4 * max(p.slots, 1)
	for bad(hi) == "" {
		lo = hi
		if hi >= most {
			return hi, p.inFlight(sim, hi).Binding
		}
		hi = min(hi*2, most)
	}
	for hi-lo > max(1, lo/64) {
		mid := (lo + hi) / 2
		if bad(mid) == "" {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, bad(hi)
}

// metrics are the three latencies a target can be set on, in the order in
// which a missed one is named.
var metrics = [...]struct {
	limit  serve.Limit
	target func(catalog.Targets) float64
	of     func(*serve.Latencies) *serve.Quantiles
}{
	{serve.LimitTTFT, func(t catalog.Targets) float64 { return t.TTFT }, func(l *serve.Latencies) *serve.Quantiles { return &l.TTFT }},
	{serve.LimitITL, func(t catalog.Targets) float64 { return t.ITL }, func(l *serve.Latencies) *serve.Quantiles { return &l.ITL }},
	{serve.LimitE2E, func(t catalog.Targets) float64 { return t.E2E }, func(l *serve.Latencies) *serve.Quantiles { return &l.E2E }},
}

// missed is the first target that r misses, "" when all are met. The targets
// are those of all requests, or of each class of a mix in turn.
func missed(r serve.Result, ts ...catalog.Targets) serve.Limit {
	for i, l := range classOf(&r) {
		t := &ts[min(i, len(ts)-1)]
		for _, m := range metrics {
			if target := m.target(*t); target > 0 && m.of(&l).At(t.Percentile) > target {
				return m.limit
			}
		}
	}
	return ""
}
