package speech

import (
	"strings"
	"unicode"
)

// Errors are the word errors of a transcript against what was said.
type Errors struct {
	Words                             int // in the reference
	Substitutions, Deletions, Inserts int
}

// Rate is the word error rate, (S + D + I) ÷ words; it can exceed 1. Without a
// reference it is 0 for an empty transcript and 1 otherwise.
func (e *Errors) Rate() float64 {
	n := e.Substitutions + e.Deletions + e.Inserts
	if e.Words == 0 {
		if n == 0 {
			return 0
		}
		return 1
	}
	return float64(n) / float64(e.Words)
}

// maxWords bounds the texts that are compared.
const maxWords = 20_000

// Compare aligns a transcript with its reference by the fewest edits, word by
// word, after case and punctuation are taken away. Texts beyond 20,000 words
// are compared up to there.
func Compare(reference, transcript string) Errors {
	ref, hyp := normal(reference), normal(transcript)
	type cell struct{ cost, sub, del, ins int32 }
	row := make([]cell, len(hyp)+1)
	for j := range row {
		row[j] = cell{cost: int32(j), ins: int32(j)}
	}
	for i := range ref {
		diagonal := row[0]
		row[0] = cell{cost: int32(i + 1), del: int32(i + 1)}
		for j := range hyp {
			above, left := row[j+1], row[j]
			best := diagonal
			if ref[i] != hyp[j] {
				best.cost++
				best.sub++
			}
			if above.cost+1 < best.cost {
				best = above
				best.cost++
				best.del++
			}
			if left.cost+1 < best.cost {
				best = left
				best.cost++
				best.ins++
			}
			diagonal = above
			row[j+1] = best
		}
	}
	end := row[len(hyp)]
	return Errors{len(ref), int(end.sub), int(end.del), int(end.ins)}
}

// normal are the words of a text in lower case; an apostrophe belongs to its
// word.
func normal(s string) []string {
	words := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(s, "’", "'")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\''
	})
	out := words[:0]
	for _, w := range words {
		if w = strings.Trim(w, "'"); w != "" && len(out) < maxWords {
			out = append(out, w)
		}
	}
	return out
}
