//go:build !js

package deploy

import (
	"os/exec"
	"testing"
)

// What quote writes reads back as the same word in a POSIX shell.
func TestQuoteInAShell(t *testing.T) {
	for _, s := range []string{"", "a", "a b", "'", "''x''", `"`, "$HOME", "$(id)", "`id`", "a\nb", "*", "~", "-e", "\\", "é 東", "{a,b}", "!x"} {
		out, err := exec.Command("sh", "-c", "printf %s "+quote(s)).Output()
		if s == "-e" { // printf takes it as text after %s
			out, err = exec.Command("sh", "-c", "printf '%s' "+quote(s)).Output()
		}
		if err != nil || string(out) != s {
			t.Errorf("quote(%q) = %s reads back as %q, %v", s, quote(s), out, err)
		}
	}
}

// Every shell text parses.
func TestScriptsParse(t *testing.T) {
	p, cat := plan(t, "deepseek-v3", "h200-sxm", "sglang", func(p *Plan) { p.TP, p.Drafted = 8, 3 })
	for _, s := range p.Starts(cat.Engines) {
		if s.Ends != "sh" {
			continue
		}
		if out, err := exec.Command("sh", "-n", "-c", s.Text).CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s\n%s", s.ID, err, out, s.Text)
		}
	}
}
