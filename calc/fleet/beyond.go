package fleet

import (
	"fmt"
	"slices"
	"strings"

	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// anySeen is what all measured rows behind the shipped profiles covered
// together; it stands for profiles that do not say what theirs did.
var anySeen = catalog.Seen{InputMin: 128, InputMax: 20000, TotalMin: 256, TotalMax: 22000, TP: 8, MoE: true, FourBit: true}

// parameterWords names the parameters that a fit to the user's rows may leave
// open, by their symbol in package fit.
var parameterWords = []struct{ symbol, words string }{
	{"ec", "compute efficiency"}, {"ea", "attention efficiency"}, {"ed", "memory bandwidth"}, {"ekv", "KV-read efficiency"}, {"ekv 8-bit", "8-bit KV reads"},
	{"t0", "overhead per step"}, {"tL", "overhead per layer"}, {"cs", "cost per sequence"}, {"tk", "cost per token and layer"},
	{"α", "all-reduce delay"}, {"eβ", "link bandwidth"}, {"d_req", "front end per request"}, {"cf", "front end per token"}, {"tr", "first-token delay"},
	{"f", "memory share"}, {"MoE ec", "expert compute"}, {"MoE ed", "expert bandwidth"}, {"MoE t", "expert latency"}, {"γ", "expert coverage"},
	{"4-bit ec", "4-bit compute"}, {"4-bit ed", "4-bit bandwidth"},
}

// beyond says in which respects an option lies outside of what was measured,
// and which parameters of its profile no measurement has told.
//
//	extrapolated  prompts or whole requests are outside the measured lengths
//	unidentified  a parameter that matters here was not told by any row: the
//	              all-reduce delay of larger groups, experts, 4-bit weights, or
//	              what a fit to the user's rows left as it was
func beyond(p *catalog.Profile, m *catalog.Model, w catalog.Weights, l Layout, shape Workload) []Warning {
	var out []Warning
	warn := func(code, format string, args ...any) {
		out = append(out, Warning{code, fmt.Sprintf(format, args...)})
	}
	seen, whose := p.Seen, "behind this profile"
	if !seen.Known() {
		seen, whose = anySeen, "anywhere"
	}
	count := func(n int) string { return units.Count(float64(n)) }
	if !seen.Covers(shape.Input, shape.Output) {
		warn("extrapolated", "Outside the measured range: rows measured %s have prompts of %s to %s tokens, up to %s with the answer; these are %s and %s.",
			whose, count(seen.InputMin), count(seen.InputMax), count(seen.TotalMax), count(shape.Input), count(shape.Input+shape.Output))
	}
	if !p.Seen.Known() {
		return out
	}
	experts, fourBit := m.MoE != nil, w.Main().Bits() == 4
	switch {
	case l.TP > 1 && seen.TP <= 1:
		warn("unidentified", "The all-reduce delay was not measured with this profile: its rows are of single GPUs.")
	case l.TP > seen.TP:
		warn("unidentified", "Tensor parallel over %d follows from groups of up to %d: the all-reduce delay of larger ones was not measured with this profile.", l.TP, seen.TP)
	}
	if experts && !seen.MoE {
		warn("unidentified", "No row behind this profile is of a mixture of experts: how experts are read and computed is carried over from another engine.")
	}
	if fourBit && !seen.FourBit {
		warn("unidentified", "No row behind this profile has 4-bit weights: their efficiency is carried over from another engine.")
	}
	var open []string
	for _, q := range parameterWords {
		matters := slices.Contains(p.Unidentified, q.symbol)
		switch {
		case strings.HasPrefix(q.symbol, "MoE"), q.symbol == "γ":
			matters = matters && experts
		case strings.HasPrefix(q.symbol, "4-bit"):
			matters = matters && fourBit
		case q.symbol == "α", q.symbol == "eβ":
			matters = matters && l.TP > 1
		}
		if matters {
			open = append(open, q.words)
		}
	}
	if len(open) > 0 {
		warn("unidentified", "Your rows do not tell %s: kept from what ships.", strings.Join(open, ", "))
	}
	return out
}
