//go:build !js

package site

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// moduleLine is the first line of the go.mod of the module that the program is built from.
const moduleLine = "module fleetsize"

// inlined are the packages compiled with inlining: those whose loops take the time. Everywhere else it is
// off, which makes the delivered program 12 % smaller (measured with gzip). Benchmarks of ranking and
// simulation in WebAssembly show no difference beyond their noise, and a page starts no later: most of its
// code runs once, and less of it has to be compiled before. Maps come out smaller with it; the whole runtime would
// be 28 kB larger.
var inlined = []string{"fleetsize/calc/step", "fleetsize/calc/serve", "math", "internal/runtime/maps"}

// wasmArgs are the arguments of the go command that build the program into out, with the modules of modfile. Paths, version control and
// debug data are kept out of it, so that equal sources give equal bytes anywhere.
func wasmArgs(modfile, out string) []string {
	args := []string{"build", "-modfile=" + modfile, "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-gcflags=all=-l"}
	for _, pattern := range inlined {
		args = append(args, "-gcflags="+pattern+"=")
	}
	return append(args, "-o", out, ".")
}

// load gathers the inputs of a site: the program built from the module around the working folder, or the
// one given; its wasm_exec.js; and the worked answer.
func load(wasmFile string) (Inputs, error) {
	root, rootErr := moduleRoot()
	var in Inputs
	var err error
	if wasmFile == "" {
		if rootErr != nil {
			return Inputs{}, fmt.Errorf("%w; run this in the source folder, or give the built program with -wasm FILE", rootErr)
		}
		in.Wasm, err = buildWasm(root)
	} else {
		in.Wasm, err = os.ReadFile(wasmFile)
	}
	if err != nil {
		return Inputs{}, err
	}
	if in.WasmExec, err = findExec(wasmFile, root); err != nil {
		return Inputs{}, err
	}
	in.Body, err = preRender()
	return in, err
}

// moduleRoot returns the folder of the go.mod above the working folder.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), moduleLine+"\n") {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no source folder of Fleetsize here or above")
		}
		dir = parent
	}
}

// buildWasm compiles the module in root for the browser and returns the program.
func buildWasm(root string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "fleetsize-wasm")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	modfile, err := trimFramework(root, dir)
	if err != nil {
		return nil, fmt.Errorf("building the program: %w", err)
	}
	out := filepath.Join(dir, "app.wasm")
	cmd := exec.Command("go", wasmArgs(modfile, out)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if output, err := cmd.CombinedOutput(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, fmt.Errorf("the go command is not on the path; install Go, or give the built program with -wasm FILE")
		}
		return nil, fmt.Errorf("building the program: %w\n%s", err, bytes.TrimSpace(output))
	}
	return os.ReadFile(out)
}

// findExec returns wasm_exec.js from beside the given program, from the source folder, or from the
// installed toolchain, in this order.
func findExec(wasmFile, root string) ([]byte, error) {
	var places []string
	if wasmFile != "" {
		places = append(places, filepath.Join(filepath.Dir(wasmFile), "wasm_exec.js"))
	}
	if root != "" {
		places = append(places, filepath.Join(root, "wasm_exec.js"))
	}
	if goroot, err := exec.Command("go", "env", "GOROOT").Output(); err == nil {
		places = append(places, filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js"))
	}
	for _, place := range places {
		if b, err := os.ReadFile(place); err == nil {
			return b, nil
		}
	}
	return nil, errors.New("wasm_exec.js not found; put the toolchain's file (lib/wasm in GOROOT) beside the -wasm FILE")
}
