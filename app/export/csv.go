package export

import (
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// CSV writes comma-separated values (RFC 4180). Cells that a spreadsheet would
// run as a formula get an apostrophe in front, which keeps them text; numbers
// go through Number and never begin with one of those signs but a minus.
type CSV struct{ b strings.Builder }

// String is what was written.
func (c *CSV) String() string { return c.b.String() }

// Line writes one record.
func (c *CSV) Line(cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			c.b.WriteByte(',')
		}
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && !isNumber(cell) {
			cell = "'" + cell
		}
		if strings.ContainsAny(cell, ",\"\r\n") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		c.b.WriteString(cell)
	}
	c.b.WriteString("\r\n")
}

// isNumber reports whether a cell is a plain negative number.
func isNumber(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return digits != "" && len(s)-len(digits) <= 1 && strings.Trim(digits, "0123456789.") == "" && strings.Count(digits, ".") < 2
}

// Known is a number exactly, or "" where it is not known.
func Known(x float64, known bool) string {
	if !known {
		return ""
	}
	return trimmed(x)
}

// trimmed is x without the last bits that arithmetic in binary leaves behind:
// 23.85, not 23.849999999999998. NaN and infinities are "".
func trimmed(x float64) string { return units.Plain(units.Round(x, 12)) }

// Table is the ranked table with exact numbers, units in the header and
// unknown values empty, in the order given.
func Table(list []*fleet.Option, percentile string) string {
	var c CSV
	word := Percentile(percentile)
	c.Line("gpu", "id", "tp", "pp", "replicas", "spare_replicas", "gpus", "gpus_low", "gpus_high", "nodes", "req_s_per_gpu",
		"ttft_"+word+"_s", "itl_"+word+"_ms", "usd_month", "kw", "weights", "kv", "confidence", "first_limit", "exact",
		"usd_per_million_output_tokens", "usd_per_million_total_tokens", "tok_s_per_w")
	n := func(x int) string { return units.Plain(float64(x)) }
	for _, o := range list {
		exact := "true"
		if o.Preview {
			exact = "false"
		}
		u, priced := o.Flow.Units(o.USDPerMonth)
		e, powered := o.Flow.Efficiency(o.Bill.Power)
		priced = priced && o.Priced
		c.Line(GPUName(o.GPU), o.GPU.ID, n(o.Layout.TP), n(o.Layout.PP), n(o.Replicas), n(o.ReplicasSpare), n(o.GPUs),
			units.Plain(o.GPURange.Low), units.Plain(o.GPURange.High), n(o.Nodes), trimmed(o.ReqPerSPerGPU),
			trimmed(o.At.TTFT.At(percentile)), trimmed(o.At.ITL.Known().At(percentile)*1000), Known(o.USDPerMonth, o.Priced), Known(o.KW, o.Powered),
			string(o.Weights.Main()), string(o.KV), string(o.Tier), string(o.Binding), exact,
			Known(u.PerMillionOutput, priced), Known(u.PerMillionTotal, priced), Known(e.OutputTokPerSPerW, powered))
	}
	return c.String()
}

// Options points to the options of an answer in its order.
func Options(a *fleet.Answer) []*fleet.Option {
	list := make([]*fleet.Option, len(a.Options))
	for i := range a.Options {
		list[i] = &a.Options[i]
	}
	return list
}
