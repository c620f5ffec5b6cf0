package views

import (
	"sort"
	"strings"

	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// hardwareColumns are the measures of the comparison; all but the times are
// better when they are larger.
var hardwareColumns = []struct {
	id, head, says string
	entry          string // of the registry
	less           bool
	of             func(h *negotiate.HardwareRow) float64
}{
	{"gpu", "tok/s per GPU", "most output per GPU first", "side_output", false, func(h *negotiate.HardwareRow) float64 { return h.OutputTokPerSPerGPU }},
	{"watt", "tok/s per rated W", "most output per watt of rating first", "side_per_rated", false, func(h *negotiate.HardwareRow) float64 { return h.TokPerSPerRatedW }},
	{"wall", "tok/s per W at the wall", "most output per watt at the wall first", "side_per_wall", false, func(h *negotiate.HardwareRow) float64 { return h.TokPerSPerWallW }},
	{"usd", "tokens per USD", "most output per dollar first", "side_per_usd", false, func(h *negotiate.HardwareRow) float64 { return h.TokPerUSD }},
	{"speed", "tok/s per user, median", "fastest answers first", "side_speed", false, func(h *negotiate.HardwareRow) float64 { return h.SpeedMedian }},
	{"slow", "slowest tenth", "fastest slow answers first", "side_speed_slow", false, func(h *negotiate.HardwareRow) float64 { return h.SpeedSlow }},
	{"ttft", "TTFT, s, median", "shortest wait first", "side_ttft", true, func(h *negotiate.HardwareRow) float64 { return h.TTFTMedian }},
	{"ttft95", "p95", "shortest slow wait first", "side_ttft_slow", true, func(h *negotiate.HardwareRow) float64 { return h.TTFTSlow }},
}

// hardwareRows joins the exact answers of the sizing with quick ones for all
// other accelerators.
func (v *Page) hardwareRows() []negotiate.HardwareRow {
	told, fresh := v.of(worker.TopicHardware)
	exact := map[string]negotiate.HardwareRow{}
	if v.s.Quick == nil {
		for _, h := range negotiate.Hardware(&v.s.Req, &v.s.Answer) {
			exact[h.GPU] = h
		}
	}
	var list []negotiate.HardwareRow
	seen := map[string]bool{}
	for _, h := range told.Hardware {
		if x, ok := exact[h.GPU]; ok {
			h = x
		} else if !fresh {
			continue
		}
		seen[h.GPU] = true
		list = append(list, h)
	}
	for _, o := range v.s.Answer.Options {
		if h, ok := exact[o.GPU.ID]; ok && !seen[h.GPU] {
			list = append(list, h)
		}
	}
	return list
}

// dataHardware puts every accelerator side by side for the workload at hand:
// per GPU, per watt and per dollar.
func (v *Page) dataHardware() app.UI {
	d := &v.data
	order := 0
	for i, c := range hardwareColumns {
		if c.id == d.order {
			order = i
		}
	}
	col := hardwareColumns[order]
	list := v.hardwareRows()
	value := func(h *negotiate.HardwareRow) float64 {
		if !h.Viable {
			return 0
		}
		return col.of(h)
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := value(&list[i]), value(&list[j])
		if (a > 0) != (b > 0) {
			return a > 0
		}
		if col.less && a != b {
			return a < b
		}
		return a > b
	})
	viable, top := 0, make([]float64, len(hardwareColumns))
	for i := range list {
		if !list[i].Viable {
			continue
		}
		viable++
		for k, c := range hardwareColumns {
			if x := c.of(&list[i]); x > 0 && (top[k] == 0 || c.less == (x < top[k])) {
				top[k] = x
			}
		}
	}
	head := []app.UI{colHead("", "GPU")}
	for i, c := range hardwareColumns {
		id := c.id
		th := el("th", "num").Attr("scope", "col")
		label := c.head
		if i == order {
			th = el("th", "num on").Attr("scope", "col").Aria("sort", either(c.less, "ascending", "descending"))
			label += either(c.less, " ▴", " ▾")
		}
		head = append(head, th.Body(button("", txt(label)).DataSet("order", id).OnClick(func(ctx app.Context, e app.Event) { d.order = id; d.rev++ }, app.EventScope("order", id))))
	}
	var body []app.UI
	for i := range list {
		if i >= max(d.shown, pageRows) {
			break
		}
		body = append(body, v.hardwareRow(&list[i], top))
	}
	finding := hardwareFinding(v.s.Catalog(), list, order)
	if viable == 0 {
		finding = "Computing every accelerator…"
		if v.s.Now().Problem != nil {
			finding = v.s.Now().Problem.Text
		}
	}
	return el("section", "fig",
		node("div", "row", node("h2", "", rich(finding)...), node("div", "end row", v.sheetOf("hardware-csv", "fleetsize-hardware.csv", func() string { return hardwareCSV(list) }))),
		leaf("p", "mut", "Output tokens of "+presetName(v.s)+" on "+v.s.Req.Model.Name+", at the most one GPU holds inside the targets: no rounding to whole replicas, no spares. Waits and speeds are at the planned peak of "+demandText(v.s)+". ≈ quick estimate."),
		v.working(worker.TopicHardware, "Every accelerator"),
		node("div", "tb", node("table", "tbl cards hw",
			leaf("caption", "sr", "Accelerators side by side, "+col.says),
			node("thead", "", node("tr", "", head...)),
			node("tbody", "", body...),
		)),
		v.moreRows("hardware-more", len(list)),
	).ID("data-hardware")
}

