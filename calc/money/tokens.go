package money

// Flow is what a fleet delivers: requests a second at the planned peak and the
// mean tokens of one.
type Flow struct {
	PeakReqPerS   float64
	Input, Output float64 // tokens of one request, reused ones included
	Use           float64 // average over peak, (0, 1]
}

// ReqPerMonth is requests in an average month.
func (f Flow) ReqPerMonth() float64 {
	return f.PeakReqPerS * clampUse(f.Use) * 3600 * HoursPerMonth
}

// UnitCosts are prices of a fleet's work. Each of the per-token prices carries
// the whole cost: they are three ways to say one thing, not parts of a sum.
type UnitCosts struct {
	Per1000Requests  float64 // USD
	PerMillionInput  float64 // USD, whole cost ÷ input tokens
	PerMillionOutput float64 // USD, whole cost ÷ output tokens
	PerMillionTotal  float64 // USD, whole cost ÷ (input + output) tokens
	OutputPerUSD     float64 // output tokens per USD
	TotalPerUSD      float64
}

// Units prices the flow at usd a month; ok is false without requests.
func (f Flow) Units(usdPerMonth float64) (u UnitCosts, ok bool) {
	reqs := f.ReqPerMonth()
	if !(reqs > 0) || !(usdPerMonth > 0) || !(f.Output > 0) || !(f.Input > 0) {
		return u, false
	}
	request := usdPerMonth / reqs
	u.Per1000Requests = request * 1e3
	u.PerMillionInput = request / f.Input * 1e6
	u.PerMillionOutput = request / f.Output * 1e6
	u.PerMillionTotal = request / (f.Input + f.Output) * 1e6
	u.OutputPerUSD = f.Output / request
	u.TotalPerUSD = (f.Input + f.Output) / request
	return u, true
}

// Efficiency is tokens against power.
type Efficiency struct {
	OutputTokPerSPerW  float64 // output tok/s at the planned peak per watt at the wall
	TotalTokPerSPerW   float64
	OutputTokPerSPerMW float64
	OutputTokPerJoule  float64 // over the month: average tok/s per average watt
	TotalTokPerJoule   float64
	WhPer1000Requests  float64
}

// Efficiency of the flow on power p; ok is false without either.
func (f Flow) Efficiency(p Power) (e Efficiency, ok bool) {
	if !(p.KW > 0) || !(p.AverageKW > 0) || !(f.PeakReqPerS > 0) {
		return e, false
	}
	peak, average := f.PeakReqPerS/(p.KW*1e3), f.PeakReqPerS*clampUse(f.Use)/(p.AverageKW*1e3) // requests per joule
	e.OutputTokPerSPerW = peak * f.Output
	e.TotalTokPerSPerW = peak * (f.Input + f.Output)
	e.OutputTokPerSPerMW = e.OutputTokPerSPerW * 1e6
	e.OutputTokPerJoule = average * f.Output
	e.TotalTokPerJoule = average * (f.Input + f.Output)
	e.WhPer1000Requests = 1e3 / average / 3600
	return e, true
}
