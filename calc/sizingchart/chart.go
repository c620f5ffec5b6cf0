// Package sizingchart compares the engine with a sizing chart that sales teams
// know: requests per second per GPU and GPUs for 10 requests per second, for
// prompts of 5,000 tokens and answers of 500, at two budgets for the first
// token.
//
// Source: the table "RAG / multi-turn / chain of thought, 5000/500" quoted in
// simpsonry1620/LLM-Inference-Calculator, docs/tasks.md (2025-04-17). The
// chart itself was not found. Its four accelerators, its wording and its
// shapes are those of NVIDIA NIM 1.1 to 1.2 (second half of 2024), so it is
// compared with what the engine says of NIM. It states neither precision nor
// tensor parallelism: FP8 where NIM shipped FP8 engines then (H100), 16 bit
// elsewhere, every tensor-parallel size.
//
// Nothing about a row is written down here: what is said of it follows from
// its own figures and from the engine's, see explain.go.
package sizingchart

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed data/rag-5000-500.csv
var file string

// Source says where the chart is from, for people.
const Source = "Sizing chart for RAG (5,000 tokens in, 500 out), quoted in docs/tasks.md of simpsonry1620's calculator on GitHub, 2025-04-17; from its accelerators and wording a slide about NVIDIA NIM of late 2024"

// Demand is the load the chart counts GPUs for, req/s.
const Demand = 10

// Printed is a figure as the chart prints it: the value and half a unit of its
// last digit. OK is false where the chart has none.
type Printed struct {
	Value, Half float64
	OK          bool
	Text        string
}

// Low is the smallest value that rounds to the figure.
func (p Printed) Low() float64 { return p.Value - p.Half }

// High is the largest value that rounds to the figure.
func (p Printed) High() float64 { return p.Value + p.Half }

// Row is one line of the chart.
type Row struct {
	Model, GPU    string // as the chart spells them
	Input, Output int
	TTFT          float64 // budget in seconds
	Rate          Printed // req/s per GPU
	GPUs          Printed // for Demand
}

// Rows is the chart, row by row.
func Rows() []Row {
	rows, err := parse(file)
	if err != nil {
		panic("sizingchart: " + err.Error()) // a broken build; the tests rule it out
	}
	return rows
}

func parse(text string) ([]Row, error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	var out []Row
	for i, l := range lines[1:] {
		c := strings.Split(l, ",")
		if len(c) != 7 {
			return nil, fmt.Errorf("line %d has %d cells", i+2, len(c))
		}
		in, err1 := strconv.Atoi(c[2])
		n, err2 := strconv.Atoi(c[3])
		budget, err3 := strconv.ParseFloat(c[4], 64)
		rate, err4 := printed(c[5])
		gpus, err5 := printed(c[6])
		for _, err := range []error{err1, err2, err3, err4, err5} {
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+2, err)
			}
		}
		out = append(out, Row{c[0], c[1], in, n, budget, rate, gpus})
	}
	return out, nil
}

// printed reads a figure with the place of its last digit.
func printed(s string) (Printed, error) {
	if s == "" {
		return Printed{}, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v > 0) {
		return Printed{}, fmt.Errorf("%q is no figure", s)
	}
	half := 0.5
	if _, decimals, ok := strings.Cut(s, "."); ok {
		for range decimals {
			half /= 10
		}
	}
	return Printed{v, half, true, s}, nil
}

// Consistent reports whether the row's two figures can belong together: GPUs
// is Demand ÷ rate per GPU, within what rounding hides of both.
func (r *Row) Consistent() bool {
	if !r.Rate.OK || !r.GPUs.OK {
		return true
	}
	return Demand/r.Rate.High() <= r.GPUs.High() && Demand/r.Rate.Low() >= r.GPUs.Low()
}

// Slips are the figures that the GPUs of an inconsistent row turn into when
// one digit is changed and that then agree with the rate: what a slip of the
// pen would have hidden.
func (r *Row) Slips() []string {
	var out []string
	for i, d := range r.GPUs.Text {
		if d == '.' {
			continue
		}
		for c := '0'; c <= '9'; c++ {
			text := r.GPUs.Text[:i] + string(c) + r.GPUs.Text[i+1:]
			p, err := printed(text)
			other := Row{Rate: r.Rate, GPUs: p}
			if c != d && err == nil && other.Consistent() {
				out = append(out, text)
			}
		}
	}
	return out
}

// Seconds is the GPU time a request takes by the chart: 1 ÷ rate per GPU, from
// the GPUs where they agree with it, for they carry more digits.
func (r *Row) Seconds() float64 {
	switch {
	case r.GPUs.OK && r.Consistent():
		return r.GPUs.Value / Demand
	case r.Rate.OK:
		return 1 / r.Rate.Value
	}
	return 0
}
