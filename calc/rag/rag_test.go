package rag

import (
	"math"
	"testing"

	"fleetsize/catalog"
)

func TestPrompt(t *testing.T) {
	p := Prompt{System: 400, History: 0, Question: 100, Chunks: 9, ChunkSize: 500}
	if p.Tokens() != 5000 || p.Passages() != 4500 || math.Abs(p.ReusedShare()-0.08) > 1e-12 {
		t.Errorf("%+v: %d tokens, %d of passages, %v reused", p, p.Tokens(), p.Passages(), p.ReusedShare())
	}
	if s := (Prompt{}).ReusedShare(); s != 0 {
		t.Errorf("nothing is reused %v", s)
	}
}

// A chat of four turns with 200 fixed tokens, questions of 100 and answers of
// 300: prompts 300, 700, 1,100, 1,500; from the second turn on everything but
// the question is cached: 600 + 1,000 + 1,400 of 3,600.
func TestTalkByHand(t *testing.T) {
	k := Talk{Fixed: 200, Question: 100, Answer: 300, Turns: 4}
	for turn, want := range []float64{300, 700, 1100, 1500} {
		if got := k.Prompt(turn + 1); got != want {
			t.Errorf("prompt of turn %d = %v, want %v", turn+1, got, want)
		}
	}
	mean, share := k.Mean()
	if mean != 900 || math.Abs(share-3000.0/3600) > 1e-12 {
		t.Errorf("Mean() = %v, %v, want 900 and 0.833", mean, share)
	}
	// With passages between history and question, 1,000 tokens each turn, only
	// what stands before them is found again: 200, 600, 1,000 of 7,600.
	k.Passages = 1000
	mean, share = k.Mean()
	if mean != 1900 || math.Abs(share-1800.0/7600) > 1e-12 {
		t.Errorf("with passages %v, %v, want 1,900 and 0.237", mean, share)
	}
	// One turn is the prompt as it stands.
	k = Talk{Fixed: 4900, Question: 100, Answer: 500, Turns: 1, Reused: 0.3}
	if mean, share := k.Mean(); mean != 5000 || share != 0.3 {
		t.Errorf("one turn: %v, %v", mean, share)
	}
}

// More turns make longer prompts of which a larger share is cached.
func TestTalkGrows(t *testing.T) {
	k := Talk{Fixed: 300, Question: 80, Answer: 400}
	lastMean, lastShare := 0.0, -1.0
	for n := 1; n < 30; n++ {
		k.Turns = n
		mean, share := k.Mean()
		if mean <= lastMean || share <= lastShare || share >= 1 {
			t.Fatalf("%d turns: %v tokens, %v cached after %v, %v", n, mean, share, lastMean, lastShare)
		}
		lastMean, lastShare = mean, share
	}
}

func h100(t *testing.T) (*catalog.Catalog, *catalog.GPU, *catalog.Engine) {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	g, _ := cat.GPU("h100-sxm")
	e, _ := cat.Engine("vllm")
	return cat, g, e
}

// The reranker's compute by hand: 303 million parameters outside the
// embedding table (24 layers of 12.6 million), 2 FLOP each, for 50 · 600
// tokens, and full attention of 4 · 24 · 16 · 64 · 600² per text. At the
// engine's share of the peak an H100 needs at least that long.
func TestRerankerAgainstFLOP(t *testing.T) {
	cat, g, e := h100(t)
	m, ok := cat.Model("bge-reranker-v2-m3")
	if !ok {
		t.Fatal("no bge-reranker-v2-m3")
	}
	enc, err := NewEncoder(m, g, e, "")
	if err != nil {
		t.Fatal(err)
	}
	flop := 50 * (600*2*303e6 + 4*24*16*64*600*600)
	bound := flop / g.HalfFLOPS()
	got := enc.Pass(50, 600)
	if got < bound || got > 6*bound {
		t.Errorf("50 pairs of 600 tokens take %v s; the FLOP alone take %v s at the peak", got, bound)
	}
	if enc.GPUs() != 1 {
		t.Errorf("%d GPUs", enc.GPUs())
	}
	if twice := enc.Pass(100, 600); twice < 1.8*got || twice > 2.2*got {
		t.Errorf("twice the pairs take %v s, not about %v", twice, 2*got)
	}
}

