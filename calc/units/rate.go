package units

import "strings"

// RateUnit is the unit a rate was stated in.
type RateUnit string

const (
	PerSecond RateUnit = "s"
	PerMinute RateUnit = "min"
	PerHour   RateUnit = "h"
	PerDay    RateUnit = "day"
	PerMonth  RateUnit = "month" // 730 hours
)

// Seconds is the length of the unit in seconds; 0 for an unknown one.
func (u RateUnit) Seconds() float64 {
	switch u {
	case PerSecond:
		return 1
	case PerMinute:
		return 60
	case PerHour:
		return 3600
	case PerDay:
		return 86400
	case PerMonth:
		return 730 * 3600
	}
	return 0
}

// ParseRate reads a request rate and returns requests per second and the unit
// it was stated in: "20/s", "300/min", "40 / h", "1.5M/day", "20 req/s",
// "5k per day", "20 rps". A bare number is per unit. Negative rates are an error.
func ParseRate(s string, unit RateUnit) (perSecond float64, stated RateUnit, err error) {
	d, rest, err := scan(s)
	if err != nil {
		return 0, "", asks(err, "is not a rate", "write it like 20/s, 300/min, 40/h or 1.5M/day")
	}
	amount, per, cut := splitRate(rest)
	if cut {
		u, ok := rateUnit(per)
		if !ok {
			return 0, "", &Error{CodeUnit, s, "has an unknown unit", "write a rate like 20/s, 300/min, 40/h or 1.5M/day"}
		}
		unit = u
	}
	shift, ok := suffix(amount)
	if !ok {
		return 0, "", &Error{CodeSyntax, s, "is not a rate", "write it like 20/s, 300/min, 40/h or 1.5M/day"}
	}
	x, err := d.value(s, shift)
	if err != nil {
		return 0, "", err
	}
	if x < 0 {
		return 0, "", &Error{CodeRange, s, "is negative", "write a rate such as 20/s or 1.5M/day"}
	}
	return x / unit.Seconds(), unit, nil
}

// splitRate splits what follows the number into its magnitude suffix and the
// text after the slash; the words requests and req before the slash are dropped.
func splitRate(rest string) (amount, per string, cut bool) {
	rest = strings.ToLower(rest)
	switch {
	case strings.HasSuffix(rest, "rps"):
		return strings.TrimSpace(strings.TrimSuffix(rest, "rps")), "s", true
	case strings.HasSuffix(rest, "rpm"):
		return strings.TrimSpace(strings.TrimSuffix(rest, "rpm")), "min", true
	}
	amount, per, cut = strings.Cut(rest, "/")
	if !cut {
		amount, per, cut = strings.Cut(" "+rest, " per ")
	}
	amount = strings.TrimSpace(amount)
	for _, word := range []string{"requests", "request", "reqs", "req"} {
		if t, ok := strings.CutSuffix(amount, word); ok {
			amount = strings.TrimSpace(t)
			break
		}
	}
	return amount, strings.TrimSpace(per), cut
}

func rateUnit(s string) (RateUnit, bool) {
	switch s {
	case "s", "sec", "second":
		return PerSecond, true
	case "min", "minute":
		return PerMinute, true
	case "h", "hr", "hour":
		return PerHour, true
	case "d", "day":
		return PerDay, true
	case "month", "mo":
		return PerMonth, true
	}
	return "", false
}

// ParsePercent reads a percentage and returns it in per cent, not as a share:
// "30", "30%", "30 %" and "0.5 percent". Negative percentages are an error;
// upper bounds depend on what is meant, see Within.
func ParsePercent(s string) (float64, error) {
	d, rest, err := scan(s)
	if err != nil {
		return 0, asks(err, "is not a percentage", "write it like 30 or 30 %")
	}
	switch strings.ToLower(rest) {
	case "", "%", "percent", "per cent", "pct":
	default:
		return 0, &Error{CodeUnit, s, "is not a percentage", "write it like 30 or 30 %"}
	}
	x, err := d.value(s, 0)
	if err != nil {
		return 0, err
	}
	if x < 0 {
		return 0, &Error{CodeRange, s, "is negative", "write a percentage such as 30"}
	}
	return x, nil
}
