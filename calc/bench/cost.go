package bench

// CostDoc is what tokens cost in a phase, at the price of its GPUs.
type CostDoc struct {
	Output *float64 `json:"usd_per_million_output_tokens"`
	Total  *float64 `json:"usd_per_million_total_tokens"` // of prompts and answers
}

// Cost fills in what the tokens of every phase cost at the deployment's price:
// USD per hour of all its GPUs over the tokens of an hour. Without a price or a
// number of GPUs it does nothing.
func (d *Document) Cost() {
	on := d.Setup.Deployment
	if on == nil || on.USDPerGPUHour == nil || !(*on.USDPerGPUHour > 0) || on.GPUs < 1 {
		return
	}
	d.Define(PowerDefinitions())
	hour := *on.USDPerGPUHour * float64(on.GPUs)
	for i := range d.Phases {
		p := &d.Phases[i]
		c := CostDoc{}
		if x := p.OutputTokPerS; x != nil && *x > 0 {
			c.Output = Figure(hour / (*x * 3600) * 1e6)
			if in := p.InputTokPerS; in != nil && *in > 0 {
				c.Total = Figure(hour / ((*x + *in) * 3600) * 1e6)
			}
		}
		p.Cost = nil
		if c.Output != nil {
			p.Cost = &c
		}
	}
}

// Busiest is the measured phase with the most output tokens a second in which
// the median request still has a speed of at least so many tokens a second; nil
// where there is none.
func (d *Document) Busiest(speed float64) (best *PhaseDoc) {
	for i := range d.Phases {
		p := &d.Phases[i]
		if p.Speed.P50 == nil || *p.Speed.P50 < speed || p.OutputTokPerS == nil {
			continue
		}
		if best == nil || *p.OutputTokPerS > *best.OutputTokPerS {
			best = p
		}
	}
	return best
}
