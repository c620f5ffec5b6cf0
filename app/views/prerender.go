package views

import (
	"strings"

	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
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
	return answered(worker.NewComputer(cat), cat, text)
}

// answered is Static by a computer that may have answered before.
func answered(c *worker.Computer, cat *catalog.Catalog, text string) *Page {
	v := &Page{s: NewSizing(cat, text), gone: map[string]bool{}, widths: map[string]float64{}}
	job := c.Start(worker.Request{Link: text})
	for more := true; more; {
		var reply worker.Reply
		var ok bool
		if reply, ok, more = job.Step(); ok {
			v.take(reply)
			if !reply.Answer.Preview {
				v.keep(reply)
			}
		}
	}
	v.chartSeq = v.flow.seq
	return v
}

// keep adds a reply to what the page carries along for the program to start
// from. A reply that can not be written is left out; the program computes it.
func (v *Page) keep(r worker.Reply) {
	if text, err := worker.EncodeReply(r); err == nil {
		v.carried = append(v.carried, text)
	}
}

// carriedID is the element of a pre-rendered page that holds its answer.
const carriedID = "carried"

// carriedUI holds the exact answer of a pre-rendered page, one reply a line.
func (v *Page) carriedUI() app.UI {
	if len(v.carried) == 0 {
		return nil
	}
	return el("div", "", txt(strings.Join(v.carried, "\n"))).ID(carriedID).Attr("hidden", "true")
}

// takeCarried starts from the answer the pre-rendered page holds, so that a
// finished answer stays on screen while the program takes over. A page opened
// with another state takes only the likeliest accelerators from it.
func (v *Page) takeCarried(text string) (taken bool) {
	example := NewSizing(v.s.base, "")
	for _, line := range strings.Split(text, "\n") {
		r, err := worker.DecodeReply(line, example.Req)
		if err != nil || r.Stage == worker.StageFailed {
			continue
		}
		if r.Stage == worker.StageAnswer && len(r.Answer.Options) > 0 && !r.Answer.Preview {
			taken = true
		}
		v.take(r)
	}
	if !taken {
		return false
	}
	if v.answerLink() == (&Page{s: example}).answerLink() {
		v.chartSeq = v.flow.seq
		return true
	}
	v.price, v.curve = worker.Price{}, worker.Load{}
	v.preview()
	if v.s.Quick != nil {
		v.s.Answer = fleet.Answer{}
	}
	return true
}
