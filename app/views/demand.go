package views

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func (v *Page) demandBody() []app.UI {
	s := v.s
	kind := s.Req.Demand.Kind
	if kind == "" {
		kind = fleet.PerSecond
	}
	options := []option{
		{id: "rps", label: "req/s", on: kind == fleet.PerSecond},
		{id: "users", label: "People", on: kind == fleet.People},
		{id: "day", label: "Per day", on: kind == fleet.PerDay},
		{id: "flight", label: "In flight", on: kind == fleet.InFlight},
	}
	body := []app.UI{v.radios("seg", "Demand as", "demand", options, v.pickDemand)}
	switch kind {
	case fleet.People:
		body = append(body, v.numberField("users", "People who use it in the busy hour"), v.numberField("rph", "Each person, in the busy hour"))
		body = append(body, v.peakFields("Busiest moment over the average")...)
	case fleet.PerDay:
		body = append(body, v.numberField("day", ""))
		body = append(body, v.peakFields("Busiest moment over the day's average")...)
	case fleet.InFlight:
		body = append(body, v.numberField("flight", "Requests being answered at the same time"))
	default:
		body = append(body, v.numberField("rps", ""))
	}
	return append(body, el("p", "hint eqv", txt(demandEquivalents(s))).DataSet("chain", "yes"))
}

// demandEquivalents is the chain from people or a day to a rate, and what the
// rate means in the other units.
func demandEquivalents(s *Sizing) string {
	var also string
	if n := inFlight(s); n > 0 && s.Req.Demand.Kind != fleet.InFlight {
		also = units.Sig(n, 3) + " in flight"
	}
	switch s.Req.Demand.Kind {
	case fleet.People, fleet.PerDay:
		return join(" · ", chain(s.State.Demand), calls(s), also)
	case fleet.InFlight:
		return "Each answer that ends makes room for the next request"
	}
	return join(" · ", calls(s), also, "about "+units.Sig(activePeople(s.State.Demand.ReqPerS), 3)+" active people")
}

// calls is what several calls a task do to the rate; "" without them.
func calls(s *Sizing) string {
	if s.State.Calls < 2 {
		return ""
	}
	return "× " + units.Count(float64(s.State.Calls)) + " calls = " + units.Rate(s.Req.Demand.PeakReqPerS())
}
