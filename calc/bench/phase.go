package bench

import "math"

// Warning is doubt about a phase or a run, with a stable code.
type Warning struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// PhaseResult is what one phase showed.
type PhaseResult struct {
	Phase      Phase
	Index      int
	Start, End float64 // of the window, seconds since the start of the run
	Cut        bool    // ended before its time
	Settling   float64 // seconds at the start of the window that were not steady and are left out

	Requests  int // issued in the window
	Completed int // of these, with a complete answer
	Censored  int // of these, ended by us
	Errors    map[Class]int
	Messages  []string // of failed requests, the first few different ones

	TTFT, TTFA, TPOT, ICL, E2E, Queue Dist // seconds
	TTFB, NTPOT                       Dist // seconds
	ITL                               Dist // seconds; empty without the server's running count
	DueTTFT, DueE2E                   Dist // seconds since the scheduled arrival; of an open loop
	Time100                           Dist // seconds to 100 tokens
	Prefill                           Dist // prompt tok/s; of a lone request
	Speed, CountedSpeed               Dist // tok/s
	Input, Output                     Dist // tokens of complete answers
	From                              string

	OutputTokPerS    float64
	CompletedTokPerS float64
	InputTokPerS     float64 // of requests whose first token came in the window
	RequestPerS      float64
	Blocks           []float64 // output tok/s by equal parts of the window
	ResponseRate     float64
	ErrorRate        float64
	Goodput          float64 // req/s
	GoodFraction     float64

	InFlight float64 // mean over the window
	MaxOpen  int     // most answers with headers at once
	Lag      Dist    // lateness of the client's heartbeat, seconds
	Limited  *Limited
	Warnings []Warning

	records []Record // measured, without arrivals
}

// Seconds is the length of the window.
func (r *PhaseResult) Seconds() float64 { return r.End - r.Start }

// Overstatement is by how much the median speed in the server's own tokens is
// above that in tokens of the counter, as a share; ok is false where one of
// them is not known.
func (r *PhaseResult) Overstatement() (share float64, ok bool) {
	native, ok := r.Speed.Quantile(0.5)
	counted, both := r.CountedSpeed.Quantile(0.5)
	if !ok || !both || counted <= 0 {
		return 0, false
	}
	return native/counted - 1, true
}

// Met reports how many of the requests met both limits of a tier. A failed one
// meets nothing; an unfinished one or one without a speed is judged by what it
// has.
func (r *PhaseResult) met(t Tier) int {
	n := 0
	for i := range r.records {
		q := &r.records[i]
		if !q.OK() || q.TTFT() > t.P95TTFT {
			continue
		}
		if s := q.Speed(); s >= 0 && s < t.P25Speed {
			continue
		}
		n++
	}
	return n
}

// maxICL bounds the gaps that are kept of one phase.
const maxICL = 200_000

// maxTogether is the most tokens that one read may claim to have brought.
const maxTogether = 1000

// maxMessages is how many different messages of failures a phase keeps.
const maxMessages = 5

