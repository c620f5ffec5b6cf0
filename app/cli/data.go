//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/sizingchart"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

const dataUsage = `Usage: fleetsize data [-json] [-csv] [-o FILE] [flags] [WHAT [WORDS]]

Lists the catalog. WHAT is gpus (the default), models, workloads, engines, or
chart: a known sizing chart for RAG (5,000 in, 500 out) row by row beside the
engine's figures, with what explains each difference. WORDS narrow gpus and
models, however they are spelled: fleetsize data gpus h100.

` + outputUsage + `.json, .csv, .md or .xlsx; may be
    	repeated
  -vendor NAME
    	gpus of one vendor
  -memory GB
    	gpus with at least that much memory
  -format PRECISION
    	gpus that compute in it: bf16, fp8, int8, mxfp4
  -since YEAR
    	gpus launched then or later
  -holds MODEL|GB
    	recommended gpus: the fewest of each that hold a model's published weights
    	or that many GB on one server, with 2 GB kept free on every GPU

Example: fleetsize data -vendor NVIDIA -format fp8 -holds llama-3.3-70b gpus
`

// listing is one list of the catalog: every column, and those that people are shown.
type listing struct {
	what  string
	rows  [][]column
	shown []string
	after string
}

// data lists the catalog.
func data(args []string, s streams) int {
	flags := flag.NewFlagSet("data", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var out output
	flags.BoolVar(&out.json, "json", false, "")
	out.listFlags(flags)
	var f catalog.GPUFilter
	flags.StringVar(&f.Vendor, "vendor", "", "")
	memory := flags.String("memory", "", "")
	format := flags.String("format", "", "")
	flags.IntVar(&f.Since, "since", 0, "")
	holds := flags.String("holds", "", "")
	words, err := operands(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, dataUsage)
		return exitDone
	}
	what := "gpus"
	if len(words) > 0 {
		what, words = words[0], words[1:]
	}
	f.Query = strings.Join(words, " ")
	var cat *catalog.Catalog
	if err == nil {
		cat, err = catalog.Load()
	}
	if err == nil && *memory != "" {
		var gb float64
		if gb, err = units.ParseNumber(*memory); err == nil {
			gb, err = units.Within(*memory, gb, 0, 1e6, "GB")
		}
		if err != nil {
			err = fmt.Errorf("-memory: %w", err)
		}
		f.Memory = gb * 1e9
	}
	if err == nil {
		if f.Format, err = catalog.ParsePrecision(*format); err != nil {
			err = fmt.Errorf("-format: %w", err)
		}
	}
	l := listing{what: what}
	if err == nil {
		err = l.narrowed(flags, f.Query)
	}
	if err == nil {
		err = vendorKnown(cat, f.Vendor)
	}
	if err == nil {
		err = l.fill(cat, &f, *holds)
	}
	forms := l.forms(cat)
	if err == nil {
		err = out.check(forms)
	}
	if err != nil {
		fmt.Fprintf(s.err, "fleetsize data: %v\nfleetsize help data explains the command.\n", err)
		return exitUsage
	}
	return out.write("data", l.text, forms, s)
}

// narrowed refuses what does not narrow this list.
func (l *listing) narrowed(flags *flag.FlagSet, words string) (err error) {
	known := map[string]bool{"gpus": true, "models": true, "workloads": true, "engines": true, "chart": true}
	if !known[l.what] || l.what == "gpus" {
		return nil
	}
	flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "vendor", "memory", "format", "since", "holds":
			if err == nil {
				err = fmt.Errorf("-%s is about gpus, not %s: write fleetsize data -%s %s gpus", f.Name, l.what, f.Name, f.Value)
			}
		}
	})
	if err == nil && words != "" && l.what != "models" {
		err = fmt.Errorf("%q narrows nothing here: words narrow gpus and models, and %s are listed whole", words, l.what)
	}
	return err
}

// vendorKnown refuses a vendor that the catalog does not have.
func vendorKnown(cat *catalog.Catalog, vendor string) error {
	var known []string
	for _, g := range cat.GPUs {
		if strings.EqualFold(g.Vendor, vendor) {
			return nil
		}
		if !slices.Contains(known, g.Vendor) {
			known = append(known, g.Vendor)
		}
	}
	if vendor == "" {
		return nil
	}
	return fmt.Errorf("-vendor %q is not in the accelerator catalog; it has %s", vendor, strings.Join(known, ", "))
}

