package bench

import (
	"fmt"
	"slices"

	"fleetsize/calc/units"
)

// Limited says that the client, not the server, set a phase's numbers.
type Limited struct {
	Code string `json:"code"` // "connections", "heartbeat", "launch", "in_flight"
	Text string `json:"text"`
	// Severe is set where throughput itself cannot be believed.
	Severe bool `json:"severe"`
}

// limited looks for signs that the client could not keep up: a connection
// limit, a late heartbeat, late launches.
func (r *PhaseResult) limited(browser bool, cap int) *Limited {
	wanted := r.Phase.Concurrency
	if browser && wanted > r.MaxOpen && (r.MaxOpen == 6 || cap > 0 && r.MaxOpen == cap) {
		return &Limited{"connections", fmt.Sprintf("The browser opened %d connections for %d requests; the others waited inside the browser, and their TTFT counts that wait.", r.MaxOpen, wanted), true}
	}
	ttft, _ := r.TTFT.Quantile(0.5)
	e2e, _ := r.E2E.Quantile(0.5)
	queue, _ := r.Queue.Quantile(0.95)
	mean, _ := r.Queue.Mean()
	if queue > max(0.005, 0.05*ttft) && r.TTFT.N() > 0 {
		return &Limited{"launch", fmt.Sprintf("Requests left %s after they were due (p95), against a TTFT of %s (p50): this computer is too busy.", units.Duration(queue, 2), units.Duration(ttft, 2)), mean > 0.02*e2e}
	}
	at, name := 0.99, "p99"
	if r.Lag.N() < 1000 { // a 99th percentile of fewer is their maximum
		at, name = 0.95, "p95"
	}
	lag, _ := r.Lag.Quantile(at)
	slow, _ := r.Lag.Mean()
	if lag > max(0.020, 0.1*ttft) && r.Lag.N() >= 20 {
		return &Limited{"heartbeat", fmt.Sprintf("This computer's clock tick came up to %s late (%s): too busy to time a TTFT of %s (p50).", units.Duration(lag, 2), name, units.Duration(ttft, 2)), slow > 0.02}
	}
	return nil
}

// warn adds what a reader should know about the phase's numbers.
func (r *PhaseResult) warn() {
	add := func(code, format string, args ...any) {
		r.Warnings = append(r.Warnings, Warning{code, fmt.Sprintf(format, args...)})
	}
	var short, buffered, bundled, garbage, cached, under int
	for i := range r.records {
		q := &r.records[i]
		if q.ShortAnswer() {
			short++
		}
		if q.Buffered() {
			buffered++
		}
		if q.Bundled() {
			bundled++
		}
		if q.Garbage > 0 && q.OK() {
			garbage++
		}
		if q.Cached > 0 {
			cached++
		}
		if q.OK() && q.From == "usage" && q.Exact && float64(q.Output) < 0.8*float64(q.Counted) {
			under++
		}
	}
	if short > 0 {
		mean, _ := r.Output.Mean()
		add("output_length", "%d of %d answers miss the wanted %d tokens by more than 5 %% (%s on average): the server ended them itself.", short, r.Completed, r.Phase.Output, units.Sig(mean, 3))
	}
	if buffered > 0 {
		add("buffered", "%d answers came all at once at their end: a proxy holds streams back, so TTFT and time per token mean nothing for them. nginx: proxy_buffering off.", buffered)
	}
	if bundled > 0 {
		add("bundled", "%d answers began with more than 4 tokens at once: TTFT is too long and speed too high.", bundled)
	}
	if garbage > 0 {
		add("garbage", "%d complete answers contained events that could not be read.", garbage)
	}
	if under > 0 {
		add("usage", "In %d answers the server counts far fewer tokens than were sent: it may leave reasoning out, and speed would be too low.", under)
	}
	if cached > 0 {
		add("cached", "%d prompts were partly taken from a prefix cache, which shortens TTFT.", cached)
	}
	if in, ok := r.Input.Mean(); ok && (in > 1.05*float64(r.Phase.Input) || in < 0.95*float64(r.Phase.Input)) {
		add("input_length", "The server counted %s prompt tokens where %d were meant.", units.Sig(in, 3), r.Phase.Input)
	}
	if r.Censored > 0 {
		add("censored", "%d of %d requests had not finished when the phase ended; percentiles of finished ones flatter.", r.Censored, r.Requests)
	}
	if r.From == "events" && r.Completed > 0 {
		add("tokens", "The server does not report token counts: one token per event is assumed.")
	}
	if trend(r.records) {
		add("drift", "TTFT rises throughout the window: no steady state, a longer phase would show worse.")
	}
}

// trend reports whether TTFT rises significantly with the time of sending: the
// slope of a least-squares line is over three standard errors and doubles the
// mean across the window. Fewer than 20 requests tell nothing.
func trend(list []Record) bool {
	var x, y []float64
	for i := range list {
		if t := list[i].TTFT(); t >= 0 && list[i].OK() {
			x, y = append(x, list[i].Sent), append(y, t)
		}
	}
	slope, stderr, mean, ok := line(x, y)
	return ok && slope > 3*stderr && slope*(slices.Max(x)-slices.Min(x)) > mean
}
