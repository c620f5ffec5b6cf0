package views

import (
	"errors"
	"strings"
	"time"

	"fleetsize/app/live"
	"fleetsize/app/vocab"
	"fleetsize/calc/bench"
	"fleetsize/calc/bench/answers"
	"fleetsize/calc/bench/items"
	"fleetsize/calc/bench/speech"
	"fleetsize/calc/explain"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// askKind is what is checked of an endpoint's answers.
type askKind string

// The checks.
const (
	askKnown      askKind = "known"
	askAccuracy   askKind = "accuracy"
	askParity     askKind = "parity"
	askEmbeddings askKind = "embeddings"
	askRerank     askKind = "rerank"
	askTranscribe askKind = "transcribe"
	askSpeak      askKind = "speak"
)

// askKinds say what each check is for, and which parts its form has: number
// fields by their ids, the others by name.
var askKinds = []struct {
	id                 askKind
	label, line, parts string
}{
	{askKnown, "Known answers", "Sums, facts and choices with one right answer, asked at temperature 0: tells a broken deployment (weights, chat template, precision) from a sound one.", "ask-floor ask-parallel ask-out api"},
	{askAccuracy, "Accuracy", "The share of right answers on a set of questions with its interval; with a second endpoint also the difference, question by question.", "set ask-repeats ask-temp ask-parallel ask-out ask-min repeats fold api"},
	{askParity, "Same model twice?", "Token probabilities of two endpoints that should serve the same model: another precision, engine or device. Both must return logprobs.", "second api"},
	{askEmbeddings, "Embeddings", "Latency and throughput by batch size, and whether every text gets a vector.", "sizes ask-in ask-requests ask-load"},
	{askRerank, "Reranking", "Latency and throughput by batch size, and whether every document gets a score.", "sizes ask-in ask-requests ask-load"},
	{askTranscribe, "Transcription", "Real-time factor, and word errors against what is said in a recording.", "audio say ask-runs"},
	{askSpeak, "Speech", "Real-time factor, and whether the sound is finite, not silent, of the right rate and length.", "say voice ask-runs ask-rate"},
}

// askState is the checks of an endpoint's answers in the Measure view. The
// address, key and headers are those of the live endpoint.
type askState struct {
	on   bool // the source of the Measure view
	kind askKind
	form liveState // fields as typed, and what is wrong with them; no key of a second endpoint

	questions []answers.Question // nil = the built-in ones
	set       string             // where they are from
	paste     bool               // the field for pasting is open
	key2      string             // of a second endpoint; it stays here as the first one does
	audio     []byte
	name      string // of the recording

	loading bool // the vocabulary
	counter bench.Counter
	fault   string
	seq     int // of the run; what older ones still say is dropped
	run     *askRun
	seen    []explain.Shown // figures of its report that explain themselves
	shown   time.Time
}

// askRun is one check being carried out, and its report.
type askRun struct {
	*live.Asking
	kind   askKind
	wire   *live.Reader
	rounds func(models []string) []bench.Round
	report func(cut bool) any
	said   *speech.Measurement // of speech
	doc    any                 // the report, once the run is over
}

// busy reports whether a check is under way.
func (s *askState) busy() bool { return s.loading || s.run != nil && !s.run.Over() }

// now is the check that is chosen, an index into askKinds.
func (s *askState) now() int {
	for i := range askKinds {
		if askKinds[i].id == s.kind {
			return i
		}
	}
	return 0
}

func (s *askState) number(id string) int { return int(s.form.number(id)) }

// askWords are the standard texts of fields.
var askWords = map[string]string{"sizes": "1,4,16,64", "voice": "alloy", "api": string(bench.Chat)}

func (s *askState) word(id string) string { return orWord(s.form.text["ask-"+id], askWords[id]) }

// two reports whether a second endpoint is named.
func (s *askState) two() bool { return s.word("url2")+s.word("model2") != "" }

// second is the endpoint to compare with.
func (s *askState) second(first live.Service) (e live.Service, err error) {
	if e = first; s.word("url2") != "" {
		if e.Addr, err = live.ParseAddress(s.word("url2")); err != nil {
			return e, err
		}
		e.Target = live.Target{Bases: []string{e.Addr.Base}} // headers of the first are not for others
		if s.key2 != "" {
			e.Target.Headers = [][2]string{{"Authorization", "Bearer " + s.key2}}
		}
	}
	e.Model = s.word("model2")
	return e, nil
}

// prepare makes a run of the form; the error is about the field named.
func (s *askState) prepare(first live.Service) (r *askRun, ends []live.Service, field string, err error) {
	k := askKinds[s.now()].id
	r, ends = &askRun{kind: k}, []live.Service{first}
	url := first.Addr.Base
	switch k {
	case askEmbeddings, askRerank:
		p := items.Plan{Rerank: k == askRerank, Tokens: s.number("ask-in"), Requests: s.number("ask-requests"), Parallel: s.number("ask-load"), Seed: 1}
		if p.Sizes, err = items.ParseSizes(s.word("sizes")); err != nil {
			return nil, nil, "ask-sizes", err
		}
		if most := live.PerAddress * len(first.Target.Bases); !first.Addr.Secure && p.Parallel > most {
			return nil, nil, "ask-load", errors.New("this browser has " + plural(most, "connection") + " to a plain http address: the others would wait inside it. Use the terminal for more")
		}
		var m *items.Measurement
		r.rounds = func(models []string) []bench.Round {
			p.Model, p.Counter = models[0], s.counter
			m = items.New(p)
			return m.Rounds()
		}
		r.report = func(cut bool) any { return m.Document(url, cut) }
	case askTranscribe, askSpeak:
		p := speech.Plan{Requests: s.number("ask-runs"), Text: strings.TrimSpace(s.word("say")), Voice: s.word("voice"), Rate: s.number("ask-rate")}
		field = "ask-say"
		if k == askTranscribe {
			if field, p.Audio, p.Name = "ask-audio", s.audio, s.name; len(p.Audio) == 0 {
				return nil, nil, field, errors.New("choose a recording first")
			}
		}
		m, err := speech.New(p)
		if err != nil {
			return nil, nil, field, err
		}
		r.said = m
		r.rounds = func(models []string) []bench.Round { m.Model = models[0]; return m.Rounds() }
		r.report = func(cut bool) any { return m.Document(url, cut) }
	default:
		if k != askKnown && s.two() {
			e, err := s.second(first)
			if err != nil {
				return nil, nil, "ask-url2", err
			}
			ends = append(ends, e)
		} else if k == askParity {
			return nil, nil, "ask-url2", errors.New("two are compared: enter a second address, or another model of the first")
		}
		sit := answers.Sitting{API: bench.API(s.word("api")), Questions: s.questions, Repeats: 1, Concurrency: s.number("ask-parallel"), MaxTokens: s.number("ask-out")}
		floor := 0.0
		if k == askAccuracy {
			sit.Repeats, sit.Temperature, floor = s.number("ask-repeats"), s.form.number("ask-temp"), s.form.number("ask-min")
		} else if k == askKnown {
			floor = s.form.number("ask-floor")
		}
		if k == askKnown || sit.Questions == nil {
			sit.Questions = answers.Builtin()
		}
		var c *answers.Check
		r.rounds = func(models []string) []bench.Round {
			var list []answers.Endpoint
			for i, m := range models {
				list = append(list, answers.Endpoint{URL: ends[i].Addr.Base, Model: m})
			}
			c = answers.NewCheck(sit, k != askParity, true, list...)
			return c.Rounds()
		}
		r.report = func(cut bool) any { return c.Document(floor, cut) }
	}
	return r, ends, "", nil
}

// refuse puts what is wrong beside its field; "" takes it away.
func (s *askState) refuse(field, text string) {
	s.form.set(field, s.form.text[field])
	if s.form.faults[field] = upperFirst(text); text == "" {
		delete(s.form.faults, field)
	}
}

// askStart begins the check that the form describes.
func (v *Page) askStart() {
	s := &v.replies
	v.study.rev++
	a, target, ok := v.endpoint.target()
	if !ok || s.busy() || v.endpoint.busy() {
		return
	}
	s.fault = ""
	for _, part := range strings.Fields(askKinds[s.now()].parts) {
		if text, ok := s.form.text[part]; ok {
			if s.form.typed(part, text); s.form.faults[part] != "" {
				return
			}
		}
	}
	r, ends, field, err := s.prepare(live.Service{Addr: a, Target: target, Model: v.endpoint.model})
	for _, id := range []string{"ask-sizes", "ask-say", "ask-audio", "ask-url2"} {
		s.refuse(id, "")
	}
	if err != nil {
		s.refuse(field, err.Error()+".")
		return
	}
	s.loading = true
	go func() {
		if r.said == nil && s.counter == nil { // texts are made as long as they are ordered
			if c, err := vocab.Load(); err == nil {
				s.counter = c
			}
		}
		v.askTurn(func() {
			s.loading = false
			v.askBegin(r, ends)
		})
	}()
}

func (v *Page) askBegin(r *askRun, ends []live.Service) {
	s := &v.replies
	v.study.rev++
	s.seq++
	seq := s.seq
	r.wire = newReader("check", "check", func() bool { return seq == s.seq }, func(at, _ float64) { r.Tick(at) }, func(events []live.Event) { r.Take(events) }, v.askLost, v.askShow)
	if r.wire == nil {
		s.fault = "This browser gives the page no background thread. Use fleetsize bench in a terminal."
		return
	}
	r.Asking = live.NewAsking(livePage(), ends, r.rounds, r.wire)
	s.run = r
	r.Begin()
	v.askShow()
	v.shown(func() { // on a phone the form fills the screen
		if e := document().Call("getElementById", "ask"); e.Truthy() {
			e.Call("scrollIntoView", map[string]any{"block": "nearest"})
		}
	})
}

// askLost ends a check that cannot go on.
func (v *Page) askLost(fault string) {
	v.replies.fault = fault
	guarded(func() { v.replies.run.Lost(fault) })
}

// askShow redraws, at most every redrawEvery while a check goes on.
func (v *Page) askShow() {
	s := &v.replies
	r := s.run
	if !r.Over() && time.Since(s.shown) < redrawEvery || r.doc != nil {
		return
	}
	s.shown = time.Now()
	if r.Over() {
		s.seq++
		r.finish()
	}
	v.askTurn(func() {})
}

// askTurn changes the view from outside of its events.
func (v *Page) askTurn(change func()) {
	v.root.Dispatch(func(app.Context) {
		change()
		v.study.rev++
	})
}

// finish makes the report, where anything was asked.
func (r *askRun) finish() {
	if r.Total > 0 {
		r.doc = r.report(r.Cut())
	}
}

// askStop ends the check; what is finished stays.
func (v *Page) askStop() {
	if r := v.replies.run; r != nil && !r.Over() {
		r.Stop()
		v.askShow()
	}
}
