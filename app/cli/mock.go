//go:build !js

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"fleetsize/app/link"
	"fleetsize/app/mock"
	"fleetsize/app/vocab"
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

const mockUsage = `Usage: fleetsize mock [flags]

Serves the OpenAI interface with invented text at exactly known times: to check
benchmark clients, and to try measuring without an accelerator. It answers
/v1/models, /v1/chat/completions, /v1/completions, /v1/embeddings, /v1/rerank,
/v1/audio/speech and /v1/audio/transcriptions; GET /trace tells when each token
of each request was sent.

Addresses
  -addr HOST:PORT
    	HTTP/1.1 (default 127.0.0.1:8333); port 0 takes any free one
  -tls-addr HOST:PORT
    	HTTPS with HTTP/2 as well, with a certificate signed by itself
  -cert FILE
    	write that certificate to FILE, for clients that want to trust it
  -h2-streams N
    	requests at once on one HTTP/2 connection (default 250)
  -cors on|off|reflect
    	which web pages may read answers: any (default), none, the asking one
  -key TOKEN
    	refuse requests without this bearer token
  -model ID
    	model id that is listed and answered with

Engine: constant latencies. A request holds one of -max-seqs slots for
TTFT + (N−1)·ITL, N its output tokens; the others wait in order of arrival.
  -ttft DURATION  -itl DURATION  -max-seqs N
    	default 200ms, 20ms and 4
  -jitter SHARE
    	relative standard deviation of each request's TTFT and ITL (default 0)

Engine: batch latencies. Continuous batching; one step takes
step + step-seq·requests + step-kcontext·context/1000 + step-kprompt·prompt/1000.
  -step DURATION
    	chooses this engine
  -step-seq DURATION  -step-kcontext DURATION  -step-kprompt DURATION
    	per request, per 1,000 tokens of context, per 1,000 prompt tokens (default 0)
  -step-budget N
    	tokens per step, prompts and decodes together (default no limit)
  -max-seqs N
    	requests that run at once (default 256)

Engine: simulation. The steps of a model on an accelerator as Fleetsize
estimates them, in real time.
  -engine LINK
    	for example 'm=llama-3.1-8b&g=h100-sxm&tp=1'

Answers
  -seed N
    	same seed and same requests, same texts (default 1)
  -quirk NAME,…
    	deviations on the wire; -quirk list explains them. The request header
    	X-Mock-Quirk replaces them for one request
  -text words|halves|unicode
    	one OpenAI token per token, half a one, or several scripts
  -tokens N
    	output of requests that state no max_tokens (default 128)
  -max-queue N
    	answer 429 when so many requests wait (default no limit)
  -wrong SHARE
    	share of sums ("What is 17 + 25?") that are answered wrongly
  -logprob-shift X  -logprob-swap N
    	add X to every log probability; exchange the two likeliest tokens of
    	every N-th position
  -item DURATION  -item-each DURATION
    	embeddings and rerank: time per request and per text (default 20ms, 2ms)
  -rtf X  -word-errors SHARE
    	speech: time as a share of the sound's length (default 0.1), and the
    	share of words that transcripts get wrong
  -trace FILE
    	write when each token was due and sent as JSON Lines, one request each

Ctrl+C ends.

Example: fleetsize mock -ttft 200ms -itl 20ms -max-seqs 4 -tls-addr 127.0.0.1:8334
`

// mockServer is the verb "mock": it serves until it is interrupted.
func mockServer(args []string, s streams) int {
	ctx, stop := interruptible(0)
	defer stop()
	return runMock(ctx, args, s)
}

// mockFlags are the settings that are not in the server's own configuration.
type mockFlags struct {
	addr, tlsAddr, cert, quirk, engine, trace string
	cors, text                                string
	streams                                   int
	cfg                                       mock.Config
}

