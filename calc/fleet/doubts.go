package fleet

import (
	"fmt"

	"fleetsize/calc/step"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// ModeWarnings says what stands behind a layout and a draft beyond tensor
// parallelism and one token per step. ep is the expert parallelism asked for.
func ModeWarnings(m *catalog.Model, l Layout, s step.Speculation, ep int) []Warning {
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
