package wire

import (
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
)

// SweepDoc is a matrix of answers, one cell each.
type SweepDoc struct {
	SchemaVersion int         `json:"schema_version"`
	Cells         []SweepCell `json:"cells"`
	Planned       int         `json:"cells_planned"` // cells asked for
	CutShort      bool        `json:"cut_short"`     // fewer were answered
	Data          string      `json:"data"`
}

// SweepCell is one combination: what it asked for and the answer. Option is
// null where nothing serves; Excluded then says why.
type SweepCell struct {
	Link       string    `json:"link"`
	Model      string    `json:"model"`
	GPU        *string   `json:"gpu"` // the accelerator asked about; null = the best of all
	Workload   string    `json:"workload"`
	Input      int       `json:"in"`
	Output     int       `json:"out"`
	DemandReqS *float64  `json:"demand_req_s"`
	InFlight   *float64  `json:"demand_in_flight"`
	Percentile string    `json:"pct"`
	Option     *Option   `json:"option"`
	Excluded   *Excluded `json:"excluded"`
}

// Cell documents one combination. o is nil where nothing serves; x is why.
func Cell(r fleet.Requirement, s link.State, gpu string, o *fleet.Option, x *fleet.Exclusion) SweepCell {
	flight := r.Demand.Kind == fleet.InFlight
	d := SweepCell{
		Link: s.String(), Model: r.Model.ID, GPU: text(gpu), Workload: s.Workload, Input: r.Workload.Input, Output: r.Workload.Output,
		DemandReqS: known(r.Demand.PeakReqPerS(), !flight), InFlight: known(r.Demand.InFlight, flight), Percentile: r.Targets.Percentile,
	}
	switch {
	case o != nil:
		row := option(o, r, s)
		d.Option = &row
	case x != nil:
		d.Excluded = &Excluded{GPU: gpu, Reason: string(x.Reason), Text: x.Text, Nearest: nearest(x.Nearest)}
		if x.GPU != nil {
			d.Excluded.GPU = x.GPU.ID
		}
	}
	return d
}
