package export

import (
	"math"

	"fleetsize/app/chart"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// PriceSpec is the chart of the price of latency: GPUs needed against the
// first-token target. id names the drawing; note and short stand at the target.
func PriceSpec(p *Proposal, id, note, short string) chart.LineSpec {
	spec := chart.LineSpec{
		Head:  chart.Head{ID: id, Title: "GPUs needed against the first-token target, by accelerator", Empty: "Computing the price of latency…"},
		X:     chart.Axis{Name: "TTFT target", Unit: "s", Kind: chart.Log, Say: func(x float64) string { return units.Duration(x, 3) }},
		Y:     chart.Axis{Name: "GPUs", Unit: "GPUs", Kind: chart.Log, Whole: true},
		First: true,
	}
	if ttft := p.Req.Targets.TTFT; ttft > 0 {
		spec.Target = &chart.Target{At: ttft, Note: note, Short: short}
	}
	best := p.Best()
	for _, c := range p.Price {
		mark := chart.Key(c.GPU)
		if t := tierOf(p, c); t == fleet.Estimated || t == fleet.SpecsOnly {
			mark = mark.Estimated()
		}
		line := chart.Series{Name: GPUName(c.GPU), Mark: mark, Hero: best != nil && best.GPU.ID == c.GPU.ID}
		for _, pt := range c.Points {
			y := math.NaN()
			if pt.GPUs > 0 {
				y = float64(pt.GPUs)
			}
			line.Points = append(line.Points, chart.Point{X: pt.TTFT, Y: y, Ref: priceRef(c.GPU.ID, pt)})
		}
		spec.Series = append(spec.Series, line)
	}
	return spec
}

// priceRef is the reference to the explanation of a point of the curve of an
// accelerator.
func priceRef(gpu string, pt fleet.PricePoint) string {
	return explain.Ref("price_gpus", gpu, units.Plain(math.Round(1000*pt.TTFT)))
}

func tierOf(p *Proposal, c fleet.PriceCurve) fleet.Confidence {
	for i := range p.Answer.Options {
		if p.Answer.Options[i].GPU.ID == c.GPU.ID {
			return p.Answer.Options[i].Tier
		}
	}
	return fleet.SpecsOnly
}

// PriceFinding says what waiting longer saves: the curve that moves most
// between its first and its last target, and the one that moves least. mark
// writes a number with the reference to its explanation; nil = the number.
func PriceFinding(curves []fleet.PriceCurve, target float64, mark func(ref, text string) string) string {
	if mark == nil {
		mark = func(_, text string) string { return text }
	}
	most, least := -1, -1
	var mostRatio, leastRatio float64
	for i, c := range curves {
		a, b, ok := ends(c, target)
		if !ok {
			continue
		}
		ratio := float64(a.GPUs) / float64(b.GPUs)
		if most < 0 || ratio > mostRatio {
			most, mostRatio = i, ratio
		}
		if least < 0 || ratio < leastRatio {
			least, leastRatio = i, ratio
		}
	}
	if most < 0 {
		return "What a shorter wait costs"
	}
	a, b, _ := ends(curves[most], target)
	wait := "Waiting " + units.Duration(b.TTFT, 2) + " instead of " + units.Duration(a.TTFT, 2)
	name, id := GPUName(curves[most].GPU), curves[most].GPU.ID
	if mostRatio <= 1.1 {
		return wait + " changes little: " + name + " " + mark(priceRef(id, b), units.Range(float64(b.GPUs), float64(a.GPUs))+" GPUs")
	}
	text := wait + " cuts " + name + " from " + mark(priceRef(id, a), units.Count(float64(a.GPUs))+" GPUs") + " to " + mark(priceRef(id, b), units.Count(float64(b.GPUs)))
	if least != most && leastRatio <= 1.2 {
		text += "; " + GPUName(curves[least].GPU) + " barely moves"
	}
	return text
}

// ends are the first target a curve is viable at, and the target in force or
// else the last one.
func ends(c fleet.PriceCurve, target float64) (a, b fleet.PricePoint, ok bool) {
	for _, pt := range c.Points {
		if pt.GPUs <= 0 || ok && target > a.TTFT*1.01 && pt.TTFT > target*1.001 {
			continue
		}
		if !ok {
			a, ok = pt, true
		}
		b = pt
	}
	return a, b, ok && a.TTFT < b.TTFT
}

// PriceBasis is what the chart shows, with unit and basis.
func PriceBasis(p *Proposal) string {
	text := "GPUs needed for " + DemandText(p.Req.Demand) + " by first-token target (" + Percentile(p.Req.Targets.Percentile) + "), other targets unchanged."
	for _, c := range p.Price {
		if c.Preview {
			return text + " Quick estimate; exact curves follow."
		}
	}
	return text
}

// MemoryChart is the memory of one replica in GB, or in GiB where binary; its
// parts add up to the capacity.
func MemoryChart(o *fleet.Option, width float64, binary bool) *chart.Chart {
	m := o.Memory
	size, unit := 1e9, "GB"
	if binary {
		size, unit = 1<<30, "GiB"
	}
	gb := func(b float64) float64 { return b / size }
	title := "Memory of one " + GPUName(o.GPU)
	if n := o.Layout.GPUs(); n > 1 {
		title = "Memory of one replica, " + units.Count(float64(n)) + " × " + GPUName(o.GPU)
	}
	free := ""
	if room := MoreRequests(o); room >= 1 {
		free = "room for " + units.Count(room) + " more"
	}
	return chart.Stack(chart.StackSpec{
		Head: chart.Head{ID: "mem-" + o.GPU.ID, Title: title + ", " + units.Sig(gb(m.Capacity), 3) + " " + unit},
		Rows: []chart.Bar{{Unit: unit, Total: gb(m.Capacity), Value: func(x float64) string { return units.Fixed(x, 1) }, Parts: []chart.Part{
			{Name: "Weights", Value: gb(m.Weights), Fill: "m1", Ref: explain.Ref("memory_weights", o.GPU.ID, "")},
			{Name: "KV in use", Short: "KV", Value: gb(m.KVUsed), Fill: "m2", Note: units.Sig(o.At.Running, 2) + " requests in flight", Ref: explain.Ref("memory_kv_used", o.GPU.ID, "")},
			{Name: "KV free", Value: gb(m.KVFree), Fill: "m3", Note: free, Ref: explain.Ref("memory_kv_free", o.GPU.ID, "")},
			{Name: "Activations", Value: gb(m.Activations), Fill: "m4", Ref: explain.Ref("memory_activations", o.GPU.ID, "")},
			{Name: "Runtime", Value: gb(m.Runtime), Fill: "m5", Ref: explain.Ref("memory_runtime", o.GPU.ID, "")},
			{Name: "Kept free", Value: gb(m.Unusable), Fill: "m6", Hatch: true, Ref: explain.Ref("memory_unusable", o.GPU.ID, "")},
		}}},
	}, max(width, 280))
}

// MoreRequests is how many further requests of full length the free KV memory
// holds, within the engine's limit.
func MoreRequests(o *fleet.Option) float64 {
	if !(o.Memory.KVPerRequest > 0) {
		return 0
	}
	room := float64(int(o.Memory.KVFree / o.Memory.KVPerRequest))
	if left := float64(o.Memory.Slots) - o.At.Running; o.Memory.Slots > 0 && left < room {
		room = float64(int(left))
	}
	return max(room, 0)
}
