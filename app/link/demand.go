package link

import (
	"math"
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// Bounds of a demand.
const (
	maxReqPerS  = 1e6
	maxUsers    = 1e9
	maxPerHour  = 3600
	maxPeak     = 100
	maxPerDay   = 1e11
	maxInFlight = 1e7
	least       = 1e-6 // smallest rate or count
)

func readRPS(r *reader, v string) string {
	x, _, err := units.ParseRate(v, units.PerSecond)
	if err == nil {
		x, err = units.Within(v, x, least, maxReqPerS, "requests per second")
	}
	if err != nil {
		return err.Error()
	}
	r.state.Demand = fleet.Demand{Kind: fleet.PerSecond, ReqPerS: x}
	return ""
}

func readUsers(r *reader, v string) string {
	x, problem := within(v, least, maxUsers)
	if problem == "" {
		d := &r.state.Demand
		d.Kind, d.Users = fleet.People, x
		fillDemand(d)
	}
	return problem
}

func readDay(r *reader, v string) string {
	x, problem := within(v, least, maxPerDay)
	if problem == "" {
		d := &r.state.Demand
		d.Kind, d.ReqPerDay = fleet.PerDay, x
		fillDemand(d)
	}
	return problem
}

func readFlight(r *reader, v string) string {
	x, problem := wholeNumber(v, 1, maxInFlight)
	if problem == "" {
		r.state.Demand = fleet.Demand{Kind: fleet.InFlight, InFlight: x}
	}
	return problem
}

func readPerHour(r *reader, v string) string {
	x, problem := within(v, least, maxPerHour)
	if problem == "" {
		r.state.Demand.ReqPerHour = x
	}
	return problem
}

// peakP95 is the word for a peak that is the 95th percentile of a Poisson
// distribution with the mean the rest of the demand states.
const peakP95 = "p95"

func readPeak(r *reader, v string) string {
	r.state.Demand.PeakP95 = strings.EqualFold(v, peakP95)
	if r.state.Demand.PeakP95 {
		return ""
	}
	x, problem := within(v, 1, maxPeak)
	if problem == "" {
		r.state.Demand.PeakFactor = x
	}
	return problem
}

// fillDemand puts the defaults where requests per hour and peak are not stated.
func fillDemand(d *fleet.Demand) {
	if !(d.ReqPerHour > 0) {
		d.ReqPerHour = v1ReqPerHour
	}
	if d.PeakP95 || !(d.PeakFactor >= 1) {
		d.PeakFactor = v1Peak
	}
}

// resetDemand puts the default demand back where the demand was stated as kind.
func resetDemand(kind fleet.DemandKind) func(*State) {
	return func(s *State) {
		if s.Demand.Kind == kind {
			s.Demand = fleet.Demand{Kind: fleet.PerSecond, ReqPerS: v1ReqPerS}
		}
	}
}

// canonicalDemand keeps the fields that count for the kind and replaces
// numbers that no link can state.
func canonicalDemand(d fleet.Demand) fleet.Demand {
	standard := fleet.Demand{Kind: fleet.PerSecond, ReqPerS: v1ReqPerS}
	amount := d.Amount()
	if !(amount > 0) || math.IsInf(amount, 0) {
		return standard
	}
	switch d.Kind {
	case fleet.People:
		d = fleet.Demand{Kind: d.Kind, Users: d.Users, ReqPerHour: d.ReqPerHour, PeakFactor: d.PeakFactor, PeakP95: d.PeakP95}
		fillDemand(&d)
	case fleet.PerDay:
		d = fleet.Demand{Kind: d.Kind, ReqPerDay: d.ReqPerDay, PeakFactor: d.PeakFactor, PeakP95: d.PeakP95}
		fillDemand(&d)
		d.ReqPerHour = 0
	case fleet.InFlight:
		d = fleet.Demand{Kind: d.Kind, InFlight: max(1, math.Round(d.InFlight))}
	default:
		d = fleet.Demand{Kind: fleet.PerSecond, ReqPerS: d.ReqPerS}
	}
	return d
}

func writeDemand(kind fleet.DemandKind) func(*State) string {
	return func(s *State) string {
		x := s.Demand.Amount()
		if s.Demand.Kind != kind || kind == fleet.PerSecond && x == v1ReqPerS {
			return ""
		}
		return units.Plain(x)
	}
}

func writePerHour(s *State) string {
	if s.Demand.Kind != fleet.People || s.Demand.ReqPerHour == v1ReqPerHour {
		return ""
	}
	return units.Plain(s.Demand.ReqPerHour)
}

func writePeak(s *State) string {
	if s.Demand.Kind != fleet.People && s.Demand.Kind != fleet.PerDay {
		return ""
	}
	if s.Demand.PeakP95 {
		return peakP95
	}
	if s.Demand.PeakFactor == v1Peak {
		return ""
	}
	return units.Plain(s.Demand.PeakFactor)
}

// demandKey reports whether a key states part of the demand.
func demandKey(name string) bool {
	switch name {
	case "rps", "users", "day", "flight", "rph", "peak":
		return true
	}
	return false
}

// demandPairs states a canonical demand in full.
func demandPairs(d fleet.Demand) []Pair {
	pairs := []Pair{{Key: string(d.Kind), Value: units.Plain(d.Amount())}}
	if d.Kind == fleet.People {
		pairs = append(pairs, Pair{Key: "rph", Value: units.Plain(d.ReqPerHour)})
	}
	if d.Kind == fleet.People || d.Kind == fleet.PerDay {
		peak := units.Plain(d.PeakFactor)
		if d.PeakP95 {
			peak = peakP95
		}
		pairs = append(pairs, Pair{Key: "peak", Value: peak})
	}
	return pairs
}
