package link

import (
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Requirement is what the link asks for, with every default filled in and
// every id looked up; custom entries are added to the catalog. An id that is
// not in the catalog is replaced by the default and named in a note.
func (s State) Requirement(cat *catalog.Catalog) (fleet.Requirement, []Note) {
	s = s.Canonical()
	var notes []Note
	if s.Data != "" && cat.Date != "" && s.Data != cat.Date {
		notes = append(notes, Note{Code: CodeData, Key: "d", Value: s.Data,
			Text: "Made with data of " + s.Data + ". This app has data of " + cat.Date + ", so numbers may differ."})
	}
	cat = s.extend(cat)
	r := fleet.Requirement{
		Catalog:  cat,
		Version:  s.EngineVer,
		Weights:  catalog.Precision(s.Weights),
		KV:       catalog.Precision(s.KV),
		TP:       s.TP,
		PP:       s.PP,
		Workload: s.Shape(),
		Demand:   s.Demand,
		Targets:  s.Targets(),
		Posture:  s.Margin(),
	}
	var ok bool
	if r.Model, ok = cat.Model(s.Model); !ok {
		notes = append(notes, badValue("m", s.Model, quote(s.Model)+" is not in the model catalog: choose another model"))
		r.Model, _ = cat.Model(v1Model)
	}
	if r.Engine, ok = cat.Engine(s.Engine); !ok {
		notes = append(notes, badValue("eng", s.Engine, quote(s.Engine)+" is not a known engine: choose another engine"))
		r.Engine, _ = cat.Engine(v1Engine)
	}
	for _, c := range s.GPUs {
		g, ok := cat.GPU(c.ID)
		if !ok {
			problem := "g: " + quote(c.ID) + " is not in the accelerator catalog: choose another accelerator"
			notes = append(notes, Note{Code: CodeValue, Key: "g", Value: c.ID, Text: problem + ". It is left out.", problem: problem})
			continue
		}
		r.GPUs = append(r.GPUs, fleet.Choice{GPU: g, TP: c.TP})
	}
	return r, notes
}
