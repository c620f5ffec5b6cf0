package export

import (
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// Status is how sure an input is.
type Status string

// Statuses of an input.
const (
	Confirmed Status = "confirmed" // by the customer
	Assumed   Status = "assumed"   // stated, but not confirmed
	Standard  Status = "default"
)

// Assumption is one input with its value and status.
type Assumption struct {
	ID     string // link key
	Name   string
	Value  string
	Status Status
	Next   string // owner, or the next step
}

// Register is every input that the answer depends on, as link, preset and
// catalog have it.
func Register(p *Proposal) []Assumption {
	s, r := &p.State, &p.Req
	confirmed := map[string]bool{}
	for _, id := range s.Confirmed {
		confirmed[id] = true
	}
	var out []Assumption
	add := func(id, name, value string, stated bool, next string) {
		a := Assumption{ID: id, Name: name, Value: value, Status: Standard, Next: next}
		switch {
		case confirmed[id]:
			a.Status, a.Next = Confirmed, "Customer"
		case stated:
			a.Status = Assumed
		}
		out = append(out, a)
	}
	plain := link.Default()
	w := r.Workload
	add("in", "Prompt", units.Count(float64(w.Input))+" tok", s.Input > 0 || s.Chunks > 0, "Customer to check in logs")
	add("out", "Answer", units.Count(float64(w.Output))+" tok", s.Output > 0, "Customer to check in logs")
	add("hit", "Prompt reused from cache", units.Percent(w.CachedShare), s.Hit >= 0, "Measure in a pilot")
	if w.LengthRatio > 0 && w.LengthRatio < 1 {
		add("lr", "Lengths", units.Percent(w.LengthRatio)+" to 100 % of nominal", true, "Customer to check in logs")
	}
	add("m", "Model", r.Model.Name, s.Model != plain.Model, "Customer")
	add("q", "Weights", weightsValue(p), s.Weights != "", "Check quality in a pilot")
	add("kv", "KV cache", kvValue(p), s.KV != "", "Check quality in a pilot")
	engine := r.Engine.Name
	if r.Version != "" {
		engine += " " + r.Version
	}
	add("eng", "Engine", engine, s.Engine != plain.Engine || s.EngineVer != "", "Platform team")
	promptRows(s, add)
	demandRows(p.Req.Demand, add)
	pct := Percentile(r.Targets.Percentile)
	target := func(id, name string, seconds float64, t link.Target) {
		value := "no target"
		if seconds > 0 {
			value = "≤ " + units.Duration(seconds, 3) + " (" + pct + ")"
		}
		add(id, name, value, t.Set, "Product owner")
	}
	target("ttft", "Time to first token", r.Targets.TTFT, s.TTFT)
	target("itl", "Time per token", r.Targets.ITL, s.ITL)
	target("e2e", "Whole answer", r.Targets.E2E, s.E2E)
	own := func(x float64) bool { return x >= 0 || s.Posture != plain.Posture }
	add("util", "Peak load of a replica", units.Percent(r.Posture.Utilization), own(s.Util), "Operations")
	add("spare", "Spare replicas", units.Count(float64(r.Posture.SpareReplicas)), own(s.Spare), "Operations")
	add("nodespare", "Spare nodes", units.Count(float64(r.Posture.SpareNodes)), own(s.NodeSpare), "Operations")
	growth := "none"
	if r.Posture.Growth > 0 && r.Posture.Years > 0 {
		growth = units.Percent(r.Posture.Growth) + " a year for " + Count(r.Posture.Years, "year")
	}
	add("grow", "Growth", growth, own(s.Grow), "Customer")
	layout := "searched"
	if s.TP > 0 || s.PP > 0 {
		layout = "tensor parallel " + units.Count(float64(max(1, s.TP))) + ", pipeline " + units.Count(float64(max(1, s.PP)))
	}
	add("tp", "Layout", layout, s.TP > 0 || s.PP > 0, "")
	gpus := "all current data-center and cloud accelerators"
	if len(r.GPUs) > 0 {
		gpus = ""
		for i, c := range r.GPUs {
			if i > 0 {
				gpus += ", "
			}
			gpus += GPUName(c.GPU)
		}
	}
	add("g", "Accelerators considered", gpus, len(r.GPUs) > 0, "Customer")
	moneyRows(p, add)
	return out
}

func weightsValue(p *Proposal) string {
	if o := p.Best(); o != nil {
		return Weights(o.Weights)
	}
	return Weights(p.Req.Model.Resolve(p.Req.Weights))
}

func kvValue(p *Proposal) string {
	if o := p.Best(); o != nil {
		return precision(o.KV)
	}
	if p.Req.KV == "" {
		return "as the engine has it"
	}
	return precision(p.Req.KV)
}

// promptRows is what the prompt consists of and what runs before the model,
// where that was stated.
func promptRows(s *link.State, add func(id, name, value string, stated bool, next string)) {
	tokens := func(id, name string, n int) {
		if n > 0 {
			add(id, name, units.Count(float64(n))+" tok", true, "Customer to check in logs")
		}
	}
	if s.Chunks > 0 {
		tokens("sys", "System prompt", s.System)
		tokens("hist", "History", s.History)
		tokens("ask", "Question", s.Question)
		size := s.ChunkSize
		if size == 0 {
			size = 500
		}
		add("chunks", "Retrieved passages", units.Count(float64(s.Chunks))+" of "+units.Count(float64(size))+" tok", true, "Customer")
	}
	word := func(id, name, value string) {
		if value != "" {
			add(id, name, value, true, "Customer")
		}
	}
	word("emb", "Embedding model", s.Embedder)
	word("rer", "Reranker", s.Reranker)
	if s.Reranker != "" && s.Candidates > 0 {
		add("cand", "Passages reranked", units.Count(float64(s.Candidates)), true, "Customer")
	}
	if s.Docs > 0 {
		value := units.Count(s.Docs)
		if s.DocTokens > 0 {
			value += " of " + units.Count(float64(s.DocTokens)) + " tok"
		}
		if s.ReindexHours > 0 {
			value += " in " + units.Sig(s.ReindexHours, 3) + " h"
		}
		add("docs", "Documents to index", value, true, "Customer")
	}
	if s.Retrieval > 0 {
		add("ret", "Retrieval", units.Duration(s.Retrieval, 3), true, "Measure in a pilot")
	}
	count := func(id, name string, n int) {
		if n > 1 {
			add(id, name, units.Count(float64(n)), true, "Customer to check in logs")
		}
	}
	count("turns", "Turns of a conversation", s.Turns)
	count("calls", "Model calls of a task", s.Calls)
	if s.Router == "least" {
		add("rt", "Router", "least-loaded replica", true, "Platform team")
	}
	if s.SpecTokens > 0 {
		add("spec", "Speculative decoding", units.Count(float64(s.SpecTokens))+" tokens drafted, "+units.Sig(s.SpecAccepted, 3)+" a step", true, "Measure in a pilot")
	}
	word("pd", "Prefill and decode apart", s.Split)
}

// demandRows is the demand as it was stated.
func demandRows(d fleet.Demand, add func(id, name, value string, stated bool, next string)) {
	peak := units.Sig(d.PeakFactor, 3) + " × the average"
	if d.PeakP95 {
		peak = "95th percentile of random arrivals"
	}
	switch d.Kind {
	case fleet.People:
		add("users", "Active people", units.Count(d.Users), true, "Customer")
		add("rph", "Requests a person", units.Sig(d.ReqPerHour, 3)+" an hour", true, "Measure in a pilot")
		add("peak", "Peak", peak, true, "Customer to check in logs")
	case fleet.PerDay:
		add("day", "Requests a day", units.Count(d.ReqPerDay), true, "Customer to check in logs")
		add("peak", "Peak", peak, true, "Customer to check in logs")
	case fleet.InFlight:
		add("flight", "Requests in flight", units.Count(d.InFlight), true, "Customer to check in logs")
	default:
		add("rps", "Peak load", units.Rate(d.ReqPerS), d.ReqPerS != link.Default().Demand.ReqPerS, "Customer to check in logs")
	}
}

// StatusText is "2 confirmed, 3 assumed, 17 defaults".
func StatusText(rows []Assumption) string {
	n := map[Status]int{}
	for _, a := range rows {
		n[a.Status]++
	}
	return units.Count(float64(n[Confirmed])) + " confirmed, " + units.Count(float64(n[Assumed])) + " assumed, " + Count(n[Standard], "default")
}
