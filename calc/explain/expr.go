package explain

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"fleetsize/calc/fleet"
)

// expr is one node of a formula: a number, a symbol, an operation or a call.
type expr struct {
	op   byte   // 'n' number, 'v' symbol, 'f' call, or + - * / ^
	name string // symbol or function
	num  float64
	args []*expr
}

// simulate is the function that stands for a run of the engine: what it
// returns is not arithmetic, so it is looked up instead of computed.
const simulate = "simulate"

// parseExpr reads a formula. The grammar is that of spreadsheets without cell
// references: numbers, symbols of letters, digits and "_", + - * / ^, calls
// and parentheses.
func parseExpr(text string) (*expr, error) {
	p := parser{text: text}
	e, err := p.sum()
	if err == nil && p.peek() != 0 {
		err = fmt.Errorf("unexpected %q", p.text[p.at:])
	}
	if err != nil {
		return nil, fmt.Errorf("formula %q: %w", text, err)
	}
	return e, nil
}

type parser struct {
	text string
	at   int
}

func (p *parser) peek() byte {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) sum() (*expr, error)     { return p.chain("+-", p.product) }
func (p *parser) product() (*expr, error) { return p.chain("*/", p.power) }

// chain reads operands joined by left-associative operators.
func (p *parser) chain(ops string, operand func() (*expr, error)) (*expr, error) {
	e, err := operand()
	for err == nil {
		op := p.peek()
		if op == 0 || strings.IndexByte(ops, op) < 0 {
			break
		}
		p.at++
		var r *expr
		if r, err = operand(); err == nil {
			e = &expr{op: op, args: []*expr{e, r}}
		}
	}
	return e, err
}

func (p *parser) power() (*expr, error) {
	e, err := p.atom()
	if err != nil || p.peek() != '^' {
		return e, err
	}
	p.at++
	r, err := p.power()
	return &expr{op: '^', args: []*expr{e, r}}, err
}

func (p *parser) atom() (*expr, error) {
	c := p.peek()
	start := p.at
	switch {
	case c == '(':
		p.at++
		e, err := p.sum()
		if err == nil && p.peek() != ')' {
			err = fmt.Errorf("missing )")
		}
		p.at++
		return e, err
	case c >= '0' && c <= '9' || c == '.':
		for p.at < len(p.text) && strings.IndexByte("0123456789.eE", p.text[p.at]) >= 0 {
			if c := p.text[p.at]; (c == 'e' || c == 'E') && p.at+1 < len(p.text) && p.text[p.at+1] == '-' {
				p.at++
			}
			p.at++
		}
		x, err := strconv.ParseFloat(p.text[start:p.at], 64)
		return &expr{op: 'n', num: x}, err
	case symbol(c):
		for p.at < len(p.text) && symbol(p.text[p.at]) {
			p.at++
		}
		e := &expr{op: 'v', name: p.text[start:p.at]}
		if p.peek() != '(' {
			return e, nil
		}
		e.op = 'f'
		for {
			p.at++
			a, err := p.sum()
			if err != nil {
				return nil, err
			}
			e.args = append(e.args, a)
			switch p.peek() {
			case ',':
			case ')':
				p.at++
				return e, e.check()
			default:
				return nil, fmt.Errorf("missing ) after %s", e.name)
			}
		}
	}
	return nil, fmt.Errorf("a value is missing at %d", p.at)
}

func symbol(c byte) bool { return c >= 'a' && c <= 'z' || c == '_' || c >= '0' && c <= '9' }

// functions are the calls a formula may make, with their number of arguments;
// 0 = any.
var functions = map[string]int{"up": 1, "ceil": 1, "floor": 1, "min": 0, "max": 0, "sqrt": 1, "exp": 1, "ln": 1, "log2": 1, "poisson95": 1, simulate: 0}

func (e *expr) check() error {
	n, ok := functions[e.name]
	if !ok {
		return fmt.Errorf("unknown function %s", e.name)
	}
	if n > 0 && n != len(e.args) {
		return fmt.Errorf("%s takes %d argument", e.name, n)
	}
	return nil
}

// whole is what rounding up forgives: demand that is a whole number of
// replicas but for the last bits of its division needs no further one.
const whole = 1e-9

// eval computes the formula with the values that in gives its symbols. What a
// simulation returns is asked for under the name "simulate".
func (e *expr) eval(in func(string) float64) float64 {
	switch e.op {
	case 'n':
		return e.num
	case 'v':
		return in(e.name)
	case 'f':
		return e.call(in)
	}
	a, b := e.args[0].eval(in), e.args[1].eval(in)
	switch e.op {
	case '+':
		return a + b
	case '-':
		return a - b
	case '*':
		return a * b
	case '/':
		return a / b
	}
	if b != b { // a power of one would hide that the exponent is not known
		return b
	}
	return math.Pow(a, b)
}

func (e *expr) call(in func(string) float64) float64 {
	if e.name == simulate {
		return in(simulate)
	}
	x := e.args[0].eval(in)
	switch e.name {
	case "up":
		return math.Max(1, math.Ceil(x-whole))
	case "ceil":
		return math.Ceil(x - whole)
	case "floor":
		return math.Floor(x + whole)
	case "sqrt":
		return math.Sqrt(x)
	case "exp":
		return math.Exp(x)
	case "ln":
		return math.Log(x)
	case "log2":
		return math.Log2(x)
	case "poisson95":
		return fleet.PoissonP95(x)
	}
	for _, a := range e.args[1:] {
		if y := a.eval(in); e.name == "min" {
			x = math.Min(x, y)
		} else {
			x = math.Max(x, y)
		}
	}
	return x
}

// symbols lists the names in the formula once each, in the order of reading.
func (e *expr) symbols(seen []string) []string {
	if e.op == 'v' {
		for _, s := range seen {
			if s == e.name {
				return seen
			}
		}
		return append(seen, e.name)
	}
	for _, a := range e.args {
		seen = a.symbols(seen)
	}
	return seen
}

// calls reports whether the formula contains a call of the function.
func (e *expr) calls(name string) bool {
	if e.op == 'f' && e.name == name {
		return true
	}
	for _, a := range e.args {
		if a.calls(name) {
			return true
		}
	}
	return false
}
