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

// watch looks after the worker until it has said everything.
func (v *Page) watch() {
	f := &v.flow
	f.silent = 0
	if f.watched || f.client == nil {
		return
	}
	f.watched = true
	v.wait(turnMillis, v.turn)
}

// turn counts a turn of silence.
func (v *Page) turn(ctx app.Context) {
	f := &v.flow
	f.watched = false
	if f.client == nil || !f.asking && !v.negotiate.busy {
		ctx.PreventUpdate()
		return
	}
	if f.silent++; f.silent >= silentTurns {
		v.hung()
		return
	}
	ctx.PreventUpdate()
	f.watched = true
	v.wait(turnMillis, v.turn)
}

// spoke notes that the worker lives; last, that nothing follows.
func (v *Page) spoke(last bool) {
	v.flow.silent = 0
	if last {
		v.flow.asking, v.flow.again = false, false
	}
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
	f.again = true
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
