package bench

import (
	"fmt"
	"strings"

	"fleetsize/catalog"
)

// Kind is a way of measuring.
type Kind string

// The plans.
const (
	Single    Kind = "single"    // one request at a time, after a warm-up
	Probes    Kind = "probes"    // four short phases, enough to fit a shipped profile
	Sweep     Kind = "sweep"     // 512 in, 128 out at 1, 4, 8, 16 in flight
	Scenarios Kind = "scenarios" // summarization, chat, reasoning
	Load      Kind = "load"      // rising load until throughput stops rising
	SLO       Kind = "slo"       // the most requests in flight that hold a service level
	Open      Kind = "open"      // arrivals at a rate, whatever the server does
)

// Kinds are the plans in the order in which they are explained.
func Kinds() []Kind { return []Kind{Single, Probes, Sweep, Scenarios, Load, SLO, Open} }

// Line says in a few words what a plan does.
func (k Kind) Line() string {
	switch k {
	case Single:
		return "one request at a time, after a warm-up"
	case Probes:
		return "four short phases, enough to fit the estimate to this endpoint"
	case Sweep:
		return "512 in, 128 out at 1, 4, 8 and 16 in flight"
	case Scenarios:
		return "summarization, chat and reasoning lengths"
	case Load:
		return "1, 2, 4 … 64, then +64 in flight until throughput stops rising"
	case SLO:
		return "the most requests in flight that hold a service level"
	case Open:
		return "arrivals at a rate, whatever the server does"
	}
	return ""
}

// API is the family of endpoints.
type API string

// The endpoints.
const (
	Chat        API = "chat"        // POST /chat/completions
	Completions API = "completions" // POST /completions
)

// Plan is what to measure. The zero value of a field means its default, which
// Defaults fills in.
type Plan struct {
	Kind Kind `json:"kind"`
	API  API  `json:"api"`
	// Model is the name to send; the server may need it.
	Model string `json:"model"`
	// Input and Output are tokens per request.
	Input  int `json:"input_tokens"`
	Output int `json:"output_tokens"`
	// Concurrency are the loads of a closed loop, rising; empty = the plan's own.
	Concurrency []int `json:"concurrency,omitempty"`
	// MaxConcurrency ends the ladders of load and slo.
	MaxConcurrency int `json:"max_concurrency,omitempty"`
	// Rates are arrivals per second of an open loop, rising; empty = quarters
	// of the measured capacity.
	Rates   []float64 `json:"rates,omitempty"`
	Poisson bool      `json:"poisson,omitempty"` // random arrivals instead of even ones
	// PhaseSeconds is the length of a phase's window, ramp and drain excluded.
	PhaseSeconds float64 `json:"phase_s"`
	// Requests are measured by plans that count instead of timing.
	Requests int `json:"requests,omitempty"`
	Warmup   int `json:"warmup"` // requests before the first phase; −1 = none
	// Tiers are the service levels of slo; the first one defines goodput.
	Tiers []Tier `json:"tiers,omitempty"`
	// Shared tokens at the start of every prompt are the same.
	Shared int    `json:"shared_prefix_tokens,omitempty"`
	Seed   uint64 `json:"seed"`
	Limits Limits `json:"limits"`
}

// Tier is a service level: a floor on the 25th percentile of output speed and
// a ceiling on the 95th percentile of TTFT.
type Tier struct {
	ID       string  `json:"id"`
	P25Speed float64 `json:"p25_speed_tok_s"`
	P95TTFT  float64 `json:"p95_ttft_s"`
}

// TierOf is a tier of the catalog.
func TierOf(t *catalog.Tier) Tier { return Tier{t.ID, t.P25Speed, t.P95TTFT} }

// Limits end a run. 0 = the default of Defaults for time and requests, no
// limit for the others.
type Limits struct {
	Requests int     `json:"requests"`
	Tokens   int     `json:"tokens,omitempty"`
	Seconds  float64 `json:"seconds"`
	USD      float64 `json:"usd,omitempty"`
	// InUSD and OutUSD are what a million tokens cost, for the limit on money.
	InUSD  float64 `json:"in_usd,omitempty"`
	OutUSD float64 `json:"out_usd,omitempty"`
	// RequestSeconds ends a request that takes longer, StallSeconds one whose
	// bytes stop coming.
	RequestSeconds float64 `json:"request_s"`
	StallSeconds   float64 `json:"stall_s"`
	// InFlight bounds what an open loop may have under way.
	InFlight int `json:"in_flight"`
}

// Bounds of a plan.
const (
	MaxTokens      = 2_000_000 // per prompt or answer
	MaxInFlight    = 16_384
	MaxRequests    = 10_000_000
	MaxPhase       = 3600.0 // seconds
	maxConcurrency = 1024   // default end of a ladder
)

