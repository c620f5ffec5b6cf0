//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"

	runner "fleetsize/app/bench"
	"fleetsize/app/wire"
	"fleetsize/calc/bench"
	"fleetsize/calc/units"
)

// batchDoc is one line of bench embeddings|rerank -json.
type batchDoc struct {
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

// batchesDoc is what bench embeddings|rerank -json prints.
type batchesDoc struct {
	SchemaVersion string     `json:"schema_version"`
	Tool          string     `json:"tool"`
	URL           string     `json:"url"`
	Model         string     `json:"model"`
	Tokens        int        `json:"tokens_per_item"`
	Parallel      int        `json:"concurrency"`
	Batches       []batchDoc `json:"batches"`
	CutShort      bool       `json:"cut_short"`
}

// benchItems is bench embeddings and bench rerank.
func benchItems(name string, args []string, s streams) int {
	ctx, stop := interruptible(0)
	defer stop()
	fail := func(code int, err error) int {
		fmt.Fprintf(s.err, "fleetsize bench %s: %v\n", name, err)
		return code
	}
	var f benchFlags
	m := runner.Batches{Rerank: name == "rerank", Seed: 1}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	f.endpoint(flags)
	sizes := flags.String("batch", "1,4,16,64", "")
	flags.IntVar(&m.Tokens, "in", 200, "")
	flags.IntVar(&m.Requests, "requests", 20, "")
	flags.IntVar(&m.Parallel, "concurrency", 1, "")
	flags.BoolVar(&f.json, "json", false, "")
	rest, err := operands(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, benchUsage)
		return exitDone
	}
	if err == nil {
		m.Sizes, err = counts(*sizes)
	}
	for _, n := range m.Sizes {
		if err == nil && (n < 1 || n > 4096) {
			err = fmt.Errorf("-batch: %d is outside 1 to 4,096", n)
		}
	}
	switch {
	case err != nil:
	case len(rest) > 0:
		err = fmt.Errorf("unexpected argument %q", rest[0])
	case m.Tokens < 1 || m.Tokens > 100_000:
		err = fmt.Errorf("-in: %d is outside 1 to 100,000 tokens", m.Tokens)
	case m.Requests < 1 || m.Requests > 100_000:
		err = fmt.Errorf("-requests: %d is outside 1 to 100,000", m.Requests)
	case m.Parallel < 1 || m.Parallel > bench.MaxInFlight:
		err = fmt.Errorf("-concurrency: %d is outside 1 to %d", m.Parallel, bench.MaxInFlight)
	}
	var cfg *runner.Config
	if err == nil {
		cfg, err = f.config()
	}
	if err != nil {
		return fail(exitUsage, err)
	}
	m.Model = f.p.Model
	if m.Model == "" {
		m.Model = runner.FirstModel(ctx, cfg)
	}
	list, cut := runner.MeasureBatches(ctx, cfg, m)
	doc := batchesDoc{SchemaVersion: bench.SchemaVersion, Tool: bench.Tool + " " + name, URL: cfg.URL, Model: m.Model, Tokens: m.Tokens, Parallel: m.Parallel, Batches: []batchDoc{}, CutShort: cut}
	for i := range list {
		doc.Batches = append(doc.Batches, newBatchDoc(&list[i]))
	}
	out := []byte(doc.text())
	if f.json {
		if out, err = wire.Encode(doc); err != nil {
			return fail(exitFailed, err)
		}
	}
	if code := write("bench "+name, out, s); code != exitDone {
		return code
	}
	if cut {
		fmt.Fprintln(s.err, "Cut short: what was finished is shown.")
		return exitCut
	}
	for i := range list {
		if list[i].Failed == list[i].Requests {
			return fail(exitFailed, fmt.Errorf("batch %d: %s", list[i].Size, list[i].Message))
		}
	}
	return exitDone
}

func newBatchDoc(b *runner.Batch) batchDoc {
	d := batchDoc{Batch: b.Size, Requests: b.Requests, Failed: b.Failed}
	round := func(x float64, ok bool) *float64 {
		if !ok {
			return nil
		}
		x = units.Round(x, 6)
		return &x
	}
	p50, ok := b.Latency.Quantile(0.5)
	p95, _ := b.Latency.Quantile(0.95)
	d.P50, d.P95 = round(1e3*p50, ok), round(1e3*p95, ok)
	d.ItemsPerS, d.TokensPerS = round(b.ItemsPerS, ok), round(b.TokensPerS, ok)
	if b.Message != "" {
		d.Message = &b.Message
	}
	if b.Dimensions > 0 {
		d.Dimensions = &b.Dimensions
	}
	return d
}

func (d *batchesDoc) text() string {
	t := table{right: []bool{true, true, true, true, true, true, true}}
	t.add("Batch", "requests", "failed", "latency p50", "p95", "items/s", "tok/s")
	for i := range d.Batches {
		b := &d.Batches[i]
		t.add(units.Count(float64(b.Batch)), units.Count(float64(b.Requests)), units.Count(float64(b.Failed)), ms(b.P50), ms(b.P95), plainSig(b.ItemsPerS), plainSig(b.TokensPerS))
	}
	return t.String()
}
