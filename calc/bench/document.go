package bench

import (
	"bytes"
	"fmt"
	"math"

	"fleetsize/calc/units"
	"fleetsize/catalog/jsonio"
)

// SchemaVersion is that of everything that bench writes: Document, the reports
// that begin with a Head, and comparisons. Keys are only ever added within a
// major version. Sizings count theirs apart, in whole numbers.
const SchemaVersion = "1.0"

// Tool is how a Document names its writer.
const Tool = "fleetsize bench"

// Head begins the reports of checks that are no load.
type Head struct {
	SchemaVersion string                `json:"schema_version"`
	Tool          string                `json:"tool"`
	Definitions   map[string]Definition `json:"definitions"`
}

// NewHead is that of a verb of bench, with what the numbers of its report mean.
func NewHead(verb string, defined []Definition) Head {
	return Head{SchemaVersion, Tool + " " + verb, Explained(defined)}
}

// Document is a report file. Times are in ms unless the key says otherwise,
// rates per second; what is not known is null.
type Document struct {
	SchemaVersion string                `json:"schema_version"`
	Tool          string                `json:"tool"`
	Started       *string               `json:"started"` // RFC 3339
	Definitions   map[string]Definition `json:"definitions"`
	Setup         Setup                 `json:"setup"`
	Phases        []PhaseDoc            `json:"phases"`
	Knee          *float64              `json:"knee"`
	KneeRange     []int                 `json:"knee_range"` // 5th and 95th percentile, null without a knee
	Peak          *float64              `json:"peak_output_tok_s"`
	Plateau       bool                  `json:"plateau"`
	Capacity      []CapacityDoc         `json:"capacity"`
	ClientLimited bool                  `json:"client_limited"`
	Stopped       *Stop                 `json:"stopped"`
	CutShort      bool                  `json:"cut_short"`
	KPIs          []KPI                 `json:"kpis"`
	Warnings      []Warning             `json:"warnings"`
	PowerLog      *PowerLog             `json:"power_log,omitempty"`
	Raw           []RawDoc              `json:"raw,omitempty"`
}

// Setup is what was measured and how.
type Setup struct {
	URL        string      `json:"url"`
	Transport  string      `json:"transport"` // "net/http", "browser"
	Protocol   *string     `json:"protocol"`  // "HTTP/1.1", "HTTP/2.0"
	Plan       Plan        `json:"plan"`
	Counter    string      `json:"counter"` // who counted tokens of prompts and answers
	LeftOut    []string    `json:"left_out"`
	Deployment *Deployment `json:"deployment"`
	DurationS  *float64    `json:"duration_s"`
	Requests   int         `json:"requests"`
	Failed     int         `json:"failed"`
	Tokens     int         `json:"tokens"`
	USD        *float64    `json:"usd"`
}

// Deployment is what stands behind the endpoint, as stated by the person who
// measures; a report with it can be fitted to. Names are catalog ids.
type Deployment struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Model   string `json:"model,omitempty"`
	GPU     string `json:"gpu,omitempty"`
	GPUs    int    `json:"gpus,omitempty"`
	TP      int    `json:"tp,omitempty"`
	PP      int    `json:"pp,omitempty"`
	EP      int    `json:"ep,omitempty"`
	DP      int    `json:"dp,omitempty"`
	Engine  string `json:"engine,omitempty"`
	Version string `json:"engine_version,omitempty"`
	Weights string `json:"weights,omitempty"`
	KV      string `json:"kv,omitempty"`

	USDPerGPUHour *float64 `json:"usd_per_gpu_hour,omitempty"`
	PriceFrom     string   `json:"price_from,omitempty"` // "cloud list, 2026-05-20"
}

// DistDoc is a distribution in a report; null members where n is too small.
type DistDoc struct {
	N    int      `json:"n"`
	Mean *float64 `json:"mean"`
	Std  *float64 `json:"std"`
	Min  *float64 `json:"min"`
	P25  *float64 `json:"p25"`
	P50  *float64 `json:"p50"`
	P75  *float64 `json:"p75"`
	P90  *float64 `json:"p90"`
	P95  *float64 `json:"p95"`
	P99  *float64 `json:"p99"`
	Max  *float64 `json:"max"`
}

