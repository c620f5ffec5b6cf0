//go:build !js

package site

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Limits of the program's size in bytes. The transfer is what a phone on a bad line waits for, the unpacked
// program what it stores and compiles. (make size checks brotli, too.)
const (
	maxGzip = 3_200_000
	maxRaw  = 17_000_000
)

// The real site: the program is small enough, the answer is in the page, and building twice gives equal bytes.
func TestRealSite(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the program")
	}
	root, err := filepath.Abs(sources)
	if err != nil {
		t.Fatal(err)
	}
	wasm, err := buildWasm(root)
	if err != nil {
		t.Fatal(err)
	}
	exec, err := os.ReadFile(filepath.Join(root, "wasm_exec.js"))
	if err != nil {
		t.Fatal(err)
	}
	build := func() *Site {
		body, err := preRender()
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(Inputs{Wasm: wasm, WasmExec: exec, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := build()
	t.Logf("program: %d bytes gzip, %d unpacked", s.Program.Gzip, s.Program.Raw)
	if s.Program.Gzip > maxGzip || s.Program.Raw > maxRaw {
		t.Errorf("program of %d bytes gzip and %d unpacked, want at most %d and %d", s.Program.Gzip, s.Program.Raw, maxGzip, maxRaw)
	}
	again := build()
	for _, name := range s.Names() {
		a, _ := s.File(name)
		if b, _ := again.File(name); !bytes.Equal(a, b) {
			t.Errorf("%s differs between two builds%s", name, firstDifference(a, b))
		}
	}
	page, _ := s.File("index.html")
	for _, want := range []string{"data-state=\"final\"", "<h1", "GPU"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the pre-rendered page lacks %s", want)
		}
	}
	if len(page) > 300_000 {
		t.Errorf("the page has %d bytes, want at most 300,000: it must be readable within a second on a slow line", len(page))
	}
}

func firstDifference(a, b []byte) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			from := max(0, i-60)
			return " at:\n" + string(a[from:min(len(a), i+60)]) + "\n" + string(b[from:min(len(b), i+60)])
		}
	}
	return " in length"
}
