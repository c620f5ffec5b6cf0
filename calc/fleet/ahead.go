package fleet

import (
	"fleetsize/calc/rag"
	"fleetsize/catalog"
)

// ahead is the pipeline before the model on accelerator g, not yet counted.
func (r *Requirement) ahead(g *catalog.GPU) rag.Sized {
	return r.Pipeline.Size(g, r.Engine, r.Version, r.Targets.Percentile, r.Posture.Utilization)
}

// targetsOn are the limits that are left for the model on g: what runs before
// it is taken off the first-token and the end-to-end target. Nothing left is a
// target that no replica meets.
func (r *Requirement) targetsOn(g *catalog.GPU) catalog.Targets {
	t := r.Targets
	if !r.Pipeline.On() {
		return t
	}
	const none = 1e-9
	before := r.ahead(g).Ahead
	if t.TTFT > 0 {
		t.TTFT = max(t.TTFT-before, none)
	}
	if t.E2E > 0 {
		t.E2E = max(t.E2E-before, none)
	}
	return t
}

// precede counts the pipeline for the option's demand and returns its
// accelerators. They go into servers of their own where those of the model
// have no room.
func (o *Option) precede(r *Requirement) int {
	if !r.Pipeline.On() {
		return 0
	}
	o.Pipeline = r.ahead(o.GPU)
	o.Pipeline.Count(r.Pipeline, o.DemandReqPerS, r.Posture.Utilization, r.Posture.SpareReplicas)
	per := max(1, o.GPU.GPUsPerNode)
	room := max(0, (o.Nodes-r.Posture.SpareNodes)*per-o.GPUs)
	o.Nodes += ceilDiv(max(0, o.Pipeline.GPUs-room), per)
	if p := o.Pipeline.Problem; p != "" {
		o.Warnings = append(o.Warnings, Warning{"rag_stage", "A stage before the model has no figures and is left out: " + p + "."})
	}
	for _, st := range o.Pipeline.Stages {
		if st.Cut {
			o.Warnings = append(o.Warnings, Warning{"rag_cut", st.Name + " reads less than the texts it is given: the rest is cut off. Use smaller passages."})
		}
	}
	return o.Pipeline.GPUs
}
