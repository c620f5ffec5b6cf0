package units

import (
	"math"
	"testing"
)

var nan, inf = math.NaN(), math.Inf(1)

func TestSig(t *testing.T) {
	for _, c := range []struct {
		x      float64
		digits int
		want   string
	}{
		{0, 3, "0"}, {2.4, 3, "2.4"}, {2.404, 3, "2.4"}, {5.414, 3, "5.41"}, {1234.5, 3, "1,230"},
		{12264, 3, "12,300"}, {0.00012345, 2, "0.00012"}, {-1234567, 7, "−1,234,567"},
		{999.5, 3, "1,000"}, {math.Nextafter(999.5, 0), 3, "999"}, {9.995, 3, "9.99"}, // 9.995 is stored as 9.9949…
		{1e21, 2, "1,000,000,000,000,000,000,000"}, {0.1, 17, "0.10000000000000001"}, {5, 0, "5"}, {5.5, 99, "5.5"},
		{nan, 3, "unknown"}, {inf, 3, "unbounded"}, {-inf, 3, "−unbounded"},
	} {
		if got := Sig(c.x, c.digits); got != c.want {
			t.Errorf("Sig(%v, %d) = %q, want %q", c.x, c.digits, got, c.want)
		}
	}
	if got := SigFixed(2.4, 3); got != "2.40" {
		t.Errorf("SigFixed(2.4, 3) = %q, want 2.40", got)
	}
	if got := SigFixed(1200, 3); got != "1,200" {
		t.Errorf("SigFixed(1200, 3) = %q, want 1,200", got)
	}
}

// Every switch of unit is tested at the first value that prints in the next
// unit and at the float just below it.
func TestUnitSwitches(t *testing.T) {
	type show func(float64) string
	seconds := func(d int) show { return func(x float64) string { return Duration(x, d) } }
	decimal := func(x float64) string { return join(Bytes(x, false)) }
	binary := func(x float64) string { return join(Bytes(x, true)) }
	for _, c := range []struct {
		name        string
		f           show
		x           float64
		below, from string
	}{
		{"ms to s, 3 digits", seconds(3), 0.9995, "999 ms", "1 s"},
		{"ms to s, 2 digits", seconds(2), 0.995, "990 ms", "1 s"},
		{"s to min, 3 digits", seconds(3), 120.5, "120 s", "2.01 min"},
		{"s to min, 2 digits", seconds(2), 125, "120 s", "2.1 min"},
		{"B to kB", decimal, 999.5, "999 B", "1 kB"},
		{"MB to GB", decimal, 999.5e6, "999 MB", "1 GB"},
		{"MiB to GiB", binary, 1 << 30, "1,024 MiB", "1 GiB"},
		{"dollars and cents", USDExact, 99.995, "$99.99", "$100"},
		{"percent", Percent, 0.0995, "9.9 %", "10 %"},
	} {
		if got := c.f(math.Nextafter(c.x, 0)); got != c.below {
			t.Errorf("%s: just below %v prints %q, want %q", c.name, c.x, got, c.below)
		}
		// The nearest float to x may lie a hair below it.
		if got := c.f(math.Nextafter(c.x, inf)); got != c.from {
			t.Errorf("%s: from %v on prints %q, want %q", c.name, c.x, got, c.from)
		}
	}
}

func TestQuantities(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"Count", Count(5000), "5,000"}, {"Count", Count(-0.3), "0"}, {"Count", Count(nan), "unknown"}, {"Count", Count(inf), "unbounded"},
		{"Fixed", Fixed(-0.04, 1), "0.0"}, {"Fixed", Fixed(1234.56, 1), "1,234.6"},
		{"Duration", Duration(0, 3), "0 s"}, {"Duration", Duration(0.0004, 3), "0.4 ms"}, {"Duration", Duration(0.99996, 3), "1 s"},
		{"Duration", Duration(2.437, 2), "2.4 s"}, {"Duration", Duration(211.7, 3), "3.53 min"}, {"Duration", Duration(nan, 3), "unknown"},
		{"Duration", Duration(inf, 3), "unbounded"}, {"Duration", Duration(-0.2, 3), "−200 ms"},
		{"Bytes", join(Bytes(80e9, false)), "80 GB"}, {"Bytes", join(Bytes(85520809984, true)), "79.6 GiB"},
		{"Bytes", join(Bytes(0, false)), "0 B"}, {"Bytes", join(Bytes(1e21, false)), "1,000,000 PB"}, {"Bytes", join(Bytes(nan, false)), "unknown"},
		{"GB", join(GB(16.06e9, false)), "16.1 GB"}, {"GB", join(GB(1<<30, true)), "1.0 GiB"}, {"GB", join(GB(nan, true)), "unknown"},
		{"USD", USD(7300), "$7,300"}, {"USD", USD(12264), "$12,300"}, {"USD", USD(0.2849), "$0.285"}, {"USD", USD(0), "$0"},
		{"USD", USD(0.65), "$0.650"}, {"USD", USD(2.4), "$2.40"}, {"USD", USD(12.34), "$12.30"}, {"USD", USD(99.94), "$99.90"}, {"USD", USD(99.96), "$100"}, {"USD", USD(9.996), "$10.00"},
		{"USD", USD(nan), "No price"}, {"USD", USD(-7300), "−$7,300"}, {"USD", USD(inf), "unbounded"},
		{"USDExact", USDExact(12264.4), "$12,264"}, {"USDExact", USDExact(2.49), "$2.49"}, {"USDExact", USDExact(nan), "No price"},
		{"Rate", Rate(20.8333), "20.8 req/s"}, {"Rate", Rate(inf), "unbounded"},
		{"Percent", Percent(0.62), "62 %"}, {"Percent", Percent(0.005), "0.5 %"}, {"Percent", Percent(0), "0 %"}, {"Percent", Percent(nan), "unknown"},
		{"Range", Range(3, 4), "3–4"}, {"Range", Range(3, 3.2), "3"}, {"Range", Range(900, 1100), "900–1,100"},
		{"Plain", Plain(1.5e6), "1500000"}, {"Plain", Plain(0.1), "0.1"}, {"Plain", Plain(nan), ""}, {"Plain", Plain(math.Copysign(0, -1)), "0"},
		{"PlainDuration", PlainDuration(0.05), "50ms"}, {"PlainDuration", PlainDuration(3), "3s"}, {"PlainDuration", PlainDuration(0.0001), "0.1ms"},
		{"PlainDuration", PlainDuration(1.25), "1.25s"}, {"PlainDuration", PlainDuration(-1), ""}, {"PlainDuration", PlainDuration(0), "0s"},
	} {
		if c.got != c.want {
			t.Errorf("%s prints %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestRound(t *testing.T) {
	if got := Round(1234567, 3); got != 1230000 {
		t.Errorf("Round(1234567, 3) = %v", got)
	}
	if got := Round(nan, 3); !math.IsNaN(got) {
		t.Errorf("Round(NaN) = %v", got)
	}
}
