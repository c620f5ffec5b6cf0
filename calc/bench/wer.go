package bench

import (
	"strings"
	"unicode"
)

// WordErrors is how a transcript differs from the text that was spoken.
type WordErrors struct {
	Words         int // of the reference
	Substitutions int
	Deletions     int // words of the reference that are missing
	Insertions    int // words that were not said
}

// Rate is the word error rate, (S + D + I)/words; it can exceed 1. ok is false
// when the reference has no words.
func (w WordErrors) Rate() (rate float64, ok bool) {
	if w.Words == 0 {
		return 0, false
	}
	return float64(w.Substitutions+w.Deletions+w.Insertions) / float64(w.Words), true
}

// maxSpoken bounds the words that are compared: the time grows with the square.
const maxSpoken = 10000

// CompareWords aligns a transcript with its reference at the least number of
// errors (Levenshtein distance over words; where several alignments have it,
// the one with more substitutions). ok is false above 10,000 words.
//
// Words are compared as Spoken cuts them. Numbers are not spelled out, so that
// "20" and "twenty" differ: choose a reference without them.
func CompareWords(reference, transcript string) (w WordErrors, ok bool) {
	ref, got := Spoken(reference), Spoken(transcript)
	if len(ref) > maxSpoken || len(got) > maxSpoken {
		return w, false
	}
	type cell struct{ s, d, i int }
	cost := func(c cell) int { return c.s + c.d + c.i }
	row := make([]cell, len(got)+1)
	for j := range row {
		row[j].i = j
	}
	for i, r := range ref {
		diagonal := row[0]
		row[0] = cell{d: i + 1}
		for j, g := range got {
			above := row[j+1]
			best := diagonal
			if r != g {
				best.s++
			}
			if above.d++; cost(above) < cost(best) {
				best = above
			}
			left := row[j]
			if left.i++; cost(left) < cost(best) {
				best = left
			}
			diagonal, row[j+1] = row[j+1], best
		}
	}
	end := row[len(got)]
	return WordErrors{len(ref), end.s, end.d, end.i}, true
}

// Spoken cuts a text into words for comparison: lower case, without
// punctuation except apostrophes inside a word; hyphens and dashes separate.
func Spoken(text string) []string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '’':
			return '\''
		case r == '\'' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, text)
	var list []string
	for _, w := range strings.Fields(text) {
		if w = strings.Trim(w, "'"); w != "" {
			list = append(list, w)
		}
	}
	return list
}
