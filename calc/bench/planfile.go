package bench

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"fleetsize/calc/units"
	"fleetsize/catalog/jsonio"
)

// MaxPlanBytes bounds a plan file, MaxReportBytes a report that is read for
// its plan.
const (
	MaxPlanBytes   = 1 << 20
	MaxReportBytes = 64 << 20
)

// EncodePlan writes a plan file: the plan alone, as indented JSON with a final
// newline.
func EncodePlan(p Plan) ([]byte, error) {
	b, err := jsonio.MarshalIndent(p, "", "  ")
	return append(b, '\n'), err
}

// DecodePlan reads a plan file, or a report of this program for the plan in
// it. The plan is as it stands there, defaults not filled in, but New would
// accept it. notes name what the file has and the plan has not. The error says
// what cannot be used and what to write instead.
func DecodePlan(data []byte) (p Plan, notes []string, err error) {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if len(data) > MaxReportBytes {
		return p, nil, fmt.Errorf("the file has %d MB; a plan has less than one", len(data)>>20)
	}
	var keys map[string]any
	if err := jsonio.Unmarshal(data, &keys); err != nil {
		return p, nil, fmt.Errorf("no plan: %w", err)
	}
	switch {
	case keys["phases"] != nil:
		d, err := DecodeDocument(data)
		if err != nil {
			return p, nil, fmt.Errorf("no plan: %w", err)
		}
		p = d.Setup.Plan
	case len(data) > MaxPlanBytes:
		return p, nil, fmt.Errorf("the file has %s MB; a plan has less than one", units.Sig(float64(len(data))/1e6, 2))
	default:
		if err := jsonio.Unmarshal(data, &p); err != nil {
			return Plan{}, nil, fmt.Errorf("no plan: %w", err)
		}
		notes = unknownKeys(keys)
	}
	if p.Kind == "" {
		return Plan{}, nil, errors.New(`no plan: "kind" is missing; write for example {"kind":"load","input_tokens":1000,"output_tokens":200}`)
	}
	if _, err := p.Defaults(); err != nil {
		return Plan{}, nil, err
	}
	return p, notes, nil
}

// unknownKeys names the keys of a plan file that no plan has: mistyped ones
// would change nothing, silently.
func unknownKeys(keys map[string]any) (notes []string) {
	list := func(has map[string]any, of any, where string) {
		text, _ := jsonio.Marshal(of)
		var known map[string]any
		_ = jsonio.Unmarshal(text, &known) // it was just written
		for _, k := range slices.Sorted(maps.Keys(has)) {
			if _, ok := known[strings.ToLower(k)]; ok { // as they are read
				continue
			}
			if len(notes) == 5 {
				notes[4] = "and other keys that no plan has"
				return
			}
			notes = append(notes, fmt.Sprintf("%q%s is no key of a plan and changes nothing", clip(k, 40), where))
		}
	}
	// One of everything, so that no key is left out as empty.
	full := Plan{Concurrency: []int{1}, MaxConcurrency: 1, Rates: []float64{1}, Poisson: true, Requests: 1, Tiers: []Tier{{}}, Shared: 1, Limits: Limits{Tokens: 1, USD: 1, InUSD: 1, OutUSD: 1}}
	list(keys, full, "")
	if limits, ok := keys["limits"].(map[string]any); ok {
		list(limits, full.Limits, " in limits")
	}
	return notes
}

// sane reports what makes a plan unusable beyond its numbers: names and lists
// that no person wrote.
func (p *Plan) sane() error {
	odd := func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }
	switch {
	case len(p.Model) > 500 || strings.ContainsFunc(p.Model, odd):
		return fmt.Errorf("the model's name %q is too long or has characters that cannot be shown", clip(p.Model, 40))
	case len(p.Concurrency) > maxSteps || len(p.Rates) > maxSteps:
		return fmt.Errorf("%d loads are too many; write at most %d", max(len(p.Concurrency), len(p.Rates)), maxSteps)
	case len(p.Tiers) > maxTiers:
		return fmt.Errorf("%d service levels are too many; write at most %d", len(p.Tiers), maxTiers)
	}
	for _, t := range p.Tiers {
		if len(t.ID) > 60 || strings.ContainsFunc(t.ID, odd) {
			return fmt.Errorf("the service level's name %q is too long or has characters that cannot be shown", clip(t.ID, 40))
		}
	}
	return nil
}

// Bounds of a plan's lists.
const (
	maxSteps = 1000 // loads, rates
	maxTiers = 20
)
