package worker

import (
	"errors"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// errReply is a message that is no reply: the worker could not start or stopped.
var errReply = errors.New("worker: not a reply")

// Number is the request that a reply answers, without reading the rest of it;
// ok is false for a message that is no reply.
func Number(text string) (seq int, ok bool) {
	seq, _, ok = numberOf(typeReply, text)
	return seq, ok
}

// DecodeReply reads a reply; ids are looked up in the catalog and engine of
// the requirement it answers.
func DecodeReply(text string, req fleet.Requirement) (Reply, error) {
	seq, body, ok := numberOf(typeReply, text)
	if !ok {
		return Reply{}, errReply
	}
	var w wire
	if err := unpack(body, &w); err != nil {
		return Reply{}, err
	}
	r := Reply{Seq: seq, Stage: w.Stage, Done: w.Done, Total: w.Total, Headline: w.Headline, Error: w.Error, Last: w.Last}
	if w.Answer != nil {
		r.Answer = decodeAnswer(w.Answer, req)
	}
	for _, c := range w.Price {
		if g, ok := req.Catalog.GPU(c.GPU); ok {
			c.Curve.GPU = g
			r.Price.Curves = append(r.Price.Curves, c.Curve)
		}
	}
	if w.Load != nil {
		if g, ok := req.Catalog.GPU(w.Load.GPU); ok {
			r.Load = w.Load.Load
			r.Load.GPU = g
		}
	}
	return r, nil
}

func decodeAnswer(w *wireAnswer, req fleet.Requirement) fleet.Answer {
	a := fleet.Answer{DemandReqPerS: w.Demand, SizedReqPerS: w.Sized, Problem: w.Problem, Preview: w.Preview}
	for _, row := range w.Options {
		if o, ok := decodeOption(row, req); ok {
			a.Options = append(a.Options, o)
		}
	}
	for _, row := range w.Excluded {
		g, ok := req.Catalog.GPU(row.GPU)
		if !ok {
			continue
		}
		x := row.Exclusion
		x.GPU = g
		a.Excluded = append(a.Excluded, x)
	}
	return a
}

func decodeOption(row wireOption, req fleet.Requirement) (o fleet.Option, ok bool) {
	g, ok := req.Catalog.GPU(row.GPU)
	if !ok {
		return o, false
	}
	o = row.Option
	o.GPU = g
	o.Profile = profile(req.Engine, row.Profile)
	return o, true
}

func profile(e *catalog.Engine, id string) *catalog.Profile {
	if e == nil || id == "" {
		return nil
	}
	for i := range e.Profiles {
		if e.Profiles[i].ID == id {
			return &e.Profiles[i]
		}
	}
	return nil
}
