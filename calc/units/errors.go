package units

import "strconv"

// Code says in one word what is wrong with a typed value; it is stable.
type Code string

const (
	CodeEmpty     Code = "empty"
	CodeSyntax    Code = "syntax"
	CodeAmbiguous Code = "ambiguous" // a decimal comma, a misplaced separator
	CodeUnit      Code = "unit"
	CodeRange     Code = "range"
)

// Error is a typed value that could not be used: the value, what is wrong with
// it and what to write instead.
type Error struct {
	Code   Code
	Value  string // as typed, shortened
	Reason string // "is not a number"
	Remedy string // "write it like 5000, 5k or 2,500"
}

// Error is one sentence that names the value and the remedy.
func (e *Error) Error() string {
	return quote(e.Value) + " " + e.Reason + ": " + e.Remedy
}

// quote prints a typed value for a message, cut to 40 bytes at a character boundary.
func quote(s string) string {
	const most = 40
	if len(s) > most {
		cut := most
		for cut > 0 && s[cut]&0xC0 == 0x80 {
			cut--
		}
		s = s[:cut] + "…"
	}
	return strconv.Quote(s)
}

// asks rewords the error of a number that was meant as something else.
func asks(err error, reason, remedy string) error {
	if e, ok := err.(*Error); ok && (e.Code == CodeSyntax || e.Code == CodeEmpty) {
		if e.Code == CodeSyntax {
			e.Reason = reason
		}
		e.Remedy = remedy
	}
	return err
}

// Within returns x when lo ≤ x ≤ hi, and an error naming the typed value and
// the bounds otherwise. NaN is never within.
func Within(typed string, x, lo, hi float64, unit string) (float64, error) {
	if x >= lo && x <= hi {
		return x, nil
	}
	if unit != "" {
		unit = " " + unit
	}
	return 0, &Error{CodeRange, typed, "is out of range",
		"use " + Sig(lo, 6) + " to " + Sig(hi, 6) + unit}
}
