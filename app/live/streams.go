package live

import (
	"fmt"

	"fleetsize/calc/bench"
)

// How many requests a connection of HTTP/2 carries at once is the choice of
// the server, or of a proxy in front of it (SETTINGS_MAX_CONCURRENT_STREAMS),
// and no page can read it. Defaults are 100 (HAProxy, Kestrel), 128 (nginx) and
// 250 (Go, Caddy); Chromium itself sends 256. So it is counted: as many streams
// are opened as the plan wants and, when some of them stay without an answer,
// the list of models is asked for behind them. Where that is answered, the
// connection had room, and the others wait in the server; where it is not, they
// and it wait inside the browser.
type streams struct {
	fired   int // 0 = not tried
	heads   int // answered
	open    int // answered and not ended
	most    int // of these at once
	refused int // with the error status
	status  int
	left    int  // not ended
	quiet   int  // ticks since the last news
	asked   bool // for the list behind them
	room    bool // which was answered while others were not
	cap     int  // what the connection carries; 0 = no limit was found
}

// Ticks without news (they come every 50 ms) after which the list is asked for,
// and after which it will not be answered.
const (
	quietTicks = 14
	stuckTicks = 80
)

// rungs of requests that count streams: the streams, and the list behind them.
const (
	rungStreams = "streams"
	rungBehind  = "behind"
)

// maxStreams is how many streams Chromium opens on a connection.
const maxStreams = 256

// openStreams opens as many streams as the plan wants.
func (c *Check) openStreams() {
	n := min(max(c.Want, fired), maxStreams)
	c.streams = streams{fired: n, left: n}
	c.rung(rungConnections).Text = fmt.Sprintf("Opening %d short streams at once.", n)
	for range n {
		c.ask(rungStreams, 512) // they last until they are counted, and are ended then
	}
}

// streamHead notes an answer.
func (c *Check) streamHead(a *asked) {
	s := &c.streams
	if a.rung == rungBehind {
		s.room = s.heads < s.fired
	} else {
		s.quiet = 0
		s.heads++
		s.open++
		s.most = max(s.most, s.open)
		if a.status >= 400 {
			s.refused, s.status = s.refused+1, a.status
		}
	}
	c.streamNews()
}

// streamEnded notes the end of a stream.
func (c *Check) streamEnded(a *asked) {
	s := &c.streams
	if a.rung == rungStreams {
		s.quiet = 0
		s.left--
		if a.head {
			s.open--
		}
	}
	c.streamNews()
}

// streamNews decides as soon as enough is known.
func (c *Check) streamNews() {
	s := &c.streams
	switch {
	case c.over || s.fired == 0:
	case s.heads >= s.fired, s.left == 0, s.room:
		c.streamsCounted()
	case !s.asked && s.quiet >= quietTicks:
		s.asked, s.quiet = true, 0
		c.send(&asked{rung: rungBehind}, Send{Method: "GET", URL: c.addr.Base + "/models", Headers: c.target.Headers})
	case s.asked && s.quiet >= stuckTicks:
		s.cap = max(s.open, 1)
		if c.late { // what waits for its first token in the server cannot be told from what waits here
			s.cap = s.fired - 1
		}
		c.streamsCounted()
	}
}

// streamsCounted says what was found.
func (c *Check) streamsCounted() {
	s, r := &c.streams, c.rung(rungConnections)
	r.Outcome = Good
	switch {
	case s.refused > 0:
		r.Outcome = Doubt
		r.Text = fmt.Sprintf("The server refused %d of %d requests at once (HTTP %d): a limit of its own.", s.refused, s.fired, s.status)
		r.Fix = "What it refuses counts as errors of the run. Raise its limit, or choose a lower highest load."
	case s.cap > 0:
		r.Outcome = Doubt
		r.Text = fmt.Sprintf("Of %d streams %d were open at once, and a further request waited for one of them to end: the server, or a proxy in front of it, takes %d at a time on an HTTP/2 connection.", s.fired, s.open, s.cap)
		if c.late {
			r.Text = fmt.Sprintf("A request behind %d streams waited for one of them to end: the server, or a proxy in front of it, takes fewer than %d at a time on an HTTP/2 connection.", s.fired, s.fired)
		}
		r.Fix = "Load beyond it would wait inside the browser and look like a slow server. Raise the limit where TLS ends (nginx: http2_max_concurrent_streams, HAProxy: tune.h2.max-concurrent-streams, Envoy: max_concurrent_streams), or use the terminal, which opens further connections."
		r.Command = "fleetsize bench -url " + c.addr.Base + " -plan load"
	case s.room:
		r.Text = fmt.Sprintf("All %d streams were carried at once. %d were answered; the others waited in the server.", s.fired, s.heads)
	case s.most < s.fired:
		r.Text = fmt.Sprintf("%d of %d streams were open at once before the first ended; HTTP/2 usually carries %d.", s.most, s.fired, PerHTTP2)
	default:
		r.Text = fmt.Sprintf("All %d streams were open at once over HTTP/2: no limit of %d connections here.", s.fired, PerAddress)
	}
	c.finish()
}

// Tried is how many streams the check opened at once.
func (c *Check) Tried() int { return max(c.streams.fired, min(c.most, fired)) }

// Ticks without any event after which a step of the check is given up: longer
// where a person may be asked for permission first, or a model is loaded.
const (
	reachTicks  = 60 * 20
	streamTicks = 180 * 20
	fewTicks    = 60 * 20
)

// Tick tells that time has passed, every 50 ms.
func (c *Check) Tick() {
	if c.over {
		return
	}
	c.idle++
	c.streams.quiet++
	c.streamNews()
	switch r := c.running(); {
	case r == nil || c.over:
	case r.ID == rungReach && c.idle > reachTicks:
		c.fail(r, "Nothing has answered at "+c.addr.Base+" for a minute.", "A firewall may drop what is sent, the browser may wait for a permission, or the server is still starting. Look at it, then check again.", "curl "+c.addr.Base+"/models")
	case r.ID == rungStream && c.idle > streamTicks:
		c.fail(r, "A request of eight tokens has brought nothing for 3 minutes.", "The server may be loading the model, or be full of other requests. Look at it, then check again.", "")
	case r.ID == rungConnections && c.idle > fewTicks:
		c.counted()
	}
}

// running is the rung under way, nil between two.
func (c *Check) running() *Rung {
	for i := range c.Rungs {
		if c.Rungs[i].Outcome == Running {
			return &c.Rungs[i]
		}
	}
	return nil
}

// keyed reports whether requests carry a key.
func (c *Check) keyed() bool {
	for _, h := range c.target.Headers {
		if bench.Credential(h[0], "") {
			return true
		}
	}
	return false
}
