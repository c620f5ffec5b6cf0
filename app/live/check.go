package live

import (
	"fmt"
	"strconv"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/catalog/jsonio"
)

// Page is what the check must know about the page it runs in.
type Page struct {
	Origin string // "https://fleet.example"
	Secure bool   // delivered over https
	Place  Place  // where the page came from
}

// Outcome says how a rung of the check went.
type Outcome string

// The outcomes.
const (
	Waiting Outcome = "waiting"
	Running Outcome = "running"
	Good    Outcome = "good"
	Doubt   Outcome = "doubt"  // measuring works, with a limit to know
	Failed  Outcome = "failed" // measuring cannot work
)

// Rung is one thing the check finds out.
type Rung struct {
	ID      string // address, reach, stream, connections
	Name    string
	Outcome Outcome
	Text    string // what was found
	Fix     string // what to do about it
	Command string // to copy
	More    []Remedy
}

// Check climbs the rungs one by one and stops at the first that fails.
type Check struct {
	Rungs []Rung
	Want  int // most requests in flight that the plan wants, to be set before Begin

	page   Page
	addr   Address
	target Target
	wire   Wire
	api    bench.API
	model  string
	models []string

	nextID  int
	asked   map[int]*asked
	open    int // answers with headers that have not ended
	most    int
	pending int
	idle    int  // ticks since the last event
	late    bool // headers come with the first token
	streams streams
	over    bool
	brief   bool // ends once the endpoint is reached
}

// asked is a request of the check.
type asked struct {
	rung   string
	opaque bool
	status int
	body   []byte
	stream *bench.Stream
	head   bool
}

// fired is how many streams are opened at once to count connections.
const fired = 8

// rung ids.
const (
	rungAddress     = "address"
	rungReach       = "reach"
	rungStream      = "stream"
	rungConnections = "connections"
)

// NewCheck prepares the check of an address. model may be empty: the server's
// first one is taken.
func NewCheck(p Page, a Address, t Target, api bench.API, model string, w Wire) *Check {
	if api == "" {
		api = bench.Chat
	}
	return &Check{page: p, addr: a, target: t, api: api, model: model, wire: w, asked: map[int]*asked{}, Rungs: []Rung{
		{ID: rungAddress, Name: "Address", Outcome: Waiting},
		{ID: rungReach, Name: "Reachable, and this page may read it", Outcome: Waiting},
		{ID: rungStream, Name: "Streams tokens and counts them", Outcome: Waiting},
		{ID: rungConnections, Name: "Parallel connections", Outcome: Waiting},
	}}
}

// Begin starts the check.
func (c *Check) Begin() {
	r := c.rung(rungAddress)
	if c.page.Secure && !c.addr.Secure && c.addr.Place() != Loopback {
		// Chromium makes an exception for the local network where that is
		// permitted, but not for workers, and streams are timed in one.
		c.fail(r, "A page over https may not read plain http from another computer (mixed content).",
			"Put TLS in front of the server, or open this page from this computer (fleetsize serve), or measure in the terminal.",
			"fleetsize bench -url "+c.addr.Base+" -plan probes")
		r.More = ProxyRemedies(c.page, c.addr, c.target.Headers)
		return
	}
	r.Outcome, r.Text = Good, c.addr.Base
	switch {
	case c.gated() && !c.page.Secure:
		r.Outcome = Doubt
		r.Text += ": this page came over plain http, and browsers let such pages reach nothing nearer than themselves. Open it over https or from this computer (fleetsize serve)."
	case c.gated():
		r.Text += ". The browser may ask for permission to reach " + c.addr.Place().words() + "."
	}
	reach := c.rung(rungReach)
	reach.Outcome = Running
	c.send(&asked{rung: rungReach}, Send{Method: "GET", URL: c.addr.Base + "/models", Headers: c.target.Headers})
}

// Over reports whether the check is finished.
func (c *Check) Over() bool { return c.over }

