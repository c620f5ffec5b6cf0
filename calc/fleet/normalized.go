package fleet

// HardwareRow is one accelerator normalized per GPU, per watt and per dollar
// at the planned peak.
type HardwareRow struct {
	Option *Option // of the answer it was made from

	ReqPerSPerGPU    float64 // req/s inside the targets, spares not counted
	OutputTokPerSGPU float64 // output tok/s per GPU that serves
	SpeedMedian      float64 // output tok/s of one user: 1 ÷ ITL at p50
	SpeedSlow        float64 // the same for the slowest tenth: 1 ÷ ITL at p90
	TTFTMedian       float64 // seconds
	TTFTSlow         float64 // p95

	RatedWatts       float64 // 0 = not published
	OutputTokPerSPer float64 // output tok/s per rated watt; 0 when not known
	TokPerSPerWall   float64 // output tok/s per watt at the wall, whole fleet; 0 when not known
	Quote            float64 // USD per GPU-hour under the price basis, all costs in it; 0 when not known
	OutputTokPerUSD  float64 // output tokens per USD at the planned peak; 0 when not known
	PerRack          float64 // output tok/s per 10 kW at the wall; 0 when not known
}

// Hardware normalizes the options of an answer, in its order.
func (a *Answer) Hardware() []HardwareRow {
	rows := make([]HardwareRow, 0, len(a.Options))
	for i := range a.Options {
		o := &a.Options[i]
		serving := float64(o.ReplicasNeeded * o.Layout.GPUs())
		h := HardwareRow{Option: o, ReqPerSPerGPU: o.ReqPerSPerGPU, RatedWatts: o.GPU.TDPWatts, TTFTMedian: o.At.TTFT.P50, TTFTSlow: o.At.TTFT.P95}
		tokens := o.DemandReqPerS * o.Flow.Output
		if serving > 0 {
			h.OutputTokPerSGPU = tokens / serving
		}
		if o.At.ITL.P50 > 0 {
			h.SpeedMedian = 1 / o.At.ITL.P50
		}
		if o.At.ITL.P90 > 0 {
			h.SpeedSlow = 1 / o.At.ITL.P90
		}
		if h.RatedWatts > 0 {
			h.OutputTokPerSPer = h.OutputTokPerSGPU / h.RatedWatts
		}
		if o.Powered && o.KW > 0 {
			h.TokPerSPerWall = tokens / (o.KW * 1e3)
			h.PerRack = h.TokPerSPerWall * 1e4
		}
		if o.Priced && o.Bill.GPUs > 0 && o.USDPerMonth > 0 {
			h.Quote = o.USDPerMonth / HoursPerMonth / float64(o.Bill.GPUs)
			h.OutputTokPerUSD = tokens * 3600 * HoursPerMonth / o.USDPerMonth
		}
		rows = append(rows, h)
	}
	return rows
}
