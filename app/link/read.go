package link

import (
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Parse reads a link: a full URL, "#…", "?…" or bare pairs. It never fails: a
// value that cannot be used falls back to its default, and the notes name
// everything the reader should know. The State is canonical, see Canonical.
func Parse(cat *catalog.Catalog, link string) (State, []Note) {
	return Default().With(cat, link)
}

// With returns the state with the pairs of a link applied to it, as Parse
// does: With(cat, "ttft=4s") changes the TTFT target and nothing else. A value
// that cannot be used leaves the default of its key.
func (s State) With(cat *catalog.Catalog, link string) (State, []Note) {
	t := split(link)
	r := reader{cat: cat, state: s}
	known := r.sortOut(t.pairs)
	r.custom(known)
	for i := range keys {
		if p, ok := known[keys[i].name]; ok {
			r.read(&keys[i], p)
		}
	}
	r.demand(known)
	r.ignored(known)
	r.options(known)
	if t.long {
		r.note(Note{Code: CodeLong, Text: "This link is longer than 8,192 characters; what follows is left out. Copy it again, or send a file."})
	}
	if t.cut {
		r.note(Note{Code: CodeCut, Text: "This link looks cut off: its end mark is missing. Below is what could be read; ask for the link again."})
	}
	return r.state.Canonical(), r.notes
}

// reader collects what a link says.
type reader struct {
	cat   *catalog.Catalog // custom entries included
	state State
	notes []Note
	order []string // keys of options B and C as they stand in the link
}

// note adds a note; beyond 40 the rest of a hostile link is not worth telling.
func (r *reader) note(n Note) {
	if len(r.notes) < 40 {
		n.Value = shorten(n.Value, 80)
		r.notes = append(r.notes, n)
	}
}

// sortOut separates known keys from unknown ones. The fragment wins over the
// query; within one part the last of two equal keys wins.
func (r *reader) sortOut(pairs []raw) map[string]raw {
	known := make(map[string]raw)
	var unknown []Pair
	fragment := map[string]bool{} // unknown keys of the fragment
	for _, p := range pairs {
		fragment[p.Key] = fragment[p.Key] || !p.query
	}
	left, size := 0, 0
	for _, p := range pairs {
		name := strings.ToLower(p.Key)
		if option, rest := optionKey(name); option != 0 && lookup(rest) != nil {
			if _, again := known[name]; !again {
				r.order = append(r.order, name)
			}
		} else if lookup(name) == nil {
			if p.query && fragment[p.Key] {
				continue
			}
			keep := Pair{safe(p.Key), safe(p.Value), p.Bare}
			if size += len(keep.Key) + len(keep.Value) + 2; size > maxKept || len(unknown) == maxUnknown {
				left++
				continue
			}
			unknown = append(unknown, keep)
			continue
		}
		if before, ok := known[name]; ok && before.query == p.query && before.Value != p.Value {
			r.note(Note{Code: CodeDuplicate, Key: name, Value: before.decode(),
				Text: name + " is stated twice: " + quote(p.decode()) + " is used, " + quote(before.decode()) + " is not."})
		}
		known[name] = p
	}
	for _, n := range unknownKeys(unknown) {
		r.note(n)
	}
	if left > 0 {
		r.note(Note{Code: CodeLong, Text: "This link has more settings this app does not know than it can keep; the rest is left out."})
	}
	r.state.Unknown = replace(r.state.Unknown, unknown)
	return known
}

// replace puts the pairs of a newer link in place of older ones with the same key.
func replace(older, newer []Pair) []Pair {
	if len(older) == 0 {
		return newer
	}
	again := map[string]bool{}
	for _, p := range newer {
		again[p.Key] = true
	}
	var all []Pair
	for _, p := range older {
		if !again[p.Key] {
			all = append(all, p)
		}
	}
	return append(all, newer...)
}

// standardWord stands for the default of a key; options write it where A states
// something else.
const standardWord = "default"

// read applies one known pair.
func (r *reader) read(k *key, p raw) {
	v := p.decode()
	if v == "" {
		if p.Bare || p.Value == "" {
			r.note(badValue(k.name, v, "no value: write "+k.example))
		}
		k.reset(&r.state)
		return
	}
	if strings.EqualFold(v, standardWord) && k.name != "n" {
		k.reset(&r.state)
		return
	}
	if problem := k.read(r, v); problem != "" {
		k.reset(&r.state)
		r.note(badValue(k.name, v, problem))
	}
}

// demand settles which of the demand keys counts.
func (r *reader) demand(known map[string]raw) {
	var stated []string
	for _, name := range []string{"rps", "users", "day", "flight"} {
		if _, ok := known[name]; ok {
			stated = append(stated, name)
		}
	}
	d := &r.state.Demand
	if len(stated) > 1 {
		r.note(Note{Code: CodeDemand, Key: string(d.Kind), Value: strings.Join(stated, ","),
			Text: "The demand is stated in several ways (" + strings.Join(stated, ", ") + "): " + string(d.Kind) + " counts. Keep one of them."})
	}
	for _, name := range []string{"rph", "peak"} {
		_, ok := known[name]
		if !ok || d.Kind == fleet.People || name == "peak" && d.Kind == fleet.PerDay {
			continue
		}
		need := "users"
		if name == "peak" {
			need = "users or day"
		}
		r.note(Note{Code: CodeIgnored, Key: name, Value: known[name].decode(),
			Text: name + " counts only together with " + need + "; it is ignored."})
	}
	if p, ok := known["yrs"]; ok && r.state.Margin().Growth == 0 && r.state.Years > 0 {
		r.note(Note{Code: CodeIgnored, Key: "yrs", Value: p.decode(),
			Text: "yrs counts only together with grow; without growth it changes nothing."})
	}
}
