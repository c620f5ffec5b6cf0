package views

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"fleetsize/app/live"
	"fleetsize/app/worker"
	"fleetsize/calc/bench"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// clockwork is an endpoint in simulated time: the first token after 40 ms, one
// more every 5 ms, both slower the more requests are open.
type clockwork struct {
	now, wake float64 // ms
	output    int
	events    []live.Event
	open      map[int]bool
}

func (w *clockwork) Start(s live.Send) {
	w.open[s.ID] = true
	slow := 1 + float64(len(w.open))/4
	at := w.now
	w.put(live.Event{ID: s.ID, What: live.Sent, At: at})
	at += 40 * slow
	w.put(live.Event{ID: s.ID, What: live.Head, At: at, Status: 200, ContentType: "text/event-stream"})
	for range w.output {
		w.put(live.Event{ID: s.ID, What: live.Data, At: at, Bytes: []byte("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n")})
		at += 5 * slow
	}
	end := fmt.Sprintf("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":%d}}\n\ndata: [DONE]\n\n", w.output)
	w.put(live.Event{ID: s.ID, What: live.Data, At: at, Bytes: []byte(end)})
	w.put(live.Event{ID: s.ID, What: live.End, At: at})
}

func (w *clockwork) put(e live.Event) { w.events = append(w.events, e) }
func (w *clockwork) Wake(at float64)  { w.wake = at }
func (w *clockwork) Close()           { w.events = nil }
func (w *clockwork) Abort(id int) {
	var keep []live.Event
	for _, e := range w.events {
		if e.ID != id {
			keep = append(keep, e)
		}
	}
	if w.events = keep; w.open[id] {
		w.put(live.Event{ID: id, What: live.Ended, At: w.now})
	}
}

// drive runs a session to its end.
func (w *clockwork) drive(t *testing.T, s *live.Session) {
	t.Helper()
	s.Tick(0, 0)
	for range 5_000_000 {
		if s.Over() {
			return
		}
		sort.SliceStable(w.events, func(i, j int) bool { return w.events[i].At < w.events[j].At })
		if len(w.events) == 0 || w.wake < w.events[0].At {
			w.now = max(w.now, w.wake)
			s.Tick(w.now, 0)
			continue
		}
		e := w.events[0]
		w.events = w.events[1:]
		w.now = max(w.now, e.At)
		if e.What == live.End || e.What == live.Ended {
			delete(w.open, e.ID)
		}
		s.Take([]live.Event{e})
	}
	t.Fatal("the run does not end")
}

// measuredBy is the Measure view after a plan was run against the clockwork.
func measuredBy(t *testing.T, link string, p bench.Plan) *Page {
	t.Helper()
	v := sized(t, link+"&t=measure")
	l := &v.endpoint
	l.on, l.started = true, time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	p.API, p.Model, p.Seed = bench.Chat, "llama", 7
	w := &clockwork{output: p.Output, open: map[int]bool{}}
	s, err := live.NewSession(p, bench.Options{Raw: true}, live.Target{Bases: []string{"http://127.0.0.1:1"}}, w)
	if err != nil {
		t.Fatal(err)
	}
	l.session = s
	l.ghost = v.ghostOf()
	w.drive(t, s)
	v.liveDone()
	return v
}

// wordsOfLive are texts with digits that are no results: the load and lengths
// of a phase, names of accelerators, and the rules of the service levels.
var wordsOfLive = regexp.MustCompile(`^(–|too few|[0-9]+ in flight(, [0-9,]+/[0-9,]+|, confirming)?|(TTFT|Per token|tok/s/user|chars ÷ 4) p[0-9]+|Measured output is|Speeds are in |characters ÷ 4|o200k|Solid: measured|.*(H100|L40S|H200) SXM?.*|llama, 09:30|.* [0-9]+ in flight|[0-9.]+ req/s.*|phase|Not even one|[0-9]+ × .*|The phase of each)|^: |: characters|service level`)

