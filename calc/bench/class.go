package bench

import "strconv"

// Class says how a request ended. The zero value is a complete answer.
type Class string

// The ways in which a request ends.
const (
	OK       Class = ""
	Connect  Class = "connect"    // no connection: refused, no such name, no route
	TLS      Class = "tls"        // the certificate or the handshake
	CORS     Class = "cors"       // the browser was not allowed to read the answer
	Network  Class = "network"    // failed before the headers for a reason the browser hides
	HTTP4xx  Class = "http_4xx"   // refused, 429 excepted
	HTTP429  Class = "http_429"   // too many requests
	HTTP5xx  Class = "http_5xx"   // the server failed
	HTTPOdd  Class = "http_other" // neither success nor error: a redirect, say
	Timeout  Class = "timeout"    // not finished in the time allowed
	Stall    Class = "stall"      // bytes stopped coming
	Garbage  Class = "garbage"    // an answer that is no event stream of this protocol
	Cut      Class = "cut"        // ended without finish reason and [DONE]
	InStream Class = "in_stream"  // an error object inside the stream
	NoStream Class = "no_stream"  // the whole answer at once although streaming was asked for
	Empty    Class = "empty"      // a clean end without a token
	Canceled Class = "canceled"   // stopped by us: censored, not an error
	Adapted  Class = "adapted"    // refused for an option we then left out: sent again, not an error
	Aborted  Class = "aborted"    // stopped by the person at the keyboard: censored
	Overlong Class = "too_long"   // more bytes than any answer has
	Client   Class = "client"     // our own side failed, out of sockets for example
)

// Failed reports whether the class counts as an error of the service.
func (c Class) Failed() bool {
	switch c {
	case OK, Canceled, Aborted, Adapted:
		return false
	}
	return true
}

// Censored reports whether we ended the request ourselves.
func (c Class) Censored() bool { return c == Canceled || c == Aborted }

// Text explains the class in one sentence.
func (c Class) Text() string {
	switch c {
	case OK:
		return "Complete."
	case Connect:
		return "No connection: the address does not answer."
	case TLS:
		return "The encrypted connection failed; check the certificate."
	case CORS:
		return "The server does not allow this page to read its answers (CORS)."
	case Network:
		return "The browser could not reach the server and does not say why."
	case HTTP4xx:
		return "The server refused the request."
	case HTTP429:
		return "The server said too many requests (429)."
	case HTTP5xx:
		return "The server failed (5xx)."
	case HTTPOdd:
		return "The server answered with neither success nor error."
	case Timeout:
		return "Not finished in the time allowed."
	case Stall:
		return "The stream stopped without ending."
	case Garbage:
		return "The answer is not an event stream of this protocol."
	case Cut:
		return "The stream ended in the middle of the answer."
	case InStream:
		return "The server reported an error inside the stream."
	case NoStream:
		return "The server sent the whole answer at once; TTFT cannot be measured without streaming."
	case Empty:
		return "The stream ended properly without a single token."
	case Canceled, Aborted:
		return "Ended by this program before the answer was complete."
	case Adapted:
		return "Sent again without an option that the server refused."
	case Overlong:
		return "The answer is larger than any answer to this request can be."
	case Client:
		return "This computer could not send the request."
	}
	return string(c)
}

// statusClass is the class of an HTTP status, OK for success.
func statusClass(status int) Class {
	switch {
	case status == 429:
		return HTTP429
	case status >= 500 && status <= 599:
		return HTTP5xx
	case status >= 400 && status <= 499:
		return HTTP4xx
	case status >= 200 && status <= 299:
		return OK
	}
	return HTTPOdd
}

// Failure is what a transport knows about the end of a request: nothing after
// a clean end of the body.
type Failure struct {
	Class Class
	Text  string // for people; may be empty
}

// statusText names a status for people.
func statusText(status int, body string) string {
	text := "HTTP " + strconv.Itoa(status)
	if body != "" {
		text += ": " + body
	}
	return text
}
