package explain

import (
	_ "embed" // for formulas.txt
	"strings"
	"sync"
)

//go:embed formulas.txt
var formulaFile string

// Formula is one entry of the registry: a number the program shows and how it
// comes about.
type Formula struct {
	_ [0]func() // nothing compares it: no code for that in the program

	ID    string // "rate_per_gpu"
	Case  string // where it applies, "" = always
	Title string
	What  string
	Basis string // validity and source, may be empty
	Text  string // the formula as it is written in the registry

	sure string
	unit unit
	body *expr
}

// Simulated reports whether a run of the engine is part of the formula.
func (f *Formula) Simulated() bool { return f.body.calls(simulate) }

// Inputs are the symbols it is computed from, in the order of reading.
func (f *Formula) Inputs() []string { return f.body.symbols(nil) }

// Eval computes the formula from the values of its symbols. What a simulation
// returns is asked for under the name "simulate".
func (f *Formula) Eval(in func(symbol string) float64) float64 { return f.body.eval(in) }

// symbolFact is an input that is not computed: its unit and meaning.
type symbolFact struct {
	unit    unit
	meaning string
}

type registry struct {
	list   []*Formula
	byID   map[string][]*Formula // cases first, in file order
	inputs map[string]symbolFact
	order  []string // of inputs
}

// read parses the embedded file once. A fault in it is a fault of the program,
// which the tests rule out.
var read = sync.OnceValue(func() *registry {
	r := &registry{byID: map[string][]*Formula{}, inputs: map[string]symbolFact{}}
	var f *Formula
	for _, line := range strings.Split(formulaFile, "\n") {
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '=':
			c := cells(line[1:])
			r.inputs[c[0]] = symbolFact{parseUnit(c[1]), c[2]}
			r.order = append(r.order, c[0])
		case line[0] == '~':
			f.Basis = strings.TrimSpace(line[1:])
		case strings.Contains(line, " | "):
			f = r.add(cells(line))
		default:
			f.What = line
		}
	}
	return r
})

func cells(line string) []string {
	c := strings.Split(line, "|")
	for i := range c {
		c[i] = strings.TrimSpace(c[i])
	}
	return c
}

// add takes the head line of a block. A case without words of its own has
// those of the entry before it.
func (r *registry) add(c []string) *Formula {
	id, when, _ := strings.Cut(c[0], "@")
	f := &Formula{ID: id, Case: when, Title: c[1], Text: c[4], unit: parseUnit(c[2]), sure: c[3]}
	body, err := parseExpr(c[4])
	if err != nil {
		panic("explain: " + err.Error())
	}
	f.body = body
	if f.Title == "" && len(r.list) > 0 {
		base := r.list[len(r.list)-1]
		f.Title, f.What, f.Basis = base.Title, base.What, base.Basis
	}
	r.list = append(r.list, f)
	r.byID[id] = append(r.byID[id], f)
	return f
}

// Formulas lists the whole registry in order. Do not change what it returns.
func Formulas() []*Formula { return read().list }

// Meaning is what an input stands for, "" when there is none of that name.
func Meaning(symbol string) string { return read().inputs[symbol].meaning }

// asGiven are entries that are taken as the engine gives them, like the parts
// of a step, where drafts, expert or data parallelism or separate prefill make
// more of them than a formula spells out.
var asGiven = map[string]bool{
	"slots": true, "safe_share": true, "memory_capacity": true, "memory_weights": true, "memory_kv": true, "memory_activations": true,
	"memory_runtime": true, "memory_unusable": true, "kv_per_token": true, "kv_per_request": true, "decode_activation_bytes": true,
}

// fact is what an input is; an entry that is not computed in the case at hand
// counts as one.
func (r *registry) fact(id string) symbolFact {
	if f, ok := r.inputs[id]; ok {
		return f
	}
	if list := r.byID[id]; len(list) > 0 {
		return symbolFact{list[0].unit, lowerFirst(list[0].Title)}
	}
	return symbolFact{}
}

// formula is the entry of an id that applies; nil where the id is an input.
func (r *registry) formula(id string, applies map[string]bool) *Formula {
	var plain *Formula
	for _, f := range r.byID[id] {
		if applies["modes"] && (f.sure == "step" && f.ID != "decode_step" && !strings.HasSuffix(f.ID, "_at") || asGiven[id]) || applies["pooled"] && id == "safe_share" {
			return nil
		}
		if f.Case == "" {
			plain = f
		} else if applies[f.Case] {
			return f
		}
	}
	return plain
}
