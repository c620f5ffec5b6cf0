//go:build !js

package site

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tiny is the smallest WebAssembly file: magic number and version, no section.
var tiny = []byte("\x00asm\x01\x00\x00\x00")

func tinySite(t *testing.T) *Site {
	t.Helper()
	s, err := New(Inputs{Wasm: tiny, WasmExec: []byte("// exec"), Body: `<main class="x" id="y"><h1>4 GPUs</h1></main>`})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		in         Inputs
	}{
		{"program", "GOOS=js GOARCH=wasm", Inputs{Wasm: []byte("\x7fELF"), WasmExec: []byte("x")}},
		{"wasm_exec.js", "lib/wasm", Inputs{Wasm: tiny}},
		{"answer", "worked answer", Inputs{Wasm: tiny, WasmExec: []byte("x"), Body: "<p>"}},
	} {
		if _, err := New(c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", c.name, err, c.want)
		}
	}
}

func TestProgramIsWhole(t *testing.T) {
	s := tinySite(t)
	packed, _ := s.File(programFile)
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, tiny) {
		t.Errorf("unpacked program %q, %v, want %q", got, err, tiny)
	}
}

// The version follows every byte that is stored, and nothing else.
func TestVersion(t *testing.T) {
	base := Inputs{Wasm: tiny, WasmExec: []byte("// exec"), Body: "<p>4 GPUs</p>"}
	version := func(in Inputs) string {
		s, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		return s.Version
	}
	first := version(base)
	if again := version(base); again != first {
		t.Errorf("equal inputs give versions %s and %s", first, again)
	}
	if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(first) {
		t.Errorf("version %q", first)
	}
	for name, in := range map[string]Inputs{
		"program":      {Wasm: append(slices.Clone(tiny), 0, 1, 0), WasmExec: base.WasmExec, Body: base.Body},
		"wasm_exec.js": {Wasm: tiny, WasmExec: []byte("// other"), Body: base.Body},
		"answer":       {Wasm: tiny, WasmExec: base.WasmExec, Body: "<p>5 GPUs</p>"},
	} {
		if version(in) == first {
			t.Errorf("another %s gives the same version", name)
		}
	}
}

func TestPage(t *testing.T) {
	s := tinySite(t)
	page, _ := s.File("index.html")
	html := string(page)
	for _, want := range []string{
		`<div id="app"><main class="x" id="y"><h1>4 GPUs</h1></main></div>`,
		`http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';`,
		`loader.js?v=` + s.Version, `data-version="` + s.Version + `"`, `data-wasm-bytes="8"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	// go-app replaces the first element of the body.
	if !regexp.MustCompile(`<body>\s*<div id="app">`).MatchString(html) {
		t.Error(`the body does not start with <div id="app">`)
	}
	if regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+="|<script>`).MatchString(html) {
		t.Error("the page has inline style or script, which its content policy blocks")
	}
	for _, address := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		if strings.HasPrefix(address[1], "/") || strings.Contains(address[1], ":") {
			t.Errorf("address %s is not relative", address[1])
		}
		file, _, _ := strings.Cut(address[1], "?")
		if _, ok := s.File(file); !ok {
			t.Errorf("the page names %s, which the site lacks", file)
		}
	}
}

// absoluteURL finds addresses that leave the folder; namespaces and the texts of licenses are no addresses.
var absoluteURL = regexp.MustCompile(`(?:https?:)?//[\w.-]+\.[a-z]{2,}`)

func TestScriptsAndStylesStayInTheFolder(t *testing.T) {
	s := tinySite(t)
	for _, name := range s.Names() {
		if !strings.HasSuffix(name, ".js") && !strings.HasSuffix(name, ".css") && !strings.HasSuffix(name, ".webmanifest") && name != "404.html" {
			continue
		}
		content, _ := s.File(name)
		if found := absoluteURL.Find(content); found != nil {
			t.Errorf("%s names %s", name, found)
		}
		if bytes.Contains(content, []byte(`"/`)) && name != "wasm_exec.js" && name != "loader.js" {
			t.Errorf("%s has an address from the root", name)
		}
	}
}

func TestServiceWorkerStoresEveryFile(t *testing.T) {
	s := tinySite(t)
	source, _ := s.File("sw.js")
	found := regexp.MustCompile(`const config = (\{.*\});`).FindSubmatch(source)
	if found == nil {
		t.Fatal("sw.js has no config")
	}
	var config struct {
		Version, Program, Unpacked string
		Files                      []string
		Lazy                       map[string]string
	}
	if err := json.Unmarshal(found[1], &config); err != nil {
		t.Fatal(err)
	}
	if config.Version != s.Version || config.Program != programFile || config.Unpacked != unpackedFile {
		t.Errorf("sw.js has version %s and program %s", config.Version, config.Program)
	}
	for _, name := range s.Names() {
		stored := slices.Contains(config.Files, name)
		switch name {
		case "index.html", "sw.js", "404.html", ".nojekyll", programFile:
			if stored {
				t.Errorf("sw.js lists %s", name)
			}
		case "o200k_base.tokens.gz":
			if len(config.Lazy) != 1 || len(config.Lazy[name]) != 16 || stored {
				t.Errorf("sw.js does not store %s on demand: %v", name, config.Lazy)
			}
		default:
			if !stored {
				t.Errorf("sw.js does not store %s", name)
			}
		}
	}
}

func TestManifest(t *testing.T) {
	s := tinySite(t)
	content, _ := s.File("manifest.webmanifest")
	var m struct {
		ID       string
		StartURL string `json:"start_url"`
		Scope    string
		Icons    []manifestIcon
	}
	if err := json.Unmarshal(content, &m); err != nil {
		t.Fatal(err)
	}
	if m.StartURL != "./" || m.Scope != "./" || m.ID == "" {
		t.Errorf("start %q, scope %q, id %q", m.StartURL, m.Scope, m.ID)
	}
	for _, i := range m.Icons {
		content, ok := s.File(i.Src)
		if !ok {
			t.Errorf("icon %s is not in the site", i.Src)
			continue
		}
		if i.Type != "image/png" {
			continue
		}
		picture, err := png.DecodeConfig(bytes.NewReader(content))
		if err != nil {
			t.Errorf("%s: %v", i.Src, err)
		}
		if side := picture.Width; i.Sizes != fmt.Sprintf("%dx%d", side, picture.Height) {
			t.Errorf("%s is %d × %d, the manifest says %s", i.Src, side, picture.Height, i.Sizes)
		}
	}
}

// The maskable icon may be cropped to a circle of 80 % of its side: all white must lie inside.
func TestMaskableIconKeepsItsMiddle(t *testing.T) {
	s := tinySite(t)
	content, _ := s.File("icon-maskable-512.png")
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	white := 0
	for y := range 512 {
		for x := range 512 {
			r, _, _, a := img.At(x, y).RGBA()
			if a != 0xffff {
				t.Fatalf("pixel %d,%d is transparent", x, y)
			}
			if r < 0x8000 {
				continue
			}
			white++
			dx, dy := float64(x)-255.5, float64(y)-255.5
			if dx*dx+dy*dy > 0.4*512*0.4*512 {
				t.Fatalf("white pixel %d,%d lies outside the safe circle", x, y)
			}
		}
	}
	if white < 10_000 {
		t.Errorf("%d white pixels, want the three bars", white)
	}
}
