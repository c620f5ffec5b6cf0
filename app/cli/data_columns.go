//go:build !js

package cli

import (
	"strings"

	"fleetsize/calc/sizingchart"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// facts collects the columns of one entry. What is not known is left empty.
type facts []column

func (f *facts) word(name, text string) { *f = append(*f, column{name: name, text: text}) }

func (f *facts) num(name string, x float64) {
	c := column{name: name}
	if x > 0 {
		x = units.Round(x, 9)
		c.number = &x
	}
	*f = append(*f, c)
}

func (f *facts) price(p *catalog.Price, name string) {
	if p == nil {
		p = &catalog.Price{}
	}
	f.num(name, p.USD)
	f.word(name+"_as_of", p.AsOf)
}

func gpuColumns(g *catalog.GPU) []column {
	var f facts
	f.word("id", g.ID)
	f.word("name", g.Name)
	f.word("vendor", g.Vendor)
	f.word("architecture", g.Architecture)
	f.word("class", g.Class)
	f.word("status", g.Status)
	f.num("memory_gb", g.MemoryBytes/1e9)
	f.num("usable_gb", g.UsableBytes/1e9)
	f.num("bandwidth_gb_s", g.BandwidthBytesPerS/1e9)
	f.num("bf16_tflops", g.HalfFLOPS()/1e12)
	f.num("fp8_tflops", g.DenseFLOPS.FP8/1e12)
	f.num("int8_tops", g.DenseFLOPS.INT8/1e12)
	f.num("fp4_tflops", g.DenseFLOPS.FP4/1e12)
	f.num("link_gb_s", g.LinkBytesPerS/1e9)
	f.num("link_domain", float64(g.LinkDomain))
	f.num("tdp_w", g.TDPWatts)
	f.num("gpus_per_node", float64(g.GPUsPerNode))
	f.price(g.Rent, "usd_per_hour")
	f.price(g.Purchase, "usd_purchase")
	f.num("year", float64(g.LaunchYear))
	f.word("confidence", g.Confidence)
	f.word("sources", strings.Join(g.Sources, " "))
	return f
}

func modelColumns(m *catalog.Model) []column {
	var f facts
	w := m.Work()
	f.word("id", m.ID)
	f.word("name", m.Name)
	f.word("family", m.Family)
	f.word("class", string(m.Class))
	f.word("repository", m.HFRepo)
	f.num("parameters", w.TotalParams)
	f.num("active_parameters", w.DenseParams+w.ActiveExpertParams)
	f.num("layers", float64(m.Layers))
	f.num("hidden", float64(m.Hidden))
	f.num("heads", float64(m.Heads))
	f.num("kv_heads", float64(m.KVHeads))
	f.num("head_dim", float64(m.HeadDim))
	f.num("ffn", float64(m.Intermediate))
	f.num("vocabulary", float64(m.Vocab))
	f.num("context", float64(m.MaxContext))
	f.word("q", string(m.Native.Main()))
	f.num("weights_gb", units.Round(m.WeightBytes(m.Native)/1e9, 4))
	f.num("kv_bytes_per_token_16bit", w.KVElems*2)
	f.word("confidence", m.Confidence)
	f.word("sources", strings.Join(m.Sources, " "))
	return f
}

func workloadColumns(p *catalog.Preset) []column {
	var f facts
	f.word("id", p.ID)
	f.word("name", p.Name)
	f.num("in", float64(p.Input))
	f.num("out", float64(p.Output))
	f.num("hit", p.HitPercent)
	f.num("calls", float64(p.Calls))
	f.num("ttft_ms", p.Targets.TTFT*1e3)
	f.num("itl_ms", p.Targets.ITL*1e3)
	f.num("e2e_ms", p.Targets.E2E*1e3)
	f.word("source", p.Source)
	return f
}

func engineColumns(e *catalog.Engine) []column {
	var f facts
	vendors := strings.Join(e.Vendors, " ")
	if vendors == "" {
		vendors = "all"
	}
	f.word("id", e.ID)
	f.word("name", e.Name)
	f.word("vendors", vendors)
	f.num("token_budget", float64(e.Scheduler.TokenBudget))
	f.num("max_sequences", float64(e.Scheduler.MaxSequences))
	f.word("profiles", strings.Join(e.ProfileIDs(), " "))
	f.word("sources", strings.Join(e.Sources, " "))
	return f
}

func chartColumns(c *sizingchart.Compared) []column {
	var f facts
	var codes, texts []string
	for _, x := range c.Findings {
		codes, texts = append(codes, x.Code), append(texts, x.Text)
	}
	f.word("model", c.ModelID)
	f.word("gpu", c.GPUID)
	f.num("input_tokens", float64(c.Input))
	f.num("output_tokens", float64(c.Output))
	f.num("ttft_budget_s", c.TTFT)
	f.num("chart_req_per_s_per_gpu", c.Rate.Value)
	f.num("chart_gpus_for_10_req_s", c.GPUs.Value)
	f.num("our_req_per_s_per_gpu", units.Round(c.Ours.Rate, 4))
	f.num("our_gpus_for_10_req_s", units.Round(c.Ours.GPUs, 4))
	f.num("our_gpus_whole_replicas", float64(c.Ours.Fleet))
	f.num("our_tp", float64(c.Ours.TP))
	f.word("our_weights", string(c.Ours.Weights))
	f.word("our_tier", string(c.Ours.Tier))
	f.num("ours_over_chart", units.Round(c.Ratio, 3))
	f.word("findings", strings.Join(codes, " "))
	f.word("explanation", strings.Join(texts, " "))
	return f
}
