package live

import (
	"errors"

	"fleetsize/calc/bench"
)

// Service is an endpoint that is asked.
type Service struct {
	Addr   Address
	Target Target
	Model  string // "" = the server's first
}

// Asking carries out rounds of requests that are answered at once. Before them
// it finds out whether the page can reach every endpoint.
type Asking struct {
	Checks []*Check // of the endpoints so far; the last may be under way
	Fault  string   // why it ended before its time; "" = it did not, or Stop
	Done   int      // requests that have ended
	Total  int      // 0 = not known yet

	page   Page
	ends   []Service
	wire   Wire
	plan   func(models []string) []bench.Round
	rounds []bench.Round
	round  int
	next   int // request of the round

	nextID   int
	flights  map[int]*question
	answered bool // any
	fails    int  // in a row since the beginning
	over     bool
}

// question is a request under way.
type question struct {
	round *bench.Round
	index int
	a     bench.Answer
	code  int
	why   error // we ended it
	sent  bool
}

const (
	firstAsk   = 1000     // numbers below are the checks'
	maxReply   = 64 << 20 // bytes of an answer
	patience   = 600      // seconds for an answer
	enoughFail = 5        // requests that fail before any is answered end the run
)

// kept is a wire that outlives the checks that use it.
type kept struct{ Wire }

func (kept) Close() {}

// NewAsking prepares a run. plan is asked for the rounds once the endpoints
// were reached, with the model of each.
func NewAsking(p Page, ends []Service, plan func(models []string) []bench.Round, w Wire) *Asking {
	return &Asking{page: p, ends: ends, plan: plan, wire: w, nextID: firstAsk, flights: map[int]*question{}}
}

// Begin starts the run.
func (a *Asking) Begin() { a.reach() }

// Over reports whether the run has ended.
func (a *Asking) Over() bool { return a.over }

// Cut reports whether requests were left out.
func (a *Asking) Cut() bool { return a.over && (a.Done < a.Total || a.Total == 0) }

// reach checks the next endpoint, or begins to ask.
func (a *Asking) reach() {
	n := len(a.Checks)
	if n == len(a.ends) {
		models := make([]string, n)
		for i, c := range a.Checks {
			models[i] = c.Model()
		}
		a.rounds = a.plan(models)
		a.Total = bench.Requests(a.rounds)
		a.fill()
		return
	}
	e := &a.ends[n]
	c := NewCheck(a.page, e.Addr, e.Target, "", e.Model, kept{a.wire})
	c.Rungs, c.brief = c.Rungs[:2], true
	a.Checks = append(a.Checks, c)
	c.Begin()
	a.reached(c)
}

// reached follows a check that may have ended.
func (a *Asking) reached(c *Check) {
	switch {
	case !c.Over():
	case c.Passed():
		a.reach()
	default:
		r := c.Rungs[1]
		if c.Rungs[0].Outcome == Failed {
			r = c.Rungs[0]
		}
		a.end(r.Text + " " + r.Fix)
	}
}

// fill sends what may be under way.
func (a *Asking) fill() {
	for a.round < len(a.rounds) {
		r := &a.rounds[a.round]
		for a.next < r.N && len(a.flights) < max(r.Parallel, 1) {
			ask := r.Ask(a.next)
			t := &a.ends[ask.To].Target
			headers := [][2]string{{"Content-Type", ask.Type}, {"Accept", "*/*"}}
			a.flights[a.nextID] = &question{round: r, index: a.next}
			a.wire.Start(Send{ID: a.nextID, Method: "POST", URL: t.base(a.nextID) + ask.Path, Headers: append(headers, t.Headers...), Body: ask.Body, Near: a.ends[ask.To].Addr.Place()})
			a.next++
			a.nextID++
		}
		if a.next < r.N || len(a.flights) > 0 {
			return
		}
		a.round, a.next = a.round+1, 0
	}
	a.end("")
}

// Tick tells the time of the wire's clock, in ms: requests that take too long
// are given up.
func (a *Asking) Tick(at float64) {
	for id, q := range a.flights {
		if q.sent && q.why == nil && at/1e3-q.a.Sent > patience {
			q.why = errors.New(bench.Timeout.Text())
			a.wire.Abort(id)
		}
	}
}

// Take handles what happened, in its order.
func (a *Asking) Take(events []Event) {
	for i, e := range events {
		if a.over {
			return
		}
		if e.ID < firstAsk {
			c := a.Checks[len(a.Checks)-1]
			if was := c.Over(); !was {
				c.Take(events[i : i+1])
				a.reached(c)
			}
			continue
		}
		q := a.flights[e.ID]
		if q == nil {
			continue
		}
		switch e.What {
		case Sent:
			q.a.Sent, q.sent = e.At/1e3, true
		case Head:
			q.code = e.Status
		case Data:
			if len(q.a.Body)+len(e.Bytes) > maxReply {
				q.why = errors.New(bench.Overlong.Text())
				a.wire.Abort(e.ID)
				continue
			}
			q.a.Body = append(q.a.Body, e.Bytes...)
		case End, Fail, Ended:
			q.a.Done = e.At / 1e3
			switch {
			case q.why != nil:
				q.a.Err = q.why
			case e.What == Ended:
				q.a.Err = errors.New(bench.Canceled.Text())
			case e.What == Fail:
				q.a.Err = errors.New("The browser got no answer and does not say why. The server may be gone, or may refuse requests with a body from this page (CORS).")
			case q.code/100 != 2:
				q.a.Err = bench.Refused(q.code, q.a.Body)
			}
			delete(a.flights, e.ID)
			a.took(q)
		}
	}
}

// took hands an answer on and sends what follows it, first where it can.
func (a *Asking) took(q *question) {
	a.Done++
	if q.a.Err == nil {
		a.answered = true
	} else if a.fails++; !a.answered && a.fails >= enoughFail {
		q.round.Take(q.index, q.a)
		a.end("No request was answered. " + q.a.Err.Error())
		return
	}
	last := a.next == q.round.N && len(a.flights) == 0
	if !last {
		a.fill()
	}
	q.round.Take(q.index, q.a)
	if last {
		a.fill()
	}
}

// Stop ends the run; what is finished is kept.
func (a *Asking) Stop() { a.end("") }

// Lost ends the run because the wire is gone; what is finished is kept.
func (a *Asking) Lost(text string) { a.end(text) }

func (a *Asking) end(fault string) {
	if a.over {
		return
	}
	a.over, a.Fault = true, fault
	for id := range a.flights {
		a.wire.Abort(id)
	}
	a.wire.Close()
}
