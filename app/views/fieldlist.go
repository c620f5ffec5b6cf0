package views

import (
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// newFields lists every number input of the page by id.
func newFields() map[string]*field {
	list := []*field{
		{id: "in", label: "Prompt", unit: "tok", lo: 1, hi: 10e6, low: 1, whole: true, parse: number,
			get:   func(s *Sizing) float64 { return s.State.Talk().Prompt(1) },
			set:   func(st *link.State, v float64) { st.Input, st.Chunks = int(v), 0 },
			reset: func(st *link.State) { st.Input = 0 }},
		{id: "out", label: "Answer", unit: "tok", lo: 1, hi: 1e6, low: 1, whole: true, parse: number,
			get:   func(s *Sizing) float64 { return float64(s.Req.Workload.Output) },
			set:   func(st *link.State, v float64) { st.Output = int(v) },
			reset: func(st *link.State) { st.Output = 0 }},
		{id: "hit", label: "Reused", unit: "%", lo: 0, hi: 99, step: 5, parse: units.ParsePercent,
			get:   func(s *Sizing) float64 { return tidy(s.State.Talk().Reused * 100) },
			set:   func(st *link.State, v float64) { st.Hit = v },
			reset: func(st *link.State) { st.Hit = -1 }},

		demandField("rps", "Peak load", "req/s", 0.001, 1e6, 0.1, false, perSecond, func(d *fleet.Demand) *float64 { return &d.ReqPerS }),
		demandField("users", "People", "", 1, 1e9, 1, true, number, func(d *fleet.Demand) *float64 { return &d.Users }),
		demandField("rph", "Requests", "per h", 0.01, 1e5, 0.1, false, perHour, func(d *fleet.Demand) *float64 { return &d.ReqPerHour }),
		demandField("day", "Requests", "per day", 1, 1e11, 1, false, perDay, func(d *fleet.Demand) *float64 { return &d.ReqPerDay }),
		demandField("flight", "In flight", "req", 1, 1e6, 1, true, number, func(d *fleet.Demand) *float64 { return &d.InFlight }),

		target("ttft", "First token", "s", 1, 0.001, 3600, 0.1, seconds,
			func(st *link.State) *link.Target { return &st.TTFT }, func(r *fleet.Requirement) float64 { return r.Targets.TTFT }),
		target("itl", "Per token", "ms", 1000, 0.1, 60000, 1, millis,
			func(st *link.State) *link.Target { return &st.ITL }, func(r *fleet.Requirement) float64 { return r.Targets.ITL }),
		target("e2e", "End to end", "s", 1, 0.01, 36000, 1, seconds,
			func(st *link.State) *link.Target { return &st.E2E }, func(r *fleet.Requirement) float64 { return r.Targets.E2E }),

		override("util", "Load limit", "%", 1, 100, 5, false,
			func(st *link.State) *float64 { return &st.Util }, func(r *fleet.Requirement) float64 { return r.Posture.Utilization * 100 }),
		override("spare", "Spares", "", 0, 100, 1, true,
			func(st *link.State) *float64 { return &st.Spare }, func(r *fleet.Requirement) float64 { return float64(r.Posture.SpareReplicas) }),
		override("nodespare", "Spare nodes", "", 0, 100, 1, true,
			func(st *link.State) *float64 { return &st.NodeSpare }, func(r *fleet.Requirement) float64 { return float64(r.Posture.SpareNodes) }),
		override("grow", "Growth", "%", 0, 1000, 5, false,
			func(st *link.State) *float64 { return &st.Grow }, func(r *fleet.Requirement) float64 { return r.Posture.Growth * 100 }),
		override("yrs", "Years ahead", "", 0, 10, 1, true,
			func(st *link.State) *float64 { return &st.Years }, func(r *fleet.Requirement) float64 { return float64(r.Posture.Years) }),

		{id: "tp", label: "TP", unit: "", lo: 0, hi: 72, low: 1, whole: true, canBeOff: true, parse: number,
			get: func(s *Sizing) float64 { return orOff(float64(s.Req.TP)) },
			set: func(st *link.State, v float64) {
				if v != v {
					v = 0
				}
				st.TP = int(v)
			},
			reset: func(st *link.State) { st.TP = 0 }},
	}
	peak := demandField("peak", "Peak factor", "×", 1, 1000, 1, false, number, func(d *fleet.Demand) *float64 { return &d.PeakFactor })
	peak.step = 0.5
	list = append(list, peak)
	list = append(list, moreFields()...)

	fields := make(map[string]*field, len(list))
	for _, f := range list {
		fields[f.id] = f
	}
	return fields
}