// PhaseDoc is one phase in a report.
type PhaseDoc struct {
	Label       string         `json:"label"`
	Loop        string         `json:"loop"` // "closed", "constant", "poisson"
	Concurrency *int           `json:"concurrency"`
	Rate        *float64       `json:"rate"`
	InputWanted int            `json:"input_tokens_wanted"`
	OutWanted   int            `json:"output_tokens_wanted"`
	StartS      *float64       `json:"start_s"`
	WindowS     *float64       `json:"window_s"`
	SettlingS   float64        `json:"settling_s"` // in front of it, not steady and left out
	Cut         bool           `json:"cut_short"`
	Requests    int            `json:"requests"`
	Completed   int            `json:"completed"`
	Censored    int            `json:"censored"`
	Errors      map[string]int `json:"errors"`
	Messages    []string       `json:"error_messages"`

	TTFT  DistDoc `json:"ttft_ms"`
	TTFA  DistDoc `json:"ttfa_ms"`
	TTFB  DistDoc `json:"ttfb_ms"`
	TPOT  DistDoc `json:"tpot_ms"`
	NTPOT DistDoc `json:"ntpot_ms"`
	ICL   DistDoc `json:"icl_ms"`
	E2E   DistDoc `json:"e2e_ms"`
	Queue DistDoc `json:"client_queue_ms"`
	At100 DistDoc `json:"time_100_tokens_ms"`

	// Null where they do not exist: without a running count of tokens, in a
	// closed loop, with several requests in flight.
	ITL     *DistDoc `json:"itl_ms"`
	DueTTFT *DistDoc `json:"ttft_from_due_ms"`
	DueE2E  *DistDoc `json:"e2e_from_due_ms"`
	Prefill *DistDoc `json:"prefill_tok_s"`

	OutputTokPerS    *float64 `json:"output_tok_s"`
	CompletedTokPerS *float64 `json:"completed_output_tok_s"`
	InputTokPerS     *float64 `json:"input_tok_s"`
	RequestPerS      *float64 `json:"request_s"`
	Speed            DistDoc  `json:"speed_tok_s"`
	CountedSpeed     *DistDoc `json:"counted_speed_tok_s"`
	Overstated       *float64 `json:"overstatement_pct"` // of the native speed
	ResponseRate     *float64 `json:"response_rate"`
	ErrorRate        *float64 `json:"error_rate"`
	Goodput          *float64 `json:"goodput"`
	GoodFraction     *float64 `json:"goodput_fraction"`

	Input      DistDoc   `json:"input_tokens"`
	Output     DistDoc   `json:"output_tokens"`
	TokensFrom *string   `json:"tokens_from"`
	InFlight   *float64  `json:"in_flight"`
	MaxOpen    int       `json:"max_open"`
	Limited    bool      `json:"client_limited"`
	Limit      *Limited  `json:"client_limit"`  // why
	Use        string    `json:"use,omitempty"` // for a fit: "" = all of it, else see PhaseDoc.use
	Warnings   []Warning `json:"warnings"`
	Power      *PowerDoc `json:"power,omitempty"`
	Cost       *CostDoc  `json:"cost,omitempty"` // where the price of the GPUs is stated
}

// CapacityDoc is the answer for one tier.
type CapacityDoc struct {
	Tier     string     `json:"tier"`
	P25Speed float64    `json:"p25_speed_tok_s"`
	P95TTFT  float64    `json:"p95_ttft_ms"`
	Pass     *int       `json:"pass"` // largest confirmed, 0 = not even one
	Fail     *int       `json:"fail"` // smallest confirmed to miss
	Verdict  Verdict    `json:"verdict"`
	Text     string     `json:"text"`
	Probes   []ProbeDoc `json:"probes"`
}

// ProbeDoc is the evidence at one load.
type ProbeDoc struct {
	Concurrency int      `json:"concurrency"`
	N           int      `json:"n"`
	Slow        int      `json:"below_speed"`
	Late        int      `json:"above_ttft"`
	Failed      int      `json:"failed"`
	P25Speed    *float64 `json:"p25_speed_tok_s"`
	P95TTFT     *float64 `json:"p95_ttft_ms"`
	Verdict     Verdict  `json:"verdict"`
	Lean        Verdict  `json:"lean"`       // what the sample's own percentiles say
	Confirming  bool     `json:"confirming"` // measured to be judged; a first look has no verdict
}

// RawDoc is one request. Times are ms since the start of the run.
type RawDoc struct {
	ID       int      `json:"id"`
	Phase    int      `json:"phase"` // index into phases, -1 = warm-up
	Measured bool     `json:"measured"`
	Class    string   `json:"class"` // "" = complete
	Text     string   `json:"text,omitempty"`
	Status   int      `json:"status"`
	Due      *float64 `json:"due"`
	Sent     *float64 `json:"sent"`
	Headers  *float64 `json:"headers"`
	First    *float64 `json:"first"`
	Answer   *float64 `json:"answer"`
	Last     *float64 `json:"last"`
	End      *float64 `json:"end"`
	Input    *int     `json:"input_tokens"`
	Output   int      `json:"output_tokens"`
	From     string   `json:"tokens_from"`
	// Arrivals are pairs of the time since the one before (the first: since
	// sent) and the token-bearing events that arrived then.
	Arrivals [][2]float64 `json:"arrivals"`
}

