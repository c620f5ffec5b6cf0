package items

import "fleetsize/calc/bench"

// Document is the report of a Measurement; what is not known is null.
type Document struct {
	bench.Head
	URL      string     `json:"url"`
	Model    string     `json:"model"`
	Tokens   int        `json:"tokens_per_item"`
	Parallel int        `json:"concurrency"`
	Batches  []BatchDoc `json:"batches"`
	CutShort bool       `json:"cut_short"`
}

// BatchDoc is a Batch.
type BatchDoc struct {
	Batch      int      `json:"batch"`
	Requests   int      `json:"requests"`
	Failed     int      `json:"failed"`
	Message    *string  `json:"error_message"`
	P50        *float64 `json:"latency_p50_ms"`
	P95        *float64 `json:"latency_p95_ms"`
	ItemsPerS  *float64 `json:"items_s"`
	TokensPerS *float64 `json:"input_tok_s"`
	Dimensions *int     `json:"dimensions"`
}

// Definitions are those of the document's numbers.
func Definitions() []bench.Definition { return bench.ParseDefinitions(definitions) }

const definitions = `
requests|batch:measured|requests|Measured requests of this batch size; one that is not measured goes before.
failed|batch:failed|requests|Requests without an answer, or with one that is not what was asked for: a result for every text; vectors of one length, finite and not all zero.
latency_p50_ms|batch_latency:send_to_last_byte|ms|From sending a batch to the last byte of its answer; half were faster.
latency_p95_ms|batch_latency:send_to_last_byte|ms|The same; nineteen in twenty were faster. Of fewer than 20 requests it is close to the slowest.
items_s|item_throughput:answered/busy|texts/s|Texts of the batches that were answered ÷ the time in which at least one request was under way.
input_tok_s|item_throughput:answered/busy*tokens|tok/s|The same in tokens: texts/s · tokens per text as they were ordered.
dimensions|embedding:length|numbers|Numbers in a vector.
`

// Document is the report so far; cut says that it was ended early.
func (m *Measurement) Document(url string, cut bool) Document {
	name := "embeddings"
	if m.Rerank {
		name = "rerank"
	}
	d := Document{
		Head: bench.NewHead(name, Definitions()), URL: url, Model: m.Model, Tokens: m.Tokens, Parallel: m.Parallel, Batches: []BatchDoc{}, CutShort: cut,
	}
	for _, b := range m.Batches() {
		d.Batches = append(d.Batches, newBatchDoc(&b))
	}
	return d
}

func newBatchDoc(b *Batch) BatchDoc {
	d := BatchDoc{Batch: b.Size, Requests: b.Requests, Failed: b.Failed}
	if p50, ok := b.Latency.Quantile(0.5); ok {
		p95, _ := b.Latency.Quantile(0.95)
		d.P50, d.P95 = bench.Figure(1e3*p50), bench.Figure(1e3*p95)
		d.ItemsPerS, d.TokensPerS = bench.Positive(b.ItemsPerS), bench.Positive(b.TokensPerS)
	}
	if b.Message != "" {
		d.Message = &b.Message
	}
	if b.Dimensions > 0 {
		d.Dimensions = &b.Dimensions
	}
	return d
}
