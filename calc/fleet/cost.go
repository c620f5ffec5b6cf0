package fleet

import (
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
)

// The runs behind an option's simulated figures: requests of one run while
// rates are searched, and requests and number of runs at the planned peak.
const (
	SearchRequests = searchRequests
	FinalRequests  = finalRequests
	FinalRuns      = finalSeeds
)

// Cost is the step cost of one replica of the option under requirement r, and
// the lengths of the requests it serves, without traffic.
func (o *Option) Cost(r *Requirement) (*step.Cost, serve.Load, error) {
	var e Estimator
	p, err := e.replica(r, o.GPU, o.Layout, o.Weights, o.KV)
	if err != nil {
		return nil, serve.Load{}, err
	}
	return p.cost, p.shape, nil
}
