//go:build !js

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"

	"fleetsize/calc/fit"
	"fleetsize/catalog"
	"fleetsize/catalog/jsonio"
)

// accuracyReport is catalog/data/accuracy.json while it is rewritten.
type accuracyReport struct{ catalog.Accuracy }

func openAccuracy(file string) (*accuracyReport, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return &accuracyReport{}, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := catalog.ParseAccuracy(text)
	if err != nil {
		return nil, err
	}
	return &accuracyReport{*a}, nil
}

// put replaces the set of a profile.
func (r *accuracyReport) put(s catalog.AccuracySet) {
	for i := range r.Sets {
		if r.Sets[i].Profile != s.Profile {
			continue
		}
		r.Sets[i] = s
		return
	}
	r.Sets = append(r.Sets, s)
}

// save writes one set and one published figure a line: small, and a change
// shows as the lines that changed.
func (r *accuracyReport) save(file string) error {
	var b bytes.Buffer
	b.WriteString("{\"sets\":[\n")
	if err := lines(&b, r.Sets); err != nil {
		return err
	}
	b.WriteString("],\n\"others\":[\n")
	if err := lines(&b, r.Others); err != nil {
		return err
	}
	b.WriteString("]}\n")
	return os.WriteFile(file, b.Bytes(), 0o644)
}

func lines[T any](b *bytes.Buffer, list []T) error {
	for i := range list {
		text, err := jsonio.Marshal(&list[i])
		if err != nil {
			return err
		}
		b.Write(text)
		if i < len(list)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	return nil
}

func accuracyTest(name string, folds int, t fit.Tally) catalog.AccuracyTest {
	return catalog.AccuracyTest{Test: name, Folds: folds, AccuracyFigures: figures(t.Score())}
}

func figures(s fit.Score) catalog.AccuracyFigures {
	return catalog.AccuracyFigures{TTFT: inPercent(s.TTFT), ITL: inPercent(s.ITL), Rate: inPercent(s.OutputTokPerS)}
}

// inPercent rounds to a hundredth of a per cent, so that the file does not
// change with the last bit of a processor's arithmetic.
func inPercent(e fit.Errors) catalog.AccuracyErrors {
	r := func(v float64) float64 { return math.Round(v*1e4) / 1e2 }
	return catalog.AccuracyErrors{N: e.N, MAPE: r(e.MAPE), Median: r(e.Median), Bias: r(e.Bias), Within20: r(e.Within20)}
}