func mockFlagSet(m *mockFlags) *flag.FlagSet {
	f := flag.NewFlagSet("mock", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&m.addr, "addr", "127.0.0.1:8333", "")
	f.StringVar(&m.tlsAddr, "tls-addr", "", "")
	f.StringVar(&m.cert, "cert", "", "")
	f.IntVar(&m.streams, "h2-streams", 250, "")
	f.StringVar(&m.cors, "cors", "on", "")
	f.StringVar(&m.cfg.Key, "key", "", "")
	f.StringVar(&m.cfg.Model, "model", "", "")
	f.DurationVar(&m.cfg.TTFT, "ttft", 200*time.Millisecond, "")
	f.DurationVar(&m.cfg.ITL, "itl", 20*time.Millisecond, "")
	f.IntVar(&m.cfg.MaxSeqs, "max-seqs", 0, "")
	f.Float64Var(&m.cfg.Jitter, "jitter", 0, "")
	f.DurationVar(&m.cfg.StepBase, "step", 0, "")
	f.DurationVar(&m.cfg.StepPerSeq, "step-seq", 0, "")
	f.DurationVar(&m.cfg.StepPerKContext, "step-kcontext", 0, "")
	f.DurationVar(&m.cfg.StepPerKPrompt, "step-kprompt", 0, "")
	f.IntVar(&m.cfg.StepBudget, "step-budget", 0, "")
	f.StringVar(&m.engine, "engine", "", "")
	f.Uint64Var(&m.cfg.Seed, "seed", 1, "")
	f.StringVar(&m.quirk, "quirk", "", "")
	f.StringVar(&m.text, "text", "words", "")
	f.IntVar(&m.cfg.DefaultTokens, "tokens", 0, "")
	f.IntVar(&m.cfg.MaxQueue, "max-queue", 0, "")
	f.Float64Var(&m.cfg.Wrong, "wrong", 0, "")
	f.Float64Var(&m.cfg.LogprobShift, "logprob-shift", 0, "")
	f.IntVar(&m.cfg.LogprobSwap, "logprob-swap", 0, "")
	f.DurationVar(&m.cfg.ItemBase, "item", 20*time.Millisecond, "")
	f.DurationVar(&m.cfg.ItemCost, "item-each", 2*time.Millisecond, "")
	f.Float64Var(&m.cfg.SpeechFactor, "rtf", 0.1, "")
	f.Float64Var(&m.cfg.WordErrors, "word-errors", 0, "")
	f.StringVar(&m.trace, "trace", "", "")
	return f
}

func runMock(ctx context.Context, args []string, s streams) int {
	var m mockFlags
	flags := mockFlagSet(&m)
	rest, err := operands(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, mockUsage)
		return exitDone
	}
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("unexpected argument %q; a link goes with -engine", rest[0])
	}
	if err == nil && m.quirk == "list" {
		fmt.Fprint(s.out, quirkList())
		return exitDone
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if err == nil {
		err = m.complete(given, s)
	}
	var server *mock.Server
	if err == nil {
		if m.trace != "" {
			var file *os.File
			if file, err = os.Create(m.trace); err == nil {
				defer file.Close()
				m.cfg.Trace = file
			}
		}
	}
	if err == nil {
		server, err = mock.New(m.cfg)
	}
	var l *mock.Listener
	if err == nil {
		l, err = server.Listen(m.addr, m.tlsAddr, m.streams)
	}
	if err == nil && m.cert != "" {
		err = os.WriteFile(m.cert, l.PEM, 0o644)
	}
	if err != nil {
		if l != nil {
			l.Close()
		}
		fmt.Fprintf(s.err, "fleetsize mock: %v\nfleetsize help mock explains the command.\n", err)
		return exitUsage
	}
	fmt.Fprint(s.out, m.greeting(l))
	if err := l.Wait(ctx); err != nil {
		fmt.Fprintln(s.err, "fleetsize mock:", err)
		return exitFailed
	}
	what := "requests"
	if server.Served() == 1 {
		what = "request"
	}
	fmt.Fprintf(s.err, "Stopped after %s %s.\n", units.Count(float64(server.Served())), what)
	return exitDone
}

// complete finishes the configuration: engine, quirks, defaults.
func (m *mockFlags) complete(given map[string]bool, s streams) (err error) {
	m.cfg.CORS, m.cfg.Text = mock.CORS(m.cors), mock.Text(m.text)
	if m.cfg.Quirks, err = mock.ParseQuirks(m.quirk); err != nil {
		return err
	}
	if m.cert != "" && m.tlsAddr == "" {
		return errors.New("-cert: there is no certificate without -tls-addr; give one, for example -tls-addr 127.0.0.1:8334")
	}
	if m.cfg.Count, err = countPrompt(); err != nil {
		return err
	}
	if m.engine != "" {
		return m.simulate(given, s)
	}
	if m.cfg.StepBase > 0 {
		for _, name := range []string{"ttft", "itl", "jitter"} {
			if given[name] {
				return fmt.Errorf("-%s belongs to constant latencies, -step to batch latencies: leave one out", name)
			}
		}
		return nil
	}
	for _, name := range []string{"step-seq", "step-kcontext", "step-kprompt", "step-budget"} {
		if given[name] {
			return fmt.Errorf("-%s needs -step, for example -step 10ms", name)
		}
	}
	if m.cfg.MaxSeqs == 0 {
		m.cfg.MaxSeqs = 4
	}
	return nil
}

