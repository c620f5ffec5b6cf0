package negotiate

import (
	"sort"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Point is one replica at one load: how fast every user is served and how much
// every GPU yields.
type Point struct {
	Layout     fleet.Layout
	InFlight   int     // requests in flight on the replica
	TokPerUser float64 // output tokens/s of one user: 1 ÷ time per token at the targets' percentile
	TokPerGPU  float64 // output tokens/s of one GPU
	TTFT, ITL  float64 // seconds at the targets' percentile
	Meets      bool    // every target is met
	OnFrontier bool    // no other point of the accelerator is better in both
}

// Frontier is the trade of one accelerator, over layouts and loads.
type Frontier struct {
	GPU    string
	Points []Point // by falling speed per user; those on the frontier rise in output
}

// Best are the points on the frontier by rising speed per user.
func (f *Frontier) Best() []Point {
	var list []Point
	for i := len(f.Points) - 1; i >= 0; i-- {
		if f.Points[i].OnFrontier {
			list = append(list, f.Points[i])
		}
	}
	return list
}

// Curve is the frontier as a curve: output per GPU over speed per user.
func (f *Frontier) Curve() Curve {
	var x, y []float64
	for _, p := range f.Best() {
		x, y = append(x, p.TokPerUser), append(y, p.TokPerGPU)
	}
	return NewCurve(x, y)
}

// mark finds the points that no other dominates.
func (f *Frontier) mark() {
	sort.SliceStable(f.Points, func(i, j int) bool {
		a, b := f.Points[i], f.Points[j]
		if a.TokPerUser != b.TokPerUser {
			return a.TokPerUser > b.TokPerUser
		}
		return a.TokPerGPU > b.TokPerGPU
	})
	best := 0.0
	for i := range f.Points {
		p := &f.Points[i]
		p.OnFrontier = p.TokPerGPU > best
		if p.OnFrontier {
			best = p.TokPerGPU
		}
	}
}

// Pareto is the trade of several accelerators.
type Pareto struct {
	// MinTokPerUser is the speed that the per-token target asks for; 0 = none.
	MinTokPerUser float64
	Frontiers     []Frontier
}

// AtTarget is the output per GPU at the speed that the target asks for, 20
// tok/s without one: of the frontier that is says, and the most of all others
// that are no better. A frontier whose fullest batch is faster counts with
// that; 0 = none is that fast.
func (p *Pareto) AtTarget(is func(*Frontier) bool) (speed, of, next float64) {
	speed = p.MinTokPerUser
	if speed <= 0 {
		speed = 20
	}
	at := make([]float64, len(p.Frontiers))
	for i := range p.Frontiers {
		f := &p.Frontiers[i]
		y, ok := f.Curve().At(speed)
		if front := f.Best(); !ok && len(front) > 0 && front[0].TokPerUser > speed {
			y, ok = front[0].TokPerGPU, true
		}
		if at[i] = y; !ok {
			at[i] = 0
		}
		if is(f) {
			of = at[i]
		}
	}
	for i := range at {
		if !is(&p.Frontiers[i]) && at[i] <= of {
			next = max(next, at[i])
		}
	}
	return speed, of, next
}

// ParetoStudy computes frontiers, one layout a step.
type ParetoStudy struct {
	est    *fleet.Estimator
	req    fleet.Requirement
	queue  []paretoItem
	total  int // accelerators
	of     int // layouts of the one at work
	result Pareto
}

type paretoItem struct {
	gpu  *catalog.GPU
	hold fleet.Holding
	// list says that the layouts of gpu have yet to be found.
	list bool
}

// NewPareto starts the study for the accelerators given.
func NewPareto(est *fleet.Estimator, r fleet.Requirement, gpus []*catalog.GPU) *ParetoStudy {
	s := &ParetoStudy{est: est, req: r}
	if r.Targets.ITL > 0 {
		s.result.MinTokPerUser = 1 / r.Targets.ITL
	}
	for _, g := range gpus {
		s.queue = append(s.queue, paretoItem{gpu: g, list: true})
	}
	s.total = len(s.queue)
	return s
}

// widestShown bounds the layouts of one accelerator: each is a curve of some
// ten simulations.
const widestShown = 5

// Step computes one layout.
func (s *ParetoStudy) Step() (done bool) {
	if len(s.queue) == 0 {
		return true
	}
	item := s.queue[0]
	s.queue = s.queue[1:]
	if item.list {
		// Layouts that miss the targets when empty belong to the picture, too.
		q := s.req
		q.Targets = catalog.Targets{Percentile: s.req.Targets.Percentile}
		held, _ := s.est.Holdings(q, item.gpu, false)
		var next []paretoItem
		for _, h := range held {
			if len(next) < widestShown && h.Weights == held[0].Weights {
				next = append(next, paretoItem{gpu: item.gpu, hold: h})
			}
		}
		s.result.Frontiers = append(s.result.Frontiers, Frontier{GPU: item.gpu.ID})
		s.queue = append(next, s.queue...)
		s.of = len(next)
		return len(s.queue) == 0
	}
	s.layout(item)
	return len(s.queue) == 0
}

// layout adds the points of one layout to the frontier that is being filled.
func (s *ParetoStudy) layout(item paretoItem) {
	f := &s.result.Frontiers[len(s.result.Frontiers)-1]
	l, t := item.hold.Layout, s.req.Targets
	o := fleet.Option{GPU: item.gpu, Layout: l, Weights: item.hold.Weights, KV: item.hold.KV}
	for _, q := range s.est.LoadCurve(s.req, &o) {
		ttft, itl, e2e := q.At.TTFT.At(t.Percentile), q.At.ITL.At(t.Percentile), q.At.E2E.At(t.Percentile)
		if !(itl > 0) || !(q.At.OutputTokPerS > 0) {
			continue
		}
		f.Points = append(f.Points, Point{
			Layout: l, InFlight: q.InFlight, TokPerUser: 1 / itl, TokPerGPU: q.At.OutputTokPerS / float64(max(1, l.GPUs())),
			TTFT: ttft, ITL: itl,
			Meets: within(ttft, t.TTFT) && within(itl, t.ITL) && within(e2e, t.E2E),
		})
	}
	f.mark()
}

// within reports whether a latency meets a target; 0 = no target.
func within(x, target float64) bool { return target <= 0 || x <= target }

// Progress is the share of accelerators done, layouts counted.
func (s *ParetoStudy) Progress() float64 {
	if s.total == 0 {
		return 1
	}
	waiting, layouts := 0, 0
	for _, q := range s.queue {
		if q.list {
			waiting++
		} else {
			layouts++
		}
	}
	done := float64(s.total - waiting)
	if layouts > 0 {
		done -= float64(layouts) / float64(s.of)
	}
	return done / float64(s.total)
}

// Result is what is known so far; accelerators without a layout that fits have
// no points.
func (s *ParetoStudy) Result() Pareto {
	p := s.result
	p.Frontiers = append([]Frontier(nil), p.Frontiers...)
	for i := range p.Frontiers {
		p.Frontiers[i].Points = append([]Point(nil), p.Frontiers[i].Points...)
	}
	return p
}
