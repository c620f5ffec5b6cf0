package link

import "strings"

// nearest returns the id that a mistyped one most likely stands for: the one
// with the smallest edit distance to it or to its beginning, or the first that
// contains it; "" when nothing is close.
func nearest(typed string, ids []string) string {
	typed = strings.NewReplacer(".", "-", "_", "-", " ", "-").Replace(strings.ToLower(shorten(typed, 40)))
	best, at := "", 2+len(typed)/2 // in half letters
	for _, id := range ids {
		d := 2 * distance(typed, id)
		if n := len(typed); n < len(id) {
			d = min(d, 1+2*distance(typed, id[:n]))
		}
		if d <= at && (best == "" || d < at) {
			best, at = id, d
		}
	}
	if best != "" || len(typed) < 3 {
		return best
	}
	for _, id := range ids {
		if strings.Contains(id, typed) {
			return id
		}
	}
	return ""
}

// distance is the number of letters to insert, drop or replace between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := diagonal
			if a[i-1] != b[j-1] {
				change++
			}
			diagonal = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
