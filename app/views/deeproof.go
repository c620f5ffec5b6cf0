package views

import (
	"math"

	"fleetsize/app/chart"
	"fleetsize/calc/roofline"
	"fleetsize/calc/step"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// rooflineFigure puts prefill and decoding under the two roofs of the
// accelerator: what it reads and what it computes at most, by the data sheet
// and as the engine reaches it.
func (d *deep) rooflineFigure() app.UI {
	g, e := d.o.GPU, d.cost.Efficiency()
	gpus := float64(d.o.Layout.GPUs())
	peak, bandwidth := d.cost.Peak(), g.BandwidthBytesPerS
	type work struct {
		name string
		x, y float64
	}
	decode := func(name string, s, context float64) work {
		i := roofline.DecodeIntensity(d.cost, s, context)
		b := d.cost.Breakdown(step.Batch{Decoding: s, Context: s * context})
		return work{name, i.FLOPPerByte, (b.GEMMFLOP + b.AttentionFLOP) / b.Total / gpus}
	}
	prompt := d.book.Value("prompt_computed")
	pre := d.cost.Breakdown(step.Batch{PrefillTokens: prompt, PrefillFLOP: d.cost.PrefillAttention(0, prompt)})
	points := []work{
		decode("Decode, 1 request", 1, d.context),
		decode("Decode at peak", d.batch, d.context),
		{"Prefill", d.book.Value("prefill_intensity"), (pre.GEMMFLOP + pre.AttentionFLOP) / pre.Total / gpus},
	}
	lo, hi := math.Inf(1), 4*peak/bandwidth
	for _, p := range points {
		lo, hi = math.Min(lo, p.x/2), math.Max(hi, p.x*2)
	}
	roof := func(rate, bytes float64) []chart.Point {
		return []chart.Point{{X: lo, Y: lo * bytes / 1e12}, {X: rate / bytes, Y: rate / 1e12}, {X: hi, Y: rate / 1e12}}
	}
	series := []chart.Series{
		{Name: "Data sheet", Mark: chart.Mark{Hue: "c8", Tier: 1}, Shape: chart.Straight, Points: roof(peak, bandwidth)},
		{Name: "Reached at best", Short: "Reached", Mark: chart.Mark{Hue: "c8", Tier: 2}, Shape: chart.Straight, Points: roof(peak*e.Compute, bandwidth*math.Min(e.Bandwidth, 1))},
	}
	for _, p := range points {
		series = append(series, chart.Series{Name: p.name, Mark: chart.Key(g), Hero: true, Points: []chart.Point{{X: p.x, Y: p.y / 1e12, Measured: true, Strong: true}}})
	}
	drawing := chart.Lines(chart.LineSpec{
		Head:   chart.Head{ID: "roofline", Title: "Roofline of prefill and decoding"},
		X:      chart.Axis{Name: "FLOP per byte", Unit: "FLOP/B", Kind: chart.Log},
		Y:      chart.Axis{Name: "TFLOP/s per GPU", Unit: "TFLOP/s", Kind: chart.Log},
		Series: series,
		XRules: []chart.Rule{{At: peak / bandwidth, Label: "balance " + units.Sig(peak/bandwidth, 3)}},
		Height: 300,
	}, d.half())
	finding := "Decoding has " + units.Sig(points[1].x, 2) + " FLOP per byte where " + gpuName(g) + " needs " + units.Sig(peak/bandwidth, 3)
	basis := "FLOP per byte: decoding " + mark(onGPU("decode_intensity", g.ID), units.Sig(points[1].x, 3)) + ", prefill " + mark(onGPU("prefill_intensity", g.ID), units.Sig(points[2].x, 3)) +
		", balance of the accelerator " + mark(onGPU("machine_balance", g.ID), units.Sig(peak/bandwidth, 3)) + ". "
	if s, ok := roofline.RidgeBatch(d.cost, d.context); ok {
		basis += "Decoding turns compute-bound from " + units.Count(math.Ceil(s)) + " requests of " + units.Count(d.context) + " tokens on."
	} else {
		basis += "No number of requests of " + units.Count(d.context) + " tokens makes decoding compute-bound: the cache to read grows with them."
	}
	return d.figure("roofline", finding, basis, drawing)
}
