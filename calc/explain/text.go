package explain

import (
	"strings"

	"fleetsize/calc/units"
)

// WithNumbers is the formula with its numbers and the result, one step a line.
func (x *Explanation) WithNumbers() []string {
	lines := make([]string, 0, len(x.Steps)+1)
	for i, s := range x.Steps {
		if i > 0 {
			s = "= " + s
		}
		lines = append(lines, s)
	}
	last := "= " + x.Shown()
	if exact := x.unit.text(x.Value, inputDigits); exact != x.Shown() && !x.Simulated() {
		last = "= " + exact + " ≈ " + x.Shown()
	}
	return append(lines, last)
}

// ExcelNumbers is the formula with its exact numbers, to be pasted into a
// cell; "" where a simulation is part of it.
func (x *Explanation) ExcelNumbers() string {
	return x.excel(func(name string) string { return units.Plain(x.book.value(name)) })
}

// Heading is what the number is: "GPUs on H100 SXM".
func (x *Explanation) Heading() string {
	switch {
	case x.GPU == "":
		return x.Title
	case ofCatalog(x.ID), strings.HasPrefix(x.ID, "seen_"):
		return x.Title + ", " + x.GPU
	}
	return x.Title + " on " + x.GPU
}

// Binary is an amount of memory in GiB, the unit of nvidia-smi and of engines'
// logs; "" for anything else.
func (x *Explanation) Binary() string {
	if x.unit.name != "GB" {
		return ""
	}
	number, unit := units.GB(x.Value, true)
	return number + " " + unit + ", as nvidia-smi counts"
}

// Plain is everything about the number as text.
func (x *Explanation) Plain() string {
	var b strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(strings.ReplaceAll(p, "\u00a0", " "))
		}
		b.WriteByte('\n')
	}
	line(x.Heading(), ": ", x.Shown())
	if text := x.Binary(); text != "" {
		line(text)
	}
	line(x.What)
	line()
	if !x.Given() {
		line("Formula       ", x.Symbols())
		for i, s := range x.WithNumbers() {
			if i == 0 {
				line("With numbers  ", s)
			} else {
				line("              ", s)
			}
		}
		line()
	}
	line("Where from")
	width := 0
	for _, in := range x.Input {
		width = max(width, len([]rune(in.Text)))
	}
	for _, in := range x.Input {
		status := ""
		if in.Source.Confirmed {
			status = " (confirmed)"
		}
		line("  ", in.Text, strings.Repeat(" ", width-len([]rune(in.Text))+2), in.Meaning, ": ", in.Source.Text, status)
	}
	if t := x.Sure.Words(); t != "" {
		line()
		line("Sure?  ", t)
	}
	for _, c := range x.Changes {
		line("  ", c.Text, " if ", c.If)
	}
	if x.Basis != "" {
		line()
		line(x.Basis)
	}
	return b.String()
}
