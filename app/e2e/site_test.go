package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// built is the site under test: file name → content.
var built files

type files map[string][]byte

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "fleetsize-e2e")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if built, err = buildSite(dir); err != nil {
		return 0, err
	}
	stop, err := startBrowser(filepath.Join(dir, "profile"))
	if err != nil {
		return 0, err
	}
	defer stop()
	return m.Run(), nil
}

// buildSite writes the site the way a person does and reads it back.
func buildSite(dir string) (files, error) {
	folder := os.Getenv("E2E_SITE")
	if folder == "" {
		folder = filepath.Join(dir, "site")
		cmd := exec.Command("go", "run", ".", "site", "-o", folder)
		cmd.Dir = filepath.Join("..", "..")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building the site: %w\n%s", err, out)
		}
	}
	return readFolder(folder)
}

func readFolder(folder string) (files, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	fs := make(files)
	for _, e := range entries {
		if fs[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			return nil, err
		}
	}
	return fs, nil
}

// nextVersion writes the site again around the same program with one custom section more, which changes
// the bytes and nothing else: a deploy.
func nextVersion(t *testing.T) files {
	t.Helper()
	dir := t.TempDir()
	wasm := append(unpack(t, built["app.wasm.gz"]), 0, 3, 1, 'v', '2') // section 0, 3 bytes, name "v", content "2"
	program := filepath.Join(dir, "app.wasm")
	if err := os.WriteFile(program, wasm, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "wasm_exec.js"), built["wasm_exec.js"], 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "site")
	command := []string{"go", "run", "."}
	if own := os.Getenv("E2E_COMMAND"); own != "" {
		command = []string{own}
	}
	cmd := exec.Command(command[0], append(command[1:], "site", "-o", out, "-wasm", program)...)
	cmd.Dir = filepath.Join("..", "..")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the next version: %v\n%s", err, output)
	}
	next, err := readFolder(out)
	if err != nil {
		t.Fatal(err)
	}
	if string(next["sw.js"]) == string(built["sw.js"]) {
		t.Fatal("the next version has the same service worker")
	}
	return next
}
