//go:build !js

package cli

import (
	"math"

	"fleetsize/calc/bench"
	"fleetsize/calc/bench/answers"
	"fleetsize/calc/units"
)

// examDoc is what bench answers -json prints. Shares are in per cent.
type examDoc struct {
	SchemaVersion string         `json:"schema_version"`
	Tool          string         `json:"tool"`
	Questions     int            `json:"questions"`
	Repeats       int            `json:"repeats"`
	Temperature   float64        `json:"temperature"`
	Endpoints     []endpointDoc  `json:"endpoints"`
	Comparison    *comparisonDoc `json:"comparison"`
	Parity        *parityDoc     `json:"parity"`
	Verdict       bench.Verdict  `json:"verdict"` // "" without -min
	CutShort      bool           `json:"cut_short"`
}

type endpointDoc struct {
	URL      string     `json:"url"`
	Model    string     `json:"model"`
	Scores   []scoreDoc `json:"scores"` // of all questions first
	Misses   []string   `json:"misses"`
	Failures []string   `json:"failures"`
}

type scoreDoc struct {
	Category      string     `json:"category"`
	Questions     int        `json:"questions"`
	Replies       int        `json:"replies"`
	Right         int        `json:"right"`
	Wrong         int        `json:"wrong"`
	Unparsed      int        `json:"unparsed"`
	Failed        int        `json:"failed"`
	Accuracy      *float64   `json:"accuracy_pct"`
	Interval      [2]float64 `json:"interval_95_pct"`
	Width         float64    `json:"width_pct"`
	Method        string     `json:"method"`
	RepeatsFor1   *int       `json:"repeats_for_1_pct"`
	QuestionsFor1 *int       `json:"questions_for_1_pct"`
}

func newScoreDoc(s *answers.Score) scoreDoc {
	d := scoreDoc{
		Category: s.Category, Questions: s.Questions, Replies: s.Replies, Right: s.Right, Wrong: s.Wrong, Unparsed: s.Unparsed, Failed: s.Failed,
		Accuracy: percentOf(s.Accuracy), Interval: points(s.Interval), Width: units.Round(100*s.Interval.Width(), 6), Method: s.Method,
	}
	if s.RepeatsFor1 > 0 {
		d.RepeatsFor1 = &s.RepeatsFor1
	}
	if s.QuestionsFor1 > 0 {
		d.QuestionsFor1 = &s.QuestionsFor1
	}
	return d
}

func points(i answers.Interval) [2]float64 {
	return [2]float64{units.Round(100*i.Low, 6), units.Round(100*i.High, 6)}
}

type comparisonDoc struct {
	Questions  int        `json:"questions"`
	Difference *float64   `json:"difference_pct"`
	Interval   [2]float64 `json:"interval_95_pct"`
	P          *float64   `json:"p"`
	Test       string     `json:"test"`
	OnlyFirst  int        `json:"only_first_right"`
	OnlySecond int        `json:"only_second_right"`
	Effect     *float64   `json:"effect"`
	Size       string     `json:"effect_size"`
	Differs    bool       `json:"significant"`
}

func newComparisonDoc(c *answers.Comparison) *comparisonDoc {
	d := &comparisonDoc{Questions: c.Questions, Test: c.Test, OnlyFirst: c.OnlyA, OnlySecond: c.OnlyB, Size: c.Size, Differs: c.Significant()}
	if c.Questions == 0 {
		return d
	}
	p, effect := units.Round(c.P, 6), units.Round(c.Effect, 6)
	d.Difference, d.Interval, d.P = percentOf(c.Difference), points(c.Interval), &p
	if math.Abs(effect) < 1e6 {
		d.Effect = &effect
	}
	return d
}

type parityDoc struct {
	Prompts   int      `json:"prompts"`
	Positions int      `json:"positions"`
	Top1      *float64 `json:"top1_match_pct"`
	Overlap   *float64 `json:"top10_overlap"`
	Largest   *float64 `json:"logprob_diff_max"`
	Mean      *float64 `json:"logprob_diff_mean"`
	Diverged  int      `json:"diverged"`
	Verdict   string   `json:"verdict"`
	Text      string   `json:"text"`
}

func newParityDoc(p *answers.Parity) *parityDoc {
	d := &parityDoc{Prompts: p.Prompts, Positions: p.Positions, Diverged: p.Diverged, Verdict: p.Verdict, Text: p.Text}
	if p.Pairs > 0 {
		overlap, largest, mean := units.Round(p.Overlap, 6), units.Round(p.Largest, 6), units.Round(p.Mean, 6)
		d.Top1, d.Overlap, d.Largest, d.Mean = percentOf(float64(p.Same)/float64(p.Positions)), &overlap, &largest, &mean
	}
	return d
}

// passes judges the first endpoint against a floor in per cent: three-valued,
// by the interval.
func (d *examDoc) passes(floor float64) {
	if floor == 0 || len(d.Endpoints) == 0 {
		return
	}
	switch i := d.Endpoints[0].Scores[0].Interval; {
	case d.Endpoints[0].Scores[0].Accuracy == nil:
		d.Verdict = bench.Inconclusive
	case i[0] >= floor:
		d.Verdict = bench.Pass
	case i[1] < floor:
		d.Verdict = bench.Fail
	default:
		d.Verdict = bench.Inconclusive
	}
}
