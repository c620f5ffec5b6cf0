//go:build !js

package live

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
	"time"

	"fleetsize/app/mock"
	"fleetsize/calc/bench"
)

// secureCheck checks a mock server over one connection of HTTP/2 that carries
// so many streams, as a browser has it.
func secureCheck(t *testing.T, streams, want int, change func(*mock.Config)) *Check {
	t.Helper()
	// A first token well after the headers, and streams that outlast the count, on a busy computer, too.
	c := mock.Config{TTFT: 600 * time.Millisecond, ITL: 25 * time.Millisecond, MaxSeqs: 256, Seed: 1}
	if change != nil {
		change(&c)
	}
	m, err := mock.New(c)
	if err != nil {
		t.Fatal(err)
	}
	l, err := m.Listen("127.0.0.1:0", "127.0.0.1:0", streams)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	a, err := ParseAddress(l.TLSURL)
	if err != nil {
		t.Fatal(err)
	}
	// What is beyond the limit waits here, first come, first served, as in a browser: Go's own queue for
	// streams counts what waits as open.
	w := newWire(0)
	w.slots = make(chan struct{}, streams)
	w.client = &http.Client{Transport: &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, HTTP2: &http.HTTP2Config{StrictMaxConcurrentRequests: true},
	}}
	got := NewCheck(Page{}, a, Target{Bases: []string{a.Base}}, bench.Chat, "", w)
	got.Want = want
	got.Begin()
	if !w.drive(func(float64) { got.Tick() }, got.Take, got.Over) {
		t.Fatalf("the check does not end: %+v", got.Rungs)
	}
	return got
}

// How many streams a connection carries is found before any load, and told
// from a server that lets requests wait.
func TestStreams(t *testing.T) {
	lateHeaders := func(c *mock.Config) {
		quirks, err := mock.ParseQuirks("late-headers")
		if err != nil {
			t.Fatal(err)
		}
		c.Quirks, c.MaxSeqs = quirks, 12
	}
	for _, c := range []struct {
		name          string
		streams, want int
		change        func(*mock.Config)
		outcome       Outcome
		cap, tried    int
		say           string
	}{
		{"as many as wanted", 250, 32, nil, Good, PerHTTP2, 32, "All 32 streams were open at once"},
		{"few wanted", 250, 4, nil, Good, PerHTTP2, 8, "HTTP/2 carries up to 250"},
		{"fewer than wanted", 10, 32, nil, Doubt, 10, 32, "takes 10 at a time"},
		{"fewer than connections", 3, 1, nil, Doubt, 3, 8, "takes 3 at a time"},
		{"a queue in the server", 250, 32, lateHeaders, Good, PerHTTP2, 32, "the others waited in the server"},
		{"a queue, and fewer than wanted", 16, 32, lateHeaders, Doubt, 31, 32, "fewer than 32 at a time"},
		{"refusals", 250, 32, func(c *mock.Config) { c.MaxSeqs, c.MaxQueue = 8, 1 }, Doubt, PerHTTP2, 32, "HTTP 429"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := secureCheck(t, c.streams, c.want, c.change)
			r := got.rung(rungConnections)
			if !got.Passed() || r.Outcome != c.outcome || got.Cap() != c.cap || got.Tried() != c.tried || !strings.Contains(r.Text, c.say) {
				t.Errorf("cap %d, want %d; tried %d, want %d; %+v, want %s, %q", got.Cap(), c.cap, got.Tried(), c.tried, *r, c.outcome, c.say)
			}
			if (r.Fix == "") != (c.outcome == Good) {
				t.Errorf("what to do: %q", r.Fix)
			}
		})
	}
}

// What never answers ends the check in words, at each of its steps.
func TestCheckGivesUp(t *testing.T) {
	a, err := ParseAddress("https://fleet.example")
	if err != nil {
		t.Fatal(err)
	}
	w := &quietWire{}
	c := NewCheck(Page{}, a, Target{Bases: []string{a.Base}}, bench.Chat, "m", w)
	c.Begin()
	wait := func(ticks int) {
		t.Helper()
		for range ticks {
			c.Tick()
		}
		if c.Over() {
			t.Fatalf("given up too early: %+v", c.Rungs)
		}
		c.Tick()
	}
	wait(reachTicks)
	if r := c.rung(rungReach); !c.Over() || r.Outcome != Failed || !strings.Contains(r.Text, "for a minute") || r.Fix == "" {
		t.Errorf("%+v", *r)
	}
	c = NewCheck(Page{}, a, Target{Bases: []string{a.Base}}, bench.Chat, "m", w)
	c.Begin()
	for range reachTicks / 2 {
		c.Tick()
	}
	c.Take([]Event{{ID: 0, What: Head, Status: 200}, {ID: 0, What: End}})
	wait(streamTicks)
	if r := c.rung(rungStream); r.Outcome != Failed || !strings.Contains(r.Text, "3 minutes") {
		t.Errorf("%+v", *r)
	}
	c.Tick() // after its end
}

// A wire that falls silent is lost after a few beats of the listener, and only
// then.
func TestWatchdog(t *testing.T) {
	var w Watchdog
	for range 3 {
		for range patientBeats {
			if w.Beat() {
				t.Fatal("lost while it may still speak")
			}
		}
		w.Heard()
	}
	beats := 0
	for !w.Beat() {
		beats++
	}
	if beats != patientBeats {
		t.Errorf("lost after %d beats, want %d", beats, patientBeats)
	}
}
