//go:build !js

package mock

import (
	"sync"
	"time"
)

// constant is the engine of constant latencies: slots and a queue.
type constant struct {
	now   func() time.Duration
	slots int

	mu      sync.Mutex
	running int
	queue   []*job
}

// slot is a job's hold on one of the slots.
type slot struct {
	timer *time.Timer
	end   time.Duration
}

func (e *constant) submit(j *job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running >= e.slots {
		e.queue = append(e.queue, j)
		return
	}
	e.running++
	e.grant(j, j.arrival)
}

// grant starts a request at time at, which may lie a little back: the slot's
// last holder ended then.
func (e *constant) grant(j *job, at time.Duration) {
	j.started.Store(int64(at))
	for i := range j.out {
		j.due <- at + j.ttft + time.Duration(i)*j.itl
	}
	close(j.due)
	end := at + j.ttft + time.Duration(j.out-1)*j.itl
	s := &slot{end: end}
	j.state = s
	s.timer = time.AfterFunc(end-e.now(), func() { e.release(j, end) })
}

// release frees the slot at time at for the longest waiting request.
func (e *constant) release(j *job, at time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if j.state == nil {
		return
	}
	j.state = nil
	e.free(at)
}

func (e *constant) free(at time.Duration) {
	if len(e.queue) == 0 {
		e.running--
		return
	}
	next := e.queue[0]
	e.queue = e.queue[1:]
	e.grant(next, max(at, next.arrival))
}

func (e *constant) cancel(j *job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	j.canceled.Store(true)
	for i, q := range e.queue {
		if q == j {
			e.queue = append(e.queue[:i:i], e.queue[i+1:]...)
			return
		}
	}
	if s, ok := j.state.(*slot); ok {
		s.timer.Stop()
		j.state = nil
		e.free(min(e.now(), s.end))
	}
}

func (e *constant) waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.queue)
}
