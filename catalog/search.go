package catalog

import (
	"sort"
	"strings"
)

// searchText is the words a search looks through, each after a space.
func (m *Model) searchText() string {
	var b strings.Builder
	for _, s := range []string{m.Name, m.ID, m.HFRepo, m.Family} {
		b.WriteByte(' ')
		b.WriteString(searchWords(s))
	}
	for _, a := range m.Aliases {
		b.WriteByte(' ')
		b.WriteString(searchWords(a))
	}
	return b.String()
}

// searchWords is s in lower case with each run of separators as one space.
// Dots stay, so that "3.1" is a word of its own.
func searchWords(s string) string {
	out := make([]byte, 0, len(s))
	gap := false
	for _, b := range []byte(strings.ToLower(s)) {
		switch b {
		case ' ', '-', '_', '/', '(', ')', '\t', '\n':
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, ' ')
			gap = false
		}
		out = append(out, b)
	}
	return string(out)
}

// SearchModels returns at most limit models whose name, id, family,
// repository or aliases contain every word of the query, best first: an exact
// spelling, then names that begin with the query, then names that begin with
// its first word, then the query inside a name, then its words in any order.
// Generative models come before the others. Among equal ones the current
// releases lead: long contexts first, then families in catalog order, each
// with its newest entry first. An empty query returns the first models of the
// catalog. limit ≤ 0 means no limit.
func (c *Catalog) SearchModels(query string, limit int) []*Model {
	if limit <= 0 {
		limit = len(c.Models)
	}
	type hit struct {
		m             *Model
		score         int
		family, index int // first position of its family, and its own
	}
	families := map[string]int{}
	x := c.names()
	exact, _ := c.Model(query)
	text := searchWords(query)
	words := strings.Fields(text)
	hits := make([]hit, 0, len(c.Models))
	for i, m := range c.Models {
		if _, seen := families[m.Family]; !seen {
			families[m.Family] = i
		}
		score, ok := match(x.words[i], text, words)
		if m == exact && text != "" {
			score, ok = 1000, true
		}
		if !ok {
			continue
		}
		if m.Class == ClassGenerative {
			score++
		}
		hits = append(hits, hit{m, score, families[m.Family], i})
	}
	if len(words) > 0 {
		sort.Slice(hits, func(i, j int) bool {
			a, b := &hits[i], &hits[j]
			switch {
			case a.score != b.score:
				return a.score > b.score
			case a.m.longContext() != b.m.longContext():
				return a.m.longContext()
			case a.family != b.family:
				return a.family < b.family
			}
			return a.index > b.index
		})
	}
	out := make([]*Model, 0, min(limit, len(hits)))
	for _, h := range hits[:min(limit, len(hits))] {
		out = append(out, h.m)
	}
	return out
}

// longContext tells current releases from those of before 2024.
func (m *Model) longContext() bool { return m.MaxContext >= 32768 }

// match scores one model's text; ok is false where a word is missing.
func match(hay, text string, words []string) (score int, ok bool) {
	if len(words) == 0 {
		return 0, true
	}
	switch {
	case strings.HasPrefix(hay, " "+text):
		score = 400
	case strings.HasPrefix(hay, " "+words[0]):
		score = 300
	case strings.Contains(hay, " "+text):
		score = 200
	}
	for _, w := range words {
		switch {
		case strings.Contains(hay+" ", " "+w+" "):
			score += 20
		case strings.Contains(hay, " "+w):
			score += 10
		case strings.Contains(hay, w):
			score += 2
		default:
			return 0, false
		}
	}
	return score, true
}
