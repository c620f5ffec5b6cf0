package negotiate

import (
	"math"
	"sort"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Part is one workload of a mix: its requirement has its own lengths, targets
// and demand, maybe its own model.
type Part struct {
	Name string
	Req  fleet.Requirement
}

// MixFleet is a mix on one accelerator, both ways: apart, where every part has
// replicas and spares of its own and none can delay another, and shared, where
// all requests go to one pool that meets the targets of every part.
type MixFleet struct {
	GPU     string
	Apart   MixWay
	Parts   []MixPart // apart
	Shared  MixWay
	Pool    Brief      // shared; its latencies are those of all requests
	Classes []MixClass // shared: what each part gets, in order
	Preview bool
}

// MixWay is what one way of serving a mix takes. Without an answer Text says why.
type MixWay struct {
	Viable      bool
	Text        string
	GPUs, Nodes int
	USD         float64 // a month; meaningful only when Priced
	Priced      bool
	KW          float64
	Powered     bool
}

// MixPart is one workload's share of the fleet.
type MixPart struct {
	Name string
	Brief
}

// MixClass is what one workload of a shared pool gets: seconds at its targets'
// percentile.
type MixClass struct {
	Name           string
	TTFT, ITL, E2E float64
}

// Best is the way that costs less, or takes fewer accelerators where a price is
// missing; apart where both take the same.
func (f *MixFleet) Best() (w *MixWay, shared bool) {
	a, b := &f.Apart, &f.Shared
	if b.Viable && (!a.Viable || b.before(a)) {
		return b, true
	}
	return a, false
}

// before reports whether a is cheaper, or smaller where a price is missing.
func (a *MixWay) before(b *MixWay) bool {
	if a.Priced && b.Priced && a.USD != b.USD {
		return a.USD < b.USD
	}
	return a.GPUs < b.GPUs
}

// Mix is what several workloads need together.
type Mix struct {
	Fleets []MixFleet // lowest cost first
	// Own says how often the pools hold the mix: 1 = exactly. Known only when
	// pools were given.
	Own   []MixTimes
	Asked bool // pools were given
}

// MixTimes is how many times over a pool holds the whole mix.
type MixTimes struct {
	GPU    string
	N      int
	Times  float64 // 0 = not even a little of every part
	Used   int     // accelerators in use at that size
	Shared bool    // in one pool; else each part in its own
	Text   string
}

// MixStudy sizes a mix on the accelerators considered: a preview of all, then
// the cheapest exactly, then the pools.
type MixStudy struct {
	est    *fleet.Estimator
	parts  []Part
	shared fleet.Requirement // all parts on the same replicas
	apart  string            // why that is not possible; "" = it is
	pools  []Pool
	gpus   []*catalog.GPU
	at     int
	total  int
	result Mix
}

// mixExact is how many of the cheapest previews are answered exactly.
const mixExact = 3

// NewMix starts the study. All parts must be of one catalog.
func NewMix(est *fleet.Estimator, parts []Part, pools []Pool) *MixStudy {
	s := &MixStudy{est: est, parts: parts, pools: pools}
	s.shared, s.apart = Together(parts)
	if len(parts) > 0 {
		s.gpus = considered(&parts[0].Req)
	}
	s.total = len(s.gpus) + mixExact + len(pools)
	s.result.Asked = len(pools) > 0
	return s
}

// Step answers one accelerator or pool.
func (s *MixStudy) Step() (done bool) {
	list := &s.result.Fleets
	switch at := s.at; {
	case at < len(s.gpus):
		*list = append(*list, s.fleet(s.gpus[at], false))
	case at < len(s.gpus)+mixExact:
		s.result.rank()
		for i := range *list {
			f := &(*list)[i]
			if w, _ := f.Best(); !w.Viable || !f.Preview {
				continue
			}
			if g, ok := s.parts[0].Req.Catalog.GPU(f.GPU); ok {
				*f = s.fleet(g, true)
			}
			break
		}
	case at < s.total:
		s.result.Own = append(s.result.Own, s.times(s.pools[at-len(s.gpus)-mixExact]))
	}
	s.at++
	s.result.rank()
	return s.at >= s.total
}

// Together is the requirement of all parts on the same replicas: their requests
// arrive at one pool, each part with targets of its own. Without one, the text
// says why.
func Together(parts []Part) (r fleet.Requirement, text string) {
	if len(parts) < 2 {
		return r, "One workload has nothing to share."
	}
	r = parts[0].Req
	var classes []fleet.Class
	total := 0.0
	for _, p := range parts {
		q := p.Req
		if q.Model.ID != r.Model.ID || q.Engine.ID != r.Engine.ID || q.Version != r.Version || q.Weights != r.Weights || q.KV != r.KV {
			return r, "Workloads of different models or settings do not share replicas."
		}
		rate := q.Demand.PeakReqPerS()
		total += rate
		classes = append(classes, fleet.Class{Name: p.Name, Share: rate, Workload: q.Workload, Targets: q.Targets})
	}
	r = r.Shared(classes)
	r.Demand = fleet.Demand{Kind: fleet.PerSecond, ReqPerS: total}
	return r, ""
}

// fleet sizes the mix on g, every part by itself and all together.
func (s *MixStudy) fleet(g *catalog.GPU, exact bool) MixFleet {
	f := MixFleet{GPU: g.ID, Apart: MixWay{Viable: true, Priced: true, Powered: true}, Shared: MixWay{Text: s.apart}, Preview: !exact}
	a := &f.Apart
	for i := range s.parts {
		r := s.parts[i].Req
		o, x := s.est.On(r, g, exact)
		b := brief(&r, g, o, x)
		f.Parts = append(f.Parts, MixPart{s.parts[i].Name, b})
		if !b.Viable {
			if a.Viable {
				a.Text = s.parts[i].Name + ": " + b.Text
			}
			a.Viable = false
			continue
		}
		a.GPUs += b.GPUs
		a.Nodes += b.Nodes
		a.USD += b.USD
		a.KW += b.KW
		a.Priced = a.Priced && b.Priced
		a.Powered = a.Powered && b.Powered
	}
	if per := max(1, g.GPUsPerNode); a.Viable { // parts share servers
		a.Nodes = min(a.Nodes, (a.GPUs+per-1)/per)
	}
	if s.apart != "" {
		return f
	}
	o, x := s.est.On(s.shared, g, exact)
	b := brief(&s.shared, g, o, x)
	f.Pool = b
	f.Shared = MixWay{Viable: b.Viable, Text: b.Text, GPUs: b.GPUs, Nodes: b.Nodes, USD: b.USD, Priced: b.Priced, KW: b.KW, Powered: b.Powered}
	if o != nil && o.At.Classes != nil {
		for i, l := range *o.At.Classes {
			c := &s.shared.Classes[i]
			pct := c.Targets.Percentile
			f.Classes = append(f.Classes, MixClass{c.Name, finite(l.TTFT.At(pct)), finite(l.ITL.At(pct)), finite(l.E2E.At(pct))})
		}
	}
	return f
}

// rank puts the lowest cost of either way first, unpriced fleets after by GPUs,
// those that do not serve the mix last.
func (m *Mix) rank() {
	sort.SliceStable(m.Fleets, func(i, j int) bool {
		a, _ := m.Fleets[i].Best()
		b, _ := m.Fleets[j].Best()
		switch {
		case a.Viable != b.Viable:
			return a.Viable
		case a.Priced != b.Priced:
			return a.Priced
		case a.Priced && a.USD != b.USD:
			return a.USD < b.USD
		case !a.Priced && a.GPUs != b.GPUs:
			return a.GPUs < b.GPUs
		}
		return m.Fleets[i].GPU < m.Fleets[j].GPU
	})
}

// times is how often a pool holds the mix: the largest factor on every part's
// demand at which all replicas, spares included, fit, in one pool or apart.
func (s *MixStudy) times(p Pool) MixTimes {
	best := s.timesOf(p, s.parts)
	if s.apart == "" {
		if t := s.timesOf(p, []Part{{"Together", s.shared}}); t.Times > best.Times {
			t.Shared = true
			return t
		}
	}
	return best
}

// timesOf is times with a pool for each of parts.
func (s *MixStudy) timesOf(p Pool, parts []Part) MixTimes {
	t := MixTimes{GPU: p.GPU.ID, N: p.N}
	held := make([][]fleet.Holding, len(parts))
	for i := range parts {
		var x *fleet.Exclusion
		if held[i], x = s.est.Holdings(parts[i].Req, p.GPU, true); len(held[i]) == 0 {
			t.Text = parts[i].Name + ": " + x.Text
			return t
		}
	}
	need := func(factor float64) int {
		sum := 0
		for i := range parts {
			r := parts[i].Req
			r.Demand = asRate(r.Demand, factor)
			best := 0
			for _, h := range held[i] {
				one := held1(&r, h, 1).Amount()
				if !(one > 0) {
					continue
				}
				n := int(math.Ceil(r.Demand.Amount()/one-1e-9)) + r.Posture.SpareReplicas
				if gpus := max(1, n) * h.Layout.GPUs(); best == 0 || gpus < best {
					best = gpus
				}
			}
			sum += best
		}
		return sum + parts[0].Req.Posture.SpareNodes*max(1, p.GPU.GPUsPerNode)
	}
	lo, hi := 1e-6, 1e-6
	if need(lo) > p.N {
		t.Text = "Too few: one replica of every workload, with its spares, takes " + count(need(lo)) + " GPUs."
		return t
	}
	for need(hi) <= p.N && hi < 1e6 {
		lo = hi
		hi *= 2
	}
	for hi/lo > 1.0005 {
		if mid := math.Sqrt(lo * hi); need(mid) <= p.N {
			lo = mid
		} else {
			hi = mid
		}
	}
	t.Times, t.Used = lo, need(lo)
	return t
}

// asRate is a demand scaled without rounding.
func asRate(d fleet.Demand, factor float64) fleet.Demand {
	d.ReqPerS *= factor
	d.Users *= factor
	d.ReqPerDay *= factor
	d.InFlight *= factor
	return d
}

// Progress is the share of accelerators and pools answered.
func (s *MixStudy) Progress() float64 {
	if s.total == 0 {
		return 1
	}
	return float64(s.at) / float64(s.total)
}

// Result is what is known so far.
func (s *MixStudy) Result() Mix {
	m := s.result
	m.Fleets = append([]MixFleet(nil), m.Fleets...)
	m.Own = append([]MixTimes(nil), m.Own...)
	return m
}
