//go:build !js

package cli

import (
	"fmt"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/calc/units"
)

// usableSpeed is the speed of an answer, in tok/s, at which measured costs are
// compared: what Artificial Analysis takes as its reference.
const usableSpeed = 30

// benchCost is what tokens cost at each load, for reports that state the price
// of their GPUs.
func benchCost(d *bench.Document) string {
	t := table{right: []bool{false, true, true, true}}
	t.add("Load", "$/M tokens out", "$/M in and out", "tok/s each GPU")
	on := d.Setup.Deployment
	if on == nil || on.USDPerGPUHour == nil || on.GPUs < 1 {
		return ""
	}
	money := func(x *float64) string {
		if x == nil {
			return "–"
		}
		return units.SigFixed(*x, 3)
	}
	for i := range d.Phases {
		if p := &d.Phases[i]; p.Cost != nil {
			t.add(p.Label, money(p.Cost.Output), money(p.Cost.Total), units.Sig(*p.OutputTokPerS/float64(on.GPUs), 3))
		}
	}
	if len(t.rows) == 1 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n" + t.String())
	fmt.Fprintf(&b, "At %s an hour for each of %s", units.USDExact(*on.USDPerGPUHour), plainCount(on.GPUs, "GPU"))
	if on.PriceFrom != "" {
		b.WriteString(" (" + on.PriceFrom + ")")
	}
	if p := d.Busiest(usableSpeed); p != nil && p.Cost != nil && p.Cost.Total != nil {
		fmt.Fprintf(&b, "; with %d tok/s for the median request: %s per million tokens in and out (%s)", usableSpeed, units.USDExact(*p.Cost.Total), p.Label)
	}
	return b.String() + ".\n"
}

func plainCount(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return units.Count(float64(n)) + " " + what
}
