package explain

import (
	"math"
	"slices"
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// Explanation is one number with everything about it.
type Explanation struct {
	*Formula
	Ref     string // reference as links write it
	GPU     string // accelerator it is about
	Value   float64
	Number  string // as it is shown: "2.4"
	Unit    string // "s", "" = none
	Steps   []string
	Input   []Input
	Sure    Sure
	Changes []Change
	Keys    []string // link keys that change it, nearest first
	book    *Book
}

// Input is one symbol of the formula with its value.
type Input struct {
	Symbol  string
	Value   float64
	Text    string // with its unit, one digit more than results have
	Meaning string
	Source  Source
}

// Sure is how sure a number is.
type Sure struct {
	Tier fleet.Confidence // "" where no prediction is involved
	Text string
}

// Words is the tier and what it means for this number.
func (s Sure) Words() string {
	tier := map[fleet.Confidence]string{fleet.Measured: "Measured", fleet.Calibrated: "Calibrated", fleet.Estimated: "Estimated", fleet.SpecsOnly: "Specs only"}[s.Tier]
	switch {
	case tier == "":
		return s.Text
	case s.Text == "":
		return tier
	}
	return tier + " · " + s.Text
}

// Change is another value of the number and what leads to it.
type Change struct {
	Text string // "5"
	If   string // "demand passes 11.4 req/s"
	Key  string // link key to change
}

// Shown is the number with its unit.
func (x *Explanation) Shown() string {
	if x.Unit == "" {
		return x.Number
	}
	return x.Number + "\u00a0" + x.Unit
}

// Explain explains an entry by its id; ok is false where there is none of that
// name or its value is not known.
func (b *Book) Explain(id, arg string) (x *Explanation, ok bool) {
	b.arg = arg
	b.applies["sum"] = arg == "t" && b.studies.Reverse != nil && len(b.studies.Reverse.Pools) > 1 && !b.studies.Reverse.Best
	f := read().formula(id, b.applies)
	if f == nil {
		if f = b.asEntry(id); f == nil {
			return nil, false
		}
	}
	x = &Explanation{Formula: f, Ref: Ref(id, b.Opt.GPU.ID, arg), GPU: name(b.Opt), Value: b.value(id), book: b}
	if math.IsNaN(x.Value) || math.IsInf(x.Value, 0) {
		return nil, false
	}
	if p, ok := b.point(); ok && strings.HasSuffix(id, "_at") {
		named := *f
		named.Title = p.title(f.Title)
		x.Formula = &named
	}
	about, of := b.study(id)
	if g, ok := b.Req.Catalog.GPU(about.gpu); of && ok {
		x.GPU = short(g)
	} else if of && about.gpu == "" && arg == "t" {
		x.GPU = "all pools"
	} else if ofCatalog(id) {
		x.GPU = b.subjectName()
	} else if about.named != "" {
		x.GPU = about.named
	}
	u := b.unit(f)
	if id == "move_input" {
		u = b.movedUnit()
	}
	x.Number, x.Unit = u.format(x.Value, 0)
	for _, s := range f.Inputs() {
		x.Input = append(x.Input, b.input(s))
	}
	if m := about.shown; id == "seen_reply" {
		named := *f
		named.Title, named.What = m.Title, m.What
		x.Formula, x.Number, x.Unit, x.Input[0].Text, x.Input[0].Meaning = &named, m.Text, "", m.Text, lowerFirst(m.Title)
	}
	x.Steps = f.substituted(b.text, b.value)
	x.Sure = b.sure(f, x.Value)
	if of && f.sure == "study" {
		x.Sure = b.sureOf(about)
	}
	x.Keys = b.keys(id, nil, map[string]bool{})
	if f.sure == "given" && x.Input[0].Source.Key != "" {
		x.Keys = []string{x.Input[0].Source.Key}
	}
	x.Changes = b.changes(id)
	return x, true
}

// asEntry makes an entry of an input, so that it can be asked for by itself.
func (b *Book) asEntry(id string) *Formula {
	fact := read().fact(id)
	if fact.meaning == "" {
		return nil
	}
	return &Formula{ID: id, Title: upperFirst(fact.meaning), What: upperFirst(fact.meaning) + ".", Text: id,
		sure: "given", unit: fact.unit, body: &expr{op: 'v', name: id}}
}

// Given reports whether the number is an input and not computed.
func (x *Explanation) Given() bool { return x.sure == "given" }

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func name(o *fleet.Option) string { return short(o.GPU) }

func short(g *catalog.GPU) string {
	if g.Short != "" {
		return g.Short
	}
	return g.Name
}

// unit is the unit of an entry with the digits its confidence deserves.
func (b *Book) unit(f *Formula) unit {
	u := f.unit
	if u.digits == 0 {
		u.digits = 2
		if t := b.Opt.Tier; t == fleet.Measured || t == fleet.Calibrated {
			u.digits = 3
		}
	}
	return u
}

// unitOf is the unit of a symbol, whether it is an entry or an input.
func (b *Book) unitOf(symbol string) unit {
	if f := read().formula(symbol, b.applies); f != nil {
		return f.unit
	}
	return read().fact(symbol).unit
}

// text is the value of a symbol as it stands in a formula.
func (b *Book) text(symbol string) string {
	v := b.value(symbol)
	if math.IsNaN(v) && strings.HasSuffix(symbol, "_target") {
		return "no limit"
	}
	return b.unitOf(symbol).text(v, inputDigits)
}

func (b *Book) input(symbol string) Input {
	in := Input{Symbol: symbol, Value: b.value(symbol), Text: b.text(symbol)}
	if symbol == "move_input" {
		in.Text = b.movedUnit().text(in.Value, inputDigits)
	}
	f := read().formula(symbol, b.applies)
	for f != nil && f.body.op == 'v' { // another name for the same number
		symbol = f.body.name
		f = read().formula(symbol, b.applies)
	}
	if f != nil {
		in.Meaning = lowerFirst(f.Title)
		in.Source = Source{Origin: FromFormula, ID: symbol, Text: f.Symbols()}
		if f.body.op == 'f' && f.Simulated() {
			in.Source.Text = b.run().Text
		}
		return in
	}
	in.Meaning = read().fact(symbol).meaning
	if _, in.Source = b.leaf(symbol); in.Source.Origin == "" {
		in.Source = ours("not known")
	}
	return in
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// keys collects the link keys behind an entry, nearest first.
func (b *Book) keys(id string, found []string, seen map[string]bool) []string {
	f := read().formula(id, b.applies)
	if f == nil || seen[id] {
		return found
	}
	seen[id] = true
	inputs := f.Inputs()
	for _, s := range inputs {
		if read().formula(s, b.applies) != nil {
			continue
		}
		if _, src := b.leaf(s); src.Key != "" && !slices.Contains(found, src.Key) {
			found = append(found, src.Key)
		}
	}
	for _, s := range inputs {
		found = b.keys(s, found, seen)
	}
	return found
}

// sure says how far an entry may be off.
func (b *Book) sure(f *Formula, v float64) Sure {
	o := b.Opt
	s := Sure{Tier: o.Tier}
	band := func(r fleet.Range) string {
		if !(r.High > r.Low) {
			return ""
		}
		low, unit := b.unit(f).format(r.Low, 2)
		high, same := b.unit(f).format(r.High, 2)
		if unit != same && unit != "" {
			low += " " + unit
		}
		text := units.Span(low, high)
		if same != "" {
			text += " " + same
		}
		return text + " in the 10–90 % band"
	}
	around := func(half float64) string {
		e := math.Exp(half)
		return band(fleet.Range{Low: v / e, High: v * e})
	}
	switch f.sure {
	case "gpus":
		s.Text = b.robust()
	case "rate":
		s.Text = around(b.value("rate_band"))
	case "ttft":
		s.Text = around(b.value("ttft_band"))
		if m := o.Measured; f.ID == "ttft" && m != nil && m.TTFT.OK {
			s.Text += ". " + b.nearby(f, m.TTFT.Value, m.Run.TTFT)
		}
	case "itl":
		s.Text = around(b.value("itl_band"))
		if m := o.Measured; f.ID == "itl" && m != nil && m.ITL.OK {
			s.Text += ". " + b.nearby(f, m.ITL.Value, m.Run.ITL)
		}
	case "step":
		s.Text = "one part of a law fitted as a whole"
	case "sim":
		s.Text = "simulated from the same law"
	case "range":
		s.Text = "from the errors of held-out measurements"
	case "given":
		return Sure{}
	case "input":
		return Sure{Text: "As exact as the inputs"}
	case "exact":
		return Sure{Text: "Arithmetic on published figures"}
	case "spec":
		s = Sure{Text: "As its driver reports it"}
		if o.GPU.UsableEstimated {
			s.Text = "No published figure: taken from its siblings"
		}
	case "rule":
		return Sure{Text: "A rule, not a measurement"}
	case "power":
		return Sure{Text: "Nameplate at full load; usual load draws less"}
	case "price":
		q := o.Bill.Quote
		s = Sure{Text: "List price, before discounts"}
		switch {
		case q.Own:
			s.Text = "Your own price"
		case q.High > q.Low && q.Low > 0:
			s.Text = "Observed from " + units.USD(q.Low) + " to " + units.USD(q.High) + " per GPU"
			if !b.Req.Money.Owned() {
				s.Text += "-hour"
			}
		}
	}
	return s
}

// nearby is the measured row nearest to the planned peak, and what the engine
// says of that very run, which starts all its requests at once and ends.
func (b *Book) nearby(f *Formula, v, run float64) string {
	m := b.Opt.Measured
	load := units.Count(float64(m.InFlight)) + " in flight"
	if m.InFlight == 0 {
		load = units.Rate(m.Rate)
	}
	word := string(m.Statistic)
	if word == "" {
		word = "mean"
	}
	text := "Measured: " + f.unit.text(v, 3) + " (" + word + ") at " + load
	if m.Run.Known() && run > 0 {
		text += ", where this engine gives " + f.unit.text(run, 3) + " for the same finite run"
	}
	return text + "; " + m.Source
}

// robust says whether the error band changes the count.
func (b *Book) robust() string {
	r := b.Opt.GPURange
	if r.High > r.Low {
		return units.Range(r.Low, r.High) + " GPUs across the error band"
	}
	return "Same count across the error band"
}

// changes says at which demand and peak load the count changes.
func (b *Book) changes(id string) []Change {
	switch id {
	case "gpus", "replicas", "replicas_needed", "needed_gpus":
	default:
		return nil
	}
	o, r := b.Opt, b.Req
	hold, sized, key, unit := o.ReplicaRate, b.value("sized_demand"), "rps", "req/s"
	switch r.Demand.Kind {
	case fleet.InFlight:
		hold, sized, key, unit = o.MaxInFlight, b.value("sized_in_flight"), "flight", "in flight"
	case fleet.People:
		key = "users"
	case fleet.PerDay:
		key = "day"
	}
	n := float64(o.ReplicasNeeded)
	count := func(needed float64) string {
		switch id {
		case "gpus":
			return units.Count((needed + float64(o.ReplicasSpare)) * float64(o.Layout.GPUs()))
		case "needed_gpus":
			return units.Count(needed * float64(o.Layout.GPUs()))
		case "replicas":
			return units.Count(needed + float64(o.ReplicasSpare))
		}
		return units.Count(needed)
	}
	list := []Change{{count(n + 1), "demand passes " + units.Sig(n*r.Posture.Utilization*hold, 3) + " " + unit, key}}
	if n > 1 {
		list = append(list, Change{count(n - 1), "demand falls to " + units.Sig((n-1)*r.Posture.Utilization*hold, 3) + " " + unit, key})
		if load := sized / ((n - 1) * hold); load <= 1 {
			list = append(list, Change{count(n - 1), "the peak load may reach " + units.Percent(math.Ceil(load*100)/100), "util"})
		}
	}
	return list
}
