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
	"fleetsize/calc/bench/items"
	"fleetsize/calc/units"
)

// benchItems is bench embeddings and bench rerank.
func benchItems(name string, args []string, s streams) int {
	ctx, stop := interruptible(0)
	defer stop()
	fail := func(code int, err error) int {
		fmt.Fprintf(s.err, "fleetsize bench %s: %v\n", name, err)
		return code
	}
	var f benchFlags
	m := items.Plan{Rerank: name == "rerank", Seed: 1}
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
		if m.Sizes, err = items.ParseSizes(*sizes); err != nil {
			err = fmt.Errorf("-batch: %w", err)
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
	m.Counter = cfg.Counter
	run := items.New(m)
	cut := runner.Carry(ctx, []*runner.Config{cfg}, run.Rounds(), nil)
	doc := run.Document(cfg.URL, cut)
	out := []byte(batchText(&doc))
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
	for _, b := range run.Batches() {
		if b.Failed == b.Requests {
			return fail(exitFailed, fmt.Errorf("batch %d: %s", b.Size, b.Message))
		}
	}
	return exitDone
}

// batchText is the document for people.
func batchText(d *items.Document) string {
	t := table{right: []bool{true, true, true, true, true, true, true}}
	t.add("Batch", "requests", "failed", "latency p50", "p95", "items/s", "tok/s")
	for i := range d.Batches {
		b := &d.Batches[i]
		t.add(units.Count(float64(b.Batch)), units.Count(float64(b.Requests)), units.Count(float64(b.Failed)), ms(b.P50), ms(b.P95), plainSig(b.ItemsPerS), plainSig(b.TokensPerS))
	}
	return t.String()
}
