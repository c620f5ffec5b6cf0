//go:build !js

package mock

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// answer is one completion under way.
type answer struct {
	s       *Server
	w       http.ResponseWriter
	ctx     context.Context
	ask     ask
	n       uint64 // of the request, from 1
	chat    bool
	quirk   quirkSet
	rec     Record
	job     *job
	created int64

	in, out    int
	finish     string // reason when every token is out
	tokens     tokenText
	top        int  // log probabilities per token; −1 = none
	continuous bool // usage in every chunk
	serial     int
}

var (
	errGone    = errors.New("the client has gone")
	errClosing = errors.New("the server stops")
)

// complete answers a chat or text completion.
func (s *Server) complete(w http.ResponseWriter, r *http.Request, chat bool) {
	s.active.Add(1)
	defer s.active.Add(-1)
	a := answer{s: s, w: w, ctx: r.Context(), chat: chat, created: time.Now().Unix()}
	var err error
	defer func() {
		a.rec.EndUS = s.now().Microseconds()
		s.trace.add(a.rec)
	}()
	if a.n, a.rec, a.quirk, err = s.open(w, r); err == nil {
		err = readBody(r, &a.ask)
	}
	if err == nil {
		a.in, a.out, err = s.check(&a.ask, chat, a.quirk)
	}
	a.rec.Waiting = s.engine.waiting()
	if most := s.cfg.MaxQueue; err == nil && most > 0 && a.rec.Waiting >= most {
		err = &fault{http.StatusTooManyRequests, "rate_limit_error", "The queue is full. Try again in 1 s."}
	}
	if err != nil {
		s.fail(w, &a.rec, err)
		return
	}
	a.prepare()
	s.engine.submit(a.job)
	defer s.engine.cancel(a.job)
	a.rec.Input, a.rec.Status = a.in, http.StatusOK
	if a.ask.Stream && !a.quirk.has("no-stream") {
		err = a.stream()
	} else {
		err = a.whole()
	}
	if at, ok := a.job.start(); ok {
		a.rec.StartUS = at.Microseconds()
	}
	switch {
	case errors.Is(err, errGone):
		a.rec.Canceled = true
	case errors.Is(err, errClosing), errors.Is(err, http.ErrAbortHandler):
		panic(http.ErrAbortHandler) // cuts the connection off
	}
}

// prepare decides on the answer's text and length.
func (a *answer) prepare() {
	n := a.n
	prompt, _ := a.ask.prompt()
	style := a.s.cfg.Text
	if a.quirk.has("split-utf8") {
		style = Unicode
	}
	a.tokens = tokenText{style: style, seed: hash(a.s.cfg.Seed, prompt)}
	a.top = a.ask.alternatives()
	a.finish = "length"
	if a.ask.output() == 0 {
		a.finish = "stop"
	}
	if known := a.s.known(a.ask.last(), n); known != nil && !a.ask.IgnoreEOS {
		a.tokens.known = known
		if len(known) <= a.out {
			a.out, a.finish = len(known), "stop"
		}
	}
	if k, ok := a.quirk["early-eos"]; ok && k < a.out {
		a.out, a.finish = k, "stop"
	}
	if a.quirk.has("tool-calls") && a.finish == "stop" {
		a.finish = "tool_calls"
	}
	o := a.ask.StreamOptions
	a.continuous = !a.quirk.has("usage-absent") && (a.quirk.has("usage-continuous") || o != nil && o.IncludeUsage && o.ContinuousUsage)
	a.job = newJob(n, a.in, a.out, time.Duration(a.rec.ArrivalUS)*time.Microsecond)
	r := random(a.s.cfg.Seed, n)
	a.job.ttft = scale(a.s.cfg.TTFT, jitter(r, a.s.cfg.Jitter))
	a.job.itl = scale(a.s.cfg.ITL, jitter(r, a.s.cfg.Jitter))
}

// wait waits for the next token of the schedule. false = there are no more.
func (a *answer) wait() (bool, error) {
	select {
	case due, ok := <-a.job.due:
		if !ok {
			return false, nil
		}
		a.rec.DueUS = append(a.rec.DueUS, due.Microseconds())
		a.rec.Output++
		return true, a.sleepUntil(due)
	case <-a.ctx.Done():
		return false, errGone
	case <-a.s.closing.Done():
		return false, errClosing
	}
}

func (a *answer) sleepUntil(at time.Duration) error {
	left := at - a.s.now()
	if left <= 0 {
		return nil
	}
	t := time.NewTimer(left)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-a.ctx.Done():
		return errGone
	case <-a.s.closing.Done():
		return errClosing
	}
}
