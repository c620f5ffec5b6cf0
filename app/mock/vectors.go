//go:build !js

package mock

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"net/http"
	"sort"
	"strings"
	"time"
)

// defaultDimensions is the length of vectors when none is asked for.
const defaultDimensions = 256

func (s *Server) embeddings(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Input      any    `json:"input"`
		Dimensions int    `json:"dimensions"`
		Format     string `json:"encoding_format"`
	}
	s.single(w, r, func(a *answer) (time.Duration, func(), error) {
		if err := readBody(r, &body); err != nil {
			return 0, nil, err
		}
		texts, ok := textList(body.Input)
		if !ok || len(texts) == 0 {
			return 0, nil, badRequest("input: send a text or a list of texts")
		}
		d := body.Dimensions
		if d == 0 {
			d = defaultDimensions
		}
		if d < 1 || d > 16384 {
			return 0, nil, badRequest("dimensions: %d is not between 1 and 16384", d)
		}
		var data []map[string]any
		for i, text := range texts {
			a.in += s.cfg.Count(text)
			v := vector(s.cfg.Seed, text, d)
			var value any = v
			if body.Format == "base64" {
				value = packed(v)
			}
			data = append(data, map[string]any{"object": "embedding", "index": i, "embedding": value})
		}
		reply := map[string]any{
			"object": "list", "model": s.cfg.Model, "data": data,
			"usage": map[string]int{"prompt_tokens": a.in, "total_tokens": a.in},
		}
		return s.itemTime(len(texts)), func() { writeJSON(w, http.StatusOK, reply) }, nil
	})
}

// textList reads one text or several.
func textList(v any) (list []string, ok bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []any:
		for _, e := range v {
			switch e := e.(type) {
			case string:
				list = append(list, e)
			case map[string]any:
				text, ok := e["text"].(string)
				if !ok {
					return nil, false
				}
				list = append(list, text)
			default:
				return nil, false
			}
		}
		return list, true
	}
	return nil, false
}

// vector is a text's unit vector of d numbers, the same for the same text.
func vector(seed uint64, text string, d int) []float32 {
	r := random(hash(seed, text), uint64(d))
	v, norm := make([]float64, d), 0.0
	for i := range v {
		v[i] = r.NormFloat64()
		norm += v[i] * v[i]
	}
	out := make([]float32, d)
	for i := range v {
		out[i] = float32(v[i] / math.Sqrt(norm))
	}
	return out
}

// packed is the base64 form of a vector: little-endian float32.
func packed(v []float32) string {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return base64.StdEncoding.EncodeToString(b)
}

func (s *Server) rerank(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Query     string `json:"query"`
		Documents any    `json:"documents"`
		Top       int    `json:"top_n"`
		Return    *bool  `json:"return_documents"`
	}
	s.single(w, r, func(a *answer) (time.Duration, func(), error) {
		if err := readBody(r, &body); err != nil {
			return 0, nil, err
		}
		texts, ok := textList(body.Documents)
		if !ok || len(texts) == 0 || body.Query == "" {
			return 0, nil, badRequest("query and documents: send a text and a list of texts")
		}
		type result struct {
			Index    int               `json:"index"`
			Score    float64           `json:"relevance_score"`
			Document map[string]string `json:"document,omitempty"`
		}
		var results []result
		for i, text := range texts {
			a.in += s.cfg.Count(body.Query) + s.cfg.Count(text)
			item := result{Index: i, Score: relevance(body.Query, text)}
			if body.Return == nil || *body.Return {
				item.Document = map[string]string{"text": text}
			}
			results = append(results, item)
		}
		sort.SliceStable(results, func(i, j int) bool { return results[i].Score > results[j].Score })
		if body.Top > 0 && body.Top < len(results) {
			results = results[:body.Top]
		}
		reply := map[string]any{"id": a.rec.ID, "model": s.cfg.Model, "results": results, "usage": map[string]int{"total_tokens": a.in}}
		return s.itemTime(len(texts)), func() { writeJSON(w, http.StatusOK, reply) }, nil
	})
}

// relevance is the share of the query's words that the text has, [0, 1].
func relevance(query, text string) float64 {
	has := map[string]bool{}
	for _, w := range strings.Fields(strings.ToLower(text)) {
		has[strings.Trim(w, ".,;:!?")] = true
	}
	all := strings.Fields(strings.ToLower(query))
	n := 0
	for _, w := range all {
		if has[strings.Trim(w, ".,;:!?")] {
			n++
		}
	}
	return float64(n) / float64(max(1, len(all)))
}
