//go:build !js

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	runner "fleetsize/app/bench"
	"fleetsize/calc/bench"
)

// measure is the verb "bench": it measures, compares, converts or hands over.
func measure(args []string, s streams) int {
	if len(args) > 0 {
		switch args[0] {
		case "compare":
			return benchCompare(args[1:], s)
		case "export":
			return benchExport(args[1:], s)
		case "power":
			return benchPower(args[1:], s)
		case "answers":
			return benchAnswers(args[1:], s)
		case "embeddings", "rerank":
			return benchItems(args[0], args[1:], s)
		case "transcribe", "speak":
			return benchSpeech(args[0], args[1:], s)
		}
	}
	ctx, stop := interruptible(0)
	defer stop()
	return runBench(ctx, args, s)
}

func runBench(ctx context.Context, args []string, s streams) int {
	fail := func(code int, err error) int {
		fmt.Fprintf(s.err, "fleetsize bench: %v\n", err)
		if code == exitUsage {
			fmt.Fprintln(s.err, "fleetsize help bench explains the command.")
		}
		return code
	}
	var f benchFlags
	flags := f.set()
	rest, err := operands(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, benchUsage)
		return exitDone
	}
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("unexpected argument %q", rest[0])
	}
	var plan bench.Plan
	if err == nil {
		plan, err = f.plan(flags)
	}
	if err != nil {
		return fail(exitUsage, err)
	}
	for _, n := range f.planNotes {
		fmt.Fprintf(s.err, "-plan: %s: %s.\n", f.planName, n)
	}
	if f.write != "" {
		return benchHandoff(&f, plan, s)
	}
	cfg, err := f.config()
	if err != nil {
		return fail(exitUsage, err)
	}
	if err := errors.Join(f.checkFormat(), f.writable()); err != nil {
		return fail(exitUsage, err)
	}
	if plan.Model == "" {
		plan.Model = runner.FirstModel(ctx, cfg)
		if plan.Model != "" {
			fmt.Fprintf(s.err, "Model: %s (the first one listed)\n", plan.Model)
		}
	}
	show := newProgress(s.err, f.quiet)
	cfg.Show, cfg.Tick = show.action, show.tick
	doc, err := runner.Measure(ctx, plan, *cfg)
	show.end()
	if err != nil {
		return fail(exitUsage, err)
	}
	doc.Cost()
	none := nothing(&doc)
	if none == nil {
		if err := f.save(&doc, s); err != nil {
			return fail(exitFailed, err)
		}
	}
	out := []byte(benchText(&doc))
	if f.json {
		if out, err = doc.Encode(); err != nil {
			return fail(exitFailed, err)
		}
	}
	if code := write("bench", out, s); code != exitDone {
		return code
	}
	if none != nil {
		return fail(exitFailed, none)
	}
	if doc.CutShort {
		text := "Cut short: what was finished is in the report."
		if doc.Stopped != nil {
			text = "Cut short: " + doc.Stopped.Text
		}
		fmt.Fprintln(s.err, text)
		return exitCut
	}
	return exitDone
}

// nothing is why a run measured nothing, nil where it did or where the person
// ended it. No report file is written then.
func nothing(d *bench.Document) error {
	for i := range d.Phases {
		if d.Phases[i].Completed > 0 {
			return nil
		}
	}
	switch {
	case d.Stopped == nil:
		return errors.New("nothing was measured: no request was answered" + reason(d))
	case d.Stopped.Code == bench.StopUser:
		return nil
	}
	return fmt.Errorf("nothing was measured. %s", d.Stopped.Text)
}

// reason is the failure that a run without an answer met first, in words with
// what can be done about it.
func reason(d *bench.Document) string {
	for i := range d.Phases {
		for _, m := range d.Phases[i].Messages {
			return ": " + failureText(m)
		}
	}
	return ""
}

// failureText is a message of a report, "class: text", in words with what can
// be done about it.
func failureText(message string) string {
	class, text, _ := strings.Cut(message, ": ")
	return strings.TrimSpace(strings.TrimSuffix(text, ".") + ". " + bench.Fix(bench.Class(class), text))
}

