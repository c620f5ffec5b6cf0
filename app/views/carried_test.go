package views

import (
	"strings"
	"testing"
)

// The page starts from the answer in the pre-rendered markup: the same
// sentence and table, already final.
func TestCarriedAnswer(t *testing.T) {
	from := example(t)
	text := strings.Join(from.carried, "\n")
	v := &Page{s: NewSizing(testCatalog(t), "")}
	if !v.takeCarried(text) {
		t.Fatal("the carried answer was not taken")
	}
	if !v.s.Filled || !v.s.Final || v.stale() {
		t.Errorf("filled %v, final %v, stale %v; want a finished page", v.s.Filled, v.s.Final, v.stale())
	}
	if got, want := sentence(v.s), sentence(from.s); got != want {
		t.Errorf("sentence %q, want %q", got, want)
	}
	if len(v.s.Answer.Options) != len(from.s.Answer.Options) || len(v.price.Curves) != len(from.price.Curves) || len(v.curve.Points) != len(from.curve.Points) {
		t.Error("table or curves were lost")
	}
	if !strings.Contains(render(from), `id="carried"`) {
		t.Error("the pre-rendered page does not carry its answer")
	}
}

// A page opened with another state must not show the example's numbers.
func TestCarriedAnswerOfAnotherState(t *testing.T) {
	text := strings.Join(example(t).carried, "\n")
	v := &Page{s: NewSizing(testCatalog(t), "rps=200")}
	if !v.takeCarried(text) {
		t.Fatal("the carried answer was not used")
	}
	if v.s.Filled || v.s.Final {
		t.Error("an answer for another state counts as final")
	}
	if got, old := sentence(v.s), sentence(example(t).s); got == old || !strings.HasPrefix(got, "≈") {
		t.Errorf("sentence %q", got)
	}
	if n := len(v.s.Answer.Options); v.s.Quick != nil && n > 0 {
		t.Errorf("%d rows of the example stay in the table", n)
	}
	for _, bad := range []string{"", "{}", "garbage\nmore", "fleetsize-reply 0 AA", "fleetsize-reply 0 !"} {
		if (&Page{s: NewSizing(testCatalog(t), "")}).takeCarried(bad) {
			t.Errorf("takeCarried(%q) took something", bad)
		}
	}
}
