package units

import (
	"math"
	"strings"
	"testing"
)

// FuzzParse checks that no text makes a parser panic or return a value that
// is not finite, and that an accepted number, written plainly, reads back as itself.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "5k", "1.5M/day", "2,500", "1e3", "500ms", "−3", "2\u202f500", "62 %", "300/min", "1,2,3", "9e999", "1 000 000 s", "5 per day", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if x, err := ParseNumber(s); err == nil {
			if math.IsNaN(x) || math.Abs(x) > MaxNumber {
				t.Fatalf("ParseNumber(%q) = %v", s, x)
			}
			if len(Plain(x)) <= maxTyped {
				if y, err := ParseNumber(Plain(x)); err != nil || y != x {
					t.Fatalf("ParseNumber(Plain(%v)) = %v, %v", x, y, err)
				}
			}
		}
		if x, err := ParseDuration(s, Second); err == nil {
			if !(x >= 0 && x <= MaxNumber) {
				t.Fatalf("ParseDuration(%q) = %v", s, x)
			}
			if text := PlainDuration(x); len(text) <= maxTyped {
				if y, err := ParseDuration(text, Millisecond); err != nil || y != x {
					t.Fatalf("ParseDuration(%q) = %v, %v, want %v", text, y, err, x)
				}
			}
		}
		if x, u, err := ParseRate(s, PerDay); err == nil && (!(x >= 0) || math.IsInf(x, 0) || u.Seconds() == 0) {
			t.Fatalf("ParseRate(%q) = %v, %q", s, x, u)
		}
		if x, err := ParsePercent(s); err == nil && !(x >= 0 && x <= MaxNumber) {
			t.Fatalf("ParsePercent(%q) = %v", s, x)
		}
	})
}

// FuzzFormat checks that printing stays put: what is printed parses to a
// number that prints the same, and nothing prints as NaN or Inf.
func FuzzFormat(f *testing.F) {
	for _, x := range []float64{0, 1, -1, 0.99995, 999.95, 119.99, 1e-9, 1234567.89, 1e14, math.NaN(), math.Inf(1)} {
		f.Add(x, 3)
	}
	f.Fuzz(func(t *testing.T, x float64, digits int) {
		if digits > 17 || digits < 1 {
			digits = 3
		}
		number, unit := Seconds(x, digits)
		memory, prefix := Bytes(x, true)
		for _, s := range []string{Sig(x, digits), Count(x), number + unit, memory + prefix, USD(x), USDExact(x), Rate(x), Percent(x), Plain(x)} {
			if strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
				t.Fatalf("%v prints as %q", x, s)
			}
		}
		if math.IsNaN(x) || math.Abs(x) > MaxNumber/10 || math.Abs(x) < 1e-12 {
			return
		}
		for _, show := range []func(float64) string{func(x float64) string { return Sig(x, digits) }, Count} {
			text := show(x)
			back, err := ParseNumber(text)
			if err != nil {
				if len(text) > maxTyped {
					continue
				}
				t.Fatalf("%v prints as %q, which does not parse: %v", x, text, err)
			}
			if again := show(back); again != text {
				t.Fatalf("%q parses and prints as %q", text, again)
			}
		}
		if x >= 0 {
			back, err := ParseDuration(number+" "+unit, Hour)
			if err != nil {
				t.Fatalf("Seconds(%v) = %q %q, which does not parse: %v", x, number, unit, err)
			}
			// Minutes multiply by 60, which can move the last of 17 digits.
			if again, u := Seconds(back, min(digits, 15)); digits <= 15 && (again != number || u != unit) {
				t.Fatalf("%s %s parses and prints as %s %s", number, unit, again, u)
			}
		}
	})
}
