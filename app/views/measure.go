package views

import (
	"math"

	"fleetsize/app/wire"
	"fleetsize/app/worker"
	"fleetsize/calc/importer"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// study is the Measure view: a table of measurements, what the model says
// about its rows, and a fit to them.
type study struct {
	rev int // counts changes of what is shown

	source string // id of a table that ships, "file" or "paste"; "" = none yet
	name   string // of the table
	text   string // in our columns
	paste  bool   // the field for pasting is open
	fault  string // why the table cannot be used
	table  measured.Table
	found  []measured.Problem // by reading
	open   []measured.Problem // what rows still leave out
	odd    []measured.Problem // rows that contradict physics or themselves
	format importer.Format
	fill   measured.Fill // what rows leave out
	asRead measured.Open // what they left out before anything was filled in

	expect    string // id of the accelerator the rows must be about, "" = any
	expectSet bool   // the user chose it
	agreed    bool   // rows of other accelerators are wanted, too

	before, after []score.Scored // by row; a nil Row is not predicted yet
	fit           *wire.FitDoc
	fitFile       string
	fitFrom       string // file the fit was opened from, "" = made here
	heldOut       bool   // the fit was checked on rows it had not seen
	fitFault      string
	kept          string // "keep" or "drop" once the user decided about the fit

	job studyJob

	metric  string // of the error map and the curves: ttft, itl, rate
	stage   string // before, after
	axis    string // load or length
	group   string // one group of rows, "" = all
	tables  map[string]bool
	reading map[string]int
	showAll bool
	errors  struct { // of what is shown, for explanations
		rev int
		of  *score.Report
	}
}

// studyJob is the work under way.
type studyJob struct {
	seq    int
	what   string // "score", "fit", "" = nothing
	doing  string
	share  float64
	losses []float64
	client *client
	here   bool // there is no worker: compute on this thread
	stop   bool
	asked  worker.StudyRequest // what is being worked on
	watchdog
}

// measureView is the Measure view's content. It is redrawn when Rev changes.
type measureView struct {
	app.Compo
	Rev int
	P   *Page
}

// Render draws what is known about the table.
func (c *measureView) Render() app.UI {
	v := c.P
	st := &v.study
	switch {
	case v.endpoint.on:
		return v.liveMain()
	case v.replies.on:
		return v.askMain()
	}
	if len(st.table.Rows) == 0 {
		return node("div", "leafless", v.measureStart())
	}
	body := []app.UI{v.measureHead(), v.measureBlocked(), v.measureProblems()}
	if st.scored() {
		body = append(body, v.measureErrors(), v.fitPanel(), v.heatFigure("ttft"), v.heatFigure("itl"), v.curvesFigure(), v.rowsTable())
	}
	return node("div", "leafless", body...)
}

// measureStart is what the view shows without a table.
func (v *Page) measureStart() app.UI {
	return el("section", "answer",
		node("h1", "say", txt("How far is the model from "), leaf("b", "", "measurements"), txt("?")),
		leaf("p", "mut", "Load a table, or the result file of a benchmark client: every row is predicted as it was measured, and the errors of first token, time per token and throughput are shown apart."),
		v.exampleButtons("start"),
		el("p", "msg", txt(v.study.fault)).Role("alert").Attr("hidden", flag(v.study.fault == "")),
	).ID("study").Aria("label", "Measurements").DataSet("study", "empty")
}

// measureHead is the finding in a sentence, and the work under way.
func (v *Page) measureHead() app.UI {
	st := &v.study
	stage := "ready"
	switch {
	case st.job.what != "":
		stage = st.job.what
	case !st.scored():
		stage = "blocked"
	}
	return el("section", "answer", node("h1", "say", st.sentence()...), v.studyProgress()).
		ID("study").Aria("label", "Measurements").DataSet("study", stage)
}

// sentence is the errors in one sentence.
func (st *study) sentence() []app.UI {
	rows := plural(len(st.table.Rows), "row")
	if !st.scored() {
		return []app.UI{txt(rows + " of " + st.name + ".")}
	}
	list, with := st.before, "What ships"
	if st.stageNow() == "after" {
		list, with = st.after, "The fit"
	}
	r := score.Summarize(filled(list))
	var parts []app.UI
	add := func(name, id string, e score.Errors) {
		if e.N == 0 {
			return
		}
		if len(parts) > 0 {
			parts = append(parts, txt(" and "))
		}
		parts = append(parts, node("b", "", rich(saw("median", id, nobreak(pct1(e.Median))))...), txt(" on "+name))
	}
	add("time per token", "sitl", r.ITL)
	add("first token", "sttft", r.TTFT)
	if len(parts) == 0 {
		add("throughput", "srate", r.OutputTokPerS)
	}
	if len(parts) == 0 {
		if o := st.table.Missing(); o.Model || o.GPU {
			return []app.UI{txt(rows + " of " + st.name + " read. "), leaf("b", "", "Say what was measured"), txt(" under Scenario.")}
		}
		for _, s := range filled(list) {
			if s.Reason != "" {
				return []app.UI{txt("None of the " + rows + " can be predicted. " + s.Detail)}
			}
		}
		return []app.UI{txt("None of the " + rows + " can be predicted.")}
	}
	parts = append([]app.UI{txt(with + " is typically off by ")}, parts...)
	return append(parts, txt(", over "+plural(r.Scored, "row")+" of "+st.name+"."))
}

// studyProgress is the bar of the work under way with its Cancel button.
func (v *Page) studyProgress() app.UI {
	st := &v.study
	if st.job.what == "" {
		return nil
	}
	words := map[string]string{"fit": "Fitting", "left out by shape": "Checking on shapes it has not seen", "left out by group": "Checking on groups it has not seen"}[st.job.doing]
	if st.job.what == "score" {
		words = "Predicting the rows"
	} else if words == "" {
		words = "Starting the fit"
	}
	share := units.Percent(units.Round(st.job.share, 2))
	loss := app.UI(nil)
	if n := len(st.job.losses); n > 0 {
		loss = el("span", "mut sm end", txt("loss "+units.Sig(st.job.losses[n-1], 3)+" after "+units.Sig(st.job.losses[0], 3)))
	}
	return node("div", "blk-h",
		node("div", "row",
			button("btn stop", txt("Cancel")).ID("study-cancel").OnClick(func(ctx app.Context, e app.Event) { v.cancelStudy() }),
			node("span", "", leaf("b", "", words), txt(" "+share)),
			sparkline(st.job.losses),
			loss,
		),
		app.Progress().Attr("max", "100").Attr("value", units.Plain(units.Round(100*st.job.share, 3))).Aria("label", words).Body(txt(share)),
	)
}

// stageNow is before, or after where a fit was predicted with and is looked at.
func (st *study) stageNow() string {
	if st.stage == "after" && filledAny(st.after) {
		return "after"
	}
	return "before"
}

// shown are the rows of the stage looked at.
func (st *study) shown() []score.Scored {
	if st.stageNow() == "after" {
		return filled(st.after)
	}
	return filled(st.before)
}

// scored reports whether there are predictions to show.
func (st *study) scored() bool { return filledAny(st.before) || filledAny(st.after) }

// filled are the rows predicted so far.
func filled(rows []score.Scored) []score.Scored {
	out := make([]score.Scored, 0, len(rows))
	for i := range rows {
		if rows[i].Row != nil {
			out = append(out, rows[i])
		}
	}
	return out
}

func filledAny(rows []score.Scored) bool {
	for i := range rows {
		if rows[i].Row != nil {
			return true
		}
	}
	return false
}

// pct1 is a share in per cent with one decimal: "4.2 %".
func pct1(x float64) string { return units.Fixed(100*x, 1) + " %" }

// signed1 is pct1 with its sign.
func signed1(x float64) string {
	text := pct1(x)
	if units.Fixed(100*math.Abs(x), 1) == units.Fixed(0, 1) {
		return pct1(0)
	}
	if x > 0 {
		return "+" + text
	}
	return text
}

// sparkline draws how the loss of a fit fell.
func sparkline(losses []float64) app.UI {
	if len(losses) < 2 {
		return nil
	}
	top, bottom := losses[0], losses[len(losses)-1]
	if !(top > bottom) {
		return nil
	}
	d := ""
	for i, l := range losses {
		x := units.Plain(units.Round(1+78*float64(i)/float64(len(losses)-1), 4))
		y := units.Plain(units.Round(1+18*(top-l)/(top-bottom), 4))
		if i == 0 {
			d = "M" + x + " " + y
		} else {
			d += "L" + x + " " + y
		}
	}
	return app.Raw(`<svg class="spark" viewBox="0 0 80 20" role="img" aria-label="Loss, falling"><path d="` + d + `"/></svg>`)
}
