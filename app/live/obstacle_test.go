package live

import (
	"strings"
	"testing"

	"fleetsize/calc/bench"
)

// quietWire notes what is sent and does nothing.
type quietWire struct{ sent []Send }

func (w *quietWire) Start(s Send) { w.sent = append(w.sent, s) }
func (w *quietWire) Abort(int)    {}
func (w *quietWire) Wake(float64) {}
func (w *quietWire) Close()       {}

// stopped is the rung at which the check ends when the list of models cannot
// be read, and a request whose answer cannot be read ends as given.
func stopped(t *testing.T, p Page, address string, headers [][2]string, end Event) Rung {
	t.Helper()
	a, err := ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	w := &quietWire{}
	c := NewCheck(p, a, Target{Bases: []string{a.Base}, Headers: headers}, bench.Chat, "", w)
	c.Begin()
	if !c.Over() {
		c.Take([]Event{{ID: 0, What: Fail, Text: "Failed to fetch"}})
		if len(w.sent) != 2 || !w.sent[1].Opaque || len(w.sent[1].Headers) > 0 {
			t.Fatalf("after the first failure, %+v is sent", w.sent)
		}
		end.ID = 1
		c.Take([]Event{end})
	}
	if !c.Over() || c.Passed() {
		t.Fatalf("the check goes on: %+v", c.Rungs)
	}
	for _, r := range c.Rungs {
		if r.Outcome == Failed {
			return r
		}
	}
	t.Fatalf("no rung failed: %+v", c.Rungs)
	return Rung{}
}

// Why a page cannot reach an endpoint depends on where both are, and on what
// the browser was told.
func TestUnreached(t *testing.T) {
	site := Page{Origin: "https://fleet.example", Secure: true}
	inside := Page{Origin: "http://10.1.2.3:8080", Place: Local}
	own := Page{Origin: "http://localhost:8080", Place: Loopback}
	for _, c := range []struct {
		page              Page
		address, state    string
		text, fix, avoids string
	}{
		{site, "http://127.0.0.1:8000", "denied", "reach this computer: the permission was refused", "site's permissions", "Nothing answers"},
		{site, "http://127.0.0.1:8000", "prompt", "the permission was not given", "server may be down", ""},
		{site, "http://127.0.0.1:8000", "granted", "Nothing answers", "port right", "permission"},
		{site, "http://127.0.0.1:8000", "", "Nothing answers", "port right", "permission"},
		{site, "https://10.0.0.7:8443", "denied", "reach the local network", "site's permissions", ""},
		{site, "https://api.example.com", "denied", "Nothing answers", "does not trust", "permission"},
		{site, "http://gpu.lan:8000", "", "mixed content", "TLS in front", ""},
		{inside, "http://127.0.0.1:8000", "", "Nothing answers", "came over plain http", ""},
		{own, "http://127.0.0.1:8000", "denied", "Nothing answers", "port right", "permission"},
		{own, "http://gpu.lan:8000", "", "Nothing answers", "--host 0.0.0.0", "mixed"},
	} {
		r := stopped(t, c.page, c.address, nil, Event{What: Fail, Text: c.state})
		if said := r.Text + " " + r.Fix; !strings.Contains(r.Text, c.text) || !strings.Contains(r.Fix, c.fix) || c.avoids != "" && strings.Contains(said, c.avoids) {
			t.Errorf("%s from %s, permission %q: %q", c.address, c.page.Origin, c.state, said)
		}
	}
}

// Who refuses the page is told how to allow it, server by server, or what to
// put in front.
func TestCORSRemedies(t *testing.T) {
	key := [][2]string{{"Authorization", "Bearer s3cret"}}
	r := stopped(t, Page{Origin: "https://fleet.example", Secure: true}, "http://127.0.0.1:8000/v1", key, Event{What: End})
	if !strings.Contains(r.Text, "CORS") || !strings.Contains(r.Fix, "https://fleet.example") || len(r.More) != 3 {
		t.Fatalf("%+v", r)
	}
	for i, words := range [][]string{
		{`--allowed-origins '["https://fleet.example"]'`, "--cors-origins https://fleet.example", "OLLAMA_ORIGINS=https://fleet.example", "lms server start --cors",
			"--cors-allow-origin https://fleet.example", "NIM_CORS_ALLOW_ORIGINS=https://fleet.example", "SGLang"},
		{"reverse_proxy 127.0.0.1:8000 {", "flush_interval -1", `"Content-Type, Authorization"`},
		{"proxy_pass http://127.0.0.1:8000;", "proxy_buffering off", "http2", `"Content-Type, Authorization"`},
	} {
		for _, w := range words {
			if !strings.Contains(r.More[i].Text, w) {
				t.Errorf("%s lacks %q:\n%s", r.More[i].Name, w, r.More[i].Text)
			}
		}
		if strings.Contains(r.More[i].Text, "s3cret") {
			t.Errorf("%s holds the key", r.More[i].Name)
		}
	}
	a, _ := ParseAddress("https://api.example.com/openai/v1")
	for _, m := range ProxyRemedies(Page{Origin: "https://fleet.example"}, a, nil) {
		if !strings.Contains(m.Text, " https://api.example.com") || !strings.Contains(m.Text, "/openai/v1") {
			t.Errorf("%s:\n%s", m.Name, m.Text)
		}
		if nginx := strings.Contains(m.Text, "proxy_pass"); strings.Contains(m.Text, "proxy_ssl_server_name on;") != nginx {
			t.Errorf("%s: a server behind TLS is not told its name:\n%s", m.Name, m.Text)
		}
	}
}