// simulate makes the engine of a link.
func (m *mockFlags) simulate(given map[string]bool, s streams) error {
	for _, name := range []string{"ttft", "itl", "jitter", "step", "step-seq", "step-kcontext", "step-kprompt", "step-budget"} {
		if given[name] {
			return fmt.Errorf("-%s and -engine exclude each other: the link says how fast the engine is", name)
		}
	}
	cat, err := catalog.Load()
	if err != nil {
		return fmt.Errorf("the catalog cannot be read: %w", err)
	}
	state, notes := link.Parse(cat, m.engine)
	req, more := state.Requirement(cat)
	for _, n := range append(notes, more...) {
		if n.Code == link.CodeValue {
			return fmt.Errorf("-engine: %s", problemOf(n))
		}
		fmt.Fprintf(s.err, "Warning: %s\n", n.Text)
	}
	switch {
	case len(req.GPUs) != 1:
		return fmt.Errorf("-engine: %d accelerators are named: name one, for example g=h100-sxm", len(req.GPUs))
	case req.Weights == fleet.AnyPrecision:
		return errors.New(`-engine: q: "any" is a search: name a precision, for example q=fp8`)
	case req.Model.Class != catalog.ClassGenerative:
		return fmt.Errorf("-engine: m: %s is a model for %s: choose a generative model", req.Model.ID, req.Model.Class)
	}
	w := req.Workload
	load := serve.Load{Input: w.Input, Output: w.Output, LengthRatio: w.LengthRatio, CachedShare: w.CachedShare}
	unit, err := fleet.Smallest(&req, req.GPUs[0].GPU, load)
	switch {
	case err != nil:
		return fmt.Errorf("-engine: %w", err)
	case unit.Split != nil:
		return errors.New("-engine: pd: disaggregated replicas are not simulated in real time: leave it out")
	}
	m.cfg.Cost = unit.Cost
	m.cfg.CachedShare, m.cfg.MaxTokens = w.CachedShare, req.Model.MaxContext
	if m.cfg.Model == "" {
		m.cfg.Model = req.Model.ID
	}
	return nil
}

// greeting tells the addresses and what to expect.
func (m *mockFlags) greeting(l *mock.Listener) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Serving %s (Ctrl+C ends)\n  %s\n", m.engineText(), l.URL)
	if l.TLSURL != "" {
		fmt.Fprintf(&b, "  %s (HTTP/2; certificate signed by itself)\n", l.TLSURL)
	}
	return b.String()
}

func (m *mockFlags) engineText() string {
	if c := m.cfg.Cost; c != nil {
		r := c.Replica()
		return fmt.Sprintf("the simulation of %s on %d × %s (%s)", r.Model.ID, r.GPUs(), r.GPU.ID, r.Engine.Name)
	}
	if m.cfg.StepBase > 0 {
		return fmt.Sprintf("batch latencies: %v a step + %v per request", m.cfg.StepBase, m.cfg.StepPerSeq)
	}
	return fmt.Sprintf("constant latencies: TTFT %v, %v per token, %d at once", m.cfg.TTFT, m.cfg.ITL, m.cfg.MaxSeqs)
}

func quirkList() string {
	var b strings.Builder
	for _, q := range mock.Quirks() {
		name, text := q.Name, q.Text
		if q.N > 0 {
			name = fmt.Sprintf("%s=%d", name, q.N)
			text = strings.ReplaceAll(text, "#", "N")
		}
		fmt.Fprintf(&b, "  %-24s %s\n", name, text)
	}
	return b.String()
}

// countPrompt counts the tokens of prompts with o200k_base.
func countPrompt() (func(string) int, error) {
	e, err := vocab.Load()
	if err != nil {
		return nil, err
	}
	return e.Count, nil
}
