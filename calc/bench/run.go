package bench

import (
	"fmt"
	"math"
	"slices"
)

// Options are what a transport knows about itself.
type Options struct {
	// Counter counts tokens of prompts and answers; nil = CharsPerToken.
	Counter Counter
	// Browser is set in the page; Cap is how many connections the browser
	// gives to this address, 0 = unknown.
	Browser bool
	Cap     int
	// Raw keeps every request with its arrivals for the report.
	Raw bool
}

// Run is a plan under way. It belongs to one goroutine, or is guarded by the
// transport's lock.
//
// A transport calls Step at the start, after every Done, and at the time of
// Wake, and carries out what it returns. In between it reports Sent, Headers
// and Lag. Each started request must end in exactly one Done.
type Run struct {
	plan     Plan
	opts     Options
	prompter Prompter
	strategy strategy

	now     float64
	state   State
	phase   Phase
	index   int     // of phase; -1 = warm-up
	begun   float64 // of the phase
	rampEnd float64 // latest end of the ramp
	w0, w1  float64 // of the window; w1 < 0 while it is open
	issued  int     // measured requests of this phase
	slots   []slot
	fresh   int // slots below this index were there before the phase
	arrival float64
	random  rng

	flights map[int]*flight
	open    int // with headers
	maxOpen int
	nextID  int
	recent  []Record // that may touch this phase's window
	raw     []Record
	lags    []float64
	results []PhaseResult
	out     []Action

	dialect   dialect
	scale     map[int]float64 // by nominal length: counted tokens to ask for, per token
	lastScale float64
	latency   float64 // E2E of a recent request of this length in seconds, 0 = not known
	quickest  float64 // the shortest of them, 0 = not known
	rate      float64 // most requests per second that a phase of this shape finished
	sum       Live
	successes int
	fails     int // since the last success
	failSince float64
	lastFail  Failure
	ending    bool // the strategy wants no more phases
	stop      *Stop
	aborting  bool
	seen      map[string]bool
	outcome   Outcome
}

// slot is one place of a closed loop.
type slot struct {
	flight *flight
	due    float64
	fails  int
	cycles int // finished since the phase began
}

// flight is a request under way.
type flight struct {
	id, phase int
	slot      int // -1 = open loop
	measured  bool
	dialect   dialect
	asked     int // counted tokens
	input     int
	output    int
	sent      bool
	headers   bool
	aborted   bool
	late      bool // issued after the window
}

// New prepares a run of a plan. The error names what cannot be done.
func New(p Plan, o Options) (*Run, error) {
	p, err := p.Defaults()
	if err != nil {
		return nil, err
	}
	if o.Counter == nil {
		o.Counter = CharsPerToken{}
	}
	r := &Run{
		plan: p, opts: o, strategy: strategyOf(&p),
		prompter: Prompter{p.Seed, o.Counter, p.Shared},
		index:    -1, w0: never, w1: never,
		flights: map[int]*flight{}, scale: map[int]float64{}, dialect: fullDialect,
		random: seeded(p.Seed, -3), seen: map[string]bool{},
	}
	return r, nil
}

// Plan is the plan with its defaults filled in.
func (r *Run) Plan() Plan { return r.plan }

// Sent says that a request was handed to the network.
func (r *Run) Sent(id int, at float64) {
	if f := r.flights[id]; f != nil {
		f.sent = true
	}
}

// Headers says that the status of a request is known.
func (r *Run) Headers(id int, at float64) {
	if f := r.flights[id]; f != nil && !f.headers {
		f.headers = true
		r.open++
		r.maxOpen = max(r.maxOpen, r.open)
	}
}

// Lag says how late the client's heartbeat was, in seconds. Ten to a hundred
// beats per second are useful.
func (r *Run) Lag(late float64) {
	if late >= 0 && !math.IsInf(late, 0) && len(r.lags) < 1<<20 {
		r.lags = append(r.lags, late)
	}
}

// Stop ends the run: what is under way is aborted, what is finished is kept.
func (r *Run) Stop(code StopCode, text string) {
	if r.stop == nil && r.state != Over {
		r.stop = &Stop{code, text}
	}
}

// Over reports whether the run is finished.
func (r *Run) Over() bool { return r.state == Over }

