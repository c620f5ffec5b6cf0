//go:build !js

package mock

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fleetsize/catalog/jsonio"
)

// start serves a configuration for the length of a test.
func start(t *testing.T, cfg Config) (*Server, string) {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(func() { s.Close(); h.Close() })
	return s, h.URL + "/v1"
}

// post sends a body and returns the whole answer.
func post(t *testing.T, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body) // an error shows in what is there
	return resp, string(b)
}

const hello = `{"model":"mock","messages":[{"role":"user","content":"Hello"}],"max_tokens":8,"stream":true,"stream_options":{"include_usage":true}}`

// last waits for the record of the last request.
func last(t *testing.T, s *Server, n int) Record {
	t.Helper()
	for range 200 {
		if all := s.Trace(); len(all) >= n {
			return all[n-1]
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%d records, want %d", len(s.Trace()), n)
	return Record{}
}

// events are the data of a plain stream.
func events(body string) []string {
	var list []string
	for _, e := range strings.Split(body, "\n\n") {
		if data, ok := strings.CutPrefix(e, "data: "); ok {
			list = append(list, data)
		}
	}
	return list
}

func TestPlainStream(t *testing.T) {
	s, url := start(t, Config{TTFT: 10 * time.Millisecond, ITL: time.Millisecond})
	resp, body := post(t, url+"/chat/completions", hello)
	if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("%s, %s", resp.Status, resp.Header.Get("Content-Type"))
	}
	list := events(body)
	if len(list) != 1+8+3 || list[11] != "[DONE]" {
		t.Fatalf("%d events, want role, 8 tokens, finish, usage, [DONE]:\n%s", len(list), body)
	}
	text := ""
	for i, e := range list[:11] {
		var k chunk
		if err := jsonio.Unmarshal([]byte(e), &k); err != nil {
			t.Fatalf("event %d: %v", i, err)
		}
		switch {
		case i == 0:
			if k.Choices[0].Delta.Role != "assistant" || *k.Choices[0].Delta.Content != "" {
				t.Errorf("role chunk %s", e)
			}
		case i < 9:
			text += *k.Choices[0].Delta.Content
		case i == 9:
			if *k.Choices[0].Finish != "length" {
				t.Errorf("finish chunk %s", e)
			}
		case i == 10:
			if len(k.Choices) != 0 || k.Usage == nil || k.Usage.Completion != 8 || k.Usage.Prompt != 2 || k.Usage.Total != 10 {
				t.Errorf("usage chunk %s", e)
			}
		}
	}
	if n := len(strings.Fields(text)); n != 8 {
		t.Errorf("%d words in %q, want 8", n, text)
	}
	rec := last(t, s, 1)
	if rec.ID != resp.Header.Get("X-Request-Id") || rec.Output != 8 || len(rec.FlushUS) != 8 || len(rec.DueUS) != 8 || rec.Status != 200 || rec.Finish != "length" {
		t.Errorf("record %+v", rec)
	}
	for i, due := range rec.DueUS {
		if want := rec.StartUS + 10_000 + int64(i)*1000; due != want {
			t.Errorf("token %d is due at %d µs, want %d", i, due, want)
		}
		if rec.FlushUS[i] < due {
			t.Errorf("token %d was sent %d µs early", i, due-rec.FlushUS[i])
		}
	}
	// Equal requests have equal texts; another prompt has another.
	_, again := post(t, url+"/chat/completions", hello)
	_, other := post(t, url+"/chat/completions", strings.Replace(hello, "Hello", "Good evening", 1))
	word := func(body string) string { return events(body)[1][strings.Index(events(body)[1], "delta"):] }
	if word(again) != word(body) || word(other) == word(body) && strings.Contains(word(other), events(again)[2]) {
		t.Error("texts do not depend on prompt and seed alone")
	}
}

func TestWithoutStream(t *testing.T) {
	_, url := start(t, Config{})
	_, body := post(t, url+"/chat/completions", `{"messages":[{"role":"user","content":"What is 17 + 25?"}]}`)
	var k chunk
	if err := jsonio.Unmarshal([]byte(body), &k); err != nil {
		t.Fatal(err)
	}
	if c := k.Choices[0]; *c.Message.Content != "42" || *c.Finish != "stop" || k.Object != "chat.completion" || k.Usage.Completion != 1 {
		t.Errorf("got %s", body)
	}
	_, body = post(t, url+"/completions", `{"prompt":"Once upon a time","max_tokens":5}`)
	if err := jsonio.Unmarshal([]byte(body), &k); err != nil {
		t.Fatal(err)
	}
	if c := k.Choices[0]; len(strings.Fields(*c.Text)) != 5 || *c.Finish != "length" || k.Object != "text_completion" || k.Usage.Prompt != 4 {
		t.Errorf("got %s", body)
	}
	_, body = post(t, url+"/chat/completions", `{"messages":[{"role":"user","content":[{"type":"text","text":"Repeat exactly: the moon is round"}]}],"max_tokens":3}`)
	if !strings.Contains(body, `"the moon is"`) || !strings.Contains(body, `"length"`) {
		t.Errorf("got %s", body)
	}
}

func TestRefusals(t *testing.T) {
	_, url := start(t, Config{Key: "sesame", MaxTokens: 100, CORS: CORSOff})
	key := []string{"Authorization", "Bearer sesame"}
	for _, c := range []struct {
		path, body string
		headers    []string
		status     int
		text       string
	}{
		{"/chat/completions", hello, nil, 401, "API key"},
		{"/chat/completions", `{"messages":[]}`, key, 400, "messages"},
		{"/chat/completions", `{"messages":`, key, 400, "JSON"},
		{"/chat/completions", strings.Replace(hello, "8", "99", 1), key, 400, "maximum context length is 100"},
		{"/chat/completions", strings.Replace(hello, "8", "0", 1), key, 400, "at least 1"},
		{"/chat/completions", strings.Replace(hello, `"mock"`, `"gpt"`, 1), key, 404, "`gpt`"},
		{"/completions", `{}`, key, 400, "prompt"},
		{"/embeddings", `{"input":7}`, key, 400, "input"},
		{"/rerank", `{"query":"x"}`, key, 400, "documents"},
		{"/nothing", `{}`, key, 404, "not served"},
		{"/chat/completions", hello, append([]string{"X-Mock-Quirk", "nonsense"}, key...), 400, "unknown quirk"},
	} {
		resp, body := post(t, url+c.path, c.body, c.headers...)
		var e struct{ Error struct{ Message string } }
		if err := jsonio.Unmarshal([]byte(body), &e); err != nil || resp.StatusCode != c.status || !strings.Contains(e.Error.Message, c.text) {
			t.Errorf("%s %s: %s %s, want %d with %q", c.path, c.body, resp.Status, body, c.status, c.text)
		}
	}
}

func TestConfigCheck(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		text string
	}{
		{Config{TTFT: -1}, "TTFT"}, {Config{MaxSeqs: -1}, "slots"}, {Config{Jitter: 2}, "jitter"}, {Config{Wrong: math.NaN()}, "wrong"},
		{Config{CORS: "maybe"}, "maybe"}, {Config{Text: "runes"}, "runes"}, {Config{Quirks: []Quirk{{Name: "x"}}}, `"x"`},
		{Config{Quirks: []Quirk{{Name: "crlf", N: 2}}}, "no number"}, {Config{StepBase: 2 * time.Hour}, "step time"},
	} {
		if _, err := New(c.cfg); err == nil || !strings.Contains(err.Error(), c.text) {
			t.Errorf("New(%+v) = %v, want an error with %q", c.cfg, err, c.text)
		}
	}
}

