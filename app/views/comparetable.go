package views

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// cmpRow is one row of the comparison.
type cmpRow struct {
	name string
	text func(s *Sizing, c *contender) string
	// value is what is compared, with its range; ok is false where unknown.
	// Rows without it have no best cell.
	value func(c *contender) (x, lo, hi float64, ok bool)
	more  bool   // more is better
	ref   string // entry that explains the value; "" = none
}

// exactly is a value without a range.
func exactly(get func(o *fleet.Option) (float64, bool)) func(c *contender) (x, lo, hi float64, ok bool) {
	return func(c *contender) (x, lo, hi float64, ok bool) {
		x, ok = get(c.option)
		return x, x, x, ok
	}
}

// counted scales a value that goes with the number of GPUs by the range of it.
func counted(get func(o *fleet.Option) (float64, bool)) func(c *contender) (x, lo, hi float64, ok bool) {
	return func(c *contender) (x, lo, hi float64, ok bool) {
		o := c.option
		x, ok = get(o)
		lo, hi = x, x
		if o.GPURange.High > o.GPURange.Low && o.GPUs > 0 {
			lo, hi = x*o.GPURange.Low/float64(o.GPUs), x*o.GPURange.High/float64(o.GPUs)
		}
		return x, lo, hi, ok
	}
}

var cmpRows = []cmpRow{
	{name: "Differs by", text: func(s *Sizing, c *contender) string {
		if c.pinned {
			if letter := c.letter - 'A' + 'a'; len(s.State.Differs(letter)) > 0 {
				return differsBy(s, letter)
			}
			return "the sizing itself"
		}
		if c.ask != "" {
			return "GPU and layout"
		}
		return "GPU"
	}},
	{name: "Model", text: func(s *Sizing, c *contender) string { return c.req.Model.Name }},
	{name: "Engine", text: func(s *Sizing, c *contender) string { return c.req.Engine.Name }},
	{name: "Precision", text: func(s *Sizing, c *contender) string { return precisionText(c.option) }},
	{name: "Layout", text: func(s *Sizing, c *contender) string { return layoutText(c.option) }},
	{name: "GPUs", ref: "gpus", text: func(s *Sizing, c *contender) string { return countText(c.option.GPUs) + rangeAfter(c.option.GPURange) },
		value: counted(func(o *fleet.Option) (float64, bool) { return float64(o.GPUs), true })},
	{name: "Nodes", ref: "nodes", text: func(s *Sizing, c *contender) string { return countText(c.option.Nodes) },
		value: exactly(func(o *fleet.Option) (float64, bool) { return float64(o.Nodes), true })},
	{name: "Cost a month", ref: "usd_month", text: func(s *Sizing, c *contender) string {
		if !c.option.Priced {
			return units.NoPrice
		}
		return units.USD(c.option.USDPerMonth)
	}, value: counted(func(o *fleet.Option) (float64, bool) { return o.USDPerMonth, o.Priced })},
	{name: "Paid at the start", ref: "usd_up_front", text: func(s *Sizing, c *contender) string {
		if !c.option.Priced {
			return units.NoPrice
		}
		if c.option.Bill.UpFront == 0 {
			return "nothing"
		}
		return units.USD(c.option.Bill.UpFront)
	}},
	{name: "USD per million output tokens", ref: "usd_per_million_output", text: func(s *Sizing, c *contender) string {
		if u, ok := c.option.Flow.Units(c.option.USDPerMonth); ok && c.option.Priced {
			return units.USD(u.PerMillionOutput)
		}
		return units.NoPrice
	}, value: counted(func(o *fleet.Option) (float64, bool) {
		u, ok := o.Flow.Units(o.USDPerMonth)
		return u.PerMillionOutput, ok && o.Priced
	})},
	{name: "First token", ref: "ttft", text: func(s *Sizing, c *contender) string {
		return units.Duration(c.option.At.TTFT.At(c.req.Targets.Percentile), 2) + " " + percentileWord(c.req.Targets.Percentile)
	}, value: func(c *contender) (x, lo, hi float64, ok bool) {
		x = c.option.At.TTFT.At(c.req.Targets.Percentile)
		return x, c.option.TTFTRange.Low, c.option.TTFTRange.High, x > 0
	}},
	{name: "Speed per user", ref: "speed", more: true, text: func(s *Sizing, c *contender) string {
		return speedText(c.option, c.req.Targets.Percentile) + " tok/s"
	}, value: func(c *contender) (x, lo, hi float64, ok bool) {
		itl := c.option.At.ITL.At(c.req.Targets.Percentile)
		if !(itl > 0) {
			return 0, 0, 0, false
		}
		lo, hi = 1/itl, 1/itl
		if r := c.option.ITLRange; r.Low > 0 && r.High > 0 {
			lo, hi = 1/r.High, 1/r.Low
		}
		return 1 / itl, lo, hi, true
	}},
	{name: "Whole answer", ref: "e2e", text: func(s *Sizing, c *contender) string {
		return units.Duration(c.option.At.E2E.At(c.req.Targets.Percentile), 2) + " " + percentileWord(c.req.Targets.Percentile)
	}, value: func(c *contender) (x, lo, hi float64, ok bool) {
		x = c.option.At.E2E.At(c.req.Targets.Percentile)
		r := c.option.ITLRange
		lo, hi = x, x
		if itl := c.option.At.ITL.At(c.req.Targets.Percentile); itl > 0 && r.High > r.Low {
			lo, hi = x*r.Low/itl, x*r.High/itl
		}
		return x, lo, hi, x > 0
	}},
	{name: "Requests per GPU", ref: "rate_per_gpu", more: true, text: func(s *Sizing, c *contender) string { return rateText(c.option) + " req/s" },
		value: func(c *contender) (x, lo, hi float64, ok bool) {
			o := c.option
			return o.ReqPerSPerGPU, o.RateRange.Low, o.RateRange.High, o.ReqPerSPerGPU > 0
		}},
	{name: "Survives", more: true, text: func(s *Sizing, c *contender) string { return survives(c) },
		value: exactly(func(o *fleet.Option) (float64, bool) { return float64(o.ReplicasSpare * o.Layout.GPUs()), true })},
	{name: "Power", ref: "kw", text: func(s *Sizing, c *contender) string {
		if !c.option.Powered {
			return "No figure"
		}
		return powerText(c.option) + " kW"
	}, value: counted(func(o *fleet.Option) (float64, bool) { return o.KW, o.Powered })},
	{name: "First limit", text: func(s *Sizing, c *contender) string { return limitWords(c.option.Binding) }},
	{name: "Confidence", ref: "rate_spread", text: func(s *Sizing, c *contender) string { return tierText(c.option) }},
	{name: "Risk", text: func(s *Sizing, c *contender) string { return risk(c) }},
}

