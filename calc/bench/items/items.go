// Package items measures endpoints that work on lists of texts, embeddings and
// reranking: latency and throughput by batch size, and whether what comes back
// is what was asked for. It neither sends nor reads; a transport carries out
// its rounds.
package items

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/catalog/jsonio"
)

// Plan is what to measure.
type Plan struct {
	Rerank   bool // /rerank instead of /embeddings
	Model    string
	Sizes    []int // texts per request
	Tokens   int   // per text
	Requests int   // measured per size, after one that is not
	Parallel int   // requests at once
	Seed     uint64
	Counter  bench.Counter // of tokens; nil = characters ÷ 4
}

// MaxBatch bounds the texts of one request.
const MaxBatch = 4096

// ParseSizes reads batch sizes, "1,4,16". The error says what is wrong.
func ParseSizes(text string) (sizes []int, err error) {
	for _, word := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil {
			return nil, fmt.Errorf("%q is not a list of numbers like 1,4,16", text)
		}
		if n < 1 || n > MaxBatch {
			return nil, fmt.Errorf("%d is outside 1 to 4,096", n)
		}
		sizes = append(sizes, n)
	}
	if len(sizes) > 32 {
		return nil, errors.New("at most 32 sizes can be measured at once")
	}
	return sizes, nil
}

// Batch is what one batch size showed.
type Batch struct {
	Size       int
	Requests   int
	Failed     int
	Message    string     // of the first failure
	Latency    bench.Dist // seconds per request
	ItemsPerS  float64    // texts ÷ the time in which any request was under way
	TokensPerS float64
	Dimensions int // of a vector; 0 = not embeddings
}

// Measurement is a plan being carried out.
type Measurement struct {
	Plan
	sizes []sizing
}

// sizing is what is known of one batch size.
type sizing struct {
	batch        Batch
	latency      []float64
	begins, ends []float64 // of each request that was answered
}

// New prepares a measurement.
func New(p Plan) *Measurement {
	m := &Measurement{Plan: p, sizes: make([]sizing, len(p.Sizes))}
	for i, n := range p.Sizes {
		m.sizes[i].batch.Size = n
	}
	return m
}

// Rounds are the requests: for each size one that is not measured, then those
// that are. No text comes twice.
func (m *Measurement) Rounds() (list []bench.Round) {
	prompter := bench.Prompter{Seed: m.Seed, Counter: m.Counter}
	if prompter.Counter == nil {
		prompter.Counter = bench.CharsPerToken{}
	}
	id := 0
	for k := range m.sizes {
		size, at := m.Sizes[k], id
		id += size * (m.Requests + 1)
		ask := func(i int) bench.Ask {
			texts := make([]string, size)
			for j := range texts {
				texts[j] = prompter.Prompt(at+i*size+j, m.Tokens)
			}
			return m.ask(texts)
		}
		list = append(list,
			bench.Round{N: 1, Parallel: 1, Ask: ask, Take: func(_ int, a bench.Answer) { m.warm(k, a) }},
			bench.Round{N: m.Requests, Parallel: m.Parallel, Ask: func(i int) bench.Ask { return ask(i + 1) }, Take: func(_ int, a bench.Answer) { m.take(k, a) }})
	}
	return list
}

func (m *Measurement) ask(texts []string) bench.Ask {
	path, body := "/embeddings", map[string]any{"model": m.Model, "input": texts}
	if m.Rerank {
		words := strings.Fields(texts[0])
		path, body = "/rerank", map[string]any{"model": m.Model, "query": strings.Join(words[:min(8, len(words))], " "), "documents": texts}
	}
	data, err := jsonio.Marshal(body)
	if err != nil { // of texts: cannot be
		panic("items: " + err.Error())
	}
	return bench.Ask{Path: path, Type: bench.JSON, Body: data}
}

func (m *Measurement) warm(k int, a bench.Answer) {
	if a.Err == nil {
		m.sizes[k].batch.Dimensions, _ = m.judge(a.Body, m.Sizes[k])
	}
}

func (m *Measurement) take(k int, a bench.Answer) {
	s := &m.sizes[k]
	s.batch.Requests++
	err := a.Err
	if err == nil {
		_, err = m.judge(a.Body, m.Sizes[k])
	}
	if err != nil {
		s.batch.Failed++
		if s.batch.Message == "" {
			s.batch.Message = err.Error()
		}
		return
	}
	s.latency = append(s.latency, a.Took())
	s.begins, s.ends = append(s.begins, a.Sent), append(s.ends, a.Done)
}

// judge checks that an answer is what was asked for: one result per text, of
// finite numbers that are not all zero.
func (m *Measurement) judge(body []byte, size int) (dimensions int, err error) {
	var reply struct {
		Data []struct {
			Embedding []float64 `json:"embedding"`
		} `json:"data"`
		Results []struct {
			Index int     `json:"index"`
			Score float64 `json:"relevance_score"`
		} `json:"results"`
	}
	if err := jsonio.Unmarshal(body, &reply); err != nil {
		return 0, err
	}
	if m.Rerank {
		if len(reply.Results) != size {
			return 0, fmt.Errorf("%d results for %d documents", len(reply.Results), size)
		}
		seen := make([]bool, size)
		for _, r := range reply.Results {
			if r.Index < 0 || r.Index >= size || seen[r.Index] {
				return 0, fmt.Errorf("the results are not about each of the %d documents once", size)
			}
			seen[r.Index] = true
		}
		return 0, nil
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
	return len(reply.Data[0].Embedding), nil
}

// Batches are the sizes of which anything is known.
func (m *Measurement) Batches() (out []Batch) {
	for i := range m.sizes {
		s := &m.sizes[i]
		if s.batch.Requests == 0 {
			continue
		}
		b := s.batch
		b.Latency = bench.NewDist(s.latency)
		if t := covered(slices.Clone(s.begins), slices.Clone(s.ends)); t > 0 {
			b.ItemsPerS = float64(len(s.latency)*b.Size) / t
			b.TokensPerS = b.ItemsPerS * float64(m.Tokens)
		}
		out = append(out, b)
	}
	return out
}

// covered is the length of the union of spans that begin and end at the given
// times; both are sorted here.
func covered(begins, ends []float64) (t float64) {
	slices.Sort(begins)
	slices.Sort(ends)
	// The k-th begin opens a gap-free stretch when all k spans before it have
	// ended by then.
	for k, begin := range begins {
		if k == 0 || ends[k-1] <= begin {
			t -= begin
			if k > 0 {
				t += ends[k-1]
			}
		}
	}
	if n := len(ends); n > 0 {
		t += ends[n-1]
	}
	return t
}
