package measured

import (
	"fmt"
	"math"
	"sort"

	"fleetsize/catalog"
)

// Margins of Check. They are wide enough for the rounding of published tables
// and for the ends of finite runs, where fewer requests are in flight: of 409
// rows of NVIDIA's NIM tables two are named, for a p95 of TTFT below its mean.
const (
	// floorMargin lets a token be this much faster than reading the weights
	// takes at data-sheet bandwidth.
	floorMargin = 0.03
	// littleOver is by how much throughput × latency may exceed the requests
	// in flight, littleUnder the share of them it must reach: a run of three
	// rounds spends up to half of its time running empty.
	littleOver, littleUnder = 0.05, 0.5
	// disagreeMargin is by how much E2E may differ from TTFT + (output − 1)·ITL.
	disagreeMargin = 0.1
	// repeatMargin is the spread that the same point may have when it is
	// measured twice. Source: 65 repeats of InferenceX points, 90th percentile
	// 8 % (time per token) and 15 % (TTFT).
	repeatMargin = 0.15
	// unitFactor is how far below physics a figure must be to look like seconds
	// in a column of milliseconds.
	unitFactor = 50
)

// Subject is what a row names: nil fields are not known and their checks left out.
type Subject struct {
	Model *catalog.Model
	GPU   *catalog.GPU
}

// Check names the rows that contradict physics or themselves, in the order of
// the file. find tells what a row is about; rows that the table excludes and
// figures that are not stated are not checked.
//
//	below_floor     ITL < weights read per token / (bandwidth · GPUs)
//	ttft_floor      TTFT < 2·parameters·input / (fastest peak · GPUs), statistic mean or above
//	littles_law     throughput · latency / output is not the requests in flight
//	disagree        E2E differs from TTFT + (output − 1)·ITL
//	p95_below_mean  the p95 of TTFT lies far below its mean
//	units           a figure is 50 times below its floor: seconds for ms
//	duplicate, repeat_differs
//
// Prefix caching breaks the second and speculative decoding the first without
// being wrong; the sentences say so.
func Check(rows []Row, find func(*Row) Subject) []Problem {
	p := problems{}
	seen := map[point]*Row{}
	for i := range rows {
		r := &rows[i]
		if r.Excluded() || !r.HasLoad() {
			continue
		}
		c := checker{&p, r, find(r)}
		c.floors()
		c.little()
		c.agreement()
		c.repeat(seen)
	}
	sort.SliceStable(p.list, func(i, j int) bool { return p.list[i].Line < p.list[j].Line })
	return p.all()
}

type checker struct {
	*problems
	r *Row
	s Subject
}

func (c *checker) say(code Code, format string, args ...any) { c.add(c.r.Line, code, format, args...) }

// floors compares with what memory bandwidth and compute allow at best.
func (c *checker) floors() {
	m, g, r := c.s.Model, c.s.GPU, c.r
	if m == nil || g == nil {
		return
	}
	work, weights := m.Work(), m.Resolve(r.Weights)
	gpus := float64(r.TP * r.PP)
	if r.DP > 1 {
		gpus = float64(r.GPUs)
	}
	if g.BandwidthBytesPerS > 0 && r.ITL.OK && r.Output > 1 {
		// One token touches at least its own experts.
		bytes := work.DenseReadBytes(weights)
		if work.ExpertParams > 0 {
			bytes += work.ExpertReadBytes(weights) * work.ActiveExpertParams / work.ExpertParams
		}
		floor := bytes / (g.BandwidthBytesPerS * gpus)
		switch {
		case r.ITL.Value*unitFactor < floor:
			c.say(CodeUnits, "%s per token is %.0f times less than reading the weights takes: seconds in a column of milliseconds?", ms(r.ITL.Value), floor/r.ITL.Value)
		case r.ITL.Value < floor*(1-floorMargin):
			c.say(CodeFloor, "%s per token is less than the %s that reading the weights takes at full bandwidth: more GPUs or fewer bits than stated, or speculative decoding.", ms(r.ITL.Value), ms(floor))
		}
	}
	peak := fastest(g)
	if peak > 0 && r.TTFT.OK && (r.Statistic == Mean || r.Statistic == P95 || r.Statistic == P99) {
		tokens := float64(r.Input) * (1 + r.LengthRatio.Or(1)) / 2
		floor := 2 * (work.DenseParams - work.LMHeadParams + work.ActiveExpertParams) * tokens / (peak * gpus)
		switch {
		case r.TTFT.Value*unitFactor < floor:
			c.say(CodeUnits, "TTFT of %s is %.0f times less than computing %d tokens takes: seconds in a column of milliseconds?", ms(r.TTFT.Value), floor/r.TTFT.Value, r.Input)
		case r.TTFT.Value < floor:
			c.say(CodeTTFTFloor, "TTFT of %s is less than the %s that computing %d tokens takes at peak rate: part of the prompt was cached, or more GPUs than stated.", ms(r.TTFT.Value), ms(floor), r.Input)
		}
	}
}

