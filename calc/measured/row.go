// Package measured reads tables of measured serving results, says what is
// wrong with them, and ships two of them as examples.
//
// A Row is one measured point: a model on GPUs under an engine at one load,
// and what a client saw. Reading (ParseCSV) turns many spellings and units
// into one form and keeps the file's own cells, so that a table can be written
// back with columns added. Checking (Check) names rows that contradict physics
// or themselves before anything is fitted to them. How a table came about
// (run length, drawn lengths) belongs to its source, not to its rows: see
// Protocol.
package measured

import (
	"strings"

	"fleetsize/catalog"
)

// Opt is a figure that may not be stated. The zero value is "not stated";
// Value is finite and means nothing unless OK.
type Opt struct {
	Value float64
	OK    bool
}

// Some is a stated figure.
func Some(v float64) Opt { return Opt{v, true} }

// Or is the figure, or def where it is not stated.
func (o Opt) Or(def float64) float64 {
	if o.OK {
		return o.Value
	}
	return def
}

// Statistic says what a row's latencies are over requests.
type Statistic string

// The statistics a table may state.
const (
	Mean Statistic = "mean"
	P50  Statistic = "p50"
	P90  Statistic = "p90"
	P95  Statistic = "p95"
	P99  Statistic = "p99"
)

// Row is one measured point in base units (tokens, seconds). Names are as the
// file spells them.
type Row struct {
	Line  int    // in the file, from 1
	Group string // rows of one curve or one system; never empty
	Model string
	GPU   string

	GPUs   int // used in all, ≥ 1
	TP, PP int // ≥ 1
	// LayoutStated is false where the table names neither GPUs nor TP: one GPU
	// is then assumed until Fill says otherwise.
	LayoutStated bool
	DP, EP       int // attention data parallel, expert parallel; 1 = none

	Engine, Version string
	Weights, KV     catalog.Precision // "" = not stated

	Input, Output int // nominal tokens; 0 = not readable
	LengthRatio   Opt // each length is uniform on [ratio, 1] × nominal
	Concurrency   int // closed loop: requests in flight, or the batch of a static run; 0 = none
	Rate          float64
	Offline       bool // every request is queued at the start; throughput only
	Static        bool // one batch without a queue
	Rounds        Opt  // measured requests per slot
	WarmupRounds  Opt  // unmeasured ones before them

	TTFT, TTFTP95 Opt // seconds, > 0
	ITL, ITLP95   Opt // (E2E − TTFT)/(output − 1)
	E2E           Opt
	OutputTokPerS Opt // over all GPUs used
	Statistic     Statistic

	KVBasis string // "stated" or "inferred"
	Use     string // "no: …" = neither to be fitted nor scored, and why
	Fold    Opt    // for cross-validation; rows of a group share it
	Source  string
	Notes   string

	// Definitions are ids of how the tool that measured defines its figures,
	// separated by spaces; "" = nothing is known, taken as ours. See Definition.
	Definitions string

	unnamed bool // Group was made up from what the row is about
}

// Excluded reports whether the table itself says not to use the row.
func (r *Row) Excluded() bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(r.Use)), "no")
}

// HasMetric reports whether the row measured anything a prediction can be
// compared with.
func (r *Row) HasMetric() bool {
	if r.Offline {
		return r.OutputTokPerS.OK
	}
	return r.TTFT.OK || r.ITL.OK || r.OutputTokPerS.OK || r.TTFTP95.OK || r.ITLP95.OK
}

// HasLoad reports whether the row says what load it was measured under.
func (r *Row) HasLoad() bool {
	return r.Input > 0 && r.Output > 0 && (r.Concurrency > 0 || r.Rate > 0 || r.Offline)
}

// Latency is the latency of the row's whole requests in seconds: stated, or
// TTFT + (output − 1)·ITL.
func (r *Row) Latency() Opt {
	if r.E2E.OK {
		return r.E2E
	}
	if r.TTFT.OK && r.ITL.OK && r.Output > 0 {
		return Some(r.TTFT.Value + float64(r.Output-1)*r.ITL.Value)
	}
	return Opt{}
}

// Table is a file of measured rows.
type Table struct {
	Columns []string   // as in the file
	Cells   [][]string // as in the file, one per row, as long as Columns
	Rows    []Row      // of the same length as Cells
}

// NamesModels reports whether every row names its model.
func (t *Table) NamesModels() bool {
	for i := range t.Rows {
		if t.Rows[i].Model == "" {
			return false
		}
	}
	return true
}