// Passed reports whether measuring can start.
func (c *Check) Passed() bool {
	for i := range c.Rungs {
		if o := c.Rungs[i].Outcome; o != Good && o != Doubt {
			return false
		}
	}
	return true
}

// Models are the names the server offers.
func (c *Check) Models() []string { return c.models }

// Model is the name that requests carry.
func (c *Check) Model() string { return c.model }

// API is the family of endpoints that answers.
func (c *Check) API() bench.API { return c.api }

// Parallel is how many answers were under way at once; 0 = not counted.
func (c *Check) Parallel() int { return c.most }

// Cap is how many requests the browser has under way at one address, as far as
// the check can tell; 0 = not known.
func (c *Check) Cap() int {
	switch {
	case c.streams.cap > 0:
		return c.streams.cap
	case !c.addr.Secure || c.most == PerAddress:
		return PerAddress
	case c.most > PerAddress:
		return max(PerHTTP2, c.streams.most)
	}
	return 0
}

func (c *Check) rung(id string) *Rung {
	for i := range c.Rungs {
		if c.Rungs[i].ID == id {
			return &c.Rungs[i]
		}
	}
	panic("live: unknown rung " + id)
}

func (c *Check) fail(r *Rung, text, fix, command string) {
	r.Outcome, r.Text, r.Fix, r.Command = Failed, text, fix, command
	c.finish()
}

func (c *Check) finish() {
	if !c.over {
		c.over = true
		c.wire.Close()
	}
}

func (c *Check) send(a *asked, s Send) {
	s.ID = c.nextID
	c.nextID++
	s.Near = c.addr.Place()
	c.asked[s.ID] = a
	c.wire.Start(s)
}

// Take handles what happened.
func (c *Check) Take(events []Event) {
	for _, e := range events {
		a := c.asked[e.ID]
		if a == nil || c.over {
			continue
		}
		at := e.At / 1e3
		c.idle = 0
		switch e.What {
		case Sent:
			if a.stream != nil {
				a.stream.Sent(at)
			}
		case Head:
			a.status, a.head = e.Status, true
			if a.stream != nil {
				a.stream.Headers(at, e.Status, e.ContentType, e.RetryAfter)
			}
			switch a.rung {
			case rungConnections:
				c.open++
				c.most = max(c.most, c.open)
			case rungStreams, rungBehind:
				c.streamHead(a)
			}
		case Data:
			if a.stream != nil {
				a.stream.Read(at, e.Bytes)
			} else if len(a.body) < 1<<20 {
				a.body = append(a.body, e.Bytes...)
			}
		case End, Fail, Ended:
			delete(c.asked, e.ID)
			c.ended(a, e, at)
		}
	}
}

func (c *Check) ended(a *asked, e Event, at float64) {
	switch a.rung {
	case rungReach:
		c.reached(a, e)
	case rungStream:
		c.streamed(a, e, at)
	case rungConnections:
		if a.head {
			c.open--
		}
		if c.pending--; c.pending == 0 {
			c.counted()
		}
	case rungStreams, rungBehind:
		c.streamEnded(a)
	}
}