// What a measured endpoint showed explains itself: the finding, the capacity
// of each service level, the table of phases, the chart as drawing and as
// table, and reports side by side.
func TestMeasurementsAreExplained(t *testing.T) {
	plan := func(kind bench.Kind) bench.Plan {
		return bench.Plan{Kind: kind, Input: 1000, Output: 20, MaxConcurrency: 8, PhaseSeconds: 3, Limits: bench.Limits{Requests: 5000}}
	}
	search := plan(bench.SLO)
	search.Tiers = []bench.Tier{{ID: "standard", P25Speed: 80, P95TTFT: 10}}
	open := plan(bench.Open)
	open.Rates = []float64{2}
	for name, tc := range map[string]struct {
		plan bench.Plan
		ids  []string
	}{
		"load":   {plan(bench.Load), []string{"seen-off", "seen-in-flight", "seen-output", "seen-model-output", "seen-model-speed", "seen-speed", "seen-ttft", "seen-ttft-slow", "seen-tpot", "seen-good", "seen-errors", "seen-requests", "seen-speed-slow", "seen-per-gpu", "seen-per-kw", "seen-per-usd"}},
		"search": {search, []string{"seen-pass", "seen-fail", "seen-output"}},
		"open":   {open, []string{"seen-rate", "seen-output", "seen-ttft"}},
	} {
		v := measuredBy(t, few+"&g=h100-sxm", tc.plan)
		l := &v.endpoint
		if n := len(l.session.Run().Results()); n < 1 {
			t.Fatalf("%s: %d phases", name, n)
		}
		seen := map[string]int{}
		for _, table := range []bool{false, true} {
			l.tables = map[string]bool{"chart": table}
			markup := app.HTMLString(v.liveMain())
			for id, n := range explained(t, v, name, markup, withIDs("live", "live-chart", "live-phases", "live-capacity", "live-reports"), wordsOfLive) {
				seen[id] += n
			}
			if !table && name == "load" {
				for id, least := range map[string]int{"seen-output": 4, "seen-model-output": 4, "seen-ttft-slow": 4} {
					if n := strings.Count(markup, `<rect data-x="`+id+`:`) + strings.Count(markup, `data-x="`+id+`:`); n < least {
						t.Errorf("%d points of the chart are explained by %s, want %d", n, id, least)
					}
				}
			}
			for _, m := range regexp.MustCompile(`data-x="([^"]+)"`).FindAllStringSubmatch(markup, -1) {
				x, ok := v.explanation(m[1])
				if !ok {
					t.Errorf("%s: %s explains nothing", name, m[1])
					continue
				}
				for _, in := range x.Input {
					if in.Source.Text == "" {
						t.Errorf("%s: %s: %s has no source", name, m[1], in.Symbol)
					}
				}
				if strings.Contains(x.Heading(), " on ") && !strings.Contains(x.Heading(), ", ") {
					t.Errorf("%s: %s is headed %q", name, m[1], x.Heading())
				}
			}
		}
		for id, n := range explained(t, v, name+", requests", app.HTMLString(v.liveWaterfall()), func(tag, attrs string) bool { return tag == "table" }, wordsOfLive) {
			seen[id] += n
		}
		for _, id := range append(tc.ids, "seen-sent", "seen-first", "seen-end", "seen-answer") {
			if seen[id] == 0 {
				t.Errorf("%s: no number is explained by %s: %v", name, id, seen)
			}
		}
	}
	v := measuredBy(t, few, plan(bench.Load))
	for _, ref := range []string{"seen-output::p99", "seen-output::", "seen-output::p-1", "seen-model-output::m8", "seen-pass::t0", "seen-knee::zz", "seen-per-gpu::r7", "seen-output::m0x0x0", "seen-first::q9999", "seen-first::q-1", "seen-fitted::f0"} {
		if x, ok := v.explanation(ref); ok {
			t.Errorf("%s explains %s", ref, x.Shown())
		}
	}
}

func TestCutNumber(t *testing.T) {
	for _, tc := range []struct{ text, n, before, after string }{
		{"18 in flight hold it, 8 miss it", "8", "18 in flight hold it, ", " miss it"},
		{"8 in flight", "8", "", " in flight"}, {"at least 12", "12", "at least ", ""},
	} {
		if before, after, ok := cutNumber(tc.text, tc.n); !ok || before != tc.before || after != tc.after {
			t.Errorf("cutNumber(%q, %q) = %q, %q, %v", tc.text, tc.n, before, after, ok)
		}
	}
	if _, _, ok := cutNumber("18 and 81", "8"); ok {
		t.Error("a digit of another number was cut out")
	}
}

