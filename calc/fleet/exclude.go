package fleet

import (
	"fmt"

	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// notConsidered is the exclusion of an accelerator outside the selection.
func notConsidered(r *Requirement, g *catalog.GPU) *Exclusion {
	text := "Not considered by default: " + g.Class + " class."
	switch {
	case r.GPUs != nil:
		text = "Not in the hardware selection."
	case g.Status != "shipping":
		text = "Not considered by default: announced, not shipping."
	case g.Class == "workstation":
		text = "Not considered by default: a workstation part."
	case g.Class == "cpu":
		text = "Not considered by default: a CPU."
	}
	x := &Exclusion{GPU: g, Reason: ReasonNotConsidered, Text: text}
	if _, selected := r.considered(g); selected {
		x.Text = fmt.Sprintf("%s does not run on %s accelerators.", r.Engine.Name, g.Vendor)
		x.Nearest = &Nearest{Pairs: "eng=" + universalEngine, Text: "vLLM as the engine"}
	} else {
		x.Nearest = &Nearest{Pairs: "g=" + g.ID, Text: "Size " + g.Short + " instead"}
	}
	return x
}

// universalEngine is the engine that runs on accelerators of every vendor.
const universalEngine = "vllm"

// problem checks what no accelerator can mend.
func (r *Requirement) problem() *Problem {
	if p := r.problemOfClasses(); p != nil {
		return p
	}
	w := r.Workload
	switch {
	case r.Model == nil || r.Engine == nil:
		return &Problem{Code: "incomplete", Text: "A model and an engine are needed."}
	case r.Model.Class != catalog.ClassGenerative && !r.Model.Custom:
		return &Problem{
			Code: "class",
			Text: fmt.Sprintf("%s is a model for %s: it does not answer prompts token by token. Choose a generative model.", r.Model.Name, r.Model.Class),
		}
	case w.Input < 1 || w.Output < 1:
		return &Problem{Code: "workload", Text: fmt.Sprintf("A request of %d prompt and %d answer tokens cannot be sized: both must be at least 1.", w.Input, w.Output)}
	case r.Model.MaxContext > 0 && w.Input+w.Output > r.Model.MaxContext:
		p := &Problem{
			Code: "context",
			Text: fmt.Sprintf("%s tokens in and out are more than %s holds: %s.",
				units.Count(float64(w.Input+w.Output)), r.Model.Name, units.Count(float64(r.Model.MaxContext))),
		}
		over := w.Input + w.Output - r.Model.MaxContext
		if t := r.Prompt; t.Chunks > 1 && over <= (t.Chunks-1)*t.ChunkSize {
			n := t.Chunks - ceilDiv(over, t.ChunkSize)
			p.Remedy = &Nearest{Pairs: fmt.Sprintf("chunks=%d", n), Text: fmt.Sprintf("%d passages", n)}
		} else if r.Turns > 1 {
			n := max(1, r.Turns/2)
			p.Remedy = &Nearest{Pairs: fmt.Sprintf("turns=%d", n), Text: fmt.Sprintf("%d turns", n)}
		} else if room := r.Model.MaxContext - w.Output; room >= 1 {
			p.Remedy = &Nearest{Pairs: fmt.Sprintf("in=%d", room), Text: "Prompt " + units.Count(float64(room)) + " tokens"}
		} else {
			half := max(1, r.Model.MaxContext/2)
			p.Remedy = &Nearest{Pairs: fmt.Sprintf("in=%d&out=%d", half, half), Text: fmt.Sprintf("%s tokens in and out", units.Count(float64(half)))}
		}
		return p
	case r.Demand.Kind == InFlight && !(r.Demand.InFlight >= 1):
		return &Problem{Code: "demand", Text: "At least one request in flight is needed.", Remedy: &Nearest{Pairs: "flight=1", Text: "1 in flight"}}
	case r.Demand.Kind != InFlight && !(r.Demand.PeakReqPerS() > 0):
		return &Problem{Code: "demand", Text: "The demand comes to no requests at all.", Remedy: &Nearest{Pairs: "rps=1", Text: "1 request a second"}}
	case !(r.Posture.Utilization > 0 && r.Posture.Utilization <= 1):
		return &Problem{Code: "posture", Text: "Peak load must be above 0 and at most 100 %.", Remedy: &Nearest{Pairs: "util=70", Text: "70 % peak load"}}
	}
	return nil
}

// excludedByProblem marks g as not answered because of p.
func (r *Requirement) excludedByProblem(g *catalog.GPU, p *Problem) *Exclusion {
	if _, ok := r.considered(g); !ok {
		return notConsidered(r, g)
	}
	reason := ReasonNoFacts
	if p.Code == "context" {
		reason = ReasonContext
	}
	return &Exclusion{GPU: g, Reason: reason, Text: p.Text, Nearest: p.Remedy}
}

// weight orders reasons by how close to an answer they are.
func (o *obstacle) weight() int {
	switch o.reason {
	case ReasonImpractical:
		return 5
	case ReasonTTFT, ReasonITL, ReasonE2E:
		return 4
	case ReasonMemory:
		return 3
	case ReasonPrecision:
		return 2
	}
	return 1
}

// size is how far away an answer is, for obstacles of the same reason.
func (o *obstacle) size() float64 {
	switch o.reason {
	case ReasonImpractical:
		return float64(o.gpus)
	case ReasonMemory:
		return o.short
	}
	return o.latency
}

// closest is the obstacle nearest to an answer.
func closest(os []obstacle) *obstacle {
	var best *obstacle
	for i := range os {
		o := &os[i]
		if best == nil || o.weight() > best.weight() || o.weight() == best.weight() && o.size() < best.size() {
			best = o
		}
	}
	return best
}

// exclude turns what stopped every layout into one reason in words.
func exclude(r *Requirement, g *catalog.GPU, os []obstacle) *Exclusion {
	x := &Exclusion{GPU: g, Reason: ReasonNoFacts, Text: "No published figures to compute from."}
	o := closest(os)
	if o == nil {
		if r.TP > 0 || r.PP > 0 || r.EP > 1 || r.DP > 1 {
			x.Reason, x.Text = ReasonMemory, r.noLayout(g, r.fixedTP(g))+"."
		}
		return x
	}
	x.Reason = o.reason
	target, who := r.Targets, ""
	if len(r.Classes) > 0 {
		target, who = r.Classes[o.class].Targets, r.Classes[o.class].Name+": "
	}
	switch o.reason {
	case ReasonMemory:
		num, unit := units.Bytes(o.short, false)
		x.Text = fmt.Sprintf("Does not fit: %s %s short per GPU", num, unit)
		if n := o.layout.GPUs(); n > 1 {
			x.Text += fmt.Sprintf(", even on %d GPUs", n)
		}
		x.Text += "."
	case ReasonTTFT:
		x.Text = who + fmt.Sprintf("TTFT %s with no load; target %s.", units.Duration(o.latency, 2), units.Duration(target.TTFT, 2))
		if r.Pipeline.On() {
			x.Text = who + fmt.Sprintf("TTFT %s with no load, %s before the model; target %s.",
				units.Duration(o.latency, 2), units.Duration(r.ahead(g).Ahead, 2), units.Duration(target.TTFT, 2))
		}
	case ReasonITL:
		x.Text = who + fmt.Sprintf("%s per token with no load; target %s.", units.Duration(o.latency, 2), units.Duration(target.ITL, 2))
	case ReasonE2E:
		x.Text = who + fmt.Sprintf("%s end to end with no load; target %s.", units.Duration(o.latency, 2), units.Duration(target.E2E, 2))
	case ReasonImpractical:
		x.Text = fmt.Sprintf("Impractical: about %s GPUs.", units.Count(units.Round(float64(o.gpus), 2)))
	case ReasonPrecision, ReasonNoFacts:
		if o.err != nil {
			x.Text = o.err.Error()
		}
	}
	return x
}
