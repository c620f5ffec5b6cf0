//go:build !js

package live

import (
	"strings"
	"testing"
	"time"

	"fleetsize/app/mock"
	"fleetsize/calc/bench"
	"fleetsize/calc/bench/answers"
	"fleetsize/calc/bench/items"
	"fleetsize/calc/bench/speech"
)

// ask carries out rounds against services and returns what became of the run.
func ask(t *testing.T, plan func(models []string) []bench.Round, at ...Address) *Asking {
	t.Helper()
	w := newWire(0)
	var ends []Service
	for _, a := range at {
		ends = append(ends, Service{Addr: a, Target: Target{Bases: []string{a.Base}}})
	}
	a := NewAsking(Page{Origin: "http://localhost:8080"}, ends, plan, w)
	a.Begin()
	if !w.drive(a.Tick, a.Take, a.Over) {
		t.Fatalf("the run does not end: %d of %d", a.Done, a.Total)
	}
	return a
}

var threeSums = `{"category":"a","question":"What is 2 + 2?","answer":"4"}
{"category":"b","question":"What is 20 × 3?","answer":"60"}
{"category":"b","question":"What is 9 - 3?","answer":"7"}`

// Two servers of the same answers whose log probabilities differ by 0.05.
func TestAskingTwoServices(t *testing.T) {
	first, second := serve(t, nil), serve(t, func(c *mock.Config) { c.LogprobShift = 0.05 })
	questions, err := answers.Parse([]byte(threeSums))
	if err != nil {
		t.Fatal(err)
	}
	var check *answers.Check
	a := ask(t, func(models []string) []bench.Round {
		s := answers.Sitting{Questions: questions, Repeats: 2, Concurrency: 3, MaxTokens: 32}
		check = answers.NewCheck(s, true, true, answers.Endpoint{URL: first.Base, Model: models[0]}, answers.Endpoint{URL: second.Base, Model: models[1]})
		return check.Rounds()
	}, first, second)
	if a.Fault != "" || a.Cut() || a.Done != 2*3*2+2*3 || a.Total != a.Done {
		t.Fatalf("%d of %d, fault %q", a.Done, a.Total, a.Fault)
	}
	d := check.Document(0, a.Cut())
	for _, e := range d.Endpoints {
		if s := e.Scores[0]; s.Right != 4 || s.Wrong != 2 || s.Failed != 0 || s.Method != "cluster" || e.Model != "mock" {
			t.Errorf("%+v", e)
		}
	}
	if d.Comparison == nil || *d.Comparison.Difference != 0 || d.Parity == nil || d.Parity.Largest == nil || *d.Parity.Largest < 0.0499 || *d.Parity.Largest > 0.0501 || *d.Parity.Top1 != 100 {
		t.Errorf("comparison %+v, parity %+v", d.Comparison, d.Parity)
	}
}

// What cannot be reached says why, and nothing is asked.
func TestAskingNobody(t *testing.T) {
	nowhere, _ := ParseAddress("http://127.0.0.1:1")
	a := ask(t, func([]string) []bench.Round { t.Error("rounds are planned"); return nil }, serve(t, nil), nowhere)
	if !strings.Contains(a.Fault, "Nothing answers at http://127.0.0.1:1/v1") || !a.Cut() {
		t.Errorf("fault %q", a.Fault)
	}
}

// A service that answers nothing but errors is given up.
func TestAskingARefusal(t *testing.T) {
	questions, _ := answers.Parse([]byte(threeSums))
	check := answers.NewCheck(answers.Sitting{Questions: questions, Repeats: 9, Concurrency: 1, MaxTokens: 1 << 20}, true, false, answers.Endpoint{})
	a := ask(t, func([]string) []bench.Round { return check.Rounds() }, serve(t, nil))
	d := check.Document(50, a.Cut())
	if !strings.Contains(a.Fault, "No request was answered. HTTP 400") || a.Done != enoughFail || !d.CutShort || d.Endpoints[0].Scores[0].Failed != enoughFail || d.Endpoints[0].Scores[0].Accuracy != nil || d.Verdict != bench.Inconclusive {
		t.Errorf("%d done, fault %q, %+v", a.Done, a.Fault, d)
	}
}