// Results are the finished phases.
func (r *Run) Results() []PhaseResult { return r.results }

// Live is how far the run is.
func (r *Run) Live() Live {
	l := r.sum
	l.State, l.Phase, l.Index, l.InFlight, l.Open, l.Measured = r.state, r.phase, r.index, len(r.flights), r.open, r.issued
	l.Elapsed = r.now - r.begun
	switch {
	case r.state == Tail || r.state == Over:
		l.Share = 1
	case r.state != Window:
	case r.phase.Seconds > 0:
		l.Share = min((r.now-r.w0)/r.phase.Seconds, 1)
		if r.phase.MinRequests > 0 {
			l.Share = min(l.Share, float64(r.issued)/float64(r.phase.MinRequests))
		}
	case r.phase.Requests > 0:
		l.Share = min(max(float64(r.issued-1)/float64(r.phase.Requests), 0), 1)
	}
	return l
}

// Done takes a finished request. Step must follow.
func (r *Run) Done(rec Record) {
	f := r.flights[rec.ID]
	if f == nil {
		return
	}
	delete(r.flights, rec.ID)
	if f.headers {
		r.open--
	}
	r.now = max(r.now, rec.End)
	if rec.Class == HTTP4xx && (rec.Status == 400 || rec.Status == 422) {
		r.adapt(f, &rec)
	}
	if f.aborted && rec.Class != OK {
		rec.Class = Canceled
	}
	r.tally(f, &rec)
	r.learn(f, &rec)
	if rec.End >= r.begun {
		r.recent = append(r.recent, rec)
	}
	if r.opts.Raw {
		r.raw = append(r.raw, rec)
	}
	if f.slot >= 0 && f.slot < len(r.slots) && r.slots[f.slot].flight == f {
		s := &r.slots[f.slot]
		s.flight = nil
		s.cycles++
		s.due = max(rec.End, 0)
		if rec.Class.Failed() {
			s.fails++
			s.due += backoff(s.fails, rec.RetryAfter)
		} else {
			s.fails = 0
		}
	}
	if rec.Class == Adapted && f.measured {
		r.issued--
	}
}

// backoff is how long a slot waits after failing several times in a row, in
// seconds: what the server asks for (30 s at most), else 0.1 s doubling to 5 s.
func backoff(fails int, asked float64) float64 {
	if asked > 0 {
		return min(asked, 30)
	}
	return min(0.1*math.Pow(2, float64(min(fails, 8)-1)), 5)
}

// adapt leaves out an option after a server refused a request.
func (r *Run) adapt(f *flight, rec *Record) {
	if f.dialect != r.dialect { // another request has adapted already
		rec.Class = Adapted
		return
	}
	if r.successes > 0 {
		return
	}
	if next, ok := r.dialect.without(rec.Text); ok {
		r.dialect = next
		rec.Class = Adapted
	}
}

// tally keeps the sums that hard limits and the display look at.
func (r *Run) tally(f *flight, rec *Record) {
	r.sum.Done++
	in := rec.Input
	if in < 0 {
		in = f.input
		if rec.Headers < 0 || rec.Class.Failed() && rec.First < 0 {
			in = 0
		}
	}
	r.sum.Tokens += in + rec.Output
	l := &r.plan.Limits
	r.sum.USD += (float64(in)*l.InUSD + float64(rec.Output)*l.OutUSD) / 1e6
	switch {
	case rec.Class.Failed():
		r.sum.Failed++
		if r.fails == 0 {
			r.failSince = rec.End
		}
		r.fails++
		r.lastFail = Failure{rec.Class, rec.Text}
		if r.lastFail.Text == "" {
			r.lastFail.Text = rec.Class.Text()
		}
	case rec.OK():
		r.successes++
		r.fails = 0
	}
}

