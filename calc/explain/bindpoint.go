package explain

import (
	"math"
	"strconv"
	"strings"

	"fleetsize/calc/roofline"
	"fleetsize/calc/step"
	"fleetsize/calc/units"
)

// point is one step by itself: S requests of L tokens each.
type point struct {
	requests, tokens float64
	prefill          bool
}

// PointArg is the third part of a reference to a step of s requests with
// tokens each: "d32x4096", or "p1x4096" where prompts are computed.
func PointArg(prefill bool, s, tokens float64) string {
	phase := "d"
	if prefill {
		phase = "p"
	}
	return phase + units.Plain(units.Round(s, 12)) + "x" + units.Plain(units.Round(tokens, 12))
}

// point is the step that the reference in hand names; ok is false where it
// names none.
func (b *Book) point() (p point, ok bool) {
	if b.cost == nil || len(b.arg) < 4 || b.arg[0] != 'd' && b.arg[0] != 'p' {
		return p, false
	}
	s, l, _ := strings.Cut(b.arg[1:], "x")
	var err, bad error
	p.prefill = b.arg[0] == 'p'
	p.requests, err = strconv.ParseFloat(s, 64)
	p.tokens, bad = strconv.ParseFloat(l, 64)
	const most = 1e8
	return p, err == nil && bad == nil && p.requests > 0 && p.requests < most && p.tokens > 0 && p.tokens < most
}

// batch is the step of s requests of the point's length.
func (p point) batch(c *step.Cost, s float64) step.Batch {
	if p.prefill {
		return step.Batch{PrefillTokens: s * p.tokens, PrefillFLOP: s * c.PrefillAttention(0, p.tokens)}
	}
	return step.Batch{Decoding: s, Context: s * p.tokens}
}

// title names the step an entry about points is about.
func (p point) title(name string) string {
	of := plural(p.requests, " request of ", " requests of ")
	if p.prefill {
		return name + ", prefill of " + of + units.Count(p.tokens) + " tokens"
	}
	return name + ", decode step of " + of + units.Count(p.tokens) + " tokens"
}

func plural(n float64, one, many string) string {
	if n == 1 {
		return "1" + one
	}
	return units.Sig(n, 3) + many
}

// stepped is leaf for a step by itself; ok is false for other inputs.
func (b *Book) stepped(id string) (v float64, s Source, ok bool) {
	if !strings.HasSuffix(id, "_at") {
		return 0, Source{}, false
	}
	p, named := b.point()
	if !named {
		return math.NaN(), Source{}, true
	}
	c := b.cost
	d := c.Breakdown(p.batch(c, p.requests))
	switch id {
	case "overhead_at":
		return d.Overhead, b.fit(), true
	case "matrix_at":
		return d.GEMM, b.fit(), true
	case "attention_at":
		return d.Attention, b.fit(), true
	case "weights_at":
		return d.WeightRead, b.fit(), true
	case "cache_at":
		return d.KVRead, b.fit(), true
	case "links_at":
		return d.Communication, b.fit(), true
	case "draft_at":
		return d.Draft, b.fit(), true
	case "matrix_flop_at":
		return d.GEMMFLOP, b.model(), true
	case "attention_flop_at":
		return d.AttentionFLOP, b.model(), true
	case "weight_bytes_at":
		return d.WeightBytes, b.model(), true
	case "cache_read_at":
		return d.KVReadBytes, b.model(), true
	case "cache_written_at":
		return d.KVWriteBytes, b.model(), true
	case "tokens_at":
		return p.tokens, ours("point of the curve"), true
	case "tokens_in_flight_at":
		return p.requests * p.tokens, ours("point of the curve"), true
	case "weights_moved_at":
		if !p.prefill {
			d = c.Breakdown(p.batch(c, roofline.LiveSequences(c, p.requests, p.tokens)))
		}
		return d.WeightRead, b.fit(), true
	case "cache_moved_at":
		if p.prefill {
			return (d.KVWriteBytes + d.ActivationIO) / c.Bandwidth(), b.fit(), true
		}
		src := b.fit()
		if live := roofline.LiveSequences(c, p.requests, p.tokens); live < p.requests {
			src.Text += "; " + units.Sig(live, 3) + " requests fit, the rest waits"
			d = c.Breakdown(p.batch(c, live))
		}
		return d.KVRead, src, true
	}
	return 0, Source{}, false
}