func (v *Page) hardwareRow(h *negotiate.HardwareRow, top []float64) app.UI {
	note := hardwareNote(h)
	if g, ok := v.s.Catalog().GPU(h.GPU); ok && g.Status != "shipping" {
		note += ", " + g.Status
	}
	name := el("th", "", txt(gpuLabel(v.s, h.GPU)), leaf("span", "mut sm", note)).Attr("scope", "row")
	if !h.Viable {
		return el("tr", "", name, el("td", "mut sm", txt(h.Text)).Attr("colspan", countText(len(hardwareColumns)))).DataSet("hardware", h.GPU)
	}
	cells := []app.UI{name}
	for i, c := range hardwareColumns {
		x := c.of(h)
		text := num(explain.Ref(c.entry, "", h.GPU), about1(h.Preview, units.SigFixed(x, 3)))
		class := "num"
		switch {
		case !(x > 0):
			text = el("span", "mut", txt(hardwareGap(c.id)))
		case x == top[i]:
			class = "num w"
			text = el("span", "", text, node("span", "up", txt("▲"), leaf("span", "sr", " best")))
		}
		cells = append(cells, el("td", class, text).DataSet("l", c.head))
	}
	return el("tr", "", cells...).DataSet("hardware", h.GPU)
}

// hardwareGap is why a measure is missing.
func hardwareGap(id string) string {
	switch id {
	case "usd":
		return units.NoPrice
	case "watt", "wall":
		return "No rating"
	}
	return units.Unknown
}

func hardwareNote(h *negotiate.HardwareRow) string {
	if !h.Viable {
		return ""
	}
	return " " + countText(h.GPUs) + " × " + layoutName(h.Layout)
}

// hardwareFinding names the first and how far the next is behind.
func hardwareFinding(cat *catalog.Catalog, list []negotiate.HardwareRow, order int) string {
	c := hardwareColumns[order]
	var first, next *negotiate.HardwareRow
	for i := range list {
		if !list[i].Viable || !(c.of(&list[i]) > 0) {
			continue
		}
		if first == nil {
			first = &list[i]
			continue
		}
		next = &list[i]
		break
	}
	if first == nil {
		return "No accelerator has this figure"
	}
	name := first.GPU
	if g, ok := cat.GPU(first.GPU); ok {
		name = gpuName(g)
	}
	text := name + ": " + mark(explain.Ref(c.entry, "", first.GPU), about1(first.Preview, units.Sig(c.of(first), 3))) + " " + c.head
	if next != nil {
		ratio := c.of(first) / c.of(next)
		if c.less {
			ratio = 1 / ratio
		}
		if ratio > 1.02 {
			better, worse := first.GPU, next.GPU
			if c.less {
				better, worse = worse, better
			}
			text += ", " + mark(explain.Ref("side_lead", "", c.entry+":"+better+":"+worse), units.Sig(ratio, 3)) + " times as good as the next"
		}
	}
	return text
}

func hardwareCSV(list []negotiate.HardwareRow) string {
	var b strings.Builder
	b.WriteString("gpu,viable,gpus,layout,out_tok_s_per_gpu,out_tok_s_per_rated_w,out_tok_s_per_wall_w,out_tokens_per_usd,tok_s_per_user_median,tok_s_per_user_p10,ttft_median_s,ttft_p95_s,usd_per_gpu_hour,quick_estimate,reason\r\n")
	for i := range list {
		h := &list[i]
		b.WriteString(csvLine(h.GPU, boolean(h.Viable), countPlain(h.GPUs), layoutName(h.Layout), plainOr(h.OutputTokPerSPerGPU), plainOr(h.TokPerSPerRatedW), plainOr(h.TokPerSPerWallW), plainOr(h.TokPerUSD),
			plainOr(h.SpeedMedian), plainOr(h.SpeedSlow), plainOr(h.TTFTMedian), plainOr(h.TTFTSlow), plainOr(h.USDPerGPUHour), boolean(h.Preview), h.Text))
	}
	return b.String()
}
