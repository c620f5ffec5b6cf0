package bench

import (
	"bytes"
	"strings"
)

const (
	// maxHead is how much of a body is kept to explain a failure, in bytes.
	maxHead = 2 << 10
	// maxBody is the largest body that is read.
	maxBody = 256 << 20
)

// Stream turns what a transport reads of one answer into a Record. It belongs
// to one goroutine.
type Stream struct {
	rec     Record
	counter Counter
	parser  Parser
	head    []byte
	text    strings.Builder
	opening int  // bytes of text in the first event that carried any
	json    bool // the content type says JSON, not an event stream
	whole   bool
	inError string
	usage   *Usage
	running bool // usage came with tokens, not only at the end
	ended   bool

	// of the current read
	at     float64
	events int
	emit   func(Event)
}

// NewStream follows the answer to a request. Without a counter, tokens are
// estimated (CharsPerToken).
func NewStream(q *Request, c Counter) *Stream {
	if c == nil {
		c = CharsPerToken{}
	}
	s := &Stream{counter: c, rec: Record{
		ID: q.ID, Phase: q.Phase, Measured: q.Measured, Due: q.Due, InputWanted: q.Input, OutputWanted: q.Output,
		Sent: never, Headers: never, First: never, Answer: never, Last: never, End: never,
		Input: -1, Cached: -1, Reasoning: -1, FirstTokens: 1,
	}}
	s.emit = s.event
	return s
}

// Sent says when the request was handed to the network.
func (s *Stream) Sent(at float64) { s.rec.Sent = at }

// Headers says when the status was known. retryAfter is the header of that
// name in seconds, 0 without one.
func (s *Stream) Headers(at float64, status int, contentType string, retryAfter float64) {
	s.rec.Headers, s.rec.Status, s.rec.RetryAfter = at, status, retryAfter
	s.json = strings.Contains(strings.ToLower(contentType), "json")
}

// Read takes bytes of the body as they arrived, in order; all of them arrived
// at that time. It reports whether the transport should go on reading.
func (s *Stream) Read(at float64, p []byte) bool {
	s.rec.Bytes += len(p)
	if room := maxHead - len(s.head); room > 0 {
		s.head = append(s.head, p[:min(room, len(p))]...)
	}
	if statusClass(s.rec.Status) != OK {
		return s.rec.Bytes < maxHead // enough to explain it
	}
	s.at, s.events = at, 0
	s.parser.Feed(p, s.emit)
	s.endRead()
	return s.rec.Bytes < maxBody
}

func (s *Stream) endRead() {
	if s.events == 0 {
		return
	}
	a := Arrival{s.at, s.events, -1}
	if s.running && s.usage != nil && s.usage.Completion > 0 {
		a.Tokens = s.usage.Completion
	}
	s.rec.Arrivals = append(s.rec.Arrivals, a)
	s.rec.Reads++
	s.events = 0
}

// Started reports whether a token has arrived.
func (s *Stream) Started() bool { return s.rec.First >= 0 }

func (s *Stream) event(e Event) {
	if len(bytes.TrimSpace(e.Data)) == 0 {
		return
	}
	d, err := DecodeEvent(e)
	switch {
	case err != nil:
		s.rec.Garbage++
		return
	case d.Done:
		s.rec.Done = true
		return
	case d.Error != "":
		s.inError = d.Error
		return
	case d.Whole:
		s.whole = true
		return
	}
	if d.Finish != "" {
		s.rec.Finish = d.Finish
	}
	if d.Usage != nil {
		s.usage = d.Usage
		s.running = s.running || d.Bearing()
	}
	if !d.Bearing() {
		return
	}
	s.text.WriteString(d.Reasoning)
	s.text.WriteString(d.Answer)
	if s.rec.First < 0 {
		s.rec.First, s.opening = s.at, s.text.Len()
		if d.Usage != nil && d.Usage.Completion > 0 {
			s.rec.FirstTokens = d.Usage.Completion
		}
	}
	if s.rec.Answer < 0 && d.Answer != "" {
		s.rec.Answer = s.at
	}
	s.rec.Last = s.at
	s.rec.Events++
	s.events++
}

