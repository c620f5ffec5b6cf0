//go:build !js

package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fleetsize/app/mock"
)

// startMock runs the verb until the test ends and returns the lines of its
// greeting, and a function that stops it and returns exit code and messages.
func startMock(t *testing.T, lines int, args ...string) (greeting []string, stop func() (int, string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	var messages bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- runMock(ctx, args, streams{strings.NewReader(""), in, &messages})
		_ = in.Close() // never fails
	}()
	t.Cleanup(cancel)
	r := bufio.NewScanner(out)
	for range lines {
		if !r.Scan() {
			t.Fatalf("the mock said %q and ended with %d: %s", greeting, <-code, messages.String())
		}
		greeting = append(greeting, strings.TrimSpace(r.Text()))
	}
	return greeting, func() (int, string) {
		cancel()
		return <-code, messages.String()
	}
}

func ask(t *testing.T, client *http.Client, url, body string) (proto, answer string) {
	t.Helper()
	resp, err := client.Post(url+"/chat/completions", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.Proto, string(b)
}

const question = `{"messages":[{"role":"user","content":"Tell me about water"}],"max_tokens":5,"stream":true,"stream_options":{"include_usage":true}}`

func TestMock(t *testing.T) {
	dir := t.TempDir()
	cert, trace := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "trace.jsonl")
	greeting, stop := startMock(t, 3, "-addr", "127.0.0.1:0", "-tls-addr", "127.0.0.1:0", "-cert", cert, "-ttft", "20ms", "-itl", "2ms",
		"-max-seqs", "2", "-seed", "7", "-cors", "reflect", "-quirk", "crlf", "-trace", trace)
	if greeting[0] != "Serving constant latencies: TTFT 20ms, 2ms per token, 2 at once (Ctrl+C ends)" {
		t.Errorf("it says %q", greeting[0])
	}
	proto, answer := ask(t, http.DefaultClient, greeting[1], question)
	if proto != "HTTP/1.1" || strings.Count(answer, "\r\n\r\n") != 9 || !strings.Contains(answer, `"prompt_tokens":4,"completion_tokens":5`) {
		t.Errorf("%s %q", proto, answer)
	}
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(cert)
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		t.Fatalf("certificate: %v", err)
	}
	secure := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	if proto, second := ask(t, secure, strings.Fields(greeting[2])[0], question); proto != "HTTP/2.0" || len(second) != len(answer) {
		t.Errorf("%s %q", proto, second)
	}
	code, messages := stop()
	if code != exitDone || messages != "Stopped after 2 requests.\n" {
		t.Errorf("code %d, %q", code, messages)
	}
	lines, err := os.ReadFile(trace)
	if err != nil || bytes.Count(lines, []byte("\n")) != 2 || !bytes.Contains(lines, []byte(`"proto":"HTTP/2.0"`)) {
		t.Errorf("trace %s: %v", lines, err)
	}
}

// The simulation is the estimator's: a lone request's times are those of estimate.
func TestMockEngine(t *testing.T) {
	greeting, stop := startMock(t, 2, "-addr", "127.0.0.1:0", "-engine", "m=llama-3.1-8b&g=h100-sxm&tp=1&in=1000&out=100")
	if !strings.HasPrefix(greeting[0], "Serving the simulation of llama-3-1-8b") {
		t.Errorf("it says %q", greeting[0])
	}
	began := time.Now()
	_, answer := ask(t, http.DefaultClient, greeting[1], strings.Replace(question, ":5", ":100", 1))
	if n := strings.Count(answer, `"content":" `); n != 100 {
		t.Errorf("%d tokens, want 100", n)
	}
	// About 7 ms a token; the machine may be slow, but the model is not faster.
	if d := time.Since(began); d < 300*time.Millisecond || d > 20*time.Second {
		t.Errorf("100 tokens took %v", d)
	}
	if code, messages := stop(); code != exitDone {
		t.Errorf("code %d, %q", code, messages)
	}
}

func TestMockUsage(t *testing.T) {
	for _, c := range []struct {
		args   string
		stderr string
	}{
		{"-quirk nonsense", `unknown quirk "nonsense"`},
		{"-quirk chunk=x", `"x" is not a whole number`},
		{"-cors maybe", "on, off or reflect"},
		{"-ttft -1s", "not between 0 and 1h"},
		{"-step 10ms -itl 2ms", "leave one out"},
		{"-step-seq 1ms", "needs -step"},
		{"-engine g=h100-sxm,l40s", "2 accelerators"},
		{"-engine m=nothing&g=h100-sxm", "not in the model catalog"},
		{"-engine g=h100-sxm -itl 2ms", "exclude each other"},
		{"-cert x.pem", "-tls-addr"},
		{"-addr nowhere", "cannot listen"},
		{"g=h100-sxm", "-engine"},
		{"-color", "-color"},
		{"-text runes", "words, halves or unicode"},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		var out, messages bytes.Buffer
		code := runMock(ctx, strings.Fields(c.args), streams{nil, &out, &messages})
		cancel()
		if code != exitUsage || !strings.Contains(messages.String(), c.stderr) || out.Len() > 0 {
			t.Errorf("mock %s: code %d, %q, want 2 with %q", c.args, code, messages.String(), c.stderr)
		}
	}
	code, out, _ := run("", "mock", "-quirk", "list")
	if code != exitDone {
		t.Errorf("code %d", code)
	}
	for _, q := range mock.Quirks() {
		if !strings.Contains(out, "  "+q.Name) {
			t.Errorf("-quirk list lacks %s", q.Name)
		}
	}
}
