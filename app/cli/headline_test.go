//go:build !js

package cli

import (
	"strings"
	"testing"
)

// The sentence names everything that its price is for: what stands before the
// model and spare servers are paid for besides the GPUs it counts.
func TestHeadlineNamesWhatIsPaidFor(t *testing.T) {
	_, text, _ := run("", "size", "g=h100-sxm&rps=2&emb=bge-m3&nodespare=1&grow=20&yrs=2")
	first, _, _ := strings.Cut(text, "\n")
	if want := "one spare replica, one spare server, 2 GPUs before the model and growth to 2.88 req/s included."; !strings.HasSuffix(first, want) {
		t.Errorf("%q, want it to end with %q", first, want)
	}
	_, text, _ = run("", "size", "g=h100-sxm&users=1&spare=2")
	if first, _, _ = strings.Cut(text, "\n"); !strings.Contains(first, "serve 1 person (") || !strings.HasSuffix(first, ", 2 spare replicas included.") {
		t.Errorf("%q, want one person and 2 spare replicas", first)
	}
}

// A budget below the price of any replica has a sentence, not an empty table.
func TestBudgetThatBuysNothing(t *testing.T) {
	code, text, _ := run("", "reverse", "g=h100-sxm,l40s&budget=10")
	if code != 0 || !strings.Contains(text, "It pays for no replica with its spares") || strings.Contains(text, "left over") {
		t.Errorf("code %d:\n%s", code, text)
	}
}

// Rows that differ in nothing but a listed setting have it in a column, and a
// search over precisions says which was taken.
func TestTablesTellRowsApart(t *testing.T) {
	_, text, _ := run("", "sweep", "g=h100-sxm&rps=1,10&q=bf16,fp8&util=50,70")
	lines := strings.Split(text, "\n")
	if head := strings.Fields(lines[0]); strings.Join(head[4:8], " ") != "demand q util layout" {
		t.Errorf("columns %q", head)
	}
	seen := map[string]bool{}
	for _, l := range lines[1:9] {
		f := strings.Fields(l)
		if key := strings.Join(f[:9], " "); seen[key] || len(f) < 15 {
			t.Errorf("%q stands twice or is short", l)
		} else {
			seen[key] = true
		}
	}
	_, text, _ = run("", "size", "g=h100-sxm&m=llama-3.3-70b&q=any&rps=1")
	if !strings.Contains(text, "confidence  weights\n") || !strings.Contains(text, "  fp8\n") && !strings.Contains(text, "  int4\n") {
		t.Errorf("no precision in\n%s", text)
	}
}
