package views

import (
	"math"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// optional is a number that the link leaves unstated by default: value is what
// is in force, none is what the state holds when it is not stated.
func optional(id, label, unit string, lo, hi, step float64, none float64, at func(*state) *float64, value func(*Sizing) float64) *field {
	parse := number
	if unit == "%" {
		parse = units.ParsePercent
	}
	return &field{id: id, label: label, unit: unit, lo: lo, hi: hi, step: step, low: lo, parse: parse, canBeOff: value == nil,
		get: func(s *Sizing) float64 {
			if value != nil {
				return tidy(value(s))
			}
			return orOff(*at(&s.State))
		},
		set: func(st *state, v float64) {
			if math.IsNaN(v) {
				v = none
			}
			*at(st) = v
		},
		reset: func(st *state) { *at(st) = none },
	}
}

// tokens is a whole number that is 0 where it is not stated; standard is then
// in force.
func tokens(id, label, unit string, lo, hi, standard float64, at func(*state) *int) *field {
	return &field{id: id, label: label, unit: unit, lo: lo, hi: hi, low: 1, whole: true, parse: number,
		get: func(s *Sizing) float64 {
			if n := *at(&s.State); n > 0 {
				return float64(n)
			}
			return standard
		},
		set:   func(st *state, v float64) { *at(st) = int(v) },
		reset: func(st *state) { *at(st) = 0 },
	}
}

// moreFields are the inputs of money, pipeline, conversation and engine.
func moreFields() []*field {
	percentOf := func(x func(*fleet.Requirement) float64) func(*Sizing) float64 {
		return func(s *Sizing) float64 { return 100 * x(&s.Req) }
	}
	off := orOffField
	return []*field{
		optional("off", "Discount", "%", 0, 99, 5, 0, func(st *state) *float64 { return &st.Discount }, percentOf(func(r *fleet.Requirement) float64 { return r.Money.Discount })),
		optional("term", "Years of use", "", 0.25, 15, 1, 0, func(st *state) *float64 { return &st.Term }, func(s *Sizing) float64 { return s.Req.Money.Years }),
		optional("kwh", "Energy", "$/kWh", 0, 10, 0.01, -1, func(st *state) *float64 { return &st.KWh }, func(s *Sizing) float64 { return s.Req.Money.USDPerKWh }),
		optional("pue", "PUE", "", 1, 5, 0.05, 0, func(st *state) *float64 { return &st.PUE }, func(s *Sizing) float64 { return s.Req.Money.PUE }),
		optional("host", "Hosting", "$/kW", 0, 1e5, 10, -1, func(st *state) *float64 { return &st.Hosting }, func(s *Sizing) float64 { return s.Req.Money.Hosting }),
		optional("lic", "Licenses", "$/yr", 0, 1e6, 500, -1, func(st *state) *float64 { return &st.License }, func(s *Sizing) float64 { return s.Req.Money.License }),
		optional("use", "Average load", "%", 0.1, 100, 5, 0, func(st *state) *float64 { return &st.Use }, percentOf((*fleet.Requirement).Use)),
		off("co2", "CO₂", "g/kWh", 0.01, 5000, 50, func(st *state) *float64 { return &st.CO2 }),
		off("apiin", "API input", "$/M", 0.001, 1e5, 0, func(st *state) *float64 { return &st.APIIn }),
		off("apiout", "API output", "$/M", 0.001, 1e5, 0, func(st *state) *float64 { return &st.APIOut }),

		tokens("sys", "System", "tok", 0, 1e6, 0, func(st *state) *int { return &st.System }),
		tokens("hist", "History", "tok", 0, 10e6, 0, func(st *state) *int { return &st.History }),
		tokens("ask", "Question", "tok", 0, 1e6, 0, func(st *state) *int { return &st.Question }),
		tokens("chunks", "Passages", "", 0, 10000, 0, func(st *state) *int { return &st.Chunks }),
		tokens("chunk", "Of each", "tok", 1, 1e5, 500, func(st *state) *int { return &st.ChunkSize }),
		tokens("cand", "Reranked", "", 1, 10000, 50, func(st *state) *int { return &st.Candidates }),
		off("docs", "Documents", "", 1, 1e12, 0, func(st *state) *float64 { return &st.Docs }),
		tokens("doc", "Of each", "tok", 1, 10e6, 1000, func(st *state) *int { return &st.DocTokens }),
		optional("hours", "Indexed in", "h", 0.01, 8760, 0, 0, func(st *state) *float64 { return &st.ReindexHours }, func(s *Sizing) float64 {
			if s.State.ReindexHours > 0 {
				return s.State.ReindexHours
			}
			return 24
		}),
		{id: "ret", label: "Retrieval", unit: "ms", lo: 0, hi: 600e3, low: 1, parse: millis,
			get:   func(s *Sizing) float64 { return tidy(s.State.Retrieval * 1000) },
			set:   func(st *state, v float64) { st.Retrieval = tidy(v / 1000) },
			reset: func(st *state) { st.Retrieval = 0 }},

		tokens("turns", "Turns", "", 1, 1000, 1, func(st *state) *int { return &st.Turns }),
		tokens("calls", "Calls per task", "", 1, 1000, 1, func(st *state) *int { return &st.Calls }),

		layoutField("pp", "PP", 64, func(st *state) *int { return &st.PP }),
		layoutField("ep", "Expert parallel", 1024, func(st *state) *int { return &st.EP }),
		layoutField("dp", "Data parallel", 1024, func(st *state) *int { return &st.DP }),
		{id: "lr", label: "Shortest", unit: "%", lo: 1, hi: 100, step: 5, parse: units.ParsePercent,
			get:   func(s *Sizing) float64 { return tidy(100 * s.Req.Workload.LengthRatio) },
			set:   func(st *state, v float64) { st.LengthRatio = tidy(v / 100) },
			reset: func(st *state) { st.LengthRatio = 0 }},
		{id: "draft", label: "Drafted tokens", lo: 1, hi: 64, low: 1, step: 1, whole: true, canBeOff: true, parse: number,
			get: func(s *Sizing) float64 { return orOff(float64(s.State.SpecTokens)) },
			set: func(st *state, v float64) {
				if math.IsNaN(v) {
					st.SpecTokens, st.SpecAccepted = 0, 0
					return
				}
				st.SpecTokens = int(v)
				if !(st.SpecAccepted >= 1) {
					st.SpecAccepted = 1 + 0.5*v
				}
				st.SpecAccepted = math.Min(st.SpecAccepted, v+1)
			},
			reset: func(st *state) { st.SpecTokens, st.SpecAccepted = 0, 0 }},
		{id: "yield", label: "Tokens per step", lo: 1, hi: 65, step: 0.1, parse: number,
			get: func(s *Sizing) float64 { return math.Max(1, s.State.SpecAccepted) },
			set: func(st *state, v float64) {
				if st.SpecTokens > 0 {
					st.SpecAccepted = math.Min(v, float64(st.SpecTokens)+1)
				}
			},
			reset: func(st *state) {
				if st.SpecTokens > 0 {
					st.SpecAccepted = 1 + 0.5*float64(st.SpecTokens)
				}
			}},
	}
}

// orOffField is a number that can be off and is by default.
func orOffField(id, label, unit string, lo, hi, step float64, at func(*state) *float64) *field {
	f := optional(id, label, unit, lo, hi, step, 0, at, nil)
	return f
}

// layoutField is a size of the parallel layout; off is a search, or none.
func layoutField(id, label string, hi float64, at func(*link.State) *int) *field {
	return &field{id: id, label: label, lo: 1, hi: hi, low: 1, whole: true, canBeOff: true, parse: number,
		get: func(s *Sizing) float64 { return orOff(float64(*at(&s.State))) },
		set: func(st *state, v float64) {
			if math.IsNaN(v) {
				v = 0
			}
			*at(st) = int(v)
		},
		reset: func(st *state) { *at(st) = 0 },
	}
}
