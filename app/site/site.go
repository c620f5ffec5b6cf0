//go:build !js

// Package site writes and serves the browser edition: one folder of static files that runs from any path
// on any host, without a server's help, and keeps working offline after the first visit.
//
// The folder holds the page with a worked answer already in its HTML, the program as gzipped WebAssembly,
// a loader, a service worker and what installation needs. Every address in it is relative. Equal inputs
// give equal bytes: nothing depends on the clock, the machine or map order.
package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sort"

	"fleetsize/app/vocab"
	"fleetsize/static"
)

// programFile is the name of the program in the site. It lies there gzipped only: the loader unpacks it,
// so the transfer is small on hosts that cannot compress and no host needs to know the type of WebAssembly.
const programFile = "app.wasm.gz"

// unpackedFile is the name under which the service worker keeps the program. The host has no such file.
const unpackedFile = "app.wasm"

// A Site is the complete content of the folder.
type Site struct {
	// Version is a hash of everything the service worker stores: 16 hexadecimal digits.
	Version string

	// Program is the size of the program in bytes, unpacked and as delivered.
	Program struct{ Raw, Gzip int }

	files map[string][]byte
}

// Inputs is what a site is made from besides the static files compiled into the command.
type Inputs struct {
	Wasm     []byte // the program, GOOS=js GOARCH=wasm
	WasmExec []byte // wasm_exec.js of the toolchain that built it
	Body     string // the worked answer as HTML, as a go-app component tree prints it
}

// New assembles the site. It fails only on inputs that cannot work in a browser.
func New(in Inputs) (*Site, error) {
	if !bytes.HasPrefix(in.Wasm, []byte("\x00asm")) {
		return nil, fmt.Errorf("the program is not a WebAssembly file; build it with GOOS=js GOARCH=wasm")
	}
	if len(in.WasmExec) == 0 {
		return nil, fmt.Errorf("wasm_exec.js is empty; copy it from the toolchain's lib/wasm folder")
	}
	body, err := normalize(in.Body)
	if err != nil {
		return nil, fmt.Errorf("worked answer: %w", err)
	}
	program, err := slim(in.Wasm)
	if err != nil {
		return nil, err
	}
	packed, err := compress(program)
	if err != nil {
		return nil, err
	}
	s := &Site{files: map[string][]byte{programFile: packed, "wasm_exec.js": in.WasmExec}}
	s.Program.Raw, s.Program.Gzip = len(program), len(packed)
	if err := s.addStatic(); err != nil {
		return nil, err
	}
	for name, icon := range icons {
		s.files[name] = icon.png()
	}
	s.files["manifest.webmanifest"] = manifest()

	// The page and the service worker carry the version, so both are hashed without it and then completed.
	page := pageData{Body: body, Raw: len(program), Packed: len(packed)}
	s.files["index.html"] = page.html()
	s.Version = s.hash()
	page.Version = s.Version
	s.files["index.html"] = page.html()
	s.files["sw.js"], err = serviceWorker(s.files["sw.js"], s.Version, s.stored(), s.lazy())
	if err != nil {
		return nil, err
	}
	s.files[".nojekyll"] = nil
	return s, nil
}

func (s *Site) addStatic() error {
	entries, err := fs.ReadDir(static.Files, ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if s.files[e.Name()], err = fs.ReadFile(static.Files, e.Name()); err != nil {
			return err
		}
	}
	return nil
}

// Names returns the site's file names in order.
func (s *Site) Names() []string {
	names := make([]string, 0, len(s.files))
	for name := range s.files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// File returns one file's content and whether the site has it.
func (s *Site) File(name string) ([]byte, bool) {
	b, ok := s.files[name]
	return b, ok
}

// stored lists what the service worker keeps besides the page itself, which it stores under "./".
func (s *Site) stored() []string {
	var names []string
	for _, name := range s.Names() {
		switch name {
		case "index.html", "sw.js", "404.html", ".nojekyll", programFile: // the program is listed apart
		default:
			if !onDemand[name] {
				names = append(names, name)
			}
		}
	}
	return names
}

// onDemand are large files that few visits need: the service worker stores them when they are first used.
var onDemand = map[string]bool{vocab.File: true}

// lazy returns them with a hash of their content.
func (s *Site) lazy() map[string]string {
	hashes := make(map[string]string)
	for name := range onDemand {
		if content, ok := s.files[name]; ok {
			sum := sha256.Sum256(content)
			hashes[name] = hex.EncodeToString(sum[:8])
		}
	}
	return hashes
}

// hash digests names and contents, lengths included, so that moving bytes between files changes it.
func (s *Site) hash() string {
	h := sha256.New()
	for _, name := range s.Names() {
		fmt.Fprintf(h, "%s %d\n", name, len(s.files[name]))
		h.Write(s.files[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// compress gzips at the highest level, without name or time, so that equal input gives equal bytes.
func compress(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
