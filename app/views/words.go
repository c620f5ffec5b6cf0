package views

import (
	"math"
	"strings"

	"fleetsize/app/export"
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func cutSuffix(s, suffix string) (string, bool) {
	rest, ok := strings.CutSuffix(s, suffix)
	return strings.TrimSpace(rest), ok
}

func orOff(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}

// percentileWord is how a percentile is written beside a latency: "p95".
func percentileWord(pct string) string { return export.Percentile(pct) }

// plural is "1 node", "3 nodes".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return units.Count(float64(n)) + " " + one + "s"
}

// inWords spells small counts.
func inWords(n int) string {
	small := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n >= 0 && n < len(small) {
		return small[n]
	}
	return units.Count(float64(n))
}

func upperFirst(s string) string {
	if s == "" || s[0] >= 0x80 { // a sign stays as it is
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// gpuName is the name in tables and sentences.
func gpuName(g *catalog.GPU) string {
	if g.Short != "" {
		return g.Short
	}
	return g.Name
}

// layoutText is "1 × TP1", "2 × TP4 PP2": replicas times layout.
func layoutText(o *fleet.Option) string {
	return units.Count(float64(o.Replicas)) + " × " + layoutName(o.Layout)
}

func layoutName(l fleet.Layout) string { return l.String() }

// presetName is the name of the workload.
func presetName(s *Sizing) string {
	if p, ok := s.Catalog().Preset(s.State.Workload); ok {
		return p.Name
	}
	return "your workload"
}

// edited reports whether a number of the preset was changed.
func edited(s *Sizing) bool {
	for _, id := range []string{"in", "out", "hit", "ttft", "itl", "e2e"} {
		if fields[id].changed(s) {
			return true
		}
	}
	return false
}

// fields lists every number input by id. It is never changed.
var fields = newFields()

// demandText is the demand in its own words: "10 req/s", "2,500 people".
func demandText(s *Sizing) string { return export.DemandText(s.Req.Demand) }

// chain shows how people or a day become requests per second.
func chain(d fleet.Demand) string {
	switch d.Kind {
	case fleet.People:
		return units.Count(d.Users) + " people × " + units.Sig(d.ReqPerHour, 4) + " requests/h ÷ 3,600 × " +
			peakText(d) + " = " + units.Rate(d.PeakReqPerS())
	case fleet.PerDay:
		return units.Count(d.ReqPerDay) + " requests ÷ 86,400 s × " + peakText(d) + " = " + units.Rate(d.PeakReqPerS())
	}
	return ""
}

// peakText is the factor from the mean to the peak and where it comes from.
func peakText(d fleet.Demand) string {
	if d.PeakP95 && d.MeanReqPerS() > 0 {
		return units.Sig(d.PeakReqPerS()/d.MeanReqPerS(), 3) + " (Poisson p95)"
	}
	return units.Sig(d.PeakFactor, 3) + " peak"
}

// inFlight is how many requests are in the system at peak, by Little's law
// from the recommended option; 0 = unknown.
func inFlight(s *Sizing) float64 {
	if s.Req.Demand.Kind == fleet.InFlight {
		return s.Req.Demand.InFlight
	}
	if o := s.Best(); o != nil {
		return s.Now().DemandReqPerS * o.At.E2E.Mean
	}
	return 0
}

// activePeople is the number of people a peak rate stands for at 12 requests
// an hour each and a peak of 2.5 times the average, as the People form starts.
func activePeople(rate float64) float64 { return rate * 3600 / 12 / 2.5 }

// limitWords names what binds.
func limitWords(l serve.Limit) string {
	switch l {
	case serve.LimitTTFT:
		return "time to first token"
	case serve.LimitITL:
		return "time per token"
	case serve.LimitE2E:
		return "time for the whole answer"
	case serve.LimitLoad:
		return "nothing, the load is light"
	}
	return l.Words()
}

// precisionName is the label of a precision: "FP8", "BF16", "FP8 block".
func precisionName(p catalog.Precision) string {
	switch p {
	case "":
		return "Auto"
	case fleet.AnyPrecision:
		return "Any"
	}
	return strings.ReplaceAll(strings.ToUpper(string(p)), "-BLOCK", " block")
}

// weightsName is "FP8", or "MXFP4 experts, BF16 rest" for mixed checkpoints.
func weightsName(w catalog.Weights) string {
	if w.Experts != "" && w.Experts != w.Dense {
		return precisionName(w.Experts) + " experts, " + precisionName(w.Dense) + " rest"
	}
	return precisionName(w.Dense)
}

// tierText is the tier's word with its spread: "Estimated ±30 %".
func tierText(o *fleet.Option) string {
	_, word := tierKind(o.Tier)
	if s := spread(o.RateRange, o.ReqPerSPerGPU); s != "" && o.Tier != fleet.Measured {
		return word + " " + nobreak(s)
	}
	return word
}

// spread is a range as ± around its middle; "" when there is none.
func spread(r fleet.Range, mid float64) string {
	if !(r.High > r.Low) || !(mid > 0) {
		return ""
	}
	return "±" + units.Percent(units.Round((r.High-r.Low)/2/mid, 2))
}
