//go:build !js

package bench

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fleetsize/app/mock"
	"fleetsize/calc/bench"
)

// complete sums what was finished, and failed by class.
func complete(d *bench.Document) (n int, failed map[string]int) {
	failed = map[string]int{}
	for i := range d.Phases {
		n += d.Phases[i].Completed
		for class, k := range d.Phases[i].Errors {
			failed[class] += k
		}
	}
	return n, failed
}

// A service that dies in the middle of a run ends it with a report that has
// everything finished before.
func TestServiceDies(t *testing.T) {
	_, l := serveMock(t, mock.Config{TTFT: 30 * time.Millisecond, ITL: 3 * time.Millisecond, MaxSeqs: 4, Seed: 1})
	time.AfterFunc(3500*time.Millisecond, l.Close)
	doc, err := Measure(context.Background(), bench.Plan{Kind: bench.Load, Input: 50, Output: 20, PhaseSeconds: 1}, Config{URL: l.URL})
	if err != nil {
		t.Fatal(err)
	}
	n, failed := complete(&doc)
	if doc.Stopped == nil || doc.Stopped.Code != bench.StopDead || !doc.CutShort || n < 20 || failed["connect"]+failed["cut"]+failed["network"] == 0 {
		t.Errorf("stopped %+v, cut %v, %d complete, failed %v", doc.Stopped, doc.CutShort, n, failed)
	}
}

// 429 in the middle of a ramp is an answer, not an end of the program.
func TestServiceIsFull(t *testing.T) {
	_, l := serveMock(t, mock.Config{TTFT: 30 * time.Millisecond, ITL: 3 * time.Millisecond, MaxSeqs: 2, MaxQueue: 2, Seed: 1})
	doc, err := Measure(context.Background(), bench.Plan{Kind: bench.Load, Input: 50, Output: 20, Concurrency: []int{1, 4, 16}, PhaseSeconds: 1}, Config{URL: l.URL})
	if err != nil {
		t.Fatal(err)
	}
	n, failed := complete(&doc)
	if n < 20 || failed["http_429"] == 0 || len(doc.Phases) != 3 {
		t.Errorf("%d complete, failed %v, %d phases, stopped %+v", n, failed, len(doc.Phases), doc.Stopped)
	}
	if p := &doc.Phases[1]; len(p.Errors) != 0 {
		t.Errorf("4 in flight fit into slots and queue, but: %v", p.Errors)
	}
}

// Ctrl+C aborts what is under way, really, and keeps what was finished.
func TestInterrupt(t *testing.T) {
	s, l := serveMock(t, mock.Config{TTFT: 30 * time.Millisecond, ITL: 20 * time.Millisecond, MaxSeqs: 8, Seed: 1})
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
	defer cancel()
	begin := time.Now()
	doc, err := Measure(ctx, bench.Plan{Kind: bench.Load, Input: 50, Output: 50, PhaseSeconds: 2}, Config{URL: l.URL})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 6*time.Second {
		t.Errorf("ended after %v", took)
	}
	n, _ := complete(&doc)
	if doc.Stopped == nil || doc.Stopped.Code != bench.StopUser || !doc.CutShort || n == 0 {
		t.Errorf("stopped %+v, %d complete", doc.Stopped, n)
	}
	canceled := 0
	for end := time.Now().Add(20 * time.Second); canceled == 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		for _, r := range s.Trace() {
			if r.Canceled {
				canceled++
			}
		}
	}
	if canceled == 0 {
		t.Error("the server saw no request end early: nothing was aborted")
	}
}

// What is sent: path, key, extra headers, a JSON body, each prompt new.
func TestWhatIsSent(t *testing.T) {
	var count atomic.Int32
	prompts := make(chan string, 100)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/base/v1/completions" || r.Header.Get("Authorization") != "Bearer secret" || r.Header.Get("X-Team") != "search" ||
			r.Header.Get("Content-Type") != "application/json" || r.Method != http.MethodPost {
			http.Error(w, fmt.Sprintf("%s %s %v", r.Method, r.URL.Path, r.Header), http.StatusTeapot)
			return
		}
		count.Add(1)
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		prompts <- string(body)
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: {\"choices\":[{\"text\":\"b\",\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n")
	}))
	defer h.Close()
	doc, err := Measure(context.Background(), bench.Plan{API: bench.Completions, Model: "m", Input: 40, Output: 2},
		Config{URL: h.URL + "/base/v1", Key: "secret", Header: http.Header{"X-Team": {"search"}}})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Stopped != nil || doc.Phases[0].Completed != 5 || count.Load() != 6 {
		t.Fatalf("stopped %+v, %d requests", doc.Stopped, count.Load())
	}
	close(prompts)
	seen := map[string]bool{}
	for p := range prompts {
		if !strings.Contains(p, `"model":"m"`) || !strings.Contains(p, `"max_tokens":2`) || !strings.Contains(p, `"stream":true`) {
			t.Errorf("body %s", p)
		}
		_, prompt, _ := strings.Cut(p, `"prompt":"`)
		if start := prompt[:12]; seen[start] {
			t.Errorf("two prompts start with %q", start)
		} else {
			seen[start] = true
		}
	}
	text, err := doc.Encode()
	if err != nil || strings.Contains(string(text), "secret") {
		t.Errorf("the report holds the key (%v)", err)
	}
}

func TestClassesOfErrors(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	for _, c := range []struct {
		url   string
		class bench.Class
		stop  bench.StopCode
	}{
		{closed.URL, bench.Connect, bench.StopDead},
		{"http://no-such-host.invalid", bench.Connect, bench.StopDead},
		{secure.URL, bench.TLS, bench.StopRefused},
	} {
		doc, err := Measure(context.Background(), bench.Plan{Output: 2}, Config{URL: c.url, Raw: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(doc.Raw) == 0 || doc.Raw[0].Class != string(c.class) || doc.Stopped == nil || doc.Stopped.Code != c.stop {
			t.Errorf("%s: %+v, stopped %+v", c.url, doc.Raw, doc.Stopped)
		}
	}
}

func TestBase(t *testing.T) {
	for in, want := range map[string]string{
		"127.0.0.1:8000": "http://127.0.0.1:8000/v1",
		"http://h:1/":    "http://h:1/v1",
		"https://h/v1/":  "https://h/v1",
		"https://h/api/openai/v1/chat/completions":   "https://h/api/openai/v1",
		"https://h/openai/deployments/x?api=1#there": "https://h/openai/deployments/x",
	} {
		if got, err := Base(in); err != nil || got != want {
			t.Errorf("Base(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "ftp://h/v1", "http://user:pass@h/v1", "http://", "http://[::1"} {
		if got, err := Base(bad); err == nil {
			t.Errorf("Base(%q) = %q, want an error", bad, got)
		}
	}
}
