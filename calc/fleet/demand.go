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
	// PeakP95 takes the peak from the mean instead of PeakFactor: the 95th
	// percentile of the requests of one second, see PoissonP95.
	PeakP95   bool
	ReqPerDay float64 // PerDay: requests per day
	InFlight  float64 // InFlight: requests in flight
}

// Amount is the number that the demand is stated with, in the unit of its kind:
// requests per second, people, requests a day, or requests in flight.
func (d Demand) Amount() float64 {
	switch d.Kind {
	case People:
		return d.Users
	case PerDay:
		return d.ReqPerDay
	case InFlight:
		return d.InFlight
	}
	return d.ReqPerS
}

// PeakReqPerS is the demand in requests per second at peak: the mean times the
// peak factor, or the 95th percentile of the requests of one second. It is 0
// for InFlight, whose rate follows from how fast the replicas answer.
func (d Demand) PeakReqPerS() float64 {
	switch d.Kind {
	case People, PerDay:
		if d.PeakP95 {
			return PoissonP95(d.MeanReqPerS())
		}
		return d.MeanReqPerS() * d.PeakFactor
	case InFlight:
		return 0
	default:
		return d.ReqPerS
	}
}

// MeanReqPerS is the demand in requests per second over the hours it is stated
// for; for PerSecond it is the peak itself.
//
//	people:   users · requests per hour ÷ 3,600
//	per day:  requests per day ÷ 86,400
func (d Demand) MeanReqPerS() float64 {
	switch d.Kind {
	case People:
		return d.Users * d.ReqPerHour / 3600
	case PerDay:
		return d.ReqPerDay / 86400
	case InFlight:
		return 0
	default:
		return d.ReqPerS
	}
}

// PoissonP95 is the 95th percentile of a Poisson distribution with the given
// mean: the smallest count that a second stays within 95 times of 100 when
// requests come independently of each other. It is at least the mean. The
// method is that of NVIDIA's sizing course (200 → 224 requests per second); it
// knows nothing of busy hours, so the mean should be that of the busy hour.
//
// Counts up to a mean of 10,000 are summed exactly; above it the Cornish–Fisher
// expansion mean + z·√mean + (z²−1)/6 is within one request.
func PoissonP95(mean float64) float64 {
	const z = 1.6448536269514722
	if !(mean > 0) || math.IsInf(mean, 0) {
		return 0
	}
	if mean > 1e4 {
		return math.Ceil(mean + z*math.Sqrt(mean) + (z*z-1)/6)
	}
	sum, logMean := 0.0, math.Log(mean)
	for k := 0; ; k++ {
		lg, _ := math.Lgamma(float64(k) + 1)
		sum += math.Exp(float64(k)*logMean - mean - lg)
		if sum >= 0.95 || float64(k) > mean+20*math.Sqrt(mean)+20 {
			return math.Max(float64(k), mean)
		}
	}
}

// grown is x after years of growth at share a year.
func grown(x, share float64, years int) float64 {
	return x * math.Pow(1+share, float64(years))
}
