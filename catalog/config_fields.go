package catalog

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxField bounds every number of a config.json; check narrows it by meaning.
const maxField = 1e9

func (r *configReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("config.json: "+format, args...)
	}
}

// find returns the first of the fields that is there and not null.
func (r *configReader) find(names []string) (string, any, bool) {
	for _, n := range names {
		if v, ok := r.fields[n]; ok && v != nil {
			return n, v, true
		}
	}
	return "", nil, false
}

// whole reads v as a whole number from 0 to maxField.
func (r *configReader) whole(name string, v any) int {
	f, ok := v.(float64)
	if !ok || math.IsNaN(f) || f != math.Trunc(f) || f < 0 || f > maxField {
		r.fail(`"%s" is %s; it must be a whole number from 0 to %.0f`, name, show(v), maxField)
		return 0
	}
	return int(f)
}

// need reads a number that must be there and positive.
func (r *configReader) need(names ...string) int {
	name, v, ok := r.find(names)
	if !ok {
		also := ""
		if len(names) > 1 {
			also = fmt.Sprintf(` (or "%s")`, strings.Join(names[1:], `", "`))
		}
		r.fail(`"%s"%s is missing: add it, or paste the whole config.json of the model`, names[0], also)
		return 0
	}
	n := r.whole(name, v)
	if n == 0 {
		r.fail(`"%s" is 0; it must be positive`, name)
	}
	return n
}

// number reads a number, d where it is not there.
func (r *configReader) number(d int, names ...string) int {
	name, v, ok := r.find(names)
	if !ok {
		return d
	}
	return r.whole(name, v)
}

// flag reads a switch, d where it is not there.
func (r *configReader) flag(d bool, names ...string) bool {
	name, v, ok := r.find(names)
	if !ok {
		return d
	}
	b, ok := v.(bool)
	if !ok {
		r.fail(`"%s" is %s; it must be true or false`, name, show(v))
	}
	return b
}

// text reads a string, "" where it is not there.
func (r *configReader) text(names ...string) string {
	_, v, _ := r.find(names)
	s, _ := v.(string)
	return s
}

// words reads a list of strings, nil where it is not there.
func (r *configReader) words(name string) []string {
	v, ok := r.fields[name]
	if !ok || v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		r.fail(`"%s" is %s; it must be a list with one entry per layer`, name, show(v))
		return nil
	}
	out := make([]string, len(list))
	for i, e := range list {
		s, ok := e.(string)
		if !ok {
			r.fail(`"%s" has the entry %s; entries must be in quotes`, name, show(e))
			return nil
		}
		out[i] = s
	}
	return out
}

// list reads a list of anything, nil where it is not there.
func (r *configReader) list(name string) []any {
	l, _ := r.fields[name].([]any)
	return l
}

// show prints a JSON value for a message.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("%q", clip(v))
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case float64:
		if math.Abs(v) < 1e15 {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return fmt.Sprint(v)
}
