package bench

import (
	"fmt"
	"strings"
)

// Ask is a request that is answered at once instead of streamed.
type Ask struct {
	To   int    // which endpoint; 0 = the first
	Path string // below its base address, "/embeddings"
	Type string // content type of the body
	Body []byte
}

// JSON is the content type of most Asks.
const JSON = "application/json"

// Answer is what came of an Ask. Times are seconds on one clock.
type Answer struct {
	Body       []byte
	Sent, Done float64
	Err        error // why there is no answer; nil = there is one
}

// Took is how long the answer took, in seconds.
func (a *Answer) Took() float64 { return a.Done - a.Sent }

// Round is requests that may be under way side by side. A transport carries
// rounds out one after another: it sends N requests, at most Parallel at once,
// and hands each answer to Take as it comes, one at a time. Requests that were
// interrupted have no answer.
type Round struct {
	N, Parallel int
	Ask         func(i int) Ask // request i, counted from 0
	Take        func(i int, a Answer)
}

// Requests is how many requests the rounds have together.
func Requests(rounds []Round) (n int) {
	for _, r := range rounds {
		n += r.N
	}
	return n
}

// Refused is the error of an answer that is no success.
func Refused(status int, body []byte) error {
	return fmt.Errorf("HTTP %d: %s", status, ServerMessage(body))
}

// maxFaults is how many different failures are kept for the reader.
const maxFaults = 5

// Faults are the messages of requests that failed, a few different ones.
type Faults []string

// Add notes a failure.
func (f *Faults) Add(err error) {
	text := err.Error()
	for _, known := range *f {
		if known == text {
			return
		}
	}
	if len(*f) < maxFaults {
		*f = append(*f, text)
	}
}

// ParseDefinitions reads definitions of a text, one a line: key, id, unit and
// text between bars.
func ParseDefinitions(text string) (list []Definition) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.SplitN(line, "|", 4)
		list = append(list, Definition{f[0], f[1], f[2], f[3]})
	}
	return list
}

// Explained are definitions by their keys, as documents carry them.
func Explained(list []Definition) map[string]Definition {
	m := make(map[string]Definition, len(list))
	for _, d := range list {
		m[d.Key] = d
	}
	return m
}

// Shell is a text as one word of a POSIX shell, for commands to copy.
func Shell(s string) string { return shell(s) }
