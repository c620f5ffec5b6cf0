package explain

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// leaf is the value of an input and where it comes from; NaN when it is not
// known.
func (b *Book) leaf(id string) (float64, Source) {
	r, o := b.Req, b.Opt
	switch id {
	case "stated_demand":
		if r.Demand.Kind == fleet.PerSecond || r.Demand.Kind == "" {
			return r.Demand.ReqPerS, b.perTask(b.given("rps", FromDefault))
		}
	case "people":
		return positive(r.Demand.Users, math.NaN()), b.given("users", FromDefault)
	case "requests_per_hour":
		return positive(r.Demand.ReqPerHour, math.NaN()), b.perTask(b.given("rph", FromDefault))
	case "peak_factor":
		return r.Demand.PeakFactor, b.given("peak", FromDefault)
	case "requests_per_day":
		return positive(r.Demand.ReqPerDay, math.NaN()), b.perTask(b.given("day", FromDefault))
	case "flight_demand":
		return positive(r.Demand.InFlight, math.NaN()), b.given("flight", FromDefault)
	case "growth":
		return r.Posture.Growth, b.given("grow", FromPosture)
	case "years":
		return float64(r.Posture.Years), b.given("yrs", FromPosture)
	case "peak_load":
		return r.Posture.Utilization, b.given("util", FromPosture)
	case "spare_replicas":
		return float64(r.Posture.SpareReplicas), b.given("spare", FromPosture)
	case "spare_nodes":
		return float64(r.Posture.SpareNodes), b.given("nodespare", FromPosture)
	case "ttft_target":
		return target(r.Targets.TTFT), b.given("ttft", FromPreset)
	case "itl_target":
		return target(r.Targets.ITL), b.given("itl", FromPreset)
	case "e2e_target":
		return target(r.Targets.E2E), b.given("e2e", FromPreset)
	case "prompt":
		return float64(r.Workload.Input), b.mean(b.given("in", FromPreset))
	case "prompt_system":
		return float64(r.Prompt.System), b.given("sys", FromDefault)
	case "prompt_history":
		return float64(r.Prompt.History), b.given("hist", FromDefault)
	case "prompt_question":
		return float64(r.Prompt.Question), b.given("ask", FromDefault)
	case "chunks":
		return float64(r.Prompt.Chunks), b.given("chunks", FromDefault)
	case "chunk_size":
		return float64(r.Prompt.ChunkSize), b.given("chunk", FromDefault)
	case "answer":
		return float64(r.Workload.Output), b.given("out", FromPreset)
	case "reused":
		return r.Workload.CachedShare, b.mean(b.given("hit", FromPreset))
	case "length_ratio":
		return positive(r.Workload.LengthRatio, 1), b.given("lr", FromDefault)
	}
	if v, src, ok := b.catalogued(id); ok {
		return v, src
	}
	if v, src, ok := b.figureOf(id); ok {
		return v, src
	}
	if b.bare {
		return math.NaN(), Source{}
	}
	switch id {
	case "most_in_flight":
		return o.MaxInFlight, b.run()
	case "random_rate":
		return o.RandomRate, b.given("rt", FromDefault)
	case "tensor_parallel":
		return float64(o.Layout.TP), b.layout("tp")
	case "pipeline_stages":
		return float64(o.Layout.PP), b.layout("pp")
	case "prefill_instances":
		return float64(o.Layout.Prefill), b.layout("pd")
	case "decode_instances":
		return float64(o.Layout.Decode), b.layout("pd")
	case "prefill_tensor_parallel":
		return float64(o.Layout.PrefillTP), b.layout("pd")
	case "tokens_per_step":
		return r.Speculation.Gain, b.given("spec", FromDefault)
	case "instances_nodes":
		return float64(fleet.Nodes(o.Replicas, o.Layout, o.GPU)), ours("instances stay inside a server")
	case "gpus_per_node":
		return math.Max(1, float64(o.GPU.GPUsPerNode)), b.chip("server")
	case "replicas_per_node":
		return math.Max(1, float64(max(1, o.GPU.GPUsPerNode)/o.Layout.GPUs())), ours("whole replicas of " + o.GPU.Name + " in a server")
	case "stages_per_node":
		return math.Max(1, float64(max(1, o.GPU.GPUsPerNode)/o.Layout.TP)), ours("whole stages in a server")
	case "next_usd_month":
		return b.next(), Source{Origin: FromFormula, Text: "next priced option"}
	case "other_replicas":
		if a := b.other(); a != nil {
			return float64(a.GPUs / a.Layout.GPUs()), b.run()
		}
	case "other_gpus_per_replica":
		if a := b.other(); a != nil {
			return float64(a.Layout.GPUs()), ours("layout")
		}
	case "kept_in_flight":
		return b.number(), ours("point of the curve")
	}
	if v, src, ok := b.money(id); ok {
		return v, src
	}
	if v, src, ok := b.compared(id); ok {
		return v, src
	}
	if v, src, ok := b.inFigures(id); ok {
		return v, src
	}
	return b.bound(id)
}

