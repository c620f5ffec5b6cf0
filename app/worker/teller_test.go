package worker

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fleetsize/calc/fleet"
)

// What can wait is told at a pace; what a page waits for is told at once, and
// nothing older after it.
func TestTellerKeepsPace(t *testing.T) {
	clock := time.Unix(0, 0)
	var told []string
	name := func(r Reply) string { return fmt.Sprint(r.Stage, r.Done) }
	replies := newTeller(func(r Reply) { told = append(told, name(r)) }, func() time.Time { return clock })
	answer := func(done int, headline, preview bool) Reply {
		return Reply{Stage: StageAnswer, Done: done, Headline: headline, Answer: fleet.Answer{Preview: preview}}
	}
	for i, step := range []struct {
		after time.Duration
		reply Reply
		want  []string
	}{
		{0, answer(0, false, true), nil},
		{previewPause / 2, answer(2, false, true), nil},
		{previewPause / 2, Reply{}, []string{"answer2"}}, // the newer of the two, once its time has come
		{time.Millisecond, answer(4, true, true), []string{"answer4"}},
		{time.Millisecond, answer(8, true, true), nil},
		{tellPause, Reply{}, []string{"answer8"}},
		{time.Millisecond, answer(12, true, true), nil},
		{time.Millisecond, answer(60, true, false), []string{"answer60"}},
		{time.Millisecond, Reply{Stage: StageLoad, Done: 61}, nil},
		{time.Millisecond, Reply{Stage: StagePrice, Done: 62}, []string{"load61", "price62"}},
		{time.Hour, Reply{}, nil},
		{time.Millisecond, Reply{Stage: StageFailed}, []string{"failed0"}},
	} {
		clock, told = clock.Add(step.after), nil
		if step.reply.Stage == "" {
			replies.due()
		} else {
			replies.take(step.reply)
		}
		if !slices.Equal(told, step.want) {
			t.Errorf("step %d told %v, want %v", i, told, step.want)
		}
	}
}

// Whatever the pace, the last answer, the curves and the end of a job are told.
func TestTellerTellsTheEnd(t *testing.T) {
	cat := testCatalog(t)
	var told []Reply
	replies := newTeller(func(r Reply) { told = append(told, r) }, func() time.Time { return time.Unix(0, 0) })
	job := NewComputer(cat).Start(Request{Seq: 3, Link: few})
	for more := true; more; {
		var reply Reply
		var ok bool
		if reply, ok, more = job.Step(); ok {
			replies.take(reply)
		}
	}
	var stages []Stage
	for _, r := range told {
		stages = append(stages, r.Stage)
	}
	if want := []Stage{StageAnswer, StageAnswer, StageLoad, StagePrice}; !slices.Equal(stages, want) && !slices.Equal(stages, want[1:]) {
		t.Fatalf("told %v, want at most the headline, then the table, the load and the prices", stages)
	}
	if last := told[len(told)-1]; !last.Last {
		t.Error("the end is not told")
	}
	if answer := told[len(told)-3]; answer.Answer.Preview {
		t.Error("the table is not told whole")
	}
}
