package units

import "strings"

// TimeUnit is the unit a bare number of a duration is in.
type TimeUnit string

const (
	Millisecond TimeUnit = "ms"
	Second      TimeUnit = "s"
	Minute      TimeUnit = "min"
	Hour        TimeUnit = "h"
)

// ParseDuration reads a duration and returns seconds: "500ms", "3s", "0.5 s",
// "2min", "1h", "80us". A bare number is in unit. Negative durations are an error.
func ParseDuration(s string, unit TimeUnit) (seconds float64, err error) {
	d, rest, err := scan(s)
	if err != nil {
		return 0, asks(err, "is not a duration", "write it like 500ms, 3s or 2min")
	}
	if rest == "" {
		rest = string(unit)
	}
	shift, times, ok := timeUnit(rest)
	if !ok {
		return 0, &Error{CodeUnit, s, "is not a duration", "write it like 500ms, 3s or 2min"}
	}
	x, err := d.value(s, shift)
	if err != nil {
		return 0, err
	}
	if x < 0 {
		return 0, &Error{CodeRange, s, "is negative", "write a duration such as 500ms or 3s"}
	}
	if x *= times; x > MaxNumber {
		return 0, &Error{CodeRange, s, "is too long", "write a duration such as 500ms, 3s or 2min"}
	}
	return x, nil
}

// timeUnit returns a unit's length as 10^shift × times seconds.
func timeUnit(s string) (shift int, times float64, ok bool) {
	switch strings.ToLower(s) {
	case "us", "µs", "μs":
		return -6, 1, true
	case "ms", "msec", "millisecond", "milliseconds":
		return -3, 1, true
	case "s", "sec", "second", "seconds":
		return 0, 1, true
	case "min", "minute", "minutes":
		return 0, 60, true
	case "h", "hr", "hour", "hours":
		return 0, 3600, true
	}
	return 0, 0, false
}