// End closes the stream and returns what is known of the request. f is what
// the transport knows, nothing after a clean end of the body.
func (s *Stream) End(at float64, f Failure) Record {
	if s.ended {
		return s.rec
	}
	s.ended = true
	s.at = at
	s.parser.Flush(s.emit)
	s.endRead()
	r := &s.rec
	r.End = at
	r.Garbage += s.parser.Garbage + s.parser.Overlong
	s.count()
	r.Class, r.Text = s.classify(f)
	s.head, s.text = nil, strings.Builder{}
	return *r
}

// count settles how many tokens the answer has, and who says so.
func (s *Stream) count() {
	r := &s.rec
	if s.usage != nil {
		r.Input, r.Cached, r.Reasoning = s.usage.Prompt, s.usage.Cached, s.usage.Reasoning
	}
	text := s.text.String()
	r.Counted, r.Exact = s.counter.Count(text), s.counter.Exact()
	switch {
	case s.usage != nil && s.usage.Completion > 0:
		r.Output, r.From = s.usage.Completion, "usage"
	case r.Events == 0:
	case s.counter.Exact():
		r.Output, r.From = r.Counted, s.counter.Name()
	default:
		// One token to an event is closer than four characters to a token.
		r.Output, r.From = r.Events, "events"
	}
	if r.FirstTokens == 1 && r.Exact && r.Events > 0 {
		if r.FirstTokens = max(s.counter.Count(text[:s.opening]), 1); r.Events == 1 {
			r.FirstTokens = max(r.Output, 1)
		}
	}
}

func (s *Stream) classify(f Failure) (Class, string) {
	r := &s.rec
	message := s.message()
	switch c := statusClass(r.Status); {
	case f.Class.Censored():
		return f.Class, f.Text
	case r.Status == 0:
		if f.Class == OK {
			return Network, "no status"
		}
		return f.Class, f.Text
	case c != OK:
		return c, statusText(r.Status, message)
	case s.inError != "":
		return InStream, s.inError
	case f.Class == Network || f.Class == Connect || f.Class == TLS:
		return Cut, f.Text // the answer had begun
	case f.Class != OK:
		return f.Class, f.Text
	case r.Bytes >= maxBody:
		return Overlong, ""
	case s.whole:
		return NoStream, ""
	case r.Events == 0:
		return s.classifyEmpty(message)
	case !r.Done && r.Finish == "":
		return Cut, "no finish reason and no [DONE]"
	}
	return OK, ""
}

// classifyEmpty is the class of a success without a token.
func (s *Stream) classifyEmpty(message string) (Class, string) {
	head := bytes.TrimSpace(s.head)
	if len(head) > 0 && head[0] == '{' {
		d, err := DecodeEvent(Event{Data: head})
		switch {
		case err == nil && d.Error != "":
			return InStream, d.Error
		case s.json || err == nil && d.Whole:
			return NoStream, ""
		}
	}
	if s.rec.Garbage > 0 || s.rec.Bytes > 0 && s.parser.Comments == 0 && !s.rec.Done && s.rec.Finish == "" {
		return Garbage, message
	}
	if s.rec.Done || s.rec.Finish != "" {
		return Empty, ""
	}
	return Cut, "ended before the first token"
}

// message is the server's own words at the start of the body.
func (s *Stream) message() string {
	head := bytes.TrimSpace(s.head)
	if len(head) > 0 && head[0] == '{' {
		if d, err := DecodeEvent(Event{Type: "error", Data: head}); err == nil {
			return d.Error
		}
	}
	if text, ok := page(string(head)); ok {
		return text
	}
	return clip(string(head), maxMessage)
}

// ServerMessage is what a server says in the body of a failure, in one line.
func ServerMessage(body []byte) string {
	s := Stream{head: body[:min(len(body), maxHead)]}
	return s.message()
}
