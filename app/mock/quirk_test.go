//go:build !js

package mock

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

// tape is a response writer that keeps what each flush sent.
type tape struct {
	header http.Header
	status int
	open   strings.Builder
	writes []string        // "" is the headers alone
	at     []time.Duration // when, since began
	began  time.Time
}

func (t *tape) Header() http.Header { return t.header }
func (t *tape) WriteHeader(s int)   { t.status = s }
func (t *tape) Write(b []byte) (int, error) {
	if t.status == 0 {
		t.status = 200
	}
	return t.open.Write(b)
}
func (t *tape) Flush() {
	t.writes = append(t.writes, t.open.String())
	t.at = append(t.at, time.Since(t.began))
	t.open.Reset()
}
func (t *tape) all() string { return strings.Join(t.writes, "") + t.open.String() }

// first is when the first write with the text went out.
func (t *tape) first(text string) time.Duration {
	for i, w := range t.writes {
		if strings.Contains(w, text) {
			return t.at[i]
		}
	}
	return -1
}

const (
	eight     = `{"messages":[{"role":"user","content":"Hello"}],"max_tokens":8,"stream":true}`
	withUsage = `{"messages":[{"role":"user","content":"Hello"}],"max_tokens":8,"stream":true,"stream_options":{"include_usage":true}}`
	each      = `{"messages":[{"role":"user","content":"Hello"}],"max_tokens":8,"stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true}}`
)

// record runs one request against a server with the quirks.
func record(t *testing.T, quirks, body string) *tape {
	t.Helper()
	list, err := ParseQuirks(quirks)
	if err != nil {
		t.Fatal(err)
	}
	ttft := 10 * time.Millisecond
	if quirks == "role-early" {
		ttft = 300 * time.Millisecond // time to tell the two apart on a busy machine
	}
	s, err := New(Config{TTFT: ttft, ITL: time.Millisecond, Quirks: list})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tp := &tape{header: http.Header{}, began: time.Now()}
	s.ServeHTTP(tp, httptest.NewRequest("POST", "/v1/chat/completions", strings.NewReader(body)))
	return tp
}

const word = `"delta":{"content":" ` // starts the delta of a token

