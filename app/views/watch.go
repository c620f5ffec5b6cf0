package views

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// A worker that dies says so; one that hangs says nothing. It is taken for hung
// when it stays silent for silentTurns turns of turnMillis while something is
// asked of it: half a minute, where its replies are fractions of a second apart
// on a slow phone. Turns are counted, not time, so that a computer that slept
// does not wake up to a worker given up.
const (
	turnMillis  = 5000
	silentTurns = 6
)

// watchdog counts the turns that a worker is silent.
type watchdog struct {
	again   bool // the same is asked for the second time, of a second worker
	alive   bool // it has spoken since
	silent  int  // turns since the worker last spoke
	watched bool // a turn is being waited for
}

// guard looks after a worker for as long as asked says that something is
// asked of it, and calls hung should it hang.
func (v *Page) guard(w *watchdog, asked func() bool, hung func()) {
	w.silent = 0
	var turn func(ctx app.Context)
	next := func() {
		w.watched = true
		v.wait(turnMillis, turn)
	}
	turn = func(ctx app.Context) {
		w.watched = false
		w.silent++
		switch {
		case !asked():
			ctx.PreventUpdate()
		case w.silent >= silentTurns:
			hung()
		default:
			ctx.PreventUpdate()
			next()
		}
	}
	if !w.watched {
		next()
	}
}

// watch looks after the sizing's worker until it has said everything.
func (v *Page) watch() {
	f := &v.flow
	if f.client != nil {
		v.guard(&f.watchdog, func() bool { return f.client != nil && (f.asking || v.negotiate.busy) }, v.hung)
	}
}

// spoke notes that the worker lives; last, that nothing follows.
func (v *Page) spoke(last bool) {
	v.flow.silent, v.flow.alive = 0, true
	if last {
		v.flow.asking, v.flow.again = false, false
	}
}

// studyHung does the same for the study's worker: a second one is asked, then
// this thread computes. What a fit found before stays, and so does a cancel.
func (v *Page) studyHung() {
	st := &v.study
	j := &st.job
	j.client.stop()
	j.client = nil
	if j.stop || j.what == "fit" && st.fit != nil {
		j.what = ""
		st.rev++
		return
	}
	if j.here = j.again; j.here {
		v.say("The background calculation does not answer. The page computes on its own now and may react later than usual.")
	}
	j.again = true
	v.postStudy()
}

// hung starts a worker in the place of one that hangs and asks it the same
// again. Should that hang as well, the page computes on its own thread.
func (v *Page) hung() {
	f := &v.flow
	if f.again {
		v.fallBack()
		v.say("The background calculation does not answer. The page computes on its own now and may react later than usual.")
		return
	}
	f.again, f.alive = true, false
	f.client.stop()
	f.client = nil
	if f.asking {
		v.send(f.seq)
		return
	}
	v.interrupted()
	v.startWorker()
	v.pursue()
}

// warm previews each of the likeliest accelerators once while nothing happens,
// so that the first edit finds the code compiled and the replicas known.
func (v *Page) warm() {
	seq := v.flow.seq
	r, _ := v.s.likely()
	list := r.GPUs
	var next func(ctx app.Context)
	next = func(ctx app.Context) {
		ctx.PreventUpdate()
		if len(list) == 0 || seq != v.flow.seq {
			return
		}
		r.GPUs, list = list[:1], list[1:]
		guarded(func() { v.computer().Preview(r) })
		v.later(next)
	}
	v.later(next)
}
