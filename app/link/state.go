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

	GPUs   []GPUChoice // g; nil = all considered by default
	Rounds float64     // rounds; 0 = steady state
	View   string      // t
	Sort   string      // s
	Open   string      // x: explained number

	CustomGPUs   []string // xg, raw items
	CustomModels []string // xm, raw items
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

// Pair is one key and its value as it stands in the link, not decoded. Bare is
// a key without "=".
type Pair struct {
	Key, Value string
	Bare       bool
}
