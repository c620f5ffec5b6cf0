package link

import "math"

// canonicalMore is Canonical for prices, the RAG pipeline and the engine's
// layout: out-of-range numbers and those that equal the default are not stated.
func (s *State) canonicalMore() {
	for _, f := range []struct {
		at       *float64
		lo, hi   float64
		standard float64
	}{
		{&s.Discount, 0, 99, 0}, {&s.PUE, 1, 5, 0}, {&s.Term, 0.25, 15, v1Term}, {&s.Use, 0, 100, 0}, {&s.CO2, 0.01, 5000, 0},
		{&s.Docs, 1, 1e12, 0}, {&s.ReindexHours, 0.01, 8760, v1ReindexHours}, {&s.Retrieval, 0, 600, 0}, {&s.Budget, 0.01, 1e12, 0},
	} {
		if x := *f.at; !(x >= f.lo && x <= f.hi) || x == f.standard {
			*f.at = 0
		}
	}
	for _, f := range []*float64{&s.KWh, &s.Hosting, &s.License} {
		*f = orUnset(*f, -1)
	}
	for _, f := range []struct {
		at       *int
		hi       int
		standard int
	}{
		{&s.System, 1e6, 0}, {&s.History, 10e6, 0}, {&s.Question, 1e6, 0}, {&s.Chunks, 10000, 0}, {&s.ChunkSize, 1e5, v1ChunkSize},
		{&s.Candidates, 10000, v1Candidates}, {&s.DocTokens, 10e6, v1DocTokens}, {&s.Turns, 1000, 1}, {&s.Calls, 1000, 1}, {&s.EP, 1024, 1}, {&s.DP, 1024, 1},
	} {
		if n := *f.at; n < 0 || n > f.hi || n == f.standard {
			*f.at = 0
		}
	}
	good := func(x float64) bool { return x >= 0 && !math.IsInf(x, 0) }
	if !good(s.APIIn) || !good(s.APIOut) {
		s.APIIn, s.APIOut = 0, 0
	}
	if s.SpecTokens < 1 || !(s.SpecAccepted >= 1) || s.SpecAccepted > float64(s.SpecTokens)+1 {
		s.SpecTokens, s.SpecAccepted = 0, 0
	}
	s.Prices = keep(s.Prices, func(p PriceItem) bool { return p.USD > 0 && p.USD <= maxPrice })
	s.Own = keep(s.Own, func(c GPUCount) bool { return c.N > 0 && c.N <= maxOwn })
	s.Mix = keep(s.Mix, func(m MixItem) bool { return m.ReqPerS > 0 && m.ReqPerS <= maxReqPerS })
	s.A, s.B, s.C = emptyToNil(s.A), emptyToNil(s.B), emptyToNil(s.C)
}

// keep is the items that a link can state, nil where there are none.
func keep[T any](list []T, good func(T) bool) []T {
	var out []T
	for _, x := range list {
		if good(x) {
			out = append(out, x)
		}
	}
	return out
}

// ignored notes keys that change nothing because the one they belong to is
// not stated.
func (r *reader) ignored(known map[string]raw) {
	s := &r.state
	if p, ok := known["in"]; ok && s.Chunks > 0 {
		r.note(Note{Code: CodeIgnored, Key: "in", Value: p.decode(), Text: "in counts only without chunks: the parts make the prompt."})
	}
	for _, f := range []struct {
		key, need string
		used      bool
	}{
		{"sys", "chunks", s.Chunks > 0 || s.Turns > 1}, {"hist", "chunks", s.Chunks > 0}, {"ask", "chunks", s.Chunks > 0 || s.Turns > 1},
		{"chunk", "chunks", s.Chunks > 0}, {"cand", "rer", s.Reranker != ""},
		{"docs", "emb", s.Embedder != ""}, {"doc", "docs", s.Docs > 0}, {"hours", "docs", s.Docs > 0},
	} {
		if p, ok := known[f.key]; ok && !f.used {
			r.note(Note{Code: CodeIgnored, Key: f.key, Value: p.decode(), Text: f.key + " counts only together with " + f.need + "; it is ignored."})
		}
	}
}
