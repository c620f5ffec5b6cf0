//go:build !js

package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fleetsize/app/wire"
	"fleetsize/calc/bench"
	"fleetsize/calc/gpulog"
	"fleetsize/calc/units"
)

const benchPowerUsage = `Usage: fleetsize bench power [-json] [-o FILE.json] [flags] LOG.csv [REPORT.json]

Reads what nvidia-smi wrote while an endpoint was measured, and lays it over the
report: watts, joules per token, how busy the GPUs were, their memory and
temperature, and whether something held their clocks back. Without a report it
sums the log up, GPU by GPU. Log on the server, from before the run until after:

  nvidia-smi --query-gpu=timestamp,index,name,power.draw,utilization.gpu,memory.used,memory.total,temperature.gpu,clocks.sm,clocks_event_reasons.active --format=csv -l 1 > gpu.csv

The output of nvidia-smi dmon -s pucm -o DT is read, too.
Logs of several machines go into one file (cat), with uuid among the columns.

  -zone ZONE
    	how far the log's clock is ahead of UTC: +02:00, UTC. nvidia-smi writes
    	local time without it; left out, it is found where only one zone fits
  -shift DURATION
    	how far the log's clock is ahead of the client's beyond that, for example
    	2s or -1.5s
  -gpus 0,1
    	count these only (default all that did something during the run)
  -query COLUMNS
    	what --query-gpu had, for a log without heading
  -json
    	write JSON to standard output: the report with a member power in every
    	phase, or the sums
  -o FILE.json
    	write that to a file; bench compare compares the energy of two of them

Example: fleetsize bench power gpu.csv report.json
`

// powerSums is a log without a report.
type powerSums struct {
	bench.Head
	Lines     int        `json:"lines"`
	Skipped   int        `json:"lines_skipped"`
	IntervalS *float64   `json:"interval_s"`
	SpanS     *float64   `json:"span_s"`
	GPUs      []powerGPU `json:"gpus"`
	Together  *powerSum  `json:"together"`
}

type powerGPU struct {
	bench.PowerGPU
	powerSum
}

// powerSum is a PowerDoc under a name of its own, so that its keys stand beside
// those of the GPU.
type powerSum bench.PowerDoc

// benchPower is bench power LOG.csv [REPORT.json].
func benchPower(args []string, s streams) int {
	flags := flag.NewFlagSet("power", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	asJSON := flags.Bool("json", false, "")
	file := flags.String("o", "", "")
	query := flags.String("query", "", "")
	only := flags.String("gpus", "", "")
	var o gpulog.Options
	flags.Func("zone", "", func(text string) error {
		z, err := gpulog.ParseZone(text)
		o.Zone = &z
		return err
	})
	shift := flags.Duration("shift", 0, "")
	files, err := operands(flags, shiftable(args))
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, benchPowerUsage)
		return exitDone
	}
	switch {
	case err != nil:
	case len(files) == 0 || len(files) > 2:
		err = fmt.Errorf("%d files given; give the log, and the report of the same run where there is one", len(files))
	case *file != "" && !strings.EqualFold(filepath.Ext(*file), ".json"):
		err = fmt.Errorf("-o %s: the ending says what to write; it can be .json", *file)
	case *shift < -24*time.Hour || *shift > 24*time.Hour:
		err = fmt.Errorf("-shift %v is more than a day; clocks are that far apart only by their zone, see -zone", *shift)
	}
	var log *gpulog.Log
	var doc *bench.Document
	o.Shift = shift.Seconds()
	if err == nil {
		log, doc, err = powerFiles(files, *query, *only, s.in)
	}
	if err == nil && doc != nil {
		err = gpulog.Join(doc, *log, o)
	}
	if err != nil {
		fmt.Fprintf(s.err, "fleetsize bench power: %v\n", err)
		return exitUsage
	}
	if log.Skipped > 0 {
		fmt.Fprintf(s.err, "Warning: %d of %d lines of the log could not be read.\n", log.Skipped, log.Lines)
	}
	var data []byte
	if *asJSON || *file != "" {
		if doc != nil {
			data, err = doc.Encode()
		} else {
			data, err = wire.Encode(sums(log))
		}
	}
	if err == nil && *file != "" {
		if err = os.WriteFile(*file, data, 0o644); err == nil {
			fmt.Fprintln(s.err, "Written:", *file)
		}
	}
	if err != nil {
		fmt.Fprintf(s.err, "fleetsize bench power: %v\n", err)
		return exitFailed
	}
	switch {
	case *asJSON:
	case doc != nil:
		data = []byte(powerText(doc))
	default:
		data = []byte(sumsText(log))
	}
	return write("bench power", data, s)
}

// shiftable joins -shift and -zone with a value that begins like a flag.
func shiftable(args []string) (out []string) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if name := strings.TrimLeft(a, "-"); a != name && (name == "shift" || name == "zone") && i+1 < len(args) {
			i++
			a += "=" + args[i]
		}
		out = append(out, a)
	}
	return out
}

// powerFiles reads the log, and the report where one is given, in any order.
func powerFiles(names []string, query, only string, stdin io.Reader) (*gpulog.Log, *bench.Document, error) {
	var log *gpulog.Log
	var doc *bench.Document
	for _, name := range names {
		data, err := readFile(name, gpulog.MaxBytes, stdin)
		if err != nil {
			return nil, nil, err
		}
		if text := bytes.TrimSpace(data); len(text) > 0 && text[0] == '{' {
			d, err := bench.DecodeDocument(data)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
			if doc != nil {
				return nil, nil, fmt.Errorf("%s and %s are both reports; give one, and the log of nvidia-smi", names[0], names[1])
			}
			doc = &d
			continue
		}
		l, err := gpulog.Parse(data, query)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		if log != nil {
			return nil, nil, fmt.Errorf("%s and %s are both logs; put them together with cat, and those of several machines with uuid among their columns", names[0], names[1])
		}
		log = &l
	}
	if log == nil {
		return nil, nil, fmt.Errorf("%s is a report; give the log of nvidia-smi too", names[0])
	}
	if only != "" {
		kept, missing := log.Only(strings.Split(strings.ReplaceAll(only, " ", ""), ","))
		if len(missing) > 0 || len(kept.GPUs) == 0 {
			var has []string
			for _, g := range log.GPUs {
				has = append(has, g.ID)
			}
			return nil, nil, fmt.Errorf("-gpus %s: the log has no GPU %s; it has %s", only, strings.Join(missing, ", "), strings.Join(has, ", "))
		}
		log = &kept
	}
	return log, doc, nil
}

// sums are the log GPU by GPU, and together where it has several.
func sums(l *gpulog.Log) powerSums {
	d := powerSums{Head: bench.NewHead("power", bench.PowerDefinitions()), Lines: l.Lines, Skipped: l.Skipped, GPUs: []powerGPU{}}
	if l.Timed {
		from, to := l.Span()
		interval, span := units.Round(l.Interval(), 6), units.Round(to-from, 6)
		d.IntervalS, d.SpanS = &interval, &span
	}
	for i, named := range gpulog.Named(l.GPUs) {
		one := gpulog.Log{GPUs: l.GPUs[i : i+1], Timed: l.Timed}
		u := one.All()
		d.GPUs = append(d.GPUs, powerGPU{named, powerSum(u.Doc())})
	}
	u := l.All()
	all := powerSum(u.Doc())
	d.Together = &all
	return d
}
