package bench

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

const (
	roleChunk = `data: {"choices":[{"delta":{"role":"assistant","content":""}}]}` + "\n\n"
	doneChunk = "data: [DONE]\n\n"
	stopChunk = `data: {"choices":[{"delta":{},"finish_reason":"length"}]}` + "\n\n"
)

func content(s string) string {
	return fmt.Sprintf(`data: {"choices":[{"delta":{"content":%q}}]}`+"\n\n", s)
}

func reasoning(s string) string {
	return fmt.Sprintf(`data: {"choices":[{"delta":{"reasoning_content":%q}}]}`+"\n\n", s)
}

func usage(in, out int) string {
	return fmt.Sprintf(`data: {"choices":[],"usage":{"prompt_tokens":%d,"completion_tokens":%d}}`+"\n\n", in, out)
}

type read struct {
	at   float64
	body string
}

// answer follows one request that is due at 9, sent at 10 and has headers at 10.1.
func answer(status int, f Failure, reads ...read) Record {
	s := NewStream(&Request{ID: 1, Due: 9, Input: 100, Output: 5}, nil)
	s.Sent(10)
	end := 10.1
	if status > 0 {
		s.Headers(10.1, status, "text/event-stream", 0)
	}
	for _, r := range reads {
		s.Read(r.at, []byte(r.body))
		end = r.at
	}
	return s.End(end+0.5, f)
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestRecordTimes(t *testing.T) {
	r := answer(200, Failure{}, read{10.2, roleChunk}, read{11, reasoning("hm")}, read{11.5, reasoning("so")}, read{12, content("A")},
		read{12.5, content("B") + content("C")}, read{13, stopChunk + usage(101, 5) + doneChunk})
	if !r.OK() || r.Text != "" {
		t.Fatalf("class %q: %s", r.Class, r.Text)
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"queue", r.Queue(), 1}, {"TTFT", r.TTFT(), 1}, {"TTFA", r.TTFA(), 2}, {"E2E", r.E2E(), 2.5},
		{"TPOT", r.TPOT(), 1.5 / 4}, {"speed", r.Speed(), 4 / 1.5}, {"NTPOT", r.NTPOT(), 0.5}, {"end", r.End, 13.5},
		{"input", float64(r.Input), 101}, {"output", float64(r.Output), 5}, {"events", float64(r.Events), 5}, {"reads", float64(r.Reads), 4},
		{"tokens in [11, 12)", r.TokensIn(11, 12), 2}, {"tokens in [12, 13)", r.TokensIn(12, 13), 3}, {"tokens before", r.TokensIn(0, 11), 0},
	} {
		if !near(c.got, c.want) {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	if r.From != "usage" || !r.Done || r.Finish != "length" {
		t.Errorf("from %q, done %v, finish %q", r.From, r.Done, r.Finish)
	}
}

// Without usage each event counts as a token; with a running count the
// arrivals carry it exactly.
func TestRecordTokens(t *testing.T) {
	r := answer(200, Failure{}, read{11, content("A")}, read{12, content("B")}, read{13, stopChunk})
	if r.From != "events" || r.Output != 2 || !near(r.TPOT(), 1) {
		t.Errorf("without usage: %d tokens from %q, TPOT %v", r.Output, r.From, r.TPOT())
	}
	running := func(s string, n int) string {
		return fmt.Sprintf(`data: {"choices":[{"delta":{"content":%q}}],"usage":{"prompt_tokens":9,"completion_tokens":%d}}`+"\n\n", s, n)
	}
	r = answer(200, Failure{}, read{11, running("ABC", 3)}, read{12, running("DEFGHIJ", 10)}, read{13, stopChunk + doneChunk})
	if r.Output != 10 || r.FirstTokens != 3 || !near(r.TokensIn(12, 13), 7) || !near(r.TokensIn(11, 12), 3) {
		t.Errorf("running usage: %d tokens, %d in the first event, %v then %v", r.Output, r.FirstTokens, r.TokensIn(11, 12), r.TokensIn(12, 13))
	}
	if one := answer(200, Failure{}, read{11, content("A") + stopChunk}); one.TPOT() != never || one.Speed() != never || one.TTFT() != 1 {
		t.Errorf("one token: TPOT %v, speed %v, TTFT %v", one.TPOT(), one.Speed(), one.TTFT())
	}
}

func TestClasses(t *testing.T) {
	tokens := read{11, content("A") + content("B")}
	for _, c := range []struct {
		name   string
		status int
		f      Failure
		reads  []read
		want   Class
		text   string // contained
	}{
		{"complete", 200, Failure{}, []read{tokens, {12, stopChunk + doneChunk}}, OK, ""},
		{"missing [DONE]", 200, Failure{}, []read{tokens, {12, stopChunk}}, OK, ""},
		{"missing finish reason", 200, Failure{}, []read{tokens, {12, doneChunk}}, OK, ""},
		{"last event without a blank line", 200, Failure{}, []read{tokens, {12, "data: [DONE]"}}, OK, ""},
		{"garbage in between", 200, Failure{}, []read{tokens, {12, "data: {nonsense\n\n"}, {13, doneChunk}}, OK, ""},
		{"cut by the server", 200, Failure{}, []read{tokens}, Cut, "finish"},
		{"cut by the network", 200, Failure{Network, "connection reset"}, []read{tokens}, Cut, "reset"},
		{"cut before the first token", 200, Failure{}, nil, Cut, "before"},
		{"stall", 200, Failure{Stall, ""}, []read{tokens}, Stall, ""},
		{"timeout", 200, Failure{Timeout, ""}, nil, Timeout, ""},
		{"canceled", 200, Failure{Canceled, ""}, []read{tokens}, Canceled, ""},
		{"error in the stream", 200, Failure{}, []read{tokens, {12, `data: {"error":{"message":"out of memory"}}` + "\n\n"}}, InStream, "out of memory"},
		{"plain text", 200, Failure{}, []read{{11, "Hello, world"}}, Garbage, "Hello, world"},
		{"HTML", 200, Failure{}, []read{{11, "<html>\n<p>Login</p>\n"}}, Garbage, "Login"},
		{"broken JSON", 200, Failure{}, []read{{11, "data: {\"choices\n\n"}}, Garbage, ""},
		{"not streamed", 200, Failure{}, []read{{11, `{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}`}}, NoStream, ""},
		{"not streamed, in an event", 200, Failure{}, []read{{11, `data: {"choices":[{"message":{"content":"Hi"}}]}` + "\n\n" + doneChunk}}, NoStream, ""},
		{"error instead of a stream", 200, Failure{}, []read{{11, `{"error":{"message":"no such model"}}`}}, InStream, "no such model"},
		{"no token", 200, Failure{}, []read{{11, roleChunk + stopChunk + doneChunk}}, Empty, ""},
		{"401", 401, Failure{}, []read{{11, `{"error":{"message":"wrong key"}}`}}, HTTP4xx, "HTTP 401: wrong key"},
		{"404 of FastAPI", 404, Failure{}, []read{{11, `{"detail":"Not Found"}`}}, HTTP4xx, "Not Found"},
		{"429", 429, Failure{}, nil, HTTP429, "429"},
		{"503", 503, Failure{}, []read{{11, "<h1>busy</h1>"}}, HTTP5xx, "busy"},
		{"301", 301, Failure{}, nil, HTTPOdd, "301"},
		{"refused", 0, Failure{Connect, "connection refused"}, nil, Connect, "refused"},
		{"aborted while queued", 0, Failure{Canceled, ""}, nil, Canceled, ""},
	} {
		r := answer(c.status, c.f, c.reads...)
		if r.Class != c.want || !strings.Contains(r.Text, c.text) {
			t.Errorf("%s: class %q (%s), want %q with %q", c.name, r.Class, r.Text, c.want, c.text)
		}
		if r.Class.Text() == string(r.Class) {
			t.Errorf("class %q has no sentence", r.Class)
		}
	}
}

// An answer that a proxy held back has no time per token.
func TestBuffered(t *testing.T) {
	var all strings.Builder
	for range 20 {
		all.WriteString(content("A"))
	}
	r := answer(200, Failure{}, read{15, all.String() + stopChunk + doneChunk})
	if !r.Buffered() || r.TPOT() != never {
		t.Errorf("buffered %v, TPOT %v", r.Buffered(), r.TPOT())
	}
}

// A stream of any bytes ends in a record without a panic, and never with a
// time that is not a time.
func FuzzStream(f *testing.F) {
	f.Add(roleChunk+content("a")+content("b")+stopChunk+usage(3, 2)+doneChunk, 200, uint8(5))
	f.Add(`{"error":"x"}`, 500, uint8(1))
	f.Add("data: {\"choices\":[{\"message\":{}}]}\n\n", 200, uint8(99))
	f.Fuzz(func(t *testing.T, body string, status int, size uint8) {
		s := NewStream(&Request{Input: 1, Output: 1}, nil)
		s.Sent(1)
		s.Headers(2, status, "", 0)
		at := 2.0
		for b := []byte(body); len(b) > 0; {
			n := min(int(size)+1, len(b))
			at += 0.1
			s.Read(at, b[:n])
			b = b[n:]
		}
		r := s.End(at, Failure{})
		if r.OK() && (r.TTFT() < 0 || r.E2E() < r.TTFT() || r.Output < 1) {
			t.Errorf("%q: %+v", body, r)
		}
		if x := r.TokensIn(0, at+1); math.IsNaN(x) || x < 0 {
			t.Errorf("%q: %v tokens", body, x)
		}
	})
}
