package views

import (
	"strconv"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/calc/explain"
	"fleetsize/calc/units"
)

// What a measured endpoint showed is explained by the same registry as the
// sizing. The third part of a reference is "p" and the number of a phase, "m"
// and a load for what is expected of it, "t" and the number of a service level,
// "k" for the knee, "r" and the number of a report, "s" and a figure for the
// errors of predictions against a table, "h" for rows of it, "q" and the
// number of a request, "a" and that of a figure of the checked answers, or "f"
// and that of a fitted parameter.

// saw makes a number of the Measure view explain itself.
func saw(id, about, text string) string {
	if !strings.ContainsAny(text, "0123456789") {
		return text
	}
	return mark(explain.Ref("seen_"+id, "", about), text)
}

// phaseRef refers to a phase, and loadRef to what is expected at its load.
func phaseRef(i int) string { return "p" + countPlain(i) }

func loadRef(in, out, n int) string {
	return "m" + countPlain(n) + "x" + countPlain(in) + "x" + countPlain(out)
}

// seen is what explains the numbers of the Measure view under the third part of
// a reference.
func (v *Page) seen(arg string) (s explain.Shown, ok bool) {
	if arg == "" {
		return s, false
	}
	l := &v.endpoint
	n, _ := strconv.Atoi(arg[1:])
	switch arg[0] {
	case 'a':
		if n < 0 || n >= len(v.replies.seen) {
			return s, false
		}
		return v.replies.seen[n], true
	case 'r':
		return v.seenReport(n)
	case 's':
		return v.study.seenErrors(arg)
	case 'h':
		return v.study.seenRows(arg)
	case 'f':
		return v.study.seenParameter(n)
	case 'q':
		return l.seenRequest(n)
	}
	if l.session == nil {
		return s, false
	}
	results := l.session.Run().Results()
	switch arg[0] {
	case 'p':
		if n < 0 || n >= len(results) {
			return s, false
		}
		return l.seenPhase(results, n), true
	case 'm':
		load := strings.Split(arg[1:], "x")
		if len(load) != 3 {
			return s, false
		}
		var at [3]int
		for i, w := range load {
			at[i], _ = strconv.Atoi(w)
		}
		return l.seenModel(at[1], at[2], at[0])
	}
	out := l.session.Run().Outcome()
	if arg == "k" && out.Knee > 0 {
		return explain.Shown{About: "load test", Sure: "Measured", Figures: map[string]float64{"seen_knee": float64(out.Knee)},
			Sources: map[string]string{"seen_knee": defined("knee")}}, true
	}
	if arg[0] != 't' || n < 0 || n >= len(out.Capacity) {
		return s, false
	}
	c := &out.Capacity[n]
	s = explain.Shown{About: c.Tier.ID + " service level", Sure: "Confirmed by bounds at 95 %", Figures: map[string]float64{}, Sources: map[string]string{}}
	for id, load := range map[string]int{"seen_pass": c.Pass, "seen_fail": c.Fail} {
		if load >= 0 {
			s.Figures[id], s.Sources[id] = float64(load), evidence(c, load)
		}
	}
	return s, true
}

// seenPhase are the figures of a phase, by its place among the results.
func (l *liveState) seenPhase(results []bench.PhaseResult, i int) explain.Shown {
	r := &results[i]
	failed := 0
	for _, n := range r.Errors {
		failed += n
	}
	s := explain.Shown{
		About: phaseName(&r.Phase), Sure: "Measured, " + plural(r.Requests, "request"),
		Figures: map[string]float64{
			"seen_requests": float64(r.Requests), "seen_errors": float64(failed), "seen_within": r.GoodFraction * float64(r.Requests),
			"seen_seconds": r.Seconds(), "seen_tokens": r.OutputTokPerS * r.Seconds(),
		},
		Sources: map[string]string{
			"seen_requests": defined("requests"), "seen_errors": defined("errors"), "seen_within": defined("goodput"), "seen_seconds": "length of the phase's window",
			"seen_tokens": defined("output_tok_s"), "seen_in_flight": "plan of the measurement", "seen_rate": "plan of the measurement", "seen_before": "the phase before",
		},
	}
	if r.Phase.Closed() {
		s.Figures["seen_in_flight"] = float64(r.Phase.Concurrency)
	} else {
		s.Figures["seen_rate"] = r.Phase.Rate
	}
	if i > 0 && results[i-1].OutputTokPerS > 0 {
		s.Figures["seen_before"] = results[i-1].OutputTokPerS
	}
	for _, q := range []struct {
		id, key string
		d       bench.Dist
		at      float64
	}{
		{"seen_ttft", "ttft_ms", r.TTFT, 0.5}, {"seen_ttft_slow", "ttft_ms", r.TTFT, 0.95}, {"seen_tpot", "tpot_ms", r.TPOT, 0.5},
		{"seen_speed", "speed_tok_s", r.Speed, 0.5}, {"seen_speed_slow", "speed_tok_s", r.Speed, 0.25}, {"seen_counted", "counted_speed_tok_s", r.CountedSpeed, 0.5},
	} {
		if x, ok := q.d.Quantile(q.at); ok {
			s.Figures[q.id], s.Sources[q.id] = x, defined(q.key)+" "+plural(q.d.N(), "value")+" of this phase."
		}
	}
	if m, ok := l.seenModel(r.Phase.Input, r.Phase.Output, r.Phase.Concurrency); ok {
		s.Figures["seen_model_output"], s.Sources["seen_model_output"] = m.Figures["seen_model_output"], m.Sources["seen_model_output"]
	}
	return s
}

// seenModel is what is expected of the endpoint with so many in flight.
func (l *liveState) seenModel(in, out, n int) (s explain.Shown, ok bool) {
	g, ok := l.ghost.at(in, out, n)
	if !ok {
		return s, false
	}
	from := "closed form for " + l.ghost.name + ", before any fit to these measurements"
	return explain.Shown{
		About: phaseName(&bench.Phase{Concurrency: n, Input: in, Output: out}), Sure: "A quick estimate by the closed form, for " + l.ghost.name,
		Figures: map[string]float64{"seen_in_flight": float64(n), "seen_model_output": g.tokS, "seen_model_ttft": g.ttft, "seen_model_tpot": g.tpot},
		Sources: map[string]string{"seen_in_flight": "point of the line", "seen_model_output": from, "seen_model_ttft": from, "seen_model_tpot": from},
	}, true
}

// defined is how a metric of a report is measured.
func defined(key string) string {
	for _, d := range append(bench.Definitions(), bench.PowerDefinitions()...) {
		if d.Key == key {
			return d.Text
		}
	}
	return key
}

// evidence is what was seen at a load of a search for capacity.
func evidence(c *bench.Capacity, load int) string {
	for _, p := range c.Probes {
		if p.Concurrency == load && p.N > 0 {
			return "of " + plural(p.N, "request") + ", failed ones included, " + countText(p.Slow) + " were slower than " + units.Sig(c.Tier.P25Speed, 3) +
				" tok/s (a quarter may be) and " + countText(p.Late) + " later than " + units.Duration(c.Tier.P95TTFT, 3) + " (one in twenty may be); bounds at 95 %"
		}
	}
	return "no request was needed to tell"
}
