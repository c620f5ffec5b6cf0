package views

import (
	"strings"

	"fleetsize/app/worker"
	"fleetsize/calc/importer"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// openExample loads a table that ships.
func (v *Page) openExample(id string) {
	for _, x := range measured.Examples() {
		if x.ID == id {
			v.openTable(id, x.Name, string(x.CSV()))
		}
	}
}

// openTable reads a table and has its rows predicted.
func (v *Page) openTable(source, name, text string) {
	old := &v.study
	v.endStudy()
	f, err := importer.Read([]byte(text))
	if err != nil {
		old.fault = upperFirst(err.Error()) + "."
		old.rev++
		return
	}
	// What is looked at stays; what the table before said goes.
	v.study = study{
		rev: old.rev + 1, source: source, name: name, text: string(f.CSV), format: f.Format, table: f.Table, found: f.Problems, paste: old.paste && source == "paste",
		expect: old.expect, expectSet: old.expectSet, metric: old.metric, axis: old.axis, job: studyJob{seq: old.job.seq, client: old.job.client, here: old.job.here, watchdog: old.job.watchdog},
	}
	st := &v.study
	if !st.expectSet {
		st.expect = ""
		if g := v.s.State.GPUs; len(g) == 1 {
			st.expect = g[0].ID
		}
	}
	v.openEnds()
	v.check()
	v.score()
}

// openEnds fills in what rows leave out as far as the page knows it: the model
// by the name of the file, the accelerator that the sizing is about.
func (v *Page) openEnds() {
	st := &v.study
	st.asRead = st.table.Missing()
	if st.asRead.Model {
		if m, ok := score.GuessModel(v.s.Catalog(), st.name); ok {
			st.fill.Model = m.ID
		}
	}
	if st.asRead.GPU {
		st.fill.GPU = st.expect
	}
}

// leftOpen says what was filled in and what rows still leave out.
func (v *Page) leftOpen() {
	st := &v.study
	st.open = nil
	say := func(text string) {
		st.open = append(st.open, measured.Problem{Code: measured.CodeInferred, Text: text})
	}
	now := st.table.Missing()
	if m, ok := v.s.Catalog().Model(st.fill.Model); ok && st.asRead.Model {
		say("Rows that name no model are read as " + m.Name + ". Scenario, on the left, says otherwise.")
	} else if now.Model {
		say("Some rows name no model: choose it under Scenario.")
	}
	if now.GPU {
		say("Some rows name no accelerator: choose it under Scenario.")
	}
	if !st.format.Foreign() {
		return
	}
	var open []string
	if now.Engine {
		open = append(open, "the engine")
	}
	if st.asRead.Layout && st.fill.TP == 0 {
		open = append(open, "the GPUs of a replica (one is assumed)")
	}
	if len(open) > 0 {
		say("Files of " + st.format.Tool() + " do not name " + strings.Join(open, " and ") + ": choose under Scenario.")
	}
}

// reread starts again with other answers to what rows leave out.
func (v *Page) reread() {
	st := &v.study
	t, _, err := measured.ParseCSV([]byte(st.text))
	if err != nil {
		return
	}
	st.table = t
	v.dropFit()
	v.check()
	v.score()
}

// check names the rows that contradict physics or themselves.
func (v *Page) check() {
	st := &v.study
	st.table.Fill(st.fill)
	v.leftOpen()
	if x, err := score.NewResolver(v.s.base); err == nil {
		st.odd = x.Check(st.table.Rows)
	}
}

// strangers counts the rows that are about another accelerator than the
// scenario's, by the label in the file.
func (v *Page) strangers() (labels []score.Skipped, rows int) {
	st := &v.study
	x, err := score.NewResolver(v.s.base)
	if st.expect == "" || err != nil {
		return nil, 0
	}
	at := map[string]int{}
	for i := range st.table.Rows {
		r := &st.table.Rows[i]
		c, why, _ := x.Case(r)
		if why == "" && c.Replica.GPU.ID == st.expect || why == score.ReasonModel || why == score.ReasonUse {
			continue
		}
		label := r.GPU
		if label == "" {
			label = "nothing"
		}
		rows++
		if _, ok := at[label]; !ok {
			at[label] = len(labels)
			labels = append(labels, score.Skipped{Reason: score.Reason(label)})
		}
		labels[at[label]].N++
	}
	return labels, rows
}

// score has every row predicted with what ships, unless rows are about other
// hardware than the scenario and the user has not agreed to that.
func (v *Page) score() {
	st := &v.study
	st.before = nil
	st.rev++
	if len(st.table.Rows) == 0 {
		return
	}
	if _, n := v.strangers(); n > 0 && !st.agreed {
		v.endStudy()
		st.after = nil
		return
	}
	st.before = make([]score.Scored, len(st.table.Rows))
	v.startStudy("score", worker.StudyRequest{})
}

// scoreFit has every row predicted with the fit at hand.
func (v *Page) scoreFit() {
	st := &v.study
	st.after = make([]score.Scored, len(st.table.Rows))
	v.startStudy("score", worker.StudyRequest{Fit: st.fitFile})
}

// startStudy sends a request to the study's own worker; sizing goes on in its
// own. Without workers it is computed here, in slices.
func (v *Page) startStudy(what string, r worker.StudyRequest) {
	st := &v.study
	j := &st.job
	j.seq++
	j.what, j.doing, j.share, j.losses, j.stop = what, "", 0, nil, false
	r.Seq, r.Name, r.CSV, r.Fill, r.Own = j.seq, st.name, st.text, st.fill, v.s.own
	j.asked, j.again = r, false
	st.rev++
	v.postStudy()
}

// postStudy asks for what is to be worked on.
func (v *Page) postStudy() {
	j := &v.study.job
	r := j.asked
	if app.IsServer {
		return
	}
	if j.client == nil && !j.here {
		j.client = newClient(v.receiveStudy, v.lostStudy)
		j.here = j.client == nil
	}
	if !j.here {
		if text, err := worker.EncodeStudy(r); err == nil {
			j.client.post(text)
		}
		v.guard(&j.watchdog, func() bool { return j.client != nil && j.what != "" }, v.studyHung)
		return
	}
	seq := j.seq
	go func() {
		if trouble := guarded(func() {
			worker.Study(v.s.shipped, r, func(reply worker.StudyReply) bool { return v.studyHere(seq, reply) })
		}); trouble != "" {
			v.studyHere(seq, worker.StudyReply{Seq: seq, Stage: worker.StudyFailed, Error: trouble, Last: true})
		}
	}()
}

// studyHere takes a reply that was computed on this thread and lets the page
// react before the work goes on.
func (v *Page) studyHere(seq int, reply worker.StudyReply) bool {
	woken := make(chan bool, 1)
	v.later(func(ctx app.Context) {
		v.takeStudy(reply)
		woken <- seq == v.study.job.seq && !v.study.job.stop
	})
	return <-woken
}

func (v *Page) receiveStudy(text string) {
	v.root.Dispatch(func(ctx app.Context) {
		reply, ok := worker.DecodeStudyReply(text)
		if !ok {
			v.studyLost()
			return
		}
		v.takeStudy(reply)
	})
}

func (v *Page) lostStudy() { v.root.Dispatch(func(app.Context) { v.studyLost() }) }

// studyLost ends the work when the worker is gone.
func (v *Page) studyLost() {
	j := &v.study.job
	if j.client != nil {
		j.client.stop()
	}
	j.client, j.here = nil, true
	if j.what != "" {
		v.study.fault = "The background worker stopped. Try again: the page then computes it itself."
	}
	j.what = ""
	v.study.rev++
}

// cancelStudy stops the work: a fit still tells the best it found, predictions
// end with the rows that are there.
func (v *Page) cancelStudy() {
	j := &v.study.job
	j.stop = true
	if j.client != nil {
		j.client.post(worker.StopStudy)
	}
	if j.what == "score" {
		j.seq++
		j.what = ""
		v.study.rev++
	}
}

// endStudy forgets the work under way, whatever it would still say.
func (v *Page) endStudy() {
	j := &v.study.job
	if j.what != "" {
		v.cancelStudy()
	}
	j.seq++
	j.what = ""
}

// takeStudy shows a reply.
func (v *Page) takeStudy(r worker.StudyReply) {
	st := &v.study
	if r.Seq != st.job.seq {
		return
	}
	st.job.silent = 0
	st.rev++
	switch r.Stage {
	case worker.StudyRows:
		st.put(r)
	case worker.StudyProgress:
		j := &st.job
		j.doing, j.share = r.Doing, r.Share
		if n := len(j.losses); r.Doing == "fit" && r.Best > 0 && (n == 0 || r.Best < j.losses[n-1]) {
			j.losses = append(j.losses, r.Best)
		}
	case worker.StudyFit:
		first := st.fit == nil
		st.heldOut = !first
		st.fit, st.fitFile, st.fitFrom = r.Doc, r.File, ""
		if first {
			st.after = make([]score.Scored, len(st.table.Rows))
			st.stage = "after"
		}
	case worker.StudyFailed:
		st.fitFault = ""
		if st.job.what == "fit" {
			st.fitFault = upperFirst(r.Error) + "."
		} else {
			st.fault = upperFirst(r.Error) + "."
		}
	}
	if r.Last {
		st.job.what = ""
	}
}

// put stores predicted rows.
func (st *study) put(r worker.StudyReply) {
	list := st.before
	if r.After {
		list = st.after
	}
	for i := range r.Rows {
		if at := r.Rows[i].At; at >= 0 && at < len(list) && at < len(st.table.Rows) {
			list[at] = r.Rows[i].Scored(&st.table.Rows[at])
		}
	}
	if st.job.what == "score" {
		n := 0
		for i := range list {
			if list[i].Row != nil {
				n++
			}
		}
		st.job.share = float64(n) / float64(max(len(list), 1))
	}
}

// rowsCSV is the table as it was read with the predictions of the stage looked
// at.
func (st *study) rowsCSV() string {
	list := st.before
	if st.stageNow() == "after" {
		list = st.after
	}
	values := make([][]string, len(st.table.Rows))
	for i := range values {
		values[i] = make([]string, len(rowColumns))
		if i < len(list) && list[i].Row != nil {
			values[i] = rowValues(&list[i])
		}
	}
	return string(st.table.WriteCSV(rowColumns, values))
}

func countText(n int) string { return units.Count(float64(n)) }
