package fleet

import (
	"fmt"

	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// Class is one of several workloads that share replicas: requests arrive
// together in the stated shares, and every class has targets of its own. A
// replica's rate is then the highest in all at which no class misses any.
type Class struct {
	Name     string
	Share    float64 // of the requests; counts relative to the sum of all
	Workload Workload
	Targets  catalog.Targets
}

// Shared makes the requirement one whose replicas serve all classes: Workload
// becomes their mean request, for what is counted per token, and Targets those
// of the first, for what is stated once.
func (r Requirement) Shared(classes []Class) Requirement {
	sum, in, out, cached := 0.0, 0.0, 0.0, 0.0
	for i := range classes {
		sum += classes[i].Share
	}
	for _, c := range classes {
		a, b := c.Workload.MeanTokens()
		in, out, cached = in+c.Share/sum*a, out+c.Share/sum*b, cached+c.Share/sum*a*c.Workload.CachedShare
	}
	r.Classes = classes
	r.Workload = Workload{Input: max(1, int(in+0.5)), Output: max(1, int(out+0.5)), LengthRatio: 1, CachedShare: cached / max(in, 1)}
	r.Targets = classes[0].Targets
	return r
}

// shape is the requirement's requests without traffic.
func (r *Requirement) shape() serve.Load {
	w := r.Workload
	l := serve.Load{Input: w.Input, Output: w.Output, LengthRatio: w.LengthRatio, CachedShare: w.CachedShare}
	var mix []serve.Class
	for _, c := range r.Classes {
		w := c.Workload
		mix = append(mix, serve.Class{Share: c.Share, Input: w.Input, Output: w.Output, LengthRatio: w.LengthRatio, CachedShare: w.CachedShare})
	}
	if len(mix) > 0 {
		l.Mix = &mix
	}
	return l
}

// mixKey tells mixes apart; "" without one.
func (r *Requirement) mixKey() string {
	if len(r.Classes) == 0 {
		return ""
	}
	return fmt.Sprint(*r.shape().Mix)
}

// goalsOn are the limits that are left on g, see targetsOn: of all requests, or
// of each class.
func (r *Requirement) goalsOn(g *catalog.GPU) []catalog.Targets {
	if len(r.Classes) == 0 {
		return []catalog.Targets{r.targetsOn(g)}
	}
	out := make([]catalog.Targets, len(r.Classes))
	for i := range out {
		q := *r
		q.Targets = r.Classes[i].Targets
		out[i] = q.targetsOn(g)
	}
	return out
}

// problemOfClasses is a fault of a mix that no accelerator can mend.
func (r *Requirement) problemOfClasses() *Problem {
	if len(r.Classes) == 0 {
		return nil
	}
	if r.Demand.Kind == InFlight {
		return &Problem{Code: "mix", Text: "Workloads that share replicas are sized by their requests per second."}
	}
	for _, c := range r.Classes {
		q := *r
		q.Classes, q.Workload = nil, c.Workload
		if p := q.problem(); p != nil {
			p.Text, p.Remedy = c.Name+": "+p.Text, nil
			return p
		}
	}
	if err := (serve.Load{Mix: r.shape().Mix, Rate: 1}).Validate(); err != nil {
		return &Problem{Code: "mix", Text: err.Error()}
	}
	return nil
}

// classOf is the latencies of each class, or of all requests where there is one kind.
func classOf(res *serve.Result) []serve.Latencies {
	if res.Classes != nil {
		return *res.Classes
	}
	return []serve.Latencies{{TTFT: res.TTFT, ITL: res.ITL, E2E: res.E2E}}
}

// requests is how many requests a run of n measures: more where a class is
// rare, so that its percentiles are as steady.
func (p *replica) requests(n int) int {
	sum, least := 0.0, 1.0
	for _, c := range p.shape.Classes() {
		sum += c.Share
	}
	for _, c := range p.shape.Classes() {
		if c.Share > 0 {
			least = min(least, c.Share/sum)
		}
	}
	return int(float64(n) * min(10, max(1, 0.1/least)))
}

// averageClasses puts the mean latencies of each class over runs into out.
func averageClasses(out *serve.Result, runs []serve.Result) {
	if out.Classes == nil {
		return
	}
	list := append([]serve.Latencies(nil), *out.Classes...)
	for k := range list {
		for _, of := range []func(*serve.Latencies) *serve.Quantiles{
			func(l *serve.Latencies) *serve.Quantiles { return &l.TTFT },
			func(l *serve.Latencies) *serve.Quantiles { return &l.ITL },
			func(l *serve.Latencies) *serve.Quantiles { return &l.E2E },
		} {
			var sum serve.Quantiles
			n := float64(len(runs))
			for i := range runs {
				q := of(&(*runs[i].Classes)[k])
				sum.Mean += q.Mean / n
				sum.P50 += q.P50 / n
				sum.P90 += q.P90 / n
				sum.P95 += q.P95 / n
				sum.P99 += q.P99 / n
			}
			*of(&list[k]) = sum
		}
	}
	out.Classes = &list
}

// empty is the mean latency that limit is about with no load, and of which
// class: the one furthest beyond its target.
func (r *Requirement) empty(res serve.Result, limit serve.Limit) (latency float64, class int) {
	worst := -1.0
	for k, l := range classOf(&res) {
		t := r.Targets
		if len(r.Classes) > 0 {
			t = r.Classes[k].Targets
		}
		for _, m := range metrics {
			if target := m.target(t); m.limit == limit && target > 0 && m.of(&l).Mean/target > worst {
				latency, class, worst = m.of(&l).Mean, k, m.of(&l).Mean/target
			}
		}
	}
	if worst < 0 {
		latency = res.TTFT.Mean
	}
	return latency, class
}
