//go:build !js

package cli

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"fleetsize/app/wire"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
)

const validateUsage = `Usage: fleetsize validate [-json] [-fit FIT.json] [-rows OUT.csv] [flags] FILE

Compares the model with measurements: every row of the table is predicted as it
was measured, and the errors of TTFT, time per token and throughput are summed
up, over all rows and by group. Rows that contradict physics or themselves are
named.

FILE is a table with one measured point a row, whose first line names the
columns, for example model, gpu, tp, engine, weights, isl, osl, concurrency,
ttft_ms, itl_ms, output_tok_s; a table of NVIDIA NIM; or a result file of vLLM
bench serve, SGLang bench_serving, AIPerf, genai-perf, GuideLLM,
inference-perf, llmperf, InferenceX or fleetsize bench: its format is told by
its content, and figures that are defined in another way than ours are named.
"-" reads standard input; nim-8b and nim-70b are NVIDIA's published tables of
NIM 1.8.0, which ship.

  -json
    	write one JSON document to standard output
  -chart
    	instead of a FILE, compare a known sizing chart for RAG with the engine,
    	row by row with what explains the differences; -csv writes a table
  -fit FIT.json
    	use the parameters that fleetsize fit wrote instead of those that ship
  -rows OUT.csv
    	write the table with the predictions and their 10 to 90 % ranges added
` + aboutUsage + `
Example: fleetsize validate -rows out.csv nim-8b
Of a client: fleetsize validate -gpu h100-sxm -tp 1 -q fp8 vllm-result.json
`

// validate scores a table of measurements.
func validate(args []string, s streams) int {
	if code, done := chartFlags(args, s); done {
		return code
	}
	flags := flag.NewFlagSet("validate", flag.ContinueOnError)
	rowsFile := flags.String("rows", "", "")
	in, code, done := readTable("validate", validateUsage, flags, args, s)
	if done {
		return code
	}
	if err := folderOf("rows", *rowsFile); err != nil {
		fmt.Fprintln(s.err, "fleetsize validate:", err)
		return exitUsage
	}
	ctx, stop := interruptible(0)
	defer stop()
	scored := scoreTable(ctx, &in)
	report := score.Summarize(scored)
	notes := tableNotes(&in, scored)
	out := []byte(validateText(&in, report, scored, notes))
	if in.json {
		for _, n := range notes {
			fmt.Fprintf(s.err, "Warning: %s\n", n.Text)
		}
		var err error
		if out, err = wire.Encode(wire.Validate(report, in.findings, notes, in.cat.Date)); err != nil {
			fmt.Fprintln(s.err, "fleetsize validate:", err)
			return exitFailed
		}
	}
	if code := write("validate", out, s); code != exitDone {
		return code
	}
	if *rowsFile != "" {
		if err := writeRows(*rowsFile, &in.table, scored); err != nil {
			fmt.Fprintln(s.err, "fleetsize validate: -rows:", err)
			return exitFailed
		}
	}
	if n := len(in.table.Rows); len(scored) < n {
		fmt.Fprintf(s.err, "Cut short: %d of %d rows are scored.\n", len(scored), n)
		return exitCut
	}
	return exitDone
}

// scoreTable predicts the rows on all processors. Where ctx ends first, it
// returns those before the first row that is missing.
func scoreTable(ctx context.Context, in *tableInput) []score.Scored {
	rows := in.table.Rows
	out, have := make([]score.Scored, len(rows)), make([]bool, len(rows))
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rows)) {
		group.Go(func() {
			var r score.Runner
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(rows) {
					return
				}
				out[i], have[i] = r.Row(in.resolver, &rows[i]), true
			}
		})
	}
	group.Wait()
	n := 0
	for n < len(rows) && have[n] {
		n++
	}
	return out[:n]
}

// writeRows writes the table with predictions; rows that were not reached have
// none.
func writeRows(name string, t *measured.Table, scored []score.Scored) error {
	values := make([][]string, len(t.Rows))
	for i := range values {
		if i < len(scored) {
			values[i] = wire.RowValues(&scored[i])
		} else {
			values[i] = make([]string, len(wire.RowColumns))
		}
	}
	return os.WriteFile(name, t.WriteCSV(wire.RowColumns, values), 0o644)
}

// tableNotes are what was assumed about the table, each once with the number
// of rows it is about.
func tableNotes(in *tableInput, scored []score.Scored) []wire.Warning {
	var out []wire.Warning
	for _, p := range in.problems {
		out = append(out, wire.Warning{Code: string(p.Code), Text: p.String()})
	}
	count := map[score.Note]int{}
	var order []score.Note
	for i := range scored {
		for _, n := range scored[i].Case.Notes {
			if count[n]++; count[n] == 1 {
				order = append(order, n)
			}
		}
		if s := &scored[i]; s.Reason != "" && s.Reason != score.ReasonUse {
			n := score.Note{Code: "skipped", Text: s.Detail}
			if count[n]++; count[n] == 1 {
				order = append(order, n)
			}
		}
	}
	for _, n := range order {
		rows := "1 row"
		if count[n] > 1 {
			rows = fmt.Sprintf("%d rows", count[n])
		}
		out = append(out, wire.Warning{Code: n.Code, Text: fmt.Sprintf("%s (%s)", n.Text, rows)})
	}
	return out
}
