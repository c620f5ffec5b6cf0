//go:build !js

package site

import (
	"strings"
	"testing"
)

// A framework that reads otherwise than expected is refused, not built half changed.
func TestQuickenedExpectsTheFramework(t *testing.T) {
	for _, q := range quicker {
		var whole string
		for _, other := range quicker {
			if other.file == q.file {
				whole += other.from + "\n"
			}
		}
		text, err := quickened(q.file, []byte(whole))
		if err != nil || !strings.Contains(string(text), q.to) || strings.Contains(string(text), q.from) {
			t.Errorf("%s: %q becomes %q, %v", q.file, whole, text, err)
		}
		for _, unexpected := range []string{strings.Replace(whole, q.from, "", 1), whole + q.from} {
			if _, err := quickened(q.file, []byte(unexpected)); err == nil || !strings.Contains(err.Error(), q.file) {
				t.Errorf("%s without one %q: %v", q.file, q.from, err)
			}
		}
	}
	if text, err := quickened("text.go", []byte("package app")); err != nil || string(text) != "package app" {
		t.Errorf("a file without such places becomes %q, %v", text, err)
	}
}
