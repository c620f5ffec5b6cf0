package link

import (
	"math"

	"fleetsize/calc/fleet"
)

// Canonical returns the state with everything that equals its default marked
// as not stated, fields that do not count cleared, and numbers that no link
// can state (NaN, infinities) replaced by their default. Two states that mean
// the same have the same Canonical form, and Parse(cat, s.String()) returns it.
func (s State) Canonical() State {
	s.V = Newest
	if _, ok := v1Presets[s.Workload]; !ok {
		s.Workload = v1Workload
	}
	p := preset(s.Workload)
	for _, f := range []struct {
		at       *string
		standard string
	}{
		{&s.Model, v1Model}, {&s.Engine, v1Engine}, {&s.Percentile, v1Percentile},
		{&s.Posture, v1Posture}, {&s.View, v1View}, {&s.Sort, v1Sort}, {&s.Buy, v1Buy}, {&s.Router, v1Router},
	} {
		if *f.at == "" {
			*f.at = f.standard
		}
	}
	s.Input = notStated(s.Input, p.Input)
	s.Output = notStated(s.Output, p.Output)
	s.TP, s.PP = max(s.TP, 0), max(s.PP, 0)
	s.Hit = orUnset(s.Hit, p.HitPercent)
	if !(s.LengthRatio > 0 && s.LengthRatio < 1) {
		s.LengthRatio = 0
	}
	if !(s.Rounds > 0) || math.IsInf(s.Rounds, 0) {
		s.Rounds = 0
	}
	s.Demand = canonicalDemand(s.Demand)
	s.TTFT = s.TTFT.canonical(p.TTFT)
	s.ITL = s.ITL.canonical(p.ITL)
	s.E2E = s.E2E.canonical(p.E2E)

	m := posture(s.Posture)
	// Shares are compared as the per cent they are stated in: 0.85 · 100 is not 85 in binary.
	s.Util = orUnset(s.Util, math.Round(m.Utilization*100))
	if s.Util == 0 {
		s.Util = -1
	}
	s.Spare = orUnset(s.Spare, float64(m.SpareReplicas))
	s.NodeSpare = orUnset(s.NodeSpare, float64(m.SpareNodes))
	s.Grow = orUnset(s.Grow, math.Round(m.Growth*100))
	s.Years = orUnset(s.Years, v1Years)
	s.canonicalMore()
	s.Title = cleanTitle(s.Title)
	s.GPUs = emptyToNil(s.GPUs)
	s.CustomGPUs, s.CustomModels = emptyToNil(s.CustomGPUs), emptyToNil(s.CustomModels)
	s.Confirmed, s.Unknown = emptyToNil(s.Confirmed), emptyToNil(s.Unknown)
	return s
}

// notStated is 0 where n is not positive or equals the preset's number.
func notStated(n, standard int) int {
	if n <= 0 || n == standard {
		return 0
	}
	return n
}

// orUnset is -1 where x is negative, not finite or equals the default.
func orUnset(x, standard float64) float64 {
	if !(x >= 0) || math.IsInf(x, 0) || x == standard {
		return -1
	}
	return x
}

func emptyToNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// canonical marks a target that equals the preset's (0 = off) as not stated.
func (t Target) canonical(preset float64) Target {
	switch {
	case !t.Set:
		return Target{}
	case t.Off || math.IsNaN(t.Seconds) || math.IsInf(t.Seconds, 0) || t.Seconds <= 0:
		if preset == 0 {
			return Target{}
		}
		return Target{Set: true, Off: true}
	case t.Seconds == preset:
		return Target{}
	}
	return Target{Set: true, Seconds: t.Seconds}
}

// DemandDefaults is the demand of a kind with the default numbers of this
// version, for switching between ways to state it.
func DemandDefaults(kind fleet.DemandKind) fleet.Demand {
	d := fleet.Demand{Kind: kind}
	switch kind {
	case fleet.People:
		d.Users, d.ReqPerHour, d.PeakFactor = 1200, v1ReqPerHour, v1Peak // 10 req/s
	case fleet.PerDay:
		d.ReqPerDay, d.PeakFactor = 345600, v1Peak // 10 req/s
	case fleet.InFlight:
		d.InFlight = 100
	default:
		d.Kind, d.ReqPerS = fleet.PerSecond, v1ReqPerS
	}
	return d
}
