package views

import (
	"strings"

	"fleetsize/calc/units"
)

// tableCSV is the table with exact numbers, RFC 4180, units in the header and
// unknown values empty. Comment-free, so spreadsheets read it as it is.
func tableCSV(s *Sizing) string {
	pct := s.Req.Targets.Percentile
	word := percentileWord(pct)
	var b strings.Builder
	line(&b, "gpu", "id", "tp", "pp", "replicas", "spare_replicas", "gpus", "gpus_low", "gpus_high", "nodes", "req_s_per_gpu",
		"ttft_"+word+"_s", "itl_"+word+"_ms", "usd_month", "kw", "weights", "kv", "confidence", "first_limit", "exact")
	for _, o := range rows(s) {
		usd, kw := "", ""
		if o.Priced {
			usd = units.Plain(o.USDPerMonth)
		}
		if o.Powered {
			kw = units.Plain(o.KW)
		}
		n := func(x int) string { return units.Plain(float64(x)) }
		line(&b, gpuName(o.GPU), o.GPU.ID, n(o.Layout.TP), n(o.Layout.PP), n(o.Replicas), n(o.ReplicasSpare), n(o.GPUs),
			units.Plain(o.GPURange.Low), units.Plain(o.GPURange.High), n(o.Nodes), units.Plain(o.ReqPerSPerGPU),
			units.Plain(o.At.TTFT.At(pct)), units.Plain(o.At.ITL.At(pct)*1000), usd, kw,
			weightsName(o.Weights), string(o.KV), string(o.Tier), string(o.Binding), boolean(!o.Preview))
	}
	return b.String()
}

// line writes one CSV record. Cells that a spreadsheet would run as a formula
// are kept as text.
func line(b *strings.Builder, cells ...string) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			c = "'" + c
		}
		if strings.ContainsAny(c, ",\"\r\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
	}
	b.WriteString("\r\n")
}
