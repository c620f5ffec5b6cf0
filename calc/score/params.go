package score

import (
	"math"

	"fleetsize/catalog"
)

// Param is one number of a profile as fit files and reports show it.
type Param struct {
	Key   string  // in files, unit included: "t0_ms"
	Unit  string  // "", "ms", "µs" or "ns"
	Scale float64 // of Unit per base unit: 1e3 for ms
	Most  float64 // largest accepted value, in base units; the smallest is 0
	Text  string
	At    func(*catalog.Profile) *float64
}

// Params are the numbers of a profile, in the order of the step law. A share
// or multiplier of 0 means that it does not apply: see catalog.Profile.
var Params = []Param{
	{"ec", "", 1, 2, "share of the dense peak reached in matrix multiplications", func(p *catalog.Profile) *float64 { return &p.ComputeEff }},
	{"ea", "", 1, 2, "share of the 16-bit peak reached in prefill attention", func(p *catalog.Profile) *float64 { return &p.AttentionEff }},
	{"ed", "", 1, 2, "share of memory bandwidth reached", func(p *catalog.Profile) *float64 { return &p.BandwidthEff }},
	{"ekv", "", 1, 4, "efficiency of reading the KV cache relative to weights", func(p *catalog.Profile) *float64 { return &p.KVReadEff }},
	{"kv8", "", 1, 4, "the same for an 8-bit cache, relative to a 16-bit one", func(p *catalog.Profile) *float64 { return &p.KVRead8Bit }},
	{"t0_ms", "ms", 1e3, 1, "per step", func(p *catalog.Profile) *float64 { return &p.StepOverhead }},
	{"tl_us", "µs", 1e6, 0.1, "per layer and step", func(p *catalog.Profile) *float64 { return &p.LayerOverhead }},
	{"cs_us", "µs", 1e6, 0.1, "per decoding sequence and step", func(p *catalog.Profile) *float64 { return &p.SequenceCost }},
	{"tk_ns", "ns", 1e9, 1e-3, "per token and layer that more GPUs do not shorten", func(p *catalog.Profile) *float64 { return &p.TokenLayerCost }},
	{"alpha_us", "µs", 1e6, 0.1, "per round of an all-reduce", func(p *catalog.Profile) *float64 { return &p.AllReduceDelay }},
	{"link", "", 1, 2, "share of link bandwidth reached", func(p *catalog.Profile) *float64 { return &p.LinkEff }},
	{"pcie_alpha", "", 1, 100, "all-reduce delay over PCIe relative to a link", func(p *catalog.Profile) *float64 { return &p.PCIeDelayFactor }},
	{"pcie_link", "", 1, 2, "share of PCIe bandwidth reached", func(p *catalog.Profile) *float64 { return &p.PCIeLinkEff }},
	{"dreq_ms", "ms", 1e3, 10, "front end per request", func(p *catalog.Profile) *float64 { return &p.RequestCost }},
	{"cf_us", "µs", 1e6, 0.1, "front end per output token", func(p *catalog.Profile) *float64 { return &p.TokenCost }},
	{"tr_ms", "ms", 1e3, 60, "added to every TTFT", func(p *catalog.Profile) *float64 { return &p.FirstTokenDelay }},
	{"moe_ec", "", 1, 4, "compute efficiency of mixtures of experts relative to dense models", func(p *catalog.Profile) *float64 { return &p.MoEComputeEff }},
	{"moe_ed", "", 1, 4, "bandwidth efficiency of mixtures of experts", func(p *catalog.Profile) *float64 { return &p.MoEBandwidthEff }},
	{"moe_t", "", 1, 100, "step overhead of mixtures of experts", func(p *catalog.Profile) *float64 { return &p.MoELatency }},
	{"moe_gamma", "", 1, 2, "exponent of the tokens that pick experts independently", func(p *catalog.Profile) *float64 { return &p.MoECoverageExp }},
	{"four_ec", "", 1, 4, "compute efficiency with 4-bit weights", func(p *catalog.Profile) *float64 { return &p.FourBitComputeEff }},
	{"four_ed", "", 1, 4, "bandwidth efficiency with 4-bit weights", func(p *catalog.Profile) *float64 { return &p.FourBitBandwidthEff }},
	{"bw_ec", "", 1, 4, "compute efficiency on Blackwell", func(p *catalog.Profile) *float64 { return &p.BlackwellComputeEff }},
	{"bw_ed", "", 1, 4, "bandwidth efficiency on Blackwell", func(p *catalog.Profile) *float64 { return &p.BlackwellBandwidthEff }},
	{"bw_t", "", 1, 100, "step overhead on Blackwell", func(p *catalog.Profile) *float64 { return &p.BlackwellLatency }},
}

// param finds a parameter by key.
func param(key string) (*Param, bool) {
	for i := range Params {
		if Params[i].Key == key {
			return &Params[i], true
		}
	}
	return nil, false
}

// valid reports whether v, in base units, is a value the parameter may have.
func (p *Param) valid(v float64) bool {
	return v >= 0 && v <= p.Most && !math.IsNaN(v)
}

// required are the shares without which a step takes forever.
func required(p *catalog.Profile) bool { return p.ComputeEff > 0.001 && p.BandwidthEff > 0.001 }