// fastest is the highest dense peak of any format.
func fastest(g *catalog.GPU) float64 {
	f := &g.DenseFLOPS
	return max(f.FP32, f.TF32, f.FP16, f.BF16, f.FP8, f.INT8, f.FP6, f.FP4)
}

// little compares throughput with requests in flight over their latency.
func (c *checker) little() {
	r := c.r
	latency := r.Latency()
	if r.Static || r.Concurrency == 0 || !r.OutputTokPerS.OK || !latency.OK || r.Statistic != Mean {
		return
	}
	perRequest := float64(r.Output) * (1 + r.LengthRatio.Or(1)) / 2
	flight := r.OutputTokPerS.Value / perRequest * latency.Value
	share := flight / float64(r.Concurrency)
	if share > 1+littleOver || share < littleUnder {
		c.say(CodeLittle, "Throughput × latency makes %.3g requests in flight, %d are stated: by Little's law one of the three is wrong (tolerated are %.0f to %.0f %%).",
			flight, r.Concurrency, 100*littleUnder, 100*(1+littleOver))
	}
}

// agreement compares figures of the row with one another.
func (c *checker) agreement() {
	r := c.r
	if r.E2E.OK && r.TTFT.OK && r.ITL.OK && r.Statistic == Mean {
		parts := r.TTFT.Value + float64(r.Output-1)*r.ITL.Value
		if d := parts/r.E2E.Value - 1; math.Abs(d) > disagreeMargin && r.LengthRatio.Or(1) == 1 {
			c.say(CodeDisagree, "TTFT and %d more tokens make %s, %s end to end are stated: the time per token is of another length or definition.", r.Output-1, ms(parts), ms(r.E2E.Value))
		}
	}
	if r.E2E.OK && r.TTFT.OK && r.TTFT.Value > r.E2E.Value*(1+1e-9) {
		c.say(CodeDisagree, "TTFT of %s is longer than the whole request, %s.", ms(r.TTFT.Value), ms(r.E2E.Value))
	}
	if r.Statistic != Mean {
		return
	}
	// A few requests of very long latency may lift a mean above its p95. Not so
	// for the time per token, whose p95 some clients take over single tokens.
	if r.TTFT.OK && r.TTFTP95.OK && r.TTFTP95.Value < 0.8*r.TTFT.Value {
		c.say(CodePercentile, "The p95 of TTFT, %s, is far below its mean, %s.", ms(r.TTFTP95.Value), ms(r.TTFT.Value))
	}
}

// point identifies what was measured.
type point struct {
	group, model, gpu, engine, version string
	gpus, tp, pp, dp, ep               int
	weights, kv                        catalog.Precision
	input, output, concurrency         int
	rate                               float64
	static, offline                    bool
	statistic                          Statistic
}

// repeat finds the same point measured twice.
func (c *checker) repeat(seen map[point]*Row) {
	r := c.r
	key := point{
		r.Group, r.Model, r.GPU, r.Engine, r.Version, r.GPUs, r.TP, r.PP, r.DP, r.EP, r.Weights, r.KV,
		r.Input, r.Output, r.Concurrency, r.Rate, r.Static, r.Offline, r.Statistic,
	}
	before, ok := seen[key]
	if !ok {
		seen[key] = r
		return
	}
	worst, name := 0.0, ""
	for _, f := range []struct {
		name string
		a, b Opt
	}{{"TTFT", before.TTFT, r.TTFT}, {"time per token", before.ITL, r.ITL}, {"throughput", before.OutputTokPerS, r.OutputTokPerS}} {
		if f.a.OK && f.b.OK {
			if d := math.Abs(math.Log(f.b.Value / f.a.Value)); d > worst {
				worst, name = d, f.name
			}
		}
	}
	switch {
	case worst == 0:
		c.say(CodeDuplicate, "The same point with the same figures as line %d.", before.Line)
	case worst > math.Log1p(repeatMargin):
		c.say(CodeRepeat, "The same point as line %d, but its %s differs by %.0f %%.", before.Line, name, 100*math.Expm1(worst))
	}
}

// ms is a time in ms for a message.
func ms(seconds float64) string { return fmt.Sprintf("%.4g ms", seconds*1e3) }
