package fit

import (
	"fmt"
	"math"

	"fleetsize/catalog"
)

// Parameter is one number of a Setting that a fit may change.
type Parameter struct {
	Name string // the symbol of the step law, with its scope: "ec", "C [build]"
	Text string // what it means
	Unit string // "", "ms", "µs", "tokens"
	// Scale is how many of Unit make one of the base unit (1e3 for ms).
	Scale float64
	// Low and High bound the value, in base units. A share that may reach
	// neither end is transformed by the logit between them, a time by the
	// logarithm.
	Low, High float64
	Share     bool
	// Spread is the prior: how far, as a factor e^Spread, the value is
	// expected to lie from where the fit starts. 0.2 is about ±20 %.
	Spread float64

	at func(*Setting) *float64
	// scope and table address a value by build or run instead.
	scope string
	table func(*Setting) map[string]float64
}

// The bounds are those within which fits of six engines and 3,500 rows stayed,
// with room; the spreads are how far those fits lie from one another.
var parameters = []Parameter{
	share("ec", "share of the dense peak reached in matrix multiplications", 0.02, 1.05, 0.25, func(p *catalog.Profile) *float64 { return &p.ComputeEff }),
	share("ea", "share of the 16-bit peak reached in prefill attention", 0.02, 1.05, 0.35, func(p *catalog.Profile) *float64 { return &p.AttentionEff }),
	share("ed", "share of memory bandwidth reached", 0.1, 1.05, 0.08, func(p *catalog.Profile) *float64 { return &p.BandwidthEff }),
	share("ekv", "efficiency of reading the KV cache relative to weights", 0.1, 1.6, 0.15, func(p *catalog.Profile) *float64 { return &p.KVReadEff }),
	factor("ekv 8-bit", "efficiency of reading an 8-bit KV cache relative to 16 bit", 0.1, 1.5, 0.3, func(p *catalog.Profile) *float64 { return &p.KVRead8Bit }),
	time("t0", "per step", "ms", 1e-5, 3e-2, 0.5, func(p *catalog.Profile) *float64 { return &p.StepOverhead }),
	time("tL", "per layer and step", "µs", 1e-7, 3e-4, 0.4, func(p *catalog.Profile) *float64 { return &p.LayerOverhead }),
	time("cs", "per running sequence and step", "µs", 1e-7, 1e-3, 0.7, func(p *catalog.Profile) *float64 { return &p.SequenceCost }),
	{Name: "tk", Text: "per token and layer, repeated on every GPU of a group", Unit: "ns", Scale: 1e9, Low: 1e-9, High: 2e-6, Spread: 0.5,
		at: func(s *Setting) *float64 { return &s.Profile.TokenLayerCost }},
	time("α", "per round of an all-reduce", "µs", 1e-7, 1e-4, 0.5, func(p *catalog.Profile) *float64 { return &p.AllReduceDelay }),
	share("eβ", "share of link bandwidth reached", 0.05, 1, 0.2, func(p *catalog.Profile) *float64 { return &p.LinkEff }),
	factor("α PCIe", "all-reduce delay over PCIe relative to a link", 0.3, 5, 0.4, func(p *catalog.Profile) *float64 { return &p.PCIeDelayFactor }),
	share("eβ PCIe", "share of PCIe bandwidth reached", 0.05, 1, 0.3, func(p *catalog.Profile) *float64 { return &p.PCIeLinkEff }),
	time("d_req", "front end per request", "ms", 1e-5, 2e-2, 0.5, func(p *catalog.Profile) *float64 { return &p.RequestCost }),
	time("cf", "front end per output token", "µs", 1e-7, 1e-3, 0.6, func(p *catalog.Profile) *float64 { return &p.TokenCost }),
	time("tr", "added to every TTFT", "ms", 1e-4, 1, 0.8, func(p *catalog.Profile) *float64 { return &p.FirstTokenDelay }),
	factor("MoE ec", "compute efficiency of mixtures of experts relative to dense models", 0.05, 1.5, 0.3, func(p *catalog.Profile) *float64 { return &p.MoEComputeEff }),
	factor("MoE ed", "bandwidth efficiency of mixtures of experts", 0.2, 1.5, 0.2, func(p *catalog.Profile) *float64 { return &p.MoEBandwidthEff }),
	factor("MoE t", "step overhead of mixtures of experts", 0.2, 6, 0.3, func(p *catalog.Profile) *float64 { return &p.MoELatency }),
	factor("γ", "exponent of the tokens that pick experts independently", 0.3, 1.2, 0.15, func(p *catalog.Profile) *float64 { return &p.MoECoverageExp }),
	factor("4-bit ec", "compute efficiency with 4-bit weights", 0.1, 1.5, 0.3, func(p *catalog.Profile) *float64 { return &p.FourBitComputeEff }),
	factor("4-bit ed", "bandwidth efficiency with 4-bit weights", 0.3, 1.5, 0.2, func(p *catalog.Profile) *float64 { return &p.FourBitBandwidthEff }),
	factor("Blackwell ec", "compute efficiency on Blackwell", 0.1, 1.5, 0.3, func(p *catalog.Profile) *float64 { return &p.BlackwellComputeEff }),
	factor("Blackwell ed", "bandwidth efficiency on Blackwell", 0.3, 1.5, 0.15, func(p *catalog.Profile) *float64 { return &p.BlackwellBandwidthEff }),
	factor("Blackwell t", "step overhead on Blackwell", 0.1, 3, 0.4, func(p *catalog.Profile) *float64 { return &p.BlackwellLatency }),
}

