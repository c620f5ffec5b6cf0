//go:build !js

package views

import (
	"bytes"
	"html"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"fleetsize/app/live"
	"fleetsize/app/mock"
	"fleetsize/app/wire"
	"fleetsize/calc/bench/answers"
	"fleetsize/calc/bench/items"
)

// mockWire hands requests to a mock server and answers at once.
type mockWire struct {
	t      *testing.T
	server *mock.Server
	sent   []live.Send
	seen   []string // headers of authorization, by address
}

func (w *mockWire) Start(s live.Send) { w.sent = append(w.sent, s) }
func (w *mockWire) Abort(int)         {}
func (w *mockWire) Wake(float64)      {}
func (w *mockWire) Close()            {}

// drive answers until the run is over.
func (w *mockWire) drive(r *askRun) {
	w.t.Helper()
	for at := 0.0; !r.Over(); at++ {
		if len(w.sent) == 0 {
			w.t.Fatalf("nothing is asked, and the run is not over: %d of %d", r.Done, r.Total)
		}
		s := w.sent[0]
		w.sent = w.sent[1:]
		q := httptest.NewRequest(s.Method, s.URL, bytes.NewReader(s.Body))
		for _, h := range s.Headers {
			q.Header.Set(h[0], h[1])
		}
		w.seen = append(w.seen, q.Host+" "+q.Header.Get("Authorization"))
		a := httptest.NewRecorder()
		w.server.ServeHTTP(a, q)
		r.Take([]live.Event{{ID: s.ID, What: live.Sent, At: at}, {ID: s.ID, What: live.Head, At: at, Status: a.Code},
			{ID: s.ID, What: live.Data, At: at + 0.5, Bytes: a.Body.Bytes()}, {ID: s.ID, What: live.End, At: at + 1}})
	}
}

// asking is a page that checks the answers of an endpoint.
func asking(t *testing.T, kind askKind) *Page {
	v := measuring(t, "", "nim-8b", "NIM", exampleCSV(1))
	v.endpoint.url, v.endpoint.key = "http://127.0.0.1:8333/v1", "first-key"
	v.replies.on, v.replies.kind = true, kind
	return v
}

var columnHead = regexp.MustCompile(`(?s)<th class="num"[^>]*>\s*(.+?)\s*</th>`)

// wordsOfReplies are texts with digits that are no results: the questions and
// the rules of the finding, names of rows, and how figures are defined.
var wordsOfReplies = regexp.MustCompile(`^(95 %|(Repeats|Questions) for ±1 %|Latency p[0-9]+|Tokens at temperature 0|By batch, each text of .*)$|^The check is finished|^[0-9]+ (questions?|prompts?|texts?)( of .*)?$|^[0-9]+$|\(95 %\)|surely (at least|below) [0-9.]+ %|in batches of [0-9]+|capitals-1|^ ?of [0-9]+ alternatives|^: |:|^Something is wrong|mcnemar|paired|^–$`)

