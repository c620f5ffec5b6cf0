package views

import (
	"strings"
	"sync"
	"testing"

	"fleetsize/app/worker"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
)

// measuring is a page with a table opened and its rows predicted, as a worker does it.
func measuring(t testing.TB, link, source, name, csv string) *Page {
	t.Helper()
	v := &Page{s: NewSizing(testCatalog(t), link), gone: map[string]bool{}, widths: map[string]float64{}}
	v.s.State.View = viewMeasure
	v.openTable(source, name, csv)
	answerStudy(v, worker.StudyRequest{})
	return v
}

// answerStudy does the work that was asked for.
func answerStudy(v *Page, r worker.StudyRequest) {
	st := &v.study
	if st.job.what == "" {
		return
	}
	r.Seq, r.Name, r.CSV, r.Fill = st.job.seq, st.name, st.text, st.fill
	var list []worker.StudyReply
	if r.Make {
		list = fitReplies() // of the same table, for it takes its time
	} else {
		worker.Study(v.s.shipped, r, func(reply worker.StudyReply) bool {
			list = append(list, reply)
			return true
		})
	}
	for _, reply := range list {
		reply.Seq = r.Seq
		v.takeStudy(reply)
	}
}

// fittedRows is how many rows of the first table that ships are fitted in tests.
const fittedRows = 16

var fitReplies = sync.OnceValue(func() (list []worker.StudyReply) {
	cat, err := loadOnce()
	if err != nil {
		return nil
	}
	worker.Study(cat, worker.StudyRequest{CSV: exampleCSV(fittedRows), Name: "NIM", Make: true}, func(reply worker.StudyReply) bool {
		list = append(list, reply)
		return true
	})
	return list
})

func exampleCSV(rows int) string {
	lines := strings.SplitAfter(string(measured.Examples()[0].CSV()), "\n")
	return strings.Join(lines[:1+rows], "")
}

const hostileCSV = "group,model,gpu,gpus,tp,engine,weights,isl,osl,concurrency,ttft_ms,itl_ms,output_tok_s,<img src=x>\n" +
	`<script>alert(1)</script>,llama-3-1-8b,h100-sxm-80gb,1,1,nim,fp8,200,200,1,10,4.6,214,"=cmd|' /C calc'!A0"` + "\n" +
	`"""><img src=x onerror=alert(1)>",<b>no model</b>,"""><svg onload=x>",1,1,<i>engine</i>,fp8,200,200,<u>1</u>,10,4.6,214,x` + "\n" +
	`g2,llama-3-1-8b,h100-sxm-80gb,1,1,"<script>x</script>",fp8,200,200,4,0.0001,0.0001,999999999,x` + "\n"

