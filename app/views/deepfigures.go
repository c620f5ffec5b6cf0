package views

import (
	"math"

	"fleetsize/calc/explain"
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
	at := units.Plain(s)
	on := func(id, arg, text string) string { return mark(explain.Ref(id, d.o.GPU.ID, arg), text) }
	flop := func(name, id string, a, b float64) []string {
		return []string{name, on(id, "p", flopText(a)), on(id, "d", flopText(b))}
	}
	work := [][]string{
		flop("Attention projections", "fig_projections", pre.Projections, dec.Projections),
		flop("Feed-forward", "fig_feed_forward", pre.FeedForward, dec.FeedForward),
		flop("Attention scores and values", "fig_scores", pre.Attention, dec.Attention),
		flop("Output matrix", "fig_head", pre.LMHead, dec.LMHead),
		flop("Total", "fig_flop", pre.Total(), dec.Total()),
	}
	need, fit := roofline.MemoryNeeded(c, s, in+out), roofline.FitOn(c, s, in+out)
	gb := func(id string, x float64) string { return on(id, at, d.v.gb(x)) }
	yes := either(fit.OK, "yes", "no")
	memory := [][]string{
		{"Weights", gb("memory_weights", need.Weights)}, {"KV cache of " + units.Count(s) + " full requests", gb("fig_kv", need.KV)},
		{"Activations", gb("memory_activations", need.Activations)}, {"Runtime", gb("memory_runtime", need.Runtime)}, {"Total", gb("fig_memory", need.Total)},
		{"Fits", yes + ", " + on("fig_used", at, units.Percent(fit.Utilization)) + " used"},
		{"Room on each GPU", gb("fig_headroom", fit.HeadroomGPU)}, {"Least usable memory of a GPU", gb("fig_least", fit.MinimumBytes)},
	}
	l := roofline.StaticLatency(c, s, in, out)
	t := roofline.StaticThroughput(c, s, in, out, d.o.ReplicasNeeded)
	alone := roofline.StaticLatency(c, 1, in, out)
	sec := func(x float64) string { return units.Duration(x, 3) }
	rate := func(id string, x float64) string { return on(id, at, units.Sig(x, 3)+" tok/s") }
	both := func(name, id string, a, b float64) []string {
		return []string{name, on(id, "1", sec(a)), on(id, at, sec(b))}
	}
	pu, du := roofline.PrefillUtilization(c, 1, in), roofline.DecodeUtilization(c, s, d.context)
	time := [][]string{
		both("Prefill", "fig_prefill", alone.Prefill, l.Prefill), both("First token", "fig_ttft", alone.TTFT, l.TTFT),
		both("Per token", "fig_per_token", alone.PerToken, l.PerToken), both("Whole answer", "fig_whole", alone.Completion, l.Completion),
		both("1,000 tokens", "fig_thousand", alone.Thousand, l.Thousand),
	}
	through := [][]string{
		{"One request", rate("fig_stream", t.Stream)}, {"One replica", rate("fig_replica", t.Replica)}, {"One GPU", rate("fig_gpu", t.PerGPU)},
		{plural(d.o.ReplicasNeeded, "replica"), rate("fig_fleet", t.Fleet)},
		{"Prefill, share of peak compute (MFU)", on("fig_mfu", "1", units.Percent(pu.Compute))},
		{"Decoding, share of peak bandwidth (MBU)", on("fig_mbu", at, units.Percent(du.Bandwidth))},
	}
	over := roofline.MemoryOverflow(c, max(1, 2*d.o.Memory.Slots), int(in), int(out))
	through = append(through, []string{"Wait with " + units.Count(float64(2*d.o.Memory.Slots)) + " in flight, twice what fits", on("fig_wait", units.Plain(float64(max(1, 2*d.o.Memory.Slots))), sec(over.Wait))})
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
	on := func(id, text string) string { return mark(explain.Ref(id, d.o.GPU.ID, units.Plain(s)), text) }
	rows := [][]string{
		{"Chosen", layoutName(d.o.Layout)}, {"GPUs of one replica", on("gpus_per_replica", units.Count(gpus))},
		{"Weights and cache on each GPU", on("fig_gpu_bytes", d.size((c.Memory().Weights+s*c.RequestBytes(tokens))/gpus))},
		{"Sent by each GPU in a decode step", on("fig_sent", d.size(b.LinkBytesPerGPU))},
		{"Communication in a decode step", on("fig_links", units.Duration(b.Communication, 3))},
	}
	if t, err := roofline.ChooseStrategy(c.Replica(), s, tokens); err == nil {
		kind := map[roofline.StrategyKind]string{roofline.SingleGPU: "one GPU", roofline.TensorParallel: "tensor parallel", roofline.PipelineParallel: "pipeline parallel", roofline.Both: "tensor and pipeline parallel"}[t.Kind]
		rows = append(rows, []string{"Smallest that holds it", kind + ", " + on("fig_smallest", plural(t.GPUs, "GPU"))},
			[]string{"Faster than one GPU with the memory", on("fig_faster", units.Sig(t.SpeedUp, 3)+" ×") + ", " + on("fig_efficiency", units.Percent(t.Efficiency)) + " efficient"})
	}
	return rows
}

// size is an amount of bytes with its prefix.
func (d *deep) size(x float64) string {
	n, u := units.Bytes(x, d.v.gib)
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