// rangeAfter is " (3–4)" where a range says more than the number.
func rangeAfter(r fleet.Range) string {
	if r.High > r.Low {
		return " (" + units.Range(r.Low, r.High) + ")"
	}
	return ""
}

// survives is what may be lost with every target still met.
func survives(c *contender) string {
	o := c.option
	n := o.ReplicasSpare
	text := "no loss"
	if n > 0 {
		text = mark(c.about("spare_replicas"), plural(n, "replica")) + " lost"
		if o.Layout.GPUs() == 1 {
			text = mark(c.about("spare_gpus"), plural(n, "GPU")) + " lost"
		}
	}
	if k := c.req.Posture.SpareNodes; k > 0 {
		nodes := mark(c.about("spare_nodes"), plural(k, "node"))
		text = join(" or ", nodes, text)
		if n == 0 {
			text = nodes + " lost"
		}
	}
	return text
}

// risk is the first thing that can go wrong with an option.
func risk(c *contender) string {
	o := c.option
	switch {
	case !o.Priced:
		return "Price unknown"
	case o.Tier == fleet.SpecsOnly:
		return "Data sheet only, nothing measured"
	case o.Tier == fleet.Estimated:
		return "Estimated, not measured"
	case o.GPURange.High > float64(o.GPUs):
		return "Up to " + mark(c.about("gpus_high"), units.Count(o.GPURange.High)+" GPUs") + " in the error band"
	}
	if headroom := growthRoom(c); headroom != "" {
		return headroom
	}
	return "None seen"
}

// growthRoom is the demand at which the next replica is due.
func growthRoom(c *contender) string {
	o := c.option
	next := float64(o.ReplicasNeeded) * o.ReplicaRate * c.req.Posture.Utilization
	if !(next > o.DemandReqPerS) || o.InFlight > 0 {
		return ""
	}
	return "Next replica at " + mark(c.about("next_replica_at"), units.Rate(units.Round(next, 3)))
}

// bestOf is the column with the best value of a row, −1 where none is best
// across its whole range. Errors of options that rest on the same fitted
// profile go together, so between those the value itself decides.
func (r *cmpRow) bestOf(cols []*contender) int {
	if r.value == nil {
		return -1
	}
	best := -1
	var bx, bhi float64
	sign := 1.0
	if r.more {
		sign = -1
	}
	type cell struct{ x, lo float64 }
	cells := make([]*cell, len(cols))
	n := 0
	for i, c := range cols {
		if c.option == nil {
			continue
		}
		x, lo, hi, ok := r.value(c)
		if !ok {
			continue
		}
		n++
		x, lo, hi = sign*x, sign*lo, sign*hi
		if lo > hi {
			lo, hi = hi, lo
		}
		cells[i] = &cell{x, lo}
		if best < 0 || x < bx {
			best, bx, bhi = i, x, hi
		}
	}
	if n < 2 {
		return -1
	}
	for i, k := range cells {
		if i == best || k == nil {
			continue
		}
		together := sameProfile(cols[i].option, cols[best].option)
		if together && !(bx < k.x-0.005*math.Abs(k.x)) || !together && !(bhi < k.lo) {
			return -1
		}
	}
	return best
}