// measurePages are the states of the Measure and How views.
func measurePages(t testing.TB) map[string]*Page {
	cat := testCatalog(t)
	empty := &Page{s: NewSizing(cat, "t=measure"), gone: map[string]bool{}}
	broken := &Page{s: NewSizing(cat, "t=measure"), gone: map[string]bool{}}
	broken.openTable("paste", "<script>", "<script>,b\n1,2\n")
	scored := measuring(t, "", "nim-8b", "NIM", exampleCSV(24))
	blocked := measuring(t, "g=l40s", "file", "x.csv", exampleCSV(8))
	agreed := measuring(t, "g=l40s", "file", "x.csv", exampleCSV(8))
	agreed.study.agreed = true
	agreed.score()
	answerStudy(agreed, worker.StudyRequest{})
	hostile := measuring(t, "", "file", `"><img src=x onerror=alert(1)>.csv`, hostileCSV)
	hostile.study.showAll = true
	fitted := measuring(t, "", "nim-8b", "NIM", exampleCSV(fittedRows))
	fitted.startFit()
	answerStudy(fitted, worker.StudyRequest{Make: true})
	tables := measuring(t, "", "nim-8b", "NIM", exampleCSV(16))
	for _, id := range []string{"heat-ttft", "heat-itl", "curves"} {
		tables.study.swap(id)
	}
	tables.study.axis, tables.study.metric = "length", "rate"
	running := measuring(t, "", "nim-8b", "NIM", exampleCSV(8))
	running.startFit()
	running.takeStudy(worker.StudyReply{Seq: running.study.job.seq, Stage: worker.StudyProgress, Doing: "fit", Share: 0.3, Best: 2})
	running.takeStudy(worker.StudyReply{Seq: running.study.job.seq, Stage: worker.StudyProgress, Doing: "fit", Share: 0.4, Best: 1.5})
	reading := measuring(t, "", "nim-8b", "NIM", exampleCSV(16))
	reading.study.reading = map[string]int{"heat-ttft": 3, "curves": 2}
	opened := measuring(t, "", "nim-8b", "NIM", exampleCSV(8))
	opened.openFit("fit.json", fitted.study.fitFile)
	answerStudy(opened, worker.StudyRequest{Fit: opened.study.fitFile})
	worse := measuring(t, "", "nim-8b", "NIM", exampleCSV(8))
	doc := *fitted.study.fit
	up := 99.0
	doc.After.TTFT.MAPE = &up
	worse.study.fit, worse.study.fitFile, worse.study.after = &doc, fitted.study.fitFile, worse.study.before
	nothing := measuring(t, "", "file", "none.csv", strings.ReplaceAll(exampleCSV(4), "llama-3-1-8b", "unknown"))
	how := &Page{s: NewSizing(cat, "t=how"), gone: map[string]bool{}}
	return map[string]*Page{
		"empty": empty, "broken": broken, "scored": scored, "blocked": blocked, "agreed": agreed, "hostile": hostile, "fitted": fitted, "tables": tables,
		"running": running, "reading": reading, "opened": opened, "worse": worse, "nothing predicted": nothing, "how": how,
	}
}

func TestMeasureViewsRenderSoundMarkup(t *testing.T) {
	for name, v := range measurePages(t) {
		soundMarkup(t, name, render(v))
	}
}

// A table that is opened is predicted row by row with the same errors as the
// command line finds.
func TestMeasureErrors(t *testing.T) {
	p := measurePages(t)
	st := &p["scored"].study
	if n := len(filled(st.before)); n != 24 || st.job.what != "" {
		t.Fatalf("%d of 24 rows predicted, still at %q", n, st.job.what)
	}
	r := score.Summarize(filled(st.before))
	html := render(p["scored"])
	row := text(bodyOf(t, html, "id", "errors"))
	for _, want := range []string{pct1(r.TTFT.MAPE), pct1(r.ITL.Median), signed1(r.OutputTokPerS.Bias)} {
		if !strings.Contains(row, want) {
			t.Errorf("the table of errors lacks %s: %s", want, row)
		}
	}
	if r.TTFT.MAPE > 0.4 || r.ITL.MAPE > 0.2 {
		t.Errorf("errors of %v and %v on the table that ships", r.TTFT.MAPE, r.ITL.MAPE)
	}
	if got := text(bodyOf(t, render(p["nothing predicted"]), "id", "study")); !strings.Contains(got, "None of the 4 rows") {
		t.Errorf("nothing predicted: %q", got)
	}
}

// Rows about other hardware than the scenario are refused until the user agrees.
func TestMeasureHardwareLabel(t *testing.T) {
	p := measurePages(t)
	blocked := render(p["blocked"])
	if filledAny(p["blocked"].study.before) || !strings.Contains(blocked, `id="study-agree"`) || !strings.Contains(blocked, `data-study="blocked"`) {
		t.Error("rows of another accelerator are predicted without asking")
	}
	if got := text(blocked); !strings.Contains(got, "8 rows of 8 say h100-sxm-80gb (8); the scenario is L40S.") {
		t.Errorf("the labels are not named: %s", around(got, "scenario"))
	}
	if !filledAny(p["agreed"].study.before) {
		t.Error("agreed, but not predicted")
	}
}

