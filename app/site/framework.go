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

// serverFiles are the files of the framework's package app that only a server needs: its HTTP handler and
// the resolution of resources behind it. They make every program link net/http with all of TLS, 0.48 MB
// after gzip (measured), although a page that is served as static files has no use for either.
var serverFiles = []string{"http.go", "resource.go"}

// browserHalf stands in for serverFiles: what the rest of the package mentions of them. Addresses of
// resources are used as they are written.
const browserHalf = `package app

// Handler serves pages; it exists in the server's half only.
type Handler struct{}

func clientResourceResolver(string) func(string) string {
	return func(location string) string { return location }
}
`

// frameworkDir is where the framework without its server half is laid out, seen from the module's root. The
// path is the same everywhere because the program records it.
const frameworkDir = "build/go-app"

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
		{modfile, append(own, "\nreplace "+framework+" => ./"+frameworkDir+"\n"...)},
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

// copySources copies the Go files of a package without its tests and those named in without.
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
