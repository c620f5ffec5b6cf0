package catalog

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// maxItem bounds the text of a custom entry in a link.
const maxItem = 500

// itemParts splits "name:part:part" and checks the name.
func itemParts(item, example string) (name string, parts []string, err error) {
	if len(item) > maxItem {
		return "", nil, fmt.Errorf("custom entry %q is longer than %d characters", clip(item), maxItem)
	}
	list := strings.Split(strings.TrimSpace(item), ":")
	name = strings.TrimSpace(list[0])
	if customID(name, "") == "" || len(list) < 2 {
		return "", nil, fmt.Errorf("custom entry %q: write a name and its numbers, for example %s", clip(item), example)
	}
	return name, list[1:], nil
}

// readParts reads parts such as "mem96" into the number of their key, and bare
// words into their flag. A part must be known and may come once.
func readParts(parts []string, numbers map[string]*float64, flags map[string]*bool) error {
	seen := map[string]bool{}
	for _, p := range parts {
		p = strings.ToLower(strings.TrimSpace(p))
		if f, ok := flags[p]; ok {
			if seen[p] {
				return fmt.Errorf("%q comes twice", p)
			}
			*f, seen[p] = true, true
			continue
		}
		key, number := splitPart(p, numbers)
		to, ok := numbers[key]
		if !ok {
			return fmt.Errorf("%q is not known; the parts are %s", clip(p), strings.Join(partNames(numbers, flags), ", "))
		}
		if seen[key] {
			return fmt.Errorf("%q comes twice", key)
		}
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			return fmt.Errorf("%q needs a number after %q", clip(p), key)
		}
		*to, seen[key] = v, true
	}
	return nil
}

// splitPart finds the longest key that p starts with.
func splitPart(p string, numbers map[string]*float64) (key, number string) {
	for k := range numbers {
		if len(k) > len(key) && strings.HasPrefix(p, k) {
			if rest := p[len(k):]; rest != "" && (rest[0] >= '0' && rest[0] <= '9' || rest[0] == '.') {
				key = k
			}
		}
	}
	return key, p[len(key):]
}

func partNames(numbers map[string]*float64, flags map[string]*bool) []string {
	var out []string
	for k := range numbers {
		out = append(out, k)
	}
	for k := range flags {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// whole turns read numbers into ints.
func whole(numbers map[string]*float64, into map[string]*int) error {
	for k, to := range into {
		v := *numbers[k]
		if v != math.Trunc(v) || v > maxField {
			return fmt.Errorf("%q must be a whole number up to %.0f", k+strconv.FormatFloat(v, 'f', -1, 64), maxField)
		}
		*to = int(v)
	}
	return nil
}

// item writes a compact form.
type item struct{ strings.Builder }

func newItem(id string) *item {
	b := &item{}
	b.WriteString(id)
	return b
}

// put appends key and v unless v is 0, rounded to 12 digits so that unit
// conversions leave no trace.
func (b *item) put(key string, v float64) {
	if v == 0 {
		return
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	b.WriteString(":" + key + strconv.FormatFloat(v, 'f', -1, 64))
}

// flag appends a bare word.
func (b *item) flag(word string, on bool) {
	if on {
		b.WriteString(":" + word)
	}
}

var errNoFit = errors.New("this model does not fit into a link: keep its config.json and open it again")
