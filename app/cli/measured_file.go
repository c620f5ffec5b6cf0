//go:build !js

package cli

import (
	"fmt"
	"io"

	"fleetsize/calc/evidence"
	"fleetsize/calc/importer"
	"fleetsize/calc/measured"
)

// measuredUsage explains the flag that ownRows reads.
const measuredUsage = `  -measured FILE
    	show the nearest row of FILE, any table or result file that fleetsize
    	validate reads, beside the computed figures; what its rows leave out is
    	taken from LINK
`

// ownRows reads the user's measurements; what the rows leave out is what the
// link is about.
func (in *input) ownRows(name string, stdin io.Reader) ([]measured.Row, error) {
	if name == "" {
		return nil, nil
	}
	data, err := tableData(name, stdin)
	if err != nil {
		return nil, fmt.Errorf("-measured: %w", err)
	}
	f, err := importer.Read(data)
	if err != nil {
		return nil, fmt.Errorf("-measured: %s: %w", name, err)
	}
	fill := measured.Fill{Model: in.req.Model.ID, Engine: in.req.Engine.ID, Weights: in.req.Model.Resolve(in.req.Weights).Main(), TP: in.req.TP}
	if len(in.req.GPUs) == 1 {
		g := in.req.GPUs[0]
		fill.GPU = g.GPU.ID
		if g.TP > 0 {
			fill.TP = g.TP
		}
	}
	f.Table.Fill(fill)
	return f.Table.Rows, nil
}

// evidence are the rows that an estimate is compared with.
func (in *input) evidence() *evidence.Index {
	x, err := evidence.Shipped(in.cat)
	if err != nil { // the tests rule it out
		x = &evidence.Index{}
	}
	x.AddRows(in.cat, in.rows, "")
	return x
}