func TestMeasureProblemsComeFirst(t *testing.T) {
	html := render(measurePages(t)["hostile"])
	problems, errors := strings.Index(html, `id="problems"`), strings.Index(html, `id="errors"`)
	if problems < 0 || errors < 0 || problems > errors {
		t.Errorf("problems at %d, errors at %d", problems, errors)
	}
	if got := text(html); !strings.Contains(got, "Line 3: ") || !strings.Contains(got, "Line 4: ") {
		t.Error("problems do not name their rows")
	}
}

// The exported rows are the input columns and those of validate -rows; text
// from the table stays one cell.
func TestMeasureRowsCSV(t *testing.T) {
	st := &measurePages(t)["hostile"].study
	back, _, err := measured.ParseCSV([]byte(st.rowsCSV()))
	if err != nil {
		t.Fatal(err)
	}
	want := len(st.table.Columns) + len(rowColumns)
	if len(back.Columns) != want || len(back.Rows) != len(st.table.Rows) {
		t.Fatalf("%d columns and %d rows, want %d and %d", len(back.Columns), len(back.Rows), want, len(st.table.Rows))
	}
	if back.Cells[0][len(st.table.Columns)] == "" {
		t.Error("the first row has no prediction")
	}
}

func TestMeasureFit(t *testing.T) {
	p := measurePages(t)
	v := p["fitted"]
	st := &v.study
	if st.fit == nil || st.stageNow() != "after" || len(filled(st.after)) != fittedRows || st.job.what != "" {
		t.Fatalf("fit %v, %d rows predicted with it, still at %q", st.fit != nil, len(filled(st.after)), st.job.what)
	}
	panel := text(bodyOf(t, render(v), "id", "fit-panel"))
	for _, want := range []string{"First token (TTFT)", "Time per token (ITL)", "Unseen shapes", "Standard error", share1(st.fit.After.TTFT.MAPE), share1(st.fit.CrossValidated.ITL.MAPE)} {
		if !strings.Contains(panel, want) {
			t.Errorf("the fit lacks %q", want)
		}
	}
	open := 0
	for _, q := range st.fit.Parameters {
		if !q.Identified {
			open++
		}
	}
	if n := strings.Count(panel, "Not identified by these rows"); n != open {
		t.Errorf("%d numbers marked as not identified, want %d", n, open)
	}
	if html := render(p["worse"]); !strings.Contains(html, `id="fit-discard"`) || !strings.Contains(text(html), "The fit makes one figure worse.") {
		t.Error("a figure that got worse is not told")
	}
	opened := &p["opened"].study
	for i := range opened.after {
		if opened.after[i].TTFT != st.after[i].TTFT {
			t.Errorf("row %d: %v with the opened fit, %v with the fit itself", i, opened.after[i].TTFT, st.after[i].TTFT)
		}
	}
	v.startFit()
	if st.fit != nil || filledAny(st.after) {
		t.Error("the old fit is still there while a new one is made")
	}
	seq := st.job.seq
	v.endStudy()
	v.takeStudy(worker.StudyReply{Seq: seq, Stage: worker.StudyFailed, Error: "late", Last: true})
	if st.fitFault != "" {
		t.Error("a reply to work that was given up is shown")
	}
}

