package views

import (
	"sort"
	"strings"

	"fleetsize/catalog/jsonio"
)

// Bounds of what is kept of past sizings, together well below what browsers
// give a site. The bytes are those of the texts.
const (
	maxPast      = 100
	maxPastBytes = 200_000
)

// past is a sizing that was looked at before: its link, and what the answer was
// then. Nothing of it is computed again before it is opened.
type past struct {
	_ [0]func() // nothing compares it: no code for that in the program

	ID   int64   `json:"id"`             // when it was kept first, ms since 1970; no two entries share one
	At   int64   `json:"at"`             // when it was kept last
	Firm bool    `json:"firm,omitempty"` // shared, exported or named: later edits leave it alone
	GPUs int     `json:"gpus"`           // of the recommended option; 0 = nothing met the targets
	USD  float64 `json:"usd,omitempty"`  // a month; 0 = no price
	// What the recommended option runs on and how sure it is, the model, the work
	// asked for and the sizing's name, all in words.
	GPU   string `json:"gpu"`
	Tier  string `json:"tier"`
	Model string `json:"model"`
	Work  string `json:"work"`
	Name  string `json:"name,omitempty"`
	Link  string `json:"link"` // pairs, as they stand behind "#"
}

// pastFile is what is stored; Off = nothing more is to be kept.
type pastFile struct {
	Off  bool    `json:"off,omitempty"`
	List []*past `json:"list,omitempty"`
}

// title is what an entry is called.
func (e *past) title() string { return orWord(e.Name, e.Model) }

// texts are the parts of an entry that are words.
func (e *past) texts() []*string { return []*string{&e.GPU, &e.Tier, &e.Model, &e.Work, &e.Name} }

// parsePast reads what is stored. What is no entry, and what is there twice, is
// dropped; what is no such file at all is as good as nothing.
func parsePast(text string) (f pastFile) {
	if len(text) > 8*maxPastBytes || jsonio.Unmarshal([]byte(text), &f) != nil {
		return pastFile{}
	}
	seen := map[any]bool{}
	var list []*past
	for _, e := range f.List {
		if e == nil || len(list) == 2*maxPast {
			continue
		}
		for _, s := range e.texts() {
			*s = pastText(*s)
		}
		if !(e.USD > 0.001 && e.USD < 1e15) {
			e.USD = 0
		}
		if min(e.ID, e.At) > 0 && max(e.ID, e.At) < 1<<50 && e.GPUs >= 0 && e.GPUs < 1e9 && e.Model != "" && isPastLink(e.Link) && !seen[e.ID] && !seen[e.Link] {
			seen[e.ID], seen[e.Link] = true, true
			list = append(list, e)
		}
	}
	f.List = boundPast(list)
	return f
}

// pastText is a text of one line, at most 240 bytes long.
func pastText(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), 240)], "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return -1
		}
		return r
	}, s))
}

// isPastLink reports whether a text is visible ASCII as links are written, and
// no longer than they are read.
func isPastLink(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7F {
			return false
		}
	}
	return s != "" && len(s) <= 8192
}

// String is the text to store, "" where there is nothing.
func (f pastFile) String() string {
	if !f.Off && len(f.List) == 0 {
		return ""
	}
	text, _ := jsonio.Marshal(f)
	return string(text)
}

// siftPast is a new list of the entries that ok accepts.
func siftPast(list []*past, ok func(*past) bool) (out []*past) {
	for _, e := range list {
		if ok(e) {
			out = append(out, e)
		}
	}
	return out
}

// putPast puts an entry into the list. It takes the place of the entry with the
// id replaces, unless that one is firm, and of one with the same link, which it
// makes firm where that was.
func putPast(list []*past, one *past, replaces int64) (out []*past) {
	e := *one
	out = siftPast(list, func(o *past) bool {
		if o.Link == e.Link {
			e.ID, e.Firm, e.At = o.ID, e.Firm || o.Firm, max(e.At, o.At)
			return false
		}
		return o.ID != replaces || o.Firm
	})
	for i := 0; i < len(out); i++ {
		if out[i].ID == e.ID { // kept in the same moment by another tab
			e.ID++
			i = -1
		}
	}
	return boundPast(append(out, &e))
}

// boundPast sorts the list, the newest first, and drops the oldest entries
// beyond the bounds: those that are neither named nor firm before the others.
func boundPast(list []*past) []*past {
	sort.SliceStable(list, func(i, j int) bool { return list[i].At > list[j].At })
	for {
		bytes, drop := 0, -1
		for i, e := range list {
			bytes += len(e.Link)
			for _, s := range e.texts() {
				bytes += len(*s)
			}
			if i > 0 && !e.Firm && e.Name == "" { // the newest stays
				drop = i
			}
		}
		if len(list) <= maxPast && bytes <= maxPastBytes {
			return list
		}
		if drop < 0 {
			drop = len(list) - 1
		}
		list = append(list[:drop], list[drop+1:]...)
	}
}
