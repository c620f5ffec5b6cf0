package views

import (
	"math"
	"sort"
	"strings"

	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/calc/roofline"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// part is one piece of a stacked bar, explained by a registry entry.
func (d *deep) part(id, name, fill string) chart.Part {
	return chart.Part{Name: name, Value: math.Max(d.book.Value(id), 0), Fill: fill, Ref: onGPU(id, d.o.GPU.ID)}
}

// waitParts are the pieces of the time to first token.
func (d *deep) waitParts() []chart.Part {
	return []chart.Part{
		d.part("ttft_waiting", "Queue and shared steps", "m5"),
		d.part("prefill_compute", "Prefill compute", "m2"),
		d.part("prefill_attention", "Attention", "m3"),
		d.part("prefill_weights", "Reading weights", "m1"),
		d.part("prefill_links", "Communication", "m4"),
		d.part("prefill_overhead", "Overhead", "m4"),
		d.part("front_end", "Front end", "m5"),
		d.part("first_token_delay", "First chunk", "m6"),
		d.part("stream_delay", "Stream interval", "m6"),
	}
}

// stepParts are the pieces of the time per token.
func (d *deep) stepParts() []chart.Part {
	return []chart.Part{
		d.part("decode_weights", "Reading weights", "m1"),
		d.part("decode_kv", "Reading KV", "m2"),
		d.part("decode_compute", "Compute", "m3"),
		d.part("decode_attention", "Attention", "m3"),
		d.part("decode_links", "Communication", "m4"),
		d.part("decode_overhead", "Overhead", "m4"),
		d.part("itl_sharing", "Prompts in the same steps", "m5"),
	}
}

// milli scales parts to milliseconds.
func milli(parts []chart.Part) []chart.Part {
	for i := range parts {
		parts[i].Value *= 1000
	}
	return parts
}

func tenth(x float64) string { return units.SigFixed(x, 3) }

// largest names the two largest parts and their share of the whole.
func largest(parts []chart.Part) (names string, share float64) {
	sorted := append([]chart.Part(nil), parts...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Value > sorted[j].Value })
	sum := 0.0
	for _, p := range sorted {
		sum += p.Value
	}
	if !(sum > 0) {
		return "", 0
	}
	return sorted[0].Name + " and " + lowerName(sorted[1].Name), (sorted[0].Value + sorted[1].Value) / sum
}

// lowerName starts a name in lower case, abbreviations aside.
func lowerName(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// requestFigure is where the time of one request and of one token goes.
func (d *deep) requestFigure() app.UI {
	wait, step := d.waitParts(), d.stepParts()
	names, share := largest(wait)
	word := percentileWord(d.v.s.Req.Targets.Percentile)
	rows := []chart.Bar{{Title: "First token, " + units.Duration(d.book.Value("ttft"), 3), Unit: "ms", Parts: milli(wait), Value: tenth}}
	if itl := d.book.Value("itl"); itl > 0 { // answers of one token have no further ones
		rows = append(rows, chart.Bar{Title: "Each further token, " + units.Duration(itl, 3), Unit: "ms", Parts: milli(step), Value: tenth})
	}
	drawing := chart.Stack(chart.StackSpec{
		Head: chart.Head{ID: "parts", Title: "Where the time of one request goes"},
		Rows: rows,
	}, d.half())
	return d.figure("parts", upperFirst(names)+" take "+units.Percent(share)+" of the wait",
		"One request at the planned peak on "+gpuName(d.o.GPU)+", "+word+". "+d.binds(), drawing)
}

// binds says which limit holds a step.
func (d *deep) binds() string {
	i := roofline.DecodeIntensity(d.cost, d.batch, d.context)
	p := d.book.Value("prefill_intensity")
	word := "memory-bound"
	if p >= i.Balance {
		word = "compute-bound"
	}
	return "Prefill is " + word + ", decoding " + string(i.Bound) + "-bound."
}

// memoryFigure is the memory of one replica.
func (d *deep) memoryFigure() app.UI {
	m := d.o.Memory
	finding := "Memory is full"
	if room := export.MoreRequests(d.o); m.Capacity > 0 {
		finding = units.Percent((m.Capacity-m.KVFree-m.Unusable)/m.Capacity) + " of the memory is used: room for " + plural(int(room), "more request")
		if room < 1 {
			finding = units.Percent((m.Capacity-m.KVFree-m.Unusable)/m.Capacity) + " of the memory is used: no room for another request"
		}
	}
	drawing, bytes := memoryChart(d.o, d.half(), d.v.gib), "10⁹"
	if d.v.gib {
		bytes = "2³⁰"
	}
	return d.figure("memory", finding, drawing.Title+" ("+bytes+" bytes), at the planned peak.", drawing, d.v.gibButton("gib-deep"))
}

// bytesFigure is what one decode step moves.
func (d *deep) bytesFigure() app.UI {
	parts := []chart.Part{
		d.part("decode_weight_bytes", "Weights", "m1"),
		d.part("decode_kv_bytes", "KV read", "m2"),
		d.part("decode_write_bytes", "KV write", "m3"),
		d.part("decode_activation_bytes", "Activations", "m4"),
	}
	sum := 0.0
	unit, size := d.v.memoryUnit()
	for i := range parts {
		parts[i].Value /= size
		sum += parts[i].Value
	}
	drawing := chart.Stack(chart.StackSpec{
		Head: chart.Head{ID: "bytes", Title: "Bytes of one decode step"},
		Rows: []chart.Bar{{Unit: unit, Parts: parts, Value: tenth}},
	}, d.half())
	names, share := largest(parts)
	return d.figure("bytes", upperFirst(names)+" are "+units.Percent(share)+" of what a step moves",
		units.Sig(sum, 3)+" "+unit+" a decode step of "+units.Sig(d.batch, 3)+" requests with "+units.Count(d.context)+" tokens each, over the whole replica. Activations are an estimate.", drawing)
}
