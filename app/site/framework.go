//go:build !js

package site

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"fleetsize/catalog/jsonio"
)

// framework is the module whose server half is left out of the program.
const framework = "github.com/maxence-charriere/go-app/v10"

// serverFiles are the files of the framework's package app that a page served as static files at one address
// has no use for: the HTTP handler, the resolution of resources behind it, routes by regular expressions, and
// encrypted storage. They make every program link net/http with all of TLS, 0.48 MB after gzip, regexp,
// 0.11 MB, and ciphers, 0.05 MB (all measured).
var serverFiles = []string{"http.go", "resource.go", "route.go", "crypto.go"}

// browserHalf stands in for serverFiles: what the rest of the package mentions of them. Addresses of
// resources are used as they are written. A pattern stands for every address. Nothing is encrypted.
const browserHalf = `package app

import "github.com/maxence-charriere/go-app/v10/pkg/errors"

func encrypt(string, []byte) ([]byte, error) {
	return nil, errors.New("there is no encryption in this build")
}

func decrypt(string, []byte) ([]byte, error) {
	return nil, errors.New("there is no encryption in this build")
}

// Handler serves pages; it exists in the server's half only.
type Handler struct{}

func clientResourceResolver(string) func(string) string {
	return func(location string) string { return location }
}

type router struct {
	exact map[string]func() Composer
	other func() Composer
}

func makeRouter() router { return router{exact: map[string]func() Composer{}} }

func (r *router) route(path string, make func() Composer) { r.exact[path] = make }

func (r *router) routeWithRegexp(pattern string, make func() Composer) {
	if pattern != ".*" {
		panic("the only pattern in this build is .*")
	}
	r.other = make
}

func (r *router) routed(path string) bool { return r.exact[path] != nil || r.other != nil }

func (r *router) createComponent(path string) (Composer, bool) {
	make := r.exact[path]
	if make == nil {
		make = r.other
	}
	if make == nil {
		return nil, false
	}
	return make(), true
}
`

// domFile is a further file of the package: texts that come again and again, as the browser holds them.
const domFile = "dom_wasm.go"

const domSource = `package app

import "syscall/js"

var (
	domDocument = value{jsValue: js.Global().Get("document")}
	domTexts    = map[string]Value{}
)

// domText is a name of a tag, an attribute or an event.
func domText(s string) Value {
	v, ok := domTexts[s]
	if !ok {
		v = ValueOf(js.ValueOf(s))
		domTexts[s] = v
	}
	return v
}
`

// quicker are the places where the program has other code than the framework: file, what stands there once, and
// what stands there instead.
//
// The framework waits 8 ms from an event to the frame that shows it, a third of what an edit takes on a laptop. It
// is 2 ms here; less would draw two replies that arrive together one by one.
//
// Every text handed to the browser and every object it returns is an object with a finalizer in Go, and setting
// finalizers was a seventh of the time from the start of the program to live controls. Methods that return nothing,
// and names that are kept, leave four of ten for an element with three attributes.
var quicker = []struct{ file, from, to string }{
	{"app.go", `engine.Start(120)`, `engine.Start(480)`},
	{"attribute.go", `jsElement.Call("setAttribute", name, value)`, `jsElement.Call("setAttribute", domText(name), value)`},
	{"js_wasm.go", `v.Call("appendChild", c)`, `v.Call("append", c)`},
	{"js_wasm.go", `v.Call("replaceChild", new, old)`, `old.JSValue().Call("replaceWith", new)`},
	{"js_wasm.go", `v.Call("removeChild", c)`, `c.JSValue().Call("remove")`},
	{"js_wasm.go", `v.Call("addEventListener", event, fn)`, `v.Call("addEventListener", domText(event), fn)`},
	{"js_wasm.go", `w.Get("document").Call("createElement", tag)`, `domDocument.Call("createElement", domText(tag))`},
	{"js_wasm.go", `w.Get("document").Call("createElementNS", xmlns, tag)`, `domDocument.Call("createElementNS", domText(xmlns), domText(tag))`},
	{"js_wasm.go", `w.Get("document").Call("createTextNode", v)`, `domDocument.Call("createTextNode", v)`},
}