// Report is the document of what is finished so far. Where it ran, and when,
// is for the transport to fill in.
func (r *Run) Report() Document {
	d := Document{
		SchemaVersion: SchemaVersion, Tool: Tool, Definitions: map[string]Definition{},
		Phases: []PhaseDoc{}, Capacity: []CapacityDoc{}, Warnings: []Warning{},
		Stopped: r.stop, CutShort: r.stop.Cut() || r.state != Over,
		Setup: Setup{
			Plan: r.plan, Counter: r.opts.Counter.Name(), LeftOut: r.dialect.left(), DurationS: Figure(r.now),
			Requests: r.sum.Done, Failed: r.sum.Failed, Tokens: r.sum.Tokens,
		},
	}
	if l := &r.plan.Limits; l.InUSD > 0 || l.OutUSD > 0 {
		d.Setup.USD = Figure(r.sum.USD)
	}
	for _, x := range Definitions() {
		d.Definitions[x.Key] = x
	}
	for i := range r.results {
		p := &r.results[i]
		d.Phases = append(d.Phases, p.doc())
		d.ClientLimited = d.ClientLimited || p.Limited != nil
		d.CutShort = d.CutShort || p.Cut
	}
	if r.stop != nil && r.stop.Code == StopClient {
		d.ClientLimited = true
	}
	o := &r.outcome
	if o.Knee > 0 {
		d.Knee = Figure(float64(o.Knee))
		d.KneeRange = []int{o.KneeLow, o.KneeHigh}
	}
	if o.Peak > 0 {
		d.Peak = Figure(o.Peak)
	}
	d.Plateau = o.Plateau
	for _, c := range o.Capacity {
		d.Capacity = append(d.Capacity, c.doc())
	}
	if !r.opts.Counter.Exact() {
		d.Warnings = append(d.Warnings, Warning{"counter", "Prompt lengths were made by " + r.opts.Counter.Name() + ", an estimate, and corrected by the server's own count where it reports one."})
	}
	d.KPIs = d.kpis()
	for i := range r.raw {
		d.Raw = append(d.Raw, r.raw[i].doc())
	}
	return d
}

// Outcome is what the run says beyond its phases, once it is over.
func (r *Run) Outcome() Outcome { return r.outcome }

// Stopped is why the run ended before its plan was through, or nil.
func (r *Run) Stopped() *Stop { return r.stop }

func (p *PhaseResult) doc() PhaseDoc {
	d := PhaseDoc{
		Label: p.Phase.Label, Loop: "closed", InputWanted: p.Phase.Input, OutWanted: p.Phase.Output,
		StartS: Figure(p.Start), WindowS: Figure(p.Seconds()), SettlingS: units.Round(p.Settling, digits), Cut: p.Cut,
		Requests: p.Requests, Completed: p.Completed, Censored: p.Censored,
		Errors: map[string]int{}, Messages: append([]string{}, p.Messages...),
		TTFT: distDoc(p.TTFT, 1e3), TTFA: distDoc(p.TTFA, 1e3), TPOT: distDoc(p.TPOT, 1e3), ICL: distDoc(p.ICL, 1e3),
		TTFB: distDoc(p.TTFB, 1e3), NTPOT: distDoc(p.NTPOT, 1e3), E2E: distDoc(p.E2E, 1e3), Queue: distDoc(p.Queue, 1e3), At100: distDoc(p.Time100, 1e3), Speed: distDoc(p.Speed, 1),
		OutputTokPerS: Figure(p.OutputTokPerS), CompletedTokPerS: Figure(p.CompletedTokPerS),
		InputTokPerS: Figure(p.InputTokPerS), RequestPerS: Figure(p.RequestPerS), Goodput: Figure(p.Goodput),
		Input: distDoc(p.Input, 1), Output: distDoc(p.Output, 1), InFlight: Figure(p.InFlight), MaxOpen: p.MaxOpen,
		Limited: p.Limited != nil, Limit: p.Limited, Warnings: append([]Warning{}, p.Warnings...),
	}
	if p.Phase.Closed() {
		d.Concurrency = &p.Phase.Concurrency
	} else {
		d.Rate = Figure(p.Phase.Rate)
		d.Loop = "constant"
		if p.Phase.Poisson {
			d.Loop = "poisson"
		}
	}
	if p.Requests > 0 {
		d.ResponseRate, d.ErrorRate, d.GoodFraction = Figure(p.ResponseRate), Figure(p.ErrorRate), Figure(p.GoodFraction)
	}
	if p.From != "" {
		d.TokensFrom = &p.From
	}
	d.ITL, d.DueTTFT, d.DueE2E, d.Prefill = someDist(p.ITL, 1e3), someDist(p.DueTTFT, 1e3), someDist(p.DueE2E, 1e3), someDist(p.Prefill, 1)
	if d.CountedSpeed = someDist(p.CountedSpeed, 1); d.CountedSpeed != nil {
		if share, ok := p.Overstatement(); ok {
			d.Overstated = Figure(100 * share)
		}
	}
	for c, n := range p.Errors {
		d.Errors[string(c)] = n
	}
	d.Use = d.use()
	return d
}

