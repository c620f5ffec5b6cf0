package explain

import (
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// Origin is the kind of place a number comes from.
type Origin string

const (
	FromUser        Origin = "user"       // stated in the link
	FromPosture     Origin = "posture"    // set by the posture
	FromPreset      Origin = "preset"     // set by the workload preset
	FromDefault     Origin = "default"    // what holds when nothing is stated
	FromCatalog     Origin = "catalog"    // a published fact
	FromEngine      Origin = "engine"     // a setting of the serving engine
	FromFit         Origin = "fitted"     // fitted to measurements
	FromSimulation  Origin = "simulation" // found by a run of the engine
	FromMeasurement Origin = "measured"   // seen at an endpoint
	FromRule        Origin = "rule"       // chosen by this program
	FromFormula     Origin = "formula"    // another entry of the registry
)

// Source is where a number comes from.
type Source struct {
	Origin    Origin
	Text      string // "NVIDIA data sheet, 20 Nov 2026"
	Key       string // link key that changes it, "" = none
	Confirmed bool   // the customer confirmed it
	ID        string // FromFormula: the entry
}

// given is the source of an input that a link key states.
func (b *Book) given(key string, elsewhere Origin) Source {
	s := Source{Origin: elsewhere, Key: key, Confirmed: b.context.Confirmed[key]}
	switch {
	case b.context.Stated[key]:
		s.Origin, s.Text = FromUser, "you entered"
	case elsewhere == FromPosture:
		s.Text = "posture " + b.context.Posture
	case elsewhere == FromPreset:
		s.Text = "preset " + b.context.Preset
	default:
		s.Text = "default"
	}
	return s
}

// model is the source of a figure that follows from the model's dimensions.
func (b *Book) model() Source {
	m := b.Req.Model
	return Source{Origin: FromCatalog, Key: "m", Text: m.Name + ", " + cite(m.Sources, m.Custom, "model", b.Req.Catalog)}
}

// chip is the source of a figure of the accelerator.
func (b *Book) chip(what string) Source {
	g := b.Opt.GPU
	return Source{Origin: FromCatalog, Text: g.Name + " " + what + ", " + cite(g.Sources, g.Custom, "accelerator", b.Req.Catalog)}
}

// cite names the first source of a fact and the date of the data it is in.
func cite(sources []string, custom bool, what string, c *catalog.Catalog) string {
	switch {
	case custom:
		return "your own " + what
	case len(sources) == 0:
		return "catalog of " + c.Date
	}
	return sources[0] + ", catalog of " + c.Date
}

// fit is the source of a figure of the profile.
func (b *Book) fit() Source {
	p := b.Opt.Profile
	if p == nil {
		return Source{Origin: FromRule, Text: "assumed"}
	}
	if p.Rows == 0 {
		return Source{Origin: FromFit, Text: p.Label + ": no measurement on this kind of accelerator"}
	}
	return Source{Origin: FromFit, Text: p.Label + ", fitted to " + units.Count(float64(p.Rows)) + " measured rows"}
}

// setting is the source of a setting of the engine.
func (b *Book) setting() Source {
	e := b.Req.Engine
	text := e.Name
	if v := b.Req.Version; v != "" {
		text += " " + v
	}
	if b.cost != nil {
		if build := e.Build(b.Req.Version, b.Req.Model.ID, b.Opt.Layout.TP); build != nil && build.Source != "" {
			return Source{Origin: FromEngine, Key: "eng", Text: text + ": " + build.Source}
		}
	}
	if len(e.Sources) > 0 {
		text += ": " + e.Sources[0]
	}
	return Source{Origin: FromEngine, Key: "eng", Text: text}
}

// run is the source of what a simulation found.
func (b *Book) run() Source {
	if b.Opt.Preview {
		return Source{Origin: FromSimulation, Text: "closed form, until the simulation is done"}
	}
	return Source{Origin: FromSimulation, Text: "simulation of continuous batching, step by step"}
}

// ours is the source of a rule or constant of this program.
func ours(text string) Source { return Source{Origin: FromRule, Text: text} }
