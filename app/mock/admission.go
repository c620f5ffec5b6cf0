//go:build !js

package mock

// receive takes what has arrived by time t through the front end.
func (e *stepped) receive(t float64) {
	for len(e.arrived) > 0 && e.arrived[0].job.arrival.Seconds() <= t {
		r := e.arrived[0]
		e.arrived = e.arrived[1:]
		e.front = max(e.front, r.job.arrival.Seconds()) + e.requestCost
		r.ready = e.front
		e.queue = append(e.queue, r)
	}
}

// bytes is the memory of a request that holds tokens.
func (e *stepped) bytes(r *run, tokens float64) float64 {
	return e.fixed(r.in+r.out) + e.perToken*tokens
}

func (e *stepped) held() (sum float64) {
	for _, r := range e.running {
		tokens := r.in + r.made
		if r.prefilling {
			tokens++
		}
		sum += e.bytes(r, tokens)
	}
	return sum
}

func (e *stepped) reserved() (sum float64) {
	for _, r := range e.running {
		sum += r.reserved
	}
	return sum
}

// evict puts the newest requests back until the next step fits into memory.
func (e *stepped) evict() (any bool) {
	if !e.grow {
		return false
	}
	for len(e.running) > 1 && e.held() > e.capacity {
		n := len(e.running) - 1
		r := e.running[n]
		e.running = e.running[:n]
		r.ready = e.now
		e.queue = append([]*run{r}, e.queue...)
		any = true
	}
	return any
}

// admit starts waiting requests in order while they fit; one always, when
// nothing runs.
func (e *stepped) admit() {
	for len(e.queue) > 0 && e.queue[0].ready <= e.now {
		r := e.queue[0]
		first := e.bytes(r, r.in+r.made+1)
		r.reserved = max(e.bytes(r, r.in+e.share*r.out), first)
		if len(e.running) > 0 && (len(e.running) >= e.maxRunning || e.reserved()+r.reserved > e.capacity || e.grow && e.held()+first > e.capacity) {
			return
		}
		e.queue = e.queue[1:]
		r.prefilling, r.left = true, r.in+r.made-r.cached
		if _, before := r.job.start(); !before {
			r.job.started.Store(int64(seconds(e.now)))
		}
		e.running = append(e.running, r)
	}
}
