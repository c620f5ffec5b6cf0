package views

import (
	"math"
	"strings"
	"sync"
	"testing"

	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// studyComputer keeps what was simulated from test to test.
var studyComputer = sync.OnceValue(func() *worker.Computer {
	cat, err := loadOnce()
	if err != nil {
		return nil
	}
	return worker.NewComputer(cat)
})

// studied is a page with the engine's own answer and every study of its view
// computed, as the worker does it.
func studied(t testing.TB, text string) *Page {
	t.Helper()
	v := sized(t, text)
	v.flow.seq, v.chartSeq = 1, 1
	v.s.Quick, v.s.Final, v.s.Filled = nil, true, true
	c := studyComputer()
	asked := ""
	for range 2 { // the Pareto chart of a second round knows the options
		a, options, ok := v.wanted()
		text, err := worker.EncodeAsk(a)
		if err != nil {
			t.Fatal(err)
		}
		if !ok || text == asked {
			return v
		}
		asked = text
		v.negotiate.seq++
		a.Seq = v.negotiate.seq
		v.negotiate.options = options
		v.negotiate.busy = true
		job := c.StartAsk(a)
		for more := true; more; {
			var told worker.Told
			if told, ok, more = job.Step(); ok {
				v.takeTold(told)
			}
		}
	}
	return v
}

// none stands in for the browser.
var none app.Context

// few keeps the engine's work short.
const few = "g=h100-sxm,l40s,h200-sxm"

func TestCompareViewsRender(t *testing.T) {
	for name, text := range map[string]string{
		"proposed":       few + "&t=compare",
		"pinned A":       few + "&t=compare&a.g=l40s&a.n=Ours",
		"pinned":         few + "&t=compare&b.g=l40s&c.m=llama-3.1-70b&c.n=Large%20%3Cb%3E",
		"own and mix":    few + "&t=compare&own=h100-sxm:8,l40s:1&mix=rag:5,chat:2",
		"budget":         few + "&t=compare&budget=20000",
		"in flight":      few + "&t=compare&flight=64&own=h100-sxm:8",
		"nothing viable": "g=t4&m=llama-3.1-405b&t=compare&b.g=l4",
		"people":         few + "&t=compare&users=2000&own=l40s:12",
	} {
		v := studied(t, text)
		for _, editing := range []byte{0, 'b'} {
			v.compare.editing = editing
			for _, equal := range []bool{false, true} {
				v.compare.equal = equal
				soundMarkup(t, name, render(v))
			}
		}
	}
}

func TestCompareShowsDifferencesOnly(t *testing.T) {
	v := studied(t, few+"&t=compare&b.g=l40s")
	html := render(v)
	if strings.Contains(html, `data-row="Model"`) || strings.Contains(html, `data-row="Engine"`) {
		t.Error("rows that are the same for all are shown")
	}
	if !strings.Contains(html, `data-row="Cost a month"`) || !strings.Contains(html, `data-row="Differs by"`) {
		t.Error("a difference is missing")
	}
	v.compare.equal = true
	if html = render(v); !strings.Contains(html, `data-row="Model"`) {
		t.Error("equal rows are not shown when asked for")
	}
	same := text(bodyOf(t, html, "data-same", "yes"))
	for _, want := range []string{"RAG Q&amp;A 5,000/500", "Llama 3.1 8B", "10 req/s", "TTFT ≤ 3 s p95", "Standard"} {
		if !strings.Contains(same, want) {
			t.Errorf("the requirement reads %q, without %q", same, want)
		}
	}
	other := studied(t, few+"&t=compare&b.m=llama-3.1-70b")
	html = render(other)
	if same := text(bodyOf(t, html, "data-same", "yes")); strings.Contains(same, "Llama 3.1 8B") {
		t.Errorf("two models, but the requirement names one: %q", same)
	}
	if row := text(bodyOf(t, html, "data-row", "Model")); !strings.Contains(row, "70B") || !strings.Contains(row, "8B") {
		t.Errorf("two models: the row reads %q", row)
	}
}

// What is shown for an option is what its own link answers.
func TestOptionsAreTheirOwnSizing(t *testing.T) {
	v := studied(t, few+"&t=compare&b.g=l40s&b.ttft=2s&c.q=fp8")
	cols := v.columns()
	if len(cols) != 3 {
		t.Fatalf("%d columns", len(cols))
	}
	for _, c := range cols {
		if c.option == nil {
			t.Fatalf("%c has no answer: %s", c.letter, c.text)
		}
		own := Static(testCatalog(t), c.state.String())
		best := own.s.Best()
		if best == nil || best.GPU.ID != c.option.GPU.ID || best.GPUs != c.option.GPUs || best.USDPerMonth != c.option.USDPerMonth {
			t.Errorf("%c shows %s, its link answers %s", c.letter, optionWords(c.option), optionWords(best))
		}
	}
	if cols[1].title != "L40S, TTFT ≤ 2 s p95 · per token ≤ 50 ms" || cols[2].title != "FP8 weights" {
		t.Errorf("titles %q and %q", cols[1].title, cols[2].title)
	}
}

func TestBestCell(t *testing.T) {
	profile := &catalog.Profile{ID: "x"}
	made := func(x, lo, hi float64, p *catalog.Profile) *contender {
		return &contender{option: &fleet.Option{Profile: p, USDPerMonth: x, TTFTRange: fleet.Range{Low: lo, High: hi}}}
	}
	row := cmpRow{value: func(c *contender) (x, lo, hi float64, ok bool) {
		return c.option.USDPerMonth, c.option.TTFTRange.Low, c.option.TTFTRange.High, c.option.USDPerMonth > 0
	}}
	for _, c := range []struct {
		name string
		cols []*contender
		more bool
		want int
	}{
		{"apart", []*contender{made(2, 1.9, 2.1, nil), made(3, 2.5, 3.5, nil)}, false, 0},
		{"more is better", []*contender{made(2, 1.9, 2.1, nil), made(3, 2.5, 3.5, nil)}, true, 1},
		{"ranges touch", []*contender{made(2, 1.5, 2.5, nil), made(3, 2.5, 3.5, nil)}, false, -1},
		{"ranges touch, same profile", []*contender{made(2, 1.5, 2.5, profile), made(3, 2.5, 3.5, profile)}, false, 0},
		{"equal, same profile", []*contender{made(2, 1.5, 2.5, profile), made(2.001, 1.5, 2.5, profile)}, false, -1},
		{"unknown never wins", []*contender{made(0, 0, 0, nil), made(3, 3, 3, nil), made(4, 4, 4, nil)}, false, 1},
		{"alone is not best", []*contender{made(3, 3, 3, nil), {}}, false, -1},
	} {
		row.more = c.more
		if got := row.bestOf(c.cols); got != c.want {
			t.Errorf("%s: best is %d, want %d", c.name, got, c.want)
		}
	}
}

func TestPinsAreEdits(t *testing.T) {
	v := showing(NewSizing(testCatalog(t), ""), handmade(t, NewSizing(testCatalog(t), "")))
	v.pin(none, 'b', "l40s")
	if got := v.s.Link(); !strings.Contains(got, "b.g=l40s") {
		t.Fatalf("after pinning: %s", got)
	}
	if nextLetter(&v.s.State) != 'c' {
		t.Error("the next pin does not go to C")
	}
	v.pin(none, 'c', "h200-sxm")
	v.removeOption(none, 'b')
	if got := v.s.Link(); !strings.Contains(got, "b.g=h200") || strings.Contains(got, "c.g") || strings.Contains(got, "l40s") {
		t.Errorf("after removing B: %s", got)
	}
	v.pin(none, 'b', "h100-sxm-80gb") // A's own
	if got := v.s.Link(); strings.Contains(got, "h100") {
		t.Errorf("A was pinned beside itself: %s", got)
	}
	// Pinning A leaves the sizing as it is: the others are still there to be pinned.
	v.pin(none, 'a', "l40s")
	if got := v.s.Link(); !strings.Contains(got, "a.g=l40s") || v.s.State.GPUs != nil || nextLetter(&v.s.State) != 'c' {
		t.Errorf("after pinning A: %s", got)
	}
	v.pin(none, 'c', "l40s") // A has it
	if got := v.s.Link(); strings.Contains(got, "c.g") {
		t.Errorf("A was pinned twice: %s", got)
	}
	v.removeOption(none, 'a')
	if got := v.s.Link(); strings.Contains(got, "a.") || !strings.Contains(got, "b.g=h200") {
		t.Errorf("after removing A: %s", got)
	}
	if !v.s.Undo() || len(v.s.State.A) != 1 {
		t.Error("removing A can not be undone")
	}
}

// A may be pinned before B and C: those are proposed beside it, are other
// options than A, and each column is what its own link answers.
func TestPinnedAIsProposedBeside(t *testing.T) {
	for _, link := range []string{few + "&t=compare&a.g=l40s&a.n=Ours", few + "&t=compare&a.g=h100-sxm", few + "&t=compare&a.g=a100-80-sxm&a.ttft=2s&b.g=l40s"} {
		v := studied(t, link)
		cols := v.columns()
		if len(cols) < 2 || cols[0].letter != 'A' || !cols[0].pinned || cols[0].option == nil {
			t.Fatalf("%s: %d columns, first %+v", link, len(cols), cols[0])
		}
		if len(v.s.Now().Options) != 3 {
			t.Errorf("%s: the sizing has %d options", link, len(v.s.Now().Options))
		}
		seen := map[string]bool{}
		for i, c := range cols {
			if int(c.letter) != 'A'+i {
				t.Errorf("%s: column %d is %c", link, i, c.letter)
			}
			if c.option == nil {
				t.Fatalf("%s: %c has no answer: %s", link, c.letter, c.text)
			}
			if seen[c.state.String()] {
				t.Errorf("%s: %c is there twice", link, c.letter)
			}
			seen[c.state.String()] = true
			own := Static(testCatalog(t), c.state.String())
			if best := own.s.Best(); best == nil || best.GPU.ID != c.option.GPU.ID || best.GPUs != c.option.GPUs {
				t.Errorf("%s: %c shows %s, its link answers %s", link, c.letter, optionWords(c.option), optionWords(best))
			}
		}
		html := render(v)
		for _, want := range []string{`id="edit-a"`, `id="remove-a"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: no %s", link, want)
			}
		}
	}
	v := studied(t, few+"&t=compare&a.g=l40s&a.n=Ours")
	if got := v.columns()[0].title; got != "Ours" {
		t.Errorf("A is called %q", got)
	}
	v.keepProposals(none)
	if got := v.s.Link(); !strings.Contains(got, "a.g=l40s") || !strings.Contains(got, "b.g=") || !strings.Contains(got, "b.n=Lowest%20cost") {
		t.Errorf("kept: %s", got)
	}
}

func TestProposalsCanBeKept(t *testing.T) {
	v := studied(t, few+"&t=compare")
	before := v.columns()
	if len(before) < 2 || before[0].title != "Lowest cost" {
		t.Fatalf("%d proposals, first %q", len(before), before[0].title)
	}
	v.keepProposals(none)
	after := v.columns()
	if len(after) != len(before) {
		t.Fatalf("%d kept of %d", len(after), len(before))
	}
	for i := 1; i < len(after); i++ {
		if !after[i].pinned || after[i].title != before[i].title || after[i].req.GPUs[0].GPU.ID != before[i].req.GPUs[0].GPU.ID {
			t.Errorf("kept %q on %s, proposed %q on %s", after[i].title, after[i].req.GPUs[0].GPU.ID, before[i].title, before[i].req.GPUs[0].GPU.ID)
		}
	}
}

func TestReverseInWords(t *testing.T) {
	v := studied(t, few+"&t=compare&own=h100-sxm:8")
	html := render(v)
	answer := text(bodyOf(t, html, "id", "reverse-answer"))
	told, _ := v.of(worker.TopicReverse)
	want := demandAmountWords(told.Reverse.Total.Demand)
	if !strings.HasPrefix(answer, "8 × H100 SXM hold "+want) || !strings.Contains(answer, "demand") {
		t.Errorf("8 H100: %q, want it to say %q", answer, want)
	}
	if fits := text(bodyOf(t, html, "id", "own-models")); !strings.Contains(fits, "models run on it") || !strings.Contains(fits, "Llama 3.1 70B") || strings.Contains(fits, "405B") {
		t.Errorf("models: %q", fits[:min(len(fits), 200)])
	}
	few1 := studied(t, few+"&t=compare&own=l40s:1")
	if answer := text(bodyOf(t, render(few1), "id", "reverse-answer")); !strings.Contains(answer, "too few") {
		t.Errorf("one L40S with a spare: %q", answer)
	}
	for _, c := range []struct {
		x    float64
		want string
	}{{0.5, "50 % of the demand"}, {1, "just the demand"}, {1.6, "60 % more than the demand"}, {3.2, "3.2 times the demand"}} {
		if got := timesWords(c.x); got != c.want {
			t.Errorf("timesWords(%v) = %q, want %q", c.x, got, c.want)
		}
	}
}

func TestMovesFinding(t *testing.T) {
	base := negotiate.Outcome{Tried: true, Viable: true, GPUs: 4, Exact: 3.6}
	at := func(n int) negotiate.Outcome {
		return negotiate.Outcome{Tried: true, Viable: true, GPUs: n, Exact: float64(n)}
	}
	same := negotiate.Move{Input: negotiate.InputITL, Low: at(4), High: at(4)}
	m := &negotiate.Moves{Base: base, Moves: []negotiate.Move{{Input: negotiate.InputDemand, Low: at(3), High: at(6)}, {Input: negotiate.InputLoad, Low: at(5), High: at(3)}, same}}
	if got := movesFinding(m); got != "Demand and headroom move the answer; the per-token target does not" {
		t.Errorf("finding %q", got)
	}
	if got := movesFinding(&negotiate.Moves{Base: base, Moves: []negotiate.Move{same}}); !strings.Contains(got, "No single input") {
		t.Errorf("nothing moves: %q", got)
	}
	lost := negotiate.Move{Input: negotiate.InputTTFT, Low: negotiate.Outcome{Tried: true, Text: "too slow"}, High: at(4)}
	if got := lost.Span(base); got != math.MaxFloat64 {
		t.Errorf("losing the answer spans %v", got)
	}
}

func TestNegotiateViewRenders(t *testing.T) {
	for name, text := range map[string]string{
		"rented": few + "&t=explain", "bought": few + "&t=explain&buy=own", "with an API": few + "&t=explain&api=3:15", "people": few + "&t=explain&users=900&hit=40",
		"one GPU": "g=h100-sxm&rps=0.5&pos=lean&t=explain", "nothing": "g=t4&m=llama-3.1-405b&t=explain",
	} {
		v := studied(t, text)
		for _, table := range []bool{false, true} {
			v.negotiate.tables = map[string]bool{"moves": table, "pareto": table, "ownrent": table, "api": table}
			html := app.HTMLString(&negotiateView{P: v})
			soundMarkup(t, name, html)
			if name != "nothing" && !strings.Contains(html, "moves") {
				t.Errorf("%s: no tornado", name)
			}
		}
	}
}

func TestViewKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range tabs {
		if seen[x.key] || len(x.key) != 1 {
			t.Errorf("%s has the key %q", x.name, x.key)
		}
		seen[x.key] = true
		if id, ok := viewKey(x.key); !ok || id != x.id {
			t.Errorf("g %s opens %q", x.key, id)
		}
	}
	if _, ok := viewKey("z"); ok {
		t.Error("g z opens something")
	}
}

// The sentences of the comparison and of the other way round agree in number
// and say each thing once, whatever the counts are.
func TestSentencesAgree(t *testing.T) {
	for _, tc := range some([]struct {
		link, id string
		want     []string
		not      []string
	}{
		{"g=h100-sxm,l40s&own=h100-sxm:1", "reverse-answer", []string{"1 × H100 SXM is too few for this workload: one replica and its spare take 2 GPUs."}, nil},
		{"g=h100-sxm,l40s&own=h100-sxm:1", "own-models", []string{"None of ", " models runs on it"}, nil},
		{"g=h100-sxm,l40s&own=h100-sxm:2,l40s:1,a100-80-sxm:8&mix=rag:0.01,chat:0.01", "reverse-answer", []string{"2 × H100 SXM, 1 × L40S and 8 × A100 80 SXM hold "}, nil},
		{"g=h100-sxm,l40s&own=l40s:1&mix=rag:0.01,chat:0.01", "mix-answer", []string{"1 × L40S at hand is too few: one replica of every workload"}, nil},
		{"g=h100-sxm,l40s&mix=rag:5", "mix-answer", []string{"in pools apart for about"}, []string{"apart ("}},
		{"g=h100-sxm,l40s&spare=0&mix=rag:0.001", "mix-answer", []string{"1 × ", " serves the whole mix"}, []string{"serve the"}},
		{"g=h100-sxm&budget=30000", "reverse-answer", []string{"a month, spent on ", "H100 SXM, holds "}, nil},
		{few, "compare", []string{"A saves "}, []string{"; A finishes", " A and answers"}},
		{"g=h100-sxm&rps=5&b.g=h100-sxm&c.ttft=0.01", "compare", []string{"C has no answer."}, nil},
		{"g=h100-sxm,l40s&pd=auto&mix=rag:5,chat:2", "mix-answer", []string{"one shared pool"}, []string{"together"}},
		{"g=h100-sxm&ttft=0.001", "options", nil, []string{"Computing"}},
		{"g=h100-sxm&ttft=0.001", "optdots-box", []string{"no accelerator meets the targets"}, []string{"Computing"}},
	}) {
		v := studied(t, tc.link+"&t=compare")
		said := strings.ReplaceAll(strings.ReplaceAll(text(bodyOf(t, render(v), "id", tc.id)), "( ", "("), " ,", ",")
		for _, want := range tc.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %s says %.300q, want %q", tc.link, tc.id, said, want)
			}
		}
		for _, not := range tc.not {
			if strings.Contains(said, not) {
				t.Errorf("%s: %s says %.300q with %q", tc.link, tc.id, said, not)
			}
		}
	}
}
