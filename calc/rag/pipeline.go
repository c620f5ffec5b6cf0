package rag

import (
	"math"

	"fleetsize/catalog"
)

// Pipeline is what runs before the language model. The zero value is nothing.
type Pipeline struct {
	Retrieval float64 // seconds the index takes

	Embedder *catalog.Model // nil = none
	Query    int            // tokens of the question that is embedded

	Docs         float64 // documents to index again; 0 = none
	DocTokens    int     // tokens of one
	Chunk        int     // tokens that are embedded at once
	ReindexHours float64 // time allowed

	Reranker   *catalog.Model // nil = none
	Candidates int            // passages that are compared with the question
	Pair       int            // tokens of question and passage together
}

// On reports whether anything runs before the model.
func (p *Pipeline) On() bool {
	return p != nil && (p.Retrieval > 0 || p.Embedder != nil || p.Reranker != nil)
}

// topLoad is the load above which waiting is no longer a number but a range.
const topLoad = 0.85

// Kind of a stage.
type Kind string

const (
	Embedding Kind = "embedding"
	Reranking Kind = "reranking"
)

// Stage is one encoder on one accelerator.
type Stage struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Kind   Kind
	ID     string // of the model
	Name   string
	Texts  int // per request
	Tokens int // of one text, as far as the model reads
	Cut    bool

	Alone    float64 // seconds of one request on an idle replica
	Latency  float64 // seconds at the percentile and the planned peak load
	Rate     float64 // requests per second of one replica that is always busy
	DocRate  float64 // tokens per second of documents, when indexing
	Replica  int     // GPUs of one replica
	Load     float64 // replicas' worth of work at the peak, indexing included
	Indexing float64 // of which indexing

	Needed, Spare, GPUs int
}

// Sized is the pipeline on one accelerator.
type Sized struct {
	Stages    []Stage
	Retrieval float64 // seconds
	Ahead     float64 // seconds before the model sees the prompt: stages at their percentile, and retrieval
	GPUs      int
	Problem   string // why a stage has no figures; "" = none
}

// Size is the pipeline on accelerator g under engine e: its stages and the time
// they take at percentile pct ("mean", "50", "90", "95", "99") when they are
// busy the share utilization of the time. Percentiles of the stages are added,
// which overstates the sum of independent waits a little.
func (p *Pipeline) Size(g *catalog.GPU, e *catalog.Engine, version, pct string, utilization float64) Sized {
	s := Sized{}
	if p == nil {
		return s
	}
	s.Retrieval, s.Ahead = p.Retrieval, p.Retrieval
	add := func(kind Kind, m *catalog.Model, texts, tokens int) {
		if m == nil {
			return
		}
		enc, err := NewEncoder(m, g, e, version)
		if err != nil {
			s.Problem = m.Name + ": " + err.Error()
			return
		}
		st := Stage{Kind: kind, ID: m.ID, Name: m.Name, Texts: texts, Tokens: enc.Reads(tokens), Cut: enc.Reads(tokens) < tokens, Replica: enc.GPUs()}
		st.Alone = enc.Pass(texts, tokens)
		st.Rate = enc.Rate(tokens) / float64(texts)
		if texts > 1 {
			st.Rate = 1 / st.Alone // a request fills its own batches
		}
		st.Latency = st.Alone + waiting(1/st.Rate, min(utilization, topLoad), quantile(pct))
		if kind == Embedding && p.Docs > 0 {
			st.DocRate = enc.Rate(p.Chunk) * float64(enc.Reads(p.Chunk))
		}
		s.Ahead += st.Latency
		s.Stages = append(s.Stages, st)
	}
	add(Embedding, p.Embedder, 1, max(p.Query, 1))
	add(Reranking, p.Reranker, max(p.Candidates, 1), max(p.Pair, 1))
	return s
}

// Count gives every stage the replicas that rate requests per second need at
// the given utilization, and spares besides:
//
//	load   = rate ÷ rate of a replica + indexing
//	needed = ⌈load ÷ utilization⌉, at least 1
//
// Indexing is documents · tokens ÷ (hours · 3,600 · tokens per second).
func (s *Sized) Count(p *Pipeline, rate, utilization float64, spare int) {
	s.GPUs = 0
	for i := range s.Stages {
		st := &s.Stages[i]
		st.Indexing = 0
		if st.DocRate > 0 && p.ReindexHours > 0 {
			st.Indexing = p.Docs * float64(p.DocTokens) / (p.ReindexHours * 3600 * st.DocRate)
		}
		st.Load = rate/st.Rate + st.Indexing
		st.Needed = max(1, int(math.Ceil(math.Min(st.Load/utilization, 1e6)-1e-9)))
		st.Spare = spare
		st.GPUs = (st.Needed + spare) * st.Replica
		s.GPUs += st.GPUs
	}
}

func quantile(pct string) float64 {
	switch pct {
	case "50":
		return 0.5
	case "90":
		return 0.9
	case "99":
		return 0.99
	case "mean":
		return 0
	}
	return 0.95
}
