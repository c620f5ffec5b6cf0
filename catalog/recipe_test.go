package catalog

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
)

// RecipeRows are the rows that data/README.md tells to add, by file, and its
// table of measurements. The recipes are executed here and in
// recipe_use_test.go.
func RecipeRows(t testing.TB) (rows map[string]string, table string) {
	t.Helper()
	text, err := os.ReadFile("data/README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string]string{}
	for _, m := range regexp.MustCompile("(?s)```json (\\w+\\.json)\n(.*?)\n```").FindAllStringSubmatch(string(text), -1) {
		rows[m[1]] = m[2]
	}
	if m := regexp.MustCompile("(?s)```csv\n(.*?)```").FindStringSubmatch(string(text)); m != nil {
		table = m[1]
	}
	if len(rows) != 3 || table == "" {
		t.Fatalf("data/README.md has %d rows to add and a table of %d bytes, want 3 and one", len(rows), len(table))
	}
	return rows, table
}

// WithRecipes is the shipped catalog with the rows of the recipes appended to
// the files, as a person would.
func WithRecipes(t testing.TB) *Catalog {
	t.Helper()
	rows, _ := RecipeRows(t)
	add := func(file []byte, name string) []byte {
		body, ok := strings.CutSuffix(strings.TrimSpace(string(file)), "]}")
		if !ok {
			t.Fatalf("%s does not end in rows", name)
		}
		return []byte(strings.TrimSpace(body) + ",\n" + rows[name] + "\n]}")
	}
	c, err := files{add(modelsFile, "models.json"), add(gpusFile, "gpus.json"), add(enginesFile, "engines.json"), presetsFile, tiersFile}.load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The rows of the recipes pass what the rows of the catalog pass.
func TestRecipeRowsAreSound(t *testing.T) {
	c, was := WithRecipes(t), load(t)
	if len(c.Models) != len(was.Models)+1 || len(c.GPUs) != len(was.GPUs)+1 || len(c.Engines) != len(was.Engines)+1 {
		t.Fatalf("%d models, %d GPUs, %d engines: not one more of each", len(c.Models), len(c.GPUs), len(c.Engines))
	}
	m, g, e := c.Models[len(was.Models)], c.GPUs[len(was.GPUs)], c.Engines[len(was.Engines)]
	if err := m.check(); err != nil {
		t.Error(err)
	}
	if p := m.Work().TotalParams; math.Abs(p/m.PublishedTotal-1) > 0.01 {
		t.Errorf("%s has %.0f parameters by its dimensions, published %.0f", m.ID, p, m.PublishedTotal)
	}
	if len(m.Sources) == 0 || len(g.Sources) == 0 || len(e.Sources) == 0 {
		t.Error("a row without a source")
	}
	if f, native, ok := g.Compute(FP8); !ok || !native || f != 1600e12 {
		t.Errorf("%s computes FP8 at %v, native %v, %v", g.ID, f, native, ok)
	}
	if g.Rent == nil || g.LinkDomain != 8 || g.UsableEstimated {
		t.Errorf("%s: %+v", g.ID, g)
	}
	for _, g := range c.GPUs {
		if e.Profile(g) == nil {
			t.Errorf("no profile of %s for %s", e.ID, g.ID)
		}
	}
	for _, name := range []string{"acme-x1", "Acme X1 96GB", "X1"} {
		if got, ok := c.GPU(name); !ok || got != g {
			t.Errorf("GPU(%q) is not the new one", name)
		}
	}
	for _, name := range []string{"acme-9b", "acme/Acme-9B-Instruct"} {
		if got, ok := c.Model(name); !ok || got != m {
			t.Errorf("Model(%q) is not the new one", name)
		}
	}
}
