// Package export turns an answer into what a person leaves behind: sentences,
// Markdown, the paragraph for a tender, a table of targets with verdicts, the
// register of assumptions, and CSV. The packages below it write spreadsheets,
// QR codes, deployment commands and the printed report from the same words, so
// that a number reads the same wherever it is seen.
package export

import (
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/catalog"
)

// Disclaimer closes everything that is handed over.
const Disclaimer = "Engineering estimate for planning. Not a quote or a performance guarantee."

// Proposal is an answer with what it was asked from.
type Proposal struct {
	State  link.State
	Req    fleet.Requirement
	Answer fleet.Answer
	Price  []fleet.PriceCurve // price of latency, nil = not computed
	Pinned []Pick             // options A, B, C of the link; nil = those worth proposing

	Link    string // as a reader opens it; "#…" where no address is known
	Day     string // when it was made, YYYY-MM-DD; "" = not said
	Version string // of the program; "" = not said
}

// Best is the recommended option; nil without one.
func (p *Proposal) Best() *fleet.Option {
	if len(p.Answer.Options) == 0 {
		return nil
	}
	return &p.Answer.Options[0]
}

// Catalog is what the answer was computed from.
func (p *Proposal) Catalog() *catalog.Catalog { return p.Req.Catalog }

// Title is the sizing's name: the user's own, or model and workload.
func (p *Proposal) Title() string {
	if p.State.Title != "" {
		return p.State.Title
	}
	return p.Req.Model.Name + ", " + WorkloadName(p)
}

// FileName is a name for a file of the proposal, without ending.
func (p *Proposal) FileName() string {
	if p.State.Title == "" {
		return "fleetsize"
	}
	var b []byte
	for _, r := range p.State.Title {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			b = append(b, byte(r))
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
	}
	for len(b) > 0 && b[len(b)-1] == '-' {
		b = b[:len(b)-1]
	}
	if len(b) == 0 {
		return "fleetsize"
	}
	if len(b) > 60 {
		b = b[:60]
	}
	return "fleetsize-" + string(b)
}

// Pick is one of the options set beside each other.
type Pick struct {
	Letter, Why string
	Option      *fleet.Option
}

// aims are the words for what a proposed option is best at.
var aims = map[negotiate.Aim]string{
	negotiate.LowestCost: "Lowest cost", negotiate.NextCost: "Next lowest cost", negotiate.FewestNodes: "Fewest nodes",
	negotiate.FewestGPUs: "Fewest GPUs", negotiate.Fastest: "Fastest answer", negotiate.Backed: "Lowest cost, calibrated",
}

// Picks are the options that were pinned, or those worth proposing: lowest
// cost, fewest nodes, fastest answer.
func (p *Proposal) Picks() []Pick {
	if len(p.Pinned) > 0 {
		return p.Pinned
	}
	var out []Pick
	for _, q := range negotiate.Propose(&p.Answer, p.Req.Targets.Percentile, p.Req.Workload.Output) {
		if q.Option == nil { // a layout whose answer has yet to be computed
			continue
		}
		why := aims[q.Aim]
		switch {
		case q.Option.Priced:
		case q.Aim == negotiate.LowestCost:
			why = "Fewest GPUs"
		case q.Aim == negotiate.NextCost:
			why = "Next in the ranking"
		}
		out = append(out, Pick{Letter: string(rune('A' + len(out))), Why: why, Option: q.Option})
	}
	return out
}
