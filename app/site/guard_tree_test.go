//go:build !js

package site

import (
	"bytes"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The top level holds what README describes and nothing else.
func TestTopLevel(t *testing.T) {
	allowed := map[string]bool{
		"app": true, "calc": true, "catalog": true, "static": true, "wasm_exec.js": true, "main.go": true, "go.mod": true,
		"go.sum": true, "Makefile": true, "README.md": true, "LICENSE": true, "CHANGELOG.md": false,
	}
	entries, err := os.ReadDir(sources)
	if err != nil {
		t.Fatal(err)
	}
	there := make(map[string]bool)
	for _, e := range entries {
		there[e.Name()] = true
		if _, ok := allowed[e.Name()]; !ok && !strings.HasPrefix(e.Name(), ".") && !ignored(t, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
	for name, must := range allowed {
		if must && !there[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

// ignored reports whether .gitignore has a line for a name at the top level: something that was built.
func ignored(t *testing.T, name string) bool {
	t.Helper()
	rules, err := os.ReadFile(filepath.Join(sources, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	for rule := range strings.Lines(string(rules)) {
		rule = strings.Trim(strings.TrimSpace(rule), "/")
		if matched, err := filepath.Match(rule, name); err == nil && matched {
			return true
		}
	}
	return false
}

func TestWasmExecIsTheToolchains(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(sources, "wasm_exec.js"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error(`wasm_exec.js is not the toolchain's; run: cp "$(go env GOROOT)/lib/wasm/wasm_exec.js" .`)
	}
}

// The content policy blocks inline styles and scripts, in the browser and without a word to the user: none
// may be written. Looks are classes and SVG attributes.
func TestNoInlineStyleOrScript(t *testing.T) {
	raw := regexp.MustCompile(`(?i)<style|\sstyle=|<script(?:>|\s[^%]*>[^<])|\son(?:click|input|change|load|key\w*|pointer\w*|mouse\w*)=|javascript:`)
	eachSource(t, []string{"app"}, func(path string, file *ast.File) {
		for _, other := range []string{
			filepath.Join("app", "e2e"),
			filepath.Join("app", "export", "xlsx"),                    // the styles of a spreadsheet
			filepath.Join("app", "export", "report", "standalone.go"), // a file of its own, without scripts
		} {
			if strings.HasPrefix(path, other) {
				return
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					break
				}
				if s.Sel.Name == "Style" || s.Sel.Name == "Styles" {
					t.Errorf("%s calls .%s, which the content policy blocks", path, s.Sel.Name)
				}
				if len(n.Args) > 0 && (s.Sel.Name == "Attr" || s.Sel.Name == "setAttribute") {
					if l, ok := n.Args[0].(*ast.BasicLit); ok && l.Value == `"style"` {
						t.Errorf("%s sets the style attribute", path)
					}
				}
			case *ast.BasicLit:
				if found := raw.FindString(n.Value); found != "" {
					t.Errorf("%s writes %q into a page", path, found)
				}
			}
			return true
		})
	})
}
