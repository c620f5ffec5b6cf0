package link

import (
	"strconv"
	"strings"

	"fleetsize/catalog"
)

// maxDiffering is the most pairs that one option states.
const maxDiffering = 72

// optionKey splits "b.ttft" into 'b' and "ttft"; option is 0 for other keys.
func optionKey(name string) (option byte, rest string) {
	if len(name) > 2 && name[1] == '.' && name[0] >= 'a' && name[0] <= 'c' {
		return name[0], name[2:]
	}
	return 0, ""
}

// shared are the keys that no option has of its own: they are about the link
// or the page, not about what is sized.
func shared(name string) bool {
	switch name {
	case "v", "d", "t", "s", "x", "ok":
		return true
	}
	return false
}

// options reads what differs in options A, B and C. Each pair is checked as the
// main key is; one that cannot be used is named and left out.
func (r *reader) options(known map[string]raw) {
	for _, name := range r.order {
		letter, key := optionKey(name)
		p := known[name]
		value, problem := r.differing(key, p)
		if problem != "" {
			problem = name + ": " + problem
			r.note(Note{Code: CodeValue, Key: name, Value: p.decode(), Text: problem + ". It is left out.", problem: problem})
			continue
		}
		if !set(r.state.pairs(letter), Pair{Key: key, Value: value}) {
			r.note(Note{Code: CodeLong, Key: name, Value: p.decode(),
				Text: "Option " + strings.ToUpper(string(letter)) + " differs in more than " + strconv.Itoa(maxDiffering) + " settings; " + name + " is left out."})
		}
	}
}

// differing is the canonical value of a pair of an option.
func (r *reader) differing(key string, p raw) (value, problem string) {
	if shared(key) {
		return "", key + " is the same for all options: write it without the letter"
	}
	if p.decode() == "" {
		return "", "no value: write " + lookup(key).example
	}
	alone := reader{cat: r.cat, state: Default()}
	alone.custom(map[string]raw{key: p})
	alone.read(lookup(key), p)
	state := alone.state.Canonical()
	if write := lookup(key).write; write != nil {
		value = write(&state)
	}
	for _, n := range alone.notes {
		if value == "" || n.Code == CodeLong {
			return "", strings.TrimPrefix(n.Problem(), key+": ")
		}
		n.Key, n.Text = p.Key, "Option "+strings.ToUpper(p.Key[:1])+": "+n.Text
		r.note(n)
	}
	if value == "" { // the default, which an option states where the main scenario differs from it
		value = strings.ToLower(safe(p.Value))
	}
	return value, ""
}

// set replaces the pair of the same key or appends it; false when there is no room.
func set(list *[]Pair, p Pair) bool {
	out := append([]Pair(nil), *list...)
	for i := range out {
		if out[i].Key == p.Key {
			out[i] = p
			*list = out
			return true
		}
	}
	if len(out) == maxDiffering {
		return false
	}
	*list = append(out, p)
	return true
}

// pairs is where the state keeps what differs in option 'a', 'b' or 'c'.
func (s *State) pairs(letter byte) *[]Pair {
	switch letter | 0x20 {
	case 'a':
		return &s.A
	case 'b':
		return &s.B
	}
	return &s.C
}

// Differs are the pairs that option 'a', 'b' or 'c' states; none = the link has
// no such option, or A is the main scenario.
func (s *State) Differs(letter byte) []Pair { return *s.pairs(letter) }

// Main is the main scenario: the state without options.
func (s State) Main() State {
	s.A, s.B, s.C = nil, nil, nil
	return s.Canonical()
}

// Option is the state of option 'a', 'b' or 'c': the main scenario with the
// pairs that differ applied, without options of its own, so its String is a
// whole link. A without pairs is the main scenario itself. It is false where
// the link has no such option. The catalog is the one the link was parsed with.
func (s State) Option(cat *catalog.Catalog, letter byte) (State, bool) {
	letter |= 0x20
	if letter < 'a' || letter > 'c' {
		return State{}, false
	}
	pairs := s.Differs(letter)
	if len(pairs) == 0 {
		return s.Main(), letter == 'a'
	}
	s.A, s.B, s.C = nil, nil, nil
	var b strings.Builder
	for _, p := range pairs {
		b.WriteString(p.Key + "=" + p.Value + "&")
	}
	b.WriteString("end")
	s, _ = s.With(cat, b.String())
	return s, true
}

// WithOption returns the state with option 'a', 'b' or 'c' set to what other states
// differently from the main scenario. What options share, and other's own options, do not count. It
// is the inverse of Option: s.WithOption('b', o).Option(cat, 'b') is o.
func (s State) WithOption(letter byte, other State) State {
	a, o := s.Canonical(), other.Canonical()
	var pairs []Pair
	for i := range keys {
		k := &keys[i]
		if k.write == nil || shared(k.name) || demandKey(k.name) {
			continue
		}
		mine, theirs := k.write(&a), k.write(&o)
		if mine == theirs {
			continue
		}
		if theirs == "" && k.name != "n" {
			theirs = standardWord
		}
		if theirs != "" {
			pairs = append(pairs, Pair{Key: k.name, Value: theirs})
		}
	}
	if a.Demand != o.Demand {
		pairs = append(pairs, demandPairs(o.Demand)...)
	}
	*s.pairs(letter) = pairs
	return s.Canonical()
}
