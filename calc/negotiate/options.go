package negotiate

import "fleetsize/calc/fleet"

// Answered is the answer of one option: the best accelerator of its own
// requirement, or why there is none.
type Answered struct {
	Option *fleet.Option // nil without an answer
	Text   string
}

// OptionStudy answers options, each a requirement of its own.
type OptionStudy struct {
	est    *fleet.Estimator
	reqs   []fleet.Requirement
	plan   *fleet.Planner
	result []Answered
}

// NewOptions starts the study.
func NewOptions(est *fleet.Estimator, reqs []fleet.Requirement) *OptionStudy {
	return &OptionStudy{est: est, reqs: reqs}
}

// Step answers one accelerator of one option. A requirement that names a
// single accelerator takes one step.
func (s *OptionStudy) Step() (done bool) {
	at := len(s.result)
	if at >= len(s.reqs) {
		return true
	}
	r := s.reqs[at]
	if s.plan == nil && len(r.GPUs) == 1 {
		o, x := s.est.On(r, r.GPUs[0].GPU, true)
		a := Answered{Option: o}
		if o == nil {
			a.Text = x.Text
		}
		s.result = append(s.result, a)
		return len(s.result) == len(s.reqs)
	}
	if s.plan == nil {
		s.plan = s.est.Plan(r)
	}
	if !s.plan.HeadlineDone() {
		s.plan.Step()
	}
	if s.plan.HeadlineDone() {
		s.result = append(s.result, answered(s.plan.Answer()))
		s.plan = nil
	}
	return len(s.result) == len(s.reqs)
}

func answered(a fleet.Answer) Answered {
	switch {
	case len(a.Options) > 0:
		return Answered{Option: &a.Options[0]}
	case a.Problem != nil:
		return Answered{Text: a.Problem.Text}
	}
	return Answered{Text: "No accelerator serves this option."}
}

// Progress is the share of options answered.
func (s *OptionStudy) Progress() float64 {
	if len(s.reqs) == 0 {
		return 1
	}
	done := float64(len(s.result))
	if s.plan != nil {
		done += 0.9 * s.plan.Progress()
	}
	return done / float64(len(s.reqs))
}

// Result are the options answered so far, in order.
func (s *OptionStudy) Result() []Answered { return append([]Answered(nil), s.result...) }