// reached follows the list of models, or the question whether anything answers.
func (c *Check) reached(a *asked, e Event) {
	r := c.rung(rungReach)
	switch {
	case a.opaque && e.What == End:
		c.cors(r, "The server answers, but does not let this page read it (CORS).")
		return
	case a.opaque:
		c.unreached(r, e.Text)
		return
	case e.What != End:
		c.send(&asked{rung: rungReach, opaque: true}, Send{Method: "GET", URL: c.addr.Base + "/models", Opaque: true})
		return
	case a.status == 401 && c.keyed():
		c.fail(r, "The server refuses the key (HTTP 401).", "Look whether it is the right one, and whole.", "")
		return
	case a.status == 401:
		c.fail(r, "The server wants a key (HTTP 401).", "Enter it under Endpoint: it stays in the memory of this tab.", "")
		return
	case a.status == 403:
		c.fail(r, "The server refuses this page's origin, or the key (HTTP 403).", "Allow the origin where the server starts (on Ollama with the command), or look whether the key may do this.", "OLLAMA_ORIGINS="+c.page.Origin+" ollama serve")
		return
	}
	r.Outcome, r.Text = Good, "The server answers"
	if a.status == 200 {
		c.models = modelNames(a.body)
	}
	switch {
	case c.model == "" && len(c.models) > 0:
		c.model = c.models[0]
		r.Text += " and offers " + quoted(c.models)
	case c.model != "" && len(c.models) > 0 && !contains(c.models, c.model):
		r.Outcome, r.Fix = Doubt, "Choose one of its models if requests are refused."
		r.Text += ", but does not list " + strconv.Quote(c.model) + ": it offers " + quoted(c.models)
	case len(c.models) == 0:
		r.Text += " (it lists no models)"
	}
	r.Text += "."
	if c.brief {
		c.finish()
		return
	}
	c.probe()
}

// probe sends one short request that streams.
func (c *Check) probe() {
	c.rung(rungStream).Outcome = Running
	c.ask(rungStream, 8)
}

func (c *Check) ask(rung string, tokens int) {
	q := &bench.Request{ID: c.nextID, Input: 16, Output: tokens}
	body := map[string]any{"model": c.model, "stream": true, "max_tokens": tokens, "temperature": 0}
	if rung == rungStream {
		body["stream_options"] = map[string]any{"include_usage": true}
	}
	words := "Count from one upwards, one number a word (" + strconv.Itoa(c.nextID) + ")."
	path := "/chat/completions"
	if c.api == bench.Completions {
		path, body["prompt"] = "/completions", words
	} else {
		body["messages"] = []map[string]string{{"role": "user", "content": words}}
	}
	text, err := jsonio.Marshal(body)
	if err != nil {
		panic("live: " + err.Error())
	}
	base := c.addr.Base
	if rung == rungConnections {
		base = c.target.base(c.nextID)
	}
	headers := append([][2]string{{"Content-Type", "application/json"}, {"Accept", "text/event-stream"}}, c.target.Headers...)
	c.send(&asked{rung: rung, stream: bench.NewStream(q, nil)}, Send{Method: "POST", URL: base + path, Headers: headers, Body: text})
}

// streamed follows the short request.
func (c *Check) streamed(a *asked, e Event, at float64) {
	r := c.rung(rungStream)
	why := bench.Failure{}
	if e.What != End {
		why = bench.Failure{Class: bench.CORS, Text: e.Text}
	}
	rec := a.stream.End(at, why)
	switch {
	case rec.Class == bench.CORS:
		c.cors(r, "The list of models can be read, but a request with a body cannot (the preflight is refused).")
		return
	case rec.Class == bench.HTTP4xx && rec.Status == 404 && c.api == bench.Chat:
		c.api = bench.Completions
		c.ask(rungStream, 8)
		return
	case rec.Class == bench.HTTP4xx && rec.Status == 401:
		c.fail(r, "The server wants a key for requests (HTTP 401), or another one.", "Enter it under Endpoint: it stays in the memory of this tab.", "")
		return
	case rec.Class.Failed():
		text := rec.Class.Text()
		if rec.Text != "" {
			text += " " + strings.TrimSuffix(rec.Text, ".") + "."
		}
		fix := bench.Fix(rec.Class, rec.Text)
		if fix == "" {
			fix = "A request of eight tokens must work before anything is measured."
		}
		c.fail(r, text, fix, "")
		if rec.Class == bench.NoStream || rec.Class == bench.Cut {
			r.More = ProxyRemedies(c.page, c.addr, c.target.Headers)
		}
		return
	}
	c.late = rec.Headers-rec.Sent > 0.8*rec.TTFT()
	r.Outcome = Good
	r.Text = "First token after " + ms(rec.TTFT()) + ", " + strconv.Itoa(rec.Output) + " tokens"
	switch {
	case rec.Buffered():
		r.Outcome, r.Fix = Doubt, "A proxy may hold streams back. nginx: proxy_buffering off; Caddy: flush_interval -1."
		r.More = ProxyRemedies(c.page, c.addr, c.target.Headers)
		r.Text += ", all of them at once"
	case rec.From != "usage":
		r.Outcome, r.Fix = Doubt, "Token counts come from the stream's events: a server that puts several tokens into one makes speed look low."
		r.Text += ", counted here because the server does not"
	default:
		r.Text += ", counted by the server"
	}
	if c.api == bench.Completions {
		r.Text += "; the server has completions only"
	}
	r.Text += "."
	c.rung(rungConnections).Outcome = Running
	c.pending = fired
	for range fired {
		c.ask(rungConnections, 48)
	}
}