// Defaults is the plan with everything filled in, or an error that names the
// value that cannot be used and what to write instead.
func (p Plan) Defaults() (Plan, error) {
	if p.Kind == "" {
		p.Kind = Single
	}
	if p.Kind.Line() == "" {
		return p, fmt.Errorf("no plan is called %q; the plans are %s", clip(string(p.Kind), 40), kindList())
	}
	if p.API == "" {
		p.API = Chat
	}
	if p.API != Chat && p.API != Completions {
		return p, fmt.Errorf("no API is called %q; write chat or completions", clip(string(p.API), 40))
	}
	in, out := 1000, 1000
	if p.Kind == Sweep {
		in, out = 512, 128
	}
	setInt(&p.Input, in)
	setInt(&p.Output, out)
	setInt(&p.MaxConcurrency, maxConcurrency)
	setInt(&p.Limits.Requests, 100_000)
	setInt(&p.Limits.InFlight, 4096)
	setFloat(&p.PhaseSeconds, 15)
	setFloat(&p.Limits.Seconds, 3600)
	setFloat(&p.Limits.RequestSeconds, 600)
	setFloat(&p.Limits.StallSeconds, 60)
	if p.Warmup == 0 {
		p.Warmup = 1
	}
	if p.Requests == 0 && p.Kind == Single {
		p.Requests = 5
	}
	if len(p.Tiers) == 0 {
		p.Tiers = []Tier{{"standard", 30, 3}}
	}
	return p, p.check()
}

func setInt(x *int, def int) {
	if *x == 0 {
		*x = def
	}
}

func setFloat(x *float64, def float64) {
	if *x == 0 {
		*x = def
	}
}

func (p *Plan) check() error {
	l := &p.Limits
	for _, c := range []struct {
		name      string
		x, lo, hi float64
	}{
		{"input tokens", float64(p.Input), 1, MaxTokens},
		{"output tokens", float64(p.Output), 1, MaxTokens},
		{"the phase length in seconds", p.PhaseSeconds, 0.5, MaxPhase},
		{"the highest concurrency", float64(p.MaxConcurrency), 1, MaxInFlight},
		{"requests to measure", float64(p.Requests), 0, MaxRequests},
		{"warm-up requests", float64(p.Warmup), -1, 1000},
		{"shared prefix tokens", float64(p.Shared), 0, float64(p.Input)},
		{"the limit on requests", float64(l.Requests), 1, MaxRequests},
		{"the limit on tokens", float64(l.Tokens), 0, 1e12},
		{"the limit on time in seconds", l.Seconds, 1, 7 * 86400},
		{"the limit on money in USD", l.USD, 0, 1e9},
		{"USD per million input tokens", l.InUSD, 0, 1e6},
		{"USD per million output tokens", l.OutUSD, 0, 1e6},
		{"the time allowed for a request in seconds", l.RequestSeconds, 0.1, 86400},
		{"the time without bytes that counts as a stall", l.StallSeconds, 0.1, 86400},
		{"the limit on requests in flight", float64(l.InFlight), 1, MaxInFlight},
	} {
		if !(c.x >= c.lo && c.x <= c.hi) {
			return fmt.Errorf("%s: %v is outside %v to %v", c.name, c.x, c.lo, c.hi)
		}
	}
	if l.USD > 0 && l.InUSD == 0 && l.OutUSD == 0 {
		return fmt.Errorf("a limit on money needs what a million tokens cost")
	}
	if err := p.sane(); err != nil {
		return err
	}
	last := 0
	for _, c := range p.Concurrency {
		if c < 1 || c > MaxInFlight {
			return fmt.Errorf("concurrency %d is outside 1 to %d", c, MaxInFlight)
		}
		if c <= last && p.Kind != Single {
			return fmt.Errorf("concurrency %d after %d: write them rising, for example 1,2,4,8", c, last)
		}
		last = c
	}
	for _, r := range p.Rates {
		if !(r > 0 && r <= 1e5) {
			return fmt.Errorf("rate %v is outside 0 to 100,000 requests per second", r)
		}
	}
	for _, t := range p.Tiers {
		if t.ID == "" || !(t.P25Speed >= 0) || !(t.P95TTFT > 0) {
			return fmt.Errorf("tier %q lacks a limit on speed or TTFT", t.ID)
		}
	}
	return nil
}

func kindList() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// Phase is one load that is held for a while. Either Concurrency or Rate is
// set.
type Phase struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Label       string
	Warmup      bool // not reported
	Confirm     bool // measured to be judged; of the search for a capacity
	Restart     bool // nothing of the phase before may run into this one
	Concurrency int
	Rate        float64 // arrivals per second
	Poisson     bool
	Input       int
	Output      int
	// The window ends after Seconds, once MinRequests were issued, but at
	// MaxSeconds at the latest; or, without Seconds, after Requests.
	Seconds     float64
	MinRequests int
	MaxSeconds  float64
	Requests    int
	// TailSeconds bounds the wait for what the window issued; 0 = 4 windows,
	// 30 s at least.
	TailSeconds float64
}

// Closed reports whether the phase keeps a number of requests in flight.
func (p *Phase) Closed() bool { return p.Rate == 0 }

// same reports whether two phases send the same kind of request, so that what
// one left in flight may run into the other.
func (p *Phase) same(q *Phase) bool {
	return p.Input == q.Input && p.Output == q.Output && p.Closed() == q.Closed()
}
