// Package evidence finds measured rows that stand behind an answer.
//
// A row matches an answer by data alone: it is about the same model,
// accelerator, engine, weight precision and layout, its request has nearly the
// same shape, and nearly as many requests were in flight. What counts as
// nearly is ShapeRatio and LoadRatio. Releases of an engine are not told apart:
// the row says which one it was.
//
// A matching row is shown beside the computed figures and lifts their tier; it
// never takes their place. A benchmark is a finite run with requests kept in
// flight, an answer is steady state with random arrivals, so the two are not
// expected to agree in the last digit.
package evidence

import (
	"math"
	"strings"

	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

const (
	// ShapeRatio is by which factor input and output tokens may each differ.
	// Over 25 % the time of a prompt and of a token differ by more than the
	// spread of repeated measurements (8–15 % at the 90th percentile).
	ShapeRatio = 1.25
	// LoadRatio is by which factor requests in flight may differ: published
	// tables step by 2 to 2.5, so a load between two rows is within 1.6 of one.
	LoadRatio = 1.6
)

// Point is one measured row. Latencies are seconds, means over requests unless
// Statistic says otherwise.
type Point struct {
	_ [0]func() // nothing compares it: no code for that in the program

	Model, GPU, Engine string // ids of the catalog
	Version            string // release of the engine, "" = not stated
	TP, PP             int
	Weights, KV        catalog.Precision // KV "" = not stated
	Input, Output      int
	LengthRatio        float64 // lengths are uniform on [ratio, 1] × nominal; 1 = exact
	InFlight           int     // closed loop; 0 = open
	Rounds             float64 // measured requests per slot; 0 = so many that it does not matter
	Rate               float64 // open loop, req/s of the replica
	TTFT, ITL          measured.Opt
	TTFTP95            measured.Opt
	OutputTokPerS      measured.Opt
	Statistic          measured.Statistic
	Source             string
	Date               string // when the source was read, "" = not known
	Marked             bool   // a figure is defined in another way than ours
}

// subject is what must be the same.
type subject struct {
	model, gpu, engine string
	weights            catalog.Precision
	tp, pp             int
}

// Index holds points by what they are about. The zero value is empty and
// ready. It is safe for concurrent reading.
type Index struct {
	at map[subject][]Point
	n  int
}

// Len is the number of points.
func (x *Index) Len() int { return x.n }

// Add adds a point. One that states no latency or no load is left out.
func (x *Index) Add(p Point) {
	if !p.TTFT.OK && !p.ITL.OK || p.InFlight == 0 && p.Rate == 0 || p.Input < 1 || p.Output < 1 {
		return
	}
	if x.at == nil {
		x.at = map[subject][]Point{}
	}
	k := subject{p.Model, p.GPU, p.Engine, p.Weights, p.TP, p.PP}
	x.at[k] = append(x.at[k], p)
	x.n++
}

// AddRows adds rows of a table whose names the catalog knows: serving runs on
// one replica. Rows that the table excludes are left out.
func (x *Index) AddRows(cat *catalog.Catalog, rows []measured.Row, date string) {
	protocols, err := measured.LoadProtocols()
	if err != nil { // a broken build; the tests rule it out
		return
	}
	for i := range rows {
		r := &rows[i]
		if r.Excluded() || r.Static || r.Offline || r.DP > 1 || r.GPUs != r.TP*r.PP {
			continue
		}
		m, ok := cat.Model(r.Model)
		if !ok {
			continue
		}
		g, ok := cat.GPU(r.GPU)
		if !ok {
			continue
		}
		e, ok := cat.Engine(r.Engine)
		if !ok {
			continue
		}
		p := protocols.Of(r)
		x.Add(Point{
			LengthRatio: p.Ratio(r), Rounds: p.RoundsOf(r),
			Model: m.ID, GPU: g.ID, Engine: e.ID, Version: r.Version, TP: r.TP, PP: r.PP,
			Weights: m.Resolve(r.Weights).Main(), KV: r.KV, Input: r.Input, Output: r.Output,
			InFlight: r.Concurrency, Rate: r.Rate, TTFT: r.TTFT, ITL: r.ITL, TTFTP95: r.TTFTP95, OutputTokPerS: r.OutputTokPerS,
			Statistic: r.Statistic, Source: strings.TrimSpace(r.Source), Date: date,
			Marked: r.Marked(measured.FigureTTFT) || r.Marked(measured.FigureITL),
		})
	}
}

// Shipped indexes the rows that ship: the tables of package measured. It fails
// only when they are broken, which the tests rule out.
func Shipped(cat *catalog.Catalog) (*Index, error) {
	x := &Index{}
	for _, e := range measured.Examples() {
		t, err := e.Table()
		if err != nil {
			return nil, err
		}
		x.AddRows(cat, t.Rows, e.Read)
	}
	return x, nil
}

// Query is the operating point of an answer, one replica.
type Query struct {
	Model, GPU, Engine string
	Weights, KV        catalog.Precision
	TP, PP             int
	Input, Output      float64 // mean tokens
	InFlight           float64 // requests in the replica, waiting ones included
}

// Match is the row nearest to an operating point, and how near it is.
type Match struct {
	Point
	Rows      int     // rows that match, this one included
	LoadRatio float64 // requests in flight, measured ÷ asked for
	Shape     float64 // tokens in and out together, measured ÷ asked for
	// Run is what the engine says of the very run that was measured, opening
	// wave and end included; zero = not computed.
	Run Run
}

// Run are means of a run: latencies in seconds, output tokens/s.
type Run struct{ TTFT, ITL, OutputTokPerS float64 }

// Known reports whether the run was computed.
func (r Run) Known() bool { return r.TTFT > 0 }

// Find is the nearest matching row, nil where none matches.
func (x *Index) Find(q Query) *Match {
	if x == nil || x.n == 0 || !(q.InFlight > 0) || !(q.Input > 0) || !(q.Output > 0) {
		return nil
	}
	var best *Match
	nearest := math.Inf(1)
	rows := 0
	for _, p := range x.at[subject{q.Model, q.GPU, q.Engine, q.Weights, q.TP, q.PP}] {
		if p.KV != "" && q.KV != "" && p.KV != q.KV {
			continue
		}
		in, out, load := math.Log(float64(p.Input)/q.Input), math.Log(float64(p.Output)/q.Output), math.Log(p.inFlight()/q.InFlight)
		if !within(in, ShapeRatio) || !within(out, ShapeRatio) || !within(load, LoadRatio) {
			continue
		}
		rows++
		if d := in*in + out*out + load*load; d < nearest {
			nearest = d
			best = &Match{Point: p, LoadRatio: math.Exp(load), Shape: float64(p.Input+p.Output) / (q.Input + q.Output)}
		}
	}
	if best != nil {
		best.Rows = rows
	}
	return best
}

func within(log, ratio float64) bool { return math.Abs(log) <= math.Log(ratio)+1e-12 }

// inFlight is the requests in flight of the row: stated, or by Little's law.
func (p *Point) inFlight() float64 {
	if p.InFlight > 0 {
		return float64(p.InFlight)
	}
	return p.Rate * (p.TTFT.Or(0) + float64(p.Output-1)*p.ITL.Or(0))
}
