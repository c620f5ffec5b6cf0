package answers

import (
	"math"

	"fleetsize/calc/bench"
	"fleetsize/calc/units"
)

// Document is the report of a Check. Shares are in per cent; what is not known
// is null.
type Document struct {
	bench.Head
	Questions   int            `json:"questions"`
	Repeats     int            `json:"repeats"`
	Temperature float64        `json:"temperature"`
	Endpoints   []EndpointDoc  `json:"endpoints"`
	Comparison  *ComparisonDoc `json:"comparison"`
	Parity      *ParityDoc     `json:"parity"`
	Floor       *float64       `json:"floor_pct"`
	Verdict     bench.Verdict  `json:"verdict"` // "" without a floor
	CutShort    bool           `json:"cut_short"`
}

// EndpointDoc is one endpoint's exam.
type EndpointDoc struct {
	URL      string     `json:"url"`
	Model    string     `json:"model"`
	Scores   []ScoreDoc `json:"scores"` // of all questions first
	Misses   []string   `json:"misses"`
	Failures []string   `json:"failures"`
}

// ScoreDoc is a Score.
type ScoreDoc struct {
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

// ComparisonDoc is a Comparison.
type ComparisonDoc struct {
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

// ParityDoc is a Parity.
type ParityDoc struct {
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

// Definitions are those of the document's numbers.
func Definitions() []bench.Definition { return bench.ParseDefinitions(definitions) }

const definitions = `
questions|questions:replied|questions|Questions with at least one reply.
right|outcome:right|replies|Replies whose stated answer is the right one: equal as numbers, the same letter, or the same words.
wrong|outcome:wrong|replies|Replies with another answer in them.
accuracy_pct|accuracy:right/replies|%|Right replies ÷ replies. Unparsed ones count as not right; requests that failed do not count.
interval_95_pct|interval:wilson,clopper-pearson,cluster|%|95 % interval of the accuracy: Wilson's for one reply per question, Clopper–Pearson's below 30 of them, and with repeats over the means of the questions (cluster-robust): the questions are the sample, repeats only take noise away. It holds for further questions of the same kind. That of a difference is a paired bootstrap over questions.
width_pct|width:high-low|%|Upper end of the interval less the lower one: how much the set leaves open.
unparsed|outcome:unparsed|replies|Replies without an answer in them: cut off by the limit on tokens, or in no known form. Raise the limit before you call them wrong.
failed|outcome:failed|requests|Requests without a reply.
repeats_for_1_pct|repeats:sampling_noise<1%|repeats|How often each question must be asked until sampling moves the accuracy on this very set by at most ±1 % (95 %). Known from two repeats on.
questions_for_1_pct|questions:interval<1%|questions|How many questions of this kind bound the accuracy on all such questions to ±1 % (95 %).
difference_pct|difference:paired|%|Accuracy of the second less that of the first on the questions that both answered.
only_first_right|pairs:first_more_often|questions|Questions that the first got right more often than the second.
only_second_right|pairs:second_more_often|questions|Questions that the second got right more often than the first.
p|p:mcnemar,paired-t||Two-sided probability of a difference at least as large by chance alone: exact McNemar for one reply per question, otherwise a paired t-test. Below 0.05 counts as a difference.
test|test:mcnemar,paired-t||Which of the two tests it is.
effect|effect:cohens_d_paired||Mean difference ÷ its standard deviation over questions (Cohen's d for pairs): 0.2 small, 0.5 medium, 0.8 large.
effect_size|effect:size||The same in a word.
prompts|parity:prompts|prompts|Prompts that both answered.
positions|parity:positions|tokens|Tokens of the answers that were compared: of every prompt up to the first in which the two answers differ, at most 32.
top1_match_pct|parity:top1|%|Positions at which both endpoints have the same likeliest token, up to the first token in which two answers differ.
top10_overlap|parity:top10|tokens|Common tokens among the ten likeliest, on average. Below 8 something is wrong.
logprob_diff_max|parity:abs_logprob_diff_max||Largest difference of a log probability, over tokens that both list.
logprob_diff_mean|parity:abs_logprob_diff_mean||Mean difference of the log probabilities, over tokens that both list.
diverged|parity:diverged|prompts|Prompts whose answers at temperature 0 differ in a token.
`

// mostMisses is how many questions that were not answered right are named.
const mostMisses = 20

// Document is the report so far. floor is the accuracy to hold in per cent,
// 0 = none; cut says that the check was ended early.
func (c *Check) Document(floor float64, cut bool) Document {
	d := Document{
		Head: bench.NewHead("answers", Definitions()), Questions: len(c.Questions), Repeats: c.Repeats, Temperature: c.Temperature, Endpoints: []EndpointDoc{}, CutShort: cut,
	}
	for i, end := range c.Ends {
		e := EndpointDoc{URL: end.URL, Model: end.Model, Scores: []ScoreDoc{}, Misses: []string{}, Failures: []string{}}
		if i < len(c.Exams) {
			x := c.Exams[i]
			if i > 0 && x.Done() == 0 {
				continue
			}
			e.exam(x)
		}
		d.Endpoints = append(d.Endpoints, e)
	}
	if len(c.Exams) == 2 && c.Exams[1].Done() > 0 {
		x := Compare(c.Exams[0].results, c.Exams[1].results)
		d.Comparison = newComparisonDoc(&x)
	}
	if len(c.Tokens) == 2 && c.Tokens[1].done > 0 {
		if p, err := c.Parity(); err != nil {
			d.Parity = &ParityDoc{Verdict: "unknown", Text: "The log probabilities could not be read: " + err.Error()}
		} else {
			d.Parity = newParityDoc(&p)
		}
	}
	d.passes(floor)
	return d
}

func (e *EndpointDoc) exam(x *Exam) {
	e.Failures = append(e.Failures, x.Faults...)
	for _, s := range Scores(x.results) {
		e.Scores = append(e.Scores, newScoreDoc(&s))
	}
	for i := range x.results {
		for _, o := range x.results[i].Outcomes {
			if o != Right && len(e.Misses) < mostMisses {
				e.Misses = append(e.Misses, x.results[i].Question.ID+": "+o.String())
				break
			}
		}
	}
}

// passes judges the first endpoint against a floor in per cent: three-valued,
// by the interval.
func (d *Document) passes(floor float64) {
	if floor == 0 || len(d.Endpoints) == 0 || len(d.Endpoints[0].Scores) == 0 {
		return
	}
	d.Floor, d.Verdict = &floor, bench.Inconclusive
	switch s := d.Endpoints[0].Scores[0]; {
	case s.Accuracy == nil:
	case s.Interval[0] >= floor:
		d.Verdict = bench.Pass
	case s.Interval[1] < floor:
		d.Verdict = bench.Fail
	}
}

func newScoreDoc(s *Score) ScoreDoc {
	d := ScoreDoc{
		Category: s.Category, Questions: s.Questions, Replies: s.Replies, Right: s.Right, Wrong: s.Wrong, Unparsed: s.Unparsed, Failed: s.Failed,
		Accuracy: percent(s.Accuracy), Interval: points(s.Interval), Width: units.Round(100*s.Interval.Width(), 6), Method: s.Method,
	}
	if s.RepeatsFor1 > 0 {
		d.RepeatsFor1 = &s.RepeatsFor1
	}
	if s.QuestionsFor1 > 0 {
		d.QuestionsFor1 = &s.QuestionsFor1
	}
	return d
}

func newComparisonDoc(c *Comparison) *ComparisonDoc {
	d := &ComparisonDoc{Questions: c.Questions, Test: c.Test, OnlyFirst: c.OnlyA, OnlySecond: c.OnlyB, Size: c.Size, Differs: c.Significant()}
	if c.Questions == 0 {
		return d
	}
	d.Difference, d.Interval, d.P = percent(c.Difference), points(c.Interval), bench.Figure(c.P)
	if effect := bench.Figure(c.Effect); effect != nil && math.Abs(*effect) < 1e6 {
		d.Effect = effect
	}
	return d
}

func newParityDoc(p *Parity) *ParityDoc {
	d := &ParityDoc{Prompts: p.Prompts, Positions: p.Positions, Diverged: p.Diverged, Verdict: p.Verdict, Text: p.Text}
	if p.Pairs > 0 {
		d.Top1, d.Overlap, d.Largest, d.Mean = percent(float64(p.Same)/float64(p.Positions)), bench.Figure(p.Overlap), bench.Figure(p.Largest), bench.Figure(p.Mean)
	}
	return d
}

// percent is a share in per cent, null where it is not known.
func percent(x float64) *float64 { return bench.Figure(100 * x) }

func points(i Interval) [2]float64 {
	return [2]float64{units.Round(100*i.Low, 6), units.Round(100*i.High, 6)}
}
