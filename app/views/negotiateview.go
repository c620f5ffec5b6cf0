package views

import (
	"math"

	"fleetsize/app/chart"
	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// negotiateView is what to argue with: what moves the answer, speed against
// output, and when owning or renting pays off. It is redrawn when Rev changes.
type negotiateView struct {
	app.Compo
	Rev int
	P   *Page
}

// Render draws the charts.
func (c *negotiateView) Render() app.UI {
	v := c.P
	return el("div", "leafless",
		node("div", "cols", v.movesFigure(), v.paretoFigure()),
		v.breakEven(),
	).ID("negotiate")
}

// movesFigure is the tornado: GPUs when each input changes by a quarter.
func (v *Page) movesFigure() app.UI {
	told, _ := v.of(worker.TopicMoves)
	c := movesChart(v.s, told.Moves, v.width("moves"))
	basis := join(". ", "GPUs before rounding up to whole replicas, when each input changes by 25 %", cliffOf(v.s, told.Moves))
	if told.Error != "" {
		basis = told.Error
	}
	return v.figure("moves", movesFinding(told.Moves), basis, worker.TopicMoves, c)
}

// moveWord names an input of the tornado, and writes its values.
type moveWord struct {
	name string
	say  func(x float64) string
}

// moveWords are the inputs in words; demand follows how it was stated.
func moveWords(s *Sizing) map[negotiate.Input]moveWord {
	tokens := func(x float64) string { return units.Count(math.Round(x)) }
	share := func(x float64) string { return units.Percent(units.Round(x, 3)) }
	short := func(x float64) string { return units.Duration(x, 3) }
	demand := moveWord{"Demand", func(x float64) string { return units.Rate(units.Round(x, 4)) }}
	switch s.Req.Demand.Kind {
	case fleet.People:
		demand = moveWord{"People", tokens}
	case fleet.PerDay:
		demand = moveWord{"Requests a day", func(x float64) string { return units.Sig(x, 3) }}
	case fleet.InFlight:
		demand = moveWord{"In flight", tokens}
	}
	price := moveWord{"Price per GPU-hour", func(x float64) string { return units.USD(x) }}
	if s.Req.Money.Owned() {
		price.name = "Price per GPU"
	}
	return map[negotiate.Input]moveWord{
		negotiate.InputPrompt: {"Prompt tokens", tokens}, negotiate.InputAnswer: {"Answer tokens", tokens},
		negotiate.InputReused: {"Reused prompt", share}, negotiate.InputDemand: demand,
		negotiate.InputTTFT: {"TTFT target", short}, negotiate.InputITL: {"Per-token target", short}, negotiate.InputE2E: {"End-to-end target", short},
		negotiate.InputLoad: {"Peak load limit", share}, negotiate.InputGrowth: {"Growth a year", share}, negotiate.InputPrice: price,
	}
}

// movesChart draws the tornado.
func movesChart(s *Sizing, m *negotiate.Moves, width float64) *chart.Chart {
	spec := chart.TornadoSpec{
		Head: chart.Head{ID: "moveschart", Title: "What moves the answer", Empty: emptyWords(s, "Computing what moves the answer…")},
		Axis: chart.Axis{Name: "GPUs", Unit: "GPUs"},
	}
	if m == nil || !m.Base.Viable {
		spec.Base = math.NaN()
		return chart.Tornado(spec, width)
	}
	spec.Base = m.Base.Exact
	spec.Note, spec.Ref = "now "+units.Sig(m.Base.Exact, 3)+", with spares "+plural(m.Base.GPUs, "GPU"), "move-exact:"+m.GPU+":base"
	words := moveWords(s)
	for _, x := range m.Moves {
		w := words[x.Input]
		row := chart.TornadoRow{Name: w.name, Now: w.say(x.Now), Ref: movedRefs(s, x.Input, m.GPU), Low: moveEnd(w, x.Low, m.GPU+":"+string(x.Input)+".lo"), High: moveEnd(w, x.High, m.GPU+":"+string(x.Input)+".hi")}
		if x.Input == negotiate.InputPrice {
			row.None = "cost only"
		}
		spec.Rows = append(spec.Rows, row)
	}
	return chart.Tornado(spec, width)
}

// moveEnd is one end of a bar; about ends the references to what explains it.
func moveEnd(w moveWord, o negotiate.Outcome, about string) chart.TornadoEnd {
	if !o.Tried {
		return chart.TornadoEnd{}
	}
	e := chart.TornadoEnd{Input: w.say(o.Value), InputRef: "move-input:" + about, At: o.Exact}
	if !o.Viable {
		e.At, e.Lost, e.Text = math.NaN(), "no answer", "no answer: "+o.Text
		return e
	}
	e.Text, e.Ref = plural(o.GPUs, "GPU"), "move-gpus:"+about
	if o.Priced {
		e.Cost, e.CostRef = moneyOf(o), "move-usd:"+about
	}
	return e
}

// movedRefs is what explains the present value of an input of the tornado.
func movedRefs(s *Sizing, x negotiate.Input, gpu string) string {
	id := map[negotiate.Input]string{
		negotiate.InputPrompt: "prompt", negotiate.InputAnswer: "answer", negotiate.InputReused: "reused", negotiate.InputDemand: "stated_demand",
		negotiate.InputTTFT: "ttft_target", negotiate.InputITL: "itl_target", negotiate.InputE2E: "e2e_target",
		negotiate.InputLoad: "peak_load", negotiate.InputGrowth: "growth", negotiate.InputPrice: "rent_price",
	}[x]
	switch {
	case x == negotiate.InputPrice && s.Req.Money.Owned():
		id = "purchase_price"
	case x != negotiate.InputDemand:
	case s.Req.Demand.Kind == fleet.People:
		id = "people"
	case s.Req.Demand.Kind == fleet.PerDay:
		id = "requests_per_day"
	case s.Req.Demand.Kind == fleet.InFlight:
		id = "flight_demand"
	}
	return onGPU(id, gpu)
}

// nearCliff is the change of an input from which an answer counts as near a
// cliff: what a customer says of the load is seldom surer.
const nearCliff = 0.05

// cliffOf names the input whose small change would need another replica, on a
// straight line to its need a quarter away; "" where there is none.
func cliffOf(s *Sizing, m *negotiate.Moves) string {
	o := s.Best()
	if m == nil || o == nil || !m.Base.Viable || m.GPU != o.GPU.ID || !steep(o) {
		return ""
	}
	text, least := "", nearCliff
	room := float64(o.ReplicasNeeded*o.Layout.GPUs()) - m.Base.Exact
	for _, x := range m.Moves {
		for _, end := range []struct {
			id string
			o  negotiate.Outcome
		}{{"lo", x.Low}, {"hi", x.High}} {
			if !end.o.Tried || !end.o.Viable || !(x.Now > 0) || x.Input == negotiate.InputPrice {
				continue
			}
			share := (end.o.Value/x.Now - 1) * room / (end.o.Exact - m.Base.Exact)
			if end.o.Exact <= m.Base.Exact || abs(share) > least {
				continue
			}
			least = abs(share)
			text = "Close to a cliff: about " + mark("move-cliff:"+m.GPU+":"+string(x.Input)+"."+end.id, nobreak(units.Percent(units.Round(least, 2)))) + " " + worse[x.Input] + " asks for " + mark(onGPU("gpus_per_replica", m.GPU), plural(o.Layout.GPUs(), "more GPU"))
		}
	}
	return text
}

// worse is what an input does to need more GPUs.
var worse = map[negotiate.Input]string{
	negotiate.InputPrompt: "on the prompt length", negotiate.InputAnswer: "on the answer length", negotiate.InputReused: "less prompt reuse", negotiate.InputDemand: "more demand",
	negotiate.InputTTFT: "off the TTFT target", negotiate.InputITL: "off the per-token target", negotiate.InputE2E: "off the end-to-end target",
	negotiate.InputLoad: "off the peak load", negotiate.InputGrowth: "more growth",
}

func moneyOf(o negotiate.Outcome) string {
	if !o.Priced {
		return units.NoPrice
	}
	return units.USD(o.USD)
}

// movesFinding names what moves the count, and what does not.
func movesFinding(m *negotiate.Moves) string {
	if m == nil || len(m.Moves) == 0 || !m.Base.Viable {
		return "What moves the answer"
	}
	var strong, weak []string
	for _, x := range m.Moves {
		name := findingNames[x.Input]
		span := x.Span(m.Base)
		switch {
		case x.Input == negotiate.InputPrice:
		case span >= 1 && len(strong) < 2:
			strong = append(strong, name)
		case span == 0:
			weak = append(weak, name)
		}
	}
	switch {
	case len(strong) == 0:
		return "No single input moves the count by a quarter's change"
	case len(weak) > 0 && len(weak) <= 3:
		return upperFirst(join(" and ", strong...)) + verb(strong, " moves", " move") + " the answer; " + join(" and ", weak...) + verb(weak, " does", " do") + " not"
	}
	return upperFirst(join(" and ", strong...)) + verb(strong, " moves", " move") + " the answer most"
}

// verb agrees with how many there are.
func verb(list []string, one, many string) string {
	if len(list) == 1 {
		return one
	}
	return many
}

var findingNames = map[negotiate.Input]string{
	negotiate.InputPrompt: "prompt length", negotiate.InputAnswer: "answer length", negotiate.InputReused: "prompt reuse", negotiate.InputDemand: "demand",
	negotiate.InputTTFT: "the TTFT target", negotiate.InputITL: "the per-token target", negotiate.InputE2E: "the end-to-end target",
	negotiate.InputLoad: "headroom", negotiate.InputGrowth: "growth", negotiate.InputPrice: "price",
}

// paretoFigure is speed per user against output per GPU.
func (v *Page) paretoFigure() app.UI {
	told, _ := v.of(worker.TopicPareto)
	c := paretoChart(v.s, told.Pareto, "paretochart", v.width("pareto"), nil)
	return v.figure("pareto", paretoFinding(v.s, told.Pareto), paretoBasis(v.s), worker.TopicPareto, c)
}

// breakEven is when owning pays off against renting, and the fleet against a
// hosted API.
func (v *Page) breakEven() app.UI {
	o := v.s.Best()
	if o == nil {
		return nil
	}
	return node("div", "cols", v.ownOrRentFigure(o), v.ownOrAPIFigure(o))
}

// ownOrRentFigure adds the months up.
func (v *Page) ownOrRentFigure(o *fleet.Option) app.UI {
	own, rent := v.s.Req.Money.Both(o.GPU, o.Bill.GPUs, o.Bill.Use)
	spec := chart.LineSpec{
		Head: chart.Head{ID: "ownrentchart", Title: "Money spent, bought and rented", Empty: ownRentGap(o, &own, &rent)},
		X:    chart.Axis{Name: "months", Unit: "months"},
		Y:    chart.Axis{Name: "USD spent", Unit: "USD"},
	}
	finding := "Own or rent"
	if c, ok := money.CompareOwn(&own, &rent); ok {
		finding = ownRentFinding(o, &own, c)
		months := own.Years * money.MonthsPerYear
		line := func(id, name string, at, slope float64, hue string, hero bool) chart.Series {
			out := chart.Series{Name: name, Mark: chart.Mark{Hue: hue}, Hero: hero, Shape: chart.Straight}
			for _, x := range []float64{0, months / 2, months} {
				out.Points = append(out.Points, chart.Point{X: x, Y: at + slope*x, Ref: explain.Ref(id, "", units.Plain(x))})
			}
			return out
		}
		spec.Series = []chart.Series{line("bought_spent", "Bought", own.UpFront, own.Running(), "c1", v.s.Req.Money.Owned()), line("rented_spent", "Rented", 0, rent.PerMonth, "c2", !v.s.Req.Money.Owned())}
		if c.Ever && c.Within {
			spec.XRules = []chart.Rule{{At: c.Months, Label: "paid back, month " + units.Sig(c.Months, 3)}}
		}
	}
	basis := optionWords(o) + ". Bought: " + own.Quote.Words() + ", with hosting, energy and licenses. Rented: " + rent.Quote.Words() + "."
	if !own.Priced || !rent.Priced {
		basis = optionWords(o)
	}
	return v.figure("ownrent", finding, basis, "", chart.Lines(spec, v.width("ownrent")))
}

// ownRentGap says which price is missing.
func ownRentGap(o *fleet.Option, own, rent *money.Bill) string {
	switch {
	case !own.Priced && !rent.Priced:
		return gpuName(o.GPU) + " has neither a purchase price nor a rent in the catalog."
	case !own.Priced:
		return gpuName(o.GPU) + " has no purchase price in the catalog: choose Own under Money and enter yours."
	}
	return gpuName(o.GPU) + " has no rent in the catalog: choose Rent under Money and enter yours."
}

func ownRentFinding(o *fleet.Option, own *money.Bill, c money.OwnOrRent) string {
	switch {
	case !c.Ever:
		return "Renting stays cheaper: running what is owned costs more a month than the rent"
	case !c.Within:
		return "Buying pays off after " + mark("payback-months", units.Sig(c.Months, 3)) + " months, beyond the " + units.Sig(own.Years, 2) + "-year term"
	}
	return "Buying pays off after " + mark("payback-months", units.Sig(c.Months, 3)) + " months and saves " + mark("payback-saving", units.USD(units.Round(c.Saved, 3))) + " over " + units.Sig(own.Years, 2) + " years"
}

// ownOrAPIFigure is the cost of a month against the requests served in it.
func (v *Page) ownOrAPIFigure(o *fleet.Option) app.UI {
	s := v.s
	api := money.API{Input: s.State.APIIn, Output: s.State.APIOut}
	stated := api.Input > 0 || api.Output > 0
	spec := chart.LineSpec{
		Head: chart.Head{ID: "apichart", Title: "A month's cost of the fleet and of a hosted API", Empty: "Needs a price for " + gpuName(o.GPU) + " and requests a second."},
		X:    chart.Axis{Name: "requests a month", Unit: "requests", Tick: func(x float64) string { return units.Sig(x, 2) }},
		Y:    chart.Axis{Name: "USD a month", Unit: "USD"},
	}
	finding := "Fleet or hosted API"
	if !stated {
		spec.Empty = "Enter what the hosted API costs: its price is not guessed."
	}
	if c, ok := money.CompareAPI(o.USDPerMonth, o.Flow, api); ok && o.Priced && stated {
		peak := o.Flow.PeakReqPerS * 3600 * money.HoursPerMonth
		far := 2 * units.Round(math.Min(peak, math.Max(2*c.ReqPerMonth, 1.2*o.Flow.ReqPerMonth()))/2, 4)
		fixed := chart.Series{Name: "Fleet", Mark: chart.Mark{Hue: "c1"}, Hero: true, Shape: chart.Straight}
		hosted := chart.Series{Name: "Hosted API", Mark: chart.Mark{Hue: "c2"}, Shape: chart.Straight}
		for _, x := range []float64{0, far / 2, far} {
			fixed.Points = append(fixed.Points, chart.Point{X: x, Y: o.USDPerMonth, Ref: "usd-month"})
			hosted.Points = append(hosted.Points, chart.Point{X: x, Y: x * api.PerRequest(o.Flow), Ref: explain.Ref("api_spent", "", units.Plain(x))})
		}
		spec.Series = []chart.Series{fixed, hosted}
		if c.ReqPerMonth < far {
			spec.XRules = []chart.Rule{{At: c.ReqPerMonth, Label: "same cost"}}
		}
		finding = apiFinding(c)
	}
	basis := "USD " + units.Sig(api.Input, 3) + " in, " + units.Sig(api.Output, 3) + " out per million tokens"
	if !stated {
		basis = "From how many requests on the fleet is cheaper than paying per token."
	}
	return node("div", "blk-h",
		v.figure("api", finding, basis, "", chart.Lines(spec, v.width("api"))),
		v.apiInputs(),
	)
}

func apiFinding(c money.OwnOrAPI) string {
	at := mark("api-even-share", units.Percent(units.Round(c.ShareOfPeak, 2))) + " of the planned peak"
	switch {
	case c.NeverAtThis:
		return "The hosted API stays cheaper even at the planned peak all month"
	case c.FleetCheaper:
		return "The fleet is cheaper than the hosted API from " + at + " on average"
	}
	return "The hosted API is cheaper until the average load reaches " + at
}

// apiInputs take the prices of a hosted API.
func (v *Page) apiInputs() app.UI {
	field := func(id, label string, now float64, set func(st *state, x float64)) app.UI {
		text := ""
		if now > 0 {
			text = units.Sig(now, 4)
		}
		return node("label", "row sm", txt(label),
			app.Input().ID(id).Class("inp short").Type("text").Attr("inputmode", "decimal").Attr("placeholder", "USD").Attr("value", text).Aria("label", "Hosted API, "+label+", USD per million tokens").
				OnChange(func(ctx app.Context, e app.Event) {
					typed := ctx.JSSrc().Get("value").String()
					x := 0.0
					if lower(typed) != "" && !isOff(typed) {
						var err error
						if x, err = units.ParseNumber(typed); err == nil {
							x, err = units.Within(typed, x, 0, 1e5, "USD per million tokens")
						}
						if err != nil {
							v.say(upperFirst(err.Error()))
							return
						}
					}
					v.edit(ctx, edit{quiet: true, change: func(st *state) { set(st, x) }})
					v.negotiate.rev++
				}, app.EventScope(id)))
	}
	return node("div", "row",
		field("api-in", "Input", v.s.State.APIIn, func(st *state, x float64) { st.APIIn = x }),
		field("api-out", "Output", v.s.State.APIOut, func(st *state, x float64) { st.APIOut = x }),
		leaf("span", "mut xs", "USD per million tokens"),
	)
}
