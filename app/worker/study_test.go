package worker

import (
	"reflect"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/sizingchart"
)

// smallTable is a part of the first table that ships, to keep the tests quick.
func smallTable(t testing.TB, rows int) string {
	t.Helper()
	lines := strings.SplitAfter(string(measured.Examples()[0].CSV()), "\n")
	return strings.Join(lines[:1+rows], "")
}

func study(t testing.TB, r StudyRequest, stopAfter int) []StudyReply {
	t.Helper()
	var list []StudyReply
	Study(testCatalog(t), r, func(reply StudyReply) bool {
		text, err := EncodeStudyReply(reply)
		if err != nil {
			t.Fatal(err)
		}
		back, ok := DecodeStudyReply(text)
		if !ok {
			t.Fatalf("reply does not survive the trip: %s", text)
		}
		list = append(list, back)
		return stopAfter == 0 || len(list) < stopAfter
	})
	return list
}

// scored puts the rows of replies back into their table.
func scored(t testing.TB, csv string, list []StudyReply, after bool) []score.Scored {
	t.Helper()
	table, _, err := measured.ParseCSV([]byte(csv))
	if err != nil {
		t.Fatal(err)
	}
	out := make([]score.Scored, len(table.Rows))
	for _, r := range list {
		for _, row := range r.Rows {
			if r.After == after {
				out[row.At] = row.Scored(&table.Rows[row.At])
			}
		}
	}
	return out
}

// What arrives over the codec sums up to the same as scoring in one go.
func TestStudyScoresAsTheCommandLine(t *testing.T) {
	csv := smallTable(t, 40) + "g,nothing known,h100-sxm-80gb,1,1,nim,1.8.0,fp8,fp8,200,200,1,10,5,200,x\n"
	list := study(t, StudyRequest{Seq: 4, CSV: csv}, 0)
	got := score.Summarize(scored(t, csv, list, false))
	res, err := score.NewResolver(testCatalog(t))
	if err != nil {
		t.Fatal(err)
	}
	table, _, _ := measured.ParseCSV([]byte(csv))
	var runner score.Runner
	var rows []score.Scored
	for i := range table.Rows {
		rows = append(rows, runner.Row(res, &table.Rows[i]))
	}
	if want := score.Summarize(rows); !reflect.DeepEqual(got, want) {
		t.Errorf("over the codec\n%+v, want\n%+v", got, want)
	}
	if got.Scored != 40 || len(got.Skipped) != 1 || got.Skipped[0].Reason != score.ReasonModel {
		t.Errorf("%d scored, skipped %v", got.Scored, got.Skipped)
	}
	for i, r := range list {
		if r.Seq != 4 || r.Last != (i == len(list)-1) {
			t.Errorf("reply %d: seq %d, last %v", i, r.Seq, r.Last)
		}
	}
}

// A fit is told first without and then with cross-validation; its file makes
// the predictions that came with it.
func TestStudyFits(t *testing.T) {
	if testing.Short() {
		t.Skip("several whole fits")
	}
	csv := smallTable(t, 16)
	list := study(t, StudyRequest{CSV: csv, Make: true, Name: "small"}, 0)
	var fits []StudyReply
	progress := 0
	for _, r := range list {
		switch r.Stage {
		case StudyFit:
			fits = append(fits, r)
		case StudyProgress:
			progress++
		case StudyFailed:
			t.Fatal(r.Error)
		}
	}
	if len(fits) != 2 || progress < 20 {
		t.Fatalf("%d fits and %d progress replies", len(fits), progress)
	}
	first, last := fits[0].Doc, fits[1].Doc
	if first.By != nil || last.By == nil || *last.By != "shape" || last.CrossValidated.ITL.N == 0 {
		t.Errorf("cross-validation: first %v, last %v", first.By, last.By)
	}
	if first.After.TTFT.MAPE == nil || last.After.TTFT.MAPE == nil || *first.After.TTFT.MAPE != *last.After.TTFT.MAPE {
		t.Error("the two tellings are of different fits")
	}
	if !list[len(list)-1].Last {
		t.Error("the end is not told")
	}
	after := scored(t, csv, list, true)
	again := scored(t, csv, study(t, StudyRequest{CSV: csv, Fit: fits[1].File}, 0), true)
	for i := range after {
		if !after[i].TTFT.Both() || after[i].TTFT != again[i].TTFT {
			t.Errorf("row %d: %v with the fit, %v with its file", i, after[i].TTFT, again[i].TTFT)
		}
	}
}

// A fit that is stopped gives the best it found, with its predictions.
func TestStudyStops(t *testing.T) {
	csv := smallTable(t, 16)
	list := study(t, StudyRequest{CSV: csv, Make: true}, 12)
	rows, fit := 0, false
	for _, r := range list {
		rows += len(r.Rows)
		if r.Stage == StudyFit {
			fit = true
			if !r.Doc.Stopped || r.File == "" {
				t.Errorf("stopped %v, file of %d bytes", r.Doc.Stopped, len(r.File))
			}
		}
	}
	if !fit || rows != 16 || len(list) > 20 || !list[len(list)-1].Last {
		t.Errorf("fit %v, %d rows, %d replies", fit, rows, len(list))
	}
}

// Wherever a study is stopped, its end is told once and last.
func TestStudyAlwaysEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("fits several tables")
	}
	csv := smallTable(t, 6)
	whole := len(study(t, StudyRequest{CSV: csv, Make: true}, 0))
	for n := 1; n < whole; n += 1 + n/6 {
		list := study(t, StudyRequest{CSV: csv, Make: true}, n)
		for i, r := range list {
			if r.Last != (i == len(list)-1) {
				t.Fatalf("stopped after %d: reply %d of %d has last %v", n, i, len(list), r.Last)
			}
		}
	}
}