// Requests beyond the slots wait in order, and every time is that of the
// schedule whatever the timers did.
func TestConstantEngineSchedule(t *testing.T) {
	cfg := Config{TTFT: 40 * time.Millisecond, ITL: 5 * time.Millisecond, MaxSeqs: 2}
	s, url := start(t, cfg)
	var wait sync.WaitGroup
	for range 6 {
		wait.Add(1)
		go func() { defer wait.Done(); post(t, url+"/chat/completions", hello) }()
		time.Sleep(2 * time.Millisecond)
	}
	wait.Wait()
	last(t, s, 6)
	const hold = 40_000 + 7*5_000
	// In the order in which they began to wait, which on a busy computer need not be that of their first instants.
	byStart := slices.SortedFunc(slices.Values(s.Trace()), func(a, b Record) int { return cmp.Compare(a.StartUS, b.StartUS) })
	for i, r := range byStart {
		want := r.ArrivalUS
		if i >= 2 {
			want = max(want, byStart[i-2].StartUS+hold)
			if early := byStart[i-1].ArrivalUS; early > r.ArrivalUS+100_000 {
				t.Errorf("request %d arrived at %d and started after one of %d", i, r.ArrivalUS, early)
			}
		}
		if r.StartUS != want || r.DueUS[7]-r.StartUS != hold {
			t.Errorf("request %d: arrived %d, started %d, want %d; last token after %d, want %d", i, r.ArrivalUS, r.StartUS, want, r.DueUS[7]-r.StartUS, hold)
		}
	}
	if byStart[5].Waiting == 0 {
		t.Error("the last request found no queue")
	}
}

