//go:build !js

package live

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fleetsize/app/mock"
	"fleetsize/calc/bench"
)

// serve starts a mock server with four slots, 40 ms to the first token and 4 ms for each further one.
func serve(t *testing.T, change func(*mock.Config)) Address {
	t.Helper()
	c := mock.Config{TTFT: 40 * time.Millisecond, ITL: 4 * time.Millisecond, MaxSeqs: 4, Seed: 1}
	if change != nil {
		change(&c)
	}
	m, err := mock.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(m)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close(); m.Close() })
	a, err := ParseAddress(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func check(t *testing.T, p Page, a Address, model string, connections int) *Check {
	t.Helper()
	w := newWire(connections)
	c := NewCheck(p, a, Target{Bases: []string{a.Base}}, bench.Chat, model, w)
	c.Begin()
	if !w.drive(func(float64) { c.Tick() }, c.Take, c.Over) {
		t.Fatalf("the check does not end: %+v", c.Rungs)
	}
	return c
}

// lasting has streams last until a busy computer has opened them all: 2 s.
func lasting(c *mock.Config) { c.MaxSeqs, c.ITL = 64, 40*time.Millisecond }

func TestCheckOfAGoodServer(t *testing.T) {
	t.Parallel()
	c := check(t, Page{Origin: "http://localhost:8080"}, serve(t, lasting), "", 6)
	if !c.Passed() {
		t.Fatalf("the check fails: %+v", c.Rungs)
	}
	if c.Model() == "" || len(c.Models()) == 0 {
		t.Errorf("model %q of %q", c.Model(), c.Models())
	}
	if r := c.rung(rungConnections); c.Parallel() != 6 || r.Outcome != Doubt || !strings.Contains(r.Text, "6 connections") {
		t.Errorf("%d in parallel, the rung says %+v", c.Parallel(), *r)
	}
	if c.Cap() != 6 {
		t.Errorf("cap %d, want 6", c.Cap())
	}
}

func TestCheckFindsEveryLimitOnly(t *testing.T) {
	t.Parallel()
	c := check(t, Page{}, serve(t, lasting), "", 0)
	if c.Parallel() != fired || c.rung(rungConnections).Outcome != Good {
		t.Errorf("%d in parallel: %+v", c.Parallel(), *c.rung(rungConnections))
	}
}

func TestCheckOfBadServers(t *testing.T) {
	for _, c := range []struct {
		name, rung, say string
		page            Page
		addr            func(t *testing.T) Address
	}{
		{"nothing there", rungReach, "Nothing answers", Page{}, func(t *testing.T) Address { a, _ := ParseAddress("http://127.0.0.1:1"); return a }},
		{"mixed content", rungAddress, "mixed content", Page{Secure: true}, func(t *testing.T) Address { a, _ := ParseAddress("http://gpu.lan:8000"); return a }},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := check(t, c.page, c.addr(t), "", 0)
			r := got.rung(c.rung)
			if got.Passed() || r.Outcome != Failed || !strings.Contains(r.Text, c.say) || r.Fix == "" {
				t.Errorf("%+v", *r)
			}
		})
	}
}

// A run over a wire finds what the server is set to do.
func TestSession(t *testing.T) {
	a := serve(t, nil)
	w := newWire(0)
	p := bench.Plan{Kind: bench.Sweep, Input: 64, Output: 32, Concurrency: []int{1, 2}, PhaseSeconds: 1, Seed: 3, Model: "mock"}
	s, err := NewSession(p, bench.Options{}, Target{Bases: []string{a.Base}}, w)
	if err != nil {
		t.Fatal(err)
	}
	begun := 0
	s.Watch = func(a bench.Action) {
		if a.Kind == bench.PhaseStart {
			begun++
		}
	}
	if !w.drive(func(at float64) { s.Tick(at, 0) }, s.Take, s.Over) {
		t.Fatalf("the run does not end: %+v", s.Run().Live())
	}
	results := s.Run().Results()
	if len(results) != 2 || begun < 2 {
		t.Fatalf("%d phases, %d begun", len(results), begun)
	}
	for _, r := range results {
		ttft, _ := r.TTFT.Quantile(0.5)
		tpot, _ := r.TPOT.Quantile(0.5)
		if r.Completed == 0 || len(r.Errors) > 0 {
			t.Fatalf("%s: %d complete, errors %v %v", r.Phase.Label, r.Completed, r.Errors, r.Messages)
		}
		e2e, _ := r.E2E.Quantile(0)
		// Busy machines stretch times; they shorten none that begins with the request. The rest may begin late.
		if ttft < 0.039 || e2e < 0.039+31*0.0039 || ttft > 4 || tpot < 0 || tpot > 0.4 {
			t.Errorf("%s: TTFT %.1f ms, TPOT %.2f ms, E2E at least %.0f ms, want about 40, 4 and 164", r.Phase.Label, ttft*1e3, tpot*1e3, e2e*1e3)
		}
	}
}

// loading is a load test of the mock that has not begun, and its wire.
func loading(t *testing.T) (*Session, *httpWire) {
	t.Helper()
	a := serve(t, nil)
	w := newWire(0)
	p := bench.Plan{Kind: bench.Load, Input: 32, Output: 16, PhaseSeconds: 1, Seed: 3, Model: "mock"}
	s, err := NewSession(p, bench.Options{}, Target{Bases: []string{a.Base}}, w)
	if err != nil {
		t.Fatal(err)
	}
	return s, w
}

