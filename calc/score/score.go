// Package score predicts measured rows and says how far the predictions are
// off.
//
// A Resolver turns a row into a Case: the replica, the load and the kind of
// run that was measured. A Runner predicts cases one after another. Summarize
// adds up the errors, each figure apart, with the coverage and the width of
// the ranges. Everything is done row by row, so that a worker can show
// progress and stop, and a command can share rows among goroutines (one
// Runner each).
package score

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Kind is how a row was measured.
type Kind string

const (
	// Closed keeps a number of requests in flight; all start at once.
	Closed Kind = "closed"
	// Open lets requests arrive at random at a rate.
	Open Kind = "open"
	// Static runs one batch from first prompt to last token, without a queue.
	Static Kind = "static"
	// Offline queues every request at the start and measures throughput only.
	Offline Kind = "offline"
)

// Case is a row in terms of the engine: what to simulate. Replica may be
// changed before the case is run: a Profile, a Scheduler or an Engine with
// another memory rule take the place of the catalog's.
type Case struct {
	Row      *measured.Row
	Protocol *measured.Protocol
	Kind     Kind
	Replica  step.Replica
	Load     serve.Load // of one copy
	Copies   int        // replicas that share the load evenly, ≥ 1
	Version  string     // release by which builds are found
	// FrontEnd is false where no server stood before the engine: the front
	// end's costs and the fixed delay of the first token are then left out.
	FrontEnd bool
	Notes    []Note
}

// Note is something assumed about a row that the reader should know.
type Note struct{ Code, Text string }

// Reason is why a row is not scored; "" = it is.
type Reason string

// The closed list of reasons. ReasonUse is the table's own word, the others
// are what the tool cannot do.
const (
	ReasonUse    Reason = "use: no"
	ReasonModel  Reason = "unknown model"
	ReasonGPU    Reason = "unknown GPU"
	ReasonMetric Reason = "no metric"
	ReasonMemory Reason = "does not fit in memory"
)

// Prediction is what the model says about a case. Latencies are in seconds;
// throughput is over all copies.
type Prediction struct {
	TTFT, ITL     serve.Quantiles
	OutputTokPerS float64
	Binding       serve.Limit
	Saturated     bool // open loop: more arrives than is served
	// TokensInFlight are the tokens that running requests of all copies hold in
	// the KV cache, on average; KVShare is how much of the memory for it they
	// take, 0 to 1. Both 0 = not known.
	TokensInFlight, KVShare float64
	Profile                 *catalog.Profile
	Tier                    fleet.Confidence
	// The 10–90 % range reaches from value/factor to value·factor; 0 = unknown.
	TTFTFactor, ITLFactor, RateFactor float64
}

// Pair is one figure of a row, measured and predicted, in base units.
type Pair struct {
	Measured measured.Opt
	Model    measured.Opt
	Low      float64 // 10–90 % range of the prediction; both 0 = unknown
	High     float64
}

// Both reports whether the pair can be compared.
func (p Pair) Both() bool { return p.Measured.OK && p.Model.OK }

// Ratio is model/measured − 1.
func (p Pair) Ratio() float64 { return p.Model.Value/p.Measured.Value - 1 }

// Inside reports whether the measurement lies in the predicted range.
func (p Pair) Inside() bool { return p.Measured.Value >= p.Low && p.Measured.Value <= p.High }

// Scored is a row with its prediction, or the reason why there is none.
type Scored struct {
	Row    *measured.Row
	Case   Case // empty without a prediction
	Reason Reason
	Detail string // a sentence on the reason

	Prediction      Prediction
	TTFT, ITL       Pair // of the row's statistic
	TTFTP95, ITLP95 Pair
	OutputTokPerS   Pair
}

// Row predicts one row. The Runner's buffers are reused.
func (r *Runner) Row(res *Resolver, row *measured.Row) Scored {
	s := Scored{Row: row}
	c, reason, detail := res.Case(row)
	if reason != "" {
		s.Reason, s.Detail = reason, detail
		return s
	}
	p, err := r.Run(&c)
	if err != nil {
		s.Reason, s.Detail = reasonOf(err), err.Error()
		return s
	}
	s.Case, s.Prediction = c, p
	s.fill()
	return s
}

// fill pairs the row's figures with the prediction's.
func (s *Scored) fill() {
	p, row := &s.Prediction, s.Row
	if s.Case.Kind != Offline {
		s.TTFT = pair(row.TTFT, statistic(p.TTFT, row.Statistic), p.TTFTFactor)
		s.TTFTP95 = pair(row.TTFTP95, p.TTFT.P95, p.TTFTFactor)
		if row.Output > 1 {
			s.ITL = pair(row.ITL, statistic(p.ITL, row.Statistic), p.ITLFactor)
		}
	}
	s.OutputTokPerS = pair(row.OutputTokPerS, p.OutputTokPerS, p.RateFactor)
}

func pair(m measured.Opt, model, factor float64) Pair {
	if !(model > 0) {
		return Pair{Measured: m}
	}
	p := Pair{Measured: m, Model: measured.Some(model)}
	if factor >= 1 {
		p.Low, p.High = model/factor, model*factor
	}
	return p
}

// statistic picks what the row states of a latency over requests.
func statistic(q serve.Quantiles, s measured.Statistic) float64 {
	switch s {
	case measured.P50:
		return q.P50
	case measured.P90:
		return q.P90
	case measured.P95:
		return q.P95
	case measured.P99:
		return q.P99
	}
	return q.Mean
}