// The time of a batch at the mock is base + each · size.
func TestAskingItems(t *testing.T) {
	at := serve(t, func(c *mock.Config) { c.ItemBase, c.ItemCost = 30*time.Millisecond, time.Millisecond })
	for _, rerank := range []bool{false, true} {
		m := items.New(items.Plan{Rerank: rerank, Sizes: []int{1, 10}, Tokens: 20, Requests: 4, Parallel: 2})
		a := ask(t, func([]string) []bench.Round { return m.Rounds() }, at)
		d := m.Document(at.Base, a.Cut())
		if a.Fault != "" || len(d.Batches) != 2 {
			t.Fatalf("fault %q, %+v", a.Fault, d)
		}
		for i, least := range []float64{31, 40} {
			if b := d.Batches[i]; b.Failed != 0 || b.Requests != 4 || *b.P50 < least-1 || *b.ItemsPerS > 2*float64(b.Batch)*1e3/(least-1) {
				t.Errorf("rerank %t: %+v", rerank, b)
			}
		}
	}
}

// What is spoken is heard again; the mock takes a tenth of its length, and every
// fourth word of its transcripts is wrong.
func TestAskingSpeech(t *testing.T) {
	at := serve(t, func(c *mock.Config) { c.SpeechFactor, c.WordErrors = 0.1, 0.25 })
	carry := func(p speech.Plan) *speech.Measurement {
		t.Helper()
		m, err := speech.New(p)
		if err != nil {
			t.Fatal(err)
		}
		if a := ask(t, func([]string) []bench.Round { return m.Rounds() }, at); a.Fault != "" || len(m.Runs) != p.Requests {
			t.Fatalf("fault %q, %d runs", a.Fault, len(m.Runs))
		}
		return m
	}
	const text = "one two three four five six seven eight"
	said := carry(speech.Plan{Requests: 2, Text: text, Rate: 24000})
	r := said.Runs[0]
	if len(r.Problems) > 0 || r.Seconds < 3.19 || r.Seconds > 3.21 || r.Factor < 0.099 {
		t.Errorf("%v: %+v", r.Problems, r.Recording)
	}
	heard := carry(speech.Plan{Requests: 1, Text: text, Audio: said.Spoken(), Name: "a\"b.wav"})
	d := heard.Document(at.Base, false)
	if x := d.Runs[0]; x.WordErrors == nil || *x.WordErrors != 25 || x.AudioS == nil || x.Factor == nil || *x.Factor < 0.099 || x.Text == nil {
		t.Errorf("%+v", x)
	}
	wrong := carry(speech.Plan{Requests: 1, Text: text, Rate: 16000})
	if p := strings.Join(wrong.Runs[0].Problems, ";"); !strings.Contains(p, "want 16000") {
		t.Errorf("another sample rate: %q", p)
	}
}

// Stop keeps what is finished.
func TestAskingStops(t *testing.T) {
	at := serve(t, nil)
	m := items.New(items.Plan{Sizes: []int{1, 2}, Tokens: 10, Requests: 3, Parallel: 1})
	w := newWire(0)
	a := NewAsking(Page{}, []Service{{Addr: at, Target: Target{Bases: []string{at.Base}}}}, func([]string) []bench.Round { return m.Rounds() }, w)
	a.Begin()
	if !w.drive(a.Tick, func(e []Event) {
		if a.Take(e); a.Done == 3 {
			a.Stop()
		}
	}, a.Over) {
		t.Fatal("the run does not end")
	}
	if d := m.Document(at.Base, a.Cut()); !d.CutShort || len(d.Batches) != 1 || d.Batches[0].Requests != 2 || a.Fault != "" {
		t.Errorf("%+v", d)
	}
}
