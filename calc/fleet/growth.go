package fleet

import "math"

// Year is one year of growth on one option.
type Year struct {
	Year     int     // 1 = the first
	Peak     float64 // peak demand at its end, req/s, or requests in flight
	Replicas int     // needed and spare
	GPUs     int     // accelerators in use, those of spare nodes and of the pipeline included
	Nodes    int
	Buy      int     // accelerators to add at its start
	USD      float64 // paid in the year: rent, or purchases at its start and running costs; meaningful only when Priced
}

// Growth is an option year by year.
type Growth struct {
	Years []Year
	// All is the fleet that serves the last year, bought or rented from the
	// start, and Total what each way costs together.
	All, AllTotal, Total float64
	Priced               bool
}

// Growth steps the option through years of the posture's growth: each year's
// fleet serves the demand at the end of that year, and what is missing is
// bought at its start. Nothing is sold.
//
//	peak of year y = today's peak · (1 + growth)^y
//	replicas       = ⌈ peak ÷ (utilization · replica rate) ⌉ + spares
//
// Own accelerators are paid in the year they are bought; prices stay as they
// are today.
func (o *Option) Growth(r *Requirement, years int) Growth {
	var g Growth
	have := 0
	for y := 1; y <= years; y++ {
		n := o.year(r, y)
		n.GPUs = max(n.GPUs, have)
		n.Buy = n.GPUs - have
		bill := r.Money.Bill(o.GPU, n.GPUs, r.Use())
		n.USD = 12 * bill.PerMonth
		if r.Money.Owned() {
			n.USD = 12*bill.Running() + bill.Quote.USD*float64(n.Buy)
		}
		g.Priced = bill.Priced
		g.Total += n.USD
		have = n.GPUs
		g.Years = append(g.Years, n)
	}
	if len(g.Years) == 0 || !g.Priced {
		return g
	}
	bill := r.Money.Bill(o.GPU, have, r.Use())
	g.All = float64(have)
	g.AllTotal = 12 * bill.PerMonth * float64(years)
	if r.Money.Owned() {
		g.AllTotal = bill.UpFront + 12*bill.Running()*float64(years)
	}
	return g
}

// year is the fleet for the demand at the end of year y.
func (o *Option) year(r *Requirement, y int) Year {
	n := Year{Year: y}
	hold := r.Posture.Utilization * o.ReplicaRate
	n.Peak = grown(r.Demand.PeakReqPerS(), r.Posture.Growth, y)
	rate := n.Peak
	if r.Demand.Kind == InFlight {
		n.Peak = grown(r.Demand.InFlight, r.Posture.Growth, y)
		hold = r.Posture.Utilization * o.MaxInFlight
		rate = n.Peak / max(o.InFlight*float64(o.ReplicasNeeded), 1) * o.DemandReqPerS
	}
	needed := 1
	if hold > 0 {
		needed = max(1, int(math.Ceil(n.Peak/hold-1e-9)))
	}
	same := *o
	same.Warnings = nil
	same.DemandReqPerS = rate
	same.Replicas = needed + r.Posture.SpareReplicas
	same.GPUs = same.Replicas * o.Layout.GPUs()
	same.Nodes = nodes(same.Replicas, o.Layout, o.GPU) + r.Posture.SpareNodes
	extra := same.precede(r)
	n.Replicas, n.Nodes = same.Replicas, same.Nodes
	n.GPUs = same.GPUs + extra + r.Posture.SpareNodes*max(1, o.GPU.GPUsPerNode)
	return n
}
