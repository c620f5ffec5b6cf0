package fleet

import "math"

// DemandKind says how the demand was stated.
type DemandKind string

const (
	PerSecond DemandKind = "rps"    // requests per second at peak
	People    DemandKind = "users"  // active people, requests per hour and a peak factor
	PerDay    DemandKind = "day"    // requests per day and a peak factor
	InFlight  DemandKind = "flight" // requests in flight over the whole fleet, closed loop
)

// Demand is the load to serve, as stated. Only the fields of its Kind count.
type Demand struct {
	Kind       DemandKind
	ReqPerS    float64 // PerSecond: peak, req/s
	Users      float64 // People: active people
	ReqPerHour float64 // People: requests per person and hour
	PeakFactor float64 // People and PerDay: peak over average, ≥ 1
	ReqPerDay  float64 // PerDay: requests per day
	InFlight   float64 // InFlight: requests in flight
}

// PeakReqPerS is the demand in requests per second at peak:
//
//	people:   users · requests per hour ÷ 3,600 · peak factor
//	per day:  requests per day ÷ 86,400 · peak factor
//
// It is 0 for InFlight, whose rate follows from how fast the replicas answer.
func (d Demand) PeakReqPerS() float64 {
	switch d.Kind {
	case People:
		return d.Users * d.ReqPerHour / 3600 * d.PeakFactor
	case PerDay:
		return d.ReqPerDay / 86400 * d.PeakFactor
	case InFlight:
		return 0
	default:
		return d.ReqPerS
	}
}

// grown is x after years of growth at share a year.
func grown(x, share float64, years int) float64 {
	return x * math.Pow(1+share, float64(years))
}
