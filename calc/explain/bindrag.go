package explain

import "fleetsize/calc/rag"

// stage is a stage before the model, nil where there is none.
func (b *Book) stage(kind rag.Kind) *rag.Stage {
	for i := range b.Opt.Pipeline.Stages {
		if s := &b.Opt.Pipeline.Stages[i]; s.Kind == kind {
			return s
		}
	}
	return nil
}

// pipeline is leaf for what runs before the model; ok is false for other inputs.
func (b *Book) pipeline(id string) (v float64, s Source, ok bool) {
	p := b.Req.Pipeline
	if p == nil {
		p = &rag.Pipeline{}
	}
	kind := rag.Embedding
	switch id {
	case "documents":
		return p.Docs, b.given("docs", FromDefault), true
	case "document_tokens":
		return float64(p.DocTokens), b.given("doc", FromDefault), true
	case "reindex_hours":
		return p.ReindexHours, b.given("hours", FromDefault), true
	case "retrieval_time":
		return p.Retrieval, b.given("ret", FromDefault), true
	case "reranking_gpus", "growth_reranking_gpus", "reranking_gpus_each", "reranking_rate", "reranking_time":
		kind = rag.Reranking
	case "embedding_gpus", "growth_embedding_gpus", "embedding_gpus_each", "embedding_rate", "embedding_time", "indexing_rate", "indexing_load":
	default:
		return 0, Source{}, false
	}
	st, law := b.stage(kind), b.fit()
	if st == nil {
		return 0, ours("no such stage"), true
	}
	law.Text = st.Name + " on " + name(b.Opt) + ": " + law.Text
	switch id {
	case "reranking_gpus_each", "embedding_gpus_each":
		return float64(st.Replica), law, true
	case "reranking_rate", "embedding_rate":
		return st.Rate, law, true
	case "reranking_time", "embedding_time":
		return st.Latency, law, true
	case "indexing_rate":
		return st.DocRate, law, true
	case "indexing_load":
		return st.Indexing, ours("nothing is indexed again"), true
	}
	return float64(st.GPUs), law, true
}
