//go:build !js

package mock

import (
	"net/http"
	"time"
)

// hold waits until a request of the given time on one of the slots is over.
func (s *Server) hold(a *answer, d time.Duration) error {
	a.job = newJob(a.n, a.in, 1, time.Duration(a.rec.ArrivalUS)*time.Microsecond)
	a.job.ttft = d
	s.items.submit(a.job)
	defer s.items.cancel(a.job)
	_, err := a.wait()
	if at, ok := a.job.start(); ok {
		a.rec.StartUS = at.Microseconds()
	}
	a.rec.FlushUS = []int64{s.now().Microseconds()}
	return err
}

// itemTime is what a request of n texts takes.
func (s *Server) itemTime(n int) time.Duration {
	return s.cfg.ItemBase + s.cfg.ItemCost*time.Duration(n)
}

// single runs a request that has no tokens: prepare reads it and says how long
// it takes and what writes the answer.
func (s *Server) single(w http.ResponseWriter, r *http.Request, prepare func(*answer) (d time.Duration, reply func(), err error)) {
	s.active.Add(1)
	defer s.active.Add(-1)
	a := answer{s: s, w: w, ctx: r.Context()}
	var err error
	defer func() {
		a.rec.EndUS = s.now().Microseconds()
		s.trace.add(a.rec)
	}()
	var d time.Duration
	var reply func()
	if a.n, a.rec, a.quirk, err = s.open(w, r); err == nil {
		d, reply, err = prepare(&a)
	}
	if err != nil {
		s.fail(w, &a.rec, err)
		return
	}
	a.rec.Input, a.rec.Status = a.in, http.StatusOK
	if err := s.hold(&a, d); err != nil {
		a.rec.Canceled = true
		panic(http.ErrAbortHandler)
	}
	reply()
}