// learn keeps what later phases start from: how long a request takes, and how
// many tokens of the counter make a prompt of the wanted length.
func (r *Run) learn(f *flight, rec *Record) {
	if !rec.OK() {
		return
	}
	if t := rec.TPOT(); t >= 0 {
		r.latency = rec.TTFT() + t*float64(max(f.output-1, 0))
	} else {
		r.latency = rec.E2E()
	}
	if f.output == r.phase.Output && (r.quickest == 0 || r.latency < r.quickest) {
		r.quickest = r.latency
	}
	if rec.Input > 0 && f.asked > 0 {
		// Proportional correction; a template adds a constant, so it is
		// repeated as long as it is off by more than half a percent.
		if off := float64(rec.Input-f.input) / float64(f.input); math.Abs(off) > 0.005 {
			next := float64(f.asked) - float64(rec.Input-f.input)
			if math.Abs(off) > 0.1 {
				next = float64(f.asked) * float64(f.input) / float64(rec.Input)
			}
			r.scale[f.input] = min(max(next/float64(f.input), 0.1), 10)
			r.lastScale = r.scale[f.input]
		} else if r.scale[f.input] == 0 {
			r.scale[f.input] = float64(f.asked) / float64(f.input)
		}
	}
}

// Step moves the run to time now and returns what to do.
func (r *Run) Step(now float64) []Action {
	r.now = max(r.now, now)
	r.out = nil
	for range 1000 { // each pass changes the state or ends
		if !r.advance() {
			break
		}
	}
	return r.out
}

// Wake is when Step must be called next at the latest, in seconds since the
// start of the run; with requests in flight it may be far away.
func (r *Run) Wake() float64 {
	wake := r.now + 1
	at := func(t float64) {
		if t > r.now {
			wake = min(wake, t)
		}
	}
	at(r.plan.Limits.Seconds)
	switch r.state {
	case Ramp:
		at(r.rampEnd)
	case Window:
		at(r.w0 + r.phase.Seconds)
		at(r.w0 + r.phase.MaxSeconds)
	case Tail:
		at(r.w1 + r.tail())
	}
	if r.state != Over && r.state != Clear {
		if r.phase.Closed() {
			for i := range r.slots {
				if r.slots[i].flight == nil {
					at(r.slots[i].due)
				}
			}
		} else {
			at(r.arrival)
		}
	}
	return wake
}

// advance does what is due and reports whether the state changed.
func (r *Run) advance() bool {
	if r.state == Over {
		return false
	}
	r.checkLimits()
	if r.stop != nil {
		return r.shutDown()
	}
	switch r.state {
	case Idle:
		return r.nextPhase()
	case Clear:
		if len(r.flights) > 0 {
			return false
		}
		r.begin()
		return true
	case Ramp:
		if !r.rampOver() {
			r.launch()
		}
		if !r.rampOver() {
			return false
		}
		r.state, r.w0, r.w1, r.issued = Window, r.now, never, 0
		r.maxOpen, r.lags = r.open, r.lags[:0]
		return true
	case Window:
		if r.windowOver() {
			r.state, r.w1 = Tail, r.now
			return true
		}
		r.launch()
		return r.windowOver()
	case Tail:
		if r.measuredInFlight() == 0 {
			r.endPhase(false)
			return true
		}
		if r.now >= r.w1+r.tail() {
			r.abort(func(f *flight) bool { return !f.late })
			return false
		}
		r.launch()
	}
	return false
}

// nextPhase asks the strategy what comes now.
func (r *Run) nextPhase() bool {
	var phase Phase
	if !r.ending {
		var ok bool
		if phase, ok = r.strategy.next(r); !ok {
			r.ending = true
		} else if s := r.exhausted(phase.Input, phase.Output); s != nil {
			r.stop = s
		}
	}
	if r.stop != nil {
		return true
	}
	if r.ending {
		r.abort(func(*flight) bool { return true })
		if len(r.flights) > 0 {
			return false
		}
		r.finish()
		return true
	}
	keep := phase.Closed() && r.phase.same(&phase) && phase.Concurrency >= r.phase.Concurrency && !r.phase.Warmup && !phase.Restart
	if !keep {
		r.abort(func(*flight) bool { return true })
		r.slots = nil
	}
	if !r.phase.same(&phase) {
		r.latency *= float64(phase.Output) / float64(max(r.phase.Output, 1))
		r.quickest, r.rate = r.latency, 0
	}
	r.phase = phase
	r.state = Clear
	if keep || len(r.flights) == 0 {
		r.begin()
	}
	return true
}

