package evidence

import (
	"fmt"
	"strings"

	"fleetsize/calc/units"
)

// Figures is what was measured in a clause: "TTFT 406 ms, 18.6 ms per token,
// 51.7 tokens/s".
func (p *Point) Figures() string {
	var parts []string
	statistic := ""
	if p.Statistic != "" && p.Statistic != "mean" {
		statistic = " " + string(p.Statistic)
	}
	if p.TTFT.OK {
		parts = append(parts, "TTFT"+statistic+" "+units.Duration(p.TTFT.Value, 3))
	}
	if p.ITL.OK {
		parts = append(parts, units.Duration(p.ITL.Value, 3)+" per token"+statistic)
	}
	if p.OutputTokPerS.OK {
		parts = append(parts, units.Sig(p.OutputTokPerS.Value, 3)+" output tokens/s")
	}
	return strings.Join(parts, ", ")
}

// Words is what the engine says of the run, "" where it was not computed.
func (r Run) Words() string {
	if !r.Known() {
		return ""
	}
	return "TTFT " + units.Duration(r.TTFT, 3) + ", " + units.Duration(r.ITL, 3) + " per token, " + units.Sig(r.OutputTokPerS, 3) + " output tokens/s"
}

// Load is under what it was measured: "5,000 in, 500 out, 50 in flight".
func (p *Point) Load() string {
	load := units.Rate(p.Rate)
	if p.InFlight > 0 {
		load = units.Count(float64(p.InFlight)) + " in flight"
	}
	return fmt.Sprintf("%s in, %s out, %s", units.Count(float64(p.Input)), units.Count(float64(p.Output)), load)
}

// From is the source with the release and the day it was read.
func (p *Point) From() string {
	out := p.Source
	if out == "" {
		out = "your measurements"
	}
	if p.Version != "" && !strings.Contains(out, p.Version) {
		out += ", " + p.Engine + " " + p.Version
	}
	if p.Date != "" {
		out += ", read " + p.Date
	}
	return out
}
