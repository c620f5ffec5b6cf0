package export

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// KPI is one figure against its target.
type KPI struct {
	Name, Target, Value, Verdict string
	Met                          int    // 1 met, -1 missed, 0 no target
	Ref                          string // entry of the registry that explains the value, "" = none
}

// KPIs is the table of targets and verdicts of an option.
func KPIs(p *Proposal, o *fleet.Option) []KPI {
	t := p.Req.Targets
	word := Percentile(t.Percentile)
	var out []KPI
	latency := func(ref, name string, have, want float64) {
		k := KPI{Ref: ref, Name: name + ", " + word, Target: "none", Value: units.Duration(have, 2), Verdict: "no target"}
		switch {
		case have != have: // answers of one token
			k.Value, k.Verdict = "none", "one token, nothing between"
		case want > 0:
			k.Target = "≤ " + units.Duration(want, 3)
			k.Met, k.Verdict = 1, "met, "+units.Duration(want-have, 2)+" inside"
			if have > want {
				k.Met, k.Verdict = -1, "missed by "+units.Duration(have-want, 2)
			}
		}
		out = append(out, k)
	}
	before, name, whole := o.Pipeline.Ahead, "", ""
	if before > 0 {
		name, whole = ", retrieval included", "_whole"
	}
	latency("ttft"+whole, "Time to first token"+name, before+o.At.TTFT.At(t.Percentile), t.TTFT)
	latency("itl", "Time per token (ITL)", o.At.ITL.Known().At(t.Percentile), t.ITL)
	if itl := o.At.ITL.At(t.Percentile); itl > 0 {
		k := KPI{Ref: "speed", Name: "Speed per user, " + word, Target: "none", Value: units.Sig(1/itl, 2) + " tok/s", Verdict: "no target"}
		if t.ITL > 0 {
			k.Target, k.Met, k.Verdict = "≥ "+units.Sig(1/t.ITL, 3)+" tok/s", 1, "met"
			if itl > t.ITL {
				k.Met, k.Verdict = -1, "missed"
			}
		}
		out = append(out, k)
	}
	latency("e2e"+whole, "Whole answer"+name, before+o.At.E2E.At(t.Percentile), t.E2E)
	if p.Req.Demand.Kind != fleet.InFlight && o.ReplicaRate > 0 && o.ReplicasNeeded > 0 {
		load, limit := o.DemandReqPerS/(o.ReplicaRate*float64(o.ReplicasNeeded)), p.Req.Posture.Utilization
		k := KPI{Ref: "load", Name: "Load of the needed replicas", Target: "≤ " + units.Percent(limit), Value: units.Percent(load), Met: 1, Verdict: "met"}
		if load > limit*1.0000001 {
			k.Met, k.Verdict = -1, "over the limit"
		}
		out = append(out, k)
	}
	if n := float64(p.Req.Workload.Output) * o.DemandReqPerS; n > 0 {
		out = append(out, KPI{Ref: "output_at_peak", Name: "Output of the fleet at peak", Target: "none", Value: units.Sig(n, 3) + " tok/s", Verdict: "follows from the demand"})
	}
	if m := o.Memory; m.Capacity > 0 {
		used := m.Weights + m.KVUsed + m.Activations + m.Runtime
		out = append(out, KPI{Ref: "memory_share", Name: "Memory in use at peak", Target: "≤ " + units.Percent((m.Capacity-m.Unusable)/m.Capacity), Value: units.Percent(used / m.Capacity), Met: 1,
			Verdict: "met, " + units.Sig(m.KVFree/1e9, 2) + " GB of KV cache free"})
	}
	return out
}
