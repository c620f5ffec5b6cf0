//go:build !js

package site

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestHandler(t *testing.T) {
	server := httptest.NewServer(tinySite(t).Handler())
	defer server.Close()
	for _, c := range []struct {
		method, path string
		status       int
		kind         string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8"},
		{"HEAD", "/", 200, "text/html; charset=utf-8"},
		{"GET", "/index.html?m=llama-3.1-8b", 200, "text/html; charset=utf-8"},
		{"GET", "/loader.js?v=1", 200, "text/javascript; charset=utf-8"},
		{"GET", "/app.css", 200, "text/css; charset=utf-8"},
		{"GET", "/app.wasm.gz", 200, "application/gzip"},
		{"GET", "/manifest.webmanifest", 200, "application/manifest+json"},
		{"GET", "/icon-192.png", 200, "image/png"},
		{"GET", "/nothing", 404, "text/html; charset=utf-8"},
		{"GET", "/.nojekyll", 404, "text/html; charset=utf-8"},
		{"GET", "/../go.mod", 404, "text/html; charset=utf-8"},
		{"POST", "/", 405, "text/plain; charset=utf-8"},
	} {
		request, err := http.NewRequest(c.method, server.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.Header.Get("Content-Type"); response.StatusCode != c.status || got != c.kind {
			t.Errorf("%s %s: %d %q, want %d %q", c.method, c.path, response.StatusCode, got, c.status, c.kind)
		}
		if e := response.Header.Get("Content-Encoding"); e != "" {
			t.Errorf("%s: encoding %q", c.path, e)
		}
	}
}

// A file that has not changed is not sent again.
func TestHandlerKnowsUnchangedFiles(t *testing.T) {
	server := httptest.NewServer(tinySite(t).Handler())
	defer server.Close()
	first, err := http.Get(server.URL + "/app.wasm.gz")
	if err != nil {
		t.Fatal(err)
	}
	first.Body.Close()
	again, err := http.NewRequest("GET", server.URL+"/app.wasm.gz", nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("If-None-Match", first.Header.Get("ETag"))
	second, err := http.DefaultClient.Do(again)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Body.Close()
	if second.StatusCode != http.StatusNotModified || first.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("status %d after cache control %q", second.StatusCode, first.Header.Get("Cache-Control"))
	}
}

// A buffer that may be read while the verb writes to it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// The verb serves a written site, steps aside from a taken port, and ends when it is interrupted.
func TestServe(t *testing.T) {
	dir := t.TempDir()
	if err := tinySite(t).Write(dir); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	var out, errs safeBuffer
	code := make(chan int, 1)
	go func() { code <- serve(ctx, []string{"-addr", taken.Addr().String(), "-dir", dir}, &out, &errs) }()

	var address string
	for deadline := time.Now().Add(10 * time.Second); address == ""; time.Sleep(5 * time.Millisecond) {
		address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(out.String())
		if time.Now().After(deadline) {
			t.Fatalf("no address; out %q, err %q", out.String(), errs.String())
		}
	}
	if strings.Contains(address, taken.Addr().String()) || !strings.Contains(errs.String(), "is taken") {
		t.Errorf("address %s, messages %q", address, errs.String())
	}
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil || !bytes.Contains(body, []byte("4 GPUs")) {
		t.Errorf("served %.100q, %v", body, err)
	}
	interrupt()
	if got := <-code; got != exitDone {
		t.Errorf("exit code %d, want %d; %s", got, exitDone, errs.String())
	}
}

func TestVerbsReportBadArguments(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		verb func([]string, io.Writer, io.Writer) int
		args []string
		code int
		want string
	}{
		{Run, nil, exitUsage, "-o dist"},
		{Run, []string{"-x"}, exitUsage, "fleetsize site -h"},
		{Run, []string{"-o", "d", "more"}, exitUsage, `unexpected argument "more"`},
		{Run, []string{"-o", filepath.Join(empty, "d"), "-wasm", filepath.Join(empty, "none")}, exitFailed, "no such file"},
		{Serve, []string{"-addr", "nonsense", "-dir", empty}, exitUsage, "is not HOST:PORT"},
		{Serve, []string{"-addr", "127.0.0.1:0", "-dir", empty}, exitFailed, "holds no site"},
		{Serve, []string{"-addr", "127.0.0.1:0", "-dir", empty, "-wasm", "x"}, exitUsage, "exclude each other"},
	} {
		var out, errs bytes.Buffer
		if code := c.verb(c.args, &out, &errs); code != c.code || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%q: exit code %d, message %q, want %d and %q", c.args, code, errs.String(), c.code, c.want)
		}
	}
	var out, errs bytes.Buffer
	if code := Run([]string{"-h"}, &out, &errs); code != exitDone || !strings.Contains(out.String(), "Example: fleetsize site -o dist") || errs.Len() > 0 {
		t.Errorf("help: %d, %q, %q", code, out.String(), errs.String())
	}
}

func TestWriteThenOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := tinySite(t)
	if err := s.Write(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "more"), 0o755); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range s.Names() {
		a, _ := s.File(name)
		if b, ok := again.File(name); !ok || !bytes.Equal(a, b) {
			t.Errorf("%s differs after reading it back", name)
		}
	}
}
