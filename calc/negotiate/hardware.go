package negotiate

import (
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// HardwareRow is one accelerator put side by side with the others: the whole
// answer, and what one accelerator yields per watt and per dollar at the most
// it holds inside the targets. Whole replicas and spares are left out, so that
// hardware is compared and not the rounding of one demand.
type HardwareRow struct {
	Brief
	SpeedMedian, SpeedSlow float64 // output tokens/s of one user: median, and what nine in ten exceed
	TTFTMedian, TTFTSlow   float64 // seconds: median and p95
	TokPerSPerRatedW       float64 // output tokens/s per watt of the accelerator's rating; 0 = unknown
	TokPerSPerWallW        float64 // per watt at the wall, server and cooling included; 0 = unknown
	TokPerUSD              float64 // output tokens per USD; 0 = no price
	USDPerGPUHour          float64 // all costs of one accelerator; 0 = no price
}

// Hardware turns an answer's options into rows.
func Hardware(r *fleet.Requirement, a *fleet.Answer) []HardwareRow {
	rows := make([]HardwareRow, 0, len(a.Options))
	for _, h := range a.Hardware() {
		row := HardwareRow{
			Brief:       brief(r, h.Option.GPU, h.Option, nil),
			SpeedMedian: finite(h.SpeedMedian), SpeedSlow: finite(h.SpeedSlow), TTFTMedian: finite(h.TTFTMedian), TTFTSlow: finite(h.TTFTSlow),
			USDPerGPUHour: finite(h.Quote),
		}
		tokens := row.OutputTokPerSPerGPU
		if h.RatedWatts > 0 {
			row.TokPerSPerRatedW = tokens / h.RatedWatts
		}
		if paid := h.Option.Bill.GPUs; h.Option.Powered && h.Option.KW > 0 && paid > 0 {
			row.TokPerSPerWallW = tokens / (h.Option.KW * 1e3 / float64(paid))
		}
		if row.USDPerGPUHour > 0 {
			row.TokPerUSD = tokens * 3600 / row.USDPerGPUHour
		}
		rows = append(rows, row)
	}
	return rows
}

// HardwareStudy answers one requirement on every accelerator of the catalog,
// considered or not, by the closed form: for putting hardware side by side.
type HardwareStudy struct {
	est    *fleet.Estimator
	req    fleet.Requirement
	gpus   []*catalog.GPU
	result []HardwareRow
}

// NewHardware starts the study.
func NewHardware(est *fleet.Estimator, r fleet.Requirement) *HardwareStudy {
	return &HardwareStudy{est: est, req: r, gpus: r.Catalog.GPUs}
}

// Step answers one accelerator.
func (s *HardwareStudy) Step() (done bool) {
	at := len(s.result)
	if at >= len(s.gpus) {
		return true
	}
	o, x := s.est.On(s.req, s.gpus[at], false)
	row := HardwareRow{Brief: brief(&s.req, s.gpus[at], o, x)}
	if o != nil {
		row = Hardware(&s.req, &fleet.Answer{Options: []fleet.Option{*o}})[0]
	}
	s.result = append(s.result, row)
	return at+1 == len(s.gpus)
}

// Progress is the share of accelerators answered.
func (s *HardwareStudy) Progress() float64 {
	if len(s.gpus) == 0 {
		return 1
	}
	return float64(len(s.result)) / float64(len(s.gpus))
}

// Result are the accelerators answered so far, in the catalog's order.
func (s *HardwareStudy) Result() []HardwareRow { return append([]HardwareRow(nil), s.result...) }