// A client that leaves frees its slot.
func TestCancelFreesSlot(t *testing.T) {
	for name, cfg := range map[string]Config{
		"constant": {TTFT: 10 * time.Second, MaxSeqs: 1},
		"batch":    {StepBase: 20 * time.Millisecond, MaxSeqs: 1},
	} {
		s, url := start(t, cfg)
		ctx, cancel := context.WithCancel(context.Background())
		r, _ := http.NewRequestWithContext(ctx, "POST", url+"/chat/completions", strings.NewReader(strings.Replace(hello, `:8`, `:100000`, 1)))
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		resp.Body.Close()
		if rec := last(t, s, 1); !rec.Canceled {
			t.Errorf("%s: record %+v is not canceled", name, rec)
		}
		began := time.Now()
		if name == "constant" {
			// The next request holds the slot itself; that it starts is enough.
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			r, _ := http.NewRequestWithContext(ctx, "POST", url+"/chat/completions", strings.NewReader(hello))
			if resp, err := http.DefaultClient.Do(r); err == nil {
				_, _ = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			cancel()
			if rec := last(t, s, 2); rec.StartUS < 0 {
				t.Errorf("%s: the slot was not freed", name)
			}
			continue
		}
		if _, body := post(t, url+"/chat/completions", hello); !strings.Contains(body, "[DONE]") || time.Since(began) > 5*time.Second {
			t.Errorf("%s: the slot was not freed", name)
		}
	}
}

func TestQueueLimit(t *testing.T) {
	_, url := start(t, Config{TTFT: 300 * time.Millisecond, MaxSeqs: 1, MaxQueue: 1})
	var mu sync.Mutex
	codes := map[int]int{}
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			resp, _ := post(t, url+"/chat/completions", `{"messages":[{"role":"user","content":"Hi"}],"max_tokens":1}`)
			mu.Lock()
			codes[resp.StatusCode]++
			mu.Unlock()
		}()
		time.Sleep(20 * time.Millisecond)
	}
	wait.Wait()
	if codes[200] != 2 || codes[429] != 2 {
		t.Errorf("codes %v, want two 200 and two 429", codes)
	}
}

func TestCORS(t *testing.T) {
	ask := func(mode CORS, method string) http.Header {
		_, url := start(t, Config{CORS: mode})
		r, _ := http.NewRequest(method, url+"/models", nil)
		r.Header.Set("Origin", "https://app.example")
		if method == "OPTIONS" {
			r.Header.Set("Access-Control-Request-Method", "POST")
			r.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
			r.Header.Set("Access-Control-Request-Private-Network", "true")
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		resp.Header.Set("Status", resp.Status[:3])
		return resp.Header
	}
	for _, c := range []struct {
		mode                                CORS
		method                              string
		status, origin, headers, privateNet string
	}{
		{CORSOn, "GET", "200", "*", "", ""},
		{CORSOn, "OPTIONS", "204", "*", "authorization,content-type", "true"},
		{CORSReflect, "GET", "200", "https://app.example", "", ""},
		{CORSReflect, "OPTIONS", "204", "https://app.example", "authorization,content-type", "true"},
		{CORSOff, "GET", "200", "", "", ""},
		{CORSOff, "OPTIONS", "405", "", "", ""},
	} {
		h := ask(c.mode, c.method)
		got := []string{h.Get("Status"), h.Get("Access-Control-Allow-Origin"), h.Get("Access-Control-Allow-Headers"), h.Get("Access-Control-Allow-Private-Network")}
		want := []string{c.status, c.origin, c.headers, c.privateNet}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s %s: %q, want %q", c.mode, c.method, got, want)
		}
	}
}

func TestTraceEndpointAndWriter(t *testing.T) {
	var out bytes.Buffer
	s, url := start(t, Config{Trace: &out})
	post(t, url+"/chat/completions", hello)
	post(t, url+"/completions", `{"prompt":"x","max_tokens":2}`)
	last(t, s, 2)
	resp, err := http.Get(strings.TrimSuffix(url, "/v1") + "/trace?id=mock-2")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	var rec Record
	if err := jsonio.Unmarshal(b, &rec); err != nil || rec.Path != "/v1/completions" || len(rec.DueUS) != 2 {
		t.Errorf("trace %s: %v", b, err)
	}
	s.trace.mu.Lock()
	lines := strings.Count(out.String(), "\n")
	s.trace.mu.Unlock()
	if lines != 2 {
		t.Errorf("%d lines written, want 2", lines)
	}
	s.ResetTrace()
	if len(s.Trace()) != 0 {
		t.Error("records are left after a reset")
	}
}