func TestStudySaysWhatIsWrong(t *testing.T) {
	for _, r := range []StudyRequest{
		{CSV: ""}, {CSV: "a,b\n1,2\n"}, {CSV: "\xff"}, {CSV: smallTable(t, 1), Fit: "{}"}, {CSV: smallTable(t, 1), Fit: "nonsense"},
		{CSV: strings.ReplaceAll(smallTable(t, 2), "h100-sxm-80gb", "nothing"), Make: true},
	} {
		list := study(t, r, 0)
		if last := list[len(list)-1]; last.Stage != StudyFailed || last.Error == "" || !last.Last {
			t.Errorf("%.60q: %+v", r.CSV, last)
		}
	}
}

// The messages of sizings and studies are not taken for one another.
func TestStudyMessagesApart(t *testing.T) {
	sizing, _ := EncodeRequest(Request{Seq: 1, Link: "w=rag"})
	for _, text := range []string{sizing, "", "null", "{}", StopStudy, `{"type":"fleetsize-reply"}`} {
		if _, ok := DecodeStudy(text); ok {
			t.Errorf("%q is taken for a study", text)
		}
		if _, ok := DecodeStudyReply(text); ok {
			t.Errorf("%q is taken for a reply", text)
		}
	}
	text, err := EncodeStudy(StudyRequest{Seq: 2, CSV: "a,\"b\n<", Make: true})
	if r, ok := DecodeStudy(text); err != nil || !ok || r.CSV != "a,\"b\n<" || !r.Make {
		t.Errorf("%s: %v", text, err)
	}
}

// A sizing with a fit uses its profile on the accelerators it is about.
func TestSizingWithFit(t *testing.T) {
	var file string
	for _, r := range study(t, StudyRequest{CSV: smallTable(t, 16), Make: true}, 12) {
		if r.Stage == StudyFit {
			file = r.File
		}
	}
	c := NewComputer(testCatalog(t))
	link := "g=h100-sxm,a10g&eng=nim"
	plain := replies(c, Request{Seq: 1, Link: link})
	fitted := replies(c, Request{Seq: 2, Link: link, Fit: file})
	profile := func(list []Reply, gpu string) string {
		for _, r := range list {
			for _, o := range r.Answer.Options {
				if r.Stage == StageAnswer && !r.Answer.Preview && o.GPU.ID == gpu {
					return o.Profile.ID
				}
			}
		}
		return ""
	}
	if got := profile(fitted, "h100-sxm-80gb"); got != "fit-nim" || profile(plain, "h100-sxm-80gb") == got {
		t.Errorf("H100: %q with the fit, %q without", got, profile(plain, "h100-sxm-80gb"))
	}
	if profile(plain, "a10g") != profile(fitted, "a10g") {
		t.Error("the fit to H100 is used on an A10G")
	}
}

// The sizing chart arrives row by row, and as it is computed here.
func TestStudyChart(t *testing.T) {
	list := study(t, StudyRequest{Seq: 3, Chart: true}, 0)
	c, err := sizingchart.New(testCatalog(t))
	if err != nil {
		t.Fatal(err)
	}
	rows := sizingchart.Rows()
	if len(list) != len(rows) || !list[len(list)-1].Last || list[0].Last {
		t.Fatalf("%d replies for %d rows", len(list), len(rows))
	}
	for i, r := range list {
		if r.Stage != StudyChart || len(r.Chart) != i+1 {
			t.Fatalf("reply %d: stage %s with %d rows", i, r.Stage, len(r.Chart))
		}
	}
	last := list[len(list)-1].Chart
	for _, i := range []int{0, 7, 14} {
		want, err := c.Compare(rows[i], true)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(last[i], want) {
			t.Errorf("row %d over the codec\n%+v, want\n%+v", i, last[i], want)
		}
	}
	if cut := study(t, StudyRequest{Chart: true}, 2); len(cut) != 3 || !cut[2].Last {
		t.Errorf("stopped after two rows: %d replies", len(cut))
	}
}

// Rows of the user's own stand beside the answer, and travel with it.
func TestOwnRowsBesideTheAnswer(t *testing.T) {
	const csv = "isl,osl,concurrency,ttft_ms,itl_ms\n1000,1000,50,900,10\n"
	own := &OwnRows{CSV: csv, Fill: measured.Fill{Model: "llama-3-1-8b", GPU: "l40s", Engine: "vllm", TP: 1, Weights: "fp8"}}
	c := NewComputer(testCatalog(t))
	find := func(r Request) *fleet.Option {
		job := c.Start(r)
		for more := true; more && !job.filled; {
			_, _, more = job.Step()
		}
		reply := job.reply(StageAnswer)
		reply.Answer = job.answer
		text, err := EncodeReply(reply)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeReply(text, job.req)
		if err != nil {
			t.Fatal(err)
		}
		for i := range back.Answer.Options {
			if back.Answer.Options[i].GPU.ID == "l40s" {
				return &back.Answer.Options[i]
			}
		}
		t.Fatal("no option on l40s")
		return nil
	}
	r := Request{Link: "m=llama-3.1-8b&q=fp8&in=1000&out=1000&flight=50&ttft=off&itl=off&util=100&spare=0&g=l40s:1"}
	if o := find(r); o.Measured != nil || o.Tier == fleet.Measured {
		t.Fatalf("before: %+v", o.Measured)
	}
	r.Measured = own
	if o := find(r); o.Measured == nil || o.Tier != fleet.Measured || o.Measured.TTFT.Value != 0.9 || !o.Measured.Run.Known() {
		t.Fatalf("with the rows: tier %s, %+v", o.Tier, o.Measured)
	}
	r.Measured = nil
	if o := find(r); o.Measured != nil {
		t.Error("rows that were taken back still stand beside")
	}
}
