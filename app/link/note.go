package link

import (
	"strconv"
	"strings"
)

// Codes of notes.
const (
	CodeValue     = "value"     // a value that cannot be used; the default is used instead
	CodeUnknown   = "unknown"   // keys of a newer version, kept
	CodeCut       = "cut"       // the link lost its end
	CodeVersion   = "version"   // grammar version of a newer program
	CodeDuplicate = "duplicate" // a key or list item stated twice
	CodeDemand    = "demand"    // the demand stated in several ways
	CodeIgnored   = "ignored"   // a value that has no effect as the link stands
	CodeEngine    = "engine"    // an unknown serving engine; the default one is used
	CodeData      = "data"      // made with facts of another date
	CodeContext   = "context"   // a conversation that outgrows the model
	CodeLong      = "long"      // longer than a link can be; the rest is left out
)

// Note is something the reader should know about a link: an unknown key, a
// bad value, a link that was cut off. Text is one or two whole sentences.
type Note struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Code, Key, Value, Text string

	problem string
}

// Problem is the note without what was done about it: key, value, remedy.
// It is what a program that refuses bad values says.
func (n Note) Problem() string {
	if n.problem != "" {
		return n.problem
	}
	return n.Text
}

// badValue is the note for a value that cannot be used; problem names value and remedy.
func badValue(key, value, problem string) Note {
	problem = key + ": " + problem
	return Note{Code: CodeValue, Key: key, Value: value, Text: problem + ". The default is used instead.", problem: problem}
}

// unknownKeys is the one note for all keys this program does not know.
func unknownKeys(pairs []Pair) []Note {
	if len(pairs) == 0 {
		return nil
	}
	const most = 8
	names := make([]string, 0, most)
	seen := map[string]bool{}
	for _, p := range pairs {
		if !seen[p.Key] {
			seen[p.Key] = true
			names = append(names, shorten(p.Key, 24))
		}
	}
	n, list := len(names), names
	if n > most {
		list = append(names[:most:most], "and "+strconv.Itoa(n-most)+" more")
	}
	text := strconv.Itoa(n) + " settings in this link are newer than this app: "
	if n == 1 {
		text = "1 setting in this link is newer than this app: "
	}
	all := strings.Join(list, ", ")
	return []Note{{Code: CodeUnknown, Key: pairs[0].Key, Value: pairs[0].Value, Text: text + all + "."}}
}

// shorten cuts s to at most n bytes at a character boundary.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