// wireTests holds what each quirk must show; an empty text is right.
var wireTests = map[string]struct {
	body string
	see  func(p *tape) string
}{
	"": {eight, func(p *tape) string { // none
		return all(count(p.all(), `"role":"assistant"`, 1), count(p.all(), word, 8), count(p.all(), "usage", 0), ends(p.all(), "data: [DONE]\n\n"),
			expect(len(p.writes) == 12, "%d writes, want headers, role, 8 tokens, finish and [DONE] each by itself", len(p.writes)),
			expect(p.at[1] >= 10*time.Millisecond, "the role came before the first token was due"))
	}},
	"role-early": {eight, func(p *tape) string {
		return all(count(p.all(), `"role":"assistant"`, 1), expect(p.first("role") < 300*time.Millisecond && p.first(word) >= 300*time.Millisecond, "role at %v, first token at %v", p.first("role"), p.first(word)))
	}},
	"role-with-token": {eight, func(p *tape) string { return count(p.all(), `{"role":"assistant","content":" `, 1) }},
	"role-absent":     {eight, func(p *tape) string { return all(count(p.all(), "role", 0), count(p.all(), word, 8)) }},
	"empty-deltas":    {eight, func(p *tape) string { return count(p.all(), `"delta":{"content":""}`, 8) }},
	"reasoning-content=50": {withUsage, func(p *tape) string {
		return all(count(p.all(), `{"reasoning_content":" `, 4), count(p.all(), word, 4), count(p.all(), `"completion_tokens":8`, 1), count(p.all(), `"reasoning_tokens":4`, 1))
	}},
	"reasoning=50": {eight, func(p *tape) string { return all(count(p.all(), `{"reasoning":" `, 4), count(p.all(), word, 4)) }},
	"tool-calls": {eight, func(p *tape) string {
		return all(count(p.all(), `"arguments":" `, 8), count(p.all(), `"name":"look_up"`, 1), count(p.all(), word, 0))
	}},
	"refusal":     {eight, func(p *tape) string { return count(p.all(), `{"refusal":" `, 8) }},
	"two-choices": {eight, func(p *tape) string { return count(p.all(), `{"index":1,`, 10) }},
	"new-ids": {eight, func(p *tape) string {
		ids := map[string]bool{}
		for _, e := range events(p.all()) {
			if id, _, ok := strings.Cut(e, `","object"`); ok {
				ids[id] = true
			}
		}
		return expect(len(ids) == 10, "%d ids, want 10", len(ids))
	}},
	"usage-absent": {each, func(p *tape) string { return count(p.all(), "usage", 0) }},
	"usage-always": {eight, func(p *tape) string { return count(p.all(), `"choices":[],"usage":{`, 1) }},
	"usage-continuous": {eight, func(p *tape) string {
		return all(count(p.all(), `"usage":{`, 11), count(p.all(), `"completion_tokens":3,`, 1))
	}},
	"usage-null":                           {withUsage, func(p *tape) string { return all(count(p.all(), `"usage":null}`, 10), count(p.all(), `"usage":{`, 1)) }},
	"usage-without-reasoning,reasoning=50": {withUsage, func(p *tape) string { return count(p.all(), `"completion_tokens":4`, 1) }},
	"reject-continuous": {each, func(p *tape) string {
		return all(expect(p.status == 400, "status %d", p.status), count(p.all(), "continuous_usage_stats", 1))
	}},
	"reject-stream-options": {withUsage, func(p *tape) string { return expect(p.status == 400, "status %d", p.status) }},
	"chunk=3": {each, func(p *tape) string {
		return all(count(p.all(), word, 3), count(p.all(), `"completion_tokens":3,`, 1), count(p.all(), `"completion_tokens":8,`, 3), expect(p.at[3] >= 15*time.Millisecond, "the second group came at %v", p.at[3]))
	}},
	"glue=4": {eight, func(p *tape) string {
		return expect(count(p.writes[1], "data: ", 4) == "", "first write %q", p.writes[1])
	}},
	"split=50": {eight, func(p *tape) string {
		for _, w := range p.writes {
			if len(w) > 50 {
				return fmt.Sprintf("a write of %d bytes", len(w))
			}
		}
		return count(p.all(), word, 8)
	}},
	"split-utf8": {eight, func(p *tape) string {
		broken := 0
		for _, w := range p.writes {
			if !utf8.ValidString(w) {
				broken++
			}
		}
		return all(expect(broken == 16, "%d writes with half a character, want 16", broken), expect(utf8.ValidString(p.all()), "the whole is not UTF-8"))
	}},
	"buffered": {eight, func(p *tape) string {
		return all(expect(len(p.writes) == 1, "%d writes", len(p.writes)), count(p.all(), word, 8))
	}},
	"crlf": {eight, func(p *tape) string {
		return all(ends(p.all(), "data: [DONE]\r\n\r\n"), expect(!strings.Contains(strings.ReplaceAll(p.all(), "\r\n", ""), "\n"), "a lone LF"))
	}},
	"cr":       {eight, func(p *tape) string { return all(ends(p.all(), "data: [DONE]\r\r"), count(p.all(), "\n", 0)) }},
	"comments": {eight, func(p *tape) string { return count(p.all(), ": keep-alive\n\n", 11) }},
	"no-space": {eight, func(p *tape) string {
		return all(count(p.all(), "data:{", 10), ends(p.all(), "data:[DONE]\n\n"), count(p.all(), "data: ", 0))
	}},
	"multi-data": {eight, func(p *tape) string { return count(p.all(), "data: {\ndata: \"id\"", 10) }},
	"fields": {eight, func(p *tape) string {
		return all(count(p.all(), "event: message\nid: ", 11), count(p.all(), "retry: 3000\n", 11))
	}},
	"bom": {eight, func(p *tape) string {
		return expect(strings.HasPrefix(p.all(), "\xef\xbb\xbfdata: "), "starts %q", p.all()[:10])
	}},
	"no-done": {eight, func(p *tape) string {
		return all(count(p.all(), "DONE", 0), count(p.all(), `"finish_reason":"length"`, 1))
	}},
	"no-final-blank": {eight, func(p *tape) string {
		return expect(strings.HasSuffix(p.all(), "\n\ndata: [DONE]\n") && !strings.HasSuffix(p.all(), "\n\n"), "ends %q", tail(p.all()))
	}},
	"no-finish": {eight, func(p *tape) string { return all(count(p.all(), `"length"`, 0), ends(p.all(), "[DONE]\n\n")) }},
	"wrong-type": {eight, func(p *tape) string {
		return expect(p.header.Get("Content-Type") == "application/json", "%v", p.header)
	}},
	"early-eos=3": {withUsage, func(p *tape) string {
		return all(count(p.all(), word, 3), count(p.all(), `"finish_reason":"stop"`, 1), count(p.all(), `"completion_tokens":3`, 1))
	}},
	"truncate=3": {eight, func(p *tape) string {
		return all(count(p.all(), word, 3), count(p.all(), "DONE", 0), count(p.all(), `"length"`, 0))
	}},
	"error-mid=3": {eight, func(p *tape) string {
		return all(count(p.all(), word, 3), count(p.all(), `{"error":{`, 1), count(p.all(), "DONE", 0))
	}},
	"garbage=3": {eight, func(p *tape) string { return all(count(p.all(), word, 8), count(p.all(), "{\"cont\n\n", 1)) }},
	"no-stream": {eight, func(p *tape) string {
		return all(count(p.all(), "data:", 0), count(p.all(), `"message":{`, 1), expect(p.header.Get("Content-Type") == "application/json", "%v", p.header))
	}},
	"late-headers": {eight, func(p *tape) string {
		return expect(p.at[0] >= 10*time.Millisecond && p.writes[0] == "", "headers at %v", p.at[0])
	}},
	"slow-headers=60": {eight, func(p *tape) string {
		return expect(p.at[0] > 60*time.Millisecond && p.writes[0] == "", "headers at %v", p.at[0])
	}},
	"http-400": {eight, refused(400)}, "http-401": {eight, refused(401)}, "http-404": {eight, refused(404)}, "http-500": {eight, refused(500)}, "http-503": {eight, refused(503)},
	"http-429": {eight, func(p *tape) string {
		return all(refused(429)(p), expect(p.header.Get("Retry-After") == "1", "%v", p.header))
	}},
	"http-502": {eight, func(p *tape) string {
		return all(expect(p.status == 502 && p.header.Get("Content-Type") == "text/html", "%d %v", p.status, p.header), count(p.all(), "<h1>", 1))
	}},
}

