package live

import (
	"fleetsize/calc/bench"
)

// Target is where requests go.
type Target struct {
	// Bases are addresses of the same service: requests take turns. More than
	// one lifts a browser's limit on connections to one address.
	Bases   []string
	Headers [][2]string // Authorization and extra ones
}

// base is the address that takes request id.
func (t *Target) base(id int) string { return t.Bases[id%len(t.Bases)] }

// Session is a run against a target over a wire.
type Session struct {
	run     *bench.Run
	target  Target
	wire    Wire
	counter bench.Counter

	started bool
	origin  float64 // ms of the wire's clock when the run began
	now     float64 // seconds since then
	flights map[int]*flight

	// Watch is told of phases as they begin and end; nil = nobody.
	Watch func(bench.Action)
}

// flight is a request that is not done.
type flight struct {
	request *bench.Request
	stream  *bench.Stream
	sent    float64 // seconds; negative = not yet
	last    float64 // of the last bytes; negative = none
	why     bench.Failure
	done    bool // told to the run; what else comes is ignored
}

// NewSession prepares a run. It begins with the first Tick.
func NewSession(p bench.Plan, o bench.Options, t Target, w Wire) (*Session, error) {
	o.Browser = true
	run, err := bench.New(p, o)
	if err != nil {
		return nil, err
	}
	return &Session{run: run, target: t, wire: w, counter: o.Counter, flights: map[int]*flight{}}, nil
}

// Run is the run, for display and for its report.
func (s *Session) Run() *bench.Run { return s.run }

// Over reports whether the run is finished.
func (s *Session) Over() bool { return s.run.Over() }

// Stop ends the run; what is finished is kept.
func (s *Session) Stop() {
	s.run.Stop(bench.StopUser, "Stopped by you.")
	s.step()
}

// Lost ends the run because the wire is gone; what is finished is kept.
func (s *Session) Lost(text string) {
	s.started = true
	s.run.Stop(bench.StopInternal, text)
	s.step()
	for id, f := range s.flights {
		s.end(id, f, s.now, bench.Failure{Class: bench.Canceled})
	}
	s.step()
}

// Tick tells the time of the wire's clock, and by how many ms it was late.
func (s *Session) Tick(at, late float64) {
	if !s.started {
		s.started, s.origin = true, at
	}
	s.now = max(s.now, s.seconds(at))
	s.run.Lag(late / 1e3)
	for id, f := range s.flights {
		q := f.request
		switch {
		case f.done || f.why.Class != bench.OK || f.sent < 0:
		case q.TimeoutSeconds > 0 && s.now-f.sent > q.TimeoutSeconds:
			f.why = bench.Failure{Class: bench.Timeout}
			s.wire.Abort(id)
		case q.StallSeconds > 0 && f.last >= 0 && s.now-f.last > q.StallSeconds:
			f.why = bench.Failure{Class: bench.Stall}
			s.wire.Abort(id)
		}
	}
	s.step()
}

// Take handles what happened, in its order.
func (s *Session) Take(events []Event) {
	finished := false
	for _, e := range events {
		f := s.flights[e.ID]
		if f == nil {
			continue
		}
		at := s.seconds(e.At)
		s.now = max(s.now, at)
		switch e.What {
		case Sent:
			f.sent = at
			f.stream.Sent(at)
			s.run.Sent(e.ID, at)
		case Head:
			f.stream.Headers(at, e.Status, e.ContentType, e.RetryAfter)
			s.run.Headers(e.ID, at)
		case Data:
			f.last = at
			if !f.done && !f.stream.Read(at, e.Bytes) {
				s.done(e.ID, f, at, bench.Failure{})
				s.wire.Abort(e.ID)
				finished = true
			}
		case End:
			s.end(e.ID, f, at, f.why)
			finished = true
		case Fail:
			s.end(e.ID, f, at, bench.Failure{Class: bench.Network, Text: e.Text})
			finished = true
		case Ended:
			if f.why.Class == bench.OK {
				f.why = bench.Failure{Class: bench.Canceled}
			}
			s.end(e.ID, f, at, f.why)
			finished = true
		}
	}
	if finished {
		s.step()
	}
}

func (s *Session) seconds(at float64) float64 { return max(0, (at-s.origin)/1e3) }

// end is the last event of a request.
func (s *Session) end(id int, f *flight, at float64, why bench.Failure) {
	s.done(id, f, at, why)
	delete(s.flights, id)
}

func (s *Session) done(id int, f *flight, at float64, why bench.Failure) {
	if f.done {
		return
	}
	f.done = true
	s.run.Done(f.stream.End(at, why))
}

// step carries out what the run wants.
func (s *Session) step() {
	if !s.started || s.run.Over() {
		return
	}
	for _, a := range s.run.Step(s.now) {
		switch a.Kind {
		case bench.Start:
			s.flights[a.ID] = &flight{request: a.Request, stream: bench.NewStream(a.Request, s.counter), sent: -1, last: -1}
			headers := [][2]string{{"Content-Type", "application/json"}, {"Accept", "text/event-stream"}}
			s.wire.Start(Send{ID: a.ID, Method: "POST", URL: s.target.base(a.ID) + a.Request.Path, Headers: append(headers, s.target.Headers...), Body: a.Request.Body})
		case bench.Abort:
			s.wire.Abort(a.ID)
		default:
			if s.Watch != nil {
				s.Watch(a)
			}
		}
	}
	if s.run.Over() {
		s.wire.Close()
		return
	}
	s.wire.Wake(s.origin + 1e3*s.run.Wake())
}