// carried is what a check of the form shows at the end.
func carried(t *testing.T, v *Page) (w *mockWire, shown string) {
	t.Helper()
	server, err := mock.New(mock.Config{SpeechFactor: 0.1, WordErrors: 0.5, MaxSeqs: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	s := &v.replies
	a, target, _ := v.endpoint.target()
	r, ends, field, err := s.prepare(live.Service{Addr: a, Target: target, Model: v.endpoint.model})
	if err != nil {
		t.Fatalf("the form is refused: %s: %v", field, err)
	}
	w = &mockWire{t: t, server: server}
	r.Asking = live.NewAsking(live.Page{Origin: "http://localhost"}, ends, r.rounds, w)
	s.run = r
	r.Begin()
	soundMarkup(t, "under way", render(v))
	w.drive(r)
	r.finish()
	page := render(v)
	soundMarkup(t, string(r.kind), page)
	for _, part := range strings.Split(page, `<section`) { // every column says what it is
		table, meanings, ok := strings.Cut(part, "How each number is measured")
		for _, m := range columnHead.FindAllStringSubmatch(table, -1) {
			if ok && !strings.Contains(meanings, "<b>"+m[1]+"</b>") {
				t.Errorf("%s: nothing says what %q is", r.kind, m[1])
			}
		}
	}
	var sections []string
	for _, m := range regexp.MustCompile(`<section[^>]* id="(ask-(?:scores|pairs|parity|batches|requests-of))"`).FindAllStringSubmatch(page, -1) {
		sections = append(sections, m[1])
	}
	// Every figure of the report, in the finding and in its tables, opens an explanation.
	figures := explained(t, v, string(r.kind), page, withIDs(append(sections, "ask")...), wordsOfReplies)
	if len(sections) > 0 && !strings.Contains(page, "HTTP 400") && figures["seen-reply"] < 6 {
		t.Errorf("%s: %d figures explain themselves", r.kind, figures["seen-reply"])
	}
	if _, err := wire.Encode(r.doc); err != nil {
		t.Error(err)
	}
	return w, text(page)
}

// refused fails unless the form is refused for what stands in a field.
func refused(t *testing.T, v *Page, field, say string) {
	t.Helper()
	a, target, _ := v.endpoint.target()
	if _, _, at, err := v.replies.prepare(live.Service{Addr: a, Target: target}); err == nil || at != field || !strings.Contains(err.Error(), say) {
		t.Errorf("refused for %q: %v, want %q: %s", at, err, field, say)
		return
	}
	v.replies.refuse(field, say)
	if html := render(v); !strings.Contains(html, `id="`+field+`-msg"`) || !strings.Contains(text(html), upperFirst(say)) {
		t.Errorf("what is wrong with %s does not stand beside it", field)
	}
	v.replies.refuse(field, "")
}

func (w *mockWire) contains(shown string, wanted ...string) {
	w.t.Helper()
	shown = html.UnescapeString(strings.ReplaceAll(shown, "\u00a0", " "))
	for _, s := range wanted {
		if !strings.Contains(shown, s) {
			w.t.Errorf("the view lacks %q: %s", s, shown[max(0, strings.Index(shown, "Start the check")):])
		}
	}
}

// The mock knows the 24 sums and products of the questions that ship, and no
// capital: below 90 % beyond doubt.
func TestKnownAnswers(t *testing.T) {
	w, shown := carried(t, asking(t, askKnown))
	w.contains(shown, "60.0 % of the replies are right, on questions like these 44.6–73.7 % (95 %). Fail: surely below 90 %.", "interval:wilson,clopper-pearson,cluster", "· sums 16 100.0 %", "Not right, mock: capitals-1")
}

// Two endpoints with a set of one's own; the key of the first is not sent to the second.
func TestAccuracyOfTwo(t *testing.T) {
	v := asking(t, askAccuracy)
	v.askOpen("ask-questions", "<script>.jsonl", []byte(`{"category":"<b>sums</b>","question":"What is 2 + 2?","answer":"4"}
{"category":"x","question":"What is 2 + 3?","answer":"6"}
{"category":"x","question":"Which sea?","answer":"Baltic"}`))
	s := &v.replies
	s.key2 = "second-key"
	s.form.set("ask-url2", "http://10.0.0.1:9/v1")
	s.form.set("ask-repeats", "2")
	w, shown := carried(t, v)
	w.contains(shown, "33.3 % of the replies are right", "No answer was found in 2 of 6 replies", "No difference beyond chance, question by question", "The endpoints give the same tokens", "cohens_d_paired", "3 questions of <script>.jsonl")
	for _, h := range w.seen {
		if h != "127.0.0.1:8333 Bearer first-key" && h != "10.0.0.1:9 Bearer second-key" {
			t.Errorf("sent: %s", h)
		}
	}
	d := s.run.doc.(answers.Document)
	if len(d.Endpoints) != 2 || d.Endpoints[0].Scores[0].Unparsed != 2 || d.Parity == nil || d.Repeats != 2 {
		t.Errorf("%+v", d)
	}
	v.askOpen("ask-questions", "bad.jsonl", []byte("{}"))
	if s.form.faults["ask-questions"] == "" || len(s.questions) != 3 {
		t.Errorf("faults %q, %d questions", s.form.faults, len(s.questions))
	}
}

func TestParityOfTwo(t *testing.T) {
	v := asking(t, askParity)
	refused(t, v, "ask-url2", "two are compared")
	v.replies.form.set("ask-model2", "mock")
	w, shown := carried(t, v)
	w.contains(shown, "The endpoints give the same tokens. The likeliest token agrees at 100.0 %", "parity:top10")
}

func TestBatchesInPage(t *testing.T) {
	for _, k := range []askKind{askEmbeddings, askRerank} {
		v := asking(t, k)
		v.replies.form.set("ask-sizes", "1,x")
		refused(t, v, "ask-sizes", "not a list")
		v.replies.form.set("ask-sizes", "1,8")
		v.replies.form.set("ask-load", "9")
		refused(t, v, "ask-load", "6 connections")
		v.replies.form.set("ask-load", "2")
		w, shown := carried(t, v)
		// Each batch of 8 takes 1 ms here, one after the other.
		w.contains(shown, "Up to 8,000 texts/s, in batches of 8 that take 1 ms.", "item_throughput:answered/busy")
		if d := v.replies.run.doc.(items.Document); len(d.Batches) != 2 || d.Batches[1].Requests != 20 || d.Batches[1].Failed != 0 {
			t.Errorf("%+v", d)
		}
	}
}

// What is spoken is transcribed again; every second word is misheard.
func TestSpeechInPage(t *testing.T) {
	v := asking(t, askSpeak)
	s := &v.replies
	refused(t, v, "ask-say", "no text")
	s.form.set("ask-say", "one two three four five six seven eight")
	s.form.set("ask-rate", "24000")
	w, shown := carried(t, v)
	w.contains(shown, "Real-time factor 0.000313: 3.2 s of sound in 1 ms.", "24,000 Hz", "Save the recording", "audio:rms")
	s.audio, s.name, s.kind = s.run.said.Spoken(), "a.wav", askTranscribe
	w, shown = carried(t, v)
	w.contains(shown, "Of the words, 50.0 % are wrong.", "What was heard first one mumble three", "wer:(s+d+i)/words")
	s.audio = nil
	refused(t, v, "ask-audio", "choose a recording")
	s.audio, s.form.text["ask-say"] = []byte("not a recording"), ""
	if _, shown = carried(t, v); !strings.Contains(shown, "Something is wrong: HTTP 400") {
		t.Errorf("of a file that is none: %s", shown)
	}
}

// The command beside the form runs the same check, and never has a key.
func TestAskCommand(t *testing.T) {
	for k, want := range map[askKind]string{
		askKnown:      "bench answers -url U -min 90 -concurrency 4 -out 1024 -key-env API_KEY -json",
		askAccuracy:   "bench answers -url U -repeats 1 -temperature 0 -concurrency 4 -out 1024 -min 0 -against U -against-model 'a b' -key-env",
		askParity:     "bench answers -url U -against U -against-model 'a b'",
		askEmbeddings: "bench embeddings -url U -batch 1,4,16,64 -in 200 -requests 20 -concurrency 1",
		askRerank:     "bench rerank -url U -batch",
		askTranscribe: "bench transcribe -url U -audio FILE.wav -text 'WHAT IS SAID' -requests 3",
		askSpeak:      "bench speak -url U -text 'WHAT IS SAID' -voice 'al'\\''loy' -requests 3 -sample-rate 0",
	} {
		s := askState{kind: k, key2: "s3cret"}
		s.form.set("ask-model2", "a b")
		s.form.set("ask-voice", "al'loy")
		if got := s.command("U", true); !strings.Contains(got, want) || strings.Contains(got, "s3cret") {
			t.Errorf("%s: %s lacks %s", k, got, want)
		}
	}
}
