package views

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// sameForAll is the requirement that every option answers.
func (v *Page) sameForAll(cols []*contender) app.UI {
	var parts []string
	for _, f := range sharedWords {
		first := f(v.s, cols[0])
		same := first != ""
		for _, c := range cols[1:] {
			same = same && f(v.s, c) == first
		}
		if same {
			parts = append(parts, first)
		}
	}
	return el("div", "ban req", iconInfo(),
		node("p", "", leaf("b", "", "Same for all: "), txt(join("\u00a0· ", parts...))),
		button("btn", txt("Edit")).ID("compare-edit").OnClick(func(ctx app.Context, e app.Event) { v.openView(ctx, viewSize) }),
	).DataSet("same", "yes")
}

// sharedWords are the parts of a requirement as the line above the table says
// them; a part that differs between options is left to the table.
var sharedWords = []func(s *Sizing, c *contender) string{
	func(s *Sizing, c *contender) string {
		name := c.state.Workload
		if p, ok := s.Catalog().Preset(c.state.Workload); ok {
			name = p.Name
		}
		w := c.req.Workload
		return name + " " + units.Count(float64(w.Input)) + "/" + units.Count(float64(w.Output))
	},
	func(s *Sizing, c *contender) string {
		if c.req.Model == nil {
			return ""
		}
		return c.req.Model.Name
	},
	func(s *Sizing, c *contender) string { return demandWords(c.req.Demand) },
	func(s *Sizing, c *contender) string { return targetsText(c.req.Targets) },
	func(s *Sizing, c *contender) string {
		return postureWord(c.state.Posture) + ", " + postureText(c.req.Posture)
	},
	func(s *Sizing, c *contender) string {
		if c.req.Engine == nil {
			return ""
		}
		return c.req.Engine.Name
	},
	func(s *Sizing, c *contender) string {
		if c.req.Money.Owned() {
			return "bought"
		}
		return "rented"
	},
}

// demandWords is a demand as it was stated.
func demandWords(d fleet.Demand) string {
	switch d.Kind {
	case fleet.People:
		return units.Count(math.Floor(d.Users+0.5)) + " people"
	case fleet.PerDay:
		return units.Sig(d.ReqPerDay, 3) + " requests a day"
	case fleet.InFlight:
		return units.InFlight(d.InFlight)
	}
	return units.Rate(d.ReqPerS)
}

// compareSentence says what choosing between the options comes to.
func compareSentence(s *Sizing, cols []*contender) []app.UI {
	var known []*contender
	waiting := false
	for _, c := range cols {
		waiting = waiting || c.pending
		if c.option != nil {
			known = append(known, c)
		}
	}
	if len(known) < 2 {
		switch {
		case waiting:
			return []app.UI{txt("Computing the options…")}
		case len(known) == 1:
			return []app.UI{txt("One option so far: "), node("b", "", num(known[0].about("gpus"), about(known[0].option, units.Count(float64(known[0].option.GPUs)))), txt(" × "+gpuName(known[0].option.GPU))), txt(".")}
		}
		return []app.UI{txt("No option meets the requirement.")}
	}
	var body []app.UI
	cheap, dear := extremes(known, func(c *contender) (float64, bool) { return c.option.USDPerMonth, c.option.Priced })
	if cheap != nil && dear.option.USDPerMonth-cheap.option.USDPerMonth >= 1 {
		body = append(body, node("b", "", txt(string(cheap.letter)+" saves "), num(cheap.overOther("less_usd", dear), nobreak(units.USD(dear.option.USDPerMonth-cheap.option.USDPerMonth))), txt(" a\u00a0month")),
			txt(" over "+string(dear.letter)))
	}
	quick, slow := extremes(known, func(c *contender) (float64, bool) { t := c.option.At.E2E.At(c.req.Targets.Percentile); return t, t > 0 })
	if quick != nil {
		pct := s.Req.Targets.Percentile
		gain := slow.option.At.E2E.At(pct) - quick.option.At.E2E.At(pct)
		if gain > 0.05*slow.option.At.E2E.At(pct) {
			lead := string(quick.letter)
			switch {
			case len(body) > 0 && quick == cheap:
				lead = " and"
			case len(body) > 0:
				lead = "; " + lead
			}
			body = append(body, txt(lead+" finishes an answer "), node("b", "", num(quick.overOther("sooner", slow), nobreak(units.Duration(gain, 2))), txt(" sooner")))
			if cheap == nil || slow != cheap && (quick != cheap || slow != dear) {
				body = append(body, txt(" than "+string(slow.letter)))
			}
		}
	}
	end := "."
	for _, c := range cols {
		if c.option == nil && !c.pending {
			end += " " + string(c.letter) + " has no answer."
		}
	}
	if len(body) == 0 {
		return []app.UI{txt("The options cost and answer "), leaf("b", "", "about the same"), txt(end)}
	}
	return append(body, txt(end))
}

// extremes are the columns with the least and the most of a value, nil where
// fewer than two have one.
func extremes(cols []*contender, value func(*contender) (float64, bool)) (least, most *contender) {
	var lo, hi float64
	n := 0
	for _, c := range cols {
		x, ok := value(c)
		if !ok {
			continue
		}
		if n == 0 || x < lo {
			lo, least = x, c
		}
		if n == 0 || x > hi {
			hi, most = x, c
		}
		n++
	}
	if n < 2 {
		return nil, nil
	}
	return least, most
}

// optionWords is "4 × H100 SXM".
func optionWords(o *fleet.Option) string {
	return about(o, units.Count(float64(o.GPUs))) + " × " + gpuName(o.GPU)
}