// begin starts the ramp of the phase.
func (r *Run) begin() {
	p := &r.phase
	r.index = len(r.results)
	if p.Warmup {
		r.index = -1
	}
	r.begun, r.w0, r.w1, r.issued = r.now, never, never, 0
	r.recent = slices.DeleteFunc(r.recent, func(q Record) bool { return q.End < r.now })
	r.fresh = len(r.slots)
	r.state = Ramp
	ramp := max(p.Seconds, 10)
	if r.latency > 0 {
		ramp = min(ramp, 2*r.latency)
	}
	r.rampEnd = r.now + ramp
	if p.Closed() {
		added := p.Concurrency - r.fresh
		gap := r.gap(added, ramp)
		for i := range added {
			r.slots = append(r.slots, slot{due: r.now + gap*float64(i)})
		}
		for i := range r.slots {
			r.slots[i].cycles = 0
		}
	} else {
		r.arrival = r.now
	}
	r.out = append(r.out, Action{Kind: PhaseStart, Phase: *p})
}

// gap is the time between the first requests of added slots, so that they do
// not come as waves, which would last for many generations when all answers
// are equally long: a request's time shared out over the slots, but no faster
// than the service was seen to finish requests, which spaces the ends of those
// that have to queue.
func (r *Run) gap(added int, ramp float64) float64 {
	gap := r.quickest / float64(max(added, 1))
	if r.rate > 0 {
		gap = max(gap, 1/r.rate)
	}
	return min(gap, ramp/2/float64(max(added, 1)))
}

// rampOver reports whether the load has built up: every added slot was used
// and has finished once, or the ramp has taken its longest time. One request
// at a time needs no ramp.
func (r *Run) rampOver() bool {
	p := &r.phase
	if !p.Closed() {
		return r.now >= r.rampEnd
	}
	if p.Concurrency == 1 || r.fresh == len(r.slots) {
		return true
	}
	settled := true
	for i := range r.slots[r.fresh:] {
		s := &r.slots[r.fresh+i]
		if s.flight == nil && s.cycles == 0 {
			return false
		}
		settled = settled && s.cycles > 0
	}
	return settled || r.now >= r.rampEnd
}

// windowOver reports whether enough was issued.
func (r *Run) windowOver() bool {
	p := &r.phase
	age := r.now - r.w0
	if r.exhausted(p.Input, p.Output) != nil {
		return true
	}
	if p.MaxSeconds > 0 && age >= p.MaxSeconds {
		return true
	}
	if p.Seconds > 0 {
		return age >= p.Seconds && r.issued >= p.MinRequests
	}
	return r.issued >= p.Requests && r.launchDue()
}

// launchDue reports whether another request would be sent now.
func (r *Run) launchDue() bool {
	if !r.phase.Closed() {
		return r.arrival <= r.now
	}
	for i := range r.slots {
		if r.slots[i].flight == nil && r.slots[i].due <= r.now {
			return true
		}
	}
	return false
}

// tail is how long the end of a phase may take.
func (r *Run) tail() float64 {
	if r.phase.TailSeconds > 0 {
		return r.phase.TailSeconds
	}
	if r.phase.Seconds == 0 {
		return r.plan.Limits.RequestSeconds
	}
	return max(4*r.phase.Seconds, 30)
}

// measuredInFlight counts what the window's numbers wait for: its own requests
// and older ones, whose tokens may have come inside it.
func (r *Run) measuredInFlight() int {
	n := 0
	for _, f := range r.flights {
		if !f.late {
			n++
		}
	}
	return n
}

// launch sends what is due.
func (r *Run) launch() {
	p := &r.phase
	if !p.Closed() {
		for r.arrival <= r.now && len(r.flights) < r.plan.Limits.InFlight && r.mayStart() {
			due := r.arrival
			step := 1 / p.Rate
			if p.Poisson {
				step *= r.random.exponential()
			}
			r.arrival += step
			r.start(-1, due)
		}
		return
	}
	for i := range r.slots {
		if s := &r.slots[i]; s.flight == nil && s.due <= r.now && r.mayStart() {
			s.flight = r.start(i, s.due)
		}
	}
}

// mayStart reports whether neither the phase nor a limit forbids a request.
func (r *Run) mayStart() bool {
	return r.stop == nil && !r.full() && r.exhausted(r.phase.Input, r.phase.Output) == nil
}

