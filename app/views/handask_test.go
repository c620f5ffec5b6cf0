package views

import (
	"strings"
	"testing"

	"fleetsize/app/export"
)

// Whatever is not confirmed is asked about, what was stated first; what is
// confirmed is not asked again.
func TestQuestionsToAsk(t *testing.T) {
	v := example(t)
	v.s.State.Confirmed = nil
	v.hand.dialog = "ask"
	all := export.OpenQuestions(v.handover())
	page := render(v)
	for _, q := range all {
		if q.Ask == "" || q.Why == "" || !strings.Contains(page, `id="ask-`+q.ID+`"`) {
			t.Errorf("%s: asked %q because %q, and shown %v", q.ID, q.Ask, q.Why, strings.Contains(page, `id="ask-`+q.ID+`"`))
		}
	}
	for _, id := range confirmable(v.s) {
		if export.QuestionOf(id).Ask == "" {
			t.Errorf("%s can be confirmed, but nobody is asked about it", id)
		}
	}
	v.s.State.Confirmed = []string{"in", "ttft"}
	left := export.OpenQuestions(v.handover())
	if len(left) != len(all)-2 || strings.Contains(render(v), `id="ask-in"`) {
		t.Errorf("%d questions with two confirmed, %d before", len(left), len(all))
	}
	text := export.AskText(v.handover())
	if strings.Contains(text, export.QuestionOf("ttft").Ask) || !strings.Contains(text, export.QuestionOf("out").Ask) || !strings.Contains(text, "#v=1") {
		t.Errorf("the list to send: %s", text)
	}
}