func target(seconds float64) float64 {
	if seconds > 0 {
		return seconds
	}
	return math.NaN()
}

func known(x float64) float64 { return target(x) }

func positive(x, otherwise float64) float64 {
	if x > 0 {
		return x
	}
	return otherwise
}

// mean says that a length is that of a mean turn of a conversation.
func (b *Book) mean(s Source) Source {
	if n := b.Req.Turns; n > 1 {
		return Source{Origin: s.Origin, Key: "turns", Text: "mean of " + units.Count(float64(n)) + " turns that carry their history"}
	}
	return s
}

// perTask says that a demand was stated in tasks of several requests.
func (b *Book) perTask(s Source) Source {
	if n := b.Req.Calls; n > 1 {
		s.Text += ", times " + units.Count(float64(n)) + " requests a task"
	}
	return s
}

// layout is the source of the replica's layout.
func (b *Book) layout(key string) Source {
	if b.context.Stated[key] {
		return b.given(key, FromDefault)
	}
	return Source{Origin: FromRule, Key: key, Text: "layout with the lowest cost, then the fewest GPUs"}
}

// number is the third part of the reference in hand as a number: digits, with
// at most one point among them.
func (b *Book) number() float64 {
	x, unit := 0.0, 0.0
	for i := 0; i < len(b.arg); i++ {
		c := b.arg[i]
		switch {
		case c == '.' && unit == 0:
			unit = 1
			continue
		case c < '0' || c > '9' || x > 1e15:
			return math.NaN()
		case unit > 0:
			unit /= 10
			x += unit * float64(c-'0')
			continue
		}
		x = 10*x + float64(c-'0')
	}
	if b.arg == "" || b.arg == "." {
		return math.NaN()
	}
	return x
}

// other is the layout that was not chosen which the reference names.
func (b *Book) other() *fleet.Alternative {
	n := b.number()
	if n >= 0 && int(n) < len(b.Opt.RunnersUp) {
		return &b.Opt.RunnersUp[int(n)]
	}
	return nil
}

// next is the monthly cost of the next option that has a price.
func (b *Book) next() float64 {
	if b.answer != nil {
		for i := range b.answer.Options {
			n := &b.answer.Options[i]
			if n.GPU.ID != b.Opt.GPU.ID && n.Priced && n.USDPerMonth >= b.Opt.USDPerMonth {
				return n.USDPerMonth
			}
		}
	}
	return math.NaN()
}

// simulated is what the run behind an entry returned.
func (b *Book) simulated(id string) float64 {
	if v, _, ok := b.figureOf(id); ok {
		return v
	}
	if b.bare {
		return math.NaN()
	}
	o, pct := b.Opt, b.Req.Targets.Percentile
	switch id {
	case "rate_in_targets":
		return o.RateSLO
	case "rate_per_replica":
		return o.ReplicaRate
	case "rate_at_capacity":
		return o.RateMax
	case "ttft_simulated":
		return o.At.TTFT.At(pct)
	case "itl_simulated":
		return known(o.At.ITL.At(pct)) // answers of one token have none
	case "e2e":
		return o.At.E2E.At(pct)
	case "e2e_mean":
		return o.At.E2E.Mean
	case "served_per_replica":
		return o.At.ReqPerS
	case "running":
		return o.At.Running
	case "memory_kv_used":
		return o.Memory.KVUsed
	case "output_per_replica":
		return o.At.OutputTokPerS
	}
	if a := b.other(); a != nil && id == "other_ttft" {
		return a.TTFT
	} else if a != nil && id == "other_itl" {
		return known(a.ITL)
	}
	if pt := b.pricePoint(); pt != nil && id == "price_rate" {
		return pt.Rate
	} else if pt != nil && id == "price_in_flight" {
		return float64(pt.InFlight)
	}
	if b.curve == nil {
		return math.NaN()
	}
	n := b.number()
	if !(n > 0) {
		return math.NaN()
	}
	at, ok := b.curve(int(n))
	switch {
	case !ok:
	case id == "curve_ttft":
		return at.TTFT.At(pct)
	case id == "curve_itl":
		return known(at.ITL.At(pct))
	case id == "curve_rate":
		return at.ReqPerS / float64(o.Layout.GPUs())
	}
	return math.NaN()
}
