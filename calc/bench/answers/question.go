// Package answers judges what an endpoint answers, not how fast: a set of
// questions with known answers, with intervals that say how much the set and
// the sampling leave open, two models question by question, and the token
// probabilities of two endpoints that should be the same model.
//
// It neither sends nor reads; a transport brings the replies.
package answers

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"fleetsize/catalog/jsonio"
)

// Kind is how a reply is compared with the right answer.
type Kind string

// The kinds of questions.
const (
	Number Kind = "number" // equal as numbers
	Choice Kind = "choice" // a letter
	Text   Kind = "text"   // the same words, case and punctuation aside
)

// Question has one right answer.
type Question struct {
	ID       string   `json:"id"`
	Category string   `json:"category"`
	Question string   `json:"question"`
	Choices  []string `json:"choices,omitempty"` // A, B, C …
	Answer   string   `json:"answer"`            // a number, a letter, words
	Kind     Kind     `json:"kind,omitempty"`    // "" = by the answer
}

// Bounds of a question set.
const (
	MaxBytes     = 16 << 20
	MaxQuestions = 20_000
)

//go:embed builtin.jsonl
var builtin []byte

// Builtin is the set that ships: sums and facts with one short right answer.
// It tells a broken deployment (wrong weights, template or precision) from a
// sound one, not a good model from a better one.
func Builtin() []Question {
	list, err := Parse(builtin)
	if err != nil {
		panic("answers: the built-in questions cannot be read: " + err.Error())
	}
	return list
}

// Parse reads questions as JSON Lines: one object {"question","answer"} per
// line, with "id", "category", "choices" and "kind" where wanted. The error
// names the line.
func Parse(data []byte) ([]Question, error) {
	switch {
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("the questions have %d MB; at most %d MB are read", len(data)>>20, MaxBytes>>20)
	case !utf8.Valid(data):
		return nil, fmt.Errorf("the questions are not UTF-8 text")
	}
	var out []Question
	seen := map[string]bool{}
	number := 0
	for _, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		number++
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		var q Question
		if err := jsonio.Unmarshal([]byte(line), &q); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if err := q.complete(number); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if seen[q.ID] {
			return nil, fmt.Errorf("line %d: two questions have the id %q", number, q.ID)
		}
		seen[q.ID] = true
		if len(out) == MaxQuestions {
			return nil, fmt.Errorf("there are more than %d questions", MaxQuestions)
		}
		out = append(out, q)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there are no questions; write one JSON object per line, for example {\"question\":\"What is 2 + 2?\",\"answer\":\"4\"}")
	}
	return out, nil
}

// complete fills in what may be left out and refuses what cannot be judged.
func (q *Question) complete(line int) error {
	q.Question, q.Answer = strings.TrimSpace(q.Question), strings.TrimSpace(q.Answer)
	if q.Question == "" || q.Answer == "" {
		return fmt.Errorf("question or answer is missing")
	}
	if q.ID == "" {
		q.ID = fmt.Sprintf("line-%d", line)
	}
	if q.Category == "" {
		q.Category = "all"
	}
	if q.Kind == "" {
		q.Kind = Text
		if len(q.Choices) > 0 {
			q.Kind = Choice
		} else if _, ok := number(q.Answer); ok {
			q.Kind = Number
		}
	}
	switch q.Kind {
	case Number:
		if _, ok := number(q.Answer); !ok {
			return fmt.Errorf("the answer %q is not a number", q.Answer)
		}
	case Choice:
		if i := slices.Index(q.Choices, q.Answer); i >= 0 && i < 26 {
			q.Answer = string(rune('A' + i)) // the choice itself instead of its letter
		}
		q.Answer = strings.ToUpper(q.Answer)
		if len(q.Choices) > 26 || len(q.Answer) != 1 || q.Answer[0] < 'A' || q.Answer[0] > 'Z' || len(q.Choices) > 0 && int(q.Answer[0]-'A') >= len(q.Choices) {
			return fmt.Errorf("the answer %q is not the letter of a choice", q.Answer)
		}
	case Text:
	default:
		return fmt.Errorf("no kind is called %q; write number, choice or text", q.Kind)
	}
	return nil
}

// Prompt is what to ask, with the form of the answer.
func (q *Question) Prompt() string {
	var b strings.Builder
	b.WriteString(q.Question)
	for i, c := range q.Choices {
		fmt.Fprintf(&b, "\n%c) %s", 'A'+i, c)
	}
	switch q.Kind {
	case Number:
		b.WriteString("\nEnd with a line that says \"Answer: \" and the number.")
	case Choice:
		b.WriteString("\nEnd with a line that says \"Answer: \" and the letter.")
	default:
		b.WriteString("\nEnd with a line that says \"Answer: \" and the answer in a few words.")
	}
	return b.String()
}
