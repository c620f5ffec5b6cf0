package worker

import (
	"fmt"
	"syscall/js"
	"time"

	"fleetsize/catalog"
)

// Serve answers the page's requests for as long as the worker lives. It must
// run in a Web Worker started by the site's worker.js.
func Serve() {
	requests := make(chan string, 64)
	js.Global().Call("fleetsizeWorkerReady", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) > 0 {
			requests <- args[0].String()
		}
		return nil
	}))
	cat, err := catalog.Load()
	if err != nil {
		fail(err.Error())
		select {}
	}
	computer := NewComputer(cat)
	air := newBreather()
	var job *Job
	var replies *teller // of the job
	var asked *Asked    // waits for the job to end; the next sizing drops it
	take := func(text string) {
		text, later := newest(requests, text)
		if text != "" && text != StopStudy { // a stop comes after the end
			asked, job = nil, nil
			if r, ok := DecodeStudy(text); ok {
				serveStudy(cat, r, requests, air)
			} else {
				job, replies = begin(computer, text), newTeller(send, time.Now)
			}
		}
		if later != nil {
			asked = ask(computer, *later)
		}
	}
	for {
		if job == nil && asked == nil {
			take(<-requests)
			continue
		}
		select {
		case text := <-requests: // a newer request replaces the one at work
			take(text)
		default:
			if job != nil {
				job = advance(job, replies)
			} else {
				asked = further(asked)
			}
			if job != nil || asked != nil {
				air.breathe()
			}
		}
	}
}

// ask begins a study; a fault in it is told, not lost.
func ask(c *Computer, a Ask) (asked *Asked) {
	defer func() {
		if p := recover(); p != nil {
			tell(Told{Seq: a.Seq, Error: fmt.Sprint(p), Done: true, Last: true})
			asked = nil
		}
	}()
	return c.StartAsk(a)
}

// further takes one step of a study and sends what is ready; nil when it is done.
func further(j *Asked) (next *Asked) {
	defer func() {
		if p := recover(); p != nil {
			tell(Told{Seq: j.ask.Seq, Error: fmt.Sprint(p), Done: true, Last: true})
			next = nil
		}
	}()
	told, ok, more := j.Step()
	if ok {
		tell(told)
	}
	if !more {
		return nil
	}
	return j
}

func tell(t Told) {
	text, err := EncodeTold(t)
	if err != nil {
		text, _ = EncodeTold(Told{Seq: t.Seq, Topic: t.Topic, Error: err.Error(), Done: true, Last: true})
	}
	js.Global().Call("postMessage", text)
}

// serveStudy answers about a table of measurements. Any message that comes
// meanwhile ends it: the page starts a worker of its own for studies.
func serveStudy(cat *catalog.Catalog, r StudyRequest, requests chan string, air *breather) {
	defer func() {
		if p := recover(); p != nil {
			postStudy(StudyReply{Seq: r.Seq, Stage: StudyFailed, Error: fmt.Sprint(p), Last: true})
		}
	}()
	stopped := false
	Study(cat, r, func(reply StudyReply) bool {
		postStudy(reply)
		air.breathe()
		select {
		case text := <-requests:
			stopped = true
			if _, ok := DecodeStudy(text); ok {
				requests <- text
			}
		default:
		}
		return !stopped
	})
}

func postStudy(r StudyReply) {
	text, err := EncodeStudyReply(r)
	if err != nil {
		text, _ = EncodeStudyReply(StudyReply{Seq: r.Seq, Stage: StudyFailed, Error: err.Error(), Last: true})
	}
	js.Global().Call("postMessage", text)
}

// newest is the last of the requests that wait, and the last Ask after it.
func newest(requests chan string, text string) (last string, later *Ask) {
	for {
		if a, ok := DecodeAsk(text); ok {
			later = &a
		} else {
			last, later = text, nil
		}
		select {
		case text = <-requests:
		default:
			return last, later
		}
	}
}

// breather lets messages in. The runtime returns to the browser's event loop
// only when every goroutine waits, and a short sleep may be over before that
// is checked; so it waits for a timer of the browser's.
type breather struct {
	woken chan struct{}
	wake  js.Func
	last  time.Time
}

// turn is how long steps may run before messages are let in.
const turn = 16 * time.Millisecond

func newBreather() *breather {
	b := &breather{woken: make(chan struct{}, 1), last: time.Now()}
	b.wake = js.FuncOf(func(js.Value, []js.Value) any {
		b.woken <- struct{}{}
		return nil
	})
	return b
}

func (b *breather) breathe() {
	if time.Since(b.last) < turn {
		return
	}
	js.Global().Call("setTimeout", b.wake, 0)
	<-b.woken
	b.last = time.Now()
}

// begin starts a job; a request that can not be read is reported.
func begin(c *Computer, text string) (job *Job) {
	defer func() {
		if p := recover(); p != nil {
			fail(fmt.Sprint(p))
			job = nil
		}
	}()
	r, err := DecodeRequest(text)
	if err != nil {
		fail(err.Error())
		return nil
	}
	return c.Start(r)
}

// advance takes one step and tells what is ready; nil when the job is done.
func advance(job *Job, replies *teller) (next *Job) {
	defer func() {
		if p := recover(); p != nil {
			send(Reply{Seq: job.seq, Stage: StageFailed, Error: fmt.Sprint(p), Last: true})
			next = nil
		}
	}()
	reply, ok, more := job.Step()
	if ok {
		replies.take(reply)
	} else {
		replies.due()
	}
	if !more {
		return nil
	}
	return job
}

func send(r Reply) {
	text, err := EncodeReply(r)
	if err != nil {
		fail(err.Error())
		return
	}
	js.Global().Call("postMessage", text)
}

// fail tells the page to compute on its own.
func fail(text string) {
	data, _ := EncodeReply(Reply{Stage: StageFailed, Error: text})
	js.Global().Call("postMessage", data)
}
