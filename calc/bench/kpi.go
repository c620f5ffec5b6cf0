package bench

// KPI is a usual bar for an interactive service and how a report stands
// against it.
type KPI struct {
	ID      string   `json:"id"`
	Text    string   `json:"text"`
	Unit    string   `json:"unit"`
	Limit   float64  `json:"limit"`
	Value   *float64 `json:"value"`
	Verdict Verdict  `json:"verdict"` // inconclusive where it was not measured
}

// kpis are four bars that benchmark guides use as examples: TTFT below 100 ms
// for a lone request, over 50 tok/s for each user at any measured load, over
// 1,000 tok/s in all at the best one, and an answer to every request.
func (d *Document) kpis() []KPI {
	var ttft, speed, total, answered *float64
	lower := func(to **float64, x *float64) {
		if x != nil && (*to == nil || *x < **to) {
			*to = x
		}
	}
	for i := range d.Phases {
		p := &d.Phases[i]
		if p.Limited {
			continue
		}
		if p.Concurrency != nil && *p.Concurrency == 1 {
			lower(&ttft, p.TTFT.P50)
		}
		lower(&speed, p.Speed.P50)
		lower(&answered, p.ResponseRate)
		if p.OutputTokPerS != nil && (total == nil || *p.OutputTokPerS > *total) {
			total = p.OutputTokPerS
		}
	}
	judge := func(x *float64, limit float64, higher bool) Verdict {
		switch {
		case x == nil:
			return Inconclusive
		case higher && *x >= limit, !higher && *x <= limit:
			return Pass
		}
		return Fail
	}
	return []KPI{
		{"ttft_alone", "TTFT of a lone request (median)", "ms", 100, ttft, judge(ttft, 100, false)},
		{"speed", "Output speed of a request (median, worst load)", "tok/s", 50, speed, judge(speed, 50, true)},
		{"throughput", "Output of all requests (best load)", "tok/s", 1000, total, judge(total, 1000, true)},
		{"answered", "Share of requests answered (worst load)", "", 1, answered, judge(answered, 1, true)},
	}
}
