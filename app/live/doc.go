// Package live measures an endpoint from the page.
//
// A Session lets a run of package bench drive a Wire: something that sends
// requests and tells what arrived when. In the page that is reader.js in a Web
// Worker of its own, whose clock stamps every arrival; nothing else runs on
// that thread. The session runs on the page's thread and is fed with the
// wire's events, which may come late: only their times count.
//
// Check finds out, before any load, whether the page can reach the endpoint at
// all and what will limit it, and says in words what to change where it cannot.
//
// An Asking carries out rounds of requests that are answered at once, for checks
// of what an endpoint answers.
//
// All are plain state machines without a browser in them, so that they are
// tested natively against a real server.
package live

// Send is one request for a Wire.
type Send struct {
	ID      int
	Method  string
	URL     string
	Headers [][2]string
	Body    []byte
	Opaque  bool // only to find out whether anything answers: the answer cannot be read

	// Near is where the address is: of an opaque request that fails, the
	// browser's permission to reach it is asked for.
	Near Place
}

// Wire sends requests. Its times are ms of a clock of its own that never goes
// back. What happens is reported as Events; every Start ends in exactly one
// End, Fail or Ended event.
type Wire interface {
	Start(Send)
	Abort(id int)
	// Wake asks for a Tick at a time, in ms of the wire's clock.
	Wake(at float64)
	Close()
}

// What says what happened to a request.
type What string

// The kinds of events, in the order in which they come.
const (
	Sent  What = "sent"  // just before it is handed to the network
	Head  What = "head"  // status and headers are here
	Data  What = "data"  // bytes of the body
	End   What = "end"   // the body is complete
	Fail  What = "error" // the browser's word for any failure
	Ended What = "abort" // by Abort
)

// Event is something that happened to a request.
type Event struct {
	ID          int
	What        What
	At          float64 // ms of the wire's clock
	Status      int     // Head; 0 for an opaque answer
	ContentType string  // Head
	RetryAfter  float64 // Head, seconds; 0 = none
	Bytes       []byte  // Data; valid until the event is handled
	Text        string  // Fail
}
