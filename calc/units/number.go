package units

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxNumber is the largest magnitude ParseNumber accepts.
const MaxNumber = 1e15

// maxTyped is the longest text read as a number, in bytes.
const maxTyped = 64

// ParseNumber reads a plain number: "5000", "2,500", "2 500", "5k", "1.5M",
// "1e3", ".5". The suffixes k, m and b (either case, also bn) mean thousand,
// million and billion. The decimal sign is a point; commas, spaces (also thin
// and no-break ones) and apostrophes separate thousands and must stand where
// thousands are separated. The result is finite and at most MaxNumber in
// magnitude; it can be negative.
func ParseNumber(s string) (float64, error) {
	d, rest, err := scan(s)
	if err != nil {
		return 0, err
	}
	shift, ok := suffix(rest)
	if !ok {
		return 0, &Error{CodeSyntax, s, "is not a number", "write it like 5000, 5k, 1.5M or 2,500"}
	}
	return d.value(s, shift)
}

// suffix returns the power of ten a magnitude suffix stands for.
func suffix(s string) (shift int, ok bool) {
	switch strings.ToLower(s) {
	case "":
		return 0, true
	case "k":
		return 3, true
	case "m":
		return 6, true
	case "b", "bn":
		return 9, true
	}
	return 0, false
}

// decimal is a number as typed, without separators: text is digits with at
// most one point and an optional leading "-".
type decimal struct {
	text string
	exp  int
}

// value is the number times 10^shift, correctly rounded.
func (d decimal) value(typed string, shift int) (float64, error) {
	x, err := strconv.ParseFloat(d.text+"e"+strconv.Itoa(d.exp+shift), 64)
	if err != nil || x > MaxNumber || x < -MaxNumber {
		return 0, &Error{CodeRange, typed, "is too large", "use a number up to 1e15"}
	}
	if x == 0 {
		x = 0 // no negative zero
	}
	return x, nil
}

// clean trims white space and replaces the characters that word processors
// and spreadsheets put in place of plain ones.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '\u00a0', '\u2009', '\u202f', '\u2007', '\u2002', '\u2003', '\t':
			b.WriteByte(' ')
		case '\u2212', '\u2010', '\u2011': // true minus, hyphens
			b.WriteByte('-')
		case '\u2019', '\u02bc':
			b.WriteByte('\'')
		case '\ufeff', '\u200b':
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] == '\t' {
			return false
		}
	}
	return true
}

// scan reads the number at the start of s and returns what follows it, with
// the white space between them removed.
func scan(typed string) (d decimal, rest string, err error) {
	if len(typed) > maxTyped {
		return d, "", &Error{CodeSyntax, typed, "is too long for a number", "write it like 5000, 5k or 2,500"}
	}
	s := clean(typed)
	if s == "" {
		return d, "", &Error{CodeEmpty, typed, "is empty", "type a number such as 5000 or 5k"}
	}
	sign := ""
	switch s[0] {
	case '-':
		sign, s = "-", s[1:]
	case '+':
		s = s[1:]
	}
	whole, s, err := scanWhole(typed, s)
	if err != nil {
		return d, "", err
	}
	fraction := ""
	if strings.HasPrefix(s, ".") {
		n := digits(s[1:])
		fraction, s = s[1:1+n], s[1+n:]
		if strings.HasPrefix(s, ".") || strings.HasPrefix(s, ",") {
			return d, "", &Error{CodeAmbiguous, typed, "has more than one decimal sign", "write thousands as 1,000,000 and decimals as 0.5"}
		}
	}
	if whole == "" && fraction == "" {
		return d, "", &Error{CodeSyntax, typed, "is not a number", "write it like 5000, 5k, 1.5M or 2,500"}
	}
	exp := 0
	if len(s) > 1 && (s[0] == 'e' || s[0] == 'E') {
		t, minus := s[1:], false
		if t[0] == '+' || t[0] == '-' {
			minus, t = t[0] == '-', t[1:]
		}
		if n := digits(t); n > 0 {
			if n > 4 {
				return d, "", &Error{CodeRange, typed, "is too large", "use a number up to 1e15"}
			}
			exp, _ = strconv.Atoi(t[:n])
			if minus {
				exp = -exp
			}
			s = t[n:]
		}
	}
	if whole == "" {
		whole = "0"
	}
	text := sign + whole
	if fraction != "" {
		text += "." + fraction
	}
	return decimal{text, exp}, strings.TrimSpace(s), nil
}

// scanWhole reads the digits before the point and drops thousands separators.
func scanWhole(typed, s string) (whole, rest string, err error) {
	n := digits(s)
	whole, rest = s[:n], s[n:]
	if n == 0 || rest == "" || !separator(rest[0]) {
		return whole, rest, nil
	}
	mark := rest[0]
	first := whole
	for len(rest) > 1 && rest[0] == mark {
		n := digits(rest[1:])
		if n == 0 && mark == ' ' {
			break // a space before a unit
		}
		if n != 3 || len(first) > 3 || first[0] == '0' {
			if mark == ',' {
				return "", "", &Error{CodeAmbiguous, typed, "has a comma where no thousands end", "write decimals with a point (2.5) and thousands as 2,500"}
			}
			return "", "", &Error{CodeAmbiguous, typed, "has a separator where no thousands end", "write thousands as 2,500 or 2500"}
		}
		whole, rest = whole+rest[1:4], rest[4:]
	}
	if rest != "" && separator(rest[0]) && (rest[0] != ' ' || digits(rest[1:]) > 0) {
		return "", "", &Error{CodeAmbiguous, typed, "mixes separators", "write thousands as 2,500,000 or 2500000"}
	}
	return whole, rest, nil
}

func separator(c byte) bool { return c == ',' || c == ' ' || c == '\'' }

// digits is the number of leading ASCII digits.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
