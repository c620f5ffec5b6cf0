//go:build !js

package cli

import (
	"fmt"
	"strings"

	"fleetsize/app/link"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// maxCells bounds a sweep: some minutes of work on a laptop.
const maxCells = 2000

// listed are the keys whose values a sweep takes as lists. Lists of all other
// keys mean what they mean in a link.
var listed = map[string]bool{
	"m": true, "g": true, "w": true, "in": true, "out": true, "hit": true, "lr": true, "q": true, "kv": true, "eng": true, "tp": true, "pp": true,
	"rps": true, "users": true, "rph": true, "peak": true, "day": true, "flight": true, "ttft": true, "itl": true, "e2e": true, "pct": true,
	"pos": true, "util": true, "spare": true, "grow": true, "yrs": true, "buy": true, "off": true, "kwh": true, "pue": true, "term": true,
	"chunks": true, "turns": true, "calls": true, "spec": true, "pd": true, "ep": true, "dp": true, "rt": true,
}

// axis is a key with the values it takes.
type axis struct {
	key    string
	values []string
}

// axes are the lists of a sweep in the order in which they were written, and
// the pairs that all cells share.
func axes(text string) (lists []axis, shared []string) {
	for _, pair := range strings.Split(pairsOf(text), "&") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || !listed[strings.ToLower(key)] || !strings.Contains(value, ",") {
			if pair != "" {
				shared = append(shared, pair)
			}
			continue
		}
		a := axis{key: key}
		for _, v := range strings.Split(value, ",") {
			if v = strings.TrimSpace(v); v != "" {
				a.values = append(a.values, v)
			}
		}
		if len(a.values) == 0 { // commas alone: reading the link says what is wrong
			shared = append(shared, pair)
			continue
		}
		lists = append(lists, a)
	}
	return lists, shared
}

// pairsOf is what a link says after its address.
func pairsOf(text string) string {
	if _, fragment, ok := strings.Cut(text, "#"); ok {
		return fragment
	}
	if base := baseOf(text); base != "" {
		text = strings.TrimPrefix(text, base)
	}
	return strings.TrimPrefix(text, "?")
}

// cell is one combination of a sweep, resolved.
type cell struct {
	link  string // as combined
	axes  []axis // what the cell has of the lists, one value each
	state link.State
	in    input
	gpu   *catalog.GPU // nil = the best of those considered
}

// cells combines the lists: the last one varies fastest. A value that cannot
// be read ends the sweep with a message that names it.
func cells(cat *catalog.Catalog, text string) (out []cell, err error) {
	lists, shared := axes(text)
	n := 1
	var product []string
	for _, a := range lists {
		n *= max(1, len(a.values))
		product = append(product, fmt.Sprintf("%d × %s", len(a.values), a.key))
		if n > maxCells*1000 {
			break
		}
	}
	if n > maxCells {
		return nil, fmt.Errorf("%s make more than %s cells (%s): shorten a list, or sweep in parts", strings.Join(product, ", "), units.Count(maxCells), units.Count(float64(n)))
	}
	for i := range n {
		pairs := append([]string(nil), shared...)
		at := make([]axis, len(lists))
		rest := i
		for k := len(lists) - 1; k >= 0; k-- {
			a := lists[k]
			at[k] = axis{a.key, a.values[rest%len(a.values):][:1]}
			pairs = append(pairs, a.key+"="+at[k].values[0])
			rest /= len(a.values)
		}
		c, err := resolve(cat, strings.Join(pairs, "&"))
		if err != nil {
			return nil, err
		}
		c.axes = at
		out = append(out, c)
	}
	return out, nil
}

// resolve reads one combination.
func resolve(cat *catalog.Catalog, text string) (c cell, err error) {
	state, notes := link.Parse(cat, text)
	req, more := state.Requirement(cat)
	for _, n := range append(notes, more...) {
		if n.Code == link.CodeValue {
			return c, fmt.Errorf("%s", problemOf(n))
		}
	}
	c = cell{link: text, state: state, in: input{cat: cat, state: state, req: req, notes: append(notes, more...)}}
	if len(req.GPUs) == 1 {
		c.gpu = req.GPUs[0].GPU
	}
	return c, nil
}
