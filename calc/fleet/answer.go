package fleet

import (
	"fleetsize/calc/evidence"
	"fleetsize/calc/money"
	"fleetsize/calc/rag"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Confidence is what stands behind a number.
type Confidence string

const (
	Measured   Confidence = "measured"   // a measured row for this accelerator, model and shape
	Calibrated Confidence = "calibrated" // parameters fitted on this architecture under this engine
	Estimated  Confidence = "estimated"  // the same law with parameters carried over from elsewhere
	SpecsOnly  Confidence = "specs_only" // data sheet only
)

// Warning is model doubt or advice shown beside the number.
type Warning struct{ Code, Text string }

// Memory is the split of a replica's memory in bytes over all its GPUs; the
// parts sum to Capacity.
type Memory struct {
	Weights, KVUsed, KVFree, Activations, Runtime, Unusable, Capacity float64
	KVPerRequest                                                      float64 // bytes one request holds at full length
	Slots                                                             int     // requests that fit at once, MaxSequences included
}

// Range is a 10–90 % interval.
type Range struct{ Low, High float64 }

// Option is an accelerator that serves the demand, with its best layout: the
// one with the lowest cost, then the fewest GPUs.
type Option struct {
	GPU     *catalog.GPU
	Layout  Layout
	Weights catalog.Weights
	KV      catalog.Precision
	Profile *catalog.Profile
	Tier    Confidence
	// Speculation is the speculative decoding that was asked for.
	Speculation step.Speculation
	// Unseen names attention of the model that no row behind Profile has; "" = none.
	Unseen string
	// Measured is the measured row nearest to At, shown beside it; nil = none
	// matches. See package evidence.
	Measured *evidence.Match

	RateSLO       float64 // req/s of one replica with every target met
	RateMax       float64 // req/s of one replica at capacity
	SafeShare     float64 // largest share of RateMax that is planned with
	ReplicaRate   float64 // min(RateSLO, SafeShare · RateMax): what is planned with
	RandomRate    float64 // the same were requests spread at random; 0 unless the router is least-loaded and matters
	ReqPerSPerGPU float64 // ReplicaRate ÷ GPUs of a replica
	DemandReqPerS float64 // req/s the replicas were counted for, growth included
	// InFlight is the number of requests in flight one replica is planned
	// with when the demand was stated that way; 0 otherwise.
	InFlight float64
	// MaxInFlight is the requests in flight one replica holds with every target
	// met when the demand was stated that way; 0 otherwise.
	MaxInFlight float64

	ReplicasNeeded, ReplicasSpare, Replicas int
	GPUs, Nodes                             int

	At      serve.Result // one replica at the planned peak, spares idle
	Binding serve.Limit  // what keeps the replica's rate from being higher
	Memory  Memory

	USDPerMonth float64 // under the requirement's price basis; meaningful only when Priced
	Priced      bool
	KW          float64 // at the wall, cooling included; meaningful only when Powered
	Powered     bool
	PowerBasis  string     // how KW was arrived at
	Bill        money.Bill // what USDPerMonth and KW are made of
	Flow        money.Flow // requests and tokens the fleet is paid for

	// Pipeline is what runs before the model. Its GPUs are paid for besides
	// GPUs and stand in Nodes; its time is taken off the TTFT target, not
	// added to At.
	Pipeline rag.Sized

	GPURange  Range // GPUs, whole
	RateRange Range // req/s per GPU
	TTFTRange Range // seconds, at the targets' percentile
	ITLRange  Range

	RunnersUp []Alternative
	Warnings  []Warning
	Preview   bool // from the closed form, not yet simulated
}

// Alternative is a layout that also meets the targets but was not chosen.
type Alternative struct {
	Layout      Layout
	Weights     catalog.Weights
	GPUs        int
	USDPerMonth float64
	Priced      bool
	TTFT, ITL   float64 // seconds, at the targets' percentile
	Preview     bool
}

// Reason says why an accelerator is not an option.
type Reason string

const (
	ReasonMemory        Reason = "memory"
	ReasonTTFT          Reason = "ttft"
	ReasonITL           Reason = "itl"
	ReasonE2E           Reason = "e2e"
	ReasonPrecision     Reason = "precision"
	ReasonContext       Reason = "context"
	ReasonImpractical   Reason = "impractical"
	ReasonNotConsidered Reason = "not_considered"
	ReasonNoFacts       Reason = "no_facts"
)

// Nearest is the smallest single change found that removes an obstacle.
type Nearest struct {
	Pairs string // link pairs to apply, e.g. "ttft=4500ms"
	Text  string // a short sentence, e.g. "TTFT target 4.5 s"
}

// Exclusion is an accelerator that does not serve the demand, and why.
type Exclusion struct {
	GPU     *catalog.GPU
	Reason  Reason
	Text    string
	Nearest *Nearest // nil where no single change is known
}

// Problem is a fault of the requirement itself, not of an accelerator.
type Problem struct {
	Code, Text string
	Remedy     *Nearest
}

// Answer ranks every accelerator: each one of the catalog is in exactly one
// of Options and Excluded. Options are ordered by monthly cost, then the
// unpriced ones by GPUs, ties by id.
type Answer struct {
	DemandReqPerS float64 // peak demand today, req/s; 0 when stated in flight
	SizedReqPerS  float64 // the same with growth
	Options       []Option
	Excluded      []Exclusion
	Problem       *Problem
	Preview       bool // at least one row is still a preview
}
