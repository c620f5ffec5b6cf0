// Package serve predicts what a replica does under a load: latencies,
// throughput and what limits them.
//
// Sim is the engine of record, an event-skipping simulation of continuous
// batching over the step cost: between two admissions or completions every
// running request gains one token per step and the step time grows linearly,
// so any number of steps is one arithmetic series. Events are admissions,
// completions and arrivals, never single tokens.
//
// With speculative decoding a decode step yields the stated mean number of
// tokens to every running request, and a request takes ⌈(out−1)/gain⌉ of them.
// Attention replicas of a group share its steps; each brings its own token
// budget and limit of sequences, a prompt is computed by one of them, and they
// are taken to be filled evenly. Several kinds of request may share a replica:
// see Class. Split is a disaggregated replica: prefill and
// decode instances as queues of their own with the transfer of the cache
// between them.
//
// Closed, Open, Capacity, MaxRate and MaxInFlight are the closed form over the
// same cost. They bracket searches, preview while a slider moves, and check
// the simulation; they are never shown as final answers.
package serve

import "math"

// Quantiles summarizes one latency over requests, in seconds.
type Quantiles struct{ Mean, P50, P90, P95, P99 float64 }

// At is the statistic that targets are stated in: "mean", "50", "90", "95" (the
// default) or "99".
func (q Quantiles) At(percentile string) float64 {
	switch percentile {
	case "mean":
		return q.Mean
	case "50":
		return q.P50
	case "90":
		return q.P90
	case "99":
		return q.P99
	}
	return q.P95
}

// Known is q with NaN for what is not above zero: answers of a single token
// have no time per token, which the engine states as 0.
func (q Quantiles) Known() Quantiles {
	for _, x := range []*float64{&q.Mean, &q.P50, &q.P90, &q.P95, &q.P99} {
		if !(*x > 0) {
			*x = math.NaN()
		}
	}
	return q
}

// Load is the traffic one replica sees.
type Load struct {
	Input, Output int     // nominal tokens
	LengthRatio   float64 // each length uniform on [ratio, 1] × nominal; 1 (or 0) = exact
	CachedShare   float64 // share of each prompt served from the prefix cache, [0, 1)

	// Mix: several kinds of request instead of the one above, which then does
	// not count; nil = one kind. It is a pointer so that loads can be compared.
	Mix *[]Class

	// Prefilled: prompts come with their KV cache and first token from replicas
	// that compute prompts only. TTFT is then the wait until decoding starts, and
	// E2E counts from arrival; see Split.
	Prefilled bool

	// Closed loop: Concurrency requests in flight at all times (Rate = 0).
	Concurrency int
	// Rounds > 0: a finite run of Rounds × Concurrency requests that all start
	// at once, opening wave included. 0: steady state.
	Rounds float64

	// Open loop: Rate requests/s (Concurrency = 0).
	Rate     float64
	Constant bool // evenly spaced instead of Poisson

	Requests int    // measured requests; 0 = a sensible default
	Seed     uint64 // same seed, same result
}

// Limit names what binds a result.
type Limit string

const (
	LimitTTFT         Limit = "ttft"
	LimitITL          Limit = "itl"
	LimitE2E          Limit = "e2e"
	LimitCompute      Limit = "compute"
	LimitBandwidth    Limit = "bandwidth"
	LimitKV           Limit = "kv_memory"
	LimitMaxSequences Limit = "max_sequences"
	LimitFrontEnd     Limit = "front_end"
	LimitLoad         Limit = "load" // nothing binds
)

// Words names a limit of the replica itself in a few words, e.g. "prefill
// compute". Targets are worded by whoever set them.
func (l Limit) Words() string {
	switch l {
	case LimitCompute:
		return "prefill compute"
	case LimitBandwidth:
		return "memory bandwidth"
	case LimitKV:
		return "KV-cache memory"
	case LimitMaxSequences:
		return "maximum running requests"
	case LimitFrontEnd:
		return "serving front end"
	}
	return "load"
}

// Result is what a replica does under a load.
type Result struct {
	TTFT, ITL, E2E Quantiles // seconds; over requests. ITL is 0 where no request has a second token
	ReqPerS        float64
	OutputTokPerS  float64
	TotalTokPerS   float64
	Running        float64 // time average of admitted requests
	Waiting        float64 // time average of requests not yet admitted
	KVUsedBytes    float64 // time average, reserved memory included
	Preemptions    float64 // per request
	Busy           float64 // share of time a step is running, [0, 1]
	Saturated      bool    // open loop: the load exceeds capacity, so the latencies grow with run length
	Binding        Limit   // LimitKV, …, LimitLoad: never a target (targets are fleet's)
	// Classes are the latencies of each class of a mix, in its order; nil without
	// one. It is a pointer so that results can be compared.
	Classes *[]Latencies
}