// fill makes the rows of the list.
func (l *listing) fill(cat *catalog.Catalog, f *catalog.GPUFilter, holds string) error {
	switch l.what {
	case "gpus":
		return l.gpus(cat, f, holds)
	case "models":
		for _, m := range cat.SearchModels(f.Query, 0) {
			l.rows = append(l.rows, modelColumns(m))
		}
		l.shown = []string{"id", "name", "class", "parameters", "active_parameters", "context", "q", "weights_gb"}
	case "workloads":
		for _, p := range cat.Presets {
			l.rows = append(l.rows, workloadColumns(p))
		}
		l.shown = []string{"id", "name", "in", "out", "hit", "ttft_ms", "itl_ms", "e2e_ms"}
		l.after = "Targets are of one request at p95; - = none."
	case "engines":
		for _, e := range cat.Engines {
			l.rows = append(l.rows, engineColumns(e))
		}
		l.shown = []string{"id", "name", "vendors", "token_budget", "max_sequences", "profiles"}
	case "chart":
		return l.chart(cat)
	default:
		return fmt.Errorf("%q is no list: write gpus, models, workloads, engines or chart", l.what)
	}
	return nil
}

func (l *listing) gpus(cat *catalog.Catalog, f *catalog.GPUFilter, holds string) error {
	l.shown = []string{"id", "vendor", "memory_gb", "bandwidth_gb_s", "bf16_tflops", "fp8_tflops", "link_gb_s", "tdp_w", "usd_per_hour", "year", "status"}
	if holds == "" {
		for _, g := range cat.GPUs {
			if f.Keeps(g) {
				l.rows = append(l.rows, gpuColumns(g))
			}
		}
		return nil
	}
	need, of := 0.0, ""
	if m, ok := cat.Model(holds); ok {
		need, of = m.WeightBytes(m.Native), m.Name+" in "+m.Native.Main().Label()
	} else if gb, err := units.ParseNumber(holds); err == nil && gb > 0 && gb < 1e6 {
		need, of = gb*1e9, units.Sig(gb, 4)+" GB"
	} else {
		return fmt.Errorf("-holds %q is neither a model of the catalog nor a number of GB; write for example -holds llama-3.3-70b or -holds 140", holds)
	}
	for _, h := range cat.Holding(need) {
		if f.Keeps(h.GPU) {
			n, free := float64(h.N), units.Round(h.Free/1e9, 3)
			l.rows = append(l.rows, append([]column{{name: "n", number: &n}, {name: "left_gb", number: &free}}, gpuColumns(h.GPU)...))
		}
	}
	l.shown = append([]string{"n", "id", "left_gb"}, l.shown[1:]...)
	l.after = fmt.Sprintf("Fewest first that hold %s (%s GB) on one server, 2 GB kept free on each. Memory alone: size answers speed and load.", of, units.Sig(need/1e9, 3))
	return nil
}

// chart compares the sizing chart with the engine.
func (l *listing) chart(cat *catalog.Catalog) error {
	c, err := sizingchart.New(cat)
	if err != nil {
		return err
	}
	for _, r := range sizingchart.Rows() {
		row, err := c.Compare(r, true)
		if err != nil {
			return err
		}
		l.rows = append(l.rows, chartColumns(&row))
	}
	l.shown = []string{"model", "gpu", "ttft_budget_s", "chart_req_per_s_per_gpu", "our_req_per_s_per_gpu", "our_tp", "ours_over_chart", "findings"}
	l.after = "Source: " + sizingchart.Source + ".\n-csv and -json hold the explanation of every row."
	return nil
}

// forms are the forms of the list.
func (l *listing) forms(cat *catalog.Catalog) []form {
	return []form{
		{".json", func() ([]byte, error) {
			d := wire.ListDoc{SchemaVersion: wire.SchemaVersion, What: l.what, Data: cat.Date, Rows: []map[string]any{}}
			for _, r := range l.rows {
				row := map[string]any{}
				for _, c := range r {
					switch {
					case c.number != nil:
						row[c.name] = *c.number
					case c.text != "":
						row[c.name] = c.text
					default:
						row[c.name] = nil
					}
				}
				d.Rows = append(d.Rows, row)
			}
			return wire.Encode(d)
		}},
		text(".csv", func() string { return columnsCSV(l.rows) }),
		text(".md", func() string { return "```\n" + strings.TrimRight(l.text(), "\n") + "\n```\n" }),
		{".xlsx", func() ([]byte, error) { return columnsBook("Catalog", "As of "+cat.Date+".", l.rows), nil }},
	}
}

// text is the list for people.
func (l *listing) text() string {
	var t table
	t.add(l.shown...)
	for _, r := range l.rows {
		cells := make([]string, len(l.shown))
		for i, name := range l.shown {
			cells[i] = "-"
			for _, c := range r {
				if c.name != name {
					continue
				}
				if c.number != nil {
					for len(t.right) <= i {
						t.right = append(t.right, false)
					}
					t.right[i] = true
				}
				if s := c.String(); s != "" {
					cells[i] = s
				}
			}
		}
		t.add(cells...)
	}
	out := t.String()
	if len(l.rows) == 0 {
		out = "Nothing in the catalog is like that: widen a filter.\n"
	}
	if l.after != "" {
		out += "\n" + l.after + "\n"
	}
	return out
}
