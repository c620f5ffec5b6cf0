package bench

import (
	"fmt"
	"slices"

	"fleetsize/calc/tokens"
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
	// Late requests lower the load of a closed loop at once; arrivals at a rate
	// only shift, until the client cannot send that many.
	bearable := 0.02
	if !r.Phase.Closed() {
		bearable = 0.5
	}
	if queue > max(0.005, 0.05*ttft) && r.TTFT.N() > 0 {
		return &Limited{"launch", fmt.Sprintf("Requests left %s after they were due (p95), against a TTFT of %s (p50): this computer is too busy.", units.Duration(queue, 2), units.Duration(ttft, 2)), mean > bearable*e2e}
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

// mostPerRead is how many token-bearing events a read may bring on average for
// the gaps between reads to be those between events.
const mostPerRead = 1.5

// fewTokens is how many an answer needs for its counts to be compared: in
// shorter ones a single token is a large share.
const fewTokens = 20

// warn adds what a reader should know about the phase's numbers.
func (r *PhaseResult) warn() {
	add := func(code, format string, args ...any) {
		r.Warnings = append(r.Warnings, Warning{code, fmt.Sprintf(format, args...)})
	}
	var short, buffered, bundled, garbage, cached, differ, native, counted, events, reads int
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
		if q.OK() && !q.Buffered() {
			events, reads = events+q.Events, reads+q.Reads
		}
		if q.OK() && q.From == "usage" && q.Exact && max(q.Output, q.Counted) >= fewTokens && tokens.Mismatch(q.Output, q.Counted) {
			differ, native, counted = differ+1, native+q.Output, counted+q.Counted
		}
	}
	if short > 0 {
		mean, _ := r.Output.Mean()
		add("output_length", "%d of %d answers miss the wanted %d tokens by more than 5 %% (%s on average): the server ended them itself.", short, r.Completed, r.Phase.Output, units.Sig(mean, 3))
	}
	if buffered > 0 {
		why := "this computer or the network held them back"
		if 2*buffered > r.Requests {
			why = "a proxy holds streams back (nginx: proxy_buffering off)"
		}
		add("buffered", "%d of %d answers came all at once at their end: %s, so TTFT and time per token mean nothing for them.", buffered, r.Requests, why)
	}
	if perRead := float64(events) / float64(max(reads, 1)); perRead > mostPerRead {
		add("glued", "%s events came in each read on average: the server, the network or this computer glues them together, and gaps between reads (ICL) say little; time per token is not affected.", units.Sig(perRead, 2))
	}
	if bundled > 0 {
		add("bundled", "%d of %d answers began with more than 4 tokens at once: TTFT is too long and speed too high.", bundled, r.Requests)
	}
	if garbage > 0 {
		add("garbage", "%d of %d complete answers contained events that could not be read.", garbage, r.Completed)
	}
	if share, ok := tokens.Overstatement(native, counted); ok {
		why := "its vocabulary is finer, or it counts tokens that it does not send, such as hidden reasoning; compare speeds in o200k_base tokens"
		word := "more"
		if share < 0 {
			share, word = -share, "fewer"
			why = "it may leave reasoning out or count chunks, and speed would be too low"
		}
		add("usage", "In %d of %d answers the server counts %s tokens than o200k_base finds in the text, %s %% in all: %s.", differ, r.Completed, word, units.Sig(100*share, 2), why)
	}
	if cached > 0 {
		add("cached", "%d of %d prompts were partly taken from a prefix cache, which shortens TTFT.", cached, r.Requests)
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
	if r.Settling > 0 {
		add("settling", "The first %s of the window are left out: until then time per token was more than %s off what it was later.", units.Duration(r.Settling, 2), units.Percent(settleBand))
	}
	if r.Phase.Closed() && grouped(r.records) {
		add("waves", "Requests travel in groups: answers of equal length end together and are replaced together, so TTFT holds the wait for the prompts of the whole group. Mixed traffic spreads, and waits less at the same load.")
	}
	if trend(r.records) {
		add("drift", "TTFT rises throughout the window: no steady state, a longer phase would show worse.")
	}
}

// grouped reports whether most requests were sent close after another one: half
// of the gaps are below a tenth of their mean, which a tenth of them are when
// requests come at random. Fewer than 20 tell nothing.
func grouped(list []Record) bool {
	var sent []float64
	for i := range list {
		if list[i].Sent >= 0 {
			sent = append(sent, list[i].Sent)
		}
	}
	if len(sent) < 20 {
		return false
	}
	slices.Sort(sent)
	mean := (sent[len(sent)-1] - sent[0]) / float64(len(sent)-1)
	close := 0
	for i := 1; i < len(sent); i++ {
		if sent[i]-sent[i-1] < 0.1*mean {
			close++
		}
	}
	return 2*close > len(sent)-1
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
