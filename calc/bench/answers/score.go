package answers

import (
	"math"
	"slices"
)

// Result is what became of one question in all its repeats.
type Result struct {
	Question *Question
	Outcomes []Outcome
}

// share is the part of the repeats with a reply that was right; ok is false
// without any.
func (r *Result) share() (p float64, ok bool) {
	right, n := 0, 0
	for _, o := range r.Outcomes {
		if o == Failed {
			continue
		}
		n++
		if o == Right {
			right++
		}
	}
	if n == 0 {
		return 0, false
	}
	return float64(right) / float64(n), true
}

// Score is the accuracy on a set of questions. Unparsed replies count as not
// right and are told apart; failed requests do not count.
type Score struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Category  string // "" = all
	Questions int    // with at least one reply
	Replies   int
	Right     int
	Wrong     int
	Unparsed  int
	Failed    int

	Accuracy float64  // right ÷ replies; NaN without replies
	Interval Interval // 95 %
	// Method of the interval: "wilson" and "clopper-pearson" for one reply per
	// question, "cluster" for repeats: there the questions are the sample and
	// repeats only reduce the noise of each.
	Method string
	// RepeatsFor1 is how often each question must be asked so that the noise of
	// sampling alone moves the accuracy on this set by no more than ±1 % (95 %);
	// 0 = not known, with fewer than two repeats.
	RepeatsFor1 int
	// QuestionsFor1 is how many questions of this kind bound the accuracy on all
	// such questions to ±1 %; 0 = not known.
	QuestionsFor1 int
}

// Scores are the accuracies of the whole set, first, and of each category.
func Scores(results []Result) []Score {
	out := []Score{score("", results)}
	var names []string
	by := map[string][]Result{}
	for _, r := range results {
		c := r.Question.Category
		if by[c] == nil {
			names = append(names, c)
		}
		by[c] = append(by[c], r)
	}
	if len(names) < 2 {
		return out
	}
	slices.Sort(names)
	for _, c := range names {
		out = append(out, score(c, by[c]))
	}
	return out
}

func score(category string, results []Result) Score {
	s := Score{Category: category, Accuracy: math.NaN(), Interval: Interval{0, 1}}
	var shares []float64
	within, repeats := 0.0, 0
	for i := range results {
		r := &results[i]
		n := 0
		for _, o := range r.Outcomes {
			switch o {
			case Right:
				s.Right++
			case Wrong:
				s.Wrong++
			case Unparsed:
				s.Unparsed++
			case Failed:
				s.Failed++
				continue
			}
			n++
		}
		p, ok := r.share()
		if !ok {
			continue
		}
		s.Questions++
		s.Replies += n
		shares = append(shares, p)
		repeats = max(repeats, n)
		if n > 1 {
			// Unbiased within-question variance of one reply.
			within += p * (1 - p) * float64(n) / float64(n-1)
		}
	}
	if s.Replies == 0 {
		return s
	}
	s.Accuracy = float64(s.Right) / float64(s.Replies)
	m, std := mean(shares)
	switch {
	case repeats <= 1 && s.Replies < 30:
		s.Interval, s.Method = ClopperPearson(s.Right, s.Replies), "clopper-pearson"
	case repeats <= 1:
		s.Interval, s.Method = Wilson(s.Right, s.Replies), "wilson"
	case std > 0:
		half := t95(len(shares)-1) * std / math.Sqrt(float64(len(shares)))
		s.Interval, s.Method = Interval{math.Max(m-half, 0), math.Min(m+half, 1)}, "cluster"
	default:
		// All questions alike: the questions still are the sample.
		s.Interval, s.Method = Wilson(int(m*float64(s.Questions)+0.5), s.Questions), "wilson"
	}
	if std > 0 || repeats <= 1 {
		v := std * std
		if repeats <= 1 {
			v = s.Accuracy * (1 - s.Accuracy)
		}
		s.QuestionsFor1 = int(math.Ceil(z95 * z95 * v / 1e-4))
	}
	if repeats > 1 {
		q := float64(s.Questions)
		s.RepeatsFor1 = max(int(math.Ceil(z95*z95*(within/q)/(q*1e-4))), 1)
	}
	return s
}
