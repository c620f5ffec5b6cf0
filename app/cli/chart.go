//go:build !js

package cli

import (
	"flag"
	"fmt"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/sizingchart"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// compareChart answers validate -chart: a known sizing chart against the
// engine, row by row. csv asks for a table instead of text.
func compareChart(json, csv bool, fitFile string, s streams) int {
	fail := func(err error, code int) int {
		fmt.Fprintln(s.err, "fleetsize validate: -chart:", err)
		return code
	}
	cat, err := catalog.Load()
	if err != nil {
		return fail(err, exitFailed)
	}
	if cat, err = withFit(cat, fitFile); err != nil {
		return fail(err, exitUsage)
	}
	c, err := sizingchart.New(cat)
	if err != nil {
		return fail(err, exitFailed)
	}
	var rows []sizingchart.Compared
	for _, r := range sizingchart.Rows() {
		x, err := c.Compare(r, true)
		if err != nil {
			return fail(err, exitFailed)
		}
		rows = append(rows, x)
	}
	out := []byte(chartText(rows, cat.Date))
	switch {
	case json:
		if out, err = wire.Encode(wire.Chart(rows, cat.Date)); err != nil {
			return fail(err, exitFailed)
		}
	case csv:
		var b strings.Builder
		b.WriteString(strings.Join(sizingchart.Columns, ",") + "\n")
		for i := range rows {
			b.WriteString(rows[i].CSV() + "\n")
		}
		out = []byte(b.String())
	}
	return write("validate", out, s)
}

// chartText is the comparison for people.
func chartText(rows []sizingchart.Compared, data string) string {
	var b strings.Builder
	b.WriteString("Requests per second per GPU, 5,000 tokens in, 500 out.\n" + sizingchart.Source + ".\n\n")
	t := table{right: []bool{false, false, true, true, true, true, true, true}}
	t.add("Model", "GPU", "TTFT", "chart", "GPUs", "ours", "GPUs", "ours/chart")
	dash := func(s string, ok bool) string {
		if !ok {
			return "–"
		}
		return s
	}
	for i := range rows {
		c := &rows[i]
		t.add(c.Model, c.Row.GPU, units.Duration(c.TTFT, 2), dash(c.Rate.Text, c.Rate.OK), dash(c.GPUs.Text, c.GPUs.OK),
			dash(units.SigFixed(c.Ours.Rate, 3), c.Ours.OK), dash(units.SigFixed(c.Ours.GPUs, 3), c.Ours.OK), dash(units.SigFixed(c.Ratio, 2), c.Ratio > 0))
	}
	b.WriteString(t.String() + "\n")
	for i := range rows {
		c := &rows[i]
		fmt.Fprintf(&b, "%s on %s within %s\n", c.Model, c.Row.GPU, units.Duration(c.TTFT, 2))
		for _, f := range c.Findings {
			b.WriteString("  " + f.Text + "\n")
		}
	}
	fmt.Fprintf(&b, "\nData of %s. %s\n", data, disclaimer)
	return b.String()
}

// chartFlags finds -chart among the flags of validate, which then takes no
// FILE; done is false without it.
func chartFlags(args []string, s streams) (code int, done bool) {
	flags := flag.NewFlagSet("validate", flag.ContinueOnError)
	flags.SetOutput(discard{})
	json, chart, csv := flags.Bool("json", false, ""), flags.Bool("chart", false, ""), flags.Bool("csv", false, "")
	fitFile := flags.String("fit", "", "")
	if rest, err := operands(flags, args); err != nil || !*chart {
		return 0, false // the usual way, with its own messages
	} else if len(rest) > 0 {
		fmt.Fprintf(s.err, "fleetsize validate: -chart takes no FILE: leave out %s\n", rest[0])
		return exitUsage, true
	}
	return compareChart(*json, *csv, *fitFile, s), true
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
