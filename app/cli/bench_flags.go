//go:build !js

package cli

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	runner "fleetsize/app/bench"
	"fleetsize/app/link"
	"fleetsize/calc/bench"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// benchFlags are the flags of bench.
type benchFlags struct {
	url, keyEnv, file, format, on, write string
	headers                              list
	dial                                 runner.Dial
	json, raw, quiet                     bool

	planName, api, concurrency, rate, tier string
	phase, maxTime, timeout, stall         time.Duration
	p                                      bench.Plan
	planNotes                              []string // what the plan file has and a plan has not
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, ", ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func (f *benchFlags) set() *flag.FlagSet {
	s := flag.NewFlagSet("bench", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	f.endpoint(s)
	s.StringVar(&f.planName, "plan", "single", "")
	s.IntVar(&f.p.Input, "in", 0, "")
	s.IntVar(&f.p.Output, "out", 0, "")
	s.StringVar(&f.concurrency, "concurrency", "", "")
	s.IntVar(&f.p.MaxConcurrency, "max-concurrency", 0, "")
	s.StringVar(&f.rate, "rate", "", "")
	s.BoolVar(&f.p.Poisson, "poisson", false, "")
	s.DurationVar(&f.phase, "phase", 0, "")
	s.StringVar(&f.tier, "tier", "", "")
	s.IntVar(&f.p.Requests, "requests", 0, "")
	s.IntVar(&f.p.Warmup, "warmup", 0, "")
	s.IntVar(&f.p.Shared, "shared-prefix", 0, "")
	s.Uint64Var(&f.p.Seed, "seed", 1, "")
	s.IntVar(&f.p.Limits.Requests, "max-requests", 0, "")
	s.IntVar(&f.p.Limits.Tokens, "max-tokens", 0, "")
	s.DurationVar(&f.maxTime, "max-time", 0, "")
	s.Float64Var(&f.p.Limits.USD, "max-usd", 0, "")
	s.Float64Var(&f.p.Limits.InUSD, "usd-in", 0, "")
	s.Float64Var(&f.p.Limits.OutUSD, "usd-out", 0, "")
	s.DurationVar(&f.timeout, "timeout", 0, "")
	s.DurationVar(&f.stall, "stall", 0, "")
	s.StringVar(&f.on, "on", "", "")
	s.BoolVar(&f.json, "json", false, "")
	s.StringVar(&f.file, "o", "", "")
	s.StringVar(&f.format, "format", "", "")
	s.BoolVar(&f.raw, "raw", false, "")
	s.BoolVar(&f.quiet, "quiet", false, "")
	s.StringVar(&f.write, "write", "", "")
	return s
}

// endpoint are the flags that say where to measure.
func (f *benchFlags) endpoint(s *flag.FlagSet) {
	s.StringVar(&f.url, "url", "", "")
	s.StringVar(&f.p.Model, "model", "", "")
	s.StringVar(&f.keyEnv, "key-env", "", "")
	s.Var(&f.headers, "header", "")
	s.StringVar(&f.api, "api", "", "")
	s.StringVar(&f.dial.HTTP, "http", "", "")
	s.StringVar(&f.dial.CACert, "cacert", "", "")
	s.BoolVar(&f.dial.Insecure, "insecure", false, "")
}

// plan is the plan of the flags: a file or a name, with the flags that were
// given laid over it.
func (f *benchFlags) plan(flags *flag.FlagSet) (bench.Plan, error) {
	given := map[string]bool{}
	flags.Visit(func(x *flag.Flag) { given[x.Name] = true })
	p := f.p
	if strings.HasSuffix(f.planName, ".json") {
		data, err := readFile(f.planName, maxReportBytes, strings.NewReader(""))
		if err != nil {
			return p, fmt.Errorf("-plan: %w", err)
		}
		if p, f.planNotes, err = bench.DecodePlan(data); err != nil {
			return p, fmt.Errorf("-plan: %s: %w", f.planName, err)
		}
		f.overlay(&p, given)
	} else {
		p.Kind = bench.Kind(f.planName)
	}
	var err error
	if f.api != "" {
		p.API = bench.API(f.api)
	}
	if f.concurrency != "" {
		if p.Concurrency, err = counts(f.concurrency); err != nil {
			return p, fmt.Errorf("-concurrency: %w", err)
		}
	}
	if f.rate != "" {
		if p.Rates, err = rates(f.rate); err != nil {
			return p, fmt.Errorf("-rate: %w", err)
		}
	}
	if f.tier != "" {
		if p.Tiers, err = tiers(f.tier); err != nil {
			return p, fmt.Errorf("-tier: %w", err)
		}
	}
	for _, d := range []struct {
		name string
		x    time.Duration
		to   *float64
	}{
		{"phase", f.phase, &p.PhaseSeconds}, {"max-time", f.maxTime, &p.Limits.Seconds},
		{"timeout", f.timeout, &p.Limits.RequestSeconds}, {"stall", f.stall, &p.Limits.StallSeconds},
	} {
		if given[d.name] {
			if d.x <= 0 {
				return p, fmt.Errorf("-%s: %v is not a length of time; write it like 15s", d.name, d.x)
			}
			*d.to = d.x.Seconds()
		}
	}
	if given["warmup"] && f.p.Warmup == 0 {
		p.Warmup = -1
	}
	for name, x := range map[string]int{"in": f.p.Input, "out": f.p.Output, "requests": f.p.Requests, "max-requests": f.p.Limits.Requests, "max-concurrency": f.p.MaxConcurrency} {
		if given[name] && x < 1 {
			return p, fmt.Errorf("-%s: %d is not a positive number", name, x)
		}
	}
	return p.Defaults()
}

// overlay lays the flags that were given over a plan file.
func (f *benchFlags) overlay(p *bench.Plan, given map[string]bool) {
	q := &f.p
	for name, set := range map[string]func(){
		"model": func() { p.Model = q.Model }, "in": func() { p.Input = q.Input }, "out": func() { p.Output = q.Output },
		"max-concurrency": func() { p.MaxConcurrency = q.MaxConcurrency }, "poisson": func() { p.Poisson = q.Poisson },
		"requests": func() { p.Requests = q.Requests }, "warmup": func() { p.Warmup = q.Warmup },
		"shared-prefix": func() { p.Shared = q.Shared }, "seed": func() { p.Seed = q.Seed },
		"max-requests": func() { p.Limits.Requests = q.Limits.Requests }, "max-tokens": func() { p.Limits.Tokens = q.Limits.Tokens },
		"max-usd": func() { p.Limits.USD = q.Limits.USD }, "usd-in": func() { p.Limits.InUSD = q.Limits.InUSD },
		"usd-out": func() { p.Limits.OutUSD = q.Limits.OutUSD },
	} {
		if given[name] {
			set()
		}
	}
}

// counts reads "1,2,4".
func counts(s string) ([]int, error) {
	var out []int
	for part := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("%q is not a whole number; write for example 1,2,4,8", part)
		}
		out = append(out, n)
	}
	return out, nil
}

