//go:build !js

package mock

import (
	"math"
	"sync"
	"time"

	"fleetsize/calc/step"
)

// stepped is the engine of continuous batching. Its clock is that of the
// simulated steps and runs beside real time: a step ends when its time has
// passed, and only then is it decided what the next one does.
type stepped struct {
	law
	cachedShare float64
	clock       func() time.Duration
	stop        <-chan struct{}

	mu      sync.Mutex
	active  bool    // the loop runs
	now     float64 // end of the last step, s since the server started
	front   float64 // when the front end is free
	arrived []*run  // not yet through the front end
	queue   []*run  // through it, evicted ones first
	running []*run  // in order of admission
	gained  []*run  // got a token in the last step that is not sent yet
}

// run is a request in the engine. Its sizes are in tokens.
type run struct {
	job             *job
	ready           float64 // when it is through the front end
	in, out, cached float64
	left            float64 // of the prompt, to be computed
	made            float64 // of the output
	sent            int     // of it
	prefilling      bool
	prompt          bool    // its prompt ended in the step that is under way
	reserved        float64 // bytes that count at admission
}

func (e *stepped) submit(j *job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &run{job: j, in: float64(j.in), out: float64(j.out)}
	r.cached = min(math.Floor(e.cachedShare*r.in), r.in-1)
	e.arrived = append(e.arrived, r)
	if !e.active {
		e.active = true
		go e.loop()
	}
}

func (e *stepped) cancel(j *job) { j.canceled.Store(true) } // the next step notices

func (e *stepped) waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.arrived) + len(e.queue)
}

// loop runs steps until there is nothing to do.
func (e *stepped) loop() {
	for e.advance() {
		e.mu.Lock()
		until := seconds(e.now)
		e.mu.Unlock()
		wait := time.NewTimer(until - e.clock())
		select {
		case <-wait.C:
		case <-e.stop:
			wait.Stop()
			return
		}
	}
}

// advance does what is due at the present time and runs the next step, in the
// engine's time. It reports false when there is nothing left to do.
func (e *stepped) advance() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.finishStep()
	e.dropCanceled()
	e.receive(e.now)
	if !e.evict() {
		e.admit()
	}
	if len(e.running) > 0 {
		e.runStep()
		return true
	}
	if len(e.queue) == 0 {
		if len(e.arrived) == 0 {
			e.active = false
			return false
		}
		e.receive(e.arrived[0].job.arrival.Seconds())
	}
	e.now = max(e.now, e.queue[0].ready)
	return true
}

func (e *stepped) dropCanceled() {
	keep := func(list []*run) []*run {
		kept := list[:0]
		for _, r := range list {
			if !r.job.canceled.Load() {
				kept = append(kept, r)
			}
		}
		clear(list[len(kept):])
		return kept
	}
	e.arrived, e.queue, e.running = keep(e.arrived), keep(e.queue), keep(e.running)
}

// runStep runs one step and hands out its tokens.
func (e *stepped) runStep() {
	var b step.Batch
	prompts := 0
	for _, r := range e.running {
		if r.prefilling {
			prompts++
		} else {
			b.Decoding++
			b.Context += r.in + r.made
		}
	}
	if prompts > 0 && e.prefillFirst {
		b.Decoding, b.Context = 0, 0
	}
	room := max(e.budget-e.verify*b.Decoding, smallestBudget)
	var gained []*run
	in := 0
	for _, r := range e.running {
		switch {
		case r.prefilling && room > 0:
			take := min(r.left, room)
			b.PrefillFLOP += e.attention(r.in+r.made-r.left, take)
			b.PrefillTokens += take
			room -= take
			r.left -= take
			in++
			if r.left <= 0 {
				r.prefilling, r.prompt = false, true
				gained = append(gained, r)
			}
		case !r.prefilling && b.Decoding > 0:
			in++
			gained = append(gained, r)
		}
	}
	e.now += e.step(b, in)
	e.gained = append(e.gained, gained...)
	if e.requestCost == 0 {
		e.finishStep() // nothing that arrives meanwhile changes when its tokens are sent
	}
}

// finishStep sends the tokens of the last step. The front end does so when the
// step ends, after the requests that arrived during it.
func (e *stepped) finishStep() {
	if len(e.gained) == 0 {
		return
	}
	e.receive(e.now)
	tokens := 0.0
	for _, r := range e.gained {
		n := 1.0
		if r.made > 0 && !r.prompt {
			n = e.gain
		}
		r.made, r.prompt = min(r.made+n, r.out), false
		tokens += n
	}
	emit := tokens * e.tokenCost
	e.front = max(e.front, e.now) + emit
	seen := seconds(e.front - emit/2 + e.firstDelay)
	for _, r := range e.gained {
		e.deliver(r, seen)
	}
	e.gained = e.gained[:0]
	left := e.running[:0]
	for _, r := range e.running {
		if r.sent < r.job.out {
			left = append(left, r)
		}
	}
	clear(e.running[len(left):])
	e.running = left
}

// deliver hands a request the tokens it has gained. The first ones are held
// back until there are as many as the engine streams at once.
func (e *stepped) deliver(r *run, at time.Duration) {
	made := int(r.made + 1e-9) // sums of fractions are rounded
	if made < min(e.interval, r.job.out) {
		return
	}
	for ; r.sent < made; r.sent++ {
		r.job.due <- at
	}
	if r.sent == r.job.out {
		close(r.job.due)
	}
}
