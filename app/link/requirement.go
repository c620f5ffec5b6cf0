package link

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
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
		Demand:   s.Load(),
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
	if s.Fit != "" {
		if r.Profile, ok = r.Engine.ProfileByID(s.Fit); !ok {
			notes = append(notes, badValue("fit", s.Fit, quote(s.Fit)+" is no profile of "+r.Engine.Name+": write "+or(r.Engine.ProfileIDs())))
		}
	}
	if s.SpecTokens > 0 {
		r.Speculation = step.Speculation{Draft: s.SpecTokens, Gain: s.SpecAccepted}
	}
	var err error
	if r.Split, err = fleet.ParseSplit(s.Split); err != nil {
		notes = append(notes, badValue("pd", s.Split, err.Error()))
	}
	r.EP, r.DP = s.EP, s.DP
	r.Money = s.Terms(r.Engine.ID)
	r.Router = serve.Router(s.Router)
	r.Calls, r.Turns = max(s.Calls, 1), max(s.Turns, 1)
	r.Prompt, r.Pipeline = s.Parts(), s.Pipeline(cat)
	notes = append(notes, s.longTalk(r.Model)...)
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
