package explain

import (
	"math"
	"strconv"
	"strings"

	"fleetsize/calc/units"
)

// unit is how a value is written: a unit and, after a colon in the registry,
// the significant digits it is shown with.
type unit struct {
	name   string
	digits int // 0 = as the confidence deserves: two or three
}

func parseUnit(text string) unit {
	name, digits, ok := strings.Cut(text, ":")
	u := unit{name: name, digits: 3}
	if ok {
		u.digits, _ = strconv.Atoi(digits)
	}
	return u
}

// inputDigits is how precisely inputs are written, one digit more than
// results, so that a reader who computes along arrives at the same result.
const inputDigits = 4

// format writes a value and its unit apart. digits overrides the unit's own.
func (u unit) format(x float64, digits int) (number, name string) {
	if digits == 0 {
		digits = u.digits
	}
	switch u.name {
	case "s":
		return units.Seconds(x, digits)
	case "x":
		return plain(x, digits), ""
	case "year":
		return units.Plain(x), ""
	case "TFLOP/s", "TB/s":
		return units.Sig(x/1e12, max(digits, inputDigits)), u.name
	case "kB":
		return units.Sig(x/1e3, digits), u.name
	case "GB/s":
		return units.Sig(x/1e9, max(digits, inputDigits)), u.name
	case "%":
		text := units.Percent(x)
		if p := 100 * x; digits >= inputDigits && math.Abs(p-math.Round(p)) > 1e-9 {
			text = units.Sig(p, digits) + " %"
		}
		return strings.TrimSuffix(text, " %"), "%"
	case "pct":
		return units.Fixed(100*x, 1), "%"
	case "GB":
		if digits < inputDigits {
			return units.GB(x, false)
		}
		return prefixed(x, digits, "B")
	case "B", "B/s", "FLOP", "FLOP/s", "FLOP/B":
		return prefixed(x, digits, u.name)
	case "USD":
		if digits >= inputDigits {
			return dollars(x, digits), ""
		}
		return units.USD(x), ""
	}
	number = tight(x, digits)
	if number == "1" && singular[u.name] {
		return number, u.name[:len(u.name)-1]
	}
	return number, u.name
}

// singular are the units that lose their s beside a one.
var singular = map[string]bool{"GPUs": true, "replicas": true, "nodes": true, "requests": true, "stages": true, "years": true, "steps": true, "runs": true, "months": true, "rows": true}

// tight prints whole numbers whole and others with digits.
func tight(x float64, digits int) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e9 {
		return units.Count(x)
	}
	return units.Sig(x, digits)
}

// plain is a bare number; millions and billions in words.
func plain(x float64, digits int) string {
	switch {
	case math.Abs(x) >= 999.5e6:
		return units.Sig(x/1e9, digits) + " billion"
	case math.Abs(x) >= 1e6:
		return units.Sig(x/1e6, digits) + " million"
	}
	return tight(x, digits)
}

func dollars(x float64, digits int) string {
	if x < 0 {
		return "−$" + units.Sig(-x, digits)
	}
	return "$" + units.Sig(x, digits)
}

// prefixed prints large quantities with k, M, G, T, P or E.
func prefixed(x float64, digits int, name string) (string, string) {
	prefixes := [...]string{"", "k", "M", "G", "T", "P", "E"}
	i := 0
	for i < len(prefixes)-1 && math.Abs(units.Round(x, digits)) >= 1000 {
		x /= 1000
		i++
	}
	return units.Sig(x, digits), prefixes[i] + name
}

// text is format in one string.
func (u unit) text(x float64, digits int) string {
	number, name := u.format(x, digits)
	if name == "" || number == units.Unknown {
		return number
	}
	return number + "\u00a0" + name
}
