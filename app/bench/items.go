//go:build !js

package bench

import (
	"context"
	"fmt"
	"math"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/catalog/jsonio"
)

// Batches is a measurement of an endpoint that works on lists of texts.
type Batches struct {
	Rerank   bool // /rerank instead of /embeddings
	Model    string
	Sizes    []int // texts per request
	Tokens   int   // per text
	Requests int   // measured per size, after one that is not
	Parallel int   // requests at once
	Seed     uint64
}

// Batch is what one batch size showed.
type Batch struct {
	Size       int
	Requests   int
	Failed     int
	Message    string     // of the first failure
	Latency    bench.Dist // seconds per request
	ItemsPerS  float64
	TokensPerS float64
	Dimensions int // of a vector; 0 = not embeddings
}

// MeasureBatches measures each batch size in turn and checks that what comes
// back is what was asked for: one result per text, of finite numbers that are
// not all zero. cut is set when ctx ended before the last one.
func MeasureBatches(ctx context.Context, cfg *Config, m Batches) (out []Batch, cut bool) {
	prompter := bench.Prompter{Seed: m.Seed, Counter: cfg.Counter}
	if prompter.Counter == nil {
		prompter.Counter = bench.CharsPerToken{}
	}
	id := 0
	for _, size := range m.Sizes {
		b := Batch{Size: size}
		bodies := make([][]byte, m.Requests+1)
		for i := range bodies {
			texts := make([]string, size)
			for j := range texts {
				texts[j] = prompter.Prompt(id, m.Tokens)
				id++
			}
			// Marshal of strings and numbers does not fail.
			bodies[i], _ = jsonio.Marshal(m.body(texts))
		}
		if _, err := m.once(ctx, cfg, bodies[0], size, &b); err != nil && ctx.Err() != nil {
			return out, true
		}
		type result struct {
			took float64
			err  error
		}
		results := make(chan result, m.Requests)
		begin := now()
		pool(ctx, m.Parallel, m.Requests, func(i int) {
			took, err := m.once(ctx, cfg, bodies[i+1], size, nil)
			if ctx.Err() == nil {
				results <- result{took, err}
			}
		})
		whole := now() - begin
		close(results)
		var latency []float64
		for r := range results {
			b.Requests++
			if r.err != nil {
				b.Failed++
				if b.Message == "" {
					b.Message = r.err.Error()
				}
				continue
			}
			latency = append(latency, r.took)
		}
		b.Latency = bench.NewDist(latency)
		if whole > 0 {
			b.ItemsPerS = float64(len(latency)*size) / whole
			b.TokensPerS = b.ItemsPerS * float64(m.Tokens)
		}
		if b.Requests > 0 {
			out = append(out, b)
		}
		if ctx.Err() != nil {
			return out, true
		}
	}
	return out, false
}

func (m *Batches) path() string {
	if m.Rerank {
		return "/rerank"
	}
	return "/embeddings"
}

func (m *Batches) body(texts []string) any {
	if m.Rerank {
		return map[string]any{"model": m.Model, "query": firstWords(texts[0]), "documents": texts}
	}
	return map[string]any{"model": m.Model, "input": texts}
}

func firstWords(s string) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(8, len(words))], " ")
}

// once sends one batch, checks what comes back and returns its latency.
func (m *Batches) once(ctx context.Context, cfg *Config, body []byte, size int, into *Batch) (seconds float64, err error) {
	data, took, err := cfg.post(ctx, m.path(), "application/json", body)
	if err != nil {
		return 0, err
	}
	var reply struct {
		Data []struct {
			Embedding []float64 `json:"embedding"`
		} `json:"data"`
		Results []struct {
			Index int     `json:"index"`
			Score float64 `json:"relevance_score"`
		} `json:"results"`
	}
	if err := jsonio.Unmarshal(data, &reply); err != nil {
		return 0, err
	}
	if m.Rerank {
		if len(reply.Results) != size {
			return 0, fmt.Errorf("%d results for %d documents", len(reply.Results), size)
		}
		return took.Seconds(), nil
	}
	if len(reply.Data) != size {
		return 0, fmt.Errorf("%d vectors for %d texts", len(reply.Data), size)
	}
	for i := range reply.Data {
		v := reply.Data[i].Embedding
		norm := 0.0
		for _, x := range v {
			norm += x * x
		}
		if !(norm > 0) || math.IsInf(norm, 0) || len(v) != len(reply.Data[0].Embedding) {
			return 0, fmt.Errorf("vector %d of %d is not one: %d numbers of norm %v", i+1, size, len(v), math.Sqrt(norm))
		}
	}
	if into != nil {
		into.Dimensions = len(reply.Data[0].Embedding)
	}
	return took.Seconds(), nil
}
