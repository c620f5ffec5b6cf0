package fleet

import (
	"sort"

	"fleetsize/catalog"
)

// row is what is known about one accelerator.
type row struct {
	gpu       *catalog.GPU
	found     []candidate
	obstacles []obstacle
	option    *Option
	excluded  *Exclusion
	exact     bool
}

// Planner produces the exact answer one accelerator at a time, the best
// previewed ones first, so that the headline is final long before the table.
type Planner struct {
	est      *Estimator
	req      Requirement
	problem  *Problem
	rows     []*row
	queue    []*row
	total    int
	headline bool
}

// Preview answers from the closed form alone.
func (e *Estimator) Preview(r Requirement) Answer { return e.Plan(r).Answer() }

// Size answers exactly.
func (e *Estimator) Size(r Requirement) Answer {
	p := e.Plan(r)
	for !p.Step() {
	}
	return p.Answer()
}

// Plan starts an exact answer; until its first Step it is the preview.
func (e *Estimator) Plan(r Requirement) *Planner {
	p := &Planner{est: e, req: r}
	if p.problem = r.problem(); p.problem != nil {
		for _, g := range r.Catalog.GPUs {
			p.rows = append(p.rows, &row{gpu: g, exact: true, excluded: r.excludedByProblem(g, p.problem)})
		}
		return p
	}
	for _, g := range r.Catalog.GPUs {
		w := &row{gpu: g}
		p.rows = append(p.rows, w)
		tp, ok := r.considered(g)
		if !ok || !r.Engine.RunsOn(g) {
			w.excluded = notConsidered(&r, g)
			p.queue = append(p.queue, w)
			continue
		}
		w.found, w.obstacles = e.candidates(&r, g, tp)
		if len(w.found) > 0 {
			w.option = e.option(&r, g, w.found)
		} else {
			w.excluded = exclude(&r, g, w.obstacles)
		}
		p.queue = append(p.queue, w)
	}
	p.total = len(p.queue)
	sort.SliceStable(p.queue, func(i, j int) bool {
		a, b := p.queue[i], p.queue[j]
		if (a.option == nil) != (b.option == nil) {
			return a.option != nil
		}
		if a.option == nil {
			return a.excluded.Reason != ReasonNotConsidered && b.excluded.Reason == ReasonNotConsidered
		}
		return before(a.option, b.option)
	})
	return p
}

// Step makes one more accelerator exact and reports whether all are.
func (p *Planner) Step() (done bool) {
	if len(p.queue) == 0 {
		return true
	}
	w := p.queue[0]
	p.queue = p.queue[1:]
	p.refine(w)
	return len(p.queue) == 0
}

// Progress is the share of accelerators that are exact, 0 to 1.
func (p *Planner) Progress() float64 {
	if p.total == 0 {
		return 1
	}
	return 1 - float64(len(p.queue))/float64(p.total)
}

// HeadlineDone reports whether the first option is exact and no accelerator
// still waiting can take its place, as far as the preview can tell.
func (p *Planner) HeadlineDone() bool {
	if len(p.queue) == 0 {
		return true
	}
	var best *Option
	for _, w := range p.rows {
		if w.exact && w.option != nil && (best == nil || before(w.option, best)) {
			best = w.option
		}
	}
	if best == nil {
		return false
	}
	for _, w := range p.queue {
		if w.option == nil {
			continue
		}
		rival := *w.option
		rival.USDPerMonth *= previewSlack
		rival.GPUs = int(float64(rival.GPUs) * previewSlack)
		if before(&rival, best) {
			return false
		}
	}
	return true
}

// previewSlack is how much cheaper the exact answer may turn out than its
// preview before the planner is surprised.
const previewSlack = 0.85

// A layout is simulated as long as its preview needs at most layoutSlack times
// the GPUs of the best simulated one, at most triedLayouts in all.
const (
	triedLayouts = 6
	layoutSlack  = 1.1
)

// refine replaces the preview of w by simulated figures.
func (p *Planner) refine(w *row) {
	e, r := p.est, &p.req
	w.exact = true
	if len(w.found) == 0 {
		p.confirm(w)
		return
	}
	good := e.exactly(r, w)
	if len(good) == 0 {
		w.option = nil
		p.confirm(w)
		return
	}
	for _, c := range w.found { // layouts that were not simulated stay as previews
		if !contains(good, c) && c.gpus > good[len(good)-1].gpus {
			good = append(good, c)
		}
	}
	w.excluded = nil
	w.option = e.option(r, w.gpu, good)
}

// exactly simulates the layouts of w that may turn out best and returns those
// that serve the demand, best first; what stops the others is added to the
// obstacles of w.
func (e *Estimator) exactly(r *Requirement, w *row) []candidate {
	var good []candidate
	for i := range w.found {
		c := w.found[i]
		if len(good) > 0 && (i >= triedLayouts || float64(c.gpus) > layoutSlack*float64(good[0].gpus)) {
			break
		}
		if o := e.simulate(r, &c); o != nil {
			w.obstacles = append(w.obstacles, *o)
			continue
		}
		good = append(good, c)
		sortCandidates(good)
	}
	return good
}

func contains(cs []candidate, c candidate) bool {
	for i := range cs {
		if cs[i].replica == c.replica {
			return true
		}
	}
	return false
}

// confirm settles an exclusion and looks for the nearest change.
func (p *Planner) confirm(w *row) {
	if w.excluded == nil || w.excluded.Reason != ReasonNotConsidered {
		w.excluded = exclude(&p.req, w.gpu, w.obstacles)
	}
	w.excluded.Nearest = p.est.nearest(&p.req, w.gpu, w.excluded, w.obstacles)
}

// Answer is what is known so far.
func (p *Planner) Answer() Answer {
	a := Answer{
		DemandReqPerS: p.req.Demand.PeakReqPerS(),
		SizedReqPerS:  p.req.sizedReqPerS(),
		Problem:       p.problem,
		Preview:       len(p.queue) > 0,
	}
	for _, w := range p.rows {
		if w.option != nil {
			a.Options = append(a.Options, *w.option)
		} else {
			a.Excluded = append(a.Excluded, *w.excluded)
		}
	}
	sort.SliceStable(a.Options, func(i, j int) bool { return before(&a.Options[i], &a.Options[j]) })
	return a
}

// before is the ranking: priced options by monthly cost, then unpriced ones
// by GPUs, ties by id.
func before(a, b *Option) bool {
	if a.Priced != b.Priced {
		return a.Priced
	}
	if a.Priced && a.USDPerMonth != b.USDPerMonth {
		return a.USDPerMonth < b.USDPerMonth
	}
	if !a.Priced && a.GPUs != b.GPUs {
		return a.GPUs < b.GPUs
	}
	return a.GPU.ID < b.GPU.ID
}