func share(name, text string, lo, hi, spread float64, at func(*catalog.Profile) *float64) Parameter {
	return Parameter{Name: name, Text: text, Scale: 1, Low: lo, High: hi, Share: true, Spread: spread,
		at: func(s *Setting) *float64 { return at(&s.Profile) }}
}

func factor(name, text string, lo, hi, spread float64, at func(*catalog.Profile) *float64) Parameter {
	p := share(name, text, lo, hi, spread, at)
	p.Share = false
	return p
}

func time(name, text, unit string, lo, hi, spread float64, at func(*catalog.Profile) *float64) Parameter {
	p := factor(name, text, lo, hi, spread, at)
	p.Unit, p.Scale = unit, map[string]float64{"ms": 1e3, "µs": 1e6}[unit]
	return p
}

// Named returns the pooled parameters of the given names, in that order.
// "f" is the share of the memory rule. It panics on an unknown name.
func Named(names ...string) []Parameter {
	out := make([]Parameter, 0, len(names))
next:
	for _, n := range names {
		if n == "f" {
			out = append(out, Parameter{
				Name: "f", Text: "share of the memory rule that holds the KV cache", Scale: 1,
				Low: 0.3, High: 1, Share: true, Spread: 0.04,
				at: func(s *Setting) *float64 { return &s.MemoryShare },
			})
			continue
		}
		for _, p := range parameters {
			if p.Name == n {
				out = append(out, p)
				continue next
			}
		}
		panic("fit: unknown parameter " + n)
	}
	return out
}

// Rounds is the run length of the observations whose Run is the given one.
func Rounds(run string) Parameter {
	return Parameter{
		Name: fmt.Sprintf("R [%s]", run), Text: "requests per slot of the benchmark run", Scale: 1,
		Low: 1.1, High: 100, Spread: 1, scope: run,
		table: func(s *Setting) map[string]float64 { return s.Rounds },
	}
}

// Value is the parameter's value in a setting, in base units.
func (p *Parameter) Value(s *Setting) float64 {
	if p.table != nil {
		return p.table(s)[p.scope]
	}
	return *p.at(s)
}

// set changes the value in a setting.
func (p *Parameter) set(s *Setting, v float64) {
	if p.table != nil {
		p.table(s)[p.scope] = v
		return
	}
	*p.at(s) = v
}

// transform maps a value inside the bounds to the whole line: the logit for a
// share, the logarithm otherwise.
func (p *Parameter) transform(v float64) float64 {
	if !p.Share {
		return math.Log(min(max(v, p.Low), p.High))
	}
	edge := 1e-3 * (p.High - p.Low)
	v = min(max(v, p.Low+edge), p.High-edge)
	return math.Log((v - p.Low) / (p.High - v))
}

// value is the inverse of transform; beyond a bound it is the bound.
func (p *Parameter) value(x float64) float64 {
	if !p.Share {
		return min(max(math.Exp(x), p.Low), p.High)
	}
	return p.Low + (p.High-p.Low)/(1+math.Exp(-x))
}

// slope is dx/d ln v at v: what turns a relative spread into one of x.
func (p *Parameter) slope(v float64) float64 {
	if !p.Share {
		return 1
	}
	edge := 1e-3 * (p.High - p.Low)
	v = min(max(v, p.Low+edge), p.High-edge)
	return v * (1/(v-p.Low) + 1/(p.High-v))
}
