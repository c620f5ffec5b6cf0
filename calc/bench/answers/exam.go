package answers

import (
	"fmt"

	"fleetsize/calc/bench"
	"fleetsize/catalog/jsonio"
)

// Sitting is how the questions of a set are asked.
type Sitting struct {
	API         bench.API
	Questions   []Question
	Repeats     int     // of each question
	Concurrency int     // requests at once
	MaxTokens   int     // per reply
	Temperature float64 // sent as it is, 0 too
}

// MaxRepeats bounds Sitting.Repeats.
const MaxRepeats = 1000

// Check reports the first setting that cannot be, with its name and range.
func (s *Sitting) Check() error {
	switch {
	case s.Repeats < 1 || s.Repeats > MaxRepeats:
		return fmt.Errorf("repeats: %d is outside 1 to 1,000", s.Repeats)
	case s.Concurrency < 1 || s.Concurrency > bench.MaxInFlight:
		return fmt.Errorf("concurrency: %d is outside 1 to %d", s.Concurrency, bench.MaxInFlight)
	case s.MaxTokens < 1 || s.MaxTokens > bench.MaxTokens:
		return fmt.Errorf("out: %d is not a number of tokens", s.MaxTokens)
	case !(s.Temperature >= 0 && s.Temperature <= 2):
		return fmt.Errorf("temperature: %v is outside 0 to 2", s.Temperature)
	}
	return nil
}

// message is the body of a request that is not streamed.
type message struct {
	Model       string  `json:"model,omitempty"`
	Messages    []chat  `json:"messages,omitempty"`
	Prompt      string  `json:"prompt,omitempty"`
	MaxTokens   int     `json:"max_tokens"`
	Temperature float64 `json:"temperature"`
	Seed        *int    `json:"seed,omitempty"`
	Logprobs    any     `json:"logprobs,omitempty"`
	Top         int     `json:"top_logprobs,omitempty"`
}

type chat struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// compose is a question to a model; top > 0 asks for so many alternatives of
// every token.
func compose(api bench.API, m message, prompt string, top int) bench.Ask {
	path := "/chat/completions"
	if api == bench.Completions {
		path, m.Prompt = "/completions", prompt
		if top > 0 {
			m.Logprobs = top
		}
	} else {
		m.Messages = []chat{{"user", prompt}}
		if top > 0 {
			m.Logprobs, m.Top = true, top
		}
	}
	body, err := jsonio.Marshal(m)
	if err != nil { // of texts and numbers in range: cannot be
		panic("answers: " + err.Error())
	}
	return bench.Ask{Path: path, Type: bench.JSON, Body: body}
}

// Exam is one model sitting a set of questions.
type Exam struct {
	Sitting
	Model  string
	Faults bench.Faults // of requests that brought no reply

	results []Result
	done    int
}

// NewExam prepares an exam.
func NewExam(s Sitting, model string) *Exam {
	e := &Exam{Sitting: s, Model: model, results: make([]Result, len(s.Questions))}
	for i := range e.results {
		e.results[i].Question = &e.Questions[i]
	}
	return e
}

// Done is how many requests have ended.
func (e *Exam) Done() int { return e.done }

// Round is the exam's requests, repeat by repeat, to an endpoint.
func (e *Exam) Round(to int) bench.Round {
	n := len(e.Questions)
	return bench.Round{N: n * e.Repeats, Parallel: e.Concurrency,
		Ask: func(i int) bench.Ask {
			m := message{Model: e.Model, MaxTokens: e.MaxTokens, Temperature: e.Temperature}
			if repeat := i / n; e.Temperature > 0 {
				m.Seed = &repeat // repeats are to differ, runs are not
			}
			a := compose(e.API, m, e.Questions[i%n].Prompt(), 0)
			a.To = to
			return a
		},
		Take: func(i int, a bench.Answer) {
			r := &e.results[i%n]
			outcome, err := Failed, a.Err
			if err == nil {
				var reply Reply
				if reply, err = DecodeReply(a.Body); err == nil {
					outcome = r.Question.Judge(reply.Text)
				}
			}
			if err != nil {
				e.Faults.Add(err)
			}
			r.Outcomes = append(r.Outcomes, outcome)
			e.done++
		},
	}
}

// ParityPrompts is how many of the questions are also compared token by token,
// ParityTokens of each reply.
const (
	ParityPrompts = 10
	ParityTokens  = 32
)

// Probabilities are the tokens of a model's answers at temperature 0 with their
// ten likeliest alternatives.
type Probabilities struct {
	Answers [][]Position // by prompt; nil = not answered
	Err     error        // the first failure

	done int
}

// Round asks for them, one prompt at a time so that no batch changes the sums.
func (p *Probabilities) Round(to int, api bench.API, model string, prompts []string) bench.Round {
	p.Answers = make([][]Position, len(prompts))
	return bench.Round{N: len(prompts), Parallel: 1,
		Ask: func(i int) bench.Ask {
			a := compose(api, message{Model: model, MaxTokens: ParityTokens}, prompts[i], topN)
			a.To = to
			return a
		},
		Take: func(i int, a bench.Answer) {
			err := a.Err
			if err == nil {
				var reply Reply
				reply, err = DecodeReply(a.Body)
				p.Answers[i] = reply.Tokens
			}
			if err != nil && p.Err == nil {
				p.Err = err
			}
			p.done++
		},
	}
}