// save writes the report file, or files.
func (f *benchFlags) save(doc *bench.Document, s streams) error {
	if f.file == "" {
		return nil
	}
	return saveReport(doc, f.file, f.outFormat(), s)
}

// saveReport writes a report in a format under a name; one with several parts
// becomes several files, numbered before the ending.
func saveReport(doc *bench.Document, name, format string, s streams) error {
	parts, err := doc.Export(format)
	if err != nil {
		return err
	}
	end := filepath.Ext(name)
	for _, p := range parts {
		to := strings.TrimSuffix(name, end) + p.Suffix + end
		if err := os.WriteFile(to, p.Data, 0o644); err != nil {
			return fmt.Errorf("-o: %w", err)
		}
		fmt.Fprintln(s.err, "Written:", to)
	}
	if len(parts) == 0 {
		fmt.Fprintln(s.err, "Nothing was measured that this format could hold; no file is written.")
	}
	return nil
}

// writePlan is the value of -write that prints the plan for this program.
const writePlan = "plan"

// benchHandoff prints the plan for another client, or as a plan file.
func benchHandoff(f *benchFlags, plan bench.Plan, s streams) int {
	if f.write == writePlan {
		text, err := bench.EncodePlan(plan)
		if err != nil {
			fmt.Fprintf(s.err, "fleetsize bench: %v\n", err)
			return exitFailed
		}
		return write("bench", text, s)
	}
	t := bench.Target{URL: "http://127.0.0.1:8000/v1", Model: plan.Model, KeyIn: f.keyEnv}
	var err error
	if f.url != "" {
		if t.URL, err = runner.Base(f.url); err != nil {
			err = fmt.Errorf("-url: %w", err)
		}
	}
	if err == nil {
		t.Headers, err = f.extra()
	}
	text := ""
	if err == nil {
		if text, err = bench.Handoff(f.write, plan, t); err != nil {
			err = fmt.Errorf("-write: %w", err)
		}
	}
	if err != nil {
		fmt.Fprintf(s.err, "fleetsize bench: %v\n", err)
		return exitUsage
	}
	for _, h := range t.Headers {
		if bench.Credential(h[0], h[1]) {
			fmt.Fprintf(s.err, "The value of the header %s may be a credential: the text names the variable %s instead.\n", h[0], bench.HeaderEnv(h[0]))
		}
	}
	return write("bench", []byte(text), s)
}

// extra are the headers of -header.
func (f *benchFlags) extra() (list [][2]string, err error) {
	for _, h := range f.headers {
		k, v, ok := strings.Cut(h, ":")
		if !ok || strings.TrimSpace(k) == "" {
			return nil, fmt.Errorf("-header: %q is not a header; write it like 'X-Team: search'", h)
		}
		list = append(list, [2]string{strings.TrimSpace(k), strings.TrimSpace(v)})
	}
	return list, nil
}

// config is where and how to measure.
func (f *benchFlags) config() (*runner.Config, error) {
	var c runner.Config
	var err error
	if c.URL, err = runner.Base(f.url); err != nil {
		return nil, fmt.Errorf("-url: %w", err)
	}
	if f.keyEnv != "" {
		c.Key = os.Getenv(f.keyEnv)
		if c.Key == "" {
			return nil, fmt.Errorf("-key-env: the environment variable %s is not set", f.keyEnv)
		}
	}
	extra, err := f.extra()
	if err != nil {
		return nil, err
	}
	c.Header = http.Header{}
	for _, h := range extra {
		c.Header.Add(h[0], h[1])
	}
	if c.Client, err = runner.NewClient(f.dial); err != nil {
		return nil, err
	}
	if c.Deployment, err = deployment(f.on); err != nil {
		return nil, fmt.Errorf("-on: %w", err)
	}
	c.Counter, c.Raw = benchCounter(), f.raw
	return &c, nil
}

// writable fails before a long measurement rather than after it.
func (f *benchFlags) writable() error {
	if f.file == "" {
		return nil
	}
	dir := filepath.Dir(f.file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("-o: there is no folder %s", dir)
	}
	return nil
}
