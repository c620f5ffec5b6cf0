package views

import (
	"strings"

	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// reverseAnswer is the answer in words.
func (v *Page) reverseAnswer() app.UI {
	told, fresh := v.of(worker.TopicReverse)
	class := "say2"
	if !fresh {
		class += " stale"
	}
	return el("p", class, reverseSentence(v.s, told.Reverse)...).ID("reverse-answer").Aria("live", "polite")
}

// reverseSentence says what the pools, or the best buy, are good for.
func reverseSentence(s *Sizing, r *negotiate.Reverse) []app.UI {
	if r == nil || len(r.Pools) == 0 {
		if r != nil && r.Best {
			return []app.UI{txt("No accelerator with a price fits the budget.")}
		}
		return []app.UI{txt("Computing…")}
	}
	t := r.Total
	subject := poolWords(s, r)
	s3 := verbEnd(t.N == 1 || r.Best) // a budget is one, too
	if !t.Viable {
		why := " serve" + s3 + " nothing of this workload: " + lowerFirst(r.Pools[0].Text)
		if text, few := strings.CutPrefix(r.Pools[0].Text, "Too few: "); few && len(r.Pools) == 1 {
			why = either(s3 != "", " is", " are") + " too few for this workload: " + text
		}
		return []app.UI{node("b", "", rich(subject)...), txt(why)}
	}
	verb := " hold" + s3 + " "
	approx := ""
	if t.Preview {
		approx = "≈ "
	}
	on := func(id, text string) string { return mark(held(r, -1, id), text) }
	body := append(rich(subject+verb), node("b", "", rich(on(holdID(t.Demand.Kind), nobreak(approx+demandAmountWords(t.Demand))))...), txt(" of "+presetName(s)+" inside the targets"))
	if n := units.Round(activePeople(t.ReqPerS), 2); t.Demand.Kind == fleet.PerSecond && n >= 2 {
		body = append(body, rich(", about "+on("hold_active", units.Count(n))+" active people")...)
	}
	if t.Times > 0 {
		words := timesWords(t.Times)
		id := "hold_times"
		switch {
		case t.Times >= 2:
			id = "hold_over"
		case t.Times >= 1.005:
			id = "hold_more"
		}
		if n := strings.IndexAny(words, " \u00a0"); words[0] <= '9' {
			if strings.HasPrefix(words[n:], " %") {
				n += 2
			}
			words = on(id, words[:n]) + words[n:]
		}
		body = append(body, txt(": "), node("b", "", rich(words)...))
	}
	left := ""
	if t.Left > 0 {
		left = on("hold_left", plural(t.Left, "GPU")) + " left over"
	}
	spare := ""
	if t.Spare > 0 {
		spare = on("hold_spare", plural(t.Spare, "replica")) + " kept spare"
	}
	ahead := ""
	if t.Ahead > 0 {
		ahead = on("hold_ahead", plural(t.Ahead, "GPU")) + " before the model"
	}
	if rest := join(", ", ahead, spare, left); rest != "" {
		body = append(body, rich("; "+rest)...)
	}
	return append(body, txt("."))
}

// poolWords is "8 H100 SXM" or "$20,000 a month, spent on 10 L40S,".
func poolWords(s *Sizing, r *negotiate.Reverse) string {
	var parts []string
	for i, p := range r.Pools {
		if r.Best && i > 0 {
			break
		}
		n := units.Count(float64(p.N))
		if r.Best {
			n = mark(held(r, i, "hold_gpus"), n)
		}
		parts = append(parts, n+" × "+gpuLabel(s, p.GPU))
	}
	text := inRow(parts)
	if r.Best {
		return units.USD(s.State.Budget) + " a month, spent on " + text + ","
	}
	return text
}

// verbEnd is the s of a verb whose subject is one.
func verbEnd(one bool) string {
	if one {
		return "s"
	}
	return ""
}

// inRow is "a", "a and b", "a, b and c".
func inRow(parts []string) string {
	if n := len(parts); n > 2 {
		return join(", ", parts[:n-1]...) + " and " + parts[n-1]
	}
	return join(" and ", parts...)
}

// demandAmountWords is a demand in round numbers.
func demandAmountWords(d fleet.Demand) string {
	switch d.Kind {
	case fleet.People:
		return units.Count(units.Round(d.Users, 3)) + " people"
	case fleet.PerDay:
		return units.Sig(d.ReqPerDay, 3) + " requests a day"
	case fleet.InFlight:
		return units.InFlight(d.InFlight)
	}
	return units.Rate(units.Round(d.ReqPerS, 3))
}

// timesWords compares what is held with what is asked for.
func timesWords(x float64) string {
	switch {
	case x < 0.995:
		return units.Percent(units.Round(x, 2)) + " of the demand"
	case x < 1.005:
		return "just the demand"
	case x < 2:
		return units.Percent(units.Round(x-1, 2)) + " more than the demand"
	}
	return units.Sig(x, 2) + " times the demand"
}

func lowerFirst(s string) string {
	if len(s) < 2 || s[0] >= 0x80 || s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return lower(s[:1]) + s[1:]
}

// reverseTable lists the pools, or the best buys.
func (v *Page) reverseTable() app.UI {
	told, fresh := v.of(worker.TopicReverse)
	r := told.Reverse
	if r == nil || len(r.Pools) == 0 {
		return nil
	}
	const most = 8
	var body []app.UI
	for i, p := range r.Pools {
		if r.Best && i >= most {
			break
		}
		body = append(body, v.poolRow(p, func(id, text string) app.UI { return num(held(r, i, id), text) }))
	}
	class := "tb"
	if !fresh {
		class += " stale"
	}
	caption := "What each pool serves"
	if r.Best {
		caption = "What the budget buys, most served first"
	}
	return node("div", class, node("table", "tbl cards",
		leaf("caption", "sr", caption),
		node("thead", "", node("tr", "",
			colHead("", "Hardware"),
			colHead("num", "Servers"),
			colHead("lg", "Layout"),
			colHead("num", "Holds"),
			colHead("num", "Of the demand"),
			colHead("num", "Left over"),
			colHead("num", "$/month"),
		)),
		node("tbody", "", body...),
	))
}

// held refers to what explains a number of a pool, of all of them for -1.
func held(r *negotiate.Reverse, i int, id string) string {
	arg := "t"
	switch {
	case i >= 0:
		arg = countPlain(i)
	case r.Best || len(r.Pools) == 1:
		arg = "0"
	}
	return explain.Ref(id, "", arg)
}

// holdID is the entry about the demand that hardware holds.
func holdID(k fleet.DemandKind) string {
	switch k {
	case fleet.People:
		return "hold_people"
	case fleet.PerDay:
		return "hold_day"
	case fleet.InFlight:
		return "hold_in_flight"
	}
	return "hold_req"
}

// poolRow is what one pool holds; on makes a number of it explain itself.
func (v *Page) poolRow(p negotiate.Holds, on func(id, text string) app.UI) app.UI {
	approx := ""
	if p.Preview {
		approx = "≈"
	}
	name := rowHead(units.Count(float64(p.N)) + " × " + gpuLabel(v.s, p.GPU))
	if !p.Viable {
		return el("tr", "", name, node("td", "num", on("hold_nodes", countText(p.Nodes))), el("td", "mut", txt(p.Text)).Attr("colspan", "5")).DataSet("pool", p.GPU)
	}
	price := app.UI(txt(units.NoPrice))
	if p.Priced {
		price = on("hold_usd", units.Sig(p.USD, 3))
	}
	return el("tr", "", name,
		el("td", "num", on("hold_nodes", countText(p.Nodes))).DataSet("l", "Servers"),
		node("td", "lg mut", on("hold_replicas", countText(p.Replicas)), txt(" × "+layoutName(p.Layout))),
		el("td", "num", node("b", "", on(holdID(p.Demand.Kind), approx+demandAmountWords(p.Demand)))).DataSet("l", "Holds"),
		el("td", "num", on("hold_times", units.Percent(units.Round(p.Times, 3)))).DataSet("l", "Of the demand"),
		el("td", "num", on("hold_left", countText(p.Left))).DataSet("l", "Left over"),
		el("td", "num", price).DataSet("l", "$/month"),
	).DataSet("pool", p.GPU)
}