// full reports whether a counting window has issued all it wants.
func (r *Run) full() bool {
	return r.state == Window && r.phase.Seconds == 0 && r.issued >= r.phase.Requests
}

// start makes the next request.
func (r *Run) start(slot int, due float64) *flight {
	p := &r.phase
	f := &flight{id: r.nextID, phase: r.index, slot: slot, dialect: r.dialect, input: p.Input, output: p.Output}
	f.measured, f.late = r.state == Window, r.state == Tail
	f.asked = p.Input
	s, ok := r.scale[p.Input]
	if !ok {
		s = r.lastScale // of another length: close, until this one has its own
	}
	if s > 0 {
		f.asked = max(int(math.Round(float64(p.Input)*s)), 1)
	}
	path, body, err := r.dialect.body(r.plan.API, r.plan.Model, r.prompter.Prompt(f.id, f.asked), p.Output)
	if err != nil {
		r.Stop(StopInternal, fmt.Sprintf("A request could not be written: %v.", err))
		return nil
	}
	r.nextID++
	if f.measured {
		r.issued++
	}
	r.flights[f.id] = f
	l := &r.plan.Limits
	r.out = append(r.out, Action{Kind: Start, ID: f.id, Request: &Request{
		ID: f.id, Phase: f.phase, Measured: f.measured, Due: due, Input: p.Input, Output: p.Output, Path: path, Body: body,
		TimeoutSeconds: l.RequestSeconds, StallSeconds: l.StallSeconds,
	}})
	return f
}

// abort ends the requests that a condition picks.
func (r *Run) abort(pick func(*flight) bool) {
	var ids []int
	for id, f := range r.flights {
		if !f.aborted && pick(f) {
			f.aborted = true
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		r.out = append(r.out, Action{Kind: Abort, ID: id})
	}
}

// endPhase turns the phase's records into a result.
func (r *Run) endPhase(cut bool) {
	r.state = Idle
	if r.index < 0 {
		return
	}
	res := PhaseResult{Phase: r.phase, Index: r.index, Start: r.w0, End: r.w1, Cut: cut || r.short(), MaxOpen: r.maxOpen, Lag: NewDist(r.lags)}
	res.measure(r.recent, r.plan.Tiers[0])
	res.Limited = res.limited(r.opts.Browser, r.opts.Cap)
	if res.Cut && r.stop == nil {
		r.stop = r.exhausted(r.phase.Input, r.phase.Output)
	}
	r.results = append(r.results, res)
	if mean, ok := res.Output.Mean(); ok && mean > 0 && r.phase.Closed() {
		r.rate = max(r.rate, res.OutputTokPerS/mean)
	}
	r.out = append(r.out, Action{Kind: PhaseEnd, Phase: r.phase, Result: &r.results[len(r.results)-1]})
}

// short reports whether the window ended before it had what the phase asks for.
func (r *Run) short() bool {
	p := &r.phase
	if p.MaxSeconds > 0 && r.w1-r.w0 >= p.MaxSeconds {
		return false
	}
	if p.Seconds > 0 {
		return r.w1-r.w0 < p.Seconds
	}
	return r.issued < p.Requests
}

// shutDown aborts what is under way and keeps what is finished.
func (r *Run) shutDown() bool {
	r.abort(func(*flight) bool { return true })
	if len(r.flights) > 0 {
		if !r.aborting {
			r.aborting = true
			if r.state == Window {
				r.w1 = r.now
			}
		}
		return false
	}
	switch r.state {
	case Ramp: // nothing was measured yet: keep what there is
		r.w0, r.w1 = r.begun, max(r.now, r.begun+1e-3)
		for i := range r.recent {
			if q := &r.recent[i]; q.Phase == r.index {
				q.Measured = true
				r.issued++
			}
		}
		if r.issued > 0 {
			r.endPhase(true)
		}
	case Window, Tail:
		if r.w1 < 0 {
			r.w1 = r.now
		}
		r.endPhase(true)
	}
	r.finish()
	return true
}

func (r *Run) finish() {
	r.state = Over
	r.strategy.finish(r)
	r.out = append(r.out, Action{Kind: Finished})
}
