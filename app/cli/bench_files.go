//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/calc/units"
)

// maxReportBytes bounds a report file.
const maxReportBytes = 64 << 20

func readReport(name string, stdin io.Reader) (bench.Document, error) {
	data, err := readFile(name, maxReportBytes, stdin)
	if err != nil {
		return bench.Document{}, err
	}
	d, err := bench.DecodeDocument(data)
	if err != nil {
		return bench.Document{}, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

// benchCompare is bench compare A.json B.json.
func benchCompare(args []string, s streams) int {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	tolerance := flags.Float64("tolerance", 5, "")
	asJSON := flags.Bool("json", false, "")
	files, err := operands(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, benchUsage)
		return exitDone
	}
	if err == nil && len(files) != 2 {
		err = fmt.Errorf("%d reports given; give two: before and after", len(files))
	}
	if err == nil && !(*tolerance >= 0 && *tolerance <= 1000) {
		err = fmt.Errorf("-tolerance: %v is not a share in per cent", *tolerance)
	}
	var docs [2]bench.Document
	for i := range files {
		if err == nil {
			docs[i], err = readReport(files[i], s.in)
		}
	}
	if err != nil {
		fmt.Fprintf(s.err, "fleetsize bench compare: %v\n", err)
		return exitUsage
	}
	c := bench.Compare(&docs[0], &docs[1], *tolerance/100)
	if len(c.Changes) == 0 {
		fmt.Fprintln(s.err, "fleetsize bench compare: the reports have no load in common; nothing can be compared.")
		for _, u := range c.Unmatched {
			fmt.Fprintln(s.err, "  "+u)
		}
		return exitUsage
	}
	out := []byte(compareText(&c, *tolerance))
	if *asJSON {
		if out, err = compareJSON(&c, *tolerance); err != nil {
			fmt.Fprintln(s.err, "fleetsize bench compare:", err)
			return exitFailed
		}
	}
	if code := write("bench compare", out, s); code != exitDone {
		return code
	}
	if c.Regressed() {
		return exitFailed
	}
	return exitDone
}

func compareText(c *bench.Comparison, tolerance float64) string {
	var b strings.Builder
	t := table{right: []bool{false, false, true, true, true, false}}
	t.add("Load", "metric", "before", "after", "change", "")
	bad := 0
	for _, x := range c.Changes {
		mark := ""
		if x.Regressed {
			mark = "worse"
			bad++
		}
		diff := "–"
		if x.A != 0 && !math.IsNaN(x.B) {
			diff = signed1(x.B/x.A - 1)
		}
		after := "–"
		if !math.IsNaN(x.B) {
			after = units.Sig(x.B, 4)
		}
		t.add(x.Load, x.Metric, units.Sig(x.A, 4), after, diff, mark)
	}
	b.WriteString(t.String())
	for _, w := range c.Warnings {
		b.WriteString("\n" + w.Text)
	}
	for _, u := range c.Unmatched {
		b.WriteString("\nNot compared, " + u)
	}
	if len(c.Warnings)+len(c.Unmatched) > 0 {
		b.WriteString("\n")
	}
	if bad == 0 {
		fmt.Fprintf(&b, "\nNothing is more than %s %% worse.\n", units.Sig(tolerance, 3))
	} else {
		fmt.Fprintf(&b, "\n%s of %d numbers are more than %s %% worse.\n", strconv.Itoa(bad), len(c.Changes), units.Sig(tolerance, 3))
	}
	return b.String()
}

// benchExport is bench export REPORT.json -format F -o FILE.
func benchExport(args []string, s streams) int {
	var f benchFlags
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&f.file, "o", "", "")
	flags.StringVar(&f.format, "format", "", "")
	files, err := operands(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, benchUsage)
		return exitDone
	}
	if err == nil && len(files) != 1 {
		err = fmt.Errorf("%d reports given; give one", len(files))
	}
	if err == nil && f.file == "" {
		err = errors.New("name the file to write with -o")
	}
	if err == nil {
		err = f.checkFormat()
	}
	if err == nil {
		err = f.writable()
	}
	var d bench.Document
	if err == nil {
		d, err = readReport(files[0], s.in)
	}
	if err != nil {
		fmt.Fprintf(s.err, "fleetsize bench export: %v\n", err)
		return exitUsage
	}
	if err := saveReport(&d, f.file, f.outFormat(), s); err != nil {
		fmt.Fprintln(s.err, "fleetsize bench export:", err)
		return exitFailed
	}
	return exitDone
}
