package explain

import (
	"math"
	"strings"

	"fleetsize/calc/roofline"
	"fleetsize/calc/step"
)

// inFigures is leaf for a model on an accelerator in figures: a static batch
// of as many requests as the reference says, or the FLOP of a prompt ("p") and
// of one token ("d"). ok is false for other inputs.
func (b *Book) inFigures(id string) (v float64, s Source, ok bool) {
	if !strings.HasPrefix(id, "fig_") || b.cost == nil {
		return 0, Source{}, false
	}
	c := b.cost
	in, out := math.Round(b.value("prompt_mean")), math.Round(b.value("answer_mean"))
	context := b.value("decode_context")
	if b.arg == "p" || b.arg == "d" {
		f := roofline.PrefillFLOP(c, 1, in)
		if b.arg == "d" {
			f = roofline.DecodeFLOP(c, 1, context)
		}
		v, ok = map[string]float64{"fig_projections": f.Projections, "fig_feed_forward": f.FeedForward, "fig_scores": f.Attention, "fig_head": f.LMHead}[id]
		return v, b.model(), ok
	}
	n := b.number()
	if !(n >= 1) || n > 1e6 {
		return math.NaN(), Source{}, true
	}
	d := c.Breakdown(step.Batch{Decoding: n, Context: n * (in + out)})
	switch id {
	case "fig_requests":
		return n, ours("requests of the batch"), true
	case "fig_out":
		return out, ours("mean answer, rounded"), true
	case "fig_request":
		return c.RequestBytes(in + out), b.model(), true
	case "fig_prefill":
		return roofline.PrefillTime(c, n, in), b.fit(), true
	case "fig_per_token":
		return roofline.DecodeTime(c, n, in+out/2), b.fit(), true
	case "fig_prompt_use":
		return roofline.PrefillUtilization(c, n, in).Compute, b.fit(), true
	case "fig_step_use":
		return roofline.DecodeUtilization(c, n, context).Bandwidth, b.fit(), true
	case "fig_queue":
		return roofline.MemoryOverflow(c, int(n), int(in), int(out)).Wait, b.run(), true
	case "fig_link_bytes":
		return d.LinkBytesPerGPU, b.model(), true
	case "fig_link_time":
		return d.Communication, b.fit(), true
	case "fig_alone", "fig_smallest":
		t, err := roofline.ChooseStrategy(c.Replica(), n, in+out)
		switch {
		case err != nil:
			return math.NaN(), Source{}, true
		case id == "fig_smallest":
			return float64(t.GPUs), ours("fewest GPUs that hold weights and cache"), true
		}
		return t.SpeedUp, b.fit(), true
	}
	return 0, Source{}, false
}
