package catalog

import (
	_ "embed" // for data/accuracy.json
	"fmt"

	"fleetsize/catalog/jsonio"
)

//go:embed data/accuracy.json
var accuracyFile []byte

// Accuracy is how far predictions with the shipped profiles are from the
// measurements they were fitted to, and how far they were from those they had
// not seen. Written by app/calibrate.
type Accuracy struct {
	Sets []AccuracySet `json:"sets"`
	// Others are figures that other tools publish of themselves or that third
	// parties published of them.
	Others []PublishedAccuracy `json:"others"`
}

// AccuracySet is one fitted profile on its rows.
type AccuracySet struct {
	Profile string          `json:"profile"`
	Title   string          `json:"title"`
	Rows    int             `json:"rows"`
	Tests   []AccuracyTest  `json:"tests"`
	Groups  []AccuracyGroup `json:"groups"`
}

// AccuracyTest is one way of testing: "in-sample", or "leave out …".
type AccuracyTest struct {
	Test  string `json:"test"`
	Folds int    `json:"folds"` // fits made
	AccuracyFigures
}

// AccuracyGroup is one measured system. HeldOut is by the set's first test
// that leaves rows out.
type AccuracyGroup struct {
	Group    string           `json:"group"`
	InSample AccuracyFigures  `json:"in"`
	HeldOut  *AccuracyFigures `json:"out,omitempty"`
}

// AccuracyFigures are the errors of each figure, in per cent.
type AccuracyFigures struct {
	TTFT AccuracyErrors `json:"ttft"`
	ITL  AccuracyErrors `json:"itl"`
	Rate AccuracyErrors `json:"tok_s"` // output tokens/s
}

// AccuracyErrors are in per cent; N = 0 where the figure was not measured.
type AccuracyErrors struct {
	N        int     `json:"n"`
	MAPE     float64 `json:"mape"`
	Median   float64 `json:"median"`
	Bias     float64 `json:"bias"` // median of predicted/measured − 1
	Within20 float64 `json:"within20"`
}

// PublishedAccuracy is another tool's figure. The rows are not ours: cohorts
// differ, so the figures do not compare one to one.
type PublishedAccuracy struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Tool string   `json:"tool"`
	On   string   `json:"on"`
	Rows int      `json:"rows,omitempty"`
	TTFT *float64 `json:"ttft,omitempty"` // mean error, per cent
	ITL  *float64 `json:"itl,omitempty"`
	// Figure is what is published instead of a mean error of either.
	Figure string `json:"figure,omitempty"`
	Source string `json:"source"`
	Caveat string `json:"caveat"`
}

// LoadAccuracy decodes the embedded figures. It fails only when the file is
// broken, which the tests rule out.
func LoadAccuracy() (*Accuracy, error) { return ParseAccuracy(accuracyFile) }

// ParseAccuracy decodes figures in the form of data/accuracy.json.
func ParseAccuracy(data []byte) (*Accuracy, error) {
	a := &Accuracy{}
	if err := jsonio.Unmarshal(data, a); err != nil {
		return nil, fmt.Errorf("catalog: accuracy: %w", err)
	}
	return a, nil
}
