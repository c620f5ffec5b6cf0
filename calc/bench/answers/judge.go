package answers

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Outcome is what became of one question.
type Outcome uint8

// The outcomes.
const (
	Wrong Outcome = iota
	Right
	// Unparsed: there is a reply, but no answer in it: cut off by a limit on
	// tokens, or not in any known form. Not the same as wrong.
	Unparsed
	// Failed: no reply at all.
	Failed
)

// String is the outcome's word.
func (o Outcome) String() string { return [...]string{"wrong", "right", "unparsed", "failed"}[o] }

// Judge compares a reply with the right answer. The last line that begins with
// "Answer:" counts; without one, a number is the last number of the reply, a
// choice is a letter that stands alone, and words are the whole reply when it
// is one short line. Text between <think> and </think> does not count.
func (q *Question) Judge(reply string) Outcome {
	reply = withoutThinking(reply)
	text, stated := statedAnswer(reply)
	switch q.Kind {
	case Number:
		want, _ := number(q.Answer)
		got, ok := lastNumber(text)
		if !ok {
			return Unparsed
		}
		return verdict(math.Abs(got-want) <= 1e-9*math.Max(1, math.Abs(want)))
	case Choice:
		got, ok := letter(text, stated)
		if !ok {
			return Unparsed
		}
		return verdict(got == q.Answer[0])
	}
	if !stated && (strings.Contains(strings.TrimSpace(text), "\n") || len(text) > 200) {
		return Unparsed
	}
	got := plain(text)
	if got == "" {
		return Unparsed
	}
	want := plain(q.Answer)
	return verdict(got == want || !stated && strings.Contains(" "+got+" ", " "+want+" "))
}

func verdict(right bool) Outcome {
	if right {
		return Right
	}
	return Wrong
}

// withoutThinking drops a model's reasoning; one that never ends leaves
// nothing.
func withoutThinking(s string) string {
	for {
		start := strings.Index(s, "<think>")
		end := strings.Index(s, "</think>")
		switch {
		case end >= 0 && (start < 0 || start < end):
			if start < 0 {
				start = 0
			}
			s = s[:start] + s[end+len("</think>"):]
		case start >= 0:
			return s[:start]
		default:
			return s
		}
	}
}

// statedAnswer is what follows the last "Answer:", to the end of its line, or
// the whole text.
func statedAnswer(s string) (text string, stated bool) {
	i := strings.LastIndex(strings.ToLower(s), "answer:")
	if i < 0 || i+len("answer:") > len(s) {
		return s, false
	}
	rest := strings.TrimLeft(s[i+len("answer:"):], " *_`\t")
	line, _, _ := strings.Cut(rest, "\n")
	if strings.TrimSpace(line) == "" {
		rest = strings.TrimSpace(rest)
		line, _, _ = strings.Cut(rest, "\n")
	}
	return line, true
}

// number reads a number as people write it: 1,234.5, −3, $12, 50 %.
func number(s string) (float64, bool) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ',', ' ', '\u00a0', '\u202f', '$', '€', '%':
			return -1
		case '−':
			return '-'
		}
		return r
	}, strings.TrimSpace(s))
	s = strings.TrimSuffix(s, ".")
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(s, "xXpP_") {
		return 0, false
	}
	return x, true
}

// lastNumber is the last number in a text.
func lastNumber(s string) (float64, bool) {
	s = strings.ReplaceAll(s, "−", "-")
	for end := len(s); end > 0; {
		if s[end-1] < '0' || s[end-1] > '9' {
			end--
			continue
		}
		start := end - 1
		for start > 0 && (s[start-1] >= '0' && s[start-1] <= '9' || s[start-1] == '.' || s[start-1] == ',') {
			start--
		}
		for start < end && (s[start] == '.' || s[start] == ',') {
			start++
		}
		if start > 0 && s[start-1] == '-' && (start == 1 || !wordByte(s[start-2])) {
			start--
		}
		return number(s[start:end])
	}
	return 0, false
}

func wordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

// letter is the choice that a text names: the first letter that stands alone
// where the answer is stated, the last capital one otherwise.
func letter(s string, stated bool) (byte, bool) {
	found, ok := byte(0), false
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' && stated {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' || i > 0 && (wordByte(s[i-1]) || s[i-1] == '\'') || i+1 < len(s) && (wordByte(s[i+1]) || s[i+1] == '\'') {
			continue
		}
		if stated {
			return c, true
		}
		// "A" and "I" are also words.
		if (c == 'A' || c == 'I') && i+2 < len(s) && s[i+1] == ' ' && s[i+2] >= 'a' && s[i+2] <= 'z' {
			continue
		}
		found, ok = c, true
	}
	return found, ok
}

// plain is a text in lower case with single spaces, without punctuation and
// articles.
func plain(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := words[:0]
	for _, w := range words {
		if w != "the" && w != "a" && w != "an" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}
