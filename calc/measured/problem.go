package measured

import "fmt"

// Problem is something about a file or a row that the reader should know. It
// never stops the reading.
type Problem struct {
	Line int // of the file, 0 = the file as a whole
	Code Code
	Text string // a sentence that names the value and what was made of it
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("Line %d: %s", p.Line, p.Text)
}

// Code names the kind of a problem for programs.
type Code string

// Kinds of problems found while reading.
const (
	CodeColumn    Code = "column"     // a heading that is not used, is repeated, or has no unit
	CodeNumber    Code = "number"     // a cell that is no number of the kind needed
	CodePrecision Code = "precision"  // an unknown precision
	CodeStatistic Code = "statistic"  // an unknown statistic
	CodeCells     Code = "cells"      // more or fewer cells than headings
	CodeLoad      Code = "load"       // the row does not say what load it was measured under
	CodeInferred  Code = "inferred"   // something that was not stated and was taken from elsewhere
	CodeMany      Code = "many_rows"  // more problems than are listed
	CodeDefined   Code = "definition" // a figure that the tool defines in another way than we do
)

// Kinds of findings of Check.
const (
	CodeFloor      Code = "below_floor"    // a token took less time than reading the weights takes
	CodeTTFTFloor  Code = "ttft_floor"     // the first token came faster than the prompt can be computed
	CodeLittle     Code = "littles_law"    // throughput × latency is not the requests in flight
	CodeDisagree   Code = "disagree"       // two figures of the row contradict each other
	CodePercentile Code = "p95_below_mean" // a p95 below the mean
	CodeDuplicate  Code = "duplicate"      // the same point twice with the same figures
	CodeRepeat     Code = "repeat_differs" // the same point twice with different figures
	CodeUnits      Code = "units"          // looks like another unit
)

// FormatError is a file that cannot be read as a table of measurements.
type FormatError struct{ Text string }

func (e *FormatError) Error() string { return e.Text }

func formatError(format string, args ...any) error {
	return &FormatError{fmt.Sprintf(format, args...)}
}

// problems collects at most listed problems per file.
type problems struct {
	list []Problem
	more int
}

// listed is how many problems of a file are listed one by one.
const listed = 200

func (p *problems) add(line int, code Code, format string, args ...any) {
	if len(p.list) >= listed {
		p.more++
		return
	}
	p.list = append(p.list, Problem{line, code, fmt.Sprintf(format, args...)})
}

func (p *problems) all() []Problem {
	if p.more > 0 {
		return append(p.list, Problem{0, CodeMany, fmt.Sprintf("%d more problems are not listed.", p.more)})
	}
	return p.list
}

// clip shortens a cell for a message.
func clip(s string) string {
	const most = 40
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
