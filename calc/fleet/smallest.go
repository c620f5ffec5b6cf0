package fleet

import (
	"errors"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Unit is one replica by itself, whole or disaggregated.
type Unit struct {
	Layout Layout
	Cost   *step.Cost   // of a decode instance where disaggregated
	Split  *serve.Split // nil = whole
}

// Smallest is the smallest layout of the requirement's model on g that holds
// requests of the load's lengths: TP and PP where they are fixed, the smallest
// group otherwise. Disaggregated, both kinds of instances have that size, in
// the stated numbers or in those that match the load best.
func Smallest(r *Requirement, g *catalog.GPU, load serve.Load) (Unit, error) {
	w := r.Model.Resolve(r.Weights)
	shape := Workload{Input: load.Input, Output: load.Output, LengthRatio: load.LengthRatio, CachedShare: load.CachedShare}
	var e Estimator
	q := *r
	q.Workload = shape
	var first error
	for _, l := range layouts(&q, g, q.fixedTP(g)) {
		p, err := e.replica(&q, g, l, w, q.kv(w))
		if err == nil && q.Split.On() {
			s := q.side(p, g)
			p, err = e.replica(&q, g, q.match(&s, &s).layout, w, q.kv(w))
		}
		if err == nil {
			return Unit{p.layout, p.cost, p.split}, nil
		}
		if first == nil {
			first = err
		}
		var precision *step.PrecisionError
		var fact *step.FactError
		if errors.As(err, &precision) || errors.As(err, &fact) {
			break // no layout helps
		}
	}
	if first == nil {
		first = errors.New(r.noLayout(g, r.fixedTP(g)))
	}
	return Unit{}, first
}

// replica is u as an estimator runs it.
func (u *Unit) replica(l serve.Load) *replica {
	p := &replica{cost: u.Cost, split: u.Split, shape: l, layout: u.Layout, slots: serve.Slots(u.Cost, l)}
	if u.Split != nil {
		p.slots = u.Split.Slots(l)
	}
	return p
}

// Run simulates the unit under load l.
func (u *Unit) Run(l serve.Load) serve.Result {
	var sim simulator
	return u.replica(l).run(&sim, l)
}

// Capacity is the throughput in requests/s when requests always wait, by the
// closed form.
func (u *Unit) Capacity(l serve.Load) float64 { return u.replica(l).formCapacity() }

// Memory is the split of the unit's memory when a load ends in result at.
func (u *Unit) Memory(l serve.Load, at serve.Result) Memory { return memory(u.replica(l), at) }
