package importer

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// node is a value of a decoded document. Asking one for what it does not hold
// gives an empty one, so that files of any version can be read.
type node struct{ v any }

// get follows keys down.
func (n node) get(keys ...string) node {
	for _, k := range keys {
		m, _ := n.v.(map[string]any)
		n = node{m[k]}
	}
	return n
}

// has reports whether the object has a value, not null, under the key.
func (n node) has(key string) bool { return n.get(key).v != nil }

func (n node) isList() bool { _, ok := n.v.([]any); return ok }

// list are the elements of an array.
func (n node) list() []node {
	l, _ := n.v.([]any)
	out := make([]node, len(l))
	for i := range l {
		out[i] = node{l[i]}
	}
	return out
}

// num is a finite number, also one in quotes; 0 where there is none.
func (n node) num() float64 {
	v := 0.0
	switch x := n.v.(type) {
	case float64:
		v = x
	case string:
		v, _ = strconv.ParseFloat(strings.TrimSpace(x), 64)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// positive is num, 0 where it is negative.
func (n node) positive() float64 { return math.Max(n.num(), 0) }

// str is a text or a number as text.
func (n node) str() string {
	switch x := n.v.(type) {
	case string:
		return strings.TrimSpace(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(x)
	}
	return ""
}

// yes reports whether the value is true, also as a text.
func (n node) yes() bool { return strings.EqualFold(n.str(), "true") }

// first is the first of the keys that holds something.
func (n node) first(keys ...string) node {
	for _, k := range keys {
		if n.has(k) {
			return n.get(k)
		}
	}
	return node{}
}

// findDepth bounds find.
const findDepth = 6

// find looks for a key in the object and in what it holds, level by level, in
// the order of the keys: settings move about between versions of a tool.
func (n node) find(key string) node {
	level := []node{n}
	for range findDepth {
		var next []node
		for _, x := range level {
			switch v := x.v.(type) {
			case map[string]any:
				if v[key] != nil {
					return node{v[key]}
				}
				keys := make([]string, 0, len(v))
				for k := range v {
					keys = append(keys, k)
				}
				slices.Sort(keys)
				for _, k := range keys {
					next = append(next, node{v[k]})
				}
			case []any:
				for i := range min(len(v), 8) {
					next = append(next, node{v[i]})
				}
			}
		}
		level = next
	}
	return node{}
}

// numbers are the finite numbers of an array; others are left out.
func (n node) numbers() []float64 {
	var out []float64
	for _, x := range n.list() {
		if v, ok := x.v.(float64); ok && !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, v)
		}
	}
	return out
}

// mean of v, 0 of none.
func mean(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// percentile of v by linear interpolation, 0 of none; p is in [0, 1].
func percentile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(v))
	at := p * float64(len(s)-1)
	i := int(at)
	if i >= len(s)-1 {
		return s[len(s)-1]
	}
	return s[i] + (at-float64(i))*(s[i+1]-s[i])
}
