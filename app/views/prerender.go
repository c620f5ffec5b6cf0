package views

import (
	"fleetsize/calc/fleet"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"fleetsize/app/worker"
)

// PreRender is the page's markup for the worked example with its exact answer,
// so that a finished answer is on screen before the program runs.
func PreRender() (string, error) {
	cat, err := catalog.Load()
	if err != nil {
		return "", err
	}
	return app.HTMLString(Static(cat, "")), nil
}

// Static is a page that shows the exact answer to a link and is not live.
func Static(cat *catalog.Catalog, text string) *Page {
	v := &Page{s: NewSizing(cat, text), gone: map[string]bool{}, widths: map[string]float64{}}
	job := worker.NewComputer(cat).Start(worker.Request{Link: text})
	for more := true; more; {
		var reply worker.Reply
		var ok bool
		if reply, ok, more = job.Step(); ok {
			v.take(reply)
		}
	}
	v.chartSeq = v.flow.seq
	return v
}

// showing is a page that shows a given answer, for tests.
func showing(s *Sizing, a fleet.Answer) *Page {
	s.Answer = a
	s.Final, s.Filled = !a.Preview, !a.Preview
	return &Page{s: s, gone: map[string]bool{}, widths: map[string]float64{}}
}