func (c *Capacity) doc() CapacityDoc {
	d := CapacityDoc{
		Tier: c.Tier.ID, P25Speed: c.Tier.P25Speed, P95TTFT: units.Round(c.Tier.P95TTFT*1e3, digits),
		Pass: known(c.Pass), Fail: known(c.Fail), Verdict: c.Verdict, Text: c.Text, Probes: []ProbeDoc{},
	}
	for _, p := range c.Probes {
		d.Probes = append(d.Probes, ProbeDoc{
			p.Concurrency, p.N, p.Slow, p.Late, p.Failed, Positive(p.P25Speed), Positive(p.P95TTFT * 1e3), p.Verdict, p.Lean, p.Confirming,
		})
	}
	return d
}

func (r *Record) doc() RawDoc {
	d := RawDoc{
		ID: r.ID, Phase: r.Phase, Measured: r.Measured, Class: string(r.Class), Text: r.Text, Status: r.Status,
		Due: moment(r.Due), Sent: moment(r.Sent), Headers: moment(r.Headers), First: moment(r.First), Answer: moment(r.Answer),
		Last: moment(r.Last), End: moment(r.End), Input: known(r.Input), Output: r.Output, From: r.From, Arrivals: [][2]float64{},
	}
	at := r.Sent
	for _, a := range r.Arrivals {
		d.Arrivals = append(d.Arrivals, [2]float64{math.Round((a.At-at)*1e6) / 1e3, float64(a.Events)})
		at = a.At
	}
	return d
}

// digits is how many significant digits the numbers of a report carry.
const digits = 6

// Figure is x as reports carry it: to six significant digits, null where it is not known.
func Figure(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	x = units.Round(x, digits)
	return &x
}

// Positive is Figure of what is above 0, and null for the rest.
func Positive(x float64) *float64 {
	if !(x > 0) {
		return nil
	}
	return Figure(x)
}

// moment is a time in ms to the microsecond, null when it did not happen.
func moment(t float64) *float64 {
	if t < 0 {
		return nil
	}
	t = math.Round(t*1e6) / 1e3
	return &t
}

func known(n int) *int {
	if n < 0 {
		return nil
	}
	return &n
}

func distDoc(d Dist, scale float64) DistDoc {
	out := DistDoc{N: d.N()}
	set := func(to **float64, x float64, ok bool) {
		if ok {
			*to = Figure(x * scale)
		}
	}
	mean, ok := d.Mean()
	set(&out.Mean, mean, ok)
	std, ok := d.Std()
	set(&out.Std, std, ok)
	for _, q := range []struct {
		to **float64
		at float64
	}{{&out.Min, 0}, {&out.P25, 0.25}, {&out.P50, 0.5}, {&out.P75, 0.75}, {&out.P90, 0.9}, {&out.P95, 0.95}, {&out.P99, 0.99}, {&out.Max, 1}} {
		x, ok := d.Quantile(q.at)
		set(q.to, x, ok)
	}
	return out
}

// someDist is a distribution, nil without values.
func someDist(d Dist, scale float64) *DistDoc {
	if d.N() == 0 {
		return nil
	}
	out := distDoc(d, scale)
	return &out
}

// Encode writes the document as indented JSON with a final newline, each raw
// request on a line of its own.
func (d Document) Encode() ([]byte, error) {
	raw := d.Raw
	d.Raw = nil
	b, err := jsonio.MarshalIndent(d, "", "  ")
	if err != nil || len(raw) == 0 {
		return append(b, '\n'), err
	}
	b = append(bytes.TrimSuffix(b, []byte("\n}")), ",\n  \"raw\": ["...)
	for i := range raw {
		line, err := jsonio.Marshal(&raw[i])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, "\n    "...), line...)
	}
	return append(b, "\n  ]\n}\n"...), nil
}

// DecodeDocument reads a report. Unknown keys are ignored; another major
// version is an error.
func DecodeDocument(data []byte) (Document, error) {
	var d Document
	if err := jsonio.Unmarshal(data, &d); err != nil {
		return Document{}, err
	}
	if len(d.SchemaVersion) < 2 || d.SchemaVersion[:2] != SchemaVersion[:2] || d.Phases == nil {
		return Document{}, fmt.Errorf("not a report of %s %s: schema_version is %q", Tool, SchemaVersion[:1], clip(d.SchemaVersion, 20))
	}
	return d, nil
}
