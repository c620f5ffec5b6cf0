package worker

import (
	"sort"

	"fleetsize/app/chart"
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

// Computer computes answers one after another and keeps what it simulated.
type Computer struct {
	shipped *catalog.Catalog
	cat     *catalog.Catalog // with own models
	own     int              // how many of them
	fit     string           // fit file in cat
	rows    OwnRows          // measurements in est
	est     fleet.Estimator
}

// NewComputer computes from a catalog.
func NewComputer(cat *catalog.Catalog) *Computer { return &Computer{shipped: cat, cat: cat} }

// Job is one request being answered, a step at a time.
type Job struct {
	est     *fleet.Estimator
	seq     int
	loadGPU string
	req     fleet.Requirement
	plan    *fleet.Planner
	total   int
	stepped int
	told    int  // steps since the answer was last sent
	opened  bool // the preview was sent
	first   bool
	filled  bool
	answer  fleet.Answer
	price   Price
	drawn   []*catalog.GPU // accelerators the price of latency is drawn for
	loaded  bool
}

// Start begins to answer a request.
func (c *Computer) Start(r Request) *Job {
	c.know(r.Own, r.Fit)
	c.Beside(r.Measured)
	st, _ := link.Parse(c.cat, r.Link)
	req, _ := st.Requirement(c.cat)
	return &Job{est: &c.est, seq: r.Seq, loadGPU: r.LoadGPU, req: req, plan: c.est.Plan(req), total: len(req.Catalog.GPUs)}
}

// Beside takes the rows to show beside answers; nil = none of the user's own.
// The page has read them before: what cannot be read is left out.
func (c *Computer) Beside(rows *OwnRows) {
	var now OwnRows
	if rows != nil {
		now = *rows
	}
	if now == c.rows {
		return
	}
	c.rows = now
	c.est.SetMeasured(nil)
	if t, _, err := measured.ParseCSV([]byte(now.CSV)); err == nil {
		t.Fill(now.Fill)
		c.est.SetMeasured(t.Rows)
	}
}

// know takes the own models and the fit that a request was made with.
func (c *Computer) know(own []OwnModel, fit string) {
	if len(own) == c.own && fit == c.fit { // own models are only ever added
		return
	}
	c.own, c.fit = len(own), fit
	c.cat = Extend(c.shipped, own)
	// The page has read the file before: it is one that can be used.
	if with, err := WithFit(c.cat, fit); err == nil {
		c.cat = with
	}
}

// tellEvery is how many rows are answered between two replies while the table fills.
const tellEvery = 4

// Step computes one more piece. ok is false when it has nothing to say yet;
// more is false after the last piece.
func (j *Job) Step() (reply Reply, ok, more bool) {
	switch {
	case !j.opened:
		j.opened = true
		j.answer = j.plan.Answer()
		r := j.reply(StageAnswer)
		r.Answer = j.answer
		r.Headline = !j.answer.Preview
		return r, true, true
	case !j.filled:
		return j.row()
	case !j.loaded:
		j.loaded = true
		return j.load(), true, true
	default:
		return j.curve()
	}
}

func (j *Job) reply(stage Stage) Reply {
	return Reply{Seq: j.seq, Stage: stage, Done: j.stepped, Total: j.total}
}

// row answers one accelerator. The first exact headline and the last row are
// told at once, those between a few at a time.
func (j *Job) row() (reply Reply, ok, more bool) {
	j.filled = j.plan.Step()
	j.stepped = min(j.stepped+1, j.total)
	j.told++
	headline := !j.first && j.plan.HeadlineDone()
	j.first = j.first || headline
	if !headline && !j.filled && (j.told < tellEvery || !j.first && j.stepped < j.total) && j.told < 2*tellEvery {
		return Reply{}, false, true
	}
	j.told = 0
	j.answer = j.plan.Answer()
	if j.filled {
		j.stepped = j.total
		j.drawn = worthDrawing(j.req, j.answer)
	}
	r := j.reply(StageAnswer)
	r.Answer = j.answer
	r.Headline = j.first || j.filled
	return r, true, true
}

// load computes the load curves of the chosen accelerator.
func (j *Job) load() Reply {
	r := j.reply(StageLoad)
	o := pick(j.answer.Options, j.loadGPU)
	if o == nil {
		return r
	}
	r.Load = Load{GPU: o.GPU, Layout: o.Layout, Points: j.est.LoadCurve(j.req, o), InFlight: o.InFlight}
	if r.Load.InFlight == 0 {
		r.Load.InFlight = o.At.ReqPerS * o.At.E2E.Mean
	}
	return r
}

func pick(options []fleet.Option, id string) *fleet.Option {
	for i := range options {
		if options[i].GPU.ID == id {
			return &options[i]
		}
	}
	if len(options) > 0 {
		return &options[0]
	}
	return nil
}

// curve computes the price of latency on one more accelerator.
func (j *Job) curve() (reply Reply, ok, more bool) {
	if len(j.drawn) > 0 {
		g := j.drawn[0]
		j.drawn = j.drawn[1:]
		j.price.Curves = append(j.price.Curves, j.est.PriceOfLatency(j.req, g, true))
		if len(j.drawn) > 0 {
			return Reply{}, false, true
		}
	}
	r := j.reply(StagePrice)
	r.Price = j.price
	r.Last = true
	return r, true, false
}

// WorthDrawing picks the accelerators whose price of latency is drawn.
func WorthDrawing(a fleet.Answer) []*catalog.GPU { return worthDrawing(fleet.Requirement{}, a) }

// worthDrawing picks the accelerators whose price of latency is drawn: the
// best option first, then the best of every other color, which stands for
// vendor and generation; at most five lines that can be told apart.
func worthDrawing(req fleet.Requirement, a fleet.Answer) []*catalog.GPU {
	const lines = 5
	var chosen []*catalog.GPU
	family := map[string]bool{}
	add := func(distinct bool) {
		for _, o := range a.Options {
			key := chart.Key(o.GPU).Hue
			if len(chosen) == lines || distinct && family[key] || has(chosen, o.GPU) {
				continue
			}
			family[key] = true
			chosen = append(chosen, o.GPU)
		}
	}
	add(true)
	add(false)
	rank := map[string]int{}
	for i, o := range a.Options {
		rank[o.GPU.ID] = i
	}
	sort.SliceStable(chosen, func(i, k int) bool { return rank[chosen[i].ID] < rank[chosen[k].ID] })
	return chosen
}

func has(list []*catalog.GPU, g *catalog.GPU) bool {
	for _, x := range list {
		if x == g {
			return true
		}
	}
	return false
}

// Preview is the quick answer, from the closed form.
func (c *Computer) Preview(req fleet.Requirement) fleet.Answer { return c.est.Preview(req) }

// PricePreview is the quick price of latency, from the closed form.
func (c *Computer) PricePreview(req fleet.Requirement, a fleet.Answer) Price {
	var p Price
	for _, g := range worthDrawing(req, a) {
		p.Curves = append(p.Curves, c.est.PriceOfLatency(req, g, false))
	}
	return p
}
