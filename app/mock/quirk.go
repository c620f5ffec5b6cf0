//go:build !js

package mock

import (
	"fmt"
	"strconv"
	"strings"
)

// A Quirk is one way in which answers deviate, with its number where it takes
// one: "chunk=4".
type Quirk struct {
	Name string
	N    int // 0 = the quirk's default
}

func (q Quirk) String() string {
	if q.N == 0 {
		return q.Name
	}
	return q.Name + "=" + strconv.Itoa(q.N)
}

// QuirkInfo describes a quirk.
type QuirkInfo struct {
	Name string
	N    int    // default of its number; 0 = it takes none
	Text string // what it does, with # for the number
}

// Quirks lists every quirk there is, by group.
func Quirks() []QuirkInfo { return append([]QuirkInfo(nil), quirks...) }

var quirks = []QuirkInfo{
	// Role and deltas.
	{"role-early", 0, "the role chunk comes with the headers, long before the first token"},
	{"role-with-token", 0, "the role stands in the first token's chunk"},
	{"role-absent", 0, "no role anywhere"},
	{"empty-deltas", 0, "a chunk with empty content in front of every token"},
	{"reasoning-content", 33, "the first # % of the tokens are delta.reasoning_content"},
	{"reasoning", 33, "the first # % of the tokens are delta.reasoning"},
	{"tool-calls", 0, "the tokens are the arguments of a tool call"},
	{"refusal", 0, "the tokens are delta.refusal"},
	{"two-choices", 0, "a second, empty choice in every chunk"},
	{"new-ids", 0, "another id in every chunk"},
	// Usage.
	{"usage-absent", 0, "no usage, even when asked for"},
	{"usage-always", 0, "the usage chunk comes unasked"},
	{"usage-continuous", 0, "usage in every chunk, unasked"},
	{"usage-null", 0, `"usage":null in every chunk but the last`},
	{"usage-without-reasoning", 0, "usage does not count reasoning tokens"},
	{"reject-continuous", 0, "400 for stream_options.continuous_usage_stats"},
	{"reject-stream-options", 0, "400 for stream_options"},
	// Tokens, events and writes.
	{"chunk", 4, "# tokens per chunk"},
	{"glue", 4, "# events per write"},
	{"split", 100, "every event in several writes of # bytes"},
	{"split-utf8", 0, "events with characters of several bytes come in two writes, cut inside one; the text has such characters"},
	{"buffered", 0, "everything in one write at the end, as behind a buffering proxy"},
	// Event stream syntax.
	{"crlf", 0, "lines end in CR LF"},
	{"cr", 0, "lines end in CR"},
	{"comments", 0, "a comment line as keep-alive in front of every event"},
	{"no-space", 0, "no space after data:"},
	{"multi-data", 0, "every event in two data lines"},
	{"fields", 0, "event, id and retry fields"},
	{"bom", 0, "a byte order mark at the start"},
	{"no-done", 0, "no [DONE]"},
	{"no-final-blank", 0, "no blank line after the last event"},
	{"no-finish", 0, "no finish reason"},
	{"wrong-type", 0, "Content-Type: application/json for a stream"},
	// Endings and failures. The number says after how many tokens.
	{"early-eos", 8, "the answer ends by itself after # tokens"},
	{"truncate", 8, "the stream ends after # tokens without finish reason or [DONE]"},
	{"error-mid", 8, "an error object after # tokens, then the end"},
	{"garbage", 8, "an event that is not JSON after # tokens, then the rest"},
	{"abort", 8, "the connection is closed after # tokens"},
	{"reset", 8, "the connection is reset after # tokens"},
	{"stall", 8, "nothing comes after # tokens, and the connection stays open"},
	{"no-stream", 0, "one JSON body although a stream was asked for"},
	// Headers and refusals. The number is in milliseconds, or every how many requests.
	{"late-headers", 0, "the headers come with the first token"},
	{"slow-headers", 1000, "the headers come # ms after the first token was due"},
	{"http-400", 1, "every #. request is answered 400"},
	{"http-401", 1, "every #. request is answered 401"},
	{"http-404", 1, "every #. request is answered 404"},
	{"http-429", 1, "every #. request is answered 429 with Retry-After: 1"},
	{"http-500", 1, "every #. request is answered 500"},
	{"http-502", 1, "every #. request is answered 502 with a page of HTML"},
	{"http-503", 1, "every #. request is answered 503"},
}

func quirkInfo(name string) (QuirkInfo, bool) {
	for _, q := range quirks {
		if q.Name == name {
			return q, true
		}
	}
	return QuirkInfo{}, false
}

// ParseQuirks reads a list like "crlf,chunk=4".
func ParseQuirks(text string) ([]Quirk, error) {
	var list []Quirk
	for _, word := range strings.Split(text, ",") {
		word = strings.TrimSpace(word)
		if word == "" {
			continue
		}
		name, number, given := strings.Cut(word, "=")
		q := Quirk{Name: name}
		if given {
			n, err := strconv.Atoi(number)
			if err != nil || n < 1 {
				return nil, fmt.Errorf("quirk %q: %q is not a whole number of at least 1", name, number)
			}
			q.N = n
		}
		list = append(list, q)
	}
	return list, checkQuirks(list)
}

func checkQuirks(list []Quirk) error {
	for _, q := range list {
		info, ok := quirkInfo(q.Name)
		if !ok {
			return fmt.Errorf("unknown quirk %q; the quirks are %s", q.Name, quirkNames())
		}
		if q.N != 0 && info.N == 0 {
			return fmt.Errorf("quirk %q takes no number", q.Name)
		}
		if q.N < 0 || q.N > 1_000_000 {
			return fmt.Errorf("quirk %q: %d is not between 1 and 1,000,000", q.Name, q.N)
		}
	}
	return nil
}

func quirkNames() string {
	var names []string
	for _, q := range quirks {
		names = append(names, q.Name)
	}
	return strings.Join(names, ", ")
}

// quirkSet is the quirks of one answer with their numbers.
type quirkSet map[string]int

func newQuirkSet(list []Quirk) quirkSet {
	set := quirkSet{}
	for _, q := range list {
		n := q.N
		if n == 0 {
			if info, _ := quirkInfo(q.Name); info.N > 0 {
				n = info.N
			}
		}
		set[q.Name] = n
	}
	return set
}

func (s quirkSet) has(name string) bool {
	_, ok := s[name]
	return ok
}

// String lists the quirks as ParseQuirks reads them, in the order of Quirks.
func (s quirkSet) String() string {
	var list []string
	for _, info := range quirks {
		if n, ok := s[info.Name]; ok {
			q := Quirk{Name: info.Name}
			if n != info.N {
				q.N = n
			}
			list = append(list, q.String())
		}
	}
	return strings.Join(list, ",")
}
