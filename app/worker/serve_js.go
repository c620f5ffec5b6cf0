package worker

import (
	"fmt"
	"runtime"
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
	var job *Job
	for {
		if job == nil {
			job = begin(computer, newest(requests, <-requests))
			continue
		}
		select {
		case text := <-requests: // a newer request replaces the one at work
			job = begin(computer, newest(requests, text))
		default:
			if job = advance(job); job != nil {
				breathe()
			}
		}
	}
}

// newest is the last of the requests that wait.
func newest(requests chan string, text string) string {
	for {
		select {
		case text = <-requests:
		default:
			return text
		}
	}
}

// breathe lets messages in: the runtime returns to the browser's event loop
// only while every goroutine waits.
func breathe() {
	runtime.Gosched()
	time.Sleep(time.Microsecond)
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

// advance takes one step and sends what is ready; nil when the job is done.
func advance(job *Job) (next *Job) {
	defer func() {
		if p := recover(); p != nil {
			send(Reply{Seq: job.seq, Stage: StageFailed, Error: fmt.Sprint(p), Last: true})
			next = nil
		}
	}()
	reply, ok, more := job.Step()
	if ok {
		send(reply)
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
