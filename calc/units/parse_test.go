package units

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		in   string
		want float64
	}{
		{"0", 0}, {"-0", 0}, {"5000", 5000}, {" 5000\t", 5000}, {"5k", 5000}, {"5 K", 5000},
		{"1.5m", 1.5e6}, {"1.5M", 1.5e6}, {"2b", 2e9}, {"2 bn", 2e9},
		{"2,500", 2500}, {"1,234,567.5", 1234567.5}, {"2 500", 2500}, {"2'500", 2500},
		{"2\u202f500", 2500}, {"2\u2009500\u00a0000", 2500000}, {"2’500", 2500},
		{"1e3", 1000}, {"1E+3", 1000}, {"2.5e-3", 0.0025}, {"1e3k", 1e6},
		{".5", 0.5}, {"5.", 5}, {"+7", 7}, {"-3", -3}, {"−3", -3},
		{"0.1", 0.1}, {"1e15", 1e15}, {"1e-400", 0}, {"\ufeff5", 5},
	} {
		got, err := ParseNumber(c.in)
		if err != nil || got != c.want || math.Signbit(got) != math.Signbit(c.want) {
			t.Errorf("ParseNumber(%q) = %v, %v, want %v", c.in, got, err, c.want)
		}
	}
}

func TestParseNumberRejects(t *testing.T) {
	for _, c := range []struct {
		in   string
		code Code
	}{
		{"", CodeEmpty}, {"  ", CodeEmpty},
		{"abc", CodeSyntax}, {"nan", CodeSyntax}, {"Inf", CodeSyntax}, {"0x10", CodeSyntax},
		{"1_000", CodeSyntax}, {"5kk", CodeSyntax}, {"5 tokens", CodeSyntax}, {"--5", CodeSyntax},
		{".", CodeSyntax}, {"k", CodeSyntax}, {"1e", CodeSyntax}, {strings.Repeat("1", 65), CodeSyntax},
		{"2,5", CodeAmbiguous}, {"0,500", CodeAmbiguous}, {"1,0000", CodeAmbiguous}, {"1234,567", CodeAmbiguous},
		{"1.000.000", CodeAmbiguous}, {"1.000,5", CodeAmbiguous}, {"1,000 000", CodeAmbiguous}, {"5,", CodeAmbiguous},
		{"1e16", CodeRange}, {"-1e16", CodeRange}, {"1e99999", CodeRange}, {"9e999", CodeRange},
	} {
		got, err := ParseNumber(c.in)
		var e *Error
		if !errors.As(err, &e) || e.Code != c.code || got != 0 {
			t.Errorf("ParseNumber(%q) = %v, %v, want an error with code %q", c.in, got, err, c.code)
			continue
		}
		if !strings.Contains(err.Error(), ": ") || e.Remedy == "" || e.Value != c.in {
			t.Errorf("ParseNumber(%q): message %q does not name value and remedy", c.in, err)
		}
	}
}

func TestErrorMessage(t *testing.T) {
	_, err := ParseNumber("2,5")
	const want = `"2,5" has a comma where no thousands end: write decimals with a point (2.5) and thousands as 2,500`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	long := quote(strings.Repeat("é", 60))
	if len(long) > 50 || !strings.HasSuffix(long, `…"`) || strings.Contains(long, "\ufffd") {
		t.Errorf("quote cuts a long value badly: %s", long)
	}
}

func TestParseDuration(t *testing.T) {
	for _, c := range []struct {
		in   string
		unit TimeUnit
		want float64
	}{
		{"3", Second, 3}, {"50", Millisecond, 0.05}, {"500ms", Second, 0.5}, {"0.5 s", Millisecond, 0.5},
		{"3S", Millisecond, 3}, {"2min", Second, 120}, {"1h", Second, 3600}, {"80µs", Second, 80e-6},
		{"1,500 ms", Second, 1.5}, {"0", Second, 0}, {"2 minutes", Second, 120}, {"1.5", Minute, 90},
	} {
		got, err := ParseDuration(c.in, c.unit)
		if err != nil || got != c.want {
			t.Errorf("ParseDuration(%q, %s) = %v, %v, want %v", c.in, c.unit, got, err, c.want)
		}
	}
	for _, c := range []struct {
		in   string
		code Code
	}{
		{"3 parsecs", CodeUnit}, {"3k", CodeUnit}, {"-3s", CodeRange}, {"1e15h", CodeRange}, {"s", CodeSyntax}, {"", CodeEmpty},
	} {
		_, err := ParseDuration(c.in, Second)
		var e *Error
		if !errors.As(err, &e) || e.Code != c.code {
			t.Errorf("ParseDuration(%q) gives %v, want code %q", c.in, err, c.code)
		}
	}
}

func TestParseRate(t *testing.T) {
	for _, c := range []struct {
		in   string
		def  RateUnit
		want float64
		unit RateUnit
	}{
		{"10", PerSecond, 10, PerSecond}, {"86400", PerDay, 1, PerDay}, {"20/s", PerDay, 20, PerSecond},
		{"300/min", PerSecond, 5, PerMinute}, {"40/h", PerSecond, 40.0 / 3600, PerHour},
		{"1.5M/day", PerSecond, 1.5e6 / 86400, PerDay}, {"1.5 M / day", PerSecond, 1.5e6 / 86400, PerDay},
		{"20 req/s", PerDay, 20, PerSecond}, {"20rps", PerDay, 20, PerSecond}, {"5k per day", PerSecond, 5000.0 / 86400, PerDay},
		{"2k requests/min", PerSecond, 2000.0 / 60, PerMinute}, {"730/month", PerSecond, 1.0 / 3600, PerMonth},
		{"60 rpm", PerSecond, 1, PerMinute},
	} {
		got, unit, err := ParseRate(c.in, c.def)
		if err != nil || math.Abs(got-c.want) > 1e-15*c.want || unit != c.unit {
			t.Errorf("ParseRate(%q, %s) = %v, %s, %v, want %v, %s", c.in, c.def, got, unit, err, c.want, c.unit)
		}
	}
	for in, code := range map[string]Code{
		"10/fortnight": CodeUnit, "10/": CodeUnit, "ten/s": CodeSyntax, "10 x/s": CodeSyntax, "-1/s": CodeRange, "": CodeEmpty,
	} {
		_, _, err := ParseRate(in, PerSecond)
		var e *Error
		if !errors.As(err, &e) || e.Code != code {
			t.Errorf("ParseRate(%q) gives %v, want code %q", in, err, code)
		}
	}
}

func TestParsePercent(t *testing.T) {
	for in, want := range map[string]float64{"30": 30, "30%": 30, "62 %": 62, "0.5 percent": 0.5, "0": 0, "12.5 %": 12.5} {
		if got, err := ParsePercent(in); err != nil || got != want {
			t.Errorf("ParsePercent(%q) = %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"-1", "5k", "x", "", "50 % of peak"} {
		if got, err := ParsePercent(in); err == nil {
			t.Errorf("ParsePercent(%q) = %v, want an error", in, got)
		}
	}
}

func TestWithin(t *testing.T) {
	if x, err := Within("5", 5, 1, 5, "s"); x != 5 || err != nil {
		t.Errorf("Within at the upper bound = %v, %v", x, err)
	}
	for _, x := range []float64{0.999, 5001, math.NaN()} {
		_, err := Within("7", x, 1, 5000, "tokens")
		if err == nil || err.Error() != `"7" is out of range: use 1 to 5,000 tokens` {
			t.Errorf("Within(%v) gives %v", x, err)
		}
	}
}
