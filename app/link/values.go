package link

import (
	"math"
	"strconv"
	"strings"

	"fleetsize/calc/units"
)

// The constructors below build the keys whose values are plain numbers,
// durations or words. Bounds are inclusive.

// whole is a positive whole number; 0 means that it is not stated.
func whole(name, example string, lo, hi float64, field func(*State) *int) key {
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			x, problem := wholeNumber(v, lo, hi)
			if problem == "" {
				*field(&r.state) = int(x)
			}
			return problem
		},
		reset: func(s *State) { *field(s) = 0 },
		write: func(s *State) string {
			if n := *field(s); n > 0 {
				return strconv.Itoa(n)
			}
			return ""
		},
	}
}

// number is a whole number; negative means that it is not stated.
func number(name, example string, lo, hi float64, field func(*State) *float64) key {
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			x, problem := wholeNumber(v, lo, hi)
			if problem == "" {
				*field(&r.state) = x
			}
			return problem
		},
		reset: func(s *State) { *field(s) = -1 },
		write: func(s *State) string { return stated(*field(s)) },
	}
}

// percent is a number in per cent; negative means that it is not stated.
func percent(name, example string, lo, hi float64, field func(*State) *float64) key {
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			x, err := units.ParsePercent(v)
			if err == nil {
				x, err = units.Within(v, x, lo, hi, "per cent")
			}
			if err != nil {
				return err.Error()
			}
			*field(&r.state) = x
			return ""
		},
		reset: func(s *State) { *field(s) = -1 },
		write: func(s *State) string { return stated(*field(s)) },
	}
}

// plain is a positive number; 0 means that it is not stated.
func plain(name, example string, lo, hi float64, field func(*State) *float64) key {
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			x, problem := within(v, lo, hi)
			if problem == "" {
				*field(&r.state) = x
			}
			return problem
		},
		reset: func(s *State) { *field(s) = 0 },
		write: func(s *State) string {
			if x := *field(s); x > 0 {
				return units.Plain(x)
			}
			return ""
		},
	}
}

// wholeOr is whole with a default that is not written.
func wholeOr(name, example string, lo, hi float64, standard int, field func(*State) *int) key {
	return without(whole(name, example, lo, hi, field), standard, field)
}

// plainOr is plain with a default that is not written.
func plainOr(name, example string, lo, hi, standard float64, field func(*State) *float64) key {
	return without(plain(name, example, lo, hi, field), standard, field)
}

// without is a key that takes its default for not stated.
func without[T int | float64](k key, standard T, field func(*State) *T) key {
	read := k.read
	k.read = func(r *reader, v string) string {
		problem := read(r, v)
		if f := field(&r.state); *f == standard {
			*f = 0
		}
		return problem
	}
	return k
}

// amount is a number that may be zero; negative means that it is not stated.
func amount(name, example string, lo, hi float64, field func(*State) *float64) key {
	k := plain(name, example, lo, hi, field)
	k.reset = func(s *State) { *field(s) = -1 }
	k.write = func(s *State) string { return stated(*field(s)) }
	return k
}

// zeroPercent is a number in per cent up to hi whose default is 0, not stated.
func zeroPercent(name, example string, hi float64, field func(*State) *float64) key {
	k := percent(name, example, 0, hi, field)
	k.reset = func(s *State) { *field(s) = 0 }
	k.write = func(s *State) string {
		if x := *field(s); x > 0 {
			return units.Plain(x)
		}
		return ""
	}
	return k
}

// duration is a time of at most hi seconds whose default is 0, not stated. A
// bare number is in seconds.
func duration(name, example string, hi float64, field func(*State) *float64) key {
	k := plain(name, example, 0, hi, field)
	k.read = func(r *reader, v string) string {
		x, err := units.ParseDuration(v, "s")
		switch {
		case err != nil:
			return err.Error()
		case x < 0 || x > hi:
			return quote(v) + " is out of range: write a duration such as " + example + ", at most " + units.PlainDuration(hi)
		}
		*field(&r.state) = x
		return ""
	}
	k.write = func(s *State) string {
		if x := *field(s); x > 0 {
			return units.PlainDuration(x)
		}
		return ""
	}
	return k
}

