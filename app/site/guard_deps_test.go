//go:build !js

package site

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// sources is the module's root, seen from this package's folder.
var sources = filepath.Join("..", "..")

// notInWasm are packages the program must not link, with the reason. A name ending in "/" stands for
// everything below it.
var notInWasm = map[string]string{
	"text/template":        "turns off the linker's pruning of methods: 3.4 MB",
	"html/template":        "turns off the linker's pruning of methods: 3.4 MB",
	"net/http/httputil":    "server code",
	"net/http/httptest":    "test code",
	"net/http/pprof":       "server code, links templates",
	"expvar":               "server code",
	"testing":              "test code",
	"go/":                  "compiler parts",
	"os/exec":              "there are no processes in a browser",
	"image/":               "pictures are drawn as SVG",
	"golang.org/x/text/":   "0.56 MB for number formats; ours is calc/units",
	"gonum.org/v1/plot/":   "7.7 MB; ours is app/chart",
	"encoding/gob":         "nothing speaks it",
	"encoding/xml":         "nothing speaks it",
	"fleetsize/app/site":   "native only",
	"fleetsize/app/cli":    "native only",
	"fleetsize/static":     "native only; the browser gets these files from the host",
	"github.com/chromedp/": "test code",
}

func TestProgramLinksNothingForbidden(t *testing.T) {
	for _, name := range list(t, "js", "-deps", ".") {
		for forbidden, why := range notInWasm {
			if name == forbidden || (strings.HasSuffix(forbidden, "/") && strings.HasPrefix(name, forbidden)) {
				t.Errorf("the program links %s: %s", name, why)
			}
		}
	}
}

// The delivered program is built with the framework's browser half, which brings no server along.
func TestProgramLinksNoServer(t *testing.T) {
	root, err := filepath.Abs(sources)
	if err != nil {
		t.Fatal(err)
	}
	modfile, err := trimFramework(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range list(t, "js", "-modfile="+modfile, "-deps", ".") {
		found[name] = true
	}
	if !found[framework+"/pkg/app"] {
		t.Errorf("the program does not use %s", framework)
	}
	for _, name := range []string{"net/http", "crypto/tls", "crypto/aes", "regexp", "net"} {
		if found[name] {
			t.Errorf("the program links %s", name)
		}
	}
}

// The engine and the catalog take everything they know as arguments or embedded data.
func TestEngineAndCatalogArePure(t *testing.T) {
	impure := map[string]bool{
		"os": true, "os/exec": true, "os/signal": true, "io/ioutil": true, "net": true, "net/http": true, "net/url": true,
		"syscall": true, "syscall/js": true, "log": true, "log/slog": true, "flag": true, "math/rand": true,
		"path/filepath": true, "runtime": true, "unsafe": true,
	}
	clock := map[string]bool{"Now": true, "Since": true, "Until": true, "After": true, "Sleep": true, "Tick": true, "NewTimer": true, "NewTicker": true}
	eachSource(t, []string{"catalog", "calc"}, func(path string, file *ast.File) {
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if impure[name] || strings.HasPrefix(name, "fleetsize/app") || strings.HasPrefix(name, "github.com/maxence-charriere/") {
				t.Errorf("%s imports %s", path, name)
			}
			if strings.HasPrefix(path, "catalog") && strings.HasPrefix(name, "fleetsize/calc") && name != "fleetsize/calc/units" {
				t.Errorf("%s imports %s, which stands above it", path, name)
			}
			if strings.HasPrefix(name, "github.com/goccy/") && !strings.HasPrefix(path, filepath.Join("catalog", "jsonio")) {
				t.Errorf("%s imports %s; use fleetsize/catalog/jsonio", path, name)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if p, ok := s.X.(*ast.Ident); ok && p.Name == "time" && p.Obj == nil && clock[s.Sel.Name] {
					t.Errorf("%s reads the clock with time.%s", path, s.Sel.Name)
				}
			}
			return true
		})
	})
}

// The module has three direct requirements, each for a stated purpose.
func TestDirectRequirements(t *testing.T) {
	allowed := map[string]bool{
		"github.com/maxence-charriere/go-app/v10": true, "gonum.org/v1/gonum": true, "github.com/goccy/go-json": true,
	}
	mod, err := os.ReadFile(filepath.Join(sources, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for line := range strings.Lines(string(mod)) {
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(words) < 2 || !strings.HasPrefix(words[1], "v") || strings.Contains(line, "// indirect") {
			continue
		}
		found++
		if !allowed[words[0]] {
			t.Errorf("go.mod requires %s", words[0])
		}
	}
	if found == 0 {
		t.Error("no requirement read from go.mod")
	}
}

// Every module that is delivered has its notice.
func TestNoticesAreComplete(t *testing.T) {
	notices, err := os.ReadFile(filepath.Join(sources, "static", "third-party.txt"))
	if err != nil {
		t.Fatal(err)
	}
	modules := list(t, "js", "-deps", "-f", "{{with .Module}}{{if .Version}}{{.Path}} {{.Version}}{{end}}{{end}}", ".")
	if len(modules) == 0 {
		t.Fatal("no module listed")
	}
	for _, m := range modules {
		if !strings.Contains(string(notices), m) {
			t.Errorf("static/third-party.txt lacks %s", m)
		}
	}
}

// list runs go list for the target and returns the distinct lines it prints.
func list(t *testing.T, target string, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = sources
	cmd.Env = os.Environ()
	if target == "js" {
		cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm")
	}
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %q: %v\n%s", args, err, errs.String())
	}
	seen := make(map[string]bool)
	var lines []string
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" && !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	return lines
}

// eachSource parses every non-test Go file below the folders; paths are relative to the module's root.
func eachSource(t *testing.T, folders []string, visit func(path string, file *ast.File)) {
	t.Helper()
	count := 0
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(sources, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(sources, path)
			count++
			visit(relative, file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count == 0 {
		t.Fatal("no source found")
	}
}
