package export

import (
	"math"
	"slices"
	"strconv"

	"fleetsize/app/chart"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// LoadSpec is the chart of how one replica on an accelerator answers as more
// requests are in flight: TTFT, time per token and throughput over one axis.
// open draws marks that say estimated.
func LoadSpec(t catalog.Targets, g *catalog.GPU, l fleet.Layout, points []fleet.LoadPoint, open bool) chart.PanelSpec {
	spec := chart.PanelSpec{
		Head: chart.Head{ID: "loadchart", Title: "Latency and throughput against requests in flight", Empty: "Computing the load curves…"},
		X:    chart.Axis{Name: "Requests in flight per replica", Kind: chart.Log},
	}
	if g == nil || len(points) == 0 {
		return spec
	}
	mark := chart.Key(g)
	mark.Open = open && mark.Open
	line := func(ref string, y func(p fleet.LoadPoint) float64) []chart.Series {
		var out []chart.Point
		for _, p := range points {
			out = append(out, chart.Point{X: float64(p.InFlight), Y: y(p), Ref: explain.Ref(ref, g.ID, strconv.Itoa(p.InFlight))})
		}
		return []chart.Series{{Name: GPUName(g), Mark: mark, Hero: true, Points: out}}
	}
	rule := func(at float64) []chart.Rule {
		if at > 0 {
			return []chart.Rule{{At: at}}
		}
		return nil
	}
	if over := LoadMissed(t, points); over > 0 {
		spec.Zones = []chart.Zone{{X0: over, Kind: chart.Missed, Label: "over target"}}
	}
	per := float64(l.GPUs())
	spec.Note = "Requests in flight per replica of " + Count(l.GPUs(), "GPU") + ", log scale"
	word := Percentile(t.Percentile)
	spec.Panels = []chart.Panel{
		{Name: "TTFT " + word + ", s", Y: chart.Axis{Unit: "s"}, Rules: rule(t.TTFT), Series: line("curve_ttft", func(p fleet.LoadPoint) float64 { return p.At.TTFT.At(t.Percentile) })},
		{Name: "Time per token " + word + ", ms", Y: chart.Axis{Unit: "ms"}, Rules: rule(t.ITL * 1000), Series: line("curve_itl", func(p fleet.LoadPoint) float64 { return p.At.ITL.At(t.Percentile) * 1000 })},
		{Name: "Requests/s per GPU", Y: chart.Axis{Unit: "req/s"}, Series: line("curve_rate", func(p fleet.LoadPoint) float64 { return p.At.ReqPerS / per })},
	}
	if !(points[0].At.ITL.At(t.Percentile) > 0) { // answers of one token
		spec.Panels = slices.Delete(spec.Panels, 1, 2)
	}
	return spec
}

// LoadMissed is the number in flight from which a target is missed, between
// the points by geometric interpolation; 0 = never on the curve.
func LoadMissed(t catalog.Targets, points []fleet.LoadPoint) float64 {
	missed := func(p fleet.LoadPoint) bool {
		return t.TTFT > 0 && p.At.TTFT.At(t.Percentile) > t.TTFT ||
			t.ITL > 0 && p.At.ITL.At(t.Percentile) > t.ITL ||
			t.E2E > 0 && p.At.E2E.At(t.Percentile) > t.E2E
	}
	for i, p := range points {
		if !missed(p) {
			continue
		}
		if i == 0 {
			return float64(p.InFlight)
		}
		met := float64(points[i-1].InFlight)
		return max(met+1, math.Round(math.Sqrt(float64(p.InFlight)*met)))
	}
	return 0
}

// LoadFinding says where a target breaks.
func LoadFinding(t catalog.Targets, g *catalog.GPU, l fleet.Layout, points []fleet.LoadPoint) string {
	over, last := LoadMissed(t, points), 0
	for _, p := range points {
		if over > 0 && float64(p.InFlight) >= over {
			break
		}
		last = p.InFlight
	}
	name := "One " + GPUName(g)
	if n := l.GPUs(); n > 1 {
		name = "One replica of " + units.Count(float64(n)) + " × " + GPUName(g)
	}
	switch {
	case last == 0:
		return name + " misses a target even with one request in flight"
	case over == 0:
		return name + " meets every target up to " + units.InFlight(float64(last))
	}
	return name + " meets every target at " + units.InFlight(float64(last)) + ", and not at twice as many"
}
