//go:build !js

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	runner "fleetsize/app/bench"
	"fleetsize/app/wire"
	"fleetsize/calc/bench"
	"fleetsize/calc/bench/answers"
	"fleetsize/calc/units"
)

// examFlags are the flags of bench answers.
type examFlags struct {
	benchFlags
	questions, against, againstModel string
	exam                             answers.Sitting
	minimum                          float64
}

func (f *examFlags) set() *flag.FlagSet {
	s := flag.NewFlagSet("answers", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	f.endpoint(s)
	s.StringVar(&f.questions, "questions", "", "")
	s.IntVar(&f.exam.Repeats, "repeats", 1, "")
	s.IntVar(&f.exam.Concurrency, "concurrency", 4, "")
	s.IntVar(&f.exam.MaxTokens, "out", 1024, "")
	s.Float64Var(&f.exam.Temperature, "temperature", 0, "")
	s.StringVar(&f.against, "against", "", "")
	s.StringVar(&f.againstModel, "against-model", "", "")
	s.Float64Var(&f.minimum, "min", 0, "")
	s.BoolVar(&f.json, "json", false, "")
	s.BoolVar(&f.quiet, "quiet", false, "")
	return s
}

// check completes the flags.
func (f *examFlags) check(rest []string, stdin io.Reader) error {
	e := &f.exam
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case !(f.minimum >= 0 && f.minimum <= 100):
		return fmt.Errorf("-min: %v is not a share in per cent", f.minimum)
	case f.api != "" && f.api != string(bench.Chat) && f.api != string(bench.Completions):
		return fmt.Errorf("-api: %q is not known; write chat or completions", f.api)
	}
	if err := e.Check(); err != nil {
		return fmt.Errorf("-%w", err)
	}
	e.API = bench.API(f.api)
	e.Questions = answers.Builtin()
	if f.questions != "" {
		data, err := readFile(f.questions, answers.MaxBytes, stdin)
		if err == nil {
			e.Questions, err = answers.Parse(data)
		}
		if err != nil {
			return fmt.Errorf("-questions: %w", err)
		}
	}
	return nil
}

// ends are the endpoints to ask, and the model of each.
func (f *examFlags) ends(ctx context.Context) (list []*runner.Config, ends []answers.Endpoint, err error) {
	one, err := f.config()
	if err != nil {
		return nil, nil, err
	}
	add := func(cfg *runner.Config, model string) {
		if model == "" {
			model = runner.FirstModel(ctx, cfg)
		}
		list, ends = append(list, cfg), append(ends, answers.Endpoint{URL: cfg.URL, Model: model})
	}
	add(one, f.p.Model)
	if f.against != "" {
		other := *one
		if other.URL, err = runner.Base(f.against); err != nil {
			return nil, nil, fmt.Errorf("-against: %w", err)
		}
		add(&other, f.againstModel)
	}
	return list, ends, nil
}

// benchAnswers is bench answers: it asks questions with known answers, and
// compares two endpoints where a second one is given.
func benchAnswers(args []string, s streams) int {
	ctx, stop := interruptible(0)
	defer stop()
	fail := func(code int, err error) int {
		fmt.Fprintf(s.err, "fleetsize bench answers: %v\n", err)
		return code
	}
	var f examFlags
	flags := f.set()
	rest, err := operands(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, benchUsage)
		return exitDone
	}
	if err == nil {
		err = f.check(rest, s.in)
	}
	var list []*runner.Config
	var ends []answers.Endpoint
	if err == nil {
		list, ends, err = f.ends(ctx)
	}
	if err != nil {
		return fail(exitUsage, err)
	}
	var progress func(done, total int)
	if isTerminal(s.err) && !f.quiet {
		progress = func(done, total int) { fmt.Fprintf(s.err, "\r%d of %d answered", done, total) }
	}
	check := answers.NewCheck(f.exam, true, true, ends...)
	cut := runner.Carry(ctx, list, check.Rounds(), progress)
	if progress != nil {
		fmt.Fprintln(s.err)
	}
	doc := check.Document(f.minimum, cut)
	out := []byte(examText(&doc))
	if f.json {
		if out, err = wire.Encode(doc); err != nil {
			return fail(exitFailed, err)
		}
	}
	if code := write("bench answers", out, s); code != exitDone {
		return code
	}
	switch {
	case cut:
		fmt.Fprintln(s.err, "Cut short: what was finished is shown.")
		return exitCut
	case doc.Verdict == bench.Fail:
		return exitFailed
	}
	for i := range doc.Endpoints {
		if e := &doc.Endpoints[i]; len(e.Scores) > 0 && e.Scores[0].Accuracy == nil {
			return fail(exitFailed, fmt.Errorf("%s answered no question", e.URL))
		}
	}
	return exitDone
}

// examText is the document for people.
func examText(d *answers.Document) string {
	var b strings.Builder
	t := table{right: []bool{false, true, true, true, true, true, true}}
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		t.add(e.Model+" at "+e.URL, "questions", "right", "95 %", "wrong", "unparsed", "failed")
		for _, x := range e.Scores {
			name := "  " + x.Category
			if x.Category == "" {
				name = "  all"
			}
			right, interval := "–", "–"
			if x.Accuracy != nil {
				right = percent1(*x.Accuracy / 100)
				interval = units.Fixed(x.Interval[0], 1) + "–" + units.Fixed(x.Interval[1], 1)
			}
			t.add(name, fmt.Sprint(x.Questions), right, interval, fmt.Sprint(x.Wrong), fmt.Sprint(x.Unparsed), fmt.Sprint(x.Failed))
		}
	}
	b.WriteString(t.String())
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		if len(e.Misses) > 0 {
			b.WriteString("\nNot right: " + strings.Join(e.Misses, ", ") + "\n")
		}
		for _, m := range e.Failures {
			b.WriteString("\n" + m + "\n")
		}
		all := e.Scores[0]
		if all.RepeatsFor1 != nil {
			fmt.Fprintf(&b, "\nSampling noise below ±1 %% on these questions: %d repeats.", *all.RepeatsFor1)
		}
		if all.QuestionsFor1 != nil {
			fmt.Fprintf(&b, "\n±1 %% for all questions of this kind: %s questions.\n", units.Count(float64(*all.QuestionsFor1)))
		}
	}
	if c := d.Comparison; c != nil && c.Difference != nil {
		fmt.Fprintf(&b, "\nThe second is %s points off the first on %d questions (95 %%: %s to %s), p = %s (%s), effect %s.\n", units.Fixed(*c.Difference, 1), c.Questions,
			units.Fixed(c.Interval[0], 1), units.Fixed(c.Interval[1], 1), units.Sig(*c.P, 2), c.Test, c.Size)
	}
	if p := d.Parity; p != nil {
		fmt.Fprintf(&b, "\nToken probabilities: %s. %s\n", p.Verdict, p.Text)
	}
	if d.Verdict != "" {
		fmt.Fprintf(&b, "\nVerdict: %s\n", d.Verdict)
	}
	return b.String()
}