// A fit in use changes the sizing of its engine, says so, and can be taken back.
func TestUseFit(t *testing.T) {
	file := measurePages(t)["fitted"].study.fitFile
	v := &Page{s: NewSizing(testCatalog(t), "eng=nim&g=h100-sxm"), gone: map[string]bool{}, widths: map[string]float64{}}
	g, _ := v.s.Catalog().GPU("h100-sxm")
	if err := v.s.UseFit(file); err != nil {
		t.Fatal(err)
	}
	v.fitted, _ = v.describeFit(file)
	if got := v.s.Req.Engine.ProfileFor(g, "").ID; got != "fit-nim" {
		t.Errorf("profile %q, want the fit's", got)
	}
	if html := text(render(showFit(t, v))); !strings.Contains(html, "Your fit is in use.") || strings.Contains(html, "changes nothing") {
		t.Error("the page does not say which fit is in use")
	}
	if err := v.s.UseFit("{"); err == nil || v.s.fit != file {
		t.Error("a broken file is taken")
	}
	if err := v.s.UseFit(""); err != nil || v.s.Req.Engine.ProfileFor(g, "").ID == "fit-nim" {
		t.Error("the fit stays in use")
	}
}

func showFit(t *testing.T, v *Page) *Page {
	t.Helper()
	v.s.Answer = handmade(t, v.s)
	return v
}

func TestLikelyReason(t *testing.T) {
	for _, s := range measurePages(t)["scored"].study.before {
		if got := likelyReason(&s, "The row contradicts itself."); got != "The row contradicts itself." {
			t.Errorf("line %d: %q instead of the finding", s.Row.Line, got)
		}
		if got := likelyReason(&s, ""); got == "" || !strings.HasSuffix(got, ".") {
			t.Errorf("line %d: %q", s.Row.Line, got)
		}
	}
	list := worstFirst(measurePages(t)["scored"].study.before)
	for i := 1; i < len(list); i++ {
		if off(&list[i]) > off(&list[i-1]) {
			t.Errorf("row %d is farther off than the one before", i)
		}
	}
}

// Rows that share a cell are averaged and the page says so.
func TestHeatCellsShared(t *testing.T) {
	csv := exampleCSV(8) + strings.Replace(strings.SplitAfter(exampleCSV(8), "\n")[1], ",200,200,1,", ",200,400,1,", 1)
	v := measuring(t, "", "file", "x.csv", csv)
	spec, merged := heatSpec(v.study.comparable("ttft"), "ttft")
	if merged != 2 || len(spec.Cells) != 8 {
		t.Errorf("%d rows share a cell of %d, want 2 of 8", merged, len(spec.Cells))
	}
	if got := text(render(v)); !strings.Contains(got, "2 rows share a cell") {
		t.Error("shared cells are not told")
	}
}

func TestTabs(t *testing.T) {
	for link, want := range map[string]string{"": viewSize, "t=measure": viewMeasure, "t=how": viewHow, "t=compare": viewCompare, "t=data": viewData, "t=nothing": viewSize} {
		v := &Page{s: NewSizing(testCatalog(t), link), gone: map[string]bool{}}
		if v.view() != want {
			t.Errorf("%q opens %q, want %q", link, v.view(), want)
		}
		html := render(v)
		current := 0
		for _, e := range elements(html) {
			if e.name == "a" && e.attr("aria-current") == "page" {
				current++
				if e.attr("data-view") != want {
					t.Errorf("%q: the tab %q is marked", link, e.attr("data-view"))
				}
			}
		}
		if current != 2 { // above and below
			t.Errorf("%q: %d tabs are marked", link, current)
		}
	}
}

func TestHowShowsEveryFigure(t *testing.T) {
	v := measurePages(t)["how"]
	html := text(render(v))
	a := v.how.figures()
	if a == nil {
		t.Fatal(v.how.failure)
	}
	for _, s := range a.Sets {
		if !strings.Contains(html, s.Title) {
			t.Errorf("profile %s is missing", s.Title)
		}
		for _, g := range s.Groups {
			if !strings.Contains(html, g.Group) {
				t.Errorf("system %s is missing", g.Group)
			}
		}
	}
	for _, o := range a.Others {
		if !strings.Contains(html, o.Source) || !strings.Contains(html, upperFirst(o.Caveat)) {
			t.Errorf("%s on %s lacks source or caveat", o.Tool, o.On)
		}
	}
}