// target is a latency limit: a duration or "off". A bare number is in unit.
func target(name, example string, unit units.TimeUnit, field func(*State) *Target) key {
	const lo, hi = 1e-6, 86400
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			if strings.EqualFold(v, "off") {
				*field(&r.state) = Target{Set: true, Off: true}
				return ""
			}
			x, err := units.ParseDuration(v, unit)
			switch {
			case err != nil:
				return err.Error()
			case x < lo || x > hi:
				return quote(v) + " is out of range: write a duration such as " + example + ", or off for no target"
			}
			*field(&r.state) = Target{Set: true, Seconds: x}
			return ""
		},
		reset: func(s *State) { *field(s) = Target{} },
		write: func(s *State) string {
			switch t := *field(s); {
			case !t.Set:
				return ""
			case t.Off:
				return "off"
			default:
				return units.PlainDuration(t.Seconds)
			}
		},
	}
}

// choice is one of a few words.
func choice(name, example, standard string, words []string, field func(*State) *string) key {
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			v = strings.ToLower(v)
			switch {
			case name == "pct":
				v = strings.TrimPrefix(v, "p")
			case name == "pos" && v == "standard": // as the page spells it
				v = "std"
			}
			for _, w := range words {
				if v == w {
					*field(&r.state) = w
					return ""
				}
			}
			return quote(v) + " is not one of its values: write " + or(words)
		},
		reset: func(s *State) { *field(s) = standard },
		write: func(s *State) string { return unless(*field(s), standard) },
	}
}

// free is an item of words that the page gives a meaning to.
func free(name, example, standard string, field func(*State) *string) key {
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			v = strings.ToLower(v)
			if name == "x" && !isRef(v) || name != "x" && !isItem(v) {
				return quote(v) + " is not a word: write " + example
			}
			*field(&r.state) = v
			return ""
		},
		reset: func(s *State) { *field(s) = standard },
		write: func(s *State) string { return unless(*field(s), standard) },
	}
}

// within reads a number between two bounds. An empty one is a part of a value
// that is missing: keys without a value are never read.
func within(v string, lo, hi float64) (x float64, problem string) {
	if v == "" {
		return 0, "a number is missing"
	}
	x, err := units.ParseNumber(v)
	if err == nil {
		x, err = units.Within(v, x, lo, hi, "")
	}
	if err != nil {
		return 0, err.Error()
	}
	return x, ""
}

// wholeNumber is within for numbers without a fraction.
func wholeNumber(v string, lo, hi float64) (x float64, problem string) {
	x, problem = within(v, lo, hi)
	if problem == "" && x != math.Trunc(x) {
		return 0, quote(v) + " is not a whole number: write " + units.Plain(math.Ceil(x))
	}
	return x, problem
}

// stated writes an optional number, "" where it is negative (not stated) or not a number.
func stated(x float64) string {
	if x >= 0 {
		return units.Plain(x)
	}
	return ""
}

// isWord reports whether s can stand in a link as it is: letters a to z,
// digits, "-" and ".", a letter or digit at both ends.
func isWord(s string) bool {
	if s == "" || len(s) > 64 || !alnum(s[0]) || !alnum(s[len(s)-1]) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if !alnum(s[i]) && s[i] != '-' && s[i] != '.' {
			return false
		}
	}
	return true
}

// isItem reports whether s is words joined by ":".
func isItem(s string) bool {
	if len(s) > 400 {
		return false
	}
	for _, w := range strings.Split(s, ":") {
		if !isWord(w) {
			return false
		}
	}
	return true
}

// isRef reports whether s is written as what explains a number is: words with
// "-", ":" and "." between them, of which several may follow each other.
func isRef(s string) bool {
	for i := range len(s) {
		if !alnum(s[i]) && strings.IndexByte("-:.", s[i]) < 0 {
			return false
		}
	}
	return s != "" && len(s) <= 400 && alnum(s[0])
}

func alnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// quote prints a value for a message, shortened.
func quote(s string) string { return strconv.Quote(shorten(s, 40)) }

// or joins words as "a, b or c".
func or(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
