package views

import (
	"strconv"
	"time"

	"fleetsize/app/live"
	"fleetsize/app/vocab"
	"fleetsize/calc/bench"
	"fleetsize/calc/bench/answers"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// liveState is the live endpoint of the Measure view: what the user typed, the
// check before any load, and the run.
type liveState struct {
	on bool // the source is a live endpoint, not a table

	url, key, model string // the key stays here: never in the link, storage, an export or a log
	extra           string // header lines, "Name: value"
	urlFault        string
	headerFault     string
	spread          bool // over more names of this computer
	plan            bench.Kind
	api             bench.API
	text            map[string]string // number fields as typed, by id
	faults          map[string]string
	tier            string
	on8             deployment
	filed           *planFile // the plan that was opened, nil = none
	planFault       string    // why a plan cannot be opened or saved
	planPaste       bool      // the field for pasting one is open

	check   *live.Check
	session *live.Session
	wire    *live.Reader
	seq     int // of the check or run; what older ones still say is dropped
	fault   string
	loading bool // the vocabulary, before a run
	counted bool // tokens are counted by it
	started time.Time
	shown   time.Time // last redraw during a run
	phases  int       // begun
	doc     *bench.Document
	ghost   ghost
	tables  map[string]bool
	awake   app.Value // keeps the screen, and with it the computer, from sleeping; nil = nothing does

	reports []openedReport // of the table
	power   powerLog       // laid over them
}

// deployment is what stands behind the endpoint, as the user says.
type deployment struct{ gpu, tp, engine, weights string }

// redrawEvery is the pause between two redraws while requests run: what is
// drawn delays the requests that follow others.
const redrawEvery = 500 * time.Millisecond

// number fields of the live form: id → label, unit, standard value, limits.
var liveFields = []struct {
	id, label, unit string
	value, lo, hi   float64
}{
	{"live-in", "Prompt", "tok", 1000, 1, 1e6},
	{"live-out", "Answer", "tok", 200, 2, 1e5},
	{"live-top", "Highest load", "in flight", 64, 1, 4096},
	{"live-rate", "Arrivals", "req/s", 1, 0.001, 1e5},
	{"live-max-requests", "Requests at most", "", 2000, 1, 1e6},
	{"live-max-tokens", "Tokens at most", "", 20e6, 1e3, 1e12},
	{"live-max-minutes", "Time at most", "min", 15, 0.1, 1440},
	{"live-max-usd", "Cost at most", "USD", 5, 0.01, 1e6},
	{"live-stall", "Give up without bytes after", "s", 60, 1, 3600},
	{"live-price-in", "Price of 1 M prompt tokens", "USD", 0, 0, 1e4},
	{"live-price-out", "Price of 1 M answer tokens", "USD", 0, 0, 1e4},
	{"ask-repeats", "Ask each", "times", 1, 1, answers.MaxRepeats},
	{"ask-parallel", "At once", "requests", 4, 1, 250},
	{"ask-out", "Answer at most", "tok", 1024, 1, 1e5},
	{"ask-temp", "Temperature", "", 0, 0, 2},
	{"ask-min", "Right at least", "%", 0, 0, 100},
	{"ask-floor", "Right at least", "%", 90, 0, 100},
	{"ask-in", "Each text", "tok", 200, 1, 1e5},
	{"ask-requests", "Requests per size", "", 20, 1, 1e5},
	{"ask-load", "At once", "requests", 1, 1, 250},
	{"ask-runs", "Requests", "", 3, 1, 1e4},
	{"ask-rate", "Rate (0: any)", "Hz", 0, 0, 1e6},
}

// liveNumber is the value of a number field.
func (l *liveState) number(id string) float64 {
	for _, f := range liveFields {
		if f.id != id {
			continue
		}
		if typed, ok := l.text[id]; ok {
			if x, err := units.ParseNumber(typed); err == nil && x >= f.lo && x <= f.hi {
				return x
			}
		}
		return f.value
	}
	return 0
}

// typed takes what stands in a number field.
func (l *liveState) typed(id, text string) {
	if l.text == nil {
		l.text, l.faults = map[string]string{}, map[string]string{}
	}
	l.text[id] = text
	delete(l.faults, id)
	for _, f := range liveFields {
		if f.id != id {
			continue
		}
		x, err := units.ParseNumber(text)
		if err == nil {
			_, err = units.Within(text, x, f.lo, f.hi, f.unit)
		}
		if err != nil {
			l.faults[id] = upperFirst(err.Error()) + "."
		}
	}
}

// busy reports whether a check or a run is under way.
func (l *liveState) busy() bool {
	return l.loading || l.check != nil && !l.check.Over() || l.session != nil && !l.session.Over()
}

// liveSource switches between a table and a live endpoint.
func (v *Page) liveSource() app.UI {
	return node("section", "grp", heading("Source"),
		v.radios("seg", "Source", "source", []option{{id: "table", label: "Table", on: !v.endpoint.on && !v.replies.on}, {id: "live", label: "Endpoint", title: "Measure a live endpoint", on: v.endpoint.on}, {id: "answers", label: "Answers", title: "Check the answers of an endpoint", on: v.replies.on}},
			func(ctx app.Context, id string) {
				if v.replies.busy() {
					v.say("Stop the check first")
					return
				}
				v.endpoint.on, v.replies.on = id == "live", id == "answers"
				v.study.rev++
			}))
}

// target is where requests go.
func (l *liveState) target() (live.Address, live.Target, bool) {
	a, err := live.ParseAddress(l.url)
	l.urlFault = ""
	if err != nil {
		l.urlFault = upperFirst(err.Error()) + "."
		return a, live.Target{}, false
	}
	headers, err := live.ParseHeaders(l.extra)
	l.headerFault = ""
	if err != nil {
		l.headerFault = upperFirst(err.Error()) + "."
		return a, live.Target{}, false
	}
	if l.key != "" {
		headers = append(headers, [2]string{"Authorization", "Bearer " + l.key})
	}
	return a, live.Target{Bases: a.Spread(l.bases()), Headers: headers}, true
}

// bases is how many names of this computer the requests are spread over.
func (l *liveState) bases() int {
	a, err := live.ParseAddress(l.url)
	if err != nil || !l.spread || !a.CanSpread() {
		return 1
	}
	return min((int(l.number("live-top"))+live.PerAddress-1)/live.PerAddress, live.MostSpread)
}

// liveCheck finds out whether the endpoint can be measured.
func (v *Page) liveCheck() {
	l := &v.endpoint
	a, target, ok := l.target()
	v.study.rev++
	if !ok || l.busy() {
		return
	}
	l.fault, l.session, l.doc = "", nil, nil
	if !v.openWire(func(at, late float64) { l.check.Tick() }, func(events []live.Event) { l.check.Take(events) }) {
		return
	}
	l.check = live.NewCheck(livePage(), a, target, l.api, l.model, l.wire)
	l.check.Want = l.wants()
	l.check.Begin()
}

// livePage is what a check must know of this page.
func livePage() live.Page {
	if app.IsServer {
		return live.Page{}
	}
	at := app.Window().Get("location")
	p := live.Page{Origin: at.Get("origin").String(), Secure: at.Get("protocol").String() == "https:"}
	if a, err := live.ParseAddress(p.Origin); err == nil {
		p.Place = a.Place()
	}
	return p
}

// openWire starts a reader whose messages reach the newest check or run only.
func (v *Page) openWire(tick func(at, late float64), take func([]live.Event)) bool {
	l := &v.endpoint
	l.seq++
	seq := l.seq
	if l.wire != nil {
		l.wire.Close()
	}
	l.wire = newReader("measurement", "measure", func() bool { return seq == l.seq }, tick, take, v.liveLost, v.liveShow)
	if l.wire == nil {
		l.fault = "This browser gives the page no background thread, so streams cannot be timed. Use fleetsize bench in a terminal."
		return false
	}
	return true
}

// newReader starts a reader that is heard while now holds, and says in words
// what ends the work before its time.
func newReader(work, verb string, now func() bool, tick func(at, late float64), take func([]live.Event), lost func(string), show func()) *live.Reader {
	guard := func(f func()) {
		if !now() {
			return
		}
		if trouble := guarded(f); trouble != "" {
			lost("The " + work + " stopped: " + trouble)
		}
		show()
	}
	return live.NewReader(
		func(at, late float64) { guard(func() { tick(at, late) }) },
		func(events []live.Event) { guard(func() { take(events) }) },
		func() {
			guard(func() {
				lost("The background reader stopped. What is finished is kept; reload the page before you " + verb + " again.")
			})
		})
}

// liveLost ends a check or a run that cannot go on.
func (v *Page) liveLost(fault string) {
	l := &v.endpoint
	l.fault = fault
	l.seq++
	l.wire.Close()
	switch {
	case l.session != nil && !l.session.Over():
		guarded(func() { l.session.Lost(fault) })
	case l.check != nil && !l.check.Over():
		l.check = nil
	}
}

// liveShow redraws, at most every redrawEvery while a run goes on.
func (v *Page) liveShow() {
	l := &v.endpoint
	if l.session != nil && !l.session.Over() && time.Since(l.shown) < redrawEvery {
		return
	}
	l.shown = time.Now()
	if l.session != nil && l.session.Over() && l.doc == nil {
		v.liveDone()
	}
	v.root.Dispatch(func(app.Context) { v.study.rev++ })
}

// livePlan is the plan as the form says.
func (l *liveState) planNow() bench.Plan {
	p := bench.Plan{Seed: uint64(time.Now().UnixNano()), Poisson: l.kind() == bench.Open}
	if l.filed != nil {
		p = l.filed.plan
	}
	p.Kind, p.API, p.Model, p.Input, p.Output = l.kind(), l.api, l.model, int(l.number("live-in")), int(l.number("live-out"))
	p.MaxConcurrency, p.PhaseSeconds = int(l.number("live-top")), l.phaseSeconds()
	m := &p.Limits
	m.Requests, m.Tokens, m.Seconds, m.StallSeconds = int(l.number("live-max-requests")), int(l.number("live-max-tokens")), 60*l.number("live-max-minutes"), l.number("live-stall")
	m.InUSD, m.OutUSD, m.USD = l.number("live-price-in"), l.number("live-price-out"), 0
	if m.InUSD > 0 || m.OutUSD > 0 {
		m.USD = l.number("live-max-usd")
	}
	switch p.Kind {
	case bench.Probes, bench.Sweep, bench.Scenarios:
		p.Input, p.Output = 0, 0 // their own
		if l.filed != nil {
			p.Input, p.Output = l.filed.plan.Input, l.filed.plan.Output
		}
	case bench.Open:
		if len(p.Rates) < 2 {
			p.Rates = []float64{l.number("live-rate")}
		}
	}
	if l.check != nil {
		p.API = l.check.API()
		if p.Model == "" {
			p.Model = l.check.Model()
		}
	}
	return p
}

func (l *liveState) kind() bench.Kind {
	if l.plan == "" {
		return bench.Probes
	}
	return l.plan
}

func (l *liveState) phaseSeconds() float64 {
	if s, err := strconv.ParseFloat(l.text["phase"], 64); err == nil {
		return s
	}
	return 15
}

// liveStart begins the run, once the vocabulary that counts tokens is here or
// known to be out of reach: characters are counted then.
func (v *Page) liveStart() {
	l := &v.endpoint
	_, target, ok := l.target()
	v.study.rev++
	if !ok || l.busy() || l.check == nil || !l.check.Passed() || len(l.faults) > 0 {
		return
	}
	l.loading = true
	go func() {
		var counter bench.Counter
		if e, err := vocab.Load(); err == nil {
			counter = e
		}
		v.root.Dispatch(func(ctx app.Context) {
			l.loading, l.counted = false, counter != nil
			v.liveBegin(target, counter)
			ctx.Defer(func(app.Context) { // on a phone the form fills the screen
				if e := document().Call("getElementById", "live"); e.Truthy() {
					e.Call("scrollIntoView", map[string]any{"block": "nearest"})
				}
			})
		})
	}()
}

// liveBegin begins the run.
func (v *Page) liveBegin(target live.Target, counter bench.Counter) {
	l := &v.endpoint
	v.study.rev++
	p := v.livePlan()
	l.fault, l.doc, l.phases = "", nil, 0
	if !v.openWire(func(at, late float64) { l.session.Tick(at, late) }, func(events []live.Event) { l.session.Take(events) }) {
		return
	}
	cap := l.check.Cap() * len(target.Bases)
	s, err := live.NewSession(p, bench.Options{Cap: cap, Raw: true, Counter: counter}, target, l.wire)
	if err != nil {
		l.fault = upperFirst(err.Error()) + "."
		return
	}
	s.Watch = func(a bench.Action) {
		if a.Kind == bench.PhaseStart {
			l.phases++
		}
	}
	l.session, l.started = s, time.Now()
	l.ghost = v.ghostOf()
	l.stayAwake()
}

// stayAwake asks the browser not to let the computer sleep during the run.
func (l *liveState) stayAwake() {
	lock, seq := app.Window().Get("navigator").Get("wakeLock"), l.seq
	if !lock.Truthy() {
		return
	}
	settle(lock.Call("request", "screen"), func(held app.Value) {
		if seq != l.seq || l.doc != nil {
			held.Call("release")
			return
		}
		l.awake = held
	}, func(app.Value) {})
}

func (l *liveState) tierNow() string {
	if l.tier == "" {
		return "standard"
	}
	return l.tier
}

// liveStop ends the run; what is finished stays.
func (v *Page) liveStop() {
	l := &v.endpoint
	switch {
	case l.session != nil && !l.session.Over():
		l.session.Stop()
	case l.check != nil && !l.check.Over():
		l.seq++
		l.wire.Close()
		l.check = nil
	}
	v.study.rev++
}

// liveDone makes the report.
func (v *Page) liveDone() {
	l := &v.endpoint
	if l.awake != nil {
		l.awake.Call("release")
		l.awake = nil
	}
	doc := l.session.Run().Report()
	when := l.started.UTC().Format(bench.StartedFormat)
	doc.Started = &when
	a, _ := live.ParseAddress(l.url)
	doc.Setup.URL, doc.Setup.Transport = a.Base, "browser"
	d := v.liveDeployment()
	doc.Setup.Deployment = &d
	l.doc = &doc
	l.reports = append(l.reports, openedReport{name: doc.Setup.Plan.Model + ", " + l.started.Format("15:04:05"), doc: l.doc})
}
