package measured

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"fleetsize/catalog/jsonio"
)

//go:embed data/protocols.json
var protocolFile []byte

// Protocol is how the tables of one source were measured, for what their rows
// leave unsaid. It applies to every row of the source alike: a run length
// chosen row by row would be a fit to that row.
type Protocol struct {
	ID      string
	Sources []string // parts of a row's source, in lower case; empty = any
	Engines []string // spellings of engines; empty = any

	LengthRatio  float64 // 1 = exact lengths
	WarmupRounds float64
	Build        string // release that stands for the source among an engine's builds; "" = the row's own
	Documented   bool   // stated by the source; otherwise fitted or assumed
	Note         string

	rounds   []roundsBelow
	requests []requestsOf
}

// roundsBelow is the run length of shapes below a number of tokens; 0 = any.
type roundsBelow struct {
	Below  int     `json:"below"`
	Rounds float64 `json:"rounds"`
}

// requestsOf is the number of requests of an offline run of one shape.
type requestsOf struct {
	Input  int `json:"isl"`
	Output int `json:"osl"`
	N      int `json:"n"`
}

// Protocols are the known protocols; the first that covers a row applies.
type Protocols []Protocol

// LoadProtocols decodes the embedded protocols. It fails only when the file is
// broken, which the tests rule out. The last one covers everything.
func LoadProtocols() (Protocols, error) {
	var file struct {
		Rows []struct {
			ID         string        `json:"id"`
			Source     []string      `json:"source"`
			Engine     []string      `json:"engine"`
			Rounds     []roundsBelow `json:"rounds"`
			Warmup     float64       `json:"warmup"`
			Ratio      float64       `json:"ratio"`
			Build      string        `json:"build"`
			Documented bool          `json:"documented"`
			Requests   []requestsOf  `json:"requests"`
			Note       string        `json:"note"`
		} `json:"rows"`
	}
	if err := jsonio.Unmarshal(protocolFile, &file); err != nil {
		return nil, fmt.Errorf("measured: protocols: %w", err)
	}
	var out Protocols
	for _, r := range file.Rows {
		ratio := r.Ratio
		if ratio == 0 {
			ratio = 1
		}
		out = append(out, Protocol{
			ID: r.ID, Sources: r.Source, Engines: r.Engine, LengthRatio: ratio, WarmupRounds: r.Warmup,
			Build: r.Build, Documented: r.Documented, Note: r.Note, rounds: r.Rounds, requests: r.Requests,
		})
	}
	if n := len(out); n == 0 || len(out[n-1].Sources)+len(out[n-1].Engines) > 0 {
		return nil, fmt.Errorf("measured: protocols: no last one that covers everything")
	}
	return out, nil
}

// Of is the protocol that a row was measured under.
func (ps Protocols) Of(r *Row) *Protocol {
	source, engine := strings.ToLower(r.Source), strings.ToLower(r.Engine)
	for i := range ps {
		p := &ps[i]
		if len(p.Engines) > 0 && !slices.Contains(p.Engines, engine) {
			continue
		}
		if len(p.Sources) == 0 || slices.ContainsFunc(p.Sources, func(s string) bool { return strings.Contains(source, s) }) {
			return p
		}
	}
	return &ps[len(ps)-1]
}

// Rounds is the run length for requests of the given shape; 0 = so long that
// it does not matter.
func (p *Protocol) Rounds(input, output int) float64 {
	for _, r := range p.rounds {
		if r.Below == 0 || input+output < r.Below {
			return r.Rounds
		}
	}
	return 0
}

// defaultOffline is assumed for offline runs of unknown length.
const defaultOffline = 3000

// OfflineRequests is how many requests an offline run of the shape queues.
// Shapes the source does not list have the number of the listed one closest
// in tokens.
func (p *Protocol) OfflineRequests(input, output int) int {
	best, gap := defaultOffline, -1
	for _, r := range p.requests {
		d := (r.Input + r.Output) - (input + output)
		if d = max(d, -d); r.Input == input && r.Output == output {
			return r.N
		}
		if gap < 0 || d < gap {
			best, gap = r.N, d
		}
	}
	return best
}

// Ratio is the length ratio of the row, stated or its source's.
func (p *Protocol) Ratio(r *Row) float64 { return r.LengthRatio.Or(p.LengthRatio) }

// RoundsOf is the run length of the row, stated or its source's.
func (p *Protocol) RoundsOf(r *Row) float64 { return r.Rounds.Or(p.Rounds(r.Input, r.Output)) }
