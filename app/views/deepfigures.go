package views

import (
	"math"

	"fleetsize/calc/roofline"
	"fleetsize/calc/step"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// numbers is the model on the accelerator in figures: work, memory, time and
// throughput, and layout.
func (d *deep) numbers() app.UI {
	c := d.cost
	in, out := math.Round(d.book.Value("prompt_mean")), math.Round(d.book.Value("answer_mean"))
	s := math.Max(1, math.Round(d.batch))
	pre, dec := roofline.PrefillFLOP(c, 1, in), roofline.DecodeFLOP(c, 1, d.context)
	flop := func(x float64) string { return flopText(x) }
	work := [][]string{
		{"Attention projections", flop(pre.Projections), flop(dec.Projections)},
		{"Feed-forward", flop(pre.FeedForward), flop(dec.FeedForward)},
		{"Attention scores and values", flop(pre.Attention), flop(dec.Attention)},
		{"Output matrix", flop(pre.LMHead), flop(dec.LMHead)},
		{"Total", flop(pre.Total()), flop(dec.Total())},
	}
	need, fit := roofline.MemoryNeeded(c, s, in+out), roofline.FitOn(c, s, in+out)
	gb := func(x float64) string { n, u := units.GB(x, false); return n + " " + u }
	yes := map[bool]string{true: "yes", false: "no"}[fit.OK]
	memory := [][]string{
		{"Weights", gb(need.Weights)}, {"KV cache of " + units.Count(s) + " full requests", gb(need.KV)},
		{"Activations", gb(need.Activations)}, {"Runtime", gb(need.Runtime)}, {"Total", gb(need.Total)},
		{"Fits", yes + ", " + units.Percent(fit.Utilization) + " used"},
		{"Room on each GPU", gb(fit.HeadroomGPU)}, {"Least usable memory of a GPU", gb(fit.MinimumBytes)},
	}
	l := roofline.StaticLatency(c, s, in, out)
	t := roofline.StaticThroughput(c, s, in, out, d.o.ReplicasNeeded)
	alone := roofline.StaticLatency(c, 1, in, out)
	sec := func(x float64) string { return units.Duration(x, 3) }
	rate := func(x float64) string { return units.Sig(x, 3) + " tok/s" }
	pu, du := roofline.PrefillUtilization(c, 1, in), roofline.DecodeUtilization(c, s, d.context)
	time := [][]string{
		{"Prefill", sec(alone.Prefill), sec(l.Prefill)}, {"First token", sec(alone.TTFT), sec(l.TTFT)},
		{"Per token", sec(alone.PerToken), sec(l.PerToken)}, {"Whole answer", sec(alone.Completion), sec(l.Completion)},
		{"1,000 tokens", sec(alone.Thousand), sec(l.Thousand)},
	}
	through := [][]string{
		{"One request", rate(t.Stream)}, {"One replica", rate(t.Replica)}, {"One GPU", rate(t.PerGPU)},
		{plural(d.o.ReplicasNeeded, "replica"), rate(t.Fleet)},
		{"Prefill, share of peak compute (MFU)", units.Percent(pu.Compute)},
		{"Decoding, share of peak bandwidth (MBU)", units.Percent(du.Bandwidth)},
	}
	over := roofline.MemoryOverflow(c, max(1, 2*d.o.Memory.Slots), int(in), int(out))
	through = append(through, []string{"Wait with " + units.Count(float64(2*d.o.Memory.Slots)) + " in flight, twice what fits", sec(over.Wait)})
	block := func(title string, head []string, rows [][]string) app.UI {
		return node("div", "blk-h", leaf("h3", "", title), dataTable(title, head, rows))
	}
	return folded("deep-figures", d.v.s.Req.Model.Name+" on "+gpuName(d.o.GPU)+" in figures",
		node("div", "cols",
			block("FLOP", []string{"Figure", "Prompt of " + units.Count(in), "One token at " + units.Count(d.context)}, work),
			block("Memory of one replica", []string{"Figure", "At " + units.Count(s) + " requests"}, memory),
			block("Time of a static batch", []string{"Figure", "1 request", units.Count(s) + " requests"}, time),
			block("Throughput and use of the hardware", []string{"Figure", "At " + units.Count(s) + " requests"}, through),
			block("Layout", []string{"Figure", "Value"}, d.layoutRows(s, in+out)),
		))
}

// layoutRows is how the model is spread over GPUs.
func (d *deep) layoutRows(s, tokens float64) [][]string {
	c := d.cost
	b := c.Breakdown(step.Batch{Decoding: s, Context: s * tokens})
	gpus := float64(d.o.Layout.GPUs())
	rows := [][]string{
		{"Chosen", layoutName(d.o.Layout)}, {"GPUs of one replica", units.Count(gpus)},
		{"Weights and cache on each GPU", gbText((c.Memory().Weights + s*c.RequestBytes(tokens)) / gpus)},
		{"Sent by each GPU in a decode step", gbText(b.LinkBytesPerGPU)},
		{"Communication in a decode step", units.Duration(b.Communication, 3)},
	}
	if t, err := roofline.ChooseStrategy(c.Replica(), s, tokens); err == nil {
		kind := map[roofline.StrategyKind]string{roofline.SingleGPU: "one GPU", roofline.TensorParallel: "tensor parallel", roofline.PipelineParallel: "pipeline parallel", roofline.Both: "tensor and pipeline parallel"}[t.Kind]
		rows = append(rows, []string{"Smallest that holds it", kind + ", " + plural(t.GPUs, "GPU")},
			[]string{"Faster than one GPU with the memory", units.Sig(t.SpeedUp, 3) + " ×, " + units.Percent(t.Efficiency) + " efficient"})
	}
	return rows
}

func gbText(x float64) string {
	n, u := units.Bytes(x, false)
	return n + " " + u
}

// flopText is a number of operations with its prefix.
func flopText(x float64) string {
	for _, p := range []struct {
		size float64
		name string
	}{{1e15, "PFLOP"}, {1e12, "TFLOP"}, {1e9, "GFLOP"}, {1e6, "MFLOP"}} {
		if x >= p.size {
			return units.Sig(x/p.size, 3) + " " + p.name
		}
	}
	return units.Sig(x, 3) + " FLOP"
}

// deepMore is what other parts of the page add to the view.
func (v *Page) deepMore() app.UI { return &negotiateView{Rev: v.negotiate.rev, P: v} }
