package views

import (
	"math"

	"fleetsize/app/chart"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// moneyView is what the recommended fleet costs and draws: its bill, prices
// per request and per token, others' definitions, and the years of growth.
type moneyView struct {
	app.Compo
	Rev int
	P   *Page
}

// Render draws the tables.
func (c *moneyView) Render() app.UI {
	v := c.P
	o := v.s.Best()
	fig := app.Elem("figure").ID("money").Class("fig").Attr("hidden", flag(o == nil))
	if o == nil {
		return fig
	}
	body := []app.UI{
		app.Elem("figcaption").Body(node("h2", "", rich(moneyFinding(v.s, o))...), leaf("p", "", moneyBasis(v.s, o))),
		node("div", "cols2", billTable(v.s, o), unitTable(o)),
	}
	if text := breakEvens(v.s, o); len(text) > 0 {
		body = append(body, node("ul", "plain sm", text...))
	}
	if v.s.Req.Posture.Growth > 0 {
		g := o.Growth(&v.s.Req, max(v.s.Req.Posture.Years, 3))
		body = append(body, node("h3", "", rich(growthFinding(&g))...),
			node("div", v.plotClass(), app.Raw(growthChart(v.s, &g, v.width("money")).Markup())), growthTable(v.s, &g))
	}
	if d := definitionTable(v.s, o); d != nil {
		body = append(body, el("details", "more", node("summary", "", leaf("span", "", "The same cost as others would state it"), iconChevron()),
			node("div", "more-b", d)).ID("definitions"))
	}
	return fig.Body(body...)
}

// moneyFinding is the finding of the tables: the larger part of the bill.
func moneyFinding(s *Sizing, o *fleet.Option) string {
	if !o.Priced {
		return "No price for " + gpuName(o.GPU)
	}
	text := mark("usd-month", units.USD(o.USDPerMonth)) + " a month"
	u, ok := o.Flow.Units(o.USDPerMonth)
	if !ok {
		return text
	}
	return text + " is " + mark("usd-per-million-output", units.USD(u.PerMillionOutput)) + " per million output tokens"
}

func moneyBasis(s *Sizing, o *fleet.Option) string {
	text := "Energy and cooling are estimated from published figures."
	if o.Priced {
		text = quoteWords(o.Bill.Quote) + ". "
		if o.Flow.Use < 1 {
			text += "Average load " + units.Percent(o.Flow.Use) + " of the planned peak; unit prices are at that load."
		} else {
			text += "Unit prices are at the planned peak all month; a lower average load makes each token dearer."
		}
	}
	if n := o.Bill.GPUs - o.GPUs; n > 0 {
		text += " " + plural(n, "GPU") + " besides are for stages before the model and spare nodes."
	}
	return text
}

// quoteWords is the price's basis with its day as people say it.
func quoteWords(q money.Quote) string {
	words := "Rent, cloud list"
	if q.Basis == money.Own {
		words = "Purchase"
	}
	if q.Own {
		return words + ", your price"
	}
	return join(" of ", words, day(q.AsOf))
}

// billRow is a row: a label, then values of which "" is a dash in words.
func billRow(label string, values ...string) app.UI {
	row := []app.UI{rowHead(label)}
	for _, x := range values {
		row = append(row, node("td", "num", rich(x)...))
	}
	return node("tr", "", row...)
}

// headRow is the head of columns of which all but the first hold numbers.
func headRow(names ...string) app.UI {
	var row []app.UI
	for i, n := range names {
		class := ""
		if i > 0 {
			class = "num"
		}
		row = append(row, colHead(class, n))
	}
	return node("thead", "", node("tr", "", row...))
}

func billPanel(caption string, head app.UI, rows []app.UI) app.UI {
	return el("div", "scroll", node("table", "tbl data", leaf("caption", "sr", caption), head, node("tbody", "", rows...))).
		TabIndex(0).Role("region").Aria("label", caption)
}

// billTable is what the money goes to.
func billTable(s *Sizing, o *fleet.Option) app.UI {
	b := &o.Bill
	var rows []app.UI
	add := func(label, ref string, month float64) {
		if month > 0 {
			rows = append(rows, billRow(label, mark(ref, units.USD(month)), mark(ref+"-term", units.USD(month*b.Years*12))))
		}
	}
	if b.Priced {
		add("Rent", "usd-rent", b.Rent)
		add("Purchase", "usd-purchase", b.Purchase)
		add("Hosting", "usd-hosting", b.Hosting)
		add("Energy", "usd-energy", b.Energy)
		add("Licenses", "usd-license", b.License)
		rows = append(rows, billRow("Together", mark("usd-month", units.USD(b.PerMonth)), mark("usd-term", units.USD(b.PerTerm()))))
		if b.UpFront > 0 {
			rows = append(rows, billRow("Up front", "", mark("usd-up-front", units.USD(b.UpFront))))
		}
	}
	if o.Powered {
		rows = append(rows,
			billRow("Power at the wall", mark("kw", units.SigFixed(o.KW, 2)+" kW"), ""),
			billRow("Energy used", mark("kwh-month", units.Count(units.Round(b.Power.KWhPerMonth, 3))+" kWh"), mark("kwh-term", units.Count(units.Round(b.Power.KWhPerMonth*12*b.Years, 3))+" kWh")))
		if s.Req.Money.CO2PerKWh > 0 {
			rows = append(rows, billRow("CO₂", mark("kg-co2", units.Count(units.Round(b.Power.KgCO2, 3))+" kg"), mark("kg-co2-term", units.Count(units.Round(b.Power.KgCO2*12*b.Years, 3))+" kg")))
		}
	}
	return billPanel("What the money goes to", headRow("Item", "a month", "in "+units.Sig(b.Years, 3)+" years"), rows)
}

// unitTable is the cost and power per piece of work.
func unitTable(o *fleet.Option) app.UI {
	var rows []app.UI
	if u, ok := o.Flow.Units(o.USDPerMonth); ok && o.Priced {
		rows = append(rows,
			billRow("1,000 requests", mark("usd-per-thousand", units.USD(u.Per1000Requests))),
			billRow("Million output tokens", mark("usd-per-million-output", units.USD(u.PerMillionOutput))),
			billRow("Million input tokens", mark("usd-per-million-input", units.USD(u.PerMillionInput))),
			billRow("Million input + output", mark("usd-per-million-total", units.USD(u.PerMillionTotal))),
		)
	}
	if e, ok := o.Flow.Efficiency(o.Bill.Power); ok && o.Powered {
		rows = append(rows,
			billRow("Output tok/s per watt", mark("tok-s-per-w", units.Sig(e.OutputTokPerSPerW, 2))),
			billRow("Output tok/s per MW", mark("tok-s-per-mw", units.Sig(e.OutputTokPerSPerMW, 2))),
			billRow("Output tokens per joule", mark("tok-per-joule", units.Sig(e.OutputTokPerJoule, 2))),
		)
	}
	return billPanel("Cost and energy of the work; each price carries the whole cost", headRow("All of the cost, per", "value"), rows)
}

// definitionTable is the same cost as different publishers state it.
func definitionTable(s *Sizing, o *fleet.Option) app.UI {
	if !o.Priced {
		return nil
	}
	api, _ := s.State.API()
	var rows []app.UI
	for _, d := range o.Flow.Definitions(o.USDPerMonth, api.Ratio()) {
		rows = append(rows, node("tr", "", rowHead(d.Name), el("td", "num", num(explain.Ref(d.ID, "", ""), units.USD(d.USD))).DataSet("l", "USD per million"),
			el("td", "", txt(d.Tokens)).DataSet("l", "of which tokens"), leaf("td", "wrap", d.How)))
	}
	return stacked("Price per million tokens by definition", node("thead", "", node("tr", "", leaf("th", "", "Definition"), leaf("th", "num", "USD per million"), leaf("th", "", "of which tokens"), leaf("th", "", "how"))), rows...)
}

// breakEvens says when owning beats renting, and the fleet a hosted price.
func breakEvens(s *Sizing, o *fleet.Option) (items []app.UI) {
	b := &o.Bill
	own, rent := s.Req.Money.Both(o.GPU, b.GPUs, b.Use)
	if c, ok := money.CompareOwn(&own, &rent); ok {
		text := "Owning never pays off against this rent: running it costs more than renting."
		if c.Ever {
			text = "Owning pays off against renting after " + mark("payback-months", units.Sig(c.Months, 3)) + " months"
			if !c.Within {
				text += ", after the end of its " + units.Sig(own.Years, 3) + " years"
			}
			text += "."
		}
		items = append(items, node("li", "", rich(text)...))
	}
	if api, stated := s.State.API(); stated && b.Priced {
		if c, ok := money.CompareAPI(b.PerMonth, o.Flow, api); ok {
			text := "The hosted API takes " + mark("api-month", units.USD(c.APIPerMonth)) + " a month for the same requests. "
			switch {
			case c.NeverAtThis:
				text += "It is cheaper even with this fleet busy all month."
			default:
				text += "This fleet is cheaper from " + mark("api-even-tokens", units.Sig(c.TokPerMonth/1e6, 3)+" million tokens") + " a month on, " + mark("api-even-share", units.Percent(c.ShareOfPeak)) + " of its planned peak."
			}
			items = append(items, node("li", "", rich(text)...))
		}
	}
	return items
}

// growthFinding is what growing does to the fleet.
func growthFinding(g *fleet.Growth) string {
	first, last := g.Years[0], g.Years[len(g.Years)-1]
	text := "Growth takes the fleet from " + mark(inYear("growth_gpus", first), units.Count(float64(first.GPUs))) + " to " + mark(inYear("growth_gpus", last), plural(last.GPUs, "GPU")) + " in " + plural(last.Year, "year")
	if first.GPUs == last.GPUs {
		text = "The fleet of the first year holds the growth of " + plural(last.Year, "year")
	}
	return text
}

// inYear is the reference to an entry about a year of growth.
func inYear(id string, y fleet.Year) string { return explain.Ref(id, "", units.Plain(float64(y.Year))) }

// growthChart is the GPUs in use year by year, with the purchase steps.
func growthChart(s *Sizing, g *fleet.Growth, width float64) *chart.Chart {
	steps := chart.Series{Name: "GPUs in use", Quiet: true, Hero: true, Mark: chart.Mark{Hue: "c1"}, Shape: chart.Step}
	years := float64(len(g.Years))
	for _, y := range g.Years {
		p := chart.Point{X: float64(y.Year - 1), Y: float64(y.GPUs), Measured: true, Ref: inYear("growth_gpus", y)}
		if y.Buy > 0 {
			p.Note = "+" + units.Count(float64(y.Buy))
		}
		steps.Points = append(steps.Points, p)
	}
	last := steps.Points[len(steps.Points)-1]
	steps.Points = append(steps.Points, chart.Point{X: years, Y: last.Y})
	return chart.Lines(chart.LineSpec{
		Head:   chart.Head{ID: "growthchart", Title: "GPUs in use by year"},
		X:      chart.Axis{Name: "years from now", Unit: "years", Min: 0, Max: years, Whole: true},
		Y:      chart.Axis{Name: "GPUs in use", Unit: "GPUs", Whole: true},
		Series: []chart.Series{steps},
		Height: 200,
	}, width)
}

// growthTable is the fleet year by year.
func growthTable(s *Sizing, g *fleet.Growth) app.UI {
	names := []string{"Year", "peak at its end", "GPUs", "nodes", "to add", "USD"}
	row := func(label string, values ...string) app.UI {
		cells := []app.UI{rowHead(label)}
		for i, x := range values {
			cells = append(cells, labeled(names[i+1], x))
		}
		return node("tr", "", cells...)
	}
	var rows []app.UI
	for _, y := range g.Years {
		usd := units.NoPrice
		if g.Priced {
			usd = mark(inYear("growth_usd", y), units.USD(y.USD))
		}
		add := "none"
		if y.Buy > 0 {
			add = units.Count(float64(y.Buy))
		}
		peak := units.Rate(y.Peak)
		if s.Req.Demand.Kind == fleet.InFlight {
			peak = units.Count(math.Round(y.Peak)) + " in flight"
		}
		rows = append(rows, row("Year "+units.Count(float64(y.Year)), mark(inYear("growth_peak", y), peak), mark(inYear("growth_gpus", y), units.Count(float64(y.GPUs))),
			mark(inYear("growth_nodes", y), units.Count(float64(y.Nodes))), mark(inYear("growth_buy", y), add), usd))
	}
	if g.Priced {
		last := g.Years[len(g.Years)-1]
		rows = append(rows, row("Together", "", "", "", "", mark(inYear("growth_total", last), units.USD(g.Total))),
			row("All from the start", "", mark(inYear("growth_gpus", last), units.Count(g.All)), "", "", mark(inYear("growth_all_usd", last), units.USD(g.AllTotal))))
	}
	return stacked("Growth year by year", headRow(names...), rows...)
}
