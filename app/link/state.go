// Package link reads and writes the share link: the whole state of a sizing
// as readable pairs in the URL fragment.
//
//	https://host/path/#v=1&w=rag&m=llama-3-1-70b&users=2500&ttft=2s
//
// # Promise
//
// A link never stops working. Its defaults are frozen under the version v, so
// what it leaves out means the same next year. Parse never fails: a bad value
// falls back to its default and is named, a key that this program does not know
// is kept and written back, and a link that was cut off says so. String writes
// the pairs of a State in one fixed order without those that equal the default,
// so equal states give equal links.
//
// # Grammar
//
//	link  = base "#" pair *( "&" pair ) [ "&end" ]
//	pair  = key "=" value
//	value = item *( "," item )
//	item  = word *( ":" word )
//	word  = letters, digits, "-" and "." ; never ends in punctuation
//
// The same pairs are read from the query; the fragment wins key by key. The
// free text of n is percent-encoded. Exactly one of rps, users, day and flight
// states the demand; where a link has several, the last one in this order
// counts and a note says so.
//
// A key after "a.", "b." or "c." says what differs in option A, B or C;
// everything else is as in the main scenario, which is A where a link has no
// "a." key. See Option.
package link

import "fleetsize/calc/fleet"

// State is what a link says. Start from Default: the zero State is not one.
// Fields with a "preset's" or "posture's" value hold it only when it was
// stated; Shape, Targets and Margin give the numbers in force.
type State struct {
	V        int    // grammar and defaults version
	Data     string // d: data pack the numbers came from
	Workload string // w: preset id

	Input, Output int     // in, out: 0 = preset's
	Hit           float64 // hit: reused prompt in per cent; negative = preset's
	LengthRatio   float64 // lr: 0 = 1

	Model     string // m: canonical id
	Weights   string // q: "" = auto
	KV        string // kv: "" = auto
	Engine    string // eng: canonical id
	EngineVer string // after the colon
	TP, PP    int    // 0 = search

	Demand fleet.Demand // rps | users+rph+peak | day+peak | flight

	TTFT, ITL, E2E Target // seconds
	Percentile     string // pct

	Posture string // pos: lean, std, cautious
	// Overrides; negative = posture's own.
	Util, Spare, NodeSpare, Grow, Years float64

	// Money. Prices are per GPU-hour where Buy is "cloud", per GPU where it is "own".
	Buy      string      // buy: cloud, own
	Prices   []PriceItem // px; nil = the catalog's
	Discount float64     // off, per cent; 0 = none
	KWh      float64     // kwh, USD; negative = the catalog's
	PUE      float64     // pue; 0 = the catalog's
	Term     float64     // term, years; 0 = 3
	Hosting  float64     // host, USD per kW·month; negative = the catalog's
	License  float64     // lic, USD per GPU·year; negative = the engine's
	Use      float64     // use, average load in per cent of the peak; 0 = follows from the demand
	CO2      float64     // co2, g per kWh; 0 = not reckoned
	// api: a hosted API's USD per million input and output tokens; both 0 = none.
	APIIn, APIOut float64

	// Prompt of a RAG pipeline, in tokens. Where Chunks is stated the parts make
	// the prompt: System + History + Question + Chunks · ChunkSize.
	System, History, Question int     // sys, hist, ask
	Chunks                    int     // chunks; 0 = the prompt is Input
	ChunkSize                 int     // chunk; 0 = 500
	Embedder, Reranker        string  // emb, rer: model ids; "" = none
	Candidates                int     // cand: passages reranked; 0 = 50
	Docs                      float64 // docs to index again; 0 = none
	DocTokens                 int     // doc: tokens of one document; 0 = 1,000
	ReindexHours              float64 // hours allowed for it; 0 = 24
	Retrieval                 float64 // ret: seconds the index takes; 0 = none

	Turns  int    // turns of a conversation; 0 = 1
	Calls  int    // calls: model calls per task; 0 = 1
	Router string // rt: random, least

	Own    []GPUCount // own: accelerators at hand; nil = none
	Budget float64    // budget, USD per month; 0 = none
	Mix    []MixItem  // mix: workloads that share the fleet; nil = the one above

	// spec: tokens drafted per step, and tokens a step yields on average with
	// its own included (acceptance length); both 0 = no speculative decoding.
	SpecTokens   int
	SpecAccepted float64
	Split        string // pd: "" = none, "auto", or "P:D" replicas for prefill and decode
	EP, DP       int    // expert and attention-data parallel; 0 = none

	GPUs   []GPUChoice // g; nil = all considered by default
	Rounds float64     // rounds; 0 = steady state
	Fit    string      // fit: id of a shipped profile of the engine; "" = the one that fits best
	View   string      // t
	Sort   string      // s
	Open   string      // x: explained number

	CustomGPUs   []string // xg, raw items
	CustomModels []string // xm, raw items
	A, B, C      []Pair   // a.*, b.*, c.*: what differs from the main scenario in an option
	Confirmed    []string // ok
	Title        string   // n
	Unknown      []Pair   // kept and written back unchanged, in order
}

// Target is a latency limit as the link states it.
type Target struct {
	Set     bool    // stated in the link; false = preset's
	Off     bool    // "off"
	Seconds float64 // > 0 when Set and not Off
}

// GPUChoice is one item of g.
type GPUChoice struct {
	ID string
	TP int // 0 = search
}

// PriceItem is one item of px: what one accelerator costs.
type PriceItem struct {
	GPU string  // canonical id
	USD float64 // > 0; per GPU-hour (cloud) or per GPU (own)
}

// GPUCount is one item of own: N accelerators at hand.
type GPUCount struct {
	GPU string
	N   int // ≥ 1
}

// MixItem is one item of mix: a workload preset and its peak demand.
type MixItem struct {
	Workload string
	ReqPerS  float64 // > 0
	Own      string  // lengths and targets of its own, "in800:ttft1s"; see Value and With
}

// Pair is one key and its value as it stands in the link, not decoded. Bare is
// a key without "=".
type Pair struct {
	Key, Value string
	Bare       bool
}
