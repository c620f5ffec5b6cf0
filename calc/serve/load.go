package serve

import (
	"fmt"
	"math"

	"fleetsize/calc/step"
)

// Largest figures a load may have. They are far above any real one and keep a
// run's time and memory bounded.
const (
	MaxTokens      = 100_000_000
	MaxConcurrency = 1_000_000
	MaxRequests    = 20_000_000
	maxRate        = 1e9
)

// LoadError is a load that cannot be simulated, and why.
type LoadError struct{ Field, Text string }

func (e *LoadError) Error() string { return e.Text }

func badLoad(field, format string, args ...any) error {
	return &LoadError{field, fmt.Sprintf(format, args...)}
}

// Validate reports the first fault of the load as a *LoadError.
func (l Load) Validate() error {
	if len(l.Classes()) > 0 {
		return l.validMix()
	}
	bad := badLoad
	switch {
	case l.Input < 1 || l.Input > MaxTokens:
		return bad("Input", "input of %d tokens: use 1 to %d", l.Input, MaxTokens)
	case l.Output < 1 || l.Output > MaxTokens:
		return bad("Output", "output of %d tokens: use 1 to %d", l.Output, MaxTokens)
	case !(l.LengthRatio >= 0 && l.LengthRatio <= 1):
		return bad("LengthRatio", "length ratio %g: use 0 to 1 (1 = exact lengths)", l.LengthRatio)
	case !(l.CachedShare >= 0 && l.CachedShare < 1):
		return bad("CachedShare", "cached share %g: use 0 to less than 1", l.CachedShare)
	case l.Concurrency < 0 || l.Concurrency > MaxConcurrency:
		return bad("Concurrency", "%d requests in flight: use 1 to %d", l.Concurrency, MaxConcurrency)
	case !(l.Rate >= 0 && l.Rate <= maxRate):
		return bad("Rate", "rate of %g requests/s: use more than 0, at most %g", l.Rate, maxRate)
	case l.Concurrency > 0 && l.Rate > 0:
		return bad("Rate", "both requests in flight and a rate are given: give one")
	case l.Concurrency == 0 && l.Rate == 0:
		return bad("Rate", "no traffic: give requests in flight or a rate above 0")
	case !(l.Rounds >= 0 && l.Rounds*float64(max(l.Concurrency, 1)) <= MaxRequests):
		return bad("Rounds", "%g rounds: use 0 to %g", l.Rounds, MaxRequests/float64(max(l.Concurrency, 1)))
	case l.Rounds > 0 && l.Concurrency == 0:
		return bad("Rounds", "rounds need requests in flight")
	case l.Requests < 0 || l.Requests > MaxRequests:
		return bad("Requests", "%d requests: use 0 (default) to %d", l.Requests, MaxRequests)
	}
	return nil
}

// RequestTooLargeError says that one request of full length does not fit into
// the replica's KV memory.
type RequestTooLargeError struct {
	Tokens       int     // prompt and output
	RequestBytes float64 // what it holds at full length
	KVBytes      float64 // what there is
	ShortPerGPU  float64 // bytes missing on every GPU, > 0
}

func (e *RequestTooLargeError) Error() string {
	return fmt.Sprintf("one request of %d tokens needs %.2f GB of KV cache and the replica has %.2f GB: use more GPUs per replica, a smaller KV precision or a shorter context",
		e.Tokens, e.RequestBytes/1e9, e.KVBytes/1e9)
}

// Fits reports whether one request of full length fits into the KV memory
// (of one attention replica) when it runs alone, else a *RequestTooLargeError.
// In a mix every class has to.
func Fits(c *step.Cost, l Load) error {
	for k := range l.Classes() {
		if err := Fits(c, l.class(k)); err != nil {
			return err
		}
	}
	if len(l.Classes()) > 0 {
		return nil
	}
	tokens := l.Input + l.Output
	need := c.RequestBytes(float64(tokens))
	room := c.RankKVCapacity()
	if need <= room {
		return nil
	}
	gpus := float64(c.Replica().GPUs()) / float64(c.Ranks())
	return &RequestTooLargeError{
		Tokens: tokens, RequestBytes: need, KVBytes: room,
		ShortPerGPU: max((need-room)/gpus, 1),
	}
}

// ratio is the length ratio with 0 read as 1.
func (l *Load) ratio() float64 {
	if l.LengthRatio > 0 {
		return l.LengthRatio
	}
	return 1
}

// cached is how many of in prompt tokens come from the prefix cache. The last
// one is always computed: it yields the first output token.
func (l *Load) cached(in float64) float64 {
	if l.CachedShare == 0 {
		return 0
	}
	return min(math.Floor(l.CachedShare*in), in-1)
}
