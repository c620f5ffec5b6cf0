package export

import (
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// The finding of a load chart counts requests as people do.
func TestLoadFinding(t *testing.T) {
	g := &catalog.GPU{Short: "L4"}
	at := func(inFlight int, ttft float64) fleet.LoadPoint {
		return fleet.LoadPoint{InFlight: inFlight, At: serve.Result{TTFT: serve.Quantiles{P95: ttft}}}
	}
	for want, points := range map[string][]fleet.LoadPoint{
		"One L4 meets every target at 1 request in flight, and not at twice as many": {at(1, 0.5), at(2, 2)},
		"One L4 meets every target up to 1 request in flight":                        {at(1, 0.5)},
		"One L4 meets every target up to 2 requests in flight":                       {at(1, 0.5), at(2, 0.6)},
		"One L4 misses a target even with one request in flight":                     {at(1, 2), at(2, 3)},
	} {
		if got := LoadFinding(catalog.Targets{TTFT: 1, Percentile: "95"}, g, fleet.Layout{TP: 1, PP: 1}, points); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
