package bench

import (
	"math"

	"fleetsize/calc/tokens"
)

// never is the time of what did not happen.
const never = -1

// Arrival is one read that carried tokens.
type Arrival struct {
	At     float64 // seconds since the start of the run
	Events int     // token-bearing events in it
	Tokens int     // tokens up to here by the server's own count; -1 = not said
}

// since is how many tokens came after an earlier read by the server's own count;
// 0 where it does not say or cannot be believed.
func (a *Arrival) since(b *Arrival) int {
	if n := a.Tokens - b.Tokens; b.Tokens >= 0 && n >= 1 && n <= maxTogether {
		return n
	}
	return 0
}

// Record is one finished request. Times are seconds since the start of the
// run, -1 = did not happen.
type Record struct {
	ID    int
	Phase int // index of the phase it was issued in; -1 = warm-up
	// Measured is set on requests issued inside their phase's window.
	Measured bool
	Class    Class
	Text     string // what went wrong, for people

	Due     float64 // a slot became free, or the arrival was scheduled
	Sent    float64 // immediately before sending
	Headers float64 // status known
	First   float64 // first token-bearing event
	Answer  float64 // first token of the answer, after any reasoning
	Last    float64 // last token-bearing event
	End     float64 // end of the body, or of the attempt

	Status     int
	RetryAfter float64 // seconds the server asked to wait; 0 = did not
	Finish     string  // finish reason
	Done       bool    // "[DONE]" was sent

	InputWanted  int // nominal
	OutputWanted int
	Input        int    // prompt tokens by the server, -1 = not said
	Cached       int    // of these from a cache, -1 = not said
	Output       int    // output tokens, see From
	From         string // "usage", the name of a counter, or "events"
	Reasoning    int    // reasoning tokens by the server, -1 = not said
	Counted      int    // output tokens by the counter, 0 = no text
	Exact        bool   // the counter is exact
	FirstTokens  int    // tokens in the first event by the server's running count, else by an exact counter; 1 = neither

	Events   int // token-bearing
	Reads    int // that carried any of them
	Garbage  int // events or lines that could not be read
	Bytes    int
	Arrivals []Arrival
}

// OK reports whether the request has a complete answer.
func (r *Record) OK() bool { return r.Class == OK }

// span is b − a, or -1 where one of them did not happen.
func span(a, b float64) float64 {
	if a < 0 || b < 0 {
		return never
	}
	return b - a
}

// TTFB is the time from sending to the headers, or -1.
func (r *Record) TTFB() float64 { return span(r.Sent, r.Headers) }

// Queue is the time the request waited in the client, or -1.
func (r *Record) Queue() float64 { return span(r.Due, r.Sent) }

// TTFT is the time from sending to the first token-bearing event, or -1.
func (r *Record) TTFT() float64 { return span(r.Sent, r.First) }

// TTFA is the time from sending to the first token of the answer, or -1.
func (r *Record) TTFA() float64 { return span(r.Sent, r.Answer) }

// E2E is the time from sending to the last token-bearing event, or -1.
func (r *Record) E2E() float64 { return span(r.Sent, r.Last) }

// TPOT is (E2E − TTFT)/(tokens − 1), or -1 with fewer than two tokens or when
// the stream was buffered on its way.
func (r *Record) TPOT() float64 {
	if r.First < 0 || r.Output < 2 || r.Buffered() {
		return never
	}
	return (r.Last - r.First) / float64(r.Output-1)
}

// Speed is the output speed 1/TPOT in tok/s, or -1.
func (r *Record) Speed() float64 { return inverse(r.TPOT()) }

// CountedSpeed is the output speed in tokens of the counter, or -1.
func (r *Record) CountedSpeed() float64 {
	if r.Counted < 2 || r.Output < 2 {
		return never
	}
	if s, ok := tokens.Normalize(r.Speed(), r.Output, r.Counted); ok && s > 0 {
		return s
	}
	return never
}

func inverse(x float64) float64 {
	if x <= 0 {
		return never
	}
	return 1 / x
}

// NTPOT is E2E ÷ tokens, or -1.
func (r *Record) NTPOT() float64 {
	if r.Output < 1 || r.Last < 0 {
		return never
	}
	return r.E2E() / float64(r.Output)
}

// Buffered reports whether something between server and client held the
// answer back: ten or more tokens that all came within 2 % of the request's
// time, at its end. Its TTFT is then its E2E and its TPOT means nothing.
func (r *Record) Buffered() bool {
	return r.Output >= 10 && r.First >= 0 && r.Last-r.First < 0.02*(r.Last-r.Sent) && r.Reads <= 2+r.Output/4
}

// Bundled reports whether the first event held several tokens, as servers do
// that hide their reasoning: TTFT is then too long and speed too high.
func (r *Record) Bundled() bool { return tokens.Bundled(r.FirstTokens) }

// ShortAnswer reports whether the answer misses the wanted length by more than
// 5 % and 50 tokens, whichever is less.
func (r *Record) ShortAnswer() bool {
	want := float64(r.OutputWanted)
	return r.OK() && math.Abs(float64(r.Output)-want) > min(0.05*want, 50)
}

// TokensIn is how many output tokens arrived in [from, to): the events of each
// read weigh the same, or as much as the server's running count says.
func (r *Record) TokensIn(from, to float64) float64 {
	var sum [1]float64
	r.spread(from, to, sum[:])
	return sum[0]
}

// spread adds the tokens that arrived in [from, to) to equal parts of it.
func (r *Record) spread(from, to float64, parts []float64) {
	if r.Events == 0 || r.Output == 0 || !(to > from) {
		return
	}
	perEvent, before := float64(r.Output)/float64(r.Events), 0
	scale := float64(len(parts)) / (to - from)
	for _, a := range r.Arrivals {
		n := float64(a.Events) * perEvent
		if a.Tokens >= 0 {
			n = float64(max(a.Tokens-before, 0))
			before = max(before, a.Tokens)
		}
		if a.At >= from && a.At < to {
			parts[min(int((a.At-from)*scale), len(parts)-1)] += n
		}
	}
}

// Time100 is the time to 100 tokens of output in seconds at the request's own
// pace, TTFT + 99 · TPOT, or -1.
func (r *Record) Time100() float64 {
	if t := r.TPOT(); t >= 0 {
		return r.TTFT() + 99*t
	}
	return never
}
