package units

import (
	"math"
	"strconv"
	"strings"
)

// Words for values that are not numbers.
const (
	Unknown   = "unknown"
	Unbounded = "unbounded"
	NoPrice   = "No price"
)

// word returns the word for NaN and infinities, and "" for a finite value.
func word(x float64) string {
	switch {
	case math.IsNaN(x):
		return Unknown
	case math.IsInf(x, 1):
		return Unbounded
	case math.IsInf(x, -1):
		return minus + Unbounded
	}
	return ""
}

const minus = "\u2212" // true minus sign

// Sig prints x with at most digits significant digits (1 to 17), thousands
// separated by commas, trailing zeros after the point dropped: Sig(1234.5, 3)
// is "1,230", Sig(2.40, 3) is "2.4".
func Sig(x float64, digits int) string { return sig(x, digits, false) }

// SigFixed is Sig with trailing zeros kept, for columns: SigFixed(2.4, 3) is "2.40".
func SigFixed(x float64, digits int) string { return sig(x, digits, true) }

func sig(x float64, digits int, fixed bool) string {
	if w := word(x); w != "" {
		return w
	}
	if x == 0 {
		return "0"
	}
	mantissa, exp := split(x, clamp(digits))
	return separate(place(mantissa, exp, fixed), x < 0)
}

// Count prints x as a whole number with thousands separated: "5,000".
func Count(x float64) string {
	if w := word(x); w != "" {
		return w
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', 0, 64)
	return separate(text, x < 0 && text != "0")
}

// Fixed prints x with decimals digits after the point and thousands separated.
func Fixed(x float64, decimals int) string {
	if w := word(x); w != "" {
		return w
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', max(decimals, 0), 64)
	return separate(text, x < 0 && strings.Trim(text, "0.") != "")
}

// Plain prints x exactly, in the shortest decimal form without exponent or
// separators: the form of links, CSV and arguments. NaN and infinities are "".
func Plain(x float64) string {
	if word(x) != "" {
		return ""
	}
	if x == 0 {
		return "0"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// PlainDuration prints seconds exactly as a link states them: "500ms" below
// one second, "3s" from there on. Unknown and negative values are "".
func PlainDuration(seconds float64) string {
	if word(seconds) != "" || seconds < 0 {
		return ""
	}
	if seconds == 0 || seconds >= 1 {
		return Plain(seconds) + "s"
	}
	digits, exp := split(seconds, 0)
	return place(digits, exp+3, false) + "ms"
}

// Range prints an interval of counts: "3–4", or "3" when both ends print the same.
func Range(lo, hi float64) string { return Span(Count(lo), Count(hi)) }

// Span joins two printed values with an en dash, or returns one when they are the same.
func Span(lo, hi string) string {
	if lo == hi {
		return lo
	}
	return lo + "–" + hi
}

// Round rounds x to digits significant digits. NaN and infinities stay.
func Round(x float64, digits int) float64 {
	if word(x) != "" || x == 0 {
		return x
	}
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', clamp(digits)-1, 64), 64)
	return y
}

func clamp(digits int) int { return min(max(digits, 1), 17) }

// split returns the decimal digits of |x|, rounded to n significant ones
// (n ≤ 0: as many as needed to tell x apart), and the position of the point:
// |x| = 0.d₁d₂… × 10^exp.
func split(x float64, n int) (digits string, exp int) {
	precision := -1
	if n > 0 {
		precision = clamp(n) - 1
	}
	text := strconv.FormatFloat(math.Abs(x), 'e', precision, 64)
	mantissa, tail, _ := strings.Cut(text, "e")
	exp, _ = strconv.Atoi(tail)
	return strings.Replace(mantissa, ".", "", 1), exp + 1
}

// place writes 0.digits × 10^exp without exponent.
func place(digits string, exp int, fixed bool) string {
	if !fixed {
		digits = strings.TrimRight(digits, "0")
	}
	switch {
	case exp <= 0:
		return "0." + strings.Repeat("0", -exp) + digits
	case exp >= len(digits):
		return digits + strings.Repeat("0", exp-len(digits))
	}
	return digits[:exp] + "." + digits[exp:]
}

// separate puts commas between thousands and the sign in front.
func separate(text string, negative bool) string {
	whole, fraction, point := strings.Cut(text, ".")
	var b strings.Builder
	if negative {
		b.WriteString(minus)
	}
	for i := 0; i < len(whole); i++ {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	if point {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}
