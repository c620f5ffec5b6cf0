package negotiate

import (
	"math"
	"sort"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Pool is hardware at hand: N accelerators of one type.
type Pool struct {
	GPU *catalog.GPU
	N   int
}

// Holds is what a pool is good for.
type Holds struct {
	GPU      string
	N        int // accelerators in the pool
	Nodes    int // servers they fill, the last maybe in part
	Viable   bool
	Text     string // why nothing is served
	Layout   fleet.Layout
	Weights  catalog.Weights
	Replicas int     // that fit, spares included
	Spare    int     // of them
	Left     int     // accelerators no replica uses
	Ahead    int     // accelerators the stages before the model use
	Rate     float64 // req/s of one replica at full planned rate
	// Demand is the peak demand held today, stated as the requirement's:
	// growth is taken off, utilization and spares are kept.
	Demand  fleet.Demand
	ReqPerS float64 // the same in req/s; 0 where demand is in flight
	Times   float64 // of the demand asked for
	USD     float64 // a month for the whole pool; meaningful only when Priced
	Priced  bool
	Preview bool
}

// Reverse is what hardware at hand or a budget is good for.
type Reverse struct {
	Pools []Holds // as given, or the best accelerators for the budget first
	// Total adds the pools up: the router gives each its share.
	Total Holds
	Best  bool // Pools are alternatives: only one of them is meant
}

// Hold is the most that n accelerators of type g hold, over all layouts. A
// replica never straddles servers; spare replicas and nodes stay idle; leftover
// accelerators are counted.
func Hold(est *fleet.Estimator, r fleet.Requirement, p Pool, exact bool) Holds {
	g := p.GPU
	per := max(1, g.GPUsPerNode)
	out := Holds{GPU: g.ID, N: p.N, Nodes: (p.N + per - 1) / per, Left: p.N, Preview: !exact}
	usable := p.N - r.Posture.SpareNodes*per
	held, x := est.Holdings(r, g, exact)
	if len(held) == 0 {
		out.Text = x.Text
		return out
	}
	if exact {
		for i := range held {
			h := &held[i]
			if n := fleet.Room(usable, h.Layout, g) - r.Posture.SpareReplicas; n > 1 {
				h.Rate = est.Pooled(&r, h, n)
			}
		}
	}
	ahead, needs := 0, out.most(&r, g, held, usable)
	if out.Viable && r.Pipeline.On() {
		ahead = out.share(&r, g, held, usable)
	}
	if !out.Viable {
		out.Text = tooFew(needs+ahead+r.Posture.SpareNodes*per, r.Posture)
		return out
	}
	out.Ahead, out.Left = ahead, out.Left-ahead
	out.ReqPerS = out.Demand.PeakReqPerS()
	if now := r.Demand.Amount(); now > 0 {
		out.Times = out.Demand.Amount() / now
	}
	if usd, ok := perGPU(&r, g); ok {
		out.USD, out.Priced = usd*float64(p.N), true
	}
	return out
}

// most fills in the layout that holds most on usable accelerators, and returns
// what one replica with its spares takes where none does.
func (out *Holds) most(r *fleet.Requirement, g *catalog.GPU, held []fleet.Holding, usable int) (needs int) {
	out.Viable, out.Left = false, out.N
	for _, h := range held {
		replicas := fleet.Room(usable, h.Layout, g)
		serving := replicas - r.Posture.SpareReplicas
		if serving < 1 {
			n := (1 + r.Posture.SpareReplicas) * h.Layout.GPUs()
			if needs == 0 || n < needs {
				needs = n
			}
			continue
		}
		d := held1(r, h, serving)
		size := d.Amount()
		if out.Viable && (size < out.Demand.Amount() || size == out.Demand.Amount() && out.Replicas*out.Layout.GPUs() <= replicas*h.Layout.GPUs()) {
			continue
		}
		out.Viable = true
		out.Layout, out.Weights, out.Rate = h.Layout, h.Weights, h.Rate
		out.Replicas, out.Spare = replicas, r.Posture.SpareReplicas
		out.Left = out.N - replicas*h.Layout.GPUs()
		out.Demand = d
	}
	return needs
}

// share lets the stages before the model have their accelerators: the largest
// part of the demand for which both have room. It returns what the stages take.
func (out *Holds) share(r *fleet.Requirement, g *catalog.GPU, held []fleet.Holding, usable int) (ahead int) {
	whole := *out
	try := func(factor float64) bool {
		d := asRate(whole.Demand, factor)
		ahead = r.Ahead(g, sized(r, d))
		for _, h := range held {
			one := held1(r, h, 1).Amount()
			if !(one > 0) {
				continue
			}
			replicas := max(1, int(math.Ceil(d.Amount()/one-1e-9))) + r.Posture.SpareReplicas
			if replicas > fleet.Room(usable-ahead, h.Layout, g) {
				continue
			}
			*out = whole
			out.Layout, out.Weights, out.Rate, out.Replicas, out.Demand = h.Layout, h.Weights, h.Rate, replicas, d
			out.Left = out.N - replicas*h.Layout.GPUs()
			return true
		}
		return false
	}
	if try(1) {
		return ahead
	}
	lo, hi := 0.0, 1.0
	for range 24 {
		if mid := (lo + hi) / 2; try(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	if out.Viable = lo > 0 && try(lo); !out.Viable {
		out.Left = out.N
	}
	return ahead
}

// sized is a demand of today in req/s with growth.
func sized(r *fleet.Requirement, d fleet.Demand) float64 {
	return d.PeakReqPerS() * math.Pow(1+r.Posture.Growth, float64(r.Posture.Years))
}

// held1 is the demand of today that serving replicas of one layout hold,
// stated as the requirement states it.
func held1(r *fleet.Requirement, h fleet.Holding, serving int) fleet.Demand {
	u := r.Posture.Utilization
	growth := math.Pow(1+r.Posture.Growth, float64(r.Posture.Years))
	d := r.Demand
	if d.Kind == fleet.InFlight {
		d.InFlight = math.Floor(u*float64(serving*h.InFlight)/growth + 1e-9)
		return d
	}
	rate := u * float64(serving) * h.Rate / growth
	now := d.PeakReqPerS()
	if !(now > 0) {
		return fleet.Demand{Kind: fleet.PerSecond, ReqPerS: rate}
	}
	factor := rate / now
	d.ReqPerS *= factor
	d.Users *= factor
	d.ReqPerDay *= factor
	return d
}

func tooFew(needs int, p fleet.Posture) string {
	text := "Too few: one replica"
	if p.SpareReplicas > 0 {
		text += " and its spare"
		if p.SpareReplicas > 1 {
			text += "s"
		}
	}
	return text + " take " + count(needs) + " GPUs."
}

// perGPU is the monthly cost of one accelerator under the requirement's terms;
// ok is false without a price.
func perGPU(r *fleet.Requirement, g *catalog.GPU) (usd float64, ok bool) {
	bill := r.Money.Bill(g, 1, r.Use())
	return bill.PerMonth, bill.Priced && bill.PerMonth > 0
}

// ReverseStudy answers pools one by one, or finds what a budget buys.
type ReverseStudy struct {
	est    *fleet.Estimator
	req    fleet.Requirement
	pools  []Pool
	budget float64 // USD a month; 0 = none
	whole  bool    // buy in whole servers
	gpus   []*catalog.GPU
	at     int
	total  int
	result Reverse
}

// NewOwn asks what pools at hand hold together.
func NewOwn(est *fleet.Estimator, r fleet.Requirement, pools []Pool) *ReverseStudy {
	return &ReverseStudy{est: est, req: r, pools: pools, total: len(pools)}
}

// NewBudget asks what a monthly budget in USD buys, on each accelerator that
// the requirement considers; whole asks for whole servers only.
func NewBudget(est *fleet.Estimator, r fleet.Requirement, usd float64, whole bool) *ReverseStudy {
	s := &ReverseStudy{est: est, req: r, budget: usd, whole: whole, gpus: considered(&r)}
	s.total = len(s.gpus) + budgetExact
	s.result.Best = true
	return s
}

// budgetExact is how many of the best previews are answered exactly.
const budgetExact = 4

// Step answers one pool or accelerator.
func (s *ReverseStudy) Step() (done bool) {
	if s.budget > 0 {
		return s.buy()
	}
	if s.at >= len(s.pools) {
		return true
	}
	s.result.Pools = append(s.result.Pools, Hold(s.est, s.req, s.pools[s.at], true))
	s.at++
	s.result.add()
	return s.at == len(s.pools)
}

// buy previews every accelerator, then answers the best exactly.
func (s *ReverseStudy) buy() (done bool) {
	list := &s.result.Pools
	switch {
	case s.at < len(s.gpus):
		g := s.gpus[s.at]
		if usd, ok := perGPU(&s.req, g); ok {
			if n := affordable(s.budget, usd, g, s.whole); n > 0 {
				*list = append(*list, Hold(s.est, s.req, Pool{g, n}, false))
			}
		}
	case s.at < s.total:
		s.result.rank()
		i := -1
		for j := range *list {
			if (*list)[j].Preview && (*list)[j].Viable {
				i = j
				break
			}
		}
		if i < 0 {
			s.at = s.total
			return true
		}
		old := (*list)[i]
		if g, ok := s.req.Catalog.GPU(old.GPU); ok {
			(*list)[i] = Hold(s.est, s.req, Pool{g, old.N}, true)
		}
	}
	s.at++
	s.result.rank()
	return s.at >= s.total
}

// affordable is how many accelerators a budget rents or pays off.
func affordable(budget, usd float64, g *catalog.GPU, whole bool) int {
	n := math.Min(math.Floor(budget/usd+1e-9), fleet.MaxGPUs)
	if per := max(1, g.GPUsPerNode); whole {
		n = math.Floor(n/float64(per)) * float64(per)
	}
	return int(n)
}

// rank puts the pool that holds most first.
func (v *Reverse) rank() {
	sort.SliceStable(v.Pools, func(i, j int) bool {
		a, b := v.Pools[i], v.Pools[j]
		if a.Viable != b.Viable {
			return a.Viable
		}
		if x, y := a.Demand.Amount(), b.Demand.Amount(); x != y {
			return x > y
		}
		return a.GPU < b.GPU
	})
	v.Total = Holds{}
	if len(v.Pools) > 0 {
		v.Total = v.Pools[0]
	}
}

// add sums the pools up.
func (v *Reverse) add() {
	t := Holds{Priced: true}
	for _, p := range v.Pools {
		t.N += p.N
		t.Nodes += p.Nodes
		t.Left += p.Left
		t.Ahead += p.Ahead
		t.Replicas += p.Replicas
		t.Spare += p.Spare
		t.Preview = t.Preview || p.Preview
		t.USD += p.USD
		t.Priced = t.Priced && p.Priced
		if !p.Viable {
			continue
		}
		if !t.Viable {
			t.Viable, t.Demand = true, p.Demand
		} else {
			t.Demand.ReqPerS += p.Demand.ReqPerS
			t.Demand.Users += p.Demand.Users
			t.Demand.ReqPerDay += p.Demand.ReqPerDay
			t.Demand.InFlight += p.Demand.InFlight
		}
		t.ReqPerS += p.ReqPerS
		t.Times += p.Times
	}
	if len(v.Pools) == 1 {
		t.GPU, t.Layout, t.Weights, t.Rate, t.Text = v.Pools[0].GPU, v.Pools[0].Layout, v.Pools[0].Weights, v.Pools[0].Rate, v.Pools[0].Text
	}
	v.Total = t
}

// Progress is the share of pools or accelerators answered.
func (s *ReverseStudy) Progress() float64 {
	if s.total == 0 {
		return 1
	}
	return float64(s.at) / float64(s.total)
}

// Result is what is known so far.
func (s *ReverseStudy) Result() Reverse {
	v := s.result
	v.Pools = append([]Holds(nil), v.Pools...)
	return v
}
