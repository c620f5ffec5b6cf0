package worker

import "time"

// A page draws the table anew for every reply: 20 to 30 ms of a laptop's main
// thread, four times that of a phone's, nine tenths of its work after an edit
// when there were twenty of them. So what only fills the table is told at most every tellPause. The
// preview waits previewPause: where everything was simulated before, the exact
// answer overtakes it.
const (
	tellPause    = 250 * time.Millisecond
	previewPause = 60 * time.Millisecond
)

// teller passes the replies of one job on, at a pace a page can follow.
type teller struct {
	send func(Reply)
	now  func() time.Time

	next     time.Time // before it nothing is told that can wait
	headline bool      // the exact headline is told
	held     []Reply   // wait for next, or for what can not
}

func newTeller(send func(Reply), now func() time.Time) *teller {
	return &teller{send: send, now: now, next: now().Add(previewPause)}
}

// take tells a reply, or keeps it for later. An answer replaces one that waits.
func (t *teller) take(r Reply) {
	waits := r.Stage == StageLoad // its successor is drawn along with it
	if r.Stage == StageAnswer {
		t.held = nil
		waits = r.Answer.Preview && (t.headline || !r.Headline)
		t.headline = t.headline || r.Headline
	}
	t.held = append(t.held, r)
	if !waits {
		t.next = time.Time{}
	}
	t.due()
}

// due tells what has waited long enough.
func (t *teller) due() {
	if len(t.held) == 0 || t.now().Before(t.next) {
		return
	}
	for _, r := range t.held {
		t.send(r)
	}
	t.held = nil
	t.next = t.now().Add(tellPause)
}
