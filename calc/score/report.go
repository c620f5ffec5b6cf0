package score

import (
	"fleetsize/calc/fit"
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
)

// Report sums up a scored table.
type Report struct {
	Read, Scored  int // rows; Read = Scored + skipped
	Skipped       []Skipped
	TTFT, ITL     Errors
	TTFTP95       Errors // of the p95 that a table states beside its means; that of ITL is per token in most clients and not compared
	OutputTokPerS Errors
	// Coverage is the share of measurements inside the 10–90 % range.
	TTFTCoverage, ITLCoverage measured.Opt
	// Width is the median of the range's upper end over its lower, over the
	// latencies that were scored, by tier.
	Width  map[fleet.Confidence]float64
	Groups []Group // in the order of the table
}

// Skipped counts the rows left out for one reason.
type Skipped struct {
	Reason Reason
	N      int
}

// Group sums up the rows of one curve or system.
type Group struct {
	Name                     string
	N                        int
	Tier                     fleet.Confidence // of most of its rows
	TTFT, ITL, OutputTokPerS Errors
}

// reasons in the order in which they are listed.
var reasons = [...]Reason{ReasonUse, ReasonModel, ReasonGPU, ReasonMetric, ReasonMemory}

// Summarize adds up scored rows.
func Summarize(rows []Scored) Report {
	r := Report{Read: len(rows), Width: map[fleet.Confidence]float64{}}
	skipped := map[Reason]int{}
	at := map[string]int{}
	var members [][]*Scored
	var all []*Scored
	for i := range rows {
		s := &rows[i]
		if s.Reason != "" {
			skipped[s.Reason]++
			continue
		}
		g, ok := at[s.Row.Group]
		if !ok {
			g = len(members)
			at[s.Row.Group] = g
			members = append(members, nil)
		}
		members[g] = append(members[g], s)
		all = append(all, s)
	}
	r.Scored = len(all)
	for _, why := range reasons {
		if n := skipped[why]; n > 0 {
			r.Skipped = append(r.Skipped, Skipped{why, n})
		}
	}
	ttft, itl := column(all, ttftPair), column(all, itlPair)
	r.TTFT, r.ITL = ErrorsOf(ttft), ErrorsOf(itl)
	r.OutputTokPerS = ErrorsOf(column(all, tokenPair))
	r.TTFTP95 = ErrorsOf(column(all, func(s *Scored) Pair { return s.TTFTP95 }))
	r.TTFTCoverage, r.ITLCoverage = coverage(ttft), coverage(itl)
	r.widths(all)
	for _, m := range members {
		r.Groups = append(r.Groups, group(m))
	}
	return r
}

func ttftPair(s *Scored) Pair  { return s.TTFT }
func itlPair(s *Scored) Pair   { return s.ITL }
func tokenPair(s *Scored) Pair { return s.OutputTokPerS }

func column(rows []*Scored, of func(*Scored) Pair) []Pair {
	out := make([]Pair, 0, len(rows))
	for _, s := range rows {
		out = append(out, of(s))
	}
	return out
}

// widths fills the median width of each tier.
func (r *Report) widths(rows []*Scored) {
	by := map[fleet.Confidence][]float64{}
	for _, s := range rows {
		for _, p := range []Pair{s.TTFT, s.ITL} {
			if p.Both() && p.Low > 0 {
				by[s.Prediction.Tier] = append(by[s.Prediction.Tier], p.High/p.Low)
			}
		}
	}
	for tier, list := range by {
		r.Width[tier] = fit.Median(list)
	}
}

func group(rows []*Scored) Group {
	g := Group{Name: rows[0].Row.Group, N: len(rows)}
	count := map[fleet.Confidence]int{}
	for _, s := range rows {
		count[s.Prediction.Tier]++
		if count[s.Prediction.Tier] > count[g.Tier] {
			g.Tier = s.Prediction.Tier
		}
	}
	g.TTFT, g.ITL = ErrorsOf(column(rows, ttftPair)), ErrorsOf(column(rows, itlPair))
	g.OutputTokPerS = ErrorsOf(column(rows, tokenPair))
	return g
}
