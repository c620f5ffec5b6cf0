package bench

import "math"

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
	crowded bool // arrivals of the window had to wait for others to end
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
	if o.Browser && o.Cap > 0 && p.Kind == Probes {
		p.MaxConcurrency = min(p.MaxConcurrency, o.Cap)
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
		r.maxOpen, r.lags, r.crowded = r.open, r.lags[:0], false
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