// counted says how many connections there really are.
func (c *Check) counted() {
	r := c.rung(rungConnections)
	n := len(c.target.Bases)
	switch {
	case c.most >= fired && n > 1:
		r.Outcome, r.Text = Good, fmt.Sprintf("Spread over %d addresses: up to %d requests in flight.", n, n*PerAddress)
	case c.addr.Secure && c.most != PerAddress && (c.Want > fired || c.most < fired):
		c.openStreams()
		return
	case c.most >= fired:
		r.Outcome, r.Text = Good, fmt.Sprintf("All %d streams opened at once: no limit of %d connections here.", fired, PerAddress)
		if c.addr.Secure {
			r.Text += fmt.Sprintf(" HTTP/2 carries up to %d requests in flight.", PerHTTP2)
		}
	case !c.addr.Secure && c.most <= PerAddress:
		r.Outcome = Doubt
		r.Text = fmt.Sprintf("This browser opens %d connections to this address (plain http), so at most %d requests are in flight.", PerAddress, PerAddress)
		if c.most < PerAddress {
			r.Text = fmt.Sprintf("%d of %d streams were answered at once: the server takes no more, or its headers come with the first token. The browser opens at most %d connections to this address (plain http).", c.most, fired, PerAddress)
		}
		r.Fix = "Load beyond it waits inside the browser. Use a proxy with HTTP/2, or the terminal, which has no such limit."
		if c.addr.CanSpread() {
			r.Fix = "Load beyond it waits inside the browser. Spread requests over more addresses of this computer (switch above), or use the terminal, which has no such limit."
		}
		r.Command = "fleetsize bench -url " + c.addr.Base + " -plan load"
		r.More = ProxyRemedies(c.page, c.addr, c.target.Headers)
	default:
		r.Outcome = Doubt
		r.Text = fmt.Sprintf("%d of %d streams were open at once: this browser opens %d connections to an address over HTTP/1.1, and the server offers no HTTP/2 here.", c.most, fired, PerAddress)
		r.Fix = "Load beyond it waits inside the browser. Switch HTTP/2 on where TLS ends, or use the terminal, which has no such limit."
		r.Command = "fleetsize bench -url " + c.addr.Base + " -plan load"
		r.More = ProxyRemedies(c.page, c.addr, c.target.Headers)
	}
	c.finish()
}

// ms prints seconds as ms.
func ms(seconds float64) string { return strconv.FormatFloat(seconds*1e3, 'f', 0, 64) + " ms" }

// modelNames reads the answer of /models.
func modelNames(body []byte) []string {
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if jsonio.Unmarshal(body, &list) != nil {
		return nil
	}
	var names []string
	for _, m := range list.Data {
		if m.ID != "" && len(names) < 200 {
			names = append(names, m.ID)
		}
	}
	return names
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// quoted lists names for people, the first few.
func quoted(names []string) string {
	const most = 3
	words := make([]string, 0, most)
	for _, n := range names[:min(len(names), most)] {
		words = append(words, strconv.Quote(clip(n)))
	}
	text := strings.Join(words, ", ")
	if len(names) > most {
		text += fmt.Sprintf(" and %d more", len(names)-most)
	}
	return text
}