// measure computes a phase from the records that touch its window.
func (r *PhaseResult) measure(all []Record, tier Tier) {
	seconds := r.Seconds()
	r.Errors = map[Class]int{}
	var ttft, ttfa, ttfb, tpot, ntpot, icl, itl, e2e, hundred, queue, speed, counted, in, out, dueTTFT, dueE2E, prefill []float64
	var tokens, finished, completedTokens, input, busy float64
	gaps, told := 0, 0
	blocks := blockCount(seconds)
	r.Blocks = make([]float64, blocks)
	from := map[string]int{}
	for i := range all {
		q := &all[i]
		q.spread(r.Start, r.End, r.Blocks)
		if q.Sent >= 0 {
			busy += math.Max(0, math.Min(q.End, r.End)-math.Max(q.Sent, r.Start))
		}
		if q.OK() && q.End >= r.Start && q.End < r.End {
			finished++
			completedTokens += float64(q.Output)
		}
		if q.First >= r.Start && q.First < r.End {
			input += float64(max(q.Input, 0))
			if q.Input < 0 {
				input += float64(q.InputWanted)
			}
		}
		gaps += max(len(q.Arrivals)-1, 0)
		for k := 1; k < len(q.Arrivals); k++ {
			told += q.Arrivals[k].since(&q.Arrivals[k-1])
		}
		if !q.Measured || q.Phase != r.Index || q.Class == Adapted {
			continue
		}
		r.Requests++
		switch {
		case q.OK():
			r.Completed++
			e2e = add(e2e, q.E2E())
			tpot = add(tpot, q.TPOT())
			ntpot = add(ntpot, q.NTPOT())
			speed = add(speed, q.Speed())
			hundred = add(hundred, q.Time100())
			counted = add(counted, q.CountedSpeed())
			out = append(out, float64(q.Output))
			if q.Input >= 0 {
				in = append(in, float64(q.Input))
			}
			if t := q.TTFT(); r.Phase.Concurrency == 1 && t > 0 && q.Input > 0 && q.Cached <= 0 {
				prefill = append(prefill, float64(q.Input)/t)
			}
			if wait := q.Queue(); !r.Phase.Closed() && wait >= 0 {
				dueTTFT, dueE2E = append(dueTTFT, wait+q.TTFT()), append(dueE2E, wait+q.E2E())
			}
			from[q.From]++
		case q.Class.Censored():
			r.Censored++
		default:
			r.Errors[q.Class]++
			r.message(q)
		}
		if !q.Class.Failed() {
			ttft = add(ttft, q.TTFT())
			ttfa = add(ttfa, q.TTFA())
			ttfb = add(ttfb, q.TTFB())
		}
		queue = add(queue, q.Queue())
		bare := *q
		bare.Arrivals = nil
		r.records = append(r.records, bare)
	}
	for b := range r.Blocks {
		tokens += r.Blocks[b]
		if seconds > 0 {
			r.Blocks[b] *= float64(blocks) / seconds
		}
	}
	stride, every := gaps/maxICL+1, told/maxICL+1
	seen, made := 0, 0
	for i := range all {
		if q := &all[i]; q.Measured && q.Phase == r.Index {
			for k := 1; k < len(q.Arrivals); k++ {
				gap := q.Arrivals[k].At - q.Arrivals[k-1].At
				if seen++; seen%stride == 0 {
					icl = append(icl, gap)
				}
				n := q.Arrivals[k].since(&q.Arrivals[k-1])
				for range (made+n)/every - made/every {
					itl = append(itl, gap/float64(n))
				}
				made += n
			}
		}
	}
	r.TTFT, r.TTFA, r.TPOT, r.ICL, r.E2E, r.Queue = NewDist(ttft), NewDist(ttfa), NewDist(tpot), NewDist(icl), NewDist(e2e), NewDist(queue)
	r.Speed, r.CountedSpeed, r.Input, r.Output = NewDist(speed), NewDist(counted), NewDist(in), NewDist(out)
	r.TTFB, r.NTPOT, r.ITL, r.DueTTFT, r.DueE2E = NewDist(ttfb), NewDist(ntpot), NewDist(itl), NewDist(dueTTFT), NewDist(dueE2E)
	r.Time100, r.Prefill = NewDist(hundred), NewDist(prefill)
	r.From = most(from)
	if seconds > 0 {
		r.OutputTokPerS, r.CompletedTokPerS, r.InputTokPerS = tokens/seconds, completedTokens/seconds, input/seconds
		r.RequestPerS, r.InFlight = finished/seconds, busy/seconds
		r.Goodput = float64(r.met(tier)) / seconds
	}
	if r.Requests > 0 {
		n := float64(r.Requests)
		responded, failed := 0.0, 0.0
		for i := range r.records {
			if r.records[i].First >= 0 {
				responded++
			}
			if r.records[i].Class.Failed() {
				failed++
			}
		}
		r.ResponseRate, r.ErrorRate, r.GoodFraction = responded/n, failed/n, float64(r.met(tier))/n
	}
	r.warn()
}

// add appends a metric that exists.
func add(list []float64, x float64) []float64 {
	if x < 0 {
		return list
	}
	return append(list, x)
}

// most is the key with the highest count, the smallest of equals.
func most(n map[string]int) string {
	best := ""
	for k, v := range n {
		if best == "" || v > n[best] || v == n[best] && k < best {
			best = k
		}
	}
	return best
}

func (r *PhaseResult) message(q *Record) {
	text := q.Text
	if text == "" {
		text = q.Class.Text()
	}
	text = string(q.Class) + ": " + text
	for _, m := range r.Messages {
		if m == text {
			return
		}
	}
	if len(r.Messages) < maxMessages {
		r.Messages = append(r.Messages, text)
	}
}

// blockCount is how many parts a window has for the bootstrap: 10 s each where
// there is room, otherwise at least six.
func blockCount(seconds float64) int { return min(max(int(seconds/10), 6), 60) }
