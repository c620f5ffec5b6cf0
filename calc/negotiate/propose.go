package negotiate

import (
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Aim is what a proposed option is best at.
type Aim string

const (
	LowestCost  Aim = "cost"  // the first option
	NextCost    Aim = "next"  // the lowest cost on another accelerator
	Backed      Aim = "known" // the lowest cost with measurements behind it, where the first option has none
	FewestNodes Aim = "nodes" // fewer nodes than the first option
	FewestGPUs  Aim = "gpus"  // as many nodes, fewer GPUs
	Fastest     Aim = "speed" // the whole answer arrives first
)

// Proposal is an option worth putting beside the others.
type Proposal struct {
	Aim    Aim
	GPU    *catalog.GPU
	Layout fleet.Layout
	// Option is the full answer, nil where the proposal is a runner-up layout
	// whose answer has yet to be computed.
	Option *fleet.Option
}

// dearest is how many times the lowest cost the fastest option may be, or its
// GPUs where a price is missing: beyond that it answers another question.
const dearest = 3

// Propose picks up to three options of an answer: the lowest cost; the fewest
// nodes, or GPUs where the nodes are as few, else the lowest cost whose figures
// were fitted to measurements, where those of the first were not, else the next
// lowest; and the one whose whole answer arrives first at the targets'
// percentile, at most three times as dear. They are distinct: an aim that an earlier option meets best is given to the next,
// or left out.
func Propose(a *fleet.Answer, percentile string, output int) []Proposal {
	if len(a.Options) == 0 {
		return nil
	}
	first := &a.Options[0]
	list := []Proposal{{LowestCost, first.GPU, first.Layout, first}}
	if second, aim := fewest(a, first); second != nil {
		list = append(list, Proposal{aim, second.GPU, second.Layout, second})
	}
	if p, ok := fastest(a, list, percentile, output); ok {
		list = append(list, p)
	}
	return list
}

// fewest is the option on another accelerator with the fewest nodes, then GPUs,
// then the first with measurements behind it, then the one that comes first.
func fewest(a *fleet.Answer, first *fleet.Option) (*fleet.Option, Aim) {
	var best *fleet.Option
	for i := range a.Options {
		o := &a.Options[i]
		if o.GPU.ID == first.GPU.ID {
			continue
		}
		if best == nil || o.Nodes < best.Nodes || o.Nodes == best.Nodes && o.GPUs < best.GPUs {
			best = o
		}
	}
	switch {
	case best == nil:
		return nil, ""
	case best.Nodes < first.Nodes:
		return best, FewestNodes
	case best.Nodes == first.Nodes && best.GPUs < first.GPUs:
		return best, FewestGPUs
	}
	if !fitted(first) {
		for i := range a.Options {
			if o := &a.Options[i]; fitted(o) && o.Priced && o.USDPerMonth <= dearest*first.USDPerMonth {
				return o, Backed
			}
		}
	}
	for i := range a.Options {
		if o := &a.Options[i]; o.GPU.ID != first.GPU.ID {
			return o, NextCost
		}
	}
	return nil, ""
}

// fitted reports whether measurements of its engine on its kind of accelerator
// stand behind an option.
func fitted(o *fleet.Option) bool { return o.Tier == fleet.Measured || o.Tier == fleet.Calibrated }

// fastest looks at all options and the layouts that were not chosen.
func fastest(a *fleet.Answer, taken []Proposal, percentile string, output int) (Proposal, bool) {
	first := taken[0].Option
	whole := func(ttft, itl float64) float64 { return ttft + itl*float64(max(0, output-1)) }
	soonest := func(o *fleet.Option) float64 { return whole(o.At.TTFT.At(percentile), o.At.ITL.At(percentile)) }
	limit := soonest(first)
	for _, p := range taken[1:] {
		limit = min(limit, soonest(p.Option))
	}
	affordable := func(usd float64, priced bool, gpus int) bool {
		if first.Priced && priced {
			return usd <= dearest*first.USDPerMonth
		}
		return gpus <= dearest*first.GPUs
	}
	isTaken := func(g *catalog.GPU, l fleet.Layout) bool {
		for _, p := range taken {
			if p.GPU.ID == g.ID && p.Layout == l {
				return true
			}
		}
		return false
	}
	var best Proposal
	for i := range a.Options {
		o := &a.Options[i]
		if t := soonest(o); t < limit && affordable(o.USDPerMonth, o.Priced, o.GPUs) && !isTaken(o.GPU, o.Layout) {
			best, limit = Proposal{Fastest, o.GPU, o.Layout, o}, t
		}
		for _, alt := range o.RunnersUp {
			if t := whole(alt.TTFT, alt.ITL); t < limit && alt.TTFT > 0 && alt.Weights == o.Weights && affordable(alt.USDPerMonth, alt.Priced, alt.GPUs) && !isTaken(o.GPU, alt.Layout) {
				best, limit = Proposal{Fastest, o.GPU, alt.Layout, nil}, t
			}
		}
	}
	return best, best.GPU != nil
}
