package bench

import (
	"fmt"
	"math"
	"slices"
)

// Change is one metric of one load in two reports.
type Change struct {
	Load   string  // "4 in flight", the phase's own name where it is a load of its own
	Metric string  // key in the report
	Unit   string  // "ms", "tok/s", ""
	A, B   float64 // before, after
	// Worse is the relative change for the worse, negative = better; absolute
	// for rates of answers.
	Worse float64
	// Regressed is set where Worse exceeds the tolerance.
	Regressed bool
}

// Comparison is what changed between two reports.
type Comparison struct {
	Changes  []Change
	Warnings []Warning
	// Unmatched are the loads that only one of the reports has.
	Unmatched []string
}

// Regressed reports whether anything got worse by more than the tolerance.
func (c *Comparison) Regressed() bool {
	return slices.ContainsFunc(c.Changes, func(x Change) bool { return x.Regressed })
}

// compared are the metrics of a comparison. Medians and p95 of latency,
// throughput, speed and the share of answers.
var compared = []struct {
	key, unit  string
	higher     bool // is better
	of         func(*PhaseDoc) *float64
	n          func(*PhaseDoc) int
	needs      int     // values for the metric to mean anything
	floor      float64 // differences below it are noise, in the metric's unit
	definition string
}{
	{"ttft_ms.p50", "ms", false, func(p *PhaseDoc) *float64 { return p.TTFT.P50 }, func(p *PhaseDoc) int { return p.TTFT.N }, 1, 2, "ttft_ms"},
	{"ttft_ms.p95", "ms", false, func(p *PhaseDoc) *float64 { return p.TTFT.P95 }, func(p *PhaseDoc) int { return p.TTFT.N }, 20, 5, "ttft_ms"},
	{"tpot_ms.p50", "ms", false, func(p *PhaseDoc) *float64 { return p.TPOT.P50 }, func(p *PhaseDoc) int { return p.TPOT.N }, 1, 0.1, "tpot_ms"},
	{"e2e_ms.p50", "ms", false, func(p *PhaseDoc) *float64 { return p.E2E.P50 }, func(p *PhaseDoc) int { return p.E2E.N }, 1, 5, "e2e_ms"},
	{"output_tok_s", "tok/s", true, func(p *PhaseDoc) *float64 { return p.OutputTokPerS }, func(p *PhaseDoc) int { return p.Completed }, 1, 0, "output_tok_s"},
	{"speed_tok_s.p25", "tok/s", true, func(p *PhaseDoc) *float64 { return p.Speed.P25 }, func(p *PhaseDoc) int { return p.Speed.N }, 4, 0, "speed_tok_s"},
	{"response_rate", "", true, func(p *PhaseDoc) *float64 { return p.ResponseRate }, func(p *PhaseDoc) int { return p.Requests }, 1, 0, "response_rate"},
	{"power.joule_per_output_token", "J", false, func(p *PhaseDoc) *float64 { return p.Power.energy() }, func(p *PhaseDoc) int { return p.Completed }, 1, 0, ""},
}

// Compare lists how report b differs from report a, load by load, with every
// change for the worse over the tolerance (a share: 0.05 = 5 %) marked.
// Metrics whose definitions differ are not compared; what weakens a comparison
// is a warning.
func Compare(a, b *Document, tolerance float64) Comparison {
	var c Comparison
	warn := func(code, format string, args ...any) {
		c.Warnings = append(c.Warnings, Warning{code, fmt.Sprintf(format, args...)})
	}
	if a.ClientLimited || b.ClientLimited {
		warn("client_limited", "A report was limited by its client; differences may come from there.")
	}
	if a.CutShort || b.CutShort {
		warn("cut_short", "A report was cut short.")
	}
	if a.Setup.Transport != b.Setup.Transport {
		warn("transport", "The reports come from different transports (%s, %s).", a.Setup.Transport, b.Setup.Transport)
	}
	matched := map[string]bool{}
	for i := range a.Phases {
		key := a.Phases[i].load()
		if matched[key] {
			continue
		}
		matched[key] = true
		p, q := a.largest(key), b.largest(key)
		if q == nil {
			c.Unmatched = append(c.Unmatched, "only before: "+key)
			continue
		}
		for _, m := range compared {
			if x, y := a.Definitions[m.definition].ID, b.Definitions[m.definition].ID; x != y {
				warn("definition", "%s is defined differently (%s, %s) and not compared.", m.key, x, y)
				continue
			}
			x, y := m.of(p), m.of(q)
			if x == nil || y == nil || m.n(p) < m.needs || m.n(q) < m.needs {
				continue
			}
			c.Changes = append(c.Changes, change(key, m.key, m.unit, *x, *y, m.higher, m.floor, tolerance))
		}
	}
	for j := range b.Phases {
		if key := b.Phases[j].load(); !matched[key] {
			c.Unmatched = append(c.Unmatched, "only after: "+key)
			matched[key] = true
		}
	}
	for _, x := range a.Capacity {
		for _, y := range b.Capacity {
			if x.Tier == y.Tier && x.Pass != nil && y.Fail != nil && x.P25Speed == y.P25Speed && x.P95TTFT == y.P95TTFT {
				ch := Change{Load: "tier " + x.Tier, Metric: "capacity", A: float64(*x.Pass), B: math.NaN()}
				if y.Pass != nil {
					ch.B = float64(*y.Pass)
				}
				ch.Regressed = *y.Fail <= *x.Pass
				if ch.Regressed {
					ch.Worse = 1 - float64(max(*y.Fail-1, 0))/float64(max(*x.Pass, 1))
				}
				c.Changes = append(c.Changes, ch)
			}
		}
	}
	return c
}

// change judges one pair of numbers.
func change(load, metric, unit string, x, y float64, higher bool, floor, tolerance float64) Change {
	ch := Change{Load: load, Metric: metric, Unit: unit, A: x, B: y}
	worse := y - x
	if higher {
		worse = x - y
	}
	if unit == "" {
		ch.Worse = worse
	} else if x > 0 {
		ch.Worse = worse / x
	}
	ch.Regressed = ch.Worse > tolerance && worse > floor
	return ch
}

// largest is the phase with the most requests of those that sent the same: a
// search looks at a load several times. nil = there is none.
func (d *Document) largest(load string) (best *PhaseDoc) {
	for i := range d.Phases {
		if p := &d.Phases[i]; p.load() == load && (best == nil || p.Requests > best.Requests) {
			best = p
		}
	}
	return best
}

// load names what a phase sent, so that phases of two reports can be matched.
func (p *PhaseDoc) load() string {
	shape := fmt.Sprintf("%d/%d tokens", p.InputWanted, p.OutWanted)
	if p.Concurrency != nil {
		return inFlight(*p.Concurrency) + ", " + shape
	}
	rate := 0.0
	if p.Rate != nil {
		rate = *p.Rate
	}
	return rateLabel(rate, p.Loop == "poisson") + ", " + shape
}

// sortedKeys are the keys of a count by name, in order.
func sortedKeys(m map[string]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
