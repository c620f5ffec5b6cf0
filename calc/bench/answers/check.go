package answers

import (
	"errors"

	"fleetsize/calc/bench"
)

// Endpoint is a model behind an address.
type Endpoint struct{ URL, Model string }

// Check is the questions to one endpoint, or to two that are compared question
// by question and, when wanted, token by token.
type Check struct {
	Sitting
	Ends   []Endpoint
	Exams  []*Exam          // of each endpoint; none when only tokens are compared
	Tokens []*Probabilities // of each of two endpoints
}

// NewCheck prepares a check of one or two endpoints. exam is whether the
// answers are judged, parity whether the tokens of two endpoints are compared.
func NewCheck(s Sitting, exam, parity bool, ends ...Endpoint) *Check {
	c := &Check{Sitting: s, Ends: ends}
	for _, e := range ends {
		if exam {
			c.Exams = append(c.Exams, NewExam(s, e.Model))
		}
		if parity && len(ends) > 1 {
			c.Tokens = append(c.Tokens, &Probabilities{})
		}
	}
	return c
}

// Rounds are the requests of the check.
func (c *Check) Rounds() (list []bench.Round) {
	for i, e := range c.Exams {
		list = append(list, e.Round(i))
	}
	prompts := make([]string, min(len(c.Questions), ParityPrompts))
	for i := range prompts { // from all over the set
		prompts[i] = c.Questions[i*len(c.Questions)/len(prompts)].Prompt()
	}
	for i, t := range c.Tokens {
		list = append(list, t.Round(i, c.API, c.Ends[i].Model, prompts))
	}
	return list
}

// Parity compares the tokens of the two endpoints as far as they are known; err
// says why they are not.
func (c *Check) Parity() (Parity, error) {
	for _, t := range c.Tokens {
		if t.Err != nil {
			return Parity{}, t.Err
		}
	}
	if len(c.Tokens) < 2 {
		return Parity{}, errors.New("there is one endpoint only")
	}
	return Compared(c.Tokens[0].Answers, c.Tokens[1].Answers), nil
}