// quickened is a file of the framework with its quicker places; it fails where one of them is not as expected.
func quickened(file string, text []byte) ([]byte, error) {
	for _, q := range quicker {
		if q.file != file {
			continue
		}
		if n := bytes.Count(text, []byte(q.from)); n != 1 {
			return nil, fmt.Errorf("%s: %s has %q %d times, not once", framework, file, q.from, n)
		}
		text = bytes.Replace(text, []byte(q.from), []byte(q.to), 1)
	}
	return text, nil
}

// randomIDs is the module that makes the framework's ids; it would link a name resolver and a database driver.
const randomIDs = "github.com/google/uuid"

// randomIDsSource stands in for it: a random UUID (RFC 9562, version 4).
const randomIDsSource = `package uuid

import (
	"fmt"
	"math/rand/v2"
)

// NewString returns a random id.
func NewString() string {
	a, b := rand.Uint64(), rand.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}
`

// frameworkDir is where the framework without its server half is laid out, seen from the module's root. The
// path is the same everywhere because the program records it.
const frameworkDir = "build/go-app"

// randomIDsDir is the same for randomIDs.
const randomIDsDir = "build/uuid"

// trimFramework lays out the framework without its server half below root, and writes into dir a go.mod that
// uses it, whose path it returns.
func trimFramework(root, dir string) (modfile string, err error) {
	source, err := moduleDir(root, framework)
	if err != nil {
		return "", err
	}
	for _, part := range []string{"pkg/app", "pkg/errors"} {
		to := filepath.Join(root, frameworkDir, part)
		if err := copySources(filepath.Join(source, part), to, serverFiles); err != nil {
			return "", err
		}
	}
	mod, err := os.ReadFile(filepath.Join(source, "go.mod"))
	if err != nil {
		return "", err
	}
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return "", err
	}
	modfile = filepath.Join(dir, "browser.mod")
	for _, f := range []struct {
		path string
		text []byte
	}{
		{filepath.Join(root, frameworkDir, "go.mod"), mod},
		{filepath.Join(root, frameworkDir, "pkg/app", "noserver.go"), []byte(browserHalf)},
		{filepath.Join(root, frameworkDir, "pkg/app", domFile), []byte(domSource)},
		{filepath.Join(root, randomIDsDir, "go.mod"), []byte("module " + randomIDs + "\n\ngo 1.23\n")},
		{filepath.Join(root, randomIDsDir, "uuid.go"), []byte(randomIDsSource)},
		{modfile, append(own, "\nreplace "+framework+" => ./"+frameworkDir+"\nreplace "+randomIDs+" => ./"+randomIDsDir+"\n"...)},
		{filepath.Join(dir, "browser.sum"), sums},
	} {
		if err := writeWhole(f.path, f.text); err != nil {
			return "", err
		}
	}
	return modfile, nil
}

// moduleDir is the folder of a required module in the module cache; it is downloaded if need be.
func moduleDir(root, module string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Dir = root
	out, err := cmd.Output()
	var found struct{ Dir, Error string }
	if bad := jsonio.Unmarshal(out, &found); err == nil {
		err = bad
	}
	switch {
	case found.Error != "":
		return "", fmt.Errorf("%s: %s", module, found.Error)
	case err != nil:
		return "", fmt.Errorf("finding %s: %w", module, err)
	}
	return found.Dir, nil
}

// copySources copies the Go files of a package, quickened, without its tests and those named in without.
func copySources(from, to string, without []string) error {
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	left := map[string]bool{}
	for _, name := range without {
		left[name] = true
	}
	for _, f := range files {
		name := f.Name()
		if f.IsDir() || left[name] || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if text, err = quickened(name, text); err != nil {
			return err
		}
		if err := writeWhole(filepath.Join(to, name), text); err != nil {
			return err
		}
	}
	return nil
}

// writeWhole puts text into a file at once, so that a build running beside this one never reads half of it.
// A file that has the text already is left alone.
func writeWhole(path string, text []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".writing-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
