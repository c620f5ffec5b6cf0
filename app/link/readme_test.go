//go:build !js

package link

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// README names every key of the grammar, and no other, in its table of keys.
func TestReadmeNamesEveryKey(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "| about | keys |\n")
	table, _, _ := strings.Cut(rest, "\n\n")
	named := map[string]bool{"a.KEY": true, "b.KEY": true, "c.KEY": true}
	for _, m := range regexp.MustCompile("`([^`=]+)(=[^`]*)?`").FindAllStringSubmatch(table, -1) {
		named[m[1]] = true
	}
	known := map[string]bool{"a.KEY": true, "b.KEY": true, "c.KEY": true}
	for _, k := range keys {
		known[k.name] = true
		if !named[k.name] {
			t.Errorf("README does not name the key %s", k.name)
		}
	}
	for k := range named {
		if !known[k] {
			t.Errorf("README names %s, which is no key", k)
		}
	}
}
