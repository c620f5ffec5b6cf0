package sizingchart

import (
	"fmt"
	"math"
	"strings"

	"fleetsize/calc/units"
)

// Finding is something that explains a row. Code is for programs.
type Finding struct{ Code, Text string }

// Codes of findings.
const (
	Contradicts  = "contradicts"   // the row's two figures do not belong together
	OneStream    = "one_stream"    // the rate of a single request, divided by its GPUs
	Agrees       = "agrees"        // within agreeRatio of the engine
	LowLoad      = "low_load"      // the chart's rate is one that few requests in flight make
	Earlier      = "earlier"       // slower than the engine at every load that meets the budget, or at none
	Higher       = "higher"        // more than the engine finds inside the budget
	NoneBoth     = "none_both"     // neither finds a way
	OnlyOurs     = "only_ours"     // the chart has none
	OnlyChart    = "only_chart"    // the engine has none
	WholeReplica = "whole_replica" // the chart's GPUs are no whole replicas
)

const (
	// agreeRatio is within which two figures are said to agree: the spread
	// between releases of one engine is larger.
	agreeRatio = 1.25
	// streamRatio is within which a rate is taken for that of a single stream.
	streamRatio = 1.25
	// landRatio is within which a simulated load counts as having the chart's
	// rate: loads step by up to two and a half.
	landRatio = 1.6
	// streamShare is how far below the engine's rate a single stream must lie
	// to be worth naming.
	streamShare = 0.5
)

func (c *Compared) say(code, format string, args ...any) {
	c.Findings = append(c.Findings, Finding{code, fmt.Sprintf(format, args...)})
}

// explain says what the row's figures mean in terms of the engine.
func (c *Compared) explain(streams []stream) {
	if !c.Consistent() {
		text := fmt.Sprintf("The row contradicts itself: %s req/s per GPU make %s to %s GPUs for %d req/s, the chart says %s.",
			c.Rate.Text, units.Sig(Demand/c.Rate.High(), 3), units.Sig(Demand/c.Rate.Low(), 3), Demand, c.GPUs.Text)
		if slips := c.Slips(); len(slips) > 0 {
			text += fmt.Sprintf(" One digit changed, %s, would agree;", strings.Join(slips, " or "))
		}
		text += fmt.Sprintf(" if the GPUs are right, the rate is %s.", units.Sig(Demand/c.GPUs.Value, 3))
		c.say(Contradicts, "%s", text)
	}
	switch {
	case !c.Rate.OK && !c.Ours.OK:
		c.say(NoneBoth, "Neither has a way. %s", c.Ours.Reason)
		return
	case !c.Rate.OK:
		c.say(OnlyOurs, "The chart has no figure; the engine finds %s with TP%d. The engines of the time may not have had that layout.", rate(c.Ours.Rate), c.Ours.TP)
		return
	}
	single, tp := oneStream(c.Seconds(), streams)
	isStream := single != nil && (!c.Ours.OK || 1/c.Seconds() < streamShare*c.Ours.Rate)
	if isStream {
		over := "on one GPU"
		if tp > 1 {
			over = fmt.Sprintf("its rate divided by its %d GPUs", tp)
		}
		c.say(OneStream, "One request at a time, %s: %s GPU-seconds a request are %s on %d %s; the engine needs %s for a request alone (%s to the first token, then %s per token). That is latency, not what the GPUs can serve.",
			over, units.Sig(c.Seconds(), 3), units.Duration(c.Seconds()/float64(tp), 3), tp, plural(tp, "GPU"), units.Duration(single.e2e, 3), units.Duration(single.ttft, 2), units.Duration(single.itl, 3))
	}
	if !c.Ours.OK {
		c.say(OnlyChart, "The engine finds no layout inside the budget. %s", c.Ours.Reason)
		return
	}
	switch {
	case near(c.Ratio, agreeRatio):
		c.say(Agrees, "Within %s of the engine's own figure, TP%d.", units.Percent(agreeRatio-1), c.Ours.TP)
	case c.Ratio < 1:
		c.say(Higher, "More than the engine finds inside the budget with the margin it plans with (%s, TP%d).", rate(c.Ours.Rate), c.Ours.TP)
	case !isStream:
		if p, at := c.lands(streams); p != nil {
			c.say(LowLoad, "The engine reaches the chart's rate with about %d in flight on TP%d, at %s to the first token; the budget of %s leaves room for more.",
				p.flight, at, units.Duration(p.ttft, 2), units.Duration(c.TTFT, 2))
		} else {
			c.say(Earlier, "The engine is faster at every load that benchmarks are run at, even with one request in flight: an earlier release, another precision, or a percentile where we compare means.")
		}
	}
	if c.Ours.TP > 1 && c.GPUs.OK && math.Abs(c.GPUs.Value/float64(c.Ours.TP)-math.Round(c.GPUs.Value/float64(c.Ours.TP))) > 0.02 {
		c.say(WholeReplica, "%s GPUs are no whole number of replicas of %d: in whole ones the engine needs %s GPUs.", c.GPUs.Text, c.Ours.TP, units.Count(float64(c.Ours.Fleet)))
	}
}

func near(ratio, most float64) bool { return math.Abs(math.Log(ratio)) <= math.Log(most) }

// oneStream finds the layout whose single request takes the chart's GPU time,
// the nearest where several do.
func oneStream(gpuSeconds float64, streams []stream) (p *point, tp int) {
	best := math.Log(streamRatio)
	for i := range streams {
		s := &streams[i]
		if len(s.points) == 0 || !(gpuSeconds > 0) {
			continue
		}
		one := &s.points[0]
		if d := math.Abs(math.Log(gpuSeconds / (one.e2e * float64(s.tp)))); d <= best {
			best, p, tp = d, one, s.tp
		}
	}
	return p, tp
}

// lands finds the load at which the engine has the chart's rate inside the
// budget: on the fewest GPUs that have one, the load nearest to it.
func (c *Compared) lands(streams []stream) (p *point, tp int) {
	for i := range streams {
		best := math.Log(landRatio)
		for j := range streams[i].points {
			q := &streams[i].points[j]
			if q.ttft > c.TTFT {
				continue
			}
			if d := math.Abs(math.Log(q.rate / c.Rate.Value)); d < best {
				best, p, tp = d, q, streams[i].tp
			}
		}
		if p != nil {
			break
		}
	}
	return p, tp
}

func rate(x float64) string { return units.SigFixed(x, 3) + " req/s per GPU" }

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
