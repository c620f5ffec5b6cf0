package chart

import (
	"math"
	"sort"
	"strings"

	"fleetsize/calc/units"
)

// Axis is one axis: its name, its scale and how its values are written.
type Axis struct {
	Name     string // printed at the end of the axis; ", log scale" is added where true
	Unit     string // in table heads and readings; "" = none
	Kind     ScaleKind
	Min, Max float64  // both 0 = from the data; a linear y axis then includes zero
	Whole    bool     // counts whole things
	Labels   []string // Category: the names of 0, 1, 2 …
	// Tick writes a value without its unit; nil = three digits with commas.
	Tick func(float64) string
	// Say writes a value with its unit; nil = Tick and Unit.
	Say func(float64) string
}

// Series is one line.
type Series struct {
	Name, Short string // Short is used below 480 px when set
	Mark        Mark
	Hero        bool // the recommended one: a heavier line
	Quiet       bool // no name on the line, where the heading says it
	Letter      bool // one point, drawn as its name in a square: an option
	Ghost       bool // a prediction beside measurements: thin dashes, no dots
	Shape       CurveKind
	Points      []Point
}

// Point is one value of a series.
type Point struct {
	_ [0]func() // nothing compares it: no code for that in the program

	X, Y     float64
	Measured bool    // gets a dot
	Lo, Hi   float64 // 10–90 % band; both 0 = none
	Note     string  // a label such as "TP2"
	Strong   bool    // gets a large dot
	Ref      string  // what explains the value: the point gets it as data-x and can be pressed
	RefX     string  // what explains where it stands, "" = nothing
}

// ZoneKind is what a shaded area means.
type ZoneKind int

const (
	// Missed is hatched: a target is missed there.
	Missed ZoneKind = iota
	// Met is softly tinted: all targets are met there.
	Met
	// Phase is gray: the part being measured.
	Phase
)

// Zone shades an area; a bound of 0 reaches to the edge.
type Zone struct {
	X0, X1, Y0, Y1 float64
	Kind           ZoneKind
	Label          string
}

// Rule is a dashed line at a target.
type Rule struct {
	At    float64
	Label string // "" = "target" and the value
}

// Target is the ink rule with a pill that can be dragged along the x axis.
type Target struct {
	At          float64
	Note, Short string // "your target, drag to change"; Short where that does not fit
}

// tick writes a value without unit.
func (a Axis) tick(v float64) string {
	switch {
	case a.Kind == Category:
		if i := int(math.Round(v)); i >= 0 && i < len(a.Labels) {
			return a.Labels[i]
		}
		return ""
	case a.Tick != nil:
		return a.Tick(v)
	case a.Whole:
		return units.Count(v)
	}
	return units.Sig(v, 3)
}

// say writes a value with unit.
func (a Axis) say(v float64) string {
	if a.Say != nil && a.Kind != Category {
		return a.Say(v)
	}
	return join(a.tick(v), a.Unit)
}

// join puts a unit after a number.
func join(number, unit string) string {
	if unit == "" {
		return number
	}
	return number + " " + unit
}

// title names the axis on the drawing.
func (a Axis) title() string {
	if a.Name != "" && a.Kind == Log {
		return a.Name + ", log scale"
	}
	return a.Name
}

// column names the axis in a table head, with its unit.
func (a Axis) column() string {
	switch {
	case a.Name == "":
		return a.Unit
	case a.Unit == "" || strings.Contains(a.Name, a.Unit):
		return a.Name
	}
	return a.Name + ", " + a.Unit
}

// clean returns the series' known points by increasing x; of several points at
// one x the last one counts.
func (s Series) clean(x, y ScaleKind) []Point {
	points := make([]Point, 0, len(s.Points))
	for _, p := range s.Points {
		if known(x, p.X) && known(y, p.Y) {
			points = append(points, p)
		}
	}
	sort.SliceStable(points, func(a, b int) bool { return points[a].X < points[b].X })
	kept := points[:0]
	for i, p := range points {
		if i+1 == len(points) || points[i+1].X != p.X {
			kept = append(kept, p)
		}
	}
	return kept
}

// label is the series' name for a width.
func (s Series) label(narrow bool) string {
	if narrow && s.Short != "" {
		return s.Short
	}
	return s.Name
}

// hasBand reports whether the point has a range around its value.
func (p Point) hasBand(y ScaleKind) bool {
	return (p.Lo != 0 || p.Hi != 0) && known(y, p.Lo) && known(y, p.Hi) && p.Lo <= p.Hi
}
