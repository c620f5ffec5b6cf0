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

// MixFleet is a mix on one accelerator: every part has replicas of its own, with
// its own spares, so that none misses its targets because of another.
type MixFleet struct {
	GPU         string
	Viable      bool
	Text        string // what stops the first part that is not served
	Parts       []MixPart
	GPUs, Nodes int
	USD         float64 // a month; meaningful only when Priced
	Priced      bool
	KW          float64
	Powered     bool
	Preview     bool
}

// MixPart is one workload's share of the fleet.
type MixPart struct {
	Name string
	Brief
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
	GPU   string
	N     int
	Times float64 // 0 = not even a little of every part
	Used  int     // accelerators in use at that size
	Text  string
}

// MixStudy sizes a mix on the accelerators considered: a preview of all, then
// the cheapest exactly, then the pools.
type MixStudy struct {
	est    *fleet.Estimator
	parts  []Part
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
			if !f.Viable || !f.Preview {
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

// fleet sizes every part on g.
func (s *MixStudy) fleet(g *catalog.GPU, exact bool) MixFleet {
	f := MixFleet{GPU: g.ID, Viable: true, Priced: true, Powered: true, Preview: !exact}
	for i := range s.parts {
		r := s.parts[i].Req
		o, x := s.est.On(r, g, exact)
		b := brief(&r, g, o, x)
		f.Parts = append(f.Parts, MixPart{s.parts[i].Name, b})
		if !b.Viable {
			if f.Viable {
				f.Text = s.parts[i].Name + ": " + b.Text
			}
			f.Viable = false
			continue
		}
		f.GPUs += b.GPUs
		f.Nodes += b.Nodes
		f.USD += b.USD
		f.KW += b.KW
		f.Priced = f.Priced && b.Priced
		f.Powered = f.Powered && b.Powered
	}
	if per := max(1, g.GPUsPerNode); f.Viable { // parts share servers
		f.Nodes = min(f.Nodes, (f.GPUs+per-1)/per)
	}
	return f
}

// rank puts the lowest cost first, unpriced fleets after by GPUs, those that
// do not serve the mix last.
func (m *Mix) rank() {
	sort.SliceStable(m.Fleets, func(i, j int) bool {
		a, b := m.Fleets[i], m.Fleets[j]
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
		return a.GPU < b.GPU
	})
}

// times is how often a pool holds the mix: the largest factor on every part's
// demand at which the replicas of all parts, spares included, fit.
func (s *MixStudy) times(p Pool) MixTimes {
	t := MixTimes{GPU: p.GPU.ID, N: p.N}
	held := make([][]fleet.Holding, len(s.parts))
	for i := range s.parts {
		var x *fleet.Exclusion
		if held[i], x = s.est.Holdings(s.parts[i].Req, p.GPU, true); len(held[i]) == 0 {
			t.Text = s.parts[i].Name + ": " + x.Text
			return t
		}
	}
	need := func(factor float64) int {
		sum := 0
		for i := range s.parts {
			r := s.parts[i].Req
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
		return sum + s.parts[0].Req.Posture.SpareNodes*max(1, p.GPU.GPUsPerNode)
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
