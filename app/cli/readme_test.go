//go:build !js

package cli

import (
	"fmt"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fleetsize/calc/units"
	"fleetsize/catalog"
)

const tree = "../.." // the top of the tree

func fileOfTree(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tree, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// shellWords splits a shell line with single quotes; what follows # is a comment.
func shellWords(line string) (out []string) {
	for line = strings.TrimSpace(line); line != "" && line[0] != '#'; line = strings.TrimSpace(line) {
		quote, end := "", strings.IndexByte(line, ' ')
		if line[0] == '\'' {
			quote = "'"
			end = strings.IndexByte(line[1:], '\'') + 2
		}
		if end <= 0 {
			end = len(line)
		}
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(line[:end], quote), quote))
		line = line[end:]
	}
	return out
}

// The commands that README shows answer 0 in the order shown. What serves runs
// on a free port, and what builds the site is read but not built; both have
// tests of their own.
func TestReadmeCommands(t *testing.T) {
	readme := fileOfTree(t, "README.md")
	m := regexp.MustCompile("(?s)```sh\n(.*?)```").FindStringSubmatch(readme)
	if m == nil {
		t.Fatal("README shows no commands")
	}
	t.Chdir(t.TempDir())
	shown, endpoint := map[string]bool{}, ""
	for _, line := range strings.Split(strings.TrimSpace(m[1]), "\n") {
		w := shellWords(line)
		if len(w) < 4 && strings.Join(w, " ") != "go run . serve" || strings.Join(w[:3], " ") != "go run ." {
			t.Errorf("not a command: %s", line)
			continue
		}
		args := w[3:]
		shown[args[0]] = true
		switch args[0] {
		case "site", "serve":
			args = append(args, "-h")
		case "mock":
			greeting, _ := startMock(t, 2, append(args[1:], "-addr", "127.0.0.1:0")...)
			endpoint = greeting[1]
			continue
		case "fit":
			if testing.Short() {
				continue
			}
		case "bench":
			if args[1] == "compare" {
				after, err := os.ReadFile(args[2])
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(args[3], after, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if args[1] == "power" {
				logFor(t, args[2], args[3])
			}
			for i := range args {
				args[i] = strings.Replace(args[i], "http://127.0.0.1:8333/v1", endpoint, 1)
			}
		}
		if testing.Short() && strings.Contains(line, "-fit fit.json") {
			continue
		}
		if code, out, stderr := run("", args...); code != exitDone || out == "" {
			t.Errorf("%s: code %d, %d bytes, %s", line, code, len(out), stderr)
		}
	}
	for _, v := range verbs() {
		if !shown[v.name] {
			t.Errorf("README shows no example of %s", v.name)
		}
	}
}

// The table of errors is that of the record; -update writes it.
func TestReadmeAccuracy(t *testing.T) {
	a, err := catalog.LoadAccuracy()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("\n| fitted to | rows | TTFT, fitted | unseen | time per token, fitted | unseen | left out in turn |\n|---|--:|--:|--:|--:|--:|---|\n")
	left := map[string]string{"leave out fold of groups": "several systems at a time", "leave out group": "each system", "leave out GPU": "each GPU"}
	percent := func(e catalog.AccuracyErrors) string { return units.Percent(e.MAPE / 100) }
	for _, s := range a.Sets {
		if len(s.Tests) < 2 {
			continue // never fitted: the How view
		}
		in, out := s.Tests[0], s.Tests[1]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", s.Title, units.Count(float64(s.Rows)),
			percent(in.TTFT), percent(out.TTFT), percent(in.ITL), percent(out.ITL), left[out.Test])
	}
	readme := fileOfTree(t, "README.md")
	m := regexp.MustCompile(`(?s)(<!-- accuracy: [^>]*-->\n)(.*?)(<!-- /accuracy -->)`).FindStringSubmatchIndex(readme)
	if m == nil {
		t.Fatal("README has no place for the table of errors")
	}
	want := b.String() + "\n"
	if readme[m[4]:m[5]] == want {
		return
	}
	if !*update {
		t.Fatal("README's table of errors is not that of accuracy.json; run with -update")
	}
	if err := os.WriteFile(filepath.Join(tree, "README.md"), []byte(readme[:m[4]]+want+readme[m[5]:]), 0o644); err != nil {
		t.Fatal(err)
	}
}

// README has a sentence for every package and direct dependency,
// and names only targets of make that exist.
func TestReadmeIsComplete(t *testing.T) {
	readme := fileOfTree(t, "README.md")
	for _, top := range []string{"app", "calc", "catalog"} {
		err := filepath.WalkDir(filepath.Join(tree, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			name, _ := filepath.Rel(tree, path)
			if strings.Count(name, "/") > 1 { // parts of what is named
				return fs.SkipDir
			}
			if p, err := build.ImportDir(path, 0); err == nil && name != "app" && !strings.Contains(readme, "| `"+name+"` |") {
				t.Errorf("README's layout lacks %s (package %s)", name, p.Name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9/]+)` \\|").FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(tree, m[1])); err != nil {
			t.Errorf("README describes %s, which is not there", m[1])
		}
	}
	makefile := fileOfTree(t, "Makefile")
	for _, m := range regexp.MustCompile(`(?m)(?:^|\x60)make ([a-z0-9-]+)`).FindAllStringSubmatch(readme, -1) {
		if !strings.Contains(makefile, "\n"+m[1]+":") {
			t.Errorf("README says make %s, which is no target", m[1])
		}
	}
	mod, _, _ := strings.Cut(fileOfTree(t, "go.mod"), ")")
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v`).FindAllStringSubmatch(mod, -1) {
		name := regexp.MustCompile(`/v\d+$`).ReplaceAllString(m[1], "")
		if name = name[strings.LastIndexByte(name, '/')+1:]; !strings.Contains(readme, "["+name+"](") {
			t.Errorf("README does not say why %s is needed", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`\]\(([a-z/A-Z0-9._-]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(tree, m[1])); err != nil {
			t.Errorf("README links to %s, which is not there", m[1])
		}
	}
}
