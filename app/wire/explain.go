package wire

import (
	"strings"

	"fleetsize/app/link"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
)

// Explained is where a number comes from.
type Explained struct {
	Title       string   `json:"title"`
	Formula     string   `json:"formula"` // in words
	WithNumbers string   `json:"with_numbers"`
	Value       *float64 `json:"value"` // in base units
	Unit        string   `json:"unit"`  // s, B, req/s, USD …; "1" = a bare number
	Shown       string   `json:"shown"` // as the page shows it
	Sure        *string  `json:"sure"`
	Sources     []Origin `json:"sources"`
}

// Origin is one input of a formula and where it comes from.
type Origin struct {
	Symbol string   `json:"symbol"` // as the formula's entry or input is called
	Value  *float64 `json:"value"`
	Unit   string   `json:"unit"`
	From   string   `json:"from"` // user, posture, preset, default, catalog, engine, fitted, simulation, rule or formula
	Text   *string  `json:"text"`
}

// mainNumbers are the entries explained for every option; the first option has
// all that apply.
var mainNumbers = []string{"gpus", "rate_per_gpu", "ttft", "usd_month"}

// explained explains the numbers of an option; all takes every entry of the
// registry.
func explained(o *fleet.Option, a *fleet.Answer, r *fleet.Requirement, s link.State, all bool) map[string]Explained {
	b := explain.New(r, a, o, s.Context(r.Catalog))
	out := map[string]Explained{}
	add := func(id string) {
		if x, ok := b.Explain(id, ""); ok {
			out[id] = Explain(b, x)
		}
	}
	for _, id := range mainNumbers {
		add(id)
	}
	if all {
		for _, f := range explain.Formulas() {
			if b.Applying(f.ID) != nil {
				add(f.ID)
			}
		}
	}
	return out
}

// Explain is the document of one explanation of book b.
func Explain(b *explain.Book, x *explain.Explanation) Explained {
	plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
	e := Explained{
		Title: x.Title, Formula: x.Symbols(), WithNumbers: plain(strings.Join(x.WithNumbers(), " ")),
		Value: number(x.Value), Unit: baseUnit(b.UnitOf(x.ID)), Shown: plain(x.Shown()), Sure: text(x.Sure.Words()), Sources: []Origin{},
	}
	for _, in := range x.Input {
		e.Sources = append(e.Sources, Origin{in.Symbol, number(in.Value), baseUnit(b.UnitOf(in.Symbol)), string(in.Source.Origin), text(in.Source.Text)})
	}
	return e
}

// baseUnit is the unit a value is in when it is not written for people.
func baseUnit(name string) string {
	switch name {
	case "x", "%":
		return "1"
	case "GB":
		return "B"
	}
	return name
}