func refused(status int) func(*tape) string {
	return func(p *tape) string {
		return all(expect(p.status == status, "status %d", p.status), count(p.all(), fmt.Sprintf(`"code":%d`, status), 1))
	}
}

func all(faults ...string) string {
	for _, f := range faults {
		if f != "" {
			return f
		}
	}
	return ""
}

func expect(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func count(text, part string, want int) string {
	n := strings.Count(text, part)
	return expect(n == want, "%q occurs %d times, want %d", part, n, want)
}

func ends(text, with string) string {
	return expect(strings.HasSuffix(text, with), "ends %q, want %q", tail(text), with)
}

func tail(text string) string { return text[max(0, len(text)-40):] }

func TestQuirksOnTheWire(t *testing.T) {
	for quirks, c := range wireTests {
		t.Run(quirks, func(t *testing.T) {
			t.Parallel()
			p := record(t, quirks, c.body)
			if fault := c.see(p); fault != "" {
				t.Errorf("%s\n%s", fault, p.all())
			}
		})
	}
}

// Every quirk has a test, here or below.
func TestEveryQuirkIsTested(t *testing.T) {
	tested := map[string]bool{"abort": true, "reset": true, "stall": true}
	for quirks := range wireTests {
		name, _, _ := strings.Cut(quirks, ",")
		name, _, _ = strings.Cut(name, "=")
		tested[name] = true
	}
	for _, q := range Quirks() {
		if !tested[q.Name] {
			t.Errorf("quirk %s has no test", q.Name)
		}
	}
}

// How a connection ends is seen on a real one.
func TestBrokenConnections(t *testing.T) {
	_, base := start(t, Config{})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	read := func(quirk string) (string, error) {
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Mock-Quirk: %s\r\nContent-Length: %d\r\n\r\n%s", quirk, len(eight), eight)
		_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		b, err := io.ReadAll(bufio.NewReader(conn))
		return string(b), err
	}
	body, err := read("abort=3")
	if fault := all(count(body, word, 3), expect(err == nil && !strings.HasSuffix(body, "0\r\n\r\n"), "%v, ends %q", err, tail(body))); fault != "" {
		t.Errorf("abort: %s", fault)
	}
	if body, err = read("reset=3"); !errors.Is(err, syscall.ECONNRESET) || strings.Contains(body, "DONE") {
		t.Errorf("reset: %v %q, want a reset connection", err, body)
	}
	body, err = read("stall=3")
	var timeout net.Error
	if fault := all(count(body, word, 3), expect(errors.As(err, &timeout) && timeout.Timeout(), "%v", err)); fault != "" {
		t.Errorf("stall: %s", fault)
	}
}

// The quirks that refuse take turns: every second request here.
func TestRefusalEverySecond(t *testing.T) {
	_, base := start(t, Config{Quirks: []Quirk{{"http-503", 2}}})
	for i, want := range []int{200, 503, 200, 503} {
		if resp, _ := post(t, base+"/chat/completions", eight); resp.StatusCode != want {
			t.Errorf("request %d: %s, want %d", i+1, resp.Status, want)
		}
	}
}

func TestHTTP2(t *testing.T) {
	s, err := New(Config{TTFT: 20 * time.Millisecond, MaxSeqs: 20})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen("127.0.0.1:0", "127.0.0.1:0", 16)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(l.PEM) {
		t.Fatal("the certificate is not PEM")
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	for _, quirk := range []string{"", "crlf", "reset=3"} {
		r, err := http.NewRequest("POST", l.TLSURL+"/chat/completions", strings.NewReader(eight))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Mock-Quirk", quirk)
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.Proto != "HTTP/2.0" {
			t.Errorf("%s, want HTTP/2.0", resp.Proto)
		}
		if broken := quirk == "reset=3"; broken != (err != nil) || broken == strings.Contains(string(b), "[DONE]") {
			t.Errorf("quirk %q: %v, %q", quirk, err, tail(string(b)))
		}
	}
	resp, err := http.Get(l.URL + "/models")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.Proto != "HTTP/1.1" {
		t.Errorf("%s at the plain address", resp.Proto)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := l.Wait(ctx); err != nil {
		t.Errorf("Wait = %v", err)
	}
	if _, err := http.Get(l.URL + "/models"); err == nil {
		t.Error("the address answers after the end")
	}
}

func FuzzParseQuirks(f *testing.F) {
	for _, s := range []string{"", "crlf,chunk=4", "http-429=2, role-early", "chunk=-1", "x=y=z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseQuirks(text)
		if err != nil {
			return
		}
		again, err := ParseQuirks(newQuirkSet(list).String())
		if err != nil || newQuirkSet(again).String() != newQuirkSet(list).String() {
			t.Errorf("%q is read as %v and then as %v (%v)", text, list, again, err)
		}
	})
}
