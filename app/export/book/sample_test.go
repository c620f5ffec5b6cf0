package book

import (
	"testing"

	"fleetsize/app/export"
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// proposal is the previewed or exact answer to a link.
func proposal(t *testing.T, text string, exact bool) *export.Proposal {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, notes := link.Parse(cat, text)
	if len(notes) > 0 {
		t.Fatalf("%s: %v", text, notes)
	}
	r, _ := s.Requirement(cat)
	var e fleet.Estimator
	p := &export.Proposal{State: s, Req: r, Link: "https://fleetsize.example/#" + s.String(), Day: "2026-11-21"}
	if p.Answer = e.Preview(r); exact {
		p.Answer = e.Size(r)
	}
	return p
}
