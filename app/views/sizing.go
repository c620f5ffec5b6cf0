package views

import (
	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Sizing is what the page shows: the state the link holds, what it resolves
// to, and the answer known so far. It knows nothing of the browser; Page feeds
// it with edits and answers.
type Sizing struct {
	shipped *catalog.Catalog
	base    *catalog.Catalog // the shipped one with own models that no link can carry and the fit in use
	own     []worker.OwnModel
	fit     string // fit file in use, "" = none

	State link.State
	Notes []link.Note // problems of the link and of the requirement
	Req   fleet.Requirement

	Answer  fleet.Answer
	Quick   *fleet.Answer // the likeliest accelerators only, until Answer catches up with an edit
	Final   bool          // the headline is exact
	Filled  bool          // every row is exact
	Done    int           // accelerators answered exactly
	Total   int
	Trouble string // the computation failed and why

	Drafts map[string]Draft // fields being typed, by id
	Per    string           // what the cost is stated per, "" = month

	undo, redo []link.State
	lastField  string // the field the newest undo step belongs to
}

// Draft is what stands in a field while it differs from the state: text that
// is being typed, and what is wrong with it.
type Draft struct{ Text, Error string }

// NewSizing starts from a link; an empty one is the worked example.
func NewSizing(cat *catalog.Catalog, text string) *Sizing {
	s := &Sizing{shipped: cat, base: cat, Drafts: map[string]Draft{}}
	s.Open(text)
	return s
}

// Open replaces the state by a link's and forgets what was typed.
func (s *Sizing) Open(text string) {
	st, notes := link.Parse(s.base, text)
	s.Drafts = map[string]Draft{}
	s.State = st
	s.resolve(notes)
}

// UseFit computes with a fit file from now on, with what ships where it is
// empty. A file that cannot be used changes nothing.
func (s *Sizing) UseFit(file string) error {
	base, err := worker.WithFit(worker.Extend(s.shipped, s.own), file)
	if err != nil {
		return err
	}
	s.base, s.fit = base, file
	s.resolve(s.Notes)
	return nil
}

// resolve derives the requirement from the state.
func (s *Sizing) resolve(notes []link.Note) {
	req, more := s.State.Requirement(s.base)
	s.Req = req
	s.Notes = notes
	for _, n := range more {
		if !hasNote(s.Notes, n) {
			s.Notes = append(s.Notes, n)
		}
	}
}

func hasNote(notes []link.Note, n link.Note) bool {
	for _, o := range notes {
		if o.Code == n.Code && o.Key == n.Key && o.Value == n.Value {
			return true
		}
	}
	return false
}

// Catalog is the shipped catalog and the user's own entries.
func (s *Sizing) Catalog() *catalog.Catalog {
	if s.Req.Catalog != nil {
		return s.Req.Catalog
	}
	return s.base
}

// Link is the state as link pairs.
func (s *Sizing) Link() string { return s.State.String() }

// Edit changes the state, and reports whether anything changed. Consecutive
// edits of one field are one undo step.
func (s *Sizing) Edit(field string, change func(*link.State)) bool {
	before := s.State.String()
	old := clone(s.State)
	change(&s.State)
	if s.State.String() == before {
		return false
	}
	if field == "" || field != s.lastField || len(s.undo) == 0 {
		s.undo = append(s.undo, old)
		if len(s.undo) > maxUndo {
			s.undo = s.undo[1:]
		}
	}
	s.lastField = field
	s.redo = nil
	s.resolve(nil)
	return true
}

const maxUndo = 200

// Undo goes back one step; Redo forward again.
func (s *Sizing) Undo() bool { return s.travel(&s.undo, &s.redo) }

// Redo repeats what Undo took back.
func (s *Sizing) Redo() bool { return s.travel(&s.redo, &s.undo) }

func (s *Sizing) travel(from, to *[]link.State) bool {
	n := len(*from)
	if n == 0 {
		return false
	}
	*to = append(*to, clone(s.State))
	view := s.State.View // what is looked at is no step of undo
	s.State = (*from)[n-1]
	s.State.View = view
	*from = (*from)[:n-1]
	s.lastField = ""
	s.Drafts = map[string]Draft{}
	s.resolve(nil)
	return true
}

// CanUndo reports whether there is a step to take back.
func (s *Sizing) CanUndo() bool { return len(s.undo) > 0 }

// clone copies a state so that edits of its lists do not reach the copy.
func clone(st link.State) link.State {
	st.GPUs = append([]link.GPUChoice(nil), st.GPUs...)
	if len(st.GPUs) == 0 {
		st.GPUs = nil
	}
	st.CustomGPUs = append([]string(nil), st.CustomGPUs...)
	st.CustomModels = append([]string(nil), st.CustomModels...)
	st.Confirmed = append([]string(nil), st.Confirmed...)
	st.Unknown = append([]link.Pair(nil), st.Unknown...)
	return st
}

// Now is the newest answer: the quick one right after an edit.
func (s *Sizing) Now() *fleet.Answer {
	if s.Quick != nil {
		return s.Quick
	}
	return &s.Answer
}

// Best is the recommended option, the first of the newest answer; nil without one.
func (s *Sizing) Best() *fleet.Option {
	if now := s.Now(); len(now.Options) > 0 {
		return &now.Options[0]
	}
	return nil
}

// likely is the requirement restricted to the first accelerators of the last
// answer, which most edits leave in front; ok is false without one.
func (s *Sizing) likely() (r fleet.Requirement, ok bool) {
	const most = 5
	r = s.Req
	fixed := map[string]int{}
	for _, c := range s.Req.GPUs {
		fixed[c.GPU.ID] = c.TP
	}
	r.GPUs = nil
	for _, o := range s.Answer.Options {
		g, known := s.Req.Catalog.GPU(o.GPU.ID)
		if known && considered(&s.State, g) && len(r.GPUs) < most {
			r.GPUs = append(r.GPUs, fleet.Choice{GPU: g, TP: fixed[g.ID]})
		}
	}
	return r, len(r.GPUs) > 0
}
