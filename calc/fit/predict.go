package fit

import (
	"math"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// predictor predicts observations under settings and reuses its buffers. The
// cost of a system is derived once per setting, however many rows share it.
type predictor struct {
	sim     serve.Sim
	costs   map[system]*step.Cost
	engines map[*catalog.Engine]*catalog.Engine
	setting *Setting
}

// use sets the setting for the predictions that follow.
func (p *predictor) use(s *Setting) {
	p.setting = s
	if p.costs == nil {
		p.costs = map[system]*step.Cost{}
		p.engines = map[*catalog.Engine]*catalog.Engine{}
	}
	clear(p.costs)
	clear(p.engines)
}

// cost is the step cost of an observation, nil where it does not fit.
func (p *predictor) cost(o *Observation) *step.Cost {
	key := o.system()
	if c, ok := p.costs[key]; ok {
		return c
	}
	r := o.Replica
	sch := p.setting.scheduler(o)
	r.Profile, r.Scheduler = &p.setting.Profile, &sch
	if v := p.setting.KVRead[o.Build]; v > 0 && o.Build != "" {
		own := p.setting.Profile
		own.KVReadEff, own.KVRead8Bit = v, 1
		r.Profile = &own
	}
	if f := p.setting.MemoryShare; f > 0 {
		e := p.engines[r.Engine]
		if e == nil {
			copied := *r.Engine
			copied.Memory.Fraction = f
			e = &copied
			p.engines[r.Engine] = e
		}
		r.Engine = e
	}
	c, err := step.New(r)
	if err != nil {
		c = nil
	}
	p.costs[key] = c
	return c
}

// predict is the prediction for one observation; false where the system does
// not fit into its memory under the setting.
func (p *predictor) predict(o *Observation) (Prediction, bool) {
	c := p.cost(o)
	if c == nil {
		return Prediction{}, false
	}
	if o.Static {
		return static(c, &o.Load), true
	}
	l := o.Load
	if n := p.setting.Rounds[o.Run]; n > 0 && o.Run != "" {
		l.Rounds = n
	}
	if l.Concurrency > 0 && l.Rounds > 0 && l.Concurrency < 4 && (l.LengthRatio == 0 || l.LengthRatio == 1) {
		l.Rounds = min(l.Rounds, 3) // equal requests one after another: every one is the same
	}
	r := p.sim.Run(c, l)
	return Prediction{
		TTFT: r.TTFT.Mean, ITL: r.ITL.Mean, OutputTokPerS: r.OutputTokPerS,
		Saturated: r.Binding == serve.LimitKV || r.Binding == serve.LimitMaxSequences || r.Binding == serve.LimitFrontEnd,
	}, true
}

// static predicts a batch of equal requests that starts together: one step
// for all prompts, then decode steps at the mean context.
func static(c *step.Cost, l *serve.Load) Prediction {
	b, in, out := float64(l.Concurrency), float64(l.Input), float64(l.Output)
	ttft := c.Seconds(step.Batch{PrefillTokens: b * in, PrefillFLOP: b * c.PrefillAttention(0, in)}) +
		c.Profile().FirstTokenDelay
	itl := c.Seconds(step.Batch{Decoding: b, Context: b * (in + out/2)})
	return Prediction{TTFT: ttft, ITL: itl, OutputTokPerS: b * out / (ttft + itl*math.Max(out-1, 0))}
}
