package explain

import (
	"strings"

	"fleetsize/calc/units"
)

// printer writes a formula. It is asked for the text of every symbol and every
// number; fold may replace a call by its value.
type printer struct {
	leaf  func(name string) string
	num   func(x float64) string
	fold  func(e *expr) (text string, ok bool)
	excel bool
}

var binding = map[byte]int{'+': 1, '-': 1, '*': 2, '/': 2, '^': 3}

func (p *printer) print(e *expr) string { return p.at(e, 0) }

// at prints e inside an operation that binds with the given strength.
func (p *printer) at(e *expr, outer int) string {
	if p.fold != nil {
		if t, ok := p.fold(e); ok {
			return t
		}
	}
	switch e.op {
	case 'n':
		return p.num(e.num)
	case 'v':
		return p.leaf(e.name)
	case 'f':
		return p.call(e)
	}
	strength := binding[e.op]
	left, right := strength, strength
	if e.op == '-' || e.op == '/' || e.op == '*' && !p.excel {
		right++ // a − (b − c) keeps its parentheses; a × (b ÷ c) is clearer with them
	}
	if e.op == '^' { // spreadsheets read a^b^c from the left
		left++
		if p.excel {
			right++
		}
	}
	sign := string(e.op)
	if !p.excel {
		sign = map[byte]string{'+': " + ", '-': " − ", '*': " × ", '/': " ÷ ", '^': "^"}[e.op]
	}
	text := p.at(e.args[0], left) + sign + p.at(e.args[1], right)
	if strength < outer {
		return "(" + text + ")"
	}
	return text
}

func (p *printer) call(e *expr) string {
	var args []string
	for _, a := range e.args {
		args = append(args, p.at(a, 0))
	}
	name, separator := e.name, ", "
	if p.excel {
		separator = ","
		switch e.name {
		case "up":
			return "MAX(1,ROUNDUP(" + args[0] + "-1E-9,0))"
		case "ceil":
			return "ROUNDUP(" + args[0] + "-1E-9,0)"
		case "floor":
			return "ROUNDDOWN(" + args[0] + "+1E-9,0)"
		case "log2":
			return "LOG(" + args[0] + ",2)"
		}
		name = strings.ToUpper(name)
	} else if name == "up" {
		name = "ceil"
	}
	return name + "(" + strings.Join(args, separator) + ")"
}

// words is a symbol as it is read: "rate_per_gpu" is "rate per GPU".
func words(name string) string {
	parts := strings.Split(name, "_")
	if parts[0] == "cat" || parts[0] == "seen" { // what is read off the catalog or an endpoint
		parts = parts[1:]
	}
	for i, p := range parts {
		if w, ok := spelled[p]; ok {
			parts[i] = w
		}
	}
	return strings.Join(parts, " ")
}

// spelled are the parts of symbols that are not written in lower case.
var spelled = map[string]string{
	"gpu": "GPU", "gpus": "GPUs", "kv": "KV", "ttft": "TTFT", "itl": "ITL", "e2e": "end-to-end",
	"usd": "USD", "kw": "kW", "kwh": "kWh", "flop": "FLOP", "flops": "FLOP/s", "pue": "PUE", "co2": "CO2",
}

// Symbols is the formula in words: "ceil(demand ÷ (peak load × rate))".
func (f *Formula) Symbols() string {
	p := printer{leaf: words, num: constant}
	return p.print(f.body)
}

// constant writes a number of the formula itself.
func constant(x float64) string { return units.Sig(x, 6) }

// Excel is the formula over named cells, "" where a part of it is nothing that
// a spreadsheet can compute: a simulation, an inverse distribution.
func (f *Formula) Excel() string {
	return f.excel(func(name string) string { return name })
}

func (f *Formula) excel(leaf func(string) string) string {
	if f.body.calls(simulate) || f.body.calls("poisson95") {
		return ""
	}
	p := printer{excel: true, leaf: leaf, num: units.Plain}
	return "=" + p.print(f.body)
}

// substituted is the formula with the numbers of its inputs, and the steps
// from there to the result: calls with their arguments worked out, then
// without the calls.
func (f *Formula) substituted(text func(name string) string, in func(string) float64) []string {
	num := func(x float64) string { return units.Sig(x, 4) }
	plain := printer{leaf: text, num: constant}
	lines := []string{plain.print(f.body)}
	add := func(p printer) {
		if t := p.print(f.body); t != lines[len(lines)-1] {
			lines = append(lines, t)
		}
	}
	if f.body.calls(simulate) || f.body.op == 'v' {
		return lines
	}
	inner := plain
	inner.fold = func(e *expr) (string, bool) {
		if e.op != 'f' {
			return "", false
		}
		copied := *e
		copied.args = nil
		for _, a := range e.args {
			copied.args = append(copied.args, &expr{op: 'n', num: a.eval(in)})
		}
		return (&printer{num: num, leaf: text}).call(&copied), true
	}
	outer := plain
	outer.fold = func(e *expr) (string, bool) { return num(e.eval(in)), e.op == 'f' }
	if called(f.body) {
		add(inner)
		if f.body.op != 'f' {
			add(outer)
		}
	}
	return lines
}

func called(e *expr) bool {
	if e.op == 'f' {
		return true
	}
	for _, a := range e.args {
		if called(a) {
			return true
		}
	}
	return false
}
