package fit

import (
	"errors"
	"math"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Observation is one measured row: what was run, under which load, and what
// came out.
type Observation struct {
	_ [0]func() // nothing compares it: no code for that in the program

	// Replica is the system measured. Its Profile, Scheduler and the memory
	// share of its Engine are what is fitted; what they hold is ignored.
	Replica step.Replica
	// Load is the traffic. Rounds is replaced where Run is set.
	Load serve.Load
	// Static marks a batch that starts together and never changes: Load's
	// Concurrency is its size, the first token comes after one prefill step.
	Static bool

	TTFT, ITL     float64 // seconds, means over requests; 0 = not measured
	OutputTokPerS float64 // 0 = not measured; checked, never fitted

	Group string // one curve or one system; data are left out by group
	Shape string // "500/2000"; data are left out by shape, too
	Build string // whose settings (token budget, …) are unknown together, e.g. "nim 1.8.0 llama-3-1-8b tp1"; "" = the scheduler of Replica is known
	Run   string // whose run length is unknown together; "" = Load.Rounds is known
	Name  string // for messages, e.g. "line 12"
}

// Prediction is what the model says about an observation. A figure that was
// not to be predicted is 0.
type Prediction struct {
	TTFT, ITL     float64 // seconds
	OutputTokPerS float64
	Saturated     bool // requests wait for memory, sequences or the front end
}

// ErrNoObservations is returned where there is nothing to fit.
var ErrNoObservations = errors.New("fit: no usable measurements: give rows with a prompt length, an output length, a load and a TTFT or ITL")

// usable reports whether the row can take part in a fit.
func (o *Observation) usable() bool {
	good := func(v float64) bool { return v > 0 && !math.IsInf(v, 1) }
	return o.Replica.Model != nil && o.Replica.GPU != nil && o.Replica.Engine != nil &&
		(good(o.TTFT) || good(o.ITL)) && o.Load.Validate() == nil && o.Load.Output > 1
}

// system is what a cost depends on besides the setting.
type system struct {
	model   *catalog.Model
	gpu     *catalog.GPU
	engine  *catalog.Engine
	tp, pp  int
	weights catalog.Weights
	kv      catalog.Precision
	build   string
}

func (o *Observation) system() system {
	r := &o.Replica
	return system{r.Model, r.GPU, r.Engine, r.TP, r.PP, r.Weights, r.KV, o.Build}
}
