package fleet

import (
	"fmt"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// Doubts says what an answer for u at the load shape and its result rests on
// that no measurement tells, and what an engine would object to. ep is the
// expert parallelism asked for.
func (u *Unit) Doubts(shape Workload, ep int, tier Confidence, at serve.Result) []Warning {
	s := u.Cost.Replica()
	slots := u.replica(serve.Load{Input: shape.Input, Output: shape.Output, LengthRatio: shape.LengthRatio, CachedShare: shape.CachedShare}).slots
	return doubts(s.Profile, s.Engine, s.Model, s.GPU, s.Weights, u.Layout, s.Speculation, ep, shape, tier, slots, at)
}

func doubts(p *catalog.Profile, e *catalog.Engine, m *catalog.Model, g *catalog.GPU, w catalog.Weights, l Layout, s step.Speculation,
	ep int, shape Workload, tier Confidence, slots int, at serve.Result) []Warning {
	var out []Warning
	warn := func(code, format string, args ...any) {
		out = append(out, Warning{code, fmt.Sprintf(format, args...)})
	}
	if s.On() {
		warn("speculation", "Drafting %d tokens for %s per step is taken as stated: what a draft gains depends on drafter, texts and temperature. Measure it on your traffic.",
			s.Draft, units.Sig(s.Gain, 3))
	}
	if l.Split() {
		warn("disaggregated", "Prompts and decoding on GPUs of their own follow from physics alone: no measured row uses it.")
	}
	if l.DP > 1 {
		warn("attention_dp", "Attention data parallel over %d ranks follows from physics alone, with requests spread evenly over the ranks.", l.DP)
	}
	if l.EP > 1 {
		warn("expert_parallel", "Whole experts over %d ranks: random routing decides how unevenly busy they are. Skewed routing costs more.", l.EP)
	}
	if ep > 1 && m.MoE == nil {
		warn("no_experts", "%s has no experts: expert parallel changes nothing.", m.Name)
	}
	if n := l.TP / max(l.DP, 1); n > 1 && m.Heads%n != 0 {
		warn("heads", "%s has %d attention heads, which do not divide by %d: engines refuse to start so.", m.Name, m.Heads, n)
	}
	if unseen := Unseen(p, m); unseen != "" && p.Rows > 0 {
		warn("attention", "%s has %s: no measured row behind this profile has it, so its figures are carried over.", m.Name, unseen)
	}
	if l.PP > 1 {
		warn("pipeline", "Pipeline parallel over %d stages follows from physics alone: no measured row uses it.", l.PP)
	}
	if l.TP > 1 && l.TP > max(1, g.LinkDomain) {
		warn("pcie", "Tensor parallel over %d GPUs leaves the fast link (%d GPUs) and runs over PCIe.", l.TP, max(1, g.LinkDomain))
	}
	if _, native, _ := g.Compute(w.Main()); !native {
		warn("weight_only", "%s has no %s arithmetic: weights are stored in it and computed in 16 bit.", g.Short, w.Main().Label())
	}
	if g.UsableEstimated {
		warn("usable_memory", "No published figure for the memory %s leaves to programs: taken from its siblings.", g.Short)
	}
	out = append(out, beyond(p, m, w, l, shape)...)
	if slots > 0 && slots < 8 {
		warn("few_slots", "Only %d requests fit at once, so one more or less in flight changes the wait a lot.", slots)
	}
	if at.Preemptions > 0.01 {
		warn("preemption", "About %s of requests are evicted and recomputed at this load.", units.Percent(at.Preemptions))
	}
	if tier == SpecsOnly || p.Rows == 0 && !p.Bands.Known() {
		warn("assumed", "No measurements of %s on this kind of accelerator stand behind these figures: its scheduling is modeled, its efficiencies are assumed.", e.Name)
	}
	return out
}

// together compares a disaggregated option with one replica for both, by the
// closed form: whether keeping prompts apart pays is the first question about it.
func (e *Estimator) together(r *Requirement, o *Option, tp int) {
	q := *r
	q.Split = Split{}
	found, _ := e.candidates(&q, o.GPU, tp)
	if len(found) == 0 {
		return
	}
	whole := found[0]
	switch l := whole.layout(); {
	case whole.gpus < o.GPUs:
		o.Warnings = append(o.Warnings, Warning{"together", fmt.Sprintf("About %d GPUs as %d × %s do the same with prompts and decoding together.", whole.gpus, whole.replicas, l)})
	case whole.gpus > o.GPUs:
		o.Warnings = append(o.Warnings, Warning{"together", fmt.Sprintf("With prompts and decoding together it takes about %d GPUs as %d × %s.", whole.gpus, whole.replicas, l)})
	}
}
