package views

import (
	"math"
	"reflect"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// field is one number input: how its value is read from the sizing, parsed,
// stepped and written back. Values are in the unit shown.
type field struct {
	id, label, unit string
	lo, hi          float64
	whole           bool
	canBeOff        bool    // "off" is a value: NaN
	plain           bool    // no status: neither default nor confirmed
	step            float64 // linear step; 0 = the 1-2-5 ladder
	low             float64 // lowest rung of the ladder
	parse           func(text string) (float64, error)
	get             func(*Sizing) float64
	set             func(*link.State, float64)
	reset           func(*link.State)
}

// show prints a value the way the field holds it.
func (f *field) show(v float64) string {
	if math.IsNaN(v) {
		return "off"
	}
	if f.whole {
		return units.Count(v)
	}
	return units.Sig(v, 4)
}

// read parses what was typed: a value within the field's bounds, NaN for off.
func (f *field) read(text string) (float64, error) {
	if f.canBeOff && isOff(text) {
		return math.NaN(), nil
	}
	v, err := f.parse(text)
	if err != nil {
		return 0, err
	}
	if v, err = units.Within(text, v, f.lo, f.hi, f.unit); err != nil {
		return 0, err
	}
	if f.whole && v != math.Trunc(v) {
		return 0, &units.Error{Code: units.CodeRange, Value: text, Reason: "is not a whole number", Remedy: "use " + units.Count(math.Floor(v)) + " or " + units.Count(math.Ceil(v))}
	}
	return v, nil
}

func isOff(text string) bool {
	switch lower(text) {
	case "off", "none", "no":
		return true
	}
	return false
}

// next is the value dir steps from v, ten times as far when big.
func (f *field) next(v float64, dir int, big bool) float64 {
	if math.IsNaN(v) {
		if dir > 0 {
			return f.lo
		}
		return v
	}
	times := 1
	if big && f.step != 0 {
		times = 10
	}
	if big && f.step == 0 {
		times = 3 // three rungs of 1-2-5 are a factor of ten
	}
	for ; times > 0; times-- {
		if f.step != 0 {
			v = linear(v, dir, f.step)
		} else {
			v = ladder(v, dir, f.low)
		}
	}
	return math.Min(math.Max(v, f.lo), f.hi)
}

func number(text string) (float64, error) { return units.ParseNumber(stripUnit(text)) }

// seconds reads a duration in seconds, millis in milliseconds.
func seconds(text string) (float64, error) { return units.ParseDuration(text, units.Second) }

func millis(text string) (float64, error) {
	v, err := units.ParseDuration(text, units.Millisecond)
	return tidy(v * 1000), err
}

func perSecond(text string) (float64, error) {
	v, _, err := units.ParseRate(text, units.PerSecond)
	return v, err
}

func perDay(text string) (float64, error) {
	v, _, err := units.ParseRate(text, units.PerDay)
	return tidy(v * 86400), err
}

func perHour(text string) (float64, error) {
	v, _, err := units.ParseRate(text, units.PerHour)
	return tidy(v * 3600), err
}

// stripUnit drops the words people put behind counts.
func stripUnit(text string) string {
	t := lower(text)
	for _, unit := range []string{"tokens", "token", "tok", "people", "users", "replicas", "nodes", "years", "×", "x"} {
		if rest, ok := cutSuffix(t, unit); ok {
			return rest
		}
	}
	return text
}

// target is a field of a latency limit; scale is its units per second.
func target(id, label, unit string, scale, lo, hi, low float64, parse func(string) (float64, error),
	at func(*link.State) *link.Target, value func(*fleet.Requirement) float64) *field {
	return &field{id: id, label: label, unit: unit, lo: lo, hi: hi, low: low, canBeOff: true, parse: parse,
		get: func(s *Sizing) float64 {
			if v := value(&s.Req); v > 0 {
				return tidy(v * scale)
			}
			return math.NaN()
		},
		set: func(st *link.State, v float64) {
			if math.IsNaN(v) {
				*at(st) = link.Target{Set: true, Off: true}
				return
			}
			*at(st) = link.Target{Set: true, Seconds: tidy(v / scale)}
		},
		reset: func(st *link.State) { *at(st) = link.Target{} },
	}
}

// override is a posture value that may differ from the posture's own; scale
// turns what the requirement holds into the unit shown.
func override(id, label, unit string, lo, hi, step float64, whole bool,
	at func(*link.State) *float64, value func(*fleet.Requirement) float64) *field {
	parse := number
	if unit == "%" {
		parse = units.ParsePercent
	}
	return &field{id: id, label: label, unit: unit, lo: lo, hi: hi, step: step, whole: whole, parse: parse,
		get:   func(s *Sizing) float64 { return tidy(value(&s.Req)) },
		set:   func(st *link.State, v float64) { *at(st) = v },
		reset: func(st *link.State) { *at(st) = -1 },
	}
}

// demandField is one number of the demand; it is changed when it differs from
// the default of this link version.
func demandField(id, label, unit string, lo, hi, low float64, whole bool, parse func(string) (float64, error), at func(*fleet.Demand) *float64) *field {
	return &field{id: id, label: label, unit: unit, lo: lo, hi: hi, low: low, whole: whole, parse: parse,
		get: func(s *Sizing) float64 { return tidy(*at(&s.State.Demand)) },
		set: func(st *link.State, v float64) { *at(&st.Demand) = v },
		reset: func(st *link.State) {
			d := link.DemandDefaults(st.Demand.Kind)
			*at(&st.Demand) = *at(&d)
		},
	}
}

// changed reports whether resetting the field would change the state.
func (f *field) changed(s *Sizing) bool {
	st := clone(s.State)
	f.reset(&st)
	if reflect.DeepEqual(st, s.State) { // the usual case, in a fraction of the time
		return false
	}
	return st.String() != s.State.String()
}
