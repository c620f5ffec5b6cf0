package link

import (
	"strings"

	"fleetsize/calc/units"
)

// mixKeys are what a workload of a mix may state for itself, in the order in
// which it is written: each as one word of key and value, "chat:5:in800:ttft1s".
var mixKeys = [...]string{"in", "out", "hit", "lr", "ttft", "itl", "e2e"}

// Value is what the item states for a key, "" where the preset's counts.
func (m MixItem) Value(key string) string {
	for _, w := range strings.Split(m.Own, ":") {
		if k, v := mixWord(w); k == key {
			return v
		}
	}
	return ""
}

// mixWord splits "in800" into "in" and "800"; key is "" for other words.
func mixWord(w string) (key, value string) {
	for _, k := range mixKeys {
		if v, ok := strings.CutPrefix(w, k); ok && (v == "off" || v != "" && v[0] >= '0' && v[0] <= '9') {
			return k, v
		}
	}
	return "", w
}

// With is the item with a value of its own for a key, as it may be typed; ""
// takes it away. A problem says what is wrong with the value.
func (m MixItem) With(key, text string) (next MixItem, problem string) {
	value := ""
	if text != "" {
		r := reader{state: Default()}
		if problem = lookup(key).read(&r, text); problem != "" {
			return m, problem
		}
		value = lookup(key).write(&r.state)
	}
	var words []string
	for _, k := range mixKeys {
		v := m.Value(k)
		if k == key {
			v = value
		}
		if v != "" {
			words = append(words, k+v)
		}
	}
	m.Own = strings.Join(words, ":")
	return m, ""
}

// Pairs are what the item states for itself, as pairs of a link.
func (m MixItem) Pairs() string {
	var pairs []string
	for _, k := range mixKeys {
		if v := m.Value(k); v != "" {
			pairs = append(pairs, k+"="+v)
		}
	}
	return strings.Join(pairs, "&")
}

// name tells the items of a mix apart.
func (m MixItem) name() string { return strings.TrimSuffix(m.Workload+":"+m.Own, ":") }

func readMix(r *reader, v string) string {
	var list []MixItem
	r.items("mix", v, maxMix, func(item string) (string, string) {
		words := strings.Split(item, ":")
		id := words[0]
		if p, ok := r.cat.Preset(id); ok {
			id = p.ID
		}
		if _, ok := v1Presets[id]; !ok {
			return "", quote(id) + " is no workload: write " + or(presetIDs())
		}
		rate := ""
		if len(words) > 1 {
			rate = words[1]
		}
		x, _, err := units.ParseRate(rate, units.PerSecond)
		if err == nil {
			x, err = units.Within(rate, x, least, maxReqPerS, "requests per second")
		}
		if err != nil {
			return "", err.Error() + "; a workload is written mix=" + id + ":5"
		}
		m := MixItem{Workload: id, ReqPerS: x}
		for _, w := range words[min(2, len(words)):] {
			key, value := mixWord(w)
			if key == "" {
				return "", quote(w) + " is no setting of a workload: write mix=" + id + ":5:in800:out200:ttft1s:itl50ms"
			}
			var problem string
			if m, problem = m.With(key, value); problem != "" {
				return "", problem
			}
		}
		list = put(list, m, MixItem.name)
		return m.name(), ""
	})
	r.state.Mix = list
	return ""
}

func writeMix(s *State) string {
	var items []string
	for _, m := range s.Mix {
		item := m.Workload + ":" + units.Plain(m.ReqPerS)
		if m.Own != "" {
			item += ":" + m.Own
		}
		items = append(items, item)
	}
	return strings.Join(items, ",")
}
