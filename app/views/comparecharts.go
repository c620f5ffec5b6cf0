package views

import (
	"fleetsize/app/chart"
	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// twoDigits prints a measure of the options with two significant digits, zeros kept.
func twoDigits(x float64) string { return units.SigFixed(x, 2) }

// compareDots puts the options on four measures, each from zero.
func (v *Page) compareDots(cols []*contender) app.UI {
	pct := v.s.Req.Targets.Percentile
	rows := []chart.DotRow{
		{Name: "USD a month", Hint: "lower is better", Text: units.Count},
		{Name: "First token " + percentileWord(pct) + ", s", Hint: "lower is better", Target: v.s.Req.Targets.TTFT, Text: twoDigits},
		{Name: "tok/s per user", Hint: "higher is better", Text: twoDigits},
		{Name: "Power, kW", Hint: "lower is better", Text: twoDigits},
	}
	for _, c := range cols {
		letter := string(c.letter)
		o := c.option
		if o == nil {
			none := "no answer"
			if c.pending {
				none = "computing"
			}
			for i := range rows {
				rows[i].Dots = append(rows[i].Dots, chart.Dot{Letter: letter, None: none})
			}
			continue
		}
		price := chart.Dot{Letter: letter, Value: units.Round(o.USDPerMonth, 3), Ref: c.about("usd_month")}
		power := chart.Dot{Letter: letter, Value: o.KW, Ref: c.about("kw")}
		if r := o.GPURange; r.High > r.Low && o.GPUs > 0 {
			n := float64(o.GPUs)
			price.Lo, price.Hi = units.Round(o.USDPerMonth*r.Low/n, 3), units.Round(o.USDPerMonth*r.High/n, 3)
			power.Lo, power.Hi = o.KW*r.Low/n, o.KW*r.High/n
			price.Ref, power.Ref = c.about("usd_month_low"), c.about("kw_low")
		}
		if !o.Priced {
			price = chart.Dot{Letter: letter, None: "no price"}
		}
		if !o.Powered {
			power = chart.Dot{Letter: letter, None: "no figure"}
		}
		speed := chart.Dot{Letter: letter, None: "no second token"}
		if itl := o.At.ITL.At(pct); itl > 0 {
			speed = chart.Dot{Letter: letter, Value: 1 / itl, Ref: c.about("speed")}
		}
		rows[0].Dots = append(rows[0].Dots, price)
		rows[1].Dots = append(rows[1].Dots, chart.Dot{Letter: letter, Value: o.At.TTFT.At(pct), Ref: c.about("ttft")})
		rows[2].Dots = append(rows[2].Dots, speed)
		rows[3].Dots = append(rows[3].Dots, power)
	}
	c := chart.Dots(chart.DotsSpec{Head: chart.Head{ID: "optdots", Title: "The options on cost, first token, speed and power", Empty: emptyWords(v.s, "Computing the options…")}, Rows: rows}, v.width("optdots-box"))
	return v.figure("optdots-box", dotsFinding(cols), "Each measure on its own scale from zero", "", c)
}

// emptyWords say why a chart is empty: what is being computed, or that nothing
// meets the targets.
func emptyWords(s *Sizing, computing string) string {
	if s.Best() == nil && (s.Final || s.Now().Problem != nil) {
		return "Nothing to draw: no accelerator meets the targets."
	}
	return computing
}

// dotsFinding says what the dearest option buys.
func dotsFinding(cols []*contender) string {
	var known []*contender
	for _, c := range cols {
		if c.option != nil && c.option.Priced {
			known = append(known, c)
		}
	}
	cheap, dear := extremes(known, func(c *contender) (float64, bool) { return c.option.USDPerMonth, true })
	if cheap == nil {
		return "Where the options stand"
	}
	ratio := dear.option.USDPerMonth / cheap.option.USDPerMonth
	if ratio < 1.03 {
		return "The options cost about the same"
	}
	a, b := string(cheap.letter), string(dear.letter)
	pct := dear.req.Targets.Percentile
	gain := cheap.option.At.E2E.At(pct) / dear.option.At.E2E.At(pct)
	over := func(id, text string) string { return mark(dear.overOther(id, cheap), text) }
	more := over("over_more", units.Percent(units.Round(ratio-1, 2)))
	money, costs := more+" more money", more+" more than "
	if ratio > 1.95 {
		more = over("over_money", units.Sig(ratio, 2))
		money, costs = more+" times the money", more+" times as much as "
	}
	if gain > 1.05 {
		return b + " buys answers " + over("over_speed", units.Sig(gain, 2)) + " times as fast for " + money
	}
	return b + " costs " + costs + a + " and answers no faster"
}

// comparePareto shows where the options stand between speed and output.
func (v *Page) comparePareto(cols []*contender) app.UI {
	told, _ := v.of(worker.TopicPareto)
	width := v.width("optpareto")
	c := paretoChart(v.s, told.Pareto, "optparetochart", width, cols)
	return v.figure("optpareto", paretoFinding(v.s, told.Pareto), paretoBasis(v.s), worker.TopicPareto, c)
}

// paretoChart draws the frontiers with the layouts on their points, and the
// options where they run at the planned peak.
func paretoChart(s *Sizing, p *negotiate.Pareto, id string, width float64, cols []*contender) *chart.Chart {
	spec := chart.LineSpec{
		Head:   chart.Head{ID: id, Title: "Output per GPU against speed per user", Empty: emptyWords(s, "Computing the trade between speed and output…")},
		X:      chart.Axis{Name: "tok/s per user", Unit: "tok/s per user"},
		Y:      chart.Axis{Name: "tok/s per GPU", Unit: "tok/s per GPU", Kind: chart.Log},
		Height: 340,
	}
	if p == nil {
		return chart.Lines(spec, width)
	}
	if min := p.MinTokPerUser; min > 0 {
		spec.XRules = []chart.Rule{{At: min, Label: "meets " + units.Sig(min, 3) + " tok/s per user"}}
		spec.Zones = []chart.Zone{{X0: min, Kind: chart.Met}}
	}
	best := s.Best()
	for i := range p.Frontiers {
		f := &p.Frontiers[i]
		g, ok := s.Catalog().GPU(f.GPU)
		if !ok {
			continue
		}
		mark := chart.Key(g)
		if t := tierOfGPU(s, f.GPU); t == fleet.Estimated || t == fleet.SpecsOnly {
			mark = mark.Estimated()
		}
		line := chart.Series{Name: gpuName(g), Mark: mark, Hero: best != nil && best.GPU.ID == f.GPU}
		layout := ""
		for i := len(f.Points) - 1; i >= 0; i-- {
			q := &f.Points[i]
			if !q.OnFrontier {
				continue
			}
			about := f.GPU + ":" + countPlain(i)
			pt := chart.Point{X: q.TokPerUser, Y: q.TokPerGPU, Measured: q.Meets, Ref: "front-output::" + about, RefX: "front-speed::" + about}
			if name := layoutName(q.Layout); name != layout {
				pt.Note, layout = name, name
			}
			line.Points = append(line.Points, pt)
		}
		spec.Series = append(spec.Series, line)
	}
	for _, c := range cols {
		// An option of another model or workload is not on these curves.
		if c.option == nil || c.req.Model != s.Req.Model || c.req.Workload != s.Req.Workload {
			continue
		}
		o := c.option
		itl := o.At.ITL.At(c.req.Targets.Percentile)
		if itl > 0 && o.At.OutputTokPerS > 0 {
			spec.Series = append(spec.Series, chart.Series{Name: string(c.letter), Letter: true, Points: []chart.Point{
				{X: 1 / itl, Y: o.At.OutputTokPerS / float64(o.Layout.GPUs()), Strong: true, Ref: c.about("output_per_gpu"), RefX: c.about("speed")}}})
		}
	}
	return chart.Lines(spec, width)
}

func tierOfGPU(s *Sizing, id string) fleet.Confidence {
	for i := range s.Answer.Options {
		if s.Answer.Options[i].GPU.ID == id {
			return s.Answer.Options[i].Tier
		}
	}
	return fleet.SpecsOnly
}

// paretoFinding compares the accelerators at the speed the target asks for, on
// the curve and never beyond its ends.
func paretoFinding(s *Sizing, p *negotiate.Pareto) string {
	if p == nil {
		return "Speed per user costs output per GPU"
	}
	speed := p.MinTokPerUser
	if speed <= 0 {
		speed = 20
	}
	name, id, most, second := "", "", 0.0, 0.0
	for i := range p.Frontiers {
		f := &p.Frontiers[i]
		g, known := s.Catalog().GPU(f.GPU)
		if _, y, next := p.AtTarget(func(x *negotiate.Frontier) bool { return x == f }); known && y > most {
			name, id, most, second = gpuName(g), f.GPU, y, next
		}
	}
	if name == "" {
		if len(p.Frontiers) > 0 {
			return "None of these reaches " + units.Sig(speed, 2) + " tok/s per user"
		}
		return "Speed per user costs output per GPU"
	}
	text := name + " gives " + mark("front-at::"+id, units.Count(units.Round(most, 2))) + " tok/s per GPU at " + units.Sig(speed, 2) + " tok/s per user"
	if second > 0 && most/second > 1.05 {
		text += ", " + mark("front-lead::"+id, units.Sig(most/second, 2)) + " times the next"
	}
	return text
}

func paretoBasis(s *Sizing) string {
	return "Best batch and layout at each speed, " + percentileWord(s.Req.Targets.Percentile) + ", one replica in closed loop. Dots meet every target."
}
