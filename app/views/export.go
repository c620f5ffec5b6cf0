package views

import (
	"fleetsize/app/export"
	"fleetsize/app/worker"
)

// proposal is the answer on screen as the export packages take it. It is the
// newest one: right after an edit, that of the likeliest accelerators.
func (s *Sizing) proposal(p worker.Price) *export.Proposal {
	out := &export.Proposal{State: s.State, Req: s.Req, Answer: *s.Now(), Price: p.Curves, Link: shareURL(s.Link())}
	if s.Final {
		out.Answer.Preview = false
	}
	return out
}

// tableCSV is the table with exact numbers, in the order of the page.
func tableCSV(s *Sizing) string { return export.Table(rows(s), s.Req.Targets.Percentile) }
