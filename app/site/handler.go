//go:build !js

package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// mediaTypes are given by us, because what the system's tables say differs from machine to machine.
var mediaTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".gz":          "application/gzip",
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
}

// Open reads a written site.
func Open(dir string) (*Site, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	s := &Site{files: make(map[string][]byte)}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		if s.files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	if s.files["index.html"] == nil || s.files[programFile] == nil {
		return nil, fmt.Errorf("%s holds no site; write one with: fleetsize site -o %s", dir, dir)
	}
	return s, nil
}

// Handler serves the site from memory. Browsers ask each time whether a file has changed and are answered
// from its hash.
func (s *Site) Handler() http.Handler {
	tags := make(map[string]string, len(s.files))
	for name, content := range s.files {
		sum := sha256.Sum256(content)
		tags[name] = `"` + hex.EncodeToString(sum[:8]) + `"`
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if name == "" {
			name = "index.html"
		}
		content, ok := s.files[name]
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", "no-cache")
		if !ok || strings.HasPrefix(name, ".") {
			header.Set("Content-Type", mediaTypes[".html"])
			w.WriteHeader(http.StatusNotFound)
			if r.Method == http.MethodGet {
				_, _ = w.Write(s.files["404.html"]) // the reader may have gone
			}
			return
		}
		header.Set("Content-Type", mediaType(name))
		header.Set("ETag", tags[name])
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
}

func mediaType(name string) string {
	if t, ok := mediaTypes[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}