// rates reads "0.5,1,2", with or without "/s".
func rates(s string) ([]float64, error) {
	var out []float64
	for part := range strings.SplitSeq(s, ",") {
		x, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(part), "/s"), 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a rate; write requests per second, for example 0.5,1,2", part)
		}
		out = append(out, x)
	}
	return out, nil
}

// tiers reads ids of the catalog, "all", or limits of one's own written
// NAME:SPEED:TTFT, "mine:25:2s".
func tiers(s string) ([]bench.Tier, error) {
	cat, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	var out []bench.Tier
	var ids []string
	for _, t := range cat.Tiers {
		ids = append(ids, t.ID)
	}
	for id := range strings.SplitSeq(s, ",") {
		id = strings.TrimSpace(id)
		if id == "all" {
			for _, t := range cat.Tiers {
				out = append(out, bench.TierOf(t))
			}
			continue
		}
		if parts := strings.Split(id, ":"); len(parts) == 3 {
			speed, err1 := strconv.ParseFloat(parts[1], 64)
			ttft, err2 := time.ParseDuration(parts[2])
			if err1 != nil || err2 != nil || speed < 0 || ttft <= 0 {
				return nil, fmt.Errorf("%q: write limits of your own as NAME:TOKENS_PER_S:TTFT, for example mine:25:2s", id)
			}
			out = append(out, bench.Tier{ID: parts[0], P25Speed: speed, P95TTFT: ttft.Seconds()})
			continue
		}
		t, ok := cat.Tier(strings.ToLower(id))
		if !ok {
			return nil, fmt.Errorf("no tier is called %q; the tiers are %s, all, or NAME:TOKENS_PER_S:TTFT", id, strings.Join(ids, ", "))
		}
		out = append(out, bench.TierOf(t))
	}
	return out, nil
}

// deployment reads what stands behind the endpoint from link pairs.
func deployment(text string) (*bench.Deployment, error) {
	if text == "" {
		return nil, nil
	}
	cat, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	state, notes := link.Parse(cat, text)
	for _, n := range notes {
		if n.Code == link.CodeValue {
			return nil, fmt.Errorf("%s", problemOf(n))
		}
	}
	if len(state.GPUs) != 1 {
		return nil, fmt.Errorf("%d accelerators are named; name the one it runs on, for example 'm=llama-3.1-8b&g=h100-sxm&tp=1&eng=vllm&q=fp8'", len(state.GPUs))
	}
	d := &bench.Deployment{
		Model: state.Model, GPU: state.GPUs[0].ID, TP: max(state.TP, state.GPUs[0].TP, 1), PP: max(state.PP, 1), EP: state.EP, DP: state.DP,
		Engine: state.Engine, Version: state.EngineVer, Weights: state.Weights, KV: state.KV,
	}
	d.GPUs = d.TP * d.PP * max(d.DP, 1)
	req, _ := state.Requirement(cat)
	if g, ok := req.Catalog.GPU(d.GPU); ok && !req.Money.Owned() {
		if q, ok := req.Money.Quote(g); ok {
			usd := units.Round(q.USD, 6)
			d.USDPerGPUHour, d.PriceFrom = &usd, q.Words()
			if off := req.Money.Discount; off > 0 {
				d.PriceFrom += ", less " + units.Percent(off)
			}
		}
	}
	return d, nil
}

// outFormat is the format of the file: as given, else by its ending.
func (f *benchFlags) outFormat() string {
	if f.format != "" {
		return f.format
	}
	if strings.EqualFold(filepath.Ext(f.file), ".csv") {
		return bench.FormatCSV
	}
	return bench.FormatJSON
}

func (f *benchFlags) checkFormat() error {
	if f.format != "" && !slices.Contains(bench.Formats(), f.format) {
		return fmt.Errorf("-format: no format is called %q; the formats are %s", f.format, strings.Join(bench.Formats(), ", "))
	}
	if f.format != "" && f.file == "" {
		return fmt.Errorf("-format: name the file with -o")
	}
	return nil
}

// isTerminal reports whether w is a terminal, where a line can be overwritten.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
