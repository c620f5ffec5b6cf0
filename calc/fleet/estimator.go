package fleet

import (
	"fleetsize/calc/evidence"
	"fleetsize/calc/measured"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Estimator answers requirements and keeps what it simulated, so that a
// change of target, demand or posture costs far less than the first answer.
// The zero value is ready. It is not safe for concurrent use.
type Estimator struct {
	sim  simulator
	kept map[replicaKey]kept

	own    []measured.Row // the user's measurements
	run    serve.Sim      // of measured runs
	rows   *evidence.Index
	rowsOf *catalog.Catalog
}

// replicaKey is everything a replica's behavior depends on.
type replicaKey struct {
	model     *catalog.Model
	gpu       *catalog.GPU
	engine    *catalog.Engine
	scheduler catalog.Scheduler
	layout    Layout
	weights   catalog.Weights
	kv        catalog.Precision
	workload  Workload
	mix       string
	draft     step.Speculation
	profile   *catalog.Profile
}

type kept struct {
	replica *replica
	err     error
}

// keepAtMost bounds the memory of a long session: about 60 layouts a
// requirement, so some fifty workloads.
const keepAtMost = 3000

// replica returns the replica of one layout, new or kept.
func (e *Estimator) replica(r *Requirement, g *catalog.GPU, l Layout, w catalog.Weights, kv catalog.Precision) (*replica, error) {
	sched := r.scheduler(g, l.TP)
	key := replicaKey{r.Model, g, r.Engine, sched, l, w, kv, r.Workload, r.mixKey(), r.Speculation, r.Profile}
	if k, ok := e.kept[key]; ok {
		return k.replica, k.err
	}
	if e.kept == nil || len(e.kept) >= keepAtMost {
		e.kept = map[replicaKey]kept{}
	}
	p, err := newReplica(r.Spec(g, l.instance(), w, kv), r.shape(), l)
	if err == nil && l.Split() {
		err = p.splitOff(r.Spec(g, l.prefill(), w, kv))
	}
	if err != nil {
		p = nil
	}
	e.kept[key] = kept{p, err}
	return p, err
}

// Spec is one instance of layout l (of a disaggregated one: a decode instance)
// as package step describes it.
func (r *Requirement) Spec(g *catalog.GPU, l Layout, w catalog.Weights, kv catalog.Precision) step.Replica {
	sched := r.scheduler(g, l.TP)
	profile := r.Profile
	if profile == nil {
		profile = r.Engine.ProfileFor(g, r.Version)
	}
	return step.Replica{
		Model: r.Model, GPU: g, Engine: r.Engine, Profile: profile,
		TP: l.TP, PP: l.PP, EP: l.EP, DP: l.DP, Speculation: r.Speculation,
		Weights: w, KV: kv, Scheduler: &sched,
	}
}

// scheduler is the scheduling that applies: the requirement's own, or the
// engine build's for this model and group size.
func (r *Requirement) scheduler(g *catalog.GPU, tp int) catalog.Scheduler {
	if r.Scheduler != nil {
		return *r.Scheduler
	}
	return r.Engine.SchedulerFor(g, r.Version, r.Model.ID, tp)
}

// precisions lists the weight precisions to try on any accelerator, as the
// requirement asks for: one, or several when it asks for a search.
func (r *Requirement) precisions() []catalog.Weights {
	if r.Weights != AnyPrecision {
		return []catalog.Weights{r.Model.Resolve(r.Weights)}
	}
	out := []catalog.Weights{r.Model.Native}
	for _, p := range []catalog.Precision{catalog.BF16, catalog.FP8, catalog.INT4, catalog.NVFP4} {
		if w := r.Model.Resolve(p); w != r.Model.Native && r.Model.WeightBytes(w) < r.Model.WeightBytes(r.Model.Native) {
			out = append(out, w)
		}
	}
	return out
}

// kv is the KV-cache precision for weights w.
func (r *Requirement) kv(w catalog.Weights) catalog.Precision {
	if r.KV != "" {
		return r.KV
	}
	return r.Engine.KV(w.Main())
}