// wordsOfErrors are names of groups and rules of the comparison.
var wordsOfErrors = regexp.MustCompile(`^Predicted with|, over [0-9]+ rows of |^What ships|^80 % of rows|left out: |^Mean error by group|^(Measured|Calibrated|Estimated|Specs only|–)$|/TP|lie within 20|^[0-9]+$`)

// wordsOfRows are what a row states of itself, and why it may be off.
var wordsOfRows = regexp.MustCompile(`^[0-9,]+ / [0-9,]+$|in flight$|\.$|^( → )?–$`)

// The finding about a table of measurements and its errors by figure and group
// say what they are and over which rows.
func TestErrorsAreExplained(t *testing.T) {
	v := measuring(t, few, "nim", "NIM", exampleCSV(12))
	seen := explained(t, v, "errors", app.HTMLString(v.measureHead())+app.HTMLString(v.measureErrors()), withIDs("study", "errors"), wordsOfErrors)
	for id, least := range map[string]int{"seen-median": 4, "seen-mean": 2, "seen-rows": 2, "seen-bias": 2, "seen-near": 4, "seen-rms": 2} {
		if seen[id] < least {
			t.Errorf("%d numbers are explained by %s, want %d: %v", seen[id], id, least, seen)
		}
	}
	rows := explained(t, v, "rows", app.HTMLString(v.rowsTable()), func(tag, attrs string) bool { return tag == "table" }, wordsOfRows)
	for id, least := range map[string]int{"seen-measured": 20, "seen-modeled": 20, "seen-error": 20, "seen-held": 10, "seen-cache": 10} {
		if rows[id] < least {
			t.Errorf("%d numbers of rows are explained by %s, want %d: %v", rows[id], id, least, rows)
		}
	}
	for _, axis := range []string{"", "length"} {
		for _, metric := range []string{"ttft", "itl", "rate"} {
			v.study.axis, v.study.metric, v.study.tables = axis, metric, nil
			charts := func() string {
				return app.HTMLString(v.heatFigure("ttft")) + app.HTMLString(v.heatFigure("itl")) + app.HTMLString(v.curvesFigure())
			}
			drawn := charts()
			for id, least := range map[string]int{"seen-error": 20, "seen-measured": 10, "seen-modeled": 10} {
				if n := strings.Count(drawn, `data-x="`+id); n < least {
					t.Errorf("%s by %q: %d places show %s, want %d", metric, axis, n, id, least)
				}
			}
			agreeing(t, v, metric+" by "+axis, drawn, nil)
			v.study.tables = map[string]bool{"heat-ttft": true, "heat-itl": true, "curves": true}
			tables := explained(t, v, metric+" by "+axis, charts(), withIDs("heat-ttft", "heat-itl", "curves"), regexp.MustCompile(`^Signed error|rows share a cell|lie within ±25|farthest off|off by|^Dots: measured|more are not drawn|[0-9]+(–| to )[0-9.,]+`))
			if tables["seen-error"] < 20 || tables["seen-measured"]+tables["seen-measured-rate"] < 10 {
				t.Errorf("%s by %q: tables explain %v", metric, axis, tables)
			}
		}
	}
	v.startFit()
	answerStudy(v, worker.StudyRequest{Make: true})
	fitted := explained(t, v, "fit", app.HTMLString(v.fitParameters()), func(tag, attrs string) bool { return tag == "table" }, regexp.MustCompile(`^–$|^Not identified|[a-z].* [a-z]`))
	for _, id := range []string{"seen-start", "seen-fitted", "seen-moved", "seen-stderr"} {
		if fitted[id] < 3 {
			t.Errorf("%d fitted numbers are explained by %s: %v", fitted[id], id, fitted)
		}
	}
	x, ok := v.explanation("seen-median::sttft")
	if !ok || !strings.Contains(x.Input[0].Source.Text, "over 12 rows") {
		t.Errorf("the median says %+v", x)
	}
	for _, ref := range []string{"seen-median::snothing", "seen-mean::sttft.99", "seen-mean::sttft.x", "seen-median::s", "seen-error::httftx1x1x1", "seen-error::h", "seen-error::hwhatx5x5x5"} {
		if x, ok := v.explanation(ref); ok {
			t.Errorf("%s explains %s", ref, x.Shown())
		}
	}
}
