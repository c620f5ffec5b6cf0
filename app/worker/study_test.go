package worker

import (
	"reflect"
	"strings"
	"testing"

	"fleetsize/calc/measured"
	"fleetsize/calc/score"
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
