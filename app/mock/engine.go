//go:build !js

package mock

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// engine decides when the tokens of each request appear.
type engine interface {
	// submit queues a request whose arrival is set.
	submit(*job)
	// cancel gives back what a request holds whose client has gone. It does no
	// harm to a finished one.
	cancel(*job)
	// waiting is how many requests wait for a slot.
	waiting() int
}

// job is one request as an engine sees it. Times are since the server started.
type job struct {
	seq     uint64 // order of arrival
	in, out int    // tokens; out ≥ 1
	arrival time.Duration
	ttft    time.Duration // constant engine
	itl     time.Duration

	started atomic.Int64       // when it got its slot, in ns; −1 = not yet
	due     chan time.Duration // when each token appears; room for all of them, so that no engine ever waits

	canceled atomic.Bool
	state    any // the engine's own
}

func newJob(seq uint64, in, out int, arrival time.Duration) *job {
	j := &job{seq: seq, in: in, out: out, arrival: arrival, due: make(chan time.Duration, out)}
	j.started.Store(-1)
	return j
}

// start is when the request got its slot; false = it has none yet.
func (j *job) start() (time.Duration, bool) {
	at := j.started.Load()
	return time.Duration(at), at >= 0
}

// random is a source that depends on the seed and on what it is for only.
func random(seed, of uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, of)) }

// jitter is a log-normal factor of mean 1 and relative standard deviation s.
func jitter(r *rand.Rand, s float64) float64 {
	if s <= 0 {
		return 1
	}
	v := math.Log1p(s * s)
	return math.Exp(math.Sqrt(v)*r.NormFloat64() - v/2)
}

// scale is d·f, rounded to nanoseconds.
func scale(d time.Duration, f float64) time.Duration {
	return time.Duration(math.Round(float64(d) * f))
}

// seconds converts to a Duration.
func seconds(s float64) time.Duration { return time.Duration(math.Round(s * 1e9)) }
