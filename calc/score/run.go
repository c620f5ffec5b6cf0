package score

import (
	"errors"
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Runner predicts cases and keeps its buffers and the costs of the systems it
// has seen. The zero value is ready. It is not safe for concurrent use. The
// profiles and schedulers of the cases must not change under it.
type Runner struct {
	sim   serve.Sim
	costs map[costKey]kept
	bare  map[*catalog.Profile]*catalog.Profile
}

// costKey is everything a cost depends on.
type costKey struct {
	model     *catalog.Model
	gpu       *catalog.GPU
	engine    *catalog.Engine
	profile   *catalog.Profile
	scheduler catalog.Scheduler
	tp, pp    int
	ep, dp    int
	weights   catalog.Weights
	kv        catalog.Precision
	frontEnd  bool
}

type kept struct {
	cost *step.Cost
	err  error
}

// keepAtMost bounds the memory of tables with very many systems.
const keepAtMost = 512

// Run predicts a case. It fails where the system does not fit into memory or
// lacks a fact.
func (r *Runner) Run(c *Case) (Prediction, error) {
	cost, err := r.cost(c)
	if err != nil {
		return Prediction{}, err
	}
	p := Prediction{Profile: c.profile(), Binding: serve.LimitLoad}
	if c.Kind == Static {
		p.static(cost, &c.Load)
	} else {
		if err := serve.Fits(cost, c.Load); err != nil {
			return Prediction{}, err
		}
		res := r.sim.Run(cost, c.Load)
		p.TTFT, p.ITL, p.OutputTokPerS = res.TTFT, res.ITL, res.OutputTokPerS
		p.Binding, p.Saturated = res.Binding, res.Saturated
		p.held(cost, &c.Load, &res)
	}
	p.OutputTokPerS *= float64(c.Copies)
	p.TokensInFlight *= float64(c.Copies)
	p.ranges(c.Replica.GPU)
	return p, nil
}

// ranges decides what stands behind the prediction and how far it may be off.
func (p *Prediction) ranges(g *catalog.GPU) {
	tier, b := fleet.Bands(p.Profile, g)
	p.Tier = tier
	at := serve.Result{Binding: p.Binding, Saturated: p.Saturated}
	p.TTFTFactor = math.Exp(fleet.TTFTBand(b, at))
	p.ITLFactor, p.RateFactor = math.Exp(b.ITL), math.Exp(b.Rate)
}

// held is what running requests hold: the bytes of the cache in use as tokens
// of a request at half of its answer.
func (p *Prediction) held(cost *step.Cost, l *serve.Load, res *serve.Result) {
	half := 1.0
	if l.LengthRatio > 0 {
		half = (1 + l.LengthRatio) / 2
	}
	typical := half * (float64(l.Input) + float64(l.Output)/2)
	if each := cost.RequestBytes(typical); each > 0 {
		p.TokensInFlight = res.KVUsedBytes / each * typical
	}
	if room := cost.Memory().KV; room > 0 {
		p.KVShare = math.Min(1, res.KVUsedBytes/room)
	}
}

// profile is the profile of the case, its own or the engine's.
func (c *Case) profile() *catalog.Profile {
	if c.Replica.Profile != nil {
		return c.Replica.Profile
	}
	return c.Replica.Engine.ProfileFor(c.Replica.GPU, c.Version)
}

// cost derives the step cost of a case, or finds it.
func (r *Runner) cost(c *Case) (*step.Cost, error) {
	rep := c.Replica
	rep.Profile = c.profile()
	key := costKey{
		rep.Model, rep.GPU, rep.Engine, rep.Profile, catalog.Scheduler{},
		rep.TP, rep.PP, rep.EP, rep.DP, rep.Weights, rep.KV, c.FrontEnd,
	}
	if rep.Scheduler != nil {
		key.scheduler = *rep.Scheduler
	}
	if k, ok := r.costs[key]; ok {
		return k.cost, k.err
	}
	if r.costs == nil || len(r.costs) >= keepAtMost {
		r.costs, r.bare = map[costKey]kept{}, map[*catalog.Profile]*catalog.Profile{}
	}
	if !c.FrontEnd {
		rep.Profile = r.withoutFrontEnd(rep.Profile)
	}
	cost, err := step.New(rep)
	r.costs[key] = kept{cost, err}
	return cost, err
}

// withoutFrontEnd is the profile of the engine alone, as an in-process
// benchmark sees it. The delay of the first token is kept where the profile
// belongs to particular releases, because it was then measured like that.
func (r *Runner) withoutFrontEnd(p *catalog.Profile) *catalog.Profile {
	if b, ok := r.bare[p]; ok {
		return b
	}
	b := *p
	b.RequestCost, b.TokenCost = 0, 0
	if len(p.Match.Versions) == 0 {
		b.FirstTokenDelay = 0
	}
	r.bare[p] = &b
	return &b
}

// static predicts a batch of equal requests that starts together and never
// changes: one step computes all prompts, and every token takes a step at the
// mean context of the output. Throughput is that of the decode steps, which is
// how static benchmarks of TensorRT-LLM state it (tokens over latency less
// TTFT; checked on 1,628 published rows).
func (p *Prediction) static(cost *step.Cost, l *serve.Load) {
	b, in, out := float64(l.Concurrency), float64(l.Input), float64(l.Output)
	ttft := cost.Seconds(step.Batch{PrefillTokens: b * in, PrefillFLOP: b * cost.PrefillAttention(0, in)}) +
		cost.Profile().FirstTokenDelay
	p.TTFT = serve.Quantiles{Mean: ttft, P50: ttft, P90: ttft, P95: ttft, P99: ttft}
	if out < 2 {
		return
	}
	itl := cost.Seconds(step.Batch{Decoding: b, Context: b * (in + out/2)})
	p.ITL = serve.Quantiles{Mean: itl, P50: itl, P90: itl, P95: itl, P99: itl}
	p.OutputTokPerS = b * out / ((out - 1) * itl)
}

// reasonOf sorts the errors of a prediction into the closed list.
func reasonOf(err error) Reason {
	var memory *step.MemoryError
	var large *serve.RequestTooLargeError
	if errors.As(err, &memory) || errors.As(err, &large) {
		return ReasonMemory
	}
	return ReasonGPU // a figure of it is not known, or it has no kernels for the weights
}
