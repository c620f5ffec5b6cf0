package views

import (
	"strings"

	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// mixAnswer is the cheapest fleets for the mix, and how often the hardware at
// hand holds it.
func (v *Page) mixAnswer() app.UI {
	told, fresh := v.of(worker.TopicMix)
	m := told.Mix
	if m == nil || len(m.Fleets) == 0 {
		return leaf("p", "mut", "Computing…")
	}
	th := func(class, text string) app.UI { return el("th", class, txt(text)).Attr("scope", "col") }
	head := []app.UI{th("", "GPU")}
	for _, p := range m.Fleets[0].Parts {
		head = append(head, th("num", p.Name+" apart"))
	}
	head = append(head, th("num", "GPUs apart"), th("num", "One pool"), th("num", "GPUs shared"), th("num", "$/month"), th("num", "kW"))
	var body []app.UI
	const most = 6
	for i := range m.Fleets {
		f := &m.Fleets[i]
		w, shared := f.Best()
		if i >= most || !w.Viable {
			break
		}
		approx := ""
		if f.Preview {
			approx = "≈"
		}
		on := func(id, text string) string { return mark(explain.Ref(id, "", countPlain(i)), text) }
		cell := func(label, text string, bold bool) app.UI {
			tag := "span"
			if bold {
				tag = "b"
			}
			return el("td", "num", node(tag, "", rich(text)...)).DataSet("l", label)
		}
		layout := func(b negotiate.Brief, ref string) string {
			if !b.Viable {
				return "–"
			}
			return mark(ref, countText(b.Replicas)) + " × " + layoutName(b.Layout)
		}
		gpus := func(w negotiate.MixWay, id string) string {
			if !w.Viable {
				return "–"
			}
			return on(id, approx+countText(w.GPUs))
		}
		cells := []app.UI{rowHead(gpuLabel(v.s, f.GPU))}
		for k, p := range f.Parts {
			cells = append(cells, cell(p.Name+" apart", layout(p.Brief, explain.Ref("mix_part_replicas", "", countPlain(i)+"."+countPlain(k))), false))
		}
		price, power := units.NoPrice, units.Unknown
		if w.Priced {
			price = on("mix_usd", approx+units.Sig(w.USD, 3))
		}
		if w.Powered {
			power = on("mix_kw", units.SigFixed(w.KW, 2))
		}
		body = append(body, el("tr", either(i == 0, "best", ""), append(cells, cell("GPUs apart", gpus(f.Apart, "mix_apart"), !shared), cell("One pool", layout(f.Pool, explain.Ref("mix_pool_replicas", "", countPlain(i))), false),
			cell("GPUs shared", gpus(f.Shared, "mix_shared"), shared), cell("$/month", price, false), cell("kW", power, false))...).DataSet("mix", f.GPU))
	}
	class := "tb"
	if !fresh {
		class += " stale"
	}
	return node("div", "blk-h",
		el("p", "say2", rich(mixSentence(v.s, m))...).ID("mix-answer"),
		el("p", "mut sm", rich(classSentence(&m.Fleets[0], v.s.Req.Targets.Percentile))...).ID("mix-classes"),
		el("div", class, node("table", "tbl cards", leaf("caption", "sr", "Fleets for the mix, cheapest first"), node("thead", "", node("tr", "", head...)), node("tbody", "", body...))).Attr("hidden", flag(len(body) == 0)),
	)
}

// mixSentence is what the mix takes both ways, and what the hardware at hand
// makes of it.
func mixSentence(s *Sizing, m *negotiate.Mix) string {
	f := &m.Fleets[0]
	text := "No accelerator serves every workload of the mix. " + f.Apart.Text
	if w, shared := f.Best(); w.Viable {
		id := "mix-apart::0"
		if shared {
			id = "mix-shared::0"
		}
		text = mark(id, units.Count(float64(w.GPUs))) + " × " + gpuLabel(s, f.GPU) + " serve" + verbEnd(w.GPUs == 1) + " the whole mix "
		apart := partsSum(f)
		if shared {
			text += "in one shared pool"
		} else {
			text += "in pools apart"
			if len(f.Parts) > 1 {
				text += " (" + apart + ")"
			}
		}
		if w.Priced {
			text += " for about " + mark("mix-usd::0", units.USD(w.USD)) + " a month"
		}
		switch {
		case shared && f.Apart.Viable:
			text += "; apart they take " + apart + "."
		case shared:
			text += "."
		case f.Shared.Viable:
			text += "; one shared pool takes " + mark("mix-shared::0", countText(f.Shared.GPUs)) + "."
		default:
			text += ". " + f.Shared.Text
		}
	}
	for i, o := range m.Own {
		at := "mix-times::" + countPlain(i)
		name := units.Count(float64(o.N)) + " × " + gpuLabel(s, o.GPU)
		way := ""
		if o.Shared {
			way = " in one pool"
		}
		switch {
		case o.Times <= 0:
			if why, few := strings.CutPrefix(o.Text, "Too few: "); few {
				text += " " + name + " at hand " + either(o.N == 1, "is", "are") + " too few: " + why
				break
			}
			text += " " + name + " at hand: " + lowerFirst(o.Text)
		case o.Times < 1:
			text += " " + name + " at hand hold" + verbEnd(o.N == 1) + " " + mark("mix-share::"+countPlain(i), units.Percent(units.Round(o.Times, 2))) + " of it" + way + "."
		default:
			text += " " + name + " at hand hold" + verbEnd(o.N == 1) + " it " + mark(at, units.Sig(o.Times, 3)) + " times over" + way + "."
		}
	}
	return text
}

// partsSum is "3 + 4", the accelerators of each pool apart.
func partsSum(f *negotiate.MixFleet) string {
	var n []string
	for i, p := range f.Parts {
		n = append(n, mark("mix-part::0."+countPlain(i), countText(p.GPUs)))
	}
	return join(" + ", n...)
}

// classSentence is what each workload gets in the shared pool.
func classSentence(f *negotiate.MixFleet, percentile string) string {
	var parts []string
	for i, c := range f.Classes {
		at := "::0." + countPlain(i)
		text := c.Name + " " + mark("mix-ttft"+at, units.Duration(c.TTFT, 2)) + " to the first token"
		if c.ITL > 0 {
			text += ", " + mark("mix-itl"+at, units.Duration(c.ITL, 2)) + " per token"
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return ""
	}
	return "In one pool, " + percentileWord(percentile) + ": " + join("; ", parts...) + "."
}