// Stopping keeps what is finished; requests that hang end.
func TestSessionStops(t *testing.T) {
	s, w := loading(t)
	stopped := false
	if !w.drive(func(at float64) {
		s.Tick(at, 0)
		if len(s.Run().Results()) >= 1 && !stopped {
			stopped = true
			s.Stop()
		}
	}, s.Take, s.Over) {
		t.Fatal("the run does not end")
	}
	doc := s.Run().Report()
	if doc.Stopped == nil || doc.Stopped.Code != bench.StopUser || len(doc.Phases) == 0 || doc.Phases[0].Completed == 0 {
		t.Errorf("stopped: %+v, %d phases", doc.Stopped, len(doc.Phases))
	}
}

// A run whose wire is gone keeps what is finished, too.
func TestSessionLost(t *testing.T) {
	s, w := loading(t)
	under := 0
	if !w.drive(func(at float64) { s.Tick(at, 0) }, s.Take, func() bool {
		under = s.Run().Live().InFlight
		return len(s.Run().Results()) >= 1 && under > 0
	}) {
		t.Fatal("no phase ends")
	}
	s.Lost("The reader is gone.")
	doc := s.Run().Report()
	if !s.Over() || doc.Stopped == nil || doc.Stopped.Code != bench.StopInternal || len(doc.Phases) == 0 || doc.Phases[0].Completed == 0 || doc.Phases[0].Cut {
		t.Errorf("over %t with %d under way, stopped %+v, %d phases", s.Over(), under, doc.Stopped, len(doc.Phases))
	}
}

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		in, base, bad string
		place         Place
	}{
		{"http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1", "", Loopback},
		{"localhost:8000", "http://localhost:8000/v1", "", Loopback},
		{" https://api.example.com/v1/ ", "https://api.example.com/v1", "", Public},
		{"https://api.example.com/v1/chat/completions?x=1", "https://api.example.com/v1", "", Public},
		{"https://api.example.com/openai/v1/models", "https://api.example.com/openai/v1", "", Public},
		{"http://[::1]:8000", "http://[::1]:8000/v1", "", Loopback},
		{"http://10.0.0.7", "http://10.0.0.7/v1", "", Local},
		{"http://172.20.1.1:80", "http://172.20.1.1:80/v1", "", Local},
		{"http://172.40.1.1", "http://172.40.1.1/v1", "", Public},
		{"http://gpu", "http://gpu/v1", "", Local},
		{"", "", "no address", 0},
		{"ftp://x", "", "neither http nor https", 0},
		{"http://user:key@host", "", "own field", 0},
		{"http://host:99999", "", "not a port", 0},
		{"http://a b", "", "not an address", 0},
		{"http://", "", "names no server", 0},
		{"http://host/v1?a=1&b=2#c;d", "http://host/v1", "", Local},
		{"http://host/v1;reboot", "", "not an address", 0},
		{"http://$(id)/v1", "", "not an address", 0},
	} {
		a, err := ParseAddress(c.in)
		switch {
		case c.bad != "" && (err == nil || !strings.Contains(err.Error(), c.bad)):
			t.Errorf("ParseAddress(%q) = %v, want an error with %q", c.in, err, c.bad)
		case c.bad == "" && (err != nil || a.Base != c.base || a.Place() != c.place):
			t.Errorf("ParseAddress(%q) = %q at %d, %v, want %q at %d", c.in, a.Base, a.Place(), err, c.base, c.place)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1:8000/v1", "localhost", "[::1", "://", "https://ü/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err != nil {
			return
		}
		again, err := ParseAddress(a.Base)
		if err != nil || again.Base != a.Base {
			t.Errorf("%q gives %q, which gives %q, %v", s, a.Base, again.Base, err)
		}
	})
}

func TestSpread(t *testing.T) {
	a, _ := ParseAddress("http://127.0.0.1:8000")
	got := a.Spread(3)
	want := []string{"http://b1.localhost:8000/v1", "http://b2.localhost:8000/v1", "http://b3.localhost:8000/v1"}
	if strings.Join(got, " ") != strings.Join(want, " ") || !a.CanSpread() {
		t.Errorf("Spread(3) = %q, want %q", got, want)
	}
	far, _ := ParseAddress("http://gpu.lan:8000")
	if len(far.Spread(3)) != 1 || far.CanSpread() {
		t.Errorf("a host elsewhere is spread over %q", far.Spread(3))
	}
}

// What is taken as headers is what a request carries: no line more, and no
// character that ends one.
func FuzzParseHeaders(f *testing.F) {
	for _, s := range []string{"X-Tenant: 7", "A: b\r\nC: d\n\n", "no header", ": empty", "X: \x00", "X: é", "X:\ty"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseHeaders(text)
		var again strings.Builder
		for _, h := range list {
			if h[0] == "" || strings.ContainsAny(h[0], " :\r\n") || strings.ContainsAny(h[1], "\x00\r\n") {
				t.Errorf("%q gives %q", text, list)
			}
			again.WriteString(h[0] + ": " + h[1] + "\n")
		}
		if same, err2 := ParseHeaders(again.String()); err == nil && (err2 != nil || !slices.Equal(same, list)) {
			t.Errorf("%q gives %q, which gives %q, %v", text, list, same, err2)
		}
	})
}
