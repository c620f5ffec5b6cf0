//go:build !js

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
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
	exam                             runner.Exam
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
	case e.Repeats < 1 || e.Repeats > 1000:
		return fmt.Errorf("-repeats: %d is outside 1 to 1,000", e.Repeats)
	case e.Concurrency < 1 || e.Concurrency > bench.MaxInFlight:
		return fmt.Errorf("-concurrency: %d is outside 1 to %d", e.Concurrency, bench.MaxInFlight)
	case e.MaxTokens < 1 || e.MaxTokens > bench.MaxTokens:
		return fmt.Errorf("-out: %d is not a number of tokens", e.MaxTokens)
	case !(e.Temperature >= 0 && e.Temperature <= 2):
		return fmt.Errorf("-temperature: %v is outside 0 to 2", e.Temperature)
	case !(f.minimum >= 0 && f.minimum <= 100):
		return fmt.Errorf("-min: %v is not a share in per cent", f.minimum)
	case f.api != "" && f.api != string(bench.Chat) && f.api != string(bench.Completions):
		return fmt.Errorf("-api: %q is not known; write chat or completions", f.api)
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
	var one *runner.Config
	if err == nil {
		one, err = f.config()
	}
	if err != nil {
		return fail(exitUsage, err)
	}
	doc := examDoc{SchemaVersion: bench.SchemaVersion, Tool: bench.Tool + " answers", Questions: len(f.exam.Questions), Repeats: f.exam.Repeats, Temperature: f.exam.Temperature}
	a, cut := f.sit(ctx, one, f.p.Model, &doc, s)
	if f.against != "" && !cut {
		other := *one
		if other.URL, err = runner.Base(f.against); err != nil {
			return fail(exitUsage, fmt.Errorf("-against: %w", err))
		}
		var b []answers.Result
		b, cut = f.sit(ctx, &other, f.againstModel, &doc, s)
		c := answers.Compare(a, b)
		doc.Comparison = newComparisonDoc(&c)
		doc.Parity = f.parity(ctx, one, &other, &doc)
	}
	doc.CutShort = cut
	doc.passes(f.minimum)
	out := []byte(doc.text())
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
	return exitDone
}

// sit asks one endpoint and adds its scores to the document.
func (f *examFlags) sit(ctx context.Context, cfg *runner.Config, model string, doc *examDoc, s streams) (results []answers.Result, cut bool) {
	e := f.exam
	e.Model = model
	if e.Model == "" {
		e.Model = runner.FirstModel(ctx, cfg)
	}
	if isTerminal(s.err) && !f.quiet {
		e.Progress = func(done, total int) { fmt.Fprintf(s.err, "\r%d of %d answered", done, total) }
	}
	results, failures, cut := runner.Sit(ctx, cfg, e)
	if e.Progress != nil {
		fmt.Fprintln(s.err)
	}
	end := endpointDoc{URL: cfg.URL, Model: e.Model, Failures: append([]string{}, failures...)}
	for _, x := range answers.Scores(results) {
		end.Scores = append(end.Scores, newScoreDoc(&x))
	}
	for i := range results {
		r := &results[i]
		for _, o := range r.Outcomes {
			if o != answers.Right && len(end.Misses) < 20 {
				end.Misses = append(end.Misses, r.Question.ID+": "+o.String())
				break
			}
		}
	}
	doc.Endpoints = append(doc.Endpoints, end)
	return results, cut
}

// parityPrompts is how many of the questions are also compared token by token.
const parityPrompts = 10

func (f *examFlags) parity(ctx context.Context, a, b *runner.Config, doc *examDoc) *parityDoc {
	var prompts []string
	for i := 0; i < len(f.exam.Questions) && i < parityPrompts; i++ {
		prompts = append(prompts, f.exam.Questions[i].Prompt())
	}
	x, err := runner.Probabilities(ctx, a, f.exam.API, doc.Endpoints[0].Model, prompts, 32)
	var y [][]answers.Position
	if err == nil {
		y, err = runner.Probabilities(ctx, b, f.exam.API, doc.Endpoints[1].Model, prompts, 32)
	}
	if err != nil {
		return &parityDoc{Verdict: "unknown", Text: "The log probabilities could not be read: " + err.Error()}
	}
	p := answers.Compared(x, y)
	return newParityDoc(&p)
}

// text is the document for people.
func (d *examDoc) text() string {
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

func percentOf(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	x = units.Round(100*x, 6)
	return &x
}