// Every embedding and reranking model of the catalog runs on an H100, and a
// larger one is slower.
func TestEncodersOfTheCatalog(t *testing.T) {
	cat, g, e := h100(t)
	n := 0
	for _, m := range cat.Models {
		if m.Class != catalog.ClassEmbedding && m.Class != catalog.ClassReranker {
			continue
		}
		n++
		enc, err := NewEncoder(m, g, e, "")
		if err != nil {
			t.Errorf("%s: %v", m.ID, err)
			continue
		}
		if s := enc.Pass(1, 100); !(s > 1e-4 && s < 0.1) {
			t.Errorf("%s embeds 100 tokens in %v s", m.ID, s)
		}
		if r := enc.Rate(500) * 500; !(r > 1e4 && r < 5e6) {
			t.Errorf("%s embeds %v tokens a second", m.ID, r)
		}
	}
	if n < 5 {
		t.Fatalf("%d encoders in the catalog", n)
	}
	rate := func(id string) float64 {
		m, ok := cat.Model(id)
		if !ok {
			t.Fatalf("no %s", id)
		}
		enc, err := NewEncoder(m, g, e, "")
		if err != nil {
			t.Fatal(err)
		}
		return enc.Rate(500)
	}
	if small, large := rate("qwen3-embedding-0-6b"), rate("qwen3-embedding-8b"); small < 4*large {
		t.Errorf("0.6B embeds %v texts a second, 8B %v", small, large)
	}
}

func TestPipeline(t *testing.T) {
	cat, g, e := h100(t)
	emb, _ := cat.Model("bge-large-en-v1-5")
	rer, _ := cat.Model("bge-reranker-v2-m3")
	p := &Pipeline{Retrieval: 0.05, Embedder: emb, Query: 100, Docs: 1e6, DocTokens: 1000, Chunk: 500, ReindexHours: 24,
		Reranker: rer, Candidates: 50, Pair: 600}
	s := p.Size(g, e, "", "95", 0.7)
	if s.Problem != "" || len(s.Stages) != 2 {
		t.Fatalf("Size = %+v", s)
	}
	sum := p.Retrieval
	for _, st := range s.Stages {
		if st.Latency < st.Alone || !(st.Alone > 0) || !(st.Rate > 0) {
			t.Errorf("stage %+v", st)
		}
		sum += st.Latency
	}
	if math.Abs(sum-s.Ahead) > 1e-12 {
		t.Errorf("ahead %v, stages and retrieval %v", s.Ahead, sum)
	}
	s.Count(p, 20, 0.7, 1)
	emS, reS := &s.Stages[0], &s.Stages[1]
	// 10⁹ tokens in 86,400 s.
	if want := 1e9 / (86400 * emS.DocRate); math.Abs(emS.Indexing-want) > 1e-12 || emS.Indexing == 0 {
		t.Errorf("indexing %v replicas, want %v", emS.Indexing, want)
	}
	if want := int(math.Ceil(20/reS.Rate/0.7)) + 1; reS.GPUs != want || reS.Indexing != 0 {
		t.Errorf("reranker %d GPUs, want %d", reS.GPUs, want)
	}
	if s.GPUs != emS.GPUs+reS.GPUs {
		t.Errorf("%d GPUs in all of %d and %d", s.GPUs, emS.GPUs, reS.GPUs)
	}
	// Mean latency is below the 95th percentile; nothing stated is nothing.
	if mean := p.Size(g, e, "", "mean", 0.7); mean.Ahead >= s.Ahead {
		t.Errorf("mean %v, p95 %v", mean.Ahead, s.Ahead)
	}
	var none *Pipeline
	if z := none.Size(g, e, "", "95", 0.7); none.On() || z.Ahead != 0 || len(z.Stages) != 0 {
		t.Errorf("nil pipeline: %+v", z)
	}
	if long := (&Pipeline{Embedder: emb, Query: 4000}).Size(g, e, "", "95", 0.7); !long.Stages[0].Cut || long.Stages[0].Tokens != 512 {
		t.Errorf("a question longer than the model reads: %+v", long.Stages[0])
	}
}

// The wait of M/D/1: mean ρs/2(1−ρ); a higher percentile or load waits longer.
func TestWaiting(t *testing.T) {
	if got := waiting(1, 0.5, 0); math.Abs(got-0.5) > 1e-12 {
		t.Errorf("mean wait at half load %v, want 0.5", got)
	}
	if waiting(1, 0, 0.95) != 0 || waiting(1, 0.02, 0.95) != 0 {
		t.Error("an idle server makes nobody wait")
	}
	// A simulated M/D/1 queue of 3 million arrivals: p95 of the wait in services.
	for rho, want := range map[float64]float64{0.5: 2.05, 0.7: 4.11, 0.85: 9.20} {
		if got := waiting(1, rho, 0.95); math.Abs(got/want-1) > 0.13 || got < want {
			t.Errorf("p95 wait at load %v = %v, simulated %v", rho, got, want)
		}
	}
}
