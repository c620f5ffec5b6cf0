package views

import (
	"strings"

	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// scenarioTable runs the three common request shapes for the model at hand.
func (v *Page) scenarioTable() app.UI {
	told, fresh := v.of(worker.TopicScenarios)
	var body []app.UI
	on := ""
	for i, r := range told.Scenarios {
		if on == "" {
			on = gpuLabel(v.s, r.On.GPU)
		}
		body = append(body, scenarioRow(v.s, r, countPlain(i)))
	}
	name := "this model"
	if v.s.Req.Model != nil {
		name = v.s.Req.Model.Name
	}
	if on == "" {
		on = "the recommended accelerator"
	}
	class := "tb"
	if !fresh {
		class += " stale"
	}
	th := func(class, text string) app.UI { return el("th", class, txt(text)).Attr("scope", "col") }
	return el("section", "fig",
		leaf("h2", "", "Three request shapes for "+name),
		leaf("p", "mut", "The same demand as summarization, chat and reasoning, on "+on+" with each shape's own targets. One request alone shows the floor."),
		v.working(worker.TopicScenarios, "Three request shapes"),
		node("div", class, node("table", "tbl cards",
			leaf("caption", "sr", "Scenario set for "+name),
			node("thead", "", node("tr", "", th("", "Scenario"), th("num", "GPUs"), th("num", "$/month"), th("num", "TTFT"), th("num", "tok/s per user"), th("num", "Out tok/s per GPU"), th("num", "Alone: TTFT"), th("num", "Alone: tok/s"), th("", "Lowest cost"))),
			node("tbody", "", body...),
		)),
	).ID("scenarios")
}

func scenarioRow(s *Sizing, r negotiate.ScenarioRow, at string) app.UI {
	name := el("th", "", txt(r.Name), leaf("span", "mut sm", " "+units.Count(float64(r.Input))+"/"+units.Count(float64(r.Output)))).Attr("scope", "row")
	best := "…"
	if r.Best.Viable {
		best = mark("shape-best::"+at, units.Count(float64(r.Best.GPUs))) + " × " + gpuLabel(s, r.Best.GPU)
		if r.Best.Priced {
			best += ", " + mark("shape-best-usd::"+at, units.USD(r.Best.USD))
		}
	} else if r.Best.Text != "" {
		best = r.Best.Text
	}
	cheapest := el("td", "wide", rich(best)...).DataSet("l", "Lowest cost")
	if !r.On.Viable {
		return el("tr", "", name, el("td", "mut", txt(r.On.Text)).Attr("colspan", "7"), cheapest).DataSet("scenario", r.ID)
	}
	price := units.NoPrice
	if r.On.Priced {
		price = units.Sig(r.On.USD, 3)
	}
	cell := func(label, id, text string) app.UI {
		body := app.UI(txt(text))
		if strings.ContainsAny(text, "0123456789") {
			body = num(explain.Ref("shape_"+id, "", at), text)
		}
		return el("td", "num", body).DataSet("l", label)
	}
	return el("tr", "", name,
		cell("GPUs", "gpus", countText(r.On.GPUs)), cell("$/month", "usd", price), cell("TTFT", "ttft", units.Duration(r.On.TTFT, 2)),
		cell("tok/s per user", "speed", inverse(r.On.ITL)), cell("Out tok/s per GPU", "output", units.Sig(r.On.OutputTokPerSPerGPU, 3)),
		cell("Alone: TTFT", "alone_ttft", units.Duration(r.AloneTTFT, 2)), cell("Alone: tok/s", "alone_speed", units.Sig(r.AloneTokPerS, 3)), cheapest,
	).DataSet("scenario", r.ID)
}

// inverse is tokens a second from seconds a token.
func inverse(itl float64) string {
	if itl > 0 {
		return units.Sig(1/itl, 2)
	}
	return units.Unknown
}
