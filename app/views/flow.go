package views

import (
	"fmt"
	"time"

	"fleetsize/app/worker"
	"fleetsize/calc/fleet"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// typingPause is how long typing must rest before the exact answer is computed.
const typingPause = 120 * time.Millisecond

// livePause is how long after the last change the live region speaks.
const livePause = 600 * time.Millisecond

// slice is how long one turn of computing on the page's own thread may take
// before the page gets a chance to react.
const slice = 12 * time.Millisecond

// flow has answers computed: by a worker, or in slices where there is none.
type flow struct {
	seq    int // newest request; replies to older ones are dropped
	client *client
	broken bool // the worker failed: compute here
	asking bool // the worker owes the answer to seq
	watchdog
	here *worker.Computer // computes previews, and answers where there is no worker
	job  *worker.Job      // what is being computed here
}

// preview shows the closed form at once: of the likeliest accelerators when
// there was an answer before, so that an edit shows within a frame or two; the
// worker's first reply has the whole catalog.
func (v *Page) preview() {
	v.flow.seq++
	v.flow.job, v.flow.asking = nil, false
	s := v.s
	v.computer()
	s.Final, s.Filled = false, false
	s.Done, s.Total = 0, len(s.Catalog().GPUs)
	s.Trouble = guarded(func() {
		if r, ok := s.likely(); ok {
			quick := v.flow.here.Preview(r)
			if len(quick.Options) > 0 || quick.Problem != nil {
				s.Quick = &quick
				return
			}
		}
		v.show(v.flow.here.Preview(s.Req), false)
	})
}

// computer is what computes on this thread.
func (v *Page) computer() *worker.Computer {
	if v.flow.here == nil {
		v.flow.here = worker.NewComputer(v.s.base)
		v.flow.here.Beside(v.beside)
	}
	return v.flow.here
}

// guarded runs a computation; a fault in it becomes a message instead of
// stopping the page.
func guarded(f func()) (trouble string) {
	defer func() {
		if p := recover(); p != nil {
			trouble = fmt.Sprint(p)
		}
	}()
	f()
	return ""
}

// show takes an answer for the whole catalog.
func (v *Page) show(a fleet.Answer, headline bool) {
	s := v.s
	s.Quick = nil
	s.Answer = a
	s.Filled = !a.Preview
	s.Final = headline || s.Filled
	v.fleetRev++
}

// ask requests the exact answer after a pause, unless a newer edit comes first.
func (v *Page) ask(ctx app.Context, pause time.Duration) {
	seq := v.flow.seq
	if pause == 0 {
		v.send(seq)
	} else {
		v.after(pause, func(ctx app.Context) {
			if seq != v.flow.seq {
				ctx.PreventUpdate()
				return
			}
			v.send(seq)
		})
	}
	v.liveSeq++
	v.announce(v.liveSeq)
}

// announce has the live region say the answer after a pause, once it is exact,
// unless a newer edit comes first.
func (v *Page) announce(turn int) {
	v.after(livePause, func(ctx app.Context) {
		switch {
		case turn != v.liveSeq:
			ctx.PreventUpdate()
		case !v.s.Final && v.s.Trouble == "":
			ctx.PreventUpdate()
			v.announce(turn)
		default:
			v.live = spoken(v.s)
			nameTab(v.s)
		}
	})
}

// after runs f on the UI goroutine later. A panic in it is shown, not lost.
func (v *Page) after(d time.Duration, f func(ctx app.Context)) {
	if v.root.Context == nil {
		return
	}
	v.root.After(d, f)
}

// send hands the state to the worker, or starts computing here.
func (v *Page) send(seq int) {
	v.chartRev++
	v.interrupted()
	r := worker.Request{Seq: seq, Link: v.s.Link(), LoadGPU: v.loadGPU, Own: v.s.own, Fit: v.s.fit, Measured: v.beside}
	if v.flow.asking = v.startWorker(); v.flow.asking {
		if v.flow.alive { // something else is asked of a worker that was not yet done, but lives
			v.flow.again = false
		}
		v.flow.client.send(r)
		v.watch()
		return
	}
	v.flow.job = v.computer().Start(r)
	v.work(seq)
}

// startWorker reports whether there is a worker, started now if need be.
func (v *Page) startWorker() bool {
	if !v.flow.broken && v.flow.client == nil {
		v.flow.client = newClient(v.receive, v.lost)
		v.flow.broken = v.flow.client == nil
	}
	return !v.flow.broken
}

// work computes in slices on this thread.
func (v *Page) work(seq int) {
	v.later(func(ctx app.Context) {
		if seq != v.flow.seq || v.flow.job == nil {
			ctx.PreventUpdate()
			return
		}
		until := time.Now().Add(slice)
		for {
			var reply worker.Reply
			var ok, more bool
			if trouble := guarded(func() { reply, ok, more = v.flow.job.Step() }); trouble != "" {
				reply, ok, more = worker.Reply{Stage: worker.StageFailed, Error: trouble, Last: true}, true, false
			}
			if ok {
				v.take(reply)
			}
			if !more {
				v.flow.job = nil
				return
			}
			if time.Now().After(until) {
				break
			}
		}
		v.work(seq)
	})
}

// later runs f after the browser had its turn. A short sleep would not do: it
// can be over before the runtime looks, and then the page never gets to react.
func (v *Page) later(f func(ctx app.Context)) { v.wait(0, f) }

// wait runs f after a time of the browser's clock, in ms.
func (v *Page) wait(ms int, f func(ctx app.Context)) {
	if v.root.Context == nil || app.IsServer {
		return
	}
	var wake app.Func
	wake = app.FuncOf(func(app.Value, []app.Value) any {
		wake.Release()
		v.root.Dispatch(f)
		return nil
	})
	app.Window().Call("setTimeout", wake, ms)
}

// receive takes a reply of the worker. One to an older request is dropped unread.
func (v *Page) receive(text string) {
	v.root.Dispatch(func(ctx app.Context) {
		if seq, ok := worker.ToldNumber(text); ok {
			v.receiveTold(ctx, seq, text)
			return
		}
		v.spoke(false)
		if seq, ok := worker.Number(text); ok && seq != 0 && seq != v.flow.seq {
			ctx.PreventUpdate()
			return
		}
		reply, err := worker.DecodeReply(text, v.s.Req)
		if err != nil || reply.Seq == 0 { // the worker itself is broken
			v.fallBack()
			return
		}
		v.spoke(reply.Last)
		v.take(reply)
	})
}

// lost falls back to this thread when the worker is gone.
func (v *Page) lost() {
	v.root.Dispatch(func(ctx app.Context) { v.fallBack() })
}

func (v *Page) fallBack() {
	if v.flow.broken {
		return
	}
	v.flow.broken, v.flow.asking = true, false
	if v.flow.client != nil {
		v.flow.client.stop()
		v.flow.client = nil
	}
	if !v.s.Filled || v.stale() {
		v.send(v.flow.seq)
	}
}

// take shows a reply to the newest request.
func (v *Page) take(r worker.Reply) {
	s := v.s
	s.Done, s.Total = r.Done, r.Total
	switch r.Stage {
	case worker.StageAnswer:
		if s.Filled && s.Quick == nil && r.Answer.Preview {
			return // the exact answer is already there
		}
		v.show(r.Answer, r.Headline)
	case worker.StagePrice:
		v.price = r.Price
		v.chartRev++
	case worker.StageLoad:
		v.curve = r.Load
		v.chartRev++
	case worker.StageFailed:
		s.Trouble = r.Error
		s.Filled = true
	}
	if r.Last {
		v.chartSeq = v.flow.seq
		v.chartRev++
		v.pursue()
		if v.past.owed > 0 && v.past.owed == v.flow.seq {
			v.keepPast(true)
		}
		v.stayed()
	}
}

// stale reports whether the charts still show an earlier answer.
func (v *Page) stale() bool { return v.chartSeq != v.flow.seq }

// plotClass dims a drawing while its successor is being computed.
func (v *Page) plotClass() string {
	if v.stale() && !v.dragging {
		return "plot stale"
	}
	return "plot"
}