func sameProfile(a, b *fleet.Option) bool {
	return a.Profile != nil && b.Profile != nil && a.Profile.ID == b.Profile.ID
}

// equalRow reports whether all options say the same.
func (r *cmpRow) equalRow(s *Sizing, cols []*contender) bool {
	first, any := "", false
	for _, c := range cols {
		if c.option == nil {
			continue
		}
		text := bare(r.text(s, c))
		if any && text != first {
			return false
		}
		first, any = text, true
	}
	return true
}

// compareTable puts the options side by side: differences first.
func (v *Page) compareTable(cols []*contender) app.UI {
	s := v.s
	head := []app.UI{node("td", "")}
	for _, c := range cols {
		head = append(head, v.columnHead(c))
	}
	var body []app.UI
	equal := 0
	for i := range cmpRows {
		r := &cmpRows[i]
		if r.equalRow(s, cols) {
			equal++
			if !v.compare.equal {
				continue
			}
		}
		best := r.bestOf(cols)
		cells := []app.UI{el("th", "mut", txt(r.name)).Attr("scope", "row")}
		for k, c := range cols {
			td := el("td", "").DataSet("l", string(c.letter))
			switch {
			case c.option == nil && c.pending:
				td = td.Body(txt("…"))
			case c.option == nil:
				td = td.Body(leaf("span", "mut", "no answer"))
			case k == best:
				td = td.Class("w").Body(c.number(r.ref, r.text(s, c)), node("span", "up", txt("▲"), leaf("span", "sr", " best")))
			default:
				td = td.Body(c.number(r.ref, r.text(s, c)))
			}
			cells = append(cells, td)
		}
		body = append(body, el("tr", "", cells...).DataSet("row", r.name))
	}
	word := "Show " + plural(equal, "equal row")
	if v.compare.equal {
		word = "Hide equal rows"
	}
	pinned := len(s.State.B) > 0 || len(s.State.C) > 0
	class := "tbl cmp n" + countText(len(cols))
	return el("section", "fig",
		node("div", "row",
			leaf("h2", "", "What differs"),
			node("div", "end row",
				button("btn ghost sm", txt(word)).ID("equal-rows").Aria("pressed", boolean(v.compare.equal)).Attr("hidden", flag(equal == 0)).
					OnClick(func(ctx app.Context, e app.Event) { v.compare.equal = !v.compare.equal; v.compare.rev++ }),
				button("btn sm", txt("Keep these")).ID("keep-proposals").Attr("hidden", flag(pinned || len(cols) < 2)).
					OnClick(func(ctx app.Context, e app.Event) { v.keepProposals(ctx) }),
				button("btn sm", iconPlus(), txt("Pin another")).ID("pin-another").Attr("hidden", flag(len(s.State.C) > 0)).
					OnClick(func(ctx app.Context, e app.Event) { v.pinAnother(ctx) }),
			),
		),
		el("p", "mut sm", txt("Proposed by the sizing. Pin rows of its table with + Pin as option, or keep these.")).Attr("hidden", flag(pinned)),
		node("div", "tb", node("table", class,
			leaf("caption", "sr", "Options side by side"),
			node("thead", "", node("tr", "", head...)),
			node("tbody", "", body...),
		)),
	).ID("options")
}

// columnHead names an option with its fleet and confidence.
func (v *Page) columnHead(c *contender) app.UI {
	letter := c.letter - 'A' + 'a'
	fleetLine := app.UI(leaf("p", "bigc", "…"))
	tier := app.UI(leaf("span", "tier mut", "computing"))
	switch {
	case c.option != nil:
		kind, _ := tierKind(c.option.Tier)
		fleetLine, tier = node("p", "bigc", c.number("gpus", optionWords(c.option))), badge(kind, tierText(c.option)+" · "+layoutName(c.option.Layout))
	case !c.pending:
		fleetLine, tier = p("bigc", "No answer"), el("span", "tier", txt(c.text))
	}
	var tools app.UI
	if c.pinned {
		gone := c.letter == 'A' && c.ask == "" // the sizing itself cannot go
		tools = el("span", "end row",
			button("lnk sm", txt("Edit")).ID("edit-"+string(letter)).Aria("label", "Edit option "+string(c.letter)).Aria("expanded", boolean(v.compare.editing == letter)).
				OnClick(func(ctx app.Context, e app.Event) {
					if v.compare.editing == letter {
						v.compare.editing = 0
					} else {
						v.compare.editing = letter
					}
					v.compare.rev++
				}, app.EventScope("edit", string(letter))),
			button("lnk sm", txt("Remove")).ID("remove-"+string(letter)).Aria("label", "Remove option "+string(c.letter)).Attr("hidden", flag(gone)).
				OnClick(func(ctx app.Context, e app.Event) { v.removeOption(ctx, letter) }, app.EventScope("remove", string(letter))),
		)
	}
	return el("th", "", node("span", "row", leaf("span", "opt", string(c.letter)), leaf("b", "", c.title), tools), fleetLine, tier).
		Attr("scope", "col").DataSet("option", string(c.letter))
}
