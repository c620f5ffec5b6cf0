package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"time"
)

// A host is a static file host on loopback, as plain as they come: it knows files, types and the path the
// site lies under. It can go away and come back at the same address, and deploy another version.
type host struct {
	base string // address of the site's folder, ends in "/"
	addr string

	// maxAge is the life of a file in the browser's own cache, as hosts with no settings to change have it.
	maxAge time.Duration

	// encodes makes the host label packed files as encoded, so that the browser unpacks them itself.
	encodes bool

	mu     sync.Mutex
	files  files
	prefix string
	sent   []transfer
	server *http.Server
}

// A transfer is one answered request: what was sent, after the browser's own cache.
type transfer struct {
	file   string
	status int
	bytes  int
}

// newHost serves the files under the prefix, "/" or "/repo/".
func newHost(t *testing.T, fs files, prefix string) *host {
	t.Helper()
	h := &host{files: fs, prefix: prefix}
	h.start(t)
	h.base = "http://" + h.addr + prefix
	t.Cleanup(h.stop)
	return h
}

func (h *host) start(t *testing.T) {
	t.Helper()
	addr := h.addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	h.addr = listener.Addr().String()
	h.server = &http.Server{Handler: h}
	go h.server.Serve(listener)
}

// stop makes the host unreachable, with all its connections.
func (h *host) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if h.server.Shutdown(ctx) != nil {
		h.server.Close()
	}
}

func (h *host) deploy(fs files) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files = fs
}

// transfers returns what was sent so far and starts a new list.
func (h *host) transfers() []transfer {
	h.mu.Lock()
	defer h.mu.Unlock()
	sent := h.sent
	h.sent = nil
	return sent
}

var types = map[string]string{
	".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".png": "image/png",
	".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	name, inside := strings.CutPrefix(r.URL.Path, h.prefix)
	if name == "" {
		name = "index.html"
	}
	content, ok := h.files[name]
	if !inside || !ok {
		h.sent = append(h.sent, transfer{r.URL.Path, http.StatusNotFound, 0})
		http.NotFound(w, r)
		return
	}
	if kind, known := types[path.Ext(name)]; known {
		w.Header().Set("Content-Type", kind)
	} else {
		w.Header().Set("Content-Type", "application/octet-stream")
	}
	if h.encodes && path.Ext(name) == ".gz" {
		w.Header().Set("Content-Encoding", "gzip")
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(content))
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", fmt.Sprintf("max-age=%d", int(h.maxAge.Seconds())))
	if r.Header.Get("If-None-Match") == tag {
		h.sent = append(h.sent, transfer{name, http.StatusNotModified, 0})
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.sent = append(h.sent, transfer{name, http.StatusOK, len(content)})
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content)
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
