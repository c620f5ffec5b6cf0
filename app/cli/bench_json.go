//go:build !js

package cli

import (
	"math"

	"fleetsize/app/wire"
	"fleetsize/calc/bench"
	"fleetsize/calc/units"
)

// changeDoc is one line of bench compare -json.
type changeDoc struct {
	Load      string   `json:"load"`
	Metric    string   `json:"metric"`
	Unit      string   `json:"unit"`
	Before    *float64 `json:"before"`
	After     *float64 `json:"after"`
	Worse     *float64 `json:"worse_pct"`
	Regressed bool     `json:"regressed"`
}

// compareDoc is what bench compare -json prints.
type compareDoc struct {
	bench.Head
	Tolerance float64         `json:"tolerance_pct"`
	Regressed bool            `json:"regressed"`
	Changes   []changeDoc     `json:"changes"`
	Unmatched []string        `json:"unmatched"`
	Warnings  []bench.Warning `json:"warnings"`
}

func compareJSON(c *bench.Comparison, tolerance float64) ([]byte, error) {
	number := func(x float64) *float64 {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		x = units.Round(x, 6)
		return &x
	}
	defined := append(bench.Definitions(), bench.PowerDefinitions()...)
	d := compareDoc{Head: bench.NewHead("compare", defined), Tolerance: tolerance, Regressed: c.Regressed(), Changes: []changeDoc{}, Unmatched: append([]string{}, c.Unmatched...), Warnings: append([]bench.Warning{}, c.Warnings...)}
	for _, x := range c.Changes {
		d.Changes = append(d.Changes, changeDoc{x.Load, x.Metric, x.Unit, number(x.A), number(x.B), number(100 * x.Worse), x.Regressed})
	}
	return wire.Encode(d)
}
